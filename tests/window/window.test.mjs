// The real window on a simulated home.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { test } from "node:test";

import { Window, eventually } from "./webdriver.mjs";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const tiles = (window) =>
  window.evaluate(() =>
    [...document.querySelectorAll("article.tile")].map((it) => ({
      endpoint: it.dataset.endpoint,
      line: it.querySelector(".tile-line").textContent,
      busy: it.getAttribute("aria-busy") === "true",
      live: !it.classList.contains("stale"),
      switches: it.querySelector("button.tile-icon") !== null,
    })),
  );

test("a tap on a tile in the real window is confirmed by the device", async () => {
  const control = `127.0.0.1:${await freePort()}`;
  const window = await Window.open({
    devices: 12,
    environment: { HEARTH_SANDBOX_CONTROL: control },
  });
  try {
    const ask = async (path) => (await fetch(`http://${control}${path}`)).json();
    const lights = (await ask("/devices")).filter((it) => it.known && it.family === "wled");
    const isLight = (it) => lights.some((light) => it.endpoint.startsWith(`${light.id}/`));
    const tile = await eventually("a light's tile is live", async () =>
      (await tiles(window)).find((it) => isLight(it) && it.live && it.switches && !it.busy),
    );
    const device = tile.endpoint.split("/")[0];
    const before = (await ask(`/devices/${device}`)).executed;
    const [button] = await window.elements(
      `article.tile[data-endpoint="${tile.endpoint}"] button.tile-icon`,
    );
    assert.match(await window.label(button), /^Switch (on|off): /);
    await window.click(button);
    await eventually("the device has confirmed", async () => {
      const now = (await tiles(window)).find((it) => it.endpoint === tile.endpoint);
      return !now.busy && now.line !== tile.line;
    });
    assert.equal((await ask(`/devices/${device}`)).executed, before + 1, "done exactly once");
    assert.equal(await window.title(), "Hearth");
    await eventually("a picture", async () => (await window.picture()).length > 10_000);
  } finally {
    await window.close();
  }
});

test("the page has no more power than its two commands", async () => {
  const window = await Window.open({ devices: 3 });
  try {
    await eventually("tiles", async () => (await tiles(window)).length > 0);
    const found = await window.evaluate(() => {
      const attempt = (what) => {
        try {
          return String(what());
        } catch (error) {
          return `refused: ${error.name}`;
        }
      };
      return {
        global: String(window.__TAURI__),
        evaluates: attempt(() => (0, eval)("1 + 1")),
        frozen: Object.isFrozen(Object.prototype),
      };
    });
    assert.deepEqual(found, { global: "undefined", evaluates: "refused: EvalError", frozen: true });
    const refused = await window.evaluate(() => {
      window.refused = [];
      const commands = ["plugin:window|close", "plugin:app|version", "plugin:path|resolve_directory"];
      for (const command of commands) {
        window.__TAURI_INTERNALS__.invoke(command, {}).then(
          () => window.refused.push(`${command} was allowed`),
          () => window.refused.push("refused"),
        );
      }
    });
    assert.equal(refused, null);
    const answers = await eventually("answers", () =>
      window.evaluate(() => (window.refused.length === 3 ? window.refused : null)),
    );
    assert.deepEqual(answers, ["refused", "refused", "refused"]);
  } finally {
    await window.close();
  }
});

test("a home that cannot be opened is said in words", async () => {
  const window = await Window.open({ devices: 0, environment: { HEARTH_HOME: "/dev/null/home" } });
  try {
    await eventually("the window that says so", () => window.switchToOnly());
    const words = await eventually("words", () => window.evaluate(() => document.body.innerText.trim() || null));
    assert.match(words, /cannot open this home/);
    assert.match(words, /directory/);
  } finally {
    await window.close();
  }
});

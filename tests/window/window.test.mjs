// The real window on a simulated home.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { Window, eventually, freePort, run, serve } from "./webdriver.mjs";

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
  const window = await Window.open({ devices: 12 });
  try {
    const ask = (path) => window.simulated(path);
    const devices = await eventually("the simulated home", () => ask("/devices"));
    const lights = devices.filter((it) => it.known && it.family === "wled");
    const isLight = (it) => lights.some((light) => it.endpoint.startsWith(`${light.id}/`));
    const tile = await eventually("a light's tile is live", async () =>
      (await tiles(window)).find((it) => isLight(it) && it.live && it.switches && !it.busy),
    );
    const device = tile.endpoint.split("/")[0];
    const before = await ask(`/devices/${device}`);
    const [button] = await window.elements(
      `article.tile[data-endpoint="${tile.endpoint}"] button.tile-icon`,
    );
    assert.match(await window.label(button), /^Switch (on|off): /);
    await window.click(button);
    await eventually("the device has confirmed", async () => {
      const now = (await tiles(window)).find((it) => it.endpoint === tile.endpoint);
      return !now.busy && now.line !== tile.line;
    });
    const after = await ask(`/devices/${device}`);
    assert.equal(after.executed, before.executed + 1, "done exactly once");
    assert.notDeepEqual(after.state, before.state, "and the device is otherwise now");
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
      const commands = ["plugin:window|close", "plugin:app|version", "plugin:event|listen", "shutdown"];
      for (const command of commands) {
        window.__TAURI_INTERNALS__.invoke(command, {}).then(
          () => window.refused.push(`${command} was allowed`),
          () => window.refused.push("refused"),
        );
      }
    });
    assert.equal(refused, null);
    const answers = await eventually("answers", () =>
      window.evaluate(() => (window.refused.length === 4 ? window.refused : null)),
    );
    assert.deepEqual(answers, ["refused", "refused", "refused", "refused"]);
  } finally {
    await window.close();
  }
});

test("nothing the interface does is against the page's policy, and the policy bites", async () => {
  const window = await Window.open({ devices: 12 });
  try {
    await eventually("tiles", async () => (await tiles(window)).length > 0);
    await window.evaluate(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.effectiveDirective} ${event.blockedURI}`),
      );
    });
    for (const path of ["/automations", "/alerts", "/more", "/settings", "/more", "/rooms", "/"]) {
      await window.follow(path);
      await eventually(path, () => window.evaluate((it) => location.pathname === it, path));
    }
    const tile = await eventually("a tile", async () =>
      (await window.elements("article.tile a.tile-body"))[0],
    );
    await window.click(tile);
    await eventually("a device's page", () =>
      window.evaluate(() => location.pathname.startsWith("/device/")),
    );
    const styles = await window.evaluate(() => ({
      asked: document.querySelectorAll("link[rel=stylesheet]").length,
      loaded: document.styleSheets.length,
      violations: window.violations,
    }));
    assert.deepEqual(styles, { asked: styles.asked, loaded: styles.asked, violations: [] });
    await window.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.injected = true";
      document.head.append(script);
    });
    const violations = await eventually("a violation", () =>
      window.evaluate(() => (window.violations.length > 0 ? window.violations : null)),
    );
    assert.match(violations[0], /^script-src-elem inline|^script-src inline/);
    assert.equal(await window.evaluate(() => String(window.injected)), "undefined");
  } finally {
    await window.close();
  }
});

test("a home whose devices are gone is shown as it was, and marked", async () => {
  const home = await mkdtemp(join(tmpdir(), "hearth-window-home-"));
  const control = `127.0.0.1:${await freePort()}`;
  const wanted = ["--devices=6", "--strangers=6", "--mdns=off", `--control=${control}`];
  const simulated = await serve("simhome", [...wanted, "--seed=4711"]);
  try {
    const devices = await (await fetch(`http://${control}/devices`)).json();
    const open = devices.filter((it) => !it.secret);
    assert.ok(open.length > 2);
    const daemon = await serve("hearthd", ["serve", "--home", home, "--no-keyring", "--no-discovery"]);
    for (const { address } of open) {
      const added = await run("hearthd", ["ctl", "--home", home, "add", address]);
      assert.equal(added.code, 0);
    }
    await eventually("every device has spoken", async () => {
      const { said } = await run("hearthd", ["ctl", "--home", home, "devices"]);
      const told = said.trim().split("\n").map((it) => JSON.parse(it));
      const states = told.flatMap((it) => it.endpoints.flatMap((of) => Object.values(of.capabilities)));
      return told.length === open.length && states.every((it) => it.value !== null);
    });
    await daemon.stop();
    await simulated.stop();
    const window = await Window.open({ devices: 0, environment: { HEARTH_HOME: home } });
    try {
      const remembered = await eventually("the home as it was", async () => {
        const all = await tiles(window);
        const of = (device) => all.some((it) => it.endpoint.startsWith(`${device.id}/`));
        return open.every(of) && all;
      });
      assert.deepEqual(remembered.filter((it) => it.live), [], "none is shown as if it were live");
      for (const { endpoint, line } of remembered) assert.notEqual(line.trim(), "", endpoint);
    } finally {
      await window.close();
    }
  } finally {
    await simulated.stop();
    await rm(home, { recursive: true, force: true });
  }
});

test("starting Hearth again shows the window that is there", async () => {
  const window = await Window.open({ devices: 3 });
  try {
    await eventually("tiles", async () => (await tiles(window)).length > 0);
    const search = ["search", "--onlyvisible", "--name", "^Hearth$"];
    const [shown, ...others] = (await window.onDisplay("xdotool", ...search)).split("\n");
    assert.deepEqual(others, []);
    await window.onDisplay("xdotool", "windowunmap", "--sync", shown);
    assert.equal(await window.onDisplay("xdotool", ...search), "");
    const { code } = await window.startAgain();
    assert.equal(code, 0);
    await eventually("the same window", async () =>
      (await window.onDisplay("xdotool", ...search)) === shown,
    );
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
    assert.match(words, /\/dev\/null\/home/);
  } finally {
    await window.close();
  }
});

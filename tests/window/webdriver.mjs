// Drives the real window: a display of its own, a session bus of its own, WebKit's own driver.
// It speaks the few lines of WebDriver that the tests need.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const PROGRAMS = process.env.HEARTH_PROGRAMS ?? "../../target/debug";

/** Stops a process that we started, with all that it started, and waits until it is gone. */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  const late = setTimeout(() => process.kill(-child.pid, "SIGKILL"), 7_000);
  await gone;
  clearTimeout(late);
}

/** A display with nothing on it; `number` names it. */
async function startDisplay(size) {
  const arguments_ = ["-displayfd", "3", "-screen", "0", size, "-nolisten", "tcp"];
  const child = spawn("Xvfb", arguments_, {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    // Of a group of its own, so that all of it can be stopped.
    detached: true,
  });
  const [line] = await once(createInterface(child.stdio[3]), "line");
  return { child, name: `:${line.trim()}` };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Asks until there is an answer that is not `undefined`; fails after `within` milliseconds. */
export async function eventually(what, ask, within = 15_000) {
  const until = Date.now() + within;
  let last;
  while (Date.now() < until) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false && answer !== null) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what}: not within ${within} ms`, { cause: last });
}

/** The window, on a home of its own. */
export class Window {
  #base;
  #parts = [];

  static async open({ devices = 12, environment = {}, size = "1400x900x24" } = {}) {
    const window = new Window();
    try {
      await window.#start(devices, environment, size);
      return window;
    } catch (error) {
      await window.close();
      throw error;
    }
  }

  async #start(devices, environment, size) {
    const home = environment.HEARTH_HOME ?? (await mkdtemp(join(tmpdir(), "hearth-window-")));
    if (!environment.HEARTH_HOME) this.#parts.push(() => rm(home, { recursive: true, force: true }));
    const display = await startDisplay(size);
    this.#parts.push(() => stop(display.child));
    const port = await freePort();
    const driver = spawn(
      "dbus-run-session",
      ["--", "WebKitWebDriver", `--port=${port}`, "--host=127.0.0.1"],
      {
        stdio: ["ignore", "inherit", "inherit"],
        detached: true,
        env: {
          ...process.env,
          DISPLAY: display.name,
          // Without it the driver waits for ever for a page that lets itself be driven.
          TAURI_WEBVIEW_AUTOMATION: "true",
          NO_AT_BRIDGE: "1",
          HEARTH_HOME: home,
          ...(devices ? { HEARTH_SANDBOX: String(devices) } : {}),
          ...environment,
        },
      },
    );
    this.display = display.name;
    this.#parts.push(() => stop(driver));
    const driverAt = `http://127.0.0.1:${port}`;
    await eventually("the driver answers", async () => (await fetch(`${driverAt}/status`)).ok);
    const capabilities = {
      alwaysMatch: { "webkitgtk:browserOptions": { binary: join(PROGRAMS, "hearth"), args: [] } },
    };
    const { sessionId } = await this.#ask("POST", `${driverAt}/session`, { capabilities });
    this.#base = `${driverAt}/session/${sessionId}`;
    this.#parts.push(() => this.#ask("DELETE", this.#base).catch(() => undefined));
  }

  async #ask(method, address, body) {
    const response = await fetch(address, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  /** Runs a function in the page and gives what it returns. */
  evaluate(inside, ...args) {
    const script = `return (${inside}).apply(null, arguments)`;
    return this.#ask("POST", `${this.#base}/execute/sync`, { script, args });
  }

  /** Elements for a CSS selector, in the page's order. */
  async elements(selector) {
    const found = await this.#ask("POST", `${this.#base}/elements`, {
      using: "css selector",
      value: selector,
    });
    return found.map((it) => Object.values(it)[0]);
  }

  /** What a screen reader would call it. */
  label(element) {
    return this.#ask("GET", `${this.#base}/element/${element}/computedlabel`);
  }

  /** A click as a person would make it: at its middle, on whatever is on top there. */
  click(element) {
    return this.#ask("POST", `${this.#base}/element/${element}/click`, {});
  }

  /** Looks at the only window there is, after the first one has gone. */
  async switchToOnly() {
    const [handle, ...more] = await this.#ask("GET", `${this.#base}/window/handles`);
    if (!handle || more.length > 0) return false;
    await this.#ask("POST", `${this.#base}/window`, { handle });
    return true;
  }

  title() {
    return this.#ask("GET", `${this.#base}/title`);
  }

  /** A PNG of the page. */
  async picture() {
    return Buffer.from(await this.#ask("GET", `${this.#base}/screenshot`), "base64");
  }

  async close() {
    for (const part of this.#parts.splice(0).reverse()) await part();
  }
}

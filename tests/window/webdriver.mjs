// Drives the real window: a display of its own, a session bus of its own, WebKit's own driver.
// It speaks the few lines of WebDriver that the tests need.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAMS = resolve(process.env.HEARTH_PROGRAMS ?? "../../target/debug");

/** A session as a desktop has it: the keyring is open, with a password that nobody types. Then what
 *  was asked for, in place of the shell. The bus's address is told on the way. */
const SESSION = `
  printf open | gnome-keyring-daemon --unlock --components=secrets --daemonize >&2
  printf '%s\\n' "$DBUS_SESSION_BUS_ADDRESS" >&3
  exec "$@" 3>&-`;

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

/** A port that nobody has. Below those that systems give out themselves: a simulated device could
 *  take it before it is used. */
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise((tell) => {
      server.once("error", () => tell(false)).listen(port, "127.0.0.1", () => tell(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** Runs one of our programs to its end and gives what it printed. */
export async function run(program, arguments_, environment = {}) {
  const child = spawn(join(PROGRAMS, program), arguments_, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  let said = "";
  child.stdout.on("data", (data) => (said += data));
  const [code] = await once(child, "close");
  return { code, said };
}

/** Starts one of our programs that says in a line of JSON that it is ready. */
export async function serve(program, arguments_) {
  const child = spawn(join(PROGRAMS, program), arguments_, {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  let ready;
  createInterface(child.stdout).on("line", (line) => {
    if (line.includes('"ready"')) ready ??= JSON.parse(line);
  });
  await eventually(`${program} is ready`, () => ready);
  return { ready, stop: () => stop(child) };
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

/** Places of its own for everything a desktop writes: no test touches the user's keyring. */
async function placesIn(own) {
  const places = {};
  for (const kind of ["DATA_HOME", "CONFIG_HOME", "CACHE_HOME", "RUNTIME_DIR"]) {
    places[`XDG_${kind}`] = join(own, kind.toLowerCase());
    await mkdir(places[`XDG_${kind}`], { mode: 0o700 });
  }
  return places;
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
    const own = await mkdtemp(join(tmpdir(), "hearth-window-"));
    this.#parts.push(() => rm(own, { recursive: true, force: true, maxRetries: 5 }));
    const display = await startDisplay(size);
    this.#parts.push(() => stop(display.child));
    this.control = `127.0.0.1:${await freePort()}`;
    this.environment = {
      ...(await placesIn(own)),
      DISPLAY: display.name,
      // Without it the driver waits for ever for a page that lets itself be driven.
      TAURI_WEBVIEW_AUTOMATION: "true",
      NO_AT_BRIDGE: "1",
      GTK_A11Y: "none",
      HEARTH_HOME: join(own, "home"),
      ...(devices ? { HEARTH_SANDBOX: String(devices) } : {}),
      HEARTH_SANDBOX_CONTROL: this.control,
      HEARTH_SANDBOX_SEED: String(Math.floor(Math.random() * 1_000_000)),
      ...environment,
    };
    const driverAt = await this.#startDriver();
    const capabilities = {
      alwaysMatch: { "webkitgtk:browserOptions": { binary: join(PROGRAMS, "hearth"), args: [] } },
    };
    const { sessionId } = await this.#ask("POST", `${driverAt}/session`, { capabilities });
    this.#base = `${driverAt}/session/${sessionId}`;
    this.#parts.push(() => this.#ask("DELETE", this.#base).catch(() => undefined));
  }

  async #startDriver() {
    const port = await freePort();
    const driver = spawn(
      "dbus-run-session",
      ["--", "sh", "-c", SESSION, "sh", "WebKitWebDriver", `--port=${port}`, "--host=127.0.0.1"],
      {
        stdio: ["ignore", "inherit", "inherit", "pipe"],
        detached: true,
        env: { ...process.env, ...this.environment },
      },
    );
    this.#parts.push(() => stop(driver));
    const [bus] = await once(createInterface(driver.stdio[3]), "line");
    this.environment.DBUS_SESSION_BUS_ADDRESS = bus;
    const driverAt = `http://127.0.0.1:${port}`;
    await eventually("the driver answers", async () => (await fetch(`${driverAt}/status`)).ok);
    return driverAt;
  }

  /** Starts Hearth once more on the same desktop, and waits for the end of it. */
  startAgain() {
    return run("hearth", [], this.environment);
  }

  /** What the simulated home itself says. */
  async simulated(path) {
    return (await fetch(`http://${this.control}${path}`)).json();
  }

  /** Runs an X program on the window's display and gives what it printed. */
  async onDisplay(program, ...arguments_) {
    const child = spawn(program, arguments_, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, DISPLAY: this.environment.DISPLAY },
    });
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    await once(child, "close");
    return said.trim();
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

  /** Goes to a page as a link of the interface does. */
  async follow(path) {
    const selector = `a[href="${path}"]`;
    const shown = await this.evaluate(
      (it) => [...document.querySelectorAll(it)].findIndex((link) => link.offsetParent !== null),
      selector,
    );
    await this.click((await this.elements(selector))[shown]);
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

// A real hearthd on a simulated home, a real Chromium, and what the tests ask of a page.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

export const PROGRAMS = process.env.HEARTH_PROGRAMS ?? "../../target/debug";
const CHROMIUM = process.env.HEARTH_CHROMIUM ?? "/usr/bin/chromium";

/** A phone, and a desktop. */
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1400, height: 900 };

/** Asks until there is an answer; fails after `within` milliseconds with the last error. */
export async function eventually(what, ask, within = 10_000) {
  const until = Date.now() + within;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`${what}: not within ${within} ms`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port that nobody has. Below those that systems give out themselves: a thousand simulated
 *  devices would take it before it is used. */
async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await Promise.race([
      once(server, "listening").then(() => true),
      once(server, "error").then(() => false),
    ]).catch(() => false);
    server.close();
    if (isFree) return port;
  }
}

/** The control port of a simulated home. */
class Control {
  /** All simulated devices: id, name, executed, … */
  simulated() {
    return this.#ask("/devices");
  }

  /** A simulated device by its name. */
  async named(name) {
    return (await this.simulated()).find((it) => it.name === name);
  }

  /** How many commands the device has really executed. */
  async executed(id) {
    return (await this.#ask(`/devices/${id}`)).executed;
  }

  /** How the device itself stands, in its own words. */
  async state(id) {
    return (await this.#ask(`/devices/${id}`)).state;
  }

  /** Makes something go wrong at a device, or well again. */
  inflict(id, fault) {
    return this.#ask(`/devices/${id}/fault`, fault);
  }

  /** Changes something as if by hand. */
  set(id, endpoint, value) {
    return this.#ask(`/devices/${id}/set`, { endpoint, value });
  }

  storm(rate) {
    return this.#ask("/storm", { rate });
  }

  async #ask(path, body) {
    const response = await fetch(`http://${this.control}${path}`, {
      method: body ? "POST" : "GET",
      headers: body ? { "content-type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGCONT");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 8_000);
  await gone;
  clearTimeout(late);
}

/** Simulated devices on their own, for a hub that takes them for real ones. */
export class Devices extends Control {
  static async start({ devices, strangers = devices, seed = Math.floor(Math.random() * 1_000_000) }) {
    const home = new Devices();
    home.control = `127.0.0.1:${await freePort()}`;
    const own = { devices, strangers, seed, control: home.control };
    const told = Object.entries(own).flatMap(([name, value]) => [`--${name}`, String(value)]);
    home.child = spawn(join(PROGRAMS, "simhome"), told, { stdio: ["ignore", "pipe", "inherit"] });
    let ready = false;
    createInterface(home.child.stdout).on("line", (line) => (ready ||= JSON.parse(line).ready));
    await eventually("simhome is ready", () => ready);
    return home;
  }

  stop() {
    return ended(this.child);
  }
}

/** A hub with its interface, on a simulated home. */
export class Hub extends Control {
  static async start({ devices = 12, home, port = 0, arguments: more = [] } = {}) {
    const hub = new Hub();
    hub.devices = devices;
    hub.own = !home;
    hub.home = home ?? (await mkdtemp(join(tmpdir(), "hearth-browser-")));
    hub.more = more;
    // Of two homes on one machine, none takes the other's devices for its own.
    hub.seed = Math.floor(Math.random() * 1_000_000);
    hub.control = `127.0.0.1:${await freePort()}`;
    await hub.#run(port);
    return hub;
  }

  async #run(port) {
    const sandbox = this.devices > 0 ? ["--sandbox", String(this.devices)] : [];
    const listen = `127.0.0.1:${port}`;
    // Beside hearthd unless told.
    const ui = ["--ui", ...(process.env.HEARTH_UI ? [process.env.HEARTH_UI] : [])];
    this.child = spawn(
      join(PROGRAMS, "hearthd"),
      ["serve", "--home", this.home, "--listen", listen, "--no-keyring", ...ui, ...sandbox, ...this.more],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          HEARTH_SANDBOX_CONTROL: this.control,
          HEARTH_SANDBOX_SEED: String(this.seed),
        },
      },
    );
    let errors = "";
    this.child.stderr.on("data", (data) => (errors += data));
    this.link = undefined;
    const find = (text) => {
      const found = /http:\/\/[^\s"'<>]+/.exec(text);
      // The one with something to sign in with, wherever it is printed.
      if (found && /[?#/].{8,}/.test(found[0].slice(8))) this.link ??= found[0];
    };
    createInterface(this.child.stdout).on("line", (line) => {
      find(line);
      try {
        const said = JSON.parse(line);
        if (said.ready) this.ready = said;
      } catch {
        // Words for people.
      }
    });
    this.child.stderr.on("data", (data) => find(String(data)));
    await eventually(
      "hearthd is ready",
      () => {
        return this.child.exitCode !== null || (this.ready && this.link);
      },
      30_000,
    );
    if (this.child.exitCode !== null) throw new Error(`hearthd ended: ${errors}`);
    this.address = this.ready.address;
    this.errors = () => errors;
  }

  /** Kills it without a word, as a power cut would. */
  async kill() {
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }

  /** Holds it still: its sockets stay open, and nothing is answered. */
  freeze(still) {
    this.child.kill(still ? "SIGSTOP" : "SIGCONT");
  }

  /** Starts it again where it was. */
  async restart() {
    const port = Number(this.address.split(":").pop());
    this.ready = undefined;
    await this.#run(port);
  }

  async stop() {
    await ended(this.child);
    if (this.own) await rm(this.home, { recursive: true, force: true });
  }
}

let browser;

/** The browser, started once a process. */
async function started() {
  browser ??= await chromium.launch({
    executablePath: CHROMIUM,
    // As root there is no sandbox to be had; the only pages opened are our own.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** A signed-in page. What it does wrong is collected in `page.wrong`: errors on its console,
 *  exceptions, and requests that leave this hub. */
export async function open(hub, options = {}) {
  const context = await (await started()).newContext({
    viewport: DESKTOP,
    colorScheme: "light",
    locale: "en-GB",
    ...options,
  });
  context.setDefaultTimeout(10_000);
  // A hub that meets a thousand devices at once may take its time over the first page.
  context.setDefaultNavigationTimeout(30_000);
  const page = await context.newPage();
  page.wrong = [];
  page.on("console", (message) => {
    const type = message.type();
    if (["error", "warning"].includes(type)) page.wrong.push(`console ${type}: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.wrong.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const isOurs = url.host === hub.address || url.protocol === "data:" || url.protocol === "blob:";
    if (!isOurs) page.wrong.push(`request off the machine: ${url}`);
  });
  // The link works once: every context after the first takes over the first one's cookies.
  if (hub.cookies) {
    await context.addCookies(hub.cookies);
    await page.goto(`http://${hub.address}/`);
  } else {
    await page.goto(hub.link);
    await page.getByRole("main").waitFor();
    hub.cookies = await context.cookies();
  }
  await page.getByRole("main").waitFor();
  return page;
}

/** A page of the interface by its path, once it stands. */
export async function go(page, hub, path) {
  await page.goto(`http://${hub.address}${path}`);
  await page.getByRole("main").waitFor();
}

/** Asks the hub something over a socket of the page; gives the answer and the home as it was. */
export function ask(page, ...requests) {
  return page.evaluate(
    (requests) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/api/v1/socket`);
        const answers = [];
        let home;
        const done = () => {
          if (!home || answers.length < requests.length) return;
          socket.close();
          resolve({ home, answers });
        };
        socket.onerror = () => reject(new Error("no socket"));
        socket.onmessage = ({ data }) => {
          const said = JSON.parse(data);
          if (said === "Alive") return;
          if (said.Hello) requests.forEach((it, at) => socket.send(JSON.stringify({ Request: [at + 1, it] })));
          if (said.Updates) home ??= said.Updates.updates.find((it) => it.Snapshot)?.Snapshot;
          if (said.Misunderstood) reject(new Error(said.Misunderstood));
          if (said.Answer) {
            const [number, { Ok, Err }] = said.Answer;
            if (Err) return reject(new Error(JSON.stringify(Err)));
            answers[number - 1] = Ok;
          }
          done();
        };
      }),
    requests,
  );
}

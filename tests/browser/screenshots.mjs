// Makes the pictures of docs/images from a simulated home.
//
// usage: node screenshots.mjs DIRECTORY

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { DESKTOP, Hub, PHONE, ask, closeBrowser, eventually, go, open } from "./harness.mjs";

const directory = process.argv[2] ?? "../../docs/images";

const hub = await Hub.start({ devices: 24 });

/** A rule to look at, and a run of it. */
async function writeRule() {
  const page = await open(hub, {});
  await go(page, hub, "/");
  const { home } = await ask(page);
  const parts = home.devices.flatMap((it) => it.endpoints);
  const first = (wanted) => parts.find((it) => wanted(it)).role;
  const can = (spec) => (it) => it.specs.some((known) => known === spec || known?.[spec] !== undefined);
  const motion = first((it) => can("OccupancySensing")(it) || can("BooleanState")(it));
  const [lamp] = [first((it) => it.kind === "Light")];
  const body = {
    name: "Evening light",
    triggers: [
      { sun: { event: "sunset", offset: -15 } },
      { changes: { of: { role: motion }, what: can("OccupancySensing")(parts.find((it) => it.role === motion)) ? "OccupancySensing" : "BooleanState" } },
    ],
    conditions: [{ home: "anyone" }, { time: { after: "16:00", before: "23:30" } }],
    steps: [
      { command: { to: { role: lamp }, action: { SetLevel: 60 } } },
      { wait: "2s" },
      { notify: { title: "The evening light is on" } },
    ],
  };
  await ask(page, { SaveRule: { id: "evening-light", expects: 0, body } });
  await ask(page, { RunRule: ["0123456789abcdef", "evening-light"] });
  await go(page, hub, "/automations/evening-light/past");
  await page.locator("main details > summary").first().waitFor();
  await eventually("its run is over", async () => /Ran to its end/.test(await page.locator("main").innerText()), 30_000);
  await page.context().close();
}
try {
  await mkdir(directory, { recursive: true });
  const devices = await hub.simulated();
  const light = devices.find((it) => it.known && it.family === "wled");
  await writeRule();
  const pages = {
    home: "/",
    device: `/device/${light.id}`,
    add: "/add",
    settings: "/settings",
    automations: "/automations",
    templates: "/automations/new",
    rule: "/automations/evening-light",
    trace: "/automations/evening-light/past",
    household: "/household",
  };
  for (const [size, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    for (const colorScheme of ["light", "dark"]) {
      const options = { viewport, colorScheme, deviceScaleFactor: size === "phone" ? 2 : 1 };
      const page = await open(hub, options);
      for (const [name, path] of Object.entries(pages)) {
        await go(page, hub, path);
        await eventually("nothing is on its way", async () => {
          const busy = await page.locator("[aria-busy=true], .tile.stale").count();
          return busy === 0;
        });
        if (name === "trace") await page.locator("main details > summary").first().click();
        await page.evaluate(() => document.fonts.ready);
        const file = join(directory, `${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path: file });
        console.log(file);
      }
      await page.context().close();
    }
  }
} finally {
  await closeBrowser();
  await hub.stop();
}

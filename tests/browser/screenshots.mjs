// Makes the pictures of docs/images from a simulated home.
//
// usage: node screenshots.mjs DIRECTORY

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { DESKTOP, Hub, PHONE, closeBrowser, eventually, go, open } from "./harness.mjs";

const directory = process.argv[2] ?? "../../docs/images";

const hub = await Hub.start({ devices: 24 });
try {
  await mkdir(directory, { recursive: true });
  const devices = await hub.simulated();
  const light = devices.find((it) => it.known && it.family === "wled");
  const pages = { home: "/", device: `/device/${light.id}`, add: "/add", settings: "/settings" };
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

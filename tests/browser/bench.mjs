// How fast the interface is: prints `name value unit` lines.

import { Hub, closeBrowser, open } from "./harness.mjs";

const ROUNDS = 5;
const SPAN = 10_000;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const hub = await Hub.start({ devices: 1000 });
try {
  const page = await open(hub);
  await page.addInitScript(() => {
    window.tasks = [];
    new PerformanceObserver((list) =>
      window.tasks.push(...list.getEntries().map((it) => it.duration)),
    ).observe({ type: "longtask", buffered: true });
    // The moment at which the first tile is there, as the page itself sees it.
    new MutationObserver((_, observer) => {
      if (document.querySelector("article.tile")) {
        window.firstTile = performance.now();
        observer.disconnect();
      }
    }).observe(document, { childList: true, subtree: true });
  });
  const firsts = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.reload();
    await page.locator("article.tile").first().waitFor();
    firsts.push(await page.evaluate(() => window.firstTile));
  }
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await page.evaluate(() => (window.tasks.length = 0));
  await hub.storm(200);
  await new Promise((resolve) => setTimeout(resolve, SPAN));
  const tasks = await page.evaluate(() => window.tasks);
  console.log(`ui_first_tile_1000_devices ${median(firsts).toFixed(1)} ms`);
  console.log(`ui_longest_task_200_reports ${Math.max(0, ...tasks).toFixed(1)} ms`);
} finally {
  await closeBrowser();
  await hub.stop();
}

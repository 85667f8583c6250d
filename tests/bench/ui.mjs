// How fast the interface is in Chromium: prints `name value unit` lines. The hub is running already;
// the argument is a link to sign in with. `cargo xtask bench ui` prepares all that.

import { createRequire } from "node:module";

// The one browser driver of this repository lives with the tests of the interface.
const { chromium } = createRequire(new URL("../browser/package.json", import.meta.url))(
  "playwright-core",
);

const CHROMIUM = process.env.HEARTH_CHROMIUM ?? "/usr/bin/chromium";
const ROUNDS = 5;
/** Time in which the page is watched, half of it scrolling. */
const SPAN = 20_000;
const DESKTOP = { width: 1400, height: 900 };

const link = process.argv[2];
const origin = new URL(link).origin;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rest = (span) => new Promise((resolve) => setTimeout(resolve, span));
const figure = (name, value, unit) => console.log(`${name} ${value.toFixed(3)} ${unit}`);

/** In every page: the moment at which the first tile has been painted, counted from the start of
 *  the navigation. The frame in which it is found is painted before the next one begins. */
function watchFirstTile() {
  const look = () => {
    const tile = document.querySelector("article.tile");
    if (tile && tile.getBoundingClientRect().height > 0) {
      requestAnimationFrame(() => (window.firstTile = performance.now()));
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  // As root there is no sandbox to be had; the only pages opened are our own.
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

/** A page with a cache of its own that nothing is in, signed in where there are cookies. */
async function fresh(cookies) {
  const context = await browser.newContext({ viewport: DESKTOP, locale: "en-GB" });
  if (cookies) await context.addCookies(cookies);
  const page = await context.newPage();
  await page.addInitScript(watchFirstTile);
  return page;
}

async function firstTile(page) {
  const found = await page.waitForFunction(() => window.firstTile, null, { timeout: 30_000 });
  return found.jsonValue();
}

/** Tasks of the page's main thread in milliseconds, longest first, with what took longest in it. */
function tasksOf(trace) {
  const { traceEvents: events } = JSON.parse(trace);
  const main = new Set(
    events
      .filter((it) => it.name === "thread_name" && it.args.name === "CrRendererMain")
      .map((it) => `${it.pid}/${it.tid}`),
  );
  // Pages that were closed have threads of that name too; the one that is watched does the most.
  const tasks = new Map();
  for (const event of events) {
    const thread = `${event.pid}/${event.tid}`;
    if (event.ph === "X" && main.has(thread) && event.name === "RunTask") {
      tasks.set(thread, [...(tasks.get(thread) ?? []), event]);
    }
  }
  const total = (list) => list.reduce((sum, it) => sum + it.dur, 0);
  const [busiest] = [...tasks.values()].toSorted((a, b) => total(b) - total(a));
  const [longest] = busiest.toSorted((a, b) => b.dur - a.dur);
  const inside = events.filter(
    (it) =>
      it.ph === "X" &&
      it.tid === longest.tid &&
      it.pid === longest.pid &&
      it.ts >= longest.ts &&
      it.ts + it.dur <= longest.ts + longest.dur &&
      it !== longest &&
      it.dur > 2_000,
  );
  for (const event of inside.toSorted((a, b) => b.dur - a.dur).slice(0, 8)) {
    console.error(`  in the longest task: ${event.name} ${(event.dur / 1000).toFixed(1)} ms`);
  }
  // How long it took on the clock, and how much of the processor it had.
  const longestOf = (field) =>
    busiest.map((it) => (it[field] ?? 0) / 1000).toSorted((a, b) => b - a);
  return { tasks: longestOf("dur"), processor: longestOf("tdur") };
}

try {
  const first = await fresh();
  await first.goto(link);
  await firstTile(first);
  const cookies = await first.context().cookies();
  await first.context().close();

  const cold = [];
  const warm = [];
  let page;
  for (let round = 0; round < ROUNDS; round += 1) {
    await page?.context().close();
    page = await fresh(cookies);
    await page.goto(origin);
    cold.push(await firstTile(page));
    await rest(2_000);
    await page.reload();
    warm.push(await firstTile(page));
    await rest(1_000);
  }
  console.error(`  first tile: ${cold.map((it) => it.toFixed(0))} ms with nothing in the cache`);
  figure("ui_first_tile_1000_devices", median(cold), "ms");
  figure("ui_first_tile_1000_devices_cached", median(warm), "ms");

  await rest(3_000);
  const updates = await page.evaluate(() => document.querySelectorAll("article.tile").length);
  console.error(`  ${updates} tiles`);
  await browser.startTracing(page, {
    categories: ["disabled-by-default-devtools.timeline", "devtools.timeline", "v8.execute", "v8"],
  });
  await page.mouse.move(DESKTOP.width / 2, DESKTOP.height / 2);
  const until = Date.now() + SPAN;
  let step = 0;
  while (Date.now() < until) {
    // A second of scrolling, a second of rest; down for ten seconds, then up.
    const scrolls = Math.floor(step / 10) % 2 === 0;
    const down = Date.now() < until - SPAN / 2;
    if (scrolls) await page.mouse.wheel(0, down ? 400 : -400);
    await rest(100);
    step += 1;
  }
  const trace = await browser.stopTracing();
  const { tasks, processor } = tasksOf(trace.toString());
  console.error(`  longest tasks: ${tasks.slice(0, 10).map((it) => it.toFixed(0))} ms`);
  figure("ui_longest_task_200_reports", tasks[0], "ms");
  figure("ui_longest_task_200_reports_processor", processor[0], "ms");
  figure("ui_tasks_over_50_ms", tasks.filter((it) => it > 50).length, "tasks");
  figure("ui_main_thread_busy", tasks.reduce((sum, it) => sum + it, 0) / SPAN * 100, "%");
} finally {
  await browser.close();
}

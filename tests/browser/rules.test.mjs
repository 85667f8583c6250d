// The twelve rules of the interface, each on a real hub with a simulated home.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { DESKTOP, Hub, PHONE, closeBrowser, eventually, go, open } from "./harness.mjs";
import { devicesOf, dialogsOf, openDialog, pagesOf } from "./screens.mjs";
import { lightTile } from "./tiles.mjs";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let hub;
let pages;
let devices;
let dialogs;

before(async () => {
  hub = await Hub.start({ devices: 18 });
  [pages, devices, dialogs] = await Promise.all([pagesOf(hub), devicesOf(hub), dialogsOf(hub)]);
});

after(async () => {
  await closeBrowser();
  await hub?.stop();
});

/** Opens a page, hands it over, and insists that nothing went wrong on it. */
async function on(options, use) {
  const page = await open(hub, options);
  try {
    await use(page);
    assert.deepEqual(page.wrong, []);
  } finally {
    await page.context().close();
  }
}

/** Opens every page and every dialog in turn and has each looked at. */
async function onEach(page, look) {
  for (const path of [...pages, ...devices]) {
    await go(page, hub, path);
    await look(path);
  }
  for (const [name, where] of Object.entries(dialogs)) {
    await openDialog(page, hub, where);
    await look(name);
  }
}

async function accessible(page, what, limit = (axe) => axe.withTags(STANDARDS)) {
  const { violations } = await limit(new AxeBuilder({ page })).analyze();
  const words = violations.map((it) => `${it.id}: ${it.nodes.map((at) => at.html)}`);
  assert.deepEqual(words, [], what);
}

test("1: axe finds nothing on any screen, light", async () => {
  await on({ colorScheme: "light" }, (page) => onEach(page, (what) => accessible(page, what)));
});

test("1: axe finds nothing on any screen, dark, on a phone", async () => {
  // What stands there is the same; its colours and sizes are not.
  const colours = (axe) => axe.withRules(["color-contrast", "link-in-text-block", "target-size"]);
  await on({ colorScheme: "dark", viewport: PHONE }, (page) =>
    onEach(page, (what) => accessible(page, what, colours)),
  );
});

/** Controls that are seen and smaller than that, in words. */
function tooSmall(page, least) {
  return page.evaluate((least) => {
    const controls = "a, button, input, select, textarea, summary, [role=button], [role=switch], [role=slider]";
    const small = [];
    for (const control of document.querySelectorAll(controls)) {
      const label = control.closest("label");
      const box = (label ?? control).getBoundingClientRect();
      const own = control.getBoundingClientRect();
      const seen = control.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      // While a dialog is open, nothing behind it can be hit.
      const modal = document.querySelector("dialog[open]");
      if (modal && !modal.contains(control)) continue;
      // What is off the page until it has the focus (the skip link) is no target of a finger.
      if (!seen || own.width <= 1 || own.bottom <= 0 || own.right <= 0) continue;
      const [width, height] = [Math.max(box.width, own.width), Math.max(box.height, own.height)];
      if (width + 0.5 >= least && height + 0.5 >= least) continue;
      // What is hit may be larger than what is seen.
      control.scrollIntoView({ block: "center" });
      const at = control.getBoundingClientRect();
      const reach = least / 2 - 1;
      const hits = [[reach, 0], [-reach, 0], [0, reach], [0, -reach]].every(([x, y]) => {
        const hit = document.elementFromPoint(at.x + at.width / 2 + x, at.y + at.height / 2 + y);
        return hit !== null && (control.contains(hit) || (label?.contains(hit) ?? false));
      });
      if (!hits) {
        small.push(`${control.outerHTML.slice(0, 120)}: ${width} × ${height}`);
      }
    }
    return small;
  }, least);
}

test("2: every control is large enough for what points at it", async () => {
  await on({ viewport: PHONE, hasTouch: true, isMobile: true }, (page) =>
    onEach(page, async (what) => assert.deepEqual(await tooSmall(page, 44), [], `${what}, by finger`)),
  );
  await on({}, async (page) => {
    for (const path of pages) {
      await go(page, hub, path);
      assert.deepEqual(await tooSmall(page, 24), [], `${path}, by mouse`);
    }
  });
});

/** Elements whose text is cut off, in words. A tile's name may end after two lines. */
function clipped(page) {
  return page.evaluate(() => {
    const cut = [];
    for (const element of document.querySelectorAll("main *, nav *, header *, dialog[open] *")) {
      if (!element.checkVisibility() || element.closest(".tile-name, svg, select")) continue;
      const own = [...element.childNodes].some((it) => it.nodeType === 3 && it.data.trim());
      const style = getComputedStyle(element);
      const hides = style.overflowX !== "visible" || style.textOverflow === "ellipsis";
      const hidden = element.clientWidth <= 1;
      if (own && hides && !hidden && element.scrollWidth > element.clientWidth + 1) {
        cut.push(element.outerHTML.slice(0, 120));
      }
    }
    return cut;
  });
}

async function fits(page, what) {
  const sideways = await page.evaluate(() =>
    Math.max(
      ...[document.documentElement, ...document.querySelectorAll("dialog[open]")].map(
        (it) => it.scrollWidth - it.clientWidth,
      ),
    ),
  );
  assert.ok(sideways <= 0, `${what}: ${sideways} px sideways`);
  assert.deepEqual(await clipped(page), [], what);
  const outside = await page.evaluate(() =>
    [...document.querySelectorAll("dialog[open]")].filter((it) => {
      const box = it.getBoundingClientRect();
      return box.top < 0 || box.bottom > innerHeight + 1 || box.left < 0 || box.right > innerWidth + 1;
    }).length,
  );
  assert.equal(outside, 0, `${what} reaches out of the window`);
}

test("3: 320 px and text of 200 % need no sideways scroll and cut nothing", async () => {
  await on({ viewport: { width: 320, height: 640 } }, (page) =>
    onEach(page, (what) => fits(page, `${what} at 320 px`)),
  );
  await on({ viewport: { width: 640, height: 800 } }, async (page) => {
    await page.addInitScript(() => {
      const larger = () => (document.documentElement.style.fontSize = "200%");
      if (document.documentElement) larger();
      else document.addEventListener("readystatechange", larger);
    });
    await onEach(page, async (what) => {
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "32px");
      await fits(page, `${what} at 200 %`);
    });
  });
});

/** What has the focus: how it is marked, and whether something lies over it. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    // The mark may be drawn by what lies around or over it.
    const drawn = [
      getComputedStyle(element),
      getComputedStyle(element, "::before"),
      getComputedStyle(element, "::after"),
      getComputedStyle(element.closest("label") ?? element),
    ];
    const marked = drawn.some(
      (it) => it.outlineStyle !== "none" && parseFloat(it.outlineWidth) >= 2,
    );
    return {
      html: element.outerHTML.slice(0, 120),
      isBody: element === document.body,
      inDialog: element.closest("dialog[open]") !== null,
      marked,
      covered: !(at && (element.contains(at) || at.contains(element) || at.closest("label")?.contains(element))),
    };
  });
}

test("4: everything is reached by keyboard, the focus is seen and comes back", async () => {
  await on({}, async (page) => {
    for (const path of pages) {
      await go(page, hub, path);
      const controls = await page.locator("main :is(a, button, input, select):visible").count();
      for (let step = 0; step < Math.min(controls, 25) + 5; step += 1) {
        await page.keyboard.press("Tab");
        const now = await focused(page);
        if (now.isBody) continue;
        assert.ok(now.marked, `${path}: the focus is not seen on ${now.html}`);
        assert.ok(!now.covered, `${path}: something lies over ${now.html}`);
      }
    }
    for (const [name, where] of Object.entries(dialogs)) {
      const { opened, opener } = await openDialog(page, hub, where);
      for (let step = 0; step < 12; step += 1) {
        await page.keyboard.press("Tab");
        const now = await focused(page);
        if (now.isBody) continue;
        assert.ok(now.inDialog, `${name}: the focus leaves it for ${now.html}`);
        assert.ok(now.marked, `${name}: the focus is not seen on ${now.html}`);
        assert.ok(!now.covered, `${name}: something lies over ${now.html}`);
      }
      await page.keyboard.press("Escape");
      await opened.waitFor({ state: "hidden" });
      assert.ok(await opener.evaluate((it) => it === document.activeElement), `${name} gives the focus back`);
    }
    await go(page, hub, "/");
    const tile = await lightTile(page, hub);
    const was = await tile.line();
    await tile.icon.focus();
    await page.keyboard.press("Space");
    await eventually("the key has switched it", async () => (await tile.settled()) !== was && (await tile.line()) !== was);
  });
});

/** Clicks in the page and gives the milliseconds until the tile shows something else. */
function clickUntilShown(tile) {
  return tile.root.evaluate(
    (article) =>
      new Promise((resolve) => {
        const start = performance.now();
        const shown = () => `${article.ariaBusy ?? article.getAttribute("aria-busy")} ${article.textContent}`;
        const before = shown();
        article.querySelector("button.tile-icon").click();
        const look = () => {
          if (shown() !== before) requestAnimationFrame(() => resolve(performance.now() - start));
          else if (performance.now() - start > 5000) resolve(Infinity);
          else setTimeout(look, 1);
        };
        look();
      }),
  );
}

test("5: a tap shows within 100 ms even when nobody answers yet", async () => {
  await on({}, async (page) => {
    const tile = await lightTile(page, hub);
    const before = await hub.executed(tile.device);
    hub.freeze(true);
    let took;
    try {
      took = await clickUntilShown(tile);
    } finally {
      hub.freeze(false);
    }
    assert.ok(took <= 100, `shown after ${took} ms`);
    await tile.settled();
    await eventually("done exactly once", async () => (await hub.executed(tile.device)) === before + 1);
    // And with a device that takes 5 s to hear.
    await hub.inflict(tile.device, { fault: "slow", ms: 5000 });
    try {
      const slow = await clickUntilShown(tile);
      assert.ok(slow <= 100, `shown after ${slow} ms`);
    } finally {
      await hub.inflict(tile.device, { fault: "heal" });
    }
    await tile.settled(15_000);
  });
});

test("6: a failed command goes back, says who and why, and can be tried again", async () => {
  await on({}, async (page) => {
    const tile = await lightTile(page, hub);
    await tile.settled(15_000);
    const was = await tile.line();
    await hub.inflict(tile.device, { fault: "ignore_commands" });
    await tile.icon.click();
    const failure = tile.root.getByRole("alert");
    await failure.waitFor({ timeout: 12_000 });
    const words = await failure.innerText();
    assert.ok(words.includes(tile.name), `names the device: ${words}`);
    assert.match(words, /confirm|reach|refused|lost/i);
    assert.equal(await tile.line(), was, "the old state is back");
    await hub.inflict(tile.device, { fault: "heal" });
    await failure.getByRole("button").click();
    await failure.waitFor({ state: "detached", timeout: 12_000 });
    await eventually("the second try has done it", async () => (await tile.settled()) && (await tile.line()) !== was);
  });
});

test("7: a hub that is gone is said within 3 s, and its return needs no reload", async () => {
  const own = await Hub.start({ devices: 6 });
  try {
    const page = await open(own);
    const tile = await lightTile(page, own);
    await page.evaluate(() => (window.stillThere = true));
    await own.kill();
    const start = Date.now();
    await page.locator(".banner").waitFor({ timeout: 3_000 });
    assert.ok(Date.now() - start <= 3_000);
    await tile.root.locator("xpath=self::*[contains(@class, 'stale')]").waitFor({ timeout: 1_000 });
    await own.restart();
    await page.locator(".banner").waitFor({ state: "detached", timeout: 15_000 });
    await eventually("live again", async () => !(await tile.root.getAttribute("class")).includes("stale"), 15_000);
    assert.ok(await page.evaluate(() => window.stillThere), "without a reload");
    own.freeze(true);
    await page.locator(".banner").waitFor({ timeout: 3_500 });
    own.freeze(false);
    await page.locator(".banner").waitFor({ state: "detached", timeout: 15_000 });
    await page.context().close();
  } finally {
    await own.stop();
  }
});

test("8: nothing asks for a long press, a right click or dragging", async () => {
  await on({ viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    const all = page.locator("article.tile");
    await eventually("there are tiles", async () => (await all.count()) > 3);
    const tiles = await all.all();
    for (const tile of tiles) {
      assert.ok(await tile.locator("button.tile-more").isVisible(), await tile.innerText());
    }
    for (const path of pages) {
      await go(page, hub, path);
      assert.equal(await page.locator("[draggable=true]").count(), 0, path);
    }
  });
});

test("9: with reduced motion nothing moves for more than 1 ms", async () => {
  await on({ reducedMotion: "reduce" }, (page) =>
    onEach(page, async (what) => {
      const moving = await page.evaluate(() => {
        const longest = (text) => Math.max(...text.split(",").map((it) => parseFloat(it) * (it.includes("ms") ? 1 : 1000)));
        const moving = [];
        for (const element of document.querySelectorAll("*")) {
          for (const style of [null, "::before", "::after", "::backdrop"].map((it) => getComputedStyle(element, it))) {
            const animated = style.animationName !== "none" && longest(style.animationDuration) > 1;
            if (animated || longest(style.transitionDuration) > 1) moving.push(element.outerHTML.slice(0, 100));
          }
        }
        return moving;
      });
      assert.deepEqual(moving, [], what);
    }),
  );
});

test("10: in grey, every state still differs, and says so in words", async () => {
  await on({ reducedMotion: "reduce" }, async (page) => {
    await page.evaluate(() => (document.documentElement.style.filter = "grayscale(1)"));
    for (const line of await page.locator(".tile-line").allInnerTexts()) {
      assert.notEqual(line.trim(), "", "every tile says its state in words");
    }
    const tile = await lightTile(page, hub);
    const seen = {};
    const look = async (state) => {
      await page.mouse.move(0, 0);
      // The name is the same in every state, and where the focus is.
      await page.evaluate(() => document.activeElement.blur());
      seen[state] = { words: await tile.root.innerText(), picture: await tile.root.screenshot() };
    };
    await tile.settled(15_000);
    await look((await tile.line()).split(",")[0]);
    const words = await tile.line();
    await tile.icon.click();
    await tile.says((line) => line !== words);
    await look((await tile.line()).split(",")[0]);
    await hub.inflict(tile.device, { fault: "ignore_commands" });
    await tile.icon.click();
    await tile.root.getByRole("alert").waitFor({ timeout: 12_000 });
    await look("failed");
    await hub.inflict(tile.device, { fault: "heal" });
    await tile.root.getByRole("alert").getByRole("button").click();
    await tile.root.getByRole("alert").waitFor({ state: "detached" });
    await hub.inflict(tile.device, { fault: "unplug" });
    await eventually("offline", async () => /Offline/.test(await tile.line()), 20_000);
    await look("offline");
    await hub.inflict(tile.device, { fault: "plug" });
    const states = Object.entries(seen);
    assert.deepEqual(new Set(Object.keys(seen)), new Set(["On", "Off", "failed", "offline"]));
    for (const [one, first] of states) {
      for (const [other, second] of states.filter(([it]) => it !== one)) {
        assert.notEqual(first.words, second.words, `${one} and ${other} say the same`);
        assert.ok(!first.picture.equals(second.picture), `${one} and ${other} look the same in grey`);
      }
    }
  });
});

// The aims (1 s, 50 ms) are what `cargo xtask bench ui` measures, on a machine that does nothing
// else. Here, whatever else runs must not make a test fail: five times the aim is a fault.
const SLACK = 5;

test("11: a thousand devices: the first tile at once, and no long task under load", async (t) => {
  const large = await Hub.start({ devices: 1000 });
  try {
    const page = await open(large);
    await page.addInitScript(() => {
      window.tasks = [];
      new PerformanceObserver((list) =>
        window.tasks.push(...list.getEntries().map((it) => it.duration)),
      ).observe({ type: "longtask", buffered: true });
      const watch = new MutationObserver(() => {
        if (!document.querySelector("article.tile")) return;
        window.firstTile = performance.now();
        watch.disconnect();
      });
      watch.observe(document, { childList: true, subtree: true });
    });
    // The best of three: what else the machine does at the moment only ever makes it slower.
    const shown = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await page.reload();
      await page.locator("article.tile").first().waitFor();
      shown.push(Math.round(await page.evaluate(() => window.firstTile)));
      if (shown.at(-1) <= 1_000) break;
    }
    t.diagnostic(`first tile after ${shown.join(", ")} ms`);
    assert.ok(Math.min(...shown) <= SLACK * 1_000, `first tile after ${shown.join(", ")} ms`);
    await page.waitForLoadState("networkidle");
    await page.evaluate(() => (window.tasks.length = 0));
    await large.storm(100);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 5_000)));
    const longest = Math.max(0, ...(await page.evaluate(() => window.tasks)));
    t.diagnostic(`the longest task took ${longest} ms`);
    assert.ok(longest <= SLACK * 50, `the longest task took ${longest} ms`);
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  } finally {
    await large.stop();
  }
});

test("12: in a longer language and from right to left nothing is cut or left in English", async () => {
  await on({ viewport: PHONE }, async (page) => {
    for (const path of pages) {
      await go(page, hub, `${path}?pseudo`);
      await fits(page, `${path} in the pseudo-locale`);
      const english = await page.evaluate(() => {
        const controls = "nav a, nav button, main h2, main button, main label, main summary";
        return [...document.querySelectorAll(controls)]
          .filter((it) => it.checkVisibility() && !it.closest(".tile, [data-endpoint], [data-name], .found"))
          .map((it) => it.innerText.trim())
          .filter((it) => it && !it.includes("[") && /[a-z]{3}/i.test(it) && !/Shelly|WLED|ESPHome|Hearth/.test(it));
      });
      const names = new Set((await hub.simulated()).flatMap((it) => [it.name, it.room]));
      assert.deepEqual(english.filter((it) => !names.has(it)), [], path);
    }
  });
  await on({ viewport: PHONE, locale: "ar" }, async (page) => {
    assert.equal(await page.getAttribute("html", "dir"), "rtl");
    await onEach(page, (what) => fits(page, `${what} in Arabic`));
  });
});

// Automations as people write them: by keyboard alone, from a template, with what the hub says of
// them while they are written, and back to what they once were. Each on a real hub.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { DESKTOP, Hub, closeBrowser, eventually, go, open } from "./harness.mjs";

let hub;

before(async () => {
  hub = await Hub.start({ devices: 22 });
});

after(async () => {
  await closeBrowser();
  await hub?.stop();
});

/** Opens a page, hands it over, and insists that nothing went wrong on it. */
async function on(use, options = {}) {
  const page = await open(hub, { viewport: DESKTOP, ...options });
  try {
    await use(page);
    assert.deepEqual(page.wrong, []);
  } finally {
    await page.context().close();
  }
}

const focused = (page) => page.evaluate(() => document.activeElement.id);
const inside = (page, selector) =>
  page.evaluate((it) => document.querySelector(it)?.contains(document.activeElement) ?? false, selector);

/** Presses Tab until the focus is on what is looked for. */
async function tabTo(page, selector, most = 80) {
  for (let turn = 0; turn < most; turn += 1) {
    if (await page.evaluate((it) => document.activeElement.matches(it), selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} is not reached by Tab`);
}

const chips = async (page, card) => {
  const words = await page.locator(`section[aria-labelledby=${card}] .chip`).allInnerTexts();
  return words.map((it) => it.replace(/[\u2066-\u2069]/g, ""));
};

const saved = (page) => page.locator(".save-state", { hasText: /^Saved$/ }).waitFor();

/** A blank page, by keyboard. */
async function blank(page) {
  await go(page, hub, "/automations/new");
  await page.locator("[data-template=blank]").focus();
  await page.keyboard.press("Enter");
  await page.locator("#card-when").waitFor();
}

/** Adds a phrase about a thing, by keyboard: search, the first hit, the first thing it can do. */
async function add(page, list, name, offer) {
  await tabTo(page, `#add-${list}`);
  await page.keyboard.press("Enter");
  await eventually("the search has the focus", () => inside(page, ".adder .chooser"));
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await page.locator(".adder .offer", { hasText: offer }).first().waitFor();
  const wanted = await page.locator(".adder .offer").allInnerTexts();
  const at = wanted.findIndex((it) => offer.test(it));
  await eventually("the first offer has the focus", () => inside(page, ".adder .offers"));
  for (let turn = 0; turn < at; turn += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await eventually("its editor has the focus", () => inside(page, ".pane:not(.adder)"));
}

test("a rule is written, saved, changed and undone by keyboard alone", async () => {
  await on(async (page) => {
    await blank(page);
    await page.locator("body").press("Tab");
    await add(page, "trigger", "Coffee machine", /turns on/);
    await page.keyboard.press("Escape");
    await eventually("the focus is back on the chip", async () => (await focused(page)) === "chip-t0");
    await add(page, "step", "TV backlight", /turn off/);
    await page.keyboard.press("Escape");
    assert.match((await chips(page, "card-when"))[0], /Coffee machine turns on/);
    assert.match((await chips(page, "card-then"))[0], /turn off TV backlight/);
    await page.keyboard.press("Control+s");
    await saved(page);
    await page.waitForURL(/\/automations\/[0-9a-f]{32}$/);
    // A phrase more, moved up, and all of it undone.
    await page.locator("#add-step").focus();
    await page.keyboard.press("Enter");
    await eventually("the search has the focus", () => inside(page, ".adder .chooser"));
    await tabTo(page, ".adder .offer");
    for (let turn = 0; turn < 20; turn += 1) {
      if (/wait a while/.test(await page.evaluate(() => document.activeElement.innerText))) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await eventually("its editor has the focus", () => inside(page, ".pane:not(.adder)"));
    await page.keyboard.press("Escape");
    await eventually("on the chip", async () => (await focused(page)) === "chip-s1");
    await page.keyboard.press("Alt+ArrowUp");
    await eventually("it is first", async () => /wait/.test((await chips(page, "card-then"))[0]));
    await eventually("the focus moves along", async () => (await focused(page)) === "chip-s0");
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await eventually("undone", async () => (await chips(page, "card-then")).length === 1);
    await page.keyboard.press("Control+Shift+z");
    await eventually("done again", async () => (await chips(page, "card-then")).length === 2);
    await page.keyboard.press("Control+s");
    await saved(page);
    await page.reload();
    await page.locator("#card-then").waitFor();
    assert.equal((await chips(page, "card-then")).length, 2, "as it was saved");
  });
});

test("a template asks only for what it needs and opens filled in", async () => {
  await on(async (page) => {
    await go(page, hub, "/automations/new");
    const all = page.locator("[data-template]");
    await eventually("there are many", async () => (await all.count()) >= 13);
    await page.locator("[data-template=door-left-open]").click();
    const offers = page.locator(".need .offer");
    if ((await offers.count()) > 0) await offers.first().click();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.locator("#card-when").waitFor();
    assert.match((await chips(page, "card-when"))[0], /opens and stays so for/);
    assert.match((await chips(page, "card-then"))[0], /tell everyone/);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    await go(page, hub, "/automations");
    const row = page.locator(".rule-row", { hasText: "Door left open" });
    await row.waitFor();
    assert.match(await row.innerText(), /When .* opens and stays so for/);
    assert.match(await row.innerText(), /Has not run yet/);
  });
});

test("what is wrong with a rule is said where it is, and keeps it from being saved", async () => {
  await on(async (page) => {
    await blank(page);
    const top = page.locator(".editor > .findings");
    await top.getByText(/Nothing sets it off yet/).waitFor();
    await top.getByText(/It does nothing yet/).waitFor();
    await page.keyboard.press("Control+s");
    await page.locator(".toast", { hasText: "cannot be saved" }).waitFor();
    await page.locator("#add-condition").click();
    await page.getByRole("button", { name: "nobody is home" }).click();
    await page.keyboard.press("Escape");
    await page.locator(".phrase .truth").waitFor();
    // Leaving is asked about, and one can stay.
    await page.locator("nav a").first().click();
    const dialog = page.locator("dialog[open]");
    await dialog.waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.locator("#card-when").waitFor();
    await page.locator("nav a").first().click();
    await dialog.getByRole("button", { name: "Leave", exact: true }).click();
    await page.locator("#card-when").waitFor({ state: "detached" });
  });
});

test("a condition tells whether it holds now, and follows the home", async () => {
  await on(async (page) => {
    await blank(page);
    await add(page, "condition", "Coffee machine", /is on/);
    await page.keyboard.press("Escape");
    const truth = page.locator(".phrase .truth");
    await truth.waitFor();
    const before = await truth.innerText();
    assert.match(before, /Holds now|Does not hold now/);
    const { id } = await hub.named("Coffee machine");
    const key = Object.keys(await hub.state(id))[0];
    void key;
    const other = await open(hub);
    await other.locator("article.tile", { hasText: "Coffee machine" }).locator("button").first().click();
    await eventually("the other way round", async () => (await truth.innerText()) !== before, 15_000);
    assert.notEqual(await truth.getAttribute("class"), null);
    await other.context().close();
  });
});

test("an old version is looked at, restored and saved", async () => {
  await on(async (page) => {
    await blank(page);
    await add(page, "trigger", "Coffee machine", /turns on/);
    await page.keyboard.press("Escape");
    await add(page, "step", "TV backlight", /turn on/);
    await page.keyboard.press("Escape");
    await page.getByLabel("Name of the automation").fill("Coffee light");
    await page.keyboard.press("Control+s");
    await saved(page);
    await page.waitForURL(/\/automations\/[0-9a-f]{32}$/);
    await page.getByLabel("Name of the automation").fill("Something else");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    await page.getByRole("link", { name: "Versions" }).click();
    await eventually("two versions", async () => (await page.locator(".version").count()) === 2);
    await page.locator(".version", { hasText: "Coffee light" }).getByRole("button", { name: "Restore" }).click();
    await page.locator("#card-when").waitFor();
    assert.equal(await page.getByLabel("Name of the automation").inputValue(), "Coffee light");
    await page.locator(".save-state", { hasText: "Not saved" }).waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await saved(page);
    await page.getByRole("link", { name: "Versions" }).click();
    await eventually("three versions", async () => (await page.locator(".version").count()) === 3);
  });
});

test("what is switched off or deleted can be had back", async () => {
  await on(async (page) => {
    await go(page, hub, "/automations");
    const row = page.locator(".rule-row", { hasText: "Door left open" });
    const toggle = row.getByRole("switch");
    await toggle.click();
    await eventually("off", async () => (await toggle.getAttribute("aria-checked")) === "false");
    await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await eventually("on again", async () => (await toggle.getAttribute("aria-checked")) === "true");
    await row.getByRole("link").click();
    await page.getByRole("button", { name: "Delete automation" }).click();
    await row.waitFor({ state: "detached" });
    await page.locator(".toast", { hasText: "was deleted" }).getByRole("button", { name: "Undo" }).click();
    await row.waitFor();
  });
});

// Tiles and controls as the tests see and use them.

import { eventually } from "./harness.mjs";

/** The tile of an endpoint. */
export function tileOf(page, endpoint) {
  const root = page.locator(`article.tile[data-endpoint="${endpoint}"]`).first();
  const line = () => root.locator(".tile-line").innerText();
  const isQuiet = async () => (await root.getAttribute("aria-busy")) === "false";
  return {
    root,
    endpoint,
    device: endpoint.split("/")[0],
    icon: root.locator("button.tile-icon"),
    more: root.locator("button.tile-more"),
    /** The state in words. */
    line,
    /** Waits until nothing is on its way any more. */
    settled: (within) => eventually(`${endpoint} settles`, isQuiet, within),
    /** Waits until nothing is on its way and the state is one of those. */
    says: (wanted, within) =>
      eventually(`${endpoint} says so`, async () => (await isQuiet()) && wanted(await line()), within),
  };
}

/** The tile of that name (and, where given, with these words on it), once it is live. */
export async function liveTile(page, name, words = "") {
  const named = page.locator("article.tile", {
    has: page.locator(".tile-name").filter({ hasText: name }),
    hasText: words,
  });
  const first = named.first();
  await first.waitFor({ timeout: 15_000 });
  const tile = tileOf(page, await first.getAttribute("data-endpoint"));
  const isLive = async () => !(await first.getAttribute("class")).includes("stale");
  await eventually(`${name} is live`, isLive, 15_000);
  await tile.settled(15_000);
  tile.name = await first.locator(".tile-name").innerText();
  return tile;
}

/** The tile of a light without a password, that can be switched now. */
export async function lightTile(page, hub) {
  const devices = await hub.simulated();
  const light = devices.find((it) => it.known && !it.secret && it.family === "wled");
  const first = page.locator(`article.tile[data-endpoint^="${light.id}/"]`).first();
  await first.waitFor({ timeout: 15_000 });
  return liveTile(page, await first.locator(".tile-name").innerText());
}

/** The dialog that is open, with its entrance behind it. */
export async function dialog(page) {
  const open = page.locator("dialog[open]").last();
  await open.waitFor();
  return open;
}

/** Moves a slider there, as a finger would: it asks when it is let go. */
export async function slide(within, label, value) {
  await within.getByLabel(label, { exact: true }).and(within.locator("input[type=range]")).fill(String(value));
}

/** Chooses from a list: by the words, or by the place. */
export async function pick(list, choice) {
  await list.selectOption(typeof choice === "number" ? { index: choice } : { label: choice });
}

// Tiles as the tests see them.

import { eventually } from "./harness.mjs";

/** The tile of an endpoint. */
export function tileOf(page, endpoint) {
  const root = page.locator(`article.tile[data-endpoint="${endpoint}"]`).first();
  return {
    root,
    endpoint,
    device: endpoint.split("/")[0],
    icon: root.locator("button.tile-icon"),
    more: root.locator("button.tile-more"),
    /** The state in words. */
    line: () => root.locator(".tile-line").innerText(),
    /** Waits until nothing is on its way any more. */
    settled: (within) =>
      eventually(
        `${endpoint} settles`,
        async () => (await root.getAttribute("aria-busy")) === "false",
        within,
      ),
  };
}

/** The tile of a light without a password, that can be switched now. */
export async function lightTile(page, hub) {
  const devices = await hub.simulated();
  const light = devices.find((it) => it.known && !it.secret && it.family === "wled");
  const first = page.locator(`article.tile[data-endpoint^="${light.id}/"]`).first();
  await first.waitFor({ timeout: 15_000 });
  const tile = tileOf(page, await first.getAttribute("data-endpoint"));
  await eventually(
    "the light is live",
    async () => !(await first.getAttribute("class")).includes("stale"),
    15_000,
  );
  tile.name = await first.locator(".tile-name").innerText();
  return tile;
}

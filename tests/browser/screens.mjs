// Every screen of the interface: its pages, and the dialogs that open on them. Found by structure,
// not by words: they are looked at in every language.

import { go } from "./harness.mjs";
import { dialog } from "./tiles.mjs";

/** The pages of a hub's home, by their paths. */
export async function pagesOf(hub) {
  const light = await device(hub, "TV backlight");
  const rules = ["/automations", "/automations/new", "/automations/import"];
  const own = ["/alerts", "/scenes", "/scenes/new", "/household", "/more"];
  return ["/", "/add", "/rooms", "/settings", ...rules, ...own, light, "/nowhere"];
}

/** More device pages: each has controls that the others have not. */
export async function devicesOf(hub) {
  const names = ["Blinds", "Radiator", "Front door", "Power strip", "Irrigation"];
  return Promise.all(names.map((it) => device(hub, it)));
}

/** What opens on the pages: where, and by which button. */
export async function dialogsOf(hub) {
  const [light, door] = [await device(hub, "TV backlight"), await device(hub, "Front door")];
  return {
    "quick sheet": ["/", ".tile-more"],
    "device found": ["/add", ".found .button"],
    "capture scene": ["/scenes", ".page-head button"],
    "scene's things": ["/scenes/new", ".button-row .button"],
    person: ["/household", "#people ~ .button"],
    group: ["/household", "#groups ~ .button"],
    variable: ["/household", "#variables ~ .button"],
    "another device": [light, "main section[aria-labelledby=uses] button"],
    "new room": ["/rooms", ".page-head .button"],
    passphrase: ["/settings", ".settings-card > .button"],
    rename: [light, ".device-head button"],
    remove: [light, "main .button.danger"],
    password: [door, ".about .button-row .button:nth-child(2)"],
    unlock: [door, "[data-capability] .button.primary"],
  };
}

/** Opens such a dialog and waits until it stands. */
export async function openDialog(page, hub, [path, button]) {
  await go(page, hub, path);
  const opener = page.locator(button).first();
  await opener.click({ timeout: 20_000 });
  const opened = await dialog(page);
  await opened.evaluate((it) => Promise.all(it.getAnimations({ subtree: true }).map((it) => it.finished)));
  return { opened, opener };
}

async function device(hub, name) {
  return `/device/${(await hub.named(name)).id}`;
}

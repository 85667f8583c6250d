// What people do with Hearth, from the first run to a device that is lost: each on a real hub, and
// confirmed by the simulated devices themselves.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Devices, Hub, PHONE, closeBrowser, eventually, go, open } from "./harness.mjs";
import { dialog, liveTile, pick, slide } from "./tiles.mjs";

let hub;

before(async () => {
  hub = await Hub.start({ devices: 18 });
});

after(async () => {
  await closeBrowser();
  await hub?.stop();
});

/** Opens a page of a hub, hands it over, and insists that nothing went wrong on it. */
async function on(what, options, use) {
  const page = await open(what, options);
  try {
    await use(page);
    assert.deepEqual(page.wrong, []);
  } catch (error) {
    console.error("wrong on the page:", page.wrong);
    const pictures = process.env.HEARTH_PICTURES;
    if (pictures) await page.screenshot({ path: `${pictures}/${Date.now()}.png` });
    throw error;
  } finally {
    await page.context().close();
  }
}

/** The card of a simulated device among those found: many call themselves by their model only. */
async function cardOf(page, what, name) {
  const { address } = await what.named(name);
  return page.locator(".found", { hasText: address });
}

/** Opens the form to add what was found there; gives the dialog. */
async function addFound(page, what, name) {
  const card = await cardOf(page, what, name);
  await card.getByRole("button").first().click({ timeout: 20_000 });
  return dialog(page);
}

async function devicePage(page, what, name) {
  const device = await what.named(name);
  await go(page, what, `/device/${device.id}`);
  await page.getByRole("status").filter({ hasText: "Connected" }).waitFor({ timeout: 15_000 });
  return device;
}

/** Nothing is on its way any more, and nothing has failed. */
async function done(page) {
  await eventually("everything is done", async () => {
    assert.deepEqual(await page.locator(".control-failure, .tile-failure").allInnerTexts(), []);
    return (await page.locator("[aria-busy=true]").count()) === 0;
  });
}

async function stands(what, id, question, sentence) {
  await eventually(sentence, async () => question(await what.state(id)));
}

test("the first run shows a simulated home that lives, and the way back", async () => {
  const home = await Hub.start({ devices: 0, arguments: ["--no-discovery"] });
  try {
    await on(home, {}, async (page) => {
      await page.getByRole("heading", { name: "Welcome to Hearth" }).waitFor();
      await page.getByRole("button", { name: "Try a simulated home" }).click();
      const tile = await liveTile(page, "Coffee machine");
      const { id } = await home.named("Coffee machine");
      const [was, executed] = [await tile.line(), await home.executed(id)];
      await tile.icon.click();
      await tile.says((line) => line !== was);
      assert.equal(await home.executed(id), executed + 1, "the device has done it, once");
      await page.getByRole("button", { name: "Leave the simulated home" }).click();
      await page.getByRole("heading", { name: "Welcome to Hearth" }).waitFor();
      await page.getByRole("button", { name: "Look around first" }).click();
      await page.getByRole("heading", { name: "No devices yet" }).waitFor();
      assert.equal(await page.locator("article.tile").count(), 0, "nothing of it is left");
    });
  } finally {
    await home.stop();
  }
});

test("a device that was found is added with a name and a room, and its tile works", async () => {
  await on(hub, {}, async (page) => {
    await go(page, hub, "/add");
    const form = await addFound(page, hub, "Shelf light");
    await form.getByLabel("Name").fill("Books");
    await pick(form.getByLabel("Room"), "Office");
    await form.getByRole("button", { name: "Add to home" }).click();
    await form.waitFor({ state: "hidden" });
    await page.getByText("Books is in your home.").waitFor();
    await eventually("no longer offered", async () => !(await (await cardOf(page, hub, "Shelf light")).count()));
    await go(page, hub, "/");
    const { id } = await hub.named("Shelf light");
    const office = page.getByRole("region", { name: "Office" });
    const first = office.locator(`article.tile[data-endpoint^="${id}/"]`).first();
    await first.waitFor();
    assert.match(await first.innerText(), /Books/);
    const tile = await liveTile(page, await first.locator(".tile-name").innerText());
    const [was, executed] = [await tile.line(), await hub.executed(id)];
    await tile.icon.click();
    await tile.says((line) => line !== was);
    assert.equal(await hub.executed(id), executed + 1);
  });
});

test("a password is asked for until it is right, and kept under a passphrase", async () => {
  await on(hub, {}, async (page) => {
    await go(page, hub, "/add");
    const form = await addFound(page, hub, "Dishwasher");
    await form.getByLabel("Name").fill("Dishes");
    await pick(form.getByLabel("Room"), "Kitchen");
    await form.getByRole("button", { name: "Add to home" }).click();
    await form.getByText("The device wants a password or key.").waitFor();
    const field = form.getByLabel("Password or key");
    await field.fill("open");
    await form.getByRole("button", { name: "Add to home" }).click();
    const note = form.getByText("The device does not accept this password or key.");
    const choosing = page.getByRole("dialog", { name: "Choose a passphrase" });
    await note.or(choosing).waitFor();
    if (await choosing.isVisible()) {
      await choosePassphrase(choosing);
      await form.getByRole("button", { name: "Add to home" }).click();
      await note.waitFor();
    }
    assert.equal(await field.getAttribute("aria-invalid"), "true");
    assert.equal(await field.getAttribute("aria-describedby"), await note.getAttribute("id"));
    await field.fill("sesame");
    await form.getByRole("button", { name: "Add to home" }).click();
    const added = page.getByText("Dishes is in your home.");
    await choosing.or(added).waitFor();
    if (await choosing.isVisible()) {
      await choosePassphrase(choosing);
      await form.getByRole("button", { name: "Add to home" }).click();
    }
    await added.waitFor();
    await go(page, hub, "/");
    await liveTile(page, "Dishes");
    await go(page, hub, "/settings");
    await page.getByText("sealed under your passphrase; unlocked").waitFor();
  });
});

async function choosePassphrase(choosing) {
  await choosing.getByLabel("Passphrase", { exact: true }).fill("short");
  await choosing.getByRole("button", { name: "Save" }).click();
  await choosing.getByText("At least 8 characters.").waitFor();
  await choosing.getByLabel("Passphrase", { exact: true }).fill("correct horse");
  await choosing.getByLabel("Passphrase again").fill("correct horse");
  await choosing.getByRole("button", { name: "Save" }).click();
  await choosing.waitFor({ state: "hidden" });
}

test("the page of a light: brightness, colour and effect", async () => {
  await on(hub, {}, async (page) => {
    const { id } = await devicePage(page, hub, "Desk lamp");
    const lamp = async (question, sentence) => {
      await stands(hub, id, (it) => question(it.lamp), sentence);
      await done(page);
    };
    const power = page.getByRole("switch");
    if ((await power.getAttribute("aria-checked")) === "false") await power.click();
    await lamp((it) => it.on, "on");
    await slide(page, "Brightness", 40);
    await lamp((it) => Math.abs(it.brightness - 0.4) < 0.02, "40 %");
    await page.getByRole("radio", { name: "Colour" }).check();
    await slide(page, "Saturation", 100);
    await lamp((it) => Math.min(...it.rgb) < 0.02, "a full colour");
    await slide(page, "Hue", 240);
    await lamp((it) => it.rgb[2] > 0.98 && it.rgb[0] < 0.02, "blue");
    const effects = page.getByLabel("Effect");
    const names = await effects.locator("option").allInnerTexts();
    const other = names.find((it) => it && it !== "None");
    await pick(effects, other);
    await lamp((it) => it.effect === other, `the effect ${other}`);
  });
});

test("the pages of a cover, a thermostat, a number and a choice", async () => {
  await on(hub, {}, async (page) => {
    const blinds = await devicePage(page, hub, "Blinds");
    await slide(page, "Position", 40);
    await stands(hub, blinds.id, (it) => it["cover:0"].target_pos === 40 || it["cover:0"].current_pos === 40, "40 % open");
    const radiator = await devicePage(page, hub, "Radiator");
    await slide(page, "Target temperature", 18.5);
    await stands(hub, radiator.id, (it) => it.radiator.target === 18.5, "18.5 °C");
    await page.getByRole("button", { name: "Warmer" }).click();
    await stands(hub, radiator.id, (it) => it.radiator.target === 19, "19 °C");
    await done(page);
    const irrigation = await devicePage(page, hub, "Irrigation");
    await page.evaluate(() => document.querySelectorAll("details.fold").forEach((it) => (it.open = true)));
    await slide(page, "Number", 25);
    await stands(hub, irrigation.id, (it) => it.duration === 25, "25 minutes");
    const program = page.locator("[data-capability=mode-select], [data-capability=mode_select], [data-capability=ModeSelect]").getByRole("combobox");
    const other = (await program.locator("option").allInnerTexts()).find((it) => it && it !== "Lawn");
    await pick(program, other);
    await stands(hub, irrigation.id, (it) => it.program === other, `the program ${other}`);
    await done(page);
  });
});

test("a lock asks before it opens, and a refusal changes nothing", async () => {
  await on(hub, {}, async (page) => {
    const door = await devicePage(page, hub, "Front door");
    const executed = await hub.executed(door.id);
    const unlock = page.locator("main").getByRole("button", { name: "Unlock", exact: true });
    await unlock.click();
    await (await dialog(page)).getByRole("button", { name: "Cancel" }).click();
    assert.equal(await hub.executed(door.id), executed, "cancelled");
    assert.ok(await unlock.evaluate((it) => it === document.activeElement), "focus came back");
    await unlock.click();
    await (await dialog(page)).getByRole("button", { name: "Unlock" }).click();
    await stands(hub, door.id, (it) => it.lock.lock !== 1, "unlocked");
    await page.locator("main").getByRole("button", { name: "Lock", exact: true }).click();
    await stands(hub, door.id, (it) => it.lock.lock === 1, "locked again");
    await done(page);
    await go(page, hub, "/");
    const tile = await liveTile(page, /lock|Front door/i, "Locked");
    await tile.icon.click();
    const sheet = await dialog(page);
    await sheet.getByRole("button", { name: "Unlock" }).waitFor();
    assert.equal(await hub.executed(door.id), executed + 2, "a tap on its tile opens nothing");
  });
});

test("a device is renamed, made a favourite, and removed after a question", async () => {
  await on(hub, {}, async (page) => {
    const fountain = await devicePage(page, hub, "Fountain");
    await page.getByRole("button", { name: "Rename" }).click();
    let asked = await dialog(page);
    await asked.getByLabel("Name").fill("Pond");
    await asked.getByLabel("Name").press("Enter");
    await page.getByRole("heading", { name: "Pond", level: 1 }).waitFor();
    await page.getByRole("button", { name: "Add to favourites" }).first().click();
    await page.getByRole("button", { name: "Remove from favourites" }).waitFor();
    await go(page, hub, "/");
    const favourites = page.getByRole("region", { name: "Favourites" });
    await favourites.locator(`article.tile[data-endpoint^="${fountain.id}/"]`).waitFor();
    await go(page, hub, `/device/${fountain.id}`);
    const remove = page.getByRole("button", { name: "Remove from home" });
    await remove.click();
    asked = await dialog(page);
    await asked.getByRole("button", { name: "Cancel" }).click();
    assert.ok(await remove.evaluate((it) => it === document.activeElement), "focus came back");
    await remove.click();
    asked = await dialog(page);
    await asked.getByRole("heading", { name: "Remove Pond?" }).waitFor();
    await asked.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("heading", { level: 1, name: "My home" }).waitFor();
    await eventually("gone", async () => !(await page.locator(`article.tile[data-endpoint^="${fountain.id}/"]`).count()));
    await go(page, hub, `/device/${fountain.id}`);
    await page.getByText("This device is not in your home").waitFor();
  });
});

/** The rooms as the page orders them. */
const rooms = (page) => page.locator(".cards > li h2").allInnerTexts();

test("rooms are made, named, ordered by buttons, and removed with a way back", async () => {
  await on(hub, { viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    await go(page, hub, "/rooms");
    await page.getByRole("button", { name: "New room" }).click();
    let form = await dialog(page);
    await form.getByLabel("Name of the room").fill("kitchen");
    await form.getByRole("button", { name: "Create" }).click();
    await form.getByText("There is a room of that name already.").waitFor();
    await form.getByLabel("Name of the room").fill("Attic");
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("button", { name: "Rename: Attic" }).click();
    form = await dialog(page);
    await form.getByLabel("Name of the room").fill("Loft");
    await form.getByRole("button", { name: "Save" }).click();
    await eventually("renamed", async () => (await rooms(page)).includes("Loft"));
    const at = (await rooms(page)).indexOf("Loft");
    await page.getByRole("button", { name: "Move up: Loft" }).click();
    await eventually("moved", async () => (await rooms(page)).indexOf("Loft") === at - 1);
    await page.getByRole("button", { name: "Remove: Loft" }).click();
    await eventually("away", async () => !(await rooms(page)).includes("Loft"));
    await page.getByRole("button", { name: "Undo" }).click();
    await eventually("back", async () => (await rooms(page)).indexOf("Loft") === at - 1);
    await page.getByRole("button", { name: "Remove: Loft" }).click();
    await page.locator(".toast").getByRole("button", { name: "Close" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Rename: Kitchen" }).waitFor();
    assert.ok(!(await rooms(page)).includes("Loft"), "removed for good");
  });
});

test("language and colours change at once, and in every window", async () => {
  const home = await Hub.start({ devices: 4 });
  try {
    await on(home, {}, async (page) => {
      await go(page, home, "/settings");
      const html = page.locator("html");
      const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      await pick(page.getByLabel("Language"), "Deutsch");
      await page.getByRole("heading", { name: "Einstellungen" }).waitFor();
      assert.equal(await html.getAttribute("lang"), "de");
      await pick(page.getByLabel("Sprache"), "العربية");
      await page.getByRole("heading", { name: "الإعدادات" }).waitFor();
      assert.equal(await html.getAttribute("dir"), "rtl");
      const light = await ground();
      await page.getByRole("radio", { name: "داكن" }).check();
      await eventually("dark", async () => (await ground()) !== light);
      await on(home, {}, async (other) => {
        await eventually("the other window too", async () => (await other.getAttribute("html", "dir")) === "rtl");
      });
      await pick(page.getByLabel("اللغة"), 0);
      await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
      assert.equal(await html.getAttribute("dir"), "ltr");
    });
  } finally {
    await home.stop();
  }
});

test("two windows show the same", async () => {
  await on(hub, {}, async (one) => {
    await on(hub, { viewport: PHONE }, async (two) => {
      const [here, there] = [await liveTile(one, "Reading light"), await liveTile(two, "Reading light")];
      const was = await here.line();
      assert.equal(await there.line(), was);
      await here.icon.click();
      await there.says((line) => line !== was);
      const { id } = await hub.named("Reading light");
      await hub.set(id, "switch:0", { OnOff: was.startsWith("On") });
      await Promise.all([here, there].map((it) => it.says((line) => line === was)));
    });
  });
});

test("the quick sheet on a phone: everyday controls, and the device behind it", async () => {
  await on(hub, { viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    const tile = await liveTile(page, "Ceiling light");
    const { id } = await hub.named("Ceiling light");
    await tile.more.tap();
    let sheet = await dialog(page);
    await slide(sheet, "Brightness", 30);
    await stands(hub, id, (it) => it["light:0"].brightness === 30, "30 %");
    await sheet.getByRole("button", { name: "Close" }).tap();
    assert.ok(await tile.more.evaluate((it) => it === document.activeElement), "focus came back");
    await tile.more.tap();
    sheet = await dialog(page);
    await sheet.getByRole("link", { name: "Open device" }).tap();
    await page.getByRole("heading", { name: "Ceiling light", level: 1 }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });
});

test("by keyboard alone: a room is made, a lamp dimmed, a device found and named", async () => {
  await on(hub, {}, async (page) => {
    const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
    /** Tabs until the focus is on what is named so. */
    const reach = async (name) => {
      for (let step = 0; step < 80; step += 1) {
        await press("Tab");
        const here = await page.evaluate(() => {
          const it = document.activeElement;
          const label = it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent;
          return label.trim();
        });
        if (here === name) return;
      }
      assert.fail(`no way to ${name} by keyboard`);
    };
    const hasFocus = (name) =>
      eventually(`the focus is back on ${name}`, () =>
        page.evaluate((name) => (document.activeElement.ariaLabel ?? document.activeElement.textContent).trim() === name, name));
    await reach("Rooms");
    await press("Enter");
    await page.getByRole("heading", { name: "Rooms", level: 1 }).waitFor();
    await reach("New room");
    await press("Enter");
    await dialog(page);
    assert.ok(await page.getByLabel("Name of the room").evaluate((it) => it === document.activeElement), "ready to type");
    await page.keyboard.type("Cellar");
    await press("Enter");
    await page.getByRole("button", { name: "Rename: Cellar" }).waitFor();
    await hasFocus("New room");
    await reach("Rename: Cellar");
    await press("Enter");
    await dialog(page);
    await press("Escape");
    await hasFocus("Rename: Cellar");
    await reach("Remove: Cellar");
    await press("Enter");
    await eventually("away", async () => !(await rooms(page)).includes("Cellar"));
    await go(page, hub, "/add");
    const card = await cardOf(page, hub, "Curtains");
    await card.waitFor({ timeout: 20_000 });
    await reach(await card.getByRole("button").first().getAttribute("aria-label"));
    await press("Enter");
    await dialog(page);
    await reach("Name");
    await page.keyboard.type("Drapes");
    await reach("Add to home");
    await press("Enter");
    await page.getByText("Drapes is in your home.").waitFor();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    const lamp = await hub.named("Ceiling light");
    await go(page, hub, `/device/${lamp.id}`);
    await page.getByRole("status").filter({ hasText: "Connected" }).waitFor();
    await reach("Brightness");
    await press("End", "ArrowLeft", "ArrowLeft");
    await stands(hub, lamp.id, (it) => it["light:0"].brightness === 98, "98 %");
    await done(page);
  });
});

test("a hostile name is text, and nothing of it runs", async () => {
  const devices = await Devices.start({ devices: 4 });
  const home = await Hub.start({ devices: 0, arguments: ["--no-discovery"] });
  try {
    await on(home, {}, async (page) => {
      const { id, address } = await devices.named("Curtains");
      await devices.inflict(id, { fault: "hostile_name" });
      await go(page, home, "/add");
      const form = page.getByRole("region", { name: "Add by address" });
      await form.getByLabel("Address").fill(address);
      await pick(form.getByLabel("Kind of device"), "ESPHome");
      await form.getByRole("button", { name: "Add to home" }).click();
      await page.locator(".toast").waitFor({ timeout: 15_000 });
      for (const path of ["/", "/rooms", `/device/${id}`]) {
        await go(page, home, path);
        const open = () => document.querySelectorAll("details.devices:not([open]) > summary").forEach((it) => it.click());
        await eventually(`its name is shown on ${path}`, async () => {
          await page.evaluate(open);
          return /<[a-z]/i.test(await page.locator("main").innerText());
        });
        assert.equal(await page.locator("main :is(script, img, iframe, object)").count(), 0, path);
        const odd = /[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/;
        assert.doesNotMatch(await page.locator("main").innerText(), odd, `${path}: only what can be seen`);
      }
    });
  } finally {
    await home.stop();
    await devices.stop();
  }
});

test("power is lost in the middle of a command: the tile goes back, says why, and tries again", async () => {
  await on(hub, {}, async (page) => {
    const tile = await liveTile(page, "Coffee machine");
    const { id } = await hub.named("Coffee machine");
    const was = await tile.line();
    await hub.inflict(id, { fault: "slow", ms: 8_000 });
    await tile.icon.click();
    await eventually("on its way", async () => (await tile.root.getAttribute("aria-busy")) === "true");
    await hub.inflict(id, { fault: "unplug" });
    const failure = tile.root.getByRole("alert");
    await failure.waitFor({ timeout: 15_000 });
    assert.match(await failure.innerText(), /Coffee machine: (connection lost|cannot be reached|did not confirm)/);
    await eventually("offline", async () => /Offline/.test(await tile.root.innerText()));
    assert.ok((await tile.root.getAttribute("class")).includes("stale"));
    const executed = await hub.executed(id);
    await hub.inflict(id, { fault: "heal" });
    await hub.inflict(id, { fault: "plug" });
    await eventually("live again", async () => !(await tile.root.getAttribute("class")).includes("stale"), 30_000);
    await failure.getByRole("button", { name: "Try again" }).click();
    await failure.waitFor({ state: "detached", timeout: 12_000 });
    await tile.says((line) => line.split(",")[0] !== was.split(",")[0]);
    assert.equal(await hub.executed(id), executed + 1, "once");
  });
});

test("a real home: added by address, remembered over a restart, and marked as remembered", async () => {
  const devices = await Devices.start({ devices: 4 });
  const home = await Hub.start({ devices: 0, arguments: ["--no-discovery"] });
  try {
    const page = await open(home);
    await page.getByRole("button", { name: "Find devices" }).click();
    await page.getByText("Searching is switched off here").first().waitFor();
    const { id, address } = await devices.named("Shelf light");
    const form = page.getByRole("region", { name: "Add by address" });
    const send = form.getByRole("button", { name: "Add to home" });
    await form.getByLabel("Address").fill("not an address");
    await send.click();
    await form.getByText("This is not an address.").waitFor();
    await form.getByLabel("Address").fill("127.0.0.1:1");
    await send.click();
    await form.getByText("Nobody answers at that address.").waitFor({ timeout: 15_000 });
    await form.getByLabel("Address").fill(address);
    await send.click();
    await page.getByText("Shelf light is in your home.").waitFor({ timeout: 15_000 });
    await go(page, home, "/");
    const first = page.locator(`article.tile[data-endpoint^="${id}/"]`).first();
    await first.waitFor();
    const tile = await liveTile(page, await first.locator(".tile-name").innerText());
    const was = await tile.line();
    await tile.icon.click();
    await tile.says((line) => line !== was);
    assert.equal(await devices.executed(id), 1);
    const now = await tile.line();
    await page.context().close();
    await home.kill();
    await devices.inflict(id, { fault: "unplug" });
    await home.restart();
    const again = await open(home);
    const remembered = again.locator(`article.tile[data-endpoint="${tile.endpoint}"]`);
    await remembered.waitFor();
    await eventually("marked", async () => (await remembered.getAttribute("class")).includes("stale"));
    const words = await remembered.locator(".tile-line").innerText();
    assert.match(words, /ago|just now|last seen|Offline/i, "with its age");
    await devices.inflict(id, { fault: "plug" });
    await eventually("live again", async () => (await remembered.locator(".tile-line").innerText()) === now, 30_000);
    assert.equal(await devices.executed(id), 1, "nothing was done again");
    await again.context().close();
  } finally {
    await home.stop();
    await devices.stop();
  }
});

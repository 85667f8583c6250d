// What a household does beyond its tiles: scenes, why things are as they are, what became of rules,
// rehearsals, notices, and rules of another system; each on a real hub with a simulated home.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Hub, ask, closeBrowser, eventually, go, open } from "./harness.mjs";
import { dialog, lightTile, liveTile, pick } from "./tiles.mjs";

let hub;

before(async () => {
  hub = await Hub.start({ devices: 18 });
});

after(async () => {
  await closeBrowser();
  await hub?.stop();
});

/** Opens a page, hands it over, and insists that nothing went wrong on it. */
async function on(use, options = {}) {
  const page = await open(hub, options);
  try {
    await use(page);
    assert.deepEqual(page.wrong, []);
  } finally {
    await page.context().close();
  }
}

/** The role that an endpoint fills. */
async function roleOf(page, endpoint) {
  const { home } = await ask(page);
  const parts = home.devices.flatMap((it) => it.endpoints);
  return parts.find((it) => it.id === endpoint).role;
}

function rule(id, body) {
  return { SaveRule: { id, expects: 0, body: { conditions: [], ...body } } };
}

test("a scene is captured, set, and taken back", async () => {
  await on(async (page) => {
    await go(page, hub, "/");
    const tile = await lightTile(page, hub);
    const room = await page.locator("section.room", { has: tile.root }).getByRole("heading").innerText();
    await go(page, hub, "/scenes");
    await page.getByRole("button", { name: "Capture as it is now" }).click();
    const form = await dialog(page);
    await form.getByLabel("Name").fill("Film night");
    await pick(form.getByLabel("Shown in"), room);
    await form.getByRole("checkbox", { name: tile.name }).first().waitFor();
    await form.getByRole("button", { name: "Capture as it is now" }).click();
    await page.getByRole("heading", { name: "Film night", level: 1 }).waitFor();
    await go(page, hub, "/");
    const was = await tile.line();
    await tile.icon.click();
    await tile.says((line) => line !== was);
    const changed = await tile.line();
    await page.getByRole("button", { name: "Set scene: Film night" }).click();
    await tile.says((line) => line === was);
    await page.getByRole("button", { name: "Undo" }).click();
    await tile.says((line) => line === changed);
  });
});

test("a device says why it is as it is, and shows its past", async () => {
  await on(async (page) => {
    await go(page, hub, "/");
    const tile = await lightTile(page, hub);
    const was = await tile.line();
    await tile.icon.click();
    await tile.says((line) => line !== was);
    await go(page, hub, `/device/${tile.device}`);
    await page.getByText("you or somebody in the app did it").first().waitFor();
    const history = page.getByRole("region", { name: "History" });
    await eventually("the past is charted", async () => {
      await history.getByText("As a table").first().click({ timeout: 2_000 });
      return (await history.locator("tbody tr").count()) > 0;
    }, 20_000);
  });
});

test("what a rule did, and why it did not run, is read on its page", async () => {
  await on(async (page) => {
    await go(page, hub, "/");
    const tile = await lightTile(page, hub);
    const role = await roleOf(page, tile.endpoint);
    const guests = { id: "guests", name: "Guests", value: { yes_no: false } };
    await ask(page, { SaveVariable: guests });
    await ask(
      page,
      rule("welcome", {
        name: "Welcome guests",
        triggers: [{ changes: { of: { role }, what: "OnOff" } }],
        conditions: [{ variable: { variable: "guests", is: { yes_no: true } } }],
        steps: [{ notify: { title: "Guests are here", buttons: [{ label: "Again", does: { run_rule: "welcome" } }] } }],
      }),
    );
    const toggle = async () => {
      const line = await tile.line();
      await tile.icon.click();
      await tile.says((it) => it !== line);
    };
    await toggle();
    const first = page.locator("li.run").first();
    // What did not run is written down with what devices say, a quarter of a second later at most:
    // a page that was opened before that is opened again.
    await eventually("it is told that it did not run", async () => {
      await go(page, hub, "/automations/welcome/past");
      await page.locator("li.run, .empty").first().waitFor();
      return (await first.getByText("Did not run").count()) > 0;
    });
    await first.locator("summary").click();
    await first.getByRole("heading", { name: "Only if" }).waitFor();
    await first.getByText("Did not hold").first().waitFor();

    await ask(page, { SaveVariable: { ...guests, value: { yes_no: true } } });
    await go(page, hub, "/");
    await toggle();
    await page.getByRole("status").getByText("Guests are here").waitFor();
    await go(page, hub, "/automations/welcome/past");
    await first.getByText("Ran to its end").waitFor();
    await first.locator("summary").click();
    await first.getByText("Told you").waitFor();
  });
});

test("a run is followed while it goes on, and is stopped from its page", async () => {
  await on(async (page) => {
    await go(page, hub, "/");
    const slow = { name: "Slow", triggers: ["started"], steps: [{ wait: "2s" }, { wait: "1h" }] };
    await ask(page, rule("slow", slow));
    await go(page, hub, "/automations/slow/past");
    await page.getByText("It has not been set off yet").first().waitFor();
    await ask(page, { RunRule: ["00112233445566778899aabb", "slow"] });
    const run = page.locator("li.run").first();
    await run.getByText("Running").waitFor();
    await run.locator("summary").click();
    await eventually("its second wait is told", async () => {
      return (await run.getByText("Waits until").count()) === 2;
    });
    await run.getByRole("button", { name: "Stop this run" }).click();
    await run.getByText("Stopped by somebody").first().waitFor();
  });
});

test("a notice is answered once, and goes when it was read", async () => {
  await on(async (page) => {
    await go(page, hub, "/alerts");
    const notice = page.locator("li.notice", { hasText: "Guests are here" }).last();
    await notice.getByRole("button", { name: "Again" }).click();
    await notice.getByText("Answered: Again").waitFor();
    assert.ok(await notice.getByRole("button", { name: "Again", exact: true }).isDisabled());
    // What was answered tells once more: only the one that was answered goes.
    await notice.getByRole("button", { name: /Dismiss/ }).click();
    await eventually("it is gone", async () => (await page.getByText("Answered: Again").count()) === 0);
  });
});

test("a draft is rehearsed over the recorded past with nothing sent", async () => {
  await on(async (page) => {
    const executed = Promise.all((await hub.simulated()).map((it) => hub.executed(it.id)));
    await go(page, hub, "/automations/welcome");
    await page.getByRole("button", { name: "Try it" }).first().click();
    await page.locator(".trial").getByRole("button", { name: "Try it" }).click();
    await page.locator(".trial-head").filter({ hasText: "Would have run" }).waitFor({ timeout: 20_000 });
    await page.getByText("Nothing was sent.").waitFor();
    const after = Promise.all((await hub.simulated()).map((it) => hub.executed(it.id)));
    assert.deepEqual(await after, await executed);
  });
});

test("rules of Home Assistant are read, mapped, and taken over with an honest report", async () => {
  await on(async (page) => {
    await go(page, hub, "/");
    const light = await liveTile(page, "Reading light");
    await go(page, hub, "/automations/import");
    const section = page.getByRole("region", { name: "Import from Home Assistant" });
    await section.getByLabel("Or paste its text").fill(
      [
        "- alias: Evening lamp",
        "  triggers:",
        "    - trigger: time",
        '      at: "19:30:00"',
        "  actions:",
        "    - action: light.turn_on",
        "      target:",
        "        entity_id: light.some_lamp",
        "- alias: Sing",
        "  triggers:",
        "    - trigger: time",
        '      at: "20:00:00"',
        "  actions:",
        "    - action: media_player.play_media",
        "      target:",
        "        entity_id: media_player.kitchen",
      ].join("\n"),
    );
    await section.getByRole("button", { name: "Read", exact: true }).click();
    const mapping = section.getByLabel("What light.some_lamp is here");
    await mapping.waitFor();
    const wanted = await mapping.locator("option", { hasText: light.name }).first().innerText();
    await pick(mapping, wanted);
    const evening = section.locator("li.import-rule", { hasText: "Evening lamp" });
    await evening.getByRole("checkbox").waitFor();
    await section.locator("li.import-rule", { hasText: "Sing" }).getByText("Not carried over").waitFor();
    await section.getByRole("button", { name: "Save the chosen ones" }).click();
    await section.getByText("1 automation was carried over.").waitFor();
    await go(page, hub, "/automations");
    await page.getByText("Evening lamp").first().waitFor();
  });
});

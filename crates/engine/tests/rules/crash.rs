//! The power is cut after every single thing that is written down, and the house started anew: what
//! must happen once happens once, what was waited for is waited for, and every run comes to its end.

use std::collections::BTreeMap;

use model::rule::RunOutcome;
use model::{CommandId, VariableValue};
use serde_json::json;

use crate::house::{House, on_motion, switch, the};

/// Waits, a pulse, a toggle, an unlocking, a notice, a sum and a branch, side by side.
fn scenario() -> House {
    let mut house = House::new();
    let door = json!({ "state": { "of": the("door"), "is": { "boolean": true } } });
    let harmful = json!([
        { "notify": { "title": "Somebody moves" } },
        { "set_variable": { "variable": "count", "to": { "add": 1.0 } } },
        { "toggle": the("fan") },
        { "wait": "20s" },
        { "command": { "to": the("lock"), "action": { "SetLocked": false } } },
        { "pulse": { "of": the("gate"), "lasting": "5s" } },
        { "set_variable": { "variable": "count", "to": { "add": 10.0 } } },
        { "run_rule": "third" },
        { "notify": { "title": "Done" } }
    ]);
    let harmless = json!([
        switch("lamp", true),
        { "wait_until": { "condition": door, "timeout": "1m" } },
        { "repeat": { "repetition": { "times": 2 }, "steps": [switch("spot", true), { "wait": "3s" }, switch("spot", false)] } },
        switch("lamp", false)
    ]);
    let third = json!([{ "set_variable": { "variable": "count", "to": { "add": 100.0 } } }]);
    house.save("third", json!({ "name": "C", "triggers": ["started"], "conditions": [{ "any": [] }], "steps": third }));
    house.save("harmful", json!({ "name": "A", "triggers": [on_motion()], "steps": harmful }));
    house.save("harmless", json!({ "name": "B", "triggers": [on_motion()], "steps": harmless }));
    house
}

/// Plays the scenario, with the power cut after so many writes. How many writes there were.
fn play(house: &mut House, cut_after: Option<usize>, off_for: u64) -> bool {
    house.cut_after = cut_after;
    house.moves(true);
    for second in 0..120 {
        if second == 30 {
            house.opens(true);
        }
        house.wait(1_000);
        if house.is_dark {
            house.restart_after(off_for);
            house.wait(40_000);
            if second < 30 {
                house.opens(true);
            }
            house.wait(150_000);
            return true;
        }
    }
    false
}

fn number(house: &House) -> f64 {
    match house.variable("count") {
        VariableValue::Number(number) => number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_cut_everything_happens_once() {
    let mut house = scenario();
    assert!(!play(&mut house, None, 0));
    assert_eq!(number(&house), 111.0);
    assert_eq!(house.shown.len(), 2);
    let mut asked = house.asked();
    asked.sort();
    let expected = [
        "fan on",
        "gate off",
        "gate on",
        "lamp off",
        "lamp on",
        "lock unlock",
        "spot off",
        "spot off",
        "spot on",
        "spot on",
    ];
    assert_eq!(asked, expected);
}

#[test]
fn a_cut_after_any_write_loses_nothing_and_doubles_nothing() {
    for off_for in [1_000, 90_000] {
        let mut cuts = 0;
        loop {
            let mut house = scenario();
            if !play(&mut house, Some(cuts), off_for) {
                break;
            }
            holds(&house, cuts);
            cuts += 1;
        }
        assert!(cuts > 20, "{cuts} cuts");
    }
}

#[track_caller]
fn holds(house: &House, cut: usize) {
    let mut ids: BTreeMap<CommandId, usize> = BTreeMap::new();
    for (_, command) in &house.done {
        *ids.entry(command.id.clone()).or_default() += 1;
    }
    assert!(ids.values().all(|it| *it == 1), "cut {cut}: no command arrives twice");
    let asked = house.asked();
    for harmful in ["fan on", "fan off", "lock unlock", "gate on"] {
        let times = asked.iter().filter(|it| *it == harmful).count();
        assert!(times <= 1, "cut {cut}: {harmful} {times} times");
    }
    if asked.contains(&"gate on".to_owned()) {
        assert!(asked.contains(&"gate off".to_owned()), "cut {cut}: the gate stays on");
    }
    let mut titles: Vec<&str> = house.shown.iter().map(|it| it.title.as_str()).collect();
    titles.dedup();
    assert_eq!(titles.len(), house.shown.len(), "cut {cut}: told twice");
    assert!(house.disk.home.rules.runs.is_empty(), "cut {cut}: every run ends");
    for trace in &house.disk.traces {
        let outcome = &trace.ended.as_ref().unwrap().0;
        assert!(matches!(outcome, RunOutcome::Finished { .. }), "cut {cut}: {outcome:?}");
        assert!(house.disk.known(&trace.rule, &trace.run));
    }
    // Whatever began has come to its end; each sum was made once or, before it began, not at all.
    let ran = |rule: &str| house.traces(rule).len();
    let expected = if ran("harmful") == 1 { 111.0 } else { 0.0 };
    assert_eq!(number(house), expected, "cut {cut}: sums");
    assert_eq!(ran("third"), ran("harmful"), "cut {cut}");
    if ran("harmless") == 1 {
        assert!(asked.contains(&"lamp off".to_owned()) || asked.contains(&"lamp on".to_owned()));
    }
}

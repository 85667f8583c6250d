//! What must stand whatever happens, in any order, with the power cut at any time.

use std::collections::BTreeSet;

use model::rule::TraceEvent;
use model::{ButtonEvent, CommandId};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::house::{House, on_motion, switch, the};

#[derive(Debug, Clone)]
enum Event {
    Moves(bool),
    Opens(bool),
    Degrees(i8),
    Presses,
    Leaves(&'static str),
    Returns(&'static str),
    Waits(u32),
    Sleeps(u32),
    Jumps(i32),
    Home(&'static str, bool),
    Cut(u16),
    Deaf(bool),
}

fn device() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["lamp", "spot", "gate", "motion", "door", "climate"])
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => any::<bool>().prop_map(Event::Moves),
        3 => any::<bool>().prop_map(Event::Opens),
        2 => (15_i8..30).prop_map(Event::Degrees),
        2 => Just(Event::Presses),
        1 => device().prop_map(Event::Leaves),
        2 => device().prop_map(Event::Returns),
        5 => (1_u32..900_000).prop_map(Event::Waits),
        1 => (1_u32..20_000_000).prop_map(Event::Sleeps),
        1 => (-8_000_000_i32..8_000_000).prop_map(Event::Jumps),
        1 => (prop::sample::select(vec!["ada", "ben"]), any::<bool>())
            .prop_map(|(who, home)| Event::Home(who, home)),
        1 => (1_u16..200).prop_map(Event::Cut),
        1 => any::<bool>().prop_map(Event::Deaf),
    ]
}

fn steps() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(switch("lamp", true)),
        Just(switch("lamp", false)),
        Just(json!({ "toggle": { "all": "Light" } })),
        Just(json!({ "pulse": { "of": the("gate"), "lasting": "3s" } })),
        Just(json!({ "command": { "to": the("lock"), "action": { "SetLocked": false } } })),
        Just(json!({ "wait": "90s" })),
        Just(json!({ "wait_until": {
            "condition": { "state": { "of": the("door"), "is": { "boolean": true }, "held_for": "1m" } },
            "timeout": "10m"
        } })),
        Just(json!({ "notify": { "title": "Hello" } })),
        Just(json!({ "set_variable": { "variable": "count", "to": { "add": 1.0 } } })),
        Just(json!("stop")),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let block = prop::collection::vec(inner, 1..3);
        prop_oneof![
            block.clone().prop_map(
                |steps| json!({ "repeat": { "repetition": { "times": 2 }, "steps": steps } })
            ),
            block.prop_map(|steps| json!({ "if": {
                "condition": { "variable": { "variable": "count", "is": { "above": 2.0 } } },
                "then": steps, "otherwise": [switch("spot", true)]
            } })),
        ]
    })
}

fn rule() -> impl Strategy<Value = Json> {
    let triggers = prop::sample::select(vec![
        on_motion(),
        json!({ "changes": { "of": the("door"), "what": "BooleanState", "to": { "boolean": true }, "held_for": "5m" } }),
        json!({ "crosses": { "of": the("climate"), "measure": "temperature", "direction": "above", "threshold": 22.0, "hysteresis": 2.0 } }),
        json!({ "every": "10m" }),
        json!({ "time": { "at": "13:30" } }),
        json!({ "button": { "of": the("remote"), "press": { "times": 1 } } }),
        json!({ "unreachable": { "of": the("lamp"), "held_for": "2m" } }),
        json!({ "leaves": "household" }),
        json!("started"),
    ]);
    let modes = prop::sample::select(vec![
        json!("single"),
        json!("restart"),
        json!({ "queued": 2 }),
        json!({ "parallel": 2 }),
    ]);
    let missed =
        prop::sample::select(vec![json!("skip"), json!("ask"), json!({ "run_if_late": "2h" })]);
    let steps = prop::collection::vec(steps(), 1..4);
    (prop::collection::vec(triggers, 1..3), modes, missed, steps).prop_map(
        |(triggers, mode, missed, steps)| {
            json!({ "name": "R", "triggers": triggers, "mode": mode, "missed": missed, "steps": steps })
        },
    )
}

fn happen(house: &mut House, event: &Event) {
    match event {
        Event::Moves(is) => house.moves(*is),
        Event::Opens(is) => house.opens(*is),
        Event::Degrees(it) => house.degrees(f64::from(*it)),
        Event::Presses => house.presses(ButtonEvent::Pressed(1)),
        Event::Leaves(device) => house.goes_away(device),
        Event::Returns(device) => house.comes_back(device),
        Event::Waits(millis) => house.wait(u64::from(*millis)),
        Event::Sleeps(millis) => house.sleep(u64::from(*millis)),
        Event::Jumps(millis) => house.jump(i64::from(*millis)),
        Event::Home(who, home) => house.presence(who, *home),
        Event::Cut(writes) => house.cut_after = Some(usize::from(*writes)),
        Event::Deaf(is) => house.deaf = *is,
    }
    if house.is_dark {
        house.restart_after(5_000);
    }
}

fn stands(house: &House) {
    let ids: Vec<&CommandId> = house.done.iter().map(|(_, it)| &it.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "a command left twice");
    let notices: BTreeSet<_> = house.shown.iter().map(|it| &it.id).collect();
    assert_eq!(notices.len(), house.shown.len(), "a notice was shown twice");
    for trace in
        house.disk.traces.iter().chain(house.disk.home.rules.runs.iter().map(|it| &it.trace))
    {
        let mut open = BTreeSet::new();
        for step in &trace.steps {
            match &step.what {
                TraceEvent::Commanded(id, ..) => assert!(open.insert(id.clone())),
                TraceEvent::Outcome(id, _) | TraceEvent::NotRepeated(id) => drop(open.remove(id)),
                TraceEvent::Repeated(old, new) => {
                    open.remove(old);
                    open.insert(new.clone());
                }
                _ => {}
            }
        }
    }
    // What left was written down as the doing of a run.
    let written: BTreeSet<CommandId> = house
        .disk
        .traces
        .iter()
        .chain(house.disk.home.rules.runs.iter().map(|it| &it.trace))
        .flat_map(|trace| &trace.steps)
        .filter_map(|step| match &step.what {
            TraceEvent::Commanded(id, ..) | TraceEvent::Repeated(_, id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    assert!(ids.into_iter().all(|id| written.contains(id)), "a command left unwritten");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_happens_twice_and_everything_ends(
        rules in prop::collection::vec(rule(), 1..4),
        events in prop::collection::vec(event(), 1..60),
    ) {
        let mut house = House::new();
        for (number, body) in rules.into_iter().enumerate() {
            house.save(&format!("r{number}"), body);
        }
        for event in &events {
            happen(&mut house, event);
            stands(&house);
        }
        // Left alone, whatever runs comes to its end; nothing that comes by itself is set off.
        house.cut_after = None;
        for rule in house.engine.snapshot().rules {
            house.ask(api::Request::EnableRule(rule.rule.id, false)).unwrap();
        }
        house.all_come_back();
        house.wait(120_000);
        prop_assert!(house.disk.home.rules.runs.is_empty());
        stands(&house);
    }

    #[test]
    fn updates_lead_to_the_snapshot(
        rules in prop::collection::vec(rule(), 1..3),
        events in prop::collection::vec(event(), 1..40),
    ) {
        let mut house = House::new();
        for (number, body) in rules.into_iter().enumerate() {
            house.save(&format!("r{number}"), body);
        }
        for event in events.iter().filter(|it| !matches!(it, Event::Cut(_))) {
            happen(&mut house, event);
            prop_assert_eq!(house.told_rules(), house.engine.snapshot().rules);
        }
    }
}

//! What is told of runs, and of what did not run.

use model::rule::{PathPart, TraceEvent, WhyNot};
use serde_json::json;

use crate::house::{House, on_motion, switch, when_moving};

#[test]
fn a_trace_tells_each_step_with_its_place_and_time() {
    let mut house = House::new();
    let condition = json!({ "variable": { "variable": "guests", "is": { "yes_no": false } } });
    let branch = json!({ "if": { "condition": condition, "then": [{ "wait": "2s" }, switch("lamp", true)] } });
    house.save("r", when_moving(json!([branch])));
    house.moves(true);
    house.wait(3_000);
    let trace = house.trace("r");
    let told: Vec<(i64, String, usize)> = trace
        .steps
        .iter()
        .map(|it| {
            let what = format!("{:?}", it.what);
            let kind = what.split(['(', ' ']).next().unwrap().to_owned();
            (it.at.0 - trace.started_at.0, kind, it.path.0.len())
        })
        .collect();
    let expected = [
        (0, "Judged", 1),
        (0, "Waits", 3),
        (2_000, "Waited", 3),
        (2_000, "Commanded", 3),
        (2_000, "Outcome", 3),
    ];
    let expected: Vec<_> = expected.map(|(at, what, depth)| (at, what.to_owned(), depth)).into();
    assert_eq!(told, expected);
    let last = &trace.steps.last().unwrap().path.0;
    assert_eq!(*last, [PathPart::Step(0), PathPart::Then, PathPart::Step(1)]);
}

#[test]
fn a_rule_tells_where_its_runs_are_and_how_the_last_one_went() {
    let mut house = House::new();
    house.save("r", when_moving(json!([{ "wait": "1m" }, switch("lamp", true)])));
    house.moves(true);
    let view = house.rule("r").unwrap();
    assert_eq!(view.runs.len(), 1);
    assert_eq!(view.runs[0].at.0, [PathPart::Step(0)]);
    assert!(view.last.unwrap().outcome.is_none());
    house.wait(61_000);
    let view = house.rule("r").unwrap();
    assert!(view.runs.is_empty());
    assert!(view.last.unwrap().outcome.is_some());
}

#[test]
fn the_same_non_run_again_and_again_is_told_once_a_second() {
    let mut house = House::new();
    let mut body = when_moving(json!([switch("lamp", true)]));
    body["conditions"] = json!([{ "any": [] }]);
    house.save("r", body);
    for _ in 0..20 {
        house.moves(true);
        house.wait(50);
        house.moves(false);
        house.wait(50);
    }
    let told = house.not_runs("r");
    assert!(told.iter().all(|it| matches!(it.why, WhyNot::Conditions(_))));
    assert_eq!(told.len(), 2, "in two seconds");
}

#[test]
fn a_long_trace_keeps_its_ends() {
    let mut house = House::new();
    let steps =
        json!([{ "repeat": { "repetition": { "times": 700 }, "steps": [{ "wait": "1s" }] } }]);
    house.save("r", json!({ "name": "R", "triggers": [on_motion()], "steps": steps }));
    house.moves(true);
    house.wait(800_000);
    let trace = house.trace("r");
    assert_eq!(trace.steps.len(), 500);
    assert!(matches!(trace.steps[250].what, TraceEvent::LeftOut(count) if count > 1_000));
}

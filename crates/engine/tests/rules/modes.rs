//! What happens when a rule is set off while it runs.

use model::IssueKind;
use model::rule::{RunOutcome, RunPhase, WhyNot};
use serde_json::{Value as Json, json};

use crate::house::{House, on_motion, switch};

/// A rule that waits a minute, then switches the lamp on.
fn house(mode: Json) -> House {
    let mut house = House::new();
    let body = json!({
        "name": "R", "triggers": [on_motion()], "mode": mode,
        "steps": [{ "wait": "1m" }, switch("lamp", true)]
    });
    house.save("r", body);
    house
}

fn set_off(house: &mut House) {
    house.moves(true);
    house.wait(10_000);
    house.moves(false);
    house.wait(1_000);
}

#[test]
fn single_goes_on_and_says_that_it_did_not_run_again() {
    let mut house = house(json!("single"));
    set_off(&mut house);
    set_off(&mut house);
    house.wait(120_000);
    assert_eq!(house.timed(), ["60 lamp on"]);
    assert_eq!(house.not_runs("r")[0].why, WhyNot::Running);
}

#[test]
fn restart_begins_anew() {
    let mut house = house(json!("restart"));
    set_off(&mut house);
    set_off(&mut house);
    house.wait(120_000);
    assert_eq!(house.timed(), ["71 lamp on"]);
    let outcomes: Vec<_> = house.traces("r").into_iter().map(|it| it.ended.unwrap().0).collect();
    assert_eq!(outcomes, [RunOutcome::Restarted, RunOutcome::Finished { failed: 0 }]);
}

#[test]
fn queued_runs_one_after_the_other_and_turns_away_too_many() {
    let mut house = house(json!({ "queued": 1 }));
    for _ in 0..3 {
        set_off(&mut house);
    }
    let phases: Vec<RunPhase> =
        house.rule("r").unwrap().runs.into_iter().map(|it| it.phase).collect();
    assert!(matches!(phases[..], [RunPhase::Until(_), RunPhase::Queued]));
    house.wait(200_000);
    assert_eq!(house.timed(), ["60 lamp on", "120 lamp on"]);
    assert_eq!(house.not_runs("r")[0].why, WhyNot::Full);
}

#[test]
fn parallel_runs_side_by_side_and_turns_away_too_many() {
    let mut house = house(json!({ "parallel": 2 }));
    for _ in 0..3 {
        set_off(&mut house);
    }
    house.wait(200_000);
    assert_eq!(house.timed(), ["60 lamp on", "71 lamp on"]);
    assert_eq!(house.not_runs("r")[0].why, WhyNot::Full);
}

#[test]
fn disabling_ends_all_runs_and_those_in_the_queue() {
    let mut house = house(json!({ "queued": 5 }));
    set_off(&mut house);
    set_off(&mut house);
    house.ask(api::Request::EnableRule("r".parse().unwrap(), false)).unwrap();
    house.wait(200_000);
    assert!(house.asked().is_empty());
    let all_cancelled =
        |it: &model::rule::Trace| it.ended.as_ref().unwrap().0 == RunOutcome::Cancelled;
    assert!(house.traces("r").iter().all(all_cancelled));
    assert!(house.disk.home.rules.runs.is_empty());
}

#[test]
fn a_rule_that_runs_far_too_often_is_held_until_somebody_looks() {
    let mut house = House::new();
    let body = json!({ "name": "R", "triggers": [on_motion()], "steps": [
        { "set_variable": { "variable": "count", "to": { "add": 1.0 } } }
    ] });
    house.save("r", body);
    for _ in 0..130 {
        house.moves(true);
        house.wait(100);
        house.moves(false);
        house.wait(100);
    }
    assert!(!house.rule("r").unwrap().rule.enabled);
    assert_eq!(house.variable("count"), model::VariableValue::Number(120.0));
    let rule = "r".parse().unwrap();
    let issue = IssueKind::RuleRunaway(rule);
    assert!(house.engine.snapshot().issues.iter().any(|it| it.kind == issue));
    house.ask(api::Request::EnableRule("r".parse().unwrap(), true)).unwrap();
    assert!(house.engine.snapshot().issues.is_empty());
}

#[test]
fn a_run_by_hand_happens_once_a_name() {
    let mut house = house(json!({ "parallel": 5 }));
    let run = || api::Request::RunRule("my-run".parse().unwrap(), "r".parse().unwrap());
    house.ask(run()).unwrap();
    assert_eq!(house.ask(run()).unwrap_err().code, api::ErrorCode::Duplicate);
    house.wait(61_000);
    assert_eq!(house.ask(run()).unwrap_err().code, api::ErrorCode::Duplicate);
    assert_eq!(house.asked(), ["lamp on"]);
}

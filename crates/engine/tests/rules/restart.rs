//! What comes of rules when the power is cut.

use api::Request;
use model::rule::{RunOutcome, TraceEvent};
use model::{LockState, Value, VariableValue};
use serde_json::json;

use crate::house::{House, endpoint, switch, the, when_moving};

fn house(steps: serde_json::Value) -> House {
    let mut house = House::new();
    house.save("r", when_moving(steps));
    house
}

fn count(house: &House, is_it: impl Fn(&TraceEvent) -> bool) -> usize {
    house.trace("r").steps.iter().filter(|it| is_it(&it.what)).count()
}

#[test]
fn a_wait_goes_on_at_what_is_left_of_it() {
    let mut house = house(json!([{ "wait": "10m" }, switch("lamp", true)]));
    house.moves(true);
    house.wait(240_000);
    house.restart_after(120_000);
    house.wait(239_000);
    assert!(house.asked().is_empty());
    house.wait(2_000);
    assert_eq!(house.timed(), ["600 lamp on"]);
    assert_eq!(count(&house, |it| *it == TraceEvent::Resumed(None)), 1);
}

#[test]
fn a_wait_that_ended_meanwhile_is_over_at_once() {
    let mut house = house(json!([{ "wait": "10m" }, switch("lamp", true)]));
    house.moves(true);
    house.restart_after(3_600_000);
    house.wait(300);
    assert_eq!(house.asked(), ["lamp on"]);
}

#[test]
fn a_clock_that_was_wrong_at_the_start_makes_no_wait_longer_than_it_was() {
    let mut house = house(json!([{ "wait": "10m" }, switch("lamp", true)]));
    house.moves(true);
    house.now.wall.0 -= 365 * 86_400_000;
    house.restart_after(1_000);
    house.wait(601_000);
    assert_eq!(house.asked(), ["lamp on"]);
}

#[test]
fn a_wait_for_a_condition_goes_on() {
    let condition = json!({ "state": { "of": the("door"), "is": { "boolean": true } } });
    let wait = json!({ "wait_until": { "condition": condition, "timeout": "1h" } });
    let mut house = house(json!([wait, switch("lamp", true)]));
    house.moves(true);
    house.restart_after(60_000);
    house.wait(60_000);
    assert!(house.asked().is_empty());
    house.opens(true);
    assert_eq!(house.asked(), ["lamp on"]);
}

#[test]
fn a_command_that_the_device_shows_is_done() {
    let mut house = house(json!([switch("lamp", true), switch("spot", true)]));
    house.deaf = true;
    house.moves(true);
    house.restart_after(5_000);
    house.wait(250);
    assert_eq!(house.asked(), ["lamp on", "spot on"]);
    assert_eq!(count(&house, |it| matches!(it, TraceEvent::Repeated(..))), 0);
    assert_eq!(house.trace("r").ended.unwrap().0, RunOutcome::Finished { failed: 0 });
}

#[test]
fn an_absolute_command_that_the_device_does_not_show_is_repeated_once() {
    let mut house = house(json!([switch("lamp", true), switch("spot", true)]));
    house.deaf = true;
    house.moves(true);
    house.real.insert(endpoint("lamp"), Value::OnOff(false));
    house.restart_after(5_000);
    house.wait(250);
    assert_eq!(house.asked(), ["lamp on", "lamp on", "spot on"]);
    let ids: Vec<_> = house.done.iter().map(|(_, it)| it.id.clone()).collect();
    assert_ne!(ids[0], ids[1]);
    assert_eq!(count(&house, |it| matches!(it, TraceEvent::Repeated(..))), 1);
}

#[test]
fn an_absolute_command_of_long_ago_is_not_repeated() {
    let mut house = house(json!([switch("lamp", true), switch("spot", true)]));
    house.deaf = true;
    house.moves(true);
    house.real.insert(endpoint("lamp"), Value::OnOff(false));
    house.restart_after(61_000);
    house.wait(250);
    assert_eq!(house.asked(), ["lamp on", "spot on"]);
    assert_eq!(count(&house, |it| matches!(it, TraceEvent::NotRepeated(..))), 1);
}

#[test]
fn what_could_do_harm_twice_is_never_repeated() {
    let unlock = json!({ "command": { "to": the("lock"), "action": { "SetLocked": false } } });
    let ring = json!({ "command": { "to": the("bell"), "action": "Press" } });
    for step in [unlock, ring, json!({ "toggle": the("spot") })] {
        let mut house = house(json!([step, switch("lamp", true)]));
        house.deaf = true;
        house.moves(true);
        house.real.insert(endpoint("lock"), Value::DoorLock(LockState::Locked));
        house.real.insert(endpoint("spot"), Value::OnOff(false));
        house.restart_after(5_000);
        house.wait(31_000);
        assert_eq!(house.asked().len(), 2, "{:?}", house.asked());
        assert_eq!(count(&house, |it| matches!(it, TraceEvent::NotRepeated(..))), 1, "{step}");
        assert_eq!(house.asked()[1], "lamp on");
    }
}

#[test]
fn a_device_that_never_comes_back_holds_a_run_up_for_half_a_minute() {
    let mut house = house(json!([switch("lamp", true), switch("spot", true)]));
    house.deaf = true;
    house.moves(true);
    house.restart_dark_after(40_000);
    house.comes_back("spot");
    house.goes_away("lamp");
    house.wait(29_000);
    assert_eq!(house.asked(), ["lamp on"]);
    house.wait(2_000);
    assert_eq!(house.asked(), ["lamp on", "spot on"]);
}

#[test]
fn what_was_switched_on_for_a_while_is_switched_off_after_a_restart() {
    let mut house = house(json!([{ "pulse": { "of": the("gate"), "lasting": "1m" } }]));
    house.moves(true);
    house.restart_after(20_000);
    house.wait(41_000);
    assert_eq!(house.timed(), ["0 gate on", "60 gate off"]);
    house.wait(1_000);
    assert_eq!(house.trace("r").ended.unwrap().0, RunOutcome::Finished { failed: 0 });
}

#[test]
fn a_pulse_whose_time_is_long_over_is_switched_off_and_never_on_again() {
    let mut house = house(json!([{ "pulse": { "of": the("gate"), "lasting": "1m" } }]));
    house.deaf = true;
    house.moves(true);
    house.restart_after(3_600_000);
    house.wait(40_000);
    assert_eq!(house.asked(), ["gate on", "gate off"]);
}

#[test]
fn a_hold_goes_on_over_a_restart() {
    let mut house = House::new();
    let trigger = json!({ "changes": {
        "of": the("door"), "what": "BooleanState", "to": { "boolean": true }, "held_for": "10m"
    } });
    house.save("r", json!({ "name": "R", "triggers": [trigger], "steps": [switch("lamp", true)] }));
    house.opens(true);
    house.wait(240_000);
    house.restart_after(60_000);
    house.wait(299_000);
    assert!(house.asked().is_empty());
    house.wait(2_000);
    assert_eq!(house.timed(), ["600 lamp on"]);
    house.restart_after(60_000);
    house.wait(3_600_000);
    assert_eq!(house.asked().len(), 1, "once as long as it stays so");
}

#[test]
fn hysteresis_outlives_a_restart() {
    let mut house = House::new();
    let trigger = json!({ "crosses": {
        "of": the("climate"), "measure": "temperature", "direction": "above",
        "threshold": 25.0, "hysteresis": 2.0
    } });
    house.save("r", json!({ "name": "R", "triggers": [trigger], "steps": [switch("lamp", true)] }));
    house.degrees(26.0);
    house.degrees(24.0);
    house.restart_after(60_000);
    house.degrees(26.0);
    assert_eq!(house.traces("r").len(), 1);
}

#[test]
fn runs_of_a_rule_that_is_gone_are_gone() {
    let mut house = house(json!([{ "wait": "10m" }, switch("lamp", true)]));
    house.moves(true);
    house.ask(Request::RemoveRule("r".parse().unwrap())).unwrap();
    assert!(house.disk.home.rules.runs.is_empty());
    house.restart_after(1_000);
    house.wait(3_600_000);
    assert!(house.asked().is_empty());
}

#[test]
fn a_queue_goes_on_over_a_restart() {
    let mut house = House::new();
    let body = json!({
        "name": "R", "triggers": [crate::house::on_motion()], "mode": { "queued": 5 },
        "steps": [{ "wait": "1m" }, switch("lamp", true)]
    });
    house.save("r", body);
    house.moves(true);
    house.moves(false);
    house.wait(1_000);
    house.moves(true);
    house.restart_after(9_000);
    house.wait(200_000);
    assert_eq!(house.asked(), ["lamp on", "lamp on"]);
    assert!(house.disk.home.rules.runs.is_empty());
}

#[test]
fn the_next_in_the_queue_has_its_turn_when_a_run_ends_as_soon_as_it_is_up_again() {
    let mut house = House::new();
    let wait = json!({ "wait_until": { "condition": { "time": { "after": "12:30" } } } });
    let body = json!({
        "name": "R", "triggers": [crate::house::on_motion()], "mode": { "queued": 5 },
        "steps": [wait, { "set_variable": { "variable": "count", "to": { "add": 1.0 } } }]
    });
    house.save("r", body);
    for _ in 0..3 {
        house.moves(true);
        house.moves(false);
        house.wait(1_000);
    }
    house.restart_after(3_600_000);
    assert_eq!(house.variable("count"), VariableValue::Number(3.0));
    assert!(house.disk.home.rules.runs.is_empty());
}

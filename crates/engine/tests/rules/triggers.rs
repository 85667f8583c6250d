//! What sets rules off, and what does not.

use model::rule::{Cause, WhyNot};
use model::{ButtonEvent, Value};
use serde_json::{Value as Json, json};

use crate::house::{House, switch, the};

/// A rule that switches the lamp on.
fn when(trigger: Json) -> Json {
    json!({ "name": "R", "triggers": [trigger], "steps": [switch("lamp", true)] })
}

fn house(trigger: Json) -> House {
    let mut house = House::new();
    house.save("r", when(trigger));
    house
}

fn runs(house: &House) -> usize {
    house.traces("r").len()
}

fn door_opens(held_for: &str) -> Json {
    json!({ "changes": {
        "of": the("door"), "what": "BooleanState", "to": { "boolean": true }, "held_for": held_for
    } })
}

fn warmer_than_25(held_for: &str) -> Json {
    json!({ "crosses": {
        "of": the("climate"), "measure": "temperature", "direction": "above",
        "threshold": 25.0, "hysteresis": 1.0, "held_for": held_for
    } })
}

#[test]
fn a_change_sets_it_off_and_a_repetition_does_not() {
    let mut house = house(door_opens("0s"));
    house.opens(true);
    house.wait(5_000);
    house.opens(true);
    assert_eq!(runs(&house), 1);
    house.opens(false);
    house.wait(5_000);
    house.opens(true);
    assert_eq!(runs(&house), 2);
}

#[test]
fn a_reconnect_sets_nothing_off_and_it_is_told_why() {
    let mut house = house(door_opens("0s"));
    house.goes_away("door");
    house.real.insert(crate::house::endpoint("door"), Value::BooleanState(true));
    house.wait(60_000);
    house.comes_back("door");
    assert_eq!(runs(&house), 0);
    let not_runs = house.not_runs("r");
    assert_eq!(not_runs.len(), 1);
    assert_eq!(not_runs[0].why, WhyNot::WhileAway);
    house.opens(false);
    house.opens(true);
    assert_eq!(runs(&house), 1, "what is heard again is news again");
}

#[test]
fn a_reconnect_that_changes_nothing_is_not_told() {
    let mut house = house(door_opens("0s"));
    house.goes_away("door");
    house.comes_back("door");
    assert!(house.not_runs("r").is_empty());
}

#[test]
fn any_change_at_all_can_be_meant() {
    let mut house =
        house(json!({ "changes": { "of": the("climate"), "what": "TemperatureMeasurement" } }));
    house.degrees(21.0);
    house.wait(3_000);
    house.degrees(21.0);
    house.wait(3_000);
    house.degrees(22.0);
    assert_eq!(runs(&house), 2);
}

#[test]
fn what_it_was_before_can_be_asked() {
    let mut house = house(json!({ "changes": {
        "of": the("lock"), "what": "DoorLock", "from": { "lock": "Locked" }, "to": { "lock": "Unlocked" }
    } }));
    house.says("lock", Value::DoorLock(model::LockState::Unlocking));
    house.says("lock", Value::DoorLock(model::LockState::Unlocked));
    assert_eq!(runs(&house), 0, "it was unlocking before");
    house.says("lock", Value::DoorLock(model::LockState::Locked));
    house.says("lock", Value::DoorLock(model::LockState::Unlocked));
    assert_eq!(runs(&house), 1);
}

#[test]
fn a_threshold_is_crossed_once_until_it_went_back_far_enough() {
    let mut house = house(warmer_than_25("0s"));
    for degrees in [25.2, 24.8, 25.3, 24.5, 25.1] {
        house.degrees(degrees);
        house.wait(1_000);
    }
    assert_eq!(runs(&house), 1);
    house.degrees(24.0);
    house.degrees(25.4);
    assert_eq!(runs(&house), 2);
}

#[test]
fn what_has_to_stay_so_sets_it_off_only_then() {
    let mut house = house(door_opens("10m"));
    house.opens(true);
    house.wait(599_000);
    house.opens(false);
    house.opens(true);
    house.wait(599_000);
    assert_eq!(runs(&house), 0);
    house.wait(2_000);
    assert_eq!(runs(&house), 1);
    house.wait(3_600_000);
    assert_eq!(runs(&house), 1, "once as long as it stays so");
}

#[test]
fn a_hold_that_falls_due_out_of_reach_waits_for_the_device() {
    let mut house = house(door_opens("10m"));
    house.opens(true);
    house.wait(300_000);
    house.goes_away("door");
    house.wait(600_000);
    assert_eq!(runs(&house), 0);
    house.comes_back("door");
    assert_eq!(runs(&house), 1, "it still is so");
}

#[test]
fn a_hold_that_turns_out_to_be_broken_sets_nothing_off() {
    let mut house = house(door_opens("10m"));
    house.opens(true);
    house.wait(300_000);
    house.goes_away("door");
    house.real.insert(crate::house::endpoint("door"), Value::BooleanState(false));
    house.wait(600_000);
    house.comes_back("door");
    house.wait(3_600_000);
    assert_eq!(runs(&house), 0);
}

#[test]
fn a_press_of_a_button_sets_it_off_each_time() {
    let mut house = house(json!({ "button": { "of": the("remote"), "press": { "times": 2 } } }));
    house.presses(ButtonEvent::Pressed(1));
    assert_eq!(runs(&house), 0);
    house.presses(ButtonEvent::Pressed(2));
    house.wait(1_000);
    house.presses(ButtonEvent::Pressed(2));
    assert_eq!(runs(&house), 2);
}

/// A trigger, who comes or goes, and how often that sets it off.
type Comings = (Json, &'static [(&'static str, bool)], usize);

#[test]
fn people_come_and_go() {
    let cases: [Comings; 8] = [
        (json!({ "leaves": { "person": "ada" } }), &[("ada", false), ("ben", false)], 1),
        (json!({ "leaves": "anyone" }), &[("ada", false), ("ben", false)], 2),
        (json!({ "leaves": "everyone" }), &[("ada", false), ("ben", false)], 1),
        (json!({ "leaves": "household" }), &[("ada", false), ("ada", true), ("ben", false)], 0),
        (json!({ "arrives": "household" }), &[("ada", false), ("ada", true)], 0),
        (
            json!({ "arrives": "household" }),
            &[("ada", false), ("ben", false), ("ben", true), ("ada", true)],
            1,
        ),
        (
            json!({ "arrives": "everyone" }),
            &[("ada", false), ("ben", false), ("ben", true), ("ada", true)],
            1,
        ),
        (
            json!({ "arrives": "anyone" }),
            &[("ada", false), ("ben", false), ("ben", true), ("ada", true)],
            2,
        ),
    ];
    for (trigger, moves, expected) in cases {
        let mut house = house(trigger.clone());
        for (who, home) in moves {
            house.wait(1_000);
            house.presence(who, *home);
        }
        assert_eq!(runs(&house), expected, "{trigger}");
    }
}

#[test]
fn a_device_that_stays_away_sets_it_off() {
    let mut house = house(json!({ "unreachable": { "of": the("fan"), "held_for": "5m" } }));
    house.goes_away("fan");
    house.wait(200_000);
    house.comes_back("fan");
    house.wait(300_000);
    assert_eq!(runs(&house), 0);
    house.goes_away("fan");
    house.wait(301_000);
    assert_eq!(runs(&house), 1);
}

#[test]
fn a_device_that_returns_sets_it_off() {
    let mut house = house(json!({ "returns": { "of": the("fan") } }));
    house.goes_away("fan");
    assert_eq!(runs(&house), 0);
    house.comes_back("fan");
    assert_eq!(runs(&house), 1);
}

#[test]
fn a_variable_that_becomes_so_sets_it_off() {
    let mut house =
        house(json!({ "variable": { "variable": "count", "becomes": { "above": 2.0 } } }));
    for count in [1.0, 3.0, 4.0, 0.0, 5.0] {
        let value = model::VariableValue::Number(count);
        let (id, name) = ("count".parse().unwrap(), model::Name::lossy("count").unwrap());
        house.wait(1_000);
        house.ask(api::Request::SaveVariable(model::Variable { id, name, value })).unwrap();
    }
    assert_eq!(runs(&house), 2);
}

#[test]
fn a_webhook_sets_off_those_that_wait_for_it() {
    let mut house = house(json!({ "webhook": "abcdefghijklmnop" }));
    house.calls("qrstuvwxyzabcdef");
    assert_eq!(runs(&house), 0);
    house.calls("abcdefghijklmnop");
    assert_eq!(runs(&house), 1);
}

#[test]
fn a_message_sets_off_those_whose_topic_and_words_it_has() {
    let mut house = house(json!({ "mqtt": { "topic": "home/+/bell", "payload": "ring" } }));
    house.message("home/front/bell", "silence");
    house.message("home/bell", "ring");
    assert_eq!(runs(&house), 0);
    house.message("home/front/bell", "ring");
    assert_eq!(runs(&house), 1);
}

#[test]
fn the_start_of_hearth_sets_it_off_each_time() {
    let mut house = house(json!("started"));
    assert_eq!(runs(&house), 0);
    house.restart_after(1_000);
    house.wait(1_000);
    assert_eq!(runs(&house), 1);
    assert_eq!(house.asked(), ["lamp on"], "devices are waited for a little");
    house.restart_after(1_000);
    assert_eq!(runs(&house), 2);
}

#[test]
fn a_rule_that_ran_to_its_end_sets_another_off() {
    let mut house = house(door_opens("0s"));
    let body = json!({
        "name": "After", "triggers": [{ "rule_ran": "r" }], "steps": [switch("fan", true)]
    });
    house.save("after", body);
    house.opens(true);
    assert_eq!(house.asked(), ["lamp on", "fan on"]);
    let cause = house.trace("after").cause;
    assert!(matches!(cause, Cause::Rule(Some(0), ..)), "{cause:?}");
}

#[test]
fn conditions_that_do_not_hold_are_told_with_what_was_seen() {
    let mut house = House::new();
    let mut body = when(door_opens("0s"));
    body["conditions"] = json!([{ "state": { "of": the("fan"), "is": { "on_off": true } } }]);
    house.save("r", body);
    house.opens(true);
    assert_eq!(runs(&house), 0);
    let not_runs = house.not_runs("r");
    let WhyNot::Conditions(judged) = &not_runs[0].why else { panic!("{not_runs:?}") };
    assert!(!judged[0].truth.is_true());
    assert_eq!(judged[0].saw.len(), 1);
}

#[test]
fn what_cannot_be_known_does_not_hold() {
    let mut house = House::new();
    let mut body = when(door_opens("0s"));
    body["conditions"] =
        json!([{ "not": { "state": { "of": the("fan"), "is": { "on_off": true } } } }]);
    house.save("r", body);
    house.goes_away("fan");
    house.opens(true);
    assert_eq!(runs(&house), 0);
    house.comes_back("fan");
    house.opens(false);
    house.opens(true);
    assert_eq!(runs(&house), 1);
}

#[test]
fn a_condition_that_has_to_have_held_for_some_time_is_counted_from_when_it_began() {
    let mut house = House::new();
    let mut body = when(door_opens("0s"));
    body["conditions"] = json!([{ "number": {
        "of": the("climate"), "measure": "temperature", "below": 22.0, "held_for": "10m"
    } }]);
    house.save("r", body);
    house.degrees(23.0);
    house.degrees(21.5);
    house.wait(400_000);
    house.degrees(21.0);
    house.wait(100_000);
    house.opens(true);
    assert_eq!(runs(&house), 0);
    house.opens(false);
    house.wait(110_000);
    house.opens(true);
    assert_eq!(runs(&house), 1, "within bounds for over ten minutes, whatever the number did");
}

#[test]
fn a_disabled_rule_is_set_off_by_nothing() {
    let mut house = house(door_opens("0s"));
    house.ask(api::Request::EnableRule("r".parse().unwrap(), false)).unwrap();
    house.opens(true);
    assert_eq!(runs(&house), 0);
    house.ask(api::Request::EnableRule("r".parse().unwrap(), true)).unwrap();
    house.opens(false);
    house.opens(true);
    assert_eq!(runs(&house), 1);
}

#[test]
fn rules_that_set_each_other_off_in_a_long_row_are_stopped() {
    let mut house = House::new();
    house.save("r0", when(door_opens("0s")));
    for number in 1..20 {
        let before = format!("r{}", number - 1);
        house.save(&format!("r{number}"), when(json!({ "rule_ran": before })));
    }
    house.opens(true);
    house.wait(1_000);
    assert_eq!(house.traces("r16").len(), 1);
    assert_eq!(house.traces("r17").len(), 0);
    assert_eq!(house.not_runs("r17")[0].why, WhyNot::TooDeep);
}

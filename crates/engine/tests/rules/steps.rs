//! What steps do.

use model::rule::{RunOutcome, TraceEvent};
use model::{ButtonEvent, Percent, Value, VariableValue};
use serde_json::{Value as Json, json};

use crate::house::{House, endpoint, switch, the, when_moving};

fn house(steps: Json) -> House {
    let mut house = House::new();
    house.save("r", when_moving(steps));
    house
}

fn ended(house: &House) -> RunOutcome {
    house.trace("r").ended.expect("it has ended").0
}

#[test]
fn a_rule_commands_what_fills_its_roles_and_goes_on_when_that_is_done() {
    let mut house = house(json!([switch("lamp", true), switch("spot", true)]));
    house.moves(true);
    assert_eq!(house.asked(), ["lamp on", "spot on"]);
    assert_eq!(ended(&house), RunOutcome::Finished { failed: 0 });
}

#[test]
fn a_step_waits_for_every_command_of_the_one_before() {
    let lights = json!({ "command": { "to": { "all": "Light" }, "action": { "SetOnOff": true } } });
    let mut house = house(json!([lights, switch("fan", true)]));
    house.deaf = true;
    house.moves(true);
    assert_eq!(house.asked(), ["lamp on", "spot on"]);
    house.wait(2_900);
    assert_eq!(house.asked().len(), 2, "nobody has confirmed yet");
    house.wait(200);
    assert_eq!(house.asked(), ["lamp on", "spot on", "fan on"]);
    house.wait(5_000);
    assert_eq!(ended(&house), RunOutcome::Finished { failed: 3 });
}

#[test]
fn what_cannot_be_reached_fails_at_once_and_the_rule_goes_on() {
    let mut house = house(json!([switch("lamp", true), switch("spot", true)]));
    house.goes_away("lamp");
    house.moves(true);
    assert_eq!(house.asked(), ["spot on"]);
    assert_eq!(ended(&house), RunOutcome::Finished { failed: 1 });
}

#[test]
fn what_nobody_can_do_is_told_and_left() {
    let mut house = house(json!([switch("lock", true)]));
    house.moves(true);
    assert!(house.trace("r").steps.iter().any(|it| it.what == TraceEvent::Nobody));
    assert!(house.asked().is_empty());
}

#[test]
fn of_several_all_are_toggled_off_when_any_is_on() {
    let mut house = house(json!([{ "toggle": { "all": "Light" } }]));
    house.says("spot", Value::OnOff(true));
    house.moves(true);
    assert_eq!(house.asked(), ["spot off"]);
    house.moves(false);
    house.wait(1_000);
    house.moves(true);
    assert_eq!(house.asked(), ["spot off", "lamp on", "spot on"]);
}

#[test]
fn what_is_not_known_is_not_toggled() {
    let mut house = house(json!([{ "toggle": the("lamp") }]));
    house.goes_away("lamp");
    house.moves(true);
    let trace = house.trace("r");
    assert!(trace.steps.iter().any(|it| matches!(it.what, TraceEvent::NotKnown(_))));
    assert!(house.asked().is_empty());
}

#[test]
fn brightness_is_adjusted_from_what_it_is() {
    let mut house = house(json!([{ "adjust": { "of": the("lamp"), "by": 30 } }]));
    house.says("lamp", Value::OnOff(true));
    house.says("lamp", Value::Level(Percent::try_from(80).unwrap()));
    house.moves(true);
    assert_eq!(house.asked(), ["lamp 100%"]);
}

#[test]
fn a_pulse_is_on_once_and_off_after_its_time() {
    let mut house = house(json!([{ "pulse": { "of": the("gate"), "lasting": "2s" } }]));
    house.moves(true);
    house.wait(1_900);
    assert_eq!(house.timed(), ["0 gate on"]);
    house.wait(10_000);
    assert_eq!(house.timed(), ["0 gate on", "2 gate off"]);
    assert_eq!(ended(&house), RunOutcome::Finished { failed: 0 });
}

#[test]
fn a_pulse_is_off_in_time_although_nobody_confirms_that_it_was_on() {
    let mut house = house(json!([{ "pulse": { "of": the("gate"), "lasting": "1s" } }]));
    house.deaf = true;
    house.moves(true);
    house.wait(1_500);
    assert_eq!(house.timed(), ["0 gate on", "1 gate off"]);
}

#[test]
fn a_run_that_is_stopped_switches_off_what_it_had_switched_on_for_a_while() {
    let mut house = house(json!([{ "pulse": { "of": the("gate"), "lasting": "1m" } }]));
    house.moves(true);
    let run = house.trace("r").run;
    house.ask(api::Request::StopRun(run)).unwrap();
    assert_eq!(house.asked(), ["gate on", "gate off"]);
    assert_eq!(ended(&house), RunOutcome::Cancelled);
}

#[test]
fn a_wait_lasts_as_long_as_it_says() {
    let mut house = house(json!([{ "wait": "5m" }, switch("lamp", true)]));
    house.moves(true);
    house.wait(299_000);
    assert!(house.asked().is_empty());
    house.wait(2_000);
    assert_eq!(house.timed(), ["300 lamp on"]);
}

#[test]
fn a_wait_for_a_condition_ends_when_it_holds() {
    let condition = json!({ "state": { "of": the("door"), "is": { "boolean": true } } });
    let wait = json!({ "wait_until": { "condition": condition, "timeout": "1m" } });
    let mut house = house(json!([wait, switch("lamp", true)]));
    house.moves(true);
    house.wait(30_000);
    assert!(house.asked().is_empty());
    house.opens(true);
    assert_eq!(house.timed(), ["30 lamp on"]);
}

#[test]
fn a_wait_for_a_condition_can_be_given_up() {
    let condition = json!({ "state": { "of": the("door"), "is": { "boolean": true } } });
    let wait = |then: &str| json!({ "wait_until": { "condition": condition, "timeout": "1m", "timed_out": then } });
    let mut stops = house(json!([wait("stop"), switch("lamp", true)]));
    stops.moves(true);
    stops.wait(61_000);
    assert_eq!(ended(&stops), RunOutcome::TimedOut);
    assert!(stops.asked().is_empty());
    let mut goes_on = house(json!([wait("continue"), switch("lamp", true)]));
    goes_on.moves(true);
    goes_on.wait(61_000);
    assert_eq!(goes_on.timed(), ["60 lamp on"]);
}

#[test]
fn a_wait_for_a_time_of_day_ends_at_that_time() {
    let wait = json!({ "wait_until": { "condition": { "time": { "after": "12:30" } } } });
    let mut house = house(json!([wait, switch("lamp", true)]));
    house.moves(true);
    house.wait(3_600_000);
    assert_eq!(house.timed(), ["1800 lamp on"]);
}

#[test]
fn a_wait_for_something_to_have_been_so_for_long_ends_then() {
    let condition = json!({
        "state": { "of": the("door"), "is": { "boolean": false }, "held_for": "10m" }
    });
    let mut house =
        house(json!([{ "wait_until": { "condition": condition } }, switch("lamp", true)]));
    house.opens(true);
    house.opens(false);
    house.moves(true);
    house.wait(300_000);
    house.opens(true);
    house.opens(false);
    house.wait(700_000);
    assert_eq!(house.timed(), ["900 lamp on"]);
}

#[test]
fn a_condition_decides_which_way() {
    let condition = json!({ "variable": { "variable": "guests", "is": { "yes_no": true } } });
    let step = json!({ "if": {
        "condition": condition, "then": [switch("lamp", true)], "otherwise": [switch("spot", true)]
    } });
    let mut house = house(json!([step, switch("fan", true)]));
    house.moves(true);
    assert_eq!(house.asked(), ["spot on", "fan on"]);
}

#[test]
fn a_loop_goes_round_as_often_as_it_says() {
    let steps = json!([{ "set_variable": { "variable": "count", "to": { "add": 1.0 } } }, { "wait": "1s" }]);
    let inner = json!({ "repeat": { "repetition": { "times": 3 }, "steps": steps } });
    let mut house =
        house(json!([{ "repeat": { "repetition": { "times": 2 }, "steps": [inner] } }]));
    house.moves(true);
    house.wait(10_000);
    assert_eq!(house.variable("count"), VariableValue::Number(6.0));
    assert_eq!(ended(&house), RunOutcome::Finished { failed: 0 });
}

#[test]
fn a_loop_sees_the_variable_that_it_has_just_changed() {
    let below = json!({ "variable": { "variable": "count", "is": { "below": 4.0 } } });
    let add = json!({ "set_variable": { "variable": "count", "to": { "add": 1.0 } } });
    let mut house =
        house(json!([{ "repeat": { "repetition": { "while": below }, "steps": [add] } }]));
    house.moves(true);
    assert_eq!(house.variable("count"), VariableValue::Number(4.0));
}

#[test]
fn a_loop_that_never_waits_is_ended() {
    let holds = json!({ "all": [] });
    let flip = json!({ "set_variable": { "variable": "guests", "to": "flip" } });
    let inner = json!({ "repeat": { "repetition": { "while": holds }, "steps": [flip] } });
    let mut house =
        house(json!([{ "repeat": { "repetition": { "times": 9 }, "steps": [inner] } }]));
    house.moves(true);
    assert_eq!(ended(&house), RunOutcome::Runaway);
}

#[test]
fn people_are_told_who_and_what_it_was() {
    let mut house = House::new();
    let body = json!({
        "name": "Warm",
        "triggers": [{ "crosses": {
            "of": the("climate"), "measure": "temperature", "direction": "above", "threshold": 25.0
        } }],
        "steps": [{ "notify": { "title": "{who}: {value}", "body": "{nothing}" } }]
    });
    house.save("r", body);
    house.degrees(25.5);
    let notice = house.shown.first().unwrap();
    assert_eq!((notice.title.as_str(), notice.body.as_str()), ("climate: 25.5 °C", "{nothing}"));
}

#[test]
fn a_rule_runs_another_whatever_its_conditions_say() {
    let mut house = House::new();
    house.save(
        "other",
        json!({
            "name": "Other",
            "triggers": ["started"],
            "conditions": [{ "any": [] }],
            "steps": [switch("lamp", true)]
        }),
    );
    house.save("r", when_moving(json!([{ "run_rule": "other" }, switch("fan", true)])));
    house.moves(true);
    assert_eq!(house.asked(), ["fan on", "lamp on"]);
    assert_eq!(house.trace("other").ended.unwrap().0, RunOutcome::Finished { failed: 0 });
}

#[test]
fn a_rule_ends_where_it_says() {
    let mut house = house(json!([switch("lamp", true), "stop", switch("spot", true)]));
    house.moves(true);
    assert_eq!(house.asked(), ["lamp on"]);
    assert_eq!(ended(&house), RunOutcome::Stopped);
}

#[test]
fn a_bell_is_rung_once_and_known_to_have_rung() {
    let mut house = house(json!([{ "command": { "to": the("bell"), "action": "Press" } }]));
    house.moves(true);
    assert_eq!(house.asked(), ["bell Press"]);
    assert_eq!(ended(&house), RunOutcome::Finished { failed: 0 });
    house.presses(ButtonEvent::Pressed(1));
    assert_eq!(house.asked().len(), 1);
}

#[test]
fn what_a_rule_switches_tells_that_it_was_the_rule() {
    let mut house = house(json!([switch("lamp", true)]));
    house.moves(true);
    let run = house.trace("r").run;
    let devices = house.engine.snapshot().devices;
    let lamp = devices.iter().find(|it| it.id == endpoint("lamp").device).unwrap();
    let state = &lamp.endpoints[0].states[&model::Capability::OnOff];
    assert_eq!(state.origin, model::Origin::Rule("r".parse().unwrap(), run));
}

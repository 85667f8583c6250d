//! A busy quarter of an hour: waits, runs beside and after each other, and much that must not
//! happen twice.

use api::Request;
use model::rule::RuleBody;
use model::{ButtonEvent, Celsius, Name, RuleId, Value, Variable, VariableValue};

use crate::outside::{Act, Home, Note, plan};
use crate::sim::house::{self, BUTTON, DOOR, MOTION, WARM, endpoint};

/// When all is over, ms after the beginning.
pub(crate) const END: i64 = 9 * 60_000;

const HOOK: &str = "0123456789abcdef";

const RULES: [(&str, &str); 7] = [
    (
        "door",
        r#"{"name":"Door","mode":{"parallel":3},
        "triggers":[{"changes":{"of":"@esphome-eyes/door","what":"BooleanState","to":{"boolean":true}}}],
        "steps":[
            {"command":{"to":"@wled-lamp/light-0","action":{"SetOnOff":true}}},
            {"wait":"30s"},
            {"toggle":"@shelly-plug/switch-0"},
            {"wait":"20s"},
            {"notify":{"title":"The door was opened"}},
            {"command":{"to":"@wled-lamp/light-0","action":{"SetOnOff":false}}}]}"#,
    ),
    (
        "bell",
        r#"{"name":"Bell","mode":"restart",
        "triggers":[{"button":{"of":"@esphome-eyes/button","press":{"times":1}}}],
        "steps":[
            {"pulse":{"of":"@shelly-relay/switch-0","lasting":"2s"}},
            {"wait":"1m"},
            {"command":{"to":"@esphome-box/bell","action":"Press"}},
            {"notify":{"title":"It rang"}}]}"#,
    ),
    (
        "lock",
        r#"{"name":"Lock","mode":{"queued":3},
        "triggers":[{"changes":{"of":"@esphome-eyes/motion","what":"OccupancySensing","to":{"occupied":true}}}],
        "steps":[
            {"command":{"to":"@esphome-box/lock","action":{"SetLocked":false}}},
            {"wait":"45s"},
            {"command":{"to":"@esphome-box/lock","action":{"SetLocked":true}}}]}"#,
    ),
    (
        "warm",
        r#"{"name":"Warm","mode":"single",
        "triggers":[{"crosses":{"of":"@esphome-eyes/warm","measure":"temperature","direction":"above","threshold":25.0,"hysteresis":1.0,"held_for":"20s"}}],
        "steps":[
            {"wait_until":{"condition":{"state":{"of":"@esphome-eyes/door","is":{"boolean":false},"held_for":"10s"}},"timeout":"2m"}},
            {"set_variable":{"variable":"times","to":{"add":1.0}}},
            {"repeat":{"repetition":{"times":3},"steps":[
                {"adjust":{"of":"@wled-lamp/light-0","by":-10}},
                {"wait":"5s"}]}},
            {"run_rule":"called"}]}"#,
    ),
    (
        "called",
        r#"{"name":"Called",
        "triggers":[{"webhook":"fedcba9876543210"}],
        "steps":[
            {"toggle":"@shelly-plug/switch-0"},
            {"set_variable":{"variable":"times","to":{"add":1.0}}},
            {"notify":{"title":"It is warm"}}]}"#,
    ),
    (
        "minutes",
        r#"{"name":"Minutes","missed":{"run_if_late":"10m"},
        "triggers":[{"every":"1m"}],
        "steps":[
            {"set_variable":{"variable":"times","to":{"add":1.0}}},
            {"command":{"to":"@wled-lamp/light-0","action":{"SetLevel":40}}}]}"#,
    ),
    (
        "long",
        r#"{"name":"Long",
        "triggers":[{"webhook":"0123456789abcdef"}],
        "steps":[
            {"wait":"3m"},
            {"notify":{"title":"That was long"}}]}"#,
    ),
];

pub(crate) fn rules() -> impl Iterator<Item = (RuleId, RuleBody)> {
    RULES.into_iter().map(|(id, json)| (id.parse().expect("a rule id"), house::body(json)))
}

/// Saves the variable and the rules, and lets people and the weather begin.
pub(crate) fn prepare(home: &mut Home, note: Note<'_>) {
    home.run(900, note);
    let id = "times".parse().expect("a variable id");
    let name = Name::try_from("Times").expect("a name");
    let variable = Variable { id, name, value: VariableValue::Number(0.0) };
    home.ask(Request::SaveVariable(variable), note);
    for id in ["called", "door", "bell", "lock", "warm", "minutes", "long"] {
        let (id, body) = rules().find(|it| it.0.as_str() == id).expect("there is such a rule");
        home.ask(Request::SaveRule { id, body: Box::new(body), expects: 0 }, note);
    }
    plan(&mut home.outside);
}

/// What people and the weather do, and when (ms after the beginning).
pub(crate) fn acts() -> Vec<(i64, Act)> {
    let motion = |is| Act::Says(endpoint(MOTION), Value::OccupancySensing(is));
    let door = |is| Act::Says(endpoint(DOOR), Value::BooleanState(is));
    let warm = |it| {
        let celsius = Celsius::try_from(it).expect("a temperature");
        Act::Says(endpoint(WARM), Value::TemperatureMeasurement(celsius))
    };
    let press = || Act::Presses(endpoint(BUTTON), ButtonEvent::Pressed(1));
    let call = || Act::Calls(HOOK.parse().expect("a hook"));
    vec![
        (2_000, door(true)),
        (3_100, call()),
        (5_000, motion(true)),
        (8_000, door(false)),
        (12_300, door(true)),
        (20_000, press()),
        (25_000, warm(26.0)),
        (30_000, motion(false)),
        (35_000, motion(true)),
        (41_000, motion(false)),
        (42_000, motion(true)),
        (50_700, press()),
        (60_000, door(false)),
        (75_000, warm(24.5)),
        (78_000, warm(26.0)),
        (90_000, motion(false)),
        (100_000, warm(20.0)),
        (130_000, press()),
        (140_000, warm(27.0)),
        (150_000, door(true)),
        (170_000, door(false)),
        (171_000, door(true)),
        (240_000, door(false)),
        (300_000, motion(true)),
    ]
}

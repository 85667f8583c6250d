//! The examples do what their descriptions say, once they are imported.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{ForeignFormat, HomeView};
use model::rule::{Missed, RunMode, Step, Trigger};
use model::{HookId, Name, RuleBody, RuleId, Value, VariableValue};

use crate::house;
use crate::running::Running;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

/// The rules of an example, and those that they run, in a home that has what they name.
fn example(text: &str) -> (HomeView, Vec<(RuleId, RuleBody)>) {
    let format = ForeignFormat::HomeAssistant;
    let first = importer::read(format, text, &BTreeMap::new(), &house::empty()).unwrap();
    let (home, meanings) = house::with(&first.unmapped);
    let read = importer::read(format, text, &meanings, &home).unwrap();
    let scripts = first.unmapped.iter().filter(|it| it.id.starts_with("script."));
    let mut rules: Vec<(RuleId, RuleBody)> =
        scripts.map(|it| (it.id.replace('.', "-").parse().unwrap(), script(&it.id))).collect();
    for (number, rule) in read.rules.into_iter().enumerate() {
        let id = format!("rule-{number}").parse().unwrap();
        rules.extend(rule.body.map(|body| (id, body)));
    }
    (home, rules)
}

/// Something that can be run and does nothing.
fn script(name: &str) -> RuleBody {
    RuleBody {
        name: Name::lossy(name).unwrap(),
        triggers: vec![Trigger::Webhook(HookId::try_from("0123456789abcdef").unwrap())],
        conditions: Vec::new(),
        steps: vec![Step::Stop],
        mode: RunMode::Single,
        missed: Missed::default(),
    }
}

fn running(text: &str, time: &str) -> Running {
    let (home, rules) = example(text);
    Running::at(time, &home, rules)
}

fn on(is: bool) -> Value {
    Value::OnOff(is)
}

fn occupied(is: bool) -> Value {
    Value::OccupancySensing(is)
}

#[test]
fn accents_go_off_five_minutes_after_the_kitchen_lights_came_on() {
    let mut home = running(include_str!("examples/kitchen-lights-and-accents.yaml"), "12:00");
    home.says("light.kitchen_lights", on(false));
    home.says("group.kitchen_accents", on(true));
    home.says("light.kitchen_lights", on(true));
    home.pass(4 * MINUTE);
    assert_eq!(home.asked(), [""; 0]);
    home.pass(MINUTE);
    assert_eq!(home.asked(), ["group.kitchen_accents SetOnOff(false)"]);
}

#[test]
fn accents_stay_when_the_kitchen_lights_go_off_in_between() {
    let mut home = running(include_str!("examples/kitchen-lights-and-accents.yaml"), "12:00");
    home.says("light.kitchen_lights", on(false));
    home.says("group.kitchen_accents", on(true));
    home.says("light.kitchen_lights", on(true));
    home.pass(3 * MINUTE);
    home.says("light.kitchen_lights", on(false));
    home.pass(HOUR);
    assert_eq!(home.asked(), [""; 0]);
}

#[test]
fn the_light_upstairs_is_on_for_two_hours_at_most() {
    let mut home = running(include_str!("examples/upstairs-motion-ifttt.yaml"), "20:00");
    home.says("light.upstairs_lights", on(false));
    home.says("light.upstairs_lights", on(true));
    home.pass(2 * HOUR - MINUTE);
    assert_eq!(home.asked(), [""; 0]);
    home.pass(MINUTE);
    assert_eq!(home.asked(), ["light.upstairs_lights SetOnOff(false)"]);
}

#[test]
fn the_watchdog_switches_off_the_light_that_was_left_on_and_no_other() {
    let mut home = running(include_str!("examples/system-watchdog-light.yaml"), "12:00");
    home.says("light.foyer", on(false));
    home.says("light.hallway_lights", on(false));
    home.says("light.foyer", on(true));
    home.pass(10 * MINUTE);
    home.says("light.hallway_lights", on(true));
    home.pass(10 * MINUTE);
    assert_eq!(home.asked(), ["light.foyer SetOnOff(false)"]);
}

#[test]
fn at_sunrise_the_watchdog_switches_the_outdoor_lights_off() {
    let mut home = running(include_str!("examples/system-watchdog-light.yaml"), "00:00");
    home.pass(4 * HOUR);
    assert_eq!(home.asked(), [""; 0], "the sun rises at five in July");
    home.pass(2 * HOUR);
    let asked = home.asked();
    assert_eq!(asked.len(), 15, "{asked:?}");
    assert!(asked.iter().all(|it| it.ends_with("SetOnOff(false)")), "{asked:?}");
}

#[test]
fn an_empty_house_is_locked_at_three_unless_guests_are_there() {
    let text = include_str!("examples/away.yaml");
    for (guests, expected) in [(true, 0), (false, 2)] {
        let (mut view, rules) = example(text);
        view.people.push(model::Person {
            id: "kim".parse().unwrap(),
            name: Name::lossy("Kim").unwrap(),
            phone: None,
            presence: model::Presence::default(),
        });
        let mut home = Running::at("02:30", &view, rules);
        home.set("input_boolean-guest_mode", VariableValue::YesNo(guests));
        home.is_home("kim", true);
        home.is_home("kim", false);
        home.asked();
        home.pass(HOUR);
        // At three and, half an hour later, two hours before sunrise: both in this hour or not.
        let asked = home.asked();
        let locked = asked.iter().filter(|it| *it == "lock.front_door SetLocked(true)").count();
        assert_eq!(locked > 0, expected > 0, "guests {guests}: {asked:?}");
    }
}

#[test]
fn the_accent_light_goes_off_once_both_are_in_bed() {
    let (mut view, rules) = example(include_str!("examples/master-bath-accents.yaml"));
    view.people.retain(|it| !it.id.as_str().starts_with("group"));
    let mut home = Running::at("22:30", &view, rules);
    let (one, other) = (
        "binary_sensor.sleepnumber_robin_robin_is_in_bed",
        "binary_sensor.sleepnumber_robin_kim_is_in_bed",
    );
    for person in ["person-robin", "person-kim"]
        .into_iter()
        .filter(|it| view.people.iter().any(|who| who.id.as_str() == *it))
    {
        home.is_home(person, true);
    }
    home.says(one, occupied(true));
    home.says(other, occupied(false));
    home.says(one, occupied(false));
    assert_eq!(home.asked(), ["switch.master_bathroom_accent_1 SetOnOff(true)"]);
    home.says(one, occupied(true));
    home.pass(HOUR);
    assert_eq!(home.asked(), [""; 0], "one of them is still up");
    home.says(other, occupied(true));
    assert_eq!(home.asked(), ["group.master_bathroom_accents SetOnOff(false)"]);
}

#[test]
fn good_night_comes_when_both_are_in_bed_after_dark() {
    let text = include_str!("examples/good-night.yaml");
    for (time, is_dark) in [("23:00", true), ("16:00", false)] {
        let mut home = running(text, time);
        let (one, other) = (
            "binary_sensor.sleepnumber_robin_robin_is_in_bed",
            "binary_sensor.sleepnumber_robin_kim_is_in_bed",
        );
        home.set("input_boolean-good_night", VariableValue::YesNo(false));
        for bed in [one, other] {
            home.says(bed, occupied(false));
        }
        home.says("group.bed", occupied(false));
        home.says(one, occupied(true));
        home.asked();
        home.says(other, occupied(true));
        let asked = home.asked();
        let is_off = asked.iter().any(|it| it == "group.outdoor_seasonal SetOnOff(false)");
        assert_eq!(is_off, is_dark, "{time}: {asked:?}");
    }
}

#[test]
fn a_flash_that_cannot_be_flashed_is_at_least_switched_off_again() {
    let mut home = running(include_str!("examples/flash-all.yaml"), "12:00");
    home.set("input_boolean-flash", VariableValue::YesNo(true));
    home.pass(MINUTE);
    assert_eq!(home.variable("input_boolean-flash"), VariableValue::YesNo(false));
    assert_eq!(home.asked(), [""; 0]);
}

#[test]
fn the_scene_outside_is_set_when_a_door_stays_open_after_dark() {
    let mut home = running(include_str!("examples/late-night-outside-helper.yaml"), "23:00");
    home.says("group.garage_doors", Value::BooleanState(false));
    home.says("group.garage_doors", Value::BooleanState(true));
    home.pass(14 * Duration::from_secs(1));
    assert_eq!(home.asked(), [""; 0]);
    home.pass(Duration::from_secs(2));
    assert_eq!(home.asked(), ["light.of_scene-front_full_brightness SetOnOff(true)"]);
}

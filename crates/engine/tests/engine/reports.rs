//! What devices say, and whether they can be talked to.

use std::time::Duration;

use model::{
    ButtonEvent, Capability, Cause, EndpointKind, IssueAction, Progress, Reachability, Report,
    Source, Spec, Value,
};

use crate::home::{
    BOX, Home, LAMP, PLUG, at, check, described, endpoint_id, id, lamp, name, on, part, plug,
    record, saved,
};

const SWITCH: &str = "shelly-plug/switch-0";

#[test]
fn a_value_is_written_down_and_told_with_its_age_and_source() {
    let mut home = Home::new();
    check(
        &home.says(SWITCH, Value::OnOff(true)),
        "write report shelly-plug/switch-0 OnOff(true)
        tell shelly-plug/switch-0 OnOff OnOff(true)",
    );
    let state = home.state(SWITCH, Capability::OnOff);
    assert_eq!((state.reported_at, state.source), (Some(home.now.wall), Some(Source::Pushed)));
}

#[test]
fn the_same_again_is_told_once_a_second() {
    let mut home = Home::new();
    let mut told = 0;
    for _ in 0..50 {
        told += usize::from(!home.says(SWITCH, Value::OnOff(true)).is_empty());
        home.wait(100);
    }
    assert_eq!(told, 5);
    let age = home.state(SWITCH, Capability::OnOff).reported_at.unwrap().age_at(home.now.wall);
    assert!(age <= Duration::from_millis(1_000), "{age:?}");
    assert!(!home.says(SWITCH, Value::OnOff(false)).is_empty(), "a change is told at once");
    assert!(!home.says(SWITCH, Value::OnOff(true)).is_empty(), "and so is the next");
}

#[test]
fn what_is_not_described_or_not_a_number_is_ignored() {
    let mut home = Home::new();
    for (endpoint, value) in [
        ("shelly-none/switch-0", Value::OnOff(true)),
        ("shelly-plug/none", Value::OnOff(true)),
        (SWITCH, Value::GenericMeasurement(1.0)),
        ("esphome-box/number", Value::NumericControl(f64::NAN)),
        ("esphome-box/number", Value::NumericControl(f64::INFINITY)),
    ] {
        check(&home.says(endpoint, value), "");
    }
}

#[test]
fn a_press_is_an_event_and_is_not_remembered() {
    let mut home = Home::new();
    let press = |key: &str| Report::Pressed(key.parse().unwrap(), ButtonEvent::Pressed(2));
    check(
        &home.hear(BOX, press("button")),
        "write record esphome-box/button Pressed(2)
        tell pressed esphome-box/button Pressed(2)",
    );
    check(&home.hear(BOX, press("none")), "");
}

#[test]
fn reaching_a_device_elsewhere_is_written_down() {
    let mut home = Home::new();
    check(&home.hear(PLUG, Report::Reached(at("10.0.0.1:80"))), "");
    check(
        &home.hear(PLUG, Report::Reached(at("10.0.0.9:80"))),
        "write device shelly-plug
        tell device shelly-plug \"Plug\" reachable",
    );
    assert_eq!(home.device(PLUG).address, at("10.0.0.9:80"));
}

#[test]
fn being_lost_again_and_again_is_told_once_and_counts_from_the_first() {
    let mut home = Home::new();
    let lost_at = home.now.wall;
    check(
        &home.lose(PLUG, Cause::NoAnswer),
        "tell device shelly-plug \"Plug\" unreachable NoAnswer
        write record shelly-plug unreachable",
    );
    home.wait(60_000);
    check(&home.lose(PLUG, Cause::NoAnswer), "");
    home.lose(PLUG, Cause::Garbage("?".to_owned()));
    let Reachability::Unreachable { since, .. } = home.device(PLUG).reachability else {
        panic!("it is unreachable");
    };
    assert_eq!(since, lost_at);
    check(
        &home.hear(PLUG, Report::Reached(at("10.0.0.1:80"))),
        "tell device shelly-plug \"Plug\" reachable
        tell issue gone garbage:shelly-plug
        write record shelly-plug reachable",
    );
}

#[test]
fn trouble_that_a_person_can_fix_is_an_issue_until_the_device_is_reached() {
    let found = id("shelly-other");
    for (cause, issue, action) in [
        (Cause::NeedsSecret, "needs-secret", IssueAction::EnterSecret),
        (Cause::WrongSecret, "wrong-secret", IssueAction::EnterSecret),
        (Cause::WrongIdentity { found }, "wrong-identity", IssueAction::OpenDevice),
        (Cause::Garbage("?".to_owned()), "garbage", IssueAction::OpenDevice),
    ] {
        let mut home = Home::new();
        let told = home.lose(PLUG, cause.clone());
        assert!(told.contains(&format!("tell issue {issue}:shelly-plug")), "{told:?}");
        assert_eq!(home.engine.snapshot().issues[0].kind.action(), action);
        check(&home.lose(PLUG, cause), "");
        let told = home.hear(PLUG, Report::Reached(at("10.0.0.1:80")));
        assert!(told.contains(&format!("tell issue gone {issue}:shelly-plug")), "{told:?}");
        assert!(home.engine.snapshot().issues.is_empty());
    }
}

#[test]
fn a_device_has_one_trouble_at_a_time() {
    let mut home = Home::new();
    home.lose(PLUG, Cause::NeedsSecret);
    check(
        &home.lose(PLUG, Cause::WrongSecret),
        "tell issue gone needs-secret:shelly-plug
        tell issue wrong-secret:shelly-plug
        tell device shelly-plug \"Plug\" unreachable WrongSecret",
    );
    home.lose(PLUG, Cause::NoAnswer);
    assert_eq!(home.engine.snapshot().issues.len(), 1, "the password is still wrong");
}

#[test]
fn a_description_is_written_down_when_it_says_anything_new() {
    let mut home = Home::new();
    check(&home.hear(PLUG, Report::Described(plug())), "");
    let mut changed = plug();
    changed.firmware = Some(name("2.0"));
    check(
        &home.hear(PLUG, Report::Described(changed)),
        "write device shelly-plug
        tell device shelly-plug \"Plug\" reachable",
    );
}

#[test]
fn what_a_description_keeps_keeps_its_state() {
    let mut home = Home::new();
    home.says("wled-lamp/light-0", Value::OnOff(true));
    home.says("wled-lamp/light-0", Value::Level(crate::home::level(7)));
    let mut changed = lamp();
    changed.endpoints[0].specs = vec![Spec::OnOff];
    changed.endpoints.push(part("light-1", EndpointKind::Light, vec![Spec::OnOff]));
    home.hear(LAMP, Report::Described(changed));
    let states = home.endpoint("wled-lamp/light-0").states;
    assert_eq!(states.keys().copied().collect::<Vec<_>>(), [Capability::OnOff]);
    home.hear(LAMP, Report::Described(lamp()));
    assert_eq!(home.tile("wled-lamp/light-0", Capability::Level), "", "nothing said since");
}

#[test]
fn a_device_that_names_a_part_twice_means_the_first() {
    let mut home = Home::new();
    let twice = vec![
        part("light-0", EndpointKind::Light, vec![Spec::OnOff, Spec::OnOff]),
        part("light-0", EndpointKind::Fan, vec![Spec::Level]),
    ];
    home.hear(LAMP, Report::Described(described("Lamp", twice.clone())));
    let endpoints = home.device(LAMP).endpoints;
    assert_eq!(endpoints.len(), 1);
    assert_eq!((endpoints[0].kind, endpoints[0].specs.len()), (EndpointKind::Light, 1));
    check(&home.hear(LAMP, Report::Described(described("Lamp", twice))), "");
}

#[test]
fn every_word_of_a_device_moves_when_it_was_heard_and_none_about_it_does() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    let mut heard = |report: Report| {
        home.wait(1_000);
        home.hear(PLUG, report);
        home.device(PLUG).heard_at == Some(home.now.wall)
    };
    let values = vec![(endpoint_id(SWITCH).key, Value::OnOff(true))];
    assert!(heard(Report::Values(Source::Pushed, values)));
    assert!(heard(Report::Described(plug())));
    assert!(!heard(Report::Progress("c1".parse().unwrap(), Progress::Sent)));
    assert!(heard(Report::Progress("c1".parse().unwrap(), Progress::Acknowledged)));
    assert!(!heard(Report::Lost(Cause::NoAnswer)));
}

#[test]
fn when_a_device_was_last_heard_is_told_once_it_matters() {
    let mut home = Home::new();
    home.wait(1_000);
    home.says(SWITCH, Value::OnOff(true));
    assert!(!home.is_told(), "not with every word");
    home.lose(PLUG, Cause::NoAnswer);
    assert!(home.is_told());
}

#[test]
fn devices_of_one_name_are_told_apart_as_long_as_there_are_two() {
    let mut home = Home::new();
    check(
        &home.hear(LAMP, Report::Described(described("Plug", lamp().endpoints))),
        "write device wled-lamp
        tell device shelly-plug \"Plug plug\" reachable
        tell device wled-lamp \"Plug lamp\" reachable",
    );
    assert_eq!(home.endpoint("wled-lamp/light-0").name, "Plug lamp");
    check(
        &home.hear(LAMP, Report::Described(lamp())),
        "write device wled-lamp
        tell device shelly-plug \"Plug\" reachable
        tell device wled-lamp \"Lamp\" reachable",
    );
}

#[test]
fn a_name_that_people_gave_stays_and_the_other_gives_way() {
    let mut home = Home::new();
    home.ask(api::Request::NameDevice(id(LAMP), Some(name("Plug"))));
    assert_eq!(home.device(LAMP).name, "Plug");
    assert_eq!(home.device(PLUG).name, "Plug plug");
    home.ask(api::Request::RemoveDevice(id(LAMP)));
    assert_eq!(home.device(PLUG).name, "Plug");
}

#[test]
fn devices_whose_ids_end_alike_are_told_apart_by_all_of_it() {
    let mut saved = saved();
    for (device, address) in [("shelly-a1111", "10.0.1.1:80"), ("shelly-b1111", "10.0.1.2:80")] {
        saved.devices.push(record(device, address, plug()));
    }
    let home = Home::opened(saved).0;
    assert_eq!(home.device("shelly-a1111").name, "Plug shelly-a1111");
    assert_eq!(home.device("shelly-b1111").name, "Plug shelly-b1111");
    assert_eq!(home.device(PLUG).name, "Plug plug");
}

#[test]
fn a_device_without_a_name_goes_by_its_model_or_id() {
    let mut home = Home::new();
    let mut nameless = plug();
    nameless.name = None;
    home.hear(PLUG, Report::Described(nameless.clone()));
    assert_eq!(home.device(PLUG).name, "shelly-plug");
    nameless.model = Some(name("SNSW-001"));
    home.hear(PLUG, Report::Described(nameless));
    assert_eq!(home.device(PLUG).name, "SNSW-001");
}

#[test]
fn parts_without_a_name_take_their_devices() {
    let mut home = Home::new();
    assert_eq!(home.endpoint(SWITCH).name, "Plug");
    let mut endpoints: Vec<_> = ["switch-0", "switch-1", "switch-2", "uptime"]
        .map(|key| part(key, EndpointKind::Switch, vec![Spec::OnOff]))
        .into();
    endpoints[1].name = Some(name("Heater"));
    endpoints[3].category = model::Category::Diagnostic;
    home.hear(PLUG, Report::Described(described("Plug", endpoints)));
    let names: Vec<String> = home.device(PLUG).endpoints.into_iter().map(|it| it.name).collect();
    assert_eq!(names, ["Plug 1", "Heater", "Plug 2", "Plug uptime"]);
}

//! Since when a value is so, and what made it so.

use model::{
    Action, Capability, Cause, CoverMotion, CoverMove, CoverState, LastReport, OpenCommand, Origin,
    Progress, Report, SavedHome, Timestamp, Value,
};

use crate::home::{Home, LAMP, PLUG, at, command_id, endpoint_id, level, off, on, saved};

const SWITCH: &str = "shelly-plug/switch-0";
const LIGHT: &str = "wled-lamp/light-0";
const BLIND: &str = "esphome-box/blind";

fn origin(home: &Home, endpoint: &str, capability: Capability) -> Origin {
    home.state(endpoint, capability).origin
}

/// A command that the device confirms with this.
fn done(home: &mut Home, command: &str, endpoint: &str, action: Action, says: Value) {
    home.control(command, endpoint, action);
    let device = endpoint_id(endpoint).device;
    home.progress(device.as_str(), command, Progress::Sent);
    home.says(endpoint, says);
}

#[test]
fn a_value_is_so_since_it_last_changed() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(true));
    let first = home.now.wall;
    for _ in 0..3 {
        home.wait(5_000);
        home.says(SWITCH, Value::OnOff(true));
        assert_eq!(home.state(SWITCH, Capability::OnOff).since, Some(first));
        assert_eq!(home.state(SWITCH, Capability::OnOff).reported_at, Some(home.now.wall));
    }
    home.says(SWITCH, Value::OnOff(false));
    assert_eq!(home.state(SWITCH, Capability::OnOff).since, Some(home.now.wall));
}

#[test]
fn what_is_first_heard_was_made_so_by_nobody_knows_whom() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::Unknown);
    home.says(SWITCH, Value::OnOff(false));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::Device);
}

#[test]
fn what_a_person_asked_for_is_their_doing_until_it_changes() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(false));
    done(&mut home, "c1", SWITCH, on(), Value::OnOff(true));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::App);
    home.wait(60_000);
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::App, "it is so still");
    for on in [false, true] {
        home.says(SWITCH, Value::OnOff(on));
        assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::Device);
    }
}

#[test]
fn asking_for_what_is_so_already_makes_it_nobody_elses_doing() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(false));
    home.says(SWITCH, Value::OnOff(true));
    done(&mut home, "c1", SWITCH, on(), Value::OnOff(true));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::Device);
}

#[test]
fn the_contrary_of_what_was_asked_is_the_devices_doing() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(true));
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    home.says(SWITCH, Value::OnOff(false));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::Device);
}

#[test]
fn a_light_that_gets_a_level_goes_on_by_the_same_hand() {
    let mut home = Home::new();
    home.says(LIGHT, Value::OnOff(false));
    home.says(LIGHT, Value::Level(level(10)));
    done(&mut home, "c1", LIGHT, Action::SetLevel(level(40)), Value::Level(level(40)));
    home.says(LIGHT, Value::OnOff(true));
    assert_eq!(origin(&home, LIGHT, Capability::OnOff), Origin::App);
    home.says(LIGHT, Value::OnOff(false));
    assert_eq!(origin(&home, LIGHT, Capability::OnOff), Origin::Device, "no level switches off");
    home.wait(2_001);
    home.says(LIGHT, Value::OnOff(true));
    assert_eq!(origin(&home, LIGHT, Capability::OnOff), Origin::Device, "that was long ago");
}

#[test]
fn values_on_the_way_to_what_was_asked_are_its_doing_too() {
    let mut home = Home::new();
    home.says(LIGHT, Value::Level(level(10)));
    home.control("c1", LIGHT, Action::SetLevel(level(90)));
    home.progress(LAMP, "c1", Progress::Sent);
    for percent in [30, 60] {
        home.says(LIGHT, Value::Level(level(percent)));
        assert_eq!(origin(&home, LIGHT, Capability::Level), Origin::App);
        assert!(home.state(LIGHT, Capability::Level).pending.is_some(), "not there yet");
    }
    home.says(LIGHT, Value::Level(level(90)));
    assert!(home.state(LIGHT, Capability::Level).pending.is_none());
}

#[test]
fn a_covering_goes_on_moving_by_the_same_hand() {
    let cover =
        |open: u8, motion| Value::WindowCovering(CoverState { open: Some(level(open)), motion });
    let mut home = Home::new();
    home.says(BLIND, cover(100, CoverMotion::Stopped));
    let to = Action::MoveCover(CoverMove::To(level(40)));
    done(&mut home, "c1", BLIND, to, cover(95, CoverMotion::Closing));
    home.wait(20_000);
    home.says(BLIND, cover(60, CoverMotion::Closing));
    home.says(BLIND, cover(40, CoverMotion::Stopped));
    assert_eq!(origin(&home, BLIND, Capability::WindowCovering), Origin::App);
    home.says(BLIND, cover(41, CoverMotion::Opening));
    assert_eq!(origin(&home, BLIND, Capability::WindowCovering), Origin::Device);
}

#[test]
fn a_late_confirmation_is_the_doing_of_whoever_asked() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(false));
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    home.wait(10_000);
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::App);
}

#[test]
fn what_changed_while_a_device_was_away_was_made_so_by_nobody_knows_whom() {
    let mut home = Home::new();
    done(&mut home, "c1", SWITCH, on(), Value::OnOff(true));
    let since = home.state(SWITCH, Capability::OnOff).since;
    home.wait(1_000);
    home.lose(PLUG, Cause::NoAnswer);
    home.hear(PLUG, Report::Reached(at("10.0.0.1:80")));
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::App, "nothing has changed");
    assert_eq!(home.state(SWITCH, Capability::OnOff).since, since);
    home.wait(60_000);
    home.lose(PLUG, Cause::NoAnswer);
    home.hear(PLUG, Report::Reached(at("10.0.0.1:80")));
    home.says(SWITCH, Value::OnOff(false));
    assert_eq!(origin(&home, SWITCH, Capability::OnOff), Origin::Unknown);
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(home.state(SWITCH, Capability::OnOff).since, Some(home.now.wall));
}

#[test]
fn since_and_origin_outlive_a_restart() {
    let report = LastReport {
        endpoint: endpoint_id(SWITCH),
        value: Value::OnOff(true),
        at: Timestamp(9),
        since: Timestamp(5),
        origin: Origin::App,
    };
    let mut home = Home::opened(SavedHome { reports: vec![report], ..saved() }).0;
    let state = home.state(SWITCH, Capability::OnOff);
    assert_eq!((state.since, state.origin), (Some(Timestamp(5)), Origin::App));
    home.says(SWITCH, Value::OnOff(true));
    let state = home.state(SWITCH, Capability::OnOff);
    assert_eq!((state.since, state.origin), (Some(Timestamp(5)), Origin::App));
}

#[test]
fn what_was_on_its_way_at_a_stop_and_shows_afterwards_is_the_doing_of_whoever_asked() {
    let origin = Origin::Scene("dusk".parse().unwrap());
    let open = OpenCommand {
        id: command_id("c1"),
        endpoint: endpoint_id(SWITCH),
        action: off(),
        requested_at: Timestamp(1),
        origin: origin.clone(),
    };
    let mut home = Home::opened(SavedHome { open_commands: vec![open], ..saved() }).0;
    home.says(SWITCH, Value::OnOff(false));
    assert_eq!(home.state(SWITCH, Capability::OnOff).origin, origin);
}

#[test]
fn what_is_written_down_says_since_when_and_by_whom() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(false));
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    let value = vec![(endpoint_id(SWITCH).key, Value::OnOff(true))];
    let report = Report::Values(model::Source::Pushed, value);
    let effects = home.engine.handle_report(&endpoint_id(SWITCH).device, report, home.now);
    let written = effects.iter().find_map(|it| match it {
        engine::Effect::Persist(model::Change::Reported(report)) => Some(report.clone()),
        _ => None,
    });
    let written = written.unwrap();
    assert_eq!((written.since, written.origin), (home.now.wall, Origin::App));
    home.done(effects);
}

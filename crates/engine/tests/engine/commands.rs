//! The life of a command.

use model::{
    Action, Capability, Cause, CoverMotion, CoverMove, CoverState, FailReason, LockState, Progress,
    Report, Source, Value,
};

use crate::home::{
    BOX, Home, LAMP, PLUG, check, command_id, described, endpoint_id, id, level, off, on, part,
};

const SWITCH: &str = "shelly-plug/switch-0";
const LIGHT: &str = "wled-lamp/light-0";

#[test]
fn a_command_is_written_down_before_it_leaves() {
    let happened = Home::new().control("c1", SWITCH, on());
    check(
        &happened,
        "write opened c1
        tell shelly-plug/switch-0 OnOff pending Requested
        tell c1 Requested
        send c1
        reply Done",
    );
}

#[test]
fn a_command_is_done_when_the_device_shows_it() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    check(
        &home.progress(PLUG, "c1", Progress::Sent),
        "tell shelly-plug/switch-0 OnOff pending Sent
        tell c1 Sent",
    );
    check(
        &home.progress(PLUG, "c1", Progress::Acknowledged),
        "tell shelly-plug/switch-0 OnOff pending Acknowledged
        tell c1 Acknowledged",
    );
    check(
        &home.says(SWITCH, Value::OnOff(true)),
        "write report shelly-plug/switch-0 OnOff(true)
        write closed c1 Observed
        tell shelly-plug/switch-0 OnOff OnOff(true)
        tell c1 Observed",
    );
    assert_eq!(home.engine.poll_timeout(), None);
}

#[test]
fn what_was_said_before_the_command_left_confirms_nothing() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    check(
        &home.says(SWITCH, Value::OnOff(true)),
        "write report shelly-plug/switch-0 OnOff(true)
        tell shelly-plug/switch-0 OnOff OnOff(true) pending Requested",
    );
}

#[test]
fn another_value_leaves_the_command_pending() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    home.says(SWITCH, Value::OnOff(false));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(false) pending Sent");
    let pending = home.state(SWITCH, Capability::OnOff).pending.unwrap();
    assert_eq!(pending.wanted, Some(Value::OnOff(true)));
}

#[test]
fn an_unchanged_value_said_at_once_still_confirms() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(true));
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(true)");
}

#[test]
fn a_device_that_does_not_say_is_asked_once() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    check(&home.wait(300), "");
    home.progress(PLUG, "c1", Progress::Sent);
    home.wait(100);
    home.progress(PLUG, "c1", Progress::Acknowledged);
    check(&home.wait(299), "");
    check(&home.wait(1), "refresh shelly-plug");
    check(&home.wait(2_000), "");
}

#[test]
fn two_commands_for_one_device_ask_it_once() {
    let mut home = Home::new();
    for (command, action) in [("c1", on()), ("c2", Action::SetLevel(level(40)))] {
        home.control(command, LIGHT, action);
        home.progress(LAMP, command, Progress::Sent);
    }
    check(&home.wait(400), "refresh wled-lamp");
}

#[test]
fn a_command_that_is_never_confirmed_expires() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    home.wait(2_999);
    check(
        &home.wait(1),
        "write closed c1 Expired
        tell shelly-plug/switch-0 OnOff failed Expired
        tell c1 Expired",
    );
    check(&home.progress(PLUG, "c1", Progress::Acknowledged), "");
}

#[test]
fn a_late_confirmation_forgives() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    home.wait(3_000);
    home.says(SWITCH, Value::OnOff(false));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(false) failed Expired");
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(true)");
}

#[test]
fn the_same_value_said_at_once_forgives_too() {
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(true));
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Failed(FailReason::QueueFull));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(true) failed QueueFull");
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(true)");
}

#[test]
fn the_next_command_clears_the_failure() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.wait(3_000);
    home.control("c2", SWITCH, on());
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "pending Requested");
}

#[test]
fn what_is_heavy_has_eight_seconds() {
    let to_half = CoverMove::To(level(50));
    for (endpoint, action, millis) in [
        ("esphome-box/lock", Action::SetLocked(true), 8_000),
        ("esphome-box/blind", Action::MoveCover(to_half), 8_000),
        ("esphome-box/number", Action::SetNumber(1.0), 3_000),
        ("esphome-box/bell", Action::Press, 3_000),
        (SWITCH, on(), 3_000),
    ] {
        let mut home = Home::new();
        let capability = action.capability();
        home.control("c1", endpoint, action);
        let pending = home.state(endpoint, capability).pending.unwrap();
        assert_eq!(pending.since.age_at(pending.until).as_millis(), millis);
        check(&home.wait(u64::try_from(millis).unwrap() - 1), "");
        assert!(home.wait(1).contains(&"tell c1 Expired".to_owned()), "{endpoint}");
    }
}

#[test]
fn a_covering_on_its_way_has_understood_but_a_lock_has_not() {
    let mut home = Home::new();
    home.control("c1", "esphome-box/blind", Action::MoveCover(CoverMove::Open));
    home.control("c2", "esphome-box/lock", Action::SetLocked(true));
    home.progress(BOX, "c1", Progress::Sent);
    home.progress(BOX, "c2", Progress::Sent);
    let opening = CoverState { open: Some(level(3)), motion: CoverMotion::Opening };
    let happened = home.says("esphome-box/blind", Value::WindowCovering(opening));
    assert!(happened.contains(&"tell c1 Observed".to_owned()));
    let happened = home.says("esphome-box/lock", Value::DoorLock(LockState::Locking));
    assert!(!happened.contains(&"tell c2 Observed".to_owned()));
    let happened = home.says("esphome-box/lock", Value::DoorLock(LockState::Locked));
    assert!(happened.contains(&"tell c2 Observed".to_owned()));
}

#[test]
fn a_press_is_done_when_the_device_has_understood() {
    let mut home = Home::new();
    home.control("c1", "esphome-box/bell", Action::Press);
    home.progress(BOX, "c1", Progress::Sent);
    check(&home.wait(1_000), "");
    check(
        &home.progress(BOX, "c1", Progress::Acknowledged),
        "write closed c1 Observed
        tell esphome-box/bell Momentary
        tell c1 Observed",
    );
}

#[test]
fn a_newer_command_takes_the_place_of_the_earlier() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    check(
        &home.control("c2", SWITCH, off()),
        "write opened c2
        write closed c1 Failed(Superseded)
        tell shelly-plug/switch-0 OnOff pending Requested
        tell c1 Failed(Superseded)
        tell c2 Requested
        send c2
        reply Done",
    );
    check(&home.progress(PLUG, "c1", Progress::Failed(FailReason::Superseded)), "");
    home.progress(PLUG, "c2", Progress::Sent);
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(true) pending Sent");
}

#[test]
fn commands_for_different_capabilities_go_side_by_side() {
    let mut home = Home::new();
    home.control("c1", LIGHT, on());
    home.control("c2", LIGHT, Action::SetLevel(level(40)));
    assert_eq!(home.tile(LIGHT, Capability::OnOff), "pending Requested");
    assert_eq!(home.tile(LIGHT, Capability::Level), "pending Requested");
}

#[test]
fn the_same_id_is_never_carried_out_twice() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    check(&home.control("c1", SWITCH, on()), "reply Duplicate");
    home.progress(PLUG, "c1", Progress::Sent);
    home.says(SWITCH, Value::OnOff(true));
    check(&home.control("c1", SWITCH, off()), "reply Duplicate");
    check(&home.control("c1", LIGHT, off()), "reply Duplicate");
}

#[test]
fn an_open_command_is_remembered_however_many_come_after_it() {
    let mut home = Home::new();
    home.control("first", SWITCH, on());
    home.lose(LAMP, Cause::NoAnswer);
    for number in 0..5_000 {
        home.control(&format!("c{number}"), LIGHT, on());
    }
    check(&home.control("first", LIGHT, on()), "reply Duplicate");
    check(&home.control("c4999", LIGHT, on()), "reply Duplicate");
    check(&home.control("c1000", LIGHT, on()), "reply Duplicate");
}

#[test]
fn what_makes_no_sense_is_refused_and_its_id_not_spent() {
    let mut home = Home::new();
    for (endpoint, action, reply) in [
        ("shelly-none/switch-0", on(), "reply NotFound"),
        ("shelly-plug/none", on(), "reply NotFound"),
        (SWITCH, Action::SetLevel(level(1)), "reply Invalid"),
        ("esphome-box/number", Action::SetNumber(11.0), "reply Invalid"),
        ("esphome-box/number", Action::SetNumber(f64::NAN), "reply Invalid"),
        (LIGHT, Action::SetEffect("Snow".to_owned()), "reply Invalid"),
        ("esphome-box/button", Action::Press, "reply Invalid"),
    ] {
        check(&home.control("c1", endpoint, action), reply);
    }
    assert!(home.control("c1", SWITCH, on()).contains(&"send c1".to_owned()));
}

#[test]
fn a_command_for_an_unreachable_device_fails_at_once_and_goes_nowhere() {
    let mut home = Home::new();
    home.lose(PLUG, Cause::NoAnswer);
    check(
        &home.control("c1", SWITCH, on()),
        "tell shelly-plug/switch-0 OnOff failed Unreachable
        tell c1 Failed(Unreachable)
        reply Done",
    );
    check(&home.control("c1", SWITCH, on()), "reply Duplicate");
}

#[test]
fn a_command_for_a_device_not_tried_yet_is_sent() {
    let mut home = Home::opened(crate::home::saved()).0;
    assert!(home.control("c1", SWITCH, on()).contains(&"send c1".to_owned()));
    check(
        &home.progress(PLUG, "c1", Progress::Failed(FailReason::Unreachable)),
        "write closed c1 Failed(Unreachable)
        tell shelly-plug/switch-0 OnOff failed Unreachable
        tell c1 Failed(Unreachable)",
    );
}

#[test]
fn a_lost_connection_ends_what_was_on_its_way() {
    let mut home = Home::new();
    home.control("c1", LIGHT, on());
    home.control("c2", LIGHT, Action::SetLevel(level(40)));
    home.progress(LAMP, "c2", Progress::Sent);
    check(
        &home.lose(LAMP, Cause::NoAnswer),
        "write closed c1 Failed(Unreachable)
        tell wled-lamp/light-0 OnOff failed Unreachable
        tell c1 Failed(Unreachable)
        write closed c2 Failed(ConnectionLost)
        tell wled-lamp/light-0 Level failed ConnectionLost
        tell c2 Failed(ConnectionLost)
        tell device wled-lamp \"Lamp\" unreachable NoAnswer
        write record wled-lamp unreachable",
    );
    assert_eq!(home.engine.poll_timeout(), None);
}

#[test]
fn the_device_may_refuse() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    let refusal = FailReason::Refused("too hot".to_owned());
    check(
        &home.progress(PLUG, "c1", Progress::Failed(refusal)),
        "write closed c1 Failed(Refused(\"too hot\"))
        tell shelly-plug/switch-0 OnOff failed Refused(\"too hot\")
        tell c1 Failed(Refused(\"too hot\"))",
    );
}

#[test]
fn nobody_else_can_speak_for_a_device() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    check(&home.progress(LAMP, "c1", Progress::Acknowledged), "");
    check(&home.progress(PLUG, "c9", Progress::Acknowledged), "");
    check(&home.progress("shelly-none", "c1", Progress::Acknowledged), "");
}

#[test]
fn progress_never_goes_back() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Acknowledged);
    check(&home.progress(PLUG, "c1", Progress::Sent), "");
    check(&home.progress(PLUG, "c1", Progress::Acknowledged), "");
    home.control("c2", "wled-lamp/light-0", on());
    home.progress(LAMP, "c2", Progress::Sent);
    check(&home.progress(LAMP, "c2", Progress::Sent), "");
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "pending Acknowledged");
}

#[test]
fn an_endpoint_that_vanishes_takes_its_commands_with_it() {
    let mut home = Home::new();
    home.control("c1", LIGHT, on());
    home.progress(LAMP, "c1", Progress::Sent);
    let other = described("Lamp", vec![part("light-1", model::EndpointKind::Light, vec![])]);
    check(
        &home.hear(LAMP, Report::Described(other)),
        "write device wled-lamp
        write closed c1 Failed(ConnectionLost)
        tell c1 Failed(ConnectionLost)
        tell device wled-lamp \"Lamp\" reachable",
    );
    assert_eq!(home.engine.poll_timeout(), None);
}

#[test]
fn a_polled_value_confirms_as_a_pushed_one_does() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.progress(PLUG, "c1", Progress::Sent);
    let values = vec![(endpoint_id(SWITCH).key, Value::OnOff(true))];
    let happened = home.hear(PLUG, Report::Values(Source::Polled, values));
    assert!(happened.contains(&"tell c1 Observed".to_owned()));
}

#[test]
fn a_deadline_that_is_noticed_late_is_still_kept() {
    let mut home = Home::new();
    home.control("c1", SWITCH, on());
    home.now = home.now.after(std::time::Duration::from_secs(3_600));
    let effects = home.engine.handle_timeout(home.now);
    assert!(home.done(effects).contains(&"tell c1 Expired".to_owned()));
    assert_eq!(home.engine.poll_timeout(), None);
    let failure = home.state(SWITCH, Capability::OnOff).failure.unwrap();
    assert_eq!((failure.command, failure.at), (command_id("c1"), home.now.wall));
    assert_eq!(home.device(PLUG).id, id(PLUG));
}

#[test]
fn a_level_of_nothing_is_off() {
    let happened = Home::new().control("c1", LIGHT, Action::SetLevel(level(0)));
    check(
        &happened,
        "write opened c1
        tell wled-lamp/light-0 OnOff pending Requested
        tell c1 Requested
        send c1
        reply Done",
    );
}

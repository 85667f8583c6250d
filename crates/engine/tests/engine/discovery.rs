//! Finding, adding, following and losing devices.

use api::{AddTarget, HubStatus, Request, Vault};
use model::{Cause, DeviceId, ProbeFailure, Reachability, Report, Secret, Value};

use crate::home::{
    BOX, Home, PLUG, add_at, add_found, answer, at, check, described, id, name, plug, status,
};

const NEW: &str = "shelly-new";
const SWITCH: &str = "shelly-plug/switch-0";

fn cause(home: &Home, device: &str) -> Option<Cause> {
    match home.device(device).reachability {
        Reachability::Unreachable { cause, .. } => Some(cause),
        Reachability::Unknown | Reachability::Reachable => None,
    }
}

#[test]
fn an_unknown_device_is_found_once_and_updated_in_place() {
    let mut home = Home::new();
    check(&home.see(NEW, &["10.0.0.7:80"]), "tell found shelly-new");
    check(&home.see(NEW, &["10.0.0.7:80"]), "");
    home.wait(1_000);
    check(&home.see(NEW, &["10.0.0.8:80"]), "tell found shelly-new");
    let found = home.engine.snapshot().found;
    assert_eq!(found.len(), 1);
    assert!(found[0].since < home.now.wall);
    check(&home.goodbye(NEW), "tell found gone shelly-new");
    check(&home.goodbye(NEW), "");
}

#[test]
fn a_flood_of_sightings_is_bounded() {
    let mut home = Home::new();
    let many: Vec<String> = (1..=100).map(|it| format!("10.1.0.{it}:80")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for number in 0..1_000 {
        home.see(&format!("shelly-{number}"), &many);
    }
    let found = home.engine.snapshot().found;
    assert_eq!(found.len(), 256);
    assert!(found.iter().all(|it| it.sighting.addresses.len() == 8));
}

#[test]
fn one_host_that_announces_hundreds_keeps_nobody_else_out() {
    let mut home = Home::new();
    for number in 0..1_000 {
        home.see(&format!("shelly-{number}"), &["10.0.0.66:80"]);
    }
    check(&home.see("shelly-more", &["10.0.0.66:80"]), "");
    check(
        &home.see(NEW, &["10.0.0.7:80"]),
        "tell found gone shelly-99
        tell found shelly-new",
    );
    // It is not put out again by those who are still many.
    check(&home.see("shelly-99", &["10.0.0.66:80"]), "");
    let found = home.engine.snapshot().found;
    assert_eq!(found.len(), 256);
    assert!(found.iter().any(|it| it.sighting.device == id(NEW)));
}

#[test]
fn a_full_list_of_hosts_with_one_device_each_stays_as_it_is() {
    let mut home = Home::new();
    for number in 0..256 {
        home.see(&format!("shelly-{number}"), &[&format!("10.0.{number}.1:80")]);
    }
    check(&home.see(NEW, &["10.1.0.7:80"]), "");
}

#[test]
fn a_found_device_is_asked_before_it_is_added() {
    let mut home = Home::new();
    home.see(NEW, &["10.0.0.7:80", "10.0.0.8:80"]);
    check(&home.ask(add_found(NEW)), "probe #1 10.0.0.7:80,10.0.0.8:80 for shelly-new");
    check(
        &home.probed(1, Ok(answer(NEW, "10.0.0.8:80", described("New", vec![])))),
        "write device shelly-new
        tell found gone shelly-new
        tell device shelly-new \"New\" unknown
        drive shelly-new 10.0.0.8:80,10.0.0.7:80
        write home - welcomed
        tell home
        reply Added(DeviceId(\"shelly-new\"))",
    );
    check(&home.probed(1, Err(ProbeFailure::NoAnswer)), "");
    check(&home.ask(add_found(NEW)), "reply AlreadyAdded(shelly-new)");
}

#[test]
fn a_device_is_added_by_address_with_name_room_and_secret() {
    let mut home = Home::new();
    let hall = || "hall".parse().unwrap();
    home.ask(Request::CreateRoom(hall(), name("Hall")));
    let target = AddTarget::At(at("10.0.0.7:80"), None);
    let secret = Some(Secret::new("hunter2".to_owned()));
    let request = Request::Add { target, secret, name: Some(name("Mine")), room: Some(hall()) };
    check(&home.ask(request), "probe #2 10.0.0.7:80 for anyone");
    check(
        &home.probed(2, Ok(answer(NEW, "10.0.0.7:80", described("New", vec![])))),
        "write device shelly-new
        tell device shelly-new \"Mine\" unknown
        keep secret of shelly-new
        drive shelly-new 10.0.0.7:80
        write home - welcomed
        tell home
        reply Added(DeviceId(\"shelly-new\"))",
    );
    assert_eq!(home.device(NEW).room, Some(hall()));
}

#[test]
fn a_room_that_is_removed_while_the_device_is_asked_is_left_out() {
    let mut home = Home::new();
    home.ask(Request::CreateRoom("hall".parse().unwrap(), name("Hall")));
    let target = AddTarget::At(at("10.0.0.7:80"), None);
    let room = Some("hall".parse().unwrap());
    home.ask(Request::Add { target, secret: None, name: None, room });
    home.ask(Request::RemoveRoom("hall".parse().unwrap()));
    home.probed(2, Ok(answer(NEW, "10.0.0.7:80", described("New", vec![]))));
    assert_eq!(home.device(NEW).room, None);
}

#[test]
fn whoever_else_answers_is_not_added() {
    let mut home = Home::new();
    home.see(NEW, &["10.0.0.7:80"]);
    home.ask(add_found(NEW));
    let other = answer("shelly-other", "10.0.0.7:80", plug());
    check(&home.probed(1, Ok(other)), "reply WrongIdentity(shelly-other)");
    assert_eq!(home.engine.snapshot().devices.len(), 3);
}

#[test]
fn a_probe_that_fails_says_why() {
    for (failure, reply) in [
        (ProbeFailure::NoAnswer, "reply NoAnswer"),
        (ProbeFailure::NotADevice("a printer".to_owned()), "reply NotADevice"),
        (ProbeFailure::NeedsSecret, "reply NeedsSecret"),
        (ProbeFailure::WrongSecret, "reply WrongSecret"),
    ] {
        let mut home = Home::new();
        home.ask(add_at("10.0.0.7:80"));
        check(&home.probed(1, Err(failure)), reply);
    }
}

#[test]
fn two_who_add_the_same_device_add_it_once() {
    let mut home = Home::new();
    home.ask(add_at("10.0.0.7:80"));
    home.ask(add_at("10.0.0.7:80"));
    let found = || Ok(answer(NEW, "10.0.0.7:80", described("New", vec![])));
    assert!(home.probed(2, found()).contains(&"drive shelly-new 10.0.0.7:80".to_owned()));
    check(&home.probed(1, found()), "reply AlreadyAdded(shelly-new)");
}

#[test]
fn adding_a_lost_device_where_it_is_now_finds_it_again() {
    let mut home = Home::new();
    home.lose(PLUG, Cause::NoAnswer);
    home.ask(add_at("10.0.0.50:80"));
    check(
        &home.probed(1, Ok(answer(PLUG, "10.0.0.50:80", plug()))),
        "drive shelly-plug 10.0.0.50:80,10.0.0.1:80
        reply AlreadyAdded(shelly-plug)",
    );
}

#[test]
fn what_cannot_be_added_is_refused_before_anyone_is_asked() {
    let mut home = Home::new();
    check(&home.ask(add_found(NEW)), "reply NotFound");
    check(&home.ask(add_found(PLUG)), "reply AlreadyAdded(shelly-plug)");
    home.see(NEW, &[]);
    check(&home.ask(add_found(NEW)), "reply NoAnswer");
    let target = || AddTarget::At(at("10.0.0.7:80"), None);
    let room = Some("none".parse().unwrap());
    check(
        &home.ask(Request::Add { target: target(), secret: None, name: None, room }),
        "reply NotFound",
    );
    for vault in [Vault::Locked, Vault::Absent] {
        let effects = home.engine.handle_status(HubStatus { vault, ..status() });
        home.done(effects);
        let secret = Some(Secret::new("hunter2".to_owned()));
        check(
            &home.ask(Request::Add { target: target(), secret, name: None, room: None }),
            "reply SecretsLocked",
        );
    }
}

#[test]
fn only_so_many_are_added_at_once() {
    let mut home = Home::new();
    for _ in 0..64 {
        home.ask(add_at("10.0.0.7:80"));
    }
    check(&home.ask(add_at("10.0.0.7:80")), "reply Busy");
    home.probed(1, Err(ProbeFailure::NoAnswer));
    check(&home.ask(add_at("10.0.0.7:80")), "probe #66 10.0.0.7:80 for anyone");
    assert_eq!(home.ticket(), 66);
}

#[test]
fn a_lost_device_is_looked_for_where_it_is_seen_and_followed_when_it_proves_itself() {
    let mut home = Home::new();
    home.lose(PLUG, Cause::NoAnswer);
    check(&home.see(PLUG, &["10.0.0.9:80"]), "drive shelly-plug 10.0.0.1:80,10.0.0.9:80");
    assert_eq!(home.device(PLUG).address, at("10.0.0.1:80"), "nothing is proven yet");
    check(
        &home.hear(PLUG, Report::Reached(at("10.0.0.9:80"))),
        "write device shelly-plug
        tell device shelly-plug \"Plug\" reachable
        write record shelly-plug reachable",
    );
}

#[test]
fn a_device_in_touch_is_left_alone_and_looked_for_when_it_is_lost() {
    let mut home = Home::new();
    check(&home.see(PLUG, &["10.0.0.9:80"]), "");
    check(
        &home.lose(PLUG, Cause::NoAnswer),
        "tell device shelly-plug \"Plug\" unreachable NoAnswer
        write record shelly-plug unreachable
        drive shelly-plug 10.0.0.1:80,10.0.0.9:80",
    );
    check(&home.lose(PLUG, Cause::NoAnswer), "");
}

#[test]
fn a_device_that_is_just_being_tried_is_not_disturbed_unless_it_has_moved() {
    let mut home = Home::opened(crate::home::saved()).0;
    check(&home.see(PLUG, &["10.0.0.1:80", "[fe80::1%2]:80"]), "");
    check(&home.see(BOX, &["10.0.0.9:80"]), "drive esphome-box 10.0.0.3:6053,10.0.0.9:80");
}

#[test]
fn a_lost_device_that_is_seen_is_tried_at_once_but_not_in_a_flood() {
    let mut home = Home::new();
    home.lose(PLUG, Cause::NoAnswer);
    check(&home.see(PLUG, &["10.0.0.1:80"]), "try shelly-plug");
    check(&home.see(PLUG, &["10.0.0.1:80"]), "");
    home.wait(5_000);
    check(&home.see(PLUG, &["10.0.0.1:80"]), "try shelly-plug");
}

#[test]
fn a_wrong_password_is_not_tried_again_because_the_device_is_seen() {
    let mut home = Home::new();
    home.lose(PLUG, Cause::WrongSecret);
    check(&home.see(PLUG, &["10.0.0.9:80"]), "");
}

#[test]
fn a_device_that_says_goodbye_has_three_seconds_to_show_that_it_is_there() {
    let mut home = Home::new();
    check(&home.goodbye(PLUG), "refresh shelly-plug");
    check(&home.wait(2_999), "");
    check(
        &home.wait(1),
        "tell device shelly-plug \"Plug\" unreachable SaidGoodbye
        write record shelly-plug unreachable",
    );
    check(&home.lose(PLUG, Cause::NoAnswer), "");
    assert_eq!(cause(&home, PLUG), Some(Cause::SaidGoodbye));
}

#[test]
fn a_goodbye_that_the_device_knows_nothing_of_is_void() {
    let mut home = Home::new();
    home.goodbye(PLUG);
    home.says(SWITCH, Value::OnOff(true));
    check(&home.wait(10_000), "");
    home.lose(PLUG, Cause::NoAnswer);
    assert_eq!(cause(&home, PLUG), Some(Cause::NoAnswer));
}

#[test]
fn a_device_that_is_announced_again_takes_its_goodbye_back() {
    let mut home = Home::new();
    home.goodbye(PLUG);
    home.see(PLUG, &["10.0.0.1:80"]);
    check(&home.wait(10_000), "");
}

#[test]
fn a_goodbye_does_not_outlive_the_removal_of_its_device() {
    let mut home = Home::new();
    home.goodbye(PLUG);
    home.ask(Request::RemoveDevice(id(PLUG)));
    assert_eq!(home.engine.poll_timeout(), None);
}

#[test]
fn a_device_that_speaks_after_its_goodbye_is_back() {
    let mut home = Home::new();
    home.goodbye(PLUG);
    home.wait(3_000);
    check(&home.see(PLUG, &["10.0.0.1:80"]), "refresh shelly-plug");
    check(
        &home.says(SWITCH, Value::OnOff(true)),
        "tell device shelly-plug \"Plug\" reachable
        write record shelly-plug reachable
        write report shelly-plug/switch-0 OnOff(true)
        tell shelly-plug/switch-0 OnOff OnOff(true)",
    );
}

#[test]
fn a_connection_that_breaks_after_a_goodbye_shows_the_goodbye() {
    let mut home = Home::new();
    home.goodbye(PLUG);
    home.lose(PLUG, Cause::NoAnswer);
    assert_eq!(cause(&home, PLUG), Some(Cause::SaidGoodbye));
    check(&home.wait(10_000), "");
    home.hear(PLUG, Report::Reached(at("10.0.0.1:80")));
    home.lose(PLUG, Cause::NoAnswer);
    assert_eq!(cause(&home, PLUG), Some(Cause::NoAnswer));
    check(&home.goodbye(PLUG), "tell device shelly-plug \"Plug\" unreachable SaidGoodbye");
}

#[test]
fn a_removed_device_leaves_nothing_behind_and_is_found_again_when_seen() {
    let mut home = Home::new();
    home.see(PLUG, &["10.0.0.1:80"]);
    home.control("c1", SWITCH, crate::home::on());
    check(
        &home.ask(Request::RemoveDevice(id(PLUG))),
        "write closed c1 Failed(Unreachable)
        tell shelly-plug/switch-0 OnOff failed Unreachable
        tell c1 Failed(Unreachable)
        undrive shelly-plug
        forget secret of shelly-plug
        write device gone shelly-plug
        tell device gone shelly-plug
        tell found shelly-plug
        reply Done",
    );
    assert_eq!(home.engine.poll_timeout(), None);
    check(&home.says(SWITCH, Value::OnOff(true)), "");
    check(&home.ask(Request::RemoveDevice(id(PLUG))), "reply NotFound");
}

#[test]
fn a_device_that_discovery_has_lost_is_not_found_again_when_removed() {
    let mut home = Home::new();
    home.see(PLUG, &["10.0.0.1:80"]);
    home.goodbye(PLUG);
    home.lose(PLUG, Cause::WrongSecret);
    let happened = home.ask(Request::RemoveDevice(id(PLUG)));
    assert!(happened.contains(&"tell issue gone wrong-secret:shelly-plug".to_owned()));
    assert!(!happened.contains(&"tell found shelly-plug".to_owned()));
    let found: Vec<DeviceId> =
        home.engine.snapshot().found.into_iter().map(|it| it.sighting.device).collect();
    assert_eq!(found, []);
    check(&home.wait(10_000), "");
}

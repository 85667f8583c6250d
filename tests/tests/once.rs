//! Nothing is ever done twice: counted by the devices themselves, whatever became of answers,
//! connections and the hub.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use tests::{Home, LATER, SOON, cause, is_lost, is_reachable, on_off};

const FAMILIES: [&str; 3] = ["shelly", "wled", "esphome"];

#[test]
fn a_device_unplugged_in_the_middle_of_a_command_is_said_and_nothing_is_done_twice() {
    let home = Home::with(18);
    for family in FAMILIES {
        let id = home.add_open(family);
        let (endpoint, on) = home.switch(&id);
        home.inflict(&id, "vanish_at_next_command");
        let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        // Its last word may have been that it had obeyed; else it is said why nobody knows.
        let confirmed = said.code == 0;
        let explained = said.code == 6 && !said.errors.trim().is_empty();
        assert!(confirmed || explained, "{family}: {} {}", said.code, said.errors);
        home.daemon.device_once(&id, "is lost", SOON, is_lost);
        home.inflict(&id, "heal");
        home.inflict(&id, "plug");
        home.daemon.device_once(&id, "is back", LATER, is_reachable);
        let (_, now) = home.switch(&id);
        assert_eq!(now, !on, "{family}: what it says itself on its return");
        assert_eq!(home.executed(&id), 1, "{family}: done once, and not again on its return");
    }
}

#[test]
fn a_device_that_obeys_and_does_not_answer_is_not_asked_again() {
    let home = Home::with(18);
    for family in FAMILIES {
        let id = home.add_open(family);
        let (endpoint, on) = home.switch(&id);
        home.inflict(&id, "drop_next_answer");
        let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        assert_eq!(said.code, 0, "{family}: it has pushed what it did: {}", said.errors);
        home.reboot(&id);
        home.daemon.device_once(&id, "is lost", SOON, is_lost);
        home.daemon.device_once(&id, "is back", LATER, is_reachable);
        let said = home.daemon.ctl(["set", &endpoint, on_off(on), "--wait"]).unwrap();
        assert_eq!(said.code, 0, "{family}: {}", said.errors);
        assert_eq!(home.executed(&id), 2, "{family}: each of the two once");
    }
}

#[test]
fn a_device_that_only_says_yes_is_not_believed() {
    let home = Home::with(18);
    for family in FAMILIES {
        let id = home.add_open(family);
        let (endpoint, on) = home.switch(&id);
        home.inflict(&id, "ignore_commands");
        let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        assert_eq!(said.code, 6, "{family}: {}", said.errors);
        assert!(said.errors.contains("never confirmed"), "{family}: {}", said.errors);
        let got = home.daemon.ctl(["get", &endpoint]).unwrap().lines.remove(0);
        let state = &got["capabilities"]["OnOff"];
        assert_eq!((&state["value"], &state["pending"]), (&json!(on), &json!(false)), "{family}");
    }
}

#[test]
fn a_command_to_a_device_that_is_gone_fails_with_words_and_is_not_kept_for_later() {
    let home = Home::with(18);
    for family in FAMILIES {
        let id = home.add_open(family);
        let (endpoint, on) = home.switch(&id);
        home.inflict(&id, "unplug");
        home.daemon.device_once(&id, "is lost", LATER, is_lost);
        let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        assert_eq!(said.code, 6, "{family}: {}", said.errors);
        home.inflict(&id, "plug");
        home.daemon.device_once(&id, "is back", LATER, is_reachable);
        assert_eq!(home.executed(&id), 0, "{family}");
    }
}

#[test]
fn a_stranger_at_the_place_of_a_device_is_never_commanded() {
    let home = Home::with(18);
    let ids = FAMILIES.map(|family| home.add_open(family));
    let switches = ids.each_ref().map(|id| home.switch(id));
    for id in &ids {
        home.inflict(id, "wrong_identity");
        home.reboot(id);
    }
    for (id, (endpoint, on)) in ids.iter().zip(&switches) {
        let is_found_out = |it: &Value| is_lost(it) && cause(it).contains("answers there instead");
        home.daemon.device_once(id, "is found to be another", LATER, is_found_out);
        let said = home.daemon.ctl(["set", endpoint, on_off(!on), "--wait"]).unwrap();
        assert_eq!(said.code, 6, "{}", said.errors);
        assert_eq!(home.executed(id), 0, "{id}");
    }
}

/// However far a command has come when the hub dies, its next life does not send it again.
#[test]
fn a_hub_killed_in_the_middle_of_a_command_does_not_repeat_it() {
    let mut home = Home::with(18);
    let ids = FAMILIES.map(|family| home.add_open(family));
    let mut done = [0; 3];
    for delay in [0, 300, 3_000] {
        let switches = ids.each_ref().map(|id| home.switch(id));
        for (id, (endpoint, on)) in ids.iter().zip(&switches) {
            home.simulated.inflict(id, &json!({ "fault": "slow", "ms": delay })).unwrap();
            let said = home.daemon.ctl(["set", endpoint, on_off(!on)]).unwrap();
            assert_eq!(said.code, 0, "{id}: {}", said.errors);
        }
        home.kill_hub();
        for (before, id) in done.iter_mut().zip(&ids) {
            home.inflict(id, "heal");
            home.daemon.device_once(id, "is back", SOON, is_reachable);
            let (endpoint, on) = home.switch(id);
            let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
            assert_eq!(said.code, 0, "{id}: {}", said.errors);
            let now = home.executed(id);
            let both = *before + 1..=*before + 2;
            assert!(both.contains(&now), "{id}, {delay} ms: {now} deeds, before {before}");
            *before = now;
        }
    }
}

#[test]
fn nothing_confirmed_is_lost_when_the_hub_is_killed_while_writing() {
    let mut home = Home::with(18);
    let ids = FAMILIES.map(|family| home.add_open(family));
    home.simulated.storm(500).unwrap();
    for round in 0..5 {
        let name = format!("Name {round}");
        for id in &ids {
            let said = home.daemon.ctl(["rename", id, &name]).unwrap();
            assert_eq!(said.code, 0, "{}", said.errors);
        }
        home.kill_hub();
        let devices = home.daemon.devices().unwrap();
        assert_eq!(devices.len(), ids.len(), "round {round}");
        for device in &devices {
            assert_eq!(device["name"], name.as_str(), "what was confirmed is there");
        }
    }
    let (endpoint, on) = home.switch(&ids[0]);
    home.daemon.device_once(&ids[0], "is back", SOON, is_reachable);
    assert_eq!(home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap().code, 0);
    let files = fs::read_dir(home.directory.path()).unwrap().map(|it| it.unwrap().file_name());
    let damaged: Vec<_> = files.filter(|it| it.to_string_lossy().contains("damaged")).collect();
    assert!(damaged.is_empty(), "and no file was found damaged: {damaged:?}");
}

/// Killed while somebody writes as fast as it takes: what was confirmed last, or what was asked
/// for after it, is there; never anything older, never half of it.
#[test]
fn a_hub_killed_at_any_moment_keeps_what_it_confirmed() {
    let mut home = Home::with(3);
    let id = home.add_open("wled");
    for round in 0..4 {
        let over = AtomicBool::new(false);
        let confirmed = std::thread::scope(|scope| {
            let (daemon, id, over) = (&home.daemon, &id, &over);
            let writer = scope.spawn(move || {
                let mut confirmed = 0;
                for number in 1_u32.. {
                    let name = format!("Name {}", round * 10_000 + number);
                    let is_written = daemon.ctl(["rename", id, &name]).unwrap().code == 0;
                    if !is_written && over.load(Ordering::SeqCst) {
                        break;
                    }
                    assert!(is_written, "only a dead hub refuses");
                    confirmed = number;
                }
                confirmed
            });
            let is_renamed = |it: &Value| number_of(it) > round * 10_000 + 3;
            home.daemon.device_once(id, "has been renamed a few times", SOON, is_renamed);
            over.store(true, Ordering::SeqCst);
            let pid = home.daemon.process.id().to_string();
            let killed = std::process::Command::new("kill").args(["-9", &pid]).status().unwrap();
            assert!(killed.success());
            writer.join().unwrap()
        });
        home.kill_hub();
        let devices = home.daemon.devices().unwrap();
        let kept = number_of(&devices[0]) - round * 10_000;
        assert!((confirmed..=confirmed + 1).contains(&kept), "confirmed {confirmed}, kept {kept}");
    }
}

fn number_of(device: &Value) -> u32 {
    let name = device["name"].as_str().unwrap();
    name.strip_prefix("Name ").and_then(|it| it.parse().ok()).unwrap_or(0)
}

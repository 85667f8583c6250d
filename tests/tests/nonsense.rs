//! Devices that babble, stall, lie and never stop talking: said in words, at bounded cost, and no
//! harm to anybody else.

use serde_json::Value;
use tests::{Home, LATER, cause, is_lost, is_reachable, on_off};

const FAMILIES: [&str; 3] = ["shelly", "wled", "esphome"];
/// What is wrong, and what must be said of it.
const FAULTS: [(&str, &str); 6] = [
    ("garbage_bytes", "cannot be understood"),
    ("garbage_messages", "cannot be understood"),
    ("huge", "cannot be understood"),
    ("wrong_identity", "answers there instead"),
    ("reset", "nobody answers"),
    ("silent", "nobody answers"),
];
/// The most memory that `hearthd` may ever have had, in MB. A body of 100 MB does not fit beside
/// what a debug build needs anyway.
const MEMORY: u64 = 100;

/// Open devices of the family, other than the one that [`Home::add_open`] takes.
fn some<'a>(home: &'a Home, family: &'a str) -> impl Iterator<Item = &'a Value> {
    let spared = home.simulated.open_device(family);
    let fits = move |it: &&Value| it["family"] == family && it["secret"].is_null() && *it != spared;
    home.simulated.devices.iter().filter(fits)
}

/// Every fault in every family at the same time, each at a device of its own.
#[test]
fn devices_that_babble_stall_or_lie_harm_nobody_else_and_come_back() {
    let mut home = Home::with(100);
    let mut sick = Vec::new();
    for family in FAMILIES {
        for (device, (fault, words)) in some(&home, family).zip(FAULTS) {
            sick.push((home.add(device), fault, words));
        }
    }
    assert_eq!(sick.len(), FAMILIES.len() * FAULTS.len());
    let well = FAMILIES.map(|family| home.add_open(family));
    for (id, fault, _) in &sick {
        home.inflict(id, fault);
        // What is connected already would notice only when it next talks: make it start over.
        home.reboot(id);
    }
    for (id, fault, words) in &sick {
        let is_said = |it: &Value| is_lost(it) && cause(it).contains(words);
        home.daemon.device_once(id, &format!("with {fault} is lost"), LATER, is_said);
    }
    for id in &well {
        let (endpoint, on) = home.switch(id);
        let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        assert_eq!(said.code, 0, "the healthy ones obey as ever: {}", said.errors);
    }
    for (id, ..) in &sick {
        home.inflict(id, "heal");
    }
    for (id, fault, _) in &sick {
        let what = format!("is back from {fault}");
        home.daemon.device_once(id, &what, LATER, is_reachable);
    }
    let peak = home.daemon.process.peak_memory().unwrap();
    assert!(peak < MEMORY, "{peak} MB");
    assert!(home.daemon.process.is_running());
}

#[test]
fn an_address_where_nonsense_is_spoken_is_not_added_and_it_is_said_why() {
    let mut home = Home::with(100);
    // Nobody is expected at an address: whoever answers is who it is.
    let faults = || FAULTS.into_iter().filter(|(fault, _)| *fault != "wrong_identity");
    std::thread::scope(|scope| {
        for (device, (fault, _)) in FAMILIES.iter().flat_map(|it| some(&home, it).zip(faults())) {
            let home = &home;
            scope.spawn(move || {
                home.inflict(device["id"].as_str().unwrap(), fault);
                let said = home.daemon.ctl(["add", device["address"].as_str().unwrap()]).unwrap();
                assert!(said.code == 4 || said.code == 5, "{fault} at {device}: {said:?}");
                assert!(!said.errors.trim().is_empty(), "{fault} at {device}");
            });
        }
    });
    assert!(home.daemon.devices().unwrap().is_empty());
    let peak = home.daemon.process.peak_memory().unwrap();
    assert!(peak < MEMORY, "{peak} MB");
    assert!(home.daemon.process.is_running());
}

/// Connected for long already, and then beside itself.
#[test]
fn a_device_that_begins_to_babble_is_noticed_when_it_is_commanded() {
    let home = Home::with(18);
    let ids = FAMILIES.map(|family| home.add_open(family));
    for id in &ids {
        let (endpoint, on) = home.switch(id);
        home.inflict(id, "huge");
        let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        // It may have confirmed before it went on and on.
        assert!(said.code == 0 || said.code == 6, "{id}: {} {}", said.code, said.errors);
        home.inflict(id, "heal");
    }
    for id in &ids {
        home.daemon.device_once(id, "is back", LATER, is_reachable);
        assert!(home.executed(id) <= 1, "{id}");
    }
    let peak = home.daemon.process.peak_memory().unwrap();
    assert!(peak < MEMORY, "{peak} MB");
}

//! The command line against simulated devices, end to end over real sockets.

use crate::common::{Place, Ran};
use serde_json::Value;

/// A device that can be switched, once it can be reached: its endpoint, and whether it is on.
fn switchable(devices: &[Value]) -> Option<(String, bool)> {
    let reachable = devices.iter().filter(|it| it["reachability"] == "reachable");
    let mut endpoints = reachable.filter_map(|it| it["endpoints"].as_array()).flatten();
    endpoints.find_map(|it| {
        let on = it["capabilities"]["OnOff"]["value"].as_bool()?;
        Some((it["id"].as_str()?.to_owned(), on))
    })
}

fn state(ran: &Ran) -> Value {
    ran.lines().last().unwrap()["state"].clone()
}

fn word(on: bool) -> &'static str {
    if on { "OnOff=on" } else { "OnOff=off" }
}

#[test]
fn a_device_is_listed_switched_confirmed_and_remembered() {
    let place = Place::new();
    let daemon = place.serve(&["--sandbox", "5", "--no-discovery"]);
    let devices = place.devices_when(|devices| switchable(devices).is_some());
    for device in &devices {
        for key in ["id", "name", "family", "address", "reachability", "endpoints"] {
            assert!(!device[key].is_null(), "{key}: {device}");
        }
    }
    let (endpoint, on) = switchable(&devices).unwrap();
    let set = place.ctl(&["set", &endpoint, word(!on), "--wait"]);
    assert_eq!(set.code, 0, "{set:?}");
    assert_eq!(state(&set), "Observed");
    let got = place.ctl(&["get", &endpoint]);
    let known = &got.lines()[0]["capabilities"]["OnOff"];
    assert_eq!(known["value"], !on);
    assert_eq!(known["pending"], false);
    assert!(known["age_s"].as_f64().unwrap() < 60.0);

    let device = endpoint.split('/').next().unwrap().to_owned();
    assert_eq!(place.ctl(&["rename", &device, "Ours"]).code, 0);
    daemon.signal("-TERM");
    assert!(daemon.end().0.success());

    let _daemon = place.serve(&["--sandbox", "5", "--no-discovery"]);
    let devices = place.devices_when(|it| !it.is_empty());
    let again = devices.iter().find(|it| it["id"] == device.as_str()).unwrap();
    assert_eq!(again["name"], "Ours");
}

#[test]
fn errors_have_words_and_codes_that_mean_something() {
    let place = Place::new();
    assert_eq!(place.ctl(&["devices"]).code, 3);
    let _daemon = place.serve(&["--sandbox", "5", "--no-discovery"]);
    let devices = place.devices_when(|devices| switchable(devices).is_some());
    let (endpoint, _) = switchable(&devices).unwrap();
    let cases: [(&[&str], i32); 8] = [
        (&["set", "shelly-none", "OnOff=on"], 4),
        (&["get", "shelly-none/switch-0"], 4),
        (&["set", &endpoint, "OnOff=maybe"], 5),
        (&["set", &endpoint, "DoorLock=locked"], 4),
        (&["set", &endpoint, "OnOff"], 2),
        (&["set", "Not An Id", "OnOff=on"], 2),
        (&["remove", "shelly-none"], 4),
        (&["add", "127.0.0.1:1"], 4),
    ];
    for (words, code) in cases {
        let ran = place.ctl(words);
        assert_eq!(ran.code, code, "{words:?}: {ran:?}");
        assert!(ran.out.is_empty() && ran.err.starts_with("hearthd: "), "{words:?}: {ran:?}");
    }
}

#[test]
fn what_was_written_survives_being_killed() {
    let place = Place::new();
    // In every round the same device, whichever was the first to be reached.
    let mut chosen: Option<String> = None;
    for round in 0..3 {
        let daemon = place.serve(&["--sandbox", "5", "--no-discovery"]);
        let is_it = |it: &Value| chosen.as_deref().is_none_or(|chosen| it["id"] == chosen);
        let candidates = |devices: &[Value]| -> Vec<Value> {
            devices.iter().filter(|it| is_it(it)).cloned().collect()
        };
        let devices = candidates(&place.devices_when(|it| switchable(&candidates(it)).is_some()));
        let (endpoint, on) = switchable(&devices).unwrap();
        let device = endpoint.split('/').next().unwrap().to_owned();
        if round > 0 {
            let known = devices.iter().find(|it| it["id"] == device.as_str()).unwrap();
            assert_eq!(known["name"], format!("Round {}", round - 1));
        }
        chosen = Some(device.clone());
        assert_eq!(place.ctl(&["rename", &device, &format!("Round {round}")]).code, 0);
        place.ctl(&["set", &endpoint, word(!on)]);
        daemon.kill();
        assert_eq!(place.ctl(&["devices"]).code, 3, "nobody answers at the old address");
    }
}

#[test]
fn a_changed_home_is_watched() {
    use std::io::{BufRead as _, BufReader};
    let place = Place::new();
    let _daemon = place.serve(&["--sandbox", "5", "--no-discovery"]);
    let devices = place.devices_when(|devices| switchable(devices).is_some());
    let (endpoint, on) = switchable(&devices).unwrap();
    let mut watch =
        place.command(&["ctl", "watch"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert!(first["device"]["id"].is_string(), "{first}");
    assert_eq!(place.ctl(&["set", &endpoint, word(!on), "--wait"]).code, 0);
    let seen = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()).any(|it| {
        it["endpoint"] == endpoint.as_str() && it["capabilities"]["OnOff"]["value"] == !on
    });
    assert!(seen);
    watch.kill().unwrap();
    watch.wait().unwrap();
}

#[test]
fn what_is_on_the_network_is_listed_and_added() {
    let place = Place::new();
    let _daemon = place.serve(&["--sandbox", "8"]);
    let found = place.devices_when(|_| !place.ctl(&["found"]).lines().is_empty());
    assert!(!found.is_empty());
    let found = place.ctl(&["found"]).lines();
    let Some(device) = found.iter().find(|it| it["wants_secret"] != true) else { return };
    let id = device["device"].as_str().unwrap();
    let added = place.ctl(&["add", id, "--name", "New", "--room", "Attic"]);
    if added.code == 7 {
        assert!(added.err.contains("password"), "{added:?}");
        return;
    }
    assert_eq!(added.code, 0, "{added:?}");
    assert_eq!(added.lines()[0]["id"], id);
    assert_eq!(added.lines()[0]["name"], "New");
}

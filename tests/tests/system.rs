//! Whole homes: the real `hearthd`, its own command line, and simulated devices over real sockets,
//! with everything that goes wrong in a home. Discovery is off here; `network.rs` has it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Daemon, Place, Simulated};

/// A device is reached, or known to be lost, within this here.
const SOON: Duration = Duration::from_secs(15);
/// Somebody who talks nonsense is asked again after 30 s.
const LATER: Duration = Duration::from_secs(60);

struct Home {
    _directory: tempfile::TempDir,
    daemon: Daemon,
    simulated: Simulated,
}

impl Home {
    /// That many simulated devices, and a hub that knows none of them.
    fn with(devices: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let simulated = Simulated::start(&Place::Here, devices, &["--mdns", "off"]).unwrap();
        let daemon = serve(directory.path());
        Self { _directory: directory, daemon, simulated }
    }

    /// Adds the device and gives its id.
    fn add(&self, device: &Value) -> String {
        let address = device["address"].as_str().unwrap();
        let said = self.daemon.ctl(["add", address]).unwrap();
        assert_eq!(said.code, 0, "{}", said.errors);
        let id = device["id"].as_str().unwrap().to_owned();
        self.daemon.device_once(&id, "is reachable", SOON, is_reachable);
        id
    }

    fn add_open(&self, family: &str) -> String {
        self.add(self.simulated.open_device(family))
    }

    /// An endpoint of the device that can be switched, and whether it is on.
    fn switch(&self, device: &str) -> (String, bool) {
        let device =
            self.daemon.device_once(device, "says on or off", SOON, |it| switchable(it).is_some());
        switchable(&device).unwrap()
    }
}

fn serve(home: &Path) -> Daemon {
    Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring"]).unwrap()
}

fn switchable(device: &Value) -> Option<(String, bool)> {
    device["endpoints"].as_array()?.iter().find_map(|endpoint| {
        let on = endpoint["capabilities"]["OnOff"]["value"].as_bool()?;
        Some((endpoint["id"].as_str()?.to_owned(), on))
    })
}

fn is_reachable(device: &Value) -> bool {
    reachability(device).starts_with("reachable")
}

fn is_lost(device: &Value) -> bool {
    reachability(device).starts_with("unreachable")
}

fn reachability(device: &Value) -> String {
    let said = &device["reachability"];
    said.as_str().map_or_else(|| said.to_string(), str::to_owned).to_lowercase()
}

fn on_off(on: bool) -> &'static str {
    if on { "OnOff=on" } else { "OnOff=off" }
}

#[test]
fn every_family_is_added_by_address_switched_once_and_confirms() {
    let home = Home::with(18);
    for family in ["shelly", "wled", "esphome"] {
        let id = home.add_open(family);
        let (endpoint, on) = home.switch(&id);
        let before = home.simulated.executed(&id).unwrap();
        let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        assert_eq!(said.code, 0, "{family}: {}", said.errors);
        assert_eq!(home.simulated.executed(&id).unwrap(), before + 1, "{family}: exactly once");
        let (_, now) = home.switch(&id);
        assert_eq!(now, !on, "{family}: the device itself says so");
    }
}

#[test]
fn what_happens_at_the_device_itself_is_shown() {
    let home = Home::with(18);
    let id = home.add_open("shelly");
    let (endpoint, on) = home.switch(&id);
    let key = endpoint.split_once('/').unwrap().1.replace('-', ":");
    home.simulated.set(&id, &key, &json!({ "OnOff": !on })).unwrap();
    home.daemon.device_once(&id, "was switched at the wall", SOON, |it| {
        switchable(it).is_some_and(|(_, now)| now != on)
    });
    assert_eq!(home.simulated.executed(&id).unwrap(), 0, "nobody commanded it");
}

#[test]
fn a_wrong_password_is_said_and_the_right_one_helps() {
    let home = Home::with(18);
    let closed = home
        .simulated
        .devices
        .iter()
        .find(|it| it["family"] == "shelly" && it["secret"].is_string());
    let closed = closed.unwrap_or_else(|| panic!("a simulated Shelly wants a password"));
    let (address, secret) =
        (closed["address"].as_str().unwrap(), closed["secret"].as_str().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let passphrase = file("passphrase", "correct horse battery");
    assert_eq!(home.daemon.ctl(["unlock", "--passphrase-file", &passphrase]).unwrap().code, 0);
    let none = home.daemon.ctl(["add", address]).unwrap();
    assert_eq!(none.code, 7, "{}", none.errors);
    let wrong = file("wrong", "not this");
    let said = home.daemon.ctl(["add", address, "--password-file", &wrong]).unwrap();
    assert_eq!(said.code, 7, "{}", said.errors);
    assert!(!said.errors.contains("not this"), "a password is never said back");
    assert!(home.daemon.devices().unwrap().is_empty(), "and nothing was added");
    let right = file("right", secret);
    let said = home.daemon.ctl(["add", address, "--password-file", &right]).unwrap();
    assert_eq!(said.code, 0, "{}", said.errors);
    let id = closed["id"].as_str().unwrap();
    home.daemon.device_once(id, "is reachable", SOON, is_reachable);
    let (endpoint, on) = home.switch(id);
    assert_eq!(home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap().code, 0);
    assert!(!holds(home._directory.path(), secret), "no file of the home shows the password");
}

/// Whether any file below holds the text.
fn holds(directory: &Path, text: &str) -> bool {
    fs::read_dir(directory).unwrap().map(|it| it.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|it| it == text.as_bytes())
    })
}

#[test]
fn a_device_unplugged_in_the_middle_of_a_command_is_said_and_nothing_is_done_twice() {
    let home = Home::with(18);
    let id = home.add_open("shelly");
    let (endpoint, on) = home.switch(&id);
    home.simulated.inflict(&id, &json!({ "fault": "vanish_at_next_command" })).unwrap();
    let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
    // Its last word may have been that it had obeyed; else it is said why nobody knows.
    let confirmed = said.code == 0;
    assert!(confirmed || said.code == 6 && !said.errors.trim().is_empty(), "{}", said.errors);
    home.daemon.device_once(&id, "is lost", SOON, is_lost);
    home.simulated.inflict(&id, &json!({ "fault": "heal" })).unwrap();
    home.simulated.inflict(&id, &json!({ "fault": "plug" })).unwrap();
    home.daemon.device_once(&id, "is back", LATER, is_reachable);
    assert_eq!(home.simulated.executed(&id).unwrap(), 1, "done once, and not again on its return");
}

#[test]
fn a_command_to_a_device_that_is_gone_fails_with_words_and_is_not_kept_for_later() {
    let home = Home::with(18);
    let id = home.add_open("wled");
    let (endpoint, on) = home.switch(&id);
    home.simulated.inflict(&id, &json!({ "fault": "unplug" })).unwrap();
    home.daemon.device_once(&id, "is lost", LATER, is_lost);
    let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
    assert_eq!(said.code, 6, "{}", said.errors);
    home.simulated.inflict(&id, &json!({ "fault": "plug" })).unwrap();
    home.daemon.device_once(&id, "is back", LATER, is_reachable);
    assert_eq!(home.simulated.executed(&id).unwrap(), 0);
}

/// Every fault at the same time, each at a device of its own: trouble stays where it is.
#[test]
fn devices_that_babble_stall_or_lie_harm_nobody_else_and_come_back() {
    let mut home = Home::with(18);
    let faults = ["garbage_bytes", "garbage_messages", "huge", "reset", "silent", "wrong_identity"];
    let open: Vec<_> =
        home.simulated.devices.iter().filter(|it| it["secret"].is_null()).cloned().collect();
    let ids: Vec<_> = open.iter().take(faults.len() + 1).map(|it| home.add(it)).collect();
    let (well, sick) = ids.split_first().unwrap();
    let before = resident(home.daemon.process.id());
    for (id, fault) in sick.iter().zip(faults) {
        home.simulated.inflict(id, &json!({ "fault": fault })).unwrap();
        // What is connected already would notice only when it next talks: make it start over.
        home.simulated.inflict(id, &json!({ "fault": "reboot", "ms": 100 })).unwrap();
    }
    for (id, fault) in sick.iter().zip(faults) {
        let what = format!("with {fault} is lost");
        home.daemon.device_once(id, &what, LATER, is_lost);
    }
    let (endpoint, on) = home.switch(well);
    let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
    assert_eq!(said.code, 0, "the healthy one obeys as ever: {}", said.errors);
    let after = resident(home.daemon.process.id());
    assert!(after < before + 64 * 1024, "memory grew from {before} kB to {after} kB");
    for id in sick {
        home.simulated.inflict(id, &json!({ "fault": "heal" })).unwrap();
    }
    for id in sick {
        home.daemon.device_once(id, "is back", LATER * 2, is_reachable);
    }
    assert!(home.daemon.process.is_running());
}

/// Resident memory of a process in kB.
fn resident(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find(|it| it.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn two_devices_of_one_name_stay_two_devices() {
    let home = Home::with(18);
    let (first, second) = (home.add_open("shelly"), home.add_open("wled"));
    for id in [&first, &second] {
        assert_eq!(home.daemon.ctl(["rename", id, "Lamp"]).unwrap().code, 0);
    }
    let devices = home.daemon.devices().unwrap();
    let lamps = devices.iter().filter(|it| it["name"] == "Lamp").count();
    assert_eq!(lamps, 2, "{devices:?}");
    let (endpoint, on) = home.switch(&first);
    assert_eq!(home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap().code, 0);
    assert_eq!(home.simulated.executed(&second).unwrap(), 0, "the other was left alone");
}

#[test]
fn a_home_is_remembered_over_a_restart_and_shown_before_anyone_answers() {
    let mut home = Home::with(18);
    let id = home.add_open("shelly");
    let (endpoint, on) = home.switch(&id);
    assert_eq!(home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap().code, 0);
    assert_eq!(home.daemon.process.terminate().unwrap(), Some(0));
    home.simulated.inflict(&id, &json!({ "fault": "unplug" })).unwrap();
    let again = serve(home._directory.path());
    let device = again.device_once(&id, "is remembered", SOON, |it| switchable(it).is_some());
    assert_eq!(switchable(&device), Some((endpoint.clone(), !on)));
    let capability =
        device["endpoints"].as_array().unwrap().iter().find(|it| it["id"] == endpoint.as_str());
    let source = capability.unwrap()["capabilities"]["OnOff"]["source"].to_string().to_lowercase();
    assert!(source.contains("remembered"), "marked as what was last known: {source}");
}

#[test]
fn nothing_confirmed_is_lost_when_the_hub_is_killed_while_writing() {
    let mut home = Home::with(18);
    let ids: Vec<_> = ["shelly", "wled", "esphome"].map(|it| home.add_open(it)).into();
    home.simulated.storm(500).unwrap();
    for round in 0..5 {
        let name = format!("Name {round}");
        for id in &ids {
            let said = home.daemon.ctl(["rename", id, &name]).unwrap();
            assert_eq!(said.code, 0, "{}", said.errors);
        }
        home.daemon.process.kill().unwrap();
        home.daemon = serve(home._directory.path());
        let devices = home.daemon.devices().unwrap();
        assert_eq!(devices.len(), ids.len(), "round {round}");
        for device in &devices {
            assert_eq!(device["name"], name.as_str(), "what was confirmed is there");
        }
    }
    let (endpoint, on) = home.switch(&ids[0]);
    home.daemon.device_once(&ids[0], "is back", SOON, is_reachable);
    assert_eq!(home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap().code, 0);
}

#[test]
fn one_home_is_open_once() {
    let home = Home::with(1);
    let second = Daemon::start(&Place::Here, home._directory.path(), &["--no-discovery"]);
    let words = format!("{:#}", second.unwrap_err());
    assert!(words.contains("open"), "{words}");
}

#[test]
fn what_makes_no_sense_has_its_exit_code() {
    let home = Home::with(3);
    let id = home.add_open("wled");
    let (endpoint, _) = home.switch(&id);
    let code = |arguments: &[&str]| home.daemon.ctl(arguments).unwrap().code;
    assert_eq!(code(&["get", "shelly-000000000000/switch-0"]), 4, "no such endpoint");
    assert_eq!(code(&["add", "127.0.0.1:1"]), 4, "nobody there");
    assert_eq!(code(&["set", &endpoint, "OnOff=perhaps"]), 5, "no such value");
    assert_eq!(code(&["set", &endpoint, "perhaps"]), 2, "no assignment");
    assert_eq!(code(&["get", &endpoint]), 0);
}

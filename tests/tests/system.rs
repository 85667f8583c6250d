//! Whole homes: the real `hearthd`, its own command line, and simulated devices over real sockets,
//! with everything that goes wrong in a home. Discovery is off here; `network.rs` has it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::{Daemon, Home, LATER, Place, SOON, cause, is_reachable, on_off, serve, switchable};

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
    let files = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = files.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let passphrase = file("passphrase", "correct horse battery");
    assert_eq!(home.daemon.ctl(["unlock", "--passphrase-file", &passphrase]).unwrap().code, 0);
    // A key of the right shape that fits no door.
    let wrong_key = "bm90IHRoZSBrZXkgb2YgYW55IGRldmljZSBpbiBoZXI=";
    for (family, not_it) in [("shelly", "not this"), ("esphome", wrong_key)] {
        let closed = closed_device(&home, family);
        let (address, secret) =
            (closed["address"].as_str().unwrap(), closed["secret"].as_str().unwrap());
        let none = home.daemon.ctl(["add", address]).unwrap();
        assert_eq!(none.code, 7, "{family}: {}", none.errors);
        let wrong = file("wrong", not_it);
        let said = home.daemon.ctl(["add", address, "--password-file", &wrong]).unwrap();
        assert_eq!(said.code, 7, "{family}: {}", said.errors);
        assert!(!said.errors.contains(not_it), "a password is never said back");
        let id = closed["id"].as_str().unwrap();
        let known = home.daemon.devices().unwrap();
        assert!(known.iter().all(|it| it["id"] != id), "nothing was added: {known:?}");
        let right = file("right", secret);
        let said = home.daemon.ctl(["add", address, "--password-file", &right]).unwrap();
        assert_eq!(said.code, 0, "{family}: {}", said.errors);
        home.daemon.device_once(id, "is reachable", SOON, is_reachable);
        assert!(!holds(home.directory.path(), secret), "no file of the home shows the password");
    }
    let (endpoint, on) = home.switch(closed_device(&home, "shelly")["id"].as_str().unwrap());
    assert_eq!(home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap().code, 0);
}

#[test]
fn a_password_that_is_not_accepted_any_more_is_said_and_can_be_given_anew() {
    let home = Home::with(18);
    let files = tempfile::tempdir().unwrap();
    let closed = closed_device(&home, "shelly");
    let id = closed["id"].as_str().unwrap();
    let path = files.path().join("secret");
    let path = path.to_str().unwrap();
    fs::write(path, "correct horse battery").unwrap();
    assert_eq!(home.daemon.ctl(["unlock", "--passphrase-file", path]).unwrap().code, 0);
    fs::write(path, closed["secret"].as_str().unwrap()).unwrap();
    let address = closed["address"].as_str().unwrap();
    assert_eq!(home.daemon.ctl(["add", address, "--password-file", path]).unwrap().code, 0);
    let (endpoint, on) = home.switch(id);
    home.inflict(id, "refuse_auth");
    home.reboot(id);
    home.daemon.device_once(id, "says why it is lost", LATER, |it| {
        cause(it).contains("does not accept the password")
    });
    let said = home.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
    assert_eq!(said.code, 6, "{}", said.errors);
    home.inflict(id, "heal");
    assert_eq!(home.daemon.ctl(["secret", id, "--password-file", path]).unwrap().code, 0);
    home.daemon.device_once(id, "is back", SOON, is_reachable);
    assert_eq!(home.executed(id), 0);
}

fn closed_device<'a>(home: &'a Home, family: &str) -> &'a Value {
    let fits = |it: &&Value| it["family"] == family && it["secret"].is_string();
    home.simulated.devices.iter().find(fits).unwrap()
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
    let again = serve(home.directory.path());
    let device = again.device_once(&id, "is remembered", SOON, |it| switchable(it).is_some());
    assert_eq!(switchable(&device), Some((endpoint.clone(), !on)));
    let capability =
        device["endpoints"].as_array().unwrap().iter().find(|it| it["id"] == endpoint.as_str());
    let source = capability.unwrap()["capabilities"]["OnOff"]["source"].to_string().to_lowercase();
    assert!(source.contains("remembered"), "marked as what was last known: {source}");
}

#[test]
fn one_home_is_open_once() {
    let home = Home::with(1);
    let second = Daemon::start(&Place::Here, home.directory.path(), &["--no-discovery"]);
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

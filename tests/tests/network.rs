//! Homes on a network of their own: found by mDNS over IPv4 and IPv6, followed when they move,
//! and ESPHome's own firmware among them. Needs Linux and root; `cargo xtask test` says so where
//! that is not to be had.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tests::{
    Daemon, LATER, Network, Running, SOON, Simulated, cause, eventually, is_lost, is_reachable,
    on_off, switchable,
};

/// The most memory that `hearthd` may ever have had, in MB.
const MEMORY: u64 = 100;

struct Home {
    network: Network,
    directory: tempfile::TempDir,
    daemon: Daemon,
}

impl Home {
    fn open() -> Self {
        let network = Network::lay().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let daemon = serve(&network, directory.path());
        Self { network, directory, daemon }
    }

    fn serve(&self) -> Daemon {
        serve(&self.network, self.directory.path())
    }

    fn simulated(&self, devices: usize, listen: &str) -> Simulated {
        let more = ["--mdns", "all", "--strangers", "0", "--listen", listen];
        Simulated::start(&self.network.devices.place(), devices, &more).unwrap()
    }

    /// Waits until discovery has found that device.
    fn found(&self, id: &str) -> Value {
        eventually(&format!("{id} is found"), SOON, || {
            let found = self.daemon.ctl(["found"]).map_err(|it| it.to_string())?;
            let names = |it: &&Value| it.to_string().contains(&format!("\"{id}\""));
            let is_there = found.lines.iter().find(names).cloned();
            is_there.ok_or_else(|| format!("{} found: {}", found.lines.len(), found.errors))
        })
    }

    fn add_found(&self, id: &str) {
        self.found(id);
        let said = self.daemon.ctl(["add", id]).unwrap();
        assert_eq!(said.code, 0, "{}", said.errors);
        self.daemon.device_once(id, "is reachable", SOON, is_reachable);
    }

    /// Switches the device over and has it confirm; gives whether it is on now.
    fn switch_over(&self, id: &str) -> bool {
        let device =
            self.daemon.device_once(id, "says on or off", SOON, |it| switchable(it).is_some());
        let (endpoint, on) = switchable(&device).unwrap();
        let said = self.daemon.ctl(["set", &endpoint, on_off(!on), "--wait"]).unwrap();
        assert_eq!(said.code, 0, "{}", said.errors);
        let said = self.daemon.ctl(["get", &endpoint]).unwrap();
        assert_eq!(said.lines[0]["capabilities"]["OnOff"]["value"], !on, "{:?}", said.lines);
        !on
    }
}

fn serve(network: &Network, home: &Path) -> Daemon {
    Daemon::start(&network.home.place(), home, &["--no-keyring"]).unwrap()
}

fn id_of(device: &Value) -> String {
    device["id"].as_str().unwrap().to_owned()
}

#[test]
fn every_family_is_found_over_ipv4_added_and_switched() {
    let home = Home::open();
    let simulated = home.simulated(18, "10.77.0.2");
    for family in ["shelly", "wled", "esphome"] {
        let id = id_of(simulated.open_device(family));
        home.add_found(&id);
        home.switch_over(&id);
        assert_eq!(simulated.executed(&id).unwrap(), 1, "{family}");
    }
}

#[test]
fn every_family_is_found_over_ipv6_added_and_switched() {
    let home = Home::open();
    let simulated = home.simulated(18, "fd77::2");
    for family in ["shelly", "wled", "esphome"] {
        let id = id_of(simulated.open_device(family));
        home.add_found(&id);
        home.switch_over(&id);
        assert_eq!(simulated.executed(&id).unwrap(), 1, "{family}");
    }
}

#[test]
fn a_device_that_moves_is_followed_and_one_that_says_goodbye_is_shown_so() {
    let home = Home::open();
    let simulated = home.simulated(18, "10.77.0.2");
    let id = id_of(simulated.open_device("shelly"));
    home.add_found(&id);
    let before = simulated.device(&id).unwrap()["address"].clone();
    simulated.inflict(&id, &json!({ "fault": "move", "announced": true })).unwrap();
    let after = eventually("it has moved", SOON, || {
        let now = simulated.device(&id).map_err(|it| it.to_string())?["address"].clone();
        if now == before { Err(now.to_string()) } else { Ok(now) }
    });
    home.daemon
        .device_once(&id, "was followed", LATER, |it| is_reachable(it) && it["address"] == after);
    home.switch_over(&id);
    simulated.inflict(&id, &json!({ "fault": "goodbye" })).unwrap();
    home.daemon.device_once(&id, "said goodbye", LATER, |it| {
        is_lost(it) && cause(it) == "it said goodbye"
    });
    simulated.inflict(&id, &json!({ "fault": "plug" })).unwrap();
    home.daemon.device_once(&id, "is back", LATER, is_reachable);
}

#[test]
fn a_device_that_moves_while_the_hub_is_off_is_followed_when_it_is_on_again() {
    let mut home = Home::open();
    let simulated = home.simulated(18, "10.77.0.2");
    let ids = ["shelly", "wled", "esphome"].map(|it| id_of(simulated.open_device(it)));
    for id in &ids {
        home.add_found(id);
    }
    assert_eq!(home.daemon.process.terminate().unwrap(), Some(0));
    for id in &ids {
        simulated.inflict(id, &json!({ "fault": "move", "announced": true })).unwrap();
    }
    home.daemon = home.serve();
    for id in &ids {
        let now = simulated.device(id).unwrap()["address"].clone();
        let is_there = |it: &Value| is_reachable(it) && it["address"] == now;
        home.daemon.device_once(id, "was followed", LATER, is_there);
        home.switch_over(id);
        assert_eq!(simulated.executed(id).unwrap(), 1, "{id}");
    }
}

#[test]
fn two_devices_that_announce_one_name_are_two_devices() {
    let home = Home::open();
    let announced = ["024854520001", "024854520002"].map(|mac| {
        let (host, mac_text) = (format!("lamp-{mac}"), format!("mac={mac}"));
        let arguments =
            ["_esphomelib._tcp", &host, "6053", "10.77.0.2", &mac_text, "friendly_name=Lamp"];
        announce(&home.network, &arguments)
    });
    for id in ["esphome-024854520001", "esphome-024854520002"] {
        assert_eq!(home.found(id)["name"], "Lamp");
    }
    drop(announced);
}

#[test]
fn whoever_announces_a_name_without_being_it_is_not_believed() {
    let home = Home::open();
    let simulated = home.simulated(18, "10.77.0.2");
    let id = id_of(simulated.open_device("shelly"));
    home.add_found(&id);
    // The same announcement from a place where another device answers.
    let other =
        simulated.devices.iter().find(|it| it["family"] == "shelly" && it["id"] != id.as_str());
    let other = other.unwrap();
    let port = other["address"].as_str().unwrap().rsplit_once(':').unwrap().1.to_owned();
    let before = simulated.executed(other["id"].as_str().unwrap()).unwrap();
    let mac = id.split_once('-').unwrap().1.to_uppercase();
    let liar = announce(
        &home.network,
        &["_shelly._tcp", &format!("shellyliar-{mac}"), &port, "10.77.0.2", "gen=2"],
    );
    let _still_lying = liar;
    simulated.inflict(&id, &json!({ "fault": "reboot", "ms": 200 })).unwrap();
    home.daemon.device_once(&id, "is back", LATER, is_reachable);
    home.switch_over(&id);
    assert_eq!(simulated.executed(other["id"].as_str().unwrap()).unwrap(), before);
}

#[test]
fn a_cable_that_is_pulled_is_noticed_and_plugged_in_again_all_is_well() {
    let home = Home::open();
    let simulated = home.simulated(6, "10.77.0.2");
    let id = id_of(simulated.open_device("wled"));
    home.add_found(&id);
    home.network.plug(false).unwrap();
    home.daemon.device_once(&id, "is lost", LATER, is_lost);
    home.network.plug(true).unwrap();
    home.daemon.device_once(&id, "is back", LATER * 2, is_reachable);
    home.switch_over(&id);
}

#[test]
fn a_thousand_records_of_one_host_harm_nobody() {
    let mut home = Home::open();
    home.network.devices.ip(&["address", "add", "10.77.0.66/24", "dev", "cable"]).unwrap();
    eventually("the list of what was found is full", LATER, || {
        // Once more where some were lost on the way, as happens to datagrams in a hurry.
        let mut command = home.network.devices.place().command("python3".as_ref());
        let flood = command.arg(helper("flood.py")).args(["10.77.0.66", "1000"]).status().unwrap();
        assert!(flood.success());
        let found = home.daemon.ctl(["found"]).unwrap().lines.len();
        if found == 256 { Ok(()) } else { Err(format!("{found} found")) }
    });
    let simulated = home.simulated(3, "10.77.0.2");
    let id = id_of(simulated.open_device("wled"));
    home.add_found(&id);
    home.switch_over(&id);
    assert!(home.daemon.ctl(["found"]).unwrap().lines.len() <= 256);
    let peak = home.daemon.process.peak_memory().unwrap();
    assert!(peak < MEMORY, "{peak} MB");
    assert!(home.daemon.process.is_running());
}

#[test]
fn discover_lists_what_is_there() {
    let network = Network::lay().unwrap();
    let more = ["--mdns", "all", "--listen", "10.77.0.2"];
    let simulated = Simulated::start(&network.devices.place(), 6, &more).unwrap();
    let mut command = network.home.place().command(&tests::program("hearthd"));
    let output = command.args(["discover", "--seconds", "5", "--json"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for device in &simulated.devices {
        assert!(text.contains(device["id"].as_str().unwrap()), "{device} is not in {text}");
    }
}

/// ESPHome's own firmware: a device that nobody here wrote.
#[test]
fn the_firmware_of_esphome_is_found_switched_and_read_back() {
    let home = Home::open();
    let program = firmware();
    let place = home.network.devices.place();
    let device = Running::start(place.command(&program)).unwrap();
    let announced = announce(
        &home.network,
        &[
            "_esphomelib._tcp",
            "hearth-test-rig",
            "16053",
            "10.77.0.2",
            "mac=024854524947",
            "friendly_name=Test Rig",
            "version=2026.6.5",
            "platform=HOST",
            "network=ethernet",
        ],
    );
    let id = "esphome-024854524947";
    home.add_found(id);
    let on = home.switch_over(id);
    assert_eq!(home.switch_over(id), !on, "and back");
    let shown = home.daemon.devices().unwrap();
    let text = shown[0].to_string();
    for capability in ["TemperatureMeasurement", "OnOff", "DoorLock", "WindowCovering"] {
        assert!(text.contains(capability), "{capability} is not in {text}");
    }
    drop(device);
    home.daemon.device_once(id, "is lost", LATER, is_lost);
    drop(announced);
}

/// Builds the firmware, or takes it from the cache.
fn firmware() -> PathBuf {
    let venv = std::env::var("HEARTH_VENV")
        .map_or_else(|_| std::env::home_dir().unwrap().join(".cache/hearth/venv"), PathBuf::from);
    let output = Command::new("bash")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("esphome-host/build.sh"))
        .env("ESPHOME", venv.join("bin/esphome"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let Some(program) = said.lines().last().filter(|_| output.status.success()) else {
        panic!("no firmware: {}", String::from_utf8_lossy(&output.stderr))
    };
    PathBuf::from(program)
}

/// Announces a service from among the devices, with an mDNS implementation that is not ours.
fn announce(network: &Network, arguments: &[&str]) -> Running {
    let venv = std::env::var("HEARTH_VENV")
        .map_or_else(|_| std::env::home_dir().unwrap().join(".cache/hearth/venv"), PathBuf::from);
    let mut command = network.devices.place().command(&venv.join("bin/python"));
    command.arg(helper("announce.py")).args(arguments);
    let mut announcer = Running::start(command).unwrap();
    announcer.json_line(SOON).unwrap();
    announcer
}

fn helper(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("network").join(name)
}

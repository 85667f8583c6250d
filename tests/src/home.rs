//! A home on this machine: simulated devices that nobody announces, and a hub that knows none of
//! them until they are added by address.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::reading::{is_reachable, switchable};
use crate::{Daemon, Place, Simulated};

/// A healthy device is reached within this; half a minute on a machine that does ten things.
pub const SOON: Duration = Duration::from_secs(30);
/// Somebody who talks nonsense is asked again after half a minute or more.
pub const LATER: Duration = Duration::from_secs(90);

/// The home.
#[derive(Debug)]
pub struct Home {
    /// Its hub.
    pub daemon: Daemon,
    /// Its devices.
    pub simulated: Simulated,
    /// Where it keeps its files.
    pub directory: TempDir,
}

#[expect(clippy::expect_used, reason = "for tests, which fail by panicking")]
impl Home {
    /// That many simulated devices, and a hub that knows none of them.
    ///
    /// # Panics
    /// When a program does not start.
    #[must_use]
    pub fn with(devices: usize) -> Self {
        let directory = tempfile::tempdir().expect("a place for files");
        let simulated =
            Simulated::start(&Place::Here, devices, &["--mdns", "off"]).expect("simhome starts");
        Self { daemon: serve(directory.path()), simulated, directory }
    }

    /// Adds the device by nothing but its address, and gives its id once it is in touch.
    ///
    /// # Panics
    /// When it cannot be added.
    #[must_use]
    pub fn add(&self, device: &Value) -> String {
        let address = device["address"].as_str().expect("an address");
        let said = self.daemon.ctl(["add", address]).expect("hearthd runs");
        assert_eq!(said.code, 0, "{device}: {}", said.errors);
        let id = device["id"].as_str().expect("an id").to_owned();
        self.daemon.device_once(&id, "is reachable", SOON, is_reachable);
        id
    }

    /// Adds a device of that family that wants no password and can be switched.
    ///
    /// # Panics
    /// When it cannot be added.
    #[must_use]
    pub fn add_open(&self, family: &str) -> String {
        self.add(self.simulated.open_device(family))
    }

    /// An endpoint of the device that can be switched, and whether it is on.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn switch(&self, device: &str) -> (String, bool) {
        let says = |it: &Value| switchable(it).is_some();
        let device = self.daemon.device_once(device, "says on or off", SOON, says);
        switchable(&device).expect("it says so")
    }

    /// Makes something go wrong with a device, or well again.
    ///
    /// # Panics
    /// When there is no such device.
    pub fn inflict(&self, device: &str, fault: &str) {
        self.simulated.inflict(device, &json!({ "fault": fault })).expect("simhome obeys");
    }

    /// Takes power from a device for a moment, so that all its connections start over.
    ///
    /// # Panics
    /// When there is no such device.
    pub fn reboot(&self, device: &str) {
        let reboot = json!({ "fault": "reboot", "ms": 100 });
        self.simulated.inflict(device, &reboot).expect("simhome obeys");
    }

    /// How many commands the device has really executed.
    ///
    /// # Panics
    /// When there is no such device.
    #[must_use]
    pub fn executed(&self, device: &str) -> u64 {
        self.simulated.executed(device).expect("simhome answers")
    }

    /// Kills the hub without a word and starts it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn kill_hub(&mut self) {
        self.daemon.process.kill().expect("it ran");
        self.daemon = serve(self.directory.path());
    }
}

/// Starts a hub on that home, without discovery and keyring.
///
/// # Panics
/// When it does not start.
#[must_use]
#[expect(clippy::expect_used, reason = "for tests, which fail by panicking")]
pub fn serve(home: &Path) -> Daemon {
    Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring"]).expect("hearthd starts")
}

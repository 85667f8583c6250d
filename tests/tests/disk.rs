//! A disk that fills up under a home: said, nothing sent that was not written, nothing lost, and
//! well again once there is room. Needs Linux and root, for a small disk of its own.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tests::{Daemon, Place, Simulated, eventually};

const SOON: Duration = Duration::from_secs(20);

/// A file system in memory. Gone when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(directory.path());
        assert!(mount.status().unwrap().success(), "mounting needs root");
        Self(directory)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes until nothing more fits.
    fn fill(&self) {
        let mut file = fs::File::create(self.path().join("filling")).unwrap();
        for size in [64 * 1024, 4 * 1024, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
    }

    fn make_room(&self) {
        fs::remove_file(self.path().join("filling")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _outcome = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_is_said_nothing_unwritten_is_sent_and_room_makes_it_well() {
    let disk = SmallDisk::mount("24m");
    let simulated =
        Simulated::start(&Place::Here, 18, &["--mdns", "off", "--strangers", "0"]).unwrap();
    let home = disk.path().join("home");
    let mut daemon =
        Daemon::start(&Place::Here, &home, &["--no-discovery", "--no-keyring"]).unwrap();
    let device = simulated.open_device("shelly");
    let (id, address) = (device["id"].as_str().unwrap(), device["address"].as_str().unwrap());
    assert_eq!(daemon.ctl(["add", address]).unwrap().code, 0);
    let device =
        daemon.device_once(id, "says on or off", SOON, |it| it.to_string().contains("OnOff"));
    let endpoints = device["endpoints"].as_array().unwrap();
    let endpoint = endpoints.iter().find(|it| it["capabilities"]["OnOff"].is_object()).unwrap();
    let endpoint = endpoint["id"].as_str().unwrap().to_owned();

    disk.fill();
    // What still fits into the room that the database has is written, and may be done.
    let refused = eventually("a command is refused", SOON, || {
        let before = simulated.executed(id).unwrap();
        let said = daemon.ctl(["set", &endpoint, "OnOff=on"]).unwrap();
        let sent = simulated.executed(id).unwrap() > before;
        if said.code == 0 { Err(format!("written; sent: {sent}")) } else { Ok((said, before)) }
    });
    let (said, before) = refused;
    assert_eq!(said.code, 5, "{}", said.errors);
    assert!(!said.errors.trim().is_empty(), "it says why");
    assert_eq!(simulated.executed(id).unwrap(), before, "not written, so not sent");
    assert!(daemon.process.is_running());
    assert_eq!(daemon.devices().unwrap().len(), 1, "what is known is still shown");

    disk.make_room();
    eventually("commands go through again", SOON, || {
        let said = daemon.ctl(["set", &endpoint, "OnOff=off", "--wait"]).unwrap();
        if said.code == 0 { Ok(()) } else { Err(said.errors) }
    });
    drop(daemon);
    let again = Daemon::start(&Place::Here, &home, &["--no-discovery", "--no-keyring"]).unwrap();
    assert_eq!(again.devices().unwrap().len(), 1, "nothing was lost");
}

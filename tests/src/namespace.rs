//! Networks of their own: two namespaces with a cable between them. Needs Linux and root.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Result, ensure};

use crate::Place;

/// Counts the networks of this process, so that tests side by side do not meet.
static NETWORKS: AtomicU32 = AtomicU32::new(0);

/// A network namespace. Gone when dropped, with what is in it.
#[derive(Debug)]
pub struct Namespace(String);

/// Two namespaces and a cable: addresses 10.77.0.1 and .2, fd77::1 and ::2, and link-local ones.
#[derive(Debug)]
pub struct Network {
    /// Where Hearth is.
    pub home: Namespace,
    /// Where the devices are.
    pub devices: Namespace,
}

impl Namespace {
    /// To start programs there.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::Namespace(self.0.clone())
    }

    fn add(name: String) -> Result<Self> {
        ip(&["netns", "add", &name])?;
        let namespace = Self(name);
        namespace.ip(&["link", "set", "lo", "up"])?;
        Ok(namespace)
    }

    /// Runs `ip` inside.
    ///
    /// # Errors
    /// When `ip` says so.
    pub fn ip(&self, arguments: &[&str]) -> Result<()> {
        ip(&[&["-netns", self.0.as_str()], arguments].concat())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Nothing more can be done where it fails, and the test's own outcome matters more.
        let _outcome = ip(&["netns", "delete", &self.0]);
    }
}

impl Network {
    /// Lays the cable.
    ///
    /// # Errors
    /// Where this is not Linux or we are not root.
    pub fn lay() -> Result<Self> {
        let number = NETWORKS.fetch_add(1, Ordering::Relaxed);
        let name = |end: &str| format!("hearth-{}-{number}-{end}", std::process::id());
        let home = Namespace::add(name("home"))?;
        let devices = Namespace::add(name("devices"))?;
        let peer = ["type", "veth", "peer", "name", "cable", "netns", devices.0.as_str()];
        home.ip(&[&["link", "add", "cable"], &peer[..]].concat())?;
        for (end, number) in [(&home, 1), (&devices, 2)] {
            end.ip(&["address", "add", &format!("10.77.0.{number}/24"), "dev", "cable"])?;
            // No waiting for duplicate addresses: there can be none.
            let v6 = format!("fd77::{number}/64");
            end.ip(&["address", "add", &v6, "dev", "cable", "nodad"])?;
            end.ip(&["link", "set", "cable", "up", "multicast", "on"])?;
        }
        Ok(Self { home, devices })
    }

    /// Unplugs the cable, or plugs it in again.
    ///
    /// # Errors
    /// When `ip` says so.
    pub fn plug(&self, plugged: bool) -> Result<()> {
        self.devices.ip(&["link", "set", "cable", if plugged { "up" } else { "down" }])
    }
}

fn ip(arguments: &[&str]) -> Result<()> {
    let output = Command::new("ip").args(arguments).output()?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "ip {}: {words}", arguments.join(" "));
    Ok(())
}

//! Networks of their own: two namespaces with a cable between them. Needs Linux and root.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::{Place, eventually};

/// The kernel raises a cable within milliseconds; a busy one later.
const RAISED: Duration = Duration::from_secs(10);

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

    /// Waits until the cable carries: whoever announces itself before is not heard, and the
    /// responder of the simulated devices does not say it again.
    fn wait_until_raised(&self) {
        eventually("the cable is up", RAISED, || {
            let mut command = Command::new("ip");
            command.args(["-netns", &self.0, "address", "show", "dev", "cable"]);
            let output = command.output().map_err(|error| error.to_string())?;
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let carries = said.contains("state UP") && said.contains("inet6 fe80::");
            if carries && !said.contains("tentative") { Ok(()) } else { Err(said) }
        });
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
        for end in [&home, &devices] {
            end.wait_until_raised();
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

//! `hearthd` as a process, talked to through its own command line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{Place, Running, eventually, program};

/// The longest that a start may take here: machines that test are busy.
const START: Duration = Duration::from_secs(20);

/// A running `hearthd`.
#[derive(Debug)]
pub struct Daemon {
    /// Its process.
    pub process: Running,
    /// What it said when it was ready.
    pub ready: Value,
    home: PathBuf,
    place: Place,
}

/// What a command line said.
#[derive(Debug)]
pub struct Said {
    /// Its exit code; -1 when a signal ended it.
    pub code: i32,
    /// The JSON lines on stdout.
    pub lines: Vec<Value>,
    /// The words on stderr.
    pub errors: String,
}

impl Daemon {
    /// Starts it on that home.
    ///
    /// # Errors
    /// When it does not become ready.
    pub fn start(place: &Place, home: &Path, more: &[&str]) -> Result<Self> {
        let mut command = place.command(&program("hearthd"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--home"]).arg(home).args(more);
        let mut process = Running::start(command)?;
        let ready = process.json_line(START).context("hearthd did not become ready")?;
        Ok(Self { process, ready, home: home.to_owned(), place: place.clone() })
    }

    /// Runs `hearthd ctl` on its home.
    ///
    /// # Errors
    /// When it cannot be run; what it says itself is no error here.
    pub fn ctl<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Result<Said> {
        let mut command = self.place.command(&program("hearthd"));
        command.args(["ctl", "--home"]).arg(&self.home).args(arguments);
        said(command)
    }

    /// All devices, as `ctl devices` says them.
    ///
    /// # Errors
    /// When that fails.
    pub fn devices(&self) -> Result<Vec<Value>> {
        Ok(self.ctl(["devices"])?.lines)
    }

    /// Waits until the device is as wanted, and gives it.
    ///
    /// # Panics
    /// When it is not within `within`.
    pub fn device_once(
        &self,
        id: &str,
        what: &str,
        within: Duration,
        is: impl Fn(&Value) -> bool,
    ) -> Value {
        eventually(&format!("{id} {what}"), within, || {
            let devices = self.devices().map_err(|error| error.to_string())?;
            let device = devices.iter().find(|it| it["id"] == id);
            let device = device.ok_or_else(|| format!("no such device among {}", devices.len()))?;
            if is(device) { Ok(device.clone()) } else { Err(device.to_string()) }
        })
    }
}

/// Runs a command line to its end.
///
/// # Errors
/// When it cannot be run.
pub(crate) fn said(mut command: Command) -> Result<Said> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Said {
        code: output.status.code().unwrap_or(-1),
        lines: text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

//! The interface in a real browser, with a thousand devices and two hundred reports a second.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use tests::{Daemon, Place, Simulated};

use crate::prepared::met_home;
use crate::socket::all_reached;

const DEVICES: usize = 1_000;
/// One in fourteen simulated devices wants a key and is left out.
const SIMULATED: usize = 1_080;

/// Prints what the script in `tests/bench` measures.
pub(crate) fn measure() -> Result<()> {
    let more = ["--mdns", "off", "--strangers", "0", "--storm", "200"];
    let simulated = Simulated::start(&Place::Here, SIMULATED, &more)?;
    let directory = tempfile::tempdir()?;
    let home = directory.path();
    met_home(home, &simulated.devices, DEVICES)?;
    let daemon = Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring", "--ui"])?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(all_reached(&daemon, home, DEVICES))?;
    let link = daemon.ready["link"].as_str().context("a link to sign in with")?;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench");
    let status = Command::new("node")
        .args(["ui.mjs", link])
        .current_dir(directory)
        .status()
        .context("node is not there")?;
    anyhow::ensure!(status.success(), "the interface could not be measured");
    Ok(())
}

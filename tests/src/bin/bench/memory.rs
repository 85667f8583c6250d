//! What a hub weighs that is connected to a thousand devices.

use std::time::Duration;

use anyhow::Result;
use tests::{Daemon, Place, Simulated};

use crate::figures::figure;
use crate::machine::Resident;
use crate::prepared::met_home;
use crate::socket::all_reached;

const DEVICES: usize = 1_000;
/// One in fourteen simulated devices wants a key and is left out.
const SIMULATED: usize = 1_080;
/// Long enough for devices to have pushed what they have, and for buffers to be given back.
const REST: Duration = Duration::from_secs(20);

/// Prints resident memory with all connected, and the most that it ever was.
pub(crate) fn measure() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let home = directory.path();
    let more = ["--mdns", "off", "--strangers", "0"];
    let simulated = Simulated::start(&Place::Here, SIMULATED, &more)?;
    let known = met_home(home, &simulated.devices, DEVICES)?;
    anyhow::ensure!(known == DEVICES, "{known} devices are without a password");
    let daemon = Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring"])?;
    let at_start = Resident::of(daemon.process.id())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let view = runtime.block_on(all_reached(&daemon, home, DEVICES))?;
    std::thread::sleep(REST);
    let endpoints: usize = view.devices.iter().map(|it| it.endpoints.len()).sum();
    let resident = Resident::of(daemon.process.id())?;
    eprintln!(
        "  {endpoints} endpoints; {:.1} MB just after the start; {:.1} MB are the program's file",
        at_start.now, resident.of_files
    );
    figure("memory_1000_devices", resident.now, "MB");
    figure("memory_1000_devices_most", resident.most, "MB");
    Ok(())
}

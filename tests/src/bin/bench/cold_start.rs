//! From the start of the program to a home that can be used: all of a thousand devices are shown.

use std::path::Path;

use anyhow::Result;
use tests::{Daemon, Place};

use crate::figures::{figure, milliseconds, now, quantile};
use crate::prepared::known_home;
use crate::socket::Client;

const DEVICES: usize = 1_000;
const ROUNDS: usize = 5;

/// Prints the median time from the start of `hearthd` until a client has the whole home.
pub(crate) fn measure() -> Result<()> {
    let directory = tempfile::tempdir()?;
    known_home(directory.path(), DEVICES)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut samples = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        samples.push(runtime.block_on(start(directory.path()))?);
    }
    eprintln!("  rounds: {samples:.1?} ms");
    figure("cold_start_1000_devices", quantile(&mut samples, 0.5), "ms");
    Ok(())
}

async fn start(home: &Path) -> Result<f64> {
    let start = now();
    let mut daemon = Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring"])?;
    let view = Client::connect(&daemon, home).await?.snapshot().await?;
    let took = milliseconds(start.elapsed());
    let reported = view.devices.iter().flat_map(|it| &it.endpoints);
    let states: usize = reported.map(|it| it.states.len()).sum();
    anyhow::ensure!(view.devices.len() == DEVICES, "{} devices are known", view.devices.len());
    anyhow::ensure!(states > DEVICES, "what they last said is known");
    daemon.process.terminate()?;
    Ok(took)
}

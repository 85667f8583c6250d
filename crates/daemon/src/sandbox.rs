//! The simulated home, for the hub.

use hub::{BoxFuture, Simulated, SimulatedDevice, Simulator};
use simhome::{Home, Options};

/// Names where a test wants to reach the simulated devices; see `simhome --control`.
const CONTROL: &str = "HEARTH_SANDBOX_CONTROL";
/// A number that makes the devices others than those of another simulated home on this machine:
/// both are announced, and the same device in two places confuses whoever listens.
const SEED: &str = "HEARTH_SANDBOX_SEED";

/// Simulates homes on this machine's loopback.
#[derive(Debug)]
pub(crate) struct Sandbox;

impl Simulator for Sandbox {
    fn start(&self, devices: usize) -> BoxFuture<'_, Result<Simulated, String>> {
        Box::pin(async move { start(devices).await.map_err(|error| error.to_string()) })
    }
}

async fn start(devices: usize) -> anyhow::Result<Simulated> {
    let seed = match std::env::var(SEED) {
        Ok(number) => number.parse()?,
        Err(_) => 0,
    };
    let home = Home::start(Options { devices, seed, ..Options::default() }).await?;
    if let Ok(address) = std::env::var(CONTROL) {
        home.control(address.parse()?).await?;
    }
    let devices = home.devices().iter().cloned().map(known_to_the_hub).collect();
    Ok(Simulated { devices, running: Box::new(home) })
}

fn known_to_the_hub(device: simhome::SimulatedDevice) -> SimulatedDevice {
    let simhome::SimulatedDevice { id, family, address, secret, name, room, known } = device;
    SimulatedDevice { id, family, address, secret, name, room, known }
}

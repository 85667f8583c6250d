//! Lends the simulated home to the hub, which knows it only as something that can be started.

use std::net::SocketAddr;

use hub::{BoxFuture, Simulated, SimulatedDevice, Simulator};
use simhome::{Home, Options};

/// Names where a test wants to reach the simulated devices; see `simhome --control`.
const CONTROL: &str = "HEARTH_SANDBOX_CONTROL";
/// A number that makes the devices others than those of another simulated home on this machine.
const SEED: &str = "HEARTH_SANDBOX_SEED";

/// The simulated home.
#[derive(Debug)]
pub(crate) struct SimulatedHome;

impl Simulator for SimulatedHome {
    fn start(&self, devices: usize) -> BoxFuture<'_, Result<Simulated, String>> {
        Box::pin(async move { start(devices).await.map_err(|error| error.to_string()) })
    }
}

async fn start(devices: usize) -> Result<Simulated, Box<dyn std::error::Error + Send + Sync>> {
    let seed = std::env::var(SEED).map_or(Ok(0), |it| it.parse())?;
    let home = Home::start(Options { devices, seed, ..Options::default() }).await?;
    if let Ok(address) = std::env::var(CONTROL) {
        let address: SocketAddr = address.parse()?;
        home.control(address).await?;
    }
    let devices = home.devices().iter().cloned().map(introduce).collect();
    Ok(Simulated { devices, running: Box::new(home) })
}

fn introduce(device: simhome::SimulatedDevice) -> SimulatedDevice {
    SimulatedDevice {
        id: device.id,
        family: device.family,
        address: device.address,
        secret: device.secret,
        name: device.name,
        room: device.room,
        known: device.known,
    }
}

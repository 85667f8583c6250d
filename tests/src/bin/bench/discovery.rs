//! How long it takes until fifty devices are found.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context as _, Result};
use api::Update;
use hub::{Config, Hub, Keyring, Scope, Stage};
use tests::{Place, Simulated};

use crate::figures::{figure, now, quantile};

const DEVICES: usize = 50;
const ROUNDS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(30);
/// Announcements are over by then: what is measured is asking.
const REST: Duration = Duration::from_secs(4);

/// Prints the median of the seconds from the start of the hub until all are found.
pub(crate) fn measure() -> Result<()> {
    let devices = DEVICES.to_string();
    let more = ["--mdns", "loopback", "--strangers", devices.as_str()];
    let simulated = Simulated::start(&Place::Here, DEVICES, &more)?;
    std::thread::sleep(REST);
    let runtime = tokio::runtime::Runtime::new()?;
    let mut samples = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let found = async { tokio::time::timeout(PATIENCE, all_found()).await };
        samples.push(runtime.block_on(found).context("not all are found")??);
    }
    drop(simulated);
    eprintln!("  rounds: {samples:.2?} s");
    figure("discovery_50_devices", quantile(&mut samples, 0.5), "s");
    Ok(())
}

async fn all_found() -> Result<f64> {
    let directory = tempfile::tempdir()?;
    let config = Config {
        dir: directory.path().to_owned(),
        discovery: Some(Scope::LoopbackOnly),
        stage: Stage::Real,
        simulator: None,
        keyring: Keyring::None,
        passphrase: None,
    };
    let start = now();
    let hub = Hub::start(config).await?;
    let mut subscription = hub.subscribe().await?;
    let mut found = BTreeSet::new();
    while found.len() < DEVICES {
        let batch = subscription.next().await.context("the hub has stopped")?;
        for update in batch.updates {
            match update {
                Update::Snapshot(home) => {
                    found.extend(home.found.into_iter().map(|it| it.sighting.device));
                }
                Update::Found(device) => {
                    found.insert(device.sighting.device);
                }
                _ => {}
            }
        }
    }
    let took = start.elapsed().as_secs_f64();
    hub.shutdown().await;
    Ok(took)
}

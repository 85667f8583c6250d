//! How long it takes until fifty devices are found.

use std::time::{Duration, Instant};

use anyhow::Result;
use api::Update;
use hub::{Config, Hub, Keyring, Scope, Stage};
use simhome::{Home, Mdns, Options};

use crate::figure;

const DEVICES: usize = 50;
const PATIENCE: Duration = Duration::from_secs(30);

/// Prints the seconds from the start of the hub until all are found.
pub(crate) fn measure() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let took = runtime.block_on(async {
        let options = Options { devices: DEVICES, mdns: Mdns::Loopback, ..Options::default() };
        let home = Home::start(options).await?;
        // Announcements are over before anybody looks: what is measured is asking.
        tokio::time::sleep(Duration::from_secs(4)).await;
        let took = tokio::time::timeout(PATIENCE, all_found()).await?;
        home.stop().await;
        took
    })?;
    figure("discovery_50_devices", took.as_secs_f64(), "s");
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
async fn all_found() -> Result<Duration> {
    let directory = tempfile::tempdir()?;
    let config = Config {
        dir: directory.path().to_owned(),
        discovery: Some(Scope::LoopbackOnly),
        stage: Stage::Real,
        simulator: None,
        keyring: Keyring::None,
        passphrase: None,
    };
    let start = Instant::now();
    let hub = Hub::start(config).await?;
    let mut subscription = hub.subscribe().await?;
    let mut found = std::collections::BTreeSet::new();
    while found.len() < DEVICES {
        let Some(batch) = subscription.next().await else { anyhow::bail!("the hub has stopped") };
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
    let took = start.elapsed();
    hub.shutdown().await;
    Ok(took)
}

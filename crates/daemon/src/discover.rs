//! `hearthd discover`: what announces itself on the network, for a few seconds.

use std::collections::BTreeMap;
use std::time::Duration;

use adapters::discovery::{Discovery, Scope};
use anyhow::Result;
use model::{Sighting, SightingChange};
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::cli::Discover;
use crate::exit::{Failure, Kind};
use crate::print_line;

/// Most announcements that may wait.
const SIGHTINGS: usize = 1_024;

/// Listens that long, then prints who is there, by id.
pub(crate) async fn run(options: Discover) -> Result<()> {
    let scope = if options.loopback { Scope::LoopbackOnly } else { Scope::All };
    let (sightings, mut heard) = mpsc::channel(SIGHTINGS);
    let stop = CancellationToken::new();
    let listening = Discovery::start(scope, sightings, stop.clone())
        .map_err(|error| Failure::new(Kind::Unexpected, format!("discovery: {error}")))?;
    let mut there = BTreeMap::new();
    let hearing = async {
        while let Some(change) = heard.recv().await {
            match change {
                SightingChange::Seen(sighting) => there.insert(sighting.device.clone(), sighting),
                SightingChange::Gone(device) => there.remove(&device),
            };
        }
    };
    let ending = async {
        tokio::time::sleep(Duration::from_secs(options.seconds)).await;
        stop.cancel();
    };
    tokio::join!(listening, hearing, ending);
    for sighting in there.values() {
        print_line(&if options.json { in_json(sighting) } else { in_words(sighting) })?;
    }
    Ok(())
}

fn in_json(sighting: &Sighting) -> String {
    json!({
        "id": sighting.device,
        "name": sighting.name,
        "family": sighting.family,
        "model": sighting.model,
        "addresses": sighting.addresses,
        "wants_secret": sighting.wants_secret,
    })
    .to_string()
}

fn in_words(sighting: &Sighting) -> String {
    let addresses: Vec<String> = sighting.addresses.iter().map(ToString::to_string).collect();
    let name = sighting.name.as_ref().map_or("–", |it| it.as_str());
    let locked =
        if sighting.wants_secret == Some(true) { " (wants a password or key)" } else { "" };
    format!("{} {name}: {}{locked}", sighting.device, addresses.join(", "))
}

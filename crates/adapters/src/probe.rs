//! Who is there? Asked once, by someone who is about to add a device.

use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use model::{Address, Cause, Family, ProbeFailure, Probed, Secret};
use tokio::time::timeout;

use crate::net::Patience;
use crate::{esphome, shelly, wled};

/// The longest that anyone is asked.
const LIMIT: Duration = Duration::from_secs(10);

/// Asks who answers at an address, and what it can do. With no family given, all are tried at
/// once. Takes 10 s at most.
///
/// # Errors
/// When nobody answers, nobody we understand, or a secret is missing or wrong.
pub async fn probe(
    address: &Address,
    family: Option<Family>,
    secret: Option<&Secret>,
) -> Result<Probed, ProbeFailure> {
    let asked = async {
        match family {
            Some(family) => probe_family(address, family, secret).await,
            None => probe_all(address, secret).await,
        }
    };
    timeout(LIMIT, asked).await.unwrap_or(Err(ProbeFailure::NoAnswer))
}

type Asked<'a> = Pin<Box<dyn Future<Output = Result<Probed, ProbeFailure>> + Send + 'a>>;

fn probe_family<'a>(address: &'a Address, family: Family, secret: Option<&'a Secret>) -> Asked<'a> {
    match family {
        Family::Shelly => Box::pin(shelly::probe(address, secret, Patience::USUAL)),
        Family::Wled => Box::pin(wled::probe(address, Patience::USUAL)),
        Family::Esphome => Box::pin(esphome::probe(address, secret)),
    }
}

/// The first to recognise the device wins. A device that wants a secret is recognised.
async fn probe_all(address: &Address, secret: Option<&Secret>) -> Result<Probed, ProbeFailure> {
    let mut asked: FuturesUnordered<_> =
        Family::ALL.into_iter().map(|family| probe_family(address, family, secret)).collect();
    let mut worst = ProbeFailure::NoAnswer;
    while let Some(answer) = asked.next().await {
        match answer {
            Err(ProbeFailure::NoAnswer) => {}
            Err(ProbeFailure::NotADevice(words)) => worst = not_a_device(worst, words),
            decided => return decided,
        }
    }
    Err(worst)
}

/// Of several families' complaints only one is worth a person's while: that the device is one of
/// ours, but too old.
fn not_a_device(before: ProbeFailure, words: String) -> ProbeFailure {
    let is_telling = words.contains("generation");
    match before {
        ProbeFailure::NotADevice(_) if !is_telling => before,
        _ if is_telling => ProbeFailure::NotADevice(words),
        _ => ProbeFailure::NotADevice(
            "what answers there is neither a Shelly nor WLED nor ESPHome".to_owned(),
        ),
    }
}

/// What the end of a conversation says to somebody who is about to add the device.
pub(crate) fn failure(cause: Cause) -> ProbeFailure {
    match cause {
        Cause::NeedsSecret | Cause::SecretsLocked => ProbeFailure::NeedsSecret,
        Cause::WrongSecret => ProbeFailure::WrongSecret,
        Cause::Garbage(words) => ProbeFailure::NotADevice(words),
        Cause::WrongIdentity { .. } | Cause::NoAnswer | Cause::SaidGoodbye => {
            ProbeFailure::NoAnswer
        }
    }
}

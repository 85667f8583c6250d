//! Who is there? Asked once, of every address in turn, ten seconds at most.

use std::time::Duration;

use model::{Address, DeviceId, Family, ProbeFailure, Probed, Secret};

use crate::drivers::Drivers;

/// The longest that anyone waits for the outcome.
const LIMIT: Duration = Duration::from_secs(10);

/// What to ask, and where.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) addresses: Vec<Address>,
    pub(crate) family: Option<Family>,
    pub(crate) expect: Option<DeviceId>,
    pub(crate) secret: Option<Secret>,
}

/// Asks one address after the other until the expected device answers; without it, says the most
/// telling thing that was heard.
pub(crate) async fn ask(drivers: &dyn Drivers, question: Question) -> Result<Probed, ProbeFailure> {
    let mut best = Err(ProbeFailure::NoAnswer);
    let asking = async {
        for address in &question.addresses {
            let heard = drivers.probe(address, question.family, question.secret.as_ref()).await;
            if weight(&heard, &question) > weight(&best, &question) {
                best = heard;
            }
            if is_wanted(&best, &question) {
                break;
            }
        }
    };
    if tokio::time::timeout(LIMIT, asking).await.is_err() {
        tracing::debug!(?question.addresses, "Probe ran out of time");
    }
    best
}

fn is_wanted(heard: &Result<Probed, ProbeFailure>, question: &Question) -> bool {
    let wanted = |id: &DeviceId| question.expect.as_ref().is_none_or(|expected| expected == id);
    heard.as_ref().is_ok_and(|it| wanted(&it.device))
}

/// How much it tells.
fn weight(heard: &Result<Probed, ProbeFailure>, question: &Question) -> u8 {
    match heard {
        Ok(_) if is_wanted(heard, question) => 5,
        Ok(_) => 4,
        Err(ProbeFailure::WrongSecret) => 3,
        Err(ProbeFailure::NeedsSecret) => 2,
        Err(ProbeFailure::NotADevice(_)) => 1,
        Err(ProbeFailure::NoAnswer) => 0,
    }
}

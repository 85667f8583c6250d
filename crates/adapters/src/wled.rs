//! Driver of WLED devices.

use model::{Address, Cause, ProbeFailure, Probed};

use crate::Link;

/// One connection to a WLED device.
pub(crate) async fn drive(link: Link<'_>) -> Cause {
    link.stop.cancelled().await;
    Cause::NoAnswer
}

/// Asks who answers.
#[expect(clippy::unused_async, reason = "the real thing waits")]
pub(crate) async fn probe(_address: &Address) -> Result<Probed, ProbeFailure> {
    Err(ProbeFailure::NoAnswer)
}

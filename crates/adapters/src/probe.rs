//! Who is there? Asked once, by someone who is about to add a device.

use model::{Address, Family, ProbeFailure, Probed, Secret};

use crate::{esphome, shelly, wled};

/// Asks who answers at an address, and what it can do. With no family given, all are tried.
///
/// # Errors
/// When nobody answers, nobody we understand, or a secret is missing or wrong.
pub async fn probe(
    address: &Address,
    family: Option<Family>,
    secret: Option<&Secret>,
) -> Result<Probed, ProbeFailure> {
    match family {
        Some(Family::Shelly) => shelly::probe(address, secret).await,
        Some(Family::Wled) => wled::probe(address).await,
        Some(Family::Esphome) => esphome::probe(address, secret).await,
        None => Err(ProbeFailure::NoAnswer),
    }
}

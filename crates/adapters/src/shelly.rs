//! Driver of Shelly devices: one WebSocket at `/rpc`, on which the device pushes what changes.

use model::{Address, Cause, DeviceId, Family, ProbeFailure, Probed, Secret};
use protocols::shelly::{Identity, IdentityError, ShellySession, Start};

use crate::Link;
use crate::http;
use crate::net::Patience;
use crate::probe::failure;
use crate::websocket::{self, Unopened};

/// One connection to a Shelly.
pub(crate) async fn drive(link: Link<'_>) -> Cause {
    drive_with(link, Patience::USUAL).await
}

pub(crate) async fn drive_with(mut link: Link<'_>, patience: Patience) -> Cause {
    let opened = tokio::select! {
        () = link.stop.cancelled() => return Cause::NoAnswer,
        opened = websocket::open(&link.address, "/rpc", patience) => opened,
    };
    let socket = match opened {
        Ok(socket) => socket,
        Err(unopened) => return refusal(unopened),
    };
    let start = start(Some(link.device.clone()), &link.address, link.secret.clone());
    let (mut session, first) = match start {
        Ok(start) => ShellySession::open(start),
        Err(cause) => return cause,
    };
    websocket::converse(socket, &mut session, first, &mut link, patience).await
}

fn start(
    expected: Option<DeviceId>,
    address: &Address,
    secret: Option<Secret>,
) -> Result<Start, Cause> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| Cause::Garbage(format!("this machine has no randomness: {error}")))?;
    Ok(Start { expected, address: address.clone(), secret, random })
}

fn refusal(unopened: Unopened) -> Cause {
    match unopened {
        Unopened::Failed(cause) => cause,
        Unopened::Refused(status) => {
            Cause::Garbage(format!("it refuses the WebSocket with HTTP status {status}"))
        }
    }
}

/// Asks who answers, and what it can do.
pub(crate) async fn probe(
    address: &Address,
    secret: Option<&Secret>,
    patience: Patience,
) -> Result<Probed, ProbeFailure> {
    identify(address, patience).await?;
    describe(address, secret, patience).await.map_err(failure)
}

/// `/shelly` tells every generation apart, without a password.
async fn identify(address: &Address, patience: Patience) -> Result<Identity, ProbeFailure> {
    let answer = http::get(address, "/shelly", patience).await.map_err(failure)?;
    let body = answer.content().map_err(failure)?;
    Identity::read(&body).map_err(|error| match error {
        IdentityError::Json(_) | IdentityError::NoMac => {
            ProbeFailure::NotADevice("it is no Shelly".to_owned())
        }
        IdentityError::FirstGeneration => ProbeFailure::NotADevice(error.to_string()),
    })
}

async fn describe(
    address: &Address,
    secret: Option<&Secret>,
    patience: Patience,
) -> Result<Probed, Cause> {
    let socket = websocket::open(address, "/rpc", patience).await.map_err(refusal)?;
    let (mut session, first) = ShellySession::open(start(None, address, secret.cloned())?);
    let description = websocket::describe(socket, &mut session, first).await?;
    let identity = session.identity().ok_or(Cause::NoAnswer)?;
    Ok(Probed {
        device: identity.device.clone(),
        family: Family::Shelly,
        address: address.clone(),
        description,
    })
}

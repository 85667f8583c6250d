//! Everything that can happen to the hub: one closed enum.

use std::sync::Arc;

use adapters::mqtt::Heard;
use adapters::vault::{Vault, VaultError};
use api::{Answer, ApiError, Request};
use engine::Ticket;
use model::{DeviceId, HookId, PersonId, ProbeFailure, Probed, Report, SightingChange};
use tokio::sync::oneshot;

use crate::journal::{BatchId, Unkept};
use crate::past::Work;
use crate::subscription::Subscription;

/// Where the answer to a request goes.
pub(crate) type ReplyTo = oneshot::Sender<Result<Answer, ApiError>>;

/// One happening.
#[derive(Debug)]
pub(crate) enum Event {
    /// A client asks for something.
    Request(Request, ReplyTo),
    /// A client wants to be told everything from now on.
    Subscribe(oneshot::Sender<Subscription>),
    /// A device said something, or its supervisor said something of it.
    Report(DeviceId, Report),
    /// Discovery saw something.
    Sighting(SightingChange),
    /// A webhook was called.
    Hook(HookId),
    /// Webhooks can be called on that port, or not; the system's words.
    Hooks(u16, Result<(), String>),
    /// Something was heard of the broker.
    Broker(Heard),
    /// Somebody's phone is on the network, or no longer.
    Phone(PersonId, bool),
    /// Work that was done aside is done.
    Answered(Ticket, Work, Result<Answer, ApiError>),
    /// It is known who answers there.
    Probed(Ticket, Result<Probed, ProbeFailure>),
    /// A batch is on disk, or cannot be.
    Written(BatchId, Result<(), Unkept>),
    /// What could not be written before is written now, or still cannot be.
    Retried(Result<(), Unkept>),
    /// The vault has been opened at the start.
    VaultOpened(Arc<Vault>),
    /// Somebody has typed a passphrase.
    Unlocked(Ticket, Result<Arc<Vault>, VaultError>),
    /// A device's secret is sealed and can be written down.
    Sealed(BatchId, DeviceId, Result<Vec<u8>, VaultError>),
    /// The engine, or a write to be tried again, wanted to be woken now.
    Timeout,
    /// The hub shall stop.
    Stop,
}

//! What the engine asks of the hub. The hub performs effects in order and decides nothing.

use api::{Answer, ApiError, Update};
use model::{Address, Change, Command, DeviceId, Family, Secret};

/// Names one request until its reply. Made by the hub, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Which home is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The real one.
    Real,
    /// A simulated one, of that many devices.
    Sandbox(usize),
}

/// One thing for the hub to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write this down.
    Persist(Change),
    /// Hand a command to the driver of its device: not before every `Persist` ahead of it is
    /// durable. A command that cannot be handed over comes back as `Progress::Failed`.
    Send(Command),
    /// Ask the device what it says now. Nothing to do when its driver has no connection.
    Refresh(DeviceId),
    /// (Re)start the driver of a device.
    Drive {
        /// Of whom, and who has to answer.
        device: DeviceId,
        /// Which protocol it speaks.
        family: Family,
        /// Where to try, in that order; 1 to 8.
        addresses: Vec<Address>,
    },
    /// Stop the driver of a device for good.
    Undrive(DeviceId),
    /// Cut the backoff of a device's driver short.
    TryNow(DeviceId),
    /// Find out who is there; the outcome goes to [`Engine::handle_probe`](crate::Engine::handle_probe).
    Probe {
        /// The request that waits for the outcome.
        ticket: Ticket,
        /// Where to try, in that order; 1 to 8.
        addresses: Vec<Address>,
        /// Which protocol to speak; `None` tries all.
        family: Option<Family>,
        /// Who should be there, when somebody certain should. Whoever answers is reported all
        /// the same: it is the engine that compares.
        expect: Option<DeviceId>,
        /// Password or key to try.
        secret: Option<Secret>,
    },
    /// Keep a device's secret, or forget it (`None`); then restart the device's driver with it,
    /// if it has one.
    KeepSecret(DeviceId, Option<Secret>),
    /// Open the vault with this passphrase; the hub replies.
    Unlock(Ticket, Secret),
    /// Enter or leave the simulated home; the hub replies.
    Switch(Ticket, Stage),
    /// Try again to write what could not be written.
    RetryWrites,
    /// Tell every subscriber.
    Publish(Update),
    /// Answer a request: not before every `Persist` ahead of it is durable.
    Reply(Ticket, Result<Answer, ApiError>),
}

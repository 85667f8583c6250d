//! What the engine asks of the hub. The hub performs effects in order and decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use api::{Answer, ApiError, ForeignFormat, Meaning, Update};
use model::{
    Address, Broker, Change, Charted, Command, DeviceId, EndpointId, Family, HookId, Notice,
    PersonId, RuleId, RunId, Secret, Timestamp,
};

use crate::rehearsal::Rehearsing;

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

/// A question to what the store keeps.
#[derive(Debug, Clone, PartialEq)]
pub enum Inquiry {
    /// The last runs and non-runs of a rule, newest first, at most that many.
    PastRuns(RuleId, u16),
    /// One run or non-run.
    PastRun(RunId),
    /// The versions of a rule, newest first.
    Versions(RuleId),
    /// The past of one number or state of an endpoint.
    Past {
        /// Of which.
        endpoint: EndpointId,
        /// What of it.
        what: Charted,
        /// From then.
        from: Timestamp,
        /// Until then.
        until: Timestamp,
        /// In at most that many spans, 1 to 1,000.
        buckets: u16,
    },
}

/// What can set rules off from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listening {
    /// The port for webhooks; `None` listens for none.
    pub port: Option<u16>,
    /// The webhooks that rules wait for.
    pub hooks: BTreeSet<HookId>,
    /// The MQTT broker.
    pub broker: Option<Broker>,
    /// The topics that rules wait for.
    pub topics: BTreeSet<String>,
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
    /// Look something up in what the store keeps; the hub replies.
    Consult(Ticket, Inquiry),
    /// Play the recorded past through this; the hub replies with what comes of it.
    Rehearse(Ticket, Box<Rehearsing>),
    /// Read rules of another system; the hub replies.
    ReadForeign(Ticket, ForeignFormat, String, BTreeMap<String, Meaning>),
    /// Listen for these webhooks and messages, in place of what was listened for before.
    Listen(Listening),
    /// Watch whether these phones are on the network, in place of those watched before.
    WatchPhones(BTreeMap<PersonId, IpAddr>),
    /// Keep the broker's password, or forget it; then connect anew.
    KeepBrokerSecret(Option<Secret>),
    /// Publish a notice, to be shown natively: not before every `Persist` ahead of it is durable,
    /// and not at all when that fails.
    Notify(Box<Notice>),
    /// Tell every subscriber.
    Publish(Update),
    /// Answer a request: not before every `Persist` ahead of it is durable.
    Reply(Ticket, Result<Answer, ApiError>),
}

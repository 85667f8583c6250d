//! What comes in from the network: reports of known devices, sightings of any.

use serde::{Deserialize, Serialize};

use crate::{
    Address, Cause, CommandId, DeviceDescription, DeviceId, EndpointKey, FailReason, Family, Name,
    Value,
};

/// What a device said, through its driver.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// Its identity is proven and it can be talked to at this address.
    Reached(Address),
    /// It cannot be talked to; the driver tries again by itself where that makes sense.
    Lost(Cause),
    /// What it is and what it can do. Comes after `Reached`, before any `Values`.
    Described(DeviceDescription),
    /// What its endpoints say, all of one moment. Endpoints not described are ignored.
    Values(Source, Vec<(EndpointKey, Value)>),
    /// Somebody pressed a button on it. An event: it is never repeated, never remembered.
    Pressed(EndpointKey, ButtonEvent),
    /// How far a command has come.
    Progress(CommandId, Progress),
}

/// How we know a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The device said so by itself.
    Pushed,
    /// The device said so when asked.
    Polled,
    /// Written down before the last restart; the device has not spoken since.
    Remembered,
}

/// What happened to a button, after Matter's Switch cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ButtonEvent {
    /// Pressed down.
    Down,
    /// Let go.
    Up,
    /// Pressed shortly that many times in a row; at least once.
    Pressed(u8),
    /// Held down.
    Held,
}

/// How far a driver has got with a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Its bytes are in the socket.
    Sent,
    /// The device answered that it understood.
    Acknowledged,
    /// It will not happen.
    Failed(FailReason),
}

/// Somebody announces a device on the network. Not proven: anyone can announce anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Who it claims to be.
    pub device: DeviceId,
    /// Of which family.
    pub family: Family,
    /// What it calls itself.
    pub name: Option<Name>,
    /// Which model it claims to be.
    pub model: Option<Name>,
    /// Where it claims to be; best first, at most 8.
    pub addresses: Vec<Address>,
    /// It says that it will want a password or key; `None` when it does not say.
    pub wants_secret: Option<bool>,
}

/// What discovery has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SightingChange {
    /// Announced, or announced anew.
    Seen(Sighting),
    /// It said goodbye, or its announcement ran out.
    Gone(DeviceId),
}

/// What a device says of itself to someone who is about to add it. Its identity is proven.
#[derive(Debug, Clone, PartialEq)]
pub struct Probed {
    /// Who it is.
    pub device: DeviceId,
    /// Which protocol it speaks.
    pub family: Family,
    /// Where it answered.
    pub address: Address,
    /// What it is and what it can do.
    pub description: DeviceDescription,
}

/// Why nobody could be added from an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProbeFailure {
    /// Nobody answers there.
    NoAnswer,
    /// Somebody answers, but speaks none of our protocols; what was wrong, in words.
    NotADevice(String),
    /// It wants a password or key.
    NeedsSecret,
    /// It does not accept the password or key given.
    WrongSecret,
}

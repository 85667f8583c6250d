//! What outlives a restart, as the engine knows it. How it is stored is `store`'s business.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Action, Address, Command, CommandId, CommandState, DeviceDescription, DeviceId, EndpointId,
    EndpointKey, Family, Home, Name, Room, RoomId, Settings, Timestamp, Value,
};

/// Everything known at start.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SavedHome {
    /// The home, when it has been written once.
    pub home: Option<Home>,
    /// Settings, when they have been written once.
    pub settings: Option<Settings>,
    /// Rooms, in no order.
    pub rooms: Vec<Room>,
    /// Devices, in no order.
    pub devices: Vec<DeviceRecord>,
    /// The last thing each capability said.
    pub reports: Vec<LastReport>,
    /// Commands that were written down and not closed: Hearth stopped in between.
    pub open_commands: Vec<OpenCommand>,
}

/// A device that belongs to the home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceRecord {
    /// Who.
    pub id: DeviceId,
    /// Which protocol it speaks.
    pub family: Family,
    /// Where it last proved its identity.
    pub address: Address,
    /// What it last said of itself.
    pub description: DeviceDescription,
    /// What its people call it; `None` takes its own name.
    pub name: Option<Name>,
    /// The room it is in.
    pub room: Option<RoomId>,
    /// What its people said of its parts.
    pub endpoints: BTreeMap<EndpointKey, EndpointRecord>,
    /// When it was added.
    pub added_at: Timestamp,
}

/// What people said of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointRecord {
    /// What they call it; `None` takes its own name.
    pub name: Option<Name>,
    /// The room it works in, when that is not the device's.
    pub room: Option<RoomId>,
    /// Shown among the favourites.
    pub favourite: bool,
}

/// The last thing a capability said.
#[derive(Debug, Clone, PartialEq)]
pub struct LastReport {
    /// Whose.
    pub endpoint: EndpointId,
    /// What.
    pub value: Value,
    /// When it was received.
    pub at: Timestamp,
}

/// A command in the journal that has no outcome yet.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenCommand {
    /// Which.
    pub id: CommandId,
    /// Of whom.
    pub endpoint: EndpointId,
    /// What.
    pub action: Action,
    /// When it was asked.
    pub requested_at: Timestamp,
}

/// One thing to write down.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The home.
    Home(Home),
    /// Settings.
    Settings(Settings),
    /// A room, new or changed.
    Room(Room),
    /// A room is gone.
    RoomGone(RoomId),
    /// A device, new or changed.
    Device(Box<DeviceRecord>),
    /// A device is gone, and with it all its reports.
    DeviceGone(DeviceId),
    /// A capability said something. Telemetry: may be lost with the last quarter of a second.
    Reported(LastReport),
    /// A command is about to leave. Durable before it does.
    CommandOpened(Command, Timestamp),
    /// A command has its outcome.
    CommandClosed(CommandId, CommandState, Timestamp),
}

impl Change {
    /// Whether it may wait for company (up to 250 ms) before it is written.
    #[must_use]
    pub fn is_telemetry(&self) -> bool {
        matches!(self, Self::Reported(_))
    }
}

//! What a client may ask. One variant an intent.

use model::{
    Action, Address, CommandId, DeviceId, EndpointId, Family, IssueId, Name, RoomId, Secret,
    Settings, secret,
};
use serde::{Deserialize, Serialize};

/// What a client may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Make an endpoint do something. Asking again with the same id does nothing a second time.
    Control {
        /// Made by the client from at least 64 random bits.
        id: CommandId,
        /// Of whom.
        endpoint: EndpointId,
        /// What.
        action: Action,
    },
    /// Take a device into the home. Answered once the device has proven itself: at most 10 s.
    Add {
        /// Which.
        target: AddTarget,
        /// Its password or key, where it wants one.
        #[serde(default, with = "secret::exposed")]
        secret: Option<Secret>,
        /// What to call it; its own name otherwise.
        name: Option<Name>,
        /// Where it is.
        room: Option<RoomId>,
    },
    /// Give a device its (new) password or key and try it. Answered with what the device says.
    SetSecret {
        /// Whose.
        device: DeviceId,
        /// The password or key; `None` forgets the old one.
        #[serde(default, with = "secret::exposed")]
        secret: Option<Secret>,
    },
    /// Try to reach a device now rather than when its turn comes.
    Reconnect(DeviceId),
    /// Take a device out of the home: its record, reports and secret.
    RemoveDevice(DeviceId),
    /// Name a device; `None` goes back to its own name.
    NameDevice(DeviceId, Option<Name>),
    /// Put a device into a room, or into none.
    PlaceDevice(DeviceId, Option<RoomId>),
    /// Name an endpoint; `None` goes back to its own name.
    NameEndpoint(EndpointId, Option<Name>),
    /// Put an endpoint into another room than its device; `None` goes with the device.
    PlaceEndpoint(EndpointId, Option<RoomId>),
    /// Show an endpoint among the favourites, or no longer.
    SetFavourite(EndpointId, bool),
    /// Make a room; it comes last.
    CreateRoom(RoomId, Name),
    /// Name a room.
    NameRoom(RoomId, Name),
    /// Move a room to that place among the rooms, 0 first.
    MoveRoom(RoomId, u32),
    /// Remove a room; what was in it is in no room then.
    RemoveRoom(RoomId),
    /// Name the home.
    NameHome(Option<Name>),
    /// The start page was left for good.
    Welcomed,
    /// Replace the settings.
    SetSettings(Settings),
    /// An issue that only tells has been read, or one that can be retried shall be.
    ResolveIssue(IssueId),
    /// Open the sealed file of secrets, or make one where there is no keyring.
    Unlock {
        /// The passphrase; at least 8 characters when a new file is made.
        #[serde(default, with = "secret::exposed")]
        passphrase: Option<Secret>,
    },
    /// Leave the real home and open a simulated one beside it.
    EnterSandbox,
    /// Close the simulated home and open the real one again.
    LeaveSandbox,
}

/// Which device to add.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AddTarget {
    /// One that discovery has found.
    Found(DeviceId),
    /// Whoever answers there. With no family, all are tried.
    At(Address, Option<Family>),
}

/// The answer to an accepted request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Accepted.
    Done,
    /// This device was added.
    Added(DeviceId),
}

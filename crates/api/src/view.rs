//! The home as clients see it.

use std::collections::BTreeMap;

use model::{
    Action, Address, Capability, Category, CommandId, CommandState, DeviceId, EndpointId,
    EndpointKind, FailReason, Family, Group, Home, Issue, Name, Notice, Origin, Person,
    Reachability, RoleId, Room, RoomId, Scene, Settings, Sighting, Source, Spec, Timestamp, Value,
    Variable, Zone,
};
use serde::{Deserialize, Serialize};

use crate::RuleView;

/// The whole home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HomeView {
    /// The home.
    pub home: Home,
    /// Its settings.
    pub settings: Settings,
    /// Its rooms, in order.
    pub rooms: Vec<Room>,
    /// Its devices, by id.
    pub devices: Vec<DeviceView>,
    /// What discovery has found and the home does not have, by id.
    pub found: Vec<FoundDevice>,
    /// Its troubles, oldest first.
    pub issues: Vec<Issue>,
    /// How the hub itself is.
    pub status: HubStatus,
    /// Roles that nothing fills, by id.
    pub vacant: Vec<VacantRole>,
    /// Its rules, by id.
    pub rules: Vec<RuleView>,
    /// Its scenes, by id.
    pub scenes: Vec<Scene>,
    /// Its groups, by id.
    pub groups: Vec<Group>,
    /// Its people, by id.
    pub people: Vec<Person>,
    /// Its variables, by id.
    pub variables: Vec<Variable>,
    /// Its notices, oldest first.
    pub notices: Vec<Notice>,
}

impl HomeView {
    /// A home with nothing in it.
    #[must_use]
    pub fn empty(status: HubStatus) -> Self {
        Self {
            home: Home::default(),
            settings: Settings::default(),
            rooms: Vec::new(),
            devices: Vec::new(),
            found: Vec::new(),
            issues: Vec::new(),
            status,
            vacant: Vec::new(),
            rules: Vec::new(),
            scenes: Vec::new(),
            groups: Vec::new(),
            people: Vec::new(),
            variables: Vec::new(),
            notices: Vec::new(),
        }
    }
}

impl HubStatus {
    /// A hub that does nothing yet, on universal time.
    #[must_use]
    pub fn idle() -> Self {
        Self {
            sandbox: false,
            sandbox_offered: false,
            discovering: false,
            vault: Vault::Absent,
            zone: Zone::utc(),
            webhooks: Vec::new(),
        }
    }
}

/// A role that nothing fills, but that something names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VacantRole {
    /// Which.
    pub id: RoleId,
    /// What it was called when it was last filled.
    pub name: Name,
    /// What kind of thing last filled it.
    pub kind: EndpointKind,
    /// The room it was last filled in.
    pub room: Option<RoomId>,
}

/// How the hub itself is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubStatus {
    /// This is the simulated home.
    pub sandbox: bool,
    /// A simulated home can be entered here.
    pub sandbox_offered: bool,
    /// Discovery is running.
    pub discovering: bool,
    /// Where secrets are kept.
    pub vault: Vault,
    /// The time zone of the computer that runs the rules.
    pub zone: Zone,
    /// The addresses, without their last part, at which webhooks can be called; empty when they
    /// are not listened for.
    pub webhooks: Vec<String>,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Vault {
    /// The system's keyring holds the key.
    Keyring,
    /// A file sealed under a passphrase holds the key, and is open.
    Passphrase,
    /// A file sealed under a passphrase holds the key, and is closed.
    Locked,
    /// Neither: a passphrase has to be chosen before a secret can be kept.
    Absent,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Who.
    pub id: DeviceId,
    /// Which protocol it speaks.
    pub family: Family,
    /// What to call it: its people's name for it, else its own, else its id.
    pub name: String,
    /// Who made it.
    pub vendor: Option<Name>,
    /// Which model.
    pub model: Option<Name>,
    /// Version of its firmware.
    pub firmware: Option<Name>,
    /// Where it is, or last was.
    pub address: Address,
    /// The room it is in.
    pub room: Option<RoomId>,
    /// Whether it can be talked to.
    pub reachability: Reachability,
    /// When it last said anything.
    pub heard_at: Option<Timestamp>,
    /// Its parts, in the device's order.
    pub endpoints: Vec<EndpointView>,
}

/// A part of a device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndpointView {
    /// Which.
    pub id: EndpointId,
    /// What to call it. For a device of one primary endpoint without a name of its own, the
    /// device's name.
    pub name: String,
    /// The room it works in: its own, else its device's.
    pub room: Option<RoomId>,
    /// What it is.
    pub kind: EndpointKind,
    /// The role that it fills.
    pub role: RoleId,
    /// What it is for.
    pub category: Category,
    /// Shown among the favourites.
    pub favourite: bool,
    /// What it can do.
    pub specs: Vec<Spec>,
    /// What it last said, and what is on its way; nothing yet for capabilities not listed.
    pub states: BTreeMap<Capability, CapabilityState>,
}

/// What a capability last said, and what is on its way to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CapabilityState {
    /// What it last said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// When that was received.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_at: Option<Timestamp>,
    /// Since when it has said the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// What made it so.
    #[serde(default, skip_serializing_if = "is_unknown")]
    pub origin: Origin,
    /// How we know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// A command on its way. The interface shows what it wants, marked as pending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// The last command that did not come to its end; cleared by the next command or report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

fn is_unknown(origin: &Origin) -> bool {
    *origin == Origin::Unknown
}

/// A command on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// Which.
    pub command: CommandId,
    /// What was asked.
    pub action: Action,
    /// What will be there once it is done, where that can be foretold.
    pub wanted: Option<Value>,
    /// Who asked.
    #[serde(default)]
    pub origin: Origin,
    /// How far it has come; never final.
    pub state: CommandState,
    /// When it was asked.
    pub since: Timestamp,
    /// When it will be given up.
    pub until: Timestamp,
}

/// A command that did not come to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Which.
    pub command: CommandId,
    /// What was asked; asking again (with a new id) is the retry.
    pub action: Action,
    /// Why; `None` when the device never confirmed in time.
    pub reason: Option<FailReason>,
    /// When it was given up.
    pub at: Timestamp,
}

/// A device that discovery has found and the home does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundDevice {
    /// What it announces. Not proven until it is added.
    pub sighting: Sighting,
    /// When it was first seen.
    pub since: Timestamp,
}

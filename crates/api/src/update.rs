//! What the hub tells its clients: a snapshot first, then every change in order.

use model::rule::TraceHead;
use model::{
    ButtonEvent, Capability, CommandId, CommandState, DeviceId, EndpointId, Group, GroupId, Home,
    Issue, Notice, NoticeId, Person, PersonId, Room, RuleId, Scene, SceneId, Settings, Timestamp,
    Variable, VariableId,
};
use serde::{Deserialize, Serialize};

use crate::{CapabilityState, DeviceView, FoundDevice, HomeView, HubStatus, RuleView, VacantRole};

/// Updates that belong together. A client that misses a number subscribes again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Number of the first update in it; the snapshot's is 0 and every update counts one.
    pub first: u64,
    /// The hub's wall time, against which all timestamps are to be read.
    pub now: Timestamp,
    /// In order.
    pub updates: Vec<Update>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Update {
    /// The whole home; replaces all that was known.
    Snapshot(Box<HomeView>),
    /// A device is new or has changed in anything but its capabilities' states.
    Device(Box<DeviceView>),
    /// A device is gone.
    DeviceGone(DeviceId),
    /// A capability of an endpoint has a new state.
    State(EndpointId, Capability, Box<CapabilityState>),
    /// Somebody pressed a button on a device.
    Pressed(EndpointId, ButtonEvent, Timestamp),
    /// A command has come further.
    Command(CommandId, CommandState),
    /// All rooms, in order.
    Rooms(Vec<Room>),
    /// The home.
    Home(Home),
    /// Settings.
    Settings(Settings),
    /// A device was found on the network, or its announcement has changed.
    Found(FoundDevice),
    /// A found device is no longer there, or is in the home now.
    FoundGone(DeviceId),
    /// An issue is new or has changed.
    Issue(Issue),
    /// An issue is over.
    IssueGone(model::IssueId),
    /// How the hub itself is.
    Status(HubStatus),
    /// All roles that nothing fills.
    Vacant(Vec<VacantRole>),
    /// A rule is new, or it or how it fares has changed.
    Rule(Box<RuleView>),
    /// A rule is gone.
    RuleGone(RuleId),
    /// A rule was set off: it runs, has ended, or did not run.
    Ran(RuleId, TraceHead),
    /// A scene is new or has changed.
    Scene(Box<Scene>),
    /// A scene is gone.
    SceneGone(SceneId),
    /// A group is new or has changed.
    Group(Group),
    /// A group is gone.
    GroupGone(GroupId),
    /// A person is new or has changed.
    Person(Person),
    /// A person is gone.
    PersonGone(PersonId),
    /// A variable is new or has changed.
    Variable(Variable),
    /// A variable is gone.
    VariableGone(VariableId),
    /// A notice: a new one is to be shown natively; a known one has changed.
    Notice(Box<Notice>),
    /// A notice was dismissed.
    NoticeGone(NoticeId),
}

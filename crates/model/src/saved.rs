//! What outlives a restart, as the engine knows it. How it is stored is `store`'s business.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rule::{Cause, NotRun, Rule, Run, TraceHead};
use crate::{
    Action, Address, Command, CommandId, CommandState, DeviceDescription, DeviceId, EndpointId,
    EndpointKey, Family, Group, GroupId, Home, Name, Notice, NoticeId, Origin, Person, PersonId,
    Record, RoleId, RoleRecord, Room, RoomId, RuleId, RunId, Scene, SceneId, Settings, Timestamp,
    Value, Variable, VariableId,
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
    /// Roles that are not filled as on their first day, in no order.
    pub roles: Vec<RoleRecord>,
    /// Scenes, in no order.
    pub scenes: Vec<Scene>,
    /// Groups, in no order.
    pub groups: Vec<Group>,
    /// People, in no order.
    pub people: Vec<Person>,
    /// Variables, in no order.
    pub variables: Vec<Variable>,
    /// Notices that were not dismissed, oldest first.
    pub notices: Vec<Notice>,
    /// What the rules know.
    pub rules: SavedRules,
}

/// What the rules know at start.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SavedRules {
    /// The rules in their present version, in no order.
    pub rules: Vec<Rule>,
    /// Runs that have not ended, oldest first.
    pub runs: Vec<Run>,
    /// What is watched, as it was last seen.
    pub watches: Vec<WatchRecord>,
    /// The runs of each rule that are remembered, so that none happens twice; oldest first.
    pub known_runs: Vec<(RuleId, RunId)>,
    /// The last run or non-run of each rule.
    pub last: Vec<(RuleId, TraceHead)>,
    /// Missed runs that the people were asked about and have not answered.
    pub asked: Vec<Asked>,
    /// Until then everything that was due has been seen to.
    pub seen_to: Option<Timestamp>,
}

/// Whether something that a rule watches holds. Written down before the rule runs on it, so that a
/// restart neither forgets how long it has been so nor takes it for news.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WatchRecord {
    /// Of which rule.
    pub rule: RuleId,
    /// Which of the things that the rule watches, counted through its triggers and conditions in
    /// the order in which they stand.
    pub watch: u16,
    /// Of which endpoint.
    pub endpoint: EndpointId,
    /// Whether it holds.
    pub holds: bool,
    /// Since when.
    pub since: Timestamp,
    /// The rule was already set off by its having been so for long enough.
    pub fired: bool,
}

/// A missed run that the people were asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Of which rule.
    pub rule: RuleId,
    /// In which version.
    pub version: u32,
    /// The run that it would be.
    pub run: RunId,
    /// What set it off.
    pub cause: Cause,
    /// When it was due.
    pub due: Timestamp,
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
    /// Since when it has said the same.
    pub since: Timestamp,
    /// What made it so.
    pub origin: Origin,
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
    /// Who asked.
    pub origin: Origin,
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
    /// A role, new or changed.
    Role(RoleRecord),
    /// A role is filled as on its first day again, or is gone.
    RoleGone(RoleId),
    /// A scene, new or changed.
    Scene(Scene),
    /// A scene is gone.
    SceneGone(SceneId),
    /// A group, new or changed.
    Group(Group),
    /// A group is gone.
    GroupGone(GroupId),
    /// A person, new or changed.
    Person(Person),
    /// A person is gone.
    PersonGone(PersonId),
    /// A variable, new or changed.
    Variable(Variable),
    /// A variable is gone.
    VariableGone(VariableId),
    /// A notice, new or changed. Durable before it is shown.
    Notice(Box<Notice>),
    /// A notice was dismissed.
    NoticeGone(NoticeId),
    /// A rule, new or changed. A version that is new is kept among the rule's versions.
    Rule(Box<Rule>),
    /// A rule is gone, with its versions, runs, watches and traces.
    RuleGone(RuleId),
    /// A run begins. Refused, with all of its batch, when that run is known. Durable before
    /// anything that it does.
    RunBegan(Box<Run>),
    /// A run has come further, or has ended ([`crate::rule::Trace::ended`]): then it is no longer
    /// open, and its trace is kept. Durable before anything that it does next.
    RunWent(Box<Run>),
    /// A trigger did not lead to a run. Telemetry, save when the people were asked.
    NotRun(Box<NotRun>),
    /// What a rule watches has changed.
    Watch(WatchRecord),
    /// A rule no longer watches what it did.
    WatchesGone(RuleId),
    /// The people were asked about a missed run.
    Asked(Box<Asked>),
    /// They have answered, or need not any more.
    AskedGone(RunId),
    /// Until then everything that was due has been seen to. Telemetry.
    SeenTo(Timestamp),
    /// Something other than a value is to be recorded. Telemetry.
    Recorded(Record),
}

impl Change {
    /// Whether it may wait for company (up to 250 ms) before it is written.
    #[must_use]
    pub fn is_telemetry(&self) -> bool {
        matches!(self, Self::Reported(_) | Self::NotRun(_) | Self::SeenTo(_) | Self::Recorded(_))
    }
}

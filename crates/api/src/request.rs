//! What a client may ask. One variant an intent.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::rule::{RuleBody, RuleVersion, Target};
use model::{
    Action, Address, Broker, Charted, CommandId, DeviceId, EndpointId, Family, Group, GroupId,
    IssueId, Name, NoticeId, PersonId, Place, RoleId, RoomId, RuleId, RunId, Scene, SceneId,
    Secret, Series, Settings, Span, Timestamp, Variable, VariableId, Zone, secret,
};
use serde::{Deserialize, Serialize};

use crate::{Examined, Imported, Meaning, PastRun, Rehearsal};

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

    // --- roles, scenes, groups
    /// Let an endpoint fill a role, or nothing. What filled it before fills its own role again.
    /// The name and room of the role go to the endpoint.
    FillRole(RoleId, Option<EndpointId>),
    /// Forget a role that nothing fills and nothing names.
    ForgetRole(RoleId),
    /// Save a scene, new or changed.
    SaveScene(Scene),
    /// Make a scene, or change one, so that it sets these roles as they are now. Those that have
    /// nothing that can be set, or are not known, are left out; the answer tells what was captured.
    CaptureScene {
        /// Which.
        id: SceneId,
        /// What to call it.
        name: Name,
        /// The room in which it is shown.
        room: Option<RoomId>,
        /// Whom; at most [`model::MOST_MEMBERS`].
        roles: Vec<RoleId>,
        /// How long lights take to get there.
        transition: Span,
    },
    /// Remove a scene. Refused while a rule names it ([`crate::ErrorCode::InUse`]).
    RemoveScene(SceneId),
    /// Set a scene. Asking again with the same run id does nothing a second time.
    SetScene(RunId, SceneId),
    /// Take back what that run of a scene has set, as far as it was known; within 60 s, once.
    UndoScene(RunId),
    /// Save a group, new or changed.
    SaveGroup(Group),
    /// Remove a group. Refused while a rule names it.
    RemoveGroup(GroupId),
    /// The same action for all that can, in a target. Command ids are made from this run id.
    ControlAll {
        /// Made by the client from at least 64 random bits.
        id: RunId,
        /// Whom.
        to: Target,
        /// What.
        action: Action,
    },

    // --- people, variables, notices
    /// Save somebody who lives here, new or changed. Their presence is not taken from this.
    SavePerson(PersonId, Name),
    /// Remove somebody. Refused while a rule names them.
    RemovePerson(PersonId),
    /// Say that somebody is home (true) or away.
    SetPresence(PersonId, bool),
    /// Let somebody's phone tell whether they are in, or no longer.
    TrackPhone(PersonId, PhoneAt),
    /// Save a variable, new, or with another name or value of the same kind.
    SaveVariable(Variable),
    /// Remove a variable. Refused while a rule names it.
    RemoveVariable(VariableId),
    /// A notice has been read; it goes.
    DismissNotice(NoticeId),
    /// Press a button under a notice, counted from 0: once.
    PressNotice(NoticeId, u8),

    // --- the home's surroundings
    /// Say where the home is.
    SetPlace(Option<Place>),
    /// Say which time zone it is in; `None` follows the computer that runs the rules.
    SetZone(Option<Zone>),
    /// Use an MQTT broker, or none; its password is kept as a secret.
    SetBroker {
        /// Where it is.
        broker: Option<Broker>,
        /// Its password, where it wants one; `None` forgets it.
        #[serde(default, with = "secret::exposed")]
        secret: Option<Secret>,
    },

    // --- rules
    /// Save a rule: a new one at version 1 (`expects` is 0), or the next version of one that is at
    /// version `expects`. Refused with all findings of severity error.
    SaveRule {
        /// Which.
        id: RuleId,
        /// What it says.
        body: Box<RuleBody>,
        /// The version that was changed; 0 for a new rule.
        expects: u32,
    },
    /// Let a rule run, or not. Disabling ends its runs.
    EnableRule(RuleId, bool),
    /// Remove a rule, with its versions and traces.
    RemoveRule(RuleId),
    /// Run a rule now: its steps, whatever its conditions say. Asking again with the same run id
    /// does nothing a second time.
    RunRule(RunId, RuleId),
    /// End a run that has not ended.
    StopRun(RunId),
    /// Answer the question about a missed run: run it (true) or leave it.
    AnswerMissed(RunId, bool),
    /// Look at a draft: do its conditions hold, what does the linter say. Changes nothing.
    /// Answered with [`Answer::Examined`].
    Examine(Option<RuleId>, Box<RuleBody>),
    /// What would the draft have done in the last days (1 to 31)? Changes nothing, sends nothing.
    /// Answered with [`Answer::Rehearsed`].
    Rehearse {
        /// The rule that the draft would take the place of.
        rule: Option<RuleId>,
        /// The draft.
        body: Box<RuleBody>,
        /// How far back.
        days: u8,
    },
    /// The last runs and non-runs of a rule, newest first; at most 200. Answered with
    /// [`Answer::PastRuns`].
    PastRuns(RuleId, u16),
    /// One run, wherever it is kept. Answered with [`Answer::PastRuns`] of one.
    PastRun(RunId),
    /// The versions of a rule, newest first. Answered with [`Answer::Versions`].
    RuleVersions(RuleId),
    /// These rules as a file; all when the list is empty. Answered with [`Answer::File`].
    ExportRules(Vec<RuleId>),
    /// Take rules out of a file that [`Request::ExportRules`] wrote. All or none: those whose ids
    /// are taken get new ones. Answered with [`Answer::RulesAdded`].
    ImportRules(String),
    /// Read rules that another system wrote. Changes nothing. Answered with [`Answer::Imported`].
    ReadForeign {
        /// Which system.
        format: ForeignFormat,
        /// The file.
        text: String,
        /// What the things it names are here, as far as is known.
        meanings: BTreeMap<String, Meaning>,
    },

    // --- the recorded past
    /// The past of one number or state. Answered with [`Answer::Past`].
    Past {
        /// Of which endpoint.
        endpoint: EndpointId,
        /// What of it.
        what: Charted,
        /// From then.
        from: Timestamp,
        /// Until then.
        until: Timestamp,
        /// In at most that many spans (1 to 1,000).
        buckets: u16,
    },
}

/// Where somebody's phone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PhoneAt {
    /// It is the client that asks. Only where the hub knows clients by address.
    Here,
    /// At that address.
    Address(IpAddr),
    /// It shall not tell any more.
    Nowhere,
}

/// Systems whose rules can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForeignFormat {
    /// Home Assistant's automations, in YAML.
    HomeAssistant,
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Accepted.
    Done,
    /// This device was added.
    Added(DeviceId),
    /// This scene was captured.
    Captured(Scene),
    /// The draft, looked at.
    Examined(Box<Examined>),
    /// The draft, rehearsed.
    Rehearsed(Box<Rehearsal>),
    /// Runs and non-runs, newest first.
    PastRuns(Vec<PastRun>),
    /// Versions of a rule, newest first.
    Versions(Vec<RuleVersion>),
    /// A file, as text.
    File(String),
    /// These rules were added.
    RulesAdded(Vec<RuleId>),
    /// Rules of another system.
    Imported(Box<Imported>),
    /// The past of a number or state.
    Past(Series),
}

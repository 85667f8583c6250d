//! One execution of a rule, and its explanation.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Judged, NotRun, Path, RuleBody};
use crate::{
    Action, ButtonEvent, CommandId, CommandState, EndpointId, HookId, NoticeId, PersonId, RoleId,
    RuleId, RunId, SceneId, Span, Timestamp, Value, VariableId, VariableValue,
};

/// What set a rule off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Cause {
    /// A role's capability changed, or has stayed so for long enough.
    Value {
        /// Which trigger of the rule.
        trigger: u16,
        /// Who said it.
        role: RoleId,
        /// What it said before.
        was: Option<Value>,
        /// What it says.
        value: Value,
    },
    /// A button was pressed.
    Pressed(u16, RoleId, ButtonEvent),
    /// A moment came: when it was due.
    Due(u16, Timestamp),
    /// Somebody arrived.
    Arrived(u16, PersonId),
    /// Somebody left.
    Left(u16, PersonId),
    /// A device could no longer be reached.
    Unreachable(u16, RoleId),
    /// A device could be reached again.
    Returned(u16, RoleId),
    /// A variable became this.
    Variable(u16, VariableId, VariableValue),
    /// Hearth started.
    Started(u16),
    /// Another rule ran to its end, or ran this one in a step (then there is no trigger).
    Rule(Option<u16>, RuleId, RunId),
    /// A webhook was called.
    Webhook(u16, HookId),
    /// A message came on that topic.
    Message(u16, String),
    /// A person ran it by hand.
    Person,
    /// A person pressed a button under a notice.
    Notice(NoticeId),
}

/// One execution of a rule, complete: with this alone it goes on after a restart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its explanation so far.
    pub trace: Trace,
    /// What it carries out: the wording of the version that was set off.
    pub body: Arc<RuleBody>,
    /// Where it is.
    pub cursor: Cursor,
    /// How many rules have run each other up to this one; 0 when none.
    pub depth: u8,
}

/// The explanation of a run: every step, value and time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// Which run.
    pub run: RunId,
    /// Of which rule.
    pub rule: RuleId,
    /// In which version.
    pub version: u32,
    /// What set it off.
    pub cause: Cause,
    /// When.
    pub started_at: Timestamp,
    /// So much later than it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_by: Option<Span>,
    /// The conditions as they were judged, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Judged>,
    /// What happened, in order; at most 500, then the first and the last ones.
    pub steps: Vec<TraceStep>,
    /// How it ended, and when; `None` while it runs.
    pub ended: Option<(RunOutcome, Timestamp)>,
}

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceStep {
    /// When.
    pub at: Timestamp,
    /// At which step of the rule.
    pub path: Path,
    /// What.
    pub what: TraceEvent,
}

/// What happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TraceEvent {
    /// A command was written down and sent.
    Commanded(CommandId, RoleId, Action),
    /// A command came to its end.
    Outcome(CommandId, CommandState),
    /// Nobody could do it: the target is empty, vacant or unable.
    Nobody,
    /// What should be toggled or adjusted is not known, so it was left alone.
    NotKnown(RoleId),
    /// A scene was set.
    Scene(SceneId),
    /// A wait began; it ends then.
    Waits(Timestamp),
    /// A wait for a condition began; it is given up then.
    WaitsUntil(Timestamp, Judged),
    /// The wait is over: its time has come, or its condition holds.
    Waited,
    /// The wait for a condition was given up.
    TimedOut,
    /// A condition was judged, and decided the way.
    Judged(Judged),
    /// A block begins for the nth time, from 1.
    Round(u16),
    /// The people were told.
    Notified(NoticeId),
    /// A variable was changed to this.
    Variable(VariableId, VariableValue),
    /// A rule was run.
    Ran(RuleId, RunId),
    /// What the step names is no longer there.
    Gone(String),
    /// Hearth stopped here and went on; what may or may not have happened meanwhile, if anything.
    Resumed(Option<CommandId>),
    /// The command was not repeated after a restart: the device does not show it, and doing it
    /// twice could do harm.
    NotRepeated(CommandId),
    /// The command was repeated after a restart: the device does not show it, and doing it twice
    /// does no harm. The id of the repetition.
    Repeated(CommandId, CommandId),
    /// More happened than is kept; so many entries are left out here.
    LeftOut(u32),
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum RunOutcome {
    /// It came to its end; how many commands failed on the way.
    Finished {
        /// Commands that failed or were not confirmed.
        failed: u16,
    },
    /// A step ended it.
    Stopped,
    /// A wait for a condition lasted too long.
    TimedOut,
    /// A new run took its place.
    Restarted,
    /// A person stopped it, or disabled, changed or removed the rule.
    Cancelled,
    /// It went round too often without waiting.
    Runaway,
}

/// Why a trigger did not lead to a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum WhyNot {
    /// The conditions, as they were judged, in order: they did not all hold.
    Conditions(Vec<Judged>),
    /// The rule was running, and runs only once at a time.
    Running,
    /// Too many runs were waiting or running already.
    Full,
    /// It changed while the device could not be reached: nobody knows when.
    WhileAway,
    /// It was due while Hearth did not run or slept, and the rule says to leave it.
    Missed,
    /// The same, and the people have been asked.
    Asked,
    /// The people were asked and said no.
    Declined,
    /// Rules have run each other too often in a row.
    TooDeep,
    /// The rule was set off far too often, and is held until somebody looks at it.
    Runaway,
}

/// Where a run is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The blocks that it is in, outermost first; empty when it has ended.
    pub frames: Vec<Frame>,
    /// What it waits for.
    pub phase: RunPhase,
    /// What it has left to switch off ([`super::Step::Pulse`]), and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pulses: Vec<(EndpointId, Timestamp)>,
}

/// A block that a run is in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Which block: the path of its steps.
    pub block: Path,
    /// The step that is next or being carried out.
    pub step: u16,
    /// How many times the block has been begun; counts only in loops.
    pub round: u16,
}

/// What a run waits for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum RunPhase {
    /// Nothing: it goes on at once.
    #[default]
    Ready,
    /// Its turn.
    Queued,
    /// Commands to come to their end.
    Commands(Vec<InFlight>),
    /// A moment.
    Until(Timestamp),
    /// A condition, or a moment when it is given up.
    Condition(Timestamp),
}

/// A command of a run that has not come to its end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InFlight {
    /// Which.
    pub command: CommandId,
    /// Of whom.
    pub endpoint: EndpointId,
    /// What.
    pub action: Action,
    /// It must not be repeated, even if the action by itself could be.
    pub once: bool,
}

/// A run in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunHead {
    /// Which.
    pub run: RunId,
    /// When it started.
    pub started_at: Timestamp,
    /// What it waits for.
    pub phase: RunPhase,
    /// At which step.
    pub at: Path,
}

/// A run or a non-run in one line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TraceHead {
    /// Which.
    pub run: RunId,
    /// When it started, or would have.
    pub at: Timestamp,
    /// How it ended; `None` while it runs, and for what never ran.
    pub outcome: Option<RunOutcome>,
    /// Whether it ran at all.
    pub ran: bool,
}

impl Trace {
    /// In one line.
    #[must_use]
    pub fn head(&self) -> TraceHead {
        let outcome = self.ended.as_ref().map(|(outcome, _)| outcome.clone());
        TraceHead { run: self.run.clone(), at: self.started_at, outcome, ran: true }
    }
}

impl NotRun {
    /// In one line.
    #[must_use]
    pub fn head(&self) -> TraceHead {
        TraceHead { run: self.run.clone(), at: self.at, outcome: None, ran: false }
    }
}

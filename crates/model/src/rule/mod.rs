//! Rules: when something happens, only if something holds, then do something.
//!
//! A rule is data with a published JSON Schema (`docs/rule.schema.json`); names are snake_case
//! there. It names roles, rooms and groups, never hardware. What is well formed but makes no sense
//! (no trigger, a wait of a century) is found by the engine and told as a [`Finding`].

mod calendar;
mod condition;
mod file;
mod finding;
mod run;
mod step;
mod target;
mod trigger;
mod why;

use serde::{Deserialize, Serialize};

pub use calendar::{Date, Days, LocalTime, MonthDay, Weekday, Weekdays};
pub use condition::{Comparison, Condition, SunState, Which};
pub use file::{FILE_FORMAT, LARGEST_FILE, RuleFile, RuleFileEntry};
pub use finding::{Finding, FindingKind, Path, PathPart, Severity};
pub use run::{
    Cause, Cursor, Frame, InFlight, Run, RunHead, RunOutcome, RunPhase, Trace, TraceEvent,
    TraceHead, TraceStep, WhyNot,
};
pub use step::{NoticeAction, NoticeButton, Repetition, Step, TimedOut, VariableChange};
pub use target::{CoverIs, Is, Measure, Target};
pub use trigger::{ButtonPress, Direction, SunEvent, Trigger, Who};
pub use why::{Judged, NotRun, Saw, Truth, Unknown};

use crate::{Name, RuleId, Span, Timestamp};

/// Most triggers of a rule.
pub const MOST_TRIGGERS: usize = 32;
/// Most conditions of a rule, inner ones counted.
pub const MOST_CONDITIONS: usize = 128;
/// Most steps of a rule, inner ones counted.
pub const MOST_STEPS: usize = 256;
/// Deepest nesting of conditions or steps.
pub const DEEPEST: usize = 12;
/// The longest wait, hold or timeout: 31 days.
pub const LONGEST_WAIT: Span = Span::seconds(31 * 86_400);
/// Most repetitions of a repeated block.
pub const MOST_REPETITIONS: u16 = 1_000;
/// Most rules in a home.
pub const MOST_RULES: usize = 10_000;
/// Traces (runs and non-runs together) kept of each rule.
pub const TRACES_KEPT: usize = 200;

/// A rule of the home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Which.
    pub id: RuleId,
    /// Counts every saved change of the body, from 1.
    pub version: u32,
    /// Whether it runs.
    pub enabled: bool,
    /// When this version was saved.
    pub saved_at: Timestamp,
    /// What it says.
    pub body: RuleBody,
}

/// What a rule says: this is what people write, and what is kept of every version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleBody {
    /// What its people call it.
    pub name: Name,
    /// When: any one of these sets it off.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 32)))]
    pub triggers: Vec<Trigger>,
    /// Only if: all of these hold at that moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 128)))]
    pub conditions: Vec<Condition>,
    /// Then: one after the other.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 256)))]
    pub steps: Vec<Step>,
    /// What happens when it is set off while it runs.
    #[serde(default)]
    pub mode: RunMode,
    /// What happens when it was not possible to run it on time.
    #[serde(default)]
    pub missed: Missed,
}

/// What happens when a rule is set off while it runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RunMode {
    /// Nothing: the run goes on.
    #[default]
    Single,
    /// The run is given up and a new one begins.
    Restart,
    /// The new run waits for its turn; at most that many wait (1 to 100).
    Queued(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))] u8),
    /// The new run begins beside it; at most that many at once (1 to 100).
    Parallel(#[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))] u8),
}

/// What happens to what was missed because Hearth did not run, slept, or its clock was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// Run it when at most that late; of several, the last.
    RunIfLate(Span),
    /// Leave it, and say so.
    Skip,
    /// Ask the people of the home.
    Ask,
}

impl Default for Missed {
    fn default() -> Self {
        Self::RunIfLate(Span::minutes(10))
    }
}

/// An older or the present wording of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// Which.
    pub version: u32,
    /// When it was saved.
    pub saved_at: Timestamp,
    /// What it said.
    pub body: RuleBody,
}

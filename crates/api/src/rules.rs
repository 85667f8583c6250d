//! Rules and their past as clients see them.

use model::rule::{
    Finding, Judged, NotRun, RuleBody, RuleVersion, RunHead, Trace, TraceHead, WhyNot,
};
use model::{Action, RoleId, RuleId, Timestamp};
use serde::{Deserialize, Serialize};

/// A rule, and how it fares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleView {
    /// The rule.
    pub rule: model::Rule,
    /// Its runs that have not ended, oldest first.
    pub runs: Vec<RunHead>,
    /// Its last run or non-run.
    pub last: Option<TraceHead>,
    /// When it is due next, if a moment sets it off.
    pub next: Option<Timestamp>,
    /// What the linter says of it in the home as it is.
    pub findings: Vec<Finding>,
}

/// A draft, looked at in the home as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Examined {
    /// Its conditions, in order, judged now.
    pub conditions: Vec<Judged>,
    /// What the linter says of it, in the order of the rule.
    pub findings: Vec<Finding>,
    /// When it would be due next.
    pub next: Option<Timestamp>,
}

/// A run or a trigger that led to none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum PastRun {
    /// It ran, or runs.
    Ran(Box<Trace>),
    /// It did not.
    NotRun(Box<NotRun>),
}

/// What a draft would have done in the recorded past, had it been there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// From then.
    pub from: Timestamp,
    /// Until then.
    pub until: Timestamp,
    /// How many records were replayed.
    pub records: u64,
    /// The past is not recorded as far back as was asked; it begins there.
    pub recorded_since: Option<Timestamp>,
    /// How often it would have run.
    pub runs: u32,
    /// When it would have run, what, and how it would have ended; oldest first, the first 200.
    pub traces: Vec<Trace>,
    /// How often it would have been set off and not have run, by the reason.
    pub not_runs: Vec<(WhyNotKind, u32)>,
    /// Times of day at which it would have run, by hour of the home's clock: 24 counts.
    pub by_hour: [u32; 24],
    /// Rules that would have wanted the opposite of the same thing within a minute.
    pub fights: Vec<Fight>,
    /// The commands that it would have sent.
    pub commands: u32,
    /// What cannot be rehearsed was in it: webhooks, messages of a broker.
    pub blind_to: Vec<u16>,
}

/// Why a trigger did not lead to a run, without the particulars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WhyNotKind {
    /// Its conditions did not all hold.
    Conditions,
    /// It was running, or too many runs were.
    Busy,
    /// Nobody knew when it changed.
    WhileAway,
    /// Anything else.
    Other,
}

impl From<&WhyNot> for WhyNotKind {
    fn from(why: &WhyNot) -> Self {
        match why {
            WhyNot::Conditions(_) => Self::Conditions,
            WhyNot::Running | WhyNot::Full => Self::Busy,
            WhyNot::WhileAway => Self::WhileAway,
            WhyNot::Missed
            | WhyNot::Asked
            | WhyNot::Declined
            | WhyNot::TooDeep
            | WhyNot::Runaway => Self::Other,
        }
    }
}

/// Two rules that want opposite things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fight {
    /// The other rule.
    pub with: RuleId,
    /// About what.
    pub role: RoleId,
    /// What the draft wants.
    pub wants: Action,
    /// What the other wants.
    pub other: Action,
    /// How often.
    pub times: u32,
    /// The last time.
    pub at: Timestamp,
}

/// Rules that another system wrote, read as far as possible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// The rules, in the order of the file.
    pub rules: Vec<ImportedRule>,
    /// The things that they name and that have to be told what they are here, each once.
    pub unmapped: Vec<ForeignThing>,
}

/// One rule that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportedRule {
    /// What it is called there; a number when it has no name.
    pub name: String,
    /// What it says here, as far as it could be carried over and all it names is mapped; `None`
    /// when nothing sensible is left of it.
    pub body: Option<RuleBody>,
    /// What could not be carried over, in the order of the file.
    pub lost: Vec<Lost>,
    /// The things that it names and that are not mapped.
    pub unmapped: Vec<String>,
}

/// Something that could not be carried over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// Where in the rule, as its authors count: `trigger 2`, `action 3 › choose 1`.
    pub at: String,
    /// Why.
    pub why: LostWhy,
    /// The piece itself, in short: a platform's or service's name, the beginning of a template.
    pub what: String,
    /// Without it the rule would do something else than it says, so the rule was not carried over.
    pub fatal: bool,
}

/// Why something could not be carried over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LostWhy {
    /// It is a template: a program of its own.
    Template,
    /// Hearth has no such trigger.
    Trigger,
    /// Hearth has no such condition.
    Condition,
    /// Hearth has no such action, or no such service.
    Action,
    /// Hearth has no such thing: a media player, a vacuum cleaner.
    Thing,
    /// The service has a setting that Hearth has not.
    Setting,
    /// It is not written as the other system writes it.
    Malformed,
    /// The things are not mapped yet.
    Unmapped,
}

/// A thing of another system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ForeignThing {
    /// Its id there: `light.kitchen`.
    pub id: String,
    /// What it can be here.
    pub may_be: Vec<ThingKind>,
}

/// What a thing of another system can be here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ThingKind {
    /// A role, room or group.
    Target,
    /// A person, or all of them.
    Who,
    /// A variable of yes or no, of a number, or of a text.
    Variable,
    /// A scene.
    Scene,
    /// A rule.
    Rule,
}

/// What a thing of another system is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meaning {
    /// A role, room or group.
    Target(model::rule::Target),
    /// Somebody.
    Who(model::rule::Who),
    /// A variable.
    Variable(model::VariableId),
    /// A scene.
    Scene(model::SceneId),
    /// A rule.
    Rule(RuleId),
    /// Nothing: what needs it is left out.
    Nothing,
}

/// Answer to [`crate::Request::RuleVersions`].
pub type Versions = Vec<RuleVersion>;

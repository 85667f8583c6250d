//! What the linter has to say of a rule, and where.

use serde::{Deserialize, Serialize};

use crate::{Action, Capability, DeviceId, Name, RoleId, RuleId, Span};

/// Something about a rule that its author should know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Where in the rule; empty for the rule as a whole.
    pub at: Path,
    /// What.
    pub kind: FindingKind,
}

/// A place in a rule, from the outside in.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<PathPart>);

/// One step of the way to a place in a rule. Numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PathPart {
    /// That trigger.
    Trigger(u16),
    /// That condition of the rule, or that part of an `all` or `any`.
    Condition(u16),
    /// What a `not` denies, an `if` or a loop asks, or a wait waits for.
    Asks,
    /// That step of the rule, or of the block that the path has come to.
    Step(u16),
    /// The steps of an `if` whose condition holds, or of a loop.
    Then,
    /// The steps of an `if` whose condition does not hold.
    Otherwise,
}

impl Path {
    /// The place one part further in.
    #[must_use]
    pub fn then(&self, part: PathPart) -> Self {
        let mut parts = self.0.clone();
        parts.push(part);
        Self(parts)
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// It may well be meant so.
    Hint,
    /// It hardly does what is meant.
    Warning,
    /// It cannot be saved like this.
    Error,
}

/// What is the matter with a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FindingKind {
    // --- it cannot be saved
    /// Nothing sets it off.
    NoTrigger,
    /// It does nothing.
    NoStep,
    /// More triggers, conditions, steps or rules than that.
    TooMany(u32),
    /// Nested deeper than that.
    TooDeep(u32),
    /// Longer than that.
    TooLong(Span),
    /// Shorter than that.
    TooShort(Span),
    /// A number, text or list is not one that is allowed here; between these where it is a number.
    OutOfRange(Option<(f64, f64)>),
    /// There is no such role, room, group, scene, person, variable or rule; its id.
    Missing(String),
    /// These rules run each other in a circle, with nothing to stop them.
    RunsItself(Vec<Name>),
    /// The home's place is not known, so the sun is not either.
    NoPlace,
    // --- it hardly does what is meant
    /// The hardware cannot do this; which role.
    CannotDo(RoleId, Action),
    /// The hardware never says this; which role.
    NeverSays(RoleId, Capability),
    /// Nothing fills the role.
    Vacant(RoleId),
    /// Nothing is in the room or group that could do it.
    Nobody,
    /// This rule and these set each other off, round and round.
    Loop(Vec<RuleId>),
    /// This rule and that one want opposite things when the same happens.
    Contradicts(RuleId),
    /// The conditions can never hold together.
    NeverHolds,
    /// The condition always holds.
    AlwaysHolds,
    /// Another trigger of this rule sets it off whenever this one does; which.
    Shadowed(u16),
    /// No step after this one is ever reached.
    Unreachable,
    /// The steps go round with no wait in between.
    BusyLoop,
    // --- it may well be meant so
    /// It switches on, and nothing ever switches off.
    NoOff(RoleId),
    /// A rule of the same name is there already.
    SameName(RuleId),
    /// That time does not exist on the day when clocks are put forward; it runs at the first
    /// instant after the gap.
    SkippedByDst,
    /// That time exists twice on the day when clocks are put back; it runs at the first of the two.
    TwiceByDst,
    /// The window changes its length when clocks are changed.
    WindowAcrossDst,
    /// What it asks is remembered from before the device was lost.
    NowUnreachable(DeviceId),
}

impl FindingKind {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoTrigger
            | Self::NoStep
            | Self::TooMany(_)
            | Self::TooDeep(_)
            | Self::TooLong(_)
            | Self::TooShort(_)
            | Self::OutOfRange(_)
            | Self::Missing(_)
            | Self::RunsItself(_)
            | Self::NoPlace => Severity::Error,
            Self::CannotDo(..)
            | Self::NeverSays(..)
            | Self::Vacant(_)
            | Self::Nobody
            | Self::Loop(_)
            | Self::Contradicts(_)
            | Self::NeverHolds
            | Self::AlwaysHolds
            | Self::Shadowed(_)
            | Self::Unreachable
            | Self::BusyLoop => Severity::Warning,
            Self::NoOff(_)
            | Self::SameName(_)
            | Self::SkippedByDst
            | Self::TwiceByDst
            | Self::WindowAcrossDst
            | Self::NowUnreachable(_) => Severity::Hint,
        }
    }
}

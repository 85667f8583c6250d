//! Why a rule ran, or did not: what was asked, and what was seen.

use serde::{Deserialize, Serialize};

use super::Cause;
use crate::{RoleId, RuleId, RunId, Timestamp, Value, VariableValue};

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It cannot be known.
    Unknown,
}

impl Truth {
    /// Both (Kleene's strong logic: unknown unless one of them is false).
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// At least one (unknown unless one of them is true).
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        !(!self).and(!other)
    }

    /// What is known to be so.
    #[must_use]
    pub fn is_true(self) -> bool {
        self == Self::True
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl From<Option<bool>> for Truth {
    fn from(holds: Option<bool>) -> Self {
        holds.map_or(Self::Unknown, Self::from)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// A condition, judged: the same tree as the condition, with what was seen at its leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Whether it holds.
    pub truth: Truth,
    /// What was seen; at most 8 are told. Empty for `all`, `any`, `not`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saw: Vec<Saw>,
    /// The parts of an `all`, `any` or `not`, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Self>,
}

/// What was seen when a condition was judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Saw {
    /// A role said this, since then.
    Value {
        /// Which.
        role: RoleId,
        /// What.
        value: Value,
        /// Since when it has said so.
        since: Timestamp,
    },
    /// A role's value could not be known.
    Unknown(RoleId, Unknown),
    /// The local time, in seconds after midnight.
    Time(u32),
    /// The sun was up (true) or down.
    Sun(bool),
    /// So many of those asked about were home, of so many.
    Home(u16, u16),
    /// A variable was this; `None` when there is none.
    Variable(Option<VariableValue>),
    /// A role's device could be reached (true) or not.
    Reachable(RoleId, bool),
    /// The target has nobody in it.
    Nobody,
}

/// Why a value cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unknown {
    /// Nothing fills the role.
    Vacant,
    /// The device has never said it.
    NeverSaid,
    /// The device cannot be reached; what it last said may be wrong by now.
    Unreachable,
    /// The hardware cannot say such a thing.
    Unable,
}

/// A trigger that did not lead to a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotRun {
    /// Of which rule.
    pub rule: RuleId,
    /// In which version.
    pub version: u32,
    /// The run that it would have been.
    pub run: RunId,
    /// What set it off.
    pub cause: Cause,
    /// When.
    pub at: Timestamp,
    /// Why not.
    pub why: super::run::WhyNot,
}

//! Only if: what has to hold.

use serde::{Deserialize, Serialize};

use super::{Days, Is, LocalTime, Measure, Target, Who};
use crate::{Span, VariableId, VariableValue};

/// What has to hold. What cannot be known (a sensor that cannot be reached) holds neither way,
/// and a rule does not run on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// All of these; holds when there are none.
    All(Vec<Self>),
    /// At least one of these; does not hold when there are none.
    Any(Vec<Self>),
    /// Not this.
    Not(Box<Self>),
    /// A capability is in a state.
    State {
        /// Whose.
        of: Target,
        /// Of several, which.
        #[serde(default)]
        which: Which,
        /// What it is.
        is: Is,
        /// It has been so for at least that long.
        #[serde(default, skip_serializing_if = "Span::is_zero_ref")]
        held_for: Span,
    },
    /// A number is within bounds.
    Number {
        /// Whose.
        of: Target,
        /// Of several, which.
        #[serde(default)]
        which: Which,
        /// Which number.
        measure: Measure,
        /// More than this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        above: Option<f64>,
        /// Less than this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        below: Option<f64>,
        /// It has been so for at least that long.
        #[serde(default, skip_serializing_if = "Span::is_zero_ref")]
        held_for: Span,
    },
    /// The time of day is within a window: from `after` (included) to `before` (not included).
    /// When `after` is later than `before` the window goes across midnight, and belongs to the
    /// day on which it began.
    Time {
        /// From then on; from midnight when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<LocalTime>,
        /// Until then; until midnight when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<LocalTime>,
        /// On which days.
        #[serde(default, skip_serializing_if = "Days::is_every_day")]
        on: Days,
    },
    /// Where the sun is.
    Sun {
        /// Up or down.
        is: SunState,
        /// Shifts sunrise and sunset by that many minutes; at most 12 hours either way.
        #[serde(default)]
        #[cfg_attr(feature = "schema", schemars(range(min = -720, max = 720)))]
        offset: i16,
    },
    /// Somebody is home.
    Home(Who),
    /// Somebody is away.
    Away(Who),
    /// A variable is so.
    Variable {
        /// Which.
        variable: VariableId,
        /// How.
        is: Comparison,
    },
    /// Devices can be reached.
    Reachable {
        /// Which.
        of: Target,
        /// Of several, which.
        #[serde(default)]
        which: Which,
    },
}

/// Of several, which.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All of them.
    #[default]
    Every,
    /// At least one.
    Some,
}

/// Where the sun is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SunState {
    /// Between sunrise and sunset.
    Up,
    /// Between sunset and sunrise.
    Down,
}

/// How a variable compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// It is yes (true) or no.
    YesNo(bool),
    /// It is exactly this text.
    Text(String),
    /// It is exactly this number.
    Equals(f64),
    /// It is more than this number.
    Above(f64),
    /// It is less than this number.
    Below(f64),
}

impl Comparison {
    /// Whether a variable of that value is so; one of another kind is not.
    #[must_use]
    pub fn holds(&self, value: &VariableValue) -> bool {
        match (self, value) {
            (Self::YesNo(wanted), VariableValue::YesNo(is)) => wanted == is,
            (Self::Text(wanted), VariableValue::Text(is)) => wanted == is,
            (Self::Equals(wanted), VariableValue::Number(is)) => is == wanted,
            (Self::Above(bound), VariableValue::Number(is)) => is > bound,
            (Self::Below(bound), VariableValue::Number(is)) => is < bound,
            _ => false,
        }
    }
}

//! What a home remembers for its rules: "guests are here", "loads of washing".

use serde::{Deserialize, Serialize};

use crate::{Name, VariableId};

/// The longest text that a variable holds, in characters.
pub const LONGEST_TEXT: usize = 256;

/// Something that rules and people set, and rules ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// Which.
    pub id: VariableId,
    /// What its people call it.
    pub name: Name,
    /// What it is. It never changes its kind.
    pub value: VariableValue,
}

/// What a variable is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VariableValue {
    /// Yes (true) or no.
    YesNo(bool),
    /// A number, never infinite.
    Number(f64),
    /// A text of at most [`LONGEST_TEXT`] characters.
    Text(String),
}

impl VariableValue {
    /// Whether both are of one kind.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Whether it is one that a variable may hold.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        match self {
            Self::YesNo(_) => true,
            Self::Number(number) => number.is_finite(),
            Self::Text(text) => text.chars().count() <= LONGEST_TEXT,
        }
    }
}

//! Rules as a file, to keep elsewhere or to hand on.

use serde::{Deserialize, Serialize};

use super::RuleBody;

/// The version of the file that this program writes, and the only one that it reads.
pub const FILE_FORMAT: u32 = 1;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 4 * 1024 * 1024;

/// Rules as a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// [`FILE_FORMAT`].
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1)))]
    pub hearth_rules: u32,
    /// The rules; at most [`super::MOST_RULES`].
    #[cfg_attr(feature = "schema", schemars(length(max = 10_000)))]
    pub rules: Vec<RuleFileEntry>,
}

/// One rule in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RuleFileEntry {
    /// Its id, by which other rules of the file name it.
    pub id: crate::RuleId,
    /// Whether it runs once it is read.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What it says.
    pub body: RuleBody,
}

fn yes() -> bool {
    true
}

//! Why something is as it is.

use serde::{Deserialize, Serialize};

use crate::{RuleId, RunId, SceneId};

/// Who or what made something as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Not known: it was so when Hearth first heard of it, or while nobody could hear it.
    #[default]
    Unknown,
    /// The device itself, or somebody at it.
    Device,
    /// A person, in the app.
    App,
    /// A person, by setting a scene.
    Scene(SceneId),
    /// A run of a rule.
    Rule(RuleId, RunId),
}

//! Scenes and groups: named sets of roles, with or without what they shall be.

use serde::{Deserialize, Serialize};

use crate::{Action, GroupId, Name, RoleId, RoomId, SceneId, Span};

/// Most settings of a scene, and most members of a group.
pub const MOST_MEMBERS: usize = 512;

/// How a number of things shall be, under one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
    /// Which.
    pub id: SceneId,
    /// What its people call it.
    pub name: Name,
    /// The room in which it is shown; `None` shows it for the home.
    #[serde(default)]
    pub room: Option<RoomId>,
    /// What it sets; at most [`MOST_MEMBERS`], each role once.
    pub settings: Vec<SceneSetting>,
    /// How long lights take to get there; at most 1 h.
    #[serde(default)]
    pub transition: Span,
}

/// What a scene sets of one role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SceneSetting {
    /// Whom.
    pub role: RoleId,
    /// What, in this order; 1 to 8, each of another capability, all repeatable.
    pub actions: Vec<Action>,
}

/// Roles that are meant together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// What its people call it.
    pub name: Name,
    /// Who is in it, each once; at most [`MOST_MEMBERS`].
    pub members: Vec<RoleId>,
}

//! The home itself.

use serde::{Deserialize, Serialize};

use crate::{Name, RoomId};

/// The home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// What its people call it; `None` until they do.
    pub name: Option<Name>,
    /// The first run is over: a device was added, or the start page was left.
    pub welcomed: bool,
}

/// A room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// What its people call it.
    pub name: Name,
    /// Where it stands among the rooms, lowest first; no two rooms share a place.
    pub position: u32,
}

/// What its people have set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Language of the interface; `None` follows the system.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Theme,
}

/// Languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// Arabic, written from right to left.
    Ar,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

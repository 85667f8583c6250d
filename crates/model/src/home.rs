//! The home itself.

use serde::{Deserialize, Serialize};

use crate::{Address, Name, Place, RoomId, Zone};

/// The home.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// What its people call it; `None` until they do.
    pub name: Option<Name>,
    /// The first run is over: a device was added, or the start page was left.
    pub welcomed: bool,
    /// Where it is; without it nothing can follow the sun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Its time zone; `None` follows the computer that runs the rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Language of the interface; `None` follows the system.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Theme,
    /// The TCP port on which webhooks are listened for; `None` listens for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<u16>,
    /// The MQTT broker whose messages can set rules off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub broker: Option<Broker>,
    /// How the recorded past is kept.
    #[serde(default)]
    pub past: PastSettings,
}

/// An MQTT broker on the local network. Its password is a secret and is kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broker {
    /// Where it is; its usual port is 1883.
    pub address: Address,
    /// The name that it knows Hearth by; `None` when it asks for none.
    #[serde(default)]
    pub user: Option<String>,
}

/// How the recorded past is kept: what is older goes, and beyond the size the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastSettings {
    /// Days, 1 to 366.
    pub days: u16,
    /// Megabytes, 10 to 10,000.
    pub megabytes: u16,
}

impl Default for PastSettings {
    fn default() -> Self {
        Self { days: 10, megabytes: 500 }
    }
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

//! Who lives here, and whether they are in.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{Name, PersonId, Timestamp};

/// Somebody who lives here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// What they are called.
    pub name: Name,
    /// Where their phone is on the local network, when it shall tell whether they are in.
    #[serde(default)]
    pub phone: Option<IpAddr>,
    /// Whether they are in.
    #[serde(default)]
    pub presence: Presence,
}

/// Whether somebody is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// In (true), away, or not known.
    pub home: Option<bool>,
    /// Since when.
    pub since: Timestamp,
    /// How we know.
    pub by: PresenceSource,
}

/// How we know whether somebody is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PresenceSource {
    /// A person said so.
    #[default]
    Person,
    /// Their phone is, or is no longer, on the local network.
    Phone,
}

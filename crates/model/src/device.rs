//! What a device says of itself.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{EndpointKey, Name, Spec};

/// A family of devices that speak one protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Shelly, generation 2 and later.
    Shelly,
    /// WLED.
    Wled,
    /// ESPHome's native API.
    Esphome,
}

impl Family {
    /// Every family there is.
    pub const ALL: [Self; 3] = [Self::Shelly, Self::Wled, Self::Esphome];

    /// Its name in ids and on the command line.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Shelly => "shelly",
            Self::Wled => "wled",
            Self::Esphome => "esphome",
        }
    }

    /// Its name as its makers write it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Shelly => "Shelly",
            Self::Wled => "WLED",
            Self::Esphome => "ESPHome",
        }
    }

    /// Whether the parts of its devices are named relative to their device ("Temperature", of the
    /// device "Bedroom"), rather than by a whole name of their own ("Bedroom lamp").
    #[must_use]
    pub const fn names_parts_relatively(self) -> bool {
        match self {
            Self::Esphome => true,
            Self::Shelly | Self::Wled => false,
        }
    }

    /// The port its devices listen on unless they say otherwise.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Shelly | Self::Wled => 80,
            Self::Esphome => 6053,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.slug())
    }
}

/// A text that names no family.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no device family of that name (known: shelly, wled, esphome)")]
pub struct UnknownFamily;

impl FromStr for Family {
    type Err = UnknownFamily;

    fn from_str(text: &str) -> Result<Self, UnknownFamily> {
        Self::ALL.into_iter().find(|it| it.slug() == text).ok_or(UnknownFamily)
    }
}

/// What a device says of itself once its identity is proven.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceDescription {
    /// What it calls itself.
    pub name: Option<Name>,
    /// Who made it, when it says so.
    pub vendor: Option<Name>,
    /// Which model.
    pub model: Option<Name>,
    /// Version of its firmware.
    pub firmware: Option<Name>,
    /// Its parts; keys are unique.
    pub endpoints: Vec<EndpointDescription>,
}

/// What a device says of one of its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndpointDescription {
    /// Which part.
    pub key: EndpointKey,
    /// What the device calls it.
    pub name: Option<Name>,
    /// What it is.
    pub kind: EndpointKind,
    /// What it is for.
    pub category: Category,
    /// What it can do; one spec a capability.
    pub specs: Vec<Spec>,
}

/// What an endpoint is, after Matter's device types: chooses picture and default control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EndpointKind {
    /// A light.
    Light,
    /// A plug-in unit.
    Plug,
    /// A relay or switch.
    Switch,
    /// A fan.
    Fan,
    /// A blind, shutter, curtain, garage door.
    Cover,
    /// A lock.
    Lock,
    /// A thermostat.
    Thermostat,
    /// A sensor of any kind.
    Sensor,
    /// A button, wired input or momentary action.
    Button,
    /// A setting: a number or a mode.
    Control,
}

/// What an endpoint is for; decides where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Category {
    /// Everyday use: has a tile.
    Primary,
    /// A setting of the device.
    Config,
    /// For those who look after the device.
    Diagnostic,
}

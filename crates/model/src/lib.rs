//! The nouns of a home. Every other crate speaks in these words.
//!
//! Names, units and ranges follow the Matter clusters where Matter has one. Nothing here reads a
//! clock, does I/O or decides anything: a value of these types is either well formed or does not
//! exist (`TryFrom` and deserialisation check alike).
#![warn(missing_docs)]

mod action;
mod address;
mod capability;
mod color;
mod command;
mod device;
mod home;
mod ids;
mod name;
mod quantity;
mod report;
mod saved;
pub mod secret;
mod time;
mod trouble;

pub use action::{Action, CoverMove, ThermostatChange};
pub use address::{Address, AddressError};
pub use capability::{
    AirQuality, BooleanMeaning, Capability, CoverMotion, CoverState, LockState, PowerReading, Spec,
    ThermostatMode, ThermostatState, UnknownCapability, Value,
};
pub use color::{Color, Hue};
pub use command::{Command, CommandState, FailReason};
pub use device::{
    Category, DeviceDescription, EndpointDescription, EndpointKind, Family, UnknownFamily,
};
pub use home::{Home, Language, Room, Settings, Theme};
pub use ids::{CommandId, DeviceId, EndpointId, EndpointKey, IdError, RoomId};
pub use name::{Name, NameError};
pub use quantity::{
    Ampere, Celsius, Kelvin, KilowattHour, Lux, MicrogramPerCubicMetre, OutOfRange, Percent, Ppm,
    RelativeHumidity, Volt, Watt,
};
pub use report::{
    ButtonEvent, ProbeFailure, Probed, Progress, Report, Sighting, SightingChange, Source,
};
pub use saved::{Change, DeviceRecord, EndpointRecord, LastReport, OpenCommand, SavedHome};
pub use secret::Secret;
pub use time::{Moment, Timestamp};
pub use trouble::{Cause, Issue, IssueAction, IssueId, IssueKind, Reachability};

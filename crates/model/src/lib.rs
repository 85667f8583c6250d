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
mod notice;
mod origin;
mod past;
mod person;
mod place;
mod quantity;
mod report;
mod role;
pub mod rule;
mod saved;
mod scene;
#[cfg(feature = "schema")]
pub mod schema;
pub mod secret;
mod span;
mod time;
mod trouble;
mod variable;

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
pub use home::{Broker, Home, Language, PastSettings, Room, Settings, Theme};
pub use ids::{
    CommandId, DeviceId, EndpointId, EndpointKey, GroupId, HookId, IdError, NoticeId, PersonId,
    RoleId, RoomId, RuleId, RunId, SceneId, VariableId,
};
pub use name::{Name, NameError, is_disguise};
pub use notice::{NOTICES_KEPT, Notice};
pub use origin::Origin;
pub use past::{Bucket, Charted, Record, Recorded, Series};
pub use person::{Person, Presence, PresenceSource};
pub use place::{NoSuchPlace, NoSuchZone, Place, Zone};
pub use quantity::{
    Ampere, Celsius, Kelvin, KilowattHour, Lux, MicrogramPerCubicMetre, OutOfRange, Percent, Ppm,
    RelativeHumidity, Volt, Watt,
};
pub use report::{
    ButtonEvent, ProbeFailure, Probed, Progress, Report, Sighting, SightingChange, Source,
};
pub use role::RoleRecord;
pub use rule::{Rule, RuleBody};
pub use saved::{
    Asked, Change, DeviceRecord, EndpointRecord, LastReport, OpenCommand, SavedHome, SavedRules,
    WatchRecord,
};
pub use scene::{Group, MOST_MEMBERS, Scene, SceneSetting};
pub use secret::Secret;
pub use span::{Span, SpanError};
pub use time::{Moment, Timestamp};
pub use trouble::{Cause, Issue, IssueAction, IssueId, IssueKind, Reachability};
pub use variable::{LONGEST_TEXT, Variable, VariableValue};

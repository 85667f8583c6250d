//! The contract between a hub and its clients: requests in, answers and ordered updates out.
//!
//! The same values travel over Tauri's IPC, over the daemon's WebSocket (as JSON) and in process.
//! `Ok` to a request means *accepted*; only a device's own report, which arrives as an update,
//! means *done*. Builds for wasm32.
#![warn(missing_docs)]

mod error;
mod request;
mod rules;
mod socket;
mod update;
mod view;

pub use error::{ApiError, ErrorCode};
pub use request::{AddTarget, Answer, ForeignFormat, PhoneAt, Request};
pub use rules::{
    Examined, Fight, ForeignThing, Imported, ImportedRule, Lost, LostWhy, Meaning, PastRun,
    Rehearsal, RuleView, ThingKind, Versions, WhyNotKind,
};
pub use socket::{FromClient, FromHub};
pub use update::{Batch, Update};
pub use view::{
    CapabilityState, DeviceView, EndpointView, Failure, FoundDevice, HomeView, HubStatus, Pending,
    VacantRole, Vault,
};

/// Version of this contract. A client and a hub of different versions do not talk.
pub const VERSION: u16 = 2;

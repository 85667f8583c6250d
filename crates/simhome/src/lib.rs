//! A simulated home: devices that speak the real wire protocols on real sockets.
//!
//! For trying Hearth without a device, and for testing it against devices that lie, stall, vanish
//! and talk nonsense on demand. Each device has a listener of its own, announces itself by mDNS,
//! lives (readings drift, covers move) and counts what it was really made to do, so that a test
//! can prove that nothing was done twice. It never imports the hub, the engine or the contract:
//! what it shares with them is the wire.
#![warn(missing_docs)]

mod announce;
mod composition;
mod control;
mod core;
mod device;
mod drift;
mod esphome;
mod fault;
mod home;
mod http;
mod plug;
mod script;
mod shelly;
mod wire;
mod wled;

pub use crate::core::{Core, Verdict};
pub use composition::PASSWORD;
pub use control::Control;
pub use device::{Device, Service, Unsettable};
pub use esphome::Product as EsphomeProduct;
pub use fault::{Ailments, Fault};
pub use home::{Handle, Home, Mdns, Options, SimulatedDevice, StartError};
pub use script::{Script, ScriptError, Step};
pub use shelly::Product as ShellyProduct;
pub use wire::Wire;
pub use wled::Product as WledProduct;

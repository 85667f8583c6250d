//! ESPHome's native API: frames, encryption, messages, and the client's side of a conversation.
//!
//! Clients for this protocol exist as crates; this is our own because it has to be pure. The same
//! frames serve the driver, the simulated devices and the fuzzer, with no socket and no randomness
//! of their own. What is hard to get right is not ours: protobuf is `prost`'s, Noise is `snow`'s.
//!
//! Facts are from aioesphomeapi 45.3 and from the firmware of ESPHome 2026.6, whose `host` build
//! gave the recordings in `fixtures/`.

mod climate;
mod entity;
mod fan;
mod light;
mod message;
mod noise;
pub mod proto;
#[cfg(test)]
mod recorded;
mod sensor;
mod session;
mod simple;
mod transport;

pub use entity::MAX_ENTITIES;
pub use message::{Message, UnreadableMessage};
pub use noise::{Key, Noise, NoiseError};
pub use session::{Ending, Event, Session, Unsupported};
pub use transport::{MAX_BODY, Transport, TransportError};

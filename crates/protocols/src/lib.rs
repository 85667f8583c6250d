//! What devices say on the wire, and what we answer: one folder a device family.
//!
//! Each family is a codec, and where the protocol has state a session machine; recorded answers of
//! real devices lie beside them in `fixtures/`. Nothing here opens a socket, reads a clock or rolls
//! dice: bytes, and random bytes where a protocol wants some, are arguments. Decoders never panic
//! and bound what they make of their input.
#![warn(missing_docs)]

pub mod announce;
pub mod esphome;
mod json;
mod session;
pub mod shelly;
pub mod wled;

pub use session::{Output, Session};

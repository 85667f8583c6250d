//! Shelly, generation 2 and later: JSON-RPC over a WebSocket, with status pushed.
//!
//! Wire facts: <https://shelly-api-docs.shelly.cloud/gen2/General/RPCProtocol>. Sleepy devices,
//! which dial out instead of listening, are not served.

mod action;
mod auth;
mod component;
mod frame;
mod identity;
mod part;
mod session;
#[cfg(test)]
mod tests;

pub use identity::{Identity, IdentityError};
pub use session::{ShellySession, Start};

//! The sockets: drivers by device family, discovery, webhooks, the MQTT broker, phones on the
//! network, and the vault of secrets.
//!
//! A driver is a future that owns one connection from connecting to its end. It bounds all that it
//! reads and every wait, proves who answers before it says anything else, and never decides when to
//! try again: that is the hub's business. Nothing here spawns outside what its caller awaits.
#![warn(missing_docs)]

pub mod discovery;
mod esphome;
pub mod hooks;
mod http;
mod link;
pub mod mqtt;
mod net;
pub mod phones;
mod probe;
mod shelly;
#[cfg(test)]
mod tests;
pub mod vault;
mod websocket;
mod wled;

pub use link::{Link, Order, drive};
pub use probe::probe;

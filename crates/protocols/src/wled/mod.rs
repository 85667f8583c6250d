//! WLED 0.14 and later: its JSON API, over HTTP once and over its WebSocket from then on.
//!
//! Wire facts: <https://kno.wled.ge/interfaces/json-api/> and
//! <https://kno.wled.ge/interfaces/websocket/>. There is no authentication.

mod action;
mod light;
mod message;
mod names;
mod session;
#[cfg(test)]
mod tests;

pub use session::WledSession;

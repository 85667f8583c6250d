//! How the contract travels over the daemon's WebSocket: one JSON text a message.

use serde::{Deserialize, Serialize};

use crate::{Answer, ApiError, Batch, Request};

/// From client to hub.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromClient {
    /// A request, with a number of the client's choice that its answer will bear.
    Request(u64, Request),
}

/// From hub to client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FromHub {
    /// The first message on every socket.
    Hello {
        /// [`crate::VERSION`] of the hub.
        api: u16,
        /// Version of the program.
        version: String,
    },
    /// The answer to the request of that number.
    Answer(u64, Result<Answer, ApiError>),
    /// Updates, in order. The first batch begins with a snapshot.
    Updates(Batch),
    /// Nothing is new. One comes after every second of silence: a client that hears nothing for
    /// longer has lost its hub.
    Alive,
    /// What the client sent was no message; in words. The socket stays open.
    Misunderstood(String),
}

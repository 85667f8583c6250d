//! The way to the hub: the only module that knows whether it goes through the window's shell or
//! through a socket of the daemon. It moves messages; what they mean is `state`'s business.

mod connection;
mod order;
mod socket;
mod tauri;

use std::str::FromStr;

use api::{Answer, ApiError, Batch, ErrorCode, Request};
use model::CommandId;

pub use self::connection::{Connection, start};

/// How the connection to the hub is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Not there yet; nothing is known.
    Connecting,
    /// There, and what is shown is live.
    Up,
    /// It was there. What is shown is what was last heard; it is being tried again.
    Gone,
    /// It was refused before it ever stood: not signed in, or nobody there. Being tried again.
    Refused,
    /// The hub speaks another version of the contract.
    OtherVersion,
    /// There is no way to a hub from here at all.
    Nowhere,
}

impl Link {
    /// Whether what is shown is what the hub says now.
    pub fn is_up(self) -> bool {
        self == Self::Up
    }
}

/// What the bridge tells.
#[derive(Debug)]
pub enum Heard {
    /// The connection has changed.
    Link(Link),
    /// Updates.
    Batch(Box<Batch>),
}

/// What came in on a transport.
enum Event {
    Hello {
        api: u16,
    },
    Batch(Box<Batch>),
    /// Any other sign of life.
    Word,
    Closed {
        was_open: bool,
    },
}

/// A transport: sends requests, and says what comes in to whom it was opened with.
enum Transport {
    Shell(tauri::Shell),
    Socket(socket::Socket),
}

impl Transport {
    async fn request(&self, request: Request) -> Result<Answer, ApiError> {
        match self {
            Self::Shell(shell) => shell.request(&request).await,
            Self::Socket(socket) => socket.request(request).await,
        }
    }

    /// Whether the other end can vanish without a word.
    fn can_vanish(&self) -> bool {
        matches!(self, Self::Socket(_))
    }

    fn close(&self) {
        match self {
            Self::Shell(shell) => shell.close(),
            Self::Socket(socket) => socket.close(),
        }
    }
}

fn gone() -> ApiError {
    ApiError::new(ErrorCode::Stopped, "the connection to the hub is gone")
}

/// A new name for a command: 128 random bits. `None` when the browser has no randomness.
pub fn new_command() -> Option<CommandId> {
    random_hex()?.parse().ok()
}

/// A new id of any kind: 128 random bits. `None` when the browser has no randomness.
pub fn new_id<T: FromStr>() -> Option<T> {
    random_hex()?.parse().ok()
}

/// 128 random bits in hexadecimal.
pub fn random_hex() -> Option<String> {
    let mut bytes = [0_u8; 16];
    let crypto = leptos::prelude::window().crypto().ok()?;
    crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes.iter().map(|it| format!("{it:02x}")).collect())
}

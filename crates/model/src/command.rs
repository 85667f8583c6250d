//! One wish on its way to a device, and how far it has come.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Action, CommandId, EndpointId, Origin, Span};

/// What we ask of an endpoint, once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Command {
    /// Its name; the same id is never carried out twice.
    pub id: CommandId,
    /// Of whom.
    pub endpoint: EndpointId,
    /// What.
    pub action: Action,
    /// Slowly, over that long, where the hardware can; at most 1 h.
    #[serde(default, skip_serializing_if = "Span::is_zero_ref")]
    pub transition: Span,
    /// Who asks.
    #[serde(default)]
    pub origin: Origin,
}

/// How far a command has come. Only `Observed` means done: the device itself has said so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommandState {
    /// Accepted and written down.
    Requested,
    /// Its bytes have left for the device.
    Sent,
    /// The device has answered that it understood.
    Acknowledged,
    /// The device has reported the wanted state (or, for what has none, has answered).
    Observed,
    /// It will not happen.
    Failed(FailReason),
    /// The device never confirmed it in time. It may or may not have happened.
    Expired,
}

impl CommandState {
    /// Whether nothing more will come.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Requested | Self::Sent | Self::Acknowledged => false,
            Self::Observed | Self::Failed(_) | Self::Expired => true,
        }
    }
}

/// Why a command will not happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FailReason {
    /// The device cannot be reached; nothing was sent.
    Unreachable,
    /// The connection broke after it was sent; it may have arrived.
    ConnectionLost,
    /// The device wants a password or key that we do not have.
    NotAuthorized,
    /// The device understood and said no; its words.
    Refused(String),
    /// Too many commands are waiting for this device.
    QueueFull,
    /// A newer command for the same thing took its place.
    Superseded,
    /// Hearth stopped before the device confirmed.
    Interrupted,
    /// It could not be written down, so it was not sent.
    NotRecorded,
}

impl fmt::Display for FailReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Unreachable => "the device cannot be reached",
            Self::ConnectionLost => "the connection to the device broke",
            Self::NotAuthorized => "the device wants a password that is not the one we have",
            Self::Refused(words) => return write!(formatter, "the device refused: {words}"),
            Self::QueueFull => "too many commands are waiting for the device",
            Self::Superseded => "a newer command took its place",
            Self::Interrupted => "Hearth stopped before the device confirmed",
            Self::NotRecorded => "the command could not be written to disk, so it was not sent",
        };
        formatter.write_str(text)
    }
}

//! Errors that a client can act on without reading their text.

use model::rule::Finding;
use model::{DeviceId, Name};
use serde::{Deserialize, Serialize};

/// A request was not accepted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    /// What kind of error; clients decide by this alone.
    pub code: ErrorCode,
    /// What happened, in English, for logs and command lines. Holds no secrets.
    pub message: String,
}

impl ApiError {
    /// An error of that kind, with its words.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Kinds of error. Each means one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ErrorCode {
    /// There is no such device, endpoint, room, issue or found device.
    NotFound,
    /// The request makes no sense here: a value out of range, a capability it does not have.
    Invalid,
    /// This command id was used before; nothing was done a second time.
    Duplicate,
    /// It is in the home already.
    AlreadyAdded(DeviceId),
    /// Nobody answers at that address.
    NoAnswer,
    /// Somebody answers, but not a device we know how to talk to.
    NotADevice,
    /// Somebody answers, but not the device that was found there.
    WrongIdentity(DeviceId),
    /// The device wants a password or key.
    NeedsSecret,
    /// The password or key is wrong.
    WrongSecret,
    /// Secrets cannot be kept: unlock the keyring or choose a passphrase first.
    SecretsLocked,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The queue for that device, or the hub's, is full; try again.
    Busy,
    /// It could not be written down, so it was not done.
    CannotWrite,
    /// The hub does not offer this (a daemon without a simulator, say).
    Unsupported,
    /// The rule, or rules, cannot be saved like this; which (an index among those of the request)
    /// and why. Nothing was changed.
    RuleRefused(Vec<(u32, Finding)>),
    /// It was changed by somebody else meanwhile; its present version.
    Outdated(u32),
    /// It is used by these rules, scenes or groups (their names), so it stays.
    InUse(Vec<Name>),
    /// The file cannot be read; in words, with the place.
    Unreadable(String),
    /// The file is of another version than this program reads.
    UnknownVersion,
    /// The hub has stopped.
    Stopped,
}

//! What an error means to whoever called: an exit code, and words on stderr.

use std::process::ExitCode;

use api::{ApiError, ErrorCode};
use model::FailReason;

/// Kinds of failure, by exit code. Documented in `--help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Unexpected = 1,
    Usage = 2,
    NoHub = 3,
    NotFound = 4,
    Refused = 5,
    Device = 6,
    Secret = 7,
}

/// A failure that a person or a script can act on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    words: String,
}

impl Failure {
    /// A failure of that kind, in words.
    pub(crate) fn new(kind: Kind, words: impl Into<String>) -> Self {
        Self { kind, words: words.into() }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let kind = match error.code {
            ErrorCode::NotFound | ErrorCode::NoAnswer | ErrorCode::NotADevice => Kind::NotFound,
            ErrorCode::NeedsSecret
            | ErrorCode::WrongSecret
            | ErrorCode::SecretsLocked
            | ErrorCode::WrongPassphrase => Kind::Secret,
            ErrorCode::Invalid
            | ErrorCode::RuleRefused(_)
            | ErrorCode::Outdated(_)
            | ErrorCode::InUse(_)
            | ErrorCode::Unreadable(_)
            | ErrorCode::UnknownVersion
            | ErrorCode::Duplicate
            | ErrorCode::AlreadyAdded(_)
            | ErrorCode::WrongIdentity(_)
            | ErrorCode::Busy
            | ErrorCode::CannotWrite
            | ErrorCode::Unsupported => Kind::Refused,
            ErrorCode::Stopped => Kind::NoHub,
        };
        Self::new(kind, error.message)
    }
}

impl From<FailReason> for Failure {
    fn from(reason: FailReason) -> Self {
        let kind = match reason {
            FailReason::NotAuthorized => Kind::Secret,
            FailReason::QueueFull | FailReason::Superseded | FailReason::NotRecorded => {
                Kind::Refused
            }
            FailReason::Unreachable
            | FailReason::ConnectionLost
            | FailReason::Refused(_)
            | FailReason::Interrupted => Kind::Device,
        };
        Self::new(kind, reason.to_string())
    }
}

/// The exit code of an error: its own, if it has one anywhere inside.
pub(crate) fn code(error: &anyhow::Error) -> ExitCode {
    let kind = error.downcast_ref::<Failure>().map_or(Kind::Unexpected, |it| it.kind);
    ExitCode::from(kind as u8)
}

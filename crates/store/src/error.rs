//! What can go wrong, in words that a person can act on.

use std::io;

use model::{CommandId, RunId};

/// Why something was not opened or not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another process holds the home's lock.
    #[error("another Hearth has this home open")]
    InUse,
    /// The database was written by a newer version; it was not touched.
    #[error(
        "{file} was written by a newer Hearth (format {found}, this one knows {known}); it was left as it is"
    )]
    Newer {
        /// File name.
        file: String,
        /// Format of the file.
        found: i64,
        /// Newest format known here.
        known: i64,
    },
    /// A row is intact but says something that this version does not understand; nothing was
    /// touched.
    #[error("{0}; the database was left as it is")]
    NotUnderstood(String),
    /// No room left. Changes of configuration are kept in memory and tried again.
    #[error("the disk is full: {0}")]
    DiskFull(String),
    /// The file system cannot be written to.
    #[error("the home's directory cannot be written to: {0}")]
    ReadOnly(String),
    /// The file system failed in some other way.
    #[error("the disk failed: {0}")]
    Io(String),
    /// The database was damaged while in use. The next start restores the last good copy.
    #[error("the database is damaged: {0}; a restart restores the last good copy")]
    Damaged(String),
    /// A command of this id is in the journal already: it must not be sent a second time.
    #[error("the command `{0}` was carried out before")]
    Duplicate(CommandId),
    /// A run of this id has begun before: it must not happen a second time.
    #[error("the run `{0}` has begun before")]
    KnownRun(RunId),
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// SQLite refused for a reason that none of the others is.
    #[error("the database refused: {0}")]
    Database(String),
}

impl StoreError {
    /// Whether the medium is to blame, so that the same write may succeed later.
    #[must_use]
    pub fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::DiskFull(_) | Self::ReadOnly(_) | Self::Io(_) | Self::Database(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let words = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull(words),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::ReadOnly(words)
            }
            Some(ErrorCode::SystemIoFailure) => Self::Io(words),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(words),
            _ => Self::Database(words),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        let words = error.to_string();
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(words),
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                Self::ReadOnly(words)
            }
            _ => Self::Io(words),
        }
    }
}

/// The queue to the writer is full; nothing was taken. Try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too much is waiting to be written")]
pub struct Full;

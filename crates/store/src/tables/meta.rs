//! `meta` in `hearth.db` and `history.db`: single values by name, as JSON.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "meta";

pub(crate) const CREATE: &str = "CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL,
    crc INTEGER NOT NULL
) WITHOUT ROWID;";

/// The names of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// The home.
    Home,
    /// The settings.
    Settings,
    /// Until then everything that was due has been seen to (`history.db`).
    SeenTo,
    /// Since then nothing was let go of the recorded past (`history.db`).
    WholeSince,
    /// Format of the database, a second time: SQLite's own number has no checksum.
    Format,
    /// In a copy only: when it was made.
    CopiedAt,
    /// In a copy only: what it is a copy of.
    Digest,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Settings => "settings",
            Self::SeenTo => "seen_to",
            Self::WholeSince => "whole_since",
            Self::Format => "format",
            Self::CopiedAt => "copied_at",
            Self::Digest => "digest",
        }
    }
}

pub(crate) fn put<T: Serialize>(db: &Connection, key: Key, value: &T) -> rusqlite::Result<()> {
    let value = to_json(value)?;
    let crc = checksum(key.name(), &value).done();
    db.prepare_cached(
        "INSERT INTO meta (key, value, crc) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, crc = excluded.crc",
    )?
    .execute(params![key.name(), value, crc])?;
    Ok(())
}

pub(crate) fn get<T: DeserializeOwned>(db: &Connection, key: Key) -> Result<Option<T>, Unreadable> {
    let row: Option<(String, i64)> = db
        .prepare_cached("SELECT value, crc FROM meta WHERE key = ?1")?
        .query_row([key.name()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((value, crc)) = row else { return Ok(None) };
    let at = At(TABLE, key.name());
    at.check(crc, checksum(key.name(), &value))?;
    at.json(&value).map(Some)
}

/// Checks every row: one whose key is damaged would not be found, and so not be missed.
pub(crate) fn check(db: &Connection) -> Result<(), Unreadable> {
    let mut statement = db.prepare("SELECT key, value, crc FROM meta")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (key, value): (String, String) = (row.get(0)?, row.get(1)?);
        At(TABLE, &key).check(row.get(2)?, checksum(&key, &value))?;
    }
    Ok(())
}

fn checksum(key: &str, value: &str) -> Checksum {
    Checksum::of(TABLE).text(key).text(value)
}

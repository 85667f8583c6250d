//! `command_journal` in `hearth.db`: what was about to be sent, and what became of it.
//!
//! A command's row is durable before its bytes leave, so that after a crash nobody wonders
//! whether it was sent; and it stays for a while after, so that an id used once is known.

use std::time::Duration;

use model::{Action, Command, CommandId, CommandState, OpenCommand, Origin, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "command_journal";

/// How long a closed command is remembered.
pub(crate) const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How many closed commands are remembered.
pub(crate) const KEPT_COUNT: i64 = 10_000;

pub(crate) const CREATE: &str = "CREATE TABLE command_journal (
    id TEXT PRIMARY KEY NOT NULL,
    endpoint TEXT NOT NULL,
    action TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    outcome TEXT,
    closed_at INTEGER,
    crc INTEGER NOT NULL
);
CREATE INDEX command_journal_closed ON command_journal (closed_at) WHERE closed_at IS NOT NULL;";

/// Rows from before do not say it: the checksum is then that of before.
pub(crate) const ADD_ORIGIN: &str = "ALTER TABLE command_journal ADD COLUMN origin TEXT;";

struct CommandRow {
    id: String,
    endpoint: String,
    action: String,
    requested_at: i64,
    outcome: Option<String>,
    closed_at: Option<i64>,
    origin: Option<String>,
}

/// Writes down a command that is about to leave. `false` when its id is in the journal already.
pub(crate) fn open(db: &Connection, command: &Command, at: Timestamp) -> rusqlite::Result<bool> {
    let row = CommandRow {
        id: command.id.to_string(),
        endpoint: command.endpoint.to_string(),
        action: to_json(&command.action)?,
        requested_at: at.0,
        outcome: None,
        closed_at: None,
        origin: Some(to_json(&command.origin)?),
    };
    let added = db
        .prepare_cached(
            "INSERT INTO command_journal (id, endpoint, action, requested_at, origin, crc)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            row.id,
            row.endpoint,
            row.action,
            row.requested_at,
            row.origin,
            row.checksum().done()
        ])?;
    Ok(added == 1)
}

/// Writes down what became of a command. One that is not in the journal is passed over: it was
/// refused before it could be written down.
pub(crate) fn close(
    db: &Connection,
    id: &CommandId,
    outcome: &CommandState,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let found = db
        .prepare_cached(
            "SELECT id, endpoint, action, requested_at, outcome, closed_at, origin
             FROM command_journal WHERE id = ?1",
        )?
        .query_row([id.as_str()], CommandRow::read)
        .optional()?;
    let Some(mut row) = found else { return Ok(()) };
    row.outcome = Some(to_json(outcome)?);
    row.closed_at = Some(at.0);
    db.prepare_cached(
        "UPDATE command_journal SET outcome = ?2, closed_at = ?3, crc = ?4 WHERE id = ?1",
    )?
    .execute(params![row.id, row.outcome, row.closed_at, row.checksum().done()])?;
    Ok(())
}

/// Forgets what was closed too long ago, and the oldest of what is too much.
pub(crate) fn prune(db: &Connection, now: Timestamp) -> rusqlite::Result<usize> {
    let kept = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
    let old = db
        .prepare_cached("DELETE FROM command_journal WHERE closed_at < ?1")?
        .execute([now.0.saturating_sub(kept)])?;
    let excess = db
        .prepare_cached(
            "DELETE FROM command_journal WHERE id IN (
                SELECT id FROM command_journal WHERE closed_at IS NOT NULL
                ORDER BY closed_at DESC LIMIT -1 OFFSET ?1)",
        )?
        .execute([KEPT_COUNT])?;
    Ok(old + excess)
}

/// Reads the commands that have no outcome, and checks those that have.
pub(crate) fn load_open(db: &Connection) -> Result<Vec<OpenCommand>, Unreadable> {
    let mut statement = db.prepare(
        "SELECT id, endpoint, action, requested_at, outcome, closed_at, origin, crc
         FROM command_journal ORDER BY requested_at, id",
    )?;
    let mut rows = statement.query([])?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let command = CommandRow::read(row)?;
        At(TABLE, &command.id).check(row.get(7)?, command.checksum())?;
        if command.outcome.is_none() {
            open.push(command.into_open()?);
        }
    }
    Ok(open)
}

impl CommandRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            endpoint: row.get(1)?,
            action: row.get(2)?,
            requested_at: row.get(3)?,
            outcome: row.get(4)?,
            closed_at: row.get(5)?,
            origin: row.get(6)?,
        })
    }

    fn into_open(self) -> Result<OpenCommand, Unreadable> {
        let at = At(TABLE, &self.id);
        let origin = self.origin.as_deref().map(|it| at.json::<Origin>(it)).transpose()?;
        Ok(OpenCommand {
            id: at.parse(&self.id)?,
            endpoint: at.parse(&self.endpoint)?,
            action: at.json::<Action>(&self.action)?,
            requested_at: Timestamp(self.requested_at),
            origin: origin.unwrap_or_default(),
        })
    }

    fn checksum(&self) -> Checksum {
        let row = Checksum::of(TABLE)
            .text(&self.id)
            .text(&self.endpoint)
            .text(&self.action)
            .number(self.requested_at)
            .maybe_text(self.outcome.as_deref())
            .maybe_number(self.closed_at);
        match &self.origin {
            None => row,
            Some(origin) => row.text(origin),
        }
    }
}

//! `run` and `run_state` in `hearth.db`: runs that have not ended. What a run carries out is
//! written once; where it is and what it did, each time that changes.

use std::sync::Arc;

use model::rule::{Cursor, RuleBody, Run, Trace};
use model::{RuleId, RunId};
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "run";
const STATE: &str = "run_state";

pub(crate) const CREATE: &str = "CREATE TABLE run (
    id TEXT PRIMARY KEY NOT NULL,
    rule TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    crc INTEGER NOT NULL
);
CREATE INDEX run_rule ON run (rule, version);
CREATE TABLE run_state (
    id TEXT PRIMARY KEY NOT NULL,
    started_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    crc INTEGER NOT NULL
);";

#[derive(Serialize)]
struct StateRef<'a> {
    trace: &'a Trace,
    cursor: &'a Cursor,
    depth: u8,
}

#[derive(Deserialize)]
struct State {
    trace: Trace,
    cursor: Cursor,
    depth: u8,
}

/// Whether the run is open.
pub(crate) fn is_open(db: &Connection, run: &RunId) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM run WHERE id = ?1")?.exists([run.as_str()])
}

/// Writes down what a run carries out; once.
pub(crate) fn open(db: &Connection, run: &Run) -> rusqlite::Result<()> {
    let (id, rule) = (run.trace.run.as_str(), run.trace.rule.as_str());
    let (version, body) = (i64::from(run.trace.version), to_json(&*run.body)?);
    let crc = body_checksum(id, rule, version, &body).done();
    db.prepare_cached(
        "INSERT INTO run (id, rule, version, body, crc) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO NOTHING",
    )?
    .execute(params![id, rule, version, body, crc])?;
    Ok(())
}

/// Writes down how far a run has come.
pub(crate) fn went(db: &Connection, run: &Run) -> rusqlite::Result<()> {
    let (id, started_at) = (run.trace.run.as_str(), run.trace.started_at.0);
    let state = to_json(&StateRef { trace: &run.trace, cursor: &run.cursor, depth: run.depth })?;
    let crc = state_checksum(id, started_at, &state).done();
    db.prepare_cached(
        "INSERT INTO run_state (id, started_at, state, crc) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET
            started_at = excluded.started_at, state = excluded.state, crc = excluded.crc",
    )?
    .execute(params![id, started_at, state, crc])?;
    Ok(())
}

/// A run has ended.
pub(crate) fn close(db: &Connection, run: &RunId) -> rusqlite::Result<()> {
    for sql in ["DELETE FROM run WHERE id = ?1", "DELETE FROM run_state WHERE id = ?1"] {
        db.prepare_cached(sql)?.execute([run.as_str()])?;
    }
    Ok(())
}

pub(crate) fn remove_of(db: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM run_state WHERE id IN (SELECT id FROM run WHERE rule = ?1)",
        "DELETE FROM run WHERE rule = ?1",
    ] {
        db.prepare_cached(sql)?.execute([rule.as_str()])?;
    }
    Ok(())
}

const SELECT: &str = "SELECT run.id, rule, version, body, run.crc, started_at, state, run_state.crc
    FROM run LEFT JOIN run_state ON run_state.id = run.id";

/// All open runs, oldest first.
pub(crate) fn load(db: &Connection) -> Result<Vec<Run>, Unreadable> {
    collect(db, &format!("{SELECT} ORDER BY started_at, run.id"), [])
}

/// The open runs of a rule, oldest first.
pub(crate) fn of(db: &Connection, rule: &RuleId) -> Result<Vec<Run>, Unreadable> {
    collect(db, &format!("{SELECT} WHERE rule = ?1 ORDER BY started_at, run.id"), [rule.as_str()])
}

/// One open run.
pub(crate) fn get(db: &Connection, run: &RunId) -> Result<Option<Run>, Unreadable> {
    Ok(collect(db, &format!("{SELECT} WHERE run.id = ?1"), [run.as_str()])?.pop())
}

fn collect(
    db: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Run>, Unreadable> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut runs = Vec::new();
    while let Some(row) = rows.next()? {
        runs.push(read(row)?);
    }
    Ok(runs)
}

fn read(row: &Row<'_>) -> Result<Run, Unreadable> {
    let (id, rule, body): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
    At(TABLE, &id).check(row.get(4)?, body_checksum(&id, &rule, row.get(2)?, &body))?;
    let (started_at, state): (i64, String) = (row.get(5)?, row.get(6)?);
    let at = At(STATE, &id);
    at.check(row.get(7)?, state_checksum(&id, started_at, &state))?;
    let State { trace, cursor, depth } = at.json(&state)?;
    let body: RuleBody = At(TABLE, &id).json(&body)?;
    Ok(Run { trace, body: Arc::new(body), cursor, depth })
}

fn body_checksum(id: &str, rule: &str, version: i64, body: &str) -> Checksum {
    Checksum::of(TABLE).text(id).text(rule).number(version).text(body)
}

fn state_checksum(id: &str, started_at: i64, state: &str) -> Checksum {
    Checksum::of(STATE).text(id).number(started_at).text(state)
}

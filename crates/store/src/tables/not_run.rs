//! `not_run` in `history.db`: triggers that did not lead to a run. One that is damaged is passed
//! over when it is read.

use model::rule::{NotRun, TRACES_KEPT};
use model::{RuleId, RunId};
use rusqlite::{Connection, Row, params};

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "not_run";

pub(crate) const CREATE: &str = "CREATE TABLE not_run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL,
    rule TEXT NOT NULL,
    document TEXT NOT NULL,
    crc INTEGER NOT NULL
);
CREATE INDEX not_run_rule ON not_run (rule);
CREATE INDEX not_run_run ON not_run (run);";

/// Keeps one, and lets go of the rule's oldest that are too many.
pub(crate) fn keep(db: &Connection, not_run: &NotRun) -> rusqlite::Result<()> {
    let (run, rule, text) = (not_run.run.as_str(), not_run.rule.as_str(), to_json(not_run)?);
    let crc = checksum(run, rule, &text).done();
    db.prepare_cached("INSERT INTO not_run (run, rule, document, crc) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![run, rule, text, crc])?;
    db.prepare_cached(
        "DELETE FROM not_run WHERE rule = ?1 AND number <= (
            SELECT number FROM not_run WHERE rule = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![rule, i64::try_from(TRACES_KEPT).unwrap_or(i64::MAX)])?;
    Ok(())
}

pub(crate) fn remove_of(db: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM not_run WHERE rule = ?1")?.execute([rule.as_str()])?;
    Ok(())
}

/// The non-runs of a rule, the one that came last first; at most that many.
pub(crate) fn of(db: &Connection, rule: &RuleId, limit: usize) -> Result<Vec<NotRun>, Unreadable> {
    let mut statement = db.prepare_cached(
        "SELECT run, rule, document, crc FROM not_run WHERE rule = ?1
         ORDER BY number DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![rule.as_str(), i64::try_from(limit).unwrap_or(0)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.extend(read(row)?);
    }
    Ok(found)
}

/// The last one of that run.
pub(crate) fn get(db: &Connection, run: &RunId) -> Result<Option<NotRun>, Unreadable> {
    let mut statement = db.prepare_cached(
        "SELECT run, rule, document, crc FROM not_run WHERE run = ?1 ORDER BY number DESC LIMIT 1",
    )?;
    let mut rows = statement.query([run.as_str()])?;
    match rows.next()? {
        Some(row) => read(row),
        None => Ok(None),
    }
}

fn read(row: &Row<'_>) -> Result<Option<NotRun>, Unreadable> {
    let (run, rule, text): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let at = At(TABLE, &run);
    let found = at.check(row.get(3)?, checksum(&run, &rule, &text)).and_then(|()| at.json(&text));
    Ok(found.inspect_err(|error| tracing::warn!(%error, "a non-run is passed over")).ok())
}

fn checksum(run: &str, rule: &str, document: &str) -> Checksum {
    Checksum::of(TABLE).text(run).text(rule).text(document)
}

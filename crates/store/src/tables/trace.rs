//! `trace` in `hearth.db`: how runs that have ended went.
//!
//! Traces explain and decide nothing. One that is damaged is passed over when it is read, with a
//! line in the log, and does not make the configuration a damaged one.

use model::rule::{TRACES_KEPT, Trace};
use model::{RuleId, RunId};
use rusqlite::{Connection, Row, params};

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "trace";

pub(crate) const CREATE: &str = "CREATE TABLE trace (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    trace TEXT NOT NULL,
    crc INTEGER NOT NULL
);
CREATE INDEX trace_rule ON trace (rule);";

/// Keeps the trace of a run that has ended, and lets go of the rule's oldest that are too many.
pub(crate) fn keep(db: &Connection, trace: &Trace) -> rusqlite::Result<()> {
    let (run, rule, text) = (trace.run.as_str(), trace.rule.as_str(), to_json(trace)?);
    let crc = checksum(run, rule, &text).done();
    db.prepare_cached(
        "INSERT INTO trace (run, rule, trace, crc) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (run) DO NOTHING",
    )?
    .execute(params![run, rule, text, crc])?;
    db.prepare_cached(
        "DELETE FROM trace WHERE rule = ?1 AND number <= (
            SELECT number FROM trace WHERE rule = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![rule, i64::try_from(TRACES_KEPT).unwrap_or(i64::MAX)])?;
    Ok(())
}

pub(crate) fn remove_of(db: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM trace WHERE rule = ?1")?.execute([rule.as_str()])?;
    Ok(())
}

/// The traces of a rule, the one that ended last first; at most that many.
pub(crate) fn of(db: &Connection, rule: &RuleId, limit: usize) -> Result<Vec<Trace>, Unreadable> {
    let mut statement = db.prepare_cached(
        "SELECT run, rule, trace, crc FROM trace WHERE rule = ?1 ORDER BY number DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![rule.as_str(), i64::try_from(limit).unwrap_or(0)])?;
    let mut traces = Vec::new();
    while let Some(row) = rows.next()? {
        traces.extend(read(row)?);
    }
    Ok(traces)
}

/// One trace.
pub(crate) fn get(db: &Connection, run: &RunId) -> Result<Option<Trace>, Unreadable> {
    let mut statement =
        db.prepare_cached("SELECT run, rule, trace, crc FROM trace WHERE run = ?1")?;
    let mut rows = statement.query([run.as_str()])?;
    match rows.next()? {
        Some(row) => read(row),
        None => Ok(None),
    }
}

fn read(row: &Row<'_>) -> Result<Option<Trace>, Unreadable> {
    let (run, rule, text): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let at = At(TABLE, &run);
    let trace = at.check(row.get(3)?, checksum(&run, &rule, &text)).and_then(|()| at.json(&text));
    Ok(trace.inspect_err(|error| tracing::warn!(%error, "a trace is passed over")).ok())
}

fn checksum(run: &str, rule: &str, trace: &str) -> Checksum {
    Checksum::of(TABLE).text(run).text(rule).text(trace)
}

//! `known_run` in `hearth.db`: the runs of each rule that are remembered, so that none happens
//! twice.

use model::{RuleId, RunId};
use rusqlite::{Connection, params};

use crate::row::{At, Checksum, Unreadable};

const TABLE: &str = "known_run";

/// How many runs of a rule are remembered.
pub(crate) const KEPT: i64 = 256;

pub(crate) const CREATE: &str = "CREATE TABLE known_run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    run TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    crc INTEGER NOT NULL
);
CREATE INDEX known_run_rule ON known_run (rule);";

/// Remembers a run, and forgets the rule's oldest that are too many. `false` when it was known.
pub(crate) fn remember(db: &Connection, rule: &RuleId, run: &RunId) -> rusqlite::Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT INTO known_run (run, rule, crc) VALUES (?1, ?2, ?3)
             ON CONFLICT (run) DO NOTHING",
        )?
        .execute(params![
            run.as_str(),
            rule.as_str(),
            checksum(run.as_str(), rule.as_str()).done()
        ])?;
    db.prepare_cached(
        "DELETE FROM known_run WHERE rule = ?1 AND number <= (
            SELECT number FROM known_run WHERE rule = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![rule.as_str(), KEPT])?;
    Ok(added == 1)
}

pub(crate) fn remove_of(db: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM known_run WHERE rule = ?1")?.execute([rule.as_str()])?;
    Ok(())
}

/// All that are remembered, oldest first.
pub(crate) fn load(db: &Connection) -> Result<Vec<(RuleId, RunId)>, Unreadable> {
    let mut statement = db.prepare("SELECT run, rule, crc FROM known_run ORDER BY number")?;
    let mut rows = statement.query([])?;
    let mut known = Vec::new();
    while let Some(row) = rows.next()? {
        let (run, rule): (String, String) = (row.get(0)?, row.get(1)?);
        let at = At(TABLE, &run);
        at.check(row.get(2)?, checksum(&run, &rule))?;
        known.push((at.parse(&rule)?, at.parse(&run)?));
    }
    Ok(known)
}

fn checksum(run: &str, rule: &str) -> Checksum {
    Checksum::of(TABLE).text(run).text(rule)
}

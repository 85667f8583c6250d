//! `rule_version` in `hearth.db`: every wording of a rule, the present one among them.

use model::rule::{Rule, RuleVersion};
use model::{RuleId, Timestamp};
use rusqlite::{Connection, params};

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "rule_version";

/// How many versions of a rule are kept, besides those whose runs have not ended.
pub(crate) const KEPT: i64 = 100;

pub(crate) const CREATE: &str = "CREATE TABLE rule_version (
    rule TEXT NOT NULL,
    version INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (rule, version)
);";

/// Keeps the version that a rule is in, and lets go of the oldest that are too many.
pub(crate) fn put(db: &Connection, rule: &Rule) -> rusqlite::Result<()> {
    let body = to_json(&rule.body)?;
    let version = i64::from(rule.version);
    let crc = checksum(rule.id.as_str(), version, rule.saved_at.0, &body).done();
    db.prepare_cached(
        "INSERT INTO rule_version (rule, version, saved_at, body, crc) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (rule, version) DO UPDATE SET
            saved_at = excluded.saved_at, body = excluded.body, crc = excluded.crc",
    )?
    .execute(params![rule.id.as_str(), version, rule.saved_at.0, body, crc])?;
    db.prepare_cached(
        "DELETE FROM rule_version WHERE rule = ?1
            AND version NOT IN (SELECT version FROM rule_version WHERE rule = ?1
                                ORDER BY version DESC LIMIT ?2)
            AND version NOT IN (SELECT version FROM run WHERE rule = ?1)",
    )?
    .execute(params![rule.id.as_str(), KEPT])?;
    Ok(())
}

pub(crate) fn remove_of(db: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM rule_version WHERE rule = ?1")?.execute([rule.as_str()])?;
    Ok(())
}

/// The versions of a rule, newest first.
pub(crate) fn of(db: &Connection, rule: &RuleId) -> Result<Vec<RuleVersion>, Unreadable> {
    let mut statement = db.prepare_cached(
        "SELECT version, saved_at, body, crc FROM rule_version WHERE rule = ?1
         ORDER BY version DESC",
    )?;
    let mut rows = statement.query([rule.as_str()])?;
    let mut versions = Vec::new();
    while let Some(row) = rows.next()? {
        let (version, saved_at): (i64, i64) = (row.get(0)?, row.get(1)?);
        versions.push(read(rule.as_str(), version, saved_at, row.get(2)?, row.get(3)?)?);
    }
    Ok(versions)
}

/// Checks every row.
pub(crate) fn check(db: &Connection) -> Result<(), Unreadable> {
    let mut statement =
        db.prepare("SELECT rule, version, saved_at, body, crc FROM rule_version")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (rule, body): (String, String) = (row.get(0)?, row.get(3)?);
        let sum = checksum(&rule, row.get(1)?, row.get(2)?, &body);
        At(TABLE, &rule).check(row.get(4)?, sum)?;
    }
    Ok(())
}

fn read(
    rule: &str,
    version: i64,
    saved_at: i64,
    body: String,
    crc: i64,
) -> Result<RuleVersion, Unreadable> {
    let at = At(TABLE, rule);
    at.check(crc, checksum(rule, version, saved_at, &body))?;
    Ok(RuleVersion {
        version: u32::try_from(version).map_err(|error| at.not_understood(&error))?,
        saved_at: Timestamp(saved_at),
        body: at.json(&body)?,
    })
}

fn checksum(rule: &str, version: i64, saved_at: i64, body: &str) -> Checksum {
    Checksum::of(TABLE).text(rule).number(version).number(saved_at).text(body)
}

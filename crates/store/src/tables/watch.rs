//! `watch` in `hearth.db`: what rules look at, as it was last seen.

use model::{RuleId, Timestamp, WatchRecord};
use rusqlite::{Connection, params};

use crate::row::{At, Checksum, Unreadable};

const TABLE: &str = "watch";

pub(crate) const CREATE: &str = "CREATE TABLE watch (
    rule TEXT NOT NULL,
    watch INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    holds INTEGER NOT NULL,
    since INTEGER NOT NULL,
    fired INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (rule, watch, endpoint)
) WITHOUT ROWID;";

struct WatchRow {
    rule: String,
    watch: i64,
    endpoint: String,
    holds: i64,
    since: i64,
    fired: i64,
}

pub(crate) fn put(db: &Connection, watch: &WatchRecord) -> rusqlite::Result<()> {
    let row = WatchRow {
        rule: watch.rule.to_string(),
        watch: watch.watch.into(),
        endpoint: watch.endpoint.to_string(),
        holds: watch.holds.into(),
        since: watch.since.0,
        fired: watch.fired.into(),
    };
    db.prepare_cached(
        "INSERT INTO watch (rule, watch, endpoint, holds, since, fired, crc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (rule, watch, endpoint) DO UPDATE SET holds = excluded.holds,
            since = excluded.since, fired = excluded.fired, crc = excluded.crc",
    )?
    .execute(params![
        row.rule,
        row.watch,
        row.endpoint,
        row.holds,
        row.since,
        row.fired,
        row.checksum().done()
    ])?;
    Ok(())
}

pub(crate) fn remove_of(db: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM watch WHERE rule = ?1")?.execute([rule.as_str()])?;
    Ok(())
}

pub(crate) fn load(db: &Connection) -> Result<Vec<WatchRecord>, Unreadable> {
    let mut statement = db.prepare(
        "SELECT rule, watch, endpoint, holds, since, fired, crc FROM watch
         ORDER BY rule, watch, endpoint",
    )?;
    let mut rows = statement.query([])?;
    let mut watches = Vec::new();
    while let Some(row) = rows.next()? {
        let watch = WatchRow {
            rule: row.get(0)?,
            watch: row.get(1)?,
            endpoint: row.get(2)?,
            holds: row.get(3)?,
            since: row.get(4)?,
            fired: row.get(5)?,
        };
        At(TABLE, &watch.rule).check(row.get(6)?, watch.checksum())?;
        watches.push(watch.record()?);
    }
    Ok(watches)
}

impl WatchRow {
    fn record(&self) -> Result<WatchRecord, Unreadable> {
        let at = At(TABLE, &self.rule);
        Ok(WatchRecord {
            rule: at.parse(&self.rule)?,
            watch: u16::try_from(self.watch).map_err(|error| at.not_understood(&error))?,
            endpoint: at.parse(&self.endpoint)?,
            holds: self.holds != 0,
            since: Timestamp(self.since),
            fired: self.fired != 0,
        })
    }

    fn checksum(&self) -> Checksum {
        Checksum::of(TABLE)
            .text(&self.rule)
            .number(self.watch)
            .text(&self.endpoint)
            .number(self.holds)
            .number(self.since)
            .number(self.fired)
    }
}

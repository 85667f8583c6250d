//! `last_report` in `history.db`: the last thing each capability said.

use model::{DeviceId, LastReport, Origin, Timestamp};
use rusqlite::{Connection, params};

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "last_report";

pub(crate) const CREATE: &str = "CREATE TABLE last_report (
    endpoint TEXT NOT NULL,
    capability TEXT NOT NULL,
    value TEXT NOT NULL,
    at INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (endpoint, capability)
) WITHOUT ROWID;";

/// Rows from before say neither: the checksum is then that of before.
pub(crate) const ADD_SINCE_AND_ORIGIN: &str = "ALTER TABLE last_report ADD COLUMN since INTEGER;
ALTER TABLE last_report ADD COLUMN origin TEXT;";

struct ReportRow {
    endpoint: String,
    capability: String,
    value: String,
    at: i64,
    since: Option<i64>,
    origin: Option<String>,
}

pub(crate) fn put(db: &Connection, report: &LastReport) -> rusqlite::Result<()> {
    let row = ReportRow {
        endpoint: report.endpoint.to_string(),
        capability: report.value.capability().to_string(),
        value: to_json(&report.value)?,
        at: report.at.0,
        since: Some(report.since.0),
        origin: Some(to_json(&report.origin)?),
    };
    let crc = row.checksum().done();
    db.prepare_cached(
        "INSERT INTO last_report (endpoint, capability, value, at, since, origin, crc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (endpoint, capability) DO UPDATE SET value = excluded.value,
            at = excluded.at, since = excluded.since, origin = excluded.origin, crc = excluded.crc",
    )?
    .execute(params![
        row.endpoint,
        row.capability,
        row.value,
        row.at,
        row.since,
        row.origin,
        crc
    ])?;
    Ok(())
}

/// Forgets all that a device said.
pub(crate) fn remove_of(db: &Connection, device: &DeviceId) -> rusqlite::Result<()> {
    // All its endpoints begin with `device/`, and `0` is the character after `/`.
    db.prepare_cached("DELETE FROM last_report WHERE endpoint >= ?1 AND endpoint < ?2")?
        .execute([format!("{device}/"), format!("{device}0")])?;
    Ok(())
}

/// Reads all reports. A report that this version does not understand is passed over: the device
/// will say it again.
pub(crate) fn load(db: &Connection) -> Result<Vec<LastReport>, Unreadable> {
    let mut statement = db.prepare(
        "SELECT endpoint, capability, value, at, since, origin, crc FROM last_report
         ORDER BY endpoint, capability",
    )?;
    let mut rows = statement.query([])?;
    let mut reports = Vec::new();
    while let Some(row) = rows.next()? {
        let report = ReportRow {
            endpoint: row.get(0)?,
            capability: row.get(1)?,
            value: row.get(2)?,
            at: row.get(3)?,
            since: row.get(4)?,
            origin: row.get(5)?,
        };
        At(TABLE, &report.endpoint).check(row.get(6)?, report.checksum())?;
        match report.read() {
            Ok(report) => reports.push(report),
            Err(error) => tracing::warn!(%error, "a report was passed over"),
        }
    }
    Ok(reports)
}

impl ReportRow {
    fn read(&self) -> Result<LastReport, Unreadable> {
        let at = At(TABLE, &self.endpoint);
        let origin = self.origin.as_deref().map(|it| at.json::<Origin>(it)).transpose()?;
        Ok(LastReport {
            endpoint: at.parse(&self.endpoint)?,
            value: at.json(&self.value)?,
            at: Timestamp(self.at),
            since: Timestamp(self.since.unwrap_or(self.at)),
            origin: origin.unwrap_or_default(),
        })
    }

    fn checksum(&self) -> Checksum {
        let row = Checksum::of(TABLE)
            .text(&self.endpoint)
            .text(&self.capability)
            .text(&self.value)
            .number(self.at);
        match (self.since, &self.origin) {
            (None, None) => row,
            (since, origin) => row.maybe_number(since).maybe_text(origin.as_deref()),
        }
    }
}

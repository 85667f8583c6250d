//! `last_report` in `history.db`: the last thing each capability said.

use model::{Capability, DeviceId, EndpointId, LastReport, Timestamp, Value};
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

pub(crate) fn put(
    db: &Connection,
    endpoint: &EndpointId,
    capability: Capability,
    value: &Value,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let (endpoint, capability) = (endpoint.to_string(), capability.to_string());
    let value = to_json(value)?;
    let crc = checksum(&endpoint, &capability, &value, at.0).done();
    db.prepare_cached(
        "INSERT INTO last_report (endpoint, capability, value, at, crc)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (endpoint, capability) DO UPDATE SET
            value = excluded.value, at = excluded.at, crc = excluded.crc",
    )?
    .execute(params![endpoint, capability, value, at.0, crc])?;
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
        "SELECT endpoint, capability, value, at, crc FROM last_report
         ORDER BY endpoint, capability",
    )?;
    let mut rows = statement.query([])?;
    let mut reports = Vec::new();
    while let Some(row) = rows.next()? {
        let (endpoint, capability): (String, String) = (row.get(0)?, row.get(1)?);
        let (value, time): (String, i64) = (row.get(2)?, row.get(3)?);
        let at = At(TABLE, &endpoint);
        at.check(row.get(4)?, checksum(&endpoint, &capability, &value, time))?;
        match read(&at, &endpoint, &value, time) {
            Ok(report) => reports.push(report),
            Err(error) => tracing::warn!(%error, "a report was passed over"),
        }
    }
    Ok(reports)
}

fn read(at: &At<'_>, endpoint: &str, value: &str, time: i64) -> Result<LastReport, Unreadable> {
    Ok(LastReport { endpoint: at.parse(endpoint)?, value: at.json(value)?, at: Timestamp(time) })
}

fn checksum(endpoint: &str, capability: &str, value: &str, at: i64) -> Checksum {
    Checksum::of(TABLE).text(endpoint).text(capability).text(value).number(at)
}

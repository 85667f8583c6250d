//! `secret` in `hearth.db`: what `adapters::vault` has sealed. Nothing here can open it.

use std::collections::BTreeMap;

use model::DeviceId;
use rusqlite::{Connection, params};

use crate::row::{At, Checksum, Unreadable};

const TABLE: &str = "secret";

pub(crate) const CREATE: &str = "CREATE TABLE secret (
    device TEXT PRIMARY KEY NOT NULL,
    sealed BLOB NOT NULL,
    crc INTEGER NOT NULL
);";

pub(crate) fn put(db: &Connection, device: &DeviceId, sealed: &[u8]) -> rusqlite::Result<()> {
    let crc = checksum(device.as_str(), sealed).done();
    db.prepare_cached(
        "INSERT INTO secret (device, sealed, crc) VALUES (?1, ?2, ?3)
         ON CONFLICT (device) DO UPDATE SET sealed = excluded.sealed, crc = excluded.crc",
    )?
    .execute(params![device.as_str(), sealed, crc])?;
    Ok(())
}

pub(crate) fn remove(db: &Connection, device: &DeviceId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM secret WHERE device = ?1")?.execute([device.as_str()])?;
    Ok(())
}

pub(crate) fn load(db: &Connection) -> Result<BTreeMap<DeviceId, Vec<u8>>, Unreadable> {
    let mut statement = db.prepare("SELECT device, sealed, crc FROM secret ORDER BY device")?;
    let mut rows = statement.query([])?;
    let mut secrets = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (device, sealed): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let at = At(TABLE, &device);
        at.check(row.get(2)?, checksum(&device, &sealed))?;
        secrets.insert(at.parse(&device)?, sealed);
    }
    Ok(secrets)
}

fn checksum(device: &str, sealed: &[u8]) -> Checksum {
    Checksum::of(TABLE).text(device).bytes(sealed)
}

//! `device` in `hearth.db`. What a device says of itself, and what people say of its parts, is
//! deep and is kept as JSON.

use model::{DeviceId, DeviceRecord, Name, Timestamp};
use rusqlite::{Connection, Row, params};

use crate::row::{At, Checksum, Unreadable, to_json};

const TABLE: &str = "device";

pub(crate) const CREATE: &str = "CREATE TABLE device (
    id TEXT PRIMARY KEY NOT NULL,
    family TEXT NOT NULL,
    address TEXT NOT NULL,
    description TEXT NOT NULL,
    name TEXT,
    room TEXT,
    endpoints TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    crc INTEGER NOT NULL
);";

struct DeviceRow {
    id: String,
    family: String,
    address: String,
    description: String,
    name: Option<String>,
    room: Option<String>,
    endpoints: String,
    added_at: i64,
}

pub(crate) fn put(db: &Connection, device: &DeviceRecord) -> rusqlite::Result<()> {
    let row = DeviceRow::of(device)?;
    let crc = row.checksum().done();
    db.prepare_cached(
        "INSERT INTO device
            (id, family, address, description, name, room, endpoints, added_at, crc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET
            family = excluded.family, address = excluded.address,
            description = excluded.description, name = excluded.name, room = excluded.room,
            endpoints = excluded.endpoints, added_at = excluded.added_at, crc = excluded.crc",
    )?
    .execute(params![
        row.id,
        row.family,
        row.address,
        row.description,
        row.name,
        row.room,
        row.endpoints,
        row.added_at,
        crc
    ])?;
    Ok(())
}

pub(crate) fn remove(db: &Connection, id: &DeviceId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM device WHERE id = ?1")?.execute([id.as_str()])?;
    Ok(())
}

pub(crate) fn load(db: &Connection) -> Result<Vec<DeviceRecord>, Unreadable> {
    let mut statement = db.prepare(
        "SELECT id, family, address, description, name, room, endpoints, added_at, crc
         FROM device ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let mut devices = Vec::new();
    while let Some(row) = rows.next()? {
        let device = DeviceRow::read(row)?;
        At(TABLE, &device.id).check(row.get(8)?, device.checksum())?;
        devices.push(device.record()?);
    }
    Ok(devices)
}

impl DeviceRow {
    fn of(device: &DeviceRecord) -> rusqlite::Result<Self> {
        Ok(Self {
            id: device.id.to_string(),
            family: device.family.slug().to_owned(),
            address: device.address.to_string(),
            description: to_json(&device.description)?,
            name: device.name.as_ref().map(ToString::to_string),
            room: device.room.as_ref().map(ToString::to_string),
            endpoints: to_json(&device.endpoints)?,
            added_at: device.added_at.0,
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            family: row.get(1)?,
            address: row.get(2)?,
            description: row.get(3)?,
            name: row.get(4)?,
            room: row.get(5)?,
            endpoints: row.get(6)?,
            added_at: row.get(7)?,
        })
    }

    fn record(&self) -> Result<DeviceRecord, Unreadable> {
        let at = At(TABLE, &self.id);
        let name = self.name.as_deref().map(Name::try_from).transpose();
        Ok(DeviceRecord {
            id: at.parse(&self.id)?,
            family: at.parse(&self.family)?,
            address: at.parse(&self.address)?,
            description: at.json(&self.description)?,
            name: name.map_err(|error| at.not_understood(&error))?,
            room: self.room.as_deref().map(|room| at.parse(room)).transpose()?,
            endpoints: at.json(&self.endpoints)?,
            added_at: Timestamp(self.added_at),
        })
    }

    fn checksum(&self) -> Checksum {
        Checksum::of(TABLE)
            .text(&self.id)
            .text(&self.family)
            .text(&self.address)
            .text(&self.description)
            .maybe_text(self.name.as_deref())
            .maybe_text(self.room.as_deref())
            .text(&self.endpoints)
            .number(self.added_at)
    }
}

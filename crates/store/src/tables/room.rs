//! `room` in `hearth.db`.

use model::{Name, Room, RoomId};
use rusqlite::{Connection, params};

use crate::row::{At, Checksum, Unreadable};

const TABLE: &str = "room";

pub(crate) const CREATE: &str = "CREATE TABLE room (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    crc INTEGER NOT NULL
) WITHOUT ROWID;";

pub(crate) fn put(db: &Connection, room: &Room) -> rusqlite::Result<()> {
    let position = i64::from(room.position);
    let crc = checksum(room.id.as_str(), room.name.as_str(), position).done();
    db.prepare_cached(
        "INSERT INTO room (id, name, position, crc) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET
            name = excluded.name, position = excluded.position, crc = excluded.crc",
    )?
    .execute(params![room.id.as_str(), room.name.as_str(), position, crc])?;
    Ok(())
}

pub(crate) fn remove(db: &Connection, id: &RoomId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM room WHERE id = ?1")?.execute([id.as_str()])?;
    Ok(())
}

pub(crate) fn load(db: &Connection) -> Result<Vec<Room>, Unreadable> {
    let mut statement = db.prepare("SELECT id, name, position, crc FROM room ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut rooms = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, name): (String, String) = (row.get(0)?, row.get(1)?);
        let position: i64 = row.get(2)?;
        let at = At(TABLE, &id);
        at.check(row.get(3)?, checksum(&id, &name, position))?;
        rooms.push(Room {
            id: at.parse(&id)?,
            name: Name::try_from(name.as_str()).map_err(|error| at.not_understood(&error))?,
            position: position.try_into().map_err(|error| at.not_understood(&error))?,
        });
    }
    Ok(rooms)
}

fn checksum(id: &str, name: &str, position: i64) -> Checksum {
    Checksum::of(TABLE).text(id).text(name).number(position)
}

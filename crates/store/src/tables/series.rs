//! `series` in `history.db`: what the numbers in `hot` and `chunk` stand for.

use rusqlite::{Connection, params};

use crate::past::subject::Subject;
use crate::row::{At, Checksum, Unreadable};

const TABLE: &str = "series";

pub(crate) const CREATE: &str = "CREATE TABLE series (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    crc INTEGER NOT NULL
);";

/// Gives a new series its number.
pub(crate) fn add(db: &Connection, subject: &Subject) -> rusqlite::Result<i64> {
    let subject = subject.to_string();
    db.prepare_cached("INSERT INTO series (subject, crc) VALUES (?1, 0)")?.execute([&subject])?;
    let id = db.last_insert_rowid();
    db.prepare_cached("UPDATE series SET crc = ?2 WHERE id = ?1")?
        .execute(params![id, checksum(id, &subject).done()])?;
    Ok(id)
}

/// Reads all, by number. One that is damaged or not understood is passed over, and its past with
/// it.
pub(crate) fn load(db: &Connection) -> rusqlite::Result<Vec<(i64, Subject)>> {
    let mut statement = db.prepare("SELECT id, subject, crc FROM series ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut series = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(it) => series.push(it),
            Err(Unreadable::Sqlite(error)) => return Err(error),
            Err(error) => tracing::warn!(%error, "a series is passed over"),
        }
    }
    Ok(series)
}

fn read(row: &rusqlite::Row<'_>) -> Result<(i64, Subject), Unreadable> {
    let (id, subject): (i64, String) = (row.get(0)?, row.get(1)?);
    let at = At(TABLE, &subject);
    at.check(row.get(2)?, checksum(id, &subject))?;
    Ok((id, at.parse(&subject)?))
}

fn checksum(id: i64, subject: &str) -> Checksum {
    Checksum::of(TABLE).number(id).text(subject)
}

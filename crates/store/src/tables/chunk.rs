//! `chunk` in `history.db`: sealed samples, up to 256 of one series each.
//!
//! A table with row numbers: in one without, what is over some 500 bytes spills into a page of its
//! own, and the past takes four times the room.

use rusqlite::{Connection, Row, params};

use crate::past::codec::{self, Decoded, Samples};
use crate::row::Checksum;

const TABLE: &str = "chunk";

/// `low`, `high` and `total` are of what is a number; of power, the power.
pub(crate) const CREATE: &str = "CREATE TABLE chunk (
    id INTEGER PRIMARY KEY,
    series INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    n INTEGER NOT NULL,
    low REAL,
    high REAL,
    total REAL,
    data BLOB NOT NULL,
    crc INTEGER NOT NULL
);
CREATE INDEX chunk_series ON chunk (series, first);
CREATE INDEX chunk_last ON chunk (last);";

/// A chunk as it is stored, whole and as it was written.
pub(crate) struct ChunkRow {
    pub(crate) series: i64,
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) n: i64,
    /// The least, the most and the sum.
    pub(crate) extent: Option<(f64, f64, f64)>,
    data: Vec<u8>,
}

/// Seals samples; there is at least one.
pub(crate) fn put(
    db: &Connection,
    series: i64,
    times: &[i64],
    samples: &Samples,
) -> rusqlite::Result<()> {
    let (Some(&first), Some(&last)) = (times.iter().min(), times.iter().max()) else {
        return Ok(());
    };
    let n = i64::try_from(times.len()).unwrap_or(i64::MAX);
    let extent = samples.extent();
    let row = ChunkRow { series, first, last, n, extent, data: codec::encode(times, samples) };
    let crc = row.checksum().done();
    let (low, high) = (extent.map(|it| it.0), extent.map(|it| it.1));
    db.prepare_cached(
        "INSERT INTO chunk (series, first, last, n, low, high, total, data, crc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        series,
        first,
        last,
        n,
        low,
        high,
        extent.map(|it| it.2),
        row.data,
        crc
    ])?;
    Ok(())
}

/// The columns of [`read`].
pub(crate) const COLUMNS: &str = "series, first, last, n, low, high, total, data, crc";

/// Reads a row of [`COLUMNS`]. `None`: it is damaged.
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Option<ChunkRow>> {
    let extent: [Option<f64>; 3] = [row.get(4)?, row.get(5)?, row.get(6)?];
    let extent = match extent {
        [Some(low), Some(high), Some(total)] => Some((low, high, total)),
        _ => None,
    };
    let chunk = ChunkRow {
        series: row.get(0)?,
        first: row.get(1)?,
        last: row.get(2)?,
        n: row.get(3)?,
        extent,
        data: row.get(7)?,
    };
    let is_sound = chunk.checksum().done() == row.get::<_, i64>(8)?;
    if !is_sound {
        tracing::warn!(chunk.series, chunk.first, "a piece of the past is damaged; passed over");
    }
    Ok(is_sound.then_some(chunk))
}

impl ChunkRow {
    /// What is in it.
    pub(crate) fn decode(&self) -> Option<Decoded> {
        match codec::decode(&self.data) {
            Ok(decoded) => Some(decoded),
            Err(error) => {
                tracing::warn!(%error, self.series, self.first, "passed over");
                None
            }
        }
    }

    fn checksum(&self) -> Checksum {
        let row = Checksum::of(TABLE)
            .number(self.series)
            .number(self.first)
            .number(self.last)
            .number(self.n);
        let extent = self.extent.iter().flat_map(|&(low, high, total)| [low, high, total]);
        // A zero has lost its sign on the way through the database.
        extent.fold(row, |row, it| row.bytes(&(it + 0.0).to_le_bytes())).bytes(&self.data)
    }
}

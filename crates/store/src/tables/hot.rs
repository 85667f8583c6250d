//! `hot` in `history.db`: what was recorded and is not sealed yet, a row a sample.

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, params};

use crate::past::codec::Sample;
use crate::row::Checksum;

const TABLE: &str = "hot";

/// `value` is a number, 0 or 1 as a whole number, a text, or power, voltage and current as a blob.
pub(crate) const CREATE: &str = "CREATE TABLE hot (
    series INTEGER NOT NULL,
    at INTEGER NOT NULL,
    n INTEGER NOT NULL,
    value NOT NULL,
    crc INTEGER NOT NULL,
    PRIMARY KEY (series, at, n)
) WITHOUT ROWID;";

/// A row: which series, when, which of that moment, and what. `None`: it is damaged.
pub(crate) struct HotRow {
    pub(crate) series: i64,
    pub(crate) at: i64,
    pub(crate) sample: Option<Sample>,
}

/// Adds a sample; of one moment, each is kept.
pub(crate) fn put(db: &Connection, series: i64, at: i64, sample: &Sample) -> rusqlite::Result<()> {
    let n: i64 = db
        .prepare_cached("SELECT coalesce(max(n) + 1, 0) FROM hot WHERE series = ?1 AND at = ?2")?
        .query_row([series, at], |row| row.get(0))?;
    let crc = checksum(series, at, n, sample).done();
    db.prepare_cached("INSERT INTO hot (series, at, n, value, crc) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![series, at, n, to_value(sample), crc])?;
    Ok(())
}

/// Removes what a series said from then until before then; says how much that was.
pub(crate) fn remove(
    db: &Connection,
    series: i64,
    from: i64,
    until: i64,
) -> rusqlite::Result<usize> {
    db.prepare_cached("DELETE FROM hot WHERE series = ?1 AND at >= ?2 AND at < ?3")?
        .execute([series, from, until])
}

/// The columns of [`read`].
pub(crate) const COLUMNS: &str = "series, at, n, value, crc";

/// Reads a row of [`COLUMNS`].
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<HotRow> {
    let (series, at, n): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let crc: i64 = row.get(4)?;
    let sample =
        from_value(row.get_ref(3)?).filter(|sample| checksum(series, at, n, sample).done() == crc);
    if sample.is_none() {
        tracing::warn!(series, at, "a recorded value is damaged and passed over");
    }
    Ok(HotRow { series, at, sample })
}

fn to_value(sample: &Sample) -> Value {
    match sample {
        Sample::Number(it) => Value::Real(*it),
        Sample::Yes(it) => Value::Integer((*it).into()),
        Sample::Words(it) => Value::Text(it.clone()),
        Sample::Power(..) => Value::Blob(power_bytes(sample)),
    }
}

/// Power, voltage and current; what is not there is what no number is.
fn power_bytes(sample: &Sample) -> Vec<u8> {
    let Sample::Power(power, voltage, current) = sample else { return Vec::new() };
    let numbers = [*power, voltage.unwrap_or(f64::NAN), current.unwrap_or(f64::NAN)];
    numbers.into_iter().flat_map(f64::to_le_bytes).collect()
}

fn from_value(value: ValueRef<'_>) -> Option<Sample> {
    match value {
        ValueRef::Real(it) => Some(Sample::Number(it)),
        ValueRef::Integer(it) => Some(Sample::Yes(it != 0)),
        ValueRef::Text(it) => Some(Sample::Words(str::from_utf8(it).ok()?.to_owned())),
        ValueRef::Blob(it) => {
            let (numbers, rest) = it.as_chunks::<8>();
            let &[power, voltage, current] = numbers else { return None };
            let [voltage, current] =
                [voltage, current].map(|it| Some(f64::from_le_bytes(it)).filter(|it| !it.is_nan()));
            rest.is_empty().then(|| Sample::Power(f64::from_le_bytes(power), voltage, current))
        }
        ValueRef::Null => None,
    }
}

fn checksum(series: i64, at: i64, n: i64, sample: &Sample) -> Checksum {
    let row = Checksum::of(TABLE).number(series).number(at).number(n);
    match sample {
        Sample::Number(it) => row.bytes(&it.to_le_bytes()),
        Sample::Yes(it) => row.number((*it).into()),
        Sample::Words(it) => row.text(it),
        Sample::Power(..) => row.bytes(&power_bytes(sample)),
    }
}

//! The past of one number or state, as it is charted.

use std::collections::{BTreeMap, VecDeque};

use model::rule::Measure;
use model::{Bucket, Capability, EndpointId, Series, Timestamp, Value};
use rusqlite::Connection;

use super::Reader;
use crate::StoreError;
use crate::past::subject::{Subject, value_of};
use crate::tables::{chunk, hot, series};

/// The most states that are charted.
const MOST_STATES: usize = 1_000;

/// A span of time in equal parts.
pub(super) struct Window {
    from: i64,
    until: i64,
    buckets: i64,
}

impl Window {
    pub(super) fn new(from: i64, until: i64, buckets: u16) -> Self {
        Self {
            from,
            until: until.max(from.saturating_add(1)),
            buckets: buckets.clamp(1, 1_000).into(),
        }
    }

    fn holds(&self, at: i64) -> bool {
        (self.from..self.until).contains(&at)
    }

    /// The part that a moment within the window is in.
    fn bucket(&self, at: i64) -> i64 {
        let (part, whole) = (i128::from(at) - i128::from(self.from), self.length());
        i64::try_from(part * i128::from(self.buckets) / whole).unwrap_or_default()
    }

    /// When a part begins.
    fn start(&self, bucket: i64) -> Timestamp {
        let (buckets, part) = (i128::from(self.buckets), self.length() * i128::from(bucket));
        // The first moment that counts to it.
        let offset = (part + buckets - 1) / buckets;
        Timestamp(self.from.saturating_add(i64::try_from(offset).unwrap_or_default()))
    }

    fn length(&self) -> i128 {
        i128::from(self.until) - i128::from(self.from)
    }
}

/// What was said within a part.
struct Sums {
    min: f64,
    max: f64,
    sum: f64,
    n: f64,
}

#[derive(Default)]
struct Buckets(BTreeMap<i64, Sums>);

impl Buckets {
    fn add(&mut self, bucket: i64, (min, max, sum): (f64, f64, f64), n: f64) {
        let it = self.0.entry(bucket).or_insert(Sums { min, max, sum: 0.0, n: 0.0 });
        it.min = it.min.min(min);
        it.max = it.max.max(max);
        it.sum += sum;
        it.n += n;
    }
}

pub(super) fn numbers(
    reader: &Reader,
    db: &Connection,
    endpoint: &EndpointId,
    measure: Measure,
    window: &Window,
) -> Result<Series, StoreError> {
    let capability = measure.capability();
    let snapshot = db.unchecked_transaction()?;
    let mut buckets = Buckets::default();
    for id in series_of(reader, &snapshot, endpoint, capability)? {
        let mut each = |found: Found| match found {
            Found::Whole(chunk) if has_extent(measure) && fits(&chunk, window) => {
                let extent = chunk.extent.unwrap_or_default();
                buckets.add(window.bucket(chunk.first), extent, chunk.n as f64);
                true
            }
            Found::Whole(_) => false,
            Found::One(at, value) => {
                if let Some(it) = measure.read(&value).filter(|_| window.holds(at)) {
                    buckets.add(window.bucket(at), (it, it, it), 1.0);
                }
                true
            }
        };
        walk(reader, &snapshot, (id, capability), window, &mut each)?;
    }
    let buckets = buckets.0.into_iter().map(|(bucket, it)| Bucket {
        at: window.start(bucket),
        min: it.min,
        mean: it.sum / it.n,
        max: it.max,
    });
    Ok(Series::Numbers(buckets.collect()))
}

/// Whether what a chunk tells of itself is of this very number.
fn has_extent(measure: Measure) -> bool {
    !matches!(
        measure,
        Measure::Voltage
            | Measure::Current
            | Measure::Open
            | Measure::RoomTemperature
            | Measure::HeatingSetpoint
            | Measure::CoolingSetpoint
    )
}

/// Whether all of a chunk is in one part.
fn fits(chunk: &chunk::ChunkRow, window: &Window) -> bool {
    chunk.extent.is_some()
        && window.holds(chunk.first)
        && window.holds(chunk.last)
        && window.bucket(chunk.first) == window.bucket(chunk.last)
}

pub(super) fn states(
    reader: &Reader,
    db: &Connection,
    endpoint: &EndpointId,
    capability: Capability,
    window: &Window,
) -> Result<Series, StoreError> {
    let snapshot = db.unchecked_transaction()?;
    let mut found: Vec<(i64, Value)> = Vec::new();
    for id in series_of(reader, &snapshot, endpoint, capability)? {
        let before = reader.forgive(state_before(&snapshot, id, capability, window.from))?;
        found.extend(before);
        let mut each = |it: Found| match it {
            Found::Whole(_) => false,
            Found::One(at, value) => {
                if window.holds(at) {
                    found.push((at, value));
                }
                true
            }
        };
        walk(reader, &snapshot, (id, capability), window, &mut each)?;
    }
    found.sort_by_key(|(at, _)| *at);
    let mut states: VecDeque<(Timestamp, Value)> = VecDeque::new();
    for (at, value) in found {
        if states.back().is_some_and(|(_, last)| *last == value) {
            continue;
        }
        states.push_back((Timestamp(at), value));
        if states.len() > MOST_STATES {
            states.pop_front();
        }
    }
    Ok(Series::States(states.into()))
}

/// A damaged row of `series` leaves the past before it under another number.
fn series_of(
    reader: &Reader,
    db: &Connection,
    endpoint: &EndpointId,
    capability: Capability,
) -> Result<Vec<i64>, StoreError> {
    let wanted = Subject::Value(endpoint.clone(), capability);
    let all = reader.forgive(series::load(db))?;
    Ok(all.into_iter().filter(|(_, of)| *of == wanted).map(|(id, _)| id).collect())
}

/// Something of a series within the window.
enum Found {
    /// A chunk; whoever has no use for it as a whole gets its samples.
    Whole(Box<chunk::ChunkRow>),
    /// A sample.
    One(i64, Value),
}

fn walk(
    reader: &Reader,
    db: &Connection,
    (id, capability): (i64, Capability),
    window: &Window,
    each: &mut dyn FnMut(Found) -> bool,
) -> Result<(), StoreError> {
    reader.forgive(walk_chunks(reader, db, (id, capability), window, each))?;
    reader.forgive(walk_hot(reader, db, (id, capability), window, each))
}

fn walk_chunks(
    reader: &Reader,
    db: &Connection,
    (id, capability): (i64, Capability),
    window: &Window,
    each: &mut dyn FnMut(Found) -> bool,
) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT {} FROM chunk WHERE series = ?1 AND first < ?3 AND last >= ?2 ORDER BY first, id",
        chunk::COLUMNS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([id, window.from, window.until])?;
    while let Some(row) = rows.next()? {
        let Some(read) = chunk::read(row)? else {
            reader.count_damage();
            continue;
        };
        let decoded = read.decode();
        if each(Found::Whole(Box::new(read))) {
            continue;
        }
        let Some(held) = decoded else {
            reader.count_damage();
            continue;
        };
        for (place, at) in held.times.iter().enumerate() {
            let value = held.samples.get(place).and_then(|it| value_of(capability, &it));
            if let Some(value) = value {
                each(Found::One(*at, value));
            }
        }
    }
    Ok(())
}

fn walk_hot(
    reader: &Reader,
    db: &Connection,
    (id, capability): (i64, Capability),
    window: &Window,
    each: &mut dyn FnMut(Found) -> bool,
) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT {} FROM hot WHERE series = ?1 AND at >= ?2 AND at < ?3 ORDER BY at, n",
        hot::COLUMNS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([id, window.from, window.until])?;
    while let Some(row) = rows.next()? {
        let read = hot::read(row)?;
        match read.sample.and_then(|it| value_of(capability, &it)) {
            Some(value) => drop(each(Found::One(read.at, value))),
            None => reader.count_damage(),
        }
    }
    Ok(())
}

/// The last state before then.
fn state_before(
    db: &Connection,
    id: i64,
    capability: Capability,
    from: i64,
) -> rusqlite::Result<Option<(i64, Value)>> {
    let sql = format!(
        "SELECT {} FROM hot WHERE series = ?1 AND at < ?2 ORDER BY at DESC, n DESC LIMIT 1",
        hot::COLUMNS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([id, from])?;
    let waiting = match rows.next()? {
        Some(row) => hot::read(row)?,
        None => hot::HotRow { series: id, at: i64::MIN, sample: None },
    };
    let sql = format!(
        "SELECT {} FROM chunk WHERE series = ?1 AND first < ?2 ORDER BY first DESC LIMIT 1",
        chunk::COLUMNS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([id, from])?;
    let sealed = match rows.next()? {
        Some(row) => chunk::read(row)?.and_then(|it| it.decode()),
        None => None,
    };
    let sealed = sealed.and_then(|held| {
        let places = held.times.iter().enumerate().filter(|(_, at)| **at < from);
        let (place, at) = places.max_by_key(|(place, at)| (**at, *place))?;
        Some((*at, held.samples.get(place)?))
    });
    let waiting = waiting.sample.map(|it| (waiting.at, it));
    let last = waiting.into_iter().chain(sealed).max_by_key(|(at, _)| *at);
    Ok(last.and_then(|(at, sample)| Some((at, value_of(capability, &sample)?))))
}

//! Everything that was recorded, of all series at once, in the order of time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::ControlFlow;

use model::{Record, Timestamp};
use rusqlite::Connection;

use super::Reader;
use super::cursor::Cursor;
use crate::StoreError;
use crate::past::codec::{Decoded, Samples};
use crate::past::subject::Subject;
use crate::tables::meta::{self, Key};
use crate::tables::{chunk, hot, series};

/// A chunk that is still to be read: when it begins, and its row.
type Ahead = (i64, i64);

/// Walks through the window; says since when the past is whole.
pub(super) fn replay(
    reader: &Reader,
    db: &Connection,
    window: (i64, i64),
    each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
) -> Result<Option<Timestamp>, StoreError> {
    let snapshot = db.unchecked_transaction()?;
    let since = recorded_since(reader, &snapshot)?;
    let subjects: BTreeMap<i64, Subject> =
        reader.forgive(series::load(&snapshot))?.into_iter().collect();
    let mut walk = Walk { ahead: Vec::new(), cursors: Vec::new(), heap: BinaryHeap::new() };
    walk.ahead = reader.forgive(chunks_within(&snapshot, window))?;
    walk.ahead.reverse();
    for (id, held) in reader.forgive(hot_within(reader, &snapshot, window))? {
        if let Some(subject) = subjects.get(&id) {
            walk.push(Cursor::new(subject, held, window));
        }
    }
    loop {
        while let Some(row) = walk.due() {
            let read = reader.forgive(read_chunk(&snapshot, row))?;
            let held = read.and_then(|it| Some((subjects.get(&it.series)?, it.decode()?)));
            match held {
                Some((subject, held)) => walk.push(Cursor::new(subject, held, window)),
                None => reader.count_damage(),
            }
        }
        match walk.hand_out(reader, each) {
            ControlFlow::Continue(true) => {}
            ControlFlow::Continue(false) | ControlFlow::Break(()) => return Ok(since),
        }
    }
}

/// What is still to be handed out.
struct Walk<'a> {
    /// Chunks that are not read yet, the earliest last.
    ahead: Vec<Ahead>,
    cursors: Vec<Option<Cursor<'a>>>,
    heap: BinaryHeap<Reverse<(i64, usize)>>,
}

impl<'a> Walk<'a> {
    fn push(&mut self, cursor: Cursor<'a>) {
        let Some(at) = cursor.at() else { return };
        // The place of one that has come to its end is free; the last ones are those most often.
        while matches!(self.cursors.last(), Some(None)) {
            self.cursors.pop();
        }
        self.heap.push(Reverse((at, self.cursors.len())));
        self.cursors.push(Some(cursor));
    }

    /// A chunk that begins before anything else that is there.
    fn due(&mut self) -> Option<i64> {
        let &(first, row) = self.ahead.last()?;
        let is_due = self.heap.peek().is_none_or(|Reverse((at, _))| first <= *at);
        if is_due {
            self.ahead.pop();
        }
        is_due.then_some(row)
    }

    /// Hands out what comes next of one series, up to where another one has its turn. `false`
    /// when there is nothing more.
    fn hand_out(
        &mut self,
        reader: &Reader,
        each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
    ) -> ControlFlow<(), bool> {
        let Some(Reverse((_, place))) = self.heap.pop() else {
            return ControlFlow::Continue(!self.ahead.is_empty());
        };
        let other = self.heap.peek().map_or((i64::MAX, usize::MAX), |Reverse(it)| *it);
        let chunk = self.ahead.last().map_or(i64::MAX, |it| it.0);
        let Some(slot) = self.cursors.get_mut(place) else { return ControlFlow::Continue(true) };
        let Some(cursor) = slot else { return ControlFlow::Continue(true) };
        while let Some(at) = cursor.at() {
            if (at, place) > other || at >= chunk {
                self.heap.push(Reverse((at, place)));
                return ControlFlow::Continue(true);
            }
            match cursor.next() {
                Some(record) => each(&record)?,
                None => reader.count_damage(),
            }
        }
        *slot = None;
        ControlFlow::Continue(true)
    }
}

/// Since when nothing is missing at the old end. What was let go because of its age or the room it
/// took ended at different times in different series.
fn recorded_since(reader: &Reader, db: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let first: Option<i64> = reader.forgive(db.query_row(
        "SELECT min(it) FROM
            (SELECT min(first) AS it FROM chunk UNION ALL SELECT min(at) FROM hot)",
        [],
        |row| row.get(0),
    ))?;
    let whole: Option<i64> = meta::get(db, Key::WholeSince).ok().flatten();
    Ok(first.map(|first| Timestamp(whole.map_or(first, |whole| first.max(whole)))))
}

fn chunks_within(db: &Connection, (from, until): (i64, i64)) -> rusqlite::Result<Vec<Ahead>> {
    let mut statement = db.prepare(
        "SELECT first, id FROM chunk WHERE last >= ?1 AND first < ?2 ORDER BY first, id",
    )?;
    let rows = statement.query_map([from, until], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

fn read_chunk(db: &Connection, id: i64) -> rusqlite::Result<Option<chunk::ChunkRow>> {
    let sql = format!("SELECT {} FROM chunk WHERE id = ?1", chunk::COLUMNS);
    db.prepare_cached(&sql)?.query_row([id], chunk::read)
}

/// What is not sealed, by series; of what is read in one piece, at most one kind and 256 words.
fn hot_within(
    reader: &Reader,
    db: &Connection,
    (from, until): (i64, i64),
) -> rusqlite::Result<Vec<(i64, Decoded)>> {
    let sql = format!("SELECT {} FROM hot WHERE at >= ?1 AND at < ?2", hot::COLUMNS);
    let mut statement = db.prepare(&sql)?;
    let mut rows = statement.query([from, until])?;
    let mut pieces: Vec<(i64, Decoded)> = Vec::new();
    while let Some(row) = rows.next()? {
        let read = hot::read(row)?;
        let Some(sample) = read.sample else {
            reader.count_damage();
            continue;
        };
        if let Some((series, held)) = pieces.last_mut()
            && *series == read.series
            && held.samples.push(sample.clone())
        {
            held.times.push(read.at);
            continue;
        }
        let mut samples = Samples::like(&sample);
        samples.push(sample);
        pieces.push((read.series, Decoded { times: vec![read.at], samples }));
    }
    Ok(pieces)
}

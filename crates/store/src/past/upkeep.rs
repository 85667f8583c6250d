//! Looking after the recorded past, a little at a time: what is complete or old is sealed, what is
//! too old or too much is let go.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _};

use super::codec::{MOST, Samples};
use super::recorder::Recorder;
use crate::StoreError;
use crate::clock::instant;
use crate::tables::meta::{self, Key};
use crate::tables::{chunk, hot};

/// Samples wait that long at most before they are sealed.
const HOT_MS: i64 = 48 * 60 * 60 * 1_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Series that are sealed in one transaction.
const SEALED_AT_ONCE: usize = 32;
/// Chunks that are let go in one transaction.
const LET_GO_AT_ONCE: i64 = 64;
/// Samples that are let go in one transaction, when there are no chunks.
const SAMPLES_AT_ONCE: i64 = 4_096;
/// Free pages that are given back to the file system at once.
const PAGES_AT_ONCE: i64 = 512;
/// How often it is looked whether there is something to let go.
const OFTEN: Duration = Duration::from_secs(60);
/// How often it is looked for samples that have waited too long.
const SELDOM: Duration = Duration::from_secs(60 * 60);
/// Telemetry is let in between two pieces of work.
const BREATH: Duration = Duration::from_millis(5);

/// What there is to do.
pub(crate) struct Upkeep {
    due: Instant,
    /// When samples that have waited too long are looked for.
    sweep_due: Instant,
    /// Series that have enough samples.
    ready: BTreeSet<i64>,
    /// Series that have samples that have waited too long.
    old: BTreeSet<i64>,
    /// The age of the past is judged by a clock that has not jumped for so long.
    settled_after: Duration,
}

impl Upkeep {
    pub(crate) fn new(settled_after: Duration) -> Self {
        let now = instant();
        Self {
            due: now + OFTEN.min(settled_after),
            sweep_due: now + settled_after,
            ready: BTreeSet::new(),
            old: BTreeSet::new(),
            settled_after,
        }
    }

    /// When there is something to do.
    pub(crate) fn due(&self) -> Instant {
        self.due
    }

    /// A series has enough samples for a chunk.
    pub(crate) fn seal(&mut self, series: i64) {
        self.ready.insert(series);
        self.due = self.due.min(instant());
    }
}

impl Recorder {
    /// Does a piece of what is due.
    pub(super) fn look_after(&mut self) -> Result<(), StoreError> {
        if self.upkeep.due > instant() {
            return Ok(());
        }
        self.upkeep.due = instant() + OFTEN;
        let is_settled =
            instant().saturating_duration_since(self.settled) >= self.upkeep.settled_after;
        if is_settled && self.upkeep.sweep_due <= instant() {
            self.upkeep.sweep_due = instant() + SELDOM;
            self.find_old()?;
        }
        self.seal_some()?;
        let more = self.let_go_some(is_settled)?;
        if more || !self.upkeep.ready.is_empty() || !self.upkeep.old.is_empty() {
            self.upkeep.due = instant() + BREATH;
        }
        Ok(())
    }

    /// Finds the series whose samples have waited too long, and lets go of those that are older
    /// than anything is kept.
    fn find_old(&mut self) -> Result<(), StoreError> {
        let now = self.clock.now().0;
        let too_old = now - i64::from(self.past.days) * DAY_MS;
        let transaction = self.db.transaction()?;
        for (&series, count) in &mut self.hot {
            let removed = hot::remove(&transaction, series, i64::MIN, too_old)?;
            *count = count.saturating_sub(removed);
            let first: Option<i64> = transaction
                .prepare_cached("SELECT min(at) FROM hot WHERE series = ?1")?
                .query_row([series], |row| row.get(0))?;
            if first.is_some_and(|it| it < now - HOT_MS) {
                self.upkeep.old.insert(series);
            }
        }
        self.hot.retain(|_, count| *count > 0);
        Ok(transaction.commit()?)
    }

    fn seal_some(&mut self) -> Result<(), StoreError> {
        let hot_since = self.clock.now().0 - HOT_MS;
        let ready = std::mem::take(&mut self.upkeep.ready).into_iter().map(|it| (it, i64::MAX));
        let old = std::mem::take(&mut self.upkeep.old).into_iter().map(|it| (it, hot_since));
        let mut series: Vec<(i64, i64)> = ready.chain(old).collect();
        for (id, until) in series.split_off(series.len().min(SEALED_AT_ONCE)) {
            let later =
                if until == i64::MAX { &mut self.upkeep.ready } else { &mut self.upkeep.old };
            later.insert(id);
        }
        if series.is_empty() {
            return Ok(());
        }
        let transaction = self.db.transaction()?;
        let mut sealed = Vec::with_capacity(series.len());
        for (id, until) in series {
            sealed.push((id, until, seal(&transaction, id, until)?));
        }
        transaction.commit()?;
        for (id, until, removed) in sealed {
            let count = self.hot.entry(id).or_default();
            *count = count.saturating_sub(removed);
            if until != i64::MAX && removed == MOST {
                self.upkeep.old.insert(id);
            } else if *count > MOST {
                self.upkeep.ready.insert(id);
            }
        }
        Ok(())
    }

    /// Lets go of some of what is too old or too much; whether there is more of it.
    fn let_go_some(&mut self, is_settled: bool) -> Result<bool, StoreError> {
        let too_old = self.clock.now().0 - i64::from(self.past.days) * DAY_MS;
        let aged = if is_settled { let_go_of_chunks(&mut self.db, too_old)? } else { 0 };
        let budget = i64::from(self.past.megabytes) * 1_000_000;
        let mut excess = 0;
        if aged == 0 && used_bytes(&self.db)? > budget {
            excess = let_go_of_chunks(&mut self.db, i64::MAX)?;
            if excess == 0 {
                excess = let_go_of_samples(&mut self.db)?;
                self.count_hot()?;
            }
        }
        let_pages_go(&self.db)?;
        Ok(aged + excess > 0)
    }
}

/// Seals up to a chunk of what a series said before then; how many samples that were.
fn seal(db: &Connection, series: i64, until: i64) -> rusqlite::Result<usize> {
    let sql = format!(
        "SELECT {} FROM hot WHERE series = ?1 AND at < ?2 ORDER BY at, n LIMIT {MOST}",
        hot::COLUMNS
    );
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query([series, until])?;
    let mut times = Vec::with_capacity(MOST);
    let mut samples: Option<Samples> = None;
    let (mut end, mut removed) = (None, 0);
    while let Some(row) = rows.next()? {
        let read = hot::read(row)?;
        if let Some(sample) = read.sample {
            let all = samples.get_or_insert_with(|| Samples::like(&sample));
            if !all.push(sample) {
                break;
            }
            times.push(read.at);
        }
        end = Some((read.at, row.get::<_, i64>(2)?));
        removed += 1;
    }
    if let Some(samples) = samples {
        chunk::put(db, series, &times, &samples)?;
    }
    if let Some((at, n)) = end {
        db.prepare_cached("DELETE FROM hot WHERE series = ?1 AND (at, n) <= (?2, ?3)")?
            .execute([series, at, n])?;
    }
    Ok(removed)
}

/// Lets go of the oldest chunks that ended before then, and notes that the past is whole only
/// since.
fn let_go_of_chunks(db: &mut Connection, before: i64) -> Result<usize, StoreError> {
    let transaction = db.transaction()?;
    let last: Option<i64> = transaction
        .prepare_cached(
            "SELECT max(last) FROM
                (SELECT last FROM chunk WHERE last < ?1 ORDER BY last LIMIT ?2)",
        )?
        .query_row([before, LET_GO_AT_ONCE], |row| row.get(0))?;
    let Some(last) = last else { return Ok(0) };
    let gone = transaction
        .prepare_cached(
            "DELETE FROM chunk WHERE id IN
                (SELECT id FROM chunk WHERE last < ?1 ORDER BY last LIMIT ?2)",
        )?
        .execute([before, LET_GO_AT_ONCE])?;
    note_gone(&transaction, last)?;
    transaction.commit()?;
    Ok(gone)
}

fn let_go_of_samples(db: &mut Connection) -> Result<usize, StoreError> {
    let transaction = db.transaction()?;
    let last: Option<i64> = transaction
        .prepare_cached("SELECT max(at) FROM (SELECT at FROM hot ORDER BY at LIMIT ?1)")?
        .query_row([SAMPLES_AT_ONCE], |row| row.get(0))
        .optional()?
        .flatten();
    let Some(last) = last else { return Ok(0) };
    let gone = transaction.prepare_cached("DELETE FROM hot WHERE at <= ?1")?.execute([last])?;
    note_gone(&transaction, last)?;
    transaction.commit()?;
    Ok(gone)
}

fn note_gone(db: &Connection, last: i64) -> Result<(), StoreError> {
    let noted: i64 = meta::get(db, Key::WholeSince).ok().flatten().unwrap_or(i64::MIN);
    Ok(meta::put(db, Key::WholeSince, &noted.max(last.saturating_add(1)))?)
}

/// Bytes in use, free pages left out.
fn used_bytes(db: &Connection) -> rusqlite::Result<i64> {
    let number = |sql| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let pages = number("PRAGMA page_count")? - number("PRAGMA freelist_count")?;
    Ok(pages * number("PRAGMA page_size")?)
}

fn let_pages_go(db: &Connection) -> rusqlite::Result<()> {
    let mut statement = db.prepare(&format!("PRAGMA incremental_vacuum({PAGES_AT_ONCE})"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

//! The thread that writes `history.db`: it takes all that waits, writes it in one transaction, and
//! looks after what is there in between.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use model::{PastSettings, Timestamp};
use rusqlite::{Connection, Transaction};

use super::codec::{MOST, Sample};
use super::intake::{Intake, Pending, Work, second_of};
use super::subject::Subject;
use super::upkeep::Upkeep;
use crate::clock::{Clock, instant};
use crate::tables::document::LAST;
use crate::tables::meta::{self, Key};
use crate::tables::{hot, last_report, not_run, series};
use crate::{StoreError, database, files};

/// After a failure, it is tried again after so long.
const PAUSE: Duration = Duration::from_secs(1);
/// A series is sealed once it has a chunk and a few samples more: the last ones may still change.
const READY: usize = MOST + 64;
/// How far the wall clock may be from where it was expected, before it is taken to be unsettled.
const JUMP_MS: u64 = 60 * 60 * 1_000;

/// The file that says that something in `history.db` could not be read; then all of it is checked
/// at the next start.
pub(crate) const SUSPECT: &str = "history.suspect";

/// What writes `history.db`.
pub(crate) struct Recorder {
    dir: PathBuf,
    pub(super) db: Connection,
    intake: Arc<Intake>,
    series: BTreeMap<Subject, i64>,
    /// How many samples of each series are not sealed.
    pub(super) hot: BTreeMap<i64, usize>,
    /// The last second of each measured series that is written.
    seconds: BTreeMap<i64, i64>,
    pub(super) past: PastSettings,
    pub(super) clock: Clock,
    /// Since when the wall clock has not jumped.
    pub(super) settled: Instant,
    pub(super) upkeep: Upkeep,
    /// The last thing that was tried failed; it is tried every second and told once.
    failing: bool,
}

/// What is known once a transaction is on the disk.
#[derive(Default)]
struct Written {
    series: BTreeMap<Subject, i64>,
    added: BTreeMap<i64, usize>,
    removed: BTreeMap<i64, usize>,
    seconds: BTreeMap<i64, i64>,
}

impl Recorder {
    pub(crate) fn new(
        dir: &Path,
        db: Connection,
        intake: Arc<Intake>,
        past: PastSettings,
        now: Timestamp,
        settled_after: Duration,
    ) -> Self {
        Self {
            dir: dir.to_owned(),
            db,
            intake,
            series: BTreeMap::new(),
            hot: BTreeMap::new(),
            seconds: BTreeMap::new(),
            past,
            clock: Clock::at(now),
            settled: instant(),
            upkeep: Upkeep::new(settled_after),
            failing: false,
        }
    }

    /// Works until it is told to close.
    pub(crate) fn run(mut self) {
        if let Err(error) = self.take_stock() {
            self.failed(&error);
        }
        loop {
            let Work { pending, waiting, closing } = self.intake.fetch(self.upkeep.due());
            let result = self.write(&pending);
            match &result {
                Ok(()) if pending.is_empty() => {}
                Ok(()) => self.failing = false,
                Err(error) => self.failed(error),
            }
            if result.is_err() && !closing {
                self.intake.give_back(pending, PAUSE);
            }
            for done in waiting {
                done(result.clone());
            }
            if closing {
                break;
            }
            if let Err(error) = self.look_after() {
                self.failed(&error);
            }
        }
        if let Err(error) = database::close(self.db) {
            tracing::warn!(%error, "the history could not be closed");
        }
    }

    /// Learns what is there.
    fn take_stock(&mut self) -> Result<(), StoreError> {
        self.series = series::load(&self.db)?.into_iter().map(|(id, of)| (of, id)).collect();
        self.count_hot()
    }

    pub(super) fn count_hot(&mut self) -> Result<(), StoreError> {
        let mut statement = self.db.prepare("SELECT series, count(*) FROM hot GROUP BY series")?;
        let counts = statement.query_map([], |row| {
            let count: i64 = row.get(1)?;
            Ok((row.get(0)?, usize::try_from(count).unwrap_or_default()))
        })?;
        self.hot = counts.collect::<Result<_, _>>()?;
        Ok(())
    }

    fn failed(&mut self, error: &StoreError) {
        if !std::mem::replace(&mut self.failing, true) {
            tracing::warn!(%error, "what devices said could not be written");
        }
        if matches!(error, StoreError::Damaged(_)) {
            // Without the note it is found later.
            drop(files::create(&self.dir.join(SUSPECT)));
        }
    }

    fn write(&mut self, pending: &Pending) -> Result<(), StoreError> {
        if let Some(at) = pending.heard_at {
            self.hear(at);
        }
        if pending.is_empty() {
            return Ok(());
        }
        let transaction = self.db.transaction()?;
        write_words(&transaction, pending)?;
        let mut written = Written::default();
        for (subject, samples) in &pending.samples {
            let known = self.series.get(subject).copied();
            let id = match known {
                Some(id) => id,
                None => series::add(&transaction, subject)?,
            };
            if known.is_none() {
                written.series.insert(subject.clone(), id);
            }
            let last = subject.is_measured().then(|| self.seconds.get(&id).copied());
            written.write_samples(&transaction, id, samples, last)?;
        }
        transaction.commit()?;
        self.learn(written);
        self.past = pending.past.unwrap_or(self.past);
        Ok(())
    }

    fn hear(&mut self, at: Timestamp) {
        if at.0.abs_diff(self.clock.now().0) > JUMP_MS {
            self.settled = instant();
        }
        self.clock = Clock::at(at);
    }

    fn learn(&mut self, written: Written) {
        self.series.extend(written.series);
        self.seconds.extend(written.seconds);
        for (id, removed) in written.removed {
            let count = self.hot.entry(id).or_default();
            *count = count.saturating_sub(removed);
        }
        for (id, added) in written.added {
            let count = self.hot.entry(id).or_default();
            *count += added;
            if *count >= READY {
                self.upkeep.seal(id);
            }
        }
    }
}

impl Written {
    /// `last` is the last second that is written, of what is measured.
    fn write_samples(
        &mut self,
        db: &Connection,
        id: i64,
        samples: &[(i64, Sample)],
        last: Option<Option<i64>>,
    ) -> rusqlite::Result<()> {
        let (Some(first), Some(newest)) = (samples.first(), samples.last()) else { return Ok(()) };
        if let Some(last) = last {
            let second = second_of(first.0);
            if last == Some(second) {
                let removed = hot::remove(db, id, second * 1_000, second * 1_000 + 1_000)?;
                self.removed.insert(id, removed);
            }
            self.seconds.insert(id, second_of(newest.0));
        }
        for (at, sample) in samples {
            hot::put(db, id, *at, sample)?;
        }
        self.added.insert(id, samples.len());
        Ok(())
    }
}

fn write_words(transaction: &Transaction<'_>, pending: &Pending) -> rusqlite::Result<()> {
    for device in &pending.devices_gone {
        last_report::remove_of(transaction, device)?;
    }
    for rule in &pending.rules_gone {
        not_run::remove_of(transaction, rule)?;
        LAST.remove(transaction, rule)?;
    }
    for report in pending.last.values() {
        last_report::put(transaction, report)?;
    }
    for it in &pending.not_runs {
        not_run::keep(transaction, it)?;
        LAST.note(transaction, &it.rule, &it.head())?;
    }
    match pending.seen_to {
        Some(at) => meta::put(transaction, Key::SeenTo, &at),
        None => Ok(()),
    }
}

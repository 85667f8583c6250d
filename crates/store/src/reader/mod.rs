//! Looking up what was recorded: on connections of its own that can only read, so that nobody who
//! writes ever waits for it. Everything here blocks.
//!
//! What is damaged is passed over, with a line in the log and counted; wrong data never comes out.

mod chart;
mod cursor;
mod records;
mod runs;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use model::rule::RuleVersion;
use model::{Charted, EndpointId, Record, RuleId, RunId, Series, Timestamp};
use rusqlite::{Connection, OpenFlags};

pub use runs::PastRun;

use crate::StoreError;
use crate::database::{HISTORY, HOME, Kind};
use crate::row::Unreadable;

/// Looks up what was recorded. Cheap to clone; every call blocks and has its own connection.
#[derive(Debug, Clone)]
pub struct Reader {
    dir: PathBuf,
    damaged: Arc<AtomicU64>,
}

impl Reader {
    /// Reads the home in `dir`.
    pub(crate) fn of(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), damaged: Arc::default() }
    }

    /// Hands out everything that was recorded from `from` until before `until`, in the order of
    /// time, until `each` breaks off. Returns since when the past is recorded without a gap at its
    /// old end; `None` when nothing is recorded.
    ///
    /// # Errors
    /// When `history.db` cannot be read at all.
    pub fn records(
        &self,
        from: Timestamp,
        until: Timestamp,
        each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let db = self.open(&HISTORY)?;
        records::replay(self, &db, (from.0, until.0), each)
    }

    /// The past of one number or state of an endpoint, from `from` until before `until`: numbers
    /// in `buckets` spans (1 to 1,000), states as the latest 1,000, the first of them as it was at
    /// `from`.
    ///
    /// # Errors
    /// When `history.db` cannot be read at all.
    pub fn series(
        &self,
        endpoint: &EndpointId,
        what: Charted,
        from: Timestamp,
        until: Timestamp,
        buckets: u16,
    ) -> Result<Series, StoreError> {
        let db = self.open(&HISTORY)?;
        let window = chart::Window::new(from.0, until.0, buckets);
        match what {
            Charted::Measure(measure) => chart::numbers(self, &db, endpoint, measure, &window),
            Charted::States(capability) => chart::states(self, &db, endpoint, capability, &window),
        }
    }

    /// The last runs (also those that have not ended) and non-runs of a rule, newest first; at
    /// most `limit`, and at most [`model::rule::TRACES_KEPT`] that have ended.
    ///
    /// # Errors
    /// When `hearth.db` cannot be read. Without `history.db` the non-runs are left out.
    pub fn past_runs(&self, rule: &RuleId, limit: usize) -> Result<Vec<PastRun>, StoreError> {
        runs::of_rule(self, rule, limit)
    }

    /// One run or non-run; `None` when it is not remembered.
    ///
    /// # Errors
    /// When the databases cannot be read.
    pub fn past_run(&self, run: &RunId) -> Result<Option<PastRun>, StoreError> {
        runs::one(self, run)
    }

    /// The wordings of a rule, newest first: the last 100, and those of runs that have not ended.
    ///
    /// # Errors
    /// When `hearth.db` cannot be read.
    pub fn versions(&self, rule: &RuleId) -> Result<Vec<RuleVersion>, StoreError> {
        let db = self.open(&HOME)?;
        crate::tables::rule_version::of(&db, rule).map_err(unreadable)
    }

    /// How many pieces of the past were found damaged, by this reader and its clones.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.damaged.load(Ordering::Relaxed)
    }

    fn open(&self, kind: &Kind) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(self.dir.join(kind.file), flags)?;
        db.busy_timeout(Duration::from_secs(2))?;
        Ok(db)
    }

    fn count_damage(&self) {
        self.damaged.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes what SQLite could read. What it finds damaged on the way costs what comes after it
    /// in the same walk, and no more.
    fn forgive<T: Default>(&self, read: rusqlite::Result<T>) -> Result<T, StoreError> {
        match read.map_err(StoreError::from) {
            Err(StoreError::Damaged(words)) => {
                tracing::warn!(words, "a part of the past is damaged and passed over");
                self.count_damage();
                Ok(T::default())
            }
            other => other,
        }
    }
}

fn unreadable(error: Unreadable) -> StoreError {
    match error {
        Unreadable::Sqlite(error) => error.into(),
        other => StoreError::Damaged(other.to_string()),
    }
}

//! How the runs of rules went, and why there were none.

use std::cmp::Reverse;

use model::rule::{NotRun, TRACES_KEPT, Trace};
use model::{RuleId, RunId, Timestamp};

use super::{Reader, unreadable};
use crate::StoreError;
use crate::database::{HISTORY, HOME};
use crate::row::Unreadable;
use crate::tables::{not_run, run, trace};

/// A run or a trigger that led to none.
#[derive(Debug, Clone, PartialEq)]
pub enum PastRun {
    /// It ran, or runs.
    Ran(Box<Trace>),
    /// It did not.
    NotRun(Box<NotRun>),
}

impl PastRun {
    fn at(&self) -> Timestamp {
        match self {
            Self::Ran(trace) => trace.started_at,
            Self::NotRun(it) => it.at,
        }
    }
}

pub(super) fn of_rule(
    reader: &Reader,
    rule: &RuleId,
    limit: usize,
) -> Result<Vec<PastRun>, StoreError> {
    let kept = limit.min(TRACES_KEPT);
    let home = reader.open(&HOME)?;
    let open = run::of(&home, rule).map_err(unreadable)?;
    let ended = trace::of(&home, rule, kept).map_err(unreadable)?;
    let not_run = not_runs(reader, |db| not_run::of(db, rule, kept))?;
    let mut past: Vec<PastRun> = ended
        .into_iter()
        .map(|it| PastRun::Ran(Box::new(it)))
        .chain(not_run.into_iter().map(|it| PastRun::NotRun(Box::new(it))))
        .collect();
    past.sort_by_key(|it| Reverse(it.at()));
    past.truncate(kept);
    past.extend(open.into_iter().map(|it| PastRun::Ran(Box::new(it.trace))));
    past.sort_by_key(|it| Reverse(it.at()));
    past.truncate(limit);
    Ok(past)
}

pub(super) fn one(reader: &Reader, run: &RunId) -> Result<Option<PastRun>, StoreError> {
    let home = reader.open(&HOME)?;
    if let Some(open) = run::get(&home, run).map_err(unreadable)? {
        return Ok(Some(PastRun::Ran(Box::new(open.trace))));
    }
    if let Some(trace) = trace::get(&home, run).map_err(unreadable)? {
        return Ok(Some(PastRun::Ran(Box::new(trace))));
    }
    let not_run = not_runs(reader, |db| not_run::get(db, run))?;
    Ok(not_run.map(|it| PastRun::NotRun(Box::new(it))))
}

/// Without the history there are no non-runs, but still runs.
fn not_runs<T: Default>(
    reader: &Reader,
    read: impl FnOnce(&rusqlite::Connection) -> Result<T, Unreadable>,
) -> Result<T, StoreError> {
    let db = reader.open(&HISTORY)?;
    match read(&db) {
        Ok(found) => Ok(found),
        Err(Unreadable::Sqlite(error)) => reader.forgive(Err(error)),
        Err(_) => {
            reader.count_damage();
            Ok(T::default())
        }
    }
}

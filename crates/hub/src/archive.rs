//! What is kept of the past, to be read beside the loop: the store's, or a test's.

use std::fmt::Debug;

use api::PastRun;
use model::rule::RuleVersion;
use model::{Charted, EndpointId, Record, RuleId, RunId, Series, Timestamp};
use store::StoreError;

/// What is kept of the past. Every question blocks: on blocking threads only.
pub(crate) trait Archive: Debug + Send + Sync {
    /// The last runs and non-runs of a rule, newest first, at most that many.
    fn past_runs(&self, rule: &RuleId, most: u16) -> Result<Vec<PastRun>, StoreError>;

    /// One run or non-run, wherever it is kept.
    fn past_run(&self, run: &RunId) -> Result<Option<PastRun>, StoreError>;

    /// The versions of a rule, newest first.
    fn versions(&self, rule: &RuleId) -> Result<Vec<RuleVersion>, StoreError>;

    /// The past of one number or state, from then until then, in at most that many spans.
    fn series(
        &self,
        endpoint: &EndpointId,
        what: Charted,
        window: (Timestamp, Timestamp),
        buckets: u16,
    ) -> Result<Series, StoreError>;

    /// Hands over what was recorded from then until then, in order, as long as `take` says so.
    fn records(
        &self,
        window: (Timestamp, Timestamp),
        take: &mut dyn FnMut(&Record) -> bool,
    ) -> Result<(), StoreError>;

    /// When the recorded past begins; `None` when nothing is recorded.
    fn recorded_since(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// Nothing is kept.
#[derive(Debug)]
pub(crate) struct Unread;

impl Archive for Unread {
    fn past_runs(&self, _: &RuleId, _: u16) -> Result<Vec<PastRun>, StoreError> {
        Ok(Vec::new())
    }

    fn past_run(&self, _: &RunId) -> Result<Option<PastRun>, StoreError> {
        Ok(None)
    }

    fn versions(&self, _: &RuleId) -> Result<Vec<RuleVersion>, StoreError> {
        Ok(Vec::new())
    }

    fn series(
        &self,
        _: &EndpointId,
        _: Charted,
        _: (Timestamp, Timestamp),
        _: u16,
    ) -> Result<Series, StoreError> {
        Ok(Series::Numbers(Vec::new()))
    }

    fn records(
        &self,
        _: (Timestamp, Timestamp),
        _: &mut dyn FnMut(&Record) -> bool,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    fn recorded_since(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }
}

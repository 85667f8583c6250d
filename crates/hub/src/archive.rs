//! What is kept of the past, to be read beside the loop: the store's, or a test's.

use std::fmt::Debug;
use std::ops::ControlFlow;

use api::PastRun;
use model::rule::RuleVersion;
use model::{Charted, EndpointId, Record, RuleId, RunId, Series, Timestamp};
use store::{Reader, StoreError};

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

    /// Hands over what was recorded from `from` until before `until`, in order, until `each` breaks
    /// off. Since when the past is recorded; `None` when nothing is.
    fn records(
        &self,
        window: (Timestamp, Timestamp),
        each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
    ) -> Result<Option<Timestamp>, StoreError>;
}

impl Archive for Reader {
    fn past_runs(&self, rule: &RuleId, most: u16) -> Result<Vec<PastRun>, StoreError> {
        let runs = Self::past_runs(self, rule, most.into())?;
        Ok(runs.into_iter().map(told).collect())
    }

    fn past_run(&self, run: &RunId) -> Result<Option<PastRun>, StoreError> {
        Ok(Self::past_run(self, run)?.map(told))
    }

    fn versions(&self, rule: &RuleId) -> Result<Vec<RuleVersion>, StoreError> {
        Self::versions(self, rule)
    }

    fn series(
        &self,
        endpoint: &EndpointId,
        what: Charted,
        (from, until): (Timestamp, Timestamp),
        buckets: u16,
    ) -> Result<Series, StoreError> {
        Self::series(self, endpoint, what, from, until, buckets)
    }

    fn records(
        &self,
        (from, until): (Timestamp, Timestamp),
        each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
    ) -> Result<Option<Timestamp>, StoreError> {
        Self::records(self, from, until, each)
    }
}

fn told(run: store::PastRun) -> PastRun {
    match run {
        store::PastRun::Ran(trace) => PastRun::Ran(trace),
        store::PastRun::NotRun(not_run) => PastRun::NotRun(not_run),
    }
}

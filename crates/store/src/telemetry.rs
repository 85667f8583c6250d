//! What devices said, waiting for company on its way into `history.db`: of one capability only
//! the last word is written, however often it speaks.

use std::collections::{BTreeMap, BTreeSet};

use model::rule::NotRun;
use model::{Capability, DeviceId, EndpointId, LastReport, RuleId, Timestamp};
use rusqlite::Connection;

use crate::tables::document::LAST;
use crate::tables::meta::{self, Key};
use crate::tables::{last_report, not_run};
use crate::{Done, StoreError};

/// The most capabilities that wait. A home of 1,000 devices has some 5,000; more wait only while
/// the disk fails, and the newest are then not remembered.
const MOST: usize = 100_000;
/// The most batches that wait to be told.
const MOST_DONE: usize = 4_096;

/// Telemetry that is not on the disk yet.
#[derive(Default)]
pub(crate) struct Telemetry {
    /// Devices whose reports are to be forgotten before anything else is written.
    gone: BTreeSet<DeviceId>,
    rules_gone: BTreeSet<RuleId>,
    last: BTreeMap<(EndpointId, Capability), LastReport>,
    not_runs: Vec<NotRun>,
    seen_to: Option<Timestamp>,
    waiting: Vec<Done>,
}

impl Telemetry {
    /// Takes a report in.
    pub(crate) fn report(&mut self, report: LastReport) {
        let key = (report.endpoint.clone(), report.value.capability());
        if self.last.len() < MOST || self.last.contains_key(&key) {
            self.last.insert(key, report);
        }
    }

    /// A trigger did not lead to a run.
    pub(crate) fn not_run(&mut self, not_run: NotRun) {
        if self.not_runs.len() < MOST {
            self.not_runs.push(not_run);
        }
    }

    /// Until then everything that was due has been seen to.
    pub(crate) fn seen_to(&mut self, at: Timestamp) {
        self.seen_to = Some(at);
    }

    /// Forgets a rule.
    pub(crate) fn forget_rule(&mut self, rule: RuleId) {
        self.not_runs.retain(|it| it.rule != rule);
        self.rules_gone.insert(rule);
    }

    /// Forgets what a device said so far; what it says later counts.
    pub(crate) fn forget(&mut self, device: DeviceId) {
        self.last.retain(|(endpoint, _), _| endpoint.device != device);
        self.gone.insert(device);
    }

    /// Somebody wants to be told when all this is written.
    pub(crate) fn tell(&mut self, done: Done) {
        self.waiting.push(done);
    }

    /// Whether there is nothing to write and nobody to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.has_nothing_to_write() && self.waiting.is_empty()
    }

    /// Whether it should not wait any longer.
    pub(crate) fn is_pressing(&self) -> bool {
        !self.gone.is_empty() || self.waiting.len() >= MOST_DONE
    }

    /// Writes everything in one transaction and tells everybody. What could not be written stays
    /// for the next time.
    pub(crate) fn commit(&mut self, db: &mut Connection) -> Result<(), StoreError> {
        let result = self.write(db).map_err(StoreError::from);
        if result.is_ok() {
            *self = Self { waiting: std::mem::take(&mut self.waiting), ..Self::default() };
        }
        for done in self.waiting.drain(..) {
            done(result.clone());
        }
        result
    }

    fn write(&self, db: &mut Connection) -> rusqlite::Result<()> {
        if self.has_nothing_to_write() {
            return Ok(());
        }
        let transaction = db.transaction()?;
        for device in &self.gone {
            last_report::remove_of(&transaction, device)?;
        }
        for rule in &self.rules_gone {
            not_run::remove_of(&transaction, rule)?;
            LAST.remove(&transaction, rule)?;
        }
        for report in self.last.values() {
            last_report::put(&transaction, report)?;
        }
        for it in &self.not_runs {
            not_run::keep(&transaction, it)?;
            LAST.note(&transaction, &it.rule, &it.head())?;
        }
        if let Some(at) = self.seen_to {
            meta::put(&transaction, Key::SeenTo, &at)?;
        }
        transaction.commit()
    }

    fn has_nothing_to_write(&self) -> bool {
        self.gone.is_empty()
            && self.rules_gone.is_empty()
            && self.last.is_empty()
            && self.not_runs.is_empty()
            && self.seen_to.is_none()
    }
}

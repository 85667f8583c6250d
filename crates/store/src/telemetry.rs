//! What devices said, waiting for company on its way into `history.db`: of one capability only
//! the last word is written, however often it speaks.

use std::collections::{BTreeMap, BTreeSet};

use model::{Capability, DeviceId, EndpointId, LastReport, Timestamp, Value};
use rusqlite::Connection;

use crate::tables::last_report;
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
    last: BTreeMap<(EndpointId, Capability), (Value, Timestamp)>,
    waiting: Vec<Done>,
}

impl Telemetry {
    /// Takes a report in.
    pub(crate) fn report(&mut self, report: LastReport) {
        let key = (report.endpoint, report.value.capability());
        if self.last.len() < MOST || self.last.contains_key(&key) {
            self.last.insert(key, (report.value, report.at));
        }
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
        self.gone.is_empty() && self.last.is_empty() && self.waiting.is_empty()
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
            self.gone.clear();
            self.last.clear();
        }
        for done in self.waiting.drain(..) {
            done(result.clone());
        }
        result
    }

    fn write(&self, db: &mut Connection) -> rusqlite::Result<()> {
        if self.gone.is_empty() && self.last.is_empty() {
            return Ok(());
        }
        let transaction = db.transaction()?;
        for device in &self.gone {
            last_report::remove_of(&transaction, device)?;
        }
        for ((endpoint, capability), (value, at)) in &self.last {
            last_report::put(&transaction, endpoint, *capability, value, *at)?;
        }
        transaction.commit()
    }
}

//! What has to be durable before what: effects that act on the world wait here for the disk.
//!
//! The loop never waits itself. It hands batches of changes to the store and goes on; a batch's
//! `done` comes back as an event, and then goes what was waiting for it.

use std::fmt::Debug;

use api::{Answer, ApiError};
use engine::{Inquiry, Ticket};
use model::{Change, Command, DeviceId, Notice};
use store::{Done, Full, Store, StoreError};

/// Where changes are written down: the store, or a test's.
pub(crate) trait Journal: Debug + Send {
    /// Writes changes; calls `done` when they are durable.
    fn write(&self, changes: Vec<Change>, done: Done) -> Result<(), Full>;

    /// Keeps or forgets a device's sealed secret.
    fn keep_secret(
        &self,
        device: &DeviceId,
        sealed: Option<Vec<u8>>,
        done: Done,
    ) -> Result<(), Full>;

    /// Tries again what could not be written.
    fn retry(&self, done: Done) -> Result<(), Full>;

    /// What flushes and closes it; blocks.
    fn close(self: Box<Self>) -> Box<dyn FnOnce() + Send>;
}

impl Journal for Store {
    fn write(&self, changes: Vec<Change>, done: Done) -> Result<(), Full> {
        Self::write(self, changes, done)
    }

    fn keep_secret(
        &self,
        device: &DeviceId,
        sealed: Option<Vec<u8>>,
        done: Done,
    ) -> Result<(), Full> {
        Self::keep_secret(self, device, sealed, done)
    }

    fn retry(&self, done: Done) -> Result<(), Full> {
        Self::retry(self, done)
    }

    fn close(self: Box<Self>) -> Box<dyn FnOnce() + Send> {
        Box::new(Self::close(*self))
    }
}

/// Names one batch on its way to disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BatchId(u64);

/// What waits until all that was decided before it is durable.
#[derive(Debug, PartialEq)]
pub(crate) enum Waiting {
    /// A command that acts on the world.
    Send(Command),
    /// An answer that promises something.
    Reply(Ticket, Result<Answer, ApiError>),
    /// Something that the people are to be told.
    Notify(Box<Notice>),
    /// A question to what is on disk: about all that was said to be so when it was asked.
    Consult(Ticket, Inquiry),
}

/// A batch whose outcome is known, and what waited for it.
#[derive(Debug, PartialEq)]
pub(crate) struct Settled {
    /// It held more than telemetry.
    pub(crate) binding: bool,
    /// Why it is not on disk, if it is not.
    pub(crate) outcome: Result<(), Unkept>,
    /// What may go now, or must be refused.
    pub(crate) waiting: Vec<Waiting>,
}

/// Why something is not on disk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unkept {
    /// The store could not write it.
    #[error("it could not be written down: {0}")]
    Disk(#[from] StoreError),
    /// The store has no room for more.
    #[error("it could not be written down: {0}")]
    Full(#[from] Full),
    /// The vault could not seal it; its words.
    #[error("the password or key could not be kept: {0}")]
    Vault(String),
}

/// Batches on their way to disk, in order; the last may still be growing.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    batches: Vec<Batch>,
    /// Changes of the batch that is still growing.
    growing: Vec<Change>,
    next: u64,
}

#[derive(Debug)]
struct Batch {
    id: BatchId,
    settled: Settled,
    known: bool,
}

impl Ledger {
    /// Writes a change down with the next batch. Telemetry holds nobody up.
    pub(crate) fn add(&mut self, change: Change) {
        if self.growing.is_empty() {
            self.open(false);
        }
        if let (false, Some(batch)) = (change.is_telemetry(), self.batches.last_mut()) {
            batch.settled.binding = true;
        }
        self.growing.push(change);
    }

    /// Ends the batch that has been growing, and says what to write.
    pub(crate) fn seal(&mut self) -> Option<(BatchId, Vec<Change>)> {
        let changes = std::mem::take(&mut self.growing);
        let id = self.batches.last()?.id;
        (!changes.is_empty()).then_some((id, changes))
    }

    /// Whether what is growing can be refused as known: then nothing that does not follow from it
    /// may join.
    pub(crate) fn may_be_refused(&self) -> bool {
        let is_refusable =
            |it: &Change| matches!(it, Change::CommandOpened(..) | Change::RunBegan(_));
        self.growing.iter().any(is_refusable)
    }

    /// A batch that the ledger does not carry itself is on its way: a secret. The one that was
    /// growing must have been sealed.
    pub(crate) fn open_for_secret(&mut self) -> BatchId {
        self.open(true)
    }

    fn open(&mut self, binding: bool) -> BatchId {
        let id = BatchId(self.next);
        self.next += 1;
        let settled = Settled { binding, outcome: Ok(()), waiting: Vec::new() };
        self.batches.push(Batch { id, settled, known: false });
        id
    }

    /// Makes this wait for the newest batch that binds; gives it back when there is none.
    pub(crate) fn hold(&mut self, what: Waiting) -> Option<Waiting> {
        match self.batches.iter_mut().rev().find(|it| it.settled.binding) {
            Some(batch) => {
                batch.settled.waiting.push(what);
                None
            }
            None => Some(what),
        }
    }

    /// The outcome of a batch is known; returns what is settled by that, in order.
    pub(crate) fn settle(&mut self, id: BatchId, outcome: Result<(), Unkept>) -> Vec<Settled> {
        if let Some(batch) = self.batches.iter_mut().find(|it| it.id == id) {
            batch.known = true;
            batch.settled.outcome = outcome;
        }
        let mut is_held_up = false;
        let settled = self.batches.extract_if(.., |batch| {
            is_held_up |= batch.settled.binding && !batch.known;
            batch.known && !is_held_up
        });
        settled.map(|it| it.settled).collect()
    }

    /// Whether nothing is on its way.
    #[cfg(test)]
    pub(crate) fn is_settled(&self) -> bool {
        self.batches.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use model::{Home, Timestamp};

    use super::*;

    fn reply(ticket: u64) -> Waiting {
        Waiting::Reply(Ticket(ticket), Ok(Answer::Done))
    }

    fn home(welcomed: bool) -> Change {
        Change::Home(Home { welcomed, ..Home::default() })
    }

    fn telemetry() -> Change {
        let value = model::Value::OnOff(true);
        let endpoint = "a-1/x".parse().unwrap();
        Change::Reported(model::LastReport {
            endpoint,
            value,
            at: Timestamp(0),
            since: Timestamp(0),
            origin: model::Origin::Unknown,
        })
    }

    fn write(ledger: &mut Ledger, change: Change) -> BatchId {
        ledger.add(change.clone());
        let (id, changes) = ledger.seal().unwrap();
        assert_eq!(changes, [change]);
        assert_eq!(ledger.seal(), None);
        id
    }

    #[test]
    fn what_nothing_is_ahead_of_goes_at_once() {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.hold(reply(1)), Some(reply(1)));
        ledger.add(telemetry());
        assert_eq!(ledger.hold(reply(2)), Some(reply(2)), "telemetry holds nobody up");
    }

    #[test]
    fn what_is_not_even_handed_to_the_store_is_waited_for() {
        let mut ledger = Ledger::default();
        ledger.add(telemetry());
        ledger.add(home(true));
        assert_eq!(ledger.hold(reply(1)), None);
        ledger.add(telemetry());
        let (id, changes) = ledger.seal().unwrap();
        assert_eq!(changes.len(), 3);
        let settled = ledger.settle(id, Ok(()));
        assert_eq!(settled[0].waiting, [reply(1)]);
        assert!(settled[0].binding);
    }

    #[test]
    fn what_waits_goes_in_order_even_when_outcomes_do_not_come_in_order() {
        let mut ledger = Ledger::default();
        let first = write(&mut ledger, home(false));
        assert_eq!(ledger.hold(reply(1)), None);
        let second = write(&mut ledger, home(true));
        assert_eq!(ledger.hold(reply(2)), None);
        assert!(ledger.settle(second, Ok(())).is_empty());
        let settled = ledger.settle(first, Ok(()));
        assert_eq!(settled[0].waiting, [reply(1)]);
        assert_eq!(settled[1].waiting, [reply(2)]);
        assert!(ledger.is_settled());
    }

    #[test]
    fn a_batch_of_telemetry_that_is_late_holds_no_later_one_up() {
        let mut ledger = Ledger::default();
        let late = write(&mut ledger, telemetry());
        let bound = write(&mut ledger, home(true));
        assert_eq!(ledger.hold(reply(1)), None);
        assert_eq!(ledger.settle(bound, Ok(()))[0].waiting, [reply(1)]);
        assert_eq!(ledger.settle(late, Ok(())).len(), 1);
        assert!(ledger.is_settled());
    }

    #[test]
    fn a_failure_concerns_its_own_batch_alone() {
        let mut ledger = Ledger::default();
        let full = Unkept::from(StoreError::DiskFull("4 KiB short".to_owned()));
        let first = write(&mut ledger, home(false));
        assert_eq!(ledger.hold(reply(1)), None);
        let second = ledger.open_for_secret();
        let settled = ledger.settle(first, Err(full.clone()));
        assert_eq!(settled[0].outcome, Err(full));
        assert_eq!(ledger.settle(second, Ok(()))[0].outcome, Ok(()));
    }
}

//! What a subscriber is handed: a snapshot, then every change in order, never more than fits.
//!
//! Newer states take the place of older ones that were not fetched yet, so a subscriber that is
//! merely slow gets fewer, newer updates. One that does not fetch at all is dropped.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::{Batch, Update};
use model::{Capability, DeviceId, EndpointId, PersonId, RuleId, VariableId};
use tokio::sync::Notify;

use crate::clock::Clock;

/// Most updates that may wait for one subscriber.
const LIMIT: usize = 16_384;

/// Updates of the home, from the moment it was made.
#[derive(Debug)]
pub struct Subscription {
    queue: Arc<Queue>,
    clock: Clock,
    delivered: u64,
}

impl Subscription {
    /// All updates that are queued, once there are any: the first batch begins with a snapshot.
    /// `None` when the hub has stopped, or when this subscriber was too slow and was dropped:
    /// subscribe again. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Batch> {
        loop {
            match self.queue.take() {
                Taken::Updates(updates) => return Some(self.batch(updates)),
                Taken::Nothing => self.queue.changed.notified().await,
                Taken::End => return None,
            }
        }
    }

    fn batch(&mut self, updates: Vec<Update>) -> Batch {
        let first = self.delivered;
        self.delivered += updates.len() as u64;
        Batch { first, now: self.clock.now().wall, updates }
    }
}

/// The hub's end: everyone who listens.
#[derive(Debug)]
pub(crate) struct Subscribers {
    queues: Vec<Arc<Queue>>,
    clock: Clock,
}

impl Subscribers {
    /// Nobody listens yet.
    pub(crate) fn new(clock: Clock) -> Self {
        Self { queues: Vec::new(), clock }
    }

    /// Someone listens, and gets this first.
    pub(crate) fn add(&mut self, snapshot: Update) -> Subscription {
        let queue = Arc::new(Queue::default());
        queue.push(&[Arc::new(snapshot)]);
        self.queues.push(Arc::clone(&queue));
        Subscription { queue, clock: self.clock, delivered: 0 }
    }

    /// Tells everyone. Forgets those who have left and drops those who do not fetch.
    pub(crate) fn publish(&mut self, updates: &[Arc<Update>]) {
        self.queues.retain(|queue| {
            let listens = Arc::strong_count(queue) > 1;
            let fits = listens && queue.push(updates);
            if listens && !fits {
                tracing::warn!("A subscriber does not fetch its updates and was dropped");
            }
            fits
        });
    }
}

impl Drop for Subscribers {
    fn drop(&mut self) {
        for queue in &self.queues {
            queue.close();
        }
    }
}

/// Updates on their way to one subscriber.
#[derive(Debug, Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Notify,
}

/// What a newer update of the same subject takes the place of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Device(DeviceId),
    State(EndpointId, Capability),
    Rule(RuleId),
    Person(PersonId),
    Variable(VariableId),
    Vacant,
}

#[derive(Debug, Default)]
struct Waiting {
    /// In order; `None` where a newer one has taken its place further behind.
    updates: Vec<Option<Arc<Update>>>,
    /// Where the newest update of each subject is.
    newest: BTreeMap<Subject, usize>,
    live: usize,
    over: bool,
}

enum Taken {
    Updates(Vec<Update>),
    Nothing,
    End,
}

impl Queue {
    /// Whether there was room.
    fn push(&self, updates: &[Arc<Update>]) -> bool {
        let mut waiting = self.lock();
        for update in updates {
            waiting.push(update);
        }
        let fits = waiting.live <= LIMIT;
        if !fits {
            *waiting = Waiting { over: true, ..Waiting::default() };
        }
        drop(waiting);
        self.changed.notify_one();
        fits
    }

    fn take(&self) -> Taken {
        let mut waiting = self.lock();
        if waiting.live == 0 {
            return if waiting.over { Taken::End } else { Taken::Nothing };
        }
        let over = waiting.over;
        let taken = std::mem::replace(&mut *waiting, Waiting { over, ..Waiting::default() });
        drop(waiting);
        Taken::Updates(taken.updates.into_iter().flatten().map(Arc::unwrap_or_clone).collect())
    }

    fn close(&self) {
        self.lock().over = true;
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn push(&mut self, update: &Arc<Update>) {
        if matches!(**update, Update::Snapshot(_)) {
            *self = Self { over: self.over, ..Self::default() };
        }
        if let Some(subject) = subject(update) {
            let here = self.updates.len();
            if let Some(older) = self.newest.insert(subject, here) {
                self.updates[older] = None;
                self.live -= 1;
            }
        }
        self.updates.push(Some(Arc::clone(update)));
        self.live += 1;
        if self.updates.len() > 2 * self.live + 64 {
            self.compact();
        }
    }

    /// Closes the gaps, so that an idle subscriber of a busy home costs bounded memory.
    fn compact(&mut self) {
        self.updates.retain(Option::is_some);
        self.newest = BTreeMap::new();
        for (index, update) in self.updates.iter().enumerate() {
            if let Some(subject) = update.as_deref().and_then(subject) {
                self.newest.insert(subject, index);
            }
        }
    }
}

fn subject(update: &Update) -> Option<Subject> {
    match update {
        Update::Device(device) => Some(Subject::Device(device.id.clone())),
        Update::State(endpoint, capability, _) => {
            Some(Subject::State(endpoint.clone(), *capability))
        }
        Update::Rule(view) => Some(Subject::Rule(view.rule.id.clone())),
        Update::Person(person) => Some(Subject::Person(person.id.clone())),
        Update::Variable(variable) => Some(Subject::Variable(variable.id.clone())),
        Update::Vacant(_) => Some(Subject::Vacant),
        // What happened (a run, a notice, a button) is told each time; nothing takes its place.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use api::CapabilityState;
    use model::{CommandId, CommandState, IssueId, Timestamp, Value};

    use super::*;

    fn state(on: bool) -> Arc<Update> {
        state_of("a-1/x", on)
    }

    fn state_of(endpoint: &str, on: bool) -> Arc<Update> {
        let state = CapabilityState { value: Some(Value::OnOff(on)), ..CapabilityState::default() };
        let id = endpoint.parse().unwrap();
        Arc::new(Update::State(id, Capability::OnOff, Box::new(state)))
    }

    fn command(id: &str) -> Arc<Update> {
        Arc::new(Update::Command(CommandId::try_from(id).unwrap(), CommandState::Sent))
    }

    fn first() -> Update {
        Update::IssueGone(IssueId("first".to_owned()))
    }

    fn subscribers() -> Subscribers {
        Subscribers::new(Clock::System)
    }

    #[tokio::test]
    async fn what_is_superseded_before_it_is_fetched_is_left_out_and_numbers_have_no_gap() {
        let mut all = subscribers();
        let mut subscription = all.add(first());
        all.publish(&[state(true), command("c"), state(false)]);
        let batch = subscription.next().await.unwrap();
        assert_eq!(batch.first, 0);
        assert!(batch.now > Timestamp(0));
        assert_eq!(batch.updates.len(), 3);
        assert_eq!(batch.updates[2], *state(false));
        all.publish(&[state(true)]);
        assert_eq!(subscription.next().await.unwrap().first, 3);
    }

    #[tokio::test]
    async fn a_subscriber_that_does_not_fetch_is_dropped_and_the_others_are_not() {
        let mut all = subscribers();
        let mut slow = all.add(first());
        let mut quick = all.add(first());
        for round in 0..=LIMIT {
            all.publish(&[command(&format!("c{round}"))]);
            quick.next().await.unwrap();
        }
        assert!(slow.next().await.is_none());
        all.publish(&[state(true)]);
        assert_eq!(quick.next().await.unwrap().updates, [(*state(true)).clone()]);
    }

    #[tokio::test]
    async fn states_alone_never_overflow_nor_grow() {
        let mut all = subscribers();
        let mut subscription = all.add(first());
        for round in 0..200_000 {
            all.publish(&[state_of(&format!("a-{}/x", round % 10), round % 3 == 0)]);
        }
        assert!(all.queues[0].lock().updates.len() < 200);
        assert_eq!(subscription.next().await.unwrap().updates.len(), 11);
    }

    #[tokio::test]
    async fn who_has_left_is_forgotten() {
        let mut all = subscribers();
        drop(all.add(first()));
        all.publish(&[state(true)]);
        assert!(all.queues.is_empty());
    }

    #[tokio::test]
    async fn the_end_comes_after_what_was_still_queued() {
        let mut all = subscribers();
        let mut subscription = all.add(first());
        drop(all);
        assert!(subscription.next().await.is_some());
        assert!(subscription.next().await.is_none());
    }
}

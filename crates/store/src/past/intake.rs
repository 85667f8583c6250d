//! What waits for its way into `history.db`. Whoever hands it in waits for nothing but a lock that
//! is held for as long as it takes to note a few values.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use model::rule::NotRun;
use model::{
    Capability, Change, DeviceId, EndpointId, LastReport, PastSettings, Record, RuleId, Timestamp,
};

use super::codec::Sample;
use super::subject::{self, Subject};
use crate::{Done, Full, StoreError, clock};

/// The most capabilities whose last word waits. A home of 1,000 devices has some 5,000; more wait
/// only while the disk fails, and the newest are then not remembered.
const MOST_LAST: usize = 100_000;
/// The most samples that wait; beyond that, the older half of each series is given up.
const MOST_SAMPLES: usize = 200_000;
/// The most non-runs that wait.
const MOST_NOT_RUNS: usize = 20_000;
/// The most batches that wait to be told.
const MOST_DONE: usize = 4_096;

/// What is not on the disk yet.
#[derive(Default)]
pub(crate) struct Pending {
    /// Devices whose last words are to be forgotten before anything else is written.
    pub(crate) devices_gone: BTreeSet<DeviceId>,
    /// Rules whose non-runs are to be forgotten before anything else is written.
    pub(crate) rules_gone: BTreeSet<RuleId>,
    /// The last word of each capability.
    pub(crate) last: BTreeMap<(EndpointId, Capability), LastReport>,
    /// What is to be recorded, in the order in which it came.
    pub(crate) samples: BTreeMap<Subject, Vec<(i64, Sample)>>,
    count: usize,
    pub(crate) not_runs: Vec<NotRun>,
    pub(crate) seen_to: Option<Timestamp>,
    /// How the past is to be kept from now on.
    pub(crate) past: Option<PastSettings>,
    /// The last time that somebody told.
    pub(crate) heard_at: Option<Timestamp>,
}

impl Pending {
    /// Takes in what concerns `history.db`.
    pub(crate) fn take(&mut self, change: Change) {
        match change {
            Change::Reported(report) => self.report(report),
            Change::Recorded(record) => self.record(&record),
            Change::NotRun(it) if self.not_runs.len() < MOST_NOT_RUNS => self.not_runs.push(*it),
            Change::SeenTo(at) => {
                self.heard_at = Some(at);
                self.seen_to = Some(at);
            }
            Change::DeviceGone(device) => self.forget_device(device),
            Change::RuleGone(rule) => self.forget_rule(rule),
            Change::Settings(settings) => self.past = Some(settings.past),
            _ => {}
        }
    }

    fn report(&mut self, report: LastReport) {
        self.heard_at = Some(report.at);
        let capability = report.value.capability();
        if let Some(sample) = subject::sample_of(&report.value) {
            self.sample(Subject::Value(report.endpoint.clone(), capability), report.at, sample);
        }
        let key = (report.endpoint.clone(), capability);
        if self.last.len() < MOST_LAST || self.last.contains_key(&key) {
            self.last.insert(key, report);
        }
    }

    fn record(&mut self, record: &Record) {
        self.heard_at = Some(record.at);
        if let Some((subject, sample)) = Subject::of(&record.what) {
            self.sample(subject, record.at, sample);
        }
    }

    /// Of measurements within one second the last is kept; of everything else, all.
    fn sample(&mut self, subject: Subject, at: Timestamp, sample: Sample) {
        let is_measured = subject.is_measured();
        let samples = self.samples.entry(subject).or_default();
        match samples.last_mut() {
            Some(last) if is_measured && second_of(last.0) == second_of(at.0) => {
                *last = (at.0, sample);
            }
            _ => {
                samples.push((at.0, sample));
                self.count += 1;
            }
        }
        if self.count > MOST_SAMPLES {
            self.give_up_the_older_half();
        }
    }

    fn give_up_the_older_half(&mut self) {
        let before = self.count;
        for samples in self.samples.values_mut() {
            samples.drain(..samples.len() / 2);
        }
        self.count = self.samples.values().map(Vec::len).sum();
        let lost = before - self.count;
        tracing::error!(lost, "the disk is too slow for the recorded past; the oldest is lost");
        if self.count > MOST_SAMPLES / 2 + MOST_SAMPLES / 4 {
            self.samples.clear();
            self.count = 0;
        }
    }

    /// Forgets what a device last said; what it says later counts.
    pub(crate) fn forget_device(&mut self, device: DeviceId) {
        self.last.retain(|(endpoint, _), _| endpoint.device != device);
        self.devices_gone.insert(device);
    }

    /// Forgets the non-runs of a rule.
    pub(crate) fn forget_rule(&mut self, rule: RuleId) {
        self.not_runs.retain(|it| it.rule != rule);
        self.rules_gone.insert(rule);
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.devices_gone.is_empty()
            && self.rules_gone.is_empty()
            && self.last.is_empty()
            && self.samples.is_empty()
            && self.not_runs.is_empty()
            && self.seen_to.is_none()
            && self.past.is_none()
    }

    /// Puts what is newer behind this, which could not be written.
    fn and_then(mut self, newer: Self) -> Self {
        newer.devices_gone.into_iter().for_each(|it| self.forget_device(it));
        newer.rules_gone.into_iter().for_each(|it| self.forget_rule(it));
        self.last.extend(newer.last);
        for (subject, samples) in newer.samples {
            for (at, sample) in samples {
                self.sample(subject.clone(), Timestamp(at), sample);
            }
        }
        self.not_runs.extend(newer.not_runs);
        let excess = self.not_runs.len().saturating_sub(MOST_NOT_RUNS);
        self.not_runs.drain(..excess);
        self.seen_to = newer.seen_to.or(self.seen_to);
        self.past = newer.past.or(self.past);
        self.heard_at = newer.heard_at.or(self.heard_at);
        self
    }
}

/// The second that a moment is in.
pub(crate) fn second_of(at: i64) -> i64 {
    at.div_euclid(1_000)
}

/// Where it is handed in, and fetched by the thread that writes it.
pub(crate) struct Intake {
    state: Mutex<State>,
    changed: Condvar,
    company: Duration,
}

#[derive(Default)]
struct State {
    pending: Pending,
    /// Who is told once all of that is written.
    waiting: Vec<Done>,
    /// Who wants it written at once.
    asking: Vec<Done>,
    /// When it is written at the latest; not earlier either, after a failure.
    due: Option<Instant>,
    closing: bool,
    closed: bool,
}

/// What there is to do.
pub(crate) struct Work {
    pub(crate) pending: Pending,
    pub(crate) waiting: Vec<Done>,
    /// This is the last of it.
    pub(crate) closing: bool,
}

impl Intake {
    /// One whose contents wait that long for company.
    pub(crate) fn new(company: Duration) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), company }
    }

    /// Takes changes in. `done` is told when they are written, or `Full` that nothing was taken.
    pub(crate) fn take(&self, changes: Vec<Change>, done: Option<Done>) -> Result<(), Full> {
        let mut state = self.lock();
        if state.closed {
            drop(state);
            if let Some(done) = done {
                done(Err(StoreError::Closed));
            }
            return Ok(());
        }
        if done.is_some() && state.waiting.len() >= MOST_DONE {
            return Err(Full);
        }
        changes.into_iter().for_each(|change| state.pending.take(change));
        state.waiting.extend(done);
        if state.due.is_none() {
            state.due = Some(clock::instant() + self.company);
            self.changed.notify_one();
        }
        if state.waiting.len() >= MOST_DONE {
            self.changed.notify_one();
        }
        Ok(())
    }

    /// Forgets what is of devices and rules that are not in the home.
    pub(crate) fn forget(&self, devices: Vec<DeviceId>, rules: Vec<RuleId>) {
        let mut state = self.lock();
        devices.into_iter().for_each(|device| state.pending.forget_device(device));
        rules.into_iter().for_each(|rule| state.pending.forget_rule(rule));
        state.due = (!state.pending.is_empty()).then(clock::instant);
    }

    /// Somebody wants to know whether all can be written, at once.
    pub(crate) fn ask(&self, done: Done) {
        let mut state = self.lock();
        if state.closed {
            drop(state);
            done(Err(StoreError::Closed));
            return;
        }
        state.asking.push(done);
        self.changed.notify_one();
    }

    /// What is in it by now is the last that is written.
    pub(crate) fn close(&self) {
        self.lock().closing = true;
        self.changed.notify_one();
    }

    /// Waits until there is something to write or `chores` are due.
    pub(crate) fn fetch(&self, chores: Instant) -> Work {
        let mut state = self.lock();
        loop {
            let now = clock::instant();
            let pressing = state.waiting.len() >= MOST_DONE || !state.asking.is_empty();
            let due = state.due.map_or(chores, |due| due.min(chores));
            if state.closing || pressing || due <= now {
                return state.fetch(now, pressing);
            }
            let (held, _) = self
                .changed
                .wait_timeout(state, due.saturating_duration_since(now))
                .unwrap_or_else(PoisonError::into_inner);
            state = held;
        }
    }

    /// Puts back what could not be written, to be tried again after `pause`.
    pub(crate) fn give_back(&self, pending: Pending, pause: Duration) {
        let mut state = self.lock();
        let newer = std::mem::take(&mut state.pending);
        state.pending = pending.and_then(newer);
        state.due = Some(clock::instant() + pause);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fetch(&mut self, now: Instant, pressing: bool) -> Work {
        let closing = self.closing;
        self.closed |= closing;
        if !(closing || pressing || self.due.is_some_and(|due| due <= now)) {
            return Work { pending: Pending::default(), waiting: Vec::new(), closing };
        }
        self.due = None;
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.append(&mut self.asking);
        Work { pending: std::mem::take(&mut self.pending), waiting, closing }
    }
}

#[cfg(test)]
mod tests {
    use model::{Recorded, Value};

    use super::*;

    fn record(series: usize, at: i64) -> Change {
        let endpoint = format!("a/e{series}").parse().unwrap();
        let what = Recorded::Value(endpoint, Value::OnOff(at % 2 == 0));
        Change::Recorded(Record { at: Timestamp(at), what })
    }

    fn count(pending: &Pending) -> usize {
        pending.samples.values().map(Vec::len).sum()
    }

    #[test]
    fn what_waits_for_a_slow_disk_is_bounded_and_the_newest_is_kept() {
        let mut pending = Pending::default();
        let last = 3 * MOST_SAMPLES as i64;
        for at in 0..last {
            pending.take(record(at as usize % 7, at));
            assert!(pending.count <= MOST_SAMPLES);
        }
        assert_eq!(count(&pending), pending.count);
        let newest = pending.samples.values().filter_map(|it| it.last()).map(|it| it.0);
        assert_eq!(newest.min(), Some(last - 7));
    }

    #[test]
    fn as_many_series_as_there_may_be_samples_are_bounded_too() {
        let mut pending = Pending::default();
        for series in 0..MOST_SAMPLES + 10 {
            pending.take(record(series, 0));
        }
        assert!(count(&pending) <= MOST_SAMPLES && count(&pending) == pending.count);
    }

    #[test]
    fn what_could_not_be_written_comes_before_what_is_newer() {
        let intake = Intake::new(Duration::from_secs(100));
        intake.take(vec![record(0, 1), record(0, 2)], None).unwrap();
        intake.ask(Box::new(drop));
        let work = intake.fetch(clock::instant() + Duration::from_secs(100));
        intake.take(vec![record(0, 3)], None).unwrap();
        intake.give_back(work.pending, Duration::ZERO);
        let pending = intake.fetch(clock::instant() + Duration::from_secs(100)).pending;
        let times: Vec<i64> = pending.samples.values().flatten().map(|it| it.0).collect();
        assert_eq!(times, [1, 2, 3]);
    }

    #[test]
    fn too_many_who_wait_to_be_told_are_sent_away() {
        let intake = Intake::new(Duration::from_secs(100));
        for at in 0..MOST_DONE as i64 {
            intake.take(vec![record(0, at)], Some(Box::new(drop))).unwrap();
        }
        let one_more = intake.take(vec![record(0, 0)], Some(Box::new(|_| unreachable!())));
        assert_eq!(one_more, Err(Full));
        intake.take(vec![record(0, 0)], None).unwrap();
    }

    #[test]
    fn after_closing_everybody_is_told_so() {
        let intake = Intake::new(Duration::from_secs(100));
        intake.close();
        assert!(intake.fetch(clock::instant()).closing);
        let (sender, told) = std::sync::mpsc::channel();
        let other = sender.clone();
        intake.take(vec![], Some(Box::new(move |it| sender.send(it).unwrap()))).unwrap();
        intake.ask(Box::new(move |it| other.send(it).unwrap()));
        assert_eq!(
            told.iter().collect::<Vec<_>>(),
            [Err(StoreError::Closed), Err(StoreError::Closed)]
        );
    }
}

//! Runs: one execution of a rule each, from what set it off to its end.
//!
//! A run goes on as far as it can without anything happening, and then waits. How far it has come
//! is written down once a turn, before anything that it does leaves.

mod command;
mod outcome;
mod place;
mod restart;
mod say;
mod step;
mod trace;
mod wait;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::rule::{
    Cause, Condition, Cursor, Frame, Judged, Path, PathPart, Run, RunHead, RunMode, RunOutcome,
    RunPhase, Trace, TraceEvent, WhyNot,
};
use model::{CommandId, EndpointId, Moment, RunId, Span, Timestamp};

use super::book::{Book, Slot};
use super::lookout::{Held, Lookout};
use super::turn::{Later, Turn};
use super::{Call, Rules, Timer, truth, watchlist};

/// Rules run each other this deep and no deeper.
pub(super) const DEEPEST_CHAIN: u8 = 16;

/// A run that has not ended.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) run: Run,
    pub(super) slot: Slot,
    /// Commands that failed or were not confirmed.
    failed: u16,
    /// Entries that its trace was given, kept or not.
    noted: u32,
    /// Steps carried out at one moment.
    busy: (Duration, u16),
    /// When (uptime) its wait is over.
    due: Option<Duration>,
    /// When (uptime) it is to be looked at again: what it waits for may hold by itself.
    look_at: Option<Duration>,
    /// What it switches off, and when (uptime).
    pulses: Vec<(EndpointId, Duration)>,
    /// Commands of which nobody knows, after a restart, what came of them.
    doubts: BTreeSet<CommandId>,
    /// When (uptime) the last of them is decided.
    decide_at: Option<Duration>,
    /// How it ends once what it switched on is off.
    ending: Option<RunOutcome>,
    /// The endpoints that the condition asks for which it waits.
    asked: BTreeSet<EndpointId>,
    /// The endpoints at which it is told what they say.
    awaits: Vec<EndpointId>,
    /// Its commands that are known to be on their way.
    flying: BTreeSet<CommandId>,
    /// The timer that is set for it.
    timer: Option<Duration>,
}

/// How a run is to begin.
pub(super) struct Beginning {
    pub(super) run: RunId,
    pub(super) cause: Cause,
    pub(super) conditions: Vec<Judged>,
    pub(super) late_by: Option<Span>,
    pub(super) depth: u8,
}

impl Beginning {
    pub(super) fn new(run: RunId, cause: Cause) -> Self {
        Self { run, cause, conditions: Vec::new(), late_by: None, depth: 0 }
    }
}

/// A run on its way through its steps, with all that it may look at.
struct Course<'c, 'w> {
    live: &'c mut Live,
    turn: &'c mut Turn<'w>,
    lookout: &'c Lookout,
    book: &'c Book,
    /// Until then (uptime) it may be that devices have not been tried yet.
    settles_at: Duration,
}

impl Live {
    fn new(run: Run, slot: Slot) -> Self {
        Self {
            run,
            slot,
            failed: 0,
            noted: 0,
            busy: (Duration::ZERO, 0),
            due: None,
            look_at: None,
            pulses: Vec::new(),
            doubts: BTreeSet::new(),
            decide_at: None,
            ending: None,
            asked: BTreeSet::new(),
            awaits: Vec::new(),
            flying: BTreeSet::new(),
            timer: None,
        }
    }

    pub(super) fn id(&self) -> &RunId {
        &self.run.trace.run
    }

    pub(super) fn is_queued(&self) -> bool {
        self.run.cursor.phase == RunPhase::Queued
    }

    /// In one line.
    pub(super) fn head(&self) -> RunHead {
        RunHead {
            run: self.id().clone(),
            started_at: self.run.trace.started_at,
            phase: self.run.cursor.phase.clone(),
            at: self.place(),
        }
    }

    /// Where it is.
    fn place(&self) -> Path {
        let frame = self.run.cursor.frames.last();
        frame.map(|it| it.block.then(PathPart::Step(it.step))).unwrap_or_default()
    }

    fn note(&mut self, now: Moment, what: TraceEvent) {
        let place = self.place();
        self.noted = self.noted.saturating_add(1);
        trace::note(&mut self.run.trace, now.wall, place, what);
    }

    fn has_ended(&self) -> bool {
        self.run.trace.ended.is_some()
    }

    /// When (uptime) something is due for it.
    fn next(&self) -> Option<Duration> {
        let pulses = self.pulses.iter().map(|(_, at)| *at);
        self.due.into_iter().chain(self.look_at).chain(self.decide_at).chain(pulses).min()
    }
}

impl Rules {
    /// Begins a run, as far as the rule's mode and the guards allow it; else it is told why not.
    pub(super) fn begin(&mut self, slot: Slot, beginning: Beginning, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get(slot) else { return };
        let (mode, open) = (entry.body.mode, entry.runs.clone());
        let is_running = |id: &&RunId| self.runs.get(*id).is_some_and(|it| !it.is_queued());
        let running = open.iter().filter(is_running).count();
        let queued = open.len().saturating_sub(running);
        let mut phase = RunPhase::Ready;
        match mode {
            RunMode::Single if running > 0 => {
                return self.not_run(slot, beginning, WhyNot::Running, turn);
            }
            RunMode::Parallel(most) if running >= usize::from(most.max(1)) => {
                return self.not_run(slot, beginning, WhyNot::Full, turn);
            }
            RunMode::Queued(most) if running > 0 => {
                if queued >= usize::from(most.max(1)) {
                    return self.not_run(slot, beginning, WhyNot::Full, turn);
                }
                phase = RunPhase::Queued;
            }
            RunMode::Restart => {
                for run in &open {
                    self.stop(run, RunOutcome::Restarted, turn);
                }
            }
            RunMode::Single | RunMode::Parallel(_) | RunMode::Queued(_) => {}
        }
        if self.is_runaway(slot, turn) {
            self.not_run(slot, beginning, WhyNot::Runaway, turn);
            return self.hold(slot, turn);
        }
        self.open_run(slot, beginning, phase, turn);
    }

    fn open_run(&mut self, slot: Slot, beginning: Beginning, phase: RunPhase, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get_mut(slot) else { return };
        let Beginning { run: id, cause, conditions, late_by, depth } = beginning;
        let trace = Trace {
            run: id.clone(),
            rule: entry.rule.id.clone(),
            version: entry.rule.version,
            cause,
            started_at: turn.now.wall,
            late_by,
            conditions,
            steps: Vec::new(),
            ended: None,
        };
        let frames = vec![Frame { block: Path::default(), step: 0, round: 0 }];
        let is_queued = phase == RunPhase::Queued;
        let cursor = Cursor { frames, phase, pulses: Vec::new() };
        let run = Run { trace, body: Arc::clone(&entry.body), cursor, depth };
        entry.remember(id.clone());
        entry.runs.push(id.clone());
        entry.last = Some(run.trace.head());
        turn.tell(entry.rule.id.clone(), run.trace.head());
        turn.touched.insert(slot);
        turn.began.insert(id.clone());
        self.runs.insert(id.clone(), Live::new(run, slot));
        if !is_queued {
            self.go(&id, turn);
        }
    }

    /// Lets a run go on as far as it can.
    pub(super) fn go(&mut self, id: &RunId, turn: &mut Turn<'_>) {
        self.course(id, turn, |course| course.go());
    }

    /// Does something with a run, then writes down how far it has come.
    fn course(&mut self, id: &RunId, turn: &mut Turn<'_>, act: impl FnOnce(&mut Course<'_, '_>)) {
        let Some(mut live) = self.runs.remove(id) else { return };
        let (lookout, book, settles_at) = (&self.lookout, &self.book, self.settles_at);
        let (cursor, noted) = (live.run.cursor.clone(), live.noted);
        act(&mut Course { live: &mut live, turn, lookout, book, settles_at });
        if live.has_ended() || live.noted != noted || live.run.cursor != cursor {
            turn.went.insert(id.clone());
            turn.touched.insert(live.slot);
        }
        self.settle(&mut live);
        if live.has_ended() {
            self.ended(live, turn);
        } else {
            self.runs.insert(id.clone(), live);
        }
    }

    /// Sets timers and takes note of what a run waits for.
    pub(super) fn settle(&mut self, live: &mut Live) {
        let id = live.id().clone();
        let mut flying = BTreeSet::new();
        if let RunPhase::Commands(list) = &live.run.cursor.phase {
            flying = list.iter().map(|it| it.command.clone()).collect();
        }
        for command in live.flying.difference(&flying) {
            self.flights.remove(command);
        }
        for command in flying.difference(&live.flying) {
            self.flights.insert(command.clone(), id.clone());
        }
        live.flying = flying;
        let next = live.next().filter(|_| !live.has_ended());
        if live.timer != next {
            live.timer.map(|at| self.timers.remove(&(at, Timer::Run(id.clone()))));
            next.map(|at| self.timers.insert((at, Timer::Run(id.clone()))));
            live.timer = next;
        }
        self.await_anew(live);
    }

    /// A run has ended: the next in the queue has its turn, and rules that wait for it are set off.
    fn ended(&mut self, live: Live, turn: &mut Turn<'_>) {
        let Live { run, slot, .. } = live;
        let trace = &run.trace;
        self.waiting.remove(&trace.run);
        let next = self.book.get_mut(slot).and_then(|entry| {
            entry.runs.retain(|it| *it != trace.run);
            entry.last = Some(trace.head());
            entry.runs.first().cloned()
        });
        turn.tell(trace.rule.clone(), trace.head());
        let ran =
            matches!(trace.ended, Some((RunOutcome::Finished { .. } | RunOutcome::Stopped, _)));
        if ran {
            self.ran_to_its_end(&run, turn);
        }
        turn.ended.push(run);
        let next = next.filter(|id| self.runs.get(id).is_some_and(Live::is_queued));
        if let Some(next) = next {
            self.course(&next, turn, |course| {
                course.live.run.cursor.phase = RunPhase::Ready;
                course.go();
            });
        }
    }

    fn ran_to_its_end(&self, run: &Run, turn: &mut Turn<'_>) {
        let (rule, id) = (&run.trace.rule, &run.trace.run);
        for (slot, trigger) in self.called(&Call::Ran(rule.clone())) {
            let Some(entry) = self.book.get(slot) else { continue };
            let occurrence = entry.occurrence(trigger).with("ran").with(id);
            turn.later.push_back(Later::SetOff {
                slot,
                run: occurrence.run(),
                cause: Cause::Rule(Some(trigger), rule.clone(), id.clone()),
                depth: run.depth.saturating_add(1),
            });
        }
    }

    /// Ends a run from outside. What it switched on for a while is switched off first.
    pub(super) fn stop(&mut self, id: &RunId, outcome: RunOutcome, turn: &mut Turn<'_>) {
        self.course(id, turn, |course| course.end(outcome));
    }

    /// Whether the rule runs so often that something must be wrong with it.
    fn is_runaway(&mut self, slot: Slot, turn: &Turn<'_>) -> bool {
        const MOST: usize = 120;
        const WITHIN: Duration = Duration::from_secs(60);
        let Some(entry) = self.book.get_mut(slot) else { return false };
        let since = turn.now.uptime.saturating_sub(WITHIN);
        while entry.begun.front().is_some_and(|at| *at < since) {
            entry.begun.pop_front();
        }
        entry.begun.push_back(turn.now.uptime);
        entry.begun.len() > MOST
    }
}

impl Course<'_, '_> {
    /// Judges a condition that stands at a place of the rule.
    fn judge(&self, condition: &Condition, at: &Path) -> Judged {
        let world = &*self.turn;
        self.with_holds(condition, at, |held| {
            truth::judge(condition, world, held, self.turn.now.wall)
        })
    }

    /// When a condition that does not hold may hold although nothing happens.
    fn next_change(&self, condition: &Condition, at: &Path) -> Option<Timestamp> {
        let world = &*self.turn;
        self.with_holds(condition, at, |held| {
            truth::next_change(condition, world, held, self.turn.now.wall)
        })
    }

    fn with_holds<T>(
        &self,
        condition: &Condition,
        at: &Path,
        ask: impl FnOnce(&Held<'_>) -> T,
    ) -> T {
        let watches = self.book.get(self.live.slot).map_or(&[][..], |it| &it.watches);
        let first = if watchlist::count(condition) == 0 {
            0
        } else {
            watchlist::first_at(&watchlist::watched(&self.live.run.body), at)
        };
        ask(&Held { lookout: self.lookout, watches, first, now: self.turn.now })
    }

    fn note(&mut self, what: TraceEvent) {
        let now = self.turn.now;
        self.live.note(now, what);
    }

    /// Ends the run, once what it switched on for a while is off again.
    fn end(&mut self, outcome: RunOutcome) {
        if self.live.has_ended() || self.live.ending.is_some() {
            return;
        }
        if !self.live.run.cursor.pulses.is_empty() {
            self.live.ending = Some(outcome);
            self.live.run.cursor.phase = RunPhase::Ready;
            self.switch_off(true);
            // None of its steps is carried out any more, after a restart either.
            self.live.run.cursor.frames.clear();
            return;
        }
        self.close(outcome);
    }

    fn close(&mut self, outcome: RunOutcome) {
        let live = &mut *self.live;
        live.run.trace.ended = Some((outcome, self.turn.now.wall));
        live.run.cursor = Cursor::default();
        (live.due, live.look_at, live.decide_at) = (None, None, None);
    }

    /// The step is over: on to the next.
    fn over(&mut self) {
        self.live.run.cursor.phase = RunPhase::Ready;
        self.live.due = None;
        self.live.look_at = None;
        if let Some(frame) = self.live.run.cursor.frames.last_mut() {
            frame.step = frame.step.saturating_add(1);
        }
    }
}

/// A rule was run by a step of another.
pub(super) fn cause_of_step((rule, run): (model::RuleId, RunId)) -> Cause {
    Cause::Rule(None, rule, run)
}

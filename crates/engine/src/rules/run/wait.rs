//! Runs that wait: for a moment, for a condition, for devices that were not tried yet.

use std::collections::BTreeSet;
use std::time::Duration;

use model::rule::{
    Condition, LONGEST_WAIT, Path, PathPart, RunOutcome, RunPhase, Step, Target, TimedOut,
    TraceEvent, Truth,
};
use model::{EndpointId, Moment, RunId, Span, Timestamp};

use super::{Course, Live, place};
use crate::rules::turn::Turn;
use crate::rules::{Rules, World};

impl Rules {
    /// Something is due for a run.
    pub(in crate::rules) fn tick(&mut self, id: &RunId, turn: &mut Turn<'_>) {
        if let Some(live) = self.runs.get_mut(id) {
            live.timer = None;
        }
        if self.runs.get(id).is_some_and(|it| !it.goes_on_at(turn.now)) {
            return self.look_again(id, turn);
        }
        self.course(id, turn, |course| course.tick());
    }

    /// Something has happened that a waiting run may have waited for. Nothing is written down
    /// unless it goes on.
    pub(in crate::rules) fn look_again(&mut self, id: &RunId, turn: &mut Turn<'_>) {
        let Some(mut live) = self.runs.remove(id) else { return };
        let (lookout, book, settles_at) = (&self.lookout, &self.book, self.settles_at);
        let goes_on = Course { live: &mut live, turn, lookout, book, settles_at }.looks();
        self.settle(&mut live);
        self.runs.insert(id.clone(), live);
        if goes_on {
            self.course(id, turn, |course| course.go_on());
        }
    }

    /// Takes note of the endpoints that a run waits for.
    pub(super) fn await_anew(&mut self, live: &mut Live) {
        let id = live.run.trace.run.clone();
        let is_waiting = matches!(live.run.cursor.phase, RunPhase::Condition(_));
        if is_waiting && !live.has_ended() {
            self.waiting.insert(id.clone());
        } else {
            self.waiting.remove(&id);
        }
        let wanted = if live.has_ended() { Vec::new() } else { live.wanted() };
        if wanted != live.awaits {
            self.lookout.forget(&id, &live.awaits);
            self.lookout.await_for(&id, &wanted);
            live.awaits = wanted;
        }
    }
}

impl Live {
    /// Whether it goes on by itself at that moment, rather than being looked at.
    fn goes_on_at(&self, now: Moment) -> bool {
        let is_due = |at: Option<Duration>| at.is_some_and(|it| it <= now.uptime);
        is_due(self.due)
            || is_due(self.decide_at)
            || self.pulses.iter().any(|(_, at)| *at <= now.uptime)
            || (self.run.cursor.phase == RunPhase::Ready && is_due(self.look_at))
    }

    /// The endpoints at which it has to be told what they say.
    fn wanted(&self) -> Vec<EndpointId> {
        match &self.run.cursor.phase {
            RunPhase::Condition(_) => self.asked.iter().cloned().collect(),
            RunPhase::Commands(flights) => flights
                .iter()
                .filter(|it| self.doubts.contains(&it.command))
                .map(|it| it.endpoint.clone())
                .collect(),
            RunPhase::Ready | RunPhase::Queued | RunPhase::Until(_) => Vec::new(),
        }
    }
}

impl Course<'_, '_> {
    pub(super) fn wait(&mut self, span: Span) {
        let now = self.turn.now.after(span.duration());
        self.note(TraceEvent::Waits(now.wall));
        self.live.due = Some(now.uptime);
        self.live.run.cursor.phase = RunPhase::Until(now.wall);
    }

    pub(super) fn wait_until(&mut self, condition: &Condition, most: Option<Span>, asks: &Path) {
        let judged = self.judge(condition, asks);
        if judged.truth == Truth::True {
            self.note(TraceEvent::Judged(judged));
            self.note(TraceEvent::Waited);
            return self.over();
        }
        let most = most.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
        let until = self.turn.now.after(most.duration());
        self.note(TraceEvent::WaitsUntil(until.wall, judged));
        self.live.due = Some(until.uptime);
        self.live.run.cursor.phase = RunPhase::Condition(until.wall);
        self.watch_out(condition, asks);
    }

    /// Takes note of what may make the condition hold, and when to look again by itself.
    pub(super) fn watch_out(&mut self, condition: &Condition, asks: &Path) {
        let mut asked = BTreeSet::new();
        targets(condition, &mut |target| {
            let roles = self.turn.roles(target);
            asked.extend(roles.iter().filter_map(|role| self.turn.endpoint(role)));
        });
        self.live.asked = asked;
        let change = self.next_change(condition, asks);
        self.live.look_at = change.map(|at| uptime_of(at, self.turn.now));
    }

    /// The condition that is waited for, and where it stands.
    pub(super) fn awaited(&self) -> Option<(Condition, TimedOut, Path)> {
        let at = self.live.place();
        let step = place::step(&self.live.run.body, &at)?;
        let Step::WaitUntil { condition, timed_out, .. } = step else { return None };
        Some((condition.clone(), *timed_out, at.then(PathPart::Asks)))
    }

    /// Looks whether a waiting run may go on.
    pub(super) fn looks(&mut self) -> bool {
        if !matches!(self.live.run.cursor.phase, RunPhase::Condition(_)) {
            return false;
        }
        let Some((condition, _, asks)) = self.awaited() else { return true };
        if self.judge(&condition, &asks).truth == Truth::True {
            return true;
        }
        self.watch_out(&condition, &asks);
        false
    }

    /// The condition that was waited for holds.
    pub(super) fn go_on(&mut self) {
        if let Some((condition, _, asks)) = self.awaited() {
            let judged = self.judge(&condition, &asks);
            self.note(TraceEvent::Judged(judged));
            self.note(TraceEvent::Waited);
        }
        self.over();
        self.go();
    }

    /// Does what is due by now.
    pub(super) fn tick(&mut self) {
        let now = self.turn.now.uptime;
        if self.live.pulses.iter().any(|(_, at)| *at <= now) {
            self.switch_off(false);
        }
        if self.live.decide_at.is_some_and(|at| at <= now) {
            self.decide_all();
        }
        if self.live.run.cursor.phase == RunPhase::Ready {
            self.live.look_at = None;
            self.go();
        }
        if self.live.due.is_some_and(|at| at <= now) {
            self.wait_is_over();
        }
    }

    fn wait_is_over(&mut self) {
        self.live.due = None;
        let timed_out = match self.live.run.cursor.phase {
            RunPhase::Until(_) if self.live.run.cursor.pulses.is_empty() => {
                self.note(TraceEvent::Waited);
                TimedOut::Continue
            }
            RunPhase::Condition(_) => {
                if self.looks() {
                    return self.go_on();
                }
                self.note(TraceEvent::TimedOut);
                self.awaited().map(|it| it.1).unwrap_or_default()
            }
            RunPhase::Ready | RunPhase::Queued | RunPhase::Commands(_) | RunPhase::Until(_) => {
                return;
            }
        };
        match timed_out {
            TimedOut::Continue => {
                self.over();
                self.go();
            }
            TimedOut::Stop => self.end(RunOutcome::TimedOut),
        }
    }
}

/// The uptime of a moment that the wall clock will show; never in the past.
pub(in crate::rules) fn uptime_of(at: Timestamp, now: Moment) -> Duration {
    now.uptime.saturating_add(now.wall.age_at(at))
}

/// Tells all targets whose state a condition asks.
fn targets(condition: &Condition, found: &mut dyn FnMut(&Target)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                targets(part, found);
            }
        }
        Condition::Not(part) => targets(part, found),
        Condition::State { of, .. }
        | Condition::Number { of, .. }
        | Condition::Reachable { of, .. } => found(of),
        Condition::Time { .. }
        | Condition::Sun { .. }
        | Condition::Home(_)
        | Condition::Away(_)
        | Condition::Variable { .. } => {}
    }
}

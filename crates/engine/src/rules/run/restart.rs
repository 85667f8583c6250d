//! Runs go on after a restart, with nothing but what was written down.
//!
//! Waits go on at their remaining time. Of a command on its way nobody knows what came of it: first
//! it is looked for in what the device then says; only what is not shown, can do no harm twice and
//! was asked for a moment ago is asked for once more.

use std::time::Duration;

use model::rule::{InFlight, Path, Run, RunOutcome, RunPhase, Step, TraceEvent, TraceStep};
use model::{Action, CommandId, CommandState, EndpointId, RunId, Span, Timestamp, Value};

use super::{Course, Live, place};
use crate::rules::occurrence::Occurrence;
use crate::rules::turn::Turn;
use crate::rules::{Rules, before};

/// How long a device has to say what came of a command before it is decided without it.
const HEARD_WITHIN: Duration = Duration::from_secs(30);
/// How old a wish may be and still be asked for once more.
const FRESH_FOR: Duration = Duration::from_secs(60);

impl Rules {
    /// Takes up the runs that had not ended. All of them are there before the first goes on, for
    /// it may end at once, and then the next in the queue has its turn.
    pub(in crate::rules) fn take_up(&mut self, mut runs: Vec<Run>, turn: &mut Turn<'_>) {
        runs.sort_by_key(|it| (it.cursor.phase == RunPhase::Queued, it.trace.started_at));
        let taken = runs.into_iter().filter_map(|it| self.take_up_one(it)).collect::<Vec<_>>();
        let (queued, running): (Vec<_>, Vec<_>) =
            taken.into_iter().partition(|id| self.runs.get(id).is_some_and(Live::is_queued));
        // The last first: none has its turn that is given up.
        for id in queued.iter().rev().filter(|id| !self.is_current(id)).cloned().collect::<Vec<_>>()
        {
            self.stop(&id, RunOutcome::Cancelled, turn);
        }
        for id in running {
            self.course(&id, turn, |course| course.resume());
            if !self.is_current(&id) {
                self.stop(&id, RunOutcome::Cancelled, turn);
            }
        }
    }

    /// Takes one up; `None` when there is nothing to go on with.
    fn take_up_one(&mut self, run: Run) -> Option<RunId> {
        let id = run.trace.run.clone();
        if run.trace.ended.is_some() || self.runs.contains_key(&id) {
            return None;
        }
        let slot = self.book.slot(&run.trace.rule)?;
        let entry = self.book.get_mut(slot)?;
        entry.runs.push(id.clone());
        entry.remember(id.clone());
        let mut live = Live::new(run, slot);
        live.failed = failed_so_far(&live.run);
        self.runs.insert(id.clone(), live);
        Some(id)
    }

    /// Whether its rule is still the one that was set off.
    fn is_current(&self, id: &RunId) -> bool {
        let Some(live) = self.runs.get(id) else { return true };
        let entry = self.book.get(live.slot);
        entry.is_some_and(|it| it.rule.enabled && it.rule.version == live.run.trace.version)
    }

    /// An endpoint says something: runs that wonder what came of their commands look at it.
    pub(in crate::rules) fn enlighten(
        &mut self,
        endpoint: &EndpointId,
        value: &Value,
        turn: &mut Turn<'_>,
    ) {
        for run in self.lookout.awaiting(endpoint) {
            if self.runs.get(&run).is_some_and(|it| !it.doubts.is_empty()) {
                self.course(&run, turn, |course| course.heard(endpoint, value));
            } else {
                self.look_again(&run, turn);
            }
        }
    }
}

impl Course<'_, '_> {
    fn resume(&mut self) {
        let now = self.turn.now;
        let most = self.pulse_lasting().duration();
        let pulses = self.live.run.cursor.pulses.iter();
        self.live.pulses = pulses
            .map(|(endpoint, at)| {
                let left = now.wall.age_at(*at).min(most);
                (endpoint.clone(), now.uptime.saturating_add(left))
            })
            .collect();
        match self.live.run.cursor.phase.clone() {
            RunPhase::Ready => self.resume_ready(),
            RunPhase::Queued => {}
            RunPhase::Until(at) => {
                self.note(TraceEvent::Resumed(None));
                let until = self.rearm(at);
                self.live.run.cursor.phase = RunPhase::Until(until);
            }
            RunPhase::Condition(at) => {
                self.note(TraceEvent::Resumed(None));
                let until = self.rearm(at);
                self.live.run.cursor.phase = RunPhase::Condition(until);
                if self.looks() {
                    self.go_on();
                }
            }
            RunPhase::Commands(flights) => self.doubt(&flights),
        }
        if self.live.run.cursor.frames.is_empty() && !self.live.has_ended() {
            // It was being given up, and is as soon as what it switched on is off.
            self.live.ending = Some(RunOutcome::Cancelled);
        }
    }

    /// How long what is switched on at this step stays on; no time at all when the run is given up.
    fn pulse_lasting(&self) -> Span {
        match place::step(&self.live.run.body, &self.live.place()) {
            Some(Step::Pulse { lasting, .. }) => *lasting,
            _ => Span::ZERO,
        }
    }

    fn resume_ready(&mut self) {
        if self.live.run.cursor.frames.is_empty() {
            return self.close(RunOutcome::Cancelled);
        }
        self.go();
    }

    /// A wait goes on at what is left of it: no more than it was, whatever the clock says. When it
    /// is over, by the wall clock.
    fn rearm(&mut self, until: Timestamp) -> Timestamp {
        let now = self.turn.now;
        let is_it = |what: &TraceEvent| {
            matches!(what,
            TraceEvent::Waits(at) | TraceEvent::WaitsUntil(at, _) if *at == until)
        };
        let began = self.live.run.trace.steps.iter().rev().find(|it| is_it(&it.what));
        let most = began.map(|it| it.at.age_at(until));
        let left = now.wall.age_at(until).min(most.unwrap_or(Duration::MAX));
        if self.live.run.cursor.pulses.is_empty() {
            self.live.due = Some(now.uptime.saturating_add(left));
        }
        now.wall + left
    }

    /// Nobody knows what came of these.
    fn doubt(&mut self, flights: &[InFlight]) {
        for flight in flights {
            self.note(TraceEvent::Resumed(Some(flight.command.clone())));
            self.live.doubts.insert(flight.command.clone());
        }
        self.live.decide_at = Some(self.turn.now.uptime.saturating_add(HEARD_WITHIN));
        // What never shows cannot be looked for.
        for flight in flights.iter().filter(|it| it.action == Action::Press) {
            self.decide_one(flight);
        }
        self.landed_unless_in_doubt();
    }

    /// A device says something: does it show what was asked of it?
    fn heard(&mut self, endpoint: &EndpointId, value: &Value) {
        let RunPhase::Commands(flights) = self.live.run.cursor.phase.clone() else { return };
        let capability = value.capability();
        let doubted = flights.iter().filter(|it| self.live.doubts.contains(&it.command));
        let told: Vec<&InFlight> = doubted
            .filter(|it| it.endpoint == *endpoint && it.action.capability() == capability)
            .collect();
        for flight in told {
            if flight.action.is_confirmed_by(value) {
                self.outcome(&flight.command, &CommandState::Observed);
            } else {
                self.decide_one(flight);
            }
        }
        self.landed_unless_in_doubt();
    }

    /// Nobody has said anything: what is still in doubt is decided without.
    pub(super) fn decide_all(&mut self) {
        self.live.decide_at = None;
        let RunPhase::Commands(flights) = self.live.run.cursor.phase.clone() else { return };
        let doubts = self.live.doubts.clone();
        for flight in flights.iter().filter(|it| doubts.contains(&it.command)) {
            self.decide_one(flight);
        }
        self.landed_unless_in_doubt();
    }

    fn landed_unless_in_doubt(&mut self) {
        if self.live.doubts.is_empty() {
            self.live.decide_at = None;
        }
        self.landed();
    }

    /// Once more under a new name, or not at all.
    fn decide_one(&mut self, flight: &InFlight) {
        self.live.doubts.remove(&flight.command);
        let sent = self.commanded(&flight.command);
        let (at, path) =
            sent.map_or((Timestamp(0), Path::default()), |it| (it.at, it.path.clone()));
        let is_fresh = at >= before(self.turn.now.wall, FRESH_FOR) && at <= self.turn.now.wall;
        let again = Occurrence::within(self.live.id(), "again").with(&flight.command).command();
        // What a run switched on for a while is switched off, however late.
        let is_due = is_fresh || self.is_off_of_pulse(flight);
        let may = flight.action.is_repeatable() && !flight.once && is_due;
        let RunPhase::Commands(mut flights) = std::mem::take(&mut self.live.run.cursor.phase)
        else {
            return;
        };
        let Some(place) = flights.iter().position(|it| it.command == flight.command) else {
            self.live.run.cursor.phase = RunPhase::Commands(flights);
            return;
        };
        flights.remove(place);
        match again.filter(|_| may) {
            Some(again) => {
                let what = TraceEvent::Repeated(flight.command.clone(), again.clone());
                self.note(what);
                let how = (self.transition(&path), false);
                let (endpoint, action) = (flight.endpoint.clone(), flight.action.clone());
                flights.insert(place, self.leave_with(again, endpoint, action, how));
            }
            None => {
                self.live.failed = self.live.failed.saturating_add(1);
                self.note(TraceEvent::NotRepeated(flight.command.clone()));
            }
        }
        self.live.run.cursor.phase = RunPhase::Commands(flights);
    }

    fn is_off_of_pulse(&self, flight: &InFlight) -> bool {
        let step = place::step(&self.live.run.body, &self.live.place());
        let is_pulse = step.is_none() || matches!(step, Some(Step::Pulse { .. }));
        is_pulse && flight.action == Action::SetOnOff(false)
    }

    /// When a command was written down.
    fn commanded(&self, command: &CommandId) -> Option<&TraceStep> {
        self.live.run.trace.steps.iter().rev().find(|it| {
            matches!(&it.what,
                TraceEvent::Commanded(id, ..) | TraceEvent::Repeated(_, id) if id == command)
        })
    }
}

/// What was counted before the restart, as far as the trace still has it.
fn failed_so_far(run: &Run) -> u16 {
    let has_failed = |what: &TraceEvent| {
        let is_outcome =
            matches!(what, TraceEvent::Outcome(_, it) if *it != CommandState::Observed);
        is_outcome || matches!(what, TraceEvent::NotRepeated(_))
    };
    let failed = run.trace.steps.iter().filter(|it| has_failed(&it.what));
    u16::try_from(failed.count()).unwrap_or(u16::MAX)
}

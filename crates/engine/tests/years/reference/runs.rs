//! Runs: from what sets a rule off to the end of the last step.
//!
//! A command takes no time here, but its step is over only once it has its outcome: after all else
//! that is due at the same moment.

use std::collections::VecDeque;
use std::rc::Rc;

use model::rule::{Condition, Repetition, RunMode, Step, TimedOut, Trigger, VariableChange};
use model::{Action, Capability, VariableValue};

use super::{End, Reference, Rule, ms};
use crate::rules;

#[derive(Debug)]
pub(super) struct Run {
    id: u64,
    started: i64,
    frames: Vec<Frame>,
    pub(super) phase: Phase,
}

#[derive(Debug)]
struct Frame {
    steps: Rc<[Step]>,
    at: usize,
    rounds_left: u16,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Phase {
    Ready,
    Queued,
    /// A command is on its way.
    Flying,
    /// The device that it is to command has not been tried since the start.
    Settles(i64),
    Until(i64),
    /// Something is being switched on for a while, or is on.
    PulseBegins(i64),
    Pulse(i64),
    Condition(Rc<Condition>, i64, TimedOut),
    /// What it switched on is being switched off before it ends.
    Ending(End),
}

/// A command on its way.
#[derive(Debug)]
struct Flight {
    rule: usize,
    /// Whose it is; 0 when nobody waits for its outcome any more.
    run: u64,
    what: (&'static str, Capability),
    /// What the light shows then.
    lit: Option<bool>,
    is_taken: bool,
    /// Its outcome is known before any device does anything.
    at_once: bool,
}

/// What follows at the same moment from what happened, in this order.
#[derive(Debug, Default)]
pub(super) struct Aftermath {
    /// Rules that another one sets off by having come to its end.
    chained: VecDeque<usize>,
    flights: VecDeque<Flight>,
    runs: u64,
}

/// After that long a run that waits for its devices to be tried looks again, ms.
const SETTLES: i64 = 250;

enum Went {
    On,
    In,
    Waits,
    Stopped,
}

impl Rule {
    fn run(&mut self, id: u64) -> Option<&mut Run> {
        self.runs.iter_mut().find(|it| it.id == id)
    }
}

impl Reference {
    /// All that follows at this moment from what has happened.
    pub(super) fn settle(&mut self) {
        loop {
            if let Some(rule) = self.aftermath.chained.pop_front() {
                self.set_off(rule, None);
                continue;
            }
            self.look_again();
            if !self.aftermath.chained.is_empty() {
                continue;
            }
            let flights = &mut self.aftermath.flights;
            let first = flights.iter().position(|it| it.at_once).unwrap_or(0);
            let Some(flight) = flights.remove(first) else { return };
            self.land(&flight);
        }
    }

    fn land(&mut self, flight: &Flight) {
        let Flight { rule, run: id, lit, is_taken, .. } = *flight;
        let rules = &mut self.rules[rule];
        rules.is_lit = lit.unwrap_or(rules.is_lit);
        let Some(run) = rules.run(id) else { return };
        match run.phase {
            Phase::PulseBegins(until) if is_taken => run.phase = Phase::Pulse(until),
            Phase::Flying | Phase::PulseBegins(_) => {
                run.phase = Phase::Ready;
                self.over(rule, id);
                self.go(rule, id);
            }
            Phase::Ending(how) => self.close(rule, id, how),
            _ => {}
        }
    }

    pub(super) fn in_vain(&mut self, rule: usize) {
        self.seen.in_vain.insert((self.now.wall, rule));
    }

    pub(super) fn set_off(&mut self, rule: usize, moment: Option<(usize, i64)>) {
        let body = Rc::clone(&self.rules[rule].body);
        if !body.conditions.iter().all(|it| self.holds(rule, it) == Some(true)) {
            return self.in_vain(rule);
        }
        let is_queued = |it: &&Run| it.phase == Phase::Queued;
        let queued = self.rules[rule].runs.iter().filter(is_queued).count();
        let running = self.rules[rule].runs.len() - queued;
        let mut phase = Phase::Ready;
        match body.mode {
            RunMode::Single if running > 0 => return self.in_vain(rule),
            RunMode::Parallel(most) if running >= usize::from(most) => return self.in_vain(rule),
            RunMode::Queued(most) if running > 0 => {
                if queued >= usize::from(most) {
                    return self.in_vain(rule);
                }
                phase = Phase::Queued;
            }
            RunMode::Restart => {
                let open: Vec<u64> = self.rules[rule].runs.iter().map(|it| it.id).collect();
                for run in open {
                    self.give_up(rule, run);
                }
            }
            _ => {}
        }
        self.rules[rule].began.extend(moment);
        let frame = Frame { steps: body.steps.clone().into(), at: 0, rounds_left: 0 };
        let is_ready = phase == Phase::Ready;
        self.aftermath.runs += 1;
        let id = self.aftermath.runs;
        let run = Run { id, started: self.now.wall, frames: vec![frame], phase };
        self.rules[rule].runs.push(run);
        if is_ready {
            self.go(rule, id);
        }
    }

    /// A new run takes its place; what it switched on for a while is switched off.
    fn give_up(&mut self, rule: usize, id: u64) {
        let Some(run) = self.rules[rule].run(id) else { return };
        match run.phase {
            Phase::Ending(_) => {}
            Phase::PulseBegins(_) | Phase::Pulse(_) => {
                run.phase = Phase::Ending(End::Restarted);
                self.command(rule, id, "relay", Action::SetOnOff(false));
            }
            _ => self.close(rule, id, End::Restarted),
        }
    }

    fn over(&mut self, rule: usize, id: u64) {
        let frame = self.rules[rule].run(id).and_then(|it| it.frames.last_mut());
        if let Some(frame) = frame {
            frame.at += 1;
        }
    }

    /// Something is due for a run.
    pub(super) fn tick(&mut self, rule: usize, place: usize) {
        let one = &mut self.rules[rule].runs[place];
        let id = one.id;
        match std::mem::replace(&mut one.phase, Phase::Ready) {
            // Before it is given up it is looked at once more: the machine may have slept.
            Phase::Condition(condition, _, TimedOut::Stop)
                if self.holds(rule, &condition) != Some(true) =>
            {
                return self.close(rule, id, End::TimedOut);
            }
            Phase::Settles(_) => return self.go(rule, id),
            Phase::Pulse(_) => {
                self.waits(rule, id, Phase::Flying);
                return self.command(rule, id, "relay", Action::SetOnOff(false));
            }
            _ => {}
        }
        self.over(rule, id);
        self.go(rule, id);
    }

    /// A run goes on until it has to wait or has ended.
    fn go(&mut self, rule: usize, id: u64) {
        while let Some(one) = self.rules[rule].run(id) {
            let Some(frame) = one.frames.last_mut() else {
                return self.close(rule, id, End::Finished);
            };
            let Some(step) = frame.steps.get(frame.at).cloned() else {
                if frame.rounds_left > 0 {
                    (frame.at, frame.rounds_left) = (0, frame.rounds_left - 1);
                } else {
                    one.frames.pop();
                    self.over(rule, id);
                }
                continue;
            };
            match self.step(rule, id, step) {
                Went::On => self.over(rule, id),
                Went::In => {}
                Went::Waits => return,
                Went::Stopped => return self.close(rule, id, End::Stopped),
            }
        }
    }

    fn step(&mut self, rule: usize, id: u64, step: Step) -> Went {
        let steady = self.now.steady;
        let commands = matches!(step, Step::Command { .. } | Step::Toggle(_) | Step::Pulse { .. });
        if commands && self.untried.contains(&box_of(rule)) {
            return self.waits(rule, id, Phase::Settles(steady + SETTLES));
        }
        match step {
            Step::Command { action, .. } => {
                let key = match action.capability() {
                    Capability::DoorLock => "lock",
                    Capability::Momentary => "bell",
                    _ => "light",
                };
                self.command(rule, id, key, action);
                return self.waits(rule, id, Phase::Flying);
            }
            Step::Toggle(_) => {
                if !self.is_box_lost(rule) {
                    let is_lit = self.rules[rule].is_lit;
                    self.command(rule, id, "light", Action::SetOnOff(!is_lit));
                    return self.waits(rule, id, Phase::Flying);
                }
            }
            Step::Pulse { lasting, .. } => {
                self.command(rule, id, "relay", Action::SetOnOff(true));
                return self.waits(rule, id, Phase::PulseBegins(steady + ms(lasting)));
            }
            Step::Wait(span) => return self.waits(rule, id, Phase::Until(steady + ms(span))),
            Step::WaitUntil { condition, timeout, timed_out } => {
                if self.holds(rule, &condition) != Some(true) {
                    let until = steady + timeout.map_or(31 * 86_400_000, ms);
                    let phase = Phase::Condition(Rc::new(condition), until, timed_out);
                    return self.waits(rule, id, phase);
                }
            }
            Step::If { condition, then, otherwise } => {
                let is_so = self.holds(rule, &condition) == Some(true);
                return self.enter(rule, id, if is_so { then } else { otherwise }, 0);
            }
            Step::Repeat { repetition: Repetition::Times(times), steps } => {
                return self.enter(rule, id, steps, times - 1);
            }
            Step::Notify { .. } => self.seen.told.push((steady, rule)),
            Step::SetVariable { to: VariableChange::Add(by), .. } => self.rules[rule].count += by,
            Step::SetVariable { to: VariableChange::Set(VariableValue::Number(it)), .. } => {
                self.rules[rule].count = it;
            }
            Step::Stop => return Went::Stopped,
            other => panic!("no rule here does {other:?}"),
        }
        Went::On
    }

    fn waits(&mut self, rule: usize, id: u64, phase: Phase) -> Went {
        if let Some(run) = self.rules[rule].run(id) {
            run.phase = phase;
        }
        Went::Waits
    }

    fn enter(&mut self, rule: usize, id: u64, steps: Vec<Step>, rounds_left: u16) -> Went {
        if let Some(run) = self.rules[rule].run(id) {
            run.frames.push(Frame { steps: steps.into(), at: 0, rounds_left });
        }
        Went::In
    }

    fn is_box_lost(&self, rule: usize) -> bool {
        self.lost.contains(&box_of(rule))
    }

    fn command(&mut self, rule: usize, run: u64, key: &'static str, action: Action) {
        let is_taken = !self.is_box_lost(rule);
        let is_lit = action != Action::SetOnOff(false);
        let lit = (is_taken && key == "light").then_some(is_lit);
        let what = (key, action.capability());
        if is_taken {
            self.supersede(rule, what);
            self.seen.arrived.push((self.now.steady, rules::part(rule, key), action));
        }
        let flight = Flight { rule, run, what, lit, is_taken, at_once: !is_taken };
        self.aftermath.flights.push_back(flight);
    }

    /// What is on its way to the same place still arrives, but nobody waits for it any more.
    fn supersede(&mut self, rule: usize, what: (&'static str, Capability)) {
        let flights = &mut self.aftermath.flights;
        let is_same = |it: &&mut Flight| it.rule == rule && it.what == what && !it.at_once;
        let earlier = flights.iter_mut().filter(is_same).map(|it| std::mem::take(&mut it.run));
        let earlier: Vec<u64> = earlier.filter(|run| *run != 0).collect();
        flights.extend(earlier.into_iter().map(|run| Flight {
            rule,
            run,
            what,
            lit: None,
            is_taken: true,
            at_once: true,
        }));
    }

    /// A run has ended: the next in the queue has its turn, and rules that wait for it are set off
    /// once all else that happens at this moment has.
    fn close(&mut self, rule: usize, id: u64, how: End) {
        let place = self.rules[rule].runs.iter().position(|it| it.id == id);
        let Some(place) = place else { return };
        let gone = self.rules[rule].runs.remove(place);
        self.seen.ran.push((rule, gone.started, self.now.wall, how));
        if matches!(how, End::Finished | End::Stopped) {
            let ran = Trigger::RuleRan(rules::rule_id(rule));
            for (other, it) in self.rules.iter().enumerate() {
                let triggers = it.body.triggers.iter().filter(|it| **it == ran);
                self.aftermath.chained.extend(triggers.map(|_| other));
            }
        }
        let runs = &mut self.rules[rule].runs;
        let is_running = runs.iter().any(|it| it.phase != Phase::Queued);
        let next = runs.iter_mut().find(|_| !is_running);
        if let Some(next) = next {
            next.phase = Phase::Ready;
            let next = next.id;
            self.go(rule, next);
        }
    }

    /// Runs that wait for a condition look whether it holds.
    pub(super) fn look_again(&mut self) {
        for rule in 0..self.rules.len() {
            let open: Vec<u64> = self.rules[rule].runs.iter().map(|it| it.id).collect();
            for id in open {
                let Some(one) = self.rules[rule].run(id) else { continue };
                let Phase::Condition(condition, ..) = &one.phase else { continue };
                let condition = Rc::clone(condition);
                if self.holds(rule, &condition) == Some(true) {
                    self.waits(rule, id, Phase::Ready);
                    self.over(rule, id);
                    self.go(rule, id);
                }
            }
        }
    }
}

pub(super) fn box_of(rule: usize) -> String {
    format!("shelly-box{rule}")
}

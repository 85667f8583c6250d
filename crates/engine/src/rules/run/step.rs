//! Steps are carried out, one after the other, until one has to wait.

use std::sync::Arc;
use std::time::Duration;

use model::rule::{
    Condition, Frame, Path, PathPart, Repetition, RunOutcome, RunPhase, Step, TraceEvent, Truth,
    VariableChange,
};
use model::{RuleId, Variable, VariableId, VariableValue};

use super::{Course, place};
use crate::rules::World;
use crate::rules::occurrence::Occurrence;
use crate::rules::turn::Later;

/// Most steps that a run carries out at one moment.
const MOST_AT_ONCE: u16 = 1_000;

impl Course<'_, '_> {
    /// Goes on until the run waits or has ended.
    pub(super) fn go(&mut self) {
        let body = Arc::clone(&self.live.run.body);
        while !self.live.has_ended() && self.live.run.cursor.phase == RunPhase::Ready {
            if let Some(outcome) = self.live.ending.take() {
                return self.close(outcome);
            }
            let Some(frame) = self.live.run.cursor.frames.last().cloned() else {
                return self.end(RunOutcome::Finished { failed: self.live.failed });
            };
            let at = frame.block.then(PathPart::Step(frame.step));
            match place::block(&body, &frame.block).get(usize::from(frame.step)) {
                Some(_) if self.is_too_busy() => return self.end(RunOutcome::Runaway),
                Some(step) if self.has_to_settle(step) => return self.settle_first(),
                Some(step) => self.carry_out(step, &at),
                None => self.leave(&frame),
            }
        }
    }

    fn is_too_busy(&mut self) -> bool {
        let (at, count) = &mut self.live.busy;
        if *at != self.turn.now.uptime {
            (*at, *count) = (self.turn.now.uptime, 0);
        }
        *count = count.saturating_add(1);
        *count > MOST_AT_ONCE
    }

    /// Just after the start, devices that were not tried yet are waited for a little.
    fn has_to_settle(&self, step: &Step) -> bool {
        if self.turn.now.uptime >= self.settles_at {
            return false;
        }
        let is_untried =
            |role| self.turn.endpoint(role).is_some() && self.turn.is_reachable(role).is_none();
        match step {
            Step::Command { to, .. } => self.turn.roles(to).iter().any(is_untried),
            Step::Toggle(of) | Step::Adjust { of, .. } | Step::Pulse { of, .. } => {
                self.turn.roles(of).iter().any(is_untried)
            }
            Step::Scene { scene, .. } => {
                let scene = self.turn.scene(scene);
                scene.is_some_and(|it| it.settings.iter().any(|one| is_untried(&one.role)))
            }
            Step::Wait(_)
            | Step::WaitUntil { .. }
            | Step::If { .. }
            | Step::Repeat { .. }
            | Step::Notify { .. }
            | Step::SetVariable { .. }
            | Step::RunRule(_)
            | Step::Stop => false,
        }
    }

    fn settle_first(&mut self) {
        const A_LITTLE: Duration = Duration::from_millis(250);
        let at = self.turn.now.uptime.saturating_add(A_LITTLE);
        self.live.look_at = Some(at.min(self.settles_at));
    }

    fn carry_out(&mut self, step: &Step, at: &Path) {
        match step {
            Step::Command { to, action, transition } => self.command(to, action, *transition),
            Step::Toggle(of) => self.toggle(of),
            Step::Adjust { of, by } => self.adjust(of, *by),
            Step::Pulse { of, lasting } => self.pulse(of, *lasting),
            Step::Scene { scene, transition } => self.scene(scene, *transition),
            Step::Wait(span) => self.wait(*span),
            Step::WaitUntil { condition, timeout, .. } => {
                self.wait_until(condition, *timeout, &at.then(PathPart::Asks));
            }
            Step::If { condition, then, otherwise } => {
                let holds = self.decide(condition, at);
                let (part, steps) =
                    if holds { (PathPart::Then, then) } else { (PathPart::Otherwise, otherwise) };
                if steps.is_empty() { self.over() } else { self.enter(at.then(part), 0) }
            }
            Step::Repeat { repetition, .. } => self.repeat(repetition, at),
            Step::Notify { title, body, buttons } => {
                self.tell_people(title, body, buttons);
                self.over();
            }
            Step::SetVariable { variable, to } => {
                self.set_variable(variable, to);
                self.over();
            }
            Step::RunRule(rule) => {
                self.run_rule(rule);
                self.over();
            }
            Step::Stop => self.end(RunOutcome::Stopped),
        }
    }

    /// What cannot be known counts as no.
    fn decide(&mut self, condition: &Condition, at: &Path) -> bool {
        let judged = self.judge(condition, &at.then(PathPart::Asks));
        let holds = judged.truth == Truth::True;
        self.note(TraceEvent::Judged(judged));
        holds
    }

    fn enter(&mut self, block: Path, round: u16) {
        self.live.run.cursor.frames.push(Frame { block, step: 0, round });
    }

    fn repeat(&mut self, repetition: &Repetition, at: &Path) {
        let begins = match repetition {
            Repetition::Times(times) => *times > 0,
            Repetition::While(condition) => self.decide(condition, at),
            Repetition::Until(_) => true,
        };
        if begins {
            self.note(TraceEvent::Round(1));
            self.enter(at.then(PathPart::Then), 1);
        } else {
            self.over();
        }
    }

    /// A block has come to its end: once more, or on after the step that it belongs to.
    fn leave(&mut self, frame: &Frame) {
        let body = Arc::clone(&self.live.run.body);
        let owner = place::owner(&frame.block);
        let owner = owner.and_then(|at| place::step(&body, &at).map(|step| (at, step)));
        // Out of the block, so that what is noted stands at the step that it belongs to.
        self.live.run.cursor.frames.pop();
        let Some((at, step)) = owner else { return };
        if let Step::Repeat { repetition, .. } = step
            && self.goes_round(repetition, frame.round, &at)
        {
            let round = frame.round.saturating_add(1);
            self.note(TraceEvent::Round(round));
            return self.enter(frame.block.clone(), round);
        }
        self.over();
    }

    fn goes_round(&mut self, repetition: &Repetition, rounds: u16, at: &Path) -> bool {
        if rounds >= repetition.at_most() {
            return false;
        }
        match repetition {
            Repetition::Times(_) => true,
            Repetition::While(condition) => self.decide(condition, at),
            Repetition::Until(condition) => !self.decide(condition, at),
        }
    }

    fn set_variable(&mut self, id: &VariableId, change: &VariableChange) {
        let Some(variable) = self.turn.variable(id).cloned() else {
            return self.note(TraceEvent::Gone(id.to_string()));
        };
        let Some(value) = changed(&variable.value, change) else {
            return self.note(TraceEvent::Gone(variable.name.to_string()));
        };
        self.note(TraceEvent::Variable(id.clone(), value.clone()));
        if value != variable.value {
            self.turn.set_variable(Variable { value, ..variable });
        }
    }

    fn run_rule(&mut self, rule: &RuleId) {
        let is_there = self.book.entry(rule).is_some_and(|it| it.rule.enabled);
        if !is_there {
            return self.note(TraceEvent::Gone(rule.to_string()));
        }
        let by = (self.live.run.trace.rule.clone(), self.live.id().clone());
        let run = self.occurrence("rule").with(rule).run();
        self.note(TraceEvent::Ran(rule.clone(), run.clone()));
        let depth = self.live.run.depth.saturating_add(1);
        self.turn.later.push_back(Later::Run { rule: rule.clone(), run, by, depth });
    }

    /// The name of what is done at this step, in this round of all that it is in: the same after
    /// a restart, and never the same again.
    pub(super) fn occurrence(&self, what: &str) -> Occurrence {
        let start = Occurrence::within(self.live.id(), what);
        let frames = self.live.run.cursor.frames.iter();
        frames.fold(start, |name, frame| name.with_words(frame))
    }
}

fn changed(value: &VariableValue, change: &VariableChange) -> Option<VariableValue> {
    let changed = match (value, change) {
        (_, VariableChange::Set(to)) => to.is_like(value).then(|| to.clone())?,
        (VariableValue::Number(number), VariableChange::Add(more)) => {
            VariableValue::Number(number + more)
        }
        (VariableValue::YesNo(yes), VariableChange::Flip) => VariableValue::YesNo(!yes),
        (
            VariableValue::YesNo(_) | VariableValue::Text(_) | VariableValue::Number(_),
            VariableChange::Add(_) | VariableChange::Flip,
        ) => return None,
    };
    changed.is_allowed().then_some(changed)
}

//! Then: what a rule does, in words.

use model::rule::{Repetition, Step, Target, TimedOut, VariableChange};
use model::{Action, Capability, CoverMove, Span, ThermostatChange, VariableValue};

use super::target::Number;
use super::{Words, apart, joined};
use crate::face::color_words;
use crate::i18n::{decimal, percent, with_unit};

impl Words<'_> {
    /// One step, with all that is in it.
    pub fn step(self, step: &Step) -> String {
        let t = self.t;
        let to = |target: &Target| self.target(target, Number::All);
        match step {
            Step::Command { to: target, action, transition } => {
                self.slowly(self.action(target, &to(target), action), *transition)
            }
            Step::Toggle(target) => t.do_toggle(&to(target)),
            Step::Adjust { of, by } => {
                let level = percent(t.locale(), by.unsigned_abs().min(100));
                if *by < 0 { t.do_less(&to(of), &level) } else { t.do_more(&to(of), &level) }
            }
            Step::Pulse { of, lasting } => t.do_pulse(&to(of), &self.span(*lasting)),
            Step::Scene { scene, transition } => {
                let words = t.do_scene(&self.names.scene(t, scene));
                self.slowly(words, transition.unwrap_or(Span::ZERO))
            }
            Step::Wait(span) => t.do_wait(&self.span(*span)),
            Step::WaitUntil { condition, timeout, timed_out } => {
                let words = t.do_wait_until(&self.condition(condition));
                self.given_up(words, *timeout, *timed_out)
            }
            Step::If { condition, then, otherwise } => self.either(
                &self.condition(condition),
                &self.steps(then, usize::MAX),
                (!otherwise.is_empty()).then(|| self.steps(otherwise, usize::MAX)),
            ),
            Step::Repeat { repetition, steps } => {
                t.do_repeat(&self.repetition(repetition), &self.steps(steps, usize::MAX))
            }
            Step::Notify { title, .. } => t.do_notify(&t.quoted(&apart(title))),
            Step::SetVariable { variable, to } => {
                self.variable_change(&self.names.variable(t, variable), to)
            }
            Step::RunRule(rule) => t.do_run(&self.names.rule(t, rule)),
            Step::Stop => t.do_stop(),
        }
    }

    /// Steps one after the other, `most` at most; then how many more there are.
    pub fn steps(self, steps: &[Step], most: usize) -> String {
        let t = self.t;
        let mut words: Vec<String> = steps.iter().take(most).map(|it| self.step(it)).collect();
        if words.is_empty() {
            return t.do_nothing();
        }
        if let Some(left) = steps.len().checked_sub(most).filter(|it| *it > 0) {
            words.push(t.more_steps(left));
        }
        joined(words, |first, second| t.sentence_then(first, second))
    }

    fn either(self, condition: &str, then: &str, otherwise: Option<String>) -> String {
        match otherwise {
            Some(otherwise) => self.t.do_if_else(condition, then, &otherwise),
            None => self.t.do_if(condition, then),
        }
    }

    fn slowly(self, words: String, over: Span) -> String {
        if over.is_zero() { words } else { self.t.do_slowly(&words, &self.span(over)) }
    }

    fn given_up(self, words: String, timeout: Option<Span>, then: TimedOut) -> String {
        let Some(timeout) = timeout else { return words };
        let words = self.t.do_at_most(&words, &self.span(timeout));
        match then {
            TimedOut::Continue => words,
            TimedOut::Stop => self.t.do_or_stop(&words),
        }
    }

    /// How often a block is repeated.
    pub fn repetition(self, repetition: &Repetition) -> String {
        let t = self.t;
        match repetition {
            Repetition::Times(times) => t.repeat_times(usize::from(*times)),
            Repetition::While(condition) => t.repeat_while(&self.condition(condition)),
            Repetition::Until(condition) => t.repeat_until(&self.condition(condition)),
        }
    }

    /// What is asked of somebody.
    pub fn action(self, of: &Target, whom: &str, action: &Action) -> String {
        let t = self.t;
        match action {
            Action::SetOnOff(true) => t.do_on(whom),
            Action::SetOnOff(false) => t.do_off(whom),
            Action::SetLevel(level) => t.do_set(whom, &percent(t.locale(), level.get())),
            Action::SetColor(color) => t.do_color(whom, &color_words(t, *color)),
            Action::SetEffect(name) => t.do_effect(whom, &apart(name)),
            Action::SetPalette(name) => t.do_palette(whom, &apart(name)),
            Action::MoveCover(CoverMove::Open) => t.do_open(whom),
            Action::MoveCover(CoverMove::Close) => t.do_close(whom),
            Action::MoveCover(CoverMove::Stop) => t.do_stop_moving(whom),
            Action::MoveCover(CoverMove::To(level)) => {
                t.do_open_to(whom, &percent(t.locale(), level.get()))
            }
            Action::SetLocked(true) => t.do_lock(whom),
            Action::SetLocked(false) => t.do_unlock(whom),
            Action::SetThermostat(change) => self.thermostat(whom, *change),
            Action::SelectMode(name) => t.do_set(whom, &t.quoted(&apart(name))),
            Action::SetNumber(number) => {
                let unit = self.names.unit(of, Capability::NumericControl);
                t.do_set(whom, &with_unit(t.locale(), *number, 2, &unit))
            }
            Action::Press => t.do_press(whom),
        }
    }

    fn thermostat(self, whom: &str, change: ThermostatChange) -> String {
        let t = self.t;
        let degrees = |it: model::Celsius| with_unit(t.locale(), it.get(), 1, "°C");
        let parts = [
            change.mode.map(|mode| t.do_set(whom, &t.quoted(&t.thermostat_mode(mode)))),
            change.heating_setpoint.map(|it| t.do_heat(whom, &degrees(it))),
            change.cooling_setpoint.map(|it| t.do_cool(whom, &degrees(it))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { t.do_nothing() } else { joined(parts, |a, b| t.sentence_and(a, b)) }
    }

    fn variable_change(self, variable: &str, change: &VariableChange) -> String {
        let t = self.t;
        match change {
            VariableChange::Set(value) => t.do_set_variable(variable, &self.variable_value(value)),
            VariableChange::Add(number) => {
                let amount = decimal(t.locale(), number.abs(), 3);
                if *number < 0.0 {
                    t.do_subtract(variable, &amount)
                } else {
                    t.do_add(variable, &amount)
                }
            }
            VariableChange::Flip => t.do_flip(variable),
        }
    }

    /// What a variable is.
    pub fn variable_value(self, value: &VariableValue) -> String {
        let t = self.t;
        match value {
            VariableValue::YesNo(true) => t.quoted(&t.yes()),
            VariableValue::YesNo(false) => t.quoted(&t.no()),
            VariableValue::Number(number) => decimal(t.locale(), *number, 3),
            VariableValue::Text(text) => t.quoted(&apart(text)),
        }
    }
}

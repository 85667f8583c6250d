//! Only if: what has to hold, in words.

use model::rule::{Comparison, Condition, CoverIs, Is, Measure, SunState, Target, Which, Who};
use model::{BooleanMeaning, LockState, Span};

use super::days::time;
use super::target::Number;
use super::trigger::measure_name;
use super::{Words, apart, joined};
use crate::face::air_words;
use crate::i18n::decimal;

impl Words<'_> {
    /// What has to hold, behind "only if", "until" or "as long as".
    pub fn condition(self, condition: &Condition) -> String {
        let t = self.t;
        match condition {
            Condition::All(parts) if parts.is_empty() => t.so_always(),
            Condition::Any(parts) if parts.is_empty() => t.so_never(),
            Condition::All(parts) => {
                joined(self.parts(parts), |first, second| t.sentence_and(first, second))
            }
            Condition::Any(parts) => {
                joined(self.parts(parts), |first, second| t.sentence_or(first, second))
            }
            Condition::Not(inner) => t.so_not(&self.part(inner)),
            Condition::State { of, which, is, held_for } => {
                let who = self.target(of, (*which).into());
                self.held_so(self.is_so(of, &who, is), *held_for)
            }
            Condition::Number { of, which, measure, above, below, held_for } => {
                self.held_so(self.within(of, *which, *measure, *above, *below), *held_for)
            }
            Condition::Time { after, before, on } => {
                let phrase = match (after, before) {
                    (Some(after), Some(before)) => t.so_time_between(&time(*after), &time(*before)),
                    (Some(after), None) => t.so_time_after(&time(*after)),
                    (None, Some(before)) => t.so_time_before(&time(*before)),
                    (None, None) => t.so_time_any(),
                };
                self.on(phrase, on)
            }
            Condition::Sun { is, offset } => self.sun_is(*is, *offset),
            Condition::Home(who) => match who {
                Who::Household => t.so_home(&t.someone()),
                _ => t.so_home(&self.who(who)),
            },
            Condition::Away(who) => match who {
                Who::Everyone | Who::Household => t.so_nobody_home(),
                Who::Anyone => t.so_not_all_home(),
                Who::Person(_) => t.so_away(&self.who(who)),
            },
            Condition::Variable { variable, is } => {
                self.compared(&self.names.variable(t, variable), is)
            }
            Condition::Reachable { of, which } => t.so_reachable(&self.target(of, (*which).into())),
        }
    }

    fn parts(self, parts: &[Condition]) -> Vec<String> {
        parts.iter().map(|it| self.part(it)).collect()
    }

    /// A condition inside another: what is itself made of several stands in brackets.
    fn part(self, condition: &Condition) -> String {
        let words = self.condition(condition);
        match condition {
            Condition::All(parts) | Condition::Any(parts) if parts.len() > 1 => {
                self.t.sentence_in_brackets(&words)
            }
            _ => words,
        }
    }

    fn held_so(self, phrase: String, span: Span) -> String {
        if span.is_zero() { phrase } else { self.t.so_held(&phrase, &self.span(span)) }
    }

    fn within(
        self,
        of: &Target,
        which: Which,
        measure: Measure,
        above: Option<f64>,
        below: Option<f64>,
    ) -> String {
        let t = self.t;
        let (who, what) = (self.target(of, Number::from(which)), measure_name(t, measure));
        let number = |value: f64| self.number(of, measure, value);
        match (above, below) {
            (Some(low), Some(high)) => t.so_between(&who, &what, &number(low), &number(high)),
            (Some(low), None) => t.so_above(&who, &what, &number(low)),
            (None, Some(high)) => t.so_below(&who, &what, &number(high)),
            (None, None) => t.so_known(&who, &what),
        }
    }

    fn sun_is(self, is: SunState, offset: i16) -> String {
        let t = self.t;
        let phrase = match is {
            SunState::Up => t.so_sun_up(),
            SunState::Down => t.so_sun_down(),
        };
        let span = self.span(Span::minutes(u64::from(offset.unsigned_abs())));
        match offset {
            0 => phrase,
            1.. => t.so_sun_later(&phrase, &span),
            _ => t.so_sun_earlier(&phrase, &span),
        }
    }

    /// How a variable is.
    pub(super) fn compared(self, variable: &str, is: &Comparison) -> String {
        let t = self.t;
        let number = |value: f64| decimal(t.locale(), value, 3);
        match is {
            Comparison::YesNo(true) => t.so_yes(variable),
            Comparison::YesNo(false) => t.so_no(variable),
            Comparison::Text(text) => t.so_equals(variable, &t.quoted(&apart(text))),
            Comparison::Equals(value) => t.so_equals(variable, &number(*value)),
            Comparison::Above(value) => t.so_more(variable, &number(*value)),
            Comparison::Below(value) => t.so_less(variable, &number(*value)),
        }
    }

    /// Something is in a state.
    pub fn is_so(self, of: &Target, who: &str, is: &Is) -> String {
        let t = self.t;
        match is {
            Is::OnOff(true) => t.so_on(who),
            Is::OnOff(false) => t.so_off(who),
            Is::Boolean(yes) => match (self.names.meaning(of), yes) {
                (BooleanMeaning::Open, true) => t.so_open(who),
                (BooleanMeaning::Open, false) => t.so_closed(who),
                (BooleanMeaning::Leak, true) => t.so_leak(who),
                (BooleanMeaning::Leak, false) => t.so_no_leak(who),
                (BooleanMeaning::Smoke, true) => t.so_smoke(who),
                (BooleanMeaning::Smoke, false) => t.so_no_smoke(who),
                (BooleanMeaning::Problem, true) => t.so_problem(who),
                (BooleanMeaning::Problem, false) => t.so_no_problem(who),
                (BooleanMeaning::On, true) => t.so_on(who),
                (BooleanMeaning::On, false) => t.so_off(who),
            },
            Is::Occupied(true) => t.so_occupied(who),
            Is::Occupied(false) => t.so_unoccupied(who),
            Is::Lock(LockState::Locked) => t.so_locked(who),
            Is::Lock(LockState::Unlocked) => t.so_unlocked(who),
            Is::Lock(LockState::Jammed) => t.so_jammed(who),
            Is::Lock(LockState::Locking) => t.so_locking(who),
            Is::Lock(LockState::Unlocking) => t.so_unlocking(who),
            Is::Cover(CoverIs::Open) => t.so_open(who),
            Is::Cover(CoverIs::Closed) => t.so_closed(who),
            Is::Cover(CoverIs::Moving) => t.so_moving(who),
            Is::Running(true) => t.so_running(who),
            Is::Running(false) => t.so_idle(who),
            Is::Thermostat(mode) => t.so_set_to(who, &t.thermostat_mode(*mode)),
            Is::Mode(name) | Is::Effect(name) => t.so_set_to(who, &apart(name)),
            Is::Air(quality) => t.so_set_to(who, &air_words(t, *quality)),
        }
    }
}

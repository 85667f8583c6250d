//! Random rules. Each has a box of its own to command and a variable of its own, so that what one
//! does never depends on what another does in the same moment; all look at the same sensors.

use model::rule::{
    Condition, Days, Direction, Is, LocalTime, Measure, Missed, Repetition, RuleBody, RunMode,
    Step, Target, TimedOut, Trigger, VariableChange, Weekday, Weekdays, Which,
};
use model::{Action, EndpointId, Name, Percent, RoleId, RuleId, Span, VariableId, VariableValue};

use crate::chance::Chance;

pub(crate) const DOOR: &str = "shelly-eyes/door";
pub(crate) const MOTION: &str = "shelly-eyes/motion";
pub(crate) const WARM: &str = "shelly-nose/warm";
pub(crate) const BUTTON: &str = "shelly-eyes/button";

pub(crate) fn endpoint(text: &str) -> EndpointId {
    text.parse().expect("an endpoint id")
}

/// A part of the box of a rule.
pub(crate) fn part(rule: usize, key: &str) -> EndpointId {
    endpoint(&format!("shelly-box{rule}/{key}"))
}

pub(crate) fn rule_id(rule: usize) -> RuleId {
    format!("rule-{rule}").parse().expect("a rule id")
}

pub(crate) fn variable_id(rule: usize) -> VariableId {
    format!("count-{rule}").parse().expect("a variable id")
}

fn of(text: &str) -> Target {
    Target::Role(RoleId::of(&endpoint(text)))
}

pub(crate) fn is_of(target: &Target, text: &str) -> bool {
    *target == of(text)
}

/// A rule under construction.
struct Author<'a> {
    chance: &'a mut Chance,
    rule: usize,
    /// Nothing of it looks at a sensor.
    blind: bool,
}

pub(crate) fn body(rule: usize, chance: &mut Chance) -> RuleBody {
    let blind = chance.percent(15);
    let mut author = Author { chance, rule, blind };
    let name = Name::try_from(format!("Rule {rule}")).expect("a name");
    let triggers = author.triggers();
    let conditions = author.some(0, 3, |it| it.condition(2));
    let steps = author.some(1, 6, |it| it.step(2));
    let mode = author.mode();
    let missed = match author.chance.between(0, 4) {
        0 => Missed::Skip,
        1 => Missed::RunIfLate(Span::minutes(300)),
        _ => Missed::default(),
    };
    RuleBody { name, triggers, conditions, steps, mode, missed }
}

impl Author<'_> {
    fn some<T>(&mut self, least: i64, most: i64, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.chance.between(least, most);
        (0..count).map(|_| make(self)).collect()
    }

    /// A length of time that is no whole second, so that no two things meet by chance.
    fn span(&mut self, least: i64, most: i64) -> Span {
        let seconds = self.chance.between(least, most);
        let millis = self.chance.between(1, 1_000);
        Span::millis(u64::try_from(seconds * 1_000 + millis).expect("not negative"))
    }

    /// At most one that waits for a moment: of several moments that were missed, one counts.
    fn triggers(&mut self) -> Vec<Trigger> {
        let mut all = Vec::new();
        if self.chance.percent(60) {
            all.push(self.moment());
        }
        if self.rule > 0 && self.chance.percent(20) {
            all.push(Trigger::RuleRan(rule_id(self.rule - 1)));
        }
        while all.is_empty() || self.chance.percent(40) {
            let trigger = self.sense();
            all.push(trigger);
        }
        all
    }

    fn moment(&mut self) -> Trigger {
        if self.chance.percent(35) {
            let minutes = self.chance.one_of(&[45, 60, 90, 4 * 60, 7 * 60, 36 * 60]);
            return Trigger::Every(Span::minutes(minutes));
        }
        // Often in the hours in which clocks are changed.
        let hour = if self.chance.percent(50) { self.chance.between(0, 4) } else { 12 };
        let minute = self.chance.between(0, 60);
        let seconds = u32::try_from(hour * 3_600 + minute * 60).expect("a time of day");
        let at = LocalTime::from_seconds(seconds).expect("a time of day");
        Trigger::Time { at, on: self.days() }
    }

    fn days(&mut self) -> Days {
        if self.chance.percent(70) {
            return Days::default();
        }
        let all = Weekday::ALL.into_iter().filter(|_| self.chance.percent(60));
        Days { weekdays: Weekdays::from(all.collect::<Vec<_>>()), ..Days::default() }
    }

    fn sense(&mut self) -> Trigger {
        let held_for = if self.chance.percent(40) { self.span(5, 3_000) } else { Span::ZERO };
        if self.blind {
            return match self.chance.between(0, 2) {
                0 => Trigger::Unreachable { of: of(DOOR), held_for },
                _ => Trigger::Returns { of: of(DOOR) },
            };
        }
        match self.chance.between(0, 4) {
            0 => Trigger::Button { of: of(BUTTON), press: model::rule::ButtonPress::Times(1) },
            1 => Trigger::Crosses {
                of: of(WARM),
                measure: Measure::Temperature,
                direction: self.chance.one_of(&[Direction::Above, Direction::Below]),
                threshold: self.chance.between(18, 24) as f64 + 0.25,
                hysteresis: self.chance.between(0, 3) as f64 * 0.7,
                held_for,
            },
            _ => {
                let (whose, is) = self.seen();
                let to = self.chance.percent(80).then_some(is.clone());
                let held_for = if to.is_some() { held_for } else { Span::ZERO };
                Trigger::Changes { of: of(whose), what: is.capability(), from: None, to, held_for }
            }
        }
    }

    fn seen(&mut self) -> (&'static str, Is) {
        let is = self.chance.percent(50);
        match self.chance.between(0, 2) {
            0 => (DOOR, Is::Boolean(is)),
            _ => (MOTION, Is::Occupied(is)),
        }
    }

    fn condition(&mut self, depth: i64) -> Condition {
        match self.chance.between(0, if depth > 0 { 7 } else { 4 }) {
            0 => self.window(),
            1 => Condition::Variable {
                variable: variable_id(self.rule),
                is: model::rule::Comparison::Below(self.chance.between(1, 200) as f64 + 0.5),
            },
            2 | 3 if self.blind => self.window(),
            2 => Condition::Number {
                of: of(WARM),
                which: Which::Every,
                measure: Measure::Temperature,
                above: Some(self.chance.between(17, 22) as f64 + 0.25),
                below: self.chance.percent(30).then_some(24.25),
                held_for: Span::ZERO,
            },
            3 => {
                let (whose, is) = self.seen();
                let held_for =
                    if self.chance.percent(40) { self.span(5, 3_000) } else { Span::ZERO };
                Condition::State { of: of(whose), which: Which::Every, is, held_for }
            }
            4 => Condition::Not(Box::new(self.condition(depth - 1))),
            5 => Condition::Any(self.some(1, 4, |it| it.condition(depth - 1))),
            _ => Condition::All(self.some(0, 3, |it| it.condition(depth - 1))),
        }
    }

    fn window(&mut self) -> Condition {
        let mut time = |percent| {
            let hours = self.chance.between(0, 24 * 4);
            let seconds = u32::try_from(hours * 900).expect("a time of day");
            self.chance.percent(percent).then(|| LocalTime::from_seconds(seconds)).flatten()
        };
        let (after, before) = (time(80), time(80));
        Condition::Time { after, before, on: self.days() }
    }

    fn step(&mut self, depth: i64) -> Step {
        let rule = self.rule;
        let target = |key: &str| Target::Role(RoleId::of(&part(rule, key)));
        let command =
            |key: &str, action| Step::Command { to: target(key), action, transition: Span::ZERO };
        match self.chance.between(0, if depth > 0 { 15 } else { 11 }) {
            0 => command("light", Action::SetOnOff(self.chance.percent(50))),
            1 => {
                let level = u8::try_from(self.chance.between(1, 101)).expect("a percentage");
                command("light", Action::SetLevel(Percent::try_from(level).expect("it is one")))
            }
            2 => Step::Toggle(target("light")),
            3 => Step::Pulse { of: target("relay"), lasting: self.span(1, 30) },
            4 => command("bell", Action::Press),
            5 => command("lock", Action::SetLocked(self.chance.percent(50))),
            6 => {
                Step::Notify { title: "Look".to_owned(), body: String::new(), buttons: Vec::new() }
            }
            7 => Step::SetVariable { variable: variable_id(rule), to: VariableChange::Add(1.0) },
            8 if self.chance.percent(20) => Step::Stop,
            9 => Step::SetVariable {
                variable: variable_id(rule),
                to: VariableChange::Set(VariableValue::Number(7.0)),
            },
            8 | 10 => Step::Wait(self.span(1, 4_000)),
            11 => Step::If {
                condition: self.condition(1),
                then: self.some(0, 3, |it| it.step(depth - 1)),
                otherwise: self.some(0, 3, |it| it.step(depth - 1)),
            },
            12 => {
                let mut steps = self.some(1, 3, |it| it.step(depth - 1));
                steps.push(Step::Wait(self.span(1, 600)));
                let times = u16::try_from(self.chance.between(1, 4)).expect("a few");
                Step::Repeat { repetition: Repetition::Times(times), steps }
            }
            _ => Step::WaitUntil {
                condition: self.condition(1),
                timeout: Some(self.span(10, 20_000)),
                timed_out: self.chance.one_of(&[TimedOut::Continue, TimedOut::Stop]),
            },
        }
    }

    fn mode(&mut self) -> RunMode {
        match self.chance.between(0, 4) {
            0 => RunMode::Single,
            1 => RunMode::Restart,
            2 => RunMode::Queued(2),
            _ => RunMode::Parallel(3),
        }
    }
}

//! The phrases of a rule one by one: numbers, texts and what they name.

use model::rule::{
    ButtonPress, Comparison, Condition, Days, FindingKind, Is, LONGEST_WAIT, Measure, Path, Step,
    Trigger, VariableChange,
};
use model::{
    Action, Ampere, Capability, Celsius, KilowattHour, LONGEST_TEXT, Lux, MicrogramPerCubicMetre,
    Ppm, RelativeHumidity, Span, ThermostatChange, VariableValue, Volt, Watt,
};

use super::Check;

/// The shortest and longest interval of a rule that runs again and again.
const INTERVALS: (Span, Span) = (Span::seconds(10), Span::seconds(86_400));
/// The longest transition of a light.
const LONGEST_TRANSITION: Span = Span::minutes(60);
/// The shortest and longest time that something is switched on for.
const PULSES: (Span, Span) = (Span::millis(100), Span::minutes(60));
/// Most days of the calendar that a phrase lists.
const MOST_DATES: usize = 366;
/// The longest topic, in bytes.
const LONGEST_TOPIC: usize = 256;
/// The longest message that is compared, in bytes.
const LONGEST_PAYLOAD: usize = 4_096;
/// The shortest webhook: less could be guessed.
const SHORTEST_HOOK: usize = 16;

/// That a number is not between two others.
pub(super) fn within(number: f64, least: f64, most: f64) -> Option<FindingKind> {
    let fits = (least..=most).contains(&number);
    (!fits).then_some(FindingKind::OutOfRange(Some((least, most))))
}

/// That a text is too short or too long (in characters), or holds what could disguise it.
pub(super) fn text(text: &str, least: usize, most: usize) -> Option<FindingKind> {
    // Counting stops soon: a text may be megabytes long.
    let length = text.chars().take(most.saturating_add(1)).count();
    if (least..=most).contains(&length) && text.trim().len() >= least {
        (!text.chars().all(is_plain)).then_some(FindingKind::OutOfRange(None))
    } else {
        Some(FindingKind::OutOfRange(Some((as_number(least), as_number(most)))))
    }
}

/// What a text may hold that people read: lines, and the marks that join and order letters in
/// Arabic and emoji; nothing that reverses or hides it.
fn is_plain(letter: char) -> bool {
    matches!(letter, '\n' | '\u{200C}'..='\u{200F}') || !model::is_disguise(letter)
}

fn as_number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// What is wrong with an action by itself, whoever shall do it.
pub(super) fn action(action: &Action) -> Option<FindingKind> {
    let senseless = || Some(FindingKind::OutOfRange(None));
    match action {
        Action::SetEffect(name) | Action::SetPalette(name) | Action::SelectMode(name) => {
            text(name, 1, LONGEST_TEXT)
        }
        Action::SetNumber(number) if !number.is_finite() => senseless(),
        Action::SetThermostat(change) if *change == ThermostatChange::default() => senseless(),
        Action::SetOnOff(_)
        | Action::SetLevel(_)
        | Action::SetColor(_)
        | Action::MoveCover(_)
        | Action::SetLocked(_)
        | Action::SetThermostat(_)
        | Action::SetNumber(_)
        | Action::Press => None,
    }
}

/// The numbers that a measure can be; `None` where the device says which.
pub(crate) fn bounds(measure: Measure) -> Option<(f64, f64)> {
    match measure {
        Measure::Level | Measure::Open | Measure::Battery => Some((0.0, 100.0)),
        Measure::Humidity => Some((RelativeHumidity::MIN, RelativeHumidity::MAX)),
        Measure::Temperature
        | Measure::RoomTemperature
        | Measure::HeatingSetpoint
        | Measure::CoolingSetpoint => Some((Celsius::MIN, Celsius::MAX)),
        Measure::Illuminance => Some((Lux::MIN, Lux::MAX)),
        Measure::CarbonDioxide => Some((Ppm::MIN, Ppm::MAX)),
        Measure::Pm25 => Some((MicrogramPerCubicMetre::MIN, MicrogramPerCubicMetre::MAX)),
        Measure::Power => Some((Watt::MIN, Watt::MAX)),
        Measure::Voltage => Some((Volt::MIN, Volt::MAX)),
        Measure::Current => Some((Ampere::MIN, Ampere::MAX)),
        Measure::Energy => Some((KilowattHour::MIN, KilowattHour::MAX)),
        Measure::Setting | Measure::Other => None,
    }
}

/// That a measure is never that number.
fn number(measure: Measure, number: f64) -> Option<FindingKind> {
    match bounds(measure) {
        Some((least, most)) => within(number, least, most),
        None => (!number.is_finite()).then_some(FindingKind::OutOfRange(None)),
    }
}

/// That a number is not one that a threshold can have as its hysteresis.
fn hysteresis(measure: Measure, wide: f64) -> Option<FindingKind> {
    match bounds(measure) {
        Some((least, most)) => within(wide, 0.0, (most - least).ceil()),
        None if wide.is_finite() && wide >= 0.0 => None,
        None => Some(FindingKind::OutOfRange(None)),
    }
}

fn state(is: &Is) -> Option<FindingKind> {
    match is {
        Is::Mode(name) | Is::Effect(name) => text(name, 1, LONGEST_TEXT),
        Is::OnOff(_)
        | Is::Boolean(_)
        | Is::Occupied(_)
        | Is::Lock(_)
        | Is::Cover(_)
        | Is::Thermostat(_)
        | Is::Running(_)
        | Is::Air(_) => None,
    }
}

fn days(days: &Days) -> Option<FindingKind> {
    if days.weekdays.is_empty() {
        return Some(FindingKind::OutOfRange(None));
    }
    let most = as_number(MOST_DATES);
    (days.dates.len() > MOST_DATES).then_some(FindingKind::OutOfRange(Some((0.0, most))))
}

/// That a topic is none that a broker accepts as a filter (MQTT 3.1.1, 4.7): `+` stands for a whole
/// level, `#` for all the rest.
fn topic(topic: &str) -> Option<FindingKind> {
    if topic.is_empty() || topic.len() > LONGEST_TOPIC {
        return Some(FindingKind::OutOfRange(Some((1.0, as_number(LONGEST_TOPIC)))));
    }
    let last = topic.matches('/').count();
    let is_filter = topic.split('/').enumerate().all(|(level, it)| match it {
        "+" => true,
        "#" => level == last,
        name => !name.contains(['+', '#']) && !name.chars().any(char::is_control),
    });
    (!is_filter).then_some(FindingKind::OutOfRange(None))
}

fn payload(payload: Option<&str>) -> Option<FindingKind> {
    let is_long = payload.is_some_and(|it| it.len() > LONGEST_PAYLOAD);
    is_long.then(|| FindingKind::OutOfRange(Some((0.0, as_number(LONGEST_PAYLOAD)))))
}

fn compares(value: &VariableValue, is: &Comparison) -> bool {
    match is {
        Comparison::YesNo(_) => matches!(value, VariableValue::YesNo(_)),
        Comparison::Text(text) => {
            matches!(value, VariableValue::Text(_))
                && VariableValue::Text(text.clone()).is_allowed()
        }
        Comparison::Equals(number) | Comparison::Above(number) | Comparison::Below(number) => {
            matches!(value, VariableValue::Number(_)) && number.is_finite()
        }
    }
}

fn changes(value: &VariableValue, to: &VariableChange) -> bool {
    match to {
        VariableChange::Set(new) => new.is_like(value) && new.is_allowed(),
        VariableChange::Add(number) => {
            matches!(value, VariableValue::Number(_)) && number.is_finite()
        }
        VariableChange::Flip => matches!(value, VariableValue::YesNo(_)),
    }
}

impl Check<'_> {
    pub(super) fn trigger(&mut self, at: &Path, trigger: &Trigger) {
        match trigger {
            Trigger::Changes { of, what, from, to, held_for } => {
                self.target(at, of);
                self.no_longer(at, *held_for, LONGEST_WAIT);
                self.changing(at, *what, [from.as_ref(), to.as_ref()]);
            }
            Trigger::Crosses {
                of,
                measure,
                direction: _,
                threshold,
                hysteresis: wide,
                held_for,
            } => {
                self.target(at, of);
                self.no_longer(at, *held_for, LONGEST_WAIT);
                self.find_some(at, number(*measure, *threshold));
                self.find_some(at, hysteresis(*measure, *wide));
            }
            Trigger::Button { of, press } => {
                self.target(at, of);
                if let ButtonPress::Times(times) = press {
                    self.find_some(at, within(f64::from(*times), 1.0, 9.0));
                }
            }
            Trigger::Time { at: _, on } => self.find_some(at, days(on)),
            Trigger::Sun { event: _, offset, on } => {
                self.sun(at, *offset);
                self.find_some(at, days(on));
            }
            Trigger::Every(span) => {
                self.no_shorter(at, *span, INTERVALS.0);
                self.no_longer(at, *span, INTERVALS.1);
            }
            Trigger::Arrives(who) | Trigger::Leaves(who) => self.who(at, who),
            Trigger::Unreachable { of, held_for } => {
                self.target(at, of);
                self.no_longer(at, *held_for, LONGEST_WAIT);
            }
            Trigger::Returns { of } => self.target(at, of),
            Trigger::Started => {}
            Trigger::Variable { variable, becomes } => {
                self.variable(at, variable, |value| compares(value, becomes));
            }
            Trigger::RuleRan(rule) => self.rule(at, rule),
            Trigger::Webhook(hook) => {
                let length = as_number(hook.as_str().len());
                self.find_some(at, within(length, as_number(SHORTEST_HOOK), 64.0));
            }
            Trigger::Mqtt { topic: on, payload: with } => {
                self.find_some(at, topic(on));
                self.find_some(at, payload(with.as_deref()));
            }
        }
    }

    /// A change of a capability that has values, from and to states that it can be in.
    fn changing(&mut self, at: &Path, what: Capability, ends: [Option<&Is>; 2]) {
        let is_event = matches!(what, Capability::Button | Capability::Momentary);
        let is_another = ends.iter().flatten().any(|it| it.capability() != what);
        if is_event || is_another {
            self.find(at, FindingKind::OutOfRange(None));
        }
        for end in ends.into_iter().flatten() {
            self.find_some(at, state(end));
        }
    }

    /// A condition that has no parts.
    pub(super) fn leaf(&mut self, at: &Path, condition: &Condition) {
        match condition {
            Condition::State { of, which: _, is, held_for } => {
                self.target(at, of);
                self.find_some(at, state(is));
                self.no_longer(at, *held_for, LONGEST_WAIT);
            }
            Condition::Number { of, which: _, measure, above, below, held_for } => {
                self.target(at, of);
                self.no_longer(at, *held_for, LONGEST_WAIT);
                if above.is_none() && below.is_none() {
                    self.find(at, FindingKind::OutOfRange(None));
                }
                for bound in [above, below].into_iter().flatten() {
                    self.find_some(at, number(*measure, *bound));
                }
            }
            Condition::Time { after: _, before: _, on } => self.find_some(at, days(on)),
            Condition::Sun { is: _, offset } => self.sun(at, *offset),
            Condition::Home(who) | Condition::Away(who) => self.who(at, who),
            Condition::Variable { variable, is } => {
                self.variable(at, variable, |value| compares(value, is));
            }
            Condition::Reachable { of, which: _ } => self.target(at, of),
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {}
        }
    }

    /// A step that holds no others and asks nothing.
    pub(super) fn plain(&mut self, at: &Path, step: &Step) {
        match step {
            Step::Command { to, action: what, transition } => {
                self.target(at, to);
                self.find_some(at, action(what));
                self.no_longer(at, *transition, LONGEST_TRANSITION);
            }
            Step::Toggle(target) => self.target(at, target),
            Step::Adjust { of, by } => {
                self.target(at, of);
                let is_nothing = *by == 0;
                let wrong = is_nothing.then_some(FindingKind::OutOfRange(Some((-100.0, 100.0))));
                self.find_some(at, wrong.or_else(|| within(f64::from(*by), -100.0, 100.0)));
            }
            Step::Pulse { of, lasting } => {
                self.target(at, of);
                self.no_shorter(at, *lasting, PULSES.0);
                self.no_longer(at, *lasting, PULSES.1);
            }
            Step::Scene { scene, transition } => {
                self.scene(at, scene);
                self.no_longer(at, transition.unwrap_or_default(), LONGEST_TRANSITION);
            }
            Step::Wait(span) => self.no_longer(at, *span, LONGEST_WAIT),
            Step::SetVariable { variable, to } => {
                self.variable(at, variable, |value| changes(value, to));
            }
            Step::RunRule(rule) => self.rule(at, rule),
            Step::Stop
            | Step::WaitUntil { .. }
            | Step::If { .. }
            | Step::Repeat { .. }
            | Step::Notify { .. } => {}
        }
    }
}

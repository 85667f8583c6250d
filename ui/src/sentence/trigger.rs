//! When: what sets a rule off, in words.

use model::rule::{ButtonPress, CoverIs, Direction, Is, Measure, SunEvent, Target, Trigger, Who};
use model::{BooleanMeaning, LockState, Span};

use super::days::time;
use super::target::Number;
use super::{Words, apart};
use crate::face::{air_words, capability_name};
use crate::i18n::{Texts, decimal, percent, with_unit};

impl Words<'_> {
    /// What sets a rule off, behind "when".
    pub fn trigger(self, trigger: &Trigger) -> String {
        let t = self.t;
        match trigger {
            Trigger::Changes { of, what, from, to, held_for } => {
                let who = self.target(of, Number::Any);
                let phrase = match to {
                    Some(is) => self.becomes(of, &who, is),
                    None => t.now_changes(&who, &capability_name(t, *what)),
                };
                let phrase = match from {
                    Some(from) => t.now_from(&phrase, &self.state(of, from)),
                    None => phrase,
                };
                self.held_now(phrase, *held_for)
            }
            Trigger::Crosses { of, measure, direction, threshold, held_for, .. } => {
                let who = self.target(of, Number::Any);
                let what = measure_name(t, *measure);
                let number = self.number(of, *measure, *threshold);
                let phrase = match direction {
                    Direction::Above => t.now_above(&who, &what, &number),
                    Direction::Below => t.now_below(&who, &what, &number),
                };
                self.held_now(phrase, *held_for)
            }
            Trigger::Button { of, press } => self.press(&self.target(of, Number::Any), *press),
            Trigger::Time { at, on } => self.on(t.now_time(&time(*at)), on),
            Trigger::Sun { event, offset, on } => self.on(self.sun(*event, *offset), on),
            Trigger::Every(span) => t.now_every(&self.span(*span)),
            Trigger::Arrives(who) => self.arrives(who),
            Trigger::Leaves(who) => self.leaves(who),
            Trigger::Unreachable { of, held_for } => {
                self.held_now(t.now_unreachable(&self.target(of, Number::Any)), *held_for)
            }
            Trigger::Returns { of } => t.now_returns(&self.target(of, Number::Any)),
            Trigger::Started => t.now_started(),
            Trigger::Variable { variable, becomes } => {
                self.compared(&self.names.variable(t, variable), becomes)
            }
            Trigger::RuleRan(rule) => t.now_rule_ran(&self.names.rule(t, rule)),
            Trigger::Webhook(_) => t.now_webhook(),
            Trigger::Mqtt { topic, payload: None } => t.now_mqtt(&t.quoted(&apart(topic))),
            Trigger::Mqtt { topic, payload: Some(text) } => {
                t.now_mqtt_text(&t.quoted(&apart(topic)), &t.quoted(&apart(text)))
            }
        }
    }

    fn held_now(self, phrase: String, span: Span) -> String {
        if span.is_zero() { phrase } else { self.t.now_held(&phrase, &self.span(span)) }
    }

    fn press(self, who: &str, press: ButtonPress) -> String {
        let t = self.t;
        match press {
            ButtonPress::Times(1) => t.now_pressed(who, &t.press_once()),
            ButtonPress::Times(2) => t.now_pressed(who, &t.press_twice()),
            ButtonPress::Times(times) => {
                let count = decimal(t.locale(), f64::from(times), 0);
                t.now_pressed(who, &t.press_times(&count))
            }
            ButtonPress::Held => t.now_pressed(who, &t.press_long()),
            ButtonPress::Down => t.now_pressed(who, &t.press_down()),
            ButtonPress::Up => t.now_released(who),
        }
    }

    fn sun(self, event: SunEvent, offset: i16) -> String {
        let t = self.t;
        let span = self.span(Span::minutes(u64::from(offset.unsigned_abs())));
        match (event, offset) {
            (SunEvent::Sunrise, 0) => t.now_sunrise(),
            (SunEvent::Sunset, 0) => t.now_sunset(),
            (SunEvent::Sunrise, 1..) => t.now_after_sunrise(&span),
            (SunEvent::Sunrise, _) => t.now_before_sunrise(&span),
            (SunEvent::Sunset, 1..) => t.now_after_sunset(&span),
            (SunEvent::Sunset, _) => t.now_before_sunset(&span),
        }
    }

    fn arrives(self, who: &Who) -> String {
        match who {
            Who::Household => self.t.now_first_arrives(),
            Who::Everyone => self.t.now_all_home(),
            Who::Person(_) | Who::Anyone => self.t.now_arrives(&self.who(who)),
        }
    }

    fn leaves(self, who: &Who) -> String {
        match who {
            Who::Household | Who::Everyone => self.t.now_last_leaves(),
            Who::Person(_) | Who::Anyone => self.t.now_leaves(&self.who(who)),
        }
    }

    /// Something gets into a state.
    pub fn becomes(self, of: &Target, who: &str, is: &Is) -> String {
        let t = self.t;
        match is {
            Is::OnOff(true) => t.now_on(who),
            Is::OnOff(false) => t.now_off(who),
            Is::Boolean(yes) => match (self.names.meaning(of), yes) {
                (BooleanMeaning::Open, true) => t.now_open(who),
                (BooleanMeaning::Open, false) => t.now_closed(who),
                (BooleanMeaning::Leak, true) => t.now_leak(who),
                (BooleanMeaning::Leak, false) => t.now_no_leak(who),
                (BooleanMeaning::Smoke, true) => t.now_smoke(who),
                (BooleanMeaning::Smoke, false) => t.now_no_smoke(who),
                (BooleanMeaning::Problem, true) => t.now_problem(who),
                (BooleanMeaning::Problem, false) => t.now_no_problem(who),
                (BooleanMeaning::On, true) => t.now_on(who),
                (BooleanMeaning::On, false) => t.now_off(who),
            },
            Is::Occupied(true) => t.now_occupied(who),
            Is::Occupied(false) => t.now_unoccupied(who),
            Is::Lock(LockState::Locked) => t.now_locked(who),
            Is::Lock(LockState::Unlocked) => t.now_unlocked(who),
            Is::Lock(LockState::Jammed) => t.now_jammed(who),
            Is::Lock(LockState::Locking) => t.so_locking(who),
            Is::Lock(LockState::Unlocking) => t.so_unlocking(who),
            Is::Cover(CoverIs::Open) => t.now_open(who),
            Is::Cover(CoverIs::Closed) => t.now_closed(who),
            Is::Cover(CoverIs::Moving) => t.now_moving(who),
            Is::Running(true) => t.now_running(who),
            Is::Running(false) => t.now_idle(who),
            Is::Thermostat(mode) => t.now_set_to(who, &t.thermostat_mode(*mode)),
            Is::Mode(name) | Is::Effect(name) => t.now_set_to(who, &apart(name)),
            Is::Air(quality) => t.now_set_to(who, &air_words(t, *quality)),
        }
    }

    /// A state in a word.
    pub fn state(self, of: &Target, is: &Is) -> String {
        let t = self.t;
        match is {
            Is::OnOff(true) => t.on(),
            Is::OnOff(false) => t.off(),
            Is::Boolean(yes) => crate::face::boolean_words(t, self.names.meaning(of), *yes),
            Is::Occupied(true) => t.motion(),
            Is::Occupied(false) => t.no_motion(),
            Is::Lock(state) => crate::face::lock_words(t, *state),
            Is::Cover(CoverIs::Open) => t.open(),
            Is::Cover(CoverIs::Closed) => t.closed(),
            Is::Cover(CoverIs::Moving) => t.state_moving(),
            Is::Running(true) => t.state_running(),
            Is::Running(false) => t.idle(),
            Is::Thermostat(mode) => t.thermostat_mode(*mode),
            Is::Mode(name) | Is::Effect(name) => apart(name),
            Is::Air(quality) => air_words(t, *quality),
        }
    }

    /// A number of a measure, with its unit.
    pub fn number(self, of: &Target, measure: Measure, value: f64) -> String {
        let locale = self.t.locale();
        match unit(measure) {
            Some("%") if (0.0..=100.0).contains(&value) && value.fract() == 0.0 => {
                percent(locale, value as u8)
            }
            Some(unit) => with_unit(locale, value, 2, unit),
            None => with_unit(locale, value, 2, &self.names.unit(of, measure.capability())),
        }
    }
}

/// The unit of a measure; `None` where it is the device's own.
pub fn unit(measure: Measure) -> Option<&'static str> {
    match measure {
        Measure::Level | Measure::Open | Measure::Humidity | Measure::Battery => Some("%"),
        Measure::Temperature
        | Measure::RoomTemperature
        | Measure::HeatingSetpoint
        | Measure::CoolingSetpoint => Some("°C"),
        Measure::Illuminance => Some("lx"),
        Measure::CarbonDioxide => Some("ppm"),
        Measure::Pm25 => Some("µg/m³"),
        Measure::Power => Some("W"),
        Measure::Voltage => Some("V"),
        Measure::Current => Some("A"),
        Measure::Energy => Some("kWh"),
        Measure::Setting | Measure::Other => None,
    }
}

/// A measure as it stands in a sentence: in German with its article.
pub fn measure_name(t: Texts, measure: Measure) -> String {
    match measure {
        Measure::Level => t.measure_level(),
        Measure::Open => t.measure_open(),
        Measure::Temperature => t.measure_temperature(),
        Measure::Humidity => t.measure_humidity(),
        Measure::Illuminance => t.measure_illuminance(),
        Measure::CarbonDioxide => t.measure_carbon_dioxide(),
        Measure::Pm25 => t.measure_pm25(),
        Measure::Power => t.measure_power(),
        Measure::Voltage => t.measure_voltage(),
        Measure::Current => t.measure_current(),
        Measure::Energy => t.measure_energy(),
        Measure::Battery => t.measure_battery(),
        Measure::RoomTemperature => t.measure_room_temperature(),
        Measure::HeatingSetpoint => t.measure_heating(),
        Measure::CoolingSetpoint => t.measure_cooling(),
        Measure::Setting => t.measure_setting(),
        Measure::Other => t.measure_other(),
    }
}

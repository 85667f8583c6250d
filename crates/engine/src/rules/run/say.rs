//! What a run tells the people of the home.

use model::rule::{Cause, NoticeButton, TraceEvent};
use model::{Notice, Value, VariableValue};

use super::Course;
use crate::rules::{Deed, World};

impl Course<'_, '_> {
    pub(super) fn tell_people(&mut self, title: &str, body: &str, buttons: &[NoticeButton]) {
        let Some(id) = self.occurrence("notice").notice() else { return };
        let (who, value) = (self.who(), self.value());
        let fill = |text: &str| text.replace("{who}", &who).replace("{value}", &value);
        let trace = &self.live.run.trace;
        let notice = Notice {
            id: id.clone(),
            at: self.turn.now.wall,
            rule: trace.rule.clone(),
            run: trace.run.clone(),
            title: fill(title),
            body: fill(body),
            buttons: buttons.to_vec(),
            pressed: None,
        };
        self.note(TraceEvent::Notified(id));
        self.turn.ask(Deed::Notify(Box::new(notice)));
    }

    /// Who set the rule off.
    fn who(&self) -> String {
        match &self.live.run.trace.cause {
            Cause::Value { role, .. }
            | Cause::Pressed(_, role, _)
            | Cause::Unreachable(_, role)
            | Cause::Returned(_, role) => {
                self.turn.called(role).unwrap_or_else(|| role.to_string())
            }
            Cause::Arrived(_, person) | Cause::Left(_, person) => {
                let name = self.turn.person(person).map(|it| it.name.to_string());
                name.unwrap_or_else(|| person.to_string())
            }
            Cause::Rule(_, rule, _) => {
                let name = self.book.entry(rule).map(|it| it.body.name.to_string());
                name.unwrap_or_else(|| rule.to_string())
            }
            Cause::Variable(_, variable, _) => {
                let name = self.turn.variable(variable).map(|it| it.name.to_string());
                name.unwrap_or_else(|| variable.to_string())
            }
            Cause::Message(_, topic) => topic.clone(),
            Cause::Due(..)
            | Cause::Started(_)
            | Cause::Webhook(..)
            | Cause::Person
            | Cause::Notice(_) => String::new(),
        }
    }

    /// What it said.
    fn value(&self) -> String {
        match &self.live.run.trace.cause {
            Cause::Value { value, .. } => words(value),
            Cause::Variable(_, _, VariableValue::YesNo(yes)) => on_off(*yes).to_owned(),
            Cause::Variable(_, _, VariableValue::Number(number)) => plain(*number, ""),
            Cause::Variable(_, _, VariableValue::Text(text)) => text.clone(),
            Cause::Pressed(..)
            | Cause::Due(..)
            | Cause::Arrived(..)
            | Cause::Left(..)
            | Cause::Unreachable(..)
            | Cause::Returned(..)
            | Cause::Started(_)
            | Cause::Rule(..)
            | Cause::Webhook(..)
            | Cause::Message(..)
            | Cause::Person
            | Cause::Notice(_) => String::new(),
        }
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::OnOff(is) | Value::BooleanState(is) | Value::OccupancySensing(is) => {
            on_off(*is).to_owned()
        }
        Value::Level(it) | Value::PowerSource(it) => format!("{} %", it.get()),
        Value::WindowCovering(it) => {
            it.open.map(|open| format!("{} %", open.get())).unwrap_or_default()
        }
        Value::TemperatureMeasurement(it) => plain(it.get(), " °C"),
        Value::Thermostat(it) => {
            it.local_temperature.map(|it| plain(it.get(), " °C")).unwrap_or_default()
        }
        Value::RelativeHumidityMeasurement(it) => plain(it.get(), " %"),
        Value::IlluminanceMeasurement(it) => plain(it.get(), " lx"),
        Value::CarbonDioxideConcentrationMeasurement(it) => plain(it.get(), " ppm"),
        Value::Pm25ConcentrationMeasurement(it) => plain(it.get(), " µg/m³"),
        Value::ElectricalPower(it) => plain(it.power.get(), " W"),
        Value::ElectricalEnergy(it) => plain(it.get(), " kWh"),
        Value::NumericControl(it) | Value::GenericMeasurement(it) => plain(*it, ""),
        Value::ModeSelect(it) | Value::LightEffect(it) | Value::LightPalette(it) => it.clone(),
        Value::DoorLock(it) => format!("{it:?}").to_lowercase(),
        Value::AirQuality(it) => format!("{it:?}").to_lowercase(),
        Value::ColorControl(_) => String::new(),
    }
}

fn on_off(is: bool) -> &'static str {
    if is { "on" } else { "off" }
}

/// At most two decimals, and none that say nothing.
fn plain(number: f64, unit: &str) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{unit}")
}

//! What a series is of, and what one record of it comes down to.

use std::fmt;
use std::str::FromStr;

use model::{
    Capability, DeviceId, EndpointId, PersonId, PowerReading, Recorded, Value, VariableId,
};

use super::codec::Sample;

/// What a series is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// What a capability said.
    Value(EndpointId, Capability),
    /// A button.
    Pressed(EndpointId),
    /// Whether a device could be reached.
    Reachable(DeviceId),
    /// Whether somebody was in.
    Home(PersonId),
    /// A variable.
    Variable(VariableId),
    /// Hearth started.
    Started,
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(endpoint, capability) => write!(formatter, "value {endpoint} {capability}"),
            Self::Pressed(endpoint) => write!(formatter, "pressed {endpoint}"),
            Self::Reachable(device) => write!(formatter, "reachable {device}"),
            Self::Home(person) => write!(formatter, "home {person}"),
            Self::Variable(variable) => write!(formatter, "variable {variable}"),
            Self::Started => formatter.write_str("started"),
        }
    }
}

/// A text that names no subject.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not what a series can be of")]
pub(crate) struct NoSubject(String);

impl FromStr for Subject {
    type Err = NoSubject;

    fn from_str(text: &str) -> Result<Self, NoSubject> {
        read(text).ok_or_else(|| NoSubject(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Subject> {
    let mut words = text.split(' ');
    let subject = match (words.next()?, words.next()) {
        ("value", Some(of)) => Subject::Value(of.parse().ok()?, words.next()?.parse().ok()?),
        ("pressed", Some(of)) => Subject::Pressed(of.parse().ok()?),
        ("reachable", Some(of)) => Subject::Reachable(of.parse().ok()?),
        ("home", Some(of)) => Subject::Home(of.parse().ok()?),
        ("variable", Some(of)) => Subject::Variable(of.parse().ok()?),
        ("started", None) => Subject::Started,
        _ => return None,
    };
    words.next().is_none().then_some(subject)
}

impl Subject {
    /// Whether it is a measurement: of several within a second, the last is enough.
    pub(crate) fn is_measured(&self) -> bool {
        matches!(
            self,
            Self::Value(
                _,
                Capability::TemperatureMeasurement
                    | Capability::RelativeHumidityMeasurement
                    | Capability::IlluminanceMeasurement
                    | Capability::CarbonDioxideConcentrationMeasurement
                    | Capability::Pm25ConcentrationMeasurement
                    | Capability::ElectricalPower
                    | Capability::ElectricalEnergy
                    | Capability::PowerSource
                    | Capability::GenericMeasurement
            )
        )
    }

    /// What a record is of, and what it comes down to. `None` for what is not a number.
    pub(crate) fn of(what: &Recorded) -> Option<(Self, Sample)> {
        Some(match what {
            Recorded::Value(endpoint, value) => {
                (Self::Value(endpoint.clone(), value.capability()), sample_of(value)?)
            }
            Recorded::Pressed(endpoint, event) => {
                (Self::Pressed(endpoint.clone()), words_of(event)?)
            }
            Recorded::Reachable(device, it) => (Self::Reachable(device.clone()), Sample::Yes(*it)),
            Recorded::Home(person, it) => (Self::Home(person.clone()), Sample::Yes(*it)),
            Recorded::Variable(id, value) => (Self::Variable(id.clone()), words_of(value)?),
            Recorded::Started => (Self::Started, Sample::Yes(true)),
        })
    }

    /// The record that came down to that sample. `None` when it cannot have been.
    pub(crate) fn record(&self, sample: &Sample) -> Option<Recorded> {
        Some(match (self, sample) {
            (Self::Value(endpoint, capability), sample) => {
                Recorded::Value(endpoint.clone(), value_of(*capability, sample)?)
            }
            (Self::Pressed(endpoint), Sample::Words(words)) => {
                Recorded::Pressed(endpoint.clone(), serde_json::from_str(words).ok()?)
            }
            (Self::Reachable(device), Sample::Yes(it)) => Recorded::Reachable(device.clone(), *it),
            (Self::Home(person), Sample::Yes(it)) => Recorded::Home(person.clone(), *it),
            (Self::Variable(id), Sample::Words(words)) => {
                Recorded::Variable(id.clone(), serde_json::from_str(words).ok()?)
            }
            (Self::Started, Sample::Yes(true)) => Recorded::Started,
            _ => return None,
        })
    }
}

/// What a value comes down to. `None` for what is not a number.
pub(crate) fn sample_of(value: &Value) -> Option<Sample> {
    let number = match value {
        Value::OnOff(it) | Value::BooleanState(it) | Value::OccupancySensing(it) => {
            return Some(Sample::Yes(*it));
        }
        Value::ElectricalPower(it) => {
            let (voltage, current) = (it.voltage.map(f64::from), it.current.map(f64::from));
            return Some(Sample::Power(it.power.get(), voltage, current));
        }
        Value::Level(it) | Value::PowerSource(it) => f64::from(it.get()),
        Value::NumericControl(it) | Value::GenericMeasurement(it) => *it,
        Value::TemperatureMeasurement(it) => it.get(),
        Value::RelativeHumidityMeasurement(it) => it.get(),
        Value::IlluminanceMeasurement(it) => it.get(),
        Value::CarbonDioxideConcentrationMeasurement(it) => it.get(),
        Value::Pm25ConcentrationMeasurement(it) => it.get(),
        Value::ElectricalEnergy(it) => it.get(),
        Value::ColorControl(_)
        | Value::LightEffect(_)
        | Value::LightPalette(_)
        | Value::WindowCovering(_)
        | Value::DoorLock(_)
        | Value::Thermostat(_)
        | Value::ModeSelect(_)
        | Value::AirQuality(_) => return words_of(value),
    };
    number.is_finite().then_some(Sample::Number(number))
}

/// The value of a capability that came down to that sample. `None` when it cannot have been.
pub(crate) fn value_of(capability: Capability, sample: &Sample) -> Option<Value> {
    match sample {
        Sample::Yes(it) => match capability {
            Capability::OnOff => Some(Value::OnOff(*it)),
            Capability::BooleanState => Some(Value::BooleanState(*it)),
            Capability::OccupancySensing => Some(Value::OccupancySensing(*it)),
            _ => None,
        },
        Sample::Power(power, voltage, current) => {
            let power = (*power).try_into().ok()?;
            let voltage = voltage.map(TryInto::try_into).transpose().ok()?;
            let current = current.map(TryInto::try_into).transpose().ok()?;
            (capability == Capability::ElectricalPower)
                .then_some(Value::ElectricalPower(PowerReading { power, voltage, current }))
        }
        Sample::Number(number) => value_of_number(capability, *number),
        Sample::Words(words) => {
            let value: Value = serde_json::from_str(words).ok()?;
            (value.capability() == capability).then_some(value)
        }
    }
}

fn value_of_number(capability: Capability, number: f64) -> Option<Value> {
    let percent = || {
        let whole = number as u8;
        (f64::from(whole) == number).then_some(whole)?.try_into().ok()
    };
    Some(match capability {
        Capability::Level => Value::Level(percent()?),
        Capability::PowerSource => Value::PowerSource(percent()?),
        Capability::NumericControl => Value::NumericControl(number),
        Capability::GenericMeasurement => Value::GenericMeasurement(number),
        Capability::TemperatureMeasurement => {
            Value::TemperatureMeasurement(number.try_into().ok()?)
        }
        Capability::RelativeHumidityMeasurement => {
            Value::RelativeHumidityMeasurement(number.try_into().ok()?)
        }
        Capability::IlluminanceMeasurement => {
            Value::IlluminanceMeasurement(number.try_into().ok()?)
        }
        Capability::CarbonDioxideConcentrationMeasurement => {
            Value::CarbonDioxideConcentrationMeasurement(number.try_into().ok()?)
        }
        Capability::Pm25ConcentrationMeasurement => {
            Value::Pm25ConcentrationMeasurement(number.try_into().ok()?)
        }
        Capability::ElectricalEnergy => Value::ElectricalEnergy(number.try_into().ok()?),
        _ => return None,
    })
}

fn words_of(what: &impl serde::Serialize) -> Option<Sample> {
    serde_json::to_string(what).ok().map(Sample::Words)
}

//! What ESPHome's sensors measure, by device class and unit. The classes are Home Assistant's.

use model::{
    BooleanMeaning, Celsius, KilowattHour, Lux, MicrogramPerCubicMetre, Name, Percent,
    PowerReading, Ppm, RelativeHumidity, Spec, Value, Watt,
};

use super::proto::{ListEntitiesSensorResponse, SensorStateResponse};
use super::simple::widened;

/// What a sensor measures and how its number becomes ours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// In degrees Celsius: (number − offset) × factor.
    Temperature {
        offset: f64,
        factor: f64,
    },
    Humidity,
    Illuminance,
    CarbonDioxide,
    Pm25,
    /// With the factor to watts.
    Power(f64),
    /// With the factor to kilowatt hours.
    Energy(f64),
    Battery,
    /// Anything else, and everything in a unit that is not expected.
    Other,
}

impl Measure {
    pub(super) fn read(listed: &ListEntitiesSensorResponse) -> Self {
        match (listed.device_class.as_str(), listed.unit_of_measurement.as_str()) {
            ("temperature", "°C") => Self::Temperature { offset: 0.0, factor: 1.0 },
            ("temperature", "°F") => Self::Temperature { offset: 32.0, factor: 5.0 / 9.0 },
            ("temperature", "K") => Self::Temperature { offset: 273.15, factor: 1.0 },
            ("humidity", "%") => Self::Humidity,
            ("illuminance", "lx") => Self::Illuminance,
            ("carbon_dioxide", "ppm") => Self::CarbonDioxide,
            // Both micro signs that Unicode has are in use.
            ("pm25", "µg/m³" | "μg/m³") => Self::Pm25,
            ("power", "W") => Self::Power(1.0),
            ("power", "kW") => Self::Power(1_000.0),
            ("energy", "Wh") => Self::Energy(0.001),
            ("energy", "kWh") => Self::Energy(1.0),
            ("energy", "MWh") => Self::Energy(1_000.0),
            ("battery", "%") => Self::Battery,
            _ => Self::Other,
        }
    }

    pub(super) fn spec(self, unit: &str) -> Spec {
        match self {
            Self::Temperature { .. } => Spec::TemperatureMeasurement,
            Self::Humidity => Spec::RelativeHumidityMeasurement,
            Self::Illuminance => Spec::IlluminanceMeasurement,
            Self::CarbonDioxide => Spec::CarbonDioxideConcentrationMeasurement,
            Self::Pm25 => Spec::Pm25ConcentrationMeasurement,
            Self::Power(_) => Spec::ElectricalPower,
            Self::Energy(_) => Spec::ElectricalEnergy,
            Self::Battery => Spec::PowerSource,
            Self::Other => Spec::GenericMeasurement {
                unit: Name::lossy(unit).map_or_else(String::new, String::from),
            },
        }
    }

    /// What a state says: nothing when there is none yet, or none that the quantity can have.
    pub(super) fn value(self, state: &SensorStateResponse) -> Option<Value> {
        let number = widened(state.state);
        if state.missing_state || !number.is_finite() {
            return None;
        }
        match self {
            Self::Temperature { offset, factor } => {
                let celsius = ((number - offset) * factor * 1e4).round() / 1e4;
                Celsius::try_from(celsius).ok().map(Value::TemperatureMeasurement)
            }
            Self::Humidity => {
                RelativeHumidity::try_from(number).ok().map(Value::RelativeHumidityMeasurement)
            }
            Self::Illuminance => Lux::try_from(number).ok().map(Value::IlluminanceMeasurement),
            Self::CarbonDioxide => {
                Ppm::try_from(number).ok().map(Value::CarbonDioxideConcentrationMeasurement)
            }
            Self::Pm25 => MicrogramPerCubicMetre::try_from(number)
                .ok()
                .map(Value::Pm25ConcentrationMeasurement),
            Self::Power(factor) => {
                let power = Watt::try_from(number * factor).ok()?;
                let reading = PowerReading { power, voltage: None, current: None };
                Some(Value::ElectricalPower(reading))
            }
            Self::Energy(factor) => {
                KilowattHour::try_from(number * factor).ok().map(Value::ElectricalEnergy)
            }
            Self::Battery => (0.0..=100.0)
                .contains(&number)
                .then(|| Value::PowerSource(Percent::of(number, 100.0))),
            Self::Other => Some(Value::GenericMeasurement(number)),
        }
    }
}

/// What "true" means for a binary sensor of a class.
pub(super) fn boolean_spec(device_class: &str) -> Spec {
    let meaning = match device_class {
        "motion" | "occupancy" | "presence" => return Spec::OccupancySensing,
        "door" | "garage_door" | "lock" | "opening" | "window" => BooleanMeaning::Open,
        "moisture" => BooleanMeaning::Leak,
        "carbon_monoxide" | "gas" | "smoke" => BooleanMeaning::Smoke,
        "battery" | "problem" | "safety" | "tamper" => BooleanMeaning::Problem,
        _ => BooleanMeaning::On,
    };
    Spec::BooleanState(meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(class: &str, unit: &str, state: f32) -> Option<Value> {
        let listed = ListEntitiesSensorResponse {
            device_class: class.to_owned(),
            unit_of_measurement: unit.to_owned(),
            ..Default::default()
        };
        let state = SensorStateResponse { state, ..Default::default() };
        Measure::read(&listed).value(&state)
    }

    #[test]
    fn every_class_and_unit_has_its_quantity() {
        let celsius = |it| Value::TemperatureMeasurement(Celsius::clamped(it));
        let power = |it| {
            let power = Watt::clamped(it);
            Value::ElectricalPower(PowerReading { power, voltage: None, current: None })
        };
        for (class, unit, state, expected) in [
            ("temperature", "°C", 21.3, Some(celsius(21.3))),
            ("temperature", "°F", 140.0, Some(celsius(60.0))),
            ("temperature", "K", 300.15, Some(celsius(27.0))),
            ("temperature", "", 21.0, Some(Value::GenericMeasurement(21.0))),
            ("temperature", "°C", -300.0, None),
            ("humidity", "%", 130.0, None),
            ("power", "kW", 1.5, Some(power(1_500.0))),
            ("energy", "Wh", 12_500.0, Some(Value::ElectricalEnergy(KilowattHour::clamped(12.5)))),
            ("battery", "%", 79.6, Some(Value::PowerSource(80.try_into().unwrap()))),
            (
                "pm25",
                "µg/m³",
                12.0,
                Some(Value::Pm25ConcentrationMeasurement(MicrogramPerCubicMetre::clamped(12.0))),
            ),
            ("voltage", "V", 230.5, Some(Value::GenericMeasurement(230.5))),
            ("", "dBm", -58.0, Some(Value::GenericMeasurement(-58.0))),
            ("", "", f32::NAN, None),
            ("", "", f32::INFINITY, None),
        ] {
            assert_eq!(value(class, unit, state), expected, "{class} {unit} {state}");
        }
    }

    #[test]
    fn a_sensor_that_has_never_measured_says_nothing() {
        let state = SensorStateResponse { missing_state: true, ..Default::default() };
        assert_eq!(Measure::Other.value(&state), None);
    }

    #[test]
    fn binary_classes_have_their_meaning() {
        assert_eq!(boolean_spec("motion"), Spec::OccupancySensing);
        for (class, meaning) in [
            ("window", BooleanMeaning::Open),
            ("moisture", BooleanMeaning::Leak),
            ("smoke", BooleanMeaning::Smoke),
            ("tamper", BooleanMeaning::Problem),
            ("connectivity", BooleanMeaning::On),
            ("", BooleanMeaning::On),
        ] {
            assert_eq!(boolean_spec(class), Spec::BooleanState(meaning), "{class}");
        }
    }
}

//! One value in words, and what its capability is called.

use model::{Ampere, Capability, Color, Spec, Value, Volt};

use super::Says;
use crate::i18n::{Texts, percent, with_unit};

/// What a capability last said, in words.
pub fn value_words(t: Texts, spec: &Spec, value: &Value) -> String {
    let unit = |value: f64, decimals, unit: &str| with_unit(t.locale(), value, decimals, unit);
    match value {
        Value::OnOff(true) => t.on(),
        Value::OnOff(false) => t.off(),
        Value::Level(level) => percent(t.locale(), level.get()),
        Value::ColorControl(color) => color_words(t, *color),
        Value::LightEffect(name) | Value::LightPalette(name) | Value::ModeSelect(name) => {
            name.clone()
        }
        Value::WindowCovering(state) if state.motion == model::CoverMotion::Stopped => {
            Says::Cover(state.open).words(t)
        }
        Value::WindowCovering(state) => Says::Moving(state.motion).words(t),
        Value::DoorLock(state) => Says::Lock(*state).words(t),
        Value::Thermostat(state) => {
            let mode = t.thermostat_mode(state.mode);
            let target = state.heating_setpoint.or(state.cooling_setpoint);
            target.map_or(mode.clone(), |it| t.joined(&mode, &unit(it.get(), 1, "°C")))
        }
        Value::NumericControl(number) | Value::GenericMeasurement(number) => {
            unit(*number, 2, unit_of(spec))
        }
        Value::BooleanState(yes) => match spec {
            Spec::BooleanState(meaning) => Says::Boolean(*meaning, *yes).words(t),
            _ if *yes => t.on(),
            _ => t.off(),
        },
        Value::OccupancySensing(yes) => Says::Occupied(*yes).words(t),
        Value::TemperatureMeasurement(it) => Says::Temperature(*it).words(t),
        Value::RelativeHumidityMeasurement(it) => Says::Humidity(*it).words(t),
        Value::IlluminanceMeasurement(it) => Says::Illuminance(*it).words(t),
        Value::AirQuality(quality) => Says::Air(*quality).words(t),
        Value::CarbonDioxideConcentrationMeasurement(it) => Says::CarbonDioxide(*it).words(t),
        Value::Pm25ConcentrationMeasurement(it) => Says::FineDust(*it).words(t),
        Value::ElectricalPower(reading) => {
            let parts = [
                reading.voltage.map(|it| unit(it.get(), 0, Volt::UNIT)),
                reading.current.map(|it| unit(it.get(), 2, Ampere::UNIT)),
            ];
            let power = Says::Power(reading.power).words(t);
            parts.into_iter().flatten().fold(power, |line, it| t.joined(&line, &it))
        }
        Value::ElectricalEnergy(it) => unit(it.get(), 2, "kWh"),
        Value::PowerSource(charge) => percent(t.locale(), charge.get()),
    }
}

/// A colour in words.
pub fn color_words(t: Texts, color: Color) -> String {
    match color {
        Color::Temperature(kelvin) => with_unit(t.locale(), kelvin.get(), 0, "K"),
        Color::HueSaturation(hue, saturation) => {
            let degrees = format!("{}°", hue.degrees());
            t.joined(&degrees, &percent(t.locale(), saturation.get()))
        }
    }
}

fn unit_of(spec: &Spec) -> &str {
    match spec {
        Spec::NumericControl { unit, .. } | Spec::GenericMeasurement { unit } => unit,
        _ => "",
    }
}

/// What people call a capability.
pub fn capability_name(t: Texts, capability: Capability) -> String {
    match capability {
        Capability::OnOff => t.switching(),
        Capability::Level => t.level(),
        Capability::ColorControl => t.color(),
        Capability::LightEffect => t.effect(),
        Capability::LightPalette => t.palette(),
        Capability::WindowCovering => t.covering(),
        Capability::DoorLock => t.lock_state(),
        Capability::Thermostat => t.thermostat(),
        Capability::ModeSelect => t.mode(),
        Capability::NumericControl => t.number(),
        Capability::Momentary => t.action(),
        Capability::Button => t.button(),
        Capability::BooleanState => t.contact(),
        Capability::OccupancySensing => t.presence(),
        Capability::TemperatureMeasurement => t.temperature(),
        Capability::RelativeHumidityMeasurement => t.humidity(),
        Capability::IlluminanceMeasurement => t.illuminance(),
        Capability::AirQuality => t.air_quality(),
        Capability::CarbonDioxideConcentrationMeasurement => t.carbon_dioxide(),
        Capability::Pm25ConcentrationMeasurement => t.fine_dust(),
        Capability::ElectricalPower => t.power(),
        Capability::ElectricalEnergy => t.energy(),
        Capability::PowerSource => t.battery_charge(),
        Capability::GenericMeasurement => t.measurement(),
    }
}

#[cfg(test)]
mod tests {
    use model::{Kelvin, Language, PowerReading, Watt};

    use super::*;
    use crate::i18n::Locale;

    fn english() -> Texts {
        Texts::of(Locale { language: Language::En, pseudo: false })
    }

    #[test]
    fn every_value_is_said_with_its_unit() {
        let reading = PowerReading {
            power: Watt::clamped(12.3),
            voltage: Some(Volt::clamped(231.0)),
            current: None,
        };
        let number = Spec::NumericControl { min: 0.0, max: 9.0, step: 0.5, unit: "min".to_owned() };
        let cases = [
            (Spec::OnOff, Value::OnOff(true), "On"),
            (Spec::Level, Value::Level(40.try_into().unwrap()), "40%"),
            (Spec::ElectricalPower, Value::ElectricalPower(reading), "12\u{a0}W · 231\u{a0}V"),
            (number, Value::NumericControl(2.5), "2.5\u{a0}min"),
        ];
        for (spec, value, words) in cases {
            assert_eq!(value_words(english(), &spec, &value), words);
        }
        let warm = Color::Temperature(Kelvin::clamped(2_700.0));
        assert_eq!(color_words(english(), warm), "2700\u{a0}K");
    }

    #[test]
    fn every_capability_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<String> =
            Capability::ALL.into_iter().map(|it| capability_name(english(), it)).collect();
        assert_eq!(names.len(), Capability::ALL.len());
    }
}

//! What an endpoint says in its one line, in order of what people look for.

use api::EndpointView;
use model::{
    AirQuality, BooleanMeaning, Capability, Celsius, CoverMotion, CoverState, KilowattHour,
    LockState, Lux, MicrogramPerCubicMetre, Percent, Ppm, RelativeHumidity, Spec, ThermostatMode,
    ThermostatState, Value, Watt,
};

use crate::state::{Live, shown_value};

/// One thing that an endpoint says.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// On, at that level where there is one.
    On(Option<Percent>),
    /// Off.
    Off,
    /// A covering that stands still.
    Cover(Option<Percent>),
    /// A covering that moves.
    Moving(CoverMotion),
    /// A lock.
    Lock(LockState),
    /// A lock was asked to lock (true) or unlock, and has not said anything yet.
    LockAsked(bool),
    /// What a thermostat is set to do.
    Mode(ThermostatMode),
    /// What a thermostat heats or cools to.
    Target(Celsius),
    /// Between which temperatures a thermostat keeps.
    TargetBetween(Celsius, Celsius),
    /// A chosen mode, in the device's words.
    Choice(String),
    /// A number, with the unit that the device prints.
    Number(f64, String),
    /// A binary sensor.
    Boolean(BooleanMeaning, bool),
    /// Somebody is there.
    Occupied(bool),
    /// Temperature.
    Temperature(Celsius),
    /// Relative humidity.
    Humidity(RelativeHumidity),
    /// Illuminance.
    Illuminance(Lux),
    /// Air quality.
    Air(AirQuality),
    /// Carbon dioxide.
    CarbonDioxide(Ppm),
    /// Fine dust.
    FineDust(MicrogramPerCubicMetre),
    /// Power.
    Power(Watt),
    /// Energy.
    Energy(KilowattHour),
    /// Charge of a battery.
    Battery(Percent),
    /// Something to be set off.
    Ready,
    /// A button: it has no state.
    Button,
}

impl Says {
    /// Whether it is only worth saying where there is nothing else to say: a badge tells when a
    /// battery is low, what was used so far stands on the page of the device, and what is off
    /// draws no power.
    fn is_aside(&self) -> bool {
        match self {
            Self::Battery(_) | Self::Energy(_) => true,
            Self::Power(power) => power.get().abs() < 0.5,
            _ => false,
        }
    }

    /// Whether somebody should look at once.
    pub fn is_alarming(&self) -> bool {
        matches!(
            self,
            Self::Boolean(
                BooleanMeaning::Leak | BooleanMeaning::Smoke | BooleanMeaning::Problem,
                true
            ) | Self::Lock(LockState::Jammed)
        )
    }
}

/// What an endpoint says, most important first. Empty when nothing is known of it.
pub fn says(endpoint: &EndpointView, live: &Live) -> Vec<Says> {
    let mut said: Vec<(u8, Vec<Says>)> = endpoint
        .specs
        .iter()
        .filter_map(|spec| {
            let words = of_capability(spec, live);
            (!words.is_empty()).then(|| (rank(spec.capability()), words))
        })
        .collect();
    said.sort_by_key(|(rank, _)| *rank);
    let mut line: Vec<Says> = said.into_iter().flat_map(|(_, words)| words).collect();
    if line.len() > 1 {
        line.retain(|it| !it.is_aside());
    }
    line
}

/// Where a capability stands in the line.
fn rank(capability: Capability) -> u8 {
    match capability {
        Capability::OnOff | Capability::WindowCovering | Capability::DoorLock => 0,
        Capability::BooleanState | Capability::OccupancySensing => 1,
        Capability::Thermostat | Capability::TemperatureMeasurement => 2,
        _ => 3,
    }
}

fn of_capability(spec: &Spec, live: &Live) -> Vec<Says> {
    let state = live.state(spec.capability());
    let asked = state.pending.as_ref().and_then(|it| it.wanted.as_ref());
    if let (Some(Value::DoorLock(wanted)), Some(Value::DoorLock(is))) = (asked, &state.value) {
        let moves = matches!(is, LockState::Locking | LockState::Unlocking);
        if !moves && is != wanted {
            return vec![Says::LockAsked(*wanted == LockState::Locked)];
        }
    }
    match (shown_value(&state), spec) {
        (Some(value), spec) => of_value(value, spec, live),
        (None, Spec::Momentary) => vec![Says::Ready],
        (None, Spec::Button) => vec![Says::Button],
        (None, _) => Vec::new(),
    }
}

fn of_value(value: &Value, spec: &Spec, live: &Live) -> Vec<Says> {
    match value {
        Value::OnOff(true) => vec![Says::On(level(live))],
        Value::OnOff(false) => vec![Says::Off],
        Value::WindowCovering(cover) => vec![of_cover(*cover)],
        Value::DoorLock(lock) => vec![Says::Lock(*lock)],
        Value::Thermostat(state) => of_thermostat(state),
        Value::ModeSelect(mode) => vec![Says::Choice(mode.clone())],
        Value::NumericControl(number) | Value::GenericMeasurement(number) => {
            vec![Says::Number(*number, unit(spec))]
        }
        Value::BooleanState(yes) => {
            let Spec::BooleanState(meaning) = spec else { return Vec::new() };
            vec![Says::Boolean(*meaning, *yes)]
        }
        Value::OccupancySensing(yes) => vec![Says::Occupied(*yes)],
        Value::TemperatureMeasurement(it) => vec![Says::Temperature(*it)],
        Value::RelativeHumidityMeasurement(it) => vec![Says::Humidity(*it)],
        Value::IlluminanceMeasurement(it) => vec![Says::Illuminance(*it)],
        Value::AirQuality(it) => vec![Says::Air(*it)],
        Value::CarbonDioxideConcentrationMeasurement(it) => vec![Says::CarbonDioxide(*it)],
        Value::Pm25ConcentrationMeasurement(it) => vec![Says::FineDust(*it)],
        Value::ElectricalPower(it) => vec![Says::Power(it.power)],
        Value::ElectricalEnergy(it) => vec![Says::Energy(*it)],
        Value::PowerSource(it) => vec![Says::Battery(*it)],
        // Told with "on", or on the device's own page.
        Value::Level(_)
        | Value::ColorControl(_)
        | Value::LightEffect(_)
        | Value::LightPalette(_) => Vec::new(),
    }
}

fn level(live: &Live) -> Option<Percent> {
    match shown_value(&live.state(Capability::Level)) {
        Some(Value::Level(level)) => Some(*level),
        _ => None,
    }
}

fn of_cover(cover: CoverState) -> Says {
    match cover.motion {
        CoverMotion::Stopped => Says::Cover(cover.open),
        moving => Says::Moving(moving),
    }
}

fn of_thermostat(state: &ThermostatState) -> Vec<Says> {
    let mut says: Vec<Says> = state.local_temperature.map(Says::Temperature).into_iter().collect();
    let (heat, cool) = (state.heating_setpoint, state.cooling_setpoint);
    let target = match state.mode {
        ThermostatMode::Off | ThermostatMode::FanOnly | ThermostatMode::Dry => None,
        ThermostatMode::Heat => heat.map(Says::Target),
        ThermostatMode::Cool => cool.map(Says::Target),
        ThermostatMode::Auto => match (heat, cool) {
            (Some(heat), Some(cool)) if heat != cool => Some(Says::TargetBetween(heat, cool)),
            (Some(only), _) | (None, Some(only)) => Some(Says::Target(only)),
            (None, None) => None,
        },
    };
    says.push(target.unwrap_or(Says::Mode(state.mode)));
    says
}

fn unit(spec: &Spec) -> String {
    match spec {
        Spec::NumericControl { unit, .. } | Spec::GenericMeasurement { unit } => unit.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use model::{EndpointKind, PowerReading};

    use super::super::fixture::{endpoint, live};
    use super::*;
    use crate::state::Echo;

    fn percent(value: u8) -> Percent {
        value.try_into().unwrap()
    }

    #[test]
    fn a_dimmed_lamp_says_how_far() {
        let lamp = endpoint(EndpointKind::Light, vec![Spec::Level, Spec::OnOff]);
        let on = live(vec![Value::OnOff(true), Value::Level(percent(40))]);
        assert_eq!(says(&lamp, &on), [Says::On(Some(percent(40)))]);
        let off = live(vec![Value::OnOff(false), Value::Level(percent(40))]);
        assert_eq!(says(&lamp, &off), [Says::Off]);
    }

    #[test]
    fn a_climate_sensor_says_temperature_first_and_leaves_its_battery_to_the_badge() {
        let specs = vec![
            Spec::PowerSource,
            Spec::RelativeHumidityMeasurement,
            Spec::TemperatureMeasurement,
        ];
        let sensor = endpoint(EndpointKind::Sensor, specs);
        let humidity = RelativeHumidity::clamped(51.0);
        let values = vec![
            Value::PowerSource(percent(80)),
            Value::RelativeHumidityMeasurement(humidity),
            Value::TemperatureMeasurement(Celsius::clamped(21.4)),
        ];
        let wanted = [Says::Temperature(Celsius::clamped(21.4)), Says::Humidity(humidity)];
        assert_eq!(says(&sensor, &live(values)), wanted);
    }

    #[test]
    fn a_plug_says_its_power_while_it_draws_any() {
        let specs = vec![Spec::ElectricalEnergy, Spec::ElectricalPower, Spec::OnOff];
        let plug = endpoint(EndpointKind::Plug, specs);
        let power =
            |watts| PowerReading { power: Watt::clamped(watts), voltage: None, current: None };
        let values = |on, watts| {
            live(vec![
                Value::OnOff(on),
                Value::ElectricalPower(power(watts)),
                Value::ElectricalEnergy(KilowattHour::clamped(4.8)),
            ])
        };
        assert_eq!(says(&plug, &values(false, 0.0)), [Says::Off]);
        let on = [Says::On(None), Says::Power(Watt::clamped(26.0))];
        assert_eq!(says(&plug, &values(true, 26.0)), on);
    }

    #[test]
    fn a_button_is_not_unknown() {
        let button = endpoint(EndpointKind::Button, vec![Spec::Button]);
        assert_eq!(says(&button, &Live::default()), [Says::Button]);
    }

    #[test]
    fn a_lock_that_was_asked_says_so_and_not_that_it_is_done() {
        let lock = endpoint(EndpointKind::Lock, vec![Spec::DoorLock]);
        let mut state = live(vec![Value::DoorLock(LockState::Unlocked)]);
        let asked =
            Echo::new("a".parse().unwrap(), model::Action::SetLocked(true), model::Timestamp(0));
        state.ask(asked);
        assert_eq!(says(&lock, &state), [Says::LockAsked(true)]);
    }

    #[test]
    fn a_moving_blind_says_which_way() {
        let blind = endpoint(EndpointKind::Cover, vec![Spec::WindowCovering { positions: true }]);
        let cover = |motion| {
            live(vec![Value::WindowCovering(CoverState { open: Some(percent(30)), motion })])
        };
        let closing = cover(CoverMotion::Closing);
        assert_eq!(says(&blind, &closing), [Says::Moving(CoverMotion::Closing)]);
        assert_eq!(says(&blind, &cover(CoverMotion::Stopped)), [Says::Cover(Some(percent(30)))]);
    }

    #[test]
    fn a_thermostat_says_what_it_measures_and_what_it_aims_at() {
        let state = ThermostatState {
            mode: ThermostatMode::Heat,
            local_temperature: Some(Celsius::clamped(19.5)),
            heating_setpoint: Some(Celsius::clamped(21.0)),
            cooling_setpoint: None,
            running: Some(true),
        };
        let wanted =
            [Says::Temperature(Celsius::clamped(19.5)), Says::Target(Celsius::clamped(21.0))];
        assert_eq!(of_thermostat(&state), wanted);
        let off = ThermostatState { mode: ThermostatMode::Off, ..state };
        assert_eq!(of_thermostat(&off)[1], Says::Mode(ThermostatMode::Off));
    }

    #[test]
    fn water_and_smoke_are_alarming_and_an_open_window_is_not() {
        assert!(Says::Boolean(BooleanMeaning::Leak, true).is_alarming());
        assert!(!Says::Boolean(BooleanMeaning::Leak, false).is_alarming());
        assert!(!Says::Boolean(BooleanMeaning::Open, true).is_alarming());
    }
}

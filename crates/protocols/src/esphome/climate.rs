//! Thermostats. A climate entity has one target temperature, or two: heat below, cool above. One
//! that has two uses them in every mode, and takes no notice of a single one.

use std::collections::BTreeSet;

use model::{Action, Celsius, Spec, ThermostatChange, ThermostatMode, ThermostatState, Value};

use super::entity::EntityId;
use super::message::Message;
use super::proto::{ClimateCommandRequest, ClimateStateResponse, ListEntitiesClimateResponse};
use super::simple::widened;

/// Bits of `feature_flags`.
const CURRENT_TEMPERATURE: u32 = 1;
const TWO_POINT: u32 = 1 << 1 | 1 << 2;
const SAYS_ACTION: u32 = 1 << 5;

/// Numbers of `ClimateMode`.
const HEAT_COOL: i32 = 1;
const AUTO: i32 = 6;
/// Numbers of `ClimateAction` that mean work: cooling, heating, drying, fan, defrosting.
const AT_WORK: [i32; 5] = [2, 3, 5, 6, 7];

/// What a thermostat can do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Climate {
    modes: Vec<ThermostatMode>,
    /// Its number for `Auto`.
    auto: i32,
    two_targets: bool,
    range: (Celsius, Celsius),
    measures: bool,
    says_action: bool,
}

impl Climate {
    pub(super) fn read(listed: &ListEntitiesClimateResponse) -> Self {
        let flag = |bit| listed.feature_flags & bit != 0;
        let modes: BTreeSet<_> = listed.supported_modes.iter().copied().filter_map(mode).collect();
        let low = celsius(listed.visual_min_temperature).unwrap_or(Celsius::clamped(5.0));
        let high = celsius(listed.visual_max_temperature).filter(|high| *high > low);
        Self {
            modes: modes.into_iter().collect(),
            auto: if listed.supported_modes.contains(&HEAT_COOL) { HEAT_COOL } else { AUTO },
            two_targets: flag(TWO_POINT) || listed.supports_two_point_target_temperature,
            range: (low, high.unwrap_or(Celsius::clamped(low.get().max(5.0) + 30.0))),
            measures: flag(CURRENT_TEMPERATURE) || listed.supports_current_temperature,
            says_action: flag(SAYS_ACTION) || listed.supports_action,
        }
    }

    /// `None` when it knows no mode that we know.
    pub(super) fn spec(&self) -> Option<Spec> {
        (!self.modes.is_empty()).then(|| Spec::Thermostat {
            modes: self.modes.clone(),
            range: self.range,
            heating: self.heats(),
            cooling: self.cools(),
        })
    }

    fn heats(&self) -> bool {
        let modes = [ThermostatMode::Heat, ThermostatMode::Auto];
        modes.iter().any(|mode| self.modes.contains(mode))
    }

    fn cools(&self) -> bool {
        let automatic = self.modes.contains(&ThermostatMode::Auto) && self.two_targets;
        automatic || self.modes.contains(&ThermostatMode::Cool)
    }

    pub(super) fn value(&self, state: &ClimateStateResponse) -> Option<Value> {
        let mode = mode(state.mode)?;
        let (heat, cool) = if self.two_targets {
            (state.target_temperature_low, state.target_temperature_high)
        } else {
            (state.target_temperature, state.target_temperature)
        };
        Some(Value::Thermostat(ThermostatState {
            mode,
            local_temperature: celsius(state.current_temperature).filter(|_| self.measures),
            heating_setpoint: celsius(heat).filter(|_| self.heats()),
            cooling_setpoint: celsius(cool).filter(|_| self.cools()),
            running: self.says_action.then(|| AT_WORK.contains(&state.action)),
        }))
    }

    pub(super) fn command(&self, id: EntityId, action: &Action) -> Option<Message> {
        let Action::SetThermostat(change) = action else {
            return None;
        };
        let mut command = ClimateCommandRequest {
            key: id.key,
            device_id: id.device,
            has_mode: change.mode.is_some(),
            mode: change.mode.map_or(0, |mode| self.number(mode)),
            ..Default::default()
        };
        self.put_targets(change, &mut command);
        Some(Message::ClimateCommandRequest(command))
    }

    fn put_targets(&self, change: &ThermostatChange, command: &mut ClimateCommandRequest) {
        let narrow = |target: Option<Celsius>| target.map_or(0.0, |it| it.get() as f32);
        if self.two_targets {
            command.has_target_temperature_low = change.heating_setpoint.is_some();
            command.target_temperature_low = narrow(change.heating_setpoint);
            command.has_target_temperature_high = change.cooling_setpoint.is_some();
            command.target_temperature_high = narrow(change.cooling_setpoint);
        } else {
            let one = change.heating_setpoint.or(change.cooling_setpoint);
            command.has_target_temperature = one.is_some();
            command.target_temperature = narrow(one);
        }
    }

    fn number(&self, mode: ThermostatMode) -> i32 {
        match mode {
            ThermostatMode::Off => 0,
            ThermostatMode::Auto => self.auto,
            ThermostatMode::Cool => 2,
            ThermostatMode::Heat => 3,
            ThermostatMode::FanOnly => 4,
            ThermostatMode::Dry => 5,
        }
    }
}

fn mode(number: i32) -> Option<ThermostatMode> {
    match number {
        0 => Some(ThermostatMode::Off),
        HEAT_COOL | AUTO => Some(ThermostatMode::Auto),
        2 => Some(ThermostatMode::Cool),
        3 => Some(ThermostatMode::Heat),
        4 => Some(ThermostatMode::FanOnly),
        5 => Some(ThermostatMode::Dry),
        _ => None,
    }
}

/// ESPHome's thermostats count in degrees Celsius, whatever they show.
fn celsius(number: f32) -> Option<Celsius> {
    Celsius::try_from(widened(number)).ok()
}

#[cfg(test)]
mod tests {
    use super::super::entity::EntityKind;
    use super::*;

    const ID: EntityId = EntityId { kind: EntityKind::Climate, device: 0, key: 1 };

    fn climate(modes: &[i32], feature_flags: u32) -> Climate {
        Climate::read(&ListEntitiesClimateResponse {
            supported_modes: modes.to_vec(),
            feature_flags,
            visual_min_temperature: 7.0,
            visual_max_temperature: 30.0,
            ..Default::default()
        })
    }

    fn at(degrees: f64) -> Option<Celsius> {
        Some(Celsius::clamped(degrees))
    }

    fn setpoints(climate: &Climate, mode: i32) -> (Option<Celsius>, Option<Celsius>) {
        let state = ClimateStateResponse {
            mode,
            target_temperature: 20.0,
            target_temperature_low: 18.0,
            target_temperature_high: 26.0,
            ..Default::default()
        };
        match climate.value(&state) {
            Some(Value::Thermostat(state)) => (state.heating_setpoint, state.cooling_setpoint),
            other => panic!("{other:?}"),
        }
    }

    fn command(climate: &Climate, change: ThermostatChange) -> ClimateCommandRequest {
        match climate.command(ID, &Action::SetThermostat(change)) {
            Some(Message::ClimateCommandRequest(command)) => command,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn one_target_is_for_what_the_thermostat_can() {
        assert_eq!(setpoints(&climate(&[0, 3], 0), 3), (at(20.0), None));
        assert_eq!(setpoints(&climate(&[0, 2], 0), 2), (None, at(20.0)));
        assert_eq!(setpoints(&climate(&[0, 2, 3], 0), 0), (at(20.0), at(20.0)));
    }

    #[test]
    fn two_targets_count_in_every_mode() {
        for flag in [1 << 1, 1 << 2] {
            let climate = climate(&[0, 1, 2, 3], flag);
            assert_eq!(setpoints(&climate, 3), (at(18.0), at(26.0)));
            assert_eq!(setpoints(&climate, 1), (at(18.0), at(26.0)));
        }
    }

    #[test]
    fn a_change_asks_for_what_it_changes_and_nothing_else() {
        let change = ThermostatChange { heating_setpoint: at(21.5), ..Default::default() };
        let one = command(&climate(&[0, 3], 0), change);
        assert!(one.has_target_temperature && !one.has_mode && !one.has_target_temperature_low);
        assert_eq!(one.target_temperature, 21.5);
        let two = command(&climate(&[0, 1], TWO_POINT), change);
        assert!(!two.has_target_temperature && two.has_target_temperature_low);
        assert!(!two.has_target_temperature_high);
        let mode = ThermostatChange { mode: Some(ThermostatMode::Auto), ..Default::default() };
        assert_eq!(command(&climate(&[0, 1], 0), mode).mode, HEAT_COOL);
        assert_eq!(command(&climate(&[0, 6], 0), mode).mode, AUTO);
    }

    #[test]
    fn a_thermostat_that_measures_nothing_says_nothing() {
        let state = ClimateStateResponse { mode: 3, action: 3, ..Default::default() };
        let quiet = climate(&[0, 3], 0).value(&state);
        let Some(Value::Thermostat(quiet)) = quiet else { panic!("no state") };
        assert_eq!((quiet.local_temperature, quiet.running), (None, None));
        let chatty = climate(&[0, 3], CURRENT_TEMPERATURE | SAYS_ACTION).value(&state);
        let Some(Value::Thermostat(chatty)) = chatty else { panic!("no state") };
        assert_eq!((chatty.local_temperature, chatty.running), (at(0.0), Some(true)));
    }

    #[test]
    fn unknown_modes_are_left_out() {
        assert_eq!(climate(&[17], 0).spec(), None);
        let state = ClimateStateResponse { mode: 17, ..Default::default() };
        assert_eq!(climate(&[0, 3], 0).value(&state), None);
    }

    #[test]
    fn a_range_that_makes_no_sense_is_replaced() {
        let climate = Climate::read(&ListEntitiesClimateResponse {
            supported_modes: vec![3],
            visual_min_temperature: f32::NAN,
            visual_max_temperature: -5.0,
            ..Default::default()
        });
        assert!(climate.range.0 < climate.range.1);
    }
}

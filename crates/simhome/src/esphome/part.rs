//! An entity of a simulated ESPHome device: how it is listed, what it says, what it obeys.

use model::{CoverMotion, LockState, Value};
use protocols::esphome::{Message, proto};
use serde_json::json;

use super::light::Light;
use crate::drift::{Drift, rounded};

/// How far a cover moves in a second, of its whole way.
const COVER_SPEED: f32 = 0.2;
/// Celsius that a room gains in a second of heating.
const HEATING: f64 = 0.02;
/// Numbers of `ClimateMode` that the thermostat knows.
const CLIMATE_MODES: [i32; 3] = [0, 3, 6];

/// One entity.
#[derive(Debug, Clone)]
pub(super) struct Part {
    /// Its name; the rest of its identity follows from it.
    pub(super) name: &'static str,
    pub(super) body: Body,
}

/// What it is, and how it is now.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Sensor {
        class: &'static str,
        unit: &'static str,
        decimals: i32,
        drift: Drift,
    },
    Binary {
        class: &'static str,
        on: bool,
    },
    /// Numbers of the API's `LockState`: 1 locked, 2 unlocked, 4 locking, 5 unlocking.
    Lock {
        state: i32,
    },
    Climate {
        mode: i32,
        target: f32,
        room: f64,
    },
    Light(Light),
    Cover {
        position: f32,
        target: Option<f32>,
    },
    Switch {
        on: bool,
    },
    Number {
        value: f32,
        min: f32,
        max: f32,
        unit: &'static str,
    },
    Select {
        options: &'static [&'static str],
        chosen: String,
    },
    Button,
}

impl Part {
    pub(super) fn new(name: &'static str, body: Body) -> Self {
        Self { name, body }
    }

    /// As ESPHome makes it of the name.
    pub(super) fn object_id(&self) -> String {
        self.name.to_lowercase().replace(' ', "_")
    }

    /// FNV-1 of the object id, as in the firmware.
    pub(super) fn key(&self) -> u32 {
        let hash = |hash: u32, byte: u8| hash.wrapping_mul(16_777_619) ^ u32::from(byte);
        self.object_id().bytes().fold(2_166_136_261, hash)
    }

    /// How it is listed. Like new firmware it leaves the object id to the client.
    pub(super) fn listed(&self) -> Message {
        let (key, name) = (self.key(), self.name.to_owned());
        match &self.body {
            Body::Sensor { class, unit, decimals, .. } => {
                Message::ListEntitiesSensorResponse(proto::ListEntitiesSensorResponse {
                    key,
                    name,
                    unit_of_measurement: (*unit).to_owned(),
                    accuracy_decimals: *decimals,
                    device_class: (*class).to_owned(),
                    state_class: 1,
                    ..Default::default()
                })
            }
            Body::Binary { class, .. } => {
                Message::ListEntitiesBinarySensorResponse(proto::ListEntitiesBinarySensorResponse {
                    key,
                    name,
                    device_class: (*class).to_owned(),
                    ..Default::default()
                })
            }
            Body::Lock { .. } => {
                let lock = proto::ListEntitiesLockResponse { key, name, ..Default::default() };
                Message::ListEntitiesLockResponse(lock)
            }
            Body::Climate { .. } => Message::ListEntitiesClimateResponse(climate(key, name)),
            Body::Light(_) => Message::ListEntitiesLightResponse(Light::listed(key, name)),
            Body::Cover { .. } => {
                Message::ListEntitiesCoverResponse(proto::ListEntitiesCoverResponse {
                    key,
                    name,
                    supports_position: true,
                    supports_stop: true,
                    device_class: "curtain".to_owned(),
                    ..Default::default()
                })
            }
            Body::Switch { .. } => {
                let switch = proto::ListEntitiesSwitchResponse { key, name, ..Default::default() };
                Message::ListEntitiesSwitchResponse(switch)
            }
            Body::Number { min, max, unit, .. } => {
                Message::ListEntitiesNumberResponse(proto::ListEntitiesNumberResponse {
                    key,
                    name,
                    min_value: *min,
                    max_value: *max,
                    step: 1.0,
                    unit_of_measurement: (*unit).to_owned(),
                    entity_category: 1,
                    ..Default::default()
                })
            }
            Body::Select { options, .. } => {
                Message::ListEntitiesSelectResponse(proto::ListEntitiesSelectResponse {
                    key,
                    name,
                    options: options.iter().map(|it| (*it).to_owned()).collect(),
                    ..Default::default()
                })
            }
            Body::Button => {
                let button = proto::ListEntitiesButtonResponse { key, name, ..Default::default() };
                Message::ListEntitiesButtonResponse(button)
            }
        }
    }

    /// What it says of itself; a button has nothing to say.
    pub(super) fn state(&self) -> Option<Message> {
        let (key, device_id) = (self.key(), 0);
        Some(match &self.body {
            Body::Sensor { decimals, drift, .. } => {
                let state = rounded(drift.value(), *decimals) as f32;
                let state = proto::SensorStateResponse { key, state, ..Default::default() };
                Message::SensorStateResponse(state)
            }
            Body::Binary { on, .. } => {
                let state = *on;
                let state = proto::BinarySensorStateResponse { key, state, ..Default::default() };
                Message::BinarySensorStateResponse(state)
            }
            Body::Lock { state } => {
                let state = *state;
                Message::LockStateResponse(proto::LockStateResponse { key, state, device_id })
            }
            Body::Climate { mode, target, room } => {
                let heating = *mode != 0 && *room < f64::from(*target);
                Message::ClimateStateResponse(proto::ClimateStateResponse {
                    key,
                    mode: *mode,
                    current_temperature: rounded(*room, 1) as f32,
                    target_temperature: *target,
                    action: match (*mode, heating) {
                        (0, _) => 0,
                        (_, true) => 3,
                        (_, false) => 4,
                    },
                    ..Default::default()
                })
            }
            Body::Light(light) => Message::LightStateResponse(light.state(key)),
            Body::Cover { position, .. } => {
                Message::CoverStateResponse(proto::CoverStateResponse {
                    key,
                    position: *position,
                    current_operation: match self.motion() {
                        CoverMotion::Stopped => 0,
                        CoverMotion::Opening => 1,
                        CoverMotion::Closing => 2,
                    },
                    device_id,
                })
            }
            Body::Switch { on } => {
                let state = *on;
                Message::SwitchStateResponse(proto::SwitchStateResponse { key, state, device_id })
            }
            Body::Number { value, .. } => {
                let state = *value;
                let state = proto::NumberStateResponse { key, state, ..Default::default() };
                Message::NumberStateResponse(state)
            }
            Body::Select { chosen, .. } => {
                let state = chosen.clone();
                let state = proto::SelectStateResponse { key, state, ..Default::default() };
                Message::SelectStateResponse(state)
            }
            Body::Button => return None,
        })
    }

    fn motion(&self) -> CoverMotion {
        match &self.body {
            Body::Cover { position, target: Some(target) } if target > position => {
                CoverMotion::Opening
            }
            Body::Cover { position, target: Some(target) } if target < position => {
                CoverMotion::Closing
            }
            _ => CoverMotion::Stopped,
        }
    }

    /// Whether this is a command for this entity that it can obey.
    pub(super) fn understands(&self, command: &Message) -> bool {
        self.clone().obey(command)
    }

    /// Does what it is told; false when that is none of its business.
    pub(super) fn obey(&mut self, command: &Message) -> bool {
        let own = self.key();
        match (&mut self.body, command) {
            (Body::Switch { on }, Message::SwitchCommandRequest(it)) if it.key == own => {
                *on = it.state;
            }
            (Body::Light(light), Message::LightCommandRequest(it)) if it.key == own => {
                light.obey(it);
            }
            (Body::Lock { state }, Message::LockCommandRequest(it)) if it.key == own => {
                *state = if it.command == 1 { 4 } else { 5 };
            }
            (Body::Cover { position, target }, Message::CoverCommandRequest(it))
                if it.key == own =>
            {
                let wanted = it.position.clamp(0.0, 1.0);
                *target = (it.has_position && !it.stop && wanted != *position).then_some(wanted);
            }
            (Body::Climate { mode, target, .. }, Message::ClimateCommandRequest(it))
                if it.key == own =>
            {
                if it.has_mode && CLIMATE_MODES.contains(&it.mode) {
                    *mode = it.mode;
                }
                if it.has_target_temperature {
                    *target = it.target_temperature.clamp(5.0, 30.0);
                }
            }
            (Body::Number { value, min, max, .. }, Message::NumberCommandRequest(it))
                if it.key == own =>
            {
                *value = it.state.clamp(*min, *max);
            }
            (Body::Select { options, chosen }, Message::SelectCommandRequest(it))
                if it.key == own && options.contains(&it.state.as_str()) =>
            {
                chosen.clone_from(&it.state);
            }
            (Body::Button, Message::ButtonCommandRequest(it)) => return it.key == own,
            _ => return false,
        }
        true
    }

    /// Lets time pass. Returns whether it has changed, and whether it is still on its way.
    pub(super) fn live(&mut self, seconds: f32) -> (bool, bool) {
        match &mut self.body {
            Body::Sensor { drift, .. } => {
                drift.next();
                (true, false)
            }
            Body::Lock { state: state @ (4 | 5) } => {
                *state -= 3;
                (true, false)
            }
            Body::Climate { mode, target, room } => {
                let warmer = *mode != 0 && *room < f64::from(*target);
                *room += if warmer { HEATING } else { -HEATING / 4.0 } * f64::from(seconds);
                *room = room.max(16.0);
                (true, false)
            }
            Body::Cover { position, target } => {
                let Some(wanted) = *target else { return (false, false) };
                let way = (wanted - *position).clamp(-COVER_SPEED * seconds, COVER_SPEED * seconds);
                *position = (*position + way).clamp(0.0, 1.0);
                if (*position - wanted).abs() < 1e-3 {
                    *position = wanted;
                    *target = None;
                }
                (true, target.is_some())
            }
            _ => (false, false),
        }
    }

    /// Changes it as if by hand; false when it has no such value.
    pub(super) fn set(&mut self, value: &Value) -> bool {
        match (&mut self.body, value) {
            (Body::Sensor { drift, .. }, value) => match reading(value) {
                Some(reading) => drift.settle(reading),
                None => return false,
            },
            (Body::Binary { on, .. }, Value::BooleanState(is) | Value::OccupancySensing(is))
            | (Body::Switch { on }, Value::OnOff(is)) => *on = *is,
            (Body::Light(light), Value::OnOff(is)) => light.on = *is,
            (Body::Light(light), Value::Level(level)) => light.brightness = level.times(1.0) as f32,
            (Body::Lock { state }, Value::DoorLock(is)) => {
                *state = match is {
                    LockState::Locked => 1,
                    LockState::Unlocked => 2,
                    LockState::Jammed => 3,
                    LockState::Locking => 4,
                    LockState::Unlocking => 5,
                };
            }
            (Body::Number { value, .. }, Value::NumericControl(is)) => *value = *is as f32,
            (Body::Select { chosen, .. }, Value::ModeSelect(is)) => chosen.clone_from(is),
            (Body::Cover { position, target }, Value::WindowCovering(is)) => {
                let Some(open) = is.open else { return false };
                *position = open.times(1.0) as f32;
                *target = None;
            }
            _ => return false,
        }
        true
    }

    /// For people and tests.
    pub(super) fn json(&self) -> serde_json::Value {
        match &self.body {
            Body::Sensor { decimals, drift, .. } => json!(rounded(drift.value(), *decimals)),
            Body::Binary { on, .. } | Body::Switch { on } => json!(on),
            Body::Lock { state } => json!({ "lock": state }),
            Body::Climate { mode, target, room } => {
                json!({ "mode": mode, "target": target, "room": rounded(*room, 1) })
            }
            Body::Light(light) => light.json(),
            Body::Cover { position, target } => json!({ "position": position, "target": target }),
            Body::Number { value, .. } => json!(value),
            Body::Select { chosen, .. } => json!(chosen),
            Body::Button => json!(null),
        }
    }
}

fn climate(key: u32, name: String) -> proto::ListEntitiesClimateResponse {
    proto::ListEntitiesClimateResponse {
        key,
        name,
        supports_current_temperature: true,
        supported_modes: CLIMATE_MODES.to_vec(),
        visual_min_temperature: 5.0,
        visual_max_temperature: 30.0,
        visual_target_temperature_step: 0.5,
        supports_action: true,
        feature_flags: 0b10_0001,
        ..Default::default()
    }
}

fn reading(value: &Value) -> Option<f64> {
    Some(match value {
        Value::TemperatureMeasurement(it) => it.get(),
        Value::RelativeHumidityMeasurement(it) => it.get(),
        Value::IlluminanceMeasurement(it) => it.get(),
        Value::CarbonDioxideConcentrationMeasurement(it) => it.get(),
        Value::Pm25ConcentrationMeasurement(it) => it.get(),
        Value::PowerSource(it) => f64::from(it.get()),
        Value::GenericMeasurement(it) => *it,
        _ => return None,
    })
}

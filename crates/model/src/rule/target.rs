//! Whom a phrase is about, and what can be said of them.

use serde::{Deserialize, Serialize};

use crate::{
    AirQuality, Capability, CoverMotion, EndpointKind, GroupId, LockState, RoleId, RoomId,
    ThermostatMode, Value,
};

/// Whom a phrase of a rule is about. Never hardware: a role is filled by some.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// One thing.
    Role(RoleId),
    /// Everything in a room, of one kind or of all that can do what is asked.
    Room {
        /// The room.
        room: RoomId,
        /// Only those of this kind ("the lights in the kitchen").
        #[serde(default, skip_serializing_if = "Option::is_none")]
        only: Option<EndpointKind>,
    },
    /// The members of a group.
    Group(GroupId),
    /// Everything of one kind in the whole home ("all lights").
    All(EndpointKind),
}

/// A state that a capability can be in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Is {
    /// On (true) or off.
    OnOff(bool),
    /// A binary sensor says true, as its meaning has it: open, leaking, smoke, trouble, on.
    Boolean(bool),
    /// Somebody is there (true), or nobody.
    Occupied(bool),
    /// A lock is so.
    Lock(LockState),
    /// A covering is so.
    Cover(CoverIs),
    /// A thermostat is set to this.
    Thermostat(ThermostatMode),
    /// A thermostat is heating or cooling right now (true), or not.
    Running(bool),
    /// This mode is chosen.
    Mode(String),
    /// This effect plays.
    Effect(String),
    /// Air quality is so.
    Air(AirQuality),
}

/// A state of a covering that people speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CoverIs {
    /// Not fully closed.
    Open,
    /// Fully closed.
    Closed,
    /// Going up or down.
    Moving,
}

impl Is {
    /// The capability that can be so.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::OnOff(_) => Capability::OnOff,
            Self::Boolean(_) => Capability::BooleanState,
            Self::Occupied(_) => Capability::OccupancySensing,
            Self::Lock(_) => Capability::DoorLock,
            Self::Cover(_) => Capability::WindowCovering,
            Self::Thermostat(_) | Self::Running(_) => Capability::Thermostat,
            Self::Mode(_) => Capability::ModeSelect,
            Self::Effect(_) => Capability::LightEffect,
            Self::Air(_) => Capability::AirQuality,
        }
    }

    /// Whether that value is so; `None` when it does not tell (another capability, a covering
    /// that does not know where it is).
    #[must_use]
    pub fn holds(&self, value: &Value) -> Option<bool> {
        match (self, value) {
            (Self::OnOff(wanted), Value::OnOff(is))
            | (Self::Boolean(wanted), Value::BooleanState(is))
            | (Self::Occupied(wanted), Value::OccupancySensing(is)) => Some(is == wanted),
            (Self::Lock(wanted), Value::DoorLock(is)) => Some(is == wanted),
            (Self::Cover(CoverIs::Moving), Value::WindowCovering(is)) => {
                Some(is.motion != CoverMotion::Stopped)
            }
            (Self::Cover(CoverIs::Open), Value::WindowCovering(is)) => {
                is.open.map(|it| it.get() > 0)
            }
            (Self::Cover(CoverIs::Closed), Value::WindowCovering(is)) => {
                is.open.map(|it| it.get() == 0)
            }
            (Self::Thermostat(wanted), Value::Thermostat(is)) => Some(is.mode == *wanted),
            (Self::Running(wanted), Value::Thermostat(is)) => is.running.map(|it| it == *wanted),
            (Self::Mode(wanted), Value::ModeSelect(is))
            | (Self::Effect(wanted), Value::LightEffect(is)) => Some(is == wanted),
            (Self::Air(wanted), Value::AirQuality(is)) => Some(is == wanted),
            _ => None,
        }
    }
}

/// A number that can be read off a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Brightness or speed, %.
    Level,
    /// How far a covering is open, %.
    Open,
    /// Temperature, °C.
    Temperature,
    /// Relative humidity, %.
    Humidity,
    /// Illuminance, lx.
    Illuminance,
    /// Carbon dioxide, ppm.
    CarbonDioxide,
    /// Fine dust, µg/m³.
    Pm25,
    /// Power, W.
    Power,
    /// Voltage, V.
    Voltage,
    /// Current, A.
    Current,
    /// Energy since the device began to count, kWh.
    Energy,
    /// Battery charge, %.
    Battery,
    /// The temperature that a thermostat measures, °C.
    RoomTemperature,
    /// The temperature that a thermostat heats to, °C.
    HeatingSetpoint,
    /// The temperature that a thermostat cools to, °C.
    CoolingSetpoint,
    /// A number that is set, in the device's unit.
    Setting,
    /// Any other measurement, in the device's unit.
    Other,
}

impl Measure {
    /// Every one there is.
    pub const ALL: [Self; 17] = [
        Self::Level,
        Self::Open,
        Self::Temperature,
        Self::Humidity,
        Self::Illuminance,
        Self::CarbonDioxide,
        Self::Pm25,
        Self::Power,
        Self::Voltage,
        Self::Current,
        Self::Energy,
        Self::Battery,
        Self::RoomTemperature,
        Self::HeatingSetpoint,
        Self::CoolingSetpoint,
        Self::Setting,
        Self::Other,
    ];

    /// The capability that it is read off.
    #[must_use]
    pub fn capability(self) -> Capability {
        match self {
            Self::Level => Capability::Level,
            Self::Open => Capability::WindowCovering,
            Self::Temperature => Capability::TemperatureMeasurement,
            Self::Humidity => Capability::RelativeHumidityMeasurement,
            Self::Illuminance => Capability::IlluminanceMeasurement,
            Self::CarbonDioxide => Capability::CarbonDioxideConcentrationMeasurement,
            Self::Pm25 => Capability::Pm25ConcentrationMeasurement,
            Self::Power | Self::Voltage | Self::Current => Capability::ElectricalPower,
            Self::Energy => Capability::ElectricalEnergy,
            Self::Battery => Capability::PowerSource,
            Self::RoomTemperature | Self::HeatingSetpoint | Self::CoolingSetpoint => {
                Capability::Thermostat
            }
            Self::Setting => Capability::NumericControl,
            Self::Other => Capability::GenericMeasurement,
        }
    }

    /// The number, where the value has it.
    #[must_use]
    pub fn read(self, value: &Value) -> Option<f64> {
        match (self, value) {
            (Self::Level, Value::Level(it)) | (Self::Battery, Value::PowerSource(it)) => {
                Some(f64::from(it.get()))
            }
            (Self::Open, Value::WindowCovering(it)) => it.open.map(|open| f64::from(open.get())),
            (Self::Temperature, Value::TemperatureMeasurement(it)) => Some(it.get()),
            (Self::Humidity, Value::RelativeHumidityMeasurement(it)) => Some(it.get()),
            (Self::Illuminance, Value::IlluminanceMeasurement(it)) => Some(it.get()),
            (Self::CarbonDioxide, Value::CarbonDioxideConcentrationMeasurement(it)) => {
                Some(it.get())
            }
            (Self::Pm25, Value::Pm25ConcentrationMeasurement(it)) => Some(it.get()),
            (Self::Power, Value::ElectricalPower(it)) => Some(it.power.get()),
            (Self::Voltage, Value::ElectricalPower(it)) => it.voltage.map(f64::from),
            (Self::Current, Value::ElectricalPower(it)) => it.current.map(f64::from),
            (Self::Energy, Value::ElectricalEnergy(it)) => Some(it.get()),
            (Self::RoomTemperature, Value::Thermostat(it)) => it.local_temperature.map(f64::from),
            (Self::HeatingSetpoint, Value::Thermostat(it)) => it.heating_setpoint.map(f64::from),
            (Self::CoolingSetpoint, Value::Thermostat(it)) => it.cooling_setpoint.map(f64::from),
            (Self::Setting, Value::NumericControl(it))
            | (Self::Other, Value::GenericMeasurement(it)) => Some(*it),
            _ => None,
        }
    }
}

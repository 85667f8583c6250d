//! What an endpoint can do ([`Spec`]) and what it last said of it ([`Value`]).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{
    Ampere, Celsius, Color, Kelvin, KilowattHour, Lux, MicrogramPerCubicMetre, Percent, Ppm,
    RelativeHumidity, Volt, Watt,
};

/// The kinds of thing an endpoint can do. One of a kind per endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Capability {
    /// On or off.
    OnOff,
    /// Brightness or speed, in percent. On and off are `OnOff`'s.
    Level,
    /// Colour, or warmth of white.
    ColorControl,
    /// A light's effect, by name.
    LightEffect,
    /// The palette a light's effect draws from, by name.
    LightPalette,
    /// A blind, shutter or garage door.
    WindowCovering,
    /// A lock.
    DoorLock,
    /// Heating and cooling.
    Thermostat,
    /// A choice of one among named modes.
    ModeSelect,
    /// A number that can be set.
    NumericControl,
    /// Something that can be set off, with no state of its own.
    Momentary,
    /// A button on the device: events, no state.
    Button,
    /// A binary sensor; what it means is in its spec.
    BooleanState,
    /// Somebody is there, or moves.
    OccupancySensing,
    /// Temperature.
    TemperatureMeasurement,
    /// Relative humidity.
    RelativeHumidityMeasurement,
    /// Illuminance.
    IlluminanceMeasurement,
    /// Air quality as one word.
    AirQuality,
    /// Carbon dioxide.
    CarbonDioxideConcentrationMeasurement,
    /// Fine dust, PM2.5.
    Pm25ConcentrationMeasurement,
    /// Power, voltage and current, now.
    ElectricalPower,
    /// Energy since the device began to count.
    ElectricalEnergy,
    /// Charge of a battery.
    PowerSource,
    /// Any other number a device measures.
    GenericMeasurement,
}

impl Capability {
    /// Every kind there is.
    pub const ALL: [Self; 24] = [
        Self::OnOff,
        Self::Level,
        Self::ColorControl,
        Self::LightEffect,
        Self::LightPalette,
        Self::WindowCovering,
        Self::DoorLock,
        Self::Thermostat,
        Self::ModeSelect,
        Self::NumericControl,
        Self::Momentary,
        Self::Button,
        Self::BooleanState,
        Self::OccupancySensing,
        Self::TemperatureMeasurement,
        Self::RelativeHumidityMeasurement,
        Self::IlluminanceMeasurement,
        Self::AirQuality,
        Self::CarbonDioxideConcentrationMeasurement,
        Self::Pm25ConcentrationMeasurement,
        Self::ElectricalPower,
        Self::ElectricalEnergy,
        Self::PowerSource,
        Self::GenericMeasurement,
    ];
}

impl fmt::Display for Capability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

/// A text that names no capability.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no capability of that name")]
pub struct UnknownCapability;

impl FromStr for Capability {
    type Err = UnknownCapability;

    fn from_str(text: &str) -> Result<Self, UnknownCapability> {
        Self::ALL.into_iter().find(|it| it.to_string() == text).ok_or(UnknownCapability)
    }
}

/// A capability of one endpoint, with the ranges and choices that this hardware has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Spec {
    /// On or off.
    OnOff,
    /// 0 to 100 %.
    Level,
    /// What kinds of colour the light can show.
    ColorControl {
        /// Hue and saturation.
        hue_saturation: bool,
        /// Coolest and warmest white: (lowest, highest) in kelvin.
        temperature: Option<(Kelvin, Kelvin)>,
    },
    /// The effects it knows, in the device's order; names are unique.
    LightEffect(Vec<String>),
    /// The palettes it knows, in the device's order; names are unique.
    LightPalette(Vec<String>),
    /// A covering.
    WindowCovering {
        /// It can go to a position, not just open and close.
        positions: bool,
    },
    /// A lock.
    DoorLock,
    /// A thermostat.
    Thermostat {
        /// The modes it knows.
        modes: Vec<ThermostatMode>,
        /// Lowest and highest setpoint.
        range: (Celsius, Celsius),
        /// It takes a setpoint for heating.
        heating: bool,
        /// It takes a setpoint for cooling.
        cooling: bool,
    },
    /// The modes to choose from; names are unique.
    ModeSelect(Vec<String>),
    /// A number to set.
    NumericControl {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
        /// Distance of two settings; 0 when any number will do.
        step: f64,
        /// Unit as the device prints it; may be empty.
        unit: String,
    },
    /// Something to set off.
    Momentary,
    /// A button.
    Button,
    /// A binary sensor.
    BooleanState(BooleanMeaning),
    /// Presence or motion.
    OccupancySensing,
    /// Temperature.
    TemperatureMeasurement,
    /// Relative humidity.
    RelativeHumidityMeasurement,
    /// Illuminance.
    IlluminanceMeasurement,
    /// Air quality.
    AirQuality,
    /// Carbon dioxide.
    CarbonDioxideConcentrationMeasurement,
    /// Fine dust.
    Pm25ConcentrationMeasurement,
    /// Power.
    ElectricalPower,
    /// Energy.
    ElectricalEnergy,
    /// Battery.
    PowerSource,
    /// Any other measurement.
    GenericMeasurement {
        /// Unit as the device prints it; may be empty.
        unit: String,
    },
}

impl Spec {
    /// Which kind of capability this describes.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::OnOff => Capability::OnOff,
            Self::Level => Capability::Level,
            Self::ColorControl { .. } => Capability::ColorControl,
            Self::LightEffect(_) => Capability::LightEffect,
            Self::LightPalette(_) => Capability::LightPalette,
            Self::WindowCovering { .. } => Capability::WindowCovering,
            Self::DoorLock => Capability::DoorLock,
            Self::Thermostat { .. } => Capability::Thermostat,
            Self::ModeSelect(_) => Capability::ModeSelect,
            Self::NumericControl { .. } => Capability::NumericControl,
            Self::Momentary => Capability::Momentary,
            Self::Button => Capability::Button,
            Self::BooleanState(_) => Capability::BooleanState,
            Self::OccupancySensing => Capability::OccupancySensing,
            Self::TemperatureMeasurement => Capability::TemperatureMeasurement,
            Self::RelativeHumidityMeasurement => Capability::RelativeHumidityMeasurement,
            Self::IlluminanceMeasurement => Capability::IlluminanceMeasurement,
            Self::AirQuality => Capability::AirQuality,
            Self::CarbonDioxideConcentrationMeasurement => {
                Capability::CarbonDioxideConcentrationMeasurement
            }
            Self::Pm25ConcentrationMeasurement => Capability::Pm25ConcentrationMeasurement,
            Self::ElectricalPower => Capability::ElectricalPower,
            Self::ElectricalEnergy => Capability::ElectricalEnergy,
            Self::PowerSource => Capability::PowerSource,
            Self::GenericMeasurement { .. } => Capability::GenericMeasurement,
        }
    }
}

/// What a binary sensor's "true" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BooleanMeaning {
    /// Open (a door, a window). Matter's BooleanState says the opposite: true is closed contact.
    Open,
    /// Water where none should be.
    Leak,
    /// Smoke or gas.
    Smoke,
    /// Something is wrong with the device.
    Problem,
    /// A wired input or a sensor of no known kind: just on.
    On,
}

/// What a capability last said. Measurements carry their unit in their type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// On?
    OnOff(bool),
    /// How much.
    Level(Percent),
    /// Which colour.
    ColorControl(Color),
    /// The effect that plays.
    LightEffect(String),
    /// The palette in use.
    LightPalette(String),
    /// Where it is and what it does.
    WindowCovering(CoverState),
    /// Locked?
    DoorLock(LockState),
    /// Mode, setpoints, temperature.
    Thermostat(ThermostatState),
    /// The chosen mode.
    ModeSelect(String),
    /// The number set.
    NumericControl(f64),
    /// True as the spec's meaning says.
    BooleanState(bool),
    /// Somebody is there.
    OccupancySensing(bool),
    /// Temperature.
    TemperatureMeasurement(Celsius),
    /// Relative humidity.
    RelativeHumidityMeasurement(RelativeHumidity),
    /// Illuminance.
    IlluminanceMeasurement(Lux),
    /// Air quality.
    AirQuality(AirQuality),
    /// Carbon dioxide.
    CarbonDioxideConcentrationMeasurement(Ppm),
    /// Fine dust.
    Pm25ConcentrationMeasurement(MicrogramPerCubicMetre),
    /// Power.
    ElectricalPower(PowerReading),
    /// Energy.
    ElectricalEnergy(KilowattHour),
    /// Battery charge.
    PowerSource(Percent),
    /// Any other measurement.
    GenericMeasurement(f64),
}

impl Value {
    /// Which capability says this.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::OnOff(_) => Capability::OnOff,
            Self::Level(_) => Capability::Level,
            Self::ColorControl(_) => Capability::ColorControl,
            Self::LightEffect(_) => Capability::LightEffect,
            Self::LightPalette(_) => Capability::LightPalette,
            Self::WindowCovering(_) => Capability::WindowCovering,
            Self::DoorLock(_) => Capability::DoorLock,
            Self::Thermostat(_) => Capability::Thermostat,
            Self::ModeSelect(_) => Capability::ModeSelect,
            Self::NumericControl(_) => Capability::NumericControl,
            Self::BooleanState(_) => Capability::BooleanState,
            Self::OccupancySensing(_) => Capability::OccupancySensing,
            Self::TemperatureMeasurement(_) => Capability::TemperatureMeasurement,
            Self::RelativeHumidityMeasurement(_) => Capability::RelativeHumidityMeasurement,
            Self::IlluminanceMeasurement(_) => Capability::IlluminanceMeasurement,
            Self::AirQuality(_) => Capability::AirQuality,
            Self::CarbonDioxideConcentrationMeasurement(_) => {
                Capability::CarbonDioxideConcentrationMeasurement
            }
            Self::Pm25ConcentrationMeasurement(_) => Capability::Pm25ConcentrationMeasurement,
            Self::ElectricalPower(_) => Capability::ElectricalPower,
            Self::ElectricalEnergy(_) => Capability::ElectricalEnergy,
            Self::PowerSource(_) => Capability::PowerSource,
            Self::GenericMeasurement(_) => Capability::GenericMeasurement,
        }
    }
}

/// State of a covering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverState {
    /// How far open: 0 closed, 100 open (Matter counts the other way). `None` when not known.
    pub open: Option<Percent>,
    /// What it is doing.
    pub motion: CoverMotion,
}

/// What a covering is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CoverMotion {
    /// Nothing.
    Stopped,
    /// Getting wider.
    Opening,
    /// Getting narrower.
    Closing,
}

/// State of a lock, after Matter's DoorLock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum LockState {
    /// Locked.
    Locked,
    /// Unlocked.
    Unlocked,
    /// On its way to locked.
    Locking,
    /// On its way to unlocked.
    Unlocking,
    /// Stuck in between; somebody should look.
    Jammed,
}

/// State of a thermostat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThermostatState {
    /// What it is set to do.
    pub mode: ThermostatMode,
    /// The temperature it measures.
    pub local_temperature: Option<Celsius>,
    /// Heat below this.
    pub heating_setpoint: Option<Celsius>,
    /// Cool above this.
    pub cooling_setpoint: Option<Celsius>,
    /// It is heating or cooling right now; `None` when it does not say.
    pub running: Option<bool>,
}

/// What a thermostat is set to do, after Matter's SystemMode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ThermostatMode {
    /// Nothing.
    Off,
    /// Heat or cool as needed.
    Auto,
    /// Heat.
    Heat,
    /// Cool.
    Cool,
    /// Move air.
    FanOnly,
    /// Take water out of the air.
    Dry,
}

/// Air quality, after Matter's AirQuality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AirQuality {
    /// Good.
    Good,
    /// Fair.
    Fair,
    /// Moderate.
    Moderate,
    /// Poor.
    Poor,
    /// Very poor.
    VeryPoor,
    /// Extremely poor.
    ExtremelyPoor,
}

/// Electrical readings of one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PowerReading {
    /// Active power.
    pub power: Watt,
    /// Voltage, when measured.
    pub voltage: Option<Volt>,
    /// Current, when measured.
    pub current: Option<Ampere>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_capability_is_found_by_its_name() {
        for capability in Capability::ALL {
            assert_eq!(capability.to_string().parse(), Ok(capability));
        }
        "onoff".parse::<Capability>().unwrap_err();
    }
}

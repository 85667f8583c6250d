//! What can be asked of an endpoint, and how to tell that it was done.

use serde::{Deserialize, Serialize};

use crate::{
    Capability, Celsius, Color, CoverMotion, CoverState, LockState, Percent, Spec, ThermostatMode,
    ThermostatState, Value,
};

/// One wish. All but `Press` are absolute: asking twice does no more than asking once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Action {
    /// Switch on or off.
    SetOnOff(bool),
    /// Set brightness or speed. Above 0 % this switches on, as lights do.
    SetLevel(Percent),
    /// Set the colour.
    SetColor(Color),
    /// Play an effect.
    SetEffect(String),
    /// Use a palette.
    SetPalette(String),
    /// Move a covering.
    MoveCover(CoverMove),
    /// Lock (true) or unlock (false).
    SetLocked(bool),
    /// Change a thermostat.
    SetThermostat(ThermostatChange),
    /// Choose a mode.
    SelectMode(String),
    /// Set a number.
    SetNumber(f64),
    /// Set off a momentary action.
    Press,
}

/// How a covering shall move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CoverMove {
    /// All the way open.
    Open,
    /// All the way closed.
    Close,
    /// Stop where it is.
    Stop,
    /// To that much open.
    To(Percent),
}

/// What to change of a thermostat; `None` leaves it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ThermostatChange {
    /// New mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<ThermostatMode>,
    /// New heating setpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heating_setpoint: Option<Celsius>,
    /// New cooling setpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooling_setpoint: Option<Celsius>,
}

impl Action {
    /// The capability it is asked of.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Self::SetOnOff(_) => Capability::OnOff,
            Self::SetLevel(_) => Capability::Level,
            Self::SetColor(_) => Capability::ColorControl,
            Self::SetEffect(_) => Capability::LightEffect,
            Self::SetPalette(_) => Capability::LightPalette,
            Self::MoveCover(_) => Capability::WindowCovering,
            Self::SetLocked(_) => Capability::DoorLock,
            Self::SetThermostat(_) => Capability::Thermostat,
            Self::SelectMode(_) => Capability::ModeSelect,
            Self::SetNumber(_) => Capability::NumericControl,
            Self::Press => Capability::Momentary,
        }
    }

    /// Whether asking twice is the same as asking once. What is not is never repeated.
    /// Unlocking counts as not: a door that a person locked meanwhile stays locked.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        !matches!(self, Self::Press | Self::SetLocked(false))
    }

    /// Whether hardware of this kind can do it at all.
    #[must_use]
    pub fn fits(&self, spec: &Spec) -> bool {
        match (self, spec) {
            (
                Self::SetColor(Color::HueSaturation(..)),
                Spec::ColorControl { hue_saturation, .. },
            ) => *hue_saturation,
            (
                Self::SetColor(Color::Temperature(wanted)),
                Spec::ColorControl { temperature, .. },
            ) => temperature.is_some_and(|(low, high)| (low..=high).contains(wanted)),
            (Self::SetEffect(name), Spec::LightEffect(names))
            | (Self::SetPalette(name), Spec::LightPalette(names))
            | (Self::SelectMode(name), Spec::ModeSelect(names)) => names.contains(name),
            (Self::MoveCover(CoverMove::To(_)), Spec::WindowCovering { positions }) => *positions,
            (Self::SetNumber(number), Spec::NumericControl { min, max, .. }) => {
                (*min..=*max).contains(number)
            }
            (Self::SetThermostat(change), Spec::Thermostat { modes, range, heating, cooling }) => {
                let within = |at: Option<Celsius>, can: bool| {
                    at.is_none_or(|it| can && (range.0..=range.1).contains(&it))
                };
                change.mode.is_none_or(|mode| modes.contains(&mode))
                    && within(change.heating_setpoint, *heating)
                    && within(change.cooling_setpoint, *cooling)
            }
            (action, spec) => action.capability() == spec.capability(),
        }
    }

    /// What the capability will say once this is done, given what it says now; `None` when
    /// nothing will be said (a momentary action) or it cannot be foretold.
    #[must_use]
    pub fn wanted(&self, now: Option<&Value>) -> Option<Value> {
        match (self, now) {
            (Self::SetOnOff(on), _) => Some(Value::OnOff(*on)),
            (Self::SetLevel(level), _) => Some(Value::Level(*level)),
            (Self::SetColor(color), _) => Some(Value::ColorControl(*color)),
            (Self::SetEffect(name), _) => Some(Value::LightEffect(name.clone())),
            (Self::SetPalette(name), _) => Some(Value::LightPalette(name.clone())),
            (Self::SelectMode(name), _) => Some(Value::ModeSelect(name.clone())),
            (Self::SetNumber(number), _) => Some(Value::NumericControl(*number)),
            (Self::SetLocked(true), _) => Some(Value::DoorLock(LockState::Locked)),
            (Self::SetLocked(false), _) => Some(Value::DoorLock(LockState::Unlocked)),
            (Self::MoveCover(to), now) => Some(Value::WindowCovering(to.wanted(now))),
            (Self::SetThermostat(change), Some(Value::Thermostat(state))) => {
                Some(Value::Thermostat(change.applied_to(*state)))
            }
            (Self::SetThermostat(_), _) | (Self::Press, _) => None,
        }
    }

    /// Whether what the device says shows that this was done. Devices round numbers, and a
    /// covering or a lock takes its time: being on the way counts.
    #[must_use]
    pub fn is_confirmed_by(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::SetOnOff(wanted), Value::OnOff(is)) => is == wanted,
            (Self::SetLevel(wanted), Value::Level(is)) => is.get().abs_diff(wanted.get()) <= 1,
            (Self::SetColor(wanted), Value::ColorControl(is)) => is.is_close_to(*wanted),
            (Self::SetEffect(wanted), Value::LightEffect(is))
            | (Self::SetPalette(wanted), Value::LightPalette(is))
            | (Self::SelectMode(wanted), Value::ModeSelect(is)) => is == wanted,
            (Self::MoveCover(to), Value::WindowCovering(is)) => to.is_confirmed_by(*is),
            (Self::SetLocked(true), Value::DoorLock(is)) => *is == LockState::Locked,
            (Self::SetLocked(false), Value::DoorLock(is)) => *is == LockState::Unlocked,
            (Self::SetThermostat(change), Value::Thermostat(is)) => change.is_confirmed_by(is),
            (Self::SetNumber(wanted), Value::NumericControl(is)) => {
                (is - wanted).abs() <= wanted.abs().max(1.0) * 1e-4
            }
            _ => false,
        }
    }
}

impl CoverMove {
    fn wanted(self, now: Option<&Value>) -> CoverState {
        let open = match now {
            Some(Value::WindowCovering(state)) => state.open,
            _ => None,
        };
        match self {
            Self::Open => CoverState { open, motion: CoverMotion::Opening },
            Self::Close => CoverState { open, motion: CoverMotion::Closing },
            Self::Stop => CoverState { open, motion: CoverMotion::Stopped },
            Self::To(target) => CoverState { open, motion: motion_towards(target, open) },
        }
    }

    fn is_confirmed_by(self, state: CoverState) -> bool {
        let is_at = |target: u8| state.open.is_some_and(|open| open.get().abs_diff(target) <= 1);
        match self {
            Self::Open => state.motion == CoverMotion::Opening || is_at(100),
            Self::Close => state.motion == CoverMotion::Closing || is_at(0),
            Self::Stop => state.motion == CoverMotion::Stopped,
            Self::To(target) => state.motion != CoverMotion::Stopped || is_at(target.get()),
        }
    }
}

fn motion_towards(target: Percent, open: Option<Percent>) -> CoverMotion {
    match open {
        Some(open) if open == target => CoverMotion::Stopped,
        Some(open) if open > target => CoverMotion::Closing,
        Some(_) | None => CoverMotion::Opening,
    }
}

impl ThermostatChange {
    fn applied_to(self, state: ThermostatState) -> ThermostatState {
        ThermostatState {
            mode: self.mode.unwrap_or(state.mode),
            heating_setpoint: self.heating_setpoint.or(state.heating_setpoint),
            cooling_setpoint: self.cooling_setpoint.or(state.cooling_setpoint),
            ..state
        }
    }

    fn is_confirmed_by(self, state: &ThermostatState) -> bool {
        let near = |wanted: Option<Celsius>, is: Option<Celsius>| {
            wanted.is_none_or(|it| is.is_some_and(|is| (is.get() - it.get()).abs() < 0.26))
        };
        self.mode.is_none_or(|mode| mode == state.mode)
            && near(self.heating_setpoint, state.heating_setpoint)
            && near(self.cooling_setpoint, state.cooling_setpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(value: u8) -> Percent {
        value.try_into().unwrap()
    }

    fn cover(open: u8, motion: CoverMotion) -> Value {
        Value::WindowCovering(CoverState { open: Some(percent(open)), motion })
    }

    #[test]
    fn a_covering_on_its_way_has_understood() {
        let to = Action::MoveCover(CoverMove::To(percent(40)));
        assert!(to.is_confirmed_by(&cover(90, CoverMotion::Closing)));
        assert!(to.is_confirmed_by(&cover(41, CoverMotion::Stopped)));
        assert!(!to.is_confirmed_by(&cover(90, CoverMotion::Stopped)));
    }

    #[test]
    fn a_lock_on_its_way_has_not_locked() {
        let lock = Action::SetLocked(true);
        assert!(!lock.is_confirmed_by(&Value::DoorLock(LockState::Locking)));
        assert!(lock.is_confirmed_by(&Value::DoorLock(LockState::Locked)));
    }

    #[test]
    fn hardware_bounds_are_respected() {
        let spec = Spec::ColorControl { hue_saturation: false, temperature: None };
        assert!(!Action::SetColor(Color::from_rgb([255, 0, 0])).fits(&spec));
        let spec = Spec::LightEffect(vec!["Solid".to_owned()]);
        assert!(Action::SetEffect("Solid".to_owned()).fits(&spec));
        assert!(!Action::SetEffect("Rain".to_owned()).fits(&spec));
        assert!(!Action::SetOnOff(true).fits(&spec));
    }

    #[test]
    fn only_what_is_absolute_is_repeatable() {
        assert!(Action::SetOnOff(true).is_repeatable());
        assert!(!Action::Press.is_repeatable());
        assert!(!Action::SetLocked(false).is_repeatable());
    }
}

//! Wishes that are only written down, in scenes: from what is to what may be wished, and back.

use model::{Action, CoverMotion, CoverMove, CoverState, LockState, Percent, Spec};
use model::{ThermostatChange, ThermostatMode, ThermostatState, Value};

/// Whether a scene can set it: what is done once and what opens doors cannot be.
pub fn is_settable(spec: &Spec) -> bool {
    matches!(
        spec,
        Spec::OnOff
            | Spec::Level
            | Spec::ColorControl { .. }
            | Spec::LightEffect(_)
            | Spec::LightPalette(_)
            | Spec::WindowCovering { .. }
            | Spec::DoorLock
            | Spec::Thermostat { .. }
            | Spec::ModeSelect(_)
            | Spec::NumericControl { .. }
    )
}

/// The wish that all stays as it is; `None` for what cannot be wished.
pub fn wish_of(value: &Value) -> Option<Action> {
    Some(match value {
        Value::OnOff(on) => Action::SetOnOff(*on),
        Value::Level(level) => Action::SetLevel(*level),
        Value::ColorControl(color) => Action::SetColor(*color),
        Value::LightEffect(name) => Action::SetEffect(name.clone()),
        Value::LightPalette(name) => Action::SetPalette(name.clone()),
        Value::WindowCovering(CoverState { open: Some(open), .. }) => {
            Action::MoveCover(CoverMove::To(*open))
        }
        Value::DoorLock(LockState::Locked | LockState::Locking) => Action::SetLocked(true),
        Value::Thermostat(state) => Action::SetThermostat(ThermostatChange {
            mode: Some(state.mode),
            heating_setpoint: state.heating_setpoint,
            cooling_setpoint: state.cooling_setpoint,
        }),
        Value::ModeSelect(name) => Action::SelectMode(name.clone()),
        Value::NumericControl(number) => Action::SetNumber(*number),
        _ => return None,
    })
}

/// A wish to begin with, where nothing is known.
pub fn first_wish(spec: &Spec) -> Option<Action> {
    Some(match spec {
        Spec::OnOff => Action::SetOnOff(true),
        Spec::Level => Action::SetLevel(Percent::FULL),
        Spec::ColorControl { temperature: Some((low, _)), .. } => {
            Action::SetColor(model::Color::Temperature(*low))
        }
        Spec::ColorControl { .. } => Action::SetColor(model::Color::from_rgb([255, 180, 90])),
        Spec::LightEffect(names) => Action::SetEffect(names.first()?.clone()),
        Spec::LightPalette(names) => Action::SetPalette(names.first()?.clone()),
        Spec::ModeSelect(names) => Action::SelectMode(names.first()?.clone()),
        Spec::WindowCovering { positions: true } => Action::MoveCover(CoverMove::To(Percent::FULL)),
        Spec::WindowCovering { positions: false } => Action::MoveCover(CoverMove::Open),
        Spec::DoorLock => Action::SetLocked(true),
        Spec::Thermostat { modes, .. } => Action::SetThermostat(ThermostatChange {
            mode: modes.first().copied(),
            ..ThermostatChange::default()
        }),
        Spec::NumericControl { min, .. } => Action::SetNumber(*min),
        _ => return None,
    })
}

/// What a control shows of a wish.
pub fn wished_value(wish: &Action) -> Option<Value> {
    match wish {
        Action::MoveCover(to) => Some(Value::WindowCovering(CoverState {
            open: Some(match to {
                CoverMove::To(open) => *open,
                CoverMove::Close => Percent::ZERO,
                CoverMove::Open | CoverMove::Stop => Percent::FULL,
            }),
            motion: CoverMotion::Stopped,
        })),
        Action::SetThermostat(change) => Some(Value::Thermostat(ThermostatState {
            mode: change.mode.unwrap_or(ThermostatMode::Heat),
            heating_setpoint: change.heating_setpoint,
            cooling_setpoint: change.cooling_setpoint,
            local_temperature: None,
            running: None,
        })),
        other => other.wanted(None),
    }
}

/// Both wishes, as far as they go together; the newer has the last word.
pub fn both_wishes(old: Option<&Action>, new: Action) -> Action {
    match (old, new) {
        (Some(Action::SetThermostat(old)), Action::SetThermostat(new)) => {
            Action::SetThermostat(ThermostatChange {
                mode: new.mode.or(old.mode),
                heating_setpoint: new.heating_setpoint.or(old.heating_setpoint),
                cooling_setpoint: new.cooling_setpoint.or(old.cooling_setpoint),
            })
        }
        (_, new) => new,
    }
}

#[cfg(test)]
mod tests {
    use model::Celsius;

    use super::*;

    #[test]
    fn what_is_can_be_wished_and_shows_as_it_was() {
        for value in [
            Value::OnOff(true),
            Value::Level(Percent::FULL),
            Value::ModeSelect("Eco".to_owned()),
            Value::NumericControl(2.5),
            Value::WindowCovering(CoverState {
                open: Some(Percent::ZERO),
                motion: CoverMotion::Stopped,
            }),
        ] {
            assert_eq!(wish_of(&value).and_then(|it| wished_value(&it)), Some(value));
        }
    }

    #[test]
    fn a_scene_never_opens_a_door() {
        assert_eq!(wish_of(&Value::DoorLock(LockState::Unlocked)), None);
        assert_eq!(first_wish(&Spec::DoorLock), Some(Action::SetLocked(true)));
        assert!(!is_settable(&Spec::Momentary));
    }

    #[test]
    fn two_wishes_for_a_thermostat_go_together() {
        let warm = ThermostatChange {
            heating_setpoint: Some(Celsius::clamped(21.0)),
            ..ThermostatChange::default()
        };
        let heat =
            ThermostatChange { mode: Some(ThermostatMode::Heat), ..ThermostatChange::default() };
        let both = both_wishes(Some(&Action::SetThermostat(warm)), Action::SetThermostat(heat));
        let expected = ThermostatChange { mode: heat.mode, ..warm };
        assert_eq!(both, Action::SetThermostat(expected));
    }

    #[test]
    fn every_first_wish_fits_the_hardware_that_it_is_for() {
        for spec in [
            Spec::OnOff,
            Spec::Level,
            Spec::LightEffect(vec!["Rain".to_owned()]),
            Spec::WindowCovering { positions: false },
            Spec::NumericControl { min: 3.0, max: 9.0, step: 1.0, unit: String::new() },
        ] {
            assert!(first_wish(&spec).is_some_and(|it| it.fits(&spec)), "{spec:?}");
        }
    }
}

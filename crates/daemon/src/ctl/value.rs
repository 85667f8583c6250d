//! What people type for a value: `on`, `40`, `#ff8800`, `heat@21.5`.

use model::{
    Action, Capability, Celsius, Color, CoverMove, Hue, Kelvin, Percent, Spec, ThermostatChange,
    ThermostatMode,
};

use crate::exit::{Failure, Kind};

/// Reads `CAPABILITY=VALUE`'s halves.
pub(crate) fn split(text: &str) -> Result<(Capability, &str), Failure> {
    let (capability, value) =
        text.split_once('=').ok_or_else(|| usage(format!("`{text}` is not CAPABILITY=VALUE")))?;
    let capability = Capability::ALL
        .into_iter()
        .find(|it| it.to_string().eq_ignore_ascii_case(capability))
        .ok_or_else(|| usage(format!("there is no capability `{capability}`")))?;
    Ok((capability, value))
}

/// What a value asks of a capability, given what this hardware can do.
pub(crate) fn action(spec: &Spec, text: &str) -> Result<Action, Failure> {
    let action = match spec {
        Spec::OnOff => Action::SetOnOff(on_off(text)?),
        Spec::Level => Action::SetLevel(percent(text)?),
        Spec::ColorControl { .. } => Action::SetColor(color(text)?),
        Spec::LightEffect(names) => Action::SetEffect(one_of(names, text)?),
        Spec::LightPalette(names) => Action::SetPalette(one_of(names, text)?),
        Spec::ModeSelect(names) => Action::SelectMode(one_of(names, text)?),
        Spec::WindowCovering { .. } => Action::MoveCover(cover(text)?),
        Spec::DoorLock => Action::SetLocked(lock(text)?),
        Spec::Thermostat { modes, heating, .. } => {
            Action::SetThermostat(thermostat(text, modes, *heating)?)
        }
        Spec::NumericControl { .. } => Action::SetNumber(number(text)?),
        Spec::Momentary => match text {
            "press" => Action::Press,
            _ => return Err(refused(text, "press")),
        },
        _ => {
            let words = format!("{} cannot be set, only read", spec.capability());
            return Err(Failure::new(Kind::Refused, words));
        }
    };
    if action.fits(spec) {
        Ok(action)
    } else {
        Err(Failure::new(Kind::Refused, format!("this device cannot do `{text}`: {spec:?}")))
    }
}

fn on_off(text: &str) -> Result<bool, Failure> {
    match text {
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        _ => Err(refused(text, "on or off")),
    }
}

fn percent(text: &str) -> Result<Percent, Failure> {
    let digits = text.strip_suffix('%').unwrap_or(text);
    let percent = digits.parse::<u8>().ok().and_then(|it| Percent::try_from(it).ok());
    percent.ok_or_else(|| refused(text, "a whole number from 0 to 100"))
}

fn number(text: &str) -> Result<f64, Failure> {
    let number = text.parse::<f64>().ok().filter(|it| it.is_finite());
    number.ok_or_else(|| refused(text, "a number"))
}

fn celsius(text: &str) -> Result<Celsius, Failure> {
    Celsius::try_from(number(text)?).map_err(|error| Failure::new(Kind::Refused, error.to_string()))
}

fn color(text: &str) -> Result<Color, Failure> {
    let wrong = || refused(text, "a colour: #ff8800, 2700K, or HUE,SATURATION (30,100)");
    if let Some(digits) = text.strip_prefix('#') {
        let bytes = hex::decode(digits).map_err(|_| wrong())?;
        return Ok(Color::from_rgb(bytes.try_into().map_err(|_| wrong())?));
    }
    if let Some(kelvin) = text.strip_suffix(['K', 'k']) {
        let kelvin = Kelvin::try_from(number(kelvin)?).map_err(|_| wrong())?;
        return Ok(Color::Temperature(kelvin));
    }
    let (hue, saturation) = text.split_once(',').ok_or_else(wrong)?;
    let hue = hue.trim().parse::<u16>().map_err(|_| wrong())?;
    let hue = Hue::try_from(hue % 360).map_err(|_| wrong())?;
    Ok(Color::HueSaturation(hue, percent(saturation.trim())?))
}

fn one_of(names: &[String], text: &str) -> Result<String, Failure> {
    let exact = names.iter().find(|name| *name == text);
    let close = || names.iter().find(|name| name.eq_ignore_ascii_case(text));
    exact.or_else(close).cloned().ok_or_else(|| {
        let words = format!("`{text}` is none of: {}", names.join(", "));
        Failure::new(Kind::Refused, words)
    })
}

fn cover(text: &str) -> Result<CoverMove, Failure> {
    match text {
        "open" => Ok(CoverMove::Open),
        "close" => Ok(CoverMove::Close),
        "stop" => Ok(CoverMove::Stop),
        _ => percent(text)
            .map(CoverMove::To)
            .map_err(|_| refused(text, "open, close, stop, or how far open from 0 to 100")),
    }
}

fn lock(text: &str) -> Result<bool, Failure> {
    match text {
        "locked" | "lock" => Ok(true),
        "unlocked" | "unlock" => Ok(false),
        _ => Err(refused(text, "locked or unlocked")),
    }
}

/// `heat`, `heat@21.5`, or `21.5` alone, which is for whichever the device takes.
fn thermostat(
    text: &str,
    modes: &[ThermostatMode],
    heating: bool,
) -> Result<ThermostatChange, Failure> {
    let (mode, setpoint) = match text.split_once('@') {
        Some((mode, setpoint)) => (Some(mode_of(mode, modes)?), Some(celsius(setpoint)?)),
        None if text.starts_with(|it: char| it.is_ascii_digit() || it == '-') => {
            (None, Some(celsius(text)?))
        }
        None => (Some(mode_of(text, modes)?), None),
    };
    let cools = mode == Some(ThermostatMode::Cool) || (mode.is_none() && !heating);
    Ok(ThermostatChange {
        mode,
        heating_setpoint: setpoint.filter(|_| !cools),
        cooling_setpoint: setpoint.filter(|_| cools),
    })
}

fn mode_of(text: &str, modes: &[ThermostatMode]) -> Result<ThermostatMode, Failure> {
    let name = |mode: &ThermostatMode| match mode {
        ThermostatMode::Off => "off",
        ThermostatMode::Auto => "auto",
        ThermostatMode::Heat => "heat",
        ThermostatMode::Cool => "cool",
        ThermostatMode::FanOnly => "fan",
        ThermostatMode::Dry => "dry",
    };
    modes.iter().copied().find(|mode| name(mode) == text).ok_or_else(|| {
        let known: Vec<&str> = modes.iter().map(name).collect();
        refused(
            text,
            &format!("one of {}, with @ and a temperature, or that alone", known.join(", ")),
        )
    })
}

fn usage(words: String) -> Failure {
    Failure::new(Kind::Usage, words)
}

fn refused(text: &str, wanted: &str) -> Failure {
    Failure::new(Kind::Refused, format!("`{text}` is not {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spec: &Spec, cases: &[(&str, Action)]) {
        for (text, wanted) in cases {
            assert_eq!(action(spec, text).as_ref(), Ok(wanted), "{text}");
        }
    }

    fn refuse(spec: &Spec, cases: &[&str]) {
        for text in cases {
            assert_eq!(action(spec, text).unwrap_err().kind, Kind::Refused, "{text}");
        }
    }

    fn percent_of(value: u8) -> Percent {
        value.try_into().unwrap()
    }

    #[test]
    fn switches_levels_covers_and_locks_are_understood() {
        check(&Spec::OnOff, &[("on", Action::SetOnOff(true)), ("false", Action::SetOnOff(false))]);
        refuse(&Spec::OnOff, &["", "1", "ON"]);
        check(&Spec::Level, &[("40", Action::SetLevel(percent_of(40)))]);
        refuse(&Spec::Level, &["101", "-1", "4.5"]);
        let cover = Spec::WindowCovering { positions: true };
        check(&cover, &[("40%", Action::MoveCover(CoverMove::To(percent_of(40))))]);
        refuse(&Spec::WindowCovering { positions: false }, &["40", "up"]);
        check(&Spec::DoorLock, &[("locked", Action::SetLocked(true))]);
        check(&Spec::Momentary, &[("press", Action::Press)]);
    }

    #[test]
    fn colours_are_understood_in_three_ways() {
        let range = (Kelvin::clamped(2_000.0), Kelvin::clamped(6_500.0));
        let spec = Spec::ColorControl { hue_saturation: true, temperature: Some(range) };
        let orange = Color::HueSaturation(Hue::try_from(32).unwrap(), Percent::FULL);
        check(
            &spec,
            &[
                ("#ff8800", Action::SetColor(orange)),
                ("32,100", Action::SetColor(orange)),
                ("2700K", Action::SetColor(Color::Temperature(Kelvin::clamped(2_700.0)))),
            ],
        );
        refuse(&spec, &["#ff88", "#gg8800", "9000K", "red", "30,101"]);
    }

    #[test]
    fn thermostats_take_a_mode_a_temperature_or_both() {
        let spec = Spec::Thermostat {
            modes: vec![ThermostatMode::Off, ThermostatMode::Heat],
            range: (Celsius::clamped(5.0), Celsius::clamped(30.0)),
            heating: true,
            cooling: false,
        };
        let warm = Some(Celsius::clamped(21.5));
        let both = ThermostatChange {
            mode: Some(ThermostatMode::Heat),
            heating_setpoint: warm,
            cooling_setpoint: None,
        };
        check(
            &spec,
            &[
                ("heat@21.5", Action::SetThermostat(both)),
                ("21.5", Action::SetThermostat(ThermostatChange { mode: None, ..both })),
                (
                    "off",
                    Action::SetThermostat(ThermostatChange {
                        mode: Some(ThermostatMode::Off),
                        ..ThermostatChange::default()
                    }),
                ),
            ],
        );
        refuse(&spec, &["cool@20", "40", "warm", "heat@", "heat@x"]);
    }

    #[test]
    fn names_are_found_whatever_their_case() {
        let spec = Spec::LightEffect(vec!["Solid".to_owned(), "Rainbow Runner".to_owned()]);
        check(&spec, &[("rainbow runner", Action::SetEffect("Rainbow Runner".to_owned()))]);
        refuse(&spec, &["Rain"]);
    }

    #[test]
    fn what_only_measures_cannot_be_set() {
        refuse(&Spec::TemperatureMeasurement, &["20"]);
        assert_eq!(split("OnOff").unwrap_err().kind, Kind::Usage);
        assert_eq!(split("Warp=9").unwrap_err().kind, Kind::Usage);
        assert_eq!(split("onoff=on=1").unwrap(), (Capability::OnOff, "on=1"));
    }
}

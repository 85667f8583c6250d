//! Lights. A colour mode is a set of capability bits; a light has a few modes and is in one.

use model::{Action, Color, Kelvin, Percent, Span, Spec, Value};

use super::entity::EntityId;
use super::message::Message;
use super::proto::{LightCommandRequest, LightStateResponse, ListEntitiesLightResponse};
use super::simple;

/// Bits of a colour mode (`ColorCapability` of the firmware).
const BRIGHTNESS: i32 = 1 << 1;
const COLOR_TEMPERATURE: i32 = 1 << 3;
const COLD_WARM_WHITE: i32 = 1 << 4;
const RGB: i32 = 1 << 5;

/// Firmware before 2021.8 knows no modes.
const NO_MODE: i32 = 0;
/// Modes that show a colour, those that show nothing else first.
const COLOR_MODES: [i32; 4] = [35, 39, 47, 51];
/// Modes that show a white of some warmth, those that show nothing else first.
const WHITE_MODES: [i32; 4] = [11, 19, 47, 51];
/// Range in mireds of lights that do not tell theirs: the usual one.
const USUAL_RANGE: (f64, f64) = (153.0, 500.0);

/// What a light can do, and by which mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Light {
    brightness: bool,
    /// The mode for colours.
    color: Option<i32>,
    /// The mode for whites, and their range in mireds, lowest first.
    white: Option<(i32, (f64, f64))>,
    effects: bool,
}

impl Light {
    pub(super) fn read(listed: &ListEntitiesLightResponse) -> Self {
        let modes = &listed.supported_color_modes;
        let first = |wanted: &[i32]| wanted.iter().copied().find(|mode| modes.contains(mode));
        let legacy = |supported: bool| (modes.is_empty() && supported).then_some(NO_MODE);
        let white =
            first(&WHITE_MODES).or_else(|| legacy(listed.legacy_supports_color_temperature));
        Self {
            brightness: modes.iter().any(|mode| mode & BRIGHTNESS != 0)
                || (modes.is_empty() && listed.legacy_supports_brightness),
            color: first(&COLOR_MODES).or_else(|| legacy(listed.legacy_supports_rgb)),
            white: white.map(|mode| (mode, mired_range(listed.min_mireds, listed.max_mireds))),
            effects: !listed.effects.is_empty(),
        }
    }

    pub(super) fn specs(&self, effects: &[String]) -> Vec<Spec> {
        let mut specs = vec![Spec::OnOff];
        if self.brightness {
            specs.push(Spec::Level);
        }
        if self.color.is_some() || self.white.is_some() {
            let temperature = self.white.map(|(_, (low, high))| (kelvin_of(high), kelvin_of(low)));
            specs.push(Spec::ColorControl { hue_saturation: self.color.is_some(), temperature });
        }
        let effects = simple::choices(effects);
        if !effects.is_empty() {
            specs.push(Spec::LightEffect(effects));
        }
        specs
    }

    pub(super) fn values(&self, state: &LightStateResponse) -> Vec<Value> {
        let mut values = vec![Value::OnOff(state.state)];
        if self.brightness {
            values.push(Value::Level(Percent::of(f64::from(state.brightness), 1.0)));
        }
        values.extend(self.shown_color(state).map(Value::ColorControl));
        if self.effects {
            values.extend(simple::effect(&state.effect));
        }
        values
    }

    /// The colour that is shown: modes that have both a colour and a white show the colour unless
    /// its share of the brightness is nothing.
    fn shown_color(&self, state: &LightStateResponse) -> Option<Color> {
        let mode = match state.color_mode {
            NO_MODE => self.color.map_or(COLOR_TEMPERATURE, |_| RGB),
            mode => mode,
        };
        let has_white = mode & (COLOR_TEMPERATURE | COLD_WARM_WHITE) != 0;
        let colorless = state.color_brightness <= 0.0 && state.color_mode != NO_MODE;
        if self.color.is_some() && mode & RGB != 0 && !(has_white && colorless) {
            return Some(color_of(state, colorless));
        }
        let known = has_white && self.white.is_some() && state.color_temperature > 0.0;
        known.then(|| Color::Temperature(kelvin_of(f64::from(state.color_temperature))))
    }

    /// The message that asks for it, slowly where that is wanted and it can.
    pub(super) fn command(
        &self,
        id: EntityId,
        action: &Action,
        transition: Span,
    ) -> Option<Message> {
        let command =
            LightCommandRequest { key: id.key, device_id: id.device, ..Default::default() };
        let command = self.slowed(command, action, transition);
        match action {
            Action::SetOnOff(on) => Some(switched(command, *on)),
            Action::SetLevel(Percent::ZERO) => Some(switched(command, false)),
            Action::SetLevel(level) if self.brightness => Some(LightCommandRequest {
                has_brightness: true,
                brightness: level.times(1.0) as f32,
                ..switched(command, true)
            }),
            Action::SetColor(color @ Color::HueSaturation(..)) => {
                self.color.map(|mode| colored(command, mode, *color))
            }
            Action::SetColor(Color::Temperature(kelvin)) => {
                self.white.map(|(mode, range)| warmed(command, mode, range, *kelvin))
            }
            // An effect cannot start on a light that is off.
            Action::SetEffect(name) if self.effects => Some(LightCommandRequest {
                has_effect: true,
                effect: name.clone(),
                has_state: name != "None",
                state: name != "None",
                ..command
            }),
            _ => None,
        }
        .map(Message::LightCommandRequest)
    }
}

impl Light {
    /// The firmware refuses a transition to an effect, and of what only goes on and off.
    fn slowed(
        &self,
        command: LightCommandRequest,
        action: &Action,
        transition: Span,
    ) -> LightCommandRequest {
        let can = self.brightness && !matches!(action, Action::SetEffect(_));
        let length = u32::try_from(transition.as_millis()).unwrap_or(u32::MAX);
        LightCommandRequest {
            has_transition_length: can && length > 0,
            transition_length: if can { length } else { 0 },
            ..command
        }
    }
}

fn switched(command: LightCommandRequest, on: bool) -> LightCommandRequest {
    LightCommandRequest { has_state: true, state: on, ..command }
}

/// A pure colour: where the mode has whites too, they are put out.
fn colored(command: LightCommandRequest, mode: i32, color: Color) -> LightCommandRequest {
    let [red, green, blue] = color.to_rgb().map(|channel| f32::from(channel) / 255.0);
    LightCommandRequest {
        has_color_mode: mode != NO_MODE,
        color_mode: mode,
        has_rgb: true,
        red,
        green,
        blue,
        has_color_brightness: mode != NO_MODE,
        color_brightness: 1.0,
        has_white: matches!(mode, 39 | 47),
        has_cold_white: mode == 51,
        has_warm_white: mode == 51,
        ..command
    }
}

/// A pure white: where the mode has a colour too, it is put out.
fn warmed(
    command: LightCommandRequest,
    mode: i32,
    (low, high): (f64, f64),
    kelvin: Kelvin,
) -> LightCommandRequest {
    LightCommandRequest {
        has_color_mode: mode != NO_MODE,
        color_mode: mode,
        has_color_temperature: true,
        color_temperature: (1e6 / kelvin.get()).clamp(low, high) as f32,
        has_color_brightness: mode & RGB != 0,
        color_brightness: 0.0,
        has_white: mode == 47,
        white: 1.0,
        ..command
    }
}

fn color_of(state: &LightStateResponse, colorless: bool) -> Color {
    if colorless {
        return Color::from_rgb([255, 255, 255]);
    }
    let max = state.red.max(state.green).max(state.blue);
    let scale = if max > 0.0 { 255.0 / max } else { 0.0 };
    // Scaled to the full range first: a dark colour has too few steps to have a hue.
    Color::from_rgb([state.red, state.green, state.blue].map(|it| (it * scale).round() as u8))
}

fn mired_range(low: f32, high: f32) -> (f64, f64) {
    let (low, high) = (f64::from(low), f64::from(high));
    if low >= 1.0 && high > low && high <= 1_000.0 { (low, high) } else { USUAL_RANGE }
}

/// To the whole kelvin: mireds are no finer.
fn kelvin_of(mireds: f64) -> Kelvin {
    Kelvin::clamped((1e6 / mireds).round())
}

#[cfg(test)]
mod tests {
    use super::super::entity::EntityKind;
    use super::*;

    const ID: EntityId = EntityId { kind: EntityKind::Light, device: 0, key: 1 };

    fn hue(degrees: u16, saturation: u8) -> Color {
        Color::HueSaturation(degrees.try_into().unwrap(), saturation.try_into().unwrap())
    }

    fn light(modes: &[i32]) -> Light {
        Light::read(&ListEntitiesLightResponse {
            supported_color_modes: modes.to_vec(),
            min_mireds: 153.0,
            max_mireds: 370.0,
            ..Default::default()
        })
    }

    fn command(light: Light, action: &Action) -> LightCommandRequest {
        match light.command(ID, action, Span::ZERO) {
            Some(Message::LightCommandRequest(command)) => command,
            other => panic!("{other:?}"),
        }
    }

    /// What the firmware would report after a command.
    fn obeyed(command: &LightCommandRequest) -> LightStateResponse {
        LightStateResponse {
            state: true,
            brightness: 1.0,
            color_mode: command.color_mode,
            color_brightness: command.color_brightness,
            red: command.red,
            green: command.green,
            blue: command.blue,
            white: command.white,
            color_temperature: command.color_temperature,
            ..Default::default()
        }
    }

    #[test]
    fn modes_tell_what_a_light_can_do() {
        let temperature = Some((kelvin_of(370.0), kelvin_of(153.0)));
        let color =
            |hue_saturation, temperature| Spec::ColorControl { hue_saturation, temperature };
        for (modes, specs) in [
            (&[1][..], vec![Spec::OnOff]),
            (&[3], vec![Spec::OnOff, Spec::Level]),
            (&[35], vec![Spec::OnOff, Spec::Level, color(true, None)]),
            (&[19], vec![Spec::OnOff, Spec::Level, color(false, temperature)]),
            (&[35, 11], vec![Spec::OnOff, Spec::Level, color(true, temperature)]),
            (&[51], vec![Spec::OnOff, Spec::Level, color(true, temperature)]),
        ] {
            assert_eq!(light(modes).specs(&[]), specs, "{modes:?}");
        }
    }

    #[test]
    fn a_colour_that_was_set_is_the_colour_that_is_reported() {
        for modes in [&[35][..], &[39], &[47], &[51], &[35, 11]] {
            let light = light(modes);
            for degrees in (0..360).step_by(15) {
                let wanted = hue(degrees, 80);
                let state = obeyed(&command(light, &Action::SetColor(wanted)));
                let shown = light.shown_color(&state).unwrap();
                assert!(shown.is_close_to(wanted), "{modes:?} {wanted:?} {shown:?}");
            }
        }
    }

    #[test]
    fn a_white_that_was_set_is_the_white_that_is_reported() {
        for modes in [&[11][..], &[19], &[47], &[51], &[35, 11]] {
            let light = light(modes);
            for kelvin in [2_703.0, 4_000.0, 6_500.0] {
                let wanted = Color::Temperature(Kelvin::clamped(kelvin));
                let state = obeyed(&command(light, &Action::SetColor(wanted)));
                let shown = light.shown_color(&state).unwrap();
                assert!(shown.is_close_to(wanted), "{modes:?} {wanted:?} {shown:?}");
            }
        }
    }

    #[test]
    fn a_dark_colour_keeps_its_hue() {
        let state = LightStateResponse {
            color_mode: 35,
            color_brightness: 1.0,
            red: 0.02,
            green: 0.01,
            ..Default::default()
        };
        assert_eq!(light(&[35]).shown_color(&state), Some(hue(30, 100)));
    }

    #[test]
    fn brightness_switches_on_and_no_brightness_switches_off() {
        let set = command(light(&[3]), &Action::SetLevel(40.try_into().unwrap()));
        assert!(set.has_state && set.state && set.has_brightness);
        assert!((set.brightness - 0.4).abs() < 1e-6);
        let set = command(light(&[3]), &Action::SetLevel(Percent::ZERO));
        assert!(set.has_state && !set.state && !set.has_brightness);
    }

    #[test]
    fn an_effect_switches_on_and_none_does_not() {
        let mut light = light(&[35]);
        assert_eq!(light.command(ID, &Action::SetEffect("Rain".to_owned()), Span::ZERO), None);
        light.effects = true;
        let set = command(light, &Action::SetEffect("Rain".to_owned()));
        assert!(set.has_effect && set.has_state && set.state);
        let set = command(light, &Action::SetEffect("None".to_owned()));
        assert!(set.has_effect && !set.has_state);
    }

    #[test]
    fn firmware_that_knows_no_modes_is_understood() {
        let light = Light::read(&ListEntitiesLightResponse {
            legacy_supports_brightness: true,
            legacy_supports_rgb: true,
            ..Default::default()
        });
        assert_eq!(light.specs(&[]).len(), 3);
        let set = command(light, &Action::SetColor(hue(120, 100)));
        assert!(set.has_rgb && !set.has_color_mode && !set.has_color_brightness);
        let state = LightStateResponse { green: 1.0, ..Default::default() };
        assert_eq!(light.shown_color(&state), Some(hue(120, 100)));
    }

    #[test]
    fn a_transition_is_asked_of_lights_that_can_take_their_time() {
        let slow =
            |light: Light, action: &Action| match light.command(ID, action, Span::millis(2_500)) {
                Some(Message::LightCommandRequest(command)) => {
                    (command.has_transition_length, command.transition_length)
                }
                other => panic!("{other:?}"),
            };
        let half = Action::SetLevel(50.try_into().unwrap());
        for action in [half, Action::SetOnOff(false), Action::SetColor(hue(120, 100))] {
            assert_eq!(slow(light(&[35]), &action), (true, 2_500), "{action:?}");
        }
        assert_eq!(slow(light(&[1]), &Action::SetOnOff(true)), (false, 0), "it has no levels");
        let listed = ListEntitiesLightResponse {
            supported_color_modes: vec![35],
            effects: vec!["Rain".to_owned()],
            ..Default::default()
        };
        let effect = Action::SetEffect("Rain".to_owned());
        assert_eq!(slow(Light::read(&listed), &effect), (false, 0), "effects begin at once");
        assert!(!command(light(&[35]), &Action::SetOnOff(true)).has_transition_length);
    }

    #[test]
    fn nonsense_in_a_state_does_no_harm() {
        let state = LightStateResponse {
            brightness: f32::NAN,
            color_mode: 35,
            color_brightness: f32::NAN,
            red: f32::INFINITY,
            ..Default::default()
        };
        assert_eq!(light(&[35]).values(&state).len(), 3);
        let state = LightStateResponse { color_mode: 11, ..Default::default() };
        assert_eq!(light(&[11]).shown_color(&state), None);
    }
}

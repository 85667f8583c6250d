//! What is asked of a light, as the smallest state that says it.

use model::{Action, Color, Command, Percent};
use serde_json::{Value, json};

use super::light::{Lights, Part, Segment};
use super::names::Names;

/// The state to send; `None` when this part cannot do that.
pub(super) fn state(
    lights: &Lights,
    part: Part,
    action: &Action,
    (effects, palettes): (&Names, &Names),
) -> Option<Value> {
    let segment = match part {
        Part::Master => return master_state(action),
        Part::Segment(id) => lights.segments.iter().find(|it| it.id == id)?,
    };
    match action {
        Action::SetOnOff(on) => Some(switched(lights, segment, *on)),
        Action::SetLevel(Percent::ZERO) => Some(switched(lights, segment, false)),
        Action::SetLevel(level) => Some(dimmed(lights, segment, *level)),
        Action::SetColor(color) => Some(only(segment, color_state(segment, *color)?)),
        Action::SetEffect(name) => Some(only(segment, json!({ "fx": effects.number(name)? }))),
        Action::SetPalette(name) => Some(only(segment, json!({ "pal": palettes.number(name)? }))),
        _ => None,
    }
}

/// For how long this one command is faded to, in the device's unit of 100 ms; `None` as the device
/// is set. It counts milliseconds in 16 bits: longer ones would wrap around to short ones.
pub(super) fn transition(command: &Command) -> Option<u64> {
    const UNIT: u64 = 100;
    const MOST: u64 = 655;
    let can =
        matches!(command.action, Action::SetOnOff(_) | Action::SetLevel(_) | Action::SetColor(_));
    let wanted = can && !command.transition.is_zero();
    wanted.then(|| command.transition.as_millis().div_ceil(UNIT).min(MOST))
}

fn master_state(action: &Action) -> Option<Value> {
    match action {
        Action::SetOnOff(on) => Some(json!({ "on": on })),
        Action::SetLevel(Percent::ZERO) => Some(json!({ "on": false })),
        Action::SetLevel(level) => Some(json!({ "on": true, "bri": of_255(*level) })),
        _ => None,
    }
}

/// Percents above 0 stay above 0.
fn of_255(level: Percent) -> u8 {
    level.times(255.0).round() as u8
}

fn only(segment: &Segment, mut change: Value) -> Value {
    change["id"] = json!(segment.id);
    json!({ "seg": [change] })
}

/// The only segment goes on and off as the whole device does. To light one of several while the
/// whole is off, the whole is switched on and the others, which were dark, are kept dark.
fn switched(lights: &Lights, segment: &Segment, on: bool) -> Value {
    let is_only = lights.only().is_some();
    let this = json!({ "id": segment.id, "on": on });
    match (on, is_only, lights.is_on) {
        (false, true, _) => json!({ "on": false }),
        (true, true, _) => json!({ "on": true, "seg": [this] }),
        (true, false, false) => {
            let others = lights.segments.iter().filter(|it| it.id != segment.id && it.is_on);
            let others = others.map(|it| json!({ "id": it.id, "on": false }));
            let segments: Value = [this].into_iter().chain(others).collect();
            json!({ "on": true, "seg": segments })
        }
        (_, false, _) => json!({ "seg": [this] }),
    }
}

fn dimmed(lights: &Lights, segment: &Segment, level: Percent) -> Value {
    let mut state = switched(lights, segment, true);
    if lights.only().is_some() {
        state["bri"] = json!(of_255(level));
    } else {
        state["seg"][0]["bri"] = json!(of_255(level));
    }
    state
}

fn color_state(segment: &Segment, color: Color) -> Option<Value> {
    let leds = segment.leds;
    let [red, green, blue] = color.to_rgb();
    match color {
        Color::HueSaturation(..) if !leds.has_colour() => None,
        Color::HueSaturation(..) if leds.has_white() => {
            Some(json!({ "col": [[red, green, blue, 0]] }))
        }
        Color::HueSaturation(..) => Some(json!({ "col": [[red, green, blue]] })),
        Color::Temperature(_) if !leds.has_temperature() => None,
        Color::Temperature(white) => {
            let mut state = json!({ "cct": white.get().round() as u16 });
            if leds.has_colour() && leds.has_white() {
                state["col"] = json!([[0, 0, 0, 255]]);
            } else if leds.has_colour() {
                state["col"] = json!([[255, 255, 255]]);
            }
            Some(state)
        }
    }
}

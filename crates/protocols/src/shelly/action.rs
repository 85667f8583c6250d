//! What is asked of a component, as the method and parameters of a call.

use model::{Action, Color, CoverMove, Percent, Span};
use serde_json::{Value, json};

use super::component::Kind;
use super::part::Part;

/// A remote procedure call: `Switch.Set` and its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) params: Option<Value>,
}

impl Call {
    pub(crate) fn plain(method: &str) -> Self {
        Self { method: method.to_owned(), params: None }
    }

    /// Asks for the status of one component.
    pub(crate) fn status_of(part: &Part) -> Self {
        Self::to(part, "GetStatus", json!({}))
    }

    fn to(part: &Part, verb: &str, mut params: Value) -> Self {
        params["id"] = json!(part.id.number);
        Self { method: format!("{}.{verb}", part.id.kind.namespace()), params: Some(params) }
    }
}

/// The shortest transition that lights take, in seconds.
const SHORTEST_TRANSITION: f64 = 0.5;

/// The call that does it, slowly where that is wanted and it is a light; `None` when a component of
/// this kind cannot.
pub(crate) fn call(part: &Part, action: &Action, transition: Span) -> Option<Call> {
    let mut call = plain_call(part, action)?;
    if part.id.kind.is_light()
        && !transition.is_zero()
        && let Some(params) = &mut call.params
    {
        let seconds = transition.duration().as_secs_f64().max(SHORTEST_TRANSITION);
        params["transition_duration"] = json!(seconds);
    }
    Some(call)
}

fn plain_call(part: &Part, action: &Action) -> Option<Call> {
    let kind = part.id.kind;
    match action {
        Action::SetOnOff(on) if kind == Kind::Switch || kind.is_light() => {
            Some(Call::to(part, "Set", json!({ "on": on })))
        }
        Action::SetLevel(level) if kind.is_light() => {
            Some(Call::to(part, "Set", level_params(*level)))
        }
        Action::SetColor(color) => Some(Call::to(part, "Set", color_params(part, *color)?)),
        Action::MoveCover(to) if kind == Kind::Cover => cover_call(part, *to),
        _ => None,
    }
}

/// Not every light takes a brightness of 0: nothing is left of a light that is off.
fn level_params(level: Percent) -> Value {
    if level == Percent::ZERO {
        json!({ "on": false })
    } else {
        json!({ "on": true, "brightness": level.get() })
    }
}

/// A colour alone is refused: a call must name `on` or `brightness` too. The brightness that it
/// has changes nothing.
fn color_params(part: &Part, color: Color) -> Option<Value> {
    let mut params = match (part.id.kind, color) {
        (Kind::Rgb, Color::HueSaturation(..)) => json!({ "rgb": color.to_rgb() }),
        (Kind::Rgbw, Color::HueSaturation(..)) => json!({ "rgb": color.to_rgb(), "white": 0 }),
        (Kind::Rgbcct, Color::HueSaturation(..)) => {
            json!({ "mode": "rgb", "rgb": color.to_rgb() })
        }
        (Kind::Cct, Color::Temperature(white)) => json!({ "ct": white.get().round() }),
        (Kind::Rgbcct, Color::Temperature(white)) => {
            json!({ "mode": "cct", "ct": white.get().round() })
        }
        _ => return None,
    };
    match part.known.brightness.filter(|it| *it >= 1.0) {
        Some(brightness) => params["brightness"] = json!(brightness),
        None => params["on"] = json!(true),
    }
    Some(params)
}

fn cover_call(part: &Part, to: CoverMove) -> Option<Call> {
    let (verb, params) = match to {
        CoverMove::Open => ("Open", json!({})),
        CoverMove::Close => ("Close", json!({})),
        CoverMove::Stop => ("Stop", json!({})),
        CoverMove::To(open) if part.traits.positions => {
            ("GoToPosition", json!({ "pos": open.get() }))
        }
        CoverMove::To(_) => return None,
    };
    Some(Call::to(part, verb, params))
}

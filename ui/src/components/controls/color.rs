//! Colour of a light: hue and saturation, or the warmth of its white.

use leptos::prelude::*;
use model::{Action, Color, Hue, Kelvin, Percent, Value};

use super::{Asked, percent_slider};
use crate::components::{Segmented, Slider};
use crate::i18n::{decimal, t, with_unit};

/// Distance of two warmths, in kelvin: finer is not told apart.
const WARMTH_STEP: f64 = 50.0;

/// The two ways to give a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Colour,
    White,
}

pub(super) fn color(
    asked: Asked,
    hue_saturation: bool,
    temperature: Option<(Kelvin, Kelvin)>,
) -> AnyView {
    match (hue_saturation, temperature) {
        (true, Some(range)) => both(asked, range),
        (true, None) => colour(asked),
        (false, Some(range)) => white(asked, range),
        (false, None) => ().into_any(),
    }
}

fn both(asked: Asked, range: (Kelvin, Kelvin)) -> AnyView {
    let said = asked.read(|value| match shown(value) {
        Some(Color::Temperature(_)) => Way::White,
        _ => Way::Colour,
    });
    let picked = RwSignal::new(None::<Way>);
    let way = Memo::new(move |_| picked.get().unwrap_or_else(|| said.get()));
    let choices =
        Signal::derive(|| vec![(Way::Colour, t().in_colour()), (Way::White, t().in_white())]);
    view! {
        <Segmented
            label=Signal::derive(|| t().color())
            choices
            chosen=Signal::derive(move || Some(way.get()))
            on_choose=Callback::new(move |it| picked.set(Some(it)))
        />
        {move || match way.get() {
            Way::Colour => colour(asked),
            Way::White => white(asked, range),
        }}
    }
    .into_any()
}

fn colour(asked: Asked) -> AnyView {
    let now = asked.read(|value| shown(value).map_or((0, 100), degrees_and_percent));
    let hue = Signal::derive(move || f64::from(now.get().0));
    let saturation = Signal::derive(move || f64::from(now.get().1));
    let turn = Callback::new(move |wanted: f64| {
        // A colourless light that is given a hue is meant to show it.
        let saturation = match now.get_untracked().1 {
            0..5 => Percent::FULL,
            some => Percent::of(f64::from(some), 100.0),
        };
        ask_colour(asked, wanted as u16, saturation);
    });
    let fade = Callback::new(move |wanted: f64| {
        ask_colour(asked, now.get_untracked().0, Percent::of(wanted, 100.0));
    });
    let words = Callback::new(|value: f64| format!("{}°", decimal(t().locale(), value, 0)));
    view! {
        <Slider
            label=Signal::derive(|| t().hue())
            value=hue
            max=359.0
            words
            track="hue"
            busy=asked.busy()
            on_change=turn
        />
        {percent_slider(asked, || t().saturation(), saturation, fade)}
    }
    .into_any()
}

fn ask_colour(asked: Asked, degrees: u16, saturation: Percent) {
    if let Ok(hue) = Hue::try_from(degrees.min(359)) {
        asked.ask(Action::SetColor(Color::HueSaturation(hue, saturation)));
    }
}

fn white(asked: Asked, (low, high): (Kelvin, Kelvin)) -> AnyView {
    let value = asked.read(move |value| match shown(value) {
        Some(Color::Temperature(kelvin)) => kelvin.get(),
        _ => low.get(),
    });
    let words = Callback::new(|value: f64| with_unit(t().locale(), value, 0, Kelvin::UNIT));
    let change = Callback::new(move |wanted: f64| {
        let within = Kelvin::clamped(wanted.clamp(low.get(), high.get()));
        asked.ask(Action::SetColor(Color::Temperature(within)));
    });
    view! {
        <Slider
            label=Signal::derive(|| t().warmth())
            value
            min=low.get()
            max=high.get()
            step=WARMTH_STEP
            words
            track="warmth"
            busy=asked.busy()
            on_change=change
        />
    }
    .into_any()
}

fn shown(value: Option<&Value>) -> Option<Color> {
    match value {
        Some(Value::ColorControl(color)) => Some(*color),
        _ => None,
    }
}

fn degrees_and_percent(color: Color) -> (u16, u8) {
    let color = match color {
        Color::HueSaturation(..) => color,
        Color::Temperature(_) => Color::from_rgb(color.to_rgb()),
    };
    match color {
        Color::HueSaturation(hue, saturation) => (hue.degrees(), saturation.get()),
        Color::Temperature(_) => (0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warm_white_stands_somewhere_on_the_colour_circle() {
        let (hue, saturation) = degrees_and_percent(Color::Temperature(Kelvin::clamped(2_700.0)));
        assert!((20..50).contains(&hue), "{hue}");
        assert!(saturation > 20, "{saturation}");
    }
}

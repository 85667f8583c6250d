//! A slider with its value in words. It asks once, when it is let go.

use leptos::prelude::*;

use super::field::unique;

/// A slider.
#[component]
pub fn Slider(
    /// What it sets.
    #[prop(into)]
    label: Signal<String>,
    /// The value, as known or wanted.
    #[prop(into)]
    value: Signal<f64>,
    /// Smallest.
    #[prop(default = 0.0)]
    min: f64,
    /// Largest.
    #[prop(default = 100.0)]
    max: f64,
    /// Distance of two values.
    #[prop(default = 1.0)]
    step: f64,
    /// A value in words, with its unit.
    #[prop(into)]
    words: Callback<f64, String>,
    /// How its track looks: empty, `hue` or `warmth`.
    #[prop(default = "")]
    track: &'static str,
    /// A command is on its way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Asks for a value.
    #[prop(into)]
    on_change: Callback<f64>,
) -> impl IntoView {
    let id = unique("slider");
    let held = RwSignal::new(None::<f64>);
    let shown = move || held.get().unwrap_or_else(|| value.get());
    let read = |event: &leptos::ev::Event| event_target_value(event).parse::<f64>().ok();
    let let_go = move |event: leptos::ev::Event| {
        held.set(None);
        if let Some(value) = read(&event) {
            on_change.run(value);
        }
    };
    let step = if step > 0.0 { step.to_string() } else { "any".to_owned() };
    let fill = move || format!("{:.1}%", 100.0 * (shown() - min) / (max - min).max(f64::EPSILON));
    view! {
        <div class="slider">
            <label for=id.clone()>{label}</label>
            <output for=id.clone()>{move || words.run(shown())}</output>
            <input
                id=id
                type="range"
                class=track
                min=min
                max=max
                step=step
                prop:value=move || shown().to_string()
                style=("--fill", fill)
                aria-valuetext=move || words.run(shown())
                aria-busy=move || busy.get().to_string()
                disabled=disabled
                on:input=move |event| held.set(read(&event))
                on:change=let_go
            />
        </div>
    }
}

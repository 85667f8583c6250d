//! A box to tick, with its words; the whole row is the target.

use leptos::prelude::*;

/// A box to tick.
#[component]
pub fn Checkbox(
    /// What it is about.
    #[prop(into)]
    label: Signal<String>,
    /// More about it, in small.
    #[prop(optional, into)]
    note: Signal<String>,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Ticks it, or takes the tick away.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let change = move |event: leptos::ev::Event| on_change.run(event_target_checked(&event));
    view! {
        <label class="check-row">
            <input type="checkbox" prop:checked=move || checked.get() on:change=change />
            <span class="check-words">
                <span>{label}</span>
                <span class="quiet">{note}</span>
            </span>
        </label>
    }
}

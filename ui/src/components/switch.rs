//! A switch: on or off, said in words beside it by whoever uses it.

use leptos::prelude::*;

/// A switch.
#[component]
pub fn Switch(
    /// What it switches.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// A command is on its way.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Asks for the other state.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="switch"
            role="switch"
            aria-label=label
            aria-checked=move || on.get().to_string()
            aria-busy=move || busy.get().to_string()
            disabled=disabled
            on:click=move |_| on_change.run(!on.get_untracked())
        >
            <span class="switch-knob"></span>
        </button>
    }
}

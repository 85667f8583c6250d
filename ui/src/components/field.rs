//! Fields for text and for secrets, with their labels and what is wrong with them.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::t;

/// A field for a line of text.
#[component]
pub fn Field(
    /// What it asks for.
    #[prop(into)]
    label: Signal<String>,
    /// What is in it.
    value: RwSignal<String>,
    /// What is wrong with it; empty when nothing is.
    #[prop(optional, into)]
    error: Signal<String>,
    /// A sentence that explains it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Takes the focus when it appears.
    #[prop(default = false)]
    autofocus: bool,
    /// What the browser may fill in; nothing by default.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// It is a piece of machine text (an address): written from left to right in every language.
    #[prop(default = false)]
    machine_text: bool,
) -> impl IntoView {
    let id = unique("field");
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                type="text"
                autocomplete=autocomplete
                spellcheck="false"
                autofocus=autofocus
                dir=machine_text.then_some("ltr")
                maxlength="300"
                prop:value=move || value.get()
                aria-invalid=move || (!error.get().is_empty()).to_string()
                aria-describedby=described_by
                on:input=move |event| value.set(event_target_value(&event))
            />
            <FieldNote id=error_id error hint />
        </div>
    }
}

/// A field for many lines of machine text.
#[component]
pub fn TextArea(
    /// What it asks for.
    #[prop(into)]
    label: Signal<String>,
    /// What is in it.
    value: RwSignal<String>,
    /// A sentence that explains it.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    let id = unique("text");
    let note_id = format!("{id}-note");
    let described_by = note_id.clone();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                id=id
                rows="8"
                dir="ltr"
                spellcheck="false"
                autocomplete="off"
                prop:value=move || value.get()
                aria-describedby=described_by
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            <FieldNote id=note_id error=Signal::stored(String::new()) hint />
        </div>
    }
}

/// A field for a password or key. It can be shown, to check what was typed.
#[component]
pub fn SecretField(
    /// What it asks for.
    #[prop(into)]
    label: Signal<String>,
    /// What is in it.
    value: RwSignal<String>,
    /// What is wrong with it; empty when nothing is.
    #[prop(optional, into)]
    error: Signal<String>,
    /// A sentence that explains it.
    #[prop(optional, into)]
    hint: Signal<String>,
    /// Takes the focus when it appears.
    #[prop(default = false)]
    autofocus: bool,
) -> impl IntoView {
    let id = unique("secret");
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    let shown = RwSignal::new(false);
    let button = move || if shown.get() { t().hide_secret() } else { t().show_secret() };
    let glyph = Signal::derive(move || if shown.get() { Glyph::EyeOff } else { Glyph::Eye });
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="secret-field">
                <input
                    id=id
                    type=move || if shown.get() { "text" } else { "password" }
                    dir="ltr"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus=autofocus
                    maxlength="300"
                    prop:value=move || value.get()
                    aria-invalid=move || (!error.get().is_empty()).to_string()
                    aria-describedby=described_by
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <button
                    type="button"
                    class="icon-button"
                    aria-label=button
                    aria-pressed=move || shown.get().to_string()
                    on:click=move |_| shown.update(|it| *it = !*it)
                >
                    <Icon glyph />
                </button>
            </div>
            <FieldNote id=error_id error hint />
        </div>
    }
}

/// What is wrong with a field, or else what explains it.
#[component]
fn FieldNote(id: String, error: Signal<String>, hint: Signal<String>) -> impl IntoView {
    let wrong = move || !error.get().is_empty();
    view! {
        <p id=id class="field-note" class:wrong=wrong aria-live="polite">
            {move || if wrong() { error.get() } else { hint.get() }}
        </p>
    }
}

thread_local! {
    static LAST: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// An id that no other element has.
pub fn unique(kind: &str) -> String {
    let number = LAST.get() + 1;
    LAST.set(number);
    format!("{kind}-{number}")
}

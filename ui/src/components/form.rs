//! The end of a form: what is wrong with it, and the button that sends it.

use leptos::prelude::*;

use crate::i18n::t;
use crate::state::Form;

/// What is wrong, and the button.
#[component]
pub fn Submit(
    /// The form.
    form: Form,
    /// What the button says.
    #[prop(into)]
    words: Signal<String>,
    /// Further buttons, before it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let wrong = move || form.error.get().map(|it| t().error(&it));
    view! {
        <div role="alert">
            {move || wrong().map(|it| view! { <p class="form-error">{it}</p> })}
        </div>
        <div class="dialog-actions">
            {children.map(|it| it())}
            <button
                type="submit"
                class="button primary"
                disabled=form.busy
                aria-busy=move || form.busy.get().to_string()
            >
                {words}
            </button>
        </div>
    }
}

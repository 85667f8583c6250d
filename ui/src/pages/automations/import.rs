//! Rules from a file, and into one.

use leptos::prelude::*;

use crate::i18n::t;

/// The page for files of rules.
#[component]
pub fn ImportPage() -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>{move || t().import_export()}</h1>
        </div>
    }
}

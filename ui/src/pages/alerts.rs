//! What needs attention: troubles, and what rules told.

use leptos::prelude::*;

use crate::i18n::t;

/// The alerts page.
#[component]
pub fn AlertsPage() -> impl IntoView {
    view! { <div class="page"><h1>{move || t().alerts()}</h1></div> }
}

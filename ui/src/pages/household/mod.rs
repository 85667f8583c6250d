//! People, groups and variables.

use leptos::prelude::*;

use crate::i18n::t;

/// The household page.
#[component]
pub fn HouseholdPage() -> impl IntoView {
    view! { <div class="page"><h1>{move || t().household()}</h1></div> }
}

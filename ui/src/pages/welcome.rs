//! Under construction.

use leptos::prelude::*;

/// The page.
#[component]
pub fn WelcomePage() -> impl IntoView {
    view! { <div class="page"></div> }
}

//! Under construction.

use leptos::prelude::*;

/// The page.
#[component]
pub fn AddPage() -> impl IntoView {
    view! { <div class="page"></div> }
}

//! Under construction.

use leptos::prelude::*;

/// The page.
#[component]
pub fn RoomsPage() -> impl IntoView {
    view! { <div class="page"></div> }
}

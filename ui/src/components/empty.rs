//! What stands where nothing is yet: what this is, one thing to do, an example.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// A place with nothing in it yet.
#[component]
pub fn Empty(
    /// Its picture.
    glyph: Glyph,
    /// What is not there yet.
    #[prop(into)]
    title: Signal<String>,
    /// What this place is for, with an example.
    #[prop(into)]
    why: Signal<String>,
    /// The one thing to do.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph />
            <h2>{title}</h2>
            <p>{why}</p>
            {children.map(|it| view! { <div class="empty-actions">{it()}</div> })}
        </div>
    }
}

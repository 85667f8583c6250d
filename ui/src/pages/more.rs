//! What else there is, where the navigation has no room for all.

use leptos::prelude::*;

use crate::components::{Glyph, Icon};
use crate::i18n::t;
use crate::route::{PageLink, Route};

/// The page of further pages.
#[component]
pub fn MorePage() -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>{move || t().more_pages()}</h1>
            <ul class="link-list">
                <Entry to=Route::Scenes glyph=Glyph::Scene words=|| t().scenes() />
                <Entry to=Route::Rooms glyph=Glyph::Rooms words=|| t().rooms() />
                <Entry to=Route::Household glyph=Glyph::People words=|| t().household() />
                <Entry to=Route::Add glyph=Glyph::Plus words=|| t().add_device() />
                <Entry to=Route::ImportAutomations glyph=Glyph::Import words=|| t().import_export() />
                <Entry to=Route::Settings glyph=Glyph::Settings words=|| t().settings() />
            </ul>
        </div>
    }
}

#[component]
fn Entry(to: Route, glyph: Glyph, words: fn() -> String) -> impl IntoView {
    view! {
        <li>
            <PageLink to class="link-row">
                <Icon glyph />
                <span>{words}</span>
            </PageLink>
        </li>
    }
}

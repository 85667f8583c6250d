//! Scenes: how a number of things shall be, under one name.

use leptos::prelude::*;
use model::SceneId;

use crate::components::{Empty, Glyph};
use crate::i18n::t;

/// The scenes page.
#[component]
pub fn ScenesPage() -> impl IntoView {
    view! {
        <div class="page">
            <h1>{move || t().scenes()}</h1>
            <Empty
                glyph=Glyph::Scene
                title=Signal::derive(move || t().no_scenes())
                why=Signal::derive(move || t().no_scenes_why())
            />
        </div>
    }
}

/// The page of one scene, or of a new one.
#[component]
pub fn ScenePage(
    /// Which; `None` for a new one.
    id: Option<SceneId>,
) -> impl IntoView {
    drop(id);
    view! { <div class="page"><h1>{move || t().new_scene()}</h1></div> }
}

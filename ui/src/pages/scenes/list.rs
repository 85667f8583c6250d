//! The list of scenes.

use std::sync::Arc;

use leptos::prelude::*;
use model::{Scene, SceneId};

use super::capture::CaptureForm;
use crate::components::{Dialog, Empty, Glyph, Icon, SceneButton};
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::state::use_session;

/// The scenes page.
#[component]
pub fn ScenesPage() -> impl IntoView {
    let session = use_session();
    let capturing = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let mut scenes = session.home.scenes.all();
        scenes.retain(|it| !session.is_going(it.id.as_str()));
        scenes.sort_by_key(|it| it.name.as_str().to_lowercase());
        scenes.iter().map(|it| it.id.clone()).collect::<Vec<SceneId>>()
    });
    let none = Memo::new(move |_| shown.with(Vec::is_empty));
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{move || t().scenes()}</h1>
                <div class="button-row">
                    <button
                        type="button"
                        class="button primary"
                        on:click=move |_| capturing.set(true)
                    >
                        {move || t().capture_scene()}
                    </button>
                    <PageLink to=Route::NewScene class="button">
                        <Icon glyph=Glyph::Plus />
                        <span>{move || t().compose_scene()}</span>
                    </PageLink>
                </div>
            </header>
            <Show when=move || none.get()>
                <Empty
                    glyph=Glyph::Scene
                    title=Signal::derive(move || t().no_scenes())
                    why=Signal::derive(move || t().no_scenes_why())
                />
            </Show>
            <ul class="card-grid">
                <For each=move || shown.get() key=Clone::clone let:id>
                    <SceneCard id />
                </For>
            </ul>
            <Dialog open=capturing title=Signal::derive(move || t().capture_scene())>
                <CaptureForm open=capturing />
            </Dialog>
        </div>
    }
}

#[component]
fn SceneCard(id: SceneId) -> impl IntoView {
    let home = use_session().home;
    let wanted = id.clone();
    let scene: Memo<Option<Arc<Scene>>> = Memo::new(move |_| home.scenes.get(&wanted));
    let name = move || scene.with(|it| it.as_ref().map(|it| it.name.to_string()));
    let line = move || {
        scene.with(|it| {
            let scene = it.as_ref()?;
            let room = scene.room.as_ref().and_then(|it| home.room_name(it));
            let room = room.unwrap_or_else(|| t().whole_home());
            Some(t().joined(&room, &t().things(scene.settings.len())))
        })
    };
    let edit = move || t().edit_scene(&name().unwrap_or_default());
    view! {
        <li class="card scene-card">
            <div class="scene-words">
                <h2>{name}</h2>
                <p class="quiet">{line}</p>
            </div>
            <div class="button-row">
                <SceneButton id=id.clone() primary=true />
                <PageLink to=Route::Scene(id) class="button" label=Signal::derive(edit)>
                    <Icon glyph=Glyph::Pencil />
                    <span>{move || t().edit()}</span>
                </PageLink>
            </div>
        </li>
    }
}

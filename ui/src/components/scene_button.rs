//! A tap that sets a scene.

use leptos::prelude::*;
use model::{RoomId, SceneId};

use super::{Glyph, Icon};
use crate::i18n::t;
use crate::state::use_session;

/// Sets a scene; for 6 s it can be taken back.
#[component]
pub fn SceneButton(
    /// Which.
    id: SceneId,
    /// It is what people come here for.
    #[prop(default = false)]
    primary: bool,
) -> impl IntoView {
    let session = use_session();
    let busy = RwSignal::new(false);
    let (scene, named) = (id.clone(), id);
    let name = move || session.home.scene_name(&named);
    let label = {
        let name = name.clone();
        move || t().set_scene(&name())
    };
    let words = move || if primary { t().set_it() } else { name() };
    view! {
        <button
            type="button"
            class="button scene-button"
            class:primary=primary
            aria-label=label
            aria-busy=move || busy.get().to_string()
            disabled=busy
            on:click=move |_| session.set_scene(scene.clone(), busy)
        >
            <Icon glyph=Glyph::Scene />
            <span>{words}</span>
        </button>
    }
}

/// The scenes that are shown in a room, or for the home, by name. Nothing when there are none.
#[component]
pub fn SceneRow(
    /// The room; `None` for the home.
    room: Option<RoomId>,
) -> impl IntoView {
    let session = use_session();
    let ids = Memo::new(move |_| {
        let mut scenes = session.home.scenes.all();
        scenes.retain(|it| it.room == room && !session.is_going(it.id.as_str()));
        scenes.sort_by_key(|it| it.name.as_str().to_lowercase());
        scenes.iter().map(|it| it.id.clone()).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || ids.with(|it| !it.is_empty())>
            <div class="scene-row" role="group" aria-label=move || t().scenes()>
                <For each=move || ids.get() key=Clone::clone let:id>
                    <SceneButton id />
                </For>
            </div>
        </Show>
    }
}

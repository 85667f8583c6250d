//! One scene: what it is called, where it is shown, what it sets.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::{Answer, Request};
use leptos::prelude::*;
use model::{Name, RoleId, RoomId, Scene, SceneId, SceneSetting, Span};

use super::setting::{SettingCard, Settings, start};
use super::{Transition, can_be_set};
use crate::bridge::new_id;
use crate::components::{
    Dialog, Empty, Field, Glyph, Icon, RolePicker, RoomSelect, SceneButton, Submit,
};
use crate::face::is_settable;
use crate::i18n::t;
use crate::route::{PageLink, Route, Router};
use crate::state::{Form, Home, RoleFace, Session, use_session};

/// The page of one scene, or of a new one.
#[component]
pub fn ScenePage(
    /// Which; `None` for a new one.
    id: Option<SceneId>,
) -> impl IntoView {
    let home = use_session().home;
    let Some(id) = id else { return view! { <Editor scene=None /> }.into_any() };
    let wanted = id.clone();
    let is_there = Memo::new(move |_| home.scenes.has(&wanted));
    let page = move || match is_there.get().then(|| untrack(|| home.scenes.get(&id))).flatten() {
        Some(scene) => view! { <Editor scene=Some(scene) /> }.into_any(),
        None => view! { <Gone /> }.into_any(),
    };
    page.into_any()
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <Empty
            glyph=Glyph::Scene
            title=Signal::derive(|| t().scene_gone())
            why=Signal::derive(|| t().no_scenes_why())
        >
            <PageLink to=Route::Scenes class="button primary">{|| t().to_scenes()}</PageLink>
        </Empty>
    }
}

/// The scene as it is being written.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    wrong: RwSignal<String>,
    room: RwSignal<Option<RoomId>>,
    transition: RwSignal<Span>,
    settings: Settings,
}

impl Draft {
    fn of(scene: Option<&Scene>) -> Self {
        Self {
            name: RwSignal::new(scene.map(|it| it.name.to_string()).unwrap_or_default()),
            wrong: RwSignal::default(),
            room: RwSignal::new(scene.and_then(|it| it.room.clone())),
            transition: RwSignal::new(scene.map(|it| it.transition).unwrap_or_default()),
            settings: RwSignal::new(scene.map(|it| it.settings.clone()).unwrap_or_default()),
        }
    }

    /// The scene as written, if it makes sense; what is wrong is told otherwise.
    fn scene(self, id: SceneId) -> Option<Scene> {
        let name = Name::try_from(self.name.get_untracked());
        let mut settings = self.settings.get_untracked();
        settings.retain(|it| !it.actions.is_empty());
        self.wrong.set(match (&name, settings.is_empty()) {
            (Err(_), _) => t().name_wrong_scene(),
            (Ok(_), true) => t().choose_something(),
            (Ok(_), false) => String::new(),
        });
        let filled = !settings.is_empty();
        let (room, transition) = (self.room.get_untracked(), self.transition.get_untracked());
        name.ok().filter(|_| filled).map(|name| Scene { id, name, room, settings, transition })
    }
}

#[component]
fn Editor(scene: Option<Arc<Scene>>) -> impl IntoView {
    let session = use_session();
    let router = expect_context::<Router>();
    let draft = Draft::of(scene.as_deref());
    let known = scene.map(|it| it.id.clone());
    let form = Form::new();
    let (adding, heading) = (RwSignal::new(false), known.is_none());
    let saved = known.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(id) = saved.clone().or_else(new_id) else { return };
        let Some(scene) = draft.scene(id.clone()) else { return };
        session.submit(form, Request::SaveScene(scene), move |_| {
            session.toasts.tell(t().saved());
            router.go(Route::Scene(id));
        });
    };
    let roles =
        move || draft.settings.with(|it| it.iter().map(|it| it.role.clone()).collect::<Vec<_>>());
    let settings = draft.settings;
    view! {
        <div class="page narrow">
            <header class="page-head device-head">
                <PageLink to=Route::Scenes class="icon-button" label=Signal::derive(|| t().back())>
                    <Icon glyph=Glyph::Back />
                </PageLink>
                <h1 class="device-title">
                    {move || if heading { t().new_scene() } else { draft.name.get() }}
                </h1>
                {known.clone().map(|id| view! { <SceneButton id primary=true /> })}
            </header>
            <form class="stack" on:submit=submit>
                <Field label=Signal::derive(|| t().name()) value=draft.name error=draft.wrong />
                <RoomSelect
                    label=Signal::derive(|| t().scene_room())
                    room=draft.room
                    on_choose=Callback::new(move |it| draft.room.set(it))
                />
                <Transition value=draft.transition />
                <h2>{move || t().scene_sets()}</h2>
                <ul class="cards-list">
                    <For each=roles key=Clone::clone let:role>
                        <SettingCard role settings />
                    </For>
                </ul>
                <div class="button-row start">
                    <button type="button" class="button" on:click=move |_| adding.set(true)>
                        <Icon glyph=Glyph::Plus />
                        <span>{move || t().choose_things()}</span>
                    </button>
                    {known.clone().map(|id| view! { <CaptureAgain id draft /> })}
                </div>
                <Submit form words=Signal::derive(|| t().save())>
                    {known.map(|id| view! { <Delete id /> })}
                </Submit>
            </form>
            <Dialog open=adding title=Signal::derive(|| t().choose_things())>
                <Choose settings open=adding />
            </Dialog>
        </div>
    }
}

/// Takes the present state of the same things.
#[component]
fn CaptureAgain(id: SceneId, draft: Draft) -> impl IntoView {
    let session = use_session();
    let form = Form::new();
    let capture = move |_| {
        let Some(scene) = draft.scene(id.clone()) else { return };
        let roles: Vec<RoleId> = scene.settings.into_iter().map(|it| it.role).collect();
        let asked = roles.len();
        let Scene { id, name, room, transition, .. } = Scene { settings: Vec::new(), ..scene };
        let request = Request::CaptureScene { id, name, room, roles, transition };
        session.submit(form, request, move |answer| {
            let Answer::Captured(scene) = answer else { return };
            session.toasts.tell(t().captured(scene.settings.len(), asked));
            draft.settings.set(scene.settings);
        });
    };
    view! {
        <button type="button" class="button" disabled=form.busy on:click=capture>
            {move || t().capture_again()}
        </button>
    }
}

#[component]
fn Delete(id: SceneId) -> impl IntoView {
    let session = use_session();
    let router = expect_context::<Router>();
    let delete = move |_| {
        let name = untrack(|| session.home.scene_name(&id));
        session.remove_later(&id, t().scene_removed(&name), Request::RemoveScene(id.clone()));
        router.go(Route::Scenes);
    };
    view! {
        <button type="button" class="button danger" on:click=delete>
            {move || t().remove()}
        </button>
    }
}

/// Which things the scene sets.
#[component]
fn Choose(settings: Settings, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let now: BTreeSet<RoleId> =
        settings.with_untracked(|it| it.iter().map(|it| it.role.clone()).collect());
    let chosen = RwSignal::new(now);
    let offers = Callback::new(move |role: RoleFace| can_be_set(session.home, &role));
    let done = move |_| {
        take(session, settings, &chosen.get_untracked());
        open.set(false);
    };
    view! {
        <RolePicker label=Signal::derive(|| t().scene_of()) chosen offers />
        <div class="dialog-actions">
            <button type="button" class="button primary" on:click=done>
                {move || t().take_over()}
            </button>
        </div>
    }
}

/// Those chosen are in it: the new ones as they are now, the others as they were written.
fn take(session: Session, settings: Settings, chosen: &BTreeSet<RoleId>) {
    settings.update(|settings| {
        settings.retain(|it| chosen.contains(&it.role));
        let known: BTreeSet<RoleId> = settings.iter().map(|it| it.role.clone()).collect();
        let new = chosen.difference(&known);
        settings.extend(new.map(|role| as_it_is(session.home, role)));
    });
}

fn as_it_is(home: Home, role: &RoleId) -> SceneSetting {
    let endpoint = untrack(|| home.role(role)).and_then(|it| it.endpoint);
    let specs = untrack(|| home.role_specs(role));
    // The first is what matters: on or off, the position, the mode.
    let first = specs.iter().find(|it| is_settable(it));
    let wish = endpoint.zip(first).and_then(|(endpoint, spec)| start(home, &endpoint, spec));
    SceneSetting { role: role.clone(), actions: wish.into_iter().collect() }
}

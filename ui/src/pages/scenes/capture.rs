//! A scene of how things are now.

use std::collections::BTreeSet;

use api::{Answer, Request};
use leptos::prelude::*;
use model::{Name, RoleId, RoomId, SceneId, Span};

use super::{Transition, can_be_set};
use crate::bridge::new_id;
use crate::components::{Field, RolePicker, RoomSelect, Submit};
use crate::i18n::t;
use crate::route::{Route, Router};
use crate::state::{Form, RoleFace, use_session};

#[component]
pub(super) fn CaptureForm(open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let router = expect_context::<Router>();
    let (name, wrong) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let room = RwSignal::new(None::<RoomId>);
    let chosen = RwSignal::new(BTreeSet::<RoleId>::new());
    let transition = RwSignal::new(Span::ZERO);
    let form = Form::new();
    let offers = Callback::new(move |role: RoleFace| can_be_set(session.home, &role));
    // What is in the room is what is most likely meant.
    let choose_room = Callback::new(move |to: Option<RoomId>| {
        room.set(to.clone());
        let in_room = untrack(|| session.home.roles());
        let in_room = in_room.into_iter().filter(|it| to.is_some() && it.room == to);
        let roles = in_room.filter(|it| untrack(|| can_be_set(session.home, it)));
        chosen.set(roles.map(|it| it.id).collect());
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(named) = Name::try_from(name.get_untracked()) else {
            return wrong.set(t().name_wrong_scene());
        };
        wrong.set(String::new());
        let roles: Vec<RoleId> = chosen.get_untracked().into_iter().collect();
        let Some(id) = new_id::<SceneId>().filter(|_| !roles.is_empty()) else {
            return wrong.set(t().choose_something());
        };
        let asked = roles.len();
        let request = Request::CaptureScene {
            id,
            name: named,
            room: room.get_untracked(),
            roles,
            transition: transition.get_untracked(),
        };
        session.submit(form, request, move |answer| {
            let Answer::Captured(scene) = answer else { return };
            open.try_set(false);
            session.toasts.tell(t().captured(scene.settings.len(), asked));
            router.go(Route::Scene(scene.id));
        });
    };
    view! {
        <form on:submit=submit>
            <p class="quiet">{move || t().capture_why()}</p>
            <Field label=Signal::derive(|| t().name()) value=name error=wrong autofocus=true />
            <RoomSelect
                label=Signal::derive(|| t().scene_room())
                room
                on_choose=choose_room
            />
            <RolePicker label=Signal::derive(|| t().scene_of()) chosen offers open=room />
            <Transition value=transition />
            <Submit form words=Signal::derive(|| t().capture_scene()) />
        </form>
    }
}

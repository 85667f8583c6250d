//! A choice of several roles, room by room, each with how it is now.

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::{EndpointId, RoleId, RoomId};

use super::Checkbox;
use super::tile::use_face;
use crate::i18n::{decimal, t};
use crate::state::{RoleFace, use_session};

/// A choice of several roles.
#[component]
pub fn RolePicker(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// Those chosen.
    chosen: RwSignal<BTreeSet<RoleId>>,
    /// Only those.
    #[prop(into)]
    offers: Callback<RoleFace, bool>,
    /// This room stands open from the start.
    #[prop(optional, into)]
    open: Signal<Option<RoomId>>,
) -> impl IntoView {
    let home = use_session().home;
    let roles = Memo::new(move |_| {
        let mut roles = home.roles();
        roles.retain(|it| offers.run(it.clone()));
        roles
    });
    let rooms = move || {
        let mut rooms: Vec<Option<RoomId>> = roles.with(|it| it.iter().map(known_room).collect());
        rooms.dedup();
        rooms
    };
    view! {
        <fieldset class="role-picker">
            <legend>{label}</legend>
            <For each=rooms key=Clone::clone let:room>
                <RoomRoles room roles chosen open />
            </For>
        </fieldset>
    }
}

fn known_room(role: &RoleFace) -> Option<RoomId> {
    role.room.clone()
}

#[component]
fn RoomRoles(
    room: Option<RoomId>,
    roles: Memo<Vec<RoleFace>>,
    chosen: RwSignal<BTreeSet<RoleId>>,
    open: Signal<Option<RoomId>>,
) -> impl IntoView {
    let home = use_session().home;
    let wanted = room.clone();
    let starts_open = move || wanted.is_some() && open.get() == wanted;
    let is_open = RwSignal::new(untrack(starts_open.clone()));
    Effect::new(move || {
        if starts_open() {
            is_open.set(true);
        }
    });
    let here = room.clone();
    let mine = Memo::new(move |_| {
        roles.with(|it| it.iter().filter(|it| it.room == here).cloned().collect::<Vec<_>>())
    });
    let name = move || {
        room.as_ref().and_then(|it| home.room_name(it)).unwrap_or_else(|| t().without_room())
    };
    let count = move || {
        let number = |it: usize| decimal(t().locale(), it as f64, 0);
        let picked = chosen.with(|it| mine.with(|roles| picked(roles, it)));
        t().chosen_of(&number(picked), &number(mine.with(Vec::len)))
    };
    let toggle = move |event: leptos::ev::Event| {
        is_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    view! {
        <details class="devices" prop:open=move || is_open.get() on:toggle=toggle>
            <summary>
                <span class="summary-name">{name}</span>
                <span class="quiet">{count}</span>
            </summary>
            <Show when=move || is_open.get()>
                <For each=move || mine.get() key=|it| it.id.clone() let:role>
                    <RoleBox role chosen />
                </For>
            </Show>
        </details>
    }
}

fn picked(roles: &[RoleFace], chosen: &BTreeSet<RoleId>) -> usize {
    roles.iter().filter(|it| chosen.contains(&it.id)).count()
}

#[component]
fn RoleBox(role: RoleFace, chosen: RwSignal<BTreeSet<RoleId>>) -> impl IntoView {
    let RoleFace { id, name, endpoint, .. } = role;
    let state = state_of(endpoint);
    let mine = id.clone();
    let checked = Signal::derive(move || chosen.with(|it| it.contains(&mine)));
    let change = Callback::new(move |yes: bool| {
        chosen.update(|it| {
            if yes {
                it.insert(id.clone());
            } else {
                it.remove(&id);
            }
        });
    });
    view! { <Checkbox label=Signal::stored(name) note=state checked on_change=change /> }
}

/// How a role is now, in words; nothing when nothing fills it.
pub fn state_of(endpoint: Option<EndpointId>) -> Signal<String> {
    let session = use_session();
    let Some(endpoint) = endpoint else { return Signal::stored(String::new()) };
    let face = use_face(session, &endpoint);
    Signal::derive(move || {
        let now = session.now.get_untracked();
        face.with(|it| it.as_ref().map(|it| it.line(t(), now)).unwrap_or_default())
    })
}

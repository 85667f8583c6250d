//! What uses the device: the rules, scenes and groups that name its role; and who could take its
//! place.

use std::sync::Arc;

use api::{DeviceView, Request};
use leptos::prelude::*;
use model::rule::Target;
use model::{Category, EndpointId, EndpointKind, GroupId, RoleId, RoomId};

use crate::components::{Dialog, Glyph, Icon, Select, Submit};
use crate::face::names;
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::state::{Form, Home, use_session};

/// A role of the device, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Filled {
    role: RoleId,
    endpoint: EndpointId,
    name: String,
    kind: EndpointKind,
    room: Option<RoomId>,
}

#[component]
pub(super) fn Uses(device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let home = use_session().home;
    let filled = Memo::new(move |_| device.with(|it| filled(it)));
    let users = Memo::new(move |_| filled.with(|it| users(home, it)));
    let replacing = RwSignal::new(false);
    let row = |(route, glyph, name): (Route, Glyph, String)| {
        view! {
            <li>
                <PageLink to=route class="link-row">
                    <Icon glyph />
                    <span>{name}</span>
                </PageLink>
            </li>
        }
    };
    view! {
        <section class="card about" aria-labelledby="uses">
            <h2 id="uses">{|| t().what_uses_it()}</h2>
            {move || users.with(Vec::is_empty).then(|| view! {
                <p class="quiet">{move || t().nothing_uses_it()}</p>
            })}
            <ul class="link-list">{move || users.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || filled.with(|it| !it.is_empty())>
                <div class="button-row start">
                    <button type="button" class="button" on:click=move |_| replacing.set(true)>
                        <span>{move || t().replace_device()}</span>
                    </button>
                </div>
            </Show>
            <Dialog open=replacing title=Signal::derive(|| t().replace_device())>
                <Replace filled open=replacing />
            </Dialog>
        </section>
    }
}

fn filled(device: &DeviceView) -> Vec<Filled> {
    let of = |it: &api::EndpointView| Filled {
        role: it.role.clone(),
        endpoint: it.id.clone(),
        name: it.name.clone(),
        kind: it.kind,
        room: it.room.clone(),
    };
    let primary = device.endpoints.iter().filter(|it| it.category == Category::Primary);
    primary.map(of).collect()
}

/// Where the roles are used, with a way there.
fn users(home: Home, filled: &[Filled]) -> Vec<(Route, Glyph, String)> {
    let is_mine = |role: &RoleId| filled.iter().any(|it| it.role == *role);
    let groups = home.groups.all();
    let groups: Vec<_> =
        groups.iter().filter(|it| it.members.iter().any(is_mine)).cloned().collect();
    let group_ids: Vec<&GroupId> = groups.iter().map(|it| &it.id).collect();
    let is_meant = |target: &Target| match target {
        Target::Role(role) => is_mine(role),
        Target::Group(group) => group_ids.contains(&group),
        Target::Room { room, only } => filled
            .iter()
            .any(|it| it.room.as_ref() == Some(room) && only.is_none_or(|kind| kind == it.kind)),
        Target::All(kind) => filled.iter().any(|it| it.kind == *kind),
    };
    let rules = home.rules.all();
    let rules = rules.iter().filter(|it| names(&it.rule.body, is_meant)).map(|it| {
        let to = Route::Automation(it.rule.id.clone());
        (to, Glyph::Rules, it.rule.body.name.to_string())
    });
    let scenes = home.scenes.all();
    let scenes = scenes
        .iter()
        .filter(|it| it.settings.iter().any(|it| is_mine(&it.role)))
        .map(|it| (Route::Scene(it.id.clone()), Glyph::Scene, it.name.to_string()));
    let groups = groups.iter().map(|it| (Route::Household, Glyph::People, it.name.to_string()));
    rules.chain(scenes).chain(groups).collect()
}

/// Lets another device take the place of a part of this one.
#[component]
fn Replace(filled: Memo<Vec<Filled>>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let part = RwSignal::new(0_usize);
    let chosen = RwSignal::new(None::<EndpointId>);
    let form = Form::new();
    let parts = Signal::derive(move || {
        filled.get().into_iter().enumerate().map(|(at, it)| (at, it.name)).collect::<Vec<_>>()
    });
    let mine = Memo::new(move |_| filled.with(|it| it.get(part.get()).cloned()));
    let others = Signal::derive(move || {
        let Some(mine) = mine.get() else { return Vec::new() };
        let others = session.home.roles().into_iter();
        others
            .filter(|it| it.kind == mine.kind && it.id != mine.role)
            .filter_map(|it| Some((it.endpoint?, it.name)))
            .collect::<Vec<_>>()
    });
    let none = move || others.with(Vec::is_empty);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(mine), Some(other)) = (mine.get_untracked(), chosen.get_untracked()) else {
            return;
        };
        let request = Request::FillRole(mine.role, Some(other));
        session.submit(form, request, move |_| {
            open.set(false);
            session.toasts.tell(t().replaced(&mine.name));
        });
    };
    view! {
        <form on:submit=submit>
            <p class="quiet">{move || t().replace_why()}</p>
            <Show when=move || { filled.with(Vec::len) > 1 }>
                <Select
                    label=Signal::derive(|| t().part())
                    choices=parts
                    chosen=Signal::derive(move || Some(part.get()))
                    on_choose=Callback::new(move |it| part.set(it))
                />
            </Show>
            <Show when=none>
                <p>{move || t().replace_none()}</p>
            </Show>
            <Select
                label=Signal::derive(|| t().replace_by())
                choices=others
                chosen=chosen
                on_choose=Callback::new(move |it| chosen.set(Some(it)))
            />
            <Submit form words=Signal::derive(|| t().replace_do()) />
        </form>
    }
}

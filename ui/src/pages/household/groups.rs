//! Roles that are meant together.

use std::collections::BTreeSet;

use api::Request;
use leptos::prelude::*;
use model::{Group, GroupId};

use super::{Named, RowButton, Section};
use crate::bridge::new_id;
use crate::components::{Dialog, Glyph, RolePicker};
use crate::i18n::t;
use crate::state::{Form, RoleFace, use_session};

#[component]
pub(super) fn Groups() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<GroupId>);
    let edit = Callback::new(move |id: Option<GroupId>| {
        edited.set(id);
        open.set(true);
    });
    let shown = Memo::new(move |_| {
        let mut groups = session.home.groups.all();
        groups.retain(|it| !session.is_going(it.id.as_str()));
        groups.sort_by_key(|it| it.name.as_str().to_lowercase());
        groups.iter().map(|it| it.id.clone()).collect::<Vec<_>>()
    });
    view! {
        <Section
            id="groups"
            title=|| t().groups()
            why=|| t().groups_why()
            add=|| t().add_group()
            on_add=Callback::new(move |()| edit.run(None))
        >
            <For each=move || shown.get() key=Clone::clone let:id>
                <GroupCard id edit />
            </For>
        </Section>
        <Dialog open title=Signal::derive(move || match edited.get() {
            None => t().add_group(),
            Some(_) => t().groups(),
        })>
            <GroupForm edited open />
        </Dialog>
    }
}

#[component]
fn GroupCard(id: GroupId, edit: Callback<Option<GroupId>>) -> impl IntoView {
    let session = use_session();
    let wanted = id.clone();
    let group = Memo::new(move |_| session.home.groups.get(&wanted));
    let name = Signal::derive(move || {
        group.with(|it| it.as_ref().map(|it| it.name.to_string()).unwrap_or_default())
    });
    let members = move || {
        let roles = group.with(|it| it.as_ref().map(|it| it.members.clone()).unwrap_or_default());
        let names: Vec<String> = roles.iter().map(|it| session.home.role_name(it)).collect();
        t().list(&names)
    };
    let id = StoredValue::new(id);
    let remove = Callback::new(move |()| {
        let request = Request::RemoveGroup(id.get_value());
        session.remove_later(id.get_value(), t().removed(&name.get_untracked()), request);
    });
    view! {
        <li class="card">
            <header class="part-head">
                <div class="scene-words">
                    <h3>{name}</h3>
                    <p class="quiet">{members}</p>
                </div>
                <RowButton
                    glyph=Glyph::Pencil
                    label=Signal::derive(move || t().edit_scene(&name.get()))
                    on_press=Callback::new(move |()| edit.run(Some(id.get_value())))
                />
                <RowButton
                    glyph=Glyph::Trash
                    label=Signal::derive(move || t().remove_it(&name.get()))
                    on_press=remove
                />
            </header>
        </li>
    }
}

#[component]
fn GroupForm(edited: RwSignal<Option<GroupId>>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let known = edited.get_untracked();
    let now = known.as_ref().and_then(|it| untrack(|| session.home.groups.get(it)));
    let members: BTreeSet<_> =
        now.as_ref().map(|it| it.members.iter().cloned().collect()).unwrap_or_default();
    let name = RwSignal::new(now.map(|it| it.name.to_string()).unwrap_or_default());
    let chosen = RwSignal::new(members);
    let form = Form::new();
    let save = Callback::new(move |name| {
        let Some(id) = known.clone().or_else(new_id) else { return };
        let members = chosen.get_untracked().into_iter().collect();
        let request = Request::SaveGroup(Group { id, name, members });
        session.submit(form, request, move |_| open.set(false));
    });
    let offers = Callback::new(|_: RoleFace| true);
    view! {
        <Named name form on_save=save>
            <RolePicker label=Signal::derive(|| t().group_members()) chosen offers />
        </Named>
    }
}

//! Roles that something names and nothing fills.

use api::{Request, VacantRole};
use leptos::prelude::*;
use model::{EndpointId, RoleId};

use crate::components::Select;
use crate::i18n::t;
use crate::state::use_session;

#[component]
pub(super) fn Vacant() -> impl IntoView {
    let home = use_session().home;
    let any = Memo::new(move |_| home.vacant.with(|it| !it.is_empty()));
    view! {
        <Show when=move || any.get()>
            <section class="stack" aria-labelledby="vacant">
                <h2 id="vacant">{move || t().vacant_roles()}</h2>
                <p class="quiet">{move || t().vacant_why()}</p>
                <ul class="cards-list">
                    <For each=move || home.vacant.get() key=|it| it.id.clone() let:role>
                        <VacantCard role />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn VacantCard(role: VacantRole) -> impl IntoView {
    let session = use_session();
    let VacantRole { id, name, kind, .. } = role;
    let choices = Signal::derive(move || {
        let roles = session.home.roles().into_iter().filter(|it| it.kind == kind);
        roles.filter_map(|it| Some((it.endpoint?, it.name))).collect::<Vec<_>>()
    });
    let (fill_id, name) = (id.clone(), name.to_string());
    let fill = Callback::new(move |endpoint: EndpointId| {
        session.send(Request::FillRole(fill_id.clone(), Some(endpoint)));
    });
    let forget = move |id: RoleId| session.send(Request::ForgetRole(id));
    let label = name.clone();
    view! {
        <li class="card person-card">
            <h3>{name}</h3>
            <div class="inline-form">
                <Select
                    label=Signal::derive(|| t().fill_role())
                    choices
                    chosen=Signal::stored(None)
                    on_choose=fill
                />
                <button
                    type="button"
                    class="button"
                    aria-label=move || t().forget_it(&label)
                    on:click=move |_| forget(id.clone())
                >
                    {move || t().forget_role()}
                </button>
            </div>
        </li>
    }
}

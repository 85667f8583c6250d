//! The home: what needs attention, favourites, rooms with their tiles.

use api::Request;
use leptos::prelude::*;
use model::{EndpointId, Issue, IssueAction, IssueKind, RoomId};

use crate::components::{Empty, Glyph, Icon, SecretsTarget, Tiles};
use crate::i18n::{Texts, day_and_time, t};
use crate::route::{PageLink, Route};
use crate::state::{Home, Section, sections, use_session};

/// The home page.
#[component]
pub fn HomePage() -> impl IntoView {
    let home = use_session().home;
    let title = move || home.home.get().name.map_or_else(|| t().my_home(), |it| it.to_string());
    let empty = Memo::new(move |_| home.shape.with(|it| it.devices.is_empty()));
    view! {
        <div class="page">
            <h1>{title}</h1>
            <Attention />
            <NewDevices />
            <Show when=move || empty.get() fallback=move || view! { <Favourites /><RoomSections /> }>
                <Empty
                    glyph=Glyph::Light
                    title=Signal::derive(move || t().empty_home())
                    why=Signal::derive(move || t().empty_home_why())
                >
                    <PageLink to=Route::Add class="button primary">
                        {move || t().find_devices()}
                    </PageLink>
                </Empty>
            </Show>
        </div>
    }
}

/// Troubles, each with the one thing to do about it. Not there when there are none.
#[component]
fn Attention() -> impl IntoView {
    let home = use_session().home;
    let any = Memo::new(move |_| home.issues.with(|it| !it.is_empty()));
    view! {
        <Show when=move || any.get()>
            <section class="attention" aria-labelledby="attention">
                <h2 id="attention">{move || t().attention()}</h2>
                <ul>
                    <For each=move || home.issues.get() key=|it| format!("{it:?}") let:issue>
                        <IssueRow issue />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn IssueRow(issue: Issue) -> impl IntoView {
    let session = use_session();
    let kind = issue.kind.clone();
    let words = move || issue_words(t(), session.home, &kind);
    let kind_of_details = issue.kind.clone();
    let words_of_details = move || issue_details(t(), &kind_of_details);
    view! {
        <li class="issue">
            <Icon glyph=Glyph::Alert />
            <div class="issue-words">
                <p>{words}</p>
                {move || words_of_details().map(|it| view! { <p class="quiet">{it}</p> })}
            </div>
            <IssueButton issue />
        </li>
    }
}

#[component]
fn IssueButton(issue: Issue) -> impl IntoView {
    let session = use_session();
    let secrets = expect_context::<SecretsTarget>();
    let action = issue.kind.action();
    let words = move || match action {
        IssueAction::EnterSecret => t().action_enter_secret(),
        IssueAction::OpenDevice => t().action_open_device(),
        IssueAction::EnterPassphrase => t().action_enter_passphrase(),
        IssueAction::ChoosePassphrase => t().action_choose_passphrase(),
        IssueAction::AddByAddress => t().action_add_by_address(),
        IssueAction::Retry => t().retry(),
        IssueAction::Dismiss => t().action_dismiss(),
    };
    let device = issue.kind.device().cloned();
    let to = match (action, &device) {
        (IssueAction::OpenDevice, Some(device)) => Some(Route::Device(device.clone())),
        (IssueAction::AddByAddress, _) => Some(Route::Add),
        _ => None,
    };
    if let Some(to) = to {
        return view! { <PageLink to class="button">{words}</PageLink> }.into_any();
    }
    let act = move |_| match (action, device.clone()) {
        (IssueAction::EnterSecret, Some(device)) => secrets.ask_secret(device),
        (IssueAction::EnterPassphrase, _) => secrets.ask_passphrase(),
        (IssueAction::ChoosePassphrase, _) => secrets.choose_passphrase(),
        _ => session.send(Request::ResolveIssue(issue.id.clone())),
    };
    view! { <button type="button" class="button" on:click=act>{words}</button> }.into_any()
}

fn issue_words(t: Texts, home: Home, kind: &IssueKind) -> String {
    match kind {
        IssueKind::NeedsSecret(device) => t.issue_needs_secret(&home.device_name(device)),
        IssueKind::WrongSecret(device) => t.issue_wrong_secret(&home.device_name(device)),
        IssueKind::WrongIdentity { device, found } => {
            t.issue_wrong_identity(&home.device_name(device), &home.device_name(found))
        }
        IssueKind::Garbage(device, _) => t.issue_garbage(&home.device_name(device)),
        IssueKind::DatabaseRestored { copied_at: Some(at), .. } => {
            t.issue_restored(&day_and_time(t.locale(), *at))
        }
        IssueKind::DatabaseRestored { copied_at: None, .. } => t.issue_restored_empty(),
        IssueKind::CannotWrite(_) => t.issue_cannot_write(),
        IssueKind::SecretsLocked => t.issue_secrets_locked(),
        IssueKind::NoKeyring => t.issue_no_keyring(),
        IssueKind::DiscoveryFailed(_) => t.issue_discovery(),
    }
}

/// What the system or the device said, in its own words.
fn issue_details(t: Texts, kind: &IssueKind) -> Option<String> {
    match kind {
        IssueKind::Garbage(_, words)
        | IssueKind::CannotWrite(words)
        | IssueKind::DiscoveryFailed(words) => Some(t.issue_details(words)),
        IssueKind::DatabaseRestored { kept, .. } => Some(t.issue_restored_kept(kept)),
        IssueKind::NeedsSecret(_)
        | IssueKind::WrongSecret(_)
        | IssueKind::WrongIdentity { .. }
        | IssueKind::SecretsLocked
        | IssueKind::NoKeyring => None,
    }
}

/// Devices that were found and are not in the home.
#[component]
fn NewDevices() -> impl IntoView {
    let home = use_session().home;
    let count = Memo::new(move |_| home.found.with(std::collections::BTreeMap::len));
    view! {
        <Show when=move || { count.get() > 0 }>
            <p class="found-hint">
                <Icon glyph=Glyph::Search />
                <span>{move || t().found(count.get())}</span>
                <PageLink to=Route::Add class="button">{move || t().add()}</PageLink>
            </p>
        </Show>
    }
}

#[component]
fn Favourites() -> impl IntoView {
    let home = use_session().home;
    let ids = Memo::new(move |_| home.shape.with(|it| it.favourites()));
    view! {
        <Show when=move || ids.with(|it| !it.is_empty())>
            <section class="room" aria-labelledby="favourites">
                <h2 id="favourites">{move || t().favourites()}</h2>
                <Tiles ids />
            </section>
        </Show>
    }
}

#[component]
fn RoomSections() -> impl IntoView {
    let home = use_session().home;
    let all = Memo::new(move |_| {
        home.shape.with(|shape| home.rooms.with(|rooms| sections(shape, rooms)))
    });
    let keys = move || {
        let filled = |it: &&Section| it.len() > 0;
        let key = |it: &Section| it.room.as_ref().map(|it| it.id.clone());
        all.with(|it| it.iter().filter(filled).map(key).collect::<Vec<_>>())
    };
    view! {
        <For each=keys key=Clone::clone let:room>
            <RoomSection room all />
        </For>
    }
}

#[component]
fn RoomSection(room: Option<RoomId>, all: Memo<Vec<Section>>) -> impl IntoView {
    let id = format!("room-{}", room.as_ref().map_or("none", |it| it.as_str()));
    let named_by = id.clone();
    let mine = Memo::new(move |_| {
        let is_mine = |it: &&Section| it.room.as_ref().map(|it| &it.id) == room.as_ref();
        all.with(|it| it.iter().find(is_mine).cloned())
    });
    let of = move |read: fn(&Section) -> &Vec<EndpointId>| {
        Signal::derive(move || mine.with(|it| it.as_ref().map(read).cloned().unwrap_or_default()))
    };
    let any = move |read: fn(&Section) -> &Vec<EndpointId>| {
        let any =
            Memo::new(move |_| mine.with(|it| it.as_ref().is_some_and(|it| !read(it).is_empty())));
        move || any.get()
    };
    let name = move || {
        mine.with(|it| it.as_ref().and_then(|it| it.room.as_ref().map(|it| it.name.to_string())))
            .unwrap_or_else(|| t().no_room())
    };
    view! {
        <section class="room" aria-labelledby=named_by>
            <h2 id=id>{name}</h2>
            <Show when=any(|it| &it.tiles)>
                <Tiles ids=of(|it| &it.tiles) />
            </Show>
            <Show when=any(|it| &it.sensors)>
                <Tiles ids=of(|it| &it.sensors) compact=true />
            </Show>
        </section>
    }
}

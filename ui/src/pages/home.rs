//! The home: what needs attention, favourites, rooms with their tiles.

use leptos::prelude::*;
use model::{EndpointId, RoomId};

use crate::components::{Empty, Glyph, Icon, IssueRow, SceneRow, Tiles};
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::state::{Section, sections, use_session};

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
            <Show when=move || empty.get() fallback=move || view! { <SceneRow room=None /><Favourites /><RoomSections /> }>
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
    // What is in no room has no scenes of its own: those of the home are at the top.
    let scenes_of = room.clone();
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
            {scenes_of.map(|room| view! { <SceneRow room=Some(room) /> })}
            <Show when=any(|it| &it.tiles)>
                <Tiles ids=of(|it| &it.tiles) />
            </Show>
            <Show when=any(|it| &it.sensors)>
                <Tiles ids=of(|it| &it.sensors) compact=true />
            </Show>
        </section>
    }
}

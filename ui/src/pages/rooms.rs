//! The rooms: make, name, order, remove, and see what is in them.

use api::Request;
use leptos::prelude::*;
use model::{DeviceId, Name, NameError, Room, RoomId};

use crate::bridge::random_hex;
use crate::components::{Dialog, Empty, Field, Glyph, Icon, RoomSelect};
use crate::i18n::{Texts, t};
use crate::route::{PageLink, Route};
use crate::state::{Session, use_session};

/// What the dialog for a room's name is open for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Naming {
    New,
    Old(RoomId),
}

/// The rooms page.
#[component]
pub fn RoomsPage() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let naming = RwSignal::new(Naming::New);
    let name = Callback::new(move |what: Naming| {
        naming.set(what);
        open.set(true);
    });
    let shown = Memo::new(move |_| {
        let leaving = session.leaving.get();
        session.home.rooms.with(|rooms| {
            rooms.iter().filter(|it| !leaving.contains(&it.id)).cloned().collect::<Vec<_>>()
        })
    });
    let none = move || shown.with(Vec::is_empty);
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{move || t().rooms()}</h1>
                <button
                    type="button"
                    class="button primary"
                    on:click=move |_| name.run(Naming::New)
                >
                    <Icon glyph=Glyph::Plus />
                    <span>{move || t().new_room()}</span>
                </button>
            </header>
            <Show when=none>
                <Empty
                    glyph=Glyph::Rooms
                    title=Signal::derive(move || t().no_rooms())
                    why=Signal::derive(move || t().no_rooms_why())
                />
            </Show>
            <ul class="cards">
                <For each=move || shown.get() key=|it| it.id.clone() let:room>
                    <RoomCard id=room.id shown name />
                </For>
                <Homeless />
            </ul>
            <Dialog open title=Signal::derive(move || naming_title(t(), &naming.get()))>
                <NameForm naming open />
            </Dialog>
        </div>
    }
}

fn naming_title(t: Texts, naming: &Naming) -> String {
    match naming {
        Naming::New => t.new_room(),
        Naming::Old(_) => t.rename(),
    }
}

#[component]
fn RoomCard(id: RoomId, shown: Memo<Vec<Room>>, name: Callback<Naming>) -> impl IntoView {
    let session = use_session();
    let room = id.clone();
    let at = Memo::new(move |_| shown.with(|it| it.iter().position(|it| it.id == room)));
    let words = Memo::new(move |_| {
        let name =
            at.get().and_then(|at| shown.with(|it| it.get(at).map(|it| it.name.to_string())));
        name.unwrap_or_default()
    });
    let last = move || at.get().is_none_or(|at| at + 1 >= shown.with(Vec::len));
    let room = StoredValue::new(id);
    let shift = move |by: i64| {
        let Some(at) = at.get_untracked() else { return };
        let to = u32::try_from(at as i64 + by).unwrap_or(0);
        session.send(Request::MoveRoom(room.get_value(), to));
    };
    let first = move || at.get() == Some(0);
    view! {
        <li class="card">
            <DeviceList room=Some(room.get_value()) title=words />
            <div class="card-buttons">
                <CardButton glyph=Glyph::Up words=move || t().move_up(&words.get()) disabled=Signal::derive(first) act=move || shift(-1) />
                <CardButton glyph=Glyph::Down words=move || t().move_down(&words.get()) disabled=Signal::derive(last) act=move || shift(1) />
                <CardButton glyph=Glyph::Pencil words=move || t().rename_room(&words.get()) act=move || name.run(Naming::Old(room.get_value())) />
                <CardButton glyph=Glyph::Trash words=move || t().remove_room(&words.get()) act=move || remove(session, room.get_value(), words.get_untracked()) />
            </div>
        </li>
    }
}

#[component]
fn CardButton(
    glyph: Glyph,
    words: impl Fn() -> String + Send + Sync + 'static,
    #[prop(optional, into)] disabled: Signal<bool>,
    act: impl Fn() + 'static,
) -> impl IntoView {
    let label = Signal::derive(words);
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=label
            title=label
            disabled=disabled
            on:click=move |_| act()
        >
            <Icon glyph />
        </button>
    }
}

/// Takes a room away, with time to think again.
fn remove(session: Session, room: RoomId, name: String) {
    session.leaving.update(|it| {
        it.insert(room.clone());
    });
    let stay = {
        let room = room.clone();
        move || {
            session.leaving.update(|it| {
                it.remove(&room);
            });
        }
    };
    let go = {
        let stay = stay.clone();
        move || {
            session.send(Request::RemoveRoom(room.clone()));
            stay();
        }
    };
    session.toasts.offer_undo(t().room_removed(&name), go, stay);
}

/// What is in no room. Not there when all is in one.
#[component]
fn Homeless() -> impl IntoView {
    let home = use_session().home;
    let any = Memo::new(move |_| home.shape.with(|it| !it.devices_in(None).is_empty()));
    let title = Memo::new(move |_| t().without_room());
    view! {
        <Show when=move || any.get()>
            <li class="card">
                <DeviceList room=None title />
            </li>
        </Show>
    }
}

/// What is in a room, made when it is opened.
#[component]
fn DeviceList(room: Option<RoomId>, title: Memo<String>) -> impl IntoView {
    let home = use_session().home;
    let devices = Memo::new(move |_| home.shape.with(|it| it.devices_in(room.as_ref())));
    let open = RwSignal::new(false);
    view! {
        <details class="devices" on:toggle=move |_| open.update(|it| *it = !*it)>
            <summary>
                <h2>{title}</h2>
                <span class="quiet">{move || t().devices(devices.with(Vec::len))}</span>
            </summary>
            <Show when=move || open.get()>
                <ul>
                    <For each=move || devices.get() key=Clone::clone let:id>
                        <DeviceRow id />
                    </For>
                </ul>
                <Show when=move || devices.with(Vec::is_empty)>
                    <p class="quiet">{move || t().empty_room()}</p>
                </Show>
            </Show>
        </details>
    }
}

#[component]
fn DeviceRow(id: DeviceId) -> impl IntoView {
    let session = use_session();
    let place = {
        let id = id.clone();
        Memo::new(move |_| session.home.shape.with(|it| it.places.get(&id).cloned()))
    };
    let name = move || place.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    let room = Signal::derive(move || place.with(|it| it.as_ref().and_then(|it| it.room.clone())));
    let to = Route::Device(id.clone());
    let choose = move |room| session.send(Request::PlaceDevice(id.clone(), room));
    view! {
        <li class="device-row">
            <PageLink to>{name}</PageLink>
            <RoomSelect
                label=Signal::derive(move || t().move_device(&name()))
                room
                bare=true
                on_choose=Callback::new(choose)
            />
        </li>
    }
}

#[component]
fn NameForm(naming: RwSignal<Naming>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let typed = RwSignal::new(untrack(|| old_name(session, &naming.get())));
    let error = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let naming = naming.get_untracked();
        let rooms = session.home.rooms.get_untracked();
        match read_name(&typed.read_untracked(), &naming, &rooms) {
            Err(fault) => error.set(fault_words(t(), fault)),
            Ok(name) => {
                open.set(false);
                match naming {
                    Naming::Old(room) => session.send(Request::NameRoom(room, name)),
                    Naming::New => create(session, name),
                }
            }
        }
    };
    let words = move || match naming.get() {
        Naming::New => t().create(),
        Naming::Old(_) => t().save(),
    };
    view! {
        <form on:submit=submit>
            <Field
                label=Signal::derive(move || t().room_name())
                value=typed
                error
                autofocus=true
            />
            <div class="dialog-actions">
                <button type="submit" class="button primary">{words}</button>
            </div>
        </form>
    }
}

fn old_name(session: Session, naming: &Naming) -> String {
    let Naming::Old(id) = naming else { return String::new() };
    let rooms = session.home.rooms.get();
    rooms.into_iter().find(|it| it.id == *id).map(|it| it.name.to_string()).unwrap_or_default()
}

fn create(session: Session, name: Name) {
    if let Some(id) = random_hex().and_then(|it| it.parse().ok()) {
        session.send(Request::CreateRoom(id, name));
    }
}

/// Why a text is no name for a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameFault {
    Name(NameError),
    Taken,
}

/// The text as the name of a room, if no other room has it.
fn read_name(text: &str, naming: &Naming, rooms: &[Room]) -> Result<Name, NameFault> {
    let name = Name::try_from(text).map_err(NameFault::Name)?;
    let is_other = |it: &Room| *naming != Naming::Old(it.id.clone());
    let same = |it: &Room| it.name.as_str().to_lowercase() == name.as_str().to_lowercase();
    if rooms.iter().any(|it| is_other(it) && same(it)) {
        return Err(NameFault::Taken);
    }
    Ok(name)
}

fn fault_words(t: Texts, fault: NameFault) -> String {
    match fault {
        NameFault::Name(NameError::Empty) => t.name_empty(),
        NameFault::Name(NameError::TooLong) => t.name_too_long(),
        NameFault::Name(NameError::Control) => t.name_control(),
        NameFault::Taken => t.name_taken(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kitchen() -> Room {
        let name = Name::try_from("Kitchen").unwrap();
        Room { id: "kitchen".parse().unwrap(), name, position: 0 }
    }

    #[test]
    fn two_rooms_of_one_name_would_be_confused() {
        let rooms = [kitchen()];
        let taken = read_name(" kitchen ", &Naming::New, &rooms);
        assert_eq!(taken, Err(NameFault::Taken));
        assert!(read_name("Kitchen 2", &Naming::New, &rooms).is_ok());
    }

    #[test]
    fn a_room_may_keep_its_own_name() {
        let naming = Naming::Old(kitchen().id);
        assert!(read_name("KITCHEN", &naming, &[kitchen()]).is_ok());
    }

    #[test]
    fn a_room_without_a_name_is_none() {
        let empty = Err(NameFault::Name(NameError::Empty));
        assert_eq!(read_name("  ", &Naming::New, &[]), empty);
    }
}

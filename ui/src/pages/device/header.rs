//! Who the device is, how it is, and where.

use std::sync::Arc;

use api::{DeviceView, Request};
use leptos::prelude::*;
use model::{Name, Reachability};

use crate::components::{Dialog, Field, Glyph, Icon, RoomSelect};
use crate::i18n::{Texts, t};
use crate::route::{PageLink, Route};
use crate::state::use_session;

#[component]
pub(super) fn Header(device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let session = use_session();
    let name = Memo::new(move |_| device.with(|it| it.name.clone()));
    let renaming = RwSignal::new(false);
    let standing = move || {
        let device = device.get();
        match session.link.get().is_up() {
            true => standing(t(), &device, session.now.get()),
            false => t().seen(device.heard_at, session.now.get()),
        }
    };
    let room = Signal::derive(move || device.with(|it| it.room.clone()));
    let place = Callback::new(move |room| {
        session.send(Request::PlaceDevice(device.with_untracked(|it| it.id.clone()), room));
    });
    view! {
        <header class="page-head device-head">
            <PageLink to=Route::Home class="icon-button" label=Signal::derive(|| t().back())>
                <Icon glyph=Glyph::Back />
            </PageLink>
            <div class="device-title">
                <h1>{name}</h1>
                <p class="muted" role="status">{standing}</p>
            </div>
            <button
                type="button"
                class="icon-button"
                aria-label=|| t().rename()
                on:click=move |_| renaming.set(true)
            >
                <Icon glyph=Glyph::Pencil />
            </button>
        </header>
        <RoomSelect label=Signal::derive(|| t().room()) room on_choose=place />
        <Dialog open=renaming title=Signal::derive(|| t().rename())>
            <Rename device open=renaming />
        </Dialog>
    }
}

/// How the device is, in words.
fn standing(t: Texts, device: &DeviceView, now: model::Timestamp) -> String {
    match &device.reachability {
        Reachability::Unknown => t.joined(&t.connecting(), &t.seen(device.heard_at, now)),
        Reachability::Reachable => t.connected(),
        Reachability::Unreachable { since, cause } => {
            t.joined(&t.cause(cause, since.age_at(now)), &t.seen(device.heard_at, now))
        }
    }
}

#[component]
fn Rename(device: Signal<Arc<DeviceView>>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let typed = RwSignal::new(device.with_untracked(|it| it.name.clone()));
    let error = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(name) = wanted_name(&typed.read_untracked()) else {
            return error.set(t().name_wrong());
        };
        let id = device.with_untracked(|it| it.id.clone());
        session.send(Request::NameDevice(id, name));
        open.set(false);
    };
    view! {
        <form on:submit=submit>
            <Field
                label=Signal::derive(|| t().name())
                hint=Signal::derive(|| t().own_name_hint())
                value=typed
                error=error
                autofocus=true
            />
            <div class="dialog-actions">
                <button type="submit" class="button primary">{|| t().save()}</button>
            </div>
        </form>
    }
}

/// The name as typed; nothing typed asks for the device's own.
pub(in crate::pages) fn wanted_name(typed: &str) -> Result<Option<Name>, model::NameError> {
    if typed.trim().is_empty() { Ok(None) } else { Name::try_from(typed).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_name_gives_the_device_its_own_back() {
        assert_eq!(wanted_name("  "), Ok(None));
        assert_eq!(wanted_name(" Hall ").unwrap().unwrap().as_str(), "Hall");
        wanted_name(&"x".repeat(65)).unwrap_err();
    }
}

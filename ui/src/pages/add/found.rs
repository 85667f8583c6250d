//! What discovery has found and the home does not have.

use std::time::Duration;

use api::{AddTarget, FoundDevice};
use leptos::prelude::*;
use model::{DeviceId, Family};

use super::form::AddForm;
use crate::components::{Dialog, Glyph, Icon};
use crate::i18n::t;
use crate::state::use_session;

/// After this long without a find, people are helped to look for the cause.
const PATIENCE: Duration = Duration::from_secs(20);

#[component]
pub(super) fn Found() -> impl IntoView {
    let home = use_session().home;
    let found = Memo::new(move |_| home.found.with(|it| it.values().cloned().collect::<Vec<_>>()));
    let searching = move || home.status.get().discovering;
    let impatient = RwSignal::new(false);
    if let Ok(timer) = set_timeout_with_handle(move || impatient.set(true), PATIENCE) {
        on_cleanup(move || timer.clear());
    }
    let needs_help = move || found.with(Vec::is_empty) && (impatient.get() || !searching());
    view! {
        <section aria-labelledby="found">
            <h2 id="found">{|| t().found_on_network()}</h2>
            <ul class="found-list">
                <For each=move || found.get() key=key let:found>
                    <FoundCard found />
                </For>
            </ul>
            <Searching searching=Signal::derive(searching) />
            <Checklist open=Signal::derive(needs_help) />
        </section>
    }
}

/// Announced anew with other words, it is another card.
fn key(found: &FoundDevice) -> (DeviceId, Option<String>, String) {
    let sighting = &found.sighting;
    let address = sighting.addresses.first().map(ToString::to_string).unwrap_or_default();
    (sighting.device.clone(), sighting.name.as_ref().map(ToString::to_string), address)
}

/// What a found device is to be called: as it calls itself, else as its model, else by its id.
fn title(found: &FoundDevice) -> String {
    let sighting = &found.sighting;
    let name = sighting.name.as_ref().or(sighting.model.as_ref());
    name.map_or_else(|| sighting.device.to_string(), ToString::to_string)
}

#[component]
fn FoundCard(found: FoundDevice) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = title(&found);
    let sighting = found.sighting;
    let glyph = match sighting.family {
        Family::Shelly => Glyph::Plug,
        Family::Wled => Glyph::Light,
        Family::Esphome => Glyph::Sensor,
    };
    let model = sighting.model.as_ref().map(ToString::to_string).filter(|it| *it != name);
    let kind = sighting.family.title();
    let about = model.map_or_else(|| kind.to_owned(), |it| format!("{kind} · {it}"));
    let address = sighting.addresses.first().map(ToString::to_string);
    let wants_secret = sighting.wants_secret == Some(true);
    let target = AddTarget::Found(sighting.device);
    let title = name.clone();
    let label = name.clone();
    // What the device calls itself once it is asked may be better than its model.
    let suggested = sighting.name.as_ref().map(ToString::to_string).unwrap_or_default();
    view! {
        <li class="found card">
            <span class="found-icon"><Icon glyph /></span>
            <div class="found-text">
                <h3><bdi>{name}</bdi></h3>
                <p class="muted"><bdi>{about}</bdi></p>
                <p class="muted">{address.map(|it| view! { <bdi>{it}</bdi> })}</p>
                {wants_secret.then(|| view! {
                    <p class="badge-line"><Icon glyph=Glyph::Key /><span>{|| t().may_need_secret()}</span></p>
                })}
            </div>
            <button
                type="button"
                class="button primary"
                aria-label=move || t().add_it(&label)
                on:click=move |_| open.set(true)
            >
                {|| t().add()}
            </button>
            <Dialog open title=Signal::derive(move || t().add_it(&title))>
                <AddForm target=target.clone() name=suggested.clone() wants_secret on_added=move |_| open.set(false) />
            </Dialog>
        </li>
    }
}

#[component]
fn Searching(searching: Signal<bool>) -> impl IntoView {
    let headline = move || if searching.get() { t().searching() } else { t().not_searching() };
    view! {
        <div class="searching" role="status">
            <Show when=move || searching.get()><div class="progress"></div></Show>
            <p>{headline}</p>
            <Show when=move || searching.get()>
                <p class="muted">{|| t().searching_why()}</p>
            </Show>
        </div>
    }
}

/// Where to look when a device is not found.
#[component]
fn Checklist(open: Signal<bool>) -> impl IntoView {
    view! {
        <details class="fold" open=open>
            <summary>{|| t().not_there()}</summary>
            <ul class="checklist">
                <li>{|| t().check_power()}</li>
                <li>{|| t().check_network()}</li>
                <li>{|| t().check_guest()}</li>
                <li>{|| t().check_family()}</li>
            </ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use model::{Name, Sighting, Timestamp};

    use super::*;

    #[test]
    fn a_found_device_is_called_as_it_calls_itself() {
        let sighting = Sighting {
            device: "wled-aabbcc".parse().unwrap(),
            family: Family::Wled,
            name: None,
            model: None,
            addresses: vec!["192.0.2.7:80".parse().unwrap()],
            wants_secret: None,
        };
        let mut found = FoundDevice { sighting, since: Timestamp(0) };
        assert_eq!(title(&found), "wled-aabbcc");
        found.sighting.model = Name::lossy("ESP32");
        assert_eq!(title(&found), "ESP32");
        found.sighting.name = Name::lossy("Shelf");
        assert_eq!(title(&found), "Shelf");
    }
}

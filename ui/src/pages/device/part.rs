//! A part of the device: its controls, and what it measures.

use std::sync::Arc;

use api::{DeviceView, Request};
use leptos::prelude::*;
use model::{ButtonEvent, Capability, EndpointId, Spec};

use super::{Outline, short_name};
use crate::components::{Control, Glyph, Icon, Why, is_control};
use crate::face::{capability_name, value_words};
use crate::i18n::{Texts, decimal, t};
use crate::state::{Live, use_session};

#[component]
pub(super) fn PartCard(outline: Outline, device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let id = outline.id.clone();
    let name = Memo::new(move |_| {
        let name = |device: &DeviceView| {
            let part = device.endpoints.iter().find(|it| it.id == id)?;
            Some(short_name(device, part))
        };
        device.with(|it| name(it)).unwrap_or_default()
    });
    let (controls, readings): (Vec<Spec>, Vec<Spec>) =
        outline.specs.into_iter().partition(is_control);
    let id = outline.id.clone();
    let control = |spec| view! { <Control id=id.clone() spec /> };
    let endpoint = outline.id.to_string();
    view! {
        <section class="part card" aria-label=name data-endpoint=endpoint>
            <header class="part-head">
                <Icon glyph=Glyph::of(outline.kind) />
                <h2>{name}</h2>
                <Favourite id=outline.id.clone() device />
            </header>
            {controls.into_iter().map(control).collect_view()}
            <Readings id=outline.id.clone() specs=readings />
            <Why id=outline.id />
        </section>
    }
}

#[component]
fn Favourite(id: EndpointId, device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let session = use_session();
    let part = id.clone();
    let is = Memo::new(move |_| {
        device.with(|it| it.endpoints.iter().any(|it| it.id == part && it.favourite))
    });
    let glyph = Signal::derive(move || if is.get() { Glyph::StarFilled } else { Glyph::Star });
    let label = move || if is.get() { t().remove_favourite() } else { t().add_favourite() };
    let change = move |_| session.send(Request::SetFavourite(id.clone(), !is.get_untracked()));
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=label
            aria-pressed=move || is.get().to_string()
            on:click=change
        >
            <Icon glyph />
        </button>
    }
}

/// What the part measures.
#[component]
fn Readings(id: EndpointId, specs: Vec<Spec>) -> impl IntoView {
    let rows: Vec<AnyView> = specs.into_iter().map(|spec| reading(&id, spec)).collect();
    (!rows.is_empty()).then(|| view! { <dl class="readings">{rows}</dl> })
}

fn reading(id: &EndpointId, spec: Spec) -> AnyView {
    let capability = spec.capability();
    let words = match capability {
        Capability::Button => last_press(id.clone()),
        _ => last_value(id, spec),
    };
    view! {
        <div>
            <dt>{move || capability_name(t(), capability)}</dt>
            <dd>{move || words.get()}</dd>
        </div>
    }
    .into_any()
}

fn last_value(id: &EndpointId, spec: Spec) -> Memo<String> {
    let live = untrack(|| use_session().home.live(id));
    let capability = spec.capability();
    Memo::new(move |_| {
        let read = |it: &Live| it.state(capability).value.map(|it| value_words(t(), &spec, &it));
        live.as_ref().and_then(|it| it.with(read)).unwrap_or_else(|| t().unknown())
    })
}

/// A button has no state, only what just happened to it.
fn last_press(id: EndpointId) -> Memo<String> {
    let session = use_session();
    Memo::new(move |_| {
        let press = session.home.presses.with(|it| it.get(&id).copied());
        press.map_or_else(
            || t().button_hint(),
            |(event, at)| {
                t().joined(&press_words(t(), event), &t().told_age(at, session.now.get()))
            },
        )
    })
}

fn press_words(t: Texts, event: ButtonEvent) -> String {
    match event {
        ButtonEvent::Down => t.button_down(),
        ButtonEvent::Up => t.button_up(),
        ButtonEvent::Held => t.button_held(),
        ButtonEvent::Pressed(times) => t.pressed_times(&decimal(t.locale(), f64::from(times), 0)),
    }
}

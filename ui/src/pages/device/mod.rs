//! The page of one device: its controls and readings, what is known of it and how, and how it is
//! reached.

mod about;
mod chart;
mod header;
mod history;
mod known;
mod part;
mod uses;

use std::sync::Arc;

use api::DeviceView;
use leptos::prelude::*;
use model::{Category, DeviceId, EndpointId, EndpointKind, Spec};

use self::about::About;
use self::header::Header;
pub(in crate::pages) use self::header::wanted_name;
use self::history::History;
use self::known::Known;
use self::part::PartCard;
use self::uses::Uses;
use crate::components::{Empty, Glyph};
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::state::use_session;

/// The page of one device.
#[component]
pub fn DevicePage(
    /// Which.
    id: DeviceId,
) -> impl IntoView {
    let home = use_session().home;
    let sought = id.clone();
    let is_there = Memo::new(move |_| home.device(&sought).is_some());
    move || {
        let device = untrack(|| home.device(&id)).filter(|_| is_there.get()).map(|it| it.device);
        match device {
            Some(device) => view! { <Present device /> }.into_any(),
            None => view! { <Gone /> }.into_any(),
        }
    }
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <Empty
            glyph=Glyph::Search
            title=Signal::derive(|| t().device_gone())
            why=Signal::derive(|| t().device_gone_why())
        >
            <PageLink to=Route::Home class="button primary">{|| t().to_home()}</PageLink>
        </Empty>
    }
}

/// What a part is called on the page of its device: what stands above need not be said again.
fn short_name(device: &DeviceView, part: &api::EndpointView) -> String {
    let rest = part.name.strip_prefix(&device.name).map(str::trim_start);
    rest.filter(|it| !it.is_empty()).unwrap_or(&part.name).to_owned()
}

/// What of a part decides which controls there are. Its name and its states change by themselves.
#[derive(Debug, Clone, PartialEq)]
struct Outline {
    id: EndpointId,
    kind: EndpointKind,
    category: Category,
    specs: Vec<Spec>,
}

fn outlines(device: &DeviceView) -> Vec<Outline> {
    let outline = |it: &api::EndpointView| Outline {
        id: it.id.clone(),
        kind: it.kind,
        category: it.category,
        specs: it.specs.clone(),
    };
    device.endpoints.iter().map(outline).collect()
}

#[component]
fn Present(device: ArcRwSignal<Arc<DeviceView>>) -> impl IntoView {
    let device: Signal<Arc<DeviceView>> = device.into();
    let outlines = Memo::new(move |_| device.with(|it| outlines(it)));
    let of = move |category: Category| {
        outlines.get().into_iter().filter(|it| it.category == category).collect::<Vec<_>>()
    };
    view! {
        <div class="page device-page">
            <Header device />
            {move || cards(of(Category::Primary), device)}
            <History device />
            <Uses device />
            {move || group(of(Category::Config), device, || t().device_settings())}
            {move || group(of(Category::Diagnostic), device, || t().for_experts())}
            <Known device />
            <About device />
        </div>
    }
}

fn cards(outlines: Vec<Outline>, device: Signal<Arc<DeviceView>>) -> AnyView {
    let card = |outline| view! { <PartCard outline device /> };
    view! { <div class="part-cards">{outlines.into_iter().map(card).collect_view()}</div> }
        .into_any()
}

/// Parts that are not for every day: folded away.
fn group(
    outlines: Vec<Outline>,
    device: Signal<Arc<DeviceView>>,
    title: fn() -> String,
) -> Option<AnyView> {
    (!outlines.is_empty()).then(|| {
        view! {
            <details class="fold">
                <summary>{title}</summary>
                {cards(outlines, device)}
            </details>
        }
        .into_any()
    })
}

//! The quick sheet of an endpoint: its everyday controls without leaving the page.

use leptos::prelude::*;
use model::{Capability, EndpointId, Spec};

use super::tile::use_face;
use super::{Control, Dialog, Glyph, Icon, Why};
use crate::face::TileFace;
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::state::{Session, use_session};

/// Of which endpoint the quick sheet is shown: a handle.
#[derive(Debug, Clone, Copy)]
pub struct QuickTarget {
    endpoint: RwSignal<Option<EndpointId>>,
    open: RwSignal<bool>,
}

impl QuickTarget {
    /// No sheet is open.
    pub fn new() -> Self {
        Self { endpoint: RwSignal::new(None), open: RwSignal::new(false) }
    }

    /// Opens the sheet of that endpoint.
    pub fn open(self, endpoint: EndpointId) {
        self.endpoint.set(Some(endpoint));
        self.open.set(true);
    }
}

/// The sheet. There is one.
#[component]
pub fn QuickSheet(
    /// What it is of.
    target: QuickTarget,
) -> impl IntoView {
    let session = use_session();
    let title = Signal::derive(move || {
        let id = target.endpoint.get();
        id.and_then(|id| endpoint_name(session, &id)).unwrap_or_default()
    });
    view! {
        <Dialog open=target.open title>
            {move || target.endpoint.get().map(|id| view! { <Controls id target /> })}
        </Dialog>
    }
}

fn endpoint_name(session: Session, id: &EndpointId) -> Option<String> {
    let device = session.home.device(&id.device)?.device.get();
    device.endpoints.iter().find(|it| it.id == *id).map(|it| it.name.clone())
}

#[component]
fn Controls(id: EndpointId, target: QuickTarget) -> impl IntoView {
    let session = use_session();
    let face = use_face(session, &id);
    let line = move || {
        face.with(|it| it.as_ref().map(|it| it.line(t(), session.now.get())).unwrap_or_default())
    };
    let device = untrack(|| session.home.device(&id.device)).map(|it| it.device.get_untracked());
    let endpoint = device.and_then(|it| it.endpoints.iter().find(|it| it.id == id).cloned());
    let specs = endpoint.map(|it| it.specs).unwrap_or_default();
    let everyday = specs.into_iter().filter(is_everyday);
    let controls = everyday.map(|spec| view! { <Control id=id.clone() spec /> }).collect_view();
    let to = Route::Device(id.device.clone());
    view! {
        <p class="quick-line" aria-busy=move || busy(face).to_string()>{line}</p>
        <div class="quick-controls">{controls}</div>
        <Why id=id.clone() />
        <div class="dialog-actions">
            <FavouriteButton id=id.clone() />
            <span on:click=move |_| target.open.set(false)>
                <PageLink to class="button">{move || t().open_device()}</PageLink>
            </span>
        </div>
    }
}

/// What people use every day; the rest is on the page of the device.
fn is_everyday(spec: &Spec) -> bool {
    !matches!(spec.capability(), Capability::LightEffect | Capability::LightPalette)
}

fn busy(face: Memo<Option<TileFace>>) -> bool {
    face.with(|it| it.as_ref().is_some_and(|it| it.busy))
}

/// Adds an endpoint to the favourites, or takes it out.
#[component]
fn FavouriteButton(id: EndpointId) -> impl IntoView {
    let session = use_session();
    let endpoint = id.clone();
    let is = Memo::new(move |_| {
        session.home.shape.with(|shape| {
            shape.devices.values().flatten().any(|it| it.id == endpoint && it.favourite)
        })
    });
    let glyph = Signal::derive(move || if is.get() { Glyph::StarFilled } else { Glyph::Star });
    let change = move |_| {
        session.send(api::Request::SetFavourite(id.clone(), !is.get_untracked()));
    };
    view! {
        <button
            type="button"
            class="button"
            aria-pressed=move || is.get().to_string()
            on:click=change
        >
            <Icon glyph />
            <span>{move || t().favourite()}</span>
        </button>
    }
}

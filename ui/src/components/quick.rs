//! The quick sheet of an endpoint: its everyday controls without leaving the page.

use leptos::prelude::*;
use model::{Action, Capability, CoverMove, EndpointId, LockState, Percent, Spec, Value};

use super::tile::use_face;
use super::{Dialog, Glyph, Icon, Slider, Switch};
use crate::face::TileFace;
use crate::i18n::{percent, t};
use crate::route::{PageLink, Route};
use crate::state::{Live, Session, shown_value, use_session};

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
    let controls: Vec<AnyView> =
        specs.iter().filter_map(|spec| control(session, &id, spec)).collect();
    let to = Route::Device(id.device.clone());
    view! {
        <p class="quick-line" aria-busy=move || busy(face).to_string()>{line}</p>
        <div class="quick-controls">{controls}</div>
        <div class="dialog-actions">
            <FavouriteButton id=id.clone() />
            <span on:click=move |_| target.open.set(false)>
                <PageLink to class="button">{move || t().open_device()}</PageLink>
            </span>
        </div>
    }
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

/// The state of an endpoint, followed.
fn follow<T: PartialEq + Send + Sync + 'static>(
    session: Session,
    id: &EndpointId,
    read: impl Fn(&Live) -> T + Send + Sync + 'static,
) -> Memo<T> {
    let live = session.home.live(id);
    Memo::new(move |_| match &live {
        Some(live) => live.with(&read),
        None => read(&Live::default()),
    })
}

fn control(session: Session, id: &EndpointId, spec: &Spec) -> Option<AnyView> {
    match spec {
        Spec::OnOff => Some(on_off(session, id)),
        Spec::Level => Some(level(session, id)),
        Spec::WindowCovering { positions } => Some(cover(session, id, *positions)),
        Spec::DoorLock => Some(lock(session, id)),
        Spec::Momentary => {
            let press = button(session, id, Action::Press, || t().press_now(), "button primary");
            Some(press)
        }
        _ => None,
    }
}

fn button(
    session: Session,
    id: &EndpointId,
    action: Action,
    words: fn() -> String,
    class: &'static str,
) -> AnyView {
    let id = id.clone();
    let ask = move |_| session.control(&id, action.clone());
    view! { <button type="button" class=class on:click=ask>{words}</button> }.into_any()
}

fn on_off(session: Session, id: &EndpointId) -> AnyView {
    let on = follow(session, id, |it| {
        shown_value(&it.state(Capability::OnOff)) == Some(&Value::OnOff(true))
    });
    let id = id.clone();
    let change = move |wanted| session.control(&id, Action::SetOnOff(wanted));
    view! {
        <div class="control-row">
            <span>{move || if on.get() { t().on() } else { t().off() }}</span>
            <Switch
                label=Signal::derive(move || t().switch_on())
                on=on
                on_change=Callback::new(change)
            />
        </div>
    }
    .into_any()
}

fn level(session: Session, id: &EndpointId) -> AnyView {
    let value = follow(session, id, |it| match shown_value(&it.state(Capability::Level)) {
        Some(Value::Level(level)) => f64::from(level.get()),
        _ => 0.0,
    });
    let id = id.clone();
    let change = move |wanted: f64| {
        session.control(&id, Action::SetLevel(Percent::of(wanted, 100.0)));
    };
    percent_slider(Signal::derive(move || t().brightness()), value, Callback::new(change))
}

fn percent_slider(label: Signal<String>, value: Memo<f64>, change: Callback<f64>) -> AnyView {
    let words = Callback::new(|value: f64| percent(t().locale(), value.round() as u8));
    view! { <Slider label value words on_change=change /> }.into_any()
}

fn cover(session: Session, id: &EndpointId, positions: bool) -> AnyView {
    let open = follow(session, id, |it| match it.state(Capability::WindowCovering).value {
        Some(Value::WindowCovering(state)) => state.open.map_or(0.0, |it| f64::from(it.get())),
        _ => 0.0,
    });
    let mover = |to, words| button(session, id, Action::MoveCover(to), words, "button");
    let buttons = [
        mover(CoverMove::Open, || t().cover_open()),
        mover(CoverMove::Stop, || t().cover_stop()),
        mover(CoverMove::Close, || t().cover_close()),
    ];
    let id = id.clone();
    let change = Callback::new(move |wanted: f64| {
        let to = CoverMove::To(Percent::of(wanted, 100.0));
        session.control(&id, Action::MoveCover(to));
    });
    let label = Signal::derive(move || t().position());
    let slider = positions.then(|| percent_slider(label, open, change));
    view! { <div class="button-row">{buttons.into_iter().collect_view()}</div>{slider} }.into_any()
}

fn lock(session: Session, id: &EndpointId) -> AnyView {
    let locked = follow(session, id, |it| {
        let state = it.state(Capability::DoorLock).value;
        matches!(state, Some(Value::DoorLock(LockState::Locked | LockState::Locking)))
    });
    let endpoint = id.clone();
    let lock = Callback::new(move |()| session.control(&endpoint, Action::SetLocked(true)));
    let endpoint = id.clone();
    let unlock = Callback::new(move |()| session.control(&endpoint, Action::SetLocked(false)));
    let button = move || {
        if locked.get() {
            view! {
                <p>{t().unlock_why()}</p>
                <button type="button" class="button primary danger" on:click=move |_| unlock.run(())>
                    {t().unlock()}
                </button>
            }
            .into_any()
        } else {
            view! {
                <button type="button" class="button primary" on:click=move |_| lock.run(())>
                    {t().lock()}
                </button>
            }
            .into_any()
        }
    };
    button.into_any()
}

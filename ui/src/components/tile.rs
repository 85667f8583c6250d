//! One endpoint on the home page: what it says, and a tap to switch it.

use std::time::Duration;

use api::{EndpointView, Failure};
use leptos::prelude::*;
use model::{Action, EndpointId, Spec};

use super::{Glyph, Icon, QuickTarget};
use crate::face::{Seen, Standing, TileFace, Toggle, Tone, charge};
use crate::i18n::{percent, t};
use crate::route::{PageLink, Route};
use crate::state::{Session, use_session};

/// A finger held down this long asks for the quick sheet.
const LONG_PRESS: Duration = Duration::from_millis(500);

/// The face of an endpoint, kept up to date; `None` once it is gone.
pub fn use_face(session: Session, id: &EndpointId) -> Memo<Option<TileFace>> {
    let slot = untrack(|| session.home.device(&id.device));
    let id = id.clone();
    Memo::new(move |_| {
        let slot = slot.as_ref()?;
        let device = slot.device.get();
        let endpoint = device.endpoints.iter().find(|it| it.id == id)?;
        let live = slot.live.get(&id)?.read();
        let connected = session.link.get().is_up();
        let ages = matches!(device.reachability, model::Reachability::Unreachable { .. });
        // Only what tells an age depends on the time.
        let now = if ages { session.now.get() } else { session.now.get_untracked() };
        let tells_charge = |it: &&EndpointView| it.specs.contains(&Spec::PowerSource);
        let batteries = device.endpoints.iter().filter(tells_charge);
        let battery =
            batteries.filter_map(|it| slot.live.get(&it.id)).find_map(|it| it.with(charge));
        let seen = Seen { device: &device, endpoint, live: &live, battery, connected, now };
        Some(TileFace::of(&seen))
    })
}

/// The line of a face, kept up to date.
fn use_line(session: Session, face: Memo<Option<TileFace>>) -> Memo<String> {
    Memo::new(move |_| {
        let t = t();
        face.with(|face| {
            let Some(face) = face else { return String::new() };
            let ages = matches!(face.standing, Standing::Remembered(_) | Standing::Stale(_));
            let now = if ages { session.now.get() } else { session.now.get_untracked() };
            face.line(t, now)
        })
    })
}

/// A tile. Sensors have no button and are smaller.
#[component]
pub fn Tile(
    /// Of which endpoint.
    id: EndpointId,
    /// It only tells.
    #[prop(default = false)]
    compact: bool,
) -> impl IntoView {
    let session = use_session();
    let quick = expect_context::<QuickTarget>();
    let face = use_face(session, &id);
    let line = use_line(session, face);
    let held = StoredValue::new(None::<TimeoutHandle>);
    let let_go = move || {
        if let Some(timer) = held.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let target = id.clone();
    let hold = move |event: leptos::ev::PointerEvent| {
        if event.pointer_type() == "touch" {
            let target = target.clone();
            let open = move || quick.open(target);
            held.set_value(set_timeout_with_handle(open, LONG_PRESS).ok());
        }
    };
    on_cleanup(let_go);
    let target = id.clone();
    let on_menu = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        quick.open(target.clone());
    };
    let of =
        move |read: fn(&TileFace) -> bool| move || face.with(|it| it.as_ref().is_some_and(read));
    let device = Route::Device(id.device.clone());
    let (name, icon_id, more_id) = (id.to_string(), id.clone(), id.clone());
    view! {
        <article
            class="tile"
            class:compact=compact
            class:lit=of(|it| it.tone == Tone::Lit)
            class:alert=of(|it| it.tone == Tone::Alert)
            class:unknown=of(|it| it.tone == Tone::Unknown)
            class:stale=of(|it| !it.standing.is_live())
            data-endpoint=name
            aria-busy=move || of(|it| it.busy)().to_string()
            on:contextmenu=on_menu
            on:pointerdown=hold
            on:pointerup=move |_| let_go()
            on:pointercancel=move |_| let_go()
            on:pointerleave=move |_| let_go()
        >
            <TileIcon id=icon_id face />
            <PageLink to=device class="tile-body">
                <span class="tile-name">
                    {move || face.with(|it| it.as_ref().map(|it| it.title.clone()))}
                </span>
                <span class="tile-line">{line}</span>
            </PageLink>
            <Badge face />
            <MoreButton id=more_id face />
            <TileFailure id face />
        </article>
    }
}

/// The icon: a button where a tap does something.
#[component]
fn TileIcon(id: EndpointId, face: Memo<Option<TileFace>>) -> impl IntoView {
    let session = use_session();
    let quick = expect_context::<QuickTarget>();
    let glyph = Signal::derive(move || face.with(glyph));
    let toggle = Memo::new(move |_| {
        face.with(|it| it.as_ref().map_or(Toggle::Nothing, |it| it.toggle.clone()))
    });
    let label = move || {
        let name = face.with(|it| it.as_ref().map(|it| it.title.clone()).unwrap_or_default());
        match toggle.get() {
            Toggle::Switch { on: false, .. } => t().toggle_on(&name),
            Toggle::Switch { on: true, .. } => t().toggle_off(&name),
            Toggle::Press => t().press(&name),
            Toggle::Sheet | Toggle::Nothing => t().more(&name),
        }
    };
    let tap = move || match toggle.get_untracked() {
        Toggle::Switch { next, .. } => session.control(&id, next),
        Toggle::Press => session.control(&id, Action::Press),
        Toggle::Sheet => quick.open(id.clone()),
        Toggle::Nothing => {}
    };
    let tap = Callback::new(move |()| tap());
    move || {
        if toggle.with(|it| *it == Toggle::Nothing) {
            view! { <span class="tile-icon"><Icon glyph /></span> }.into_any()
        } else {
            view! {
                <button
                    type="button"
                    class="tile-icon"
                    aria-label=label
                    on:click=move |_| tap.run(())
                >
                    <Icon glyph />
                </button>
            }
            .into_any()
        }
    }
}

fn glyph(face: &Option<TileFace>) -> Glyph {
    use crate::face::Says;
    use model::LockState;
    let Some(face) = face else { return Glyph::Sensor };
    match face.says.first() {
        Some(Says::Lock(LockState::Unlocked | LockState::Unlocking)) => Glyph::Unlock,
        _ if face.tone == Tone::Alert => Glyph::Alert,
        _ => Glyph::of(face.kind),
    }
}

/// The one badge: what matters most of offline and battery.
#[component]
fn Badge(face: Memo<Option<TileFace>>) -> impl IntoView {
    let badge = move || {
        face.with(|face| {
            let face = face.as_ref()?;
            let t = t();
            match (&face.standing, face.battery_low) {
                (Standing::Offline { cause, age, .. }, _) => {
                    Some((Glyph::Offline, t.cause(cause, *age)))
                }
                (_, Some(charge)) => {
                    Some((Glyph::BatteryLow, t.battery(&percent(t.locale(), charge.get()))))
                }
                _ => None,
            }
        })
    };
    move || {
        badge().map(|(glyph, words)| {
            view! { <span class="tile-badge" title=words><Icon glyph /></span> }
        })
    }
}

/// Opens the quick sheet, for those who neither press long nor click right.
#[component]
fn MoreButton(id: EndpointId, face: Memo<Option<TileFace>>) -> impl IntoView {
    let quick = expect_context::<QuickTarget>();
    let label = move || {
        t().more(&face.with(|it| it.as_ref().map(|it| it.title.clone()).unwrap_or_default()))
    };
    view! {
        <button
            type="button"
            class="tile-more"
            aria-label=label
            on:click=move |_| quick.open(id.clone())
        >
            <Icon glyph=Glyph::More />
        </button>
    }
}

/// What became of the last command, when it did not come to its end.
#[component]
fn TileFailure(id: EndpointId, face: Memo<Option<TileFace>>) -> impl IntoView {
    let session = use_session();
    let failure = Memo::new(move |_| face.with(|it| it.as_ref().and_then(|it| it.failure.clone())));
    let name = move || face.with(|it| it.as_ref().map(|it| it.title.clone()).unwrap_or_default());
    let id = StoredValue::new(id);
    let show = move |failure: Failure| {
        let reason = failure.reason.clone();
        let words = move || t().failed(&name(), &t().fail_reason(reason.as_ref()));
        let again = move |_| session.control(&id.get_value(), failure.action.clone());
        view! {
            <div class="tile-failure" role="alert">
                <span>{words}</span>
                <button type="button" class="button quiet" on:click=again>
                    {move || t().retry()}
                </button>
            </div>
        }
    };
    move || failure.get().map(show)
}

//! Where the home is and which time it keeps: what follows the sun and the clock goes by it.

use api::Request;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use model::{Place, Zone};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};

use super::Card;
use crate::components::{Field, Select};
use crate::i18n::{decimal, t};
use crate::state::use_session;

/// What the browser says of where it is.
type Whereabouts = Callback<Option<(f64, f64)>>;

#[component]
pub(super) fn PlaceCard() -> impl IntoView {
    let session = use_session();
    let (north, east) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (wrong, refused) = (RwSignal::new(String::new()), RwSignal::new(false));
    let busy = RwSignal::new(false);
    let place = Memo::new(move |_| session.home.home.with(|it| it.place));
    Effect::new(move || {
        if let Some(place) = place.get() {
            north.set(rounded(place.latitude()));
            east.set(rounded(place.longitude()));
        }
    });
    let save = move |place: Option<Place>| {
        wrong.set(String::new());
        session.send(Request::SetPlace(place));
        session.toasts.tell(t().saved());
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match typed(&north.get_untracked(), &east.get_untracked()) {
            Some(place) => save(Some(place)),
            None => wrong.set(t().place_wrong()),
        }
    };
    let found: Whereabouts = Callback::new(move |found: Option<(f64, f64)>| {
        busy.try_set(false);
        refused.try_set(found.is_none());
        if let Some((latitude, longitude)) = found {
            north.try_set(rounded(latitude));
            east.try_set(rounded(longitude));
        }
    });
    let locate = move |_| {
        busy.set(true);
        ask_browser(found);
    };
    view! {
        <Card title=|| t().place()>
            <p>{move || t().place_why()}</p>
            <form class="inline-form" on:submit=submit>
                <Field
                    label=Signal::derive(|| t().latitude())
                    value=north
                    error=wrong
                    machine_text=true
                />
                <Field label=Signal::derive(|| t().longitude()) value=east machine_text=true />
                <button type="submit" class="button">{move || t().save()}</button>
            </form>
            <p class="quiet">{move || t().locate_why()}</p>
            <div class="button-row">
                <button
                    type="button"
                    class="button"
                    disabled=busy
                    aria-busy=move || busy.get().to_string()
                    on:click=locate
                >
                    {move || t().locate()}
                </button>
                <Show when=move || place.get().is_some()>
                    <button type="button" class="button" on:click=move |_| save(None)>
                        {move || t().forget_place()}
                    </button>
                </Show>
            </div>
            <div role="alert">
                <Show when=move || refused.get()>
                    <p class="form-error">{move || t().locate_refused()}</p>
                </Show>
            </div>
        </Card>
    }
}

/// A tenth of a degree is near enough for the sun, and tells nobody the street.
fn rounded(degrees: f64) -> String {
    format!("{degrees:.1}")
}

fn typed(north: &str, east: &str) -> Option<Place> {
    let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
    Place::new(number(north)?, number(east)?).ok()
}

fn ask_browser(found: Whereabouts) {
    let Ok(geolocation) = window().navigator().geolocation() else {
        return found.run(None);
    };
    let on_found = Closure::once_into_js(move |position: JsValue| {
        found.run(coordinates(&position));
    });
    let on_failure = Closure::once_into_js(move |_: JsValue| found.run(None));
    let failure = on_failure.unchecked_ref::<Function>();
    let asked = geolocation
        .get_current_position_with_error_callback(on_found.unchecked_ref(), Some(failure));
    if asked.is_err() {
        found.run(None);
    }
}

fn coordinates(position: &JsValue) -> Option<(f64, f64)> {
    let coordinates = Reflect::get(position, &"coords".into()).ok()?;
    let number = |name: &str| Reflect::get(&coordinates, &name.into()).ok()?.as_f64();
    Some((number("latitude")?, number("longitude")?))
}

#[component]
pub(super) fn ZoneCard() -> impl IntoView {
    let session = use_session();
    let zone = Memo::new(move |_| session.home.home.with(|it| it.zone.clone()));
    let all = StoredValue::new(zones());
    let choices = Signal::derive(move || {
        let hub = session.home.status.with(|it| it.zone.to_string());
        let mut choices = vec![(None, t().zone_of_hub(&hub))];
        let chosen = zone.get();
        let known = all.with_value(|all| chosen.as_ref().is_none_or(|it| all.contains(it)));
        choices.extend(chosen.filter(|_| !known).map(|it| (Some(it.clone()), it.to_string())));
        all.with_value(|all| {
            choices.extend(all.iter().map(|it| (Some(it.clone()), it.to_string())));
        });
        choices
    });
    let choose = Callback::new(move |to: Option<Zone>| session.send(Request::SetZone(to)));
    view! {
        <Card title=|| t().time_zone()>
            <Select
                label=Signal::derive(|| t().time_zone_of_home())
                choices
                chosen=Signal::derive(move || Some(zone.get()))
                on_choose=choose
            />
        </Card>
    }
}

/// The time zones that the browser knows; none when it does not tell.
fn zones() -> Vec<Zone> {
    let told = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let ask = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?;
        let ask: Function = ask.dyn_into().ok()?;
        ask.call1(&intl, &"timeZone".into()).ok()?.dyn_into::<Array>().ok()
    };
    let names = told().map(|it| it.iter().filter_map(|it| it.as_string()).collect::<Vec<_>>());
    names.unwrap_or_default().into_iter().filter_map(|it| Zone::try_from(it).ok()).collect()
}

/// How long and how large the recorded past is.
#[component]
pub(super) fn RecordedPast() -> impl IntoView {
    let session = use_session();
    let settings = session.home.settings;
    let (days, size) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(String::new());
    let past = Memo::new(move |_| settings.with(|it| it.past));
    Effect::new(move || {
        days.set(past.get().days.to_string());
        size.set(past.get().megabytes.to_string());
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let wanted = wanted_past(&days.get_untracked(), &size.get_untracked());
        let Some(past) = wanted else {
            let number = |it: f64| decimal(t().locale(), it, 0);
            return wrong.set(t().past_wrong(&number(366.0), &number(10.0), &number(10_000.0)));
        };
        wrong.set(String::new());
        let changed = model::Settings { past, ..settings.get_untracked() };
        session.send(Request::SetSettings(changed));
        session.toasts.tell(t().saved());
    };
    view! {
        <Card title=|| t().recorded_past()>
            <p>{move || t().recorded_past_why()}</p>
            <form class="inline-form" on:submit=submit>
                <Field label=Signal::derive(|| t().past_days()) value=days error=wrong machine_text=true />
                <Field label=Signal::derive(|| t().past_size()) value=size machine_text=true />
                <button type="submit" class="button">{move || t().save()}</button>
            </form>
        </Card>
    }
}

fn wanted_past(days: &str, size: &str) -> Option<model::PastSettings> {
    let days = days.trim().parse().ok().filter(|it| (1..=366).contains(it))?;
    let megabytes = size.trim().parse().ok().filter(|it| (10..=10_000).contains(it))?;
    Some(model::PastSettings { days, megabytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_typed_in_degrees() {
        let place = typed("52,5", " 13.4 ").unwrap();
        assert_eq!((place.latitude(), place.longitude()), (52.5, 13.4));
        assert_eq!(typed("95", "0"), None);
        assert_eq!(typed("", "0"), None);
    }

    #[test]
    fn the_past_has_its_bounds() {
        assert!(wanted_past("10", "500").is_some());
        for (days, size) in
            [("0", "500"), ("367", "500"), ("10", "9"), ("10", "10001"), ("x", "50")]
        {
            assert_eq!(wanted_past(days, size), None, "{days} {size}");
        }
    }
}

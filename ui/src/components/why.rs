//! Why something is as it is: what made it so, and since when.

use api::CapabilityState;
use leptos::prelude::*;
use model::{Capability, EndpointId, Origin, Spec, Timestamp};

use super::{Glyph, Icon, is_control};
use crate::face::value_words;
use crate::i18n::{Texts, moment, t};
use crate::route::{PageLink, Route};
use crate::state::{Home, Live, use_session};

/// Why a part is as it is. Nothing where nothing is known of it, or nothing about it can be set.
#[component]
pub fn Why(
    /// Of which endpoint.
    id: EndpointId,
) -> impl IntoView {
    let session = use_session();
    let specs = untrack(|| session.home.specs(&id));
    let live = untrack(|| session.home.live(&id));
    main_spec(specs).zip(live).map(|(spec, live)| {
        let capability = spec.capability();
        let state = Memo::new(move |_| live.with(|it: &Live| it.state(capability)));
        // News of a moment ago are told by the control itself.
        let words = move || {
            let now = session.exact_now();
            state.with(|it| words(t(), session.home, &spec, it, now))
        };
        let to = Memo::new(move |_| state.with(run_of));
        let link = move || {
            to.get().map(|to| {
                view! { <PageLink to class="inline-link">{move || t().show_run()}</PageLink> }
            })
        };
        view! {
            {move || words().map(|it| view! {
                <p class="why">
                    <Icon glyph=Glyph::Clock />
                    <span>{it} " " {link}</span>
                </p>
            })}
        }
    })
}

/// What matters most of a part: on or off, the position, the mode.
fn main_spec(specs: Vec<Spec>) -> Option<Spec> {
    specs.into_iter().find(|it| is_control(it) && it.capability() != Capability::Momentary)
}

fn run_of(state: &CapabilityState) -> Option<Route> {
    match &state.origin {
        Origin::Rule(rule, run) => Some(Route::Past(rule.clone(), Some(run.clone()))),
        Origin::Scene(_) | Origin::Unknown | Origin::Device | Origin::App => None,
    }
}

fn words(
    t: Texts,
    home: Home,
    spec: &Spec,
    state: &CapabilityState,
    now: Timestamp,
) -> Option<String> {
    let value = state.value.as_ref()?;
    let so = value_words(t, spec, value);
    let since = moment(t.locale(), state.since?, now);
    Some(match &state.origin {
        Origin::Rule(rule, _) => t.why_rule(&so, &since, &home.rule_name(rule)),
        Origin::Scene(scene) => t.why_scene(&so, &since, &home.scene_name(scene)),
        Origin::App => t.why_app(&so, &since),
        Origin::Device => t.why_device(&so, &since),
        Origin::Unknown => t.why_unknown(&so),
    })
}

#[cfg(test)]
mod tests {
    use model::{Language, Value};

    use super::*;
    use crate::i18n::Locale;

    fn told(origin: Origin, since: Option<Timestamp>) -> Option<String> {
        let t = Texts::of(Locale { language: Language::En, pseudo: false });
        let value = Some(Value::OnOff(true));
        let state = CapabilityState { value, since, origin, ..CapabilityState::default() };
        words(t, Home::new(), &Spec::OnOff, &state, Timestamp(9))
    }

    #[test]
    fn every_origin_is_told_apart() {
        Owner::new().with(|| {
            let since = Some(Timestamp(7));
            let rule = Origin::Rule("evening".parse().unwrap(), "run".parse().unwrap());
            let origins = [
                Origin::Unknown,
                Origin::Device,
                Origin::App,
                Origin::Scene("film".parse().unwrap()),
                rule,
            ];
            let all: std::collections::BTreeSet<_> =
                origins.into_iter().map(|it| told(it, since).unwrap()).collect();
            assert_eq!(all.len(), 5);
            assert!(all.contains("On since 7 because evening ran."));
        });
    }

    #[test]
    fn what_is_not_known_is_not_explained() {
        Owner::new().with(|| assert_eq!(told(Origin::App, None), None));
    }
}

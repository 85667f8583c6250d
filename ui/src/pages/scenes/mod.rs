//! Scenes: how a number of things shall be, under one name.

mod capture;
mod edit;
mod list;
mod setting;

pub use self::edit::ScenePage;
pub use self::list::ScenesPage;

use leptos::prelude::*;
use model::Span;

use crate::components::Select;
use crate::face::is_settable;
use crate::i18n::{span, t};
use crate::state::{Home, RoleFace};

/// The transitions that are offered, in seconds.
const TRANSITIONS: [u64; 8] = [0, 1, 3, 10, 30, 60, 600, 1_800];

/// Whether a scene can set anything of a role.
fn can_be_set(home: Home, role: &RoleFace) -> bool {
    role.endpoint.as_ref().is_some_and(|it| home.specs(it).iter().any(is_settable))
}

/// How long lights take to get there.
#[component]
fn Transition(value: RwSignal<Span>) -> impl IntoView {
    let choices = Signal::derive(move || {
        let chosen = value.get();
        let mut spans: Vec<Span> = TRANSITIONS.map(Span::seconds).to_vec();
        if !spans.contains(&chosen) {
            spans.push(chosen);
        }
        let words = |it: Span| match it.is_zero() {
            true => t().at_once(),
            false => span(t().locale(), it.duration()),
        };
        spans.into_iter().map(|it| (it, words(it))).collect::<Vec<_>>()
    });
    view! {
        <Select
            label=Signal::derive(move || t().transition())
            choices
            chosen=Signal::derive(move || Some(value.get()))
            on_choose=Callback::new(move |it| value.set(it))
        />
    }
}

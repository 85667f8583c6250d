//! A new phrase: first the room or the thing, then only what it can do, in its own words.

use leptos::prelude::*;
use model::rule::{Path, Target};

use super::super::draft::{BlockKind, Offer, Offered, Part, offers, specials};
use super::chooser::{chooser, says};
use super::writing::{Open, Writing, adder_id, focus, focus_inside, key_of, part};
use crate::i18n::t;

/// What is opened to add a phrase to a list.
pub fn adder(writing: Writing, path: Path, kind: BlockKind) -> AnyView {
    let id = format!("new-{}{}", adder_id(&path, kind), key_of(&path));
    let chosen = RwSignal::new(None::<Target>);
    let place = path.clone();
    let add = Callback::new(move |offer: Offer| writing.add(&place, kind, offer.1));
    let button = adder_id(&path, kind);
    let inside = id.clone();
    Effect::new(move || {
        chosen.track();
        focus_inside(&inside);
    });
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            if chosen.get_untracked().is_some() {
                chosen.set(None);
            } else {
                writing.open.set(Open::Nothing);
                focus(&button);
            }
        }
    };
    let stage = move || match chosen.get() {
        None => who(writing, part(kind), chosen, add),
        Some(target) => what(writing, part(kind), target, chosen, add),
    };
    view! { <div class="pane adder" id=id on:keydown=escape>{stage}</div> }.into_any()
}

fn who(
    writing: Writing,
    part: Part,
    chosen: RwSignal<Option<Target>>,
    add: Callback<Offer>,
) -> AnyView {
    let choose = Callback::new(move |target: Target| chosen.set(Some(target)));
    let fits = move |specs: &[model::Spec]| part != Part::Then || acts(specs);
    let special = move || writing.desk(|desk| specials(desk, part));
    view! {
        <p class="pane-title">{move || t().choose_who()}</p>
        {chooser(writing.spoken, part, fits, choose, Some((Signal::derive(special), add)))}
    }
    .into_any()
}

/// Whether something can be made to do anything.
pub fn acts(specs: &[model::Spec]) -> bool {
    use model::Spec;
    specs.iter().any(|it| {
        matches!(
            it,
            Spec::OnOff
                | Spec::Level
                | Spec::ColorControl { .. }
                | Spec::LightEffect(_)
                | Spec::LightPalette(_)
                | Spec::WindowCovering { .. }
                | Spec::DoorLock
                | Spec::Thermostat { .. }
                | Spec::ModeSelect(_)
                | Spec::NumericControl { .. }
                | Spec::Momentary
        )
    })
}

fn what(
    writing: Writing,
    part: Part,
    target: Target,
    chosen: RwSignal<Option<Target>>,
    add: Callback<Offer>,
) -> AnyView {
    let of = target.clone();
    let title = move || {
        let who = writing.say(|words| says(words, part, &of));
        t().choose_what(&who)
    };
    let all = move || {
        let title = String::new();
        let offers = writing.desk(|desk| offers(desk, part, &target));
        offered(vec![Offered { title, offers }], add)
    };
    view! {
        <p class="pane-title">{title}</p>
        {all}
        <div class="pane-actions">
            <button type="button" class="button quiet" on:click=move |_| chosen.set(None)>
                {move || t().choose_other()}
            </button>
        </div>
    }
    .into_any()
}

/// Phrases on offer, as buttons.
pub fn offered(all: Vec<Offered>, add: Callback<Offer>) -> AnyView {
    let group = move |it: Offered| {
        let buttons = it.offers.into_iter().map(|offer| {
            let says = offer.0.clone();
            view! {
                <li>
                    <button type="button" class="offer" on:click=move |_| add.run(offer.clone())>
                        {says}
                    </button>
                </li>
            }
        });
        view! {
            <div class="offered">
                {(!it.title.is_empty()).then(|| view! { <p class="offered-title">{it.title}</p> })}
                <ul class="offers">{buttons.collect_view()}</ul>
            </div>
        }
    };
    all.into_iter().map(group).collect_view().into_any()
}

//! Rules of Home Assistant: read, mapped onto what is here, reported, and taken over if wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use api::{Answer, ForeignFormat, ForeignThing, Imported, Meaning, Request};
use leptos::prelude::*;

use super::mapping::{Candidate, candidates, guess};
use super::report::Report;
use super::{FileOrText, FormError, SendButton};
use crate::components::{Select, Spoken, use_spoken};
use crate::i18n::t;
use crate::state::{Form, Session, use_session};

/// What is known of a file so far.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    session: Session,
    spoken: Spoken,
    pub(super) form: Form,
    text: RwSignal<String>,
    /// Everything that the file names, whether it is mapped or not.
    things: RwSignal<BTreeMap<String, ForeignThing>>,
    /// What people, or the likeness of names, said that these are.
    meanings: RwSignal<BTreeMap<String, Meaning>>,
    /// Those that only the likeness of names decided.
    guessed: RwSignal<BTreeSet<String>>,
    pub(super) told: RwSignal<Option<Arc<Imported>>>,
}

impl Reading {
    fn new(session: Session, spoken: Spoken) -> Self {
        Self {
            session,
            spoken,
            form: Form::new(),
            text: RwSignal::default(),
            things: RwSignal::default(),
            meanings: RwSignal::default(),
            guessed: RwSignal::default(),
            told: RwSignal::default(),
        }
    }

    /// Reads the file afresh, with nothing known of what it names.
    fn begin(self) {
        self.things.update(BTreeMap::clear);
        self.meanings.update(BTreeMap::clear);
        self.guessed.update(BTreeSet::clear);
        self.read();
    }

    fn read(self) {
        let request = Request::ReadForeign {
            format: ForeignFormat::HomeAssistant,
            text: self.text.get_untracked(),
            meanings: self.meanings.get_untracked(),
        };
        self.session.submit(self.form, request, move |answer| {
            if let Answer::Imported(imported) = answer {
                self.take(*imported);
            }
        });
    }

    /// What is new is guessed where names are alike; then it is read once more with that.
    fn take(self, imported: Imported) {
        let mut news = false;
        for thing in &imported.unmapped {
            let known = self.things.with_untracked(|it| it.contains_key(&thing.id));
            self.things.update(|it| drop(it.insert(thing.id.clone(), thing.clone())));
            let guess = (!known).then(|| guess(&untrack(|| self.candidates(thing)))).flatten();
            if let Some(meaning) = guess {
                news = true;
                self.guessed.update(|it| {
                    it.insert(thing.id.clone());
                });
                self.meanings.update(|it| drop(it.insert(thing.id.clone(), meaning)));
            }
        }
        self.told.set(Some(Arc::new(imported)));
        if news {
            self.read();
        }
    }

    fn candidates(self, thing: &ForeignThing) -> Vec<Candidate> {
        self.spoken.names.with(|names| candidates(t(), names, thing))
    }

    fn choose(self, thing: &str, meaning: Option<Meaning>) {
        self.guessed.update(|it| {
            it.remove(thing);
        });
        self.meanings.update(|it| match meaning {
            Some(meaning) => drop(it.insert(thing.to_owned(), meaning)),
            None => drop(it.remove(thing)),
        });
        self.read();
    }
}

#[component]
pub(super) fn Foreign() -> impl IntoView {
    let reading = Reading::new(use_session(), use_spoken());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        reading.begin();
    };
    let ids = move || reading.things.with(|it| it.keys().cloned().collect::<Vec<_>>());
    let any = Memo::new(move |_| reading.things.with(|it| !it.is_empty()));
    let text = reading.text;
    view! {
        <section class="card settings-card" aria-labelledby="foreign">
            <h2 id="foreign">{move || t().import_foreign()}</h2>
            <p>{move || t().import_foreign_why()}</p>
            <form class="stack wide" on:submit=submit>
                <FileOrText text accept=".yaml,.yml,text/yaml" />
                <FormError form=reading.form />
                <SendButton form=reading.form text words=|| t().read_file() />
            </form>
            <Show when=move || any.get()>
                <div class="stack wide">
                    <h3>{move || t().map_title()}</h3>
                    <p class="quiet">{move || t().map_why()}</p>
                    <ul class="cards-list">
                        <For each=ids key=Clone::clone let:id>
                            <ThingRow id reading />
                        </For>
                    </ul>
                </div>
            </Show>
            <Report reading />
        </section>
    }
}

#[component]
fn ThingRow(id: String, reading: Reading) -> impl IntoView {
    let wanted = id.clone();
    let choices = Signal::derive(move || {
        let thing = reading.things.with(|it| it.get(&wanted).cloned());
        let candidates = thing.map(|it| reading.candidates(&it)).unwrap_or_default();
        let first = [(None, t().map_not_yet()), (Some(Meaning::Nothing), t().map_nothing())];
        let all = candidates.into_iter().map(|it| (Some(it.meaning), it.words));
        first.into_iter().chain(all).collect::<Vec<_>>()
    });
    let mine = id.clone();
    let chosen = Signal::derive(move || Some(reading.meanings.with(|it| it.get(&mine).cloned())));
    let mine = id.clone();
    let guessed = move || reading.guessed.with(|it| it.contains(&mine));
    let target = id.clone();
    let choose = Callback::new(move |meaning: Option<Meaning>| reading.choose(&target, meaning));
    let label = id.clone();
    view! {
        <li class="map-row">
            <span class="map-thing">
                <code dir="ltr">{id}</code>
                <Show when=guessed>
                    <span class="quiet">{move || t().map_guessed()}</span>
                </Show>
            </span>
            <Select
                label=Signal::derive(move || t().map_to(&label))
                bare=true
                choices
                chosen
                on_choose=choose
            />
        </li>
    }
}

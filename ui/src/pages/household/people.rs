//! Who lives here, whether they are in, and whose phone tells it.

use api::{PhoneAt, Request};
use leptos::prelude::*;
use model::{Person, PersonId, Presence, PresenceSource, Timestamp};

use super::{Named, RowButton, Section};
use crate::bridge::new_id;
use crate::components::{Dialog, Field, Glyph, Segmented};
use crate::i18n::{Texts, moment, t};
use crate::state::{Form, use_session};

#[component]
pub(super) fn People() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let edited = RwSignal::new(None::<PersonId>);
    let edit = Callback::new(move |id: Option<PersonId>| {
        edited.set(id);
        open.set(true);
    });
    let shown = Memo::new(move |_| {
        let mut people = session.home.people.all();
        people.retain(|it| !session.is_going(it.id.as_str()));
        people.sort_by_key(|it| it.name.as_str().to_lowercase());
        people.iter().map(|it| it.id.clone()).collect::<Vec<_>>()
    });
    view! {
        <Section
            id="people"
            title=|| t().people()
            why=|| t().people_why()
            add=|| t().add_person()
            on_add=Callback::new(move |()| edit.run(None))
        >
            <For each=move || shown.get() key=Clone::clone let:id>
                <PersonCard id edit />
            </For>
        </Section>
        <Dialog open title=Signal::derive(move || match edited.get() {
            None => t().add_person(),
            Some(_) => t().rename(),
        })>
            <PersonForm edited open />
        </Dialog>
    }
}

#[component]
fn PersonForm(edited: RwSignal<Option<PersonId>>, open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let known = edited.get_untracked();
    let now = known.as_ref().and_then(|it| untrack(|| session.home.people.get(it)));
    let name = RwSignal::new(now.map(|it| it.name.to_string()).unwrap_or_default());
    let form = Form::new();
    let save = Callback::new(move |name| {
        let Some(id) = known.clone().or_else(new_id) else { return };
        session.submit(form, Request::SavePerson(id, name), move |_| open.set(false));
    });
    view! { <Named name form on_save=save /> }
}

#[component]
fn PersonCard(id: PersonId, edit: Callback<Option<PersonId>>) -> impl IntoView {
    let session = use_session();
    let wanted = id.clone();
    let person = Memo::new(move |_| session.home.people.get(&wanted));
    let of = move |read: fn(&Person) -> String| {
        move || person.with(|it| it.as_ref().map(|it| read(it)).unwrap_or_default())
    };
    let name = Signal::derive(of(|it| it.name.to_string()));
    let presence =
        Memo::new(move |_| person.with(|it| it.as_ref().map(|it| it.presence).unwrap_or_default()));
    let is_in = StoredValue::new(id.clone());
    let say = Callback::new(move |home: bool| {
        session.send(Request::SetPresence(is_in.get_value(), home));
    });
    let choices = Signal::derive(|| vec![(true, t().is_home()), (false, t().is_away())]);
    let remove = Callback::new(move |()| {
        let request = Request::RemovePerson(is_in.get_value());
        session.remove_later(is_in.get_value(), t().removed(&name.get_untracked()), request);
    });
    view! {
        <li class="card person-card">
            <header class="part-head">
                <div class="scene-words">
                    <h3>{name}</h3>
                    <p class="quiet">{move || presence_words(t(), presence.get(), session.now.get())}</p>
                </div>
                <RowButton
                    glyph=Glyph::Pencil
                    label=Signal::derive(move || t().rename_it(&name.get()))
                    on_press=Callback::new(move |()| edit.run(Some(is_in.get_value())))
                />
                <RowButton
                    glyph=Glyph::Trash
                    label=Signal::derive(move || t().remove_it(&name.get()))
                    on_press=remove
                />
            </header>
            <Segmented
                label=Signal::derive(move || t().presence_of(&name.get()))
                choices
                chosen=Signal::derive(move || presence.get().home)
                on_choose=say
            />
            <Phone id />
        </li>
    }
}

fn presence_words(t: Texts, presence: Presence, now: Timestamp) -> String {
    let state = match presence.home {
        None => return t.presence_unknown(),
        Some(true) => t.is_home(),
        Some(false) => t.is_away(),
    };
    let since = t.presence_since(&state, &moment(t.locale(), presence.since, now));
    let by = match presence.by {
        PresenceSource::Person => t.by_person(),
        PresenceSource::Phone => t.by_phone(),
    };
    t.joined(&since, &by)
}

/// Whose phone tells it: folded away, and said why.
#[component]
fn Phone(id: PersonId) -> impl IntoView {
    let session = use_session();
    let wanted = id.clone();
    let phone = Memo::new(move |_| session.home.people.get(&wanted).and_then(|it| it.phone));
    let (typed, wrong) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let id = StoredValue::new(id);
    let track = move |at: PhoneAt| session.send(Request::TrackPhone(id.get_value(), at));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match typed.get_untracked().trim().parse() {
            Ok(address) => {
                wrong.set(String::new());
                typed.set(String::new());
                track(PhoneAt::Address(address));
            }
            Err(_) => wrong.set(t().phone_address_wrong()),
        }
    };
    let state = move || match phone.get() {
        Some(address) => t().phone_at(&address.to_string()),
        None => t().phone_none(),
    };
    view! {
        <details class="fold">
            <summary>{move || t().phone()}</summary>
            <div class="stack">
                <p class="quiet">{move || t().phone_why()}</p>
                <p role="status">{state}</p>
                <div class="button-row start">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| track(PhoneAt::Here)
                    >
                        {move || t().phone_here()}
                    </button>
                    <Show when=move || phone.get().is_some()>
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| track(PhoneAt::Nowhere)
                        >
                            {move || t().phone_forget()}
                        </button>
                    </Show>
                </div>
                <form class="inline-form" on:submit=submit>
                    <Field
                        label=Signal::derive(|| t().phone_address())
                        value=typed
                        error=wrong
                        machine_text=true
                    />
                    <button type="submit" class="button">{move || t().save()}</button>
                </form>
            </div>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use model::Language;

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn presence_tells_since_when_and_how_it_is_known() {
        let t = Texts::of(Locale { language: Language::En, pseudo: false });
        let presence =
            Presence { home: Some(true), since: Timestamp(5), by: PresenceSource::Phone };
        assert_eq!(
            presence_words(t, presence, Timestamp(9)),
            "At home since 5 · seen by the phone"
        );
        assert_eq!(presence_words(t, Presence::default(), Timestamp(9)), "Not known");
    }
}

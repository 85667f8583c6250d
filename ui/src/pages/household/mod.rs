//! The household: people, groups, variables, and roles that lack a device.

mod groups;
mod people;
mod vacant;
mod variables;

use leptos::prelude::*;
use model::{Name, NameError};

use self::groups::Groups;
use self::people::People;
use self::vacant::Vacant;
use self::variables::Variables;
use crate::components::{Field, Glyph, Icon, Submit};
use crate::i18n::{Texts, t};
use crate::state::Form;

/// The household page.
#[component]
pub fn HouseholdPage() -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>{move || t().household()}</h1>
            <People />
            <Groups />
            <Variables />
            <Vacant />
        </div>
    }
}

/// A section with what it is for and a button that adds to it.
#[component]
fn Section(
    id: &'static str,
    title: fn() -> String,
    why: fn() -> String,
    add: fn() -> String,
    on_add: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby=id>
            <header class="page-head">
                <h2 id=id>{title}</h2>
                <button type="button" class="button" on:click=move |_| on_add.run(())>
                    <Icon glyph=Glyph::Plus />
                    <span>{add}</span>
                </button>
            </header>
            <p class="quiet">{why}</p>
            <ul class="cards-list">{children()}</ul>
        </section>
    }
}

/// A button with a picture only.
#[component]
fn RowButton(
    glyph: Glyph,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=label
            title=label
            on:click=move |_| on_press.run(())
        >
            <Icon glyph />
        </button>
    }
}

/// A form for a name and what else there is.
#[component]
fn Named(
    /// What it is called now.
    name: RwSignal<String>,
    form: Form,
    /// Saves it under that name.
    on_save: Callback<Name>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let wrong = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match Name::try_from(name.get_untracked()) {
            Ok(name) => {
                wrong.set(String::new());
                on_save.run(name);
            }
            Err(error) => wrong.set(name_error(t(), error)),
        }
    };
    view! {
        <form on:submit=submit>
            <Field label=Signal::derive(|| t().name()) value=name error=wrong autofocus=true />
            {children.map(|it| it())}
            <Submit form words=Signal::derive(|| t().save()) />
        </form>
    }
}

fn name_error(t: Texts, error: NameError) -> String {
    match error {
        NameError::Empty => t.name_empty(),
        NameError::TooLong => t.name_too_long(),
        NameError::Control => t.name_control(),
    }
}

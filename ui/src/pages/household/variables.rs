//! What the home remembers for its rules.

use api::Request;
use leptos::prelude::*;
use model::{Variable, VariableId, VariableValue};

use super::{Named, RowButton, Section};
use crate::bridge::new_id;
use crate::components::{Dialog, Field, Glyph, Segmented};
use crate::i18n::t;
use crate::state::{Form, use_session};

/// Kinds of variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    YesNo,
    Number,
    Text,
}

#[component]
pub(super) fn Variables() -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let shown = Memo::new(move |_| {
        let mut all = session.home.variables.all();
        all.retain(|it| !session.is_going(it.id.as_str()));
        all.sort_by_key(|it| it.name.as_str().to_lowercase());
        all.iter().map(|it| it.id.clone()).collect::<Vec<_>>()
    });
    view! {
        <Section
            id="variables"
            title=|| t().variables()
            why=|| t().variables_why()
            add=|| t().add_variable()
            on_add=Callback::new(move |()| open.set(true))
        >
            <For each=move || shown.get() key=Clone::clone let:id>
                <VariableCard id />
            </For>
        </Section>
        <Dialog open title=Signal::derive(|| t().add_variable())>
            <VariableForm open />
        </Dialog>
    }
}

#[component]
fn VariableForm(open: RwSignal<bool>) -> impl IntoView {
    let session = use_session();
    let (name, kind) = (RwSignal::new(String::new()), RwSignal::new(Kind::YesNo));
    let form = Form::new();
    let choices = Signal::derive(|| {
        vec![
            (Kind::YesNo, t().kind_yes_no()),
            (Kind::Number, t().kind_number()),
            (Kind::Text, t().kind_text()),
        ]
    });
    let save = Callback::new(move |name| {
        let Some(id) = new_id() else { return };
        let value = match kind.get_untracked() {
            Kind::YesNo => VariableValue::YesNo(false),
            Kind::Number => VariableValue::Number(0.0),
            Kind::Text => VariableValue::Text(String::new()),
        };
        let request = Request::SaveVariable(Variable { id, name, value });
        session.submit(form, request, move |_| open.set(false));
    });
    view! {
        <Named name form on_save=save>
            <Segmented
                label=Signal::derive(|| t().variable_kind())
                choices
                chosen=Signal::derive(move || Some(kind.get()))
                on_choose=Callback::new(move |it| kind.set(it))
            />
        </Named>
    }
}

#[component]
fn VariableCard(id: VariableId) -> impl IntoView {
    let session = use_session();
    let wanted = id.clone();
    let variable = Memo::new(move |_| session.home.variables.get(&wanted));
    let name = Signal::derive(move || {
        variable.with(|it| it.as_ref().map(|it| it.name.to_string()).unwrap_or_default())
    });
    let set = Callback::new(move |value: VariableValue| {
        let now = variable.get_untracked();
        if let Some(now) = now {
            let changed = Variable { value, ..Variable::clone(&now) };
            session.send(Request::SaveVariable(changed));
        }
    });
    let remove = Callback::new(move |()| {
        let request = Request::RemoveVariable(id.clone());
        session.remove_later(&id, t().removed(&name.get_untracked()), request);
    });
    let value = Memo::new(move |_| variable.with(|it| it.as_ref().map(|it| it.value.clone())));
    let is_yes_no =
        Memo::new(move |_| value.with(|it| matches!(it, Some(VariableValue::YesNo(_)))));
    let editor = move || match is_yes_no.get() {
        true => yes_no(name, value, set),
        false => typed(name, value, set),
    };
    view! {
        <li class="card person-card">
            <header class="part-head">
                <h3 class="scene-words">{name}</h3>
                <RowButton
                    glyph=Glyph::Trash
                    label=Signal::derive(move || t().remove_it(&name.get()))
                    on_press=remove
                />
            </header>
            {editor}
        </li>
    }
}

fn yes_no(
    name: Signal<String>,
    value: Memo<Option<VariableValue>>,
    set: Callback<VariableValue>,
) -> AnyView {
    let chosen = Signal::derive(move || match value.get() {
        Some(VariableValue::YesNo(yes)) => Some(yes),
        _ => None,
    });
    view! {
        <Segmented
            label=Signal::derive(move || t().value_of(&name.get()))
            choices=Signal::derive(|| vec![(true, t().yes()), (false, t().no())])
            chosen
            on_choose=Callback::new(move |yes| set.run(VariableValue::YesNo(yes)))
        />
    }
    .into_any()
}

fn typed(
    name: Signal<String>,
    value: Memo<Option<VariableValue>>,
    set: Callback<VariableValue>,
) -> AnyView {
    let (text, wrong) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move || text.set(written(value.get().as_ref())));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let is_number = value.with_untracked(|it| matches!(it, Some(VariableValue::Number(_))));
        match read(&text.get_untracked(), is_number) {
            Some(value) => {
                wrong.set(String::new());
                set.run(value);
            }
            None => wrong.set(t().number_wrong()),
        }
    };
    view! {
        <form class="inline-form" on:submit=submit>
            <Field label=Signal::derive(move || t().value_of(&name.get())) value=text error=wrong />
            <button type="submit" class="button">{move || t().save()}</button>
        </form>
    }
    .into_any()
}

fn written(value: Option<&VariableValue>) -> String {
    match value {
        Some(VariableValue::Number(number)) => number.to_string(),
        Some(VariableValue::Text(text)) => text.clone(),
        Some(VariableValue::YesNo(_)) | None => String::new(),
    }
}

/// What was typed; a comma is a decimal point to half of Europe.
fn read(text: &str, is_number: bool) -> Option<VariableValue> {
    let value = if is_number {
        VariableValue::Number(text.trim().replace(',', ".").parse().ok()?)
    } else {
        VariableValue::Text(text.to_owned())
    };
    value.is_allowed().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(read("2,5", true), Some(VariableValue::Number(2.5)));
        assert_eq!(read(" -3 ", true), Some(VariableValue::Number(-3.0)));
        assert_eq!(read("inf", true), None);
        assert_eq!(read("x", true), None);
        assert_eq!(read("2,5", false), Some(VariableValue::Text("2,5".to_owned())));
    }
}

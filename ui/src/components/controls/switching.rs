//! On and off, a choice among names, something to set off.

use leptos::prelude::*;
use model::{Action, Value};

use super::Asked;
use crate::components::{Select, Switch};
use crate::i18n::t;

pub(super) fn on_off(asked: Asked) -> AnyView {
    let on = asked.read(|value| match value {
        Some(Value::OnOff(on)) => Some(*on),
        _ => None,
    });
    let words = move || match on.get() {
        Some(true) => t().on(),
        Some(false) => t().off(),
        None => t().unknown(),
    };
    let change = Callback::new(move |wanted| asked.ask(Action::SetOnOff(wanted)));
    view! {
        <div class="control-row">
            <span class="control-state">{words}</span>
            <Switch
                label=Signal::derive(|| t().switch_on())
                on=Signal::derive(move || on.get() == Some(true))
                busy=asked.busy()
                on_change=change
            />
        </div>
    }
    .into_any()
}

pub(super) fn choice(
    asked: Asked,
    label: fn() -> String,
    names: Vec<String>,
    wish: fn(String) -> Action,
) -> AnyView {
    let chosen = asked.read(|value| match value {
        Some(Value::LightEffect(name) | Value::LightPalette(name) | Value::ModeSelect(name)) => {
            Some(name.clone())
        }
        _ => None,
    });
    let choices: Vec<(String, String)> = names.into_iter().map(|it| (it.clone(), it)).collect();
    let choices = Signal::stored(choices);
    let choose = Callback::new(move |name: String| asked.ask(wish(name)));
    let label = Signal::derive(label);
    view! { <Select label choices chosen on_choose=choose /> }.into_any()
}

pub(super) fn press(asked: Asked) -> AnyView {
    view! {
        <button
            type="button"
            class="button primary"
            aria-busy=move || asked.busy().get().to_string()
            on:click=move |_| asked.ask(Action::Press)
        >
            {|| t().press_now()}
        </button>
    }
    .into_any()
}

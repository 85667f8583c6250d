//! Lock at once; unlock only after a question. A lock is never shown as wished, only as it says.

use leptos::prelude::*;
use model::{Action, LockState, Spec, Value};

use super::Asked;
use crate::components::Confirm;
use crate::face::value_words;
use crate::i18n::t;

pub(super) fn lock(asked: Asked) -> AnyView {
    let is_locked = asked.known(|value| {
        matches!(value, Some(Value::DoorLock(LockState::Locked | LockState::Locking)))
    });
    let state = asked.known(|value| value.cloned());
    let words = move || {
        state.get().map_or_else(|| t().unknown(), |it| value_words(t(), &Spec::DoorLock, &it))
    };
    let asking = RwSignal::new(false);
    let question = Signal::derive(move || t().unlock_question(&asked.name()));
    let busy = asked.busy();
    let press = move |_| {
        if is_locked.get_untracked() {
            asking.set(true);
        } else {
            asked.ask(Action::SetLocked(true));
        }
    };
    view! {
        <p class="control-state">{words}</p>
        <button
            type="button"
            class="button primary"
            aria-busy=move || busy.get().to_string()
            on:click=press
        >
            {move || if is_locked.get() { t().unlock() } else { t().lock() }}
        </button>
        <Confirm
            open=asking
            title=question
            why=Signal::derive(|| t().unlock_why())
            action=Signal::derive(|| t().unlock())
            danger=true
            on_confirm=Callback::new(move |()| asked.ask(Action::SetLocked(false)))
        />
    }
    .into_any()
}

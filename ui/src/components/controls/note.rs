//! What is on its way, and what became of the last wish.

use api::{Failure, Pending};
use leptos::prelude::*;
use model::CommandState;

use super::Asked;
use crate::i18n::{Texts, t};

/// Below a control: how far the command has come, or why it did not come to its end.
#[component]
pub(super) fn ControlNote(
    /// Of which capability.
    asked: Asked,
) -> impl IntoView {
    let pending = Memo::new(move |_| asked.state.with(|it| it.pending.clone()));
    let failure = Memo::new(move |_| asked.state.with(|it| it.failure.clone()));
    view! {
        {move || pending.get().map(|it| view! { <Steps pending=it /> })}
        {move || failure.get().map(|it| view! { <Failed asked failure=it /> })}
    }
}

/// The life of a command: what it has behind it is marked, also for who cannot see the mark.
#[component]
fn Steps(pending: Pending) -> impl IntoView {
    let reached = reached(&pending.state);
    let step = move |(at, words): (usize, String)| {
        let current = (at == reached).then_some("step");
        view! { <li class:done=at <= reached aria-current=current>{words}</li> }
    };
    view! {
        <ol class="steps" aria-busy="true">
            {move || words(t()).into_iter().enumerate().map(step).collect_view()}
        </ol>
    }
}

/// The steps in order, in words.
fn words(t: Texts) -> [String; 4] {
    [t.step_requested(), t.step_sent(), t.step_acknowledged(), t.step_observed()]
}

/// Which of the steps was reached last.
fn reached(state: &CommandState) -> usize {
    match state {
        CommandState::Requested | CommandState::Failed(_) | CommandState::Expired => 0,
        CommandState::Sent => 1,
        CommandState::Acknowledged => 2,
        CommandState::Observed => 3,
    }
}

#[component]
fn Failed(asked: Asked, failure: Failure) -> impl IntoView {
    let reason = failure.reason;
    let words = move || t().failed(&asked.name(), &t().fail_reason(reason.as_ref()));
    let again = move |_| asked.ask(failure.action.clone());
    view! {
        <div class="control-failure" role="alert">
            <span>{words}</span>
            <button type="button" class="button quiet" on:click=again>{move || t().retry()}</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_goes_forward_step_by_step() {
        let life = [
            CommandState::Requested,
            CommandState::Sent,
            CommandState::Acknowledged,
            CommandState::Observed,
        ];
        let steps: Vec<usize> = life.iter().map(reached).collect();
        assert_eq!(steps, [0, 1, 2, 3]);
    }
}

//! Open, stop, close; a position where the hardware knows one.

use leptos::prelude::*;
use model::{Action, CoverMove, Percent, Value};

use super::{Asked, percent_slider};
use crate::i18n::t;

pub(super) fn cover(asked: Asked, positions: bool) -> AnyView {
    // What is only written down has nothing to stop.
    let stop = asked.draft.is_none().then(|| mover(asked, CoverMove::Stop, || t().cover_stop()));
    let buttons = [
        Some(mover(asked, CoverMove::Open, || t().cover_open())),
        stop,
        Some(mover(asked, CoverMove::Close, || t().cover_close())),
    ];
    let open = asked.known(|value| match value {
        Some(Value::WindowCovering(state)) => state.open.map_or(0.0, |it| f64::from(it.get())),
        _ => 0.0,
    });
    let change = Callback::new(move |wanted: f64| {
        asked.ask(Action::MoveCover(CoverMove::To(Percent::of(wanted, 100.0))));
    });
    let slider = positions.then(|| percent_slider(asked, || t().position(), open, change));
    view! { <div class="button-row">{buttons.into_iter().flatten().collect_view()}</div>{slider} }
        .into_any()
}

fn mover(asked: Asked, to: CoverMove, words: fn() -> String) -> AnyView {
    let ask = move |_| asked.ask(Action::MoveCover(to));
    view! { <button type="button" class="button" on:click=ask>{words}</button> }.into_any()
}

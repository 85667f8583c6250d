//! What most rules need never be told: what happens when they are set off while they run, and when
//! Hearth was not running.

use leptos::prelude::*;
use model::Span;
use model::rule::{Missed, RuleBody, RunMode};

use super::writing::Writing;
use crate::components::{Segmented, Select};
use crate::i18n::t;

/// Run mode and missed policy, behind one disclosure.
pub fn advanced(writing: Writing) -> AnyView {
    view! {
        <details class="card advanced">
            <summary><h2>{move || t().advanced()}</h2></summary>
            <div class="fields">
                {mode(writing)}
                {missed(writing)}
            </div>
        </details>
    }
    .into_any()
}

/// Which of the modes, apart from how many.
fn mode_at(mode: RunMode) -> usize {
    match mode {
        RunMode::Single => 0,
        RunMode::Restart => 1,
        RunMode::Queued(_) => 2,
        RunMode::Parallel(_) => 3,
    }
}

fn most_of(mode: RunMode) -> Option<u8> {
    match mode {
        RunMode::Queued(most) | RunMode::Parallel(most) => Some(most),
        RunMode::Single | RunMode::Restart => None,
    }
}

fn mode_with(at: usize, most: u8) -> RunMode {
    match at {
        1 => RunMode::Restart,
        2 => RunMode::Queued(most),
        3 => RunMode::Parallel(most),
        _ => RunMode::Single,
    }
}

fn mode(writing: Writing) -> AnyView {
    let mode = Memo::new(move |_| writing.body.with(|it| it.mode));
    let set = move |mode| writing.change("mode", |it| it.mode = mode);
    let choices = Signal::derive(move || {
        vec![
            (0, t().mode_single()),
            (1, t().mode_restart()),
            (2, t().mode_queued()),
            (3, t().mode_parallel()),
        ]
    });
    let choose = Callback::new(move |at: usize| {
        set(mode_with(at, most_of(mode.get_untracked()).unwrap_or(10)));
    });
    let most = move |it: &RuleBody| most_of(it.mode).map(|it| (f64::from(it), 1.0));
    let put = move |most: f64| {
        set(mode_with(mode_at(mode.get_untracked()), most.clamp(1.0, 100.0) as u8));
    };
    view! {
        <Select
            label=Signal::derive(move || t().run_mode())
            choices
            chosen=Signal::derive(move || Some(mode_at(mode.get())))
            on_choose=choose
        />
        {number(writing, "most", || t().mode_most(), String::new, most, put)}
    }
    .into_any()
}

fn missed(writing: Writing) -> AnyView {
    let missed = Memo::new(move |_| writing.body.with(|it| it.missed));
    let set = move |missed| writing.change("missed", |it| it.missed = missed);
    let choices = Signal::derive(move || {
        vec![(0, t().missed_run()), (1, t().missed_skip()), (2, t().missed_ask())]
    });
    let at = move || match missed.get() {
        Missed::RunIfLate(_) => 0_usize,
        Missed::Skip => 1,
        Missed::Ask => 2,
    };
    let choose = Callback::new(move |at: usize| {
        set(match at {
            1 => Missed::Skip,
            2 => Missed::Ask,
            _ => Missed::default(),
        });
    });
    let late = move |it: &RuleBody| match it.missed {
        Missed::RunIfLate(late) => Some((late.as_millis() as f64 / 60_000.0, 0.0)),
        Missed::Skip | Missed::Ask => None,
    };
    let put = move |minutes: f64| {
        let minutes = minutes.clamp(0.0, 44_640.0);
        set(Missed::RunIfLate(Span::millis((minutes * 60_000.0) as u64)));
    };
    view! {
        <Segmented
            label=Signal::derive(move || t().missed_policy())
            choices
            chosen=Signal::derive(move || Some(at()))
            on_choose=choose
        />
        {number(writing, "late", || t().missed_late(), || t().unit_minute(), late, put)}
    }
    .into_any()
}

/// A number of the rule as a whole; not there while the rule has none.
fn number(
    writing: Writing,
    id: &'static str,
    label: fn() -> String,
    unit: fn() -> String,
    read: impl Fn(&RuleBody) -> Option<(f64, f64)> + Send + Sync + 'static,
    put: impl Fn(f64) + Copy + Send + Sync + 'static,
) -> AnyView {
    let value = Memo::new(move |_| writing.body.with(|it| read(it)));
    let there = Memo::new(move |_| value.get().is_some());
    let type_in = move |event: leptos::ev::Event| {
        if let Ok(number) = event_target_value(&event).trim().parse::<f64>() {
            put(number);
        }
    };
    view! {
        <Show when=move || there.get()>
            <div class="field">
                <label for=id>{label}</label>
                <div class="with-unit">
                    <input
                        id=id
                        type="number"
                        inputmode="numeric"
                        min=move || value.get().map(|(_, least)| least.to_string())
                        step="1"
                        prop:value=move || value.get().map(|(it, _)| it.to_string())
                        on:change=type_in
                    />
                    <span class="unit">{unit}</span>
                </div>
            </div>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_survives_being_chosen() {
        for mode in [RunMode::Single, RunMode::Restart, RunMode::Queued(7), RunMode::Parallel(9)] {
            assert_eq!(mode_with(mode_at(mode), most_of(mode).unwrap_or(0)), mode);
        }
    }
}

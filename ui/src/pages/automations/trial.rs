//! *Try it*: what a draft would have done in the recorded past, with nothing sent.

use std::sync::Arc;
use std::time::Duration;

use api::{Answer, ErrorCode, Fight, Rehearsal, Request, WhyNotKind};
use leptos::prelude::*;
use model::rule::{Target, Trace};
use model::{RuleBody, RuleId};
use wasm_bindgen_futures::spawn_local;

use super::past::WouldRun;
use crate::components::{Glyph, Icon, Segmented, use_spoken};
use crate::i18n::{Texts, day_and_time, decimal, t};
use crate::sentence::Words;
use crate::state::use_session;

/// So many hours are named in the first line.
const HOURS_NAMED: usize = 3;

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Nothing,
    Waiting,
    Failed(ErrorCode),
    Known(Arc<Rehearsal>, Arc<RuleBody>),
}

/// The rehearsal of a draft.
#[component]
pub fn Trial(
    /// The rule that the draft would take the place of.
    #[prop(into)]
    rule: Signal<Option<RuleId>>,
    /// The draft.
    #[prop(into)]
    body: Signal<RuleBody>,
) -> impl IntoView {
    let session = use_session();
    let days = RwSignal::new(7_u8);
    let told = RwSignal::new(Told::Nothing);
    let waiting = Memo::new(move |_| told.with(|it| *it == Told::Waiting));
    let seconds = waited(waiting);
    let choices =
        Signal::derive(|| [1_u8, 7, 14, 31].map(|it| (it, t().days(usize::from(it)))).to_vec());
    let run = move || {
        told.set(Told::Waiting);
        let draft = body.get_untracked();
        let request = Request::Rehearse {
            rule: rule.get_untracked(),
            body: Box::new(draft.clone()),
            days: days.get_untracked(),
        };
        spawn_local(async move {
            let answer = session.request(request).await;
            told.try_set(match answer {
                Ok(Answer::Rehearsed(it)) => Told::Known(Arc::new(*it), Arc::new(draft)),
                Ok(_) => Told::Failed(ErrorCode::Unsupported),
                Err(error) => Told::Failed(error.code),
            });
        });
    };
    // At once, and again whenever another span is chosen.
    Effect::new(move || {
        days.track();
        run();
    });
    let progress = move || {
        let seconds = decimal(t().locale(), f64::from(seconds.get()), 0);
        t().try_running(&seconds)
    };
    view! {
        <div class="trial">
            <p class="quiet">{move || t().try_why()}</p>
            <Segmented
                label=Signal::derive(|| t().try_days())
                choices
                chosen=Signal::derive(move || Some(days.get()))
                on_choose=Callback::new(move |it| days.set(it))
            />
            <div class="button-row start">
                <button
                    type="button"
                    class="button primary"
                    disabled=waiting
                    aria-busy=move || waiting.get().to_string()
                    on:click=move |_| run()
                >
                    <Icon glyph=Glyph::Play />
                    <span>{move || t().try_it()}</span>
                </button>
            </div>
            <div role="status">
                <Show when=move || waiting.get()>
                    <div class="progress"></div>
                    <p class="quiet">{progress}</p>
                </Show>
                {move || match told.get() {
                    Told::Known(rehearsal, _) => Some(headline(&rehearsal)),
                    _ => None,
                }}
            </div>
            {move || match told.get() {
                Told::Failed(code) => Some(view! {
                    <p role="alert" class="form-error">{t().error(&code)}</p>
                }
                .into_any()),
                Told::Known(rehearsal, body) => Some(result(&rehearsal, &body)),
                Told::Nothing | Told::Waiting => None,
            }}
        </div>
    }
}

/// Seconds since it began to wait.
fn waited(waiting: Memo<bool>) -> RwSignal<u32> {
    let seconds = RwSignal::new(0_u32);
    Effect::new(move || {
        if waiting.get() {
            seconds.set(0);
            let tick = move || {
                seconds.try_update(|it| *it += 1);
            };
            if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
                on_cleanup(move || timer.clear());
            }
        }
    });
    seconds
}

/// How often it would have run, and at which hours.
fn headline(rehearsal: &Rehearsal) -> AnyView {
    let words = headline_words(t(), rehearsal);
    view! { <p class="trial-head">{words}</p> }.into_any()
}

fn headline_words(t: Texts, rehearsal: &Rehearsal) -> String {
    let runs = t.would_run(count(rehearsal.runs));
    let mut hours: Vec<(usize, u32)> =
        rehearsal.by_hour.iter().copied().enumerate().filter(|(_, runs)| *runs > 0).collect();
    if hours.is_empty() {
        return format!("{runs}.");
    }
    hours.sort_by_key(|(hour, runs)| (std::cmp::Reverse(*runs), *hour));
    let named = hours.iter().take(HOURS_NAMED);
    let mut words: Vec<String> = named
        .map(|(hour, runs)| t.try_at_hour(&t.repeat_times(count(*runs)), &clock(*hour)))
        .collect();
    if hours.len() > HOURS_NAMED {
        words.push(t.try_other_hours());
    }
    format!("{}.", t.try_at_hours(&runs, &t.list(&words)))
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// An hour as clocks show it, set apart: it is written from left to right in every language.
fn clock(hour: usize) -> String {
    format!("\u{2066}{hour:02}:00\u{2069}")
}

fn result(rehearsal: &Rehearsal, body: &Arc<RuleBody>) -> AnyView {
    let fights: Vec<Fight> = rehearsal.fights.clone();
    let not_runs = rehearsal.not_runs.clone();
    view! {
        <ul class="trial-facts">{facts(rehearsal, body)}</ul>
        {fights.into_iter().map(fight).collect_view()}
        {(rehearsal.runs > 0).then(|| hours(&rehearsal.by_hour))}
        {(!not_runs.is_empty()).then(|| reasons(not_runs))}
        {traces(rehearsal, body)}
    }
    .into_any()
}

/// What one has to know to believe it.
fn facts(rehearsal: &Rehearsal, body: &RuleBody) -> Vec<AnyView> {
    let t = t();
    let since = match (rehearsal.records, rehearsal.recorded_since) {
        (0, None) => Some(t.try_no_past()),
        (_, Some(since)) => Some(t.try_since(&day_and_time(t.locale(), since))),
        (_, None) => None,
    };
    let records = usize::try_from(rehearsal.records).unwrap_or(usize::MAX);
    let sent = t.joined(&t.would_command(count(rehearsal.commands)), &t.try_nothing_sent());
    let all = [Some(sent), Some(t.replayed(records)), since, blind(rehearsal, body)];
    all.into_iter().flatten().map(|it| view! { <li>{it}</li> }.into_any()).collect()
}

fn blind(rehearsal: &Rehearsal, body: &RuleBody) -> Option<String> {
    if rehearsal.blind_to.is_empty() {
        return None;
    }
    let triggers = rehearsal.blind_to.iter().filter_map(|it| body.triggers.get(usize::from(*it)));
    let words: Vec<String> = use_spoken().say(|say| triggers.map(|it| say.trigger(it)).collect());
    Some(t().try_blind(&t().list(&words)))
}

fn fight(fight: Fight) -> AnyView {
    let words = use_spoken().say(|say| fight_words(say, &fight));
    view! {
        <p class="trial-fight">
            <Icon glyph=Glyph::Alert />
            <span>{words}</span>
        </p>
    }
    .into_any()
}

fn fight_words(words: Words<'_>, fight: &Fight) -> String {
    let (t, names) = (words.t, words.names);
    let whom = names.role(t, &fight.role);
    let of = Target::Role(fight.role.clone());
    let mine = words.action(&of, &whom, &fight.wants);
    let other = words.action(&of, &whom, &fight.other);
    t.try_fight(&names.rule(t, &fight.with), &t.repeat_times(count(fight.times)), &mine, &other)
}

/// The hours of a day as bars, and the same as a table.
fn hours(by_hour: &[u32; 24]) -> AnyView {
    let most = by_hour.iter().copied().max().unwrap_or(1).max(1);
    let bar = |runs: &u32| {
        let height = format!("{:.0}%", f64::from(*runs) / f64::from(most) * 100.0);
        view! { <span class="hour-bar" class:none=*runs == 0 style:block-size=height></span> }
    };
    let bars = by_hour.iter().map(bar).collect_view();
    let marks = [0, 6, 12, 18].map(|it| view! { <span>{clock(it)}</span> });
    let row = |(hour, runs): (usize, &u32)| {
        view! {
            <tr>
                <th scope="row">{clock(hour)}</th>
                <td>{decimal(t().locale(), f64::from(*runs), 0)}</td>
            </tr>
        }
    };
    let rows = by_hour.iter().enumerate().filter(|(_, runs)| **runs > 0).map(row).collect_view();
    view! {
        <h3>{t().try_hours()}</h3>
        <div class="hours" aria-hidden="true">
            <div class="hour-bars">{bars}</div>
            <div class="hour-marks">{marks.into_iter().collect_view()}</div>
        </div>
        <details class="fold">
            <summary>{t().as_table()}</summary>
            <table class="known">
                <thead>
                    <tr>
                        <th scope="col">{t().try_hour()}</th>
                        <th scope="col">{t().try_runs()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}

fn reasons(not_runs: Vec<(WhyNotKind, u32)>) -> AnyView {
    let row = |(kind, times): (WhyNotKind, u32)| {
        let what = match kind {
            WhyNotKind::Conditions => t().not_run_conditions(),
            WhyNotKind::Busy => t().not_run_busy(),
            WhyNotKind::WhileAway => t().not_run_away(),
            WhyNotKind::Other => t().not_run_other(),
        };
        view! { <li>{t().counted(&what, &t().repeat_times(count(times)))}</li> }
    };
    view! {
        <h3>{t().try_not_run()}</h3>
        <ul class="trial-facts">{not_runs.into_iter().map(row).collect_view()}</ul>
    }
    .into_any()
}

fn traces(rehearsal: &Rehearsal, body: &Arc<RuleBody>) -> AnyView {
    let shown = rehearsal.traces.len();
    let more = count(rehearsal.runs) > shown;
    let title =
        if more { t().try_first(&decimal(t().locale(), shown as f64, 0)) } else { t().all_runs() };
    let entry = |trace: &Trace| view! { <WouldRun trace=trace.clone() body=Arc::clone(body) /> };
    (shown > 0)
        .then(|| {
            view! {
                <h3>{title}</h3>
                <ul class="cards-list">{rehearsal.traces.iter().map(entry).collect_view()}</ul>
            }
        })
        .into_any()
}

#[cfg(test)]
mod tests {
    use model::{Language, Timestamp};

    use super::*;
    use crate::i18n::Locale;

    fn rehearsal(by_hour: &[(usize, u32)]) -> Rehearsal {
        let mut hours = [0; 24];
        for (hour, runs) in by_hour {
            hours[*hour] = *runs;
        }
        Rehearsal {
            from: Timestamp(0),
            until: Timestamp(1),
            records: 0,
            recorded_since: None,
            runs: hours.iter().sum(),
            traces: Vec::new(),
            not_runs: Vec::new(),
            by_hour: hours,
            fights: Vec::new(),
            commands: 0,
            blind_to: Vec::new(),
        }
    }

    fn words(by_hour: &[(usize, u32)]) -> String {
        let t = Texts::of(Locale { language: Language::En, pseudo: false });
        headline_words(t, &rehearsal(by_hour)).replace(['\u{2066}', '\u{2069}'], "")
    }

    #[test]
    fn it_is_told_how_often_and_when() {
        assert_eq!(
            words(&[(18, 12), (3, 2)]),
            "Would have run 14 times: 12 times at 18:00, 2 times at 03:00."
        );
        assert_eq!(words(&[(3, 1)]), "Would have run 1 time: once at 03:00.");
        assert_eq!(words(&[]), "Would have run 0 times.");
    }

    #[test]
    fn many_hours_are_not_all_named() {
        let all: Vec<(usize, u32)> = (0..10).map(|it| (it, 1)).collect();
        assert!(words(&all).ends_with("also at other hours."));
    }
}

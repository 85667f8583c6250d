//! One run or non-run: a line in words, and opened the rule's three cards with times and values.

use std::sync::Arc;
use std::time::Duration;

use api::PastRun;
use leptos::prelude::*;
use model::rule::{Cause, Condition, Judged, NotRun, Step, Trace, TraceEvent, Truth, WhyNot};
use model::{RuleBody, Timestamp};

use super::steps::{Mark, happened, step_at};
use crate::components::{Glyph, Icon, Spoken, use_spoken};
use crate::i18n::{decimal, t};
use crate::route::{PageLink, Route};
use crate::sentence::Words;

/// A run or non-run.
#[component]
pub(in crate::pages::automations) fn RunCard(
    /// What is told of it.
    #[prop(into)]
    told: Signal<Option<PastRun>>,
    /// What the rule said then, where that is known.
    #[prop(into)]
    body: Signal<Option<Arc<RuleBody>>>,
    /// It stands open from the start.
    #[prop(default = false)]
    open: bool,
    /// Stops it, where it can be.
    #[prop(optional_no_strip)]
    on_stop: Option<Callback<()>>,
) -> impl IntoView {
    let spoken = use_spoken();
    let is_open = RwSignal::new(open);
    let toggle = move |event: leptos::ev::Event| {
        is_open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    let mark = move || told.with(|it| it.as_ref().map_or(Mark::Plain, mark_of));
    let time = move || told.with(|it| it.as_ref().map(|it| spoken.say(|say| say.moment(at(it)))));
    let line = move || told.with(|it| it.as_ref().map(|it| spoken.say(|say| line(say, it))));
    let opened = move || {
        let shown = is_open.get().then(|| told.get()).flatten();
        shown.map(|it| opened(it, body, on_stop))
    };
    view! {
        <li class="card run">
            <details class="fold" open=open on:toggle=toggle>
                <summary>
                    <MarkIcon mark=Signal::derive(mark) />
                    <span class="run-line">
                        <span class="run-time">{time}</span>
                        <span>{line}</span>
                    </span>
                </summary>
                {opened}
            </details>
        </li>
    }
}

fn at(past: &PastRun) -> Timestamp {
    match past {
        PastRun::Ran(trace) => trace.started_at,
        PastRun::NotRun(not) => not.at,
    }
}

fn mark_of(past: &PastRun) -> Mark {
    use model::rule::RunOutcome;
    match past {
        PastRun::NotRun(_) => Mark::Plain,
        PastRun::Ran(trace) => match &trace.ended {
            None => Mark::Open,
            Some((RunOutcome::Finished { failed: 0 } | RunOutcome::Stopped, _)) => Mark::Done,
            Some((RunOutcome::Cancelled | RunOutcome::Restarted, _)) => Mark::Plain,
            Some(_) => Mark::Failed,
        },
    }
}

/// What set it off, and what came of it.
fn line(words: Words<'_>, past: &PastRun) -> String {
    let t = words.t;
    match past {
        PastRun::NotRun(not) => {
            t.run_because(&words.cause(&not.cause), &t.run_not(&words.why_not(&not.why)))
        }
        PastRun::Ran(trace) => {
            let end = match &trace.ended {
                None => t.run_running(),
                Some((outcome, _)) => words.outcome(outcome),
            };
            let end = match trace.late_by {
                Some(late) => t.listed(&end, &t.run_late(&words.span(late))),
                None => end,
            };
            t.run_because(&words.cause(&trace.cause), &end)
        }
    }
}

/// A mark that is told by its form, not by its colour alone; the words beside it say the same.
#[component]
fn MarkIcon(mark: Signal<Mark>) -> impl IntoView {
    let glyph = Signal::derive(move || match mark.get() {
        Mark::Done => Glyph::Check,
        Mark::Failed => Glyph::Alert,
        Mark::Open => Glyph::Play,
        Mark::Plain => Glyph::Clock,
    });
    view! {
        <span
            class="mark"
            class:ok=move || mark.get() == Mark::Done
            class:bad=move || mark.get() == Mark::Failed
        >
            <Icon glyph />
        </span>
    }
}

fn opened(
    past: PastRun,
    body: Signal<Option<Arc<RuleBody>>>,
    on_stop: Option<Callback<()>>,
) -> AnyView {
    match past {
        PastRun::Ran(trace) => {
            let conditions = trace.conditions.clone();
            view! {
                <div class="run-cards">
                    {when_card(trace.cause.clone(), trace.started_at, trace.version, body)}
                    {only_if_card(conditions, body)}
                    <ThenCard trace=*trace body on_stop />
                </div>
            }
            .into_any()
        }
        PastRun::NotRun(not) => {
            let NotRun { cause, at, version, why, .. } = *not;
            let stopped = match why {
                WhyNot::Conditions(judged) => only_if_card(judged, body),
                other => reason_card(other),
            };
            view! {
                <div class="run-cards">{when_card(cause, at, version, body)} {stopped}</div>
            }
            .into_any()
        }
    }
}

fn when_card(
    cause: Cause,
    at: Timestamp,
    version: u32,
    body: Signal<Option<Arc<RuleBody>>>,
) -> AnyView {
    let spoken = use_spoken();
    let number = trigger_of(&cause);
    let trigger = move || {
        let body = body.get()?;
        let trigger = body.triggers.get(usize::from(number?))?.clone();
        Some(spoken.say(|it| it.trigger(&trigger)))
    };
    let words = move || spoken.say(|it| it.cause(&cause));
    let time = move || spoken.say(|it| it.exact_time(at));
    let version = move || t().run_version(&decimal(t().locale(), f64::from(version), 0));
    view! {
        <section class="run-card">
            <h3>{move || t().card_when()}</h3>
            {move || trigger().map(|it| view! { <p>{it}</p> })}
            <p class="run-fact"><span>{time}</span> <span>{words}</span></p>
            <p class="quiet">{version}</p>
        </section>
    }
    .into_any()
}

fn trigger_of(cause: &Cause) -> Option<u16> {
    match cause {
        Cause::Value { trigger, .. }
        | Cause::Pressed(trigger, ..)
        | Cause::Due(trigger, _)
        | Cause::Arrived(trigger, _)
        | Cause::Left(trigger, _)
        | Cause::Unreachable(trigger, _)
        | Cause::Returned(trigger, _)
        | Cause::Started(trigger)
        | Cause::Webhook(trigger, _)
        | Cause::Variable(trigger, ..)
        | Cause::Message(trigger, _) => Some(*trigger),
        Cause::Rule(trigger, ..) => *trigger,
        Cause::Person | Cause::Notice(_) => None,
    }
}

fn reason_card(why: WhyNot) -> AnyView {
    let spoken = use_spoken();
    let words = move || spoken.say(|it| t().run_not(&it.why_not(&why)));
    view! {
        <section class="run-card">
            <h3>{move || t().card_then()}</h3>
            <p>{words}</p>
        </section>
    }
    .into_any()
}

fn only_if_card(conditions: Vec<Judged>, body: Signal<Option<Arc<RuleBody>>>) -> AnyView {
    let spoken = use_spoken();
    let none = conditions.is_empty();
    let rows = move || {
        let body = body.get();
        let row = |(index, judged): (usize, &Judged)| {
            let asked = body.as_ref().and_then(|it| it.conditions.get(index).cloned());
            judged_row(spoken, asked.as_ref(), judged)
        };
        conditions.iter().enumerate().map(row).collect_view()
    };
    // By hand, or by another rule, it runs whatever its conditions say.
    let without =
        move || match body.with(|it| it.as_ref().is_some_and(|it| !it.conditions.is_empty())) {
            true => t().conditions_not_asked(),
            false => t().no_conditions_then(),
        };
    view! {
        <section class="run-card">
            <h3>{move || t().card_only_if()}</h3>
            {none.then(|| view! { <p class="quiet">{without}</p> })}
            <ul class="judged">{rows}</ul>
        </section>
    }
    .into_any()
}

/// A condition with what was seen; its parts below it.
fn judged_row(spoken: Spoken, asked: Option<&Condition>, judged: &Judged) -> AnyView {
    let mark = match judged.truth {
        Truth::True => Mark::Done,
        Truth::False => Mark::Failed,
        Truth::Unknown => Mark::Plain,
    };
    let parts = match asked {
        Some(Condition::All(parts) | Condition::Any(parts)) => parts.iter().collect(),
        Some(Condition::Not(part)) => vec![&**part],
        _ => Vec::new(),
    };
    let inner = |(index, it): (usize, &Judged)| judged_row(spoken, parts.get(index).copied(), it);
    let inner = judged.parts.iter().enumerate().map(inner).collect_view();
    let (asked, seen) = (
        asked.map(|it| spoken.say(|say| say.condition(it))),
        spoken.say(|say| say.judged_then(judged)),
    );
    view! {
        <li>
            <div class="judged-row">
                <MarkIcon mark=Signal::stored(mark) />
                <span>
                    {asked.map(|it| view! { <span class="judged-asked">{it}</span> })}
                    <span class="quiet">{seen}</span>
                </span>
            </div>
            {(!judged.parts.is_empty()).then(|| view! { <ul class="judged">{inner}</ul> })}
        </li>
    }
    .into_any()
}

#[component]
fn ThenCard(
    trace: Trace,
    body: Signal<Option<Arc<RuleBody>>>,
    on_stop: Option<Callback<()>>,
) -> impl IntoView {
    let spoken = use_spoken();
    let trace = StoredValue::new(trace);
    let runs = trace.with_value(|it| it.ended.is_none());
    let second = every_second(runs);
    let rows = move || {
        second.track();
        trace.with_value(|trace| rows(spoken, trace, body))
    };
    let nothing = trace.with_value(|it| it.steps.is_empty());
    let end = move || {
        trace.with_value(|it| {
            let (outcome, at) = it.ended.as_ref()?;
            Some(spoken.say(|say| t().ended_at(&say.outcome(outcome), &say.moment(*at))))
        })
    };
    let stop = on_stop.filter(|_| runs).map(|stop| {
        view! {
            <div class="button-row start">
                <button type="button" class="button danger" on:click=move |_| stop.run(())>
                    <Icon glyph=Glyph::Stop />
                    <span>{move || t().stop_run()}</span>
                </button>
            </div>
        }
    });
    view! {
        <section class="run-card">
            <h3>{move || t().card_then()}</h3>
            {nothing.then(|| view! { <p class="quiet">{move || t().nothing_yet()}</p> })}
            <ol class="run-steps">{rows}</ol>
            {move || end().map(|it| view! { <p class="run-end">{it}</p> })}
            {stop}
        </section>
    }
}

/// Ticks while something runs, so that what is left of a wait is told.
fn every_second(runs: bool) -> RwSignal<u32> {
    let second = RwSignal::new(0_u32);
    if runs {
        let tick = move || {
            second.try_update(|it| *it = it.wrapping_add(1));
        };
        if let Ok(timer) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    }
    second
}

/// What an entry belongs to, where the entry itself does not say it.
fn heading(words: Words<'_>, step: &Step) -> Option<String> {
    match step {
        Step::If { condition, .. } => Some(words.condition(condition)),
        Step::Repeat { repetition, .. } => Some(words.repetition(repetition)),
        Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::WaitUntil { .. }
        | Step::Notify { .. } => Some(words.step(step)),
        _ => None,
    }
}

fn rows(spoken: Spoken, trace: &Trace, body: Signal<Option<Arc<RuleBody>>>) -> Vec<AnyView> {
    let entries = happened(trace);
    let runs = trace.ended.is_none();
    let last = entries.len().saturating_sub(1);
    let body = body.get();
    let mut before = None;
    let row = |(index, entry): (usize, super::steps::Happened)| {
        let is_new = before.as_ref() != Some(&entry.path);
        let step = body.as_ref().filter(|_| is_new).and_then(|it| step_at(it, &entry.path));
        let heading = step.and_then(|it| spoken.say(|say| heading(say, it)));
        before = Some(entry.path.clone());
        let mark = entry.mark();
        let words = spoken.say(|say| entry.words(say, runs && index == last));
        let time = spoken.say(|say| say.exact_time(entry.at));
        let to = match &entry.what {
            TraceEvent::Ran(rule, run) => Some(Route::Past(rule.clone(), Some(run.clone()))),
            _ => None,
        };
        let link = to.map(|to| {
            view! { <PageLink to class="inline-link">{move || t().show_run()}</PageLink> }
        });
        view! {
            <li>
                {heading.map(|it| view! { <span class="run-step">{it}</span> })}
                <span class="judged-row">
                    <MarkIcon mark=Signal::stored(mark) />
                    <span><span class="run-time">{time}</span> " " {words} " " {link}</span>
                </span>
            </li>
        }
        .into_any()
    };
    entries.into_iter().enumerate().map(row).collect()
}

/// What a draft would have done is read in the same way; there is nothing to stop.
#[component]
pub(in crate::pages::automations) fn WouldRun(
    /// What would have happened.
    trace: Trace,
    /// The draft.
    body: Arc<RuleBody>,
) -> impl IntoView {
    let told = Signal::stored(Some(PastRun::Ran(Box::new(trace))));
    view! { <RunCard told body=Signal::stored(Some(body)) on_stop=None /> }
}

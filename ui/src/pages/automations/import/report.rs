//! What became of each rule of another system: in words, with what was lost and why.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::{ErrorCode, ImportedRule, Lost, LostWhy, Request};
use leptos::prelude::*;
use model::RuleBody;
use wasm_bindgen_futures::spawn_local;

use super::foreign::Reading;
use crate::bridge::new_id;
use crate::components::{Checkbox, Glyph, Icon, Spoken, use_spoken};
use crate::i18n::{Texts, t};
use crate::state::{Session, use_session};

#[component]
pub(super) fn Report(reading: Reading) -> impl IntoView {
    let left_out = RwSignal::new(BTreeSet::<usize>::new());
    let shown = move || {
        reading.told.get().map(|imported| {
            let rules: Vec<Arc<ImportedRule>> =
                imported.rules.iter().cloned().map(Arc::new).collect();
            view! { <Rules rules left_out /> }
        })
    };
    view! { <div class="stack wide" role="region" aria-live="polite">{shown}</div> }
}

#[component]
fn Rules(rules: Vec<Arc<ImportedRule>>, left_out: RwSignal<BTreeSet<usize>>) -> impl IntoView {
    let session = use_session();
    let spoken = use_spoken();
    let all = rules.len();
    let whole = rules.iter().filter(|it| it.body.is_some() && it.lost.is_empty()).count();
    let can = rules.iter().filter(|it| it.body.is_some()).count();
    let summary = move || t().import_summary(&t().rules(all), &t().rules(can), &t().rules(whole));
    let (busy, results) = (RwSignal::new(false), RwSignal::new(Vec::<String>::new()));
    let wanted: Vec<(usize, RuleBody)> =
        rules.iter().enumerate().filter_map(|(at, it)| Some((at, it.body.clone()?))).collect();
    let save = move |_| {
        let chosen = wanted.iter().filter(|(at, _)| !left_out.with_untracked(|it| it.contains(at)));
        let bodies: Vec<RuleBody> = chosen.map(|(_, body)| body.clone()).collect();
        busy.set(true);
        spawn_local(async move {
            let told = save_all(session, spoken, bodies).await;
            results.try_set(told);
            busy.try_set(false);
        });
    };
    let row = |(at, rule): (usize, Arc<ImportedRule>)| view! { <RuleRow at rule left_out /> };
    let result = |it: String| view! { <li>{it}</li> };
    view! {
        <h3>{move || t().import_report()}</h3>
        <p>{summary}</p>
        <ul class="cards-list">{rules.into_iter().enumerate().map(row).collect_view()}</ul>
        <div class="button-row start">
            <button
                type="button"
                class="button primary"
                disabled=move || busy.get() || can == 0
                aria-busy=move || busy.get().to_string()
                on:click=save
            >
                {move || t().import_save()}
            </button>
        </div>
        <ul class="trial-facts" role="status">
            {move || results.get().into_iter().map(result).collect_view()}
        </ul>
    }
}

/// Saves them one after the other; each is a rule of its own, and says for itself what came of it.
async fn save_all(session: Session, spoken: Spoken, bodies: Vec<RuleBody>) -> Vec<String> {
    let (mut saved, mut refused) = (0_usize, Vec::new());
    for body in bodies {
        let Some(id) = new_id() else { break };
        let name = body.name.to_string();
        let request = Request::SaveRule { id, body: Box::new(body), expects: 0 };
        match session.request(request).await {
            Ok(_) => saved += 1,
            Err(error) => refused.push((name, error.code)),
        }
    }
    untrack(|| {
        let why =
            |(name, code): (String, ErrorCode)| t().counted(&name, &refusal(t(), spoken, &code));
        let saved = (saved > 0).then(|| format!("{}.", t().carried_over(saved)));
        saved.into_iter().chain(refused.into_iter().map(why)).collect()
    })
}

fn refusal(t: Texts, spoken: Spoken, code: &ErrorCode) -> String {
    match code {
        ErrorCode::RuleRefused(findings) => {
            let words: Vec<String> = spoken.names.with(|names| {
                let say = crate::sentence::Words::new(t, names, model::Timestamp::default());
                findings.iter().map(|(_, it)| say.finding(it)).collect()
            });
            words.join(" ")
        }
        other => t.error(other),
    }
}

#[component]
fn RuleRow(
    at: usize,
    rule: Arc<ImportedRule>,
    left_out: RwSignal<BTreeSet<usize>>,
) -> impl IntoView {
    let spoken = use_spoken();
    let change = Callback::new(move |yes: bool| {
        left_out.update(|it| {
            if yes {
                it.remove(&at)
            } else {
                it.insert(at)
            };
        });
    });
    let checked = Signal::derive(move || !left_out.with(|it| it.contains(&at)));
    let head = match &rule.body {
        Some(body) => {
            let body = body.clone();
            let sentence = Signal::derive(move || spoken.say(|say| say.rule(&body)));
            view! {
                <Checkbox
                    label=Signal::stored(rule.name.clone())
                    note=sentence
                    checked
                    on_change=change
                />
            }
            .into_any()
        }
        None => view! {
            <p class="judged-row">
                <span class="mark bad"><Icon glyph=Glyph::Close /></span>
                <span class="check-words">
                    <span>{rule.name.clone()}</span>
                    <span class="quiet">{move || t().import_not()}</span>
                </span>
            </p>
        }
        .into_any(),
    };
    let lost = rule.lost.clone();
    let unmapped = rule.unmapped.clone();
    let missing = move || {
        (!unmapped.is_empty()).then(|| {
            view! { <p class="quiet">{t().import_unmapped(&t().list(&unmapped))}</p> }
        })
    };
    view! {
        <li class="card import-rule">
            {head}
            {missing}
            {(!lost.is_empty()).then(|| view! { <Losses lost /> })}
        </li>
    }
}

#[component]
fn Losses(lost: Vec<Lost>) -> impl IntoView {
    let row = |it: Lost| {
        let Lost { at, why, what, fatal } = it;
        view! {
            <li>
                <strong>{at}</strong>
                ": "
                {move || lost_words(t(), why)}
                " "
                <code dir="ltr">{what}</code>
                {fatal.then(|| view! { " " <span class="fatal">{move || t().lost_fatal()}</span> })}
            </li>
        }
    };
    view! {
        <p>{move || t().lost_title()}</p>
        <ul class="trial-facts">{lost.into_iter().map(row).collect_view()}</ul>
    }
}

fn lost_words(t: Texts, why: LostWhy) -> String {
    match why {
        LostWhy::Template => t.lost_template(),
        LostWhy::Trigger => t.lost_trigger(),
        LostWhy::Condition => t.lost_condition(),
        LostWhy::Action => t.lost_action(),
        LostWhy::Thing => t.lost_thing(),
        LostWhy::Setting => t.lost_setting(),
        LostWhy::Malformed => t.lost_malformed(),
        LostWhy::Unmapped => t.lost_unmapped(),
    }
}

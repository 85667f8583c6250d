//! The list of rules: each as a sentence, whether it runs, and how it fares.

use std::sync::Arc;

use api::RuleView;
use leptos::prelude::*;
use model::RuleId;
use model::rule::{RunPhase, Severity};

use super::deeds::enable;
use crate::components::{Empty, Glyph, Icon, Switch, use_spoken};
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::sentence::{Words, apart};
use crate::state::use_session;

/// From so many rules on they can be searched.
const MANY: usize = 8;

/// The automations page.
#[component]
pub fn ListPage() -> impl IntoView {
    let session = use_session();
    let rules = session.home.rules;
    let searched = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let leaving = session.going.get();
        let wanted = searched.with(|it| it.trim().to_lowercase());
        let name = |it: &RuleView| it.rule.body.name.as_str().to_lowercase();
        let mut all: Vec<(String, RuleId)> =
            rules.all().iter().map(|it| (name(it), it.rule.id.clone())).collect();
        all.retain(|(name, id)| !leaving.contains(id.as_str()) && name.contains(&wanted));
        all.sort();
        all.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
    });
    let none = Memo::new(move |_| {
        session.going.with(|it| rules.keys().iter().all(|id| it.contains(id.as_str())))
    });
    let many = Memo::new(move |_| rules.len() >= MANY);
    let not_found = Memo::new(move |_| !none.get() && shown.with(Vec::is_empty));
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{move || t().automations()}</h1>
                <div class="head-buttons">
                    <PageLink to=Route::ImportAutomations class="button">
                        <Icon glyph=Glyph::Import />
                        <span>{move || t().import_export()}</span>
                    </PageLink>
                    <PageLink to=Route::NewAutomation class="button primary">
                        <Icon glyph=Glyph::Plus />
                        <span>{move || t().new_automation()}</span>
                    </PageLink>
                </div>
            </header>
            <Show when=move || none.get()>
                <Empty
                    glyph=Glyph::Rules
                    title=Signal::derive(move || t().no_automations())
                    why=Signal::derive(move || t().no_automations_why())
                >
                    <PageLink to=Route::NewAutomation class="button primary">
                        {move || t().new_automation()}
                    </PageLink>
                </Empty>
            </Show>
            <Show when=move || many.get()>
                <div class="field">
                    <label for="find-automation">{move || t().find_automation()}</label>
                    <input
                        id="find-automation"
                        type="search"
                        autocomplete="off"
                        maxlength="64"
                        on:input=move |event| searched.set(event_target_value(&event))
                    />
                </div>
            </Show>
            <Show when=move || not_found.get()>
                <p>{move || t().no_automation_found()}</p>
            </Show>
            <ul class="rules">
                <For each=move || shown.get() key=Clone::clone let:id>
                    {row(id)}
                </For>
            </ul>
        </div>
    }
}

fn row(id: RuleId) -> AnyView {
    let session = use_session();
    let spoken = use_spoken();
    let rule = StoredValue::new(id.clone());
    let view = Memo::new(move |_| session.home.rules.get(&rule.get_value()));
    let read = move |read: fn(&RuleView) -> String| {
        view.with(|it| it.as_ref().map(|it| read(it)).unwrap_or_default())
    };
    let name = move || read(|it| it.rule.body.name.to_string());
    let on = Signal::derive(move || view.with(|it| it.as_ref().is_some_and(|it| it.rule.enabled)));
    let sentence = Memo::new(move |_| {
        view.with(|it| {
            let body = it.as_ref().map(|it| &it.rule.body)?;
            Some(spoken.say_at(session.exact_now(), |words| words.rule(body)))
        })
    });
    let state = move || {
        // What tells a time left follows the clock.
        session.now.track();
        view.with(|it| {
            it.as_ref().map(|it| spoken.say_at(session.exact_now(), |words| fares(words, it)))
        })
    };
    let worst = Memo::new(move |_| view.with(|it| it.as_ref().and_then(worst)));
    let badge = move || {
        let severity = worst.get()?;
        let (class, glyph) = match severity {
            Severity::Error => ("badge error", Glyph::Stop),
            Severity::Warning => ("badge warning", Glyph::Alert),
            Severity::Hint => return None,
        };
        let words = spoken.say_at(session.exact_now(), |words| words.severity(severity));
        Some(view! { <span class=class><Icon glyph /><span>{words}</span></span> })
    };
    let set = Callback::new(move |to: bool| {
        enable(session, rule.get_value(), &untrack(name), to);
    });
    view! {
        <li class="card rule-row" class:disabled=move || !on.get()>
            <div class="rule-words">
                <h2><PageLink to=Route::Automation(id)>{name}</PageLink></h2>
                <p class="rule-sentence">{move || sentence.get()}</p>
                <p class="rule-state">
                    <span class="quiet">{state}</span>
                    {badge}
                </p>
            </div>
            <div class="rule-enabled">
                <span>{move || if on.get() { t().enabled_now() } else { t().disabled_now() }}</span>
                <Switch
                    label=Signal::derive(move || t().enabled_label(&apart(&name())))
                    on
                    on_change=set
                />
            </div>
        </li>
    }
    .into_any()
}

/// The worst that was found.
fn worst(view: &Arc<RuleView>) -> Option<Severity> {
    view.findings.iter().map(|it| it.kind.severity()).max()
}

/// How a rule fares, in words.
fn fares(words: Words<'_>, view: &RuleView) -> String {
    let t = words.t;
    let last = || match &view.last {
        None => t.never_ran(),
        Some(last) if !last.ran => t.did_not_run(&words.moment(last.at)),
        Some(last) => {
            let outcome =
                last.outcome.as_ref().map_or_else(|| t.running_now(), |it| words.outcome(it));
            t.ran_at(&outcome, &words.moment(last.at))
        }
    };
    let left = |until: &model::Timestamp| {
        let left =
            model::Span::millis(u64::try_from(until.0 - words.now.0).unwrap_or(0) / 1_000 * 1_000);
        t.waiting_for(&words.span(left))
    };
    let now = match view.runs.last().map(|it| &it.phase) {
        None => last(),
        Some(RunPhase::Ready | RunPhase::Commands(_)) => t.running_now(),
        Some(RunPhase::Queued) => t.waiting_turn(),
        Some(RunPhase::Until(until)) => left(until),
        Some(RunPhase::Condition(_)) => t.waiting_condition(),
    };
    match view.next.filter(|_| view.rule.enabled) {
        Some(next) => t.joined(&now, &t.next_at(&words.moment(next))),
        None => now,
    }
}

#[cfg(test)]
mod tests {
    use model::rule::{Missed, Path, Rule, RuleBody, RunHead, RunMode, TraceHead};
    use model::{Language, Timestamp};

    use super::*;
    use crate::i18n::{Locale, Texts};
    use crate::sentence::Names;

    fn view() -> RuleView {
        let body = RuleBody {
            name: "Night".to_owned().try_into().unwrap(),
            triggers: vec![],
            conditions: vec![],
            steps: vec![],
            mode: RunMode::Single,
            missed: Missed::Skip,
        };
        let id = "night".parse().unwrap();
        let rule = Rule { id, version: 1, enabled: true, saved_at: Timestamp(0), body };
        RuleView { rule, runs: vec![], last: None, next: None, findings: vec![] }
    }

    fn says(view: &RuleView) -> String {
        let t = Texts::of(Locale { language: Language::En, pseudo: false });
        fares(Words::new(t, &Names::default(), Timestamp(60_000)), view)
    }

    #[test]
    fn a_rule_that_never_ran_says_so() {
        assert_eq!(says(&view()), "Has not run yet");
    }

    #[test]
    fn a_waiting_rule_tells_how_long() {
        let phase = RunPhase::Until(Timestamp(240_000));
        let head = RunHead {
            run: "run".parse().unwrap(),
            started_at: Timestamp(0),
            phase,
            at: Path::default(),
        };
        let view = RuleView { runs: vec![head], ..view() };
        assert_eq!(says(&view), "Waiting, 3 minute left");
    }

    #[test]
    fn what_is_due_is_told_only_while_it_runs_by_itself() {
        let mut view = RuleView { next: Some(Timestamp(7)), ..view() };
        assert_eq!(says(&view), "Has not run yet · Next: 7");
        view.rule.enabled = false;
        assert_eq!(says(&view), "Has not run yet");
    }

    #[test]
    fn what_was_set_off_and_did_not_run_is_told_apart() {
        let head =
            TraceHead { run: "run".parse().unwrap(), at: Timestamp(5), outcome: None, ran: false };
        let view = RuleView { last: Some(head), ..view() };
        assert_eq!(says(&view), "Was set off and did not run, 5");
    }
}

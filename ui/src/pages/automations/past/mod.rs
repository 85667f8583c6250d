//! When a rule ran, and when not and why: every run and non-run, newest first.

mod run;
mod steps;

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Answer, ErrorCode, PastRun, Request, RuleView};
use leptos::prelude::*;
use model::{RuleBody, RuleId, RunId};
use wasm_bindgen_futures::spawn_local;

use self::run::RunCard;
pub(super) use self::run::WouldRun;
use crate::components::{Empty, Glyph, Icon};
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::state::{Session, use_session};

/// So many are asked for, which is as many as are kept.
const ALL: u16 = 200;

/// The past of a rule.
#[component]
pub fn PastPage(
    /// Which rule.
    id: RuleId,
    /// The run that stands open, above all others.
    run: Option<RunId>,
) -> impl IntoView {
    let session = use_session();
    let wanted = id.clone();
    let is_there = Memo::new(move |_| session.home.rules.has(&wanted));
    move || match is_there.get() {
        true => view! { <Page id=id.clone() run=run.clone() /> }.into_any(),
        false => view! { <Gone /> }.into_any(),
    }
}

#[component]
fn Gone() -> impl IntoView {
    view! {
        <Empty
            glyph=Glyph::Rules
            title=Signal::derive(|| t().rule_gone())
            why=Signal::derive(|| t().no_automations_why())
        >
            <PageLink to=Route::Automations class="button primary">
                {|| t().to_automations()}
            </PageLink>
        </Empty>
    }
}

/// The past of one rule, as far as it was fetched.
#[derive(Clone, Copy)]
struct Past {
    runs: RwSignal<BTreeMap<RunId, PastRun>>,
    /// In which order: newest first.
    order: RwSignal<Option<Vec<RunId>>>,
    error: RwSignal<Option<ErrorCode>>,
    /// What each version said.
    bodies: RwSignal<BTreeMap<u32, Arc<RuleBody>>>,
}

impl Past {
    fn new() -> Self {
        Self {
            runs: RwSignal::default(),
            order: RwSignal::default(),
            error: RwSignal::default(),
            bodies: RwSignal::default(),
        }
    }

    fn take(self, all: Vec<PastRun>) {
        let order = all.iter().map(|it| run_id(it).clone()).collect();
        self.runs.try_update(|runs| {
            runs.extend(all.into_iter().map(|it| (run_id(&it).clone(), it)));
        });
        self.error.try_set(None);
        self.order.try_set(Some(order));
    }
}

fn run_id(past: &PastRun) -> &RunId {
    match past {
        PastRun::Ran(trace) => &trace.run,
        PastRun::NotRun(not) => &not.run,
    }
}

#[component]
fn Page(id: RuleId, run: Option<RunId>) -> impl IntoView {
    let session = use_session();
    let past = Past::new();
    let rule = StoredValue::new(id.clone());
    let view = {
        let id = id.clone();
        Memo::new(move |_| session.home.rules.get(&id))
    };
    // What has changed about its runs is fetched; not what has changed about its words.
    let news = Memo::new(move |_| {
        view.with(|it| it.as_ref().map(|it| (it.runs.clone(), it.last.clone())))
    });
    Effect::new(move || {
        // Read, not only tracked: a memo that nobody reads never looks at what it comes from.
        news.with(|_| ());
        fetch(session, rule.get_value(), past);
    });
    fetch_bodies(session, rule.get_value(), past, view);
    if let Some(run) = run.clone() {
        fetch_one(session, run, past);
    }
    let name = move || view.with(|it| it.as_ref().map(|it| it.rule.body.name.to_string()));
    let others = Signal::derive({
        let linked = run.clone();
        move || {
            let order = past.order.get().unwrap_or_default();
            order.into_iter().filter(|it| Some(it) != linked.as_ref()).collect::<Vec<_>>()
        }
    });
    let waiting = move || past.order.with(Option::is_none) && past.error.with(Option::is_none);
    let empty = move || past.order.with(|it| it.as_ref().is_some_and(Vec::is_empty));
    let linked = run.clone().map(|run| {
        view! {
            <section class="stack" aria-labelledby="this-run">
                <h2 id="this-run">{move || t().this_run()}</h2>
                <ul class="cards-list"><Entry run past open=true /></ul>
            </section>
            <h2>{move || t().all_runs()}</h2>
        }
    });
    view! {
        <div class="page narrow">
            <header class="page-head device-head">
                <PageLink
                    to=Route::Automation(id)
                    class="icon-button"
                    label=Signal::derive(|| t().to_rule())
                >
                    <Icon glyph=Glyph::Back />
                </PageLink>
                <div class="device-title">
                    <h1 dir="auto">{name}</h1>
                    <p class="muted">{move || t().past()}</p>
                </div>
            </header>
            <div role="alert">
                {move || past.error.get().map(|it| view! {
                    <p class="form-error">{t().error(&it)}</p>
                })}
            </div>
            {linked}
            <Show when=waiting>
                <div aria-busy="true"><div class="progress"></div></div>
            </Show>
            <Show when=empty>
                <Empty
                    glyph=Glyph::Clock
                    title=Signal::derive(|| t().past_empty())
                    why=Signal::derive(|| t().past_empty_why())
                />
            </Show>
            <ul class="cards-list">
                <For each=move || others.get() key=Clone::clone let:run>
                    <Entry run past open=false />
                </For>
            </ul>
        </div>
    }
}

#[component]
fn Entry(run: RunId, past: Past, open: bool) -> impl IntoView {
    let session = use_session();
    let sought = run.clone();
    let told = Memo::new(move |_| past.runs.with(|it| it.get(&sought).cloned()));
    let version = Memo::new(move |_| {
        told.with(|it| match it {
            Some(PastRun::Ran(trace)) => Some(trace.version),
            Some(PastRun::NotRun(not)) => Some(not.version),
            None => None,
        })
    });
    let body = Signal::derive(move || {
        past.bodies.with(|it| version.get().and_then(|version| it.get(&version).cloned()))
    });
    let stop = Callback::new(move |()| session.send(Request::StopRun(run.clone())));
    view! { <RunCard told body open on_stop=Some(stop) /> }
}

fn fetch(session: Session, rule: RuleId, past: Past) {
    spawn_local(async move {
        match session.request(Request::PastRuns(rule, ALL)).await {
            Ok(Answer::PastRuns(all)) => past.take(all),
            Ok(_) => {}
            Err(error) => {
                past.error.try_set(Some(error.code));
            }
        }
    });
}

/// One run, which may be older than those that are kept of its rule.
fn fetch_one(session: Session, run: RunId, past: Past) {
    spawn_local(async move {
        if let Ok(Answer::PastRuns(one)) = session.request(Request::PastRun(run)).await {
            past.runs.try_update(|runs| {
                runs.extend(one.into_iter().map(|it| (run_id(&it).clone(), it)));
            });
        }
    });
}

/// What the rule says, in each of its versions: a run is read with the wording that was carried
/// out.
fn fetch_bodies(session: Session, rule: RuleId, past: Past, view: Memo<Option<Arc<RuleView>>>) {
    let version = Memo::new(move |_| view.with(|it| it.as_ref().map(|it| it.rule.version)));
    Effect::new(move || {
        version.with(|_| ());
        if let Some(view) = view.get_untracked() {
            let body = Arc::new(view.rule.body.clone());
            past.bodies.update(|it| drop(it.insert(view.rule.version, body)));
        }
        let rule = rule.clone();
        spawn_local(async move {
            if let Ok(Answer::Versions(all)) = session.request(Request::RuleVersions(rule)).await {
                past.bodies.try_update(|it| {
                    it.extend(all.into_iter().map(|it| (it.version, Arc::new(it.body))));
                });
            }
        });
    });
}

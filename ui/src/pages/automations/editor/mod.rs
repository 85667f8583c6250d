//! The editor of one rule: a sentence in three cards. Every phrase is a chip that opens its editor
//! in place.

mod adder;
mod advanced;
mod bar;
mod chooser;
mod inputs;
mod pane;
mod phrases;
mod writing;

use std::cell::RefCell;

use leptos::prelude::*;
use model::rule::{Missed, Path, RuleBody, RunMode, Target};
use model::{Name, RuleId, Spec};

use self::bar::{deeds, enabled, save_bar};
use self::phrases::{findings, list};
use self::writing::Writing;
use super::draft::{BlockKind, Part};
use super::templates::templates;
use super::trial::Trial;
use crate::bridge::random_hex;
use crate::components::{Confirm, Empty, Field, Glyph, Spoken};
use crate::i18n::t;
use crate::route::{PageLink, Route, Router};
use crate::state::use_session;

pub use self::chooser::says;

/// The list of all that can be meant, for pages that ask for one thing.
pub fn target_list(
    spoken: Spoken,
    part: Part,
    fits: fn(&[Spec]) -> bool,
    choose: Callback<Target>,
) -> AnyView {
    chooser::chooser(spoken, part, fits, choose, None)
}

thread_local! {
    /// A wording to begin with, for the page that is opened next: a copy, an older version.
    static BEGINNING: RefCell<Option<(Option<RuleId>, RuleBody)>> = const { RefCell::new(None) };
}

/// Opens a new rule with that wording; it is not saved yet.
pub fn open_draft(router: Router, body: RuleBody) {
    BEGINNING.set(Some((None, body)));
    router.go(Route::NewAutomation);
}

/// Opens a rule with another wording; it is not saved yet.
pub fn open_wording(router: Router, id: RuleId, body: RuleBody) {
    BEGINNING.set(Some((Some(id.clone()), body)));
    router.go(Route::Automation(id));
}

/// What was left for this page to begin with.
fn beginning(id: Option<&RuleId>) -> Option<RuleBody> {
    let (of, body) = BEGINNING.take()?;
    (of.as_ref() == id).then_some(body)
}

/// The page of one rule, or of a new one.
#[component]
pub fn EditorPage(
    /// Which; `None` for a new one.
    id: Option<RuleId>,
) -> impl IntoView {
    let home = use_session().home;
    match id {
        Some(id) => {
            let known = untrack(|| home.rules.get(&id));
            let there = Memo::new({
                let id = id.clone();
                move |_| home.rules.has(&id)
            });
            let first = StoredValue::new((known, beginning(Some(&id))));
            let show = move || {
                let id = id.clone();
                if !there.get() {
                    return gone();
                }
                let (known, wording) = first.try_update_value(std::mem::take).unwrap_or_default();
                let Some(view) = known.or_else(|| untrack(|| home.rules.get(&id))) else {
                    return gone();
                };
                let saved = view.rule.body.clone();
                let body = wording.clone().unwrap_or_else(|| saved.clone());
                editor(Writing::start(id, view.rule.version, Some(saved), body))
            };
            view! { {show} }.into_any()
        }
        None => new_rule(),
    }
}

/// A new rule: what to begin with, then its editor.
fn new_rule() -> AnyView {
    let begun = RwSignal::new(beginning(None));
    let begin = Callback::new(move |body: Option<RuleBody>| {
        begun.set(body.or_else(blank));
        writing::focus("content");
    });
    let show = move || match begun.get() {
        None => templates(begin),
        Some(body) => match random_hex().and_then(|it| it.parse().ok()) {
            Some(id) => editor(Writing::start(id, 0, None, body)),
            None => gone(),
        },
    };
    view! { {show} }.into_any()
}

/// A rule that says nothing yet.
fn blank() -> Option<RuleBody> {
    let name = untrack(|| t().new_rule_name());
    Some(RuleBody {
        name: Name::lossy(&name)?,
        triggers: Vec::new(),
        conditions: Vec::new(),
        steps: Vec::new(),
        mode: RunMode::default(),
        missed: Missed::default(),
    })
}

fn gone() -> AnyView {
    view! {
        <Empty
            glyph=Glyph::Search
            title=Signal::derive(|| t().automation_gone())
            why=Signal::derive(|| t().automation_gone_why())
        >
            <PageLink to=Route::Automations class="button primary">
                {move || t().automations()}
            </PageLink>
        </Empty>
    }
    .into_any()
}

fn editor(writing: Writing) -> AnyView {
    let trying = RwSignal::new(false);
    let leaving = guard(writing);
    let keys = move |event: leptos::ev::KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => writing.undo(),
            ("z", true) | ("y", false) => writing.redo(),
            ("s", false) if writing.dirty.get_untracked() => writing.save(),
            ("s", false) => {}
            _ => return,
        }
        event.prevent_default();
    };
    // Wherever the focus is: also where nothing has it.
    let keys = window_event_listener(leptos::ev::keydown, keys);
    on_cleanup(move || keys.remove());
    let rule = Signal::derive(move || {
        writing.saved.with(|(version, _)| (*version > 0).then(|| writing.id.get_value()))
    });
    let next = move || {
        let next = writing.examined.with(|it| it.as_ref().and_then(|it| it.next))?;
        Some(t().examined_next(&writing.say(|words| words.moment(next))))
    };
    view! {
        <div class="page narrow editor">
            <header class="editor-head">
                {name(writing)}
                {enabled(writing)}
            </header>
            {outdated(writing)}
            {findings(writing, Path::default())}
            {card(writing, BlockKind::Triggers, || t().card_when(), || t().card_when_hint())}
            {card(
                writing,
                BlockKind::Conditions,
                || t().card_only_if(),
                || t().card_only_if_hint(),
            )}
            {card(writing, BlockKind::Steps, || t().card_then(), || t().card_then_hint())}
            <p class="quiet next-time">{next}</p>
            {advanced::advanced(writing)}
            {deeds(writing, trying)}
            <Show when=move || trying.get()>
                <section class="card trial-place">
                    <Trial rule body=writing.body />
                </section>
            </Show>
            {save_bar(writing)}
            {leaving}
        </div>
    }
    .into_any()
}

fn name(writing: Writing) -> AnyView {
    let typed = RwSignal::new(writing.body.with_untracked(|it| it.name.to_string()));
    let error = RwSignal::new(String::new());
    // What is typed becomes the name as soon as it can be one.
    Effect::new(move || {
        let text = typed.get();
        match Name::try_from(text) {
            Ok(name) => {
                error.set(String::new());
                writing.change("name", |it| it.name = name);
            }
            Err(_) => error.set(t().name_wrong()),
        }
    });
    // Undo changes the name too.
    Effect::new(move || {
        let name = writing.body.with(|it| it.name.clone());
        let same = typed.with_untracked(|it| Name::try_from(it.as_str()).as_ref() == Ok(&name));
        if !same {
            typed.set(name.to_string());
        }
    });
    view! {
        <h1 class="only-read">{move || writing.body.with(|it| it.name.to_string())}</h1>
        <Field label=Signal::derive(|| t().rule_name()) value=typed error />
    }
    .into_any()
}

fn card(writing: Writing, kind: BlockKind, title: fn() -> String, hint: fn() -> String) -> AnyView {
    let id = match kind {
        BlockKind::Triggers => "card-when",
        BlockKind::Conditions | BlockKind::Asks => "card-only-if",
        BlockKind::Steps => "card-then",
    };
    view! {
        <section class="card rule-card" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <p class="quiet">{hint}</p>
            {list(writing, Path::default(), kind)}
        </section>
    }
    .into_any()
}

/// Somebody else has saved it meanwhile: what now?
fn outdated(writing: Writing) -> AnyView {
    view! {
        <Show when=move || writing.outdated.get()>
            <div class="attention outdated" role="alert">
                <p>{move || t().changed_meanwhile()}</p>
                <div class="button-row">
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| writing.load_theirs()
                    >
                        {move || t().load_theirs()}
                    </button>
                    <button type="button" class="button" on:click=move |_| writing.save_over()>
                        {move || t().save_mine()}
                    </button>
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// Nobody leaves with changes that are not saved without having been asked.
fn guard(writing: Writing) -> AnyView {
    let router = expect_context::<Router>();
    let asked = RwSignal::new(None::<Route>);
    let open = RwSignal::new(false);
    let held = router.hold(move |to: &Route| {
        let holds = writing.holds();
        if holds {
            asked.set(Some(to.clone()));
            open.set(true);
        }
        holds
    });
    let unload = window_event_listener_untyped("beforeunload", move |event| {
        if writing.holds() {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        router.free(held);
        unload.remove();
    });
    let leave = Callback::new(move |()| {
        writing.forget();
        if let Some(to) = asked.get_untracked() {
            router.go(to);
        }
    });
    view! {
        <Confirm
            open
            title=Signal::derive(|| t().leave_question())
            why=Signal::derive(|| t().leave_why())
            action=Signal::derive(|| t().leave())
            danger=true
            on_confirm=leave
        />
    }
    .into_any()
}

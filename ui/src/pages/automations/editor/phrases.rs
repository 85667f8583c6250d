//! The phrases of a rule as chips, one below the other and within each other. A chip opens its
//! editor in place, below it.

use api::Examined;
use leptos::prelude::*;
use model::rule::{Condition, Finding, Judged, Path, PathPart, Repetition, Severity, Step, Truth};

use super::super::draft::{self, Block, BlockKind, Phrase, blocks};
use super::adder::adder;
use super::pane::pane;
use super::writing::{Open, Writing, adder_id, chip_id, focus, part_of};
use crate::components::{Glyph, Icon};
use crate::i18n::t;
use crate::sentence::Words;

/// A list of phrases, with the way to add one.
pub fn list(writing: Writing, path: Path, kind: BlockKind) -> AnyView {
    let place = path.clone();
    let len = Memo::new(move |_| writing.body.with(|it| draft::list_len(it, &place, kind)));
    let place = path.clone();
    view! {
        <ol class="phrases">
            <For each=move || 0..len.get() key=|at| *at let:at>
                {phrase(writing, place.then(part_of(kind, at)), kind)}
            </For>
        </ol>
        {add_button(writing, path, kind)}
    }
    .into_any()
}

fn add_button(writing: Writing, path: Path, kind: BlockKind) -> AnyView {
    let id = adder_id(&path, kind);
    let mine = Open::Adder(path.clone(), kind);
    let is_open = Memo::new(move |_| writing.open.with(|it| *it == mine));
    let words = move || match kind {
        BlockKind::Triggers => t().add_trigger(),
        BlockKind::Conditions | BlockKind::Asks => t().add_condition(),
        BlockKind::Steps => t().add_step(),
    };
    let (place, button) = (path.clone(), id.clone());
    let toggle = move |_| {
        if is_open.get_untracked() {
            writing.open.set(Open::Nothing);
            focus(&button);
        } else {
            writing.open.set(Open::Adder(place.clone(), kind));
        }
    };
    view! {
        <button
            type="button"
            id=id
            class="button quiet add-phrase"
            aria-expanded=move || is_open.get().to_string()
            on:click=toggle
        >
            <Icon glyph=Glyph::Plus />
            <span>{words}</span>
        </button>
        {move || is_open.get().then(|| adder(writing, path.clone(), kind))}
    }
    .into_any()
}

/// One phrase: its chip, what is known of it, its editor while it is open, what is inside it.
fn phrase(writing: Writing, path: Path, kind: BlockKind) -> AnyView {
    let place = path.clone();
    let phrase = Memo::new(move |_| writing.body.with(|it| draft::find(it, &place)));
    let inside = Memo::new(move |_| phrase.with(|it| it.as_ref().map(blocks).unwrap_or_default()));
    let mine = Open::Phrase(path.clone());
    let is_open = Memo::new(move |_| writing.open.with(|it| *it == mine));
    let place = path.clone();
    let key = |block: &Block| format!("{block:?}");
    let pane_path = path.clone();
    view! {
        <li class="phrase" class:open=move || is_open.get()>
            {chip(writing, path.clone(), phrase, is_open)}
            {(kind != BlockKind::Triggers && kind != BlockKind::Steps)
                .then(|| truth(writing, path.clone()))}
            {findings(writing, path)}
            {move || is_open.get().then(|| pane(writing, pane_path.clone(), phrase, kind))}
            <For each=move || inside.get() key=key let:block>
                {block_view(writing, place.clone(), block, phrase)}
            </For>
        </li>
    }
    .into_any()
}

fn chip(
    writing: Writing,
    path: Path,
    phrase: Memo<Option<Phrase>>,
    is_open: Memo<bool>,
) -> AnyView {
    let id = chip_id(&path);
    let words =
        move || phrase.with(|it| it.as_ref().map(|it| writing.say(|words| chip_words(words, it))));
    let place = path.clone();
    let toggle = move |_| {
        let next =
            if is_open.get_untracked() { Open::Nothing } else { Open::Phrase(place.clone()) };
        writing.open.set(next);
    };
    let moves = move |event: leptos::ev::KeyboardEvent| {
        if event.alt_key() && matches!(event.key().as_str(), "ArrowUp" | "ArrowDown") {
            event.prevent_default();
            writing.shift(&path, event.key() == "ArrowUp");
        }
    };
    view! {
        <button
            type="button"
            id=id
            class="chip"
            aria-expanded=move || is_open.get().to_string()
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
            on:click=toggle
            on:keydown=moves
        >
            <span>{words}</span>
            <Icon glyph=Glyph::Pencil />
        </button>
    }
    .into_any()
}

/// What a chip says: of what has others inside only its own words.
fn chip_words(words: Words<'_>, phrase: &Phrase) -> String {
    let t = words.t;
    match phrase {
        Phrase::Trigger(trigger) => words.trigger(trigger),
        Phrase::Condition(Condition::All(_)) => t.chip_all(),
        Phrase::Condition(Condition::Any(_)) => t.chip_any(),
        Phrase::Condition(Condition::Not(_)) => t.chip_not(),
        Phrase::Condition(condition) => words.condition(condition),
        Phrase::Step(Step::If { .. }) => t.chip_if(),
        Phrase::Step(Step::WaitUntil { timeout: None, .. }) => t.chip_wait_until(),
        Phrase::Step(Step::WaitUntil { timeout: Some(timeout), .. }) => {
            t.chip_wait_until_most(&words.span(*timeout))
        }
        Phrase::Step(Step::Repeat { repetition, .. }) => match repetition {
            Repetition::Times(times) => t.chip_repeat(usize::from(*times)),
            Repetition::While(_) => t.chip_repeat_while(),
            Repetition::Until(_) => t.chip_repeat_until(),
        },
        Phrase::Step(step) => words.step(step),
    }
}

fn block_view(writing: Writing, path: Path, block: Block, around: Memo<Option<Phrase>>) -> AnyView {
    let place = block.part.map_or_else(|| path.clone(), |it| path.then(it));
    let repeats = move || around.with(|it| matches!(it, Some(Phrase::Step(Step::Repeat { .. }))));
    let title = move || match block.part {
        Some(PathPart::Then) if repeats() => t().block_repeated(),
        Some(PathPart::Then) => t().block_then(),
        Some(PathPart::Otherwise) => t().block_otherwise(),
        Some(PathPart::Asks) => t().block_asks(),
        _ => String::new(),
    };
    let inner = match block.kind {
        BlockKind::Asks => {
            view! { <ol class="phrases">{phrase(writing, place, BlockKind::Asks)}</ol> }.into_any()
        }
        kind => list(writing, place, kind),
    };
    view! {
        <div class="block">
            {(block.part.is_some()).then(|| view! { <p class="block-title">{title}</p> })}
            {inner}
        </div>
    }
    .into_any()
}

/// Whether a condition of the rule holds now, in words and with a picture.
fn truth(writing: Writing, path: Path) -> AnyView {
    let judged = Memo::new(move |_| {
        writing.examined.with(|it| it.as_ref().and_then(|it| judged(it, &path).cloned()))
    });
    let view = move || {
        let judged = judged.get()?;
        let (class, glyph) = match judged.truth {
            Truth::True => ("truth holds", Glyph::Check),
            Truth::False => ("truth holds-not", Glyph::Close),
            Truth::Unknown => ("truth unknown", Glyph::Question),
        };
        let words = writing.say(|words| words.judged(&judged));
        Some(view! { <p class=class><Icon glyph /><span>{words}</span></p> })
    };
    view! { <div class="truth-place">{view}</div> }.into_any()
}

/// What was judged at a place.
fn judged<'a>(examined: &'a Examined, path: &Path) -> Option<&'a Judged> {
    let (first, rest) = path.0.split_first()?;
    let PathPart::Condition(at) = first else { return None };
    let mut judged = examined.conditions.get(usize::from(*at))?;
    for part in rest {
        judged = match part {
            PathPart::Condition(at) => judged.parts.get(usize::from(*at))?,
            PathPart::Asks => judged.parts.first()?,
            _ => return None,
        };
    }
    Some(judged)
}

/// What the hub has found at a place, or inside of it where nothing has a place of its own.
pub fn findings(writing: Writing, path: Path) -> AnyView {
    let found = Memo::new(move |_| {
        writing.examined.with(|examined| {
            let all = examined.iter().flat_map(|it| it.findings.iter());
            writing.body.with(|body| {
                all.filter(|it| home_of(body, &it.at) == path).cloned().collect::<Vec<_>>()
            })
        })
    });
    let row = move |finding: Finding| {
        let (class, glyph) = match finding.kind.severity() {
            Severity::Error => ("finding error", Glyph::Stop),
            Severity::Warning => ("finding warning", Glyph::Alert),
            Severity::Hint => ("finding hint", Glyph::Info),
        };
        let words = move || {
            writing.say(|words| {
                let severity = words.severity(finding.kind.severity());
                words.t.truth_because(&severity, &words.finding(&finding))
            })
        };
        view! { <li class=class><Icon glyph /><span>{words}</span></li> }
    };
    view! {
        <Show when=move || found.with(|it| !it.is_empty())>
            <ul class="findings">{move || found.get().into_iter().map(row).collect_view()}</ul>
        </Show>
    }
    .into_any()
}

/// The phrase at which something that was found is shown: the innermost one around it.
fn home_of(body: &model::rule::RuleBody, at: &Path) -> Path {
    let mut parts = at.0.clone();
    while !parts.is_empty() && draft::find(body, &Path(parts.clone())).is_none() {
        parts.pop();
    }
    Path(parts)
}

/// Whether a phrase is the last of its list; tracked.
pub fn is_last(writing: Writing, path: &Path, kind: BlockKind) -> bool {
    let Some((last, list)) = path.0.split_last() else { return true };
    let at = match last {
        PathPart::Trigger(at) | PathPart::Condition(at) | PathPart::Step(at) => usize::from(*at),
        _ => return true,
    };
    let list = Path(list.to_vec());
    writing.body.with(|it| draft::list_len(it, &list, kind)) <= at + 1
}

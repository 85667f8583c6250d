//! What to begin with: templates first, a blank page, a file.

use leptos::prelude::*;
use model::rule::{RuleBody, Target};

use super::draft::{Need, Part, TEMPLATES, Template};
use super::editor::target_list;
use crate::components::{Glyph, Icon, Spoken, use_spoken};
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::sentence::Names;
use crate::state::use_session;

/// What to begin with; `begin` takes the wording, `None` for a blank page.
pub fn templates(begin: Callback<Option<RuleBody>>) -> AnyView {
    let spoken = use_spoken();
    let chosen = RwSignal::new(None::<usize>);
    let show = move || match chosen.get().and_then(|at| TEMPLATES.get(at)) {
        Some(template) => fill(spoken, template, chosen, begin),
        None => shelf(spoken, chosen, begin),
    };
    view! { <div class="page templates">{show}</div> }.into_any()
}

/// Whether the home has all that a template needs.
fn fits(names: &Names, template: &Template) -> bool {
    template.needs.iter().all(|need| has(names, need))
}

fn has(names: &Names, need: &Need) -> bool {
    names.roles.values().any(|it| it.filled && (need.fits)(&it.specs))
}

fn shelf(
    spoken: Spoken,
    chosen: RwSignal<Option<usize>>,
    begin: Callback<Option<RuleBody>>,
) -> AnyView {
    let fitting =
        Memo::new(move |_| spoken.names.with(|names| TEMPLATES.map(|it| fits(names, &it))));
    let cards = move |wanted: bool| {
        let all = TEMPLATES.iter().enumerate().zip(fitting.get());
        let some = all.filter(|(_, fits)| *fits == wanted).map(|((at, it), _)| (at, it));
        some.map(|(at, template)| card(spoken, chosen, at, template, wanted)).collect_view()
    };
    let others = move || fitting.get().contains(&false);
    view! {
        <header class="page-head">
            <h1>{move || t().templates_title()}</h1>
        </header>
        <p>{move || t().templates_why()}</p>
        <ul class="template-list">
            <li>
                <button
                    type="button"
                    class="template"
                    data-template="blank"
                    on:click=move |_| begin.run(None)
                >
                    <Icon glyph=Glyph::Plus />
                    <strong>{move || t().blank_page()}</strong>
                    <span class="quiet">{move || t().blank_page_why()}</span>
                </button>
            </li>
            <li>
                <PageLink to=Route::ImportAutomations class="template">
                    <Icon glyph=Glyph::Import />
                    <strong>{move || t().import_export()}</strong>
                    <span class="quiet">{move || t().import_why()}</span>
                </PageLink>
            </li>
        </ul>
        <h2>{move || t().templates_fitting()}</h2>
        <ul class="template-list">{move || cards(true)}</ul>
        <Show when=others>
            <h2>{move || t().templates_others()}</h2>
            <ul class="template-list">{move || cards(false)}</ul>
        </Show>
    }
    .into_any()
}

fn card(
    spoken: Spoken,
    chosen: RwSignal<Option<usize>>,
    at: usize,
    template: &'static Template,
    fits: bool,
) -> AnyView {
    let missing = move || {
        let lack = spoken.names.with(|names| template.needs.iter().find(|it| !has(names, it)));
        lack.map(|it| view! { <span class="quiet">{t().template_missing(&(it.label)(t()))}</span> })
    };
    view! {
        <li>
            <button
                type="button"
                class="template"
                data-template=template.key
                disabled=!fits
                on:click=move |_| chosen.set(Some(at))
            >
                <Icon glyph=template.glyph />
                <strong>{move || (template.name)(t())}</strong>
                <span class="quiet">{move || (template.why)(t())}</span>
                {missing}
            </button>
        </li>
    }
    .into_any()
}

/// Asks for what a template needs, then opens the editor filled in.
fn fill(
    spoken: Spoken,
    template: &'static Template,
    chosen: RwSignal<Option<usize>>,
    begin: Callback<Option<RuleBody>>,
) -> AnyView {
    let session = use_session();
    let only = untrack(|| {
        spoken.names.with(|names| {
            let first = |need: &Need| {
                let mut fitting =
                    names.roles.iter().filter(|(_, it)| it.filled && (need.fits)(&it.specs));
                let only = fitting.next().filter(|_| fitting.next().is_none());
                only.map(|(id, _)| Target::Role(id.clone()))
            };
            template.needs.iter().map(first).collect::<Vec<_>>()
        })
    });
    let targets = RwSignal::new(only);
    let whole = Memo::new(move |_| targets.with(|it| it.iter().all(Option::is_some)));
    let go = move || {
        let all: Vec<Target> = targets.get_untracked().into_iter().flatten().collect();
        let sun = session.home.home.with_untracked(|it| it.place.is_some());
        if let Some(body) = template.body(t(), &all, sun) {
            begin.run(Some(body));
        }
    };
    if template.needs.is_empty() {
        request_animation_frame(go);
    }
    let needs = template.needs.iter().enumerate();
    let needs = needs.map(|(at, need)| need_view(spoken, at, need, targets)).collect_view();
    view! {
        <header class="page-head">
            <h1>{move || (template.name)(t())}</h1>
        </header>
        <p>{move || (template.why)(t())}</p>
        <form
            class="needs"
            on:submit=move |event| {
                event.prevent_default();
                go();
            }
        >
            {needs}
            <div class="button-row">
                <button type="submit" class="button primary" disabled=move || !whole.get()>
                    {move || t().template_go_on()}
                </button>
                <button type="button" class="button" on:click=move |_| chosen.set(None)>
                    {move || t().template_other()}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn need_view(
    spoken: Spoken,
    at: usize,
    need: &'static Need,
    targets: RwSignal<Vec<Option<Target>>>,
) -> AnyView {
    let mine = Memo::new(move |_| targets.with(|it| it.get(at).cloned().flatten()));
    let choosing = RwSignal::new(mine.get_untracked().is_none());
    let choose = Callback::new(move |target: Target| {
        targets.update(|it| {
            if let Some(place) = it.get_mut(at) {
                *place = Some(target);
            }
        });
        choosing.set(false);
    });
    let session = use_session();
    let says = move || {
        let target = mine.get()?;
        let part = Part::Then;
        let now = session.exact_now();
        Some(spoken.say_at(now, |words| super::editor::says(words, part, &target)))
    };
    let list = move || choosing.get().then(|| target_list(spoken, Part::Then, need.fits, choose));
    view! {
        <fieldset class="card need">
            <legend><h2>{move || (need.label)(t())}</h2></legend>
            <Show when=move || !choosing.get()>
                <button
                    type="button"
                    class="chosen"
                    aria-label=move || t().change_who(&says().unwrap_or_default())
                    on:click=move |_| choosing.set(true)
                >
                    <span>{says}</span>
                    <Icon glyph=Glyph::Down />
                </button>
            </Show>
            {list}
        </fieldset>
    }
    .into_any()
}

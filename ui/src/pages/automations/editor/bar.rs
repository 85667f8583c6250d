//! What can be done with a rule as a whole: save, undo, try, run, look back, delete.

use api::Request;
use leptos::prelude::*;
use model::rule::RuleBody;
use model::{Name, RunId};

use super::super::deeds::{delete, enable};
use super::pane::icon_button;
use super::writing::Writing;
use crate::bridge::random_hex;
use crate::components::{Glyph, Icon, Switch};
use crate::i18n::t;
use crate::route::{PageLink, Route, Router};
use crate::state::use_session;

/// The line that is always in reach: undo, redo, whether it is saved, save.
pub fn save_bar(writing: Writing) -> AnyView {
    let no_undo = Signal::derive(move || writing.history.with(|it| !it.can_undo()));
    let no_redo = Signal::derive(move || writing.history.with(|it| !it.can_redo()));
    let clean = Signal::derive(move || !writing.dirty.get() || writing.saving.get());
    let words = move || if writing.dirty.get() { t().unsaved() } else { t().all_saved() };
    let glyph =
        Signal::derive(move || if writing.dirty.get() { Glyph::Pencil } else { Glyph::Check });
    view! {
        <div class="save-bar">
            {icon_button(Glyph::Undo, || t().undo(), no_undo, move || writing.undo())}
            {icon_button(Glyph::Redo, || t().redo(), no_redo, move || writing.redo())}
            <p class="save-state" role="status"><Icon glyph /><span>{words}</span></p>
            <button
                type="button"
                class="button primary"
                aria-busy=move || writing.saving.get().to_string()
                disabled=clean
                on:click=move |_| writing.save()
            >
                {move || t().save()}
            </button>
        </div>
    }
    .into_any()
}

/// What can be done with it besides writing it.
pub fn deeds(writing: Writing, trying: RwSignal<bool>) -> AnyView {
    let session = use_session();
    let router = expect_context::<Router>();
    let id = writing.id;
    let is_saved = Memo::new(move |_| writing.saved.with(|(version, _)| *version > 0));
    let run = move || {
        if let Some(run) = random_hex().and_then(|it| it.parse::<RunId>().ok()) {
            session.send(Request::RunRule(run, id.get_value()));
            session.toasts.tell(t().ran_now());
        }
    };
    let copy = move || super::open_draft(router, copied(&writing.body.get_untracked()));
    let remove = move || {
        let name = writing.body.with_untracked(|it| it.name.to_string());
        writing.forget();
        router.go(Route::Automations);
        delete(session, id.get_value(), &name);
    };
    let past = Signal::derive(move || Route::Past(id.get_value(), None));
    let versions = Signal::derive(move || Route::Versions(id.get_value()));
    view! {
        <div class="rule-deeds">
            <button
                type="button"
                class="button"
                aria-expanded=move || trying.get().to_string()
                on:click=move |_| trying.update(|it| *it = !*it)
            >
                <Icon glyph=Glyph::Chart />
                <span>{move || t().try_it()}</span>
            </button>
            <Show when=move || is_saved.get()>
                <button type="button" class="button" on:click=move |_| run()>
                    <Icon glyph=Glyph::Play />
                    <span>{move || t().run_now()}</span>
                </button>
                <PageLink to=past class="button">
                    <Icon glyph=Glyph::Clock />
                    <span>{move || t().past_runs()}</span>
                </PageLink>
                <PageLink to=versions class="button">
                    <Icon glyph=Glyph::Undo />
                    <span>{move || t().versions()}</span>
                </PageLink>
                <button type="button" class="button" on:click=move |_| copy()>
                    <Icon glyph=Glyph::Copy />
                    <span>{move || t().duplicate()}</span>
                </button>
                <button type="button" class="button danger" on:click=move |_| remove()>
                    <Icon glyph=Glyph::Trash />
                    <span>{move || t().delete_automation()}</span>
                </button>
            </Show>
        </div>
    }
    .into_any()
}

/// Whether it runs by itself.
pub fn enabled(writing: Writing) -> AnyView {
    let session = use_session();
    let rule = Memo::new(move |_| session.home.rules.get(&writing.id.get_value()));
    let there = Memo::new(move |_| rule.with(Option::is_some));
    let on = Signal::derive(move || rule.with(|it| it.as_ref().is_some_and(|it| it.rule.enabled)));
    let name = move || writing.body.with(|it| crate::sentence::apart(it.name.as_str()));
    let set = Callback::new(move |to: bool| {
        let name = writing.body.with_untracked(|it| it.name.to_string());
        enable(session, writing.id.get_value(), &name, to);
    });
    view! {
        <Show when=move || there.get()>
            <div class="rule-enabled">
                <span>{move || if on.get() { t().enabled_now() } else { t().disabled_now() }}</span>
                <Switch
                    label=Signal::derive(move || t().enabled_label(&name()))
                    on
                    on_change=set
                />
            </div>
        </Show>
    }
    .into_any()
}

/// The same wording under another name.
pub fn copied(body: &RuleBody) -> RuleBody {
    let name = t().copy_of(body.name.as_str());
    let name = Name::lossy(&name).unwrap_or_else(|| body.name.clone());
    RuleBody { name, ..body.clone() }
}

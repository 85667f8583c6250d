//! The versions of one rule: every wording that was saved, and the way back to each.

use api::{Answer, Request};
use leptos::prelude::*;
use model::RuleId;
use model::rule::RuleVersion;
use wasm_bindgen_futures::spawn_local;

use super::editor::open_wording;
use crate::components::{Glyph, Icon, use_spoken};
use crate::i18n::{decimal, t};
use crate::route::{PageLink, Route, Router};
use crate::state::use_session;

/// The versions of a rule.
#[component]
pub fn VersionsPage(
    /// Which rule.
    id: RuleId,
) -> impl IntoView {
    let session = use_session();
    let spoken = use_spoken();
    let router = expect_context::<Router>();
    let rule = StoredValue::new(id.clone());
    let all = RwSignal::new(None::<Vec<RuleVersion>>);
    let version =
        Memo::new(move |_| session.home.rules.get(&rule.get_value()).map(|it| it.rule.version));
    // Read anew whenever one more was saved.
    Effect::new(move || {
        version.with(|_| ());
        spawn_local(async move {
            match session.request(Request::RuleVersions(rule.get_value())).await {
                Ok(Answer::Versions(versions)) => {
                    all.try_set(Some(versions));
                }
                Ok(_) => {}
                Err(error) => session.toasts.tell(untrack(|| t().error(&error.code))),
            }
        });
    });
    let row = move |it: RuleVersion| {
        let number = it.version;
        let is_now = move || version.get() == Some(number);
        let number = move || decimal(t().locale(), f64::from(number), 0);
        let title = move || {
            if is_now() { t().version_now(&number()) } else { t().version_number(&number()) }
        };
        let body = it.body.clone();
        let sentence = move || spoken.say_at(session.exact_now(), |words| words.rule(&body));
        let when = move || spoken.say_at(session.exact_now(), |words| words.moment(it.saved_at));
        let body = it.body.clone();
        let restore = move |_| {
            open_wording(router, rule.get_value(), body.clone());
            session.toasts.tell(t().restored(&number()));
        };
        view! {
            <li class="card version">
                <h2>{title}</h2>
                <p class="quiet">{when}</p>
                <p><strong>{it.body.name.to_string()}</strong></p>
                <p>{sentence}</p>
                <Show when=move || !is_now()>
                    <button type="button" class="button" on:click=restore.clone()>
                        <Icon glyph=Glyph::Undo />
                        <span>{move || t().restore()}</span>
                    </button>
                </Show>
            </li>
        }
    };
    let list = move || match all.get() {
        None => view! { <div class="progress" aria-busy="true"></div> }.into_any(),
        Some(all) => view! {
            <ul class="cards versions">{all.into_iter().map(row).collect_view()}</ul>
        }
        .into_any(),
    };
    let back = Route::Automation(id);
    view! {
        <div class="page narrow">
            <header class="page-head">
                <h1>{move || t().versions()}</h1>
                <PageLink to=back class="button">
                    <Icon glyph=Glyph::Back />
                    <span>{move || session.home.rule_name(&rule.get_value())}</span>
                </PageLink>
            </header>
            <p>{move || t().versions_why()}</p>
            {list}
        </div>
    }
}

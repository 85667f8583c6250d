//! The list of rules.

use leptos::prelude::*;

use crate::components::{Empty, Glyph};
use crate::i18n::t;
use crate::route::{PageLink, Route};
use crate::state::use_session;

/// The automations page.
#[component]
pub fn ListPage() -> impl IntoView {
    let rules = use_session().home.rules;
    let none = Memo::new(move |_| rules.len() == 0);
    view! {
        <div class="page">
            <h1>{move || t().automations()}</h1>
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
        </div>
    }
}

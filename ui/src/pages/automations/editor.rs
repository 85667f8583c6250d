//! The editor of one rule.

use leptos::prelude::*;
use model::RuleId;

use crate::i18n::t;

/// The page of one rule, or of a new one.
#[component]
pub fn EditorPage(
    /// Which; `None` for a new one.
    id: Option<RuleId>,
) -> impl IntoView {
    drop(id);
    view! {
        <div class="page">
            <h1>{move || t().new_automation()}</h1>
        </div>
    }
}

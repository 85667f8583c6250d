//! The versions of one rule.

use leptos::prelude::*;
use model::RuleId;

use crate::state::use_session;

/// The versions of a rule.
#[component]
pub fn VersionsPage(
    /// Which rule.
    id: RuleId,
) -> impl IntoView {
    let home = use_session().home;
    view! {
        <div class="page">
            <h1>{move || home.rule_name(&id)}</h1>
        </div>
    }
}

//! When a rule ran, and when not and why.

use leptos::prelude::*;
use model::{RuleId, RunId};

use crate::state::use_session;

/// The past of a rule.
#[component]
pub fn PastPage(
    /// Which rule.
    id: RuleId,
    /// The run that is opened.
    run: Option<RunId>,
) -> impl IntoView {
    let home = use_session().home;
    drop(run);
    view! {
        <div class="page">
            <h1>{move || home.rule_name(&id)}</h1>
        </div>
    }
}

//! *Try it*: what a draft would have done in the recorded past, with nothing sent.

use leptos::prelude::*;
use model::{RuleBody, RuleId};

use crate::i18n::t;

/// The rehearsal of a draft.
#[component]
pub fn Trial(
    /// The rule that the draft would take the place of.
    #[prop(into)]
    rule: Signal<Option<RuleId>>,
    /// The draft.
    #[prop(into)]
    body: Signal<RuleBody>,
) -> impl IntoView {
    let _ = (rule, body);
    view! { <h2>{move || t().import_export()}</h2> }
}

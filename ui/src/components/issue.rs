//! A trouble of the home in words, with the one thing to do about it.

use api::Request;
use leptos::prelude::*;
use model::{Issue, IssueAction, IssueKind, RunId};

use super::{Glyph, Icon, SecretsTarget};
use crate::i18n::{Texts, day_and_time, t};
use crate::route::{PageLink, Route};
use crate::state::{Home, use_session};

/// A trouble, with what to do about it.
#[component]
pub fn IssueRow(
    /// Which.
    issue: Issue,
) -> impl IntoView {
    let session = use_session();
    let kind = issue.kind.clone();
    let words = move || issue_words(t(), session.home, &kind);
    let kind_of_details = issue.kind.clone();
    let words_of_details = move || issue_details(t(), &kind_of_details);
    view! {
        <li class="issue">
            <Icon glyph=Glyph::Alert />
            <div class="issue-words">
                <p>{words}</p>
                {move || words_of_details().map(|it| view! { <p class="quiet">{it}</p> })}
            </div>
            <IssueButton issue />
        </li>
    }
}

#[component]
fn IssueButton(issue: Issue) -> impl IntoView {
    let session = use_session();
    let secrets = expect_context::<SecretsTarget>();
    let action = issue.kind.action();
    let words = move || match action {
        IssueAction::EnterSecret => t().action_enter_secret(),
        IssueAction::OpenDevice => t().action_open_device(),
        IssueAction::EnterPassphrase => t().action_enter_passphrase(),
        IssueAction::ChoosePassphrase => t().action_choose_passphrase(),
        IssueAction::AddByAddress => t().action_add_by_address(),
        IssueAction::Retry => t().retry(),
        IssueAction::Dismiss => t().action_dismiss(),
        IssueAction::RunOrLeave => t().action_run_now(),
        IssueAction::OpenRule => t().action_open_rule(),
        IssueAction::OpenSettings => t().action_open_settings(),
    };
    if let IssueKind::MissedRun { run, .. } = issue.kind {
        return view! { <MissedButtons run /> }.into_any();
    }
    let device = issue.kind.device().cloned();
    let to = match (&issue.kind, action, &device) {
        (_, IssueAction::OpenDevice, Some(device)) => Some(Route::Device(device.clone())),
        (IssueKind::RuleRunaway(rule), ..) => Some(Route::Automation(rule.clone())),
        (_, IssueAction::AddByAddress, _) => Some(Route::Add),
        (_, IssueAction::OpenSettings, _) => Some(Route::Settings),
        _ => None,
    };
    if let Some(to) = to {
        return view! { <PageLink to class="button">{words}</PageLink> }.into_any();
    }
    let act = move |_| match (action, device.clone()) {
        (IssueAction::EnterSecret, Some(device)) => secrets.ask_secret(device),
        (IssueAction::EnterPassphrase, _) => secrets.ask_passphrase(),
        (IssueAction::ChoosePassphrase, _) => secrets.choose_passphrase(),
        _ => session.send(Request::ResolveIssue(issue.id.clone())),
    };
    view! { <button type="button" class="button" on:click=act>{words}</button> }.into_any()
}

/// The rule is run once, however often the button is pressed: the hub knows the run by its id.
#[component]
fn MissedButtons(run: RunId) -> impl IntoView {
    let session = use_session();
    let answered = RwSignal::new(false);
    let answer = Callback::new(move |yes: bool| {
        answered.set(true);
        let request = Request::AnswerMissed(run.clone(), yes);
        session.send_or(request, move || {
            answered.try_set(false);
        });
    });
    view! {
        <div class="button-row">
            <button
                type="button"
                class="button"
                disabled=answered
                on:click=move |_| answer.run(true)
            >
                {move || t().action_run_now()}
            </button>
            <button
                type="button"
                class="button"
                disabled=answered
                on:click=move |_| answer.run(false)
            >
                {move || t().action_leave()}
            </button>
        </div>
    }
}

fn issue_words(t: Texts, home: Home, kind: &IssueKind) -> String {
    match kind {
        IssueKind::NeedsSecret(device) => t.issue_needs_secret(&home.device_name(device)),
        IssueKind::WrongSecret(device) => t.issue_wrong_secret(&home.device_name(device)),
        IssueKind::WrongIdentity { device, found } => {
            t.issue_wrong_identity(&home.device_name(device), &home.device_name(found))
        }
        IssueKind::Garbage(device, _) => t.issue_garbage(&home.device_name(device)),
        IssueKind::DatabaseRestored { copied_at: Some(at), .. } => {
            t.issue_restored(&day_and_time(t.locale(), *at))
        }
        IssueKind::DatabaseRestored { copied_at: None, .. } => t.issue_restored_empty(),
        IssueKind::CannotWrite(_) => t.issue_cannot_write(),
        IssueKind::SecretsLocked => t.issue_secrets_locked(),
        IssueKind::NoKeyring => t.issue_no_keyring(),
        IssueKind::DiscoveryFailed(_) => t.issue_discovery(),
        IssueKind::PastLost(_) => t.issue_past_lost(),
        IssueKind::MissedRun { rule, due, .. } => {
            t.issue_missed_run(&home.rule_name(rule), &day_and_time(t.locale(), *due))
        }
        IssueKind::RuleRunaway(rule) => t.issue_runaway(&home.rule_name(rule)),
        IssueKind::BrokerFailed(_) => t.issue_broker(),
        IssueKind::WebhooksFailed(_) => t.issue_webhooks(),
    }
}

/// What the system or the device said, in its own words.
fn issue_details(t: Texts, kind: &IssueKind) -> Option<String> {
    match kind {
        IssueKind::Garbage(_, words)
        | IssueKind::CannotWrite(words)
        | IssueKind::DiscoveryFailed(words)
        | IssueKind::BrokerFailed(words)
        | IssueKind::WebhooksFailed(words) => Some(t.issue_details(words)),
        IssueKind::DatabaseRestored { kept, .. } | IssueKind::PastLost(kept) => {
            Some(t.issue_restored_kept(kept))
        }
        IssueKind::NeedsSecret(_)
        | IssueKind::WrongSecret(_)
        | IssueKind::WrongIdentity { .. }
        | IssueKind::SecretsLocked
        | IssueKind::NoKeyring
        | IssueKind::MissedRun { .. }
        | IssueKind::RuleRunaway(_) => None,
    }
}

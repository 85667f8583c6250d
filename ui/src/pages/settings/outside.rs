//! What comes in from outside the home's devices: webhooks, and messages of an MQTT broker.

use api::Request;
use leptos::prelude::*;
use model::{Address, Broker, IssueKind, Secret, Settings};

use super::Card;
use crate::components::{Field, SecretField, SecretsTarget, Submit};
use crate::i18n::t;
use crate::state::{Form, use_session};

/// Where brokers usually listen.
const BROKER_PORT: u16 = 1883;
/// Ports below this belong to the system.
const LOWEST_PORT: u16 = 1024;
/// A port that is offered.
const USUAL_PORT: u16 = 8124;

#[component]
pub(super) fn BrokerCard() -> impl IntoView {
    let session = use_session();
    let secrets = expect_context::<SecretsTarget>();
    let (address, user) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (password, wrong) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new();
    let broker = Memo::new(move |_| session.home.settings.with(|it| it.broker.clone()));
    Effect::new(move || {
        if let Some(broker) = broker.get() {
            address.set(broker.address.to_string());
            user.set(broker.user.unwrap_or_default());
        }
    });
    let set = move |broker: Option<Broker>, secret: Option<Secret>| {
        session.submit(form, Request::SetBroker { broker, secret }, move |_| {
            password.try_set(String::new());
            session.toasts.tell(t().saved());
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(address) = Address::parse(address.get_untracked().trim(), BROKER_PORT) else {
            return wrong.set(t().address_wrong());
        };
        wrong.set(String::new());
        let user = Some(user.get_untracked().trim().to_owned()).filter(|it| !it.is_empty());
        let secret = Some(password.get_untracked()).filter(|it| !it.is_empty()).map(Secret::new);
        set(Some(Broker { address, user }), secret);
    };
    let trouble = trouble(|kind| match kind {
        IssueKind::BrokerFailed(words) => Some(words.clone()),
        _ => None,
    });
    let state = move || match (broker.with(Option::is_some), trouble.get()) {
        (false, _) => t().broker_none(),
        (true, None) => t().broker_fine(),
        (true, Some(words)) => t().broker_wrong(&words),
    };
    // A password can be kept only once there is somewhere to keep it.
    Effect::new(move || {
        if form.error.get() == Some(api::ErrorCode::SecretsLocked) {
            secrets.open_vault(session.home.status.get_untracked().vault);
        }
    });
    view! {
        <Card title=|| t().broker()>
            <p>{move || t().broker_why()}</p>
            <p role="status">{state}</p>
            <form class="stack wide" on:submit=submit>
                <Field
                    label=Signal::derive(|| t().address())
                    hint=Signal::derive(|| t().broker_example())
                    value=address
                    error=wrong
                    machine_text=true
                />
                <Field label=Signal::derive(|| t().broker_user()) value=user machine_text=true />
                <SecretField
                    label=Signal::derive(|| t().broker_password())
                    hint=Signal::derive(|| t().broker_password_why())
                    value=password
                />
                <Submit form words=Signal::derive(|| t().save())>
                    <Show when=move || broker.with(Option::is_some)>
                        <button type="button" class="button" on:click=move |_| set(None, None)>
                            {move || t().broker_remove()}
                        </button>
                    </Show>
                </Submit>
            </form>
        </Card>
    }
}

#[component]
pub(super) fn WebhooksCard() -> impl IntoView {
    let session = use_session();
    let settings = session.home.settings;
    let (port, wrong) = (RwSignal::new(USUAL_PORT.to_string()), RwSignal::new(String::new()));
    let listening = Memo::new(move |_| settings.with(|it| it.webhooks));
    Effect::new(move || {
        if let Some(now) = listening.get() {
            port.set(now.to_string());
        }
    });
    let set = move |webhooks: Option<u16>| {
        session.send(Request::SetSettings(Settings { webhooks, ..settings.get_untracked() }));
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match port.get_untracked().trim().parse().ok().filter(|it| *it >= LOWEST_PORT) {
            Some(port) => {
                wrong.set(String::new());
                set(Some(port));
            }
            None => wrong.set(t().port_wrong()),
        }
    };
    let trouble = trouble(|kind| match kind {
        IssueKind::WebhooksFailed(words) => Some(words.clone()),
        _ => None,
    });
    let state = move || match (listening.get(), trouble.get()) {
        (None, _) => t().webhooks_unheard(),
        (Some(_), Some(words)) => t().webhooks_wrong(&words),
        (Some(_), None) => t().webhooks_on(),
    };
    let addresses = move || {
        let address = |it: String| view! { <li><code dir="ltr">{it}"…"</code></li> };
        session.home.status.get().webhooks.into_iter().map(address).collect_view()
    };
    view! {
        <Card title=|| t().webhooks()>
            <p>{move || t().webhooks_why()}</p>
            <p role="status">{state}</p>
            <ul class="trial-facts">{addresses}</ul>
            <form class="inline-form" on:submit=submit>
                <Field label=Signal::derive(|| t().port()) value=port error=wrong machine_text=true />
                <button type="submit" class="button">{move || t().webhooks_listen()}</button>
                <Show when=move || listening.get().is_some()>
                    <button type="button" class="button" on:click=move |_| set(None)>
                        {move || t().webhooks_stop()}
                    </button>
                </Show>
            </form>
        </Card>
    }
}

/// What is wrong, in the system's words, if anything is.
fn trouble(read: fn(&IssueKind) -> Option<String>) -> Memo<Option<String>> {
    let issues = use_session().home.issues;
    Memo::new(move |_| issues.with(|all| all.iter().find_map(|it| read(&it.kind))))
}

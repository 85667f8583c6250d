//! Settings: the home's name, language and colours, where secrets are kept, and what this is.

mod outside;
mod surroundings;

use api::{Request, Vault};
use leptos::prelude::*;
use model::{Language, Name, Settings, Theme};

use self::outside::{BrokerCard, WebhooksCard};
use self::surroundings::{PlaceCard, RecordedPast, ZoneCard};
use crate::components::{Field, SecretsTarget, Segmented, Select};
use crate::i18n::{own_name, t};
use crate::state::use_session;

/// The settings page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>{move || t().settings()}</h1>
            <HomeName />
            <Appearance />
            <PlaceCard />
            <ZoneCard />
            <RecordedPast />
            <BrokerCard />
            <WebhooksCard />
            <Secrets />
            <Simulated />
            <Connection />
            <About />
        </div>
    }
}

#[component]
fn Card(title: fn() -> String, children: Children) -> impl IntoView {
    view! {
        <section class="card settings-card">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}

#[component]
fn HomeName() -> impl IntoView {
    let session = use_session();
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(String::new());
    Effect::new(move || {
        let name = session.home.home.get().name;
        typed.set(name.map(|it| it.to_string()).unwrap_or_default());
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked();
        let name = if text.trim().is_empty() { Ok(None) } else { Name::try_from(text).map(Some) };
        match name {
            Ok(name) => {
                error.set(String::new());
                session.send(Request::NameHome(name));
                session.toasts.tell(t().saved());
            }
            Err(model::NameError::TooLong) => error.set(t().name_too_long()),
            Err(_) => error.set(t().name_control()),
        }
    };
    view! {
        <Card title=|| t().your_home()>
            <form class="inline-form" on:submit=submit>
                <Field label=Signal::derive(move || t().home_name()) value=typed error />
                <button type="submit" class="button">{move || t().save()}</button>
            </form>
        </Card>
    }
}

#[component]
fn Appearance() -> impl IntoView {
    let session = use_session();
    let settings = session.home.settings;
    let change = move |edit: fn(Settings, Choice) -> Settings, to: Choice| {
        session.send(Request::SetSettings(edit(settings.get_untracked(), to)));
    };
    let languages = Signal::derive(move || {
        let system = std::iter::once((None, t().language_system()));
        let ours = [Language::En, Language::De, Language::Ar];
        system.chain(ours.map(|it| (Some(it), own_name(it).to_owned()))).collect::<Vec<_>>()
    });
    let themes = Signal::derive(move || {
        vec![
            (Theme::System, t().theme_system()),
            (Theme::Light, t().theme_light()),
            (Theme::Dark, t().theme_dark()),
        ]
    });
    view! {
        <Card title=|| t().appearance()>
            <Select
                label=Signal::derive(move || t().language_label())
                choices=languages
                chosen=Signal::derive(move || Some(settings.get().language))
                on_choose=Callback::new(move |to| change(with_choice, Choice::Language(to)))
            />
            <Segmented
                label=Signal::derive(move || t().theme())
                choices=themes
                chosen=Signal::derive(move || Some(settings.get().theme))
                on_choose=Callback::new(move |to| change(with_choice, Choice::Theme(to)))
            />
        </Card>
    }
}

#[derive(Debug, Clone, Copy)]
enum Choice {
    Language(Option<Language>),
    Theme(Theme),
}

fn with_choice(settings: Settings, choice: Choice) -> Settings {
    match choice {
        Choice::Language(language) => Settings { language, ..settings },
        Choice::Theme(theme) => Settings { theme, ..settings },
    }
}

#[component]
fn Secrets() -> impl IntoView {
    let home = use_session().home;
    let target = expect_context::<SecretsTarget>();
    let vault = Memo::new(move |_| home.status.get().vault);
    let words = move || match vault.get() {
        Vault::Keyring => t().vault_keyring(),
        Vault::Passphrase => t().vault_passphrase(),
        Vault::Locked => t().vault_locked(),
        Vault::Absent => t().vault_absent(),
    };
    let button =
        move || {
            match vault.get() {
        Vault::Keyring | Vault::Passphrase => None,
        Vault::Locked => Some(view! {
            <button type="button" class="button" on:click=move |_| target.ask_passphrase()>
                {t().action_enter_passphrase()}
            </button>
        }
        .into_any()),
        Vault::Absent => Some(view! {
            <button type="button" class="button" on:click=move |_| target.choose_passphrase()>
                {t().action_choose_passphrase()}
            </button>
        }
        .into_any()),
    }
        };
    view! {
        <Card title=|| t().secrets()>
            <p>{words}</p>
            {button}
        </Card>
    }
}

#[component]
fn Simulated() -> impl IntoView {
    let session = use_session();
    let status = session.home.status;
    let inside = move || status.get().sandbox;
    let there = move || inside() || status.get().sandbox_offered;
    let words = move || if inside() { t().leave_sandbox() } else { t().try_sandbox() };
    let act = move |_| {
        let inside = status.get_untracked().sandbox;
        session.send(if inside { Request::LeaveSandbox } else { Request::EnterSandbox });
    };
    view! {
        <Show when=there>
            <Card title=|| t().simulated()>
                <p>{move || t().simulated_why()}</p>
                <button type="button" class="button" on:click=act>{words}</button>
            </Card>
        </Show>
    }
}

#[component]
fn Connection() -> impl IntoView {
    let session = use_session();
    let hub = move || {
        if session.link.get().is_up() { t().connection_up() } else { t().connection_down() }
    };
    let discovery = move || {
        let runs = session.home.status.get().discovering;
        if runs { t().discovery_on() } else { t().discovery_off() }
    };
    let devices = move || t().devices(session.home.shape.with(|it| it.devices.len()));
    view! {
        <Card title=|| t().connection_title()>
            <dl class="facts">
                <dt>{move || t().connection_hub()}</dt>
                <dd>{hub}</dd>
                <dt>{move || t().discovery()}</dt>
                <dd>{discovery}</dd>
                <dt>{move || t().devices_title()}</dt>
                <dd>{devices}</dd>
            </dl>
        </Card>
    }
}

#[component]
fn About() -> impl IntoView {
    view! {
        <Card title=|| t().about()>
            <dl class="facts">
                <dt>{move || t().version()}</dt>
                <dd>{env!("CARGO_PKG_VERSION")}</dd>
                <dt>{move || t().contract_version()}</dt>
                <dd>{api::VERSION}</dd>
                <dt>{move || t().licence()}</dt>
                <dd>
                    <p>{move || t().licence_is(env!("CARGO_PKG_LICENSE"))}</p>
                    <p>{move || t().icons_licence("ISC")}</p>
                </dd>
            </dl>
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_changes_only_what_was_chosen() {
        let dark = with_choice(Settings::default(), Choice::Theme(Theme::Dark));
        let german = with_choice(dark, Choice::Language(Some(Language::De)));
        assert_eq!((german.language, german.theme), (Some(Language::De), Theme::Dark));
    }
}

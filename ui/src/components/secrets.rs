//! The dialogs about secrets: the password of a device, the passphrase of them all.

use api::{ErrorCode, Request, Vault};
use leptos::prelude::*;
use model::{DeviceId, Secret};
use wasm_bindgen_futures::spawn_local;

use super::{Dialog, SecretField};
use crate::i18n::t;
use crate::state::{Session, use_session};

/// A passphrase has at least this many characters.
const SHORTEST: usize = 8;

/// Which of the dialogs is shown: a handle.
#[derive(Debug, Clone, Copy)]
pub struct SecretsTarget {
    device: RwSignal<Option<DeviceId>>,
    device_open: RwSignal<bool>,
    unlock_open: RwSignal<bool>,
    choose_open: RwSignal<bool>,
}

impl SecretsTarget {
    /// None of them is.
    pub fn new() -> Self {
        Self {
            device: RwSignal::new(None),
            device_open: RwSignal::new(false),
            unlock_open: RwSignal::new(false),
            choose_open: RwSignal::new(false),
        }
    }

    /// Asks for the password of a device.
    pub fn ask_secret(self, device: DeviceId) {
        self.device.set(Some(device));
        self.device_open.set(true);
    }

    /// Asks for the passphrase.
    pub fn ask_passphrase(self) {
        self.unlock_open.set(true);
    }

    /// Has a passphrase chosen.
    pub fn choose_passphrase(self) {
        self.choose_open.set(true);
    }

    /// Asks for what has to be done before a secret can be kept.
    pub fn open_vault(self, vault: Vault) {
        match vault {
            Vault::Locked => self.ask_passphrase(),
            Vault::Absent => self.choose_passphrase(),
            Vault::Keyring | Vault::Passphrase => {}
        }
    }
}

/// The dialogs. There is one of each.
#[component]
pub fn SecretDialogs(
    /// Which is shown.
    target: SecretsTarget,
) -> impl IntoView {
    let home = use_session().home;
    let name = Signal::derive(move || {
        target.device.get().map(|it| home.device_name(&it)).unwrap_or_default()
    });
    let title = Signal::derive(move || t().secret_for(&name.get()));
    view! {
        <Dialog open=target.device_open title>
            {move || target.device.get().map(|device| view! { <DeviceSecret device target /> })}
        </Dialog>
        <Dialog open=target.unlock_open title=Signal::derive(move || t().unlock_title())>
            <Passphrase open=target.unlock_open choose=false />
        </Dialog>
        <Dialog open=target.choose_open title=Signal::derive(move || t().choose_title())>
            <Passphrase open=target.choose_open choose=true />
        </Dialog>
    }
}

/// A form at work: what it says, and whether it waits.
#[derive(Clone, Copy)]
struct Form {
    error: RwSignal<String>,
    busy: RwSignal<bool>,
}

impl Form {
    fn new() -> Self {
        Self { error: RwSignal::default(), busy: RwSignal::new(false) }
    }

    /// Sends a request; says what is wrong with it, or does what follows.
    fn send(self, session: Session, request: Request, done: impl Fn() + 'static) {
        self.busy.set(true);
        self.error.set(String::new());
        spawn_local(async move {
            let answer = session.request(request).await;
            self.busy.set(false);
            match answer {
                Ok(_) => done(),
                Err(error) => self.error.set(t().error(&error.code)),
            }
        });
    }
}

#[component]
fn DeviceSecret(device: DeviceId, target: SecretsTarget) -> impl IntoView {
    let session = use_session();
    let typed = RwSignal::new(String::new());
    let form = Form::new();
    let name = {
        let device = device.clone();
        move || session.home.device_name(&device)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if typed.read_untracked().is_empty() {
            return form.error.set(t().secret_empty());
        }
        let secret = Some(Secret::new(typed.get_untracked()));
        let name = name.clone();
        form.send(session, Request::SetSecret { device: device.clone(), secret }, move || {
            target.device_open.set(false);
            session.toasts.tell(t().secret_accepted(&untrack(&name)));
        });
    };
    view! {
        <form on:submit=submit>
            <SecretField
                label=Signal::derive(move || t().secret_label())
                hint=Signal::derive(move || t().secret_why())
                value=typed
                error=form.error
                autofocus=true
            />
            <Submit form words=Signal::derive(move || t().secret_try()) />
        </form>
    }
}

#[component]
fn Passphrase(open: RwSignal<bool>, choose: bool) -> impl IntoView {
    let session = use_session();
    let (first, second) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let fault = fault(&first.read_untracked(), &second.read_untracked(), choose);
        if let Some(fault) = fault {
            return form.error.set(fault.words());
        }
        let passphrase = Some(Secret::new(first.get_untracked()));
        form.send(session, Request::Unlock { passphrase }, move || {
            open.set(false);
            session.toasts.tell(t().unlocked_now());
        });
    };
    let words = move || if choose { t().save() } else { t().action_enter_passphrase() };
    view! {
        <form on:submit=submit>
            <SecretField
                label=Signal::derive(move || t().passphrase())
                hint=Signal::derive(move || t().passphrase_why())
                value=first
                error=form.error
                autofocus=true
            />
            {choose.then(|| view! {
                <SecretField
                    label=Signal::derive(move || t().passphrase_again())
                    value=second
                />
            })}
            <Submit form words=Signal::derive(words) />
        </form>
    }
}

#[component]
fn Submit(form: Form, words: Signal<String>) -> impl IntoView {
    let words = move || if form.busy.get() { t().trying() } else { words.get() };
    view! {
        <div class="dialog-actions">
            <button
                type="submit"
                class="button primary"
                disabled=form.busy
                aria-busy=move || form.busy.get().to_string()
            >
                {words}
            </button>
        </div>
    }
}

/// What is wrong with a passphrase as typed.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    Short,
    Differs,
    Wrong,
}

impl Fault {
    fn words(&self) -> String {
        match self {
            Self::Short => t().passphrase_short(),
            Self::Differs => t().passphrase_differs(),
            Self::Wrong => t().error(&ErrorCode::WrongPassphrase),
        }
    }
}

fn fault(first: &str, second: &str, choose: bool) -> Option<Fault> {
    match choose {
        false => first.is_empty().then_some(Fault::Wrong),
        true if first.chars().count() < SHORTEST => Some(Fault::Short),
        true => (first != second).then_some(Fault::Differs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_passphrase_is_long_enough_and_typed_twice_alike() {
        assert_eq!(fault("secret7", "secret7", true), Some(Fault::Short));
        assert_eq!(fault("a long one", "a long 0ne", true), Some(Fault::Differs));
        assert_eq!(fault("a long one", "a long one", true), None);
    }

    #[test]
    fn an_old_passphrase_only_has_to_be_there() {
        assert_eq!(fault("", "", false), Some(Fault::Wrong));
        assert_eq!(fault("short", "", false), None);
    }
}

//! What is listened for besides devices: webhooks, the MQTT broker, phones on the network.
//!
//! What rules wait for can change at any time; a server or connection that can go on does.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use adapters::hooks::{self, Hooks};
use adapters::mqtt::{self, Account, Heard};
use adapters::phones::{self, Pace, Phones};
use engine::Listening;
use model::{Broker, DeviceId, HookId, IssueKind, PersonId};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::event::Event;
use crate::home::OpenHome;

/// A port may still be held by who listened there just now.
const FREED_WITHIN: Duration = Duration::from_secs(1);
const LOOKS: u32 = 5;
/// How often a port that cannot be listened on is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(30);
/// The file that keeps the name by which the broker knows this home.
const CLIENT: &str = "mqtt-client";

/// What is listened for.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    hooks: Option<Server>,
    broker: Option<Connection>,
    wanted: Option<Broker>,
    topics: BTreeSet<String>,
    phones: Option<watch::Sender<Phones>>,
    /// By this name the broker knows this home.
    pub(crate) client: String,
}

#[derive(Debug)]
struct Server {
    port: u16,
    /// It answers.
    is_up: bool,
    known: watch::Sender<BTreeSet<HookId>>,
    _running: DropGuard,
}

#[derive(Debug)]
struct Connection {
    topics: watch::Sender<BTreeSet<String>>,
    _running: DropGuard,
}

impl Outside {
    /// Where webhooks can be called, without their last part.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let server = self.hooks.as_ref().filter(|it| it.is_up);
        server.map(|it| hooks::addresses(it.port)).unwrap_or_default()
    }
}

/// Under this name the broker's password is kept among the secrets of devices. No family is called
/// `hearth`, so no device is.
#[expect(clippy::expect_used, reason = "a constant that is well formed")]
pub(crate) fn broker_secret() -> DeviceId {
    DeviceId::from_mac("hearth", "broker").expect("a device id")
}

/// The name by which the broker knows this home: made once, so that the broker lets go of an old
/// connection when a new one comes, and never confuses two homes.
pub(crate) fn client_name(dir: &Path) -> String {
    let path = dir.join(CLIENT);
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let is_ours = |it: &str| it.len() == 23 && it.starts_with("hearth-");
    if is_ours(kept.trim()) {
        return kept.trim().to_owned();
    }
    let mut random = [0; 8];
    if let Err(error) = getrandom::fill(&mut random) {
        tracing::warn!(%error, "The system gives no random numbers");
    }
    let name = format!("hearth-{:016x}", u64::from_be_bytes(random));
    if let Err(error) = std::fs::write(&path, &name) {
        tracing::debug!(%error, "The name for the broker is not kept");
    }
    name
}

impl OpenHome {
    /// Listens for these webhooks and messages, and for no others.
    pub(crate) fn listen(&mut self, listening: Listening) {
        let Listening { port, hooks, broker, topics } = listening;
        self.listen_for_hooks(port, hooks);
        self.outside.topics.clone_from(&topics);
        if self.outside.wanted != broker {
            self.outside.wanted = broker;
            self.connect_broker();
        } else if let Some(connection) = &self.outside.broker {
            connection
                .topics
                .send_if_modified(|it| std::mem::replace(it, topics.clone()) != topics);
        }
    }

    fn listen_for_hooks(&mut self, port: Option<u16>, hooks: BTreeSet<HookId>) {
        match (&self.outside.hooks, port) {
            (Some(server), Some(port)) if server.port == port => {
                server.known.send_replace(hooks);
                return;
            }
            (None, None) => return,
            _ => {}
        }
        self.trouble_over(&IssueKind::WebhooksFailed(String::new()));
        self.outside.hooks = port.map(|port| self.serve_hooks(port, hooks));
        self.renew_status();
    }

    fn serve_hooks(&self, port: u16, hooks: BTreeSet<HookId>) -> Server {
        let stop = self.tasks.token().child_token();
        let (known, reading) = watch::channel(hooks);
        let outcomes = self.outlets.outcomes.clone();
        let serving = serve_hooks(port, reading, self.outlets.hooks.clone(), stop.clone(), {
            move |outcome| drop(outcomes.send(Event::Hooks(port, outcome)))
        });
        self.tasks.spawn(serving);
        Server { port, is_up: false, known, _running: stop.drop_guard() }
    }

    /// Webhooks can be called, or not.
    pub(crate) fn hooks_are(&mut self, port: u16, outcome: Result<(), String>) {
        let Some(server) = self.outside.hooks.as_mut().filter(|it| it.port == port) else { return };
        server.is_up = outcome.is_ok();
        match outcome {
            Ok(()) => self.trouble_over(&IssueKind::WebhooksFailed(String::new())),
            Err(words) => {
                tracing::error!(port, words, "Webhooks cannot be listened for");
                let words = format!("port {port} cannot be listened on: {words}");
                self.trouble(IssueKind::WebhooksFailed(words));
            }
        }
        self.renew_status();
    }

    /// Connects to the broker that is wanted, with its present password.
    pub(crate) fn connect_broker(&mut self) {
        self.outside.broker = None;
        let Some(Broker { address, user }) = self.outside.wanted.clone() else {
            self.trouble_over(&IssueKind::BrokerFailed(String::new()));
            return;
        };
        let secret = match self.secrets.source(&broker_secret()).reveal() {
            Ok(secret) => secret,
            Err(cause) => {
                tracing::warn!(?cause, "The broker's password cannot be had");
                self.secret_needed();
                let words = "its password is sealed until the passphrase is given";
                self.trouble_changed(IssueKind::BrokerFailed(words.to_owned()));
                return;
            }
        };
        let client = self.outside.client.clone();
        let account = Account { address, client, user, secret };
        let stop = self.tasks.token().child_token();
        let (topics, wanted) = watch::channel(self.outside.topics.clone());
        let heard = self.outlets.broker.clone();
        self.tasks.spawn(mqtt::listen(account, wanted, heard, stop.clone()));
        let _running = stop.drop_guard();
        self.outside.broker = Some(Connection { topics, _running });
    }

    /// Something was heard of the broker.
    pub(crate) fn broker_said(&mut self, heard: Heard) {
        match heard {
            Heard::Message { topic, payload } => {
                let effects = self.engine.handle_message(&topic, &payload, self.now());
                self.perform(effects);
            }
            Heard::Trouble(trouble) if self.outside.broker.is_some() => {
                tracing::warn!(%trouble, "The broker cannot be used");
                self.trouble_changed(IssueKind::BrokerFailed(trouble.to_string()));
            }
            // The last words of a connection that was let go.
            Heard::Trouble(_) => {}
            Heard::Well => self.trouble_over(&IssueKind::BrokerFailed(String::new())),
        }
    }

    /// Watches these phones, and no others.
    pub(crate) fn watch_phones(&mut self, phones: BTreeMap<PersonId, IpAddr>) {
        match &self.outside.phones {
            Some(watched) => {
                watched.send_if_modified(|it| std::mem::replace(it, phones.clone()) != phones);
            }
            None if phones.is_empty() => {}
            None => {
                let (sender, watched) = watch::channel(phones);
                let seen = self.outlets.phones.clone();
                self.tasks.spawn(phones::watch(watched, PACE, seen, self.tasks.token()));
                self.outside.phones = Some(sender);
            }
        }
    }
}

/// How often phones are looked for.
const PACE: Pace = Pace::USUAL;

/// Listens on the port as soon as it can be had, and says whether it can.
async fn serve_hooks(
    port: u16,
    known: watch::Receiver<BTreeSet<HookId>>,
    calls: mpsc::Sender<HookId>,
    stop: CancellationToken,
    say: impl Fn(Result<(), String>) + Send,
) {
    let mut failures = 0;
    loop {
        match Hooks::bind(port) {
            Ok(hooks) => {
                say(Ok(()));
                return hooks.serve(known, calls, stop).await;
            }
            Err(error) => {
                failures += 1;
                if failures == LOOKS {
                    say(Err(error.to_string()));
                }
            }
        }
        let pause = if failures < LOOKS { FREED_WITHIN / LOOKS } else { TRY_AGAIN };
        if stop.run_until_cancelled(sleep(pause)).await.is_none() {
            return;
        }
    }
}

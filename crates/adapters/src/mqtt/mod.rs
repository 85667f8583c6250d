//! The home's MQTT broker: messages of the topics that rules wait for come in, nothing goes out.
//!
//! MQTT 5, a clean start with every connection, QoS 1. What the broker has kept from before
//! (retained messages) is no news and never comes out. What it delivers again is recognised as far
//! as it can be and does not come out twice. Every connection is a new client, so that nothing of
//! a broken one lives on. Never spawns: everything lives in the future of [`listen`].

mod delivery;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use model::{Address, Secret};
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, MqttOptions, Packet,
    Publish, QoS, RetainForwardRule, StateError, SubscribeFilter, SubscribeReasonCode,
};
use tokio::sync::{mpsc, watch};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::net::{self, Patience};
use delivery::Deliveries;

/// The longest payload that comes out, in bytes; longer ones are left alone.
pub const LONGEST_PAYLOAD: usize = 64 * 1024;

/// The largest packet that the broker is told to send: the longest topic with the longest payload.
const LARGEST_PACKET: u32 = 160 * 1024;
/// A broker on which nothing was heard for that long (seconds) is asked for a sign of life.
const KEEP_ALIVE: u16 = 30;
/// Requests (subscriptions) that may wait for the connection.
const REQUESTS: usize = 64;
/// Topics that are asked for in one packet.
const TOPICS_A_PACKET: usize = 64;
/// The first pause after a failure; doubled up to [`LAST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two tries.
const LAST_PAUSE: Duration = Duration::from_secs(60);

/// Where the broker is, and how it knows us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Where it is.
    pub address: Address,
    /// The name of this client, the same from one start to the next: the broker lets go of an old
    /// connection of that name.
    pub client: String,
    /// The user, where it asks for one.
    pub user: Option<String>,
    /// Their password.
    pub secret: Option<Secret>,
}

/// What is heard of the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A message.
    Message {
        /// On which topic.
        topic: String,
        /// What.
        payload: String,
    },
    /// It cannot be used. Said once for each trouble, until [`Heard::Well`]; it is tried again.
    Trouble(BrokerTrouble),
    /// It can be used (again).
    Well,
}

/// Why a broker cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokerTrouble {
    /// Nobody answers there.
    #[error("nobody answers at {0}")]
    Unreachable(Address),
    /// It does not accept the user or the password.
    #[error("it does not accept the user or the password")]
    WrongPassword,
    /// It refuses the connection; its reason.
    #[error("it refuses the connection: {0}")]
    Refused(String),
    /// It does not allow to listen to a topic.
    #[error("it does not allow to listen to `{0}`")]
    Forbidden(String),
    /// Whoever answers does not speak MQTT 5, or the connection broke; in words.
    #[error("the connection broke: {0}")]
    Broken(String),
}

/// Listens until the token says so: connects, asks for the `topics`, and connects again when that
/// breaks. Topics can be changed on the way.
pub async fn listen(
    account: Account,
    topics: watch::Receiver<BTreeSet<String>>,
    heard: mpsc::Sender<Heard>,
    stop: CancellationToken,
) {
    let ear = Ear {
        account,
        topics,
        heard,
        said: None,
        pause: FIRST_PAUSE,
        deliveries: Deliveries::default(),
    };
    Box::pin(ear.listen(stop)).await;
}

/// Whoever hears has gone.
#[derive(Debug)]
struct Unheard;

#[derive(Debug)]
struct Ear {
    account: Account,
    topics: watch::Receiver<BTreeSet<String>>,
    heard: mpsc::Sender<Heard>,
    /// What was said last of how the broker is.
    said: Option<Result<(), BrokerTrouble>>,
    pause: Duration,
    deliveries: Deliveries,
}

impl Ear {
    async fn listen(mut self, stop: CancellationToken) {
        loop {
            let (client, connection) = self.prepare();
            let conversation = Box::pin(self.converse(&client, connection));
            let conversing = stop.run_until_cancelled(conversation);
            let trouble = match conversing.await {
                Some(Ok(trouble)) => trouble,
                Some(Err(Unheard)) | None => return,
            };
            let pause = self.pause;
            self.pause = (pause * 2).min(LAST_PAUSE);
            let telling = stop.run_until_cancelled(self.say(Err(trouble))).await;
            if !matches!(telling, Some(Ok(()))) {
                return;
            }
            if stop.run_until_cancelled(sleep(pause)).await.is_none() {
                return;
            }
        }
    }

    fn prepare(&self) -> (AsyncClient, EventLoop) {
        let Account { address, client, user, secret } = &self.account;
        let mut options =
            MqttOptions::new(client.clone(), (address.host().to_owned(), address.port()));
        options.set_keep_alive(KEEP_ALIVE).set_clean_start(true);
        options.set_max_packet_size(Some(LARGEST_PACKET));
        match (user, secret) {
            (Some(user), secret) => {
                let password = secret.as_ref().map(|it| it.expose().to_owned()).unwrap_or_default();
                options.set_credentials(user.clone(), password);
            }
            (None, Some(secret)) => drop(options.set_password(secret.expose().to_owned())),
            (None, None) => {}
        }
        let address = address.clone();
        options.set_socket_connector(move |_, _| {
            let address = address.clone();
            async move {
                let stream = net::connect(&address, Patience::USUAL).await;
                stream.map_err(|_| std::io::ErrorKind::HostUnreachable.into())
            }
        });
        AsyncClient::builder(options).capacity(REQUESTS).build()
    }

    /// One connection, to its end.
    async fn converse(
        &mut self,
        client: &AsyncClient,
        mut connection: EventLoop,
    ) -> Result<BrokerTrouble, Unheard> {
        let mut asked = BTreeSet::new();
        let mut waiting: Vec<Vec<String>> = Vec::new();
        let mut is_open = false;
        loop {
            let event = tokio::select! {
                event = connection.poll() => event,
                changed = self.topics.changed(), if is_open => {
                    changed.map_err(|_| Unheard)?;
                    waiting.extend(self.ask(client, &mut asked));
                    continue;
                }
            };
            match event {
                Ok(Event::Incoming(Packet::ConnAck(_))) => {
                    is_open = true;
                    waiting.extend(self.ask(client, &mut asked));
                    if waiting.is_empty() {
                        self.well().await?;
                    }
                }
                Ok(Event::Incoming(Packet::SubAck(answer))) => {
                    let batch = if waiting.is_empty() { vec![] } else { waiting.remove(0) };
                    match refused(&batch, &answer.return_codes) {
                        Some(topic) => {
                            // What is not allowed now may be later; the other topics go on.
                            self.say(Err(BrokerTrouble::Forbidden(topic))).await?;
                        }
                        None if waiting.is_empty() => self.well().await?,
                        None => {}
                    }
                }
                Ok(Event::Incoming(Packet::Publish(message))) => self.take_in(message).await?,
                Ok(_) => {}
                Err(error) => return Ok(trouble(&self.account.address, &error)),
            }
        }
    }

    /// Asks for the topics that are wanted and were not asked for, and takes back those that are
    /// not wanted any more. Gives what was asked, packet by packet.
    fn ask(&mut self, client: &AsyncClient, asked: &mut BTreeSet<String>) -> Vec<Vec<String>> {
        let wanted = self.topics.borrow_and_update().clone();
        for topic in asked.difference(&wanted) {
            drop(client.try_unsubscribe(topic.clone()));
        }
        let new: Vec<String> = wanted.difference(asked).cloned().collect();
        *asked = wanted;
        let packets = new.chunks(TOPICS_A_PACKET).map(<[String]>::to_vec);
        packets
            .filter(|packet| {
                let filters = packet.iter().map(|topic| filter(topic));
                let taken = client.try_subscribe_many(filters);
                if let Err(error) = &taken {
                    tracing::warn!(%error, ?packet, "These topics cannot be listened to");
                    for topic in packet {
                        asked.remove(topic);
                    }
                }
                taken.is_ok()
            })
            .collect()
    }

    async fn well(&mut self) -> Result<(), Unheard> {
        self.pause = FIRST_PAUSE;
        self.say(Ok(())).await
    }

    /// Says how the broker is, where that is news.
    async fn say(&mut self, state: Result<(), BrokerTrouble>) -> Result<(), Unheard> {
        if self.said.as_ref() == Some(&state) {
            return Ok(());
        }
        self.said = Some(state.clone());
        let heard = match state {
            Ok(()) => Heard::Well,
            Err(trouble) => Heard::Trouble(trouble),
        };
        self.heard.send(heard).await.map_err(|_| Unheard)
    }

    async fn take_in(&mut self, message: Publish) -> Result<(), Unheard> {
        if message.retain {
            return Ok(());
        }
        if message.payload.len() > LONGEST_PAYLOAD {
            tracing::info!(
                bytes = message.payload.len(),
                "A message is too long and was left alone"
            );
            return Ok(());
        }
        if self.deliveries.is_known(&message) {
            tracing::debug!("A message that was delivered again was left alone");
            return Ok(());
        }
        let (topic, payload) = (message.topic.to_vec(), message.payload.to_vec());
        let (Ok(topic), Ok(payload)) = (String::from_utf8(topic), String::from_utf8(payload))
        else {
            tracing::info!("A message is no text and was left alone");
            return Ok(());
        };
        self.heard.send(Heard::Message { topic, payload }).await.map_err(|_| Unheard)
    }
}

fn filter(topic: &str) -> SubscribeFilter {
    SubscribeFilter {
        retain_forward_rule: RetainForwardRule::Never,
        ..SubscribeFilter::new(topic, QoS::AtLeastOnce)
    }
}

/// The first topic that the broker does not let us listen to.
fn refused(asked: &[String], answers: &[SubscribeReasonCode]) -> Option<String> {
    let both = asked.iter().zip(answers);
    both.filter(|(_, answer)| !matches!(answer, SubscribeReasonCode::Success(_)))
        .map(|(topic, _)| topic.clone())
        .next()
}

fn trouble(address: &Address, error: &ConnectionError) -> BrokerTrouble {
    match error {
        ConnectionError::ConnectionRefused(code)
        | ConnectionError::MqttState(StateError::ConnFail { reason: code }) => match code {
            ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized => {
                BrokerTrouble::WrongPassword
            }
            code => BrokerTrouble::Refused(format!("{code:?}")),
        },
        ConnectionError::Io(error) if error.kind() == std::io::ErrorKind::HostUnreachable => {
            BrokerTrouble::Unreachable(address.clone())
        }
        ConnectionError::Timeout(_) => BrokerTrouble::Unreachable(address.clone()),
        error => BrokerTrouble::Broken(error.to_string()),
    }
}

//! The contract over a WebSocket: one JSON text a message.
//!
//! Requests are answered as they are done, in any order. Updates go out at once, a few at a time,
//! and every 33 ms under load, so that a busy home costs a browser thirty renderings a second and
//! not a thousand. A client that does not read is let go.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use api::{ApiError, ErrorCode, FromClient, FromHub};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use hub::{BoxFuture, Hub, Subscription};
use tokio::time::{Interval, Sleep, interval, sleep, timeout};

use super::{Server, Shared, here};

/// Largest message from a client: the largest file of rules, written as JSON, with room to be told
/// that one is too large.
const MESSAGE_LIMIT: usize = 4 * model::rule::LARGEST_FILE;
/// Most clients at a time.
const CLIENTS: usize = 64;
/// Most requests of one client that are under way.
const REQUESTS: usize = 64;
/// Shortest time from one batch of updates to the next, when there is much to tell.
const PACE: Duration = Duration::from_millis(33);
/// So many batches may go out at once before that: a tap, its way and its confirmation.
const BURST: u32 = 4;
/// How long a client may take to read a message.
const PATIENCE: Duration = Duration::from_secs(10);
/// After so long with nothing to say, the hub says that it is there.
const BEAT: Duration = Duration::from_secs(1);
/// Beats that a client may be silent before it is asked for a sign of life, and then again.
const SILENT_BEATS: u32 = 30;

/// Lets a client in who has the token or is signed in.
pub(super) async fn open(
    State(server): Shared,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !server.doors.has_token(&headers) && !server.doors.has_session(&headers) {
        return super::refuse("the token is missing or wrong");
    }
    if server.sockets.len() >= CLIENTS {
        return (StatusCode::SERVICE_UNAVAILABLE, "too many clients\n").into_response();
    }
    let upgrade = upgrade.max_message_size(MESSAGE_LIMIT).max_frame_size(MESSAGE_LIMIT);
    upgrade.on_upgrade(move |socket| async move {
        let tracked = server.sockets.token();
        serve(server, socket, peer.ip()).await;
        drop(tracked);
    })
}

async fn serve(server: Arc<Server>, mut socket: WebSocket, peer: IpAddr) {
    let stop = server.stop.clone();
    let client = async {
        if let Err(end) = Client::begin(&server.hub, &mut socket, peer).await {
            tracing::debug!(?end, "A client is gone");
        }
    };
    stop.run_until_cancelled(client).await;
    drop(timeout(Duration::from_millis(500), socket.close()).await);
}

/// Why a conversation is over.
#[derive(Debug)]
enum End {
    /// The client has left, broken the protocol, or not read.
    Left,
    /// The hub has stopped.
    Stopped,
}

type Answering = BoxFuture<'static, FromHub>;

/// One conversation.
struct Client<'a> {
    hub: &'a Hub,
    /// Who asks.
    peer: IpAddr,
    socket: &'a mut WebSocket,
    subscription: Subscription,
    answers: FuturesUnordered<Answering>,
    /// How many batches may go out now; one more with every [`PACE`].
    credit: u32,
    refill: std::pin::Pin<Box<Sleep>>,
    beat: Interval,
    /// Something was said since the last beat.
    has_spoken: bool,
    /// Beats since the client was last heard.
    unheard: u32,
}

impl<'a> Client<'a> {
    async fn begin(hub: &'a Hub, socket: &'a mut WebSocket, peer: IpAddr) -> Result<(), End> {
        let subscription = hub.subscribe().await.map_err(|_| End::Stopped)?;
        let mut client = Self {
            hub,
            peer,
            socket,
            subscription,
            answers: FuturesUnordered::new(),
            credit: BURST,
            refill: Box::pin(sleep(PACE)),
            beat: interval(BEAT),
            has_spoken: true,
            unheard: 0,
        };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        client.say(&FromHub::Hello { api: api::VERSION, version }).await?;
        loop {
            client.step().await?;
        }
    }

    /// Takes one step, whichever comes first.
    async fn step(&mut self) -> Result<(), End> {
        tokio::select! {
            biased;
            message = self.socket.recv() => {
                self.unheard = 0;
                self.hear(message.and_then(Result::ok).ok_or(End::Left)?).await
            }
            _ = self.beat.tick() => self.beat().await,
            Some(answer) = self.answers.next(), if !self.answers.is_empty() => {
                self.say(&answer).await
            }
            () = &mut self.refill, if self.credit < BURST => {
                self.credit += 1;
                self.refill = Box::pin(sleep(PACE));
                Ok(())
            }
            batch = self.subscription.next(), if self.credit > 0 => match batch {
                Some(batch) => {
                    self.say(&FromHub::Updates(batch)).await?;
                    if self.credit == BURST {
                        self.refill = Box::pin(sleep(PACE));
                    }
                    self.credit -= 1;
                    Ok(())
                }
                None => self.subscribe_again().await,
            },
        }
    }

    /// Too slow for all that has happened: it gets a new snapshot instead.
    async fn subscribe_again(&mut self) -> Result<(), End> {
        self.subscription = self.hub.subscribe().await.map_err(|_| End::Stopped)?;
        Ok(())
    }

    /// Shows that the hub is there, and looks whether the client is.
    async fn beat(&mut self) -> Result<(), End> {
        self.unheard += 1;
        if self.unheard > 2 * SILENT_BEATS {
            return Err(End::Left);
        }
        if self.unheard == SILENT_BEATS {
            self.send(Message::Ping(Vec::new().into())).await?;
        }
        if std::mem::take(&mut self.has_spoken) { Ok(()) } else { self.say(&FromHub::Alive).await }
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        let heard = match &message {
            Message::Text(text) => serde_json::from_str::<FromClient>(text),
            Message::Binary(_) => {
                Err(serde::de::Error::custom("binary messages mean nothing here"))
            }
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Left),
        };
        match heard {
            Ok(FromClient::Request(number, request)) => self.answer(number, request),
            Err(error) => {
                let words = format!("this is no message of this contract: {error}");
                return self.say(&FromHub::Misunderstood(words)).await;
            }
        }
        Ok(())
    }

    fn answer(&self, number: u64, request: api::Request) {
        if self.answers.len() >= REQUESTS {
            let words = "too many requests at the same time";
            return self.refuse(number, ApiError::new(ErrorCode::Busy, words));
        }
        let request = match here::named(request, self.peer) {
            Ok(request) => request,
            Err(error) => return self.refuse(number, error),
        };
        let hub = self.hub.clone();
        self.answers
            .push(async move { FromHub::Answer(number, hub.request(request).await) }.boxed());
    }

    fn refuse(&self, number: u64, error: ApiError) {
        self.answers.push(async move { FromHub::Answer(number, Err(error)) }.boxed());
    }

    async fn say(&mut self, message: &FromHub) -> Result<(), End> {
        let text = serde_json::to_string(message).map_err(|error| {
            tracing::error!(%error, "A message cannot be written as JSON");
            End::Left
        })?;
        self.has_spoken = true;
        self.send(Message::Text(text.into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(End::Left),
        }
    }
}

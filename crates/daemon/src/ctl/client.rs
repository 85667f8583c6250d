//! A conversation with a hub: the home as it is told, and requests with their answers.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use api::{Answer, ApiError, Batch, FromClient, FromHub, HomeView, Request, Update};
use futures_util::{SinkExt as _, StreamExt as _};
use model::{Secret, Timestamp};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::{no_hub, socket_request};
use crate::exit::{Failure, Kind};

/// Largest message from a hub: the snapshot of a very large home.
const MESSAGE_LIMIT: usize = 64 * 1024 * 1024;
/// How long a hub may take for its first words.
const PATIENCE: Duration = Duration::from_secs(10);

/// A conversation that has begun.
#[derive(Debug)]
pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The home when the conversation began.
    pub(crate) home: HomeView,
    /// The hub's wall time then.
    pub(crate) now: Timestamp,
    asked: u64,
    /// Updates that came while an answer was waited for.
    unread: VecDeque<Batch>,
}

impl Client {
    /// Connects, and waits for the snapshot.
    pub(crate) async fn connect(address: SocketAddr, token: &Secret) -> Result<Self> {
        let request = socket_request(address, token)?;
        let limits = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_LIMIT))
            .max_frame_size(Some(MESSAGE_LIMIT));
        let connecting = tokio_tungstenite::connect_async_with_config(request, Some(limits), true);
        let (mut socket, _) = timeout(PATIENCE, connecting)
            .await
            .map_err(|_| no_hub(address))?
            .map_err(|error| refused(address, error))?;
        let (home, now) =
            timeout(PATIENCE, first_words(&mut socket)).await.context("the hub says nothing")??;
        Ok(Self { socket, home, now, asked: 0, unread: VecDeque::new() })
    }

    /// Asks for something and waits for the answer.
    pub(crate) async fn request(&mut self, request: Request) -> Result<Result<Answer, ApiError>> {
        self.asked += 1;
        let text = serde_json::to_string(&FromClient::Request(self.asked, request))?;
        self.socket.send(Message::text(text)).await?;
        loop {
            match hear(&mut self.socket).await? {
                FromHub::Answer(number, answer) if number == self.asked => return Ok(answer),
                FromHub::Updates(batch) => self.unread.push_back(batch),
                FromHub::Misunderstood(words) => bail!("the hub did not understand: {words}"),
                FromHub::Answer(..) | FromHub::Hello { .. } | FromHub::Alive => {}
            }
        }
    }

    /// The next updates.
    pub(crate) async fn updates(&mut self) -> Result<Batch> {
        if let Some(batch) = self.unread.pop_front() {
            return Ok(batch);
        }
        loop {
            if let FromHub::Updates(batch) = hear(&mut self.socket).await? {
                return Ok(batch);
            }
        }
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn first_words(socket: &mut Socket) -> Result<(HomeView, Timestamp)> {
    match hear(socket).await? {
        FromHub::Hello { api, .. } if api == api::VERSION => {}
        FromHub::Hello { api, version } => {
            let words = format!(
                "the hub (version {version}) speaks version {api} of the contract, this program \
                 version {}",
                api::VERSION
            );
            return Err(Failure::new(Kind::Refused, words).into());
        }
        _ => bail!("the hub does not say hello"),
    }
    match hear(socket).await? {
        FromHub::Updates(Batch { now, mut updates, .. }) => match updates.drain(..).next() {
            Some(Update::Snapshot(home)) => Ok((*home, now)),
            _ => bail!("the hub does not begin with a snapshot"),
        },
        _ => bail!("the hub does not begin with a snapshot"),
    }
}

async fn hear(socket: &mut Socket) -> Result<FromHub> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                return serde_json::from_str(&text).context("the hub talks nonsense");
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => {
                return Err(Failure::new(Kind::NoHub, "the hub has stopped").into());
            }
            Some(Ok(_)) => {}
        }
    }
}

fn refused(address: SocketAddr, error: Error) -> anyhow::Error {
    match error {
        Error::Io(_) => no_hub(address).into(),
        Error::Http(answer) if answer.status() == 401 => {
            Failure::new(Kind::Secret, "the hub does not accept the token in its directory").into()
        }
        error => anyhow::Error::new(error).context("the hub does not open its socket"),
    }
}

//! A client of `hearthd` over its WebSocket, as an interface or an automation would be one.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use api::{FromClient, FromHub, HomeView, Request, Update};
use futures_util::{SinkExt as _, StreamExt as _};
use model::Reachability;
use tests::Daemon;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Largest message from a hub: the snapshot of a very large home.
const MESSAGE_LIMIT: usize = 64 * 1024 * 1024;

/// A conversation with a hub.
#[derive(Debug)]
pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    asked: u64,
}

impl Client {
    /// Connects to the daemon of a home.
    pub(crate) async fn connect(daemon: &Daemon, home: &Path) -> Result<Self> {
        let address = daemon.ready["address"].as_str().context("an address")?;
        let token = std::fs::read_to_string(home.join("token")).context("a token")?;
        let mut request = format!("ws://{address}/api/v1/socket").into_client_request()?;
        let bearer = format!("Bearer {}", token.trim()).parse()?;
        request.headers_mut().insert("authorization", bearer);
        let limits = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_LIMIT))
            .max_frame_size(Some(MESSAGE_LIMIT));
        let connecting = tokio_tungstenite::connect_async_with_config(request, Some(limits), true);
        Ok(Self { socket: connecting.await?.0, asked: 0 })
    }

    /// The next message, as it came.
    pub(crate) async fn text(&mut self) -> Result<String> {
        loop {
            match self.socket.next().await.context("the hub has stopped")?? {
                Message::Text(text) => return Ok(text.as_str().to_owned()),
                Message::Close(_) => bail!("the hub has closed the socket"),
                _ => {}
            }
        }
    }

    /// The next updates.
    pub(crate) async fn updates(&mut self) -> Result<Vec<Update>> {
        loop {
            match serde_json::from_str(&self.text().await?)? {
                FromHub::Updates(batch) => return Ok(batch.updates),
                FromHub::Answer(_, Err(error)) => bail!("refused: {error:?}"),
                FromHub::Misunderstood(words) => bail!("not understood: {words}"),
                FromHub::Hello { .. } | FromHub::Alive | FromHub::Answer(_, Ok(_)) => {}
            }
        }
    }

    /// The home as it is first told.
    pub(crate) async fn snapshot(&mut self) -> Result<HomeView> {
        match self.updates().await?.into_iter().next() {
            Some(Update::Snapshot(home)) => Ok(*home),
            _ => bail!("the hub does not begin with a snapshot"),
        }
    }

    /// Asks for something; the answer comes among the updates.
    pub(crate) async fn ask(&mut self, request: Request) -> Result<()> {
        self.asked += 1;
        let text = serde_json::to_string(&FromClient::Request(self.asked, request))?;
        Ok(self.socket.send(Message::text(text)).await?)
    }
}

/// Waits until all devices are reached and have described themselves; gives the home then.
pub(crate) async fn all_reached(daemon: &Daemon, home: &Path, devices: usize) -> Result<HomeView> {
    let mut reached = 0;
    for _ in 0..240 {
        let view = Client::connect(daemon, home).await?.snapshot().await?;
        let is_there = |it: &&api::DeviceView| {
            it.reachability == Reachability::Reachable && !it.endpoints.is_empty()
        };
        reached = view.devices.iter().filter(is_there).count();
        if reached >= devices {
            return Ok(view);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    bail!("only {reached} of {devices} devices are reached")
}

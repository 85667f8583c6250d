//! Devices for tests: a web server with a WebSocket whose every frame is answered by a function,
//! and sockets that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use model::Address;
use serde_json::Value as Json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A device that runs until it is dropped.
pub(super) struct Device {
    pub(super) address: Address,
    _tasks: JoinSet<()>,
}

/// What a device does about a frame.
pub(super) enum Reply {
    /// Sends these frames.
    Frames(Vec<Json>),
    /// Sends a frame that is not JSON.
    Raw(String),
    /// Is gone.
    Hang,
    /// Hears, and says nothing ever after, not even to a ping.
    Freeze,
}

pub(super) type Script = Arc<dyn Fn(&Json) -> Reply + Send + Sync>;

pub(super) async fn serve(router: Router) -> Device {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::from(listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    Device { address, _tasks: tasks }
}

/// Answers a WebSocket at `path` by script, after the greeting.
pub(super) fn websocket(path: &str, greeting: Option<Json>, script: Script) -> Router {
    let upgrade = move |upgrade: WebSocketUpgrade| {
        let (greeting, script) = (greeting.clone(), Arc::clone(&script));
        async move { upgrade.on_upgrade(move |socket| answer(socket, greeting, script)) }
    };
    Router::new().route(path, get(upgrade))
}

async fn answer(mut socket: WebSocket, greeting: Option<Json>, script: Script) {
    if let Some(greeting) = greeting {
        socket.send(Message::text(greeting.to_string())).await.unwrap();
    }
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else { continue };
        match script(&serde_json::from_str(&text).unwrap()) {
            Reply::Frames(frames) => {
                for frame in frames {
                    socket.send(Message::text(frame.to_string())).await.unwrap();
                }
            }
            Reply::Raw(text) => socket.send(Message::text(text)).await.unwrap(),
            Reply::Hang => return,
            Reply::Freeze => std::future::pending().await,
        }
    }
}

/// Takes connections, reads a first bit, sends `bytes` and then `more` again and again until
/// nobody takes it any more. Counts what was taken.
pub(super) async fn pour(bytes: Vec<u8>, more: Vec<u8>) -> (Device, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::from(listener.local_addr().unwrap());
    let count = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&count);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(pour_into(stream, &bytes, &more, &counter).await);
        }
    });
    (Device { address, _tasks: tasks }, count)
}

async fn pour_into(
    mut stream: TcpStream,
    bytes: &[u8],
    more: &[u8],
    count: &AtomicU64,
) -> std::io::Result<()> {
    let mut request = [0; 4_096];
    let length = stream.read(&mut request).await?;
    let head = String::from_utf8_lossy(&request[..length]).into_owned();
    let text = String::from_utf8_lossy(bytes);
    match accepted_key(&head).filter(|_| text.contains("KEY")) {
        Some(key) => {
            let at = text.find("KEY").unwrap();
            stream.write_all(text[..at].as_bytes()).await?;
            stream.write_all(key.as_bytes()).await?;
            stream.write_all(&bytes[at + 3..]).await?;
        }
        None => stream.write_all(bytes).await?,
    }
    while !more.is_empty() {
        stream.write_all(more).await?;
        count.fetch_add(more.len() as u64, Ordering::Relaxed);
    }
    Ok(())
}

/// What a WebSocket's handshake must be answered with.
fn accepted_key(head: &str) -> Option<String> {
    let line = head.lines().find(|it| it.to_ascii_lowercase().starts_with("sec-websocket-key:"))?;
    let key = line.split(':').nth(1)?.trim();
    Some(tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.as_bytes()))
}

/// Takes connections and never says a word.
pub(super) async fn silent() -> Device {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::from(listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    Device { address, _tasks: tasks }
}

/// An address where nobody is.
pub(super) async fn nowhere() -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Address::from(listener.local_addr().unwrap())
}

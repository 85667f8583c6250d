//! `hearthd ctl`: asks a running hub, over its socket. One JSON object a line on stdout, errors in
//! words on stderr, and an exit code that says what kind of error it was.

mod actions;
mod client;
mod find;
mod history;
mod rules;
mod scenes;
mod show;
mod value;

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use axum::http::{Request, header};
use model::Secret;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::cli::Ctl;
use crate::ctl::client::Client;
use crate::exit::{Failure, Kind};
use crate::place::{self, AddressFile};

/// Largest answer to a plain request.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// Does what the command line says.
pub(crate) async fn run(ctl: Ctl) -> Result<()> {
    let dir = place::home_dir(ctl.home.home)?;
    let address = AddressFile::read(&dir)?;
    let token = place::read_token(&dir).context("the token of the hub cannot be read")?;
    let client = Client::connect(address, &token).await?;
    actions::perform(client, ctl.action).await
}

/// Asks the hub something plain, without a body; the answer is JSON.
pub(crate) async fn post(
    address: SocketAddr,
    path: &str,
    token: &Secret,
) -> Result<serde_json::Value> {
    let mut stream = TcpStream::connect(address).await.map_err(|_| no_hub(address))?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n",
        token.expose()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(ANSWER_LIMIT).read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").context("the hub's answer is no HTTP")?;
    serde_json::from_str(body.trim()).context("the hub's answer is no JSON")
}

/// Nobody is where the address file points: the daemon was killed.
fn no_hub(address: SocketAddr) -> Failure {
    Failure::new(Kind::NoHub, format!("no hub answers at {address}"))
}

/// A request for the socket.
fn socket_request(address: SocketAddr, token: &Secret) -> Result<Request<()>> {
    Ok(Request::builder()
        .uri(format!("ws://{address}/api/v1/socket"))
        .header(header::HOST, address.to_string())
        .header(header::AUTHORIZATION, format!("Bearer {}", token.expose()))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(
            header::SEC_WEBSOCKET_KEY,
            tokio_tungstenite::tungstenite::handshake::client::generate_key(),
        )
        .body(())?)
}

//! `hearthd serve`: opens the home, answers clients, and closes the home in good order.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use hub::{Config, Hub, Keyring, Scope, Stage, StartError};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::cli::Serve;
use crate::exit::{Failure, Kind};
use crate::http::{self, Doors, Server, Sessions};
use crate::place::{self, AddressFile};
use crate::print_line;
use crate::sandbox::Sandbox;

/// Runs the home until the process is told to stop.
pub(crate) async fn run(options: Serve) -> Result<()> {
    let dir = place::home_dir(options.home.home.clone())?;
    check_listen(&options)?;
    let site = http::Site::locate(options.ui.as_ref())?;
    let listener = TcpListener::bind(options.listen).await.map_err(|error| {
        Failure::new(Kind::Refused, format!("{} cannot be listened on: {error}", options.listen))
    })?;
    let address = listener.local_addr()?;
    let hub = Hub::start(config(&options, dir.clone())?).await.map_err(refusal)?;
    let sessions = Sessions::open(dir.join("sessions"));
    let doors = Doors::new(&place::make_token(&dir)?, sessions, address, &options.allow_host);
    let link = site.is_some().then(|| doors.new_link()).transpose()?;
    let server = Server::new(hub.clone(), doors, site);
    let file = AddressFile::write(&dir, address)?;
    let version = env!("CARGO_PKG_VERSION");
    print_line(&serde_json::to_string(&Ready { ready: true, address, version, link })?)?;
    let served = server.run(listener, stop_signal()).await;
    drop(file);
    let stopped = hub.shutdown().await;
    served?;
    anyhow::ensure!(stopped, "the home did not close in good order within five seconds");
    tracing::info!("Stopped");
    Ok(())
}

fn check_listen(options: &Serve) -> Result<()> {
    if options.listen.ip().is_loopback() || options.allow_network {
        return Ok(());
    }
    let words =
        format!("{} is not on this machine's loopback; --allow-network allows it", options.listen);
    Err(Failure::new(Kind::Refused, words).into())
}

fn config(options: &Serve, dir: std::path::PathBuf) -> Result<Config> {
    let passphrase = options.passphrase_file.as_deref().map(place::read_secret).transpose()?;
    Ok(Config {
        dir,
        discovery: (!options.no_discovery).then_some(Scope::All),
        stage: options.sandbox.map_or(Stage::Real, Stage::Sandbox),
        simulator: Some(Arc::new(Sandbox)),
        keyring: if options.no_keyring { Keyring::None } else { Keyring::System },
        passphrase,
    })
}

fn refusal(error: StartError) -> anyhow::Error {
    match error {
        StartError::InUse => Failure::new(Kind::Refused, error.to_string()).into(),
        _ => error.into(),
    }
}

/// The one line on stdout that says that clients can come.
#[derive(Debug, Serialize)]
struct Ready {
    ready: bool,
    address: SocketAddr,
    version: &'static str,
    /// Signs in one browser, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// Ends when the process is asked to stop, politely.
async fn stop_signal() {
    if let Err(error) = asked_to_stop().await {
        tracing::error!(%error, "Signals cannot be received; only a kill will stop this");
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn asked_to_stop() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT")?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_stop() -> Result<()> {
    tokio::signal::ctrl_c().await.context("Ctrl-C")
}

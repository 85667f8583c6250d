//! A line to a hub: in this process without anything between, or to `hearthd` over its socket.

use std::path::Path;

use anyhow::{Context as _, Result};
use api::{Request, Update};
use hub::{Config, Hub, Keyring, Stage, Subscription};
use tests::{Daemon, Place};

use crate::socket::Client;

/// A line to a hub.
#[derive(Debug)]
pub(crate) enum Line {
    Direct(Hub, Subscription),
    Socket(Box<Client>, Daemon),
}

impl Line {
    /// A hub in this process.
    pub(crate) async fn direct(home: &Path) -> Result<Self> {
        let config = Config {
            dir: home.to_owned(),
            discovery: None,
            stage: Stage::Real,
            simulator: None,
            keyring: Keyring::None,
            passphrase: None,
        };
        let hub = Hub::start(config).await?;
        let subscription = hub.subscribe().await?;
        Ok(Self::Direct(hub, subscription))
    }

    /// A hub in a process of its own.
    pub(crate) async fn socket(home: &Path) -> Result<Self> {
        let daemon = Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring"])?;
        let client = Client::connect(&daemon, home).await?;
        Ok(Self::Socket(Box::new(client), daemon))
    }

    /// Asks for something.
    pub(crate) async fn ask(&mut self, request: Request) -> Result<()> {
        match self {
            Self::Direct(hub, _) => {
                hub.request(request).await?;
                Ok(())
            }
            Self::Socket(client, _) => client.ask(request).await,
        }
    }

    /// The next updates.
    pub(crate) async fn updates(&mut self) -> Result<Vec<Update>> {
        match self {
            Self::Direct(_, subscription) => {
                Ok(subscription.next().await.context("the hub has stopped")?.updates)
            }
            Self::Socket(client, _) => client.updates().await,
        }
    }

    /// Hangs up.
    pub(crate) async fn close(self) {
        match self {
            Self::Direct(hub, _) => drop(hub.shutdown().await),
            Self::Socket(client, daemon) => drop((client, daemon)),
        }
    }
}

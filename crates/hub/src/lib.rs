//! The one event loop: owns the engine, the store and the drivers, and does the effects.
//!
//! A [`Hub`] is a running home. Everything that happens to it is one closed enum of events; what
//! follows is decided by the engine alone and performed here, in order: what acts on the world
//! waits until the disk has what was decided before it. Reads the only clock, starts the only
//! tasks, decides nothing about a home.
#![warn(missing_docs)]

mod archive;
mod clock;
mod drivers;
mod effects;
mod event;
mod home;
mod journal;
mod lock;
mod outside;
mod past;
mod probe;
mod run;
mod secrets;
mod simulation;
mod stage;
mod subscription;
mod supervisor;
mod tasks;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use adapters::discovery::Scope;
pub use adapters::vault::Keyring;
use api::{Answer, ApiError, ErrorCode, Request};
pub use engine::{SANDBOX_DEVICES, Stage};
use model::Secret;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

pub use futures_util::future::BoxFuture;
pub use simulation::{Simulated, SimulatedDevice, Simulator};
pub use subscription::Subscription;

use crate::clock::Clock;
use crate::drivers::{Drivers, Network};
use crate::event::Event;
use crate::lock::HomeLock;
use crate::run::Loop;
use crate::stage::Setup;
use crate::subscription::Subscribers;
use crate::tasks::Tasks;

/// The longest that stopping takes.
const STOP: Duration = Duration::from_secs(5);
/// Most requests that may wait for the loop.
const REQUESTS: usize = 256;

/// What a hub needs to know.
#[derive(Debug)]
pub struct Config {
    /// Where the home is kept; made where it is missing. One hub a directory.
    pub dir: PathBuf,
    /// Where to look for devices; `None` does not look.
    pub discovery: Option<Scope>,
    /// Which home to open first.
    pub stage: Stage,
    /// Who simulates a home, where that is offered.
    pub simulator: Option<Arc<dyn Simulator>>,
    /// Which keyring to ask for the key of the secrets.
    pub keyring: Keyring,
    /// The passphrase of the secrets, where nobody is there to type it.
    pub passphrase: Option<Secret>,
}

/// Why a hub did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process has this home open.
    #[error("another Hearth has this home open")]
    InUse,
    /// The directory cannot be made or used.
    #[error("the home's directory cannot be used: {0}")]
    Directory(#[source] io::Error),
    /// The home cannot be read.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// Nobody here can simulate a home.
    #[error("no simulated home is offered here")]
    NoSimulator,
    /// The simulation did not start; in words.
    #[error("the simulated home did not start: {0}")]
    Simulator(String),
    /// A defect: what opens the home has panicked.
    #[error("opening the home failed: {0}")]
    Panicked(String),
}

/// A handle to a running hub. Cheap to clone; the hub stops with [`Hub::shutdown`], or when the
/// last handle is dropped.
#[derive(Debug, Clone)]
pub struct Hub {
    clients: mpsc::Sender<Event>,
    stop: CancellationToken,
    ended: watch::Receiver<Option<bool>>,
}

impl Hub {
    /// Opens the home and sets it going.
    ///
    /// # Errors
    /// When the home is in use, cannot be read, or cannot be simulated.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        Self::start_with(config, Arc::new(Network), Clock::System).await
    }

    /// As [`Self::start`], with the drivers and the clock of a test.
    pub(crate) async fn start_with(
        config: Config,
        drivers: Arc<dyn Drivers>,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let lock = HomeLock::take(&config.dir).map_err(StartError::Directory)?;
        let lock = lock.ok_or(StartError::InUse)?;
        let stage = config.stage;
        let setup = Setup::new(config, drivers, clock);
        let home = setup.open(stage).await?;
        Ok(Self::run(setup, stage, home, Some(lock)))
    }

    /// Sets an open home going.
    fn run(setup: Setup, stage: Stage, home: home::OpenHome, lock: Option<HomeLock>) -> Self {
        let (clients, requests) = mpsc::channel(REQUESTS);
        let (ending, ended) = watch::channel(None);
        let stop = setup.stop.clone();
        let subscribers = Subscribers::new(setup.clock);
        let hub = Loop { setup, stage, home, clients: requests, subscribers };
        Tasks::new(stop.clone()).spawn(async move {
            let well = hub.run().await;
            drop(lock);
            ending.send_replace(Some(well));
        });
        Self { clients, stop, ended }
    }

    /// Asks for something. `Ok` means accepted and written down, never that a device has done it.
    /// Dropping the future withdraws nothing.
    ///
    /// # Errors
    /// As the request's own; `Busy` when too many wait, `Stopped` once the hub has stopped.
    pub async fn request(&self, request: Request) -> Result<Answer, ApiError> {
        let (reply, answer) = oneshot::channel();
        self.tell(Event::Request(request, reply))?;
        answer.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Everything about the home from now on; a snapshot first.
    ///
    /// # Errors
    /// `Busy` when too many wait, `Stopped` once the hub has stopped.
    pub async fn subscribe(&self) -> Result<Subscription, ApiError> {
        let (reply, subscription) = oneshot::channel();
        self.tell(Event::Subscribe(reply))?;
        subscription.await.map_err(|_| stopped())
    }

    /// Stops the hub in good order: drivers say goodbye, the disk has everything. False when that
    /// took longer than five seconds, or did not go well.
    pub async fn shutdown(&self) -> bool {
        self.stop.cancel();
        let mut ended = self.ended.clone();
        let ending = ended.wait_for(Option::is_some);
        let ended = tokio::time::timeout(STOP, ending).await;
        matches!(ended, Ok(Ok(well)) if *well == Some(true))
    }

    fn tell(&self, event: Event) -> Result<(), ApiError> {
        self.clients.try_send(event).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => {
                ApiError::new(ErrorCode::Busy, "too many requests are waiting; try again")
            }
            mpsc::error::TrySendError::Closed(_) => stopped(),
        })
    }
}

fn stopped() -> ApiError {
    ApiError::new(ErrorCode::Stopped, "the hub has stopped")
}

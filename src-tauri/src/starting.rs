//! The hub on its way: it starts while the window opens, and commands wait for it.

use std::path::PathBuf;
use std::sync::Arc;

use api::{ApiError, ErrorCode};
use hub::{Config, Hub, Keyring, Scope, Stage};
use tauri::AppHandle;
use tokio::sync::watch;

use crate::options::Options;
use crate::simulator::SimulatedHome;
use crate::trouble;

/// The hub, or the words in which it failed to start; nothing yet while it is on its way.
type Outcome = Option<Result<Hub, String>>;

/// The hub on its way.
#[derive(Debug)]
pub(crate) struct Starting(watch::Receiver<Outcome>);

impl Starting {
    /// Starts the hub. When that fails, a window says why.
    pub(crate) fn begin(app: &AppHandle, dir: PathBuf, options: &Options) -> Self {
        let (outcome, receiver) = watch::channel(None);
        let place = dir.display().to_string();
        let config = Config {
            dir,
            discovery: Some(Scope::All),
            stage: options.sandbox.map_or(Stage::Real, Stage::Sandbox),
            simulator: Some(Arc::new(SimulatedHome)),
            keyring: Keyring::System,
            passphrase: None,
        };
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            let started = Hub::start(config).await.map_err(|error| format!("{place}: {error}"));
            let words = started.as_ref().err().cloned();
            outcome.send_replace(Some(started));
            if let Some(words) = words {
                tracing::error!("the hub did not start: {words}");
                trouble::show(&app);
            }
        });
        Self(receiver)
    }

    /// The hub, once it has started.
    pub(crate) async fn hub(&self) -> Result<Hub, ApiError> {
        let mut outcome = self.0.clone();
        let stopped = |words: &str| ApiError::new(ErrorCode::Stopped, words);
        let started = outcome.wait_for(Option::is_some).await.map_err(|_| stopped("no hub"))?;
        match started.as_ref() {
            Some(Ok(hub)) => Ok(hub.clone()),
            Some(Err(words)) => Err(stopped(words)),
            None => Err(stopped("no hub")),
        }
    }

    /// Why it failed to start, if it did.
    pub(crate) fn failure(&self) -> Option<String> {
        self.0.borrow().as_ref()?.as_ref().err().cloned()
    }

    /// Stops the hub if it has started, and waits until all is on disk: 5 s at most.
    pub(crate) async fn shutdown(&self) {
        let hub = self.0.borrow().as_ref().and_then(|it| it.as_ref().ok()).cloned();
        if let Some(hub) = hub
            && !hub.shutdown().await
        {
            tracing::warn!("the hub did not stop in time");
        }
    }
}

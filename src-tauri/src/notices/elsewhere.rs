//! Windows and macOS: the notification is shown, without buttons. Those are in the window.

use std::convert::Infallible;

use model::{Notice, NoticeId};
use notify_rust::{Notification, error::Error};

use super::Touched;

/// The desktop.
#[derive(Debug)]
pub(super) struct Desk;

impl Desk {
    /// There always is one.
    #[expect(clippy::unused_async, reason = "as on the other systems")]
    pub(super) async fn connect() -> Result<Self, Infallible> {
        Ok(Self)
    }

    /// Shows it.
    pub(super) async fn show(&mut self, notice: &Notice) -> Result<(), Error> {
        let (title, body) = (notice.title.clone(), notice.body.clone());
        let showing = tauri::async_runtime::spawn_blocking(move || {
            Notification::new().appname("Hearth").summary(&title).body(&body).show().map(drop)
        });
        showing.await.unwrap_or(Ok(()))
    }

    /// What is shown goes by itself there.
    #[expect(clippy::unused_async, reason = "as on the other systems")]
    pub(super) async fn withdraw(&mut self, _: &NoticeId) -> Result<(), Error> {
        Ok(())
    }

    /// Nothing comes back from there.
    pub(super) async fn touched(&mut self) -> Touched {
        std::future::pending().await
    }
}

//! What rules tell their people, shown by the desktop itself: each notice once, with its buttons
//! where the desktop has such a thing. Where it has none the notice is still in the window, with
//! its buttons: nothing is lost but the interruption.

mod board;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod freedesktop;

use std::pin::pin;

use api::{Batch, Request};
use futures_util::stream::{self, Stream, StreamExt as _};
use hub::{Hub, Subscription};
use model::NoticeId;
use tauri::{AppHandle, Manager as _};

#[cfg(not(target_os = "linux"))]
use self::elsewhere::Desk;
#[cfg(target_os = "linux")]
use self::freedesktop::Desk;
use crate::starting::Starting;
use crate::window;

use self::board::{Board, Deed};

/// What somebody did with a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Touched {
    /// Pressed that button, counted from 0.
    Button(NoticeId, u8),
    /// Touched the notification itself.
    Itself,
}

/// Shows notices for as long as the hub runs.
pub(crate) fn begin(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let Ok(hub) = app.state::<Starting>().hub().await else { return };
        let desk = match Desk::connect().await {
            Ok(desk) => desk,
            Err(error) => {
                tracing::warn!("this desktop shows no notifications: {error}");
                return;
            }
        };
        let pressing = hub.clone();
        run(updates(hub), desk, |touched| answer(touched, app.clone(), pressing.clone())).await;
    });
}

async fn answer(touched: Touched, app: AppHandle, hub: Hub) {
    match touched {
        Touched::Itself => window::show(&app),
        Touched::Button(notice, button) => {
            // It may have been pressed in the window already: then this is refused.
            if let Err(error) = hub.request(Request::PressNotice(notice, button)).await {
                tracing::warn!("a button of a notification did nothing: {error}");
            }
        }
    }
}

/// All there is to know of the home; begins with a snapshot anew where this was too slow.
fn updates(hub: Hub) -> impl Stream<Item = Batch> {
    stream::unfold((hub, None::<Subscription>), |(hub, subscription)| async move {
        let mut subscription = match subscription {
            Some(subscription) => subscription,
            None => hub.subscribe().await.ok()?,
        };
        match subscription.next().await {
            Some(batch) => Some((Some(batch), (hub, Some(subscription)))),
            None => Some((None, (hub, None))),
        }
    })
    .filter_map(std::future::ready)
}

async fn run<Answering: Future<Output = ()>>(
    updates: impl Stream<Item = Batch>,
    mut desk: Desk,
    touched: impl Fn(Touched) -> Answering,
) {
    let mut updates = pin!(updates);
    let mut board = Board::default();
    loop {
        let batch = tokio::select! {
            batch = updates.next() => batch,
            it = desk.touched() => {
                touched(it).await;
                continue;
            }
        };
        let Some(batch) = batch else { return };
        for update in batch.updates {
            for deed in board.take_in(update) {
                let done = match deed {
                    Deed::Show(notice) => desk.show(&notice).await,
                    Deed::Withdraw(notice) => desk.withdraw(&notice).await,
                };
                if let Err(error) = done {
                    tracing::warn!("the desktop does not take a notification: {error}");
                }
            }
        }
    }
}

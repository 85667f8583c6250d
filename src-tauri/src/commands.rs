//! The commands of the window: the contract, and nothing else.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use api::{Answer, ApiError, Batch, Request};
use tauri::ipc::Channel;
use tauri::{State, Webview};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::starting::Starting;

/// Under load a client gets a batch no more often than this, about twice a frame; what happens
/// in between is put together. The first is sent at once.
const PACE: Duration = Duration::from_millis(33);

/// Passes a request on.
#[tauri::command]
pub(crate) async fn request(
    starting: State<'_, Starting>,
    request: Request,
) -> Result<Answer, ApiError> {
    starting.hub().await?.request(request).await
}

/// Streams the home into the channel, a snapshot first. Answers when the stream has ended; the
/// page then subscribes again.
#[tauri::command]
pub(crate) async fn subscribe(
    starting: State<'_, Starting>,
    streams: State<'_, Streams>,
    webview: Webview,
    updates: Channel<Batch>,
) -> Result<(), ApiError> {
    let over = streams.begin(webview.label());
    let mut subscription = starting.hub().await?.subscribe().await?;
    let pump = async {
        while let Some(batch) = subscription.next().await {
            if updates.send(batch).is_err() {
                break;
            }
            tokio::time::sleep(PACE).await;
        }
    };
    over.run_until_cancelled(pump).await;
    Ok(())
}

/// The stream of each page. A page that is loaded anew leaves its old stream behind, which nobody
/// reads; the new one ends it.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<BTreeMap<String, DropGuard>>);

impl Streams {
    fn begin(&self, page: &str) -> CancellationToken {
        let over = CancellationToken::new();
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(streams.insert(page.to_owned(), over.clone().drop_guard()));
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_stream_of_a_page_ends_its_old_one_and_no_other() {
        let streams = Streams::default();
        let (old, other) = (streams.begin("main"), streams.begin("second"));
        let new = streams.begin("main");
        assert!(old.is_cancelled());
        assert!(!other.is_cancelled() && !new.is_cancelled());
    }
}

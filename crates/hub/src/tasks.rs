//! The only place that starts tasks, so that stopping can wait for all of them.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tasks that stop together.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl Tasks {
    /// No tasks yet; they stop when the token says so.
    pub(crate) fn new(stop: CancellationToken) -> Self {
        Self { tracker: TaskTracker::new(), stop }
    }

    /// Tells every task to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// What tells tasks to stop.
    pub(crate) fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Runs a future to its end, which it reaches by itself soon after the token says so.
    pub(crate) fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.tracker.spawn(future)
    }

    /// Runs a future until it ends or the token says so, whichever comes first.
    pub(crate) fn spawn_until_stop<F>(&self, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.token();
        self.tracker.spawn(async move { stop.run_until_cancelled(future).await });
    }

    /// Runs what blocks: disks, keyrings, key derivation.
    pub(crate) fn spawn_blocking<F, T>(&self, work: F) -> JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        self.tracker.spawn_blocking(work)
    }

    /// Waits for all tasks to end. False when some had not in that time.
    pub(crate) async fn ended_within(&self, limit: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(limit, self.tracker.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn stopping_waits_for_those_that_come_to_an_end_and_not_for_the_others() {
        let tasks = Tasks::new(CancellationToken::new());
        tasks.spawn_until_stop(std::future::pending());
        tasks.stop();
        assert!(tasks.ended_within(Duration::from_secs(1)).await);

        let tasks = Tasks::new(CancellationToken::new());
        let deaf = tasks.spawn(std::future::pending::<()>());
        tasks.stop();
        assert!(!tasks.ended_within(Duration::from_secs(1)).await);
        deaf.abort();
    }
}

//! What the store's threads know of time.

use std::time::Instant;

use model::Timestamp;

/// Wall time, as it was last told, and how long ago that was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    wall: Timestamp,
    since: Instant,
}

impl Clock {
    /// It is that late.
    pub(crate) fn at(now: Timestamp) -> Self {
        Self { wall: now, since: instant() }
    }

    /// It was at least that late.
    pub(crate) fn heard(&mut self, at: Timestamp) {
        if at > self.now() {
            *self = Self::at(at);
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.wall + instant().saturating_duration_since(self.since)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "deadlines of the store's own threads; no decision and no row depends on them"
)]
pub(crate) fn instant() -> Instant {
    Instant::now()
}

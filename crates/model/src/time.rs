//! Time as data. Only `hub::clock` reads a clock; everyone else is told.

use std::ops::Add;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Wall time: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// How long before `later` this was; zero when it was not (clocks are set back).
    #[must_use]
    pub fn age_at(self, later: Self) -> Duration {
        Duration::from_millis(u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// The present as the hub hands it to the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Time since the machine started, sleep included. For deadlines: it never goes back.
    pub uptime: Duration,
    /// Wall time. For people and schedules: it may jump.
    pub wall: Timestamp,
}

impl Moment {
    /// The moment after `span` has passed with no jump of the wall clock.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self { uptime: self.uptime.saturating_add(span), wall: self.wall + span }
    }
}

//! What is to be done later: a sorted set of moments. Never reads a clock.

use std::collections::BTreeSet;
use std::time::Duration;

use model::{CommandId, DeviceId};

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Ask the command's device what it says now.
    Refresh(CommandId),
    /// Give the command up.
    Deadline(CommandId),
    /// The device said goodbye and has not spoken since.
    Goodbye(DeviceId),
}

/// All that is due, soonest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Timers(BTreeSet<(Duration, Timer)>);

impl Timers {
    pub(crate) fn set(&mut self, at: Duration, timer: Timer) {
        self.0.insert((at, timer));
    }

    pub(crate) fn cancel(&mut self, at: Duration, timer: Timer) {
        self.0.remove(&(at, timer));
    }

    pub(crate) fn next(&self) -> Option<Duration> {
        self.0.first().map(|(at, _)| *at)
    }

    /// Takes the soonest timer out, if it is due by then.
    pub(crate) fn take_due(&mut self, uptime: Duration) -> Option<Timer> {
        let is_due = self.next().is_some_and(|at| at <= uptime);
        is_due.then(|| self.0.pop_first()).flatten().map(|(_, timer)| timer)
    }
}

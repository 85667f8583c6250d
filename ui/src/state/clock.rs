//! The hub's time as far as we can tell it: timestamps are its, and its clock may differ from ours.

use model::Timestamp;

/// How far the hub's clock is ahead of ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clock {
    ahead_by: i64,
}

impl Clock {
    /// A message of the hub told its time; ours is `here`.
    pub fn set(&mut self, hub: Timestamp, here: Timestamp) {
        self.ahead_by = hub.0.saturating_sub(here.0);
    }

    /// The hub's time when ours is `here`.
    pub fn read(self, here: Timestamp) -> Timestamp {
        Timestamp(here.0.saturating_add(self.ahead_by))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_by_the_hubs_clock() {
        let mut clock = Clock::default();
        clock.set(Timestamp(10_000), Timestamp(4_000));
        assert_eq!(clock.read(Timestamp(5_000)), Timestamp(11_000));
    }
}

//! The only place that reads a clock.
//!
//! Two of them: time since the machine started, sleep included, for deadlines; and wall time for
//! people. Tests hold both still with tokio's paused clock.

use std::time::Duration;

use model::{Moment, Timestamp};

/// Where the present comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    /// The machine's clocks.
    System,
    /// Tokio's clock, which tests hold still, counted from that instant; the wall clock goes with
    /// it from an arbitrary day.
    #[cfg(test)]
    Held(tokio::time::Instant),
}

impl Clock {
    /// A clock that goes only when the test lets it.
    #[cfg(test)]
    pub(crate) fn held() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        Self::Held(tokio::time::Instant::now())
    }

    /// The present.
    pub(crate) fn now(self) -> Moment {
        match self {
            Self::System => Moment { uptime: uptime(), wall: wall() },
            #[cfg(test)]
            Self::Held(start) => {
                let day = Moment {
                    uptime: Duration::from_secs(1_000),
                    wall: Timestamp(1_790_000_000_000),
                };
                day.after(start.elapsed())
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn wall() -> Timestamp {
    Timestamp(chrono::Utc::now().timestamp_millis())
}

/// Linux' monotonic clock stops in sleep, its boot time does not.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn uptime() -> Duration {
    span(rustix::time::clock_gettime(rustix::time::ClockId::Boottime))
}

/// Apple's monotonic clock counts sleep.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn uptime() -> Duration {
    span(rustix::time::clock_gettime(rustix::time::ClockId::Monotonic))
}

/// The performance counter behind `Instant` counts sleep on Windows.
#[cfg(not(unix))]
fn uptime() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(|| {
        #[expect(clippy::disallowed_methods, reason = "this is the one place")]
        std::time::Instant::now()
    });
    START.elapsed()
}

#[cfg(unix)]
fn span(time: rustix::time::Timespec) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_never_goes_back_and_wall_time_is_of_this_age() {
        let first = Clock::System.now();
        let second = Clock::System.now();
        assert!(second.uptime >= first.uptime);
        assert!(first.wall > Timestamp(1_700_000_000_000));
    }

    #[tokio::test(start_paused = true)]
    async fn a_held_clock_moves_only_when_told() {
        let clock = Clock::held();
        let before = clock.now();
        assert_eq!(clock.now(), before);
        tokio::time::advance(Duration::from_secs(7)).await;
        assert_eq!(clock.now(), before.after(Duration::from_secs(7)));
    }
}

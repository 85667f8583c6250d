//! Whether what a tile says is live, and why not.

use std::time::Duration;

use api::CapabilityState;
use model::{Cause, Reachability, Source, Timestamp};

use super::Seen;

/// How far what a tile says can be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The device says so, now.
    Live,
    /// It was said before Hearth was last started; the device has not spoken since.
    Remembered(Option<Timestamp>),
    /// The hub cannot be heard: it may be otherwise by now.
    Stale(Option<Timestamp>),
    /// The device cannot be talked to.
    Offline {
        /// Why.
        cause: Cause,
        /// For how long, to the minute.
        age: Duration,
        /// When it was last heard.
        heard_at: Option<Timestamp>,
    },
}

impl Standing {
    /// The standing of what an endpoint says.
    pub fn of(seen: &Seen<'_>) -> Self {
        let heard_at = seen.device.heard_at;
        if !seen.connected {
            return Self::Stale(heard_at);
        }
        match &seen.device.reachability {
            Reachability::Unreachable { since, cause } => {
                let age = whole_minutes(since.age_at(seen.now));
                Self::Offline { cause: cause.clone(), age, heard_at }
            }
            Reachability::Unknown | Reachability::Reachable => remembered(seen),
        }
    }

    /// Whether it is live.
    pub fn is_live(&self) -> bool {
        *self == Self::Live
    }
}

/// Only what was written down and not said again since is remembered.
fn remembered(seen: &Seen<'_>) -> Standing {
    let states: Vec<CapabilityState> = seen.live.states().map(|(_, it)| it).collect();
    let is_remembered = |it: &CapabilityState| it.source == Some(Source::Remembered);
    let some = states.iter().any(is_remembered);
    let all = states.iter().filter(|it| it.value.is_some()).all(is_remembered);
    if some && all {
        Standing::Remembered(states.iter().filter_map(|it| it.reported_at).max())
    } else {
        Standing::Live
    }
}

/// Coarse, so that a tile changes once a minute at most.
fn whole_minutes(age: Duration) -> Duration {
    Duration::from_secs(age.as_secs() / 60 * 60)
}

#[cfg(test)]
mod tests {
    use model::{EndpointKind, Spec, Value};

    use super::super::fixture::{device, endpoint, live, seen};
    use super::*;

    #[test]
    fn an_unreachable_device_is_offline_since_then() {
        let endpoint = endpoint(EndpointKind::Plug, vec![Spec::OnOff]);
        let mut device = device(&endpoint);
        let cause = Cause::NoAnswer;
        device.reachability = Reachability::Unreachable { since: Timestamp(0), cause };
        let live = live(vec![Value::OnOff(true)]);
        let mut seen = seen(&device, &endpoint, &live);
        seen.now = Timestamp(7_265_000);
        let Standing::Offline { age, .. } = Standing::of(&seen) else { panic!() };
        assert_eq!(age, Duration::from_secs(7_260));
    }

    #[test]
    fn when_the_hub_is_gone_nothing_is_live() {
        let endpoint = endpoint(EndpointKind::Plug, vec![Spec::OnOff]);
        let device = device(&endpoint);
        let live = live(vec![Value::OnOff(true)]);
        let mut seen = seen(&device, &endpoint, &live);
        assert!(Standing::of(&seen).is_live());
        seen.connected = false;
        assert_eq!(Standing::of(&seen), Standing::Stale(Some(Timestamp(1_000))));
    }

    #[test]
    fn what_was_written_down_is_said_to_be_remembered_until_the_device_speaks() {
        let endpoint = endpoint(EndpointKind::Plug, vec![Spec::OnOff]);
        let device = device(&endpoint);
        let mut states = live(vec![]);
        let state = CapabilityState {
            value: Some(Value::OnOff(true)),
            reported_at: Some(Timestamp(7)),
            source: Some(Source::Remembered),
            ..CapabilityState::default()
        };
        states.hear(model::Capability::OnOff, state);
        let standing = Standing::of(&seen(&device, &endpoint, &states));
        assert_eq!(standing, Standing::Remembered(Some(Timestamp(7))));
        let spoken = live(vec![Value::OnOff(true)]);
        assert!(Standing::of(&seen(&device, &endpoint, &spoken)).is_live());
    }
}

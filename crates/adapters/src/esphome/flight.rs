//! Commands that were sent and not yet confirmed by what the device reports.

use std::collections::VecDeque;

use model::{Action, CommandId, EndpointKey, Value};

/// More are not watched; the oldest have long expired by then.
const WATCHED: usize = 64;

/// Commands in flight, oldest first.
#[derive(Debug, Default)]
pub(super) struct Flight(VecDeque<(CommandId, EndpointKey, Action)>);

impl Flight {
    pub(super) fn add(&mut self, id: CommandId, endpoint: EndpointKey, action: Action) {
        if self.0.len() == WATCHED {
            self.0.pop_front();
        }
        self.0.push_back((id, endpoint, action));
    }

    /// Forgets what these values confirm.
    pub(super) fn see(&mut self, values: &[(EndpointKey, Value)]) {
        self.0.retain(|(_, endpoint, action)| {
            let confirmed = |(of, value): &(EndpointKey, Value)| {
                of == endpoint && action.is_confirmed_by(value)
            };
            !values.iter().any(confirmed)
        });
    }

    /// Those that were never confirmed.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = CommandId> {
        std::mem::take(&mut self.0).into_iter().map(|(id, ..)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> CommandId {
        text.parse().unwrap()
    }

    #[test]
    fn what_the_device_confirms_is_not_in_flight_any_more() {
        let relay: EndpointKey = "switch-relay".parse().unwrap();
        let mut flight = Flight::default();
        flight.add(id("on"), relay.clone(), Action::SetOnOff(true));
        flight.add(id("off"), relay.clone(), Action::SetOnOff(false));
        flight.see(&[("switch-other".parse().unwrap(), Value::OnOff(false))]);
        flight.see(&[(relay, Value::OnOff(true))]);
        assert_eq!(flight.take_all().collect::<Vec<_>>(), [id("off")]);
        assert_eq!(flight.take_all().count(), 0);
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let mut flight = Flight::default();
        for number in 0..1_000 {
            let id = id(&format!("c{number}"));
            flight.add(id, "switch-relay".parse().unwrap(), Action::SetOnOff(true));
        }
        assert_eq!(flight.take_all().next(), Some(id("c936")));
    }
}

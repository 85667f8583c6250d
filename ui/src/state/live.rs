//! The states of one endpoint: what the hub says of each capability, and over it what was just
//! asked for here and the hub has not spoken of yet. That is what makes a tap show at once.

use std::collections::BTreeMap;

use api::{CapabilityState, Failure, Pending};
use model::{Action, Capability, CommandId, CommandState, FailReason, Origin, Timestamp, Value};

/// States of the capabilities of an endpoint.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Live {
    said: BTreeMap<Capability, CapabilityState>,
    echoes: BTreeMap<Capability, Echo>,
}

/// A wish of this client that the hub has not spoken of yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Echo {
    /// Its command.
    pub command: CommandId,
    /// What was asked.
    pub action: Action,
    /// When.
    pub since: Timestamp,
    refused: Option<Option<FailReason>>,
}

impl Echo {
    /// A wish that was just sent off.
    pub fn new(command: CommandId, action: Action, since: Timestamp) -> Self {
        Self { command, action, since, refused: None }
    }
}

impl Live {
    /// Replaces all that the hub said. Wishes that it has not spoken of stay.
    pub fn replace(&mut self, said: BTreeMap<Capability, CapabilityState>) {
        let spoken_of: Vec<Capability> = said
            .iter()
            .filter(|(capability, state)| self.answers(**capability, state))
            .map(|(capability, _)| *capability)
            .collect();
        for capability in spoken_of {
            self.echoes.remove(&capability);
        }
        self.said = said;
    }

    /// Takes in what the hub says of one capability.
    pub fn hear(&mut self, capability: Capability, state: CapabilityState) {
        if self.answers(capability, &state) {
            self.echoes.remove(&capability);
        }
        self.said.insert(capability, state);
    }

    /// Whether that state makes our own echo of the capability superfluous: it speaks of the same
    /// command, or the echo only tells a failure, which any news clears.
    fn answers(&self, capability: Capability, state: &CapabilityState) -> bool {
        let Some(echo) = self.echoes.get(&capability) else { return false };
        let pending = state.pending.as_ref().is_some_and(|it| it.command == echo.command);
        let failed = state.failure.as_ref().is_some_and(|it| it.command == echo.command);
        pending || failed || echo.refused.is_some()
    }

    /// Something is asked of a capability, here and now.
    pub fn ask(&mut self, echo: Echo) {
        self.echoes.insert(echo.action.capability(), echo);
    }

    /// The hub has taken the command over, or it is over: what the hub says is all there is.
    pub fn settle(&mut self, command: &CommandId) {
        self.echoes.retain(|_, echo| echo.command != *command || echo.refused.is_some());
    }

    /// The hub did not take the command.
    pub fn refuse(&mut self, command: &CommandId, reason: Option<FailReason>) {
        for echo in self.echoes.values_mut().filter(|it| it.command == *command) {
            echo.refused = Some(reason.clone());
        }
    }

    /// The state of a capability as it is to be shown; empty when nothing is known.
    pub fn state(&self, capability: Capability) -> CapabilityState {
        let said = self.said.get(&capability).cloned().unwrap_or_default();
        match self.echoes.get(&capability) {
            Some(echo) => echoed(said, echo),
            None => said,
        }
    }

    /// Every capability of which anything is known or asked, with its state as it is to be shown.
    pub fn states(&self) -> impl Iterator<Item = (Capability, CapabilityState)> + '_ {
        let asked = self.echoes.keys().filter(|it| !self.said.contains_key(it));
        self.said.keys().chain(asked).map(|it| (*it, self.state(*it)))
    }
}

fn echoed(said: CapabilityState, echo: &Echo) -> CapabilityState {
    match &echo.refused {
        Some(reason) => CapabilityState {
            failure: Some(Failure {
                command: echo.command.clone(),
                action: echo.action.clone(),
                reason: reason.clone(),
                at: echo.since,
            }),
            ..said
        },
        None => CapabilityState {
            pending: Some(Pending {
                command: echo.command.clone(),
                action: echo.action.clone(),
                wanted: echo.action.wanted(said.value.as_ref()),
                origin: Origin::App,
                state: CommandState::Requested,
                since: echo.since,
                until: echo.since,
            }),
            failure: None,
            ..said
        },
    }
}

/// The value to show of a state: what is wanted while a command is on its way, else what is known.
/// Of a lock only what it says itself: a door is not locked because somebody wishes it were.
pub fn shown_value(state: &CapabilityState) -> Option<&Value> {
    let wanted = state.pending.as_ref().and_then(|it| it.wanted.as_ref());
    match wanted {
        None | Some(Value::DoorLock(_)) => state.value.as_ref(),
        wanted => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(text: &str) -> CommandId {
        text.parse().unwrap()
    }

    fn on(on: bool) -> CapabilityState {
        CapabilityState { value: Some(Value::OnOff(on)), ..CapabilityState::default() }
    }

    fn echo(id: &str, action: Action) -> Echo {
        Echo::new(command(id), action, Timestamp(5))
    }

    fn pending(id: &str) -> CapabilityState {
        let action = Action::SetOnOff(true);
        let pending = Pending {
            command: command(id),
            wanted: action.wanted(None),
            action,
            origin: Origin::App,
            state: CommandState::Sent,
            since: Timestamp(1),
            until: Timestamp(9),
        };
        CapabilityState { pending: Some(pending), ..on(false) }
    }

    fn asked() -> Live {
        let mut live = Live::default();
        live.hear(Capability::OnOff, on(false));
        live.ask(echo("a", Action::SetOnOff(true)));
        live
    }

    #[test]
    fn a_tap_shows_before_the_hub_says_anything() {
        let state = asked().state(Capability::OnOff);
        assert_eq!(shown_value(&state), Some(&Value::OnOff(true)));
        assert_eq!(state.value, Some(Value::OnOff(false)));
    }

    #[test]
    fn a_report_from_before_the_tap_does_not_make_it_snap_back() {
        let mut live = asked();
        live.hear(Capability::OnOff, on(false));
        assert_eq!(shown_value(&live.state(Capability::OnOff)), Some(&Value::OnOff(true)));
    }

    #[test]
    fn once_the_hub_speaks_of_the_command_only_the_hub_counts() {
        let mut live = asked();
        live.hear(Capability::OnOff, pending("a"));
        live.hear(Capability::OnOff, on(false));
        assert_eq!(shown_value(&live.state(Capability::OnOff)), Some(&Value::OnOff(false)));
    }

    #[test]
    fn a_word_about_another_command_leaves_ours() {
        let mut live = asked();
        live.hear(Capability::OnOff, pending("b"));
        let shown = live.state(Capability::OnOff).pending.map(|it| it.command);
        assert_eq!(shown, Some(command("a")));
    }

    #[test]
    fn a_refused_command_shows_the_old_state_and_why() {
        let mut live = asked();
        live.refuse(&command("a"), Some(FailReason::QueueFull));
        live.settle(&command("a"));
        let state = live.state(Capability::OnOff);
        assert_eq!(shown_value(&state), Some(&Value::OnOff(false)));
        assert_eq!(state.failure.unwrap().reason, Some(FailReason::QueueFull));
        live.hear(Capability::OnOff, on(false));
        assert_eq!(live.state(Capability::OnOff).failure, None);
    }

    #[test]
    fn a_settled_command_leaves_what_the_hub_says() {
        let mut live = asked();
        live.settle(&command("a"));
        assert_eq!(live.state(Capability::OnOff), on(false));
    }

    #[test]
    fn a_new_snapshot_keeps_wishes_that_it_does_not_speak_of() {
        let mut live = asked();
        live.replace(BTreeMap::from([(Capability::OnOff, on(false))]));
        assert!(live.state(Capability::OnOff).pending.is_some());
        live.replace(BTreeMap::from([(Capability::OnOff, pending("a"))]));
        live.replace(BTreeMap::new());
        assert_eq!(live.state(Capability::OnOff), CapabilityState::default());
    }

    #[test]
    fn a_door_is_not_locked_because_somebody_wishes_it_were() {
        let mut live = Live::default();
        live.ask(echo("a", Action::SetLocked(true)));
        let state = live.state(Capability::DoorLock);
        assert!(state.pending.is_some());
        assert_eq!(shown_value(&state), None);
    }

    #[test]
    fn a_wish_of_which_nothing_is_known_is_listed_too() {
        let mut live = Live::default();
        live.ask(echo("a", Action::SetOnOff(true)));
        assert_eq!(live.states().count(), 1);
    }
}

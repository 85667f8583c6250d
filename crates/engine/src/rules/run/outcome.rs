//! Commands of a run come to their ends.

use model::rule::{InFlight, RunPhase, TraceEvent};
use model::{Action, CommandId, CommandState, FailReason};

use super::Course;
use crate::rules::Rules;
use crate::rules::turn::Turn;

impl Rules {
    /// A command has come to its end; nothing comes of it when no run waits for it.
    pub(in crate::rules) fn landed(
        &mut self,
        command: &CommandId,
        state: &CommandState,
        turn: &mut Turn<'_>,
    ) {
        let Some(run) = self.flights.get(command).cloned() else { return };
        self.course(&run, turn, |course| {
            course.outcome(command, state);
            course.landed();
        });
    }
}

impl Course<'_, '_> {
    /// Notes how a command ended.
    pub(super) fn outcome(&mut self, command: &CommandId, state: &CommandState) {
        let RunPhase::Commands(flights) = &mut self.live.run.cursor.phase else { return };
        let Some(at) = flights.iter().position(|it| it.command == *command) else { return };
        let flight = flights.remove(at);
        self.live.doubts.remove(command);
        if *state != CommandState::Observed && !is_our_own_doing(&flight, state) {
            self.live.failed = self.live.failed.saturating_add(1);
        }
        self.note(TraceEvent::Outcome(command.clone(), state.clone()));
        if is_switched_on(&flight) && never_left(state) {
            self.live.pulses.retain(|(it, _)| *it != flight.endpoint);
            self.live.run.cursor.pulses.retain(|(it, _)| *it != flight.endpoint);
        }
    }

    /// Once nothing is on its way any more, the step is over: unless something is still on that
    /// has to be switched off.
    pub(super) fn landed(&mut self) {
        let phase = &self.live.run.cursor.phase;
        if matches!(phase, RunPhase::Commands(flights) if !flights.is_empty()) {
            return;
        }
        let earliest = self.live.run.cursor.pulses.iter().map(|(_, at)| *at).min();
        if let Some(at) = earliest {
            self.live.run.cursor.phase = RunPhase::Until(at);
            return;
        }
        self.over();
        self.go();
    }
}

fn is_switched_on(flight: &InFlight) -> bool {
    flight.once && flight.action == Action::SetOnOff(true)
}

/// What was switched on for a moment is switched off by the next command, confirmed or not.
fn is_our_own_doing(flight: &InFlight, state: &CommandState) -> bool {
    is_switched_on(flight) && *state == CommandState::Failed(FailReason::Superseded)
}

/// Whether it is certain that nothing happened.
fn never_left(state: &CommandState) -> bool {
    match state {
        CommandState::Failed(
            FailReason::Unreachable
            | FailReason::NotAuthorized
            | FailReason::Refused(_)
            | FailReason::QueueFull
            | FailReason::NotRecorded,
        ) => true,
        CommandState::Failed(
            FailReason::ConnectionLost | FailReason::Superseded | FailReason::Interrupted,
        )
        | CommandState::Requested
        | CommandState::Sent
        | CommandState::Acknowledged
        | CommandState::Observed
        | CommandState::Expired => false,
    }
}

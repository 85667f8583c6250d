//! The life of a command: requested → sent → acknowledged → observed, or failed, or expired.
//!
//! A command is written down before it leaves, leaves once, and is done only when the device
//! itself shows it. Nothing here ever sends a command a second time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use api::{Answer, ApiError, ErrorCode, Failure, Pending, Update};
use model::{
    Action, Capability, Change, Command, CommandId, CommandState, DeviceId, EndpointId, FailReason,
    Moment, OpenCommand, Percent, Progress, Reachability, Spec,
};

use crate::device::Device;
use crate::rules::Happening;
use crate::timer::{Timer, Timers};
use crate::{Effect, Engine, requests};

/// How many command ids are remembered so that none is carried out twice.
const REMEMBERED: usize = 4096;

/// How long a command may go without the device showing it before the device is asked.
const ASK_AFTER: Duration = Duration::from_millis(400);

/// How long a device on the LAN has to show what it was asked for.
const DEADLINE: Duration = Duration::from_secs(3);

/// The same for what moves something heavy or asks a second device.
const SLOW_DEADLINE: Duration = Duration::from_secs(8);

/// The commands on their way, and the ids that were used.
#[derive(Debug, Clone, Default)]
pub(crate) struct Commands {
    open: BTreeMap<CommandId, Open>,
    recent: VecDeque<CommandId>,
    used: BTreeSet<CommandId>,
}

/// Where a command on its way is, and what is due for it (uptime).
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) endpoint: EndpointId,
    pub(crate) capability: Capability,
    transition: Duration,
    deadline: Duration,
    ask_at: Option<Duration>,
}

impl Commands {
    fn was_used(&self, id: &CommandId) -> bool {
        self.used.contains(id) || self.open.contains_key(id)
    }

    pub(crate) fn remember(&mut self, id: CommandId) {
        if self.used.insert(id.clone()) {
            self.recent.push_back(id);
        }
        if self.recent.len() > REMEMBERED
            && let Some(oldest) = self.recent.pop_front()
        {
            self.used.remove(&oldest);
        }
    }

    fn open(&mut self, id: &CommandId, open: Open, timers: &mut Timers) {
        timers.set(open.deadline, Timer::Deadline(id.clone()));
        self.open.insert(id.clone(), open);
    }

    pub(crate) fn get(&self, id: &CommandId) -> Option<&Open> {
        self.open.get(id)
    }

    /// From the first sign that it has left: the device is asked once, a little after it should be
    /// done.
    fn ask_later(&mut self, id: &CommandId, now: Moment, timers: &mut Timers) {
        if let Some(open) = self.open.get_mut(id)
            && open.ask_at.is_none()
            && open.capability != Capability::Momentary
        {
            let at = now.uptime.saturating_add(open.transition).saturating_add(ASK_AFTER);
            open.ask_at = Some(at);
            timers.set(at, Timer::Refresh(id.clone()));
        }
    }

    pub(crate) fn close(&mut self, id: &CommandId, timers: &mut Timers) -> Option<Open> {
        let open = self.open.remove(id)?;
        timers.cancel(open.deadline, Timer::Deadline(id.clone()));
        if let Some(at) = open.ask_at {
            timers.cancel(at, Timer::Refresh(id.clone()));
        }
        Some(open)
    }
}

fn deadline_of(capability: Capability) -> Duration {
    let is_slow = matches!(
        capability,
        Capability::DoorLock | Capability::Thermostat | Capability::WindowCovering
    );
    if is_slow { SLOW_DEADLINE } else { DEADLINE }
}

/// Why a command comes to nothing when the connection is lost at that point of its life.
fn reason_when_lost(state: &CommandState) -> FailReason {
    match state {
        CommandState::Requested => FailReason::Unreachable,
        CommandState::Sent
        | CommandState::Acknowledged
        | CommandState::Observed
        | CommandState::Failed(_)
        | CommandState::Expired => FailReason::ConnectionLost,
    }
}

fn check(device: &Device, endpoint: &EndpointId, action: &Action) -> Result<(), ApiError> {
    let Some(described) = device.endpoint(&endpoint.key) else {
        return Err(requests::not_found("endpoint", endpoint));
    };
    let capability = action.capability();
    if described.specs.iter().any(|spec| action.fits(spec)) {
        Ok(())
    } else if described.specs.iter().any(|spec| spec.capability() == capability) {
        let words = format!("`{endpoint}` has {capability}, but not what was asked of it");
        Err(ApiError::new(ErrorCode::Invalid, words))
    } else {
        let words = format!("`{endpoint}` has no {capability}");
        Err(ApiError::new(ErrorCode::Invalid, words))
    }
}

/// A level of nothing is off, where there is an off: what is off has no level of its own, so no
/// device would ever confirm it.
fn meant(command: Command, device: &Device) -> Command {
    let has_off =
        device.endpoint(&command.endpoint.key).is_some_and(|it| it.specs.contains(&Spec::OnOff));
    if has_off && command.action == Action::SetLevel(Percent::ZERO) {
        Command { action: Action::SetOnOff(false), ..command }
    } else {
        command
    }
}

impl Engine {
    pub(crate) fn control(
        &mut self,
        command: Command,
        now: Moment,
        out: &mut Vec<Effect>,
    ) -> Result<Answer, ApiError> {
        if self.commands.was_used(&command.id) {
            let words = format!("the command id `{}` was used before", command.id);
            return Err(ApiError::new(ErrorCode::Duplicate, words));
        }
        let device = requests::existing(&mut self.devices, &command.endpoint.device)?;
        check(device, &command.endpoint, &command.action)?;
        let command = meant(command, device);
        let is_lost = matches!(device.reachability, Reachability::Unreachable { .. });
        self.commands.remember(command.id.clone());
        if is_lost {
            self.refuse(command, now, out);
        } else {
            self.begin(command, now, out);
        }
        Ok(Answer::Done)
    }

    /// The device cannot be reached: nothing is written down, nothing leaves, and the tile says so.
    fn refuse(&mut self, command: Command, now: Moment, out: &mut Vec<Effect>) {
        let Command { id, endpoint, action, .. } = command;
        let capability = action.capability();
        let reason = FailReason::Unreachable;
        let failure =
            Failure { command: id.clone(), action, reason: Some(reason.clone()), at: now.wall };
        if let Some(slot) = self.slot_mut(&endpoint, capability) {
            slot.fail(failure);
        }
        self.publish_state(&endpoint, capability, out);
        let outcome = CommandState::Failed(reason);
        self.note(Happening::Outcome(&id, &outcome));
        out.push(Effect::Publish(Update::Command(id, outcome)));
    }

    fn begin(&mut self, command: Command, now: Moment, out: &mut Vec<Effect>) {
        let Command { id, endpoint, action, transition, origin } = command.clone();
        if let Some(device) = self.devices.get_mut(&endpoint.device) {
            device.wish(&endpoint.key, action.clone(), (origin.clone(), transition), now);
        }
        let capability = action.capability();
        let span = deadline_of(capability).saturating_add(transition.duration());
        let deadline = now.uptime.saturating_add(span);
        let transition = transition.duration();
        let open =
            Open { endpoint: endpoint.clone(), capability, transition, deadline, ask_at: None };
        self.commands.open(&id, open, &mut self.timers);
        out.push(Effect::Persist(Change::CommandOpened(command.clone(), now.wall)));
        let Some(slot) = self.slot_mut(&endpoint, capability) else { return };
        let wanted = action.wanted(slot.state.value.as_ref());
        let (state, since, until) = (CommandState::Requested, now.wall, now.wall + span);
        let pending = Pending { command: id.clone(), action, wanted, origin, state, since, until };
        let superseded = slot.begin(pending).map(|it| it.command);
        let outcome = CommandState::Failed(FailReason::Superseded);
        if let Some(earlier) = &superseded {
            self.commands.close(earlier, &mut self.timers);
            out.push(closed(earlier, &outcome, now));
        }
        self.publish_state(&endpoint, capability, out);
        if let Some(earlier) = superseded {
            self.note(Happening::Outcome(&earlier, &outcome));
            out.push(Effect::Publish(Update::Command(earlier, outcome)));
        }
        out.push(Effect::Publish(Update::Command(id, CommandState::Requested)));
        out.push(Effect::Send(command));
    }

    pub(crate) fn progress(
        &mut self,
        device: &DeviceId,
        id: &CommandId,
        progress: Progress,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Some(open) = self.commands.get(id).filter(|it| it.endpoint.device == *device) else {
            return;
        };
        let is_momentary = open.capability == Capability::Momentary;
        match progress {
            Progress::Failed(reason) => self.close(id, &CommandState::Failed(reason), now, out),
            Progress::Acknowledged if is_momentary => {
                self.close(id, &CommandState::Observed, now, out);
            }
            Progress::Acknowledged => self.advance(id, CommandState::Acknowledged, now, out),
            Progress::Sent => self.advance(id, CommandState::Sent, now, out),
        }
    }

    /// Moves a command forward; never back.
    fn advance(&mut self, id: &CommandId, state: CommandState, now: Moment, out: &mut Vec<Effect>) {
        let Some(Open { endpoint, capability, .. }) = self.commands.get(id).cloned() else {
            return;
        };
        let Some(slot) = self.slot_mut(&endpoint, capability) else { return };
        let Some(pending) = &mut slot.state.pending else { return };
        let is_forward = match (&pending.state, &state) {
            (CommandState::Requested, _) => true,
            (CommandState::Sent, to) => *to == CommandState::Acknowledged,
            (
                CommandState::Acknowledged
                | CommandState::Observed
                | CommandState::Failed(_)
                | CommandState::Expired,
                _,
            ) => false,
        };
        if !is_forward {
            return;
        }
        pending.state = state.clone();
        self.commands.ask_later(id, now, &mut self.timers);
        self.publish_state(&endpoint, capability, out);
        out.push(Effect::Publish(Update::Command(id.clone(), state)));
    }

    /// Ends a command other than by a report.
    pub(crate) fn close(
        &mut self,
        id: &CommandId,
        outcome: &CommandState,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        let Some(open) = self.commands.close(id, &mut self.timers) else { return };
        out.push(closed(id, outcome, now));
        if let Some(slot) = self.slot_mut(&open.endpoint, open.capability) {
            slot.end(outcome, now.wall);
        }
        self.publish_state(&open.endpoint, open.capability, out);
        self.note(Happening::Outcome(id, outcome));
        out.push(Effect::Publish(Update::Command(id.clone(), outcome.clone())));
    }

    /// A report has shown that it was done; its slot is in order already.
    pub(crate) fn observed(&mut self, id: CommandId, now: Moment) -> Option<[Effect; 2]> {
        self.commands.close(&id, &mut self.timers)?;
        let outcome = CommandState::Observed;
        self.note(Happening::Outcome(&id, &outcome));
        Some([closed(&id, &outcome, now), Effect::Publish(Update::Command(id, outcome))])
    }

    /// Ends whatever is on its way to a device that can no longer be talked to.
    pub(crate) fn fail_in_flight(&mut self, device: &DeviceId, now: Moment, out: &mut Vec<Effect>) {
        let Some(device) = self.devices.get(device) else { return };
        self.fail_all(&device.pending().into_iter().cloned().collect::<Vec<_>>(), now, out);
    }

    pub(crate) fn fail_all(&mut self, lost: &[Pending], now: Moment, out: &mut Vec<Effect>) {
        for pending in lost {
            let outcome = CommandState::Failed(reason_when_lost(&pending.state));
            self.close(&pending.command, &outcome, now, out);
        }
    }

    /// Commands that were on their way when Hearth stopped: never sent again, and shown as such.
    pub(crate) fn restore_commands(
        &mut self,
        mut commands: Vec<OpenCommand>,
        now: Moment,
        out: &mut Vec<Effect>,
    ) {
        commands.sort_by_key(|it| it.requested_at);
        let reason = FailReason::Interrupted;
        for OpenCommand { id, endpoint, action, origin, .. } in commands {
            self.commands.remember(id.clone());
            if let Some(device) = self.devices.get_mut(&endpoint.device) {
                device.wished(&endpoint.key, action.clone(), origin);
            }
            out.push(closed(&id, &CommandState::Failed(reason.clone()), now));
            let capability = action.capability();
            if let Some(slot) = self.slot_mut(&endpoint, capability) {
                let reason = Some(reason.clone());
                slot.fail(Failure { command: id, action, reason, at: now.wall });
            }
        }
    }
}

fn closed(id: &CommandId, outcome: &CommandState, now: Moment) -> Effect {
    Effect::Persist(Change::CommandClosed(id.clone(), outcome.clone(), now.wall))
}

//! Steps that make devices do something.

use model::rule::{InFlight, Path, RunPhase, Step, Target, TraceEvent};
use model::{
    Action, Capability, Command, CommandId, EndpointId, Origin, Percent, RoleId, SceneId, Span,
    Spec, Value,
};

use super::{Course, place};
use crate::rules::{Deed, World};

/// What one role shall do.
struct Order {
    role: RoleId,
    action: Action,
    transition: Span,
    /// Once, and never again: what it was made from may be otherwise by then.
    once: bool,
}

impl Course<'_, '_> {
    pub(super) fn command(&mut self, to: &Target, action: &Action, transition: Span) {
        let able = self.able(to, |spec| action.fits(spec));
        let orders = able.into_iter().map(|role| {
            let (action, once) = (action.clone(), false);
            Order { role, action, transition, once }
        });
        self.send(orders.collect());
    }

    /// All off when any is on, else all on; those that are so already need nothing.
    pub(super) fn toggle(&mut self, of: &Target) {
        let mut known = Vec::new();
        for role in self.able(of, |spec| *spec == Spec::OnOff) {
            match self.is_on(&role) {
                Some(is_on) => known.push((role, is_on)),
                None => self.note(TraceEvent::NotKnown(role)),
            }
        }
        let any_is_on = known.iter().any(|(_, is_on)| *is_on);
        let orders = known.into_iter().filter(|(_, is_on)| *is_on == any_is_on);
        let orders = orders.map(|(role, is_on)| {
            let (action, transition) = (Action::SetOnOff(!is_on), Span::ZERO);
            Order { role, action, transition, once: true }
        });
        self.send(orders.collect());
    }

    /// What is off begins at nothing.
    pub(super) fn adjust(&mut self, of: &Target, by: i8) {
        let mut orders = Vec::new();
        for role in self.able(of, |spec| spec.capability() == Capability::Level) {
            let Some(level) = self.level(&role) else {
                self.note(TraceEvent::NotKnown(role));
                continue;
            };
            let wanted = i16::from(level).saturating_add(i16::from(by)).clamp(0, 100);
            let wanted = u8::try_from(wanted).unwrap_or(0);
            if wanted == level {
                continue;
            }
            if let Ok(percent) = Percent::try_from(wanted) {
                let (action, transition) = (Action::SetLevel(percent), Span::ZERO);
                orders.push(Order { role, action, transition, once: true });
            }
        }
        self.send(orders);
    }

    /// On now; the time to switch off is written down before that leaves.
    pub(super) fn pulse(&mut self, of: &Target, lasting: Span) {
        let now = self.turn.now;
        let able = self.able(of, |spec| *spec == Spec::OnOff);
        for endpoint in able.iter().filter_map(|role| self.turn.endpoint(role)) {
            let (wall, up) = (now.wall + lasting.duration(), now.after(lasting.duration()).uptime);
            self.live.run.cursor.pulses.push((endpoint.clone(), wall));
            self.live.pulses.push((endpoint, up));
        }
        let orders = able.into_iter().map(|role| {
            let (action, transition) = (Action::SetOnOff(true), Span::ZERO);
            Order { role, action, transition, once: true }
        });
        self.send(orders.collect());
    }

    /// Switches off what is due, or all that is still on.
    pub(super) fn switch_off(&mut self, all: bool) {
        let now = self.turn.now.uptime;
        let pulses = std::mem::take(&mut self.live.pulses);
        let (due, later) = pulses.into_iter().partition(|(_, at)| all || *at <= now);
        self.live.pulses = later;
        let due: Vec<(EndpointId, _)> = due;
        let mut flights = Vec::new();
        if let RunPhase::Commands(list) = std::mem::take(&mut self.live.run.cursor.phase) {
            flights = list;
        }
        for (endpoint, _) in due {
            self.live.run.cursor.pulses.retain(|(it, _)| *it != endpoint);
            let Some(role) = self.turn.role_of(&endpoint) else { continue };
            let (action, transition) = (Action::SetOnOff(false), Span::ZERO);
            let order = Order { role, action, transition, once: false };
            flights.extend(self.dispatch(order, endpoint, "off"));
        }
        self.live.due = None;
        if flights.is_empty() {
            self.landed();
        } else {
            self.live.run.cursor.phase = RunPhase::Commands(flights);
        }
    }

    pub(super) fn scene(&mut self, id: &SceneId, transition: Option<Span>) {
        let Some(scene) = self.turn.scene(id).cloned() else {
            self.note(TraceEvent::Gone(id.to_string()));
            return self.over();
        };
        self.note(TraceEvent::Scene(id.clone()));
        let run = self.live.id().clone();
        self.turn.ask(Deed::SceneSet(id.clone(), run));
        let transition = transition.unwrap_or(scene.transition);
        let mut orders = Vec::new();
        for setting in scene.settings {
            let specs = self.turn.specs(&setting.role);
            let able = setting.actions.into_iter();
            let able = able.filter(|action| specs.iter().any(|spec| action.fits(spec)));
            let role = &setting.role;
            orders.extend(able.map(|action| Order {
                role: role.clone(),
                action,
                transition,
                once: false,
            }));
        }
        self.send(orders);
    }

    /// Those of a target whose hardware can do it.
    fn able(&self, target: &Target, can: impl Fn(&Spec) -> bool) -> Vec<RoleId> {
        let mut roles = self.turn.roles(target);
        roles.retain(|role| {
            self.turn.endpoint(role).is_some() && self.turn.specs(role).iter().any(&can)
        });
        roles
    }

    fn is_on(&self, role: &RoleId) -> Option<bool> {
        match self.turn.known(role, Capability::OnOff) {
            Ok((Value::OnOff(is_on), _)) => Some(*is_on),
            Ok(_) | Err(_) => None,
        }
    }

    fn level(&self, role: &RoleId) -> Option<u8> {
        if self.is_on(role) == Some(false) {
            return Some(0);
        }
        match self.turn.known(role, Capability::Level) {
            Ok((Value::Level(level), _)) => Some(level.get()),
            Ok(_) | Err(_) => None,
        }
    }

    /// Sends all of them and waits for their outcomes; with none, the step is over.
    fn send(&mut self, orders: Vec<Order>) {
        let mut flights = Vec::new();
        for order in orders {
            let Some(endpoint) = self.turn.endpoint(&order.role) else { continue };
            flights.extend(self.dispatch(order, endpoint, "command"));
        }
        if flights.is_empty() {
            self.note(TraceEvent::Nobody);
            self.over();
        } else {
            self.live.run.cursor.phase = RunPhase::Commands(flights);
        }
    }

    fn dispatch(&mut self, order: Order, endpoint: EndpointId, what: &str) -> Option<InFlight> {
        let Order { role, action, transition, once } = order;
        let name = self.occurrence(what).with(&endpoint).with(action.capability());
        let id = name.command()?;
        self.note(TraceEvent::Commanded(id.clone(), role, action.clone()));
        Some(self.leave_with(id, endpoint, action, (transition, once)))
    }

    /// Hands a command over, last of all in this turn.
    pub(super) fn leave_with(
        &mut self,
        command: CommandId,
        endpoint: EndpointId,
        action: Action,
        (transition, once): (Span, bool),
    ) -> InFlight {
        let trace = &self.live.run.trace;
        let origin = Origin::Rule(trace.rule.clone(), trace.run.clone());
        self.turn.command(Command {
            id: command.clone(),
            endpoint: endpoint.clone(),
            action: action.clone(),
            transition,
            origin,
        });
        InFlight { command, endpoint, action, once }
    }

    /// How slowly the present step wants it.
    pub(super) fn transition(&self, at: &Path) -> Span {
        let step = place::step(&self.live.run.body, at);
        if let Some(Step::Command { transition, .. }) = step {
            return *transition;
        }
        let Some(Step::Scene { scene, transition }) = step else { return Span::ZERO };
        let of_scene = || self.turn.scene(scene).map(|it| it.transition);
        transition.or_else(of_scene).unwrap_or_default()
    }
}

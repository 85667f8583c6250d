//! What the hardware in the roles cannot do or never says, and roles that nothing fills.

use model::rule::{Condition, FindingKind, Is, Path, PathPart, Step, Target, Trigger, Who};
use model::{Action, Capability, Percent, RoleId, Spec};

use super::{Draft, phrases};
use crate::rules::World;

/// Whether the hardware in a role can do that.
pub(super) fn can(world: &dyn World, role: &RoleId, action: &Action) -> bool {
    world.specs(role).iter().any(|spec| action.fits(spec))
}

/// What is asked of hardware.
#[derive(Clone, Copy)]
enum Asked<'a> {
    /// To say something of that kind, among it perhaps this.
    Says(Capability, Option<&'a Is>),
    /// To do that.
    Does(&'a Action),
    /// Only to be there.
    Exists,
}

impl Asked<'_> {
    fn is_met(self, world: &dyn World, role: &RoleId) -> bool {
        match self {
            Self::Says(what, is) => {
                let mut specs = world.specs(role).iter().filter(|it| it.capability() == what);
                specs.any(|spec| is.is_none_or(|is| can_be(spec, is)))
            }
            Self::Does(action) => can(world, role, action),
            Self::Exists => true,
        }
    }

    fn unmet(self, role: RoleId) -> FindingKind {
        match self {
            Self::Says(what, _) => FindingKind::NeverSays(role, what),
            Self::Does(action) => FindingKind::CannotDo(role, action.clone()),
            Self::Exists => FindingKind::Vacant(role),
        }
    }
}

/// Whether hardware of that kind can be so.
fn can_be(spec: &Spec, is: &Is) -> bool {
    match is {
        Is::Mode(name) => !matches!(spec, Spec::ModeSelect(names) if !names.contains(name)),
        Is::Effect(name) => !matches!(spec, Spec::LightEffect(names) if !names.contains(name)),
        Is::Thermostat(mode) => {
            !matches!(spec, Spec::Thermostat { modes, .. } if !modes.contains(mode))
        }
        Is::OnOff(_)
        | Is::Boolean(_)
        | Is::Occupied(_)
        | Is::Lock(_)
        | Is::Cover(_)
        | Is::Running(_)
        | Is::Air(_) => true,
    }
}

impl Draft<'_> {
    pub(super) fn hardware(&mut self) {
        let body = self.body;
        for (index, trigger) in (0..).zip(&body.triggers) {
            self.trigger(&Path(vec![PathPart::Trigger(index)]), trigger);
        }
        for (at, condition) in phrases::leaves(body) {
            self.condition(&at, condition);
        }
        for (at, step) in phrases::steps(body) {
            self.step(&at, step);
        }
    }

    fn trigger(&mut self, at: &Path, trigger: &Trigger) {
        match trigger {
            Trigger::Changes { of, what, from, to, held_for: _ } => {
                self.ask(at, of, Asked::Says(*what, to.as_ref()));
                self.ask(at, of, Asked::Says(*what, from.as_ref()));
            }
            Trigger::Crosses { of, measure, .. } => {
                self.ask(at, of, Asked::Says(measure.capability(), None));
            }
            Trigger::Button { of, .. } => self.ask(at, of, Asked::Says(Capability::Button, None)),
            Trigger::Unreachable { of, .. } | Trigger::Returns { of } => {
                self.ask(at, of, Asked::Exists);
            }
            Trigger::Arrives(who) | Trigger::Leaves(who) => self.people(at, who),
            Trigger::Time { .. }
            | Trigger::Sun { .. }
            | Trigger::Every(_)
            | Trigger::Started
            | Trigger::Variable { .. }
            | Trigger::RuleRan(_)
            | Trigger::Webhook(_)
            | Trigger::Mqtt { .. } => {}
        }
    }

    fn condition(&mut self, at: &Path, condition: &Condition) {
        match condition {
            Condition::State { of, is, .. } => {
                self.ask(at, of, Asked::Says(is.capability(), Some(is)));
                self.reach(at, of, is.capability());
            }
            Condition::Number { of, measure, .. } => {
                self.ask(at, of, Asked::Says(measure.capability(), None));
                self.reach(at, of, measure.capability());
            }
            Condition::Reachable { of, .. } => self.ask(at, of, Asked::Exists),
            Condition::Home(who) | Condition::Away(who) => self.people(at, who),
            Condition::Time { .. }
            | Condition::Sun { .. }
            | Condition::Variable { .. }
            | Condition::All(_)
            | Condition::Any(_)
            | Condition::Not(_) => {}
        }
    }

    fn step(&mut self, at: &Path, step: &Step) {
        match step {
            Step::Command { to, action, .. } => self.ask(at, to, Asked::Does(action)),
            Step::Toggle(target) | Step::Pulse { of: target, .. } => {
                self.ask(at, target, Asked::Does(&Action::SetOnOff(true)));
            }
            Step::Adjust { of, .. } => {
                self.ask(at, of, Asked::Does(&Action::SetLevel(Percent::FULL)));
            }
            Step::Scene { scene, .. } => {
                let settings = self.world.scene(scene).map(|it| it.settings.as_slice());
                for setting in settings.unwrap_or_default() {
                    let target = Target::Role(setting.role.clone());
                    for action in &setting.actions {
                        self.ask(at, &target, Asked::Does(action));
                    }
                }
            }
            Step::Notify { .. } => {
                for (to, action) in phrases::offered(step) {
                    self.ask(at, to, Asked::Does(action));
                }
            }
            Step::Wait(_)
            | Step::WaitUntil { .. }
            | Step::If { .. }
            | Step::Repeat { .. }
            | Step::SetVariable { .. }
            | Step::RunRule(_)
            | Step::Stop => {}
        }
    }

    /// A role that is named has to be able; of several, at least one.
    fn ask(&mut self, at: &Path, target: &Target, asked: Asked<'_>) {
        let world = self.world;
        let is_filled = |role: &RoleId| world.endpoint(role).is_some();
        match target {
            Target::Role(role) if !is_filled(role) => {
                self.find(at, FindingKind::Vacant(role.clone()));
            }
            Target::Role(role) if !asked.is_met(world, role) => {
                self.find(at, asked.unmet(role.clone()));
            }
            Target::Role(_) => {}
            Target::Room { .. } | Target::Group(_) | Target::All(_) => {
                let mut roles = world.roles(target).into_iter();
                if !roles.any(|it| is_filled(&it) && asked.is_met(world, &it)) {
                    self.find(at, FindingKind::Nobody);
                }
            }
        }
    }

    /// Those whose value is only remembered.
    fn reach(&mut self, at: &Path, target: &Target, what: Capability) {
        let world = self.world;
        let is_lost = |role: &RoleId| {
            let says = Asked::Says(what, None).is_met(world, role);
            says && world.is_reachable(role) == Some(false)
        };
        let lost = world.roles(target).into_iter().filter(is_lost);
        let devices = lost.filter_map(|role| Some(world.endpoint(&role)?.device));
        let found = devices.map(|it| (at.clone(), FindingKind::NowUnreachable(it)));
        self.find_all(found.collect::<Vec<_>>());
    }

    fn people(&mut self, at: &Path, who: &Who) {
        let is_anybody = !matches!(who, Who::Person(_));
        if is_anybody && self.world.people().is_empty() {
            self.find(at, FindingKind::Nobody);
        }
    }
}

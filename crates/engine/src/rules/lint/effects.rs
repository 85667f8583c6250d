//! What a rule brings about, in the home as it is: who shall do what, and on which condition.

use model::rule::{Condition, Path, PathPart, Repetition, RuleBody, Step, Target, VariableChange};
use model::{Action, Capability, RoleId, RuleId, Value, VariableId};

use super::hardware;
use super::logic::Literal;
use crate::rules::World;

/// Most wishes of a rule that are looked at.
const MOST_WISHES: usize = 1_024;

/// What a rule brings about.
#[derive(Debug, Clone, Default)]
pub(super) struct Effects<'a> {
    pub(super) wishes: Vec<Wish<'a>>,
    /// Variables that are changed, and how.
    pub(super) sets: Vec<(&'a VariableId, &'a VariableChange)>,
    /// Rules that are run.
    pub(super) runs: Vec<&'a RuleId>,
}

/// What a rule wants of one role.
#[derive(Debug, Clone)]
pub(super) struct Wish<'a> {
    pub(super) at: Path,
    pub(super) role: RoleId,
    pub(super) what: Wanted,
    /// What has to hold on the way to it, besides the conditions of the rule.
    pub(super) guards: Vec<Literal<'a>>,
    /// Time passes before it.
    pub(super) is_later: bool,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// That.
    Action(Action),
    /// On if it is off, off if it is on.
    Toggled,
    /// Another level than it has.
    Adjusted,
    /// On, then off.
    Pulsed,
}

impl Wanted {
    /// The capabilities that change by it, each with the value that it then has, where that can be
    /// foretold.
    pub(super) fn changes(&self) -> Vec<(Capability, Option<Value>)> {
        match self {
            Self::Action(action @ Action::SetLevel(level)) => {
                let level = Value::OnOff(level.get() > 0);
                vec![(Capability::Level, action.wanted(None)), (Capability::OnOff, Some(level))]
            }
            // How far open it is when it is there is known, what it says on the way is not.
            Self::Action(action @ (Action::MoveCover(_) | Action::SetThermostat(_))) => {
                vec![(action.capability(), None)]
            }
            Self::Action(Action::Press) => Vec::new(),
            Self::Action(
                action @ (Action::SetOnOff(_)
                | Action::SetColor(_)
                | Action::SetEffect(_)
                | Action::SetPalette(_)
                | Action::SetLocked(_)
                | Action::SelectMode(_)
                | Action::SetNumber(_)),
            ) => vec![(action.capability(), action.wanted(None))],
            Self::Toggled | Self::Pulsed => vec![(Capability::OnOff, None)],
            Self::Adjusted => vec![(Capability::Level, None)],
        }
    }

    /// Whether it may switch off what is on.
    pub(super) fn switches_off(&self) -> bool {
        match self {
            Self::Toggled | Self::Pulsed => true,
            Self::Action(Action::SetLevel(level)) => level.get() == 0,
            Self::Action(action) => *action == Action::SetOnOff(false),
            Self::Adjusted => false,
        }
    }

    /// Whether it switches on and leaves it so.
    pub(super) fn switches_on(&self) -> bool {
        match self {
            Self::Action(Action::SetLevel(level)) => level.get() > 0,
            Self::Action(action) => *action == Action::SetOnOff(true),
            Self::Toggled | Self::Pulsed | Self::Adjusted => false,
        }
    }
}

impl<'a> Effects<'a> {
    pub(super) fn of(body: &'a RuleBody, world: &dyn World) -> Self {
        let mut gathering = Gathering { world, effects: Self::default(), is_later: false };
        gathering.block(&Path::default(), &body.steps, &[]);
        gathering.effects
    }
}

struct Gathering<'a, 'w> {
    world: &'w dyn World,
    effects: Effects<'a>,
    is_later: bool,
}

impl<'a> Gathering<'a, '_> {
    fn block(&mut self, at: &Path, steps: &'a [Step], guards: &[Literal<'a>]) {
        for (index, step) in (0..).zip(steps) {
            self.step(&at.then(PathPart::Step(index)), step, guards);
        }
    }

    fn step(&mut self, at: &Path, step: &'a Step, guards: &[Literal<'a>]) {
        match step {
            Step::Command { to, action, .. } => {
                self.wish(at, to, &Wanted::Action(action.clone()), guards);
            }
            Step::Toggle(target) => self.wish(at, target, &Wanted::Toggled, guards),
            Step::Adjust { of, .. } => self.wish(at, of, &Wanted::Adjusted, guards),
            Step::Pulse { of, .. } => self.wish(at, of, &Wanted::Pulsed, guards),
            Step::Scene { scene, .. } => {
                let settings = self.world.scene(scene).map(|it| it.settings.as_slice());
                for setting in settings.unwrap_or_default() {
                    let target = Target::Role(setting.role.clone());
                    for action in &setting.actions {
                        self.wish(at, &target, &Wanted::Action(action.clone()), guards);
                    }
                }
            }
            Step::Wait(_) | Step::WaitUntil { .. } => self.is_later = true,
            Step::If { condition, then, otherwise } => {
                let given = |holds| [guards, &[Literal { condition, holds }]].concat();
                let before = self.is_later;
                self.block(&at.then(PathPart::Then), then, &given(true));
                let after = std::mem::replace(&mut self.is_later, before);
                self.block(&at.then(PathPart::Otherwise), otherwise, &given(false));
                self.is_later |= after;
            }
            Step::Repeat { repetition, steps } => {
                let guard =
                    started_by(repetition).map(|condition| Literal { condition, holds: true });
                let guards: Vec<_> = guards.iter().copied().chain(guard).collect();
                self.block(&at.then(PathPart::Then), steps, &guards);
            }
            Step::SetVariable { variable, to } => self.effects.sets.push((variable, to)),
            Step::RunRule(rule) => self.effects.runs.push(rule),
            Step::Notify { .. } | Step::Stop => {}
        }
    }

    fn wish(&mut self, at: &Path, target: &Target, what: &Wanted, guards: &[Literal<'a>]) {
        let action = match what {
            Wanted::Action(action) => action.clone(),
            Wanted::Toggled | Wanted::Pulsed => Action::SetOnOff(true),
            Wanted::Adjusted => Action::SetLevel(model::Percent::FULL),
        };
        for role in self.world.roles(target) {
            let is_able = hardware::can(self.world, &role, &action);
            if is_able && self.effects.wishes.len() < MOST_WISHES {
                let (at, what, guards) = (at.clone(), what.clone(), guards.to_vec());
                let wish = Wish { at, role, what, guards, is_later: self.is_later };
                self.effects.wishes.push(wish);
            }
        }
    }
}

/// What holds when a block is begun for the first time.
fn started_by(repetition: &Repetition) -> Option<&Condition> {
    match repetition {
        Repetition::While(condition) => Some(condition),
        Repetition::Times(_) | Repetition::Until(_) => None,
    }
}

impl Effects<'_> {
    /// The roles that may be switched off.
    pub(super) fn offs(&self) -> impl Iterator<Item = &RoleId> {
        self.wishes.iter().filter(|it| it.what.switches_off()).map(|it| &it.role)
    }
}

//! One turn of the rules: what they see, when it is, and what they ask for.
//!
//! What is asked for is sorted at the end of the turn, so that whatever is written down comes before
//! anything that leaves: the hub writes all of a turn in one piece, and only then sends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use api::Update;
use model::rule::{Cause, Run, TraceHead};
use model::{Capability, rule::Target, rule::Unknown};
use model::{
    Change, Command, DeviceId, EndpointId, Moment, Person, RoleId, RuleId, RunId, Scene, SceneId,
    Spec, Timestamp, Value, Variable, VariableId,
};

use super::book::Slot;
use super::{Calendar, Deed, World};

/// One turn: everything that follows from one thing that happened.
pub(crate) struct Turn<'a> {
    world: &'a dyn World,
    pub(super) now: Moment,
    /// What is to be written down before all else.
    journal: Vec<Deed>,
    /// Runs that began in this turn.
    pub(super) began: BTreeSet<RunId>,
    /// Runs that have come further in this turn.
    pub(super) went: BTreeSet<RunId>,
    /// Runs that have ended in this turn, as they ended.
    pub(super) ended: Vec<Run>,
    /// Rules that are gone.
    pub(super) gone: Vec<RuleId>,
    /// Variables that are set, each written down by whoever does it.
    set: Vec<Deed>,
    /// What else there is to do at home: troubles, notices.
    asked: Vec<Deed>,
    /// What clients are told of single runs.
    ran: Vec<(RuleId, TraceHead)>,
    /// Rules of which clients shall be told anew.
    pub(super) touched: BTreeSet<Slot>,
    /// What leaves, last of all.
    commands: Vec<Command>,
    /// Variables that this turn has set and the world does not know of yet.
    variables: BTreeMap<VariableId, Variable>,
    /// Rules that this turn sets off after all else.
    pub(super) later: VecDeque<Later>,
}

/// A rule that another one sets off.
#[derive(Debug, Clone)]
pub(super) enum Later {
    /// A step runs it: whatever its conditions say.
    Run { rule: RuleId, run: RunId, by: (RuleId, RunId), depth: u8 },
    /// A rule ran to its end, and this one waits for that.
    SetOff { slot: Slot, run: RunId, cause: Cause, depth: u8 },
}

impl<'a> Turn<'a> {
    pub(super) fn new(world: &'a dyn World, now: Moment) -> Self {
        Self {
            world,
            now,
            journal: Vec::new(),
            began: BTreeSet::new(),
            went: BTreeSet::new(),
            ended: Vec::new(),
            gone: Vec::new(),
            set: Vec::new(),
            asked: Vec::new(),
            ran: Vec::new(),
            touched: BTreeSet::new(),
            commands: Vec::new(),
            variables: BTreeMap::new(),
            later: VecDeque::new(),
        }
    }

    /// The home as it is, without what this turn has changed of it.
    pub(super) fn world(&self) -> &'a dyn World {
        self.world
    }

    pub(super) fn write(&mut self, change: Change) {
        self.journal.push(Deed::Journal(change));
    }

    /// Something that is neither written down here nor leaves the home.
    pub(super) fn ask(&mut self, deed: Deed) {
        self.asked.push(deed);
    }

    pub(super) fn set_variable(&mut self, variable: Variable) {
        self.set.push(Deed::SetVariable(variable.id.clone(), variable.value.clone()));
        self.variables.insert(variable.id.clone(), variable);
    }

    pub(super) fn command(&mut self, command: Command) {
        self.commands.push(command);
    }

    pub(super) fn tell(&mut self, rule: RuleId, head: TraceHead) {
        self.ran.push((rule, head));
    }

    /// Everything that is asked for, in the order in which it is to be done. `runs` are those that
    /// began or went on, as they are now; `rules` what clients shall be told.
    pub(super) fn finish(self, runs: Vec<Change>, rules: Vec<Update>) -> Vec<Deed> {
        let mut deeds = self.journal;
        deeds.extend(runs.into_iter().map(Deed::Journal));
        deeds.extend(self.gone.into_iter().map(|it| Deed::Journal(Change::RuleGone(it))));
        // With the run that has set them, in one piece: a sum is made once.
        deeds.extend(self.set);
        deeds.extend(self.asked);
        deeds.extend(rules.into_iter().map(Deed::Publish));
        let ran = self.ran.into_iter().map(|(rule, head)| Deed::Publish(Update::Ran(rule, head)));
        deeds.extend(ran);
        deeds.extend(self.commands.into_iter().map(Deed::Command));
        deeds
    }
}

impl std::fmt::Debug for Turn<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Turn").field("now", &self.now).finish_non_exhaustive()
    }
}

impl World for Turn<'_> {
    fn roles(&self, target: &Target) -> Vec<RoleId> {
        self.world.roles(target)
    }

    fn is_there(&self, target: &Target) -> bool {
        self.world.is_there(target)
    }

    fn endpoint(&self, role: &RoleId) -> Option<EndpointId> {
        self.world.endpoint(role)
    }

    fn role_of(&self, endpoint: &EndpointId) -> Option<RoleId> {
        self.world.role_of(endpoint)
    }

    fn specs(&self, role: &RoleId) -> &[Spec] {
        self.world.specs(role)
    }

    fn known(&self, role: &RoleId, what: Capability) -> Result<(&Value, Timestamp), Unknown> {
        self.world.known(role, what)
    }

    fn is_reachable(&self, role: &RoleId) -> Option<bool> {
        self.world.is_reachable(role)
    }

    fn endpoints_of(&self, device: &DeviceId) -> Vec<EndpointId> {
        self.world.endpoints_of(device)
    }

    fn people(&self) -> Vec<&Person> {
        self.world.people()
    }

    fn variable(&self, id: &VariableId) -> Option<&Variable> {
        self.variables.get(id).or_else(|| self.world.variable(id))
    }

    fn scene(&self, id: &SceneId) -> Option<&Scene> {
        self.world.scene(id)
    }

    fn calendar(&self) -> &Calendar {
        self.world.calendar()
    }

    fn called(&self, role: &RoleId) -> Option<String> {
        self.world.called(role)
    }
}

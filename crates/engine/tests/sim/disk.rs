//! A disk in memory: what was written down is there after a stop, and nothing else is.

use std::collections::BTreeSet;

use model::rule::{NotRun, Run, Trace};
use model::{Change, CommandId, OpenCommand, SavedHome};

/// How many runs of each rule are remembered: as many as the store remembers.
const RUNS_REMEMBERED: usize = 256;

/// What was written down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    /// What the engine is given when it starts again.
    pub(crate) saved: SavedHome,
    /// Runs that have ended, in the order in which they did.
    pub(crate) ended: Vec<Trace>,
    /// Triggers that led to no run.
    pub(crate) not_runs: Vec<NotRun>,
    /// Every command that was ever opened.
    opened: BTreeSet<CommandId>,
}

impl Disk {
    /// A disk on which that was written down before.
    pub(crate) fn of(saved: SavedHome) -> Self {
        Self { saved, ..Self::default() }
    }

    /// Writes one change. Refusing what is known is the store's part too, and in these proofs
    /// the engine never lets it come to that.
    pub(crate) fn write(&mut self, change: Change) {
        let saved = &mut self.saved;
        match change {
            Change::Home(home) => saved.home = Some(home),
            Change::Settings(settings) => saved.settings = Some(settings),
            Change::Room(it) => put(&mut saved.rooms, it, |it| it.id.clone()),
            Change::RoomGone(id) => saved.rooms.retain(|it| it.id != id),
            Change::Device(it) => put(&mut saved.devices, *it, |it| it.id.clone()),
            Change::DeviceGone(id) => saved.devices.retain(|it| it.id != id),
            Change::Reported(it) => {
                put(&mut saved.reports, it, |it| (it.endpoint.clone(), it.value.capability()));
            }
            Change::CommandOpened(command, requested_at) => {
                assert!(self.opened.insert(command.id.clone()), "{command:?} was opened before");
                let model::Command { id, endpoint, action, origin, .. } = command;
                saved.open_commands.push(OpenCommand {
                    id,
                    endpoint,
                    action,
                    requested_at,
                    origin,
                });
            }
            Change::CommandClosed(id, ..) => saved.open_commands.retain(|it| it.id != id),
            Change::Role(it) => put(&mut saved.roles, it, |it| it.id.clone()),
            Change::RoleGone(id) => saved.roles.retain(|it| it.id != id),
            Change::Scene(it) => put(&mut saved.scenes, it, |it| it.id.clone()),
            Change::SceneGone(id) => saved.scenes.retain(|it| it.id != id),
            Change::Group(it) => put(&mut saved.groups, it, |it| it.id.clone()),
            Change::GroupGone(id) => saved.groups.retain(|it| it.id != id),
            Change::Person(it) => put(&mut saved.people, it, |it| it.id.clone()),
            Change::PersonGone(id) => saved.people.retain(|it| it.id != id),
            Change::Variable(it) => put(&mut saved.variables, it, |it| it.id.clone()),
            Change::VariableGone(id) => saved.variables.retain(|it| it.id != id),
            Change::Notice(it) => put(&mut saved.notices, *it, |it| it.id.clone()),
            Change::NoticeGone(id) => saved.notices.retain(|it| it.id != id),
            change => self.write_of_rules(change),
        }
    }

    fn write_of_rules(&mut self, change: Change) {
        let rules = &mut self.saved.rules;
        match change {
            Change::Rule(it) => put(&mut rules.rules, *it, |it| it.id.clone()),
            Change::RuleGone(id) => {
                rules.rules.retain(|it| it.id != id);
                rules.runs.retain(|it| it.trace.rule != id);
                rules.watches.retain(|it| it.rule != id);
            }
            Change::RunBegan(run) => {
                let known = (run.trace.rule.clone(), run.trace.run.clone());
                assert!(!rules.known_runs.contains(&known), "{known:?} began before");
                self.remember(known);
                self.keep(*run);
            }
            Change::RunWent(run) => self.keep(*run),
            Change::NotRun(it) => {
                put(&mut rules.last, (it.rule.clone(), it.head()), |it| it.0.clone());
                self.not_runs.push(*it);
            }
            Change::Watch(it) => {
                put(&mut rules.watches, it, |it| (it.rule.clone(), it.watch, it.endpoint.clone()));
            }
            Change::WatchesGone(id) => rules.watches.retain(|it| it.rule != id),
            Change::Asked(it) => put(&mut rules.asked, *it, |it| it.run.clone()),
            Change::AskedGone(run) => rules.asked.retain(|it| it.run != run),
            Change::SeenTo(at) => rules.seen_to = Some(at),
            _ => {}
        }
    }

    fn remember(&mut self, known: (model::RuleId, model::RunId)) {
        let list = &mut self.saved.rules.known_runs;
        let of_rule = |it: &&(model::RuleId, model::RunId)| it.0 == known.0;
        if list.iter().filter(of_rule).count() >= RUNS_REMEMBERED
            && let Some(oldest) = list.iter().position(|it| it.0 == known.0)
        {
            list.remove(oldest);
        }
        list.push(known);
    }

    fn keep(&mut self, run: Run) {
        let rules = &mut self.saved.rules;
        let head = (run.trace.rule.clone(), run.trace.head());
        put(&mut rules.last, head, |it| it.0.clone());
        if run.trace.ended.is_some() {
            rules.runs.retain(|it| it.trace.run != run.trace.run);
            self.ended.push(run.trace);
        } else {
            put(&mut rules.runs, run, |it| it.trace.run.clone());
        }
    }
}

/// Puts something in the place of what has the same name, or at the end.
fn put<T, K: PartialEq>(list: &mut Vec<T>, item: T, name: impl Fn(&T) -> K) {
    let wanted = name(&item);
    match list.iter_mut().find(|it| name(it) == wanted) {
        Some(place) => *place = item,
        None => list.push(item),
    }
}

//! A disk that takes what is written down and gives it back at the next start.

use std::collections::BTreeSet;

use model::rule::{NotRun, Trace};
use model::{Change, CommandId, OpenCommand, RuleId, RunId, SavedHome};

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Disk {
    pub(crate) home: SavedHome,
    pub(crate) traces: Vec<Trace>,
    pub(crate) not_runs: Vec<NotRun>,
    pub(crate) commands: BTreeSet<CommandId>,
}

fn put<T>(list: &mut Vec<T>, new: T, is_it: impl Fn(&T) -> bool) {
    list.retain(|it| !is_it(it));
    list.push(new);
}

impl Disk {
    /// Writes one thing down; what is refused panics, as nothing that is refused may be asked.
    #[track_caller]
    pub(crate) fn write(&mut self, change: Change) {
        let home = &mut self.home;
        match change {
            Change::Home(it) => home.home = Some(it),
            Change::Settings(it) => home.settings = Some(it),
            Change::Variable(it) => {
                let id = it.id.clone();
                put(&mut home.variables, it, |old| old.id == id);
            }
            Change::Scene(it) => {
                let id = it.id.clone();
                put(&mut home.scenes, it, |old| old.id == id);
            }
            Change::Person(it) => {
                let id = it.id.clone();
                put(&mut home.people, it, |old| old.id == id);
            }
            Change::Notice(it) => {
                let id = it.id.clone();
                put(&mut home.notices, *it, |old| old.id == id);
            }
            Change::Reported(it) => {
                let (endpoint, what) = (it.endpoint.clone(), it.value.capability());
                put(&mut home.reports, it, |old| {
                    old.endpoint == endpoint && old.value.capability() == what
                });
            }
            Change::CommandOpened(command, requested_at) => {
                assert!(self.commands.insert(command.id.clone()), "{} twice", command.id);
                let model::Command { id, endpoint, action, origin, .. } = command;
                home.open_commands.push(OpenCommand { id, endpoint, action, requested_at, origin });
            }
            Change::CommandClosed(id, ..) => home.open_commands.retain(|it| it.id != id),
            other => self.write_of_rules(other),
        }
    }

    #[track_caller]
    fn write_of_rules(&mut self, change: Change) {
        let rules = &mut self.home.rules;
        match change {
            Change::Rule(it) => {
                let id = it.id.clone();
                put(&mut rules.rules, *it, |old| old.id == id);
            }
            Change::RuleGone(id) => {
                rules.rules.retain(|it| it.id != id);
                rules.runs.retain(|it| it.trace.rule != id);
                rules.watches.retain(|it| it.rule != id);
                rules.known_runs.retain(|it| it.0 != id);
                rules.last.retain(|it| it.0 != id);
            }
            Change::RunBegan(run) => {
                let (rule, id) = (run.trace.rule.clone(), run.trace.run.clone());
                let is_new = !rules.known_runs.contains(&(rule.clone(), id.clone()));
                assert!(is_new, "run {id} of {rule} began twice");
                rules.known_runs.push((rule, id));
                self.keep(*run);
            }
            Change::RunWent(run) => self.keep(*run),
            Change::NotRun(it) => {
                let head = (it.rule.clone(), it.head());
                put(&mut rules.last, head, |old| old.0 == it.rule);
                self.not_runs.push(*it);
            }
            Change::Watch(it) => {
                let (rule, watch, endpoint) = (it.rule.clone(), it.watch, it.endpoint.clone());
                put(&mut rules.watches, it, |old| {
                    old.rule == rule && old.watch == watch && old.endpoint == endpoint
                });
            }
            Change::WatchesGone(rule) => rules.watches.retain(|it| it.rule != rule),
            Change::Asked(it) => {
                let run = it.run.clone();
                put(&mut rules.asked, *it, |old| old.run == run);
            }
            Change::AskedGone(run) => rules.asked.retain(|it| it.run != run),
            Change::SeenTo(at) => rules.seen_to = Some(at),
            _ => {}
        }
    }

    fn keep(&mut self, run: model::rule::Run) {
        let rules = &mut self.home.rules;
        let id = run.trace.run.clone();
        let head = (run.trace.rule.clone(), run.trace.head());
        put(&mut rules.last, head, |old| old.0 == run.trace.rule);
        if run.trace.ended.is_some() {
            rules.runs.retain(|it| it.trace.run != id);
            put(&mut self.traces, run.trace, |old| old.run == id);
        } else if let Some(old) = rules.runs.iter_mut().find(|it| it.trace.run == id) {
            *old = run;
        } else {
            rules.runs.push(run);
        }
    }

    pub(crate) fn known(&self, rule: &RuleId, run: &RunId) -> bool {
        self.home.rules.known_runs.contains(&(rule.clone(), run.clone()))
    }
}

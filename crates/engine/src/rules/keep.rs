//! Rules are saved, switched on and off, and removed; and taken up again at start.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use api::Update;
use model::rule::{Rule, RuleBody, RunOutcome};
use model::{Change, EndpointId, IssueKind, Moment, RuleId, SavedRules, Timestamp, WatchRecord};

use super::book::{Entry, Slot};
use super::call::Call;
use super::lookout::Remembered;
use super::turn::Turn;
use super::watch::State;
use super::{Deed, Rules, World, watchlist};

/// How long after the start devices may still have to be tried.
const SETTLES_WITHIN: Duration = Duration::from_secs(10);

impl Rules {
    /// Saves a rule in its next version, or a new one at version 1. What it says has been checked.
    /// Runs of an earlier version are given up.
    pub(crate) fn save(
        &mut self,
        id: RuleId,
        body: RuleBody,
        enabled: bool,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| {
            let version = rules.rule(&id).map_or(1, |it| it.version.saturating_add(1));
            let rule = Rule { id: id.clone(), version, enabled, saved_at: now.wall, body };
            let change = Change::Rule(Box::new(rule.clone()));
            let known = rules.book.slot(&id);
            if let Some(slot) = known {
                rules.unlay(slot, turn);
                rules.withdraw(&id, turn);
            }
            turn.write(change);
            let slot = match known {
                Some(slot) => {
                    if let Some(entry) = rules.book.get_mut(slot) {
                        entry.reword(rule, now.wall);
                    }
                    slot
                }
                None => rules.book.insert(Entry::new(rule, now.wall)),
            };
            rules.lay(slot, &Remembered::new(), turn);
            rules.seen(true, turn);
        })
    }

    /// Switches a rule on or off. Nothing comes of it when there is no such rule.
    pub(crate) fn enable(
        &mut self,
        id: &RuleId,
        enabled: bool,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| {
            if let Some(slot) = rules.book.slot(id) {
                rules.switch(slot, enabled, turn);
            }
        })
    }

    pub(super) fn switch(&mut self, slot: Slot, enabled: bool, turn: &mut Turn<'_>) {
        if self.book.get(slot).is_none_or(|it| it.rule.enabled == enabled) {
            return;
        }
        self.unlay(slot, turn);
        let Some(entry) = self.book.get_mut(slot) else { return };
        entry.rule.enabled = enabled;
        entry.seen_to = turn.now.wall;
        let id = entry.rule.id.clone();
        turn.write(Change::Rule(Box::new(entry.rule.clone())));
        if enabled {
            turn.ask(Deed::End(IssueKind::RuleRunaway(id).id()));
        } else {
            self.withdraw(&id, turn);
        }
        self.lay(slot, &Remembered::new(), turn);
        self.seen(true, turn);
    }

    /// Removes a rule. Nothing comes of it when there is none such.
    pub(crate) fn remove(&mut self, id: &RuleId, world: &dyn World, now: Moment) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| {
            let Some(slot) = rules.book.slot(id) else { return };
            rules.unlay(slot, turn);
            rules.withdraw(id, turn);
            rules.forget_runs(slot);
            rules.book.remove(id);
            rules.neighbours.forget(id);
            turn.gone.push(id.clone());
            turn.ask(Deed::End(IssueKind::RuleRunaway(id.clone()).id()));
            turn.ask(Deed::Publish(Update::RuleGone(id.clone())));
        })
    }

    /// What has not ended yet of a rule that is gone ends without a word.
    fn forget_runs(&mut self, slot: Slot) {
        let Some(entry) = self.book.get_mut(slot) else { return };
        for id in std::mem::take(&mut entry.runs) {
            let Some(mut live) = self.runs.remove(&id) else { continue };
            live.run.trace.ended = Some((RunOutcome::Cancelled, live.run.trace.started_at));
            self.settle(&mut live);
        }
    }

    /// Lays everything that a rule needs to be set off.
    fn lay(&mut self, slot: Slot, before: &Remembered, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get_mut(slot) else { return };
        let body = Arc::clone(&entry.body);
        self.neighbours.put(&entry.rule.id, entry.rule.enabled, &body, turn.world());
        entry.findings = OnceLock::new();
        let first = model::rule::Path(vec![model::rule::PathPart::Condition(0)]);
        entry.held_from = watchlist::first_at(&watchlist::watched(&body), &first);
        if entry.rule.enabled {
            entry.watches = self.lookout.lay(slot, &body, before, turn.world(), turn.now);
            for (trigger, it) in (0_u16..).zip(&body.triggers) {
                if let Some(call) = Call::of(it) {
                    self.calls.entry(call).or_default().insert((slot, trigger));
                }
            }
            for id in entry.watches.clone() {
                let due = self.lookout.get(id).and_then(super::watch::Watch::due);
                self.set_hold(id, due.map(|at| at.max(turn.now.uptime)));
            }
            self.write_down(slot, before, turn);
        }
        self.plan(slot, turn);
        turn.touched.insert(slot);
    }

    /// What is watched for the first time is written down as it was found: a threshold within its
    /// band would be taken for one that was never crossed after a restart.
    fn write_down(&self, slot: Slot, before: &Remembered, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get(slot) else { return };
        for id in &entry.watches {
            let Some(watch) = self.lookout.get(*id) else { continue };
            let key = watch.number.map(|it| (it, watch.endpoint.clone()));
            if key.is_some_and(|it| !before.contains_key(&it))
                && let Some(record) = self.lookout.record(*id, &entry.rule.id)
            {
                turn.write(Change::Watch(record));
            }
        }
    }

    /// Takes it all away again, and gives up what is under way.
    fn unlay(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get(slot) else { return };
        for run in entry.runs.iter().rev().cloned().collect::<Vec<_>>() {
            self.stop(&run, RunOutcome::Cancelled, turn);
        }
        self.lift(slot);
        let Some(entry) = self.book.get(slot) else { return };
        turn.write(Change::WatchesGone(entry.rule.id.clone()));
    }

    /// Takes away what a rule watches and is called by; how its watches stood.
    fn lift(&mut self, slot: Slot) -> Remembered {
        let Some(entry) = self.book.get_mut(slot) else { return Remembered::new() };
        for call in entry.body.triggers.iter().filter_map(Call::of) {
            if let Some(called) = self.calls.get_mut(&call) {
                called.retain(|it| it.0 != slot);
                if called.is_empty() {
                    self.calls.remove(&call);
                }
            }
        }
        if let Some(at) = entry.next.take() {
            self.agenda.remove(&(at, slot));
        }
        let watches = std::mem::take(&mut entry.watches);
        for id in &watches {
            self.set_hold(*id, None);
        }
        self.lookout.lift(watches)
    }

    /// What roles, rooms, groups, people or clocks there are has changed: all is laid anew, and
    /// stands as it stood.
    pub(crate) fn rewire(&mut self, world: &dyn World, now: Moment) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| {
            rules.do_due(turn);
            for slot in rules.book.slots() {
                rules.rewire_one(slot, turn);
            }
            rules.start_clock_anew(turn);
            rules.look_again_everywhere(turn);
        })
    }

    fn rewire_one(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        let found = self.book.get(slot).and_then(|it| it.findings.get().cloned());
        let next = self.book.get(slot).and_then(|it| it.next);
        let was_touched = turn.touched.contains(&slot);
        let before = self.lift(slot);
        self.lay(slot, &before, turn);
        let Some(entry) = self.book.get(slot) else { return };
        // Clients are told when what they were told is no longer so.
        let findings = found.map(|it| it != self.found_in(entry, turn.world()));
        if !was_touched && findings != Some(true) && entry.next == next {
            turn.touched.remove(&slot);
        }
    }

    /// Takes up what was written down.
    pub(super) fn restore(&mut self, saved: SavedRules, turn: &mut Turn<'_>) {
        let SavedRules { rules, runs, watches, known_runs, last, asked, seen_to } = saved;
        self.settles_at = turn.now.uptime.saturating_add(SETTLES_WITHIN);
        self.seen_to = seen_to;
        let since = seen_to.unwrap_or(turn.now.wall);
        let mut stood = remembered(watches, turn.now);
        for rule in rules {
            let before = stood.remove(&rule.id).unwrap_or_default();
            let since = since.max(rule.saved_at);
            let slot = self.book.insert(Entry::new(rule, since));
            self.lay(slot, &before, turn);
        }
        for (rule, run) in known_runs {
            if let Some(entry) = self.book.slot(&rule).and_then(|slot| self.book.get_mut(slot)) {
                entry.remember(run);
            }
        }
        for (rule, head) in last {
            if let Some(entry) = self.book.slot(&rule).and_then(|slot| self.book.get_mut(slot)) {
                entry.last = Some(head);
            }
        }
        turn.touched.clear();
        for asked in asked {
            let (rule, run, due) = (asked.rule.clone(), asked.run.clone(), asked.due);
            if self.book.entry(&rule).is_none_or(|it| it.rule.version != asked.version) {
                turn.write(Change::AskedGone(run));
                continue;
            }
            turn.ask(Deed::Raise(IssueKind::MissedRun { rule, run: run.clone(), due }));
            self.asked.insert(run, asked);
        }
        self.take_up(runs, turn);
    }
}

fn remembered(watches: Vec<WatchRecord>, now: Moment) -> BTreeMap<RuleId, Remembered> {
    let mut stood: BTreeMap<RuleId, BTreeMap<(u16, EndpointId), State>> = BTreeMap::new();
    for record in watches {
        let state = State::restored(&record, now);
        stood.entry(record.rule).or_default().insert((record.watch, record.endpoint), state);
    }
    stood
}

impl Entry {
    /// Puts a new version in the place of the old one.
    fn reword(&mut self, rule: Rule, now: Timestamp) {
        self.body = Arc::new(rule.body.clone());
        self.rule = rule;
        self.seen_to = now;
        self.hushed = None;
        self.begun.clear();
    }
}

//! Rules are saved, switched on and off, and removed; and taken up again at start.

use api::Update;
use model::rule::{Rule, RuleBody};
use model::{Change, Moment, RuleId, SavedRules, Timestamp};

use super::book::{Entry, Slot};
use super::turn::Turn;
use super::{Deed, Rules, World};

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
        let mut turn = Turn::new(world, now);
        let version = self.rule(&id).map_or(1, |it| it.version.saturating_add(1));
        let rule = Rule { id: id.clone(), version, enabled, saved_at: now.wall, body };
        let slot = match self.book.slot(&id) {
            Some(slot) => {
                self.unlay(slot, &mut turn);
                if let Some(entry) = self.book.get_mut(slot) {
                    entry.reword(rule.clone(), now.wall);
                }
                slot
            }
            None => self.book.insert(Entry::new(rule.clone(), now.wall)),
        };
        turn.write(Change::Rule(Box::new(rule)));
        self.lay(slot, &mut turn);
        self.close(turn)
    }

    /// Switches a rule on or off. Nothing comes of it when there is no such rule.
    pub(crate) fn enable(
        &mut self,
        id: &RuleId,
        enabled: bool,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        let mut turn = Turn::new(world, now);
        if let Some(slot) = self.book.slot(id) {
            self.switch(slot, enabled, &mut turn);
        }
        self.close(turn)
    }

    pub(super) fn switch(&mut self, slot: Slot, enabled: bool, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get_mut(slot).filter(|it| it.rule.enabled != enabled) else {
            return;
        };
        entry.rule.enabled = enabled;
        entry.seen_to = turn.now.wall;
        turn.write(Change::Rule(Box::new(entry.rule.clone())));
        self.unlay(slot, turn);
        self.lay(slot, turn);
    }

    /// Removes a rule. Nothing comes of it when there is none such.
    pub(crate) fn remove(&mut self, id: &RuleId, world: &dyn World, now: Moment) -> Vec<Deed> {
        let mut turn = Turn::new(world, now);
        if let Some(slot) = self.book.slot(id) {
            self.unlay(slot, &mut turn);
            self.book.remove(id);
            self.neighbours.forget(id);
            turn.touched.remove(&slot);
            turn.write(Change::RuleGone(id.clone()));
            turn.ask(Deed::Publish(Update::RuleGone(id.clone())));
        }
        self.close(turn)
    }

    /// Lays everything that a rule needs to be set off.
    fn lay(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get_mut(slot) else { return };
        self.neighbours.put(&entry.rule.id, entry.rule.enabled, &entry.body, turn.world());
        turn.touched.insert(slot);
    }

    /// Takes it all away again, and gives up what is under way.
    fn unlay(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        turn.touched.insert(slot);
    }

    /// Takes up what was written down.
    pub(super) fn restore(&mut self, saved: SavedRules, turn: &mut Turn<'_>) {
        let seen_to = saved.seen_to.unwrap_or(turn.now.wall);
        for rule in saved.rules {
            let since = seen_to.max(rule.saved_at);
            let slot = self.book.insert(Entry::new(rule, since));
            self.lay(slot, turn);
        }
        for (rule, head) in saved.last {
            if let Some(entry) = self.book.slot(&rule).and_then(|slot| self.book.get_mut(slot)) {
                entry.last = Some(head);
            }
        }
        turn.touched.clear();
    }
}

impl Entry {
    /// Puts a new version in the place of the old one.
    fn reword(&mut self, rule: Rule, now: Timestamp) {
        self.body = std::sync::Arc::new(rule.body.clone());
        self.rule = rule;
        self.seen_to = now;
        self.findings = std::sync::OnceLock::new();
        self.hushed = None;
    }
}

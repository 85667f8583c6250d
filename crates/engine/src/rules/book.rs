//! The rules of the home, by id, each with how it fares.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use model::rule::{Finding, Rule, RuleBody, TraceHead};
use model::{RuleId, RunId, Timestamp};

use super::check::OtherRules;

/// How many runs of a rule are remembered, so that none happens twice.
pub(super) const KNOWN_RUNS: usize = 256;

/// Where a rule stands in the book. A place is used again once its rule is gone.
pub(crate) type Slot = u32;

/// The rules of the home.
#[derive(Debug, Clone, Default)]
pub(super) struct Book {
    by_id: BTreeMap<RuleId, Slot>,
    entries: Vec<Option<Entry>>,
    free: Vec<Slot>,
}

/// A rule, and how it fares.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// As it was saved.
    pub(super) rule: Rule,
    /// What it says, to be shared with its runs.
    pub(super) body: Arc<RuleBody>,
    /// What is watched for it, and by what number.
    pub(super) watches: Vec<u32>,
    /// The number of the first watch of its conditions.
    pub(super) held_from: u16,
    /// Its runs that have not ended, oldest first.
    pub(super) runs: Vec<RunId>,
    pub(super) last: Option<TraceHead>,
    /// When a moment sets it off next.
    pub(super) next: Option<Timestamp>,
    /// Until then, all that was due has been seen to.
    pub(super) seen_to: Timestamp,
    /// What the linter says of it, once somebody has asked.
    pub(super) findings: OnceLock<Vec<Finding>>,
    /// Runs that it had, oldest first.
    known: VecDeque<RunId>,
    /// When (uptime) it last ran: as many as the guard against runaways counts.
    pub(super) begun: VecDeque<Duration>,
    /// When (uptime) it was last told that it did not run, and why, in a number.
    pub(super) hushed: Option<(Duration, u32)>,
}

impl Entry {
    pub(super) fn new(rule: Rule, seen_to: Timestamp) -> Self {
        Self {
            body: Arc::new(rule.body.clone()),
            rule,
            watches: Vec::new(),
            held_from: 0,
            runs: Vec::new(),
            last: None,
            next: None,
            seen_to,
            findings: OnceLock::new(),
            known: VecDeque::new(),
            begun: VecDeque::new(),
            hushed: None,
        }
    }

    pub(super) fn knows(&self, run: &RunId) -> bool {
        self.known.contains(run) || self.runs.contains(run)
    }

    pub(super) fn remember(&mut self, run: RunId) {
        if self.known.contains(&run) {
            return;
        }
        if self.known.len() >= KNOWN_RUNS {
            self.known.pop_front();
        }
        self.known.push_back(run);
    }
}

impl Book {
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn slot(&self, id: &RuleId) -> Option<Slot> {
        self.by_id.get(id).copied()
    }

    pub(super) fn get(&self, slot: Slot) -> Option<&Entry> {
        self.entries.get(usize::try_from(slot).ok()?)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, slot: Slot) -> Option<&mut Entry> {
        self.entries.get_mut(usize::try_from(slot).ok()?)?.as_mut()
    }

    pub(super) fn entry(&self, id: &RuleId) -> Option<&Entry> {
        self.get(self.slot(id)?)
    }

    /// Puts a rule in that is not there yet.
    pub(super) fn insert(&mut self, entry: Entry) -> Slot {
        let id = entry.rule.id.clone();
        let slot = self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            u32::try_from(self.entries.len().saturating_sub(1)).unwrap_or(u32::MAX)
        });
        if let Some(place) = usize::try_from(slot).ok().and_then(|at| self.entries.get_mut(at)) {
            *place = Some(entry);
        }
        self.by_id.insert(id, slot);
        slot
    }

    pub(super) fn remove(&mut self, id: &RuleId) -> Option<Entry> {
        let slot = self.by_id.remove(id)?;
        self.free.push(slot);
        self.entries.get_mut(usize::try_from(slot).ok()?)?.take()
    }

    /// All places, by the ids of their rules.
    pub(super) fn slots(&self) -> Vec<Slot> {
        self.by_id.values().copied().collect()
    }

    /// All rules, by id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.by_id.values().filter_map(|slot| self.get(*slot))
    }
}

impl OtherRules for Book {
    fn body(&self, id: &RuleId) -> Option<&RuleBody> {
        self.entry(id).map(|it| it.body.as_ref())
    }

    fn bodies(&self) -> Box<dyn Iterator<Item = (&RuleId, &RuleBody)> + '_> {
        Box::new(self.iter().map(|it| (&it.rule.id, it.body.as_ref())))
    }
}

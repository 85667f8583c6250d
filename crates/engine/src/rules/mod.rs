//! Rules: what sets them off, what they do, and why they did not.
//!
//! Never reads a clock and never acts: it is told what happens and answers with [`Deed`]s. The same
//! code runs the living home and a rehearsal over its recorded past.

mod book;
mod calendar;
pub(crate) mod check;
mod deed;
mod keep;
pub(crate) mod lint;
mod schedule;
mod sun;
mod truth;
mod turn;
mod watchlist;
mod world;

pub(crate) use calendar::{Calendar, is_known};
pub(crate) use deed::{Deed, Happening, News};
pub(crate) use world::{Headcount, World};

use std::time::Duration;

use api::{RuleView, Update};
use model::rule::Rule;
use model::{Moment, RuleId, SavedRules, Timestamp};

use book::{Book, Entry, Slot};
use lint::Neighbours;
use turn::Turn;

/// All rules, their runs, and what they watch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    book: Book,
    neighbours: Neighbours,
}

impl Rules {
    /// Takes up what was written down. Runs go on where they were.
    pub(crate) fn open(saved: SavedRules, world: &dyn World, now: Moment) -> (Self, Vec<Deed>) {
        let mut rules = Self::default();
        let mut turn = Turn::new(world, now);
        rules.restore(saved, &mut turn);
        let deeds = rules.close(turn);
        (rules, deeds)
    }

    /// Takes in something that happened.
    pub(crate) fn handle(
        &mut self,
        _happening: Happening<'_>,
        _world: &dyn World,
        _now: Moment,
    ) -> Vec<Deed> {
        Vec::new()
    }

    /// Whether any rule looks at what a capability of an endpoint says: if none does, it need not
    /// be told.
    pub(crate) fn looks_at(&self, _happening: Happening<'_>) -> bool {
        false
    }

    /// The uptime at which [`Rules::handle_timeout`] has something to do.
    pub(crate) fn poll_timeout(&self) -> Option<Duration> {
        None
    }

    /// Does what is due by now. To be called when the wall clock has jumped, too.
    pub(crate) fn handle_timeout(&mut self, _world: &dyn World, _now: Moment) -> Vec<Deed> {
        Vec::new()
    }

    /// What roles, rooms, groups or people there are has changed: watches are laid anew.
    pub(crate) fn rewire(&mut self, _world: &dyn World, _now: Moment) -> Vec<Deed> {
        Vec::new()
    }

    /// The rules as clients see them, by id.
    pub(crate) fn views(&self, world: &dyn World) -> Vec<RuleView> {
        self.book.iter().map(|it| self.view(it, world)).collect()
    }

    /// A rule.
    pub(crate) fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.book.entry(id).map(|it| &it.rule)
    }

    /// All rules, by id.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Rule> {
        self.book.iter().map(|it| &it.rule)
    }

    /// How many rules there are.
    pub(crate) fn count(&self) -> usize {
        self.book.len()
    }

    /// All that says the linter needs to know of the rules.
    pub(crate) fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    fn view(&self, entry: &Entry, world: &dyn World) -> RuleView {
        let Rule { id, saved_at, .. } = &entry.rule;
        let lint = || lint::lint(id, &entry.body, world, &self.neighbours, *saved_at);
        RuleView {
            rule: entry.rule.clone(),
            runs: Vec::new(),
            last: entry.last.clone(),
            next: entry.next,
            findings: entry.findings.get_or_init(lint).clone(),
        }
    }

    /// Ends a turn: what is asked for, in order.
    fn close(&self, mut turn: Turn<'_>) -> Vec<Deed> {
        let touched: Vec<Slot> = std::mem::take(&mut turn.touched).into_iter().collect();
        let views = touched.into_iter().filter_map(|slot| self.book.get(slot));
        let views = views.map(|it| Update::Rule(Box::new(self.view(it, turn.world())))).collect();
        turn.finish(Vec::new(), views)
    }
}

impl check::OtherRules for Rules {
    fn body(&self, id: &RuleId) -> Option<&model::RuleBody> {
        self.book.body(id)
    }

    fn bodies(&self) -> Box<dyn Iterator<Item = (&RuleId, &model::RuleBody)> + '_> {
        self.book.bodies()
    }
}

/// A moment earlier by that long.
pub(crate) fn before(at: Timestamp, span: Duration) -> Timestamp {
    Timestamp(at.0.saturating_sub(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
}

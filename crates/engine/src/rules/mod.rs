//! Rules: what sets them off, what they do, and why they did not.
//!
//! Never reads a clock and never acts: it is told what happens and answers with [`Deed`]s. The same
//! code runs the living home and a rehearsal over its recorded past.

mod book;
mod by_hand;
mod calendar;
mod call;
pub(crate) mod check;
mod deed;
mod due;
mod keep;
pub(crate) mod lint;
mod lookout;
mod occurrence;
mod run;
pub(crate) mod schedule;
mod set_off;
mod sun;
pub(crate) mod truth;
mod turn;
mod watch;
mod watchlist;
mod world;

pub(crate) use calendar::{Calendar, is_known};
pub(crate) use deed::{Deed, Happening, News};
pub(crate) use world::World;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::{RuleView, Update};
use model::rule::{Finding, Rule};
use model::{Asked, Change, CommandId, HookId, Moment, RuleId, RunId, SavedRules, Timestamp};

use book::{Book, Entry, Slot};
use call::Call;
use lint::Neighbours;
use lookout::Lookout;
use run::Live;
use turn::Turn;

/// All rules, their runs, and what they watch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    book: Book,
    neighbours: Neighbours,
    lookout: Lookout,
    /// What rules are called by, and which of their triggers.
    calls: BTreeMap<Call, BTreeSet<(Slot, u16)>>,
    runs: BTreeMap<RunId, Live>,
    /// Commands on their way, and the runs that wait for them.
    flights: BTreeMap<CommandId, RunId>,
    /// Runs that wait for a condition.
    waiting: BTreeSet<RunId>,
    /// What is due by uptime.
    timers: BTreeSet<(Duration, Timer)>,
    /// What is due by the wall clock.
    agenda: BTreeSet<(Timestamp, Slot)>,
    asked: BTreeMap<RunId, Asked>,
    /// Until then all that was due has been seen to, as it was last written down.
    seen_to: Option<Timestamp>,
    /// Wall clock minus uptime, ms, when they were last looked at.
    offset: Option<i64>,
    /// The clocks and sun by which the agenda was made.
    calendar: Option<Calendar>,
    /// Until then (uptime) devices may not have been tried since the start.
    settles_at: Duration,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    /// A watch has held for long enough.
    Hold(u32),
    /// Something of a run.
    Run(RunId),
}

impl Rules {
    /// Takes up what was written down. Runs go on where they were; what was missed is seen to with
    /// the first [`Rules::handle_timeout`].
    pub(crate) fn open(saved: SavedRules, world: &dyn World, now: Moment) -> (Self, Vec<Deed>) {
        let mut rules = Self::default();
        let deeds = rules.in_turn(world, now, |rules, turn| rules.restore(saved, turn));
        (rules, deeds)
    }

    /// Takes in something that happened.
    pub(crate) fn handle(
        &mut self,
        happening: Happening<'_>,
        world: &dyn World,
        now: Moment,
    ) -> Vec<Deed> {
        self.in_turn(world, now, |rules, turn| rules.take(happening, turn))
    }

    /// Does what is due by now. To be called when the wall clock has jumped, too.
    pub(crate) fn handle_timeout(&mut self, world: &dyn World, now: Moment) -> Vec<Deed> {
        self.in_turn(world, now, Self::do_due)
    }

    /// Everything that follows from one thing, in the order in which it is to be done.
    fn in_turn(
        &mut self,
        world: &dyn World,
        now: Moment,
        act: impl FnOnce(&mut Self, &mut Turn<'_>),
    ) -> Vec<Deed> {
        let mut turn = Turn::new(world, now);
        self.sync(&mut turn);
        act(self, &mut turn);
        self.chain(&mut turn);
        self.close(turn)
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

    /// The rules, for the linter.
    pub(crate) fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }

    /// The webhooks that rules wait for, and the topics.
    pub(crate) fn listens_to(&self) -> (BTreeSet<HookId>, BTreeSet<String>) {
        let (mut hooks, mut topics) = (BTreeSet::new(), BTreeSet::new());
        for call in self.calls.keys() {
            match call {
                Call::Hook(hook) => drop(hooks.insert(hook.clone())),
                Call::Topic(topic) => drop(topics.insert(topic.clone())),
                Call::Home | Call::Started | Call::Variable(_) | Call::Ran(_) => {}
            }
        }
        (hooks, topics)
    }

    fn view(&self, entry: &Entry, world: &dyn World) -> RuleView {
        let runs = entry.runs.iter().filter_map(|id| self.runs.get(id));
        RuleView {
            rule: entry.rule.clone(),
            runs: runs.map(Live::head).collect(),
            last: entry.last.clone(),
            next: entry.next,
            findings: self.found_in(entry, world).to_vec(),
        }
    }

    /// What the linter says of a rule; it is asked once, until something changes.
    fn found_in<'a>(&self, entry: &'a Entry, world: &dyn World) -> &'a [Finding] {
        let Rule { id, saved_at, .. } = &entry.rule;
        entry
            .findings
            .get_or_init(|| lint::lint(id, &entry.body, world, &self.neighbours, *saved_at))
    }

    /// Ends a turn: what is asked for, in order.
    fn close(&self, mut turn: Turn<'_>) -> Vec<Deed> {
        let touched = std::mem::take(&mut turn.touched);
        let rules = touched.into_iter().filter_map(|slot| self.book.get(slot));
        let rules = rules.map(|it| Update::Rule(Box::new(self.view(it, turn.world()))));
        let rules: Vec<Update> = rules.collect();
        let (began, mut went) = (std::mem::take(&mut turn.began), std::mem::take(&mut turn.went));
        let mut runs = Vec::new();
        for run in std::mem::take(&mut turn.ended) {
            let id = &run.trace.run;
            went.remove(id);
            let run = Box::new(run.clone());
            let has_begun = began.contains(id);
            runs.push(if has_begun { Change::RunBegan(run) } else { Change::RunWent(run) });
        }
        for id in went.union(&began) {
            let Some(live) = self.runs.get(id) else { continue };
            let run = Box::new(live.run.clone());
            let has_begun = began.contains(id);
            runs.push(if has_begun { Change::RunBegan(run) } else { Change::RunWent(run) });
        }
        turn.finish(runs, rules)
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

//! Rules: what sets them off, what they do, and why they did not.
//!
//! Never reads a clock and never acts: it is told what happens and answers with [`Deed`]s. The same
//! code runs the living home and a rehearsal over its recorded past.

mod calendar;
pub(crate) mod check;
mod deed;
pub(crate) mod lint;
mod world;

pub(crate) use calendar::{Calendar, is_known};
pub(crate) use deed::{Deed, Happening, News};
pub(crate) use world::{Headcount, World};

use std::time::Duration;

use api::{ApiError, RuleView};
use model::rule::{RuleBody, RunHead, TraceHead};
use model::{Moment, RuleId, RunId, SavedRules, Timestamp};

/// All rules, their runs, and what they watch.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {}

impl Rules {
    /// Takes up what was written down. Runs go on where they were.
    pub(crate) fn open(_saved: SavedRules, _world: &dyn World, _now: Moment) -> (Self, Vec<Deed>) {
        (Self::default(), Vec::new())
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

    /// The rules as clients see them.
    pub(crate) fn views(&self) -> Vec<RuleView> {
        Vec::new()
    }
}

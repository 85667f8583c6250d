//! One watch: whether something holds of one endpoint, since when, and whether that is news.
//!
//! A watch is told values and answers with a [`Turnout`]. It never looks at anything else.

use std::sync::Arc;
use std::time::Duration;

use model::rule::{ButtonPress, Direction, Is, Measure};
use model::{Capability, EndpointId, Moment, RoleId, Span, Timestamp, Value};

use super::book::Slot;
use super::deed::News;
use super::watchlist::{self, is_within};

/// What is watched, of whichever endpoint.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asks {
    Changes {
        what: Capability,
        from: Option<Is>,
        to: Option<Is>,
    },
    Crosses {
        measure: Measure,
        direction: Direction,
        threshold: f64,
        hysteresis: f64,
    },
    Unreachable,
    Is(Is),
    Within {
        measure: Measure,
        above: Option<f64>,
        below: Option<f64>,
    },
    /// A trigger that remembers nothing over a restart: the device can be reached again.
    Returns,
    /// A trigger that remembers nothing at all.
    Button(ButtonPress),
}

/// A watch over one endpoint, for one rule.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    pub(super) slot: Slot,
    /// Its number in the rule's list; `None` for what is never written down.
    pub(super) number: Option<u16>,
    /// The trigger that it serves; `None` when it serves a condition.
    pub(super) trigger: Option<u16>,
    pub(super) endpoint: EndpointId,
    pub(super) role: RoleId,
    pub(super) asks: Arc<Asks>,
    pub(super) held_for: Span,
    pub(super) state: State,
    /// When (uptime) the timer of its hold is set to.
    pub(super) timer: Option<Duration>,
}

/// How a watch stands.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct State {
    /// Whether it holds; `None` when that was never known.
    pub(super) holds: Option<bool>,
    /// Since when, by the wall clock.
    pub(super) since: Timestamp,
    /// The same in uptime, ms; before this start it is negative.
    pub(super) since_up: i64,
    /// It has set the rule off, or never will as long as it holds.
    pub(super) fired: bool,
    /// Nothing was heard since the device was away.
    pub(super) stale: bool,
    /// It has held long enough, but nobody could tell whether it still did.
    pub(super) overdue: bool,
}

/// What comes of telling a watch something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turnout {
    /// Nothing that needs to be known.
    Same,
    /// It stands otherwise; nothing follows.
    Moved,
    /// It stands otherwise, and will set the rule off if it stays so.
    Arms,
    /// It sets the rule off.
    Fires,
    /// It would have, had it been heard.
    WhileAway,
}

/// Uptime in ms.
pub(super) fn up(now: Moment) -> i64 {
    i64::try_from(now.uptime.as_millis()).unwrap_or(i64::MAX)
}

impl Asks {
    pub(super) fn of(watch: watchlist::Watch<'_>) -> Self {
        match watch {
            watchlist::Watch::Changes { what, from, to } => {
                Self::Changes { what, from: from.cloned(), to: to.cloned() }
            }
            watchlist::Watch::Crosses { measure, direction, threshold, hysteresis } => {
                Self::Crosses { measure, direction, threshold, hysteresis }
            }
            watchlist::Watch::Unreachable => Self::Unreachable,
            watchlist::Watch::Is(is) => Self::Is(is.clone()),
            watchlist::Watch::Within { measure, above, below } => {
                Self::Within { measure, above, below }
            }
        }
    }

    /// The capability that it is read off, if it is.
    pub(super) fn capability(&self) -> Option<Capability> {
        match self {
            Self::Changes { what, .. } => Some(*what),
            Self::Crosses { measure, .. } | Self::Within { measure, .. } => {
                Some(measure.capability())
            }
            Self::Is(is) => Some(is.capability()),
            Self::Unreachable | Self::Returns | Self::Button(_) => None,
        }
    }

    /// Whether it holds of a value, given whether it held before; `None` when the value does not
    /// tell.
    pub(super) fn read(&self, value: &Value, before: Option<bool>) -> Option<bool> {
        match self {
            Self::Changes { to: Some(is), .. } | Self::Is(is) => is.holds(value),
            Self::Changes { to: None, from: Some(is), .. } => is.holds(value).map(|it| !it),
            Self::Changes { to: None, from: None, .. } => Some(true),
            Self::Crosses { measure, direction, threshold, hysteresis } => {
                let number = measure.read(value)?;
                let (beyond, back) = match direction {
                    Direction::Above => (number > *threshold, number <= threshold - hysteresis),
                    Direction::Below => (number < *threshold, number >= threshold + hysteresis),
                };
                Some(beyond || (!back && before == Some(true)))
            }
            Self::Within { measure, above, below } => {
                measure.read(value).map(|number| is_within(number, *above, *below))
            }
            Self::Unreachable | Self::Returns | Self::Button(_) => None,
        }
    }

    /// Whether any change at all is what is asked for.
    fn is_any_change(&self) -> bool {
        matches!(self, Self::Changes { from: None, to: None, .. })
    }

    /// Whether it may have been so before: `from` of a change.
    fn allows(&self, was: Option<&Value>) -> bool {
        match self {
            Self::Changes { from: Some(from), .. } => {
                was.is_some_and(|it| from.holds(it) == Some(true))
            }
            Self::Changes { from: None, .. }
            | Self::Crosses { .. }
            | Self::Unreachable
            | Self::Is(_)
            | Self::Within { .. }
            | Self::Returns
            | Self::Button(_) => true,
        }
    }
}

impl State {
    /// As it is found when it is first looked at: what holds then is no news.
    pub(super) fn found(holds: Option<bool>, since: Timestamp, now: Moment) -> Self {
        let age = now.wall.0.saturating_sub(since.0).max(0);
        Self {
            holds,
            since,
            since_up: up(now).saturating_sub(age),
            fired: true,
            stale: false,
            overdue: false,
        }
    }
}

impl Watch {
    /// Takes what its capability says now.
    pub(super) fn hear(
        &mut self,
        was: Option<&Value>,
        value: &Value,
        news: News,
        now: Moment,
    ) -> Turnout {
        let Some(holds) = self.asks.read(value, self.state.holds) else { return Turnout::Same };
        if self.asks.is_any_change() {
            let is_other = was != Some(value);
            let known = was.is_some();
            return self.stand(holds, is_other.then_some(known), news, now);
        }
        let is_other = self.state.holds != Some(holds);
        let is_edge = self.state.holds.is_some() && self.asks.allows(was);
        self.stand(holds, is_other.then_some(is_edge), news, now)
    }

    /// Takes whether its device can be reached.
    pub(super) fn reach(&mut self, is_reachable: bool, now: Moment) -> Turnout {
        if self.asks.capability().is_some() {
            self.state.stale |= !is_reachable;
            return Turnout::Same;
        }
        let holds = is_reachable == matches!(*self.asks, Asks::Returns);
        // Only news is told: what can be reached now could not be until now, and the other way round.
        self.stand(holds, Some(true), News::Change, now)
    }

    /// It holds or not. `other`: that is otherwise than before, and whether it is known that it
    /// was as it has to be before.
    fn stand(&mut self, holds: bool, other: Option<bool>, news: News, now: Moment) -> Turnout {
        self.state.stale = false;
        let Some(is_edge) = other else {
            let fires = holds && self.state.overdue && !self.state.fired;
            self.state.overdue = false;
            self.state.fired |= fires;
            return if fires { Turnout::Fires } else { Turnout::Same };
        };
        let was_known = self.state.holds.is_some();
        self.state = State {
            holds: Some(holds),
            since: now.wall,
            since_up: up(now),
            fired: true,
            stale: false,
            overdue: false,
        };
        if !holds || self.trigger.is_none() {
            return Turnout::Moved;
        }
        if !self.held_for.is_zero() {
            // What was not as it had to be before the change does not count, unless nobody knows.
            self.state.fired = was_known && !is_edge;
            return if self.state.fired { Turnout::Moved } else { Turnout::Arms };
        }
        match (is_edge, news) {
            (true, News::Change) => Turnout::Fires,
            (true, News::Baseline) => Turnout::WhileAway,
            (false, _) => Turnout::Moved,
        }
    }

    /// The time of its hold has come.
    pub(super) fn ripen(&mut self) -> Turnout {
        let is_due = self.state.holds == Some(true) && !self.state.fired;
        if !is_due {
            return Turnout::Same;
        }
        if self.state.stale {
            self.state.overdue = true;
            return Turnout::Same;
        }
        self.state.fired = true;
        Turnout::Fires
    }

    /// When (uptime, ms) it will have held for long enough.
    pub(super) fn ripe_at(&self) -> i64 {
        let span = i64::try_from(self.held_for.as_millis()).unwrap_or(i64::MAX);
        self.state.since_up.saturating_add(span)
    }

    /// When (uptime) it sets its rule off, if it goes on like this.
    pub(super) fn due(&self) -> Option<Duration> {
        let State { holds, fired, overdue, .. } = self.state;
        let is_armed = self.trigger.is_some() && holds == Some(true) && !fired && !overdue;
        is_armed.then(|| Duration::from_millis(u64::try_from(self.ripe_at()).unwrap_or(0)))
    }

    /// Whether how it stands has to outlive a restart.
    pub(super) fn is_kept(&self) -> bool {
        let has_band = matches!(*self.asks, Asks::Crosses { hysteresis, .. } if hysteresis > 0.0);
        self.number.is_some() && (has_band || !self.held_for.is_zero())
    }
}

//! All watches, by the endpoint that they watch: what a device says costs what the rules that watch
//! it cost, and nothing when none does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::rule::{RuleBody, Trigger};
use model::{
    ButtonEvent, Capability, EndpointId, Moment, RoleId, RuleId, RunId, Span, Timestamp, Value,
    WatchRecord,
};

use super::World;
use super::book::Slot;
use super::deed::News;
use super::truth::Holds;
use super::watch::{Asks, State, Turnout, Watch, up};
use super::watchlist::watched;

/// Every watch there is.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookout {
    watches: Vec<Option<Watch>>,
    free: Vec<u32>,
    index: BTreeMap<EndpointId, Vec<(Sense, u32)>>,
    /// Runs that wait for something of an endpoint.
    awaited: BTreeMap<EndpointId, BTreeSet<RunId>>,
}

/// What of an endpoint is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sense {
    Value(Capability),
    Reach,
    Button,
}

/// What was written down or known of the watches of a rule before.
pub(super) type Remembered = BTreeMap<(u16, EndpointId), State>;

/// A watch to be laid: whose, and what.
struct Wanted<'a> {
    number: Option<u16>,
    trigger: Option<u16>,
    of: &'a model::rule::Target,
    asks: Asks,
    held_for: Span,
}

impl Lookout {
    pub(super) fn get(&self, id: u32) -> Option<&Watch> {
        self.watches.get(usize::try_from(id).ok()?)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: u32) -> Option<&mut Watch> {
        self.watches.get_mut(usize::try_from(id).ok()?)?.as_mut()
    }

    /// Lays the watches of a rule; which. What was known of them before is taken up again.
    pub(super) fn lay(
        &mut self,
        slot: Slot,
        body: &RuleBody,
        before: &Remembered,
        world: &dyn World,
        now: Moment,
    ) -> Vec<u32> {
        let mut laid = Vec::new();
        for wanted in wanted(body) {
            let asks = Arc::new(wanted.asks);
            for role in world.roles(wanted.of) {
                let Some(endpoint) = world.endpoint(&role) else { continue };
                let known = wanted.number.and_then(|it| before.get(&(it, endpoint.clone())));
                let state = known.copied().unwrap_or_else(|| found(&asks, &role, world, now));
                let held_for = wanted.held_for;
                let (number, trigger) = (wanted.number, wanted.trigger);
                let asks = Arc::clone(&asks);
                laid.push(self.add(Watch {
                    slot,
                    number,
                    trigger,
                    endpoint,
                    role,
                    asks,
                    held_for,
                    state,
                    timer: None,
                }));
            }
        }
        laid
    }

    fn add(&mut self, watch: Watch) -> u32 {
        let id = self.free.pop().unwrap_or_else(|| {
            self.watches.push(None);
            u32::try_from(self.watches.len().saturating_sub(1)).unwrap_or(u32::MAX)
        });
        let eyes = self.index.entry(watch.endpoint.clone()).or_default();
        if let Some(capability) = watch.asks.capability() {
            eyes.push((Sense::Value(capability), id));
        }
        if matches!(*watch.asks, Asks::Button(_)) {
            eyes.push((Sense::Button, id));
        } else {
            eyes.push((Sense::Reach, id));
        }
        if let Some(place) = usize::try_from(id).ok().and_then(|it| self.watches.get_mut(it)) {
            *place = Some(watch);
        }
        id
    }

    /// Takes watches away; how they stood.
    pub(super) fn lift(&mut self, ids: Vec<u32>) -> Remembered {
        let mut stood = Remembered::new();
        for id in ids {
            let place = usize::try_from(id).ok().and_then(|it| self.watches.get_mut(it));
            let Some(watch) = place.and_then(Option::take) else { continue };
            self.free.push(id);
            if let Some(eyes) = self.index.get_mut(&watch.endpoint) {
                eyes.retain(|(_, it)| *it != id);
                if eyes.is_empty() {
                    self.index.remove(&watch.endpoint);
                }
            }
            if let Some(number) = watch.number {
                stood.insert((number, watch.endpoint), watch.state);
            }
        }
        stood
    }

    /// Whether anybody looks at that capability of an endpoint.
    pub(super) fn looks_at(&self, endpoint: &EndpointId, capability: Capability) -> bool {
        let sense = Sense::Value(capability);
        self.index.get(endpoint).is_some_and(|eyes| eyes.iter().any(|(it, _)| *it == sense))
            || self.awaited.contains_key(endpoint)
    }

    pub(super) fn looks_at_buttons(&self, endpoint: &EndpointId) -> bool {
        let eyes = self.index.get(endpoint);
        eyes.is_some_and(|eyes| eyes.iter().any(|(it, _)| *it == Sense::Button))
    }

    /// Tells all that watch it what a capability of an endpoint says; what comes of it, where
    /// something does.
    pub(super) fn hear(
        &mut self,
        endpoint: &EndpointId,
        was: Option<&Value>,
        value: &Value,
        news: News,
        now: Moment,
    ) -> Vec<(u32, Turnout)> {
        let sense = Sense::Value(value.capability());
        self.tell(endpoint, sense, |watch| watch.hear(was, value, news, now))
    }

    /// Tells all that watch it whether an endpoint's device can be reached.
    pub(super) fn reach(
        &mut self,
        endpoint: &EndpointId,
        is_reachable: bool,
        now: Moment,
    ) -> Vec<(u32, Turnout)> {
        self.tell(endpoint, Sense::Reach, |watch| watch.reach(is_reachable, now))
    }

    /// Those that wait for such a press of a button.
    pub(super) fn press(
        &mut self,
        endpoint: &EndpointId,
        event: ButtonEvent,
    ) -> Vec<(u32, Turnout)> {
        self.tell(endpoint, Sense::Button, |watch| {
            let is_meant = matches!(*watch.asks, Asks::Button(press) if press.is(event));
            if is_meant { Turnout::Fires } else { Turnout::Same }
        })
    }

    fn tell(
        &mut self,
        endpoint: &EndpointId,
        sense: Sense,
        mut tell: impl FnMut(&mut Watch) -> Turnout,
    ) -> Vec<(u32, Turnout)> {
        let mut turnouts = Vec::new();
        for (_, id) in self.index.get(endpoint).into_iter().flatten().filter(|it| it.0 == sense) {
            let place = usize::try_from(*id).ok().and_then(|it| self.watches.get_mut(it));
            let Some(watch) = place.and_then(Option::as_mut) else { continue };
            let turnout = tell(watch);
            if turnout != Turnout::Same {
                turnouts.push((*id, turnout));
            }
        }
        turnouts
    }

    /// Lets a run be told whenever one of these endpoints says something.
    pub(super) fn await_for(&mut self, run: &RunId, endpoints: &[EndpointId]) {
        for endpoint in endpoints {
            self.awaited.entry(endpoint.clone()).or_default().insert(run.clone());
        }
    }

    pub(super) fn forget(&mut self, run: &RunId, endpoints: &[EndpointId]) {
        for endpoint in endpoints {
            let Some(runs) = self.awaited.get_mut(endpoint) else { continue };
            runs.remove(run);
            if runs.is_empty() {
                self.awaited.remove(endpoint);
            }
        }
    }

    /// The runs that wait for something of an endpoint.
    pub(super) fn awaiting(&self, endpoint: &EndpointId) -> Vec<RunId> {
        self.awaited.get(endpoint).into_iter().flatten().cloned().collect()
    }

    /// A watch as it is written down.
    pub(super) fn record(&self, id: u32, rule: &RuleId) -> Option<WatchRecord> {
        let watch = self.get(id).filter(|it| it.is_kept())?;
        Some(WatchRecord {
            rule: rule.clone(),
            watch: watch.number?,
            endpoint: watch.endpoint.clone(),
            holds: watch.state.holds?,
            since: watch.state.since,
            fired: watch.state.fired,
        })
    }

    /// The wall clock has jumped: what was so since a moment was so since the same moment, which
    /// has another name now. Which watches are to be written down anew.
    pub(super) fn shift(&mut self, by: i64) -> Vec<u32> {
        let mut shifted = Vec::new();
        for (id, watch) in (0_u32..).zip(&mut self.watches) {
            let Some(watch) = watch.as_mut().filter(|it| it.is_kept()) else { continue };
            if watch.state.holds == Some(true) && !watch.held_for.is_zero() {
                watch.state.since = Timestamp(watch.state.since.0.saturating_add(by));
                shifted.push(id);
            }
        }
        shifted
    }
}

/// What a rule wants watched.
fn wanted(body: &RuleBody) -> Vec<Wanted<'_>> {
    let mut all = Vec::new();
    for (number, watched) in (0_u16..).zip(watched(body)) {
        let trigger = match watched.path.0.first() {
            Some(model::rule::PathPart::Trigger(at)) => Some(*at),
            _ => None,
        };
        let (asks, held_for) = (Asks::of(watched.what), watched.held_for);
        all.push(Wanted { number: Some(number), trigger, of: watched.of, asks, held_for });
    }
    for (at, trigger) in (0_u16..).zip(&body.triggers) {
        let (of, asks) = if let Trigger::Button { of, press } = trigger {
            (of, Asks::Button(*press))
        } else if let Trigger::Returns { of } = trigger {
            (of, Asks::Returns)
        } else {
            continue;
        };
        all.push(Wanted { number: None, trigger: Some(at), of, asks, held_for: Span::ZERO });
    }
    all
}

/// How something stands that is looked at for the first time.
fn found(asks: &Asks, role: &RoleId, world: &dyn World, now: Moment) -> State {
    let is_reachable = world.is_reachable(role);
    let is_about_reach = matches!(asks, Asks::Unreachable | Asks::Returns);
    let holds = is_reachable.filter(|_| is_about_reach);
    let holds = holds.map(|it| it == matches!(asks, Asks::Returns));
    let Some(capability) = asks.capability() else { return State::found(holds, now.wall, now) };
    match world.known(role, capability) {
        Ok((value, since)) => State::found(asks.read(value, None), since, now),
        Err(_) => State::found(None, now.wall, now),
    }
}

impl State {
    /// As it was written down: nobody has heard since.
    pub(super) fn restored(record: &WatchRecord, now: Moment) -> Self {
        let state = Self::found(Some(record.holds), record.since, now);
        Self { fired: record.fired, stale: true, ..state }
    }
}

/// Since when the parts of one condition have held.
pub(super) struct Held<'a> {
    pub(super) lookout: &'a Lookout,
    pub(super) watches: &'a [u32],
    /// The number of the condition's first part.
    pub(super) first: u16,
    pub(super) now: Moment,
}

impl Holds for Held<'_> {
    fn since(&self, part: u16, endpoint: &EndpointId) -> Option<Timestamp> {
        let number = Some(self.first.saturating_add(part));
        let mut watches = self.watches.iter().filter_map(|id| self.lookout.get(*id));
        let watch = watches.find(|it| it.number == number && it.endpoint == *endpoint)?;
        // Counted by uptime: a clock that jumps makes nothing older.
        let age = up(self.now).saturating_sub(watch.state.since_up);
        (watch.state.holds == Some(true)).then(|| Timestamp(self.now.wall.0.saturating_sub(age)))
    }
}

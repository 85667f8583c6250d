//! Something happens: which rules it sets off, and which it would have.

use std::time::Duration;

use model::rule::{Cause, Judged, NotRun, Trigger, Truth, WhyNot};
use model::{
    Capability, Change, EndpointId, IssueKind, PersonId, Value, VariableId, VariableValue,
};

use super::book::{Entry, Slot};
use super::call::{Call, is_meant, matches};
use super::deed::News;
use super::lookout::Held;
use super::occurrence::Occurrence;
use super::run::{Beginning, DEEPEST_CHAIN, cause_of_step};
use super::turn::{Later, Turn};
use super::watch::Turnout;
use super::{Deed, Happening, Rules, Timer, World, truth, watchlist};

impl Entry {
    /// The name of what sets a trigger of this rule off, so far.
    pub(super) fn occurrence(&self, trigger: u16) -> Occurrence {
        Occurrence::of(&self.rule.id, self.rule.version, Some(trigger))
    }
}

impl Rules {
    pub(super) fn take(&mut self, happening: Happening<'_>, turn: &mut Turn<'_>) {
        match happening {
            Happening::Value { endpoint, was, value, news } => {
                self.value(endpoint, was, value, news, turn);
            }
            Happening::Pressed(endpoint, event) => {
                for (id, _) in self.lookout.press(endpoint, event) {
                    let Some((slot, trigger, role)) = self.watcher(id) else { continue };
                    let cause = Cause::Pressed(trigger, role, event);
                    self.triggered(slot, trigger, cause, turn, |it| {
                        it.with("pressed").with(endpoint).with_words(&event)
                    });
                }
            }
            Happening::Reachable(device, is_reachable) => {
                for endpoint in turn.endpoints_of(device) {
                    self.reachable(&endpoint, is_reachable, turn);
                }
            }
            Happening::Home(person, came) => self.presence(person, came, turn),
            Happening::Variable(variable, was) => self.variable(variable, was, turn),
            Happening::Hook(hook) => {
                for (slot, trigger) in self.called(&Call::Hook(hook.clone())) {
                    let cause = Cause::Webhook(trigger, hook.clone());
                    self.triggered(slot, trigger, cause, turn, |it| it.with("hook").with(hook));
                }
            }
            Happening::Message(topic, payload) => self.message(topic, payload, turn),
            Happening::Outcome(command, state) => self.landed(command, state, turn),
            Happening::Started => {
                for (slot, trigger) in self.called(&Call::Started) {
                    self.triggered(slot, trigger, Cause::Started(trigger), turn, |it| {
                        it.with("started")
                    });
                }
            }
        }
    }

    fn value(
        &mut self,
        endpoint: &EndpointId,
        was: Option<&Value>,
        value: &Value,
        news: News,
        turn: &mut Turn<'_>,
    ) {
        for (id, turnout) in self.lookout.hear(endpoint, was, value, news, turn.now) {
            self.note_watch(id, turn);
            let Some((slot, trigger, role)) = self.watcher(id) else { continue };
            let held = self.lookout.get(id).is_some_and(|it| !it.held_for.is_zero());
            match turnout {
                Turnout::Fires if held => self.held_long_enough(id, turn),
                Turnout::Fires => {
                    let (was, value) = (was.cloned(), value.clone());
                    let cause = Cause::Value { trigger, role, was, value: value.clone() };
                    self.triggered(slot, trigger, cause, turn, |it| {
                        it.with("value").with(endpoint).with_words(&value)
                    });
                }
                Turnout::WhileAway => {
                    let (was, value) = (was.cloned(), value.clone());
                    let cause = Cause::Value { trigger, role, was, value };
                    let run = self.book.get(slot).map(|it| {
                        it.occurrence(trigger).with("away").with(endpoint).with(turn.now.wall.0)
                    });
                    let Some(run) = run else { continue };
                    let beginning = Beginning::new(run.run(), cause);
                    self.not_run(slot, beginning, WhyNot::WhileAway, turn);
                }
                Turnout::Same | Turnout::Moved | Turnout::Arms => {}
            }
        }
        self.enlighten(endpoint, value, turn);
    }

    fn reachable(&mut self, endpoint: &EndpointId, is_reachable: bool, turn: &mut Turn<'_>) {
        for (id, turnout) in self.lookout.reach(endpoint, is_reachable, turn.now) {
            self.note_watch(id, turn);
            let Some((slot, trigger, role)) = self.watcher(id) else { continue };
            if turnout != Turnout::Fires {
                continue;
            }
            if self.lookout.get(id).is_some_and(|it| !it.held_for.is_zero()) {
                self.held_long_enough(id, turn);
                continue;
            }
            let cause = if is_reachable {
                Cause::Returned(trigger, role)
            } else {
                Cause::Unreachable(trigger, role)
            };
            self.triggered(slot, trigger, cause, turn, |it| {
                it.with("reach").with(endpoint).with(is_reachable)
            });
        }
        for run in self.lookout.awaiting(endpoint) {
            self.look_again(&run, turn);
        }
    }

    /// The time of a hold has come. What nobody can tell just now has to wait.
    pub(super) fn ripen(&mut self, id: u32, turn: &mut Turn<'_>) {
        let Some(watch) = self.lookout.get_mut(id) else { return };
        let is_reachable = turn.is_reachable(&watch.role);
        if watch.asks.capability().is_some() {
            watch.state.stale |= is_reachable != Some(true);
        } else {
            match is_reachable {
                Some(false) => watch.state.stale = false,
                // It came back without a word, right after the start.
                Some(true) => watch.state.holds = Some(false),
                None => return self.ripen_later(id, turn),
            }
        }
        let turnout = watch.ripen();
        self.note_watch(id, turn);
        if turnout == Turnout::Fires {
            self.held_long_enough(id, turn);
        }
    }

    /// Devices have not been tried since the start.
    fn ripen_later(&mut self, id: u32, turn: &Turn<'_>) {
        const A_WHILE: Duration = Duration::from_secs(1);
        self.set_hold(id, Some(turn.now.uptime.saturating_add(A_WHILE)));
    }

    /// Something has been so for as long as a trigger wants it.
    fn held_long_enough(&mut self, id: u32, turn: &mut Turn<'_>) {
        let Some((slot, trigger, role)) = self.watcher(id) else { return };
        let Some(watch) = self.lookout.get(id) else { return };
        let (endpoint, since) = (watch.endpoint.clone(), watch.state.since);
        let cause = match watch.asks.capability() {
            None => Cause::Unreachable(trigger, role),
            Some(capability) => {
                let Ok((value, _)) = turn.known(&role, capability) else { return };
                Cause::Value { trigger, role: role.clone(), was: None, value: value.clone() }
            }
        };
        let late = super::watch::up(turn.now).saturating_sub(watch.ripe_at());
        let Some(entry) = self.book.get(slot) else { return };
        let run = entry.occurrence(trigger).with("held").with(endpoint).with(since.0).run();
        let mut beginning = Beginning::new(run, cause);
        beginning.late_by = late_by(late);
        self.set_off(slot, beginning, turn);
    }

    fn presence(&mut self, person: &PersonId, came: bool, turn: &mut Turn<'_>) {
        for (slot, trigger) in self.called(&Call::Home) {
            let Some(entry) = self.book.get(slot) else { continue };
            let meant = match (entry.body.triggers.get(usize::from(trigger)), came) {
                (Some(Trigger::Arrives(who)), true) | (Some(Trigger::Leaves(who)), false) => {
                    is_meant(who, person, came, turn)
                }
                _ => false,
            };
            if !meant {
                continue;
            }
            let person = person.clone();
            let cause = if came {
                Cause::Arrived(trigger, person.clone())
            } else {
                Cause::Left(trigger, person.clone())
            };
            self.triggered(slot, trigger, cause, turn, |it| {
                it.with("home").with(person).with(came)
            });
        }
        self.look_again_everywhere(turn);
    }

    fn variable(&mut self, id: &VariableId, was: Option<&VariableValue>, turn: &mut Turn<'_>) {
        let value = turn.variable(id).map(|it| it.value.clone());
        for (slot, trigger) in self.called(&Call::Variable(id.clone())) {
            let (Some(entry), Some(value)) = (self.book.get(slot), &value) else { continue };
            let is_so = match entry.body.triggers.get(usize::from(trigger)) {
                Some(Trigger::Variable { becomes, .. }) => {
                    becomes.holds(value) && !was.is_some_and(|it| becomes.holds(it))
                }
                _ => false,
            };
            if is_so {
                let cause = Cause::Variable(trigger, id.clone(), value.clone());
                self.triggered(slot, trigger, cause, turn, |it| {
                    it.with("variable").with(id).with_words(value)
                });
            }
        }
        self.look_again_everywhere(turn);
    }

    fn message(&mut self, topic: &str, payload: &str, turn: &mut Turn<'_>) {
        let called = self
            .calls
            .iter()
            .filter(|(call, _)| matches!(call, Call::Topic(pattern) if matches(pattern, topic)));
        let called: Vec<(Slot, u16)> = called.flat_map(|(_, it)| it.iter().copied()).collect();
        for (slot, trigger) in called {
            let Some(entry) = self.book.get(slot) else { continue };
            let is_meant = match entry.body.triggers.get(usize::from(trigger)) {
                Some(Trigger::Mqtt { payload: wanted, .. }) => {
                    wanted.as_ref().is_none_or(|it| it == payload)
                }
                _ => false,
            };
            if is_meant {
                let cause = Cause::Message(trigger, topic.to_owned());
                self.triggered(slot, trigger, cause, turn, |it| {
                    it.with("message").with(topic).with(payload)
                });
            }
        }
    }

    /// Runs that wait for something that is not said by one endpoint.
    pub(super) fn look_again_everywhere(&mut self, turn: &mut Turn<'_>) {
        for run in self.waiting.clone() {
            self.look_again(&run, turn);
        }
    }

    /// The rules and triggers that something calls.
    pub(super) fn called(&self, call: &Call) -> Vec<(Slot, u16)> {
        self.calls.get(call).into_iter().flatten().copied().collect()
    }

    /// For which rule and trigger something is watched, and in which role; `None` when it is for
    /// a condition.
    fn watcher(&self, id: u32) -> Option<(Slot, u16, model::RoleId)> {
        let watch = self.lookout.get(id)?;
        Some((watch.slot, watch.trigger?, watch.role.clone()))
    }

    /// Writes down how a watch stands, and sets the timer of its hold.
    pub(super) fn note_watch(&mut self, id: u32, turn: &mut Turn<'_>) {
        let Some(watch) = self.lookout.get(id) else { return };
        let Some(entry) = self.book.get(watch.slot) else { return };
        if let Some(record) = self.lookout.record(id, &entry.rule.id) {
            turn.write(Change::Watch(record));
        }
        let due = watch.due().map(|at| at.max(turn.now.uptime));
        self.set_hold(id, due);
    }

    /// Sets the timer of a hold, or takes it away: a watch has one at most.
    pub(super) fn set_hold(&mut self, id: u32, due: Option<Duration>) {
        let Some(watch) = self.lookout.get_mut(id).filter(|it| it.timer != due) else { return };
        if let Some(at) = std::mem::replace(&mut watch.timer, due) {
            self.timers.remove(&(at, Timer::Hold(id)));
        }
        if let Some(at) = due {
            self.timers.insert((at, Timer::Hold(id)));
        }
    }

    /// A trigger goes off, by something that happens just now.
    fn triggered(
        &mut self,
        slot: Slot,
        trigger: u16,
        cause: Cause,
        turn: &mut Turn<'_>,
        name: impl FnOnce(Occurrence) -> Occurrence,
    ) {
        let Some(entry) = self.book.get(slot) else { return };
        let run = name(entry.occurrence(trigger).with(turn.now.wall.0)).run();
        self.set_off(slot, Beginning::new(run, cause), turn);
    }

    /// Sets a rule off: it runs when it may and its conditions hold, unless it has done so before.
    pub(super) fn set_off(&mut self, slot: Slot, mut beginning: Beginning, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get(slot) else { return };
        if !entry.rule.enabled || entry.knows(&beginning.run) {
            return;
        }
        if beginning.depth > DEEPEST_CHAIN {
            return self.not_run(slot, beginning, WhyNot::TooDeep, turn);
        }
        let judged = self.conditions(entry, turn);
        if judged.iter().all(|it| it.truth == Truth::True) {
            beginning.conditions = judged;
            self.begin(slot, beginning, turn);
        } else {
            self.not_run(slot, beginning, WhyNot::Conditions(judged), turn);
        }
    }

    /// The rule's conditions, as they are judged now.
    fn conditions(&self, entry: &Entry, turn: &Turn<'_>) -> Vec<Judged> {
        let mut first = entry.held_from;
        let (lookout, watches, now) = (&self.lookout, entry.watches.as_slice(), turn.now);
        let judge = |condition| {
            let held = Held { lookout, watches, first, now };
            first = first.saturating_add(watchlist::count(condition));
            truth::judge(condition, turn, &held, now.wall)
        };
        entry.body.conditions.iter().map(judge).collect()
    }

    /// Notes that a trigger did not lead to a run. The same again within a second is not told.
    pub(super) fn not_run(
        &mut self,
        slot: Slot,
        beginning: Beginning,
        why: WhyNot,
        turn: &mut Turn<'_>,
    ) {
        let Some(entry) = self.book.get_mut(slot) else { return };
        if entry.is_hushed(&why, turn.now.uptime) {
            return;
        }
        let not_run = NotRun {
            rule: entry.rule.id.clone(),
            version: entry.rule.version,
            run: beginning.run,
            cause: beginning.cause,
            at: turn.now.wall,
            why,
        };
        entry.last = Some(not_run.head());
        turn.tell(not_run.rule.clone(), not_run.head());
        turn.write(Change::NotRun(Box::new(not_run)));
    }

    /// A rule ran far too often: it is switched off until somebody has looked at it.
    pub(super) fn hold(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        self.switch(slot, false, turn);
        if let Some(entry) = self.book.get_mut(slot) {
            entry.begun.clear();
            turn.ask(Deed::Raise(IssueKind::RuleRunaway(entry.rule.id.clone())));
        }
    }

    /// Sets off what rules have set off in this turn.
    pub(super) fn chain(&mut self, turn: &mut Turn<'_>) {
        while let Some(later) = turn.later.pop_front() {
            match later {
                Later::SetOff { slot, run, cause, depth } => {
                    let mut beginning = Beginning::new(run, cause);
                    beginning.depth = depth;
                    self.set_off(slot, beginning, turn);
                }
                Later::Run { rule, run, by, depth } => {
                    let Some(slot) = self.book.slot(&rule) else { continue };
                    if self.book.get(slot).is_none_or(|it| it.knows(&run)) {
                        continue;
                    }
                    let mut beginning = Beginning::new(run, cause_of_step(by));
                    beginning.depth = depth;
                    if depth > DEEPEST_CHAIN {
                        self.not_run(slot, beginning, WhyNot::TooDeep, turn);
                    } else {
                        self.begin(slot, beginning, turn);
                    }
                }
            }
        }
    }

    /// Whether any rule looks at what a capability of an endpoint says, or at what else happens:
    /// if none does, it need not be told.
    pub(crate) fn looks_at(&self, happening: Happening<'_>) -> bool {
        match happening {
            Happening::Value { endpoint, value, .. } => {
                self.looks_at_value(endpoint, value.capability())
            }
            Happening::Pressed(endpoint, _) => self.lookout.looks_at_buttons(endpoint),
            Happening::Outcome(command, _) => self.flights.contains_key(command),
            Happening::Reachable(..)
            | Happening::Home(..)
            | Happening::Variable(..)
            | Happening::Hook(_)
            | Happening::Message(..)
            | Happening::Started => self.book.len() > 0,
        }
    }

    fn looks_at_value(&self, endpoint: &EndpointId, capability: Capability) -> bool {
        self.lookout.looks_at(endpoint, capability)
    }
}

impl Entry {
    /// Whether the same was told less than a second ago.
    fn is_hushed(&mut self, why: &WhyNot, now: Duration) -> bool {
        const QUIET: Duration = Duration::from_secs(1);
        let kind = match why {
            WhyNot::Conditions(_) => 1,
            WhyNot::Running => 2,
            WhyNot::Full => 3,
            WhyNot::WhileAway => 4,
            WhyNot::Missed
            | WhyNot::Asked
            | WhyNot::Declined
            | WhyNot::TooDeep
            | WhyNot::Runaway => return false,
        };
        let is_again =
            self.hushed.is_some_and(|(at, known)| known == kind && now < at.saturating_add(QUIET));
        if !is_again {
            self.hushed = Some((now, kind));
        }
        is_again
    }
}

/// By how much something is late, when it is worth telling.
pub(super) fn late_by(millis: i64) -> Option<model::Span> {
    const WORTH_TELLING: u64 = 1_000;
    let millis = u64::try_from(millis).ok()?;
    (millis >= WORTH_TELLING).then(|| model::Span::millis(millis))
}

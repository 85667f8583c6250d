//! Moments come: times of day, the sun, intervals; timers of holds and waits; and the wall clock
//! that jumps.
//!
//! Until `seen_to` all that was due has been seen to. What was due since, and is over a minute late
//! because Hearth did not run, the machine slept or its clock was wrong, was missed, and the rule
//! says what becomes of it.

use std::time::Duration;

use model::rule::{Cause, Missed, RunPhase, WhyNot};
use model::{Asked, Change, IssueKind, RunId, Timestamp};

use super::book::Slot;
use super::run::Beginning;
use super::set_off::late_by;
use super::turn::Turn;
use super::{Calendar, Deed, Rules, Timer, World, schedule};

/// Later than that is missed, ms.
const LATE: i64 = 60_000;
/// A difference between wall clock and uptime that changes by more than that is a jump, ms.
const JUMP: i64 = 2_000;
/// How often it is written down at most until when all has been seen to, ms.
const SEEN_EVERY: i64 = 60_000;

/// A moment that came for a trigger.
struct Occasion {
    trigger: u16,
    at: Timestamp,
    run: RunId,
}

impl Rules {
    /// Takes note of the clocks; what follows when the wall clock has jumped.
    pub(super) fn sync(&mut self, turn: &mut Turn<'_>) {
        let offset = turn.now.wall.0.saturating_sub(super::watch::up(turn.now));
        let jump = self.offset.map_or(0, |it| offset.saturating_sub(it));
        self.offset = Some(offset);
        if jump.saturating_abs() > JUMP {
            self.jumped(jump, turn);
        }
        let calendar = *turn.calendar();
        let is_other = self.calendar.replace(calendar).is_some_and(|it| it != calendar);
        if is_other {
            self.start_clock_anew(turn);
        }
    }

    /// The uptime at which rules have to be told that the home has other clocks: at once.
    pub(crate) fn wakes_for(&self, calendar: &Calendar) -> Option<Duration> {
        self.calendar.is_some_and(|it| it != *calendar).then_some(Duration::ZERO)
    }

    /// Moments that lie in uptime get other names; those that lie on the clock are looked up anew.
    fn jumped(&mut self, by: i64, turn: &mut Turn<'_>) {
        for id in self.lookout.shift(by) {
            let rule = self.lookout.get(id).and_then(|it| self.book.get(it.slot));
            let record = rule.and_then(|it| self.lookout.record(id, &it.rule.id));
            record.into_iter().for_each(|it| turn.write(Change::Watch(it)));
        }
        for (id, live) in &mut self.runs {
            let phase = &mut live.run.cursor.phase;
            let moved = match phase {
                RunPhase::Until(at) | RunPhase::Condition(at) => {
                    *at = Timestamp(at.0.saturating_add(by));
                    true
                }
                RunPhase::Ready | RunPhase::Queued | RunPhase::Commands(_) => false,
            };
            for (_, at) in &mut live.run.cursor.pulses {
                *at = Timestamp(at.0.saturating_add(by));
            }
            if moved || !live.run.cursor.pulses.is_empty() {
                turn.went.insert(id.clone());
                turn.touched.insert(live.slot);
            }
        }
        if by < 0 {
            self.start_clock_anew(turn);
        }
        self.look_again_everywhere(turn);
    }

    /// All that was due by now has been seen to; what comes next is looked up.
    pub(super) fn start_clock_anew(&mut self, turn: &mut Turn<'_>) {
        for slot in self.book.slots() {
            if let Some(entry) = self.book.get_mut(slot) {
                entry.seen_to = turn.now.wall;
            }
            self.plan(slot, turn);
        }
        self.seen(true, turn);
    }

    /// Looks up when a moment sets a rule off next.
    pub(super) fn plan(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get_mut(slot) else { return };
        let calendar = turn.calendar();
        let triggers = entry.body.triggers.iter().filter(|_| entry.rule.enabled);
        let next = triggers.filter_map(|it| schedule::next_after(it, calendar, entry.seen_to));
        let next = next.map(|(at, _)| at).min();
        if next == entry.next {
            return;
        }
        if let Some(at) = std::mem::replace(&mut entry.next, next) {
            self.agenda.remove(&(at, slot));
        }
        if let Some(at) = next {
            self.agenda.insert((at, slot));
        }
        turn.touched.insert(slot);
    }

    /// The uptime at which [`Rules::handle_timeout`] has something to do.
    pub(crate) fn poll_timeout(&self) -> Option<Duration> {
        let due = self.agenda.first().map(|(at, _)| {
            let uptime = at.0.saturating_sub(self.offset.unwrap_or(0));
            Duration::from_millis(u64::try_from(uptime).unwrap_or(0))
        });
        self.timers.first().map(|(at, _)| *at).into_iter().chain(due).min()
    }

    /// Does everything that is due by now.
    pub(super) fn do_due(&mut self, turn: &mut Turn<'_>) {
        let mut came = false;
        while let Some((_, slot)) = self.agenda.first().copied().filter(|it| it.0 <= turn.now.wall)
        {
            self.see_to(slot, turn);
            came = true;
        }
        if came {
            self.seen(false, turn);
        }
        while let Some((at, timer)) = self.timers.first().cloned() {
            if at > turn.now.uptime {
                break;
            }
            self.timers.pop_first();
            match timer {
                Timer::Hold(id) => {
                    if let Some(watch) = self.lookout.get_mut(id) {
                        watch.timer = None;
                    }
                    self.ripen(id, turn);
                }
                Timer::Run(run) => self.tick(&run, turn),
            }
        }
    }

    /// Writes down until when all has been seen to.
    pub(super) fn seen(&mut self, whatever: bool, turn: &mut Turn<'_>) {
        let now = turn.now.wall.0;
        let age = self.seen_to.map_or(i64::MAX, |it| now.saturating_sub(it.0));
        if whatever || !(0..SEEN_EVERY).contains(&age) {
            self.seen_to = Some(turn.now.wall);
            turn.write(Change::SeenTo(turn.now.wall));
        }
    }

    /// Moments have come for a rule: what is on time sets it off, what was missed as the rule says.
    fn see_to(&mut self, slot: Slot, turn: &mut Turn<'_>) {
        let occasions = self.occasions(slot, turn);
        if let Some(entry) = self.book.get_mut(slot) {
            entry.seen_to = turn.now.wall;
        }
        self.plan(slot, turn);
        let (on_time, late): (Vec<_>, Vec<_>) =
            occasions.into_iter().partition(|it| turn.now.wall.0.saturating_sub(it.at.0) <= LATE);
        let is_on_time = !on_time.is_empty();
        for occasion in on_time {
            self.on_occasion(slot, occasion, turn);
        }
        let Some(entry) = self.book.get(slot) else { return };
        let is_new = |it: &Occasion| !entry.knows(&it.run) && !self.asked.contains_key(&it.run);
        let Some(last) = late.into_iter().filter(is_new).max_by_key(|it| it.at) else { return };
        let lateness = last.at.age_at(turn.now.wall);
        match entry.body.missed {
            // Of several, the last is run, and that one is on time.
            Missed::RunIfLate(_) if is_on_time => {}
            Missed::RunIfLate(most) if lateness <= most.duration() => {
                self.on_occasion(slot, last, turn);
            }
            Missed::RunIfLate(_) | Missed::Skip => {
                self.missed(slot, last, WhyNot::Missed, turn);
            }
            Missed::Ask => self.ask(slot, last, turn),
        }
    }

    /// The last moment that came for each trigger since all was seen to.
    fn occasions(&self, slot: Slot, turn: &Turn<'_>) -> Vec<Occasion> {
        let Some(entry) = self.book.get(slot) else { return Vec::new() };
        let (from, until) = (entry.seen_to, turn.now.wall);
        let triggers = (0_u16..).zip(&entry.body.triggers);
        let came = triggers.filter_map(|(trigger, it)| {
            let (at, name) = schedule::last_between(it, turn.calendar(), from, until)?;
            let run = entry.occurrence(trigger).with("due").with(name).run();
            Some(Occasion { trigger, at, run })
        });
        came.collect()
    }

    fn on_occasion(&mut self, slot: Slot, occasion: Occasion, turn: &mut Turn<'_>) {
        let Occasion { trigger, at, run } = occasion;
        let mut beginning = Beginning::new(run.clone(), Cause::Due(trigger, at));
        beginning.late_by = late_by(turn.now.wall.0.saturating_sub(at.0));
        self.set_off(slot, beginning, turn);
        // Judged once: a clock that is put back does not ask again.
        if let Some(entry) = self.book.get_mut(slot) {
            entry.remember(run);
        }
    }

    fn missed(&mut self, slot: Slot, occasion: Occasion, why: WhyNot, turn: &mut Turn<'_>) {
        let Occasion { trigger, at, run } = occasion;
        if let Some(entry) = self.book.get_mut(slot) {
            entry.remember(run.clone());
        }
        self.not_run(slot, Beginning::new(run, Cause::Due(trigger, at)), why, turn);
    }

    /// Asks the people; of several of a rule, about the last.
    fn ask(&mut self, slot: Slot, occasion: Occasion, turn: &mut Turn<'_>) {
        let Some(entry) = self.book.get(slot) else { return };
        let (rule, version) = (entry.rule.id.clone(), entry.rule.version);
        self.withdraw(&rule, turn);
        let (run, due) = (occasion.run.clone(), occasion.at);
        let cause = Cause::Due(occasion.trigger, due);
        let asked = Asked { rule: rule.clone(), version, run: run.clone(), cause, due };
        turn.write(Change::Asked(Box::new(asked.clone())));
        turn.ask(Deed::Raise(IssueKind::MissedRun { rule, run: run.clone(), due }));
        self.asked.insert(run, asked);
        self.missed(slot, occasion, WhyNot::Asked, turn);
    }

    /// What was asked about a rule need not be answered any more.
    pub(super) fn withdraw(&mut self, rule: &model::RuleId, turn: &mut Turn<'_>) {
        let old = self.asked.values().filter(|it| it.rule == *rule);
        for asked in old.cloned().collect::<Vec<_>>() {
            self.settled(&asked, turn);
        }
    }

    /// A question is answered, or need not be.
    pub(super) fn settled(&mut self, asked: &Asked, turn: &mut Turn<'_>) {
        let Asked { rule, run, due, .. } = asked;
        self.asked.remove(run);
        turn.write(Change::AskedGone(run.clone()));
        let issue = IssueKind::MissedRun { rule: rule.clone(), run: run.clone(), due: *due };
        turn.ask(Deed::End(issue.id()));
    }
}

//! What rules do, told a second time from their documentation, with no regard for speed or disks:
//! it never forgets anything, so a stop is to it a time in which nothing is heard.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use model::rule::Target;
use model::rule::{
    Comparison, Condition, Date, Days, Direction, Is, LocalTime, Measure, Missed, Repetition,
    RuleBody, RunMode, Step, TimedOut, Trigger, VariableChange, Weekday,
};
use model::{Action, Capability, EndpointId, Value, VariableValue};

use crate::plan::{EYES, NOSE, Plan};
use crate::rules::{self, DOOR, MOTION, WARM};

/// Later than that is missed, ms.
const ON_TIME: i64 = 60_000;

/// Now, by the wall clock and by a clock that never jumps, ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    pub(crate) wall: i64,
    pub(crate) steady: i64,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    Finished,
    Stopped,
    TimedOut,
    Restarted,
}

/// What can be seen of rules from outside.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// What reached a device, and when (steady).
    pub(crate) arrived: Vec<(i64, EndpointId, Action)>,
    /// Which rule told something, and when.
    pub(crate) told: Vec<(i64, usize)>,
    /// Which rule ran, from when (wall) to when (wall), and how it ended.
    pub(crate) ran: Vec<(usize, i64, i64, End)>,
    /// Which rule was set off in vain, and when (wall).
    pub(crate) in_vain: BTreeSet<(i64, usize)>,
}

pub(crate) struct Reference {
    zone: Tz,
    now: Now,
    /// When (steady) it was last started: what came due before that comes due then.
    up_since: i64,
    /// What each sensor last said, and since when (steady) it has.
    sensors: BTreeMap<&'static str, (Value, i64)>,
    lost: BTreeSet<String>,
    rules: Vec<Rule>,
    pub(crate) seen: Seen,
}

struct Rule {
    body: Rc<RuleBody>,
    runs: Vec<Run>,
    watches: Vec<Watch>,
    /// Until then (wall) all that was due has been seen to.
    seen_to: i64,
    /// When (wall) a moment comes for it next.
    next_due: Option<i64>,
    /// Moments that were judged, and those that were run.
    judged: BTreeSet<(usize, i64)>,
    began: BTreeSet<(usize, i64)>,
    count: f64,
    is_lit: bool,
}

/// How a trigger that watches something stands.
#[derive(Debug, Clone, Default)]
struct Watch {
    holds: Option<bool>,
    since: i64,
    /// It may set the rule off once it has held for long enough.
    armed: bool,
    overdue: bool,
}

struct Run {
    started: i64,
    frames: Vec<Frame>,
    phase: Phase,
}

struct Frame {
    steps: Rc<[Step]>,
    at: usize,
    rounds_left: u16,
}

#[derive(Debug, Clone, PartialEq)]
enum Phase {
    Ready,
    Queued,
    Until(i64),
    Pulse(i64),
    Condition(Rc<Condition>, i64, TimedOut),
}

impl Reference {
    pub(crate) fn new(plan: &Plan, sensors: BTreeMap<&'static str, Value>) -> Self {
        let now = Now { wall: plan.begin, steady: 0 };
        let rules = plan.rules.iter().map(|body| Rule {
            watches: vec![Watch::default(); body.triggers.len()],
            body: Rc::new(body.clone()),
            runs: Vec::new(),
            seen_to: now.wall,
            next_due: None,
            judged: BTreeSet::new(),
            began: BTreeSet::new(),
            count: 0.0,
            is_lit: false,
        });
        let mut all = Self {
            zone: plan.zone,
            now,
            up_since: 0,
            sensors: sensors.into_iter().map(|(it, value)| (it, (value, -3_600_000))).collect(),
            lost: BTreeSet::new(),
            rules: rules.collect(),
            seen: Seen::default(),
        };
        for rule in 0..all.rules.len() {
            all.find_watches(rule);
            all.plan(rule);
        }
        all
    }

    fn find_watches(&mut self, rule: usize) {
        let body = Rc::clone(&self.rules[rule].body);
        for (place, trigger) in body.triggers.iter().enumerate() {
            let holds = match trigger {
                Trigger::Unreachable { .. } => Some(false),
                Trigger::Returns { .. } => Some(true),
                _ => self.watched(trigger).and_then(|it| reads(trigger, &self.sensors[it].0, None)),
            };
            self.rules[rule].watches[place].holds = holds;
        }
    }

    pub(crate) fn count(&self, rule: usize) -> f64 {
        self.rules[rule].count
    }

    pub(crate) fn open_runs(&self) -> usize {
        self.rules.iter().map(|it| it.runs.len()).sum()
    }

    /// The steady time at which something is due, as far as nothing happens before.
    pub(crate) fn next(&self) -> Option<i64> {
        let ahead = self.now.wall - self.now.steady;
        let mut next = Vec::new();
        for rule in &self.rules {
            next.extend(rule.next_due.map(|it| it - ahead));
            for (watch, trigger) in rule.watches.iter().zip(&rule.body.triggers) {
                if watch.holds == Some(true) && watch.armed && !watch.overdue {
                    next.push(watch.since + held_for(trigger));
                }
            }
            for run in &rule.runs {
                match &run.phase {
                    Phase::Until(at) | Phase::Pulse(at) => next.push(*at),
                    Phase::Condition(condition, at, _) => {
                        next.push(*at);
                        next.extend(self.look_again_at(condition));
                    }
                    Phase::Ready | Phase::Queued => {}
                }
            }
        }
        next.into_iter().min()
    }

    /// Time has passed.
    pub(crate) fn advance(&mut self, now: Now) {
        self.now = now;
        for rule in 0..self.rules.len() {
            if self.rules[rule].next_due.is_some_and(|it| it <= now.wall) {
                self.moments(rule);
            }
        }
        // One after the other, as they are due.
        while let Some((_, what)) = self.due() {
            match what {
                Due::Hold(rule, trigger) => self.ripe(rule, trigger),
                Due::Run(rule, run) => self.tick(rule, run),
            }
        }
        self.look_again();
    }

    fn due(&self) -> Option<(i64, Due)> {
        let mut due = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            for (place, trigger) in rule.body.triggers.iter().enumerate() {
                let watch = &rule.watches[place];
                if watch.holds == Some(true) && watch.armed && !watch.overdue {
                    let at = watch.since + held_for(trigger);
                    due.push((at.max(self.up_since), Due::Hold(number, place)));
                }
            }
            for (place, run) in rule.runs.iter().enumerate() {
                if let Phase::Until(at) | Phase::Pulse(at) | Phase::Condition(_, at, _) = run.phase
                {
                    due.push((at.max(self.up_since), Due::Run(number, place)));
                }
            }
        }
        due.into_iter().filter(|it| it.0 <= self.now.steady).min()
    }

    fn tick(&mut self, rule: usize, run: usize) {
        let one = &mut self.rules[rule].runs[run];
        match std::mem::replace(&mut one.phase, Phase::Ready) {
            // Before it is given up it is looked at once more: the machine may have slept.
            Phase::Condition(condition, _, TimedOut::Stop)
                if self.holds(rule, &condition) != Some(true) =>
            {
                return self.end(rule, run, End::TimedOut);
            }
            Phase::Pulse(_) => {
                self.command(rule, "relay", Action::SetOnOff(false));
            }
            _ => {}
        }
        self.over(rule, run);
        self.go(rule, run);
    }

    // --- what happens

    /// A sensor says something; as the first since its device was away, or not.
    pub(crate) fn hears(&mut self, sensor: &'static str, value: &Value, is_first: bool) {
        let (was, _) = self.sensors[sensor].clone();
        if was != *value {
            self.sensors.insert(sensor, (value.clone(), self.now.steady));
        }
        for rule in 0..self.rules.len() {
            let body = Rc::clone(&self.rules[rule].body);
            for (place, trigger) in body.triggers.iter().enumerate() {
                if self.watched(trigger) == Some(sensor) && !is_unreachable(trigger) {
                    self.watch(rule, place, trigger, (&was, value), is_first);
                }
            }
        }
        self.look_again();
    }

    fn watch(
        &mut self,
        rule: usize,
        place: usize,
        trigger: &Trigger,
        (was, value): (&Value, &Value),
        is_first: bool,
    ) {
        let is_any = matches!(trigger, Trigger::Changes { to: None, .. });
        let watch = &self.rules[rule].watches[place];
        let Some(holds) = reads(trigger, value, watch.holds) else { return };
        let is_other = if is_any { was != value } else { watch.holds != Some(holds) };
        self.stands(rule, place, trigger, (holds, is_other), is_first);
    }

    fn stands(
        &mut self,
        rule: usize,
        place: usize,
        trigger: &Trigger,
        (holds, is_other): (bool, bool),
        is_first: bool,
    ) {
        let steady = self.now.steady;
        let watch = &mut self.rules[rule].watches[place];
        if !is_other {
            if std::mem::take(&mut watch.overdue) && holds && watch.armed {
                watch.armed = false;
                self.set_off(rule, None);
            }
            return;
        }
        let holds_for = held_for(trigger);
        *watch = Watch { holds: Some(holds), since: steady, armed: holds_for > 0, overdue: false };
        if holds && holds_for == 0 {
            if is_first {
                self.in_vain(rule);
            } else {
                self.set_off(rule, None);
            }
        }
    }

    fn ripe(&mut self, rule: usize, place: usize) {
        let trigger = self.rules[rule].body.triggers[place].clone();
        let is_unheard = !is_unreachable(&trigger)
            && self.watched(&trigger).is_some_and(|it| self.lost.contains(device_of(it)));
        let watch = &mut self.rules[rule].watches[place];
        if is_unheard {
            watch.overdue = true;
        } else {
            watch.armed = false;
            self.set_off(rule, None);
        }
    }

    pub(crate) fn presses(&mut self) {
        for rule in 0..self.rules.len() {
            let body = Rc::clone(&self.rules[rule].body);
            for trigger in &body.triggers {
                if matches!(trigger, Trigger::Button { .. }) {
                    self.set_off(rule, None);
                }
            }
        }
    }

    pub(crate) fn loses(&mut self, device: &str) {
        self.lost.insert(device.to_owned());
        self.reach(device, false);
    }

    /// A device is there again; what it says follows.
    pub(crate) fn finds(&mut self, device: &str) {
        self.lost.remove(device);
        self.reach(device, true);
    }

    fn reach(&mut self, device: &str, is_there: bool) {
        if device == EYES {
            for rule in 0..self.rules.len() {
                let body = Rc::clone(&self.rules[rule].body);
                for (place, trigger) in body.triggers.iter().enumerate() {
                    let holds = match trigger {
                        Trigger::Unreachable { .. } => !is_there,
                        Trigger::Returns { .. } => is_there,
                        _ => continue,
                    };
                    let is_other = self.rules[rule].watches[place].holds != Some(holds);
                    self.stands(rule, place, trigger, (holds, is_other), false);
                }
            }
        }
        self.look_again();
    }

    /// Hearth was stopped and is up again. On disk it says until when all had been seen to; what
    /// was judged since then and did not run may be judged again.
    pub(crate) fn starts_again(&mut self, now: Now, seen_to: Option<i64>) {
        self.now = now;
        self.up_since = now.steady;
        for rule in 0..self.rules.len() {
            let it = &mut self.rules[rule];
            it.seen_to = seen_to.unwrap_or(now.wall).min(now.wall);
            it.judged = it.began.clone();
            self.plan(rule);
        }
        // Until a device has been tried, what it last said counts.
        let lost = std::mem::take(&mut self.lost);
        self.look_again();
        self.lost = lost;
    }

    /// The wall clock was set.
    pub(crate) fn jumps(&mut self, now: Now) {
        let is_back = now.wall - self.now.wall < now.steady - self.now.steady;
        self.now = now;
        for rule in 0..self.rules.len() {
            if is_back {
                self.rules[rule].seen_to = now.wall;
            }
            self.plan(rule);
        }
        self.look_again();
    }

    // --- moments

    fn plan(&mut self, rule: usize) {
        let Rule { body, seen_to, .. } = &self.rules[rule];
        let next = body.triggers.iter().filter_map(|it| self.next_moment(it, *seen_to)).min();
        self.rules[rule].next_due = next;
    }

    /// The first moment after that one, within nine days (wall).
    fn next_moment(&self, trigger: &Trigger, after: i64) -> Option<i64> {
        if !matches!(trigger, Trigger::Time { .. } | Trigger::Every(_)) {
            return None;
        }
        let yesterday = self.date(after - 86_400_000);
        let days = yesterday.iter_days().take(11);
        days.filter_map(|date| self.moments_of(trigger, date).into_iter().find(|it| *it > after))
            .next()
    }

    fn moments(&mut self, rule: usize) {
        let (from, until) = (self.rules[rule].seen_to, self.now.wall);
        let body = Rc::clone(&self.rules[rule].body);
        self.rules[rule].seen_to = until;
        self.plan(rule);
        for (place, trigger) in body.triggers.iter().enumerate() {
            let Some(last) = self.moments_between(trigger, from, until).last().copied() else {
                continue;
            };
            if self.rules[rule].judged.contains(&(place, last)) {
                continue;
            }
            let late = until - last;
            let runs = late <= ON_TIME
                || match body.missed {
                    Missed::RunIfLate(most) => late <= ms(most),
                    Missed::Skip | Missed::Ask => false,
                };
            if runs {
                self.set_off(rule, Some((place, last)));
            } else {
                self.in_vain(rule);
            }
            self.rules[rule].judged.insert((place, last));
        }
    }

    /// All moments after the one and up to the other, in order (wall).
    fn moments_between(&self, trigger: &Trigger, from: i64, until: i64) -> Vec<i64> {
        let (first, last) = (self.date(from - 86_400_000), self.date(until + 86_400_000));
        let days = first.iter_days().take_while(|it| *it <= last);
        let moments = days.flat_map(|date| self.moments_of(trigger, date));
        moments.filter(|it| from < *it && *it <= until).collect()
    }

    /// The moments that belong to a day, in order (wall).
    fn moments_of(&self, trigger: &Trigger, date: NaiveDate) -> Vec<i64> {
        match trigger {
            Trigger::Time { at, on } if counts(date, on) => vec![self.shown(date, *at)],
            Trigger::Every(span) if ms(*span) < 86_400_000 => {
                let tomorrow = date.succ_opt().expect("there is a tomorrow");
                let begin = self.shown(date, LocalTime::MIDNIGHT);
                let end = self.shown(tomorrow, LocalTime::MIDNIGHT);
                let step = usize::try_from(ms(*span)).expect("not negative");
                (begin..end).step_by(step).collect()
            }
            Trigger::Every(span) => {
                let days = (ms(*span) + 86_399_999) / 86_400_000;
                let is_one = i64::from(date.to_epoch_days()) % days == 0;
                is_one.then(|| self.shown(date, LocalTime::MIDNIGHT)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn date(&self, wall: i64) -> NaiveDate {
        self.local(wall).date_naive()
    }

    fn local(&self, wall: i64) -> DateTime<Tz> {
        let universal = DateTime::from_timestamp_millis(wall).expect("an instant");
        universal.with_timezone(&self.zone)
    }

    /// When clocks first show that time of that day, or one after it that exists.
    fn shown(&self, date: NaiveDate, time: LocalTime) -> i64 {
        let midnight = date.and_hms_opt(0, 0, 0).expect("a midnight");
        let mut wanted = midnight + TimeDelta::seconds(i64::from(time.seconds()));
        loop {
            if let Some(found) = self.zone.from_local_datetime(&wanted).earliest() {
                return found.timestamp_millis();
            }
            wanted += TimeDelta::minutes(1);
        }
    }

    // --- conditions

    /// Whether it holds; `None` when that cannot be known.
    fn holds(&self, rule: usize, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::All(parts) => {
                let all: Vec<_> = parts.iter().map(|it| self.holds(rule, it)).collect();
                let is_known = !all.contains(&None);
                if all.contains(&Some(false)) { Some(false) } else { is_known.then_some(true) }
            }
            Condition::Any(parts) => {
                let all: Vec<_> = parts.iter().map(|it| self.holds(rule, it)).collect();
                let is_known = !all.contains(&None);
                if all.contains(&Some(true)) { Some(true) } else { is_known.then_some(false) }
            }
            Condition::Not(part) => self.holds(rule, part).map(|it| !it),
            Condition::State { of, is, held_for, .. } => {
                let (value, since) = self.known(of)?;
                let is_so = is_so(is, value);
                Some(is_so && self.now.steady - since >= ms(*held_for))
            }
            Condition::Number { of, measure: Measure::Temperature, above, below, .. } => {
                let number = celsius(&self.known(of)?.0);
                Some(above.is_none_or(|it| number > it) && below.is_none_or(|it| number < it))
            }
            Condition::Time { after, before, on } => Some(self.is_open(*after, *before, on)),
            Condition::Variable { is: Comparison::Below(bound), .. } => {
                Some(self.rules[rule].count < *bound)
            }
            other => panic!("no rule here asks {other:?}"),
        }
    }

    fn known(&self, target: &Target) -> Option<&(Value, i64)> {
        let sensor = sensor_of(target)?;
        self.sensors.get(sensor).filter(|_| !self.lost.contains(device_of(sensor)))
    }

    fn is_open(&self, after: Option<LocalTime>, before: Option<LocalTime>, on: &Days) -> bool {
        let local = self.local(self.now.wall);
        let today = local.date_naive();
        let seconds = local.num_seconds_from_midnight();
        let from = after.map_or(0, LocalTime::seconds);
        let to = before.map_or(86_400, LocalTime::seconds);
        if from <= to {
            return from <= seconds && seconds < to && counts(today, on);
        }
        let yesterday = today.pred_opt().expect("there was a yesterday");
        (seconds >= from && counts(today, on)) || (seconds < to && counts(yesterday, on))
    }

    /// When (steady) a condition may hold although nothing happens: at a full minute, or when
    /// something has been so for long enough.
    fn look_again_at(&self, condition: &Condition) -> Vec<i64> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().flat_map(|it| self.look_again_at(it)).collect()
            }
            Condition::Not(part) => self.look_again_at(part),
            Condition::Time { .. } => {
                // Windows here begin and end at quarters of an hour, and so do changes of clocks.
                let wall = (self.now.wall.div_euclid(900_000) + 1) * 900_000;
                vec![wall - self.now.wall + self.now.steady]
            }
            Condition::State { of, held_for, .. } if !held_for.is_zero() => {
                let since = sensor_of(of).map(|it| self.sensors[it].1);
                let ripe = since.map(|it| it + ms(*held_for));
                ripe.into_iter().filter(|it| *it > self.now.steady).collect()
            }
            _ => Vec::new(),
        }
    }

    // --- runs

    fn in_vain(&mut self, rule: usize) {
        self.seen.in_vain.insert((self.now.wall, rule));
    }

    fn set_off(&mut self, rule: usize, moment: Option<(usize, i64)>) {
        let body = Rc::clone(&self.rules[rule].body);
        if !body.conditions.iter().all(|it| self.holds(rule, it) == Some(true)) {
            return self.in_vain(rule);
        }
        let is_queued = |it: &&Run| it.phase == Phase::Queued;
        let queued = self.rules[rule].runs.iter().filter(is_queued).count();
        let running = self.rules[rule].runs.len() - queued;
        let mut phase = Phase::Ready;
        match body.mode {
            RunMode::Single if running > 0 => return self.in_vain(rule),
            RunMode::Parallel(most) if running >= usize::from(most) => return self.in_vain(rule),
            RunMode::Queued(most) if running > 0 => {
                if queued >= usize::from(most) {
                    return self.in_vain(rule);
                }
                phase = Phase::Queued;
            }
            RunMode::Restart => {
                while !self.rules[rule].runs.is_empty() {
                    if matches!(self.rules[rule].runs[0].phase, Phase::Pulse(_)) {
                        self.command(rule, "relay", Action::SetOnOff(false));
                    }
                    self.end(rule, 0, End::Restarted);
                }
            }
            _ => {}
        }
        self.rules[rule].began.extend(moment);
        let frame = Frame { steps: body.steps.clone().into(), at: 0, rounds_left: 0 };
        let is_ready = phase == Phase::Ready;
        self.rules[rule].runs.push(Run { started: self.now.wall, frames: vec![frame], phase });
        if is_ready {
            let last = self.rules[rule].runs.len() - 1;
            self.go(rule, last);
        }
    }

    fn over(&mut self, rule: usize, run: usize) {
        if let Some(frame) = self.rules[rule].runs[run].frames.last_mut() {
            frame.at += 1;
        }
    }

    /// A run goes on until it has to wait or has ended.
    fn go(&mut self, rule: usize, run: usize) {
        loop {
            let one = &mut self.rules[rule].runs[run];
            let Some(frame) = one.frames.last_mut() else {
                return self.end(rule, run, End::Finished);
            };
            let Some(step) = frame.steps.get(frame.at).cloned() else {
                if frame.rounds_left > 0 {
                    (frame.at, frame.rounds_left) = (0, frame.rounds_left - 1);
                } else {
                    one.frames.pop();
                    self.over(rule, run);
                }
                continue;
            };
            match self.step(rule, run, step) {
                Went::On => self.over(rule, run),
                Went::In => {}
                Went::Waits => return,
                Went::Stopped => return self.end(rule, run, End::Stopped),
            }
        }
    }

    fn step(&mut self, rule: usize, run: usize, step: Step) -> Went {
        let steady = self.now.steady;
        match step {
            Step::Command { action, .. } => {
                let key = match action.capability() {
                    Capability::DoorLock => "lock",
                    Capability::Momentary => "bell",
                    _ => "light",
                };
                self.command(rule, key, action);
            }
            Step::Toggle(_) => {
                if !self.is_box_lost(rule) {
                    let is_lit = self.rules[rule].is_lit;
                    self.command(rule, "light", Action::SetOnOff(!is_lit));
                }
            }
            Step::Pulse { lasting, .. } => {
                if !self.is_box_lost(rule) {
                    self.command(rule, "relay", Action::SetOnOff(true));
                    self.rules[rule].runs[run].phase = Phase::Pulse(steady + ms(lasting));
                    return Went::Waits;
                }
            }
            Step::Wait(span) => {
                self.rules[rule].runs[run].phase = Phase::Until(steady + ms(span));
                return Went::Waits;
            }
            Step::WaitUntil { condition, timeout, timed_out } => {
                if self.holds(rule, &condition) != Some(true) {
                    let until = steady + timeout.map_or(31 * 86_400_000, ms);
                    let phase = Phase::Condition(Rc::new(condition), until, timed_out);
                    self.rules[rule].runs[run].phase = phase;
                    return Went::Waits;
                }
            }
            Step::If { condition, then, otherwise } => {
                let is_so = self.holds(rule, &condition) == Some(true);
                let steps = if is_so { then } else { otherwise };
                let frame = Frame { steps: steps.into(), at: 0, rounds_left: 0 };
                self.rules[rule].runs[run].frames.push(frame);
                return Went::In;
            }
            Step::Repeat { repetition: Repetition::Times(times), steps } => {
                let frame = Frame { steps: steps.into(), at: 0, rounds_left: times - 1 };
                self.rules[rule].runs[run].frames.push(frame);
                return Went::In;
            }
            Step::Notify { .. } => self.seen.told.push((steady, rule)),
            Step::SetVariable { to: VariableChange::Add(by), .. } => self.rules[rule].count += by,
            Step::SetVariable { to: VariableChange::Set(VariableValue::Number(it)), .. } => {
                self.rules[rule].count = it;
            }
            Step::Stop => return Went::Stopped,
            other => panic!("no rule here does {other:?}"),
        }
        Went::On
    }

    fn is_box_lost(&self, rule: usize) -> bool {
        self.lost.contains(&format!("shelly-box{rule}"))
    }

    fn command(&mut self, rule: usize, key: &str, action: Action) {
        if self.is_box_lost(rule) {
            return;
        }
        if key == "light" {
            self.rules[rule].is_lit = action != Action::SetOnOff(false);
        }
        self.seen.arrived.push((self.now.steady, rules::part(rule, key), action));
    }

    fn end(&mut self, rule: usize, run: usize, how: End) {
        let gone = self.rules[rule].runs.remove(run);
        self.seen.ran.push((rule, gone.started, self.now.wall, how));
        let next = self.rules[rule].runs.iter().position(|it| it.phase == Phase::Queued);
        let is_running = self.rules[rule].runs.iter().any(|it| it.phase != Phase::Queued);
        if let Some(next) = next.filter(|_| !is_running) {
            self.rules[rule].runs[next].phase = Phase::Ready;
            self.go(rule, next);
        }
        if !matches!(how, End::Finished | End::Stopped) {
            return;
        }
        for other in 0..self.rules.len() {
            let body = Rc::clone(&self.rules[other].body);
            let ran = Trigger::RuleRan(rules::rule_id(rule));
            for _ in body.triggers.iter().filter(|it| **it == ran) {
                self.set_off(other, None);
            }
        }
    }

    /// Runs that wait for a condition look whether it holds.
    fn look_again(&mut self) {
        for rule in 0..self.rules.len() {
            let mut run = 0;
            while let Some(one) = self.rules[rule].runs.get(run) {
                let before = self.rules[rule].runs.len();
                if let Phase::Condition(condition, ..) = &one.phase {
                    let condition = Rc::clone(condition);
                    if self.holds(rule, &condition) == Some(true) {
                        self.rules[rule].runs[run].phase = Phase::Ready;
                        self.over(rule, run);
                        self.go(rule, run);
                    }
                }
                run += usize::from(self.rules[rule].runs.len() >= before);
            }
        }
    }

    /// The sensor that a trigger watches.
    fn watched(&self, trigger: &Trigger) -> Option<&'static str> {
        match trigger {
            Trigger::Changes { of, .. }
            | Trigger::Crosses { of, .. }
            | Trigger::Unreachable { of, .. }
            | Trigger::Returns { of } => sensor_of(of),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Hold(usize, usize),
    Run(usize, usize),
}

enum Went {
    On,
    In,
    Waits,
    Stopped,
}

fn ms(span: model::Span) -> i64 {
    i64::try_from(span.as_millis()).expect("not so long")
}

fn held_for(trigger: &Trigger) -> i64 {
    match trigger {
        Trigger::Changes { held_for, .. }
        | Trigger::Crosses { held_for, .. }
        | Trigger::Unreachable { held_for, .. } => ms(*held_for),
        _ => 0,
    }
}

fn is_unreachable(trigger: &Trigger) -> bool {
    matches!(trigger, Trigger::Unreachable { .. } | Trigger::Returns { .. })
}

fn reads(trigger: &Trigger, value: &Value, before: Option<bool>) -> Option<bool> {
    match trigger {
        Trigger::Changes { to: Some(is), .. } => Some(is_so(is, value)),
        Trigger::Changes { to: None, .. } => Some(true),
        Trigger::Crosses { direction, threshold, hysteresis, .. } => {
            let beyond = match direction {
                Direction::Above => celsius(value) - threshold,
                Direction::Below => threshold - celsius(value),
            };
            let stays = before == Some(true) && beyond > -hysteresis;
            Some(beyond > 0.0 || stays)
        }
        _ => None,
    }
}

fn is_so(is: &Is, value: &Value) -> bool {
    match (is, value) {
        (Is::Boolean(wanted), Value::BooleanState(is))
        | (Is::Occupied(wanted), Value::OccupancySensing(is)) => wanted == is,
        other => panic!("no sensor here says {other:?}"),
    }
}

fn celsius(value: &Value) -> f64 {
    match value {
        Value::TemperatureMeasurement(it) => it.get(),
        other => panic!("that is no temperature: {other:?}"),
    }
}

fn sensor_of(target: &Target) -> Option<&'static str> {
    [DOOR, MOTION, WARM].into_iter().find(|it| rules::is_of(target, it))
}

pub(crate) fn device_of(sensor: &str) -> &'static str {
    if sensor == WARM { NOSE } else { EYES }
}

fn counts(date: NaiveDate, on: &Days) -> bool {
    let weekday = Weekday::ALL[date.weekday().num_days_from_monday() as usize];
    let date: Date = date.to_string().parse().expect("a date");
    on.contains(date, weekday)
}

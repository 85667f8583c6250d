//! What rules do, told a second time from their documentation, with no regard for speed or disks:
//! it never forgets anything, so a stop is to it a time in which nothing is heard.

mod moments;
mod runs;
mod truth;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono_tz::Tz;
use model::rule::{Direction, RuleBody, Target, Trigger};
use model::{Action, EndpointId, Value};

use crate::plan::{EYES, NOSE, Plan};
use crate::rules::{self, DOOR, MOTION, WARM};
use runs::{Aftermath, Phase, Run, box_of};
use truth::{celsius, is_so};

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
    /// Boxes that nobody has tried since the start.
    untried: BTreeSet<String>,
    rules: Vec<Rule>,
    /// What is still to follow from what happens just now.
    aftermath: Aftermath,
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
            untried: BTreeSet::new(),
            rules: rules.collect(),
            aftermath: Aftermath::default(),
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
                    Phase::Until(at) | Phase::Pulse(at) | Phase::Settles(at) => next.push(*at),
                    Phase::Condition(condition, at, _) => {
                        next.push(*at);
                        next.extend(self.look_again_at(condition));
                    }
                    Phase::Ready
                    | Phase::Queued
                    | Phase::Flying
                    | Phase::PulseBegins(_)
                    | Phase::Ending(_) => {}
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
        self.settle();
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
                if let Phase::Until(at)
                | Phase::Pulse(at)
                | Phase::Settles(at)
                | Phase::Condition(_, at, _) = run.phase
                {
                    due.push((at.max(self.up_since), Due::Run(number, place)));
                }
            }
        }
        due.into_iter().filter(|it| it.0 <= self.now.steady).min()
    }

    // --- what happens

    /// Sensors of one device say something at once; as the first since it was away, or not. All of
    /// it is known before anything follows from any of it.
    pub(crate) fn hears(&mut self, said: &[(&'static str, Value)], is_first: bool) {
        let mut before = Vec::new();
        for (sensor, value) in said {
            let (was, _) = self.sensors[sensor].clone();
            if was != *value {
                self.sensors.insert(sensor, (value.clone(), self.now.steady));
            }
            before.push(was);
        }
        for ((sensor, value), was) in said.iter().zip(&before) {
            for rule in 0..self.rules.len() {
                let body = Rc::clone(&self.rules[rule].body);
                for (place, trigger) in body.triggers.iter().enumerate() {
                    if self.watched(trigger) == Some(sensor) && !is_unreachable(trigger) {
                        self.watch(rule, place, trigger, (was, value), is_first);
                    }
                }
            }
            self.look_again();
        }
        self.settle();
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
        self.settle();
    }

    pub(crate) fn loses(&mut self, device: &str) {
        self.untried.remove(device);
        self.lost.insert(device.to_owned());
        self.reach(device, false);
    }

    /// A device is there again; what it says follows.
    pub(crate) fn finds(&mut self, device: &str) {
        self.untried.remove(device);
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
        self.settle();
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
        self.untried = (0..self.rules.len()).map(box_of).collect();
        // Until a device has been tried, what it last said counts.
        let lost = std::mem::take(&mut self.lost);
        self.settle();
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
        self.settle();
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

fn sensor_of(target: &Target) -> Option<&'static str> {
    [DOOR, MOTION, WARM].into_iter().find(|it| rules::is_of(target, it))
}

pub(crate) fn device_of(sensor: &str) -> &'static str {
    if sensor == WARM { NOSE } else { EYES }
}

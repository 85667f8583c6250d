//! What is counted in a rehearsal: what the draft would have done, and with whom it would have
//! fought.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use api::{Fight, Rehearsal, WhyNotKind};
use model::rule::{Run, Trace};
use model::{Action, Capability, Change, Command, Origin, RoleId, RuleId, RunId, Timestamp};

use crate::rules::World;
use crate::rules::lint::opposes;

/// Most traces that are told.
const MOST_TRACES: usize = 200;
/// Most kinds of fights that are told.
const MOST_FIGHTS: usize = 100;
/// Two rules fight when they want the opposite within that time.
const FIGHT: Duration = Duration::from_secs(60);
/// Most wishes of one thing that are remembered for so long.
const MOST_WISHES: usize = 32;

/// What is counted in a rehearsal.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    draft: RuleId,
    blind_to: Vec<u16>,
    pub(super) records: u64,
    runs: u32,
    traces: Vec<Trace>,
    /// Where the trace of a run stands.
    told: BTreeMap<RunId, usize>,
    not_runs: BTreeMap<WhyNotKind, u32>,
    by_hour: [u32; 24],
    commands: u32,
    wishes: BTreeMap<(RoleId, Capability), VecDeque<Wish>>,
    fights: Vec<Fight>,
}

/// What a rule wanted.
#[derive(Debug, Clone)]
struct Wish {
    at: Timestamp,
    rule: RuleId,
    action: Action,
}

impl Tally {
    pub(super) fn new(draft: RuleId, blind_to: Vec<u16>) -> Self {
        Self {
            draft,
            blind_to,
            records: 0,
            runs: 0,
            traces: Vec::new(),
            told: BTreeMap::new(),
            not_runs: BTreeMap::new(),
            by_hour: [0; 24],
            commands: 0,
            wishes: BTreeMap::new(),
            fights: Vec::new(),
        }
    }

    /// Takes in what rules write down.
    pub(super) fn journal(&mut self, change: &Change, world: &dyn World) {
        if let Change::RunBegan(run) = change {
            self.began(run, world);
        } else if let Change::RunWent(run) = change {
            self.went(run);
        } else if let Change::NotRun(not_run) = change
            && not_run.rule == self.draft
        {
            let count = self.not_runs.entry(WhyNotKind::from(&not_run.why)).or_default();
            *count = count.saturating_add(1);
        }
    }

    fn began(&mut self, run: &Run, world: &dyn World) {
        let trace = &run.trace;
        if trace.rule != self.draft || self.told.contains_key(&trace.run) {
            return;
        }
        self.runs = self.runs.saturating_add(1);
        let hour = world.calendar().reading(trace.started_at).time.seconds() / 3_600;
        if let Some(count) = usize::try_from(hour).ok().and_then(|it| self.by_hour.get_mut(it)) {
            *count = count.saturating_add(1);
        }
        if self.traces.len() < MOST_TRACES {
            self.told.insert(trace.run.clone(), self.traces.len());
            self.traces.push(trace.clone());
        }
    }

    fn went(&mut self, run: &Run) {
        let index = self.told.get(&run.trace.run).copied();
        if let Some(trace) = index.and_then(|index| self.traces.get_mut(index)) {
            trace.clone_from(&run.trace);
        }
    }

    /// Takes in what a rule commands.
    pub(super) fn command(&mut self, command: &Command, world: &dyn World, now: Timestamp) {
        let Origin::Rule(rule, _) = &command.origin else { return };
        if *rule == self.draft {
            self.commands = self.commands.saturating_add(1);
        }
        let Some(role) = world.role_of(&command.endpoint) else { return };
        let wish = Wish { at: now, rule: rule.clone(), action: command.action.clone() };
        for what in touched(&command.action) {
            let key = (role.clone(), *what);
            let wishes = self.wishes.entry(key).or_default();
            wishes.retain(|it| it.at.age_at(now) <= FIGHT);
            let against: Vec<Wish> = wishes.iter().filter(|it| it.fights(&wish)).cloned().collect();
            wishes.truncate(MOST_WISHES);
            wishes.push_back(wish.clone());
            for other in against {
                self.fought(&role, &other, &wish);
            }
        }
    }

    /// Counts a fight if the draft is one of the two.
    fn fought(&mut self, role: &RoleId, one: &Wish, other: &Wish) {
        let (mine, theirs) = if one.rule == self.draft { (one, other) } else { (other, one) };
        if mine.rule != self.draft {
            return;
        }
        let known = self.fights.iter_mut().find(|it| {
            (&it.with, &it.role) == (&theirs.rule, role)
                && (&it.wants, &it.other) == (&mine.action, &theirs.action)
        });
        if let Some(fight) = known {
            fight.times = fight.times.saturating_add(1);
            fight.at = other.at;
        } else if self.fights.len() < MOST_FIGHTS {
            self.fights.push(Fight {
                with: theirs.rule.clone(),
                role: role.clone(),
                wants: mine.action.clone(),
                other: theirs.action.clone(),
                times: 1,
                at: other.at,
            });
        }
    }

    pub(super) fn told(self, from: Timestamp, until: Timestamp) -> Rehearsal {
        Rehearsal {
            from,
            until,
            records: self.records,
            recorded_since: None,
            runs: self.runs,
            traces: self.traces,
            not_runs: self.not_runs.into_iter().collect(),
            by_hour: self.by_hour,
            fights: self.fights,
            commands: self.commands,
            blind_to: self.blind_to,
        }
    }
}

impl Wish {
    fn fights(&self, other: &Self) -> bool {
        self.rule != other.rule && opposes(&self.action, &other.action)
    }
}

/// The capabilities in which an action can be opposed: a level is also on or off.
fn touched(action: &Action) -> &'static [Capability] {
    match action {
        // Both are looked for under one name, or a level would be counted twice.
        Action::SetOnOff(_) | Action::SetLevel(_) => &[Capability::OnOff],
        Action::SetColor(_) => &[Capability::ColorControl],
        Action::SetEffect(_) => &[Capability::LightEffect],
        Action::SetPalette(_) => &[Capability::LightPalette],
        Action::MoveCover(_) => &[Capability::WindowCovering],
        Action::SetLocked(_) => &[Capability::DoorLock],
        Action::SetThermostat(_) => &[Capability::Thermostat],
        Action::SelectMode(_) => &[Capability::ModeSelect],
        Action::SetNumber(_) => &[Capability::NumericControl],
        Action::Press => &[],
    }
}

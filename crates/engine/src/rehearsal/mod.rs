//! What a draft would have done in the recorded past: the same rules, in a home made of records.
//!
//! A command is done the moment it is sent, and counts until the records say otherwise. Nothing
//! leaves: a rehearsal knows nobody whom it could ask or tell.

mod past;
mod tally;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use api::Rehearsal;
use model::rule::{Rule, RuleBody, Trigger};
use model::{
    CommandId, CommandState, EndpointId, Moment, Record, Recorded, RuleId, SavedRules, Timestamp,
    Value, VariableId, VariableValue,
};

use crate::Engine;
use crate::rules::{Deed, Happening, News, Rules};
use past::Past;
use tally::Tally;

/// Most consequences of one record that are followed, and most timeouts between two.
const MOST_CONSEQUENCES: usize = 10_000;

/// A rehearsal on its way. Records go in, in order; what would have happened comes out. It sends
/// nothing and knows nobody who could.
#[derive(Debug, Clone)]
pub struct Rehearsing {
    draft: RuleId,
    body: Arc<RuleBody>,
    from: Timestamp,
    until: Timestamp,
    now: Timestamp,
    past: Past,
    rules: Rules,
    tally: Tally,
    ahead: VecDeque<Consequence>,
}

/// Something that follows from what rules did.
#[derive(Debug, Clone)]
enum Consequence {
    Value(EndpointId, Option<Value>, Value),
    Variable(VariableId, Option<VariableValue>),
    Done(CommandId),
}

impl PartialEq for Rehearsing {
    /// Of the same draft, over the same past, as far along.
    fn eq(&self, other: &Self) -> bool {
        (&self.draft, &self.body, self.from, self.until, self.now)
            == (&other.draft, &other.body, other.from, other.until, other.now)
    }
}

impl Rehearsing {
    /// Rehearses a draft, in place of the rule of that id if there is one, beside the enabled rules
    /// of a home, over the last days.
    pub(crate) fn new(home: &Engine, draft: RuleId, body: RuleBody, days: u8, now: Moment) -> Self {
        let back = Duration::from_secs(u64::from(days).saturating_mul(86_400));
        let from = crate::rules::before(now.wall, back);
        let past = Past::new(home, from);
        let known = home.rules.rule(&draft);
        let rule = Rule {
            id: draft.clone(),
            version: known.map_or(1, |it| it.version.saturating_add(1)),
            enabled: true,
            saved_at: from,
            body: body.clone(),
        };
        let others = home.rules.all().filter(|it| it.enabled && it.id != draft);
        let rules = others.cloned().chain([rule]).map(|rule| Rule { saved_at: from, ..rule });
        let saved =
            SavedRules { rules: rules.collect(), seen_to: Some(from), ..SavedRules::default() };
        let (rules, deeds) = Rules::open(saved, &past, moment(from, from));
        let tally = Tally::new(draft.clone(), blind_to(&body));
        let mut rehearsing = Self {
            draft,
            body: Arc::new(body),
            from,
            until: now.wall,
            now: from,
            past,
            rules,
            tally,
            ahead: VecDeque::new(),
        };
        rehearsing.perform(deeds);
        rehearsing.follow();
        rehearsing
    }

    /// The first moment whose records are wanted.
    #[must_use]
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// The last.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Takes in the next record; records come in the order of their time.
    pub fn feed(&mut self, record: &Record) {
        self.tally.records = self.tally.records.saturating_add(1);
        self.pass_to(record.at.min(self.until));
        match &record.what {
            Recorded::Value(endpoint, value) => self.value(endpoint, value),
            Recorded::Pressed(endpoint, event) => self.tell(Happening::Pressed(endpoint, *event)),
            Recorded::Reachable(device, is_reachable) => {
                if self.past.reach(device, *is_reachable) {
                    self.tell(Happening::Reachable(device, *is_reachable));
                }
            }
            Recorded::Home(person, is_home) => {
                if self.past.come(person, *is_home, self.now) {
                    self.tell(Happening::Home(person, *is_home));
                }
            }
            Recorded::Variable(variable, value) => {
                if let Some(was) = self.past.set(variable, value) {
                    self.tell(Happening::Variable(variable, Some(&was)));
                }
            }
            Recorded::Started => {
                self.past.restart();
                self.tell(Happening::Started);
            }
        }
        self.follow();
    }

    /// What would have happened.
    #[must_use]
    pub fn finish(mut self) -> Rehearsal {
        self.pass_to(self.until);
        self.tally.told(self.from, self.until)
    }

    fn value(&mut self, endpoint: &EndpointId, value: &Value) {
        let Some(heard) = self.past.hear(endpoint, value, self.now) else { return };
        let (was, news) = (heard.was.as_ref(), heard.news);
        self.tell(Happening::Value { endpoint, was, value, news });
    }

    /// Lets time pass, and rules do what comes due meanwhile.
    fn pass_to(&mut self, at: Timestamp) {
        let at = at.max(self.now);
        let until = moment(self.from, at).uptime;
        for _ in 0..MOST_CONSEQUENCES {
            let Some(due) = self.rules.poll_timeout().filter(|due| *due <= until) else { break };
            self.now = self.now.max(self.from + due);
            let deeds = self.rules.handle_timeout(&self.past, moment(self.from, self.now));
            self.perform(deeds);
            self.follow();
        }
        self.now = at;
    }

    fn tell(&mut self, what: Happening<'_>) {
        if self.rules.looks_at(what) {
            let deeds = self.rules.handle(what, &self.past, moment(self.from, self.now));
            self.perform(deeds);
        }
    }

    /// Tells the rules what has come of what they did, until nothing more does.
    fn follow(&mut self) {
        for _ in 0..MOST_CONSEQUENCES {
            let Some(consequence) = self.ahead.pop_front() else { return };
            match consequence {
                Consequence::Value(endpoint, was, value) => self.tell(Happening::Value {
                    endpoint: &endpoint,
                    was: was.as_ref(),
                    value: &value,
                    news: News::Change,
                }),
                Consequence::Variable(id, was) => {
                    self.tell(Happening::Variable(&id, was.as_ref()));
                }
                Consequence::Done(command) => {
                    self.tell(Happening::Outcome(&command, &CommandState::Observed));
                }
            }
        }
        // Rules that chase each other without end are held by their own guard; this is for the rest.
        self.ahead.clear();
    }

    /// Does what rules ask for, as far as it stays within the rehearsal.
    fn perform(&mut self, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Journal(change) => self.tally.journal(&change, &self.past),
                Deed::Command(command) => {
                    self.tally.command(&command, &self.past, self.now);
                    let done = self.past.carry_out(&command, self.now);
                    self.ahead.extend(done.into_iter().map(|(was, value)| {
                        Consequence::Value(command.endpoint.clone(), was, value)
                    }));
                    self.ahead.push_back(Consequence::Done(command.id));
                }
                Deed::SetVariable(id, value) => {
                    if let Some(was) = self.past.set(&id, &value) {
                        self.ahead.push_back(Consequence::Variable(id, Some(was)));
                    }
                }
                Deed::Notify(_)
                | Deed::SceneSet(..)
                | Deed::Publish(_)
                | Deed::Raise(_)
                | Deed::End(_) => {}
            }
        }
    }
}

/// A moment of the rehearsal: it has run since its past begins.
fn moment(from: Timestamp, at: Timestamp) -> Moment {
    Moment { uptime: from.age_at(at), wall: at }
}

/// The triggers that no record can set off.
fn blind_to(body: &RuleBody) -> Vec<u16> {
    let numbered = (0..).zip(&body.triggers);
    let blind = numbered.filter(|(_, it)| matches!(it, Trigger::Webhook(_) | Trigger::Mqtt { .. }));
    blind.map(|(index, _)| index).collect()
}

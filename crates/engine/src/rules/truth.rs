//! Whether a condition holds, what was seen, and when that may change by itself.
//!
//! Three-valued: what cannot be known (nothing in the role, never said, out of reach) is unknown,
//! and unknown goes through `all`, `any` and `not` as Kleene's strong logic has it. An empty room
//! is no unknown: nobody there is on, and nobody is off.

use model::rule::{
    Comparison, Condition, Days, Judged, LocalTime, Saw, SunState, Target, Truth, Unknown, Which,
    Who,
};
use model::{Capability, EndpointId, RoleId, Span, Timestamp, Value, VariableId, VariableValue};

use super::World;
use super::calendar::{Calendar, DAY, day, day_number, is_among};
use super::watchlist::is_within;

/// Most of what was seen that is told of one condition.
const SAWS_TOLD: usize = 8;

/// For how long things have been so.
pub(crate) trait Holds {
    /// Since when a part of the condition that has to hold for some time has held for an
    /// endpoint: the nth such part of the condition that is judged, from 0, in the order of
    /// [`super::watchlist`]. `None` when that was not watched.
    fn since(&self, part: u16, endpoint: &EndpointId) -> Option<Timestamp>;
}

/// Nothing was watched: all that is known is since when values have been what they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unwatched;

impl Holds for Unwatched {
    fn since(&self, _part: u16, _endpoint: &EndpointId) -> Option<Timestamp> {
        None
    }
}

/// Whether a condition holds now.
pub(crate) fn judge(
    condition: &Condition,
    world: &dyn World,
    holds: &dyn Holds,
    now: Timestamp,
) -> Judged {
    Judge { world, holds, now, part: 0 }.judge(condition)
}

/// The first instant after that one at which a condition may hold that does not, or no longer
/// hold, although nothing happens: a window of time begins or ends, the sun rises or sets,
/// something has been so for long enough.
pub(crate) fn next_change(
    condition: &Condition,
    world: &dyn World,
    holds: &dyn Holds,
    after: Timestamp,
) -> Option<Timestamp> {
    Judge { world, holds, now: after, part: 0 }.next_change(condition)
}

struct Judge<'a> {
    world: &'a dyn World,
    holds: &'a dyn Holds,
    now: Timestamp,
    /// The number of the next part that has to hold for some time.
    part: u16,
}

/// What one of several says.
struct Answer {
    truth: Truth,
    saw: Saw,
    /// When it will have been so for long enough.
    ripe_at: Option<Timestamp>,
}

/// A part of a condition that asks values.
struct Question<'a> {
    of: &'a Target,
    which: Which,
    capability: Capability,
    /// Whether a value is so; `None` when it does not tell.
    reads: &'a dyn Fn(&Value) -> Option<bool>,
    held_for: Span,
}

impl Judge<'_> {
    fn judge(&mut self, condition: &Condition) -> Judged {
        match condition {
            Condition::All(parts) => self.joined(parts, Truth::True, Truth::and),
            Condition::Any(parts) => self.joined(parts, Truth::False, Truth::or),
            Condition::Not(part) => {
                let part = self.judge(part);
                Judged { truth: !part.truth, saw: Vec::new(), parts: vec![part] }
            }
            Condition::State { .. } | Condition::Number { .. } => self.asked(condition),
            Condition::Time { after, before, on } => self.time(*after, *before, on),
            Condition::Sun { is, offset } => self.sun(*is, *offset),
            Condition::Home(who) => self.presence(who, true),
            Condition::Away(who) => self.presence(who, false),
            Condition::Variable { variable, is } => self.variable(variable, is),
            Condition::Reachable { of, which } => self.reachable(of, *which),
        }
    }

    /// Every part is judged, even when the first decides: the explanation shows them all.
    fn joined(
        &mut self,
        parts: &[Condition],
        none: Truth,
        join: fn(Truth, Truth) -> Truth,
    ) -> Judged {
        let parts: Vec<Judged> = parts.iter().map(|it| self.judge(it)).collect();
        let truth = parts.iter().map(|it| it.truth).fold(none, join);
        Judged { truth, saw: Vec::new(), parts }
    }

    fn asked(&mut self, condition: &Condition) -> Judged {
        let (which, answers) = self.ask(condition);
        verdict(which, answers)
    }

    /// Asks everybody whom a `state` or `number` is about.
    fn ask(&mut self, condition: &Condition) -> (Which, Vec<Answer>) {
        match condition {
            Condition::State { of, which, is, held_for } => self.answers(&Question {
                of,
                which: *which,
                capability: is.capability(),
                reads: &|value| is.holds(value),
                held_for: *held_for,
            }),
            Condition::Number { of, which, measure, above, below, held_for } => {
                self.answers(&Question {
                    of,
                    which: *which,
                    capability: measure.capability(),
                    reads: &|value| {
                        measure.read(value).map(|number| is_within(number, *above, *below))
                    },
                    held_for: *held_for,
                })
            }
            Condition::All(_)
            | Condition::Any(_)
            | Condition::Not(_)
            | Condition::Time { .. }
            | Condition::Sun { .. }
            | Condition::Home(_)
            | Condition::Away(_)
            | Condition::Variable { .. }
            | Condition::Reachable { .. } => (Which::Every, Vec::new()),
        }
    }

    fn answers(&mut self, question: &Question<'_>) -> (Which, Vec<Answer>) {
        let part = self.part;
        self.part = part.saturating_add(u16::from(!question.held_for.is_zero()));
        let roles = self.world.roles(question.of);
        let answers = roles.into_iter().filter_map(|role| self.answer(question, role, part));
        (question.which, answers.collect())
    }

    fn answer(&self, question: &Question<'_>, role: RoleId, part: u16) -> Option<Answer> {
        let known = self.world.known(&role, question.capability);
        let is_one_of_many = !matches!(question.of, Target::Role(_));
        let unknown = |role, why| Answer {
            truth: Truth::Unknown,
            saw: Saw::Unknown(role, why),
            ripe_at: None,
        };
        let (value, since) = match known {
            // "The lights in the kitchen" are those that can be on, not the sensors.
            Err(Unknown::Unable) if is_one_of_many => return None,
            Err(why) => return Some(unknown(role, why)),
            Ok(known) => known,
        };
        let Some(is_so) = (question.reads)(value) else {
            return Some(unknown(role, Unknown::NeverSaid));
        };
        if !is_so || question.held_for.is_zero() {
            let saw = Saw::Value { role, value: value.clone(), since };
            return Some(Answer { truth: is_so.into(), saw, ripe_at: None });
        }
        Some(self.held(question, role, (value, since), part))
    }

    /// It is so; has it been for long enough?
    fn held(
        &self,
        question: &Question<'_>,
        role: RoleId,
        (value, said): (&Value, Timestamp),
        part: u16,
    ) -> Answer {
        let endpoint = self.world.endpoint(&role);
        let watched = endpoint.and_then(|it| self.holds.since(part, &it));
        let since = watched.unwrap_or(said);
        let ripe_at = since + question.held_for.duration();
        let truth = if ripe_at <= self.now {
            Truth::True
        } else if watched.is_some() || says_one_thing(question.capability) {
            Truth::False
        } else {
            // The value changed since, and may have been within bounds before that, too.
            Truth::Unknown
        };
        let saw = Saw::Value { role, value: value.clone(), since };
        Answer { truth, saw, ripe_at: Some(ripe_at) }
    }

    fn time(&self, after: Option<LocalTime>, before: Option<LocalTime>, on: &Days) -> Judged {
        let reading = self.world.calendar().reading(self.now);
        let began = window(reading.time, after, before);
        let holds = began.is_some_and(|days_ago| {
            is_among(day(day_number(reading.date).saturating_sub(days_ago)), on)
        });
        leaf(holds.into(), vec![Saw::Time(reading.time.seconds())])
    }

    fn sun(&self, is: SunState, offset: i16) -> Judged {
        let at = shifted(self.now, -i64::from(offset));
        let is_up = self.world.calendar().is_sun_up(at);
        let holds = is_up.map(|it| it == (is == SunState::Up));
        leaf(holds.into(), is_up.map(Saw::Sun).into_iter().collect())
    }

    fn presence(&self, who: &Who, home: bool) -> Judged {
        let count = self.world.presence(who);
        let all = count.home.saturating_add(count.away).saturating_add(count.unknown);
        if all == 0 {
            return leaf(Truth::False, vec![Saw::Nobody]);
        }
        let so = if home { count.home } else { count.away };
        let one_is_enough = match who {
            Who::Person(_) | Who::Anyone => true,
            // The household is home when anybody is, and away when nobody is.
            Who::Household => home,
            Who::Everyone => false,
        };
        let needed = if one_is_enough { 1 } else { all };
        let truth = if so >= needed {
            Truth::True
        } else if so.saturating_add(count.unknown) >= needed {
            Truth::Unknown
        } else {
            Truth::False
        };
        leaf(truth, vec![Saw::Home(count.home, all)])
    }

    fn variable(&self, id: &VariableId, is: &Comparison) -> Judged {
        let value = self.world.variable(id).map(|it| &it.value);
        let truth = value.map(|it| compares(it, is)).into();
        leaf(truth, vec![Saw::Variable(value.cloned())])
    }

    fn reachable(&self, of: &Target, which: Which) -> Judged {
        let answer = |role: RoleId| {
            let is_reachable = self.world.is_reachable(&role);
            let saw = match is_reachable {
                Some(it) => Saw::Reachable(role, it),
                None if self.world.endpoint(&role).is_none() => Saw::Unknown(role, Unknown::Vacant),
                None => Saw::Unknown(role, Unknown::NeverSaid),
            };
            Answer { truth: is_reachable.into(), saw, ripe_at: None }
        };
        verdict(which, self.world.roles(of).into_iter().map(answer).collect())
    }

    fn next_change(&mut self, condition: &Condition) -> Option<Timestamp> {
        let (after, calendar) = (self.now, self.world.calendar());
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().filter_map(|it| self.next_change(it)).min()
            }
            Condition::Not(part) => self.next_change(part),
            Condition::State { .. } | Condition::Number { .. } => {
                let (_, answers) = self.ask(condition);
                answers.into_iter().filter_map(|it| it.ripe_at).filter(|it| *it > after).min()
            }
            Condition::Time { after: from, before, .. } => {
                window_changes(calendar, [*from, *before], after)
            }
            Condition::Sun { offset, .. } => {
                let offset = i64::from(*offset);
                Some(shifted(calendar.sun_changes(shifted(after, -offset))?, offset))
            }
            Condition::Home(_)
            | Condition::Away(_)
            | Condition::Variable { .. }
            | Condition::Reachable { .. } => None,
        }
    }
}

fn leaf(truth: Truth, saw: Vec<Saw>) -> Judged {
    Judged { truth, saw, parts: Vec::new() }
}

/// What the answers come to. Those that decided are told first.
fn verdict(which: Which, mut answers: Vec<Answer>) -> Judged {
    if answers.is_empty() {
        return leaf(Truth::False, vec![Saw::Nobody]);
    }
    let truths = answers.iter().map(|it| it.truth);
    let truth = match which {
        Which::Every => truths.fold(Truth::True, Truth::and),
        Which::Some => truths.fold(Truth::False, Truth::or),
    };
    answers.sort_by_key(|it| it.truth != truth);
    leaf(truth, answers.into_iter().take(SAWS_TOLD).map(|it| it.saw).collect())
}

/// Whether a value of that capability says one thing only: then it has been so for exactly as
/// long as the value has been the same.
fn says_one_thing(capability: Capability) -> bool {
    matches!(
        capability,
        Capability::OnOff
            | Capability::BooleanState
            | Capability::OccupancySensing
            | Capability::DoorLock
            | Capability::ModeSelect
            | Capability::LightEffect
            | Capability::AirQuality
    )
}

/// How many days ago a window began that is open at that time of day: 0 or 1; `None` when it is
/// not open.
fn window(time: LocalTime, after: Option<LocalTime>, before: Option<LocalTime>) -> Option<i64> {
    let begins = after.unwrap_or(LocalTime::MIDNIGHT);
    let is_over = before.is_some_and(|it| time >= it);
    let across_midnight = before.is_some_and(|it| begins > it);
    match (time >= begins, across_midnight) {
        (true, true) => Some(0),
        (true, false) => (!is_over).then_some(0),
        (false, true) => (!is_over).then_some(1),
        (false, false) => None,
    }
}

/// When clocks next show one of these times, or midnight, or are changed.
fn window_changes(
    calendar: &Calendar,
    times: [Option<LocalTime>; 2],
    after: Timestamp,
) -> Option<Timestamp> {
    let today = day_number(calendar.reading(after).date);
    let yesterday = Timestamp(after.0.saturating_sub(DAY));
    let change = calendar.change_between(yesterday, Timestamp(after.0.saturating_add(DAY)));
    // What clocks show a second time after they were put back counts again.
    let back = change.map_or(0, |it| calendar.ahead(yesterday) - calendar.ahead(it)).max(0);
    let times = times.into_iter().flatten().chain([LocalTime::MIDNIGHT]);
    let shown = times.flat_map(|time| {
        let days = (today.saturating_sub(1)..).take(4).map(day);
        days.map(move |date| calendar.first_instant(date, time))
    });
    let shown = shown.flat_map(|it| [it, Timestamp(it.0.saturating_add(back))]);
    shown.chain(change).filter(|it| *it > after).min()
}

fn compares(value: &VariableValue, is: &Comparison) -> bool {
    match (value, is) {
        (VariableValue::YesNo(value), Comparison::YesNo(wanted)) => value == wanted,
        (VariableValue::Text(value), Comparison::Text(wanted)) => value == wanted,
        (VariableValue::Number(value), Comparison::Equals(wanted)) => value == wanted,
        (VariableValue::Number(value), Comparison::Above(bound)) => value > bound,
        (VariableValue::Number(value), Comparison::Below(bound)) => value < bound,
        _ => false,
    }
}

fn shifted(at: Timestamp, minutes: i64) -> Timestamp {
    Timestamp(at.0.saturating_add(minutes.saturating_mul(60_000)))
}

#[cfg(test)]
mod tests;

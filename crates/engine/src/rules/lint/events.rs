//! What sets rules off: as a key to find those that listen for it, and whether two triggers can be
//! set off by one and the same.

use model::rule::{Days, Direction, LocalTime, SunEvent, Target, Trigger, Who};
use model::{Capability, HookId, RoleId, RuleId, Span, Value, VariableId};

use crate::rules::World;

/// Something that can set rules off.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Value(RoleId, Capability),
    Button(RoleId),
    Time(LocalTime),
    Sun(SunEvent, i16),
    Every(Span),
    Arrives,
    Leaves,
    Unreachable(RoleId),
    Returns(RoleId),
    Started,
    Variable(VariableId),
    Ran(RuleId),
    Hook(HookId),
    Topic(String),
}

impl Event {
    /// What sets a trigger off.
    pub(super) fn of(trigger: &Trigger, world: &dyn World) -> Vec<Self> {
        let each = |target: &Target, event: &dyn Fn(RoleId) -> Self| {
            world.roles(target).into_iter().map(event).collect()
        };
        match trigger {
            Trigger::Changes { of, what, .. } => each(of, &|role| Self::Value(role, *what)),
            Trigger::Crosses { of, measure, .. } => {
                each(of, &|role| Self::Value(role, measure.capability()))
            }
            Trigger::Button { of, .. } => each(of, &Self::Button),
            Trigger::Unreachable { of, .. } => each(of, &Self::Unreachable),
            Trigger::Returns { of } => each(of, &Self::Returns),
            Trigger::Time { at, .. } => vec![Self::Time(*at)],
            Trigger::Sun { event, offset, .. } => vec![Self::Sun(*event, *offset)],
            Trigger::Every(span) => vec![Self::Every(*span)],
            Trigger::Arrives(_) => vec![Self::Arrives],
            Trigger::Leaves(_) => vec![Self::Leaves],
            Trigger::Started => vec![Self::Started],
            Trigger::Variable { variable, .. } => vec![Self::Variable(variable.clone())],
            Trigger::RuleRan(rule) => vec![Self::Ran(rule.clone())],
            Trigger::Webhook(hook) => vec![Self::Hook(hook.clone())],
            Trigger::Mqtt { topic, .. } => vec![Self::Topic(topic.clone())],
        }
    }
}

/// Whether a value that is set can set a trigger off; `None` where it cannot be foretold.
pub(super) fn can_set_off(trigger: &Trigger, what: Capability, value: Option<&Value>) -> bool {
    match trigger {
        Trigger::Changes { what: watched, to, .. } => {
            let is_so = |is: &model::rule::Is| value.is_none_or(|it| is.holds(it) != Some(false));
            *watched == what && to.as_ref().is_none_or(is_so)
        }
        Trigger::Crosses { measure, direction, threshold, .. } => {
            let number = value.and_then(|it| measure.read(it));
            measure.capability() == what
                && number.is_none_or(|number| match direction {
                    Direction::Above => number > *threshold,
                    Direction::Below => number < *threshold,
                })
        }
        Trigger::Button { .. }
        | Trigger::Time { .. }
        | Trigger::Sun { .. }
        | Trigger::Every(_)
        | Trigger::Arrives(_)
        | Trigger::Leaves(_)
        | Trigger::Unreachable { .. }
        | Trigger::Returns { .. }
        | Trigger::Started
        | Trigger::Variable { .. }
        | Trigger::RuleRan(_)
        | Trigger::Webhook(_)
        | Trigger::Mqtt { .. } => false,
    }
}

/// Whether there is something that sets off both.
pub(super) fn coincide(one: &Trigger, other: &Trigger, world: &dyn World) -> bool {
    let meet = |one: &Target, other: &Target| {
        let others = world.roles(other);
        one == other || world.roles(one).iter().any(|role| others.contains(role))
    };
    match (one, other) {
        (
            Trigger::Changes { of, what, from, to, held_for },
            Trigger::Changes { of: of2, what: what2, from: from2, to: to2, held_for: held2 },
        ) => {
            let fits = agree(from.as_ref(), from2.as_ref()) && agree(to.as_ref(), to2.as_ref());
            what == what2 && held_for == held2 && fits && meet(of, of2)
        }
        (
            Trigger::Crosses { of, measure, direction, threshold, held_for, .. },
            Trigger::Crosses {
                of: of2,
                measure: measure2,
                direction: direction2,
                threshold: threshold2,
                held_for: held2,
                ..
            },
        ) => {
            let is_same = (measure, direction, held_for) == (measure2, direction2, held2);
            is_same && threshold == threshold2 && meet(of, of2)
        }
        (Trigger::Button { of, press }, Trigger::Button { of: of2, press: press2 }) => {
            press == press2 && meet(of, of2)
        }
        (Trigger::Time { at, on }, Trigger::Time { at: at2, on: on2 }) => {
            at == at2 && share_a_day(on, on2)
        }
        (
            Trigger::Sun { event, offset, on },
            Trigger::Sun { event: event2, offset: offset2, on: on2 },
        ) => (event, offset) == (event2, offset2) && share_a_day(on, on2),
        (Trigger::Arrives(who), Trigger::Arrives(who2))
        | (Trigger::Leaves(who), Trigger::Leaves(who2)) => may_be_same(who, who2),
        (
            Trigger::Unreachable { of, held_for },
            Trigger::Unreachable { of: of2, held_for: held2 },
        ) => held_for == held2 && meet(of, of2),
        (Trigger::Returns { of }, Trigger::Returns { of: of2 }) => meet(of, of2),
        (Trigger::Mqtt { topic, payload }, Trigger::Mqtt { topic: topic2, payload: payload2 }) => {
            topic == topic2 && agree(payload.as_ref(), payload2.as_ref())
        }
        (one, other) => one == other,
    }
}

/// Whether both ask for the same, or one of them for nothing.
fn agree<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.is_none_or(|one| other.is_none_or(|other| one == other))
}

fn share_a_day(one: &Days, other: &Days) -> bool {
    let dated = one.dates.is_empty()
        || other.dates.is_empty()
        || one.dates.iter().any(|date| other.dates.contains(date));
    dated && one.weekdays.iter().any(|day| other.weekdays.contains(day))
}

fn may_be_same(one: &Who, other: &Who) -> bool {
    match (one, other) {
        (Who::Person(one), Who::Person(other)) => one == other,
        _ => true,
    }
}

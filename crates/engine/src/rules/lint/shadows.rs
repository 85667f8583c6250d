//! Triggers that say nothing that another trigger of the rule does not say.

use model::Span;
use model::rule::{Days, FindingKind, Path, PathPart, Target, Trigger, Who};

use super::Draft;
use crate::rules::World;

impl Draft<'_> {
    pub(super) fn shadows(&mut self) {
        let triggers = &self.body.triggers;
        let numbered = || (0_u16..).zip(triggers);
        let mut found = Vec::new();
        for (index, trigger) in numbered() {
            // Of two that say the same the first one counts.
            let by = numbered().find(|(other, wider)| {
                let is_wider = *other != index && covers(wider, trigger, self.world);
                is_wider && (*other < index || !covers(trigger, wider, self.world))
            });
            if let Some((by, _)) = by {
                found.push((Path(vec![PathPart::Trigger(index)]), FindingKind::Shadowed(by)));
            }
        }
        self.find_all(found);
    }
}

/// Whether one trigger sets the rule off whenever the other does, at the same moment.
fn covers(wider: &Trigger, other: &Trigger, world: &dyn World) -> bool {
    match (wider, other) {
        (
            Trigger::Changes { of, what, from, to, held_for },
            Trigger::Changes { of: of2, what: what2, from: from2, to: to2, held_for: held2 },
        ) => {
            let asks_less = from.as_ref().is_none_or(|it| from2.as_ref() == Some(it))
                && to.as_ref().is_none_or(|it| to2.as_ref() == Some(it));
            // What has held for a while has not held for as long when other things change, too.
            let is_same_moment = held_for == held2 && (held_for.is_zero() || to == to2);
            what == what2 && asks_less && is_same_moment && includes(of, of2, world)
        }
        (
            Trigger::Crosses { of, measure, direction, threshold, hysteresis, held_for },
            Trigger::Crosses {
                of: of2,
                measure: measure2,
                direction: direction2,
                threshold: threshold2,
                hysteresis: hysteresis2,
                held_for: held2,
            },
        ) => {
            (measure, direction, held_for) == (measure2, direction2, held2)
                && (threshold, hysteresis) == (threshold2, hysteresis2)
                && includes(of, of2, world)
        }
        (Trigger::Button { of, press }, Trigger::Button { of: of2, press: press2 }) => {
            press == press2 && includes(of, of2, world)
        }
        (Trigger::Time { at, on }, Trigger::Time { at: at2, on: on2 }) => {
            at == at2 && contains(on, on2)
        }
        (
            Trigger::Sun { event, offset, on },
            Trigger::Sun { event: event2, offset: offset2, on: on2 },
        ) => (event, offset) == (event2, offset2) && contains(on, on2),
        (Trigger::Every(span), Trigger::Every(other)) => is_part_of(*span, *other),
        (Trigger::Every(span), Trigger::Time { at, .. }) => {
            is_part_of(*span, Span::seconds(u64::from(at.seconds())))
        }
        (Trigger::Arrives(who), Trigger::Arrives(other))
        | (Trigger::Leaves(who), Trigger::Leaves(other)) => *who == Who::Anyone || who == other,
        (
            Trigger::Unreachable { of, held_for },
            Trigger::Unreachable { of: of2, held_for: held2 },
        ) => held_for == held2 && includes(of, of2, world),
        (Trigger::Returns { of }, Trigger::Returns { of: of2 }) => includes(of, of2, world),
        (Trigger::Mqtt { topic, payload }, Trigger::Mqtt { topic: topic2, payload: payload2 }) => {
            topic == topic2 && (payload.is_none() || payload == payload2)
        }
        (wider, other) => wider == other,
    }
}

fn includes(target: &Target, other: &Target, world: &dyn World) -> bool {
    if target == other {
        return true;
    }
    match other {
        Target::Role(role) => world.roles(target).contains(role),
        // What is in a room or group can change, so it is not looked into.
        Target::Room { .. } | Target::Group(_) | Target::All(_) => false,
    }
}

fn contains(days: &Days, other: &Days) -> bool {
    days.is_every_day() || days == other
}

/// Whether what is due every such span is due then: both count from midnight, and days are no
/// multiple of every span.
fn is_part_of(span: Span, other: Span) -> bool {
    let span = span.as_millis();
    span > 0 && other.as_millis().is_multiple_of(span)
}

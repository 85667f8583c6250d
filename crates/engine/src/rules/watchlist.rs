//! What a rule looks at over time: the things whose "since when" outlives a restart.
//!
//! They are numbered in the order in which they stand: triggers, conditions, then what steps ask.
//! [`model::WatchRecord`] knows them by these numbers, so the order must stay as it is.

use model::rule::{
    Condition, Direction, Is, Measure, Path, PathPart, Repetition, RuleBody, Step, Target, Trigger,
};
use model::{Capability, Span};

/// One thing that a rule watches; its number is its place in the list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Watched<'a> {
    /// Where it stands.
    pub(crate) path: Path,
    /// Whose; of several, each is watched by itself.
    pub(crate) of: &'a Target,
    /// What is watched.
    pub(crate) what: Watch<'a>,
    /// For how long it has to be so.
    pub(crate) held_for: Span,
}

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Watch<'a> {
    /// A capability changes (a trigger).
    Changes { what: Capability, from: Option<&'a Is>, to: Option<&'a Is> },
    /// A number crosses a threshold (a trigger).
    Crosses { measure: Measure, direction: Direction, threshold: f64, hysteresis: f64 },
    /// A device cannot be reached (a trigger).
    Unreachable,
    /// A capability is in a state (a condition that has to hold for some time).
    Is(&'a Is),
    /// A number is within bounds (a condition that has to hold for some time).
    Within { measure: Measure, above: Option<f64>, below: Option<f64> },
}

/// Whether a number is within bounds, which do not belong to it.
pub(crate) fn is_within(number: f64, above: Option<f64>, below: Option<f64>) -> bool {
    above.is_none_or(|it| number > it) && below.is_none_or(|it| number < it)
}

/// All that a rule watches.
pub(crate) fn watched(body: &RuleBody) -> Vec<Watched<'_>> {
    let mut list = Vec::new();
    let root = Path::default();
    for (trigger, number) in body.triggers.iter().zip(0..) {
        list.extend(of_trigger(trigger, &root.then(PathPart::Trigger(number))));
    }
    for (condition, number) in body.conditions.iter().zip(0..) {
        of_condition(condition, &root.then(PathPart::Condition(number)), &mut list);
    }
    of_steps(&body.steps, &root, &mut list);
    list
}

/// The number of the first watch that stands at a place or further in; the conditions that stand
/// there have the numbers from this one on.
pub(crate) fn first_at(list: &[Watched<'_>], place: &Path) -> u16 {
    let before = list.partition_point(|it| it.path < *place);
    u16::try_from(before).unwrap_or(u16::MAX)
}

/// How many watches a condition has: its parts that have to hold for some time.
pub(crate) fn count(condition: &Condition) -> u16 {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().map(count).fold(0, u16::saturating_add)
        }
        Condition::Not(part) => count(part),
        Condition::State { held_for, .. } | Condition::Number { held_for, .. } => {
            u16::from(!held_for.is_zero())
        }
        Condition::Time { .. }
        | Condition::Sun { .. }
        | Condition::Home(_)
        | Condition::Away(_)
        | Condition::Variable { .. }
        | Condition::Reachable { .. } => 0,
    }
}

fn of_trigger<'a>(trigger: &'a Trigger, path: &Path) -> Option<Watched<'a>> {
    let (of, what, held_for) = match trigger {
        Trigger::Changes { of, what, from, to, held_for } => {
            let what = Watch::Changes { what: *what, from: from.as_ref(), to: to.as_ref() };
            (of, what, *held_for)
        }
        Trigger::Crosses { of, measure, direction, threshold, hysteresis, held_for } => {
            let (measure, direction) = (*measure, *direction);
            let (threshold, hysteresis) = (*threshold, *hysteresis);
            (of, Watch::Crosses { measure, direction, threshold, hysteresis }, *held_for)
        }
        Trigger::Unreachable { of, held_for } => (of, Watch::Unreachable, *held_for),
        Trigger::Button { .. }
        | Trigger::Time { .. }
        | Trigger::Sun { .. }
        | Trigger::Every(_)
        | Trigger::Arrives(_)
        | Trigger::Leaves(_)
        | Trigger::Returns { .. }
        | Trigger::Started
        | Trigger::RuleRan(_)
        | Trigger::Variable { .. }
        | Trigger::Webhook(_)
        | Trigger::Mqtt { .. } => return None,
    };
    Some(Watched { path: path.clone(), of, what, held_for })
}

fn of_condition<'a>(condition: &'a Condition, path: &Path, list: &mut Vec<Watched<'a>>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for (part, number) in parts.iter().zip(0..) {
                of_condition(part, &path.then(PathPart::Condition(number)), list);
            }
        }
        Condition::Not(part) => of_condition(part, &path.then(PathPart::Asks), list),
        Condition::State { of, is, held_for, .. } if !held_for.is_zero() => {
            let (path, held_for) = (path.clone(), *held_for);
            list.push(Watched { path, of, what: Watch::Is(is), held_for });
        }
        Condition::Number { of, measure, above, below, held_for, .. } if !held_for.is_zero() => {
            let what = Watch::Within { measure: *measure, above: *above, below: *below };
            list.push(Watched { path: path.clone(), of, what, held_for: *held_for });
        }
        Condition::State { .. }
        | Condition::Number { .. }
        | Condition::Time { .. }
        | Condition::Sun { .. }
        | Condition::Home(_)
        | Condition::Away(_)
        | Condition::Variable { .. }
        | Condition::Reachable { .. } => {}
    }
}

fn of_steps<'a>(steps: &'a [Step], block: &Path, list: &mut Vec<Watched<'a>>) {
    for (step, number) in steps.iter().zip(0..) {
        of_step(step, &block.then(PathPart::Step(number)), list);
    }
}

fn of_step<'a>(step: &'a Step, path: &Path, list: &mut Vec<Watched<'a>>) {
    match step {
        Step::WaitUntil { condition, .. } => {
            of_condition(condition, &path.then(PathPart::Asks), list);
        }
        Step::If { condition, then, otherwise } => {
            of_condition(condition, &path.then(PathPart::Asks), list);
            of_steps(then, &path.then(PathPart::Then), list);
            of_steps(otherwise, &path.then(PathPart::Otherwise), list);
        }
        Step::Repeat { repetition, steps } => {
            if let Repetition::While(condition) | Repetition::Until(condition) = repetition {
                of_condition(condition, &path.then(PathPart::Asks), list);
            }
            of_steps(steps, &path.then(PathPart::Then), list);
        }
        Step::Command { .. }
        | Step::Toggle(_)
        | Step::Adjust { .. }
        | Step::Pulse { .. }
        | Step::Scene { .. }
        | Step::Wait(_)
        | Step::Notify { .. }
        | Step::SetVariable { .. }
        | Step::RunRule(_)
        | Step::Stop => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: &str = r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":true},"held_for":"10m"}}"#;
    const PLAIN: &str = r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":true}}}"#;

    fn body() -> RuleBody {
        let json = format!(
            r#"{{"name":"Draft",
            "triggers":[{{"time":{{"at":"07:00"}}}},
                {{"changes":{{"of":{{"role":"lamp"}},"what":"OnOff"}}}},
                {{"unreachable":{{"of":{{"role":"lamp"}},"held_for":"5m"}}}}],
            "conditions":[{PLAIN},{{"any":[{HELD},{PLAIN},{{"not":{HELD}}}]}},{HELD}],
            "steps":["stop",
                {{"if":{{"condition":{HELD},
                    "then":[{{"wait_until":{{"condition":{{"all":[{PLAIN},{HELD}]}}}}}}],
                    "otherwise":[{{"wait_until":{{"condition":{HELD}}}}}]}}}},
                {{"repeat":{{"repetition":{{"while":{HELD}}},
                    "steps":[{{"wait_until":{{"condition":{HELD}}}}}]}}}}]}}"#
        );
        serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"))
    }

    #[test]
    fn watches_are_numbered_in_the_order_in_which_they_stand() {
        use PathPart::{Asks, Condition, Otherwise, Step, Then, Trigger};
        let body = body();
        let list = watched(&body);
        let paths: Vec<&[PathPart]> = list.iter().map(|it| it.path.0.as_slice()).collect();
        let expected: [&[PathPart]; 10] = [
            &[Trigger(1)],
            &[Trigger(2)],
            &[Condition(1), Condition(0)],
            &[Condition(1), Condition(2), Asks],
            &[Condition(2)],
            &[Step(1), Asks],
            &[Step(1), Then, Step(0), Asks, Condition(1)],
            &[Step(1), Otherwise, Step(0), Asks],
            &[Step(2), Asks],
            &[Step(2), Then, Step(0), Asks],
        ];
        assert_eq!(paths, expected);
        assert!(list.is_sorted_by_key(|it| &it.path), "so a place is found by its path");
    }

    #[test]
    fn the_numbers_of_a_condition_begin_where_it_stands() {
        use PathPart::{Asks, Condition, Step, Then};
        let body = body();
        let list = watched(&body);
        for (place, expected) in [
            (vec![Condition(0)], 2),
            (vec![Condition(1)], 2),
            (vec![Condition(2)], 4),
            (vec![Step(1), Asks], 5),
            (vec![Step(1), Then, Step(0), Asks], 6),
            (vec![Step(2), Asks], 8),
        ] {
            assert_eq!(first_at(&list, &Path(place.clone())), expected, "{place:?}");
        }
        assert_eq!(body.conditions.iter().map(count).collect::<Vec<_>>(), [0, 2, 1]);
    }
}

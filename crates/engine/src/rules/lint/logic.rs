//! What can never hold together. Sound, not complete: what it says is so; there is more that is so
//! than it says.

use model::VariableId;
use model::rule::{
    Comparison, Condition, CoverIs, Is, Path, PathPart, SunState, Target, Which, Who,
};

use super::week::Week;
use crate::rules::check::bounds;

/// That a condition holds, or does not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Literal<'a> {
    pub(super) condition: &'a Condition,
    pub(super) holds: bool,
}

impl<'a> Literal<'a> {
    pub(super) fn yes(condition: &'a Condition) -> Self {
        Self { condition, holds: true }
    }
}

/// Takes apart what has to hold together, as far as it can be taken apart.
pub(super) fn flat<'a>(
    parts: impl IntoIterator<Item = (Path, Literal<'a>)>,
) -> Vec<(Path, Literal<'a>)> {
    let mut out = Vec::new();
    for (at, literal) in parts {
        flatten(at, literal, &mut out);
    }
    out
}

fn flatten<'a>(at: Path, literal: Literal<'a>, out: &mut Vec<(Path, Literal<'a>)>) {
    let Literal { condition, holds } = literal;
    match (condition, holds) {
        (Condition::Not(inner), _) => {
            let inner = Literal { condition: inner.as_ref(), holds: !holds };
            flatten(at.then(PathPart::Asks), inner, out);
        }
        (Condition::All(parts), true) | (Condition::Any(parts), false) if !parts.is_empty() => {
            for (index, condition) in (0..).zip(parts) {
                flatten(at.then(PathPart::Condition(index)), Literal { condition, holds }, out);
            }
        }
        _ => out.push((at, literal)),
    }
}

/// The first of some flat literals that cannot hold together with those before it.
pub(super) fn never<'a>(literals: impl IntoIterator<Item = Literal<'a>>) -> Option<usize> {
    let mut before: Vec<Literal<'_>> = Vec::new();
    let mut week = Week::whole();
    for (index, literal) in literals.into_iter().enumerate() {
        if let Some(hours) = hours(literal) {
            week = week.and(&hours);
        }
        let clashes = before.iter().any(|it| clash(*it, literal));
        if week.is_empty() || clashes || interval(literal).is_some_and(Interval::is_empty) {
            return Some(index);
        }
        before.push(literal);
    }
    None
}

fn hours(literal: Literal<'_>) -> Option<Week> {
    let Condition::Time { after, before, on } = literal.condition else { return None };
    let is_exact = on.dates.is_empty() && on.season.is_none();
    let week = Week::of(*after, *before, on);
    if literal.holds { Some(week) } else { is_exact.then(|| week.not()) }
}

fn clash(one: Literal<'_>, other: Literal<'_>) -> bool {
    if one.holds != other.holds {
        let (yes, no) = if one.holds { (one, other) } else { (other, one) };
        if implies(yes.condition, no.condition) {
            return true;
        }
    }
    match (one.condition, other.condition) {
        (Condition::State { is, .. }, Condition::State { is: is2, .. }) => {
            is_of_same(one, other)
                && match (one.holds, other.holds) {
                    (true, true) => excludes(is, is2),
                    (false, false) => is_single(one) && is_either(is, is2),
                    (true, false) | (false, true) => false,
                }
        }
        (Condition::Number { .. }, Condition::Number { .. }) => {
            is_of_same(one, other) && disjoint(one, other)
        }
        (Condition::Variable { .. }, Condition::Variable { .. }) => variables(one, other),
        (Condition::Sun { is, offset }, Condition::Sun { is: is2, offset: offset2 }) => {
            let up = |is: &SunState, holds: bool| (*is == SunState::Up) == holds;
            offset == offset2 && up(is, one.holds) != up(is2, other.holds)
        }
        _ => presence(one).zip(presence(other)).is_some_and(|(one, other)| one.excludes(&other)),
    }
}

/// Whether one says at least what the other says: the same, for at least as long.
fn implies(one: &Condition, other: &Condition) -> bool {
    match (one, other) {
        (
            Condition::State { of, which, is, held_for },
            Condition::State { of: of2, which: which2, is: is2, held_for: held2 },
        ) => (of, which, is) == (of2, which2, is2) && held_for >= held2,
        (
            Condition::Number { of, which, measure, above, below, held_for },
            Condition::Number {
                of: of2,
                which: which2,
                measure: measure2,
                above: above2,
                below: below2,
                held_for: held2,
            },
        ) => {
            (of, which, measure) == (of2, which2, measure2)
                && (above, below) == (above2, below2)
                && held_for >= held2
        }
        _ => one == other,
    }
}

fn target(literal: Literal<'_>) -> Option<(&Target, Which)> {
    match literal.condition {
        Condition::State { of, which, .. } | Condition::Number { of, which, .. } => {
            Some((of, *which))
        }
        Condition::All(_)
        | Condition::Any(_)
        | Condition::Not(_)
        | Condition::Time { .. }
        | Condition::Sun { .. }
        | Condition::Home(_)
        | Condition::Away(_)
        | Condition::Variable { .. }
        | Condition::Reachable { .. } => None,
    }
}

fn is_single(literal: Literal<'_>) -> bool {
    matches!(target(literal), Some((Target::Role(_), _)))
}

/// Whether both are about the same, so that one of them at least speaks of all of it.
fn is_of_same(one: Literal<'_>, other: Literal<'_>) -> bool {
    let Some(((of, which), (of2, which2))) = target(one).zip(target(other)) else { return false };
    let speaks_of_all = which == Which::Every || which2 == Which::Every;
    of == of2 && (speaks_of_all || matches!(of, Target::Role(_)))
}

/// Whether nothing can be both.
fn excludes(one: &Is, other: &Is) -> bool {
    match (one, other) {
        (Is::Cover(one), Is::Cover(other)) => {
            one != other && ![one, other].contains(&&CoverIs::Moving)
        }
        // A thermostat's mode says nothing of whether it is running.
        _ => std::mem::discriminant(one) == std::mem::discriminant(other) && one != other,
    }
}

/// Whether everything is one or the other.
fn is_either(one: &Is, other: &Is) -> bool {
    let is_two_valued = match one {
        Is::OnOff(_) | Is::Boolean(_) | Is::Occupied(_) | Is::Running(_) => true,
        Is::Cover(is) => *is != CoverIs::Moving,
        Is::Lock(_) | Is::Thermostat(_) | Is::Mode(_) | Is::Effect(_) | Is::Air(_) => false,
    };
    is_two_valued && excludes(one, other)
}

/// Numbers between two others, which are among them or not.
#[derive(Debug, Clone, Copy)]
struct Interval {
    low: (f64, bool),
    high: (f64, bool),
}

impl Interval {
    const ALL: Self = Self { low: (f64::NEG_INFINITY, true), high: (f64::INFINITY, true) };

    fn above(number: f64, is_in: bool) -> Self {
        Self { low: (number, is_in), ..Self::ALL }
    }

    fn below(number: f64, is_in: bool) -> Self {
        Self { high: (number, is_in), ..Self::ALL }
    }

    fn and(self, other: Self) -> Self {
        let low = match self.low.0.total_cmp(&other.low.0) {
            std::cmp::Ordering::Less => other.low,
            std::cmp::Ordering::Equal => (self.low.0, self.low.1 && other.low.1),
            std::cmp::Ordering::Greater => self.low,
        };
        let high = match self.high.0.total_cmp(&other.high.0) {
            std::cmp::Ordering::Less => self.high,
            std::cmp::Ordering::Equal => (self.high.0, self.high.1 && other.high.1),
            std::cmp::Ordering::Greater => other.high,
        };
        Self { low, high }
    }

    fn is_empty(self) -> bool {
        let is_point = self.low.0 == self.high.0;
        self.low.0 > self.high.0 || (is_point && !(self.low.1 && self.high.1))
    }
}

/// The numbers that a literal allows, where it is about one.
fn interval(literal: Literal<'_>) -> Option<Interval> {
    match literal.condition {
        Condition::Number { measure, above, below, held_for, .. } => {
            let possible = bounds(*measure).map_or(Interval::ALL, |(low, high)| Interval {
                low: (low, true),
                high: (high, true),
            });
            let allowed = match (literal.holds, above, below) {
                (true, above, below) => {
                    let above = above.map_or(Interval::ALL, |it| Interval::above(it, false));
                    above.and(below.map_or(Interval::ALL, |it| Interval::below(it, false)))
                }
                // That it has not been so for a while says nothing of now.
                (false, ..) if !held_for.is_zero() || !is_single(literal) => Interval::ALL,
                (false, Some(above), None) => Interval::below(*above, true),
                (false, None, Some(below)) => Interval::above(*below, true),
                (false, ..) => Interval::ALL,
            };
            Some(possible.and(allowed))
        }
        Condition::Variable { is, .. } => match (is, literal.holds) {
            (Comparison::Equals(it), true) => {
                Some(Interval::above(*it, true).and(Interval::below(*it, true)))
            }
            (Comparison::Above(it), holds) => {
                Some(if holds { Interval::above(*it, false) } else { Interval::below(*it, true) })
            }
            (Comparison::Below(it), holds) => {
                Some(if holds { Interval::below(*it, false) } else { Interval::above(*it, true) })
            }
            (Comparison::Equals(_), false) => Some(Interval::ALL),
            (Comparison::YesNo(_) | Comparison::Text(_), _) => None,
        },
        Condition::All(_)
        | Condition::Any(_)
        | Condition::Not(_)
        | Condition::State { .. }
        | Condition::Time { .. }
        | Condition::Sun { .. }
        | Condition::Home(_)
        | Condition::Away(_)
        | Condition::Reachable { .. } => None,
    }
}

fn disjoint(one: Literal<'_>, other: Literal<'_>) -> bool {
    let same_measure = match (one.condition, other.condition) {
        (Condition::Number { measure, .. }, Condition::Number { measure: other, .. }) => {
            measure == other
        }
        _ => true,
    };
    let both = interval(one).zip(interval(other));
    same_measure && both.is_some_and(|(one, other)| one.and(other).is_empty())
}

fn variables(one: Literal<'_>, other: Literal<'_>) -> bool {
    let of = |it: Literal<'_>| -> Option<(VariableId, Comparison)> {
        let Condition::Variable { variable, is } = it.condition else { return None };
        Some((variable.clone(), is.clone()))
    };
    let Some(((variable, is), (variable2, is2))) = of(one).zip(of(other)) else { return false };
    if variable != variable2 {
        return false;
    }
    match (is, is2) {
        (Comparison::YesNo(is), Comparison::YesNo(is2)) => {
            (is == one.holds) != (is2 == other.holds)
        }
        (Comparison::Text(is), Comparison::Text(is2)) => one.holds && other.holds && is != is2,
        _ => disjoint(one, other),
    }
}

/// Who is home or away.
#[derive(Debug, PartialEq)]
enum Presence<'a> {
    AllHome,
    SomeHome,
    AllAway,
    SomeAway,
    Home(&'a model::PersonId),
    Away(&'a model::PersonId),
}

impl Presence<'_> {
    fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Home(one), Self::Away(other)) | (Self::Away(one), Self::Home(other)) => {
                one == other
            }
            (Self::AllHome, Self::AllAway | Self::SomeAway | Self::Away(_))
            | (Self::AllAway | Self::SomeAway | Self::Away(_), Self::AllHome)
            | (Self::AllAway, Self::SomeHome | Self::Home(_))
            | (Self::SomeHome | Self::Home(_), Self::AllAway) => true,
            _ => false,
        }
    }
}

fn presence(literal: Literal<'_>) -> Option<Presence<'_>> {
    let is_home = matches!(literal.condition, Condition::Home(_));
    let (Condition::Home(who) | Condition::Away(who)) = literal.condition else { return None };
    match (who, is_home, literal.holds) {
        (Who::Person(id), is_home, holds) if is_home == holds => Some(Presence::Home(id)),
        (Who::Person(id), ..) => Some(Presence::Away(id)),
        (Who::Everyone, true, true) | (Who::Anyone, false, false) => Some(Presence::AllHome),
        (Who::Anyone, true, true) | (Who::Everyone, false, false) => Some(Presence::SomeHome),
        (Who::Everyone, false, true) | (Who::Anyone, true, false) => Some(Presence::AllAway),
        (Who::Anyone, false, true) | (Who::Everyone, true, false) => Some(Presence::SomeAway),
        (Who::Household, ..) => None,
    }
}

//! Other rules that want the opposite of the same thing when the same happens.

use std::collections::BTreeSet;

use model::rule::{FindingKind, Path, RuleBody};
use model::{Action, Color, RuleId, ThermostatChange};

use super::effects::{Effects, Wanted, Wish};
use super::events::{Event, coincide};
use super::logic::{Literal, flat, never};
use super::{Draft, MOST_FINDINGS};

/// Most rules that a draft is held against.
const MOST_RIVALS: usize = 500;

impl Draft<'_> {
    pub(super) fn contradictions(&mut self) {
        let triggers = &self.body.triggers;
        let events: BTreeSet<Event> =
            triggers.iter().flat_map(|it| Event::of(it, self.world)).collect();
        let rivals: BTreeSet<&RuleId> =
            events.iter().flat_map(|it| self.neighbours.listening(it)).collect();
        let rivals = rivals.into_iter().filter(|id| *id != self.id).take(MOST_RIVALS);
        let found = rivals.filter_map(|id| {
            let at = self.contradicted_by(self.neighbours.body(id)?)?;
            Some((at, FindingKind::Contradicts(id.clone())))
        });
        let found: Vec<_> = found.take(MOST_FINDINGS).collect();
        self.find_all(found);
    }

    /// Where in the draft something is wanted whose opposite the rival wants.
    fn contradicted_by(&self, rival: &RuleBody) -> Option<Path> {
        let is_same_time = self
            .body
            .triggers
            .iter()
            .any(|one| rival.triggers.iter().any(|other| coincide(one, other, self.world)));
        if !is_same_time {
            return None;
        }
        let effects = Effects::of(rival, self.world);
        let theirs = || effects.wishes.iter().filter(|it| !it.is_later);
        let mut mine = self.effects.wishes.iter().filter(|it| !it.is_later);
        let wish = mine.find(|mine| {
            theirs().any(|theirs| {
                mine.role == theirs.role
                    && clash(&mine.what, &theirs.what)
                    && may_coincide((self.body, mine), (rival, theirs))
            })
        });
        wish.map(|it| it.at.clone())
    }
}

/// Whether nothing proves that both are never wanted at once.
fn may_coincide(one: (&RuleBody, &Wish<'_>), other: (&RuleBody, &Wish<'_>)) -> bool {
    let literals = [one, other].into_iter().flat_map(|(body, wish)| {
        body.conditions.iter().map(Literal::yes).chain(wish.guards.iter().copied())
    });
    let literals = flat(literals.map(|it| (Path::default(), it)));
    never(literals.into_iter().map(|(_, literal)| literal)).is_none()
}

fn clash(one: &Wanted, other: &Wanted) -> bool {
    let (Wanted::Action(one), Wanted::Action(other)) = (one, other) else { return false };
    opposes(one, other)
}

/// Whether nothing can be as both want it.
pub(crate) fn opposes(one: &Action, other: &Action) -> bool {
    match (one, other) {
        (Action::SetOnOff(on), Action::SetLevel(level))
        | (Action::SetLevel(level), Action::SetOnOff(on)) => *on != (level.get() > 0),
        (Action::SetColor(one), Action::SetColor(other)) => differ(*one, *other),
        (Action::SetThermostat(one), Action::SetThermostat(other)) => disagree(one, other),
        (Action::Press, Action::Press) => false,
        (one, other) => one.capability() == other.capability() && one != other,
    }
}

fn differ(one: Color, other: Color) -> bool {
    !one.is_close_to(other)
}

fn disagree(one: &ThermostatChange, other: &ThermostatChange) -> bool {
    fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
        one.zip(other).is_some_and(|(one, other)| one != other)
    }
    differ(one.mode, other.mode)
        || differ(one.heating_setpoint, other.heating_setpoint)
        || differ(one.cooling_setpoint, other.cooling_setpoint)
}

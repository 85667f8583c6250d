//! States and numbers of the other system's entities, as conditions and triggers here.

use api::{LostWhy, Meaning};
use model::rule::{
    Comparison, Condition, Direction, Is, Measure, SunEvent, SunState, Target, Trigger, Which, Who,
};
use model::{Capability, Span, VariableId, VariableValue};

use super::reader::Reader;
use crate::yaml::Node;

/// The sun is an entity there.
const SUN: &str = "sun.sun";

/// A number and its bounds, as they are asked about or crossed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) above: Option<f64>,
    pub(crate) below: Option<f64>,
}

/// From which state to which, where that matters.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Passage<'a> {
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
    pub(crate) held_for: Span,
}

impl Reader<'_> {
    /// Whether an entity is in a state.
    pub(crate) fn is_state(&mut self, entity: &str, state: &str, held: Span) -> Option<Condition> {
        if entity == SUN {
            return self.sun_is(state);
        }
        let meaning = self.meaning(entity)?;
        let place = format!("{entity} is {state}");
        match meaning {
            Meaning::Target(of) if state == "unavailable" && held.is_zero() => {
                let reachable = Condition::Reachable { of, which: Which::Every };
                Some(Condition::Not(Box::new(reachable)))
            }
            Meaning::Target(of) => self.target_is(of, state, held, &place),
            Meaning::Who(who) if held.is_zero() => self.who_is(&who, state, &place),
            Meaning::Variable(variable) if held.is_zero() => {
                let is = self.comparison(&variable, state, &place)?;
                Some(Condition::Variable { variable, is })
            }
            Meaning::Who(_) | Meaning::Variable(_) => self.nothing(LostWhy::Setting, &place),
            Meaning::Scene(_) | Meaning::Rule(_) | Meaning::Nothing => {
                self.nothing(LostWhy::Condition, &place)
            }
        }
    }

    /// Notes that something cannot be carried over, and gives nothing.
    pub(crate) fn nothing<T>(&mut self, why: LostWhy, what: &str) -> Option<T> {
        self.lose(why, what);
        None
    }

    fn sun_is(&mut self, state: &str) -> Option<Condition> {
        match state {
            "above_horizon" => Some(Condition::Sun { is: SunState::Up, offset: 0 }),
            "below_horizon" => Some(Condition::Sun { is: SunState::Down, offset: 0 }),
            _ => self.nothing(LostWhy::Condition, state),
        }
    }

    /// A group is on there when any of it is, and off when all of it is.
    fn target_is(&mut self, of: Target, state: &str, held: Span, place: &str) -> Option<Condition> {
        let Some(is) = self.house.state(&of, state) else {
            return self.nothing(LostWhy::Condition, place);
        };
        let which = match state {
            "on" | "open" | "unlocked" | "jammed" | "opening" | "closing" => Which::Some,
            _ => Which::Every,
        };
        let which = if matches!(of, Target::Role(_)) { Which::Every } else { which };
        Some(Condition::State { of, which, is, held_for: held })
    }

    fn who_is(&mut self, who: &Who, state: &str, place: &str) -> Option<Condition> {
        let is_one = matches!(who, Who::Person(_));
        match state {
            "home" | "on" => Some(Condition::Home(if is_one { who.clone() } else { Who::Anyone })),
            "not_home" | "away" | "off" => {
                Some(Condition::Away(if is_one { who.clone() } else { Who::Everyone }))
            }
            _ => self.nothing(LostWhy::Condition, place),
        }
    }

    fn comparison(&mut self, id: &VariableId, state: &str, place: &str) -> Option<Comparison> {
        let compared = match (self.house.variable(id), state) {
            (Some(VariableValue::YesNo(_)), "on" | "true") => Some(Comparison::YesNo(true)),
            (Some(VariableValue::YesNo(_)), "off" | "false") => Some(Comparison::YesNo(false)),
            (Some(VariableValue::Number(_)), text) => text.parse().ok().map(Comparison::Equals),
            (Some(VariableValue::Text(_)), text) => Some(Comparison::Text(text.to_owned())),
            (Some(VariableValue::YesNo(_)) | None, _) => None,
        };
        compared.or_else(|| self.nothing(LostWhy::Condition, place))
    }

    /// Whether a number of an entity is within bounds.
    pub(crate) fn is_within(
        &mut self,
        entity: &str,
        attribute: Option<&str>,
        bounds: Bounds,
        held_for: Span,
    ) -> Option<Condition> {
        let Bounds { above, below } = bounds;
        match self.meaning(entity)? {
            Meaning::Target(of) => {
                let (measure, scale) = self.measure(&of, entity, attribute)?;
                let (above, below) = (above.map(|it| it * scale), below.map(|it| it * scale));
                let which = Which::Every;
                Some(Condition::Number { of, which, measure, above, below, held_for })
            }
            Meaning::Variable(variable) if held_for.is_zero() && attribute.is_none() => {
                let above = above.map(Comparison::Above);
                let below = below.map(Comparison::Below);
                let asked = [above, below].into_iter().flatten();
                let asked: Vec<Condition> = asked
                    .map(|is| Condition::Variable { variable: variable.clone(), is })
                    .collect();
                Some(all(asked))
            }
            Meaning::Variable(_)
            | Meaning::Who(_)
            | Meaning::Scene(_)
            | Meaning::Rule(_)
            | Meaning::Nothing => self.nothing(LostWhy::Condition, entity),
        }
    }

    /// Which number is meant, and what one of theirs is of ours.
    fn measure(
        &mut self,
        of: &Target,
        entity: &str,
        attribute: Option<&str>,
    ) -> Option<(Measure, f64)> {
        let named = match attribute {
            None => self.house.measure(of).map(|it| (it, 1.0)),
            // Brightness is 0 to 255 there.
            Some("brightness") => Some((Measure::Level, 100.0 / 255.0)),
            Some("percentage") => Some((Measure::Level, 1.0)),
            Some("current_position") => Some((Measure::Open, 1.0)),
            Some("current_temperature") => Some((Measure::RoomTemperature, 1.0)),
            Some("temperature") => Some((Measure::HeatingSetpoint, 1.0)),
            Some("battery" | "battery_level") => Some((Measure::Battery, 1.0)),
            Some(_) => None,
        };
        let known = named.filter(|(it, _)| self.house.has(of, it.capability()));
        let what = format!("{entity} {}", attribute.unwrap_or_default());
        known.or_else(|| self.nothing(LostWhy::Condition, &what))
    }

    /// An entity goes from one state to another.
    pub(crate) fn changes(&mut self, entity: &str, passage: Passage<'_>) -> Option<Vec<Trigger>> {
        if entity == SUN {
            return self.sun_changes(passage);
        }
        let place = format!("{entity} to {}", passage.to.unwrap_or("anything"));
        match self.meaning(entity)? {
            Meaning::Target(of) => self.target_changes(entity, of, passage, &place),
            Meaning::Who(who) if passage.held_for.is_zero() => {
                self.who_changes(&who, passage, &place)
            }
            Meaning::Variable(variable) if passage.held_for.is_zero() => {
                self.variable_changes(variable, passage, &place)
            }
            Meaning::Who(_) | Meaning::Variable(_) => {
                self.nothing(LostWhy::Setting, &format!("{place}: for"))
            }
            Meaning::Scene(_) | Meaning::Rule(_) | Meaning::Nothing => {
                self.nothing(LostWhy::Trigger, &place)
            }
        }
    }

    fn sun_changes(&mut self, passage: Passage<'_>) -> Option<Vec<Trigger>> {
        let sun = |event| Some(vec![Trigger::Sun { event, offset: 0, on: Default::default() }]);
        match (passage.from, passage.to) {
            _ if !passage.held_for.is_zero() => self.nothing(LostWhy::Setting, "sun.sun: for"),
            (_, Some("below_horizon")) | (Some("above_horizon"), None) => sun(SunEvent::Sunset),
            (_, Some("above_horizon")) | (Some("below_horizon"), None) => sun(SunEvent::Sunrise),
            _ => self.nothing(LostWhy::Trigger, SUN),
        }
    }

    fn target_changes(
        &mut self,
        entity: &str,
        of: Target,
        passage: Passage<'_>,
        place: &str,
    ) -> Option<Vec<Trigger>> {
        let held_for = passage.held_for;
        if passage.to == Some("unavailable") {
            return Some(vec![Trigger::Unreachable { of, held_for }]);
        }
        if matches!(passage.from, Some("unavailable" | "unknown")) && held_for.is_zero() {
            return Some(vec![Trigger::Returns { of }]);
        }
        let to = passage.to.map(|state| self.state_of(&of, state, place));
        let from = passage.from.map(|state| self.state_of(&of, state, place));
        let (to, from) = match (to, from) {
            (Some(None), _) | (_, Some(None)) => return None,
            (to, from) => (to.flatten(), from.flatten()),
        };
        let of_states = to.as_ref().or(from.as_ref()).map(Is::capability);
        let Some(what) = of_states.or_else(|| self.capability(&of)) else {
            return self.nothing(LostWhy::Trigger, place);
        };
        if from.as_ref().is_some_and(|it| it.capability() != what) {
            return self.nothing(LostWhy::Trigger, place);
        }
        if !matches!(of, Target::Role(_)) {
            self.lose(LostWhy::Setting, &format!("{entity}: each member counts by itself"));
        }
        Some(vec![Trigger::Changes { of, what, from, to, held_for }])
    }

    fn state_of(&mut self, of: &Target, state: &str, place: &str) -> Option<Is> {
        self.house.state(of, state).or_else(|| self.nothing(LostWhy::Trigger, place))
    }

    /// What an entity says first of all.
    fn capability(&self, of: &Target) -> Option<Capability> {
        let states = ["on", "open", "locked", "heat", "good"];
        let state = states.iter().find_map(|name| self.house.state(of, name));
        state.map(|it| it.capability()).or_else(|| self.house.measure(of).map(Measure::capability))
    }

    fn who_changes(
        &mut self,
        who: &Who,
        passage: Passage<'_>,
        place: &str,
    ) -> Option<Vec<Trigger>> {
        let who = if matches!(who, Who::Person(_)) { who.clone() } else { Who::Household };
        match (passage.from, passage.to) {
            (_, Some("home")) | (Some("not_home"), None) => Some(vec![Trigger::Arrives(who)]),
            (_, Some("not_home")) | (Some("home"), None) => Some(vec![Trigger::Leaves(who)]),
            (None, None) => Some(vec![Trigger::Arrives(who.clone()), Trigger::Leaves(who)]),
            _ => self.nothing(LostWhy::Trigger, place),
        }
    }

    fn variable_changes(
        &mut self,
        variable: VariableId,
        passage: Passage<'_>,
        place: &str,
    ) -> Option<Vec<Trigger>> {
        let is_yes_no = matches!(self.house.variable(&variable), Some(VariableValue::YesNo(_)));
        let becomes = match (passage.from, passage.to) {
            (from, Some(to)) if is_yes_no || from.is_none() => {
                vec![self.comparison(&variable, to, place)?]
            }
            (Some(from), None) if is_yes_no => {
                vec![Comparison::YesNo(from == "off")]
            }
            (None, None) if is_yes_no => vec![Comparison::YesNo(true), Comparison::YesNo(false)],
            _ => return self.nothing(LostWhy::Trigger, place),
        };
        let trigger = |becomes| Trigger::Variable { variable: variable.clone(), becomes };
        Some(becomes.into_iter().map(trigger).collect())
    }

    /// A number of an entity goes beyond a bound, from outside.
    pub(crate) fn crosses(
        &mut self,
        entity: &str,
        attribute: Option<&str>,
        bounds: Bounds,
        held_for: Span,
    ) -> Option<Vec<Trigger>> {
        let (direction, threshold) = match (bounds.above, bounds.below) {
            (Some(above), None) => (Direction::Above, above),
            (None, Some(below)) => (Direction::Below, below),
            _ => return self.nothing(LostWhy::Setting, &format!("{entity}: above and below")),
        };
        match self.meaning(entity)? {
            Meaning::Target(of) => {
                let (measure, scale) = self.measure(&of, entity, attribute)?;
                let (threshold, hysteresis) = (threshold * scale, 0.0);
                let crosses =
                    Trigger::Crosses { of, measure, direction, threshold, hysteresis, held_for };
                Some(vec![crosses])
            }
            Meaning::Variable(variable) if held_for.is_zero() => {
                let becomes = match direction {
                    Direction::Above => Comparison::Above(threshold),
                    Direction::Below => Comparison::Below(threshold),
                };
                Some(vec![Trigger::Variable { variable, becomes }])
            }
            Meaning::Variable(_)
            | Meaning::Who(_)
            | Meaning::Scene(_)
            | Meaning::Rule(_)
            | Meaning::Nothing => self.nothing(LostWhy::Trigger, entity),
        }
    }

    /// `above` and `below`, which may be numbers only: an entity as a bound is not carried over.
    pub(crate) fn bounds(&mut self, node: &Node) -> Option<Bounds> {
        let mut bound = |key: &str| match node.get(key) {
            None => Some(None),
            Some(it) => match it.number() {
                Some(number) => Some(Some(number)),
                None => self.nothing(LostWhy::Setting, &format!("{key}: {it:?}")),
            },
        };
        Some(Bounds { above: bound("above")?, below: bound("below")? })
    }

    /// The entities that a node names, in lower case, as the other system compares them.
    pub(crate) fn entities(&mut self, node: &Node) -> Vec<String> {
        let Some(named) = node.get("entity_id") else { return Vec::new() };
        let listed = named.items().into_iter().filter_map(Node::text);
        listed.flat_map(|it| it.split(',')).map(|it| it.trim().to_ascii_lowercase()).collect()
    }
}

/// All of these; one alone is itself.
pub(crate) fn all(mut conditions: Vec<Condition>) -> Condition {
    match (conditions.len(), conditions.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            conditions.extend(last);
            Condition::All(conditions)
        }
    }
}

//! What a thing of another system may be here: by what it can be, and by how alike the names are.

use std::collections::BTreeSet;

use api::{ForeignThing, Meaning, ThingKind};
use model::EndpointKind;
use model::rule::{Target, Who};

use crate::i18n::Texts;
use crate::sentence::Names;

/// Something that it may be, with its words and how alike they are (0 to 1).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) meaning: Meaning,
    pub(super) words: String,
    pub(super) likeness: f64,
}

/// So alike are names that are taken to mean the same until somebody says otherwise.
const ALIKE: f64 = 0.6;

/// All that a thing may be here, most alike first.
pub(super) fn candidates(t: Texts, names: &Names, thing: &ForeignThing) -> Vec<Candidate> {
    let mut all: Vec<Candidate> =
        thing.may_be.iter().flat_map(|kind| of_kind(t, names, *kind)).collect();
    let kind = kind_of(&thing.id);
    for candidate in &mut all {
        candidate.likeness = likeness(&thing.id, &candidate.words);
        // A light is likelier a light.
        if let Meaning::Target(Target::Role(role)) = &candidate.meaning {
            let is = names.roles.get(role).map(|it| it.kind);
            if kind.is_some_and(|wanted| is.is_some_and(|is| !wanted.contains(&is))) {
                candidate.likeness *= 0.5;
            }
        }
    }
    all.sort_by(|one, other| {
        other.likeness.total_cmp(&one.likeness).then_with(|| one.words.cmp(&other.words))
    });
    all
}

/// What it most likely is, where that is clear enough.
pub(super) fn guess(candidates: &[Candidate]) -> Option<Meaning> {
    candidates.first().filter(|it| it.likeness >= ALIKE).map(|it| it.meaning.clone())
}

fn of_kind(t: Texts, names: &Names, kind: ThingKind) -> Vec<Candidate> {
    let candidate = |meaning, words| Candidate { meaning, words, likeness: 0.0 };
    match kind {
        ThingKind::Target => targets(t, names),
        ThingKind::Who => {
            let people = names
                .people
                .iter()
                .map(|(id, name)| candidate(Meaning::Who(Who::Person(id.clone())), name.clone()));
            people.chain([candidate(Meaning::Who(Who::Anyone), t.map_anyone())]).collect()
        }
        ThingKind::Variable => {
            let all = names.variables.iter();
            all.map(|(id, (name, _))| candidate(Meaning::Variable(id.clone()), name.clone()))
                .collect()
        }
        ThingKind::Scene => {
            let all = names.scenes.iter();
            all.map(|(id, name)| candidate(Meaning::Scene(id.clone()), name.clone())).collect()
        }
        ThingKind::Rule => {
            let all = names.rules.iter();
            all.map(|(id, name)| candidate(Meaning::Rule(id.clone()), name.clone())).collect()
        }
    }
}

fn targets(t: Texts, names: &Names) -> Vec<Candidate> {
    let candidate =
        |target, words| Candidate { meaning: Meaning::Target(target), words, likeness: 0.0 };
    let room_name = |id: &model::RoomId| {
        names.rooms.iter().find(|it| it.id == *id).map(|it| it.name.to_string())
    };
    let roles = names.roles.iter().filter(|(_, it)| it.everyday).map(|(id, it)| {
        let room = it.room.as_ref().and_then(room_name);
        let words = room.map_or_else(|| it.name.clone(), |room| t.joined(&it.name, &room));
        candidate(Target::Role(id.clone()), words)
    });
    let rooms = names.rooms.iter().map(|it| {
        let target = Target::Room { room: it.id.clone(), only: None };
        candidate(target, t.map_room(it.name.as_str()))
    });
    let groups = names
        .groups
        .iter()
        .map(|(id, (name, _))| candidate(Target::Group(id.clone()), t.map_group(name)));
    roles.chain(groups).chain(rooms).collect()
}

/// What the other system says that it is.
fn kind_of(id: &str) -> Option<&'static [EndpointKind]> {
    use EndpointKind as Kind;
    Some(match id.split('.').next()? {
        "light" => &[Kind::Light],
        "switch" | "input_boolean" => &[Kind::Plug, Kind::Switch, Kind::Light],
        "fan" => &[Kind::Fan],
        "cover" => &[Kind::Cover],
        "lock" => &[Kind::Lock],
        "climate" => &[Kind::Thermostat],
        "sensor" | "binary_sensor" => &[Kind::Sensor],
        "button" | "event" => &[Kind::Button],
        _ => return None,
    })
}

/// How many of their words two names share: 1 when all of the shorter are in the other and there
/// are as many, 0 when none is.
fn likeness(foreign: &str, ours: &str) -> f64 {
    let object = foreign.split_once('.').map_or(foreign, |(_, object)| object);
    let (one, other) = (words(object), words(ours));
    let shared = one.intersection(&other).count() as f64;
    let shorter = one.len().min(other.len()).max(1) as f64;
    let both = (one.len() + other.len()).max(1) as f64;
    // All of the shorter counts for most: "kitchen" and "Kitchen ceiling · Kitchen".
    0.5 * shared / shorter + shared / both
}

fn words(text: &str) -> BTreeSet<String> {
    let is_apart = |it: char| !it.is_alphanumeric();
    text.split(is_apart).filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_share_their_words_are_alike() {
        assert!((likeness("light.kitchen_ceiling", "Kitchen ceiling") - 1.0).abs() < 1e-9);
        assert!(likeness("light.kitchen_ceiling", "Kitchen ceiling · Kitchen") >= ALIKE);
        assert!(likeness("light.kitchen_ceiling", "Garden path") < 1e-9);
        assert!(likeness("light.hall", "Bath · Hall") < 0.99);
        assert!(likeness("", "").abs() < 1e-9);
    }

    #[test]
    fn only_what_is_clear_enough_is_taken_for_granted() {
        let candidate =
            |likeness| Candidate { meaning: Meaning::Nothing, words: String::new(), likeness };
        assert_eq!(guess(&[candidate(0.9)]), Some(Meaning::Nothing));
        assert_eq!(guess(&[candidate(0.3)]), None);
        assert_eq!(guess(&[]), None);
    }
}

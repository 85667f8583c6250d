//! What the things that rules name are called, and what they can do.

use std::collections::BTreeMap;

use model::rule::Target;
use model::{
    BooleanMeaning, Capability, DeviceId, EndpointKind, GroupId, PersonId, RoleId, Room, RoomId,
    RuleId, SceneId, Spec, VariableId, VariableValue,
};

use super::apart;
use crate::i18n::Texts;

/// What the things of a home are called.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    /// Everything that a rule can be about.
    pub roles: BTreeMap<RoleId, Subject>,
    /// The rooms, in order.
    pub rooms: Vec<Room>,
    /// The groups, with their members.
    pub groups: BTreeMap<GroupId, (String, Vec<RoleId>)>,
    /// The scenes.
    pub scenes: BTreeMap<SceneId, String>,
    /// The people who live here.
    pub people: BTreeMap<PersonId, String>,
    /// The variables, with what they are.
    pub variables: BTreeMap<VariableId, (String, VariableValue)>,
    /// The rules.
    pub rules: BTreeMap<RuleId, String>,
    /// The devices.
    pub devices: BTreeMap<DeviceId, String>,
}

/// What fills a role, as far as rules care.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: EndpointKind,
    /// Where it is.
    pub room: Option<RoomId>,
    /// What it can do; nothing while no device fills the role.
    pub specs: Vec<Spec>,
    /// A device fills it.
    pub filled: bool,
    /// It is for everyday use, not a setting or diagnosis of its device.
    pub everyday: bool,
}

impl Names {
    /// The roles that a target means now.
    pub fn members(&self, target: &Target) -> Vec<(&RoleId, &Subject)> {
        let is_meant = |id: &RoleId, face: &Subject| match target {
            Target::Role(role) => id == role,
            Target::Room { room, only } => {
                face.room.as_ref() == Some(room) && only.is_none_or(|kind| face.kind == kind)
            }
            Target::Group(group) => {
                self.groups.get(group).is_some_and(|(_, members)| members.contains(id))
            }
            Target::All(kind) => face.kind == *kind,
        };
        self.roles.iter().filter(|(id, face)| is_meant(id, face)).collect()
    }

    /// What a target can do: of each capability what the first of them has, choices of all.
    pub fn specs(&self, target: &Target) -> Vec<Spec> {
        let mut specs: BTreeMap<Capability, Spec> = BTreeMap::new();
        for (_, face) in self.members(target) {
            for spec in &face.specs {
                specs
                    .entry(spec.capability())
                    .and_modify(|known| widen(known, spec))
                    .or_insert_with(|| spec.clone());
            }
        }
        specs.into_values().collect()
    }

    /// What "true" means for the binary sensors of a target; on when they differ.
    pub fn meaning(&self, target: &Target) -> BooleanMeaning {
        let meanings = self.members(target).into_iter().filter_map(|(_, face)| face.meaning());
        let mut meanings: Vec<BooleanMeaning> = meanings.collect();
        meanings.dedup();
        match meanings.as_slice() {
            [only] => *only,
            _ => BooleanMeaning::On,
        }
    }

    /// The unit in which a target sets or measures other numbers.
    pub fn unit(&self, target: &Target, capability: Capability) -> String {
        let of = |spec: Spec| match spec {
            Spec::NumericControl { unit, .. } | Spec::GenericMeasurement { unit } => Some(unit),
            _ => None,
        };
        let mut specs = self.specs(target).into_iter();
        specs.find(|it| it.capability() == capability).and_then(of).unwrap_or_default()
    }

    /// What a role is called.
    pub fn role(&self, t: Texts, id: &RoleId) -> String {
        match self.roles.get(id) {
            Some(face) if face.filled => apart(&face.name),
            Some(face) => t.name_vacant(&apart(&face.name)),
            None => t.name_gone(),
        }
    }

    /// What a room is called.
    pub fn room(&self, t: Texts, id: &RoomId) -> String {
        let room = self.rooms.iter().find(|it| it.id == *id);
        room.map_or_else(|| t.name_gone(), |it| apart(it.name.as_str()))
    }

    /// What a scene is called.
    pub fn scene(&self, t: Texts, id: &SceneId) -> String {
        self.scenes.get(id).map_or_else(|| t.name_gone(), |it| apart(it))
    }

    /// What a person is called.
    pub fn person(&self, t: Texts, id: &PersonId) -> String {
        self.people.get(id).map_or_else(|| t.name_gone(), |it| apart(it))
    }

    /// What a variable is called.
    pub fn variable(&self, t: Texts, id: &VariableId) -> String {
        self.variables.get(id).map_or_else(|| t.name_gone(), |(name, _)| apart(name))
    }

    /// What a rule is called.
    pub fn rule(&self, t: Texts, id: &RuleId) -> String {
        self.rules.get(id).map_or_else(|| t.name_gone(), |it| t.quoted(&apart(it)))
    }

    /// What a device is called.
    pub fn device(&self, t: Texts, id: &DeviceId) -> String {
        self.devices.get(id).map_or_else(|| t.name_gone(), |it| apart(it))
    }
}

impl Subject {
    /// The spec of one of its capabilities.
    pub fn spec(&self, capability: Capability) -> Option<&Spec> {
        self.specs.iter().find(|it| it.capability() == capability)
    }

    fn meaning(&self) -> Option<BooleanMeaning> {
        match self.spec(Capability::BooleanState) {
            Some(Spec::BooleanState(meaning)) => Some(*meaning),
            _ => None,
        }
    }
}

/// What one or the other can do.
fn widen(known: &mut Spec, other: &Spec) {
    let add = |known: &mut Vec<String>, other: &Vec<String>| {
        let new: Vec<String> = other.iter().filter(|it| !known.contains(it)).cloned().collect();
        known.extend(new);
    };
    match (known, other) {
        (Spec::LightEffect(known), Spec::LightEffect(other))
        | (Spec::LightPalette(known), Spec::LightPalette(other))
        | (Spec::ModeSelect(known), Spec::ModeSelect(other)) => add(known, other),
        (
            Spec::ColorControl { hue_saturation, temperature },
            Spec::ColorControl { hue_saturation: more, temperature: other },
        ) => {
            *hue_saturation |= more;
            *temperature = temperature.or(*other);
        }
        (Spec::WindowCovering { positions }, Spec::WindowCovering { positions: more }) => {
            *positions |= more;
        }
        (
            Spec::Thermostat { modes, heating, cooling, .. },
            Spec::Thermostat { modes: others, heating: heats, cooling: cools, .. },
        ) => {
            let new: Vec<_> = others.iter().filter(|it| !modes.contains(it)).copied().collect();
            modes.extend(new);
            *heating |= heats;
            *cooling |= cools;
        }
        _ => {}
    }
}

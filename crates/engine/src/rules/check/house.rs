//! A small home for tests: what there is to name, and what it says.

use std::collections::BTreeMap;

use model::rule::{Rule, RuleBody, Target, Unknown};
use model::{
    BooleanMeaning, Capability, DeviceId, EndpointId, EndpointKind, Name, Percent, Person,
    PersonId, Place, RoleId, RuleId, Scene, SceneId, SceneSetting, Spec, Timestamp, Value,
    Variable, VariableId, VariableValue, Zone,
};

use super::OtherRules;
use crate::rules::{Calendar, World};

/// A lamp and a fan in the kitchen, a heater, a sensor and a door in the hall, a vacant role.
#[derive(Debug, Clone)]
pub(crate) struct House {
    pub(crate) things: BTreeMap<RoleId, Thing>,
    pub(crate) people: Vec<Person>,
    variables: BTreeMap<VariableId, Variable>,
    scenes: BTreeMap<SceneId, Scene>,
    calendar: Calendar,
}

#[derive(Debug, Clone)]
pub(crate) struct Thing {
    kind: EndpointKind,
    room: &'static str,
    specs: Vec<Spec>,
    says: BTreeMap<Capability, Value>,
    pub(crate) is_reachable: Option<bool>,
}

impl House {
    pub(crate) fn new() -> Self {
        let level = Value::Level(Percent::FULL);
        let things = [
            ("lamp", EndpointKind::Light, "kitchen", vec![Spec::OnOff, Spec::Level]),
            ("fan", EndpointKind::Fan, "kitchen", vec![Spec::OnOff]),
            ("plug", EndpointKind::Plug, "hall", vec![Spec::OnOff, Spec::ElectricalPower]),
            ("blind", EndpointKind::Cover, "hall", vec![Spec::WindowCovering { positions: true }]),
            ("warm", EndpointKind::Sensor, "hall", vec![Spec::TemperatureMeasurement]),
            ("motion", EndpointKind::Sensor, "hall", vec![Spec::OccupancySensing]),
            ("door", EndpointKind::Sensor, "hall", vec![Spec::BooleanState(BooleanMeaning::Open)]),
            ("vacant", EndpointKind::Light, "attic", vec![]),
        ];
        let thing = |kind, room, specs| {
            let says = BTreeMap::from([(Capability::Level, level.clone())]);
            Thing { kind, room, specs, says, is_reachable: Some(true) }
        };
        let place = Place::new(52.5, 13.4).ok();
        let house = Self {
            things: things
                .map(|(id, kind, room, specs)| (role(id), thing(kind, room, specs)))
                .into(),
            people: vec![Person {
                id: "ann".parse().unwrap(),
                name: name("Ann"),
                phone: None,
                presence: model::Presence::default(),
            }],
            variables: BTreeMap::new(),
            scenes: BTreeMap::new(),
            calendar: Calendar::new(&Zone::try_from("Europe/Berlin".to_owned()).unwrap(), place),
        };
        house
            .with_variable("guests", VariableValue::YesNo(false))
            .with_variable("washed", VariableValue::Number(3.0))
            .with_scene("evening", vec![("lamp", model::Action::SetOnOff(true))])
    }

    pub(crate) fn with_variable(mut self, id: &str, value: VariableValue) -> Self {
        let id: VariableId = id.parse().unwrap();
        let name = name(id.as_str());
        self.variables.insert(id.clone(), Variable { id, name, value });
        self
    }

    pub(crate) fn with_scene(mut self, id: &str, sets: Vec<(&str, model::Action)>) -> Self {
        let id: SceneId = id.parse().unwrap();
        let setting = |(it, action)| SceneSetting { role: role(it), actions: vec![action] };
        let settings = sets.into_iter().map(setting).collect();
        let (name, transition) = (name(id.as_str()), model::Span::ZERO);
        self.scenes.insert(id.clone(), Scene { id, name, room: None, settings, transition });
        self
    }

    pub(crate) fn without_place(mut self) -> Self {
        self.calendar.place = None;
        self
    }

    pub(crate) fn thing(&mut self, id: &str) -> &mut Thing {
        self.things.get_mut(&role(id)).unwrap()
    }

    fn of(&self, fits: impl Fn(&Thing) -> bool) -> Vec<RoleId> {
        self.things.iter().filter(|(_, it)| fits(it)).map(|(id, _)| id.clone()).collect()
    }
}

pub(crate) fn role(text: &str) -> RoleId {
    text.parse().unwrap()
}

pub(crate) fn name(text: &str) -> Name {
    Name::try_from(text).unwrap()
}

pub(crate) fn id(text: &str) -> RuleId {
    text.parse().unwrap()
}

/// A rule as people write it.
pub(crate) fn body(json: &str) -> RuleBody {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// A rule of these triggers, conditions and steps, as people write them.
pub(crate) fn rule(triggers: &str, conditions: &str, steps: &str) -> RuleBody {
    body(&format!(
        r#"{{"name":"Draft","triggers":[{triggers}],"conditions":[{conditions}],"steps":[{steps}]}}"#
    ))
}

pub(crate) fn saved(text: &str, body: RuleBody) -> Rule {
    Rule { id: id(text), version: 1, enabled: true, saved_at: Timestamp(0), body }
}

impl OtherRules for Vec<Rule> {
    fn body(&self, id: &RuleId) -> Option<&RuleBody> {
        self.iter().find(|it| it.id == *id).map(|it| &it.body)
    }

    fn bodies(&self) -> Box<dyn Iterator<Item = (&RuleId, &RuleBody)> + '_> {
        Box::new(self.iter().map(|it| (&it.id, &it.body)))
    }
}

impl World for House {
    fn roles(&self, target: &Target) -> Vec<RoleId> {
        match target {
            Target::Role(role) => vec![role.clone()],
            Target::Room { room, only } => {
                self.of(|it| it.room == room.as_str() && only.is_none_or(|kind| kind == it.kind))
            }
            Target::Group(group) if group.as_str() == "both" => vec![role("fan"), role("lamp")],
            Target::Group(_) => Vec::new(),
            Target::All(kind) => self.of(|it| it.kind == *kind),
        }
    }

    fn is_there(&self, target: &Target) -> bool {
        match target {
            Target::Role(role) => self.things.contains_key(role),
            Target::Room { room, .. } => ["kitchen", "hall", "cellar"].contains(&room.as_str()),
            Target::Group(group) => ["both", "empty"].contains(&group.as_str()),
            Target::All(_) => true,
        }
    }

    fn endpoint(&self, role: &RoleId) -> Option<EndpointId> {
        let thing = self.things.get(role).filter(|it| !it.specs.is_empty());
        thing.map(|_| format!("shelly-{role}/part").parse().unwrap())
    }

    fn role_of(&self, endpoint: &EndpointId) -> Option<RoleId> {
        self.things.keys().find(|it| self.endpoint(it).as_ref() == Some(endpoint)).cloned()
    }

    fn specs(&self, role: &RoleId) -> &[Spec] {
        self.things.get(role).map_or(&[], |it| &it.specs)
    }

    fn known(&self, role: &RoleId, what: Capability) -> Result<(&Value, Timestamp), Unknown> {
        let thing = self.things.get(role).ok_or(Unknown::Vacant)?;
        thing.says.get(&what).map(|it| (it, Timestamp(0))).ok_or(Unknown::NeverSaid)
    }

    fn is_reachable(&self, role: &RoleId) -> Option<bool> {
        self.things.get(role)?.is_reachable
    }

    fn endpoints_of(&self, _device: &DeviceId) -> Vec<EndpointId> {
        Vec::new()
    }

    fn people(&self) -> Vec<&Person> {
        self.people.iter().collect()
    }

    fn variable(&self, id: &VariableId) -> Option<&Variable> {
        self.variables.get(id)
    }

    fn scene(&self, id: &SceneId) -> Option<&Scene> {
        self.scenes.get(id)
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|it| it.id == *id)
    }
}

//! A home that has something for each thing that an automation names.

use std::collections::BTreeMap;

use api::{DeviceView, EndpointView, ForeignThing, HomeView, HubStatus, Meaning, ThingKind};
use model::rule::{Target, Who};
use model::{
    Action, BooleanMeaning, Category, DeviceId, EndpointId, EndpointKind, Family, Kelvin, Name,
    Person, PersonId, Presence, Reachability, RoleId, Scene, SceneId, SceneSetting, Span, Spec,
    Variable, VariableId, VariableValue,
};

/// A home with nothing in it.
pub(crate) fn empty() -> HomeView {
    HomeView::empty(HubStatus::idle())
}

/// A home with a thing for each of those, and what each is in it.
pub(crate) fn with(things: &[ForeignThing]) -> (HomeView, BTreeMap<String, Meaning>) {
    let mut home = empty();
    let mut meanings = BTreeMap::new();
    for thing in things {
        let meaning = match thing.may_be.last().unwrap() {
            ThingKind::Who if thing.id == "group.family" => Meaning::Who(Who::Everyone),
            ThingKind::Who if thing.id.starts_with("group.") => endpoint(&mut home, &thing.id),
            ThingKind::Who => who(&mut home, &thing.id),
            ThingKind::Variable => variable(&mut home, &thing.id),
            ThingKind::Scene => scene(&mut home, &thing.id),
            ThingKind::Rule => Meaning::Rule(slug(&thing.id).parse().unwrap()),
            ThingKind::Target => endpoint(&mut home, &thing.id),
        };
        meanings.insert(thing.id.clone(), meaning);
    }
    (home, meanings)
}

fn slug(id: &str) -> String {
    id.replace('.', "-")
}

fn who(home: &mut HomeView, id: &str) -> Meaning {
    let person: PersonId = slug(id).parse().unwrap();
    let name = Name::lossy(id).unwrap();
    let presence = Presence::default();
    home.people.push(Person { id: person.clone(), name, phone: None, presence });
    Meaning::Who(Who::Person(person))
}

fn scene(home: &mut HomeView, id: &str) -> Meaning {
    let scene: SceneId = slug(id).parse().unwrap();
    let Meaning::Target(Target::Role(role)) = endpoint(home, &format!("light.of_{}", slug(id)))
    else {
        panic!("a light is a target");
    };
    let settings = vec![SceneSetting { role, actions: vec![Action::SetOnOff(true)] }];
    let (name, transition) = (Name::lossy(id).unwrap(), Span::ZERO);
    home.scenes.push(Scene { id: scene.clone(), name, room: None, settings, transition });
    Meaning::Scene(scene)
}

/// The device that stands for an entity.
pub(crate) fn device_of(entity: &str) -> DeviceId {
    DeviceId::from_mac("shelly", &slug(entity).replace(['-', '_'], "")).unwrap()
}

fn variable(home: &mut HomeView, id: &str) -> Meaning {
    let value = match id.split_once('.').unwrap().0 {
        "input_number" | "counter" => VariableValue::Number(0.0),
        "input_text" | "input_select" => VariableValue::Text(String::new()),
        _ => VariableValue::YesNo(false),
    };
    let variable: VariableId = slug(id).parse().unwrap();
    let name = Name::lossy(id).unwrap();
    home.variables.push(Variable { id: variable.clone(), name, value });
    Meaning::Variable(variable)
}

fn endpoint(home: &mut HomeView, entity: &str) -> Meaning {
    let device = device_of(entity);
    let id = EndpointId::new(device.clone(), "part".parse().unwrap());
    let role = RoleId::of(&id);
    let (kind, specs) = hardware(entity);
    let endpoint = EndpointView {
        id,
        name: entity.to_owned(),
        room: None,
        kind,
        role: role.clone(),
        category: Category::Primary,
        favourite: false,
        specs,
        states: BTreeMap::new(),
    };
    home.devices.push(DeviceView {
        id: device,
        family: Family::Shelly,
        name: entity.to_owned(),
        vendor: None,
        model: None,
        firmware: None,
        address: "10.0.0.1:80".parse().unwrap(),
        room: None,
        reachability: Reachability::Reachable,
        heard_at: None,
        endpoints: vec![endpoint],
    });
    Meaning::Target(Target::Role(role))
}

fn hardware(entity: &str) -> (EndpointKind, Vec<Spec>) {
    let (domain, name) = entity.split_once('.').unwrap();
    let white = Some((Kelvin::clamped(2_000.0), Kelvin::clamped(6_500.0)));
    match domain {
        "light" => {
            let color = Spec::ColorControl { hue_saturation: true, temperature: white };
            (EndpointKind::Light, vec![Spec::OnOff, Spec::Level, color])
        }
        "cover" => (EndpointKind::Cover, vec![Spec::WindowCovering { positions: true }]),
        "lock" => (EndpointKind::Lock, vec![Spec::DoorLock]),
        "binary_sensor" if name.contains("motion") || name.contains("bed") => {
            (EndpointKind::Sensor, vec![Spec::OccupancySensing])
        }
        "binary_sensor" => (EndpointKind::Sensor, vec![Spec::BooleanState(BooleanMeaning::Open)]),
        "sensor" if name.contains("light") => {
            (EndpointKind::Sensor, vec![Spec::IlluminanceMeasurement])
        }
        "sensor" => {
            let mode = Spec::ModeSelect(vec!["rain".to_owned()]);
            (EndpointKind::Sensor, vec![Spec::GenericMeasurement { unit: String::new() }, mode])
        }
        "number" => {
            let (min, max, step) = (0.0, 100.0, 1.0);
            let unit = String::new();
            (EndpointKind::Control, vec![Spec::NumericControl { min, max, step, unit }])
        }
        "group" if name.contains("garage") || name.contains("entry") => {
            (EndpointKind::Sensor, vec![Spec::BooleanState(BooleanMeaning::Open)])
        }
        "group" if name.contains("bed") => (EndpointKind::Sensor, vec![Spec::OccupancySensing]),
        _ => (EndpointKind::Switch, vec![Spec::OnOff]),
    }
}

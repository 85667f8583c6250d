//! An ESPHome entity: what it is, how it is named, and the way between its messages and our nouns.
//!
//! One entity makes one endpoint. Its key is its kind and the slug of its name
//! (`light-reading_lamp`), as ESPHome itself makes object ids: firmware of 2026 sends none any more.
//! Entities that Hearth has no noun for (texts, cameras, media players) are left out.

use std::collections::BTreeMap;

use model::{
    Action, Category, EndpointDescription, EndpointKey, EndpointKind, Name, Span, Spec, Value,
};

use super::climate::Climate;
use super::fan::Fan;
use super::light::Light;
use super::message::Message;
use super::sensor::{Measure, boolean_spec};
use super::{proto, simple};

/// How many entities of a device are read. Further ones are overlooked: real devices have tens.
pub const MAX_ENTITIES: usize = 512;

/// How a device numbers its entities. Keys repeat between kinds and between sub-devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntityId {
    pub(super) kind: EntityKind,
    pub(super) device: u32,
    pub(super) key: u32,
}

/// Kinds of entity that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EntityKind {
    BinarySensor,
    Button,
    Climate,
    Cover,
    Fan,
    Light,
    Lock,
    Number,
    Select,
    Sensor,
    Switch,
}

impl EntityKind {
    const fn slug(self) -> &'static str {
        match self {
            Self::BinarySensor => "binary_sensor",
            Self::Button => "button",
            Self::Climate => "climate",
            Self::Cover => "cover",
            Self::Fan => "fan",
            Self::Light => "light",
            Self::Lock => "lock",
            Self::Number => "number",
            Self::Select => "select",
            Self::Sensor => "sensor",
            Self::Switch => "switch",
        }
    }
}

/// What must be known of an entity to read its states and to write its commands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Traits {
    BinarySensor { occupancy: bool },
    Button,
    Climate(Climate),
    Cover,
    Fan(Fan),
    Light(Light),
    Lock,
    Number,
    Select,
    Sensor(Measure),
    Switch,
}

impl Traits {
    /// What a state says; nothing when the entity has no state yet or it makes no sense.
    pub(super) fn values(&self, state: &Message) -> Vec<Value> {
        match (self, state) {
            (Self::BinarySensor { occupancy }, Message::BinarySensorStateResponse(state)) => {
                simple::binary_sensor(*occupancy, state).into_iter().collect()
            }
            (Self::Climate(climate), Message::ClimateStateResponse(state)) => {
                climate.value(state).into_iter().collect()
            }
            (Self::Cover, Message::CoverStateResponse(state)) => vec![simple::cover(state)],
            (Self::Fan(fan), Message::FanStateResponse(state)) => fan.values(state),
            (Self::Light(light), Message::LightStateResponse(state)) => light.values(state),
            (Self::Lock, Message::LockStateResponse(state)) => {
                simple::lock(state).into_iter().collect()
            }
            (Self::Number, Message::NumberStateResponse(state)) => {
                simple::number(state).into_iter().collect()
            }
            (Self::Select, Message::SelectStateResponse(state)) => {
                simple::select(state).into_iter().collect()
            }
            (Self::Sensor(measure), Message::SensorStateResponse(state)) => {
                measure.value(state).into_iter().collect()
            }
            (Self::Switch, Message::SwitchStateResponse(state)) => vec![Value::OnOff(state.state)],
            _ => Vec::new(),
        }
    }

    /// Whether it has a state that a device reports.
    pub(super) fn has_state(&self) -> bool {
        !matches!(self, Self::Button)
    }

    /// The message that asks for an action; `None` when it cannot be asked of this entity.
    pub(super) fn command(
        &mut self,
        id: EntityId,
        action: &Action,
        transition: Span,
    ) -> Option<Message> {
        match self {
            Self::Button => simple::press(id, action),
            Self::Climate(climate) => climate.command(id, action),
            Self::Cover => simple::move_cover(id, action),
            Self::Fan(fan) => fan.command(id, action),
            Self::Light(light) => light.command(id, action, transition),
            Self::Lock => simple::turn_lock(id, action),
            Self::Number => simple::set_number(id, action),
            Self::Select => simple::choose(id, action),
            Self::Switch => simple::switch(id, action),
            Self::BinarySensor { .. } | Self::Sensor(_) => None,
        }
    }
}

/// An entity as a device lists it.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) id: EntityId,
    pub(super) traits: Traits,
    object_id: String,
    name: String,
    category: Category,
    endpoint: EndpointKind,
    specs: Vec<Spec>,
}

/// What all list messages have in common.
struct Head {
    kind: EntityKind,
    object_id: String,
    key: u32,
    name: String,
    device: u32,
    category: Category,
}

macro_rules! head {
    ($kind:ident, $message:expr) => {
        Head {
            kind: EntityKind::$kind,
            object_id: $message.object_id,
            key: $message.key,
            name: $message.name,
            device: $message.device_id,
            category: category($message.entity_category, $message.disabled_by_default),
        }
    };
}

/// What its maker switched off by default is for those who know: like a diagnostic.
fn category(number: i32, disabled: bool) -> Category {
    match (number, disabled) {
        (1, _) => Category::Config,
        (2, _) | (_, true) => Category::Diagnostic,
        _ => Category::Primary,
    }
}

impl Head {
    fn lists(self, endpoint: EndpointKind, traits: Traits, specs: Vec<Spec>) -> Listed {
        // A battery is there for the device: it matters when it is low, and then every part says so.
        let is_battery = specs.contains(&Spec::PowerSource);
        let category = if is_battery { Category::Diagnostic } else { self.category };
        Listed {
            id: EntityId { kind: self.kind, device: self.device, key: self.key },
            traits,
            object_id: self.object_id,
            name: self.name,
            category,
            endpoint,
            specs,
        }
    }
}

impl Listed {
    /// Reads an entity from a list message; `None` when the message lists none that is read.
    pub(super) fn read(message: Message) -> Option<Self> {
        match message {
            Message::ListEntitiesBinarySensorResponse(it) => Some(binary_sensor(it)),
            Message::ListEntitiesButtonResponse(it) => Some(head!(Button, it).lists(
                EndpointKind::Button,
                Traits::Button,
                vec![Spec::Momentary],
            )),
            Message::ListEntitiesClimateResponse(it) => climate(it),
            Message::ListEntitiesCoverResponse(it) => {
                let specs = vec![Spec::WindowCovering { positions: it.supports_position }];
                Some(head!(Cover, it).lists(EndpointKind::Cover, Traits::Cover, specs))
            }
            Message::ListEntitiesFanResponse(it) => {
                let fan = Fan::read(&it);
                let specs = fan.specs();
                Some(head!(Fan, it).lists(EndpointKind::Fan, Traits::Fan(fan), specs))
            }
            Message::ListEntitiesLightResponse(it) => {
                let light = Light::read(&it);
                let specs = light.specs(&it.effects);
                Some(head!(Light, it).lists(EndpointKind::Light, Traits::Light(light), specs))
            }
            Message::ListEntitiesLockResponse(it) => {
                Some(head!(Lock, it).lists(EndpointKind::Lock, Traits::Lock, vec![Spec::DoorLock]))
            }
            Message::ListEntitiesNumberResponse(it) => {
                let specs = vec![simple::number_spec(&it)];
                Some(head!(Number, it).lists(EndpointKind::Control, Traits::Number, specs))
            }
            Message::ListEntitiesSelectResponse(it) => {
                let specs = vec![Spec::ModeSelect(simple::choices(&it.options))];
                Some(head!(Select, it).lists(EndpointKind::Control, Traits::Select, specs))
            }
            Message::ListEntitiesSensorResponse(it) => {
                let measure = Measure::read(&it);
                let specs = vec![measure.spec(&it.unit_of_measurement)];
                let traits = Traits::Sensor(measure);
                Some(head!(Sensor, it).lists(EndpointKind::Sensor, traits, specs))
            }
            Message::ListEntitiesSwitchResponse(it) => {
                let outlet = it.device_class == "outlet";
                let endpoint = if outlet { EndpointKind::Plug } else { EndpointKind::Switch };
                Some(head!(Switch, it).lists(endpoint, Traits::Switch, vec![Spec::OnOff]))
            }
            _ => None,
        }
    }

    /// About how many bytes of the device's words it keeps.
    pub(super) fn weight(&self) -> usize {
        let of_spec = |spec: &Spec| match spec {
            Spec::LightEffect(names) | Spec::ModeSelect(names) => {
                names.iter().map(String::len).sum()
            }
            _ => 0,
        };
        self.object_id.len() + self.name.len() + self.specs.iter().map(of_spec).sum::<usize>()
    }
}

fn binary_sensor(it: proto::ListEntitiesBinarySensorResponse) -> Listed {
    let spec = boolean_spec(&it.device_class);
    let traits = Traits::BinarySensor { occupancy: spec == Spec::OccupancySensing };
    head!(BinarySensor, it).lists(EndpointKind::Sensor, traits, vec![spec])
}

fn climate(it: proto::ListEntitiesClimateResponse) -> Option<Listed> {
    let climate = Climate::read(&it);
    let specs = vec![climate.spec()?];
    Some(head!(Climate, it).lists(EndpointKind::Thermostat, Traits::Climate(climate), specs))
}

/// Which entity a state message is about; `None` when it is no state message that is read.
pub(super) fn state_of(message: &Message) -> Option<EntityId> {
    let id = |kind, device, key| Some(EntityId { kind, device, key });
    match message {
        Message::BinarySensorStateResponse(it) => {
            id(EntityKind::BinarySensor, it.device_id, it.key)
        }
        Message::ClimateStateResponse(it) => id(EntityKind::Climate, it.device_id, it.key),
        Message::CoverStateResponse(it) => id(EntityKind::Cover, it.device_id, it.key),
        Message::FanStateResponse(it) => id(EntityKind::Fan, it.device_id, it.key),
        Message::LightStateResponse(it) => id(EntityKind::Light, it.device_id, it.key),
        Message::LockStateResponse(it) => id(EntityKind::Lock, it.device_id, it.key),
        Message::NumberStateResponse(it) => id(EntityKind::Number, it.device_id, it.key),
        Message::SelectStateResponse(it) => id(EntityKind::Select, it.device_id, it.key),
        Message::SensorStateResponse(it) => id(EntityKind::Sensor, it.device_id, it.key),
        Message::SwitchStateResponse(it) => id(EntityKind::Switch, it.device_id, it.key),
        _ => None,
    }
}

/// The names that a device gives itself and the devices it stands in for.
#[derive(Debug, Default)]
pub(super) struct DeviceNames {
    /// Its friendly name, or its host name.
    pub(super) own: String,
    /// By number.
    pub(super) sub_devices: BTreeMap<u32, String>,
}

/// Gives every entity its endpoint key, unique on the device and the same after every restart, and
/// its description. Entities that are listed twice are left out the second time.
pub(super) fn name_all(
    listed: Vec<Listed>,
    names: &DeviceNames,
) -> Vec<(EntityId, EndpointDescription, Traits)> {
    let mut taken: BTreeMap<EndpointKey, EntityId> = BTreeMap::new();
    let mut named = Vec::with_capacity(listed.len());
    for entity in listed {
        let doubled = taken.values().any(|id| *id == entity.id);
        if doubled {
            continue;
        }
        if let Some(key) = free_key(&entity, names, &taken) {
            taken.insert(key.clone(), entity.id);
            named.push(describe(entity, key, names));
        }
    }
    named
}

fn describe(
    entity: Listed,
    key: EndpointKey,
    names: &DeviceNames,
) -> (EntityId, EndpointDescription, Traits) {
    let sub_device = names.sub_devices.get(&entity.id.device).map_or("", String::as_str);
    let name = Name::lossy(format!("{sub_device} {}", entity.name).trim());
    let description = EndpointDescription {
        key,
        name,
        kind: entity.endpoint,
        category: entity.category,
        specs: entity.specs,
    };
    (entity.id, description, entity.traits)
}

/// The key after the entity's name; where that is taken (names that differ only in letters that a
/// slug does not have), the vendor's number makes it unique.
fn free_key(
    entity: &Listed,
    names: &DeviceNames,
    taken: &BTreeMap<EndpointKey, EntityId>,
) -> Option<EndpointKey> {
    let base = key_base(entity, names);
    let short: String = base.chars().take(64).collect();
    let shorter: String = base.chars().take(55).collect();
    [short, format!("{shorter}-{:08x}", entity.id.key)]
        .into_iter()
        .filter_map(|text| EndpointKey::try_from(text).ok())
        .find(|key| !taken.contains_key(key))
}

fn key_base(entity: &Listed, names: &DeviceNames) -> String {
    let kind = entity.id.kind.slug();
    let sub_device = names.sub_devices.get(&entity.id.device).map(String::as_str);
    let own = match (&entity.object_id, &entity.name) {
        (object_id, _) if !object_id.is_empty() => object_id,
        (_, name) if !name.is_empty() => name,
        _ => sub_device.unwrap_or(&names.own),
    };
    match sub_device {
        Some(sub_device) if sub_device != own => {
            format!("{kind}-{}-{}", slug(sub_device), slug(own))
        }
        _ => format!("{kind}-{}", slug(own)),
    }
}

/// ESPHome's own rule: lower case, and an underscore for all that is not a-z, 0-9, `-` or `_`.
fn slug(text: &str) -> String {
    let letter = |letter: char| match letter.to_ascii_lowercase() {
        it @ ('a'..='z' | '0'..='9' | '-' | '_') => it,
        _ => '_',
    };
    text.chars().take(64).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switch(key: u32, object_id: &str, name: &str, device_id: u32) -> Listed {
        Listed::read(Message::ListEntitiesSwitchResponse(proto::ListEntitiesSwitchResponse {
            object_id: object_id.to_owned(),
            key,
            name: name.to_owned(),
            device_id,
            ..Default::default()
        }))
        .unwrap()
    }

    fn keys(listed: Vec<Listed>) -> Vec<String> {
        let names = DeviceNames {
            own: "Test Rig".to_owned(),
            sub_devices: BTreeMap::from([(5, "Attic".to_owned())]),
        };
        name_all(listed, &names).into_iter().map(|(_, it, _)| it.key.as_str().to_owned()).collect()
    }

    #[test]
    fn a_key_is_made_of_the_object_id_or_else_of_the_name() {
        for (object_id, name, device, expected) in [
            ("relay_one", "Relay 1", 0, "switch-relay_one"),
            ("", "Relay 1", 0, "switch-relay_1"),
            ("", "Küche", 0, "switch-k_che"),
            ("", "", 0, "switch-test_rig"),
            ("", "Relay", 5, "switch-attic-relay"),
            ("", "", 5, "switch-attic"),
            ("", "Relay", 6, "switch-relay"),
        ] {
            assert_eq!(keys(vec![switch(1, object_id, name, device)]), [expected], "{name}");
        }
    }

    #[test]
    fn names_that_make_the_same_key_are_told_apart() {
        let listed = vec![switch(1, "", "温度", 0), switch(0xABCD, "", "湿度", 0)];
        assert_eq!(keys(listed), ["switch-__", "switch-__-0000abcd"]);
    }

    #[test]
    fn an_entity_that_is_listed_twice_is_one() {
        assert_eq!(keys(vec![switch(1, "", "A", 0), switch(1, "", "B", 0)]), ["switch-a"]);
    }

    #[test]
    fn a_very_long_name_still_makes_a_key() {
        let name = "n".repeat(300);
        let listed = vec![switch(1, "", &name, 0), switch(2, "", &name, 0)];
        let keys = keys(listed);
        assert_eq!(keys.len(), 2);
        assert!(keys.iter().all(|it| it.len() == 64), "{keys:?}");
    }

    #[test]
    fn what_is_off_by_default_is_no_everyday_matter() {
        assert_eq!(category(0, false), Category::Primary);
        assert_eq!(category(0, true), Category::Diagnostic);
        assert_eq!(category(1, true), Category::Config);
        assert_eq!(category(2, false), Category::Diagnostic);
    }
}

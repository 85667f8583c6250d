//! What there is and where: all that decides which tiles are shown in which order. Changes seldom.

use std::collections::BTreeMap;

use api::DeviceView;
use model::{Category, DeviceId, EndpointId, EndpointKind, RoleId, Room, RoomId};

/// The devices of the home and where their parts are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// By device, its parts in its own order.
    pub devices: BTreeMap<DeviceId, Vec<Part>>,
    /// By device, what it is called and where it is.
    pub places: BTreeMap<DeviceId, Place>,
    /// What fills each role.
    pub roles: BTreeMap<RoleId, EndpointId>,
}

/// What a device is called and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What it is called.
    pub name: String,
    /// The room it is in.
    pub room: Option<RoomId>,
}

/// A part of a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub id: EndpointId,
    /// What it is called.
    pub name: String,
    /// The role that it fills.
    pub role: RoleId,
    /// What it is.
    pub kind: EndpointKind,
    /// What it is for.
    pub category: Category,
    /// Where it works.
    pub room: Option<RoomId>,
    /// Shown among the favourites.
    pub favourite: bool,
}

/// Tiles that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The room; `None` for what is in no room.
    pub room: Option<Room>,
    /// Those that do something, by kind and name.
    pub tiles: Vec<EndpointId>,
    /// Sensors and buttons, by kind and name.
    pub sensors: Vec<EndpointId>,
}

impl Section {
    /// How much is in it.
    pub fn len(&self) -> usize {
        self.tiles.len() + self.sensors.len()
    }
}

/// The parts of a device, for [`Shape`].
pub(super) fn parts(device: &DeviceView) -> Vec<Part> {
    let part = |it: &api::EndpointView| Part {
        id: it.id.clone(),
        name: it.name.clone(),
        role: it.role.clone(),
        kind: it.kind,
        category: it.category,
        room: it.room.clone(),
        favourite: it.favourite,
    };
    device.endpoints.iter().map(part).collect()
}

impl Shape {
    /// Every part with a tile.
    pub fn primary(&self) -> impl Iterator<Item = &Part> {
        self.devices.values().flatten().filter(|it| it.category == Category::Primary)
    }

    /// A part, by its id.
    pub fn part(&self, id: &EndpointId) -> Option<&Part> {
        self.devices.get(&id.device)?.iter().find(|it| it.id == *id)
    }

    /// What fills a role, if anything does.
    pub fn filling(&self, role: &RoleId) -> Option<&Part> {
        self.part(self.roles.get(role)?)
    }

    /// The devices in a room, or in none, by name.
    pub fn devices_in(&self, room: Option<&RoomId>) -> Vec<DeviceId> {
        let mut devices: Vec<(&DeviceId, &Place)> =
            self.places.iter().filter(|(_, place)| place.room.as_ref() == room).collect();
        devices.sort_by_key(|(id, place)| (place.name.to_lowercase(), *id));
        devices.into_iter().map(|(id, _)| id.clone()).collect()
    }

    /// The favourites, by name.
    pub fn favourites(&self) -> Vec<EndpointId> {
        let mut parts: Vec<&Part> =
            self.devices.values().flatten().filter(|it| it.favourite).collect();
        parts.sort_by_key(|it| (it.name.to_lowercase(), it.id.clone()));
        parts.into_iter().map(|it| it.id.clone()).collect()
    }
}

/// The rooms in their order, each with its tiles; at the end what is in no room. Rooms without
/// tiles are there too, an empty "no room" is not.
pub fn sections(shape: &Shape, rooms: &[Room]) -> Vec<Section> {
    let mut by_room: BTreeMap<Option<&RoomId>, Vec<&Part>> = BTreeMap::new();
    for part in shape.primary() {
        let room = part.room.as_ref().filter(|id| rooms.iter().any(|it| it.id == **id));
        by_room.entry(room).or_default().push(part);
    }
    let mut sections: Vec<Section> = rooms
        .iter()
        .map(|room| {
            section(Some(room.clone()), by_room.remove(&Some(&room.id)).unwrap_or_default())
        })
        .collect();
    if let Some(homeless) = by_room.remove(&None) {
        sections.push(section(None, homeless));
    }
    sections
}

fn section(room: Option<Room>, mut parts: Vec<&Part>) -> Section {
    parts.sort_by_key(|it| (it.kind, it.name.to_lowercase(), it.id.clone()));
    let (sensors, tiles): (Vec<&Part>, Vec<&Part>) =
        parts.into_iter().partition(|it| is_small(it.kind));
    let ids = |parts: Vec<&Part>| parts.into_iter().map(|it| it.id.clone()).collect();
    Section { room, tiles: ids(tiles), sensors: ids(sensors) }
}

/// What has no state to change has a small tile.
fn is_small(kind: EndpointKind) -> bool {
    matches!(kind, EndpointKind::Sensor | EndpointKind::Button)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(id: &str, name: &str, kind: EndpointKind, room: Option<&str>) -> Part {
        Part {
            id: id.parse().unwrap(),
            name: name.to_owned(),
            role: RoleId::of(&id.parse().unwrap()),
            kind,
            category: Category::Primary,
            room: room.map(|it| it.parse().unwrap()),
            favourite: false,
        }
    }

    fn shape(parts: Vec<Part>) -> Shape {
        let mut shape = Shape::default();
        for part in parts {
            shape.devices.entry(part.id.device.clone()).or_default().push(part);
        }
        shape
    }

    fn room(id: &str) -> Room {
        Room { id: id.parse().unwrap(), name: id.to_owned().try_into().unwrap(), position: 0 }
    }

    fn names(ids: &[EndpointId]) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tiles_come_by_kind_and_name_and_sensors_apart() {
        let shape = shape(vec![
            part("a/temp", "Air", EndpointKind::Sensor, Some("bath")),
            part("b/plug", "Dryer", EndpointKind::Plug, Some("bath")),
            part("c/light", "mirror", EndpointKind::Light, Some("bath")),
            part("d/light", "Ceiling", EndpointKind::Light, Some("bath")),
        ]);
        let sections = sections(&shape, &[room("bath")]);
        assert_eq!(names(&sections[0].tiles), ["d/light", "c/light", "b/plug"]);
        assert_eq!(names(&sections[0].sensors), ["a/temp"]);
    }

    #[test]
    fn what_is_in_no_room_comes_last_and_only_if_there_is_any() {
        let kitchen = [room("kitchen")];
        let lamp = part("a/light", "Lamp", EndpointKind::Light, Some("gone"));
        let sections_with = sections(&shape(vec![lamp]), &kitchen);
        assert_eq!(sections_with.len(), 2);
        assert_eq!(sections_with[1].room, None);
        assert_eq!(sections(&Shape::default(), &kitchen).len(), 1);
    }

    #[test]
    fn the_devices_of_a_room_come_by_name() {
        let place = |name: &str, room: Option<&str>| Place {
            name: name.to_owned(),
            room: room.map(|it| it.parse().unwrap()),
        };
        let places = [
            ("a".parse().unwrap(), place("socket", Some("bath"))),
            ("b".parse().unwrap(), place("Mirror", Some("bath"))),
            ("c".parse().unwrap(), place("Lamp", None)),
        ];
        let shape = Shape { places: places.into(), ..Shape::default() };
        let bath = "bath".parse().unwrap();
        let names: Vec<String> =
            shape.devices_in(Some(&bath)).iter().map(ToString::to_string).collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(shape.devices_in(None).len(), 1);
    }

    #[test]
    fn settings_of_a_device_have_no_tile() {
        let mut setting = part("a/led", "Status light", EndpointKind::Light, None);
        setting.category = Category::Config;
        assert!(sections(&shape(vec![setting]), &[]).is_empty());
    }
}

//! The simulated home: who simulates it, and how it is furnished before its engine wakes up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use futures_util::future::BoxFuture;
use model::{
    Address, Change, DeviceDescription, DeviceId, DeviceRecord, Family, Home, Name, Person,
    PersonId, Place, Presence, PresenceSource, Room, RoomId, SavedHome, Secret, Timestamp, Zone,
};

/// Where the simulated home is: Berlin.
const LATITUDE: f64 = 52.5;
const LONGITUDE: f64 = 13.4;
const ZONE: &str = "Europe/Berlin";
/// Who lives there.
const PEOPLE: [&str; 2] = ["Ada", "Ben"];

/// Whoever can simulate a home: `simhome`, in a shell or daemon that offers it.
pub trait Simulator: fmt::Debug + Send + Sync {
    /// Starts that many devices on this machine's loopback. Errors are in words.
    fn start(&self, devices: usize) -> BoxFuture<'_, Result<Simulated, String>>;
}

/// A simulated home that runs.
pub struct Simulated {
    /// Its devices.
    pub devices: Vec<SimulatedDevice>,
    /// Dropped: they all stop.
    pub running: Box<dyn Send>,
}

impl fmt::Debug for Simulated {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Simulated").field("devices", &self.devices).finish_non_exhaustive()
    }
}

/// One simulated device.
#[derive(Debug, Clone)]
pub struct SimulatedDevice {
    /// Who it says it is.
    pub id: DeviceId,
    /// Which protocol it speaks.
    pub family: Family,
    /// Where it answers.
    pub address: Address,
    /// Its password or key, if it wants one.
    pub secret: Option<Secret>,
    /// What the simulated people call it.
    pub name: Option<Name>,
    /// The room they put it into.
    pub room: Option<Name>,
    /// It belongs to the simulated home from the start; the others are there to be found.
    pub known: bool,
}

/// Furnishes a simulated home: devices that are known come in, whatever is not simulated any more
/// goes, addresses are those of today. What its people have changed otherwise stays. Returns what
/// to write down, and does the same to `saved`.
pub(crate) fn furnish(
    saved: &mut SavedHome,
    devices: &[SimulatedDevice],
    now: Timestamp,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let fresh = saved.home.is_none();
    let simulated: BTreeMap<&DeviceId, &SimulatedDevice> =
        devices.iter().map(|device| (&device.id, device)).collect();
    saved.devices.retain(|record| {
        let stays = simulated.contains_key(&record.id);
        if !stays {
            changes.push(Change::DeviceGone(record.id.clone()));
        }
        stays
    });
    saved.reports.retain(|report| simulated.contains_key(&report.endpoint.device));
    for record in &mut saved.devices {
        if let Some(device) = simulated.get(&record.id).filter(|it| it.address != record.address) {
            record.address = device.address.clone();
            changes.push(Change::Device(Box::new(record.clone())));
        }
    }
    add_rooms(saved, devices, &mut changes);
    add_devices(saved, devices, now, &mut changes);
    if fresh {
        settle(saved, now, &mut changes);
    }
    changes
}

/// Somebody lives in the simulated home, and it is somewhere on Earth: so rules can follow the
/// sun and its people. It has no past but its own.
fn settle(saved: &mut SavedHome, now: Timestamp, changes: &mut Vec<Change>) {
    let home = Home {
        welcomed: true,
        place: Place::new(LATITUDE, LONGITUDE).ok(),
        zone: Zone::try_from(ZONE.to_owned()).ok(),
        ..Home::default()
    };
    saved.home = Some(home.clone());
    changes.push(Change::Home(home));
    for name in PEOPLE {
        let (Ok(id), Ok(spoken)) = (PersonId::try_from(name.to_lowercase()), Name::try_from(name))
        else {
            continue;
        };
        let presence = Presence { home: Some(true), since: now, by: PresenceSource::Person };
        let person = Person { id, name: spoken, phone: None, presence };
        saved.people.push(person.clone());
        changes.push(Change::Person(person));
    }
}

fn add_rooms(saved: &mut SavedHome, devices: &[SimulatedDevice], changes: &mut Vec<Change>) {
    let known: BTreeSet<DeviceId> = saved.devices.iter().map(|it| it.id.clone()).collect();
    let newcomers = devices.iter().filter(|it| it.known && !known.contains(&it.id));
    for name in newcomers.filter_map(|it| it.room.as_ref()) {
        if saved.rooms.iter().any(|room| room.name == *name) {
            continue;
        }
        let position = saved.rooms.iter().map(|room| room.position + 1).max().unwrap_or(0);
        let Some(id) = free_room_id(&saved.rooms) else { return };
        let room = Room { id, name: name.clone(), position };
        changes.push(Change::Room(room.clone()));
        saved.rooms.push(room);
    }
}

fn free_room_id(rooms: &[Room]) -> Option<RoomId> {
    (1..=rooms.len() + 1)
        .filter_map(|number| RoomId::try_from(format!("room-{number}")).ok())
        .find(|id| rooms.iter().all(|room| room.id != *id))
}

fn add_devices(
    saved: &mut SavedHome,
    devices: &[SimulatedDevice],
    now: Timestamp,
    changes: &mut Vec<Change>,
) {
    let known: BTreeSet<DeviceId> = saved.devices.iter().map(|it| it.id.clone()).collect();
    for device in devices.iter().filter(|it| it.known && !known.contains(&it.id)) {
        let room = device.room.as_ref().and_then(|name| {
            saved.rooms.iter().find(|room| room.name == *name).map(|room| room.id.clone())
        });
        let record = DeviceRecord {
            id: device.id.clone(),
            family: device.family,
            address: device.address.clone(),
            description: blank(),
            name: device.name.clone(),
            room,
            endpoints: BTreeMap::new(),
            added_at: now,
        };
        changes.push(Change::Device(Box::new(record.clone())));
        saved.devices.push(record);
    }
}

/// It has not said anything of itself yet.
fn blank() -> DeviceDescription {
    DeviceDescription { name: None, vendor: None, model: None, firmware: None, endpoints: vec![] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str, port: u16, room: Option<&str>, known: bool) -> SimulatedDevice {
        SimulatedDevice {
            id: id.parse().unwrap(),
            family: Family::Shelly,
            address: format!("127.0.0.1:{port}").parse().unwrap(),
            secret: None,
            name: None,
            room: room.map(|it| it.try_into().unwrap()),
            known,
        }
    }

    #[test]
    fn known_devices_come_with_their_rooms_and_the_others_are_left_to_be_found() {
        let mut saved = SavedHome::default();
        let devices = [
            device("shelly-1", 1, Some("Hall"), true),
            device("shelly-2", 2, Some("Hall"), true),
            device("shelly-3", 3, Some("Attic"), false),
        ];
        let changes = furnish(&mut saved, &devices, Timestamp(7));
        assert_eq!(saved.rooms.len(), 1);
        assert_eq!(saved.devices.len(), 2);
        assert!(saved.devices.iter().all(|it| it.room == Some(saved.rooms[0].id.clone())));
        assert_eq!(changes.len(), 6, "a room, two devices, the home, two people");
        assert!(saved.home.as_ref().is_some_and(|it| it.place.is_some() && it.zone.is_some()));
        assert_eq!(saved.people.len(), PEOPLE.len());
    }

    #[test]
    fn a_second_visit_finds_new_addresses_and_keeps_what_people_have_changed() {
        let mut saved = SavedHome::default();
        furnish(&mut saved, &[device("shelly-1", 1, None, true)], Timestamp(7));
        saved.devices[0].name = Some("Lamp".try_into().unwrap());
        let devices = [device("shelly-1", 9, Some("Hall"), true)];
        let changes = furnish(&mut saved, &devices, Timestamp(8));
        assert_eq!(saved.devices[0].address.port(), 9);
        assert_eq!(saved.devices[0].name.as_ref().unwrap().as_str(), "Lamp");
        assert!(saved.rooms.is_empty());
        assert_eq!(changes, [Change::Device(Box::new(saved.devices[0].clone()))]);
        assert!(furnish(&mut saved, &devices, Timestamp(9)).is_empty());
    }

    #[test]
    fn what_is_not_simulated_any_more_is_gone() {
        let mut saved = SavedHome::default();
        furnish(&mut saved, &[device("shelly-1", 1, None, true)], Timestamp(7));
        let changes = furnish(&mut saved, &[], Timestamp(8));
        assert!(saved.devices.is_empty());
        assert_eq!(changes, [Change::DeviceGone("shelly-1".parse().unwrap())]);
    }
}

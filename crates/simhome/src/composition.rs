//! The home that is simulated: which devices stand in which room. The same for the same seed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{DeviceId, Family, IdError, Name, Secret};
use sha2::{Digest as _, Sha256};

use crate::core::Identity;
use crate::{EsphomeProduct, ShellyProduct, WledProduct};

/// The password of the one device that is found and wants one: the dishwasher.
pub const PASSWORD: &str = "sesame";

/// In a large home, each room comes this many times at most ("Kitchen", "Kitchen 2", …).
const FLOORS: usize = 5;

/// What a device is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Product {
    Shelly { product: ShellyProduct, watts: f64, outputs: &'static [&'static str] },
    Wled(WledProduct),
    Esphome(EsphomeProduct),
}

/// What it wants before it talks.
#[derive(Debug, Clone, Copy)]
enum Lock {
    Open,
    Password(&'static str),
    NoiseKey,
}

/// One line of the furniture list.
#[derive(Debug, Clone, Copy)]
struct Place {
    name: &'static str,
    room: &'static str,
    product: Product,
    lock: Lock,
}

/// Who stands where, ready to be made.
#[derive(Debug)]
pub(crate) struct Blueprint {
    pub(crate) who: Identity,
    pub(crate) product: Product,
}

const fn shelly(
    room: &'static str,
    name: &'static str,
    product: ShellyProduct,
    watts: f64,
    outputs: &'static [&'static str],
) -> Place {
    Place { name, room, product: Product::Shelly { product, watts, outputs }, lock: Lock::Open }
}

const fn wled(room: &'static str, name: &'static str, product: WledProduct) -> Place {
    Place { name, room, product: Product::Wled(product), lock: Lock::Open }
}

const fn esphome(room: &'static str, name: &'static str, product: EsphomeProduct) -> Place {
    Place { name, room, product: Product::Esphome(product), lock: Lock::Open }
}

const fn locked(mut place: Place, lock: Lock) -> Place {
    place.lock = lock;
    place
}

/// What a home has when it is new: known, and in its room.
const FURNITURE: [Place; 14] = [
    shelly("Living room", "Ceiling light", ShellyProduct::DimmerGen3, 42.0, &[]),
    wled("Living room", "TV backlight", WledProduct::Strip),
    shelly("Living room", "Blinds", ShellyProduct::Cover2PmGen3, 120.0, &[]),
    shelly("Kitchen", "Coffee machine", ShellyProduct::PlusPlugS, 1180.0, &[]),
    esphome("Kitchen", "Air quality", EsphomeProduct::AirQuality),
    esphome("Bedroom", "Radiator", EsphomeProduct::Thermostat),
    shelly("Bedroom", "Reading light", ShellyProduct::Plus1Pm, 9.0, &[]),
    esphome("Bathroom", "Climate", EsphomeProduct::Climate),
    locked(esphome("Hallway", "Front door", EsphomeProduct::Door), Lock::NoiseKey),
    esphome("Hallway", "Motion sensor", EsphomeProduct::Presence),
    shelly(
        "Office",
        "Power strip",
        ShellyProduct::Pro4Pm,
        35.0,
        &["Monitor", "Printer", "Desk lamp", "Charger"],
    ),
    esphome("Office", "Desk lamp", EsphomeProduct::Lamp),
    shelly("Garden", "Fountain", ShellyProduct::Mini1Gen4, 30.0, &[]),
    esphome("Garden", "Irrigation", EsphomeProduct::Irrigation),
];

/// What is on the network and nobody has added yet.
const STRANGERS: [Place; 4] = [
    locked(
        shelly("Kitchen", "Dishwasher", ShellyProduct::PlusPlugS, 1900.0, &[]),
        Lock::Password(PASSWORD),
    ),
    wled("Living room", "Shelf light", WledProduct::Segments),
    esphome("Bedroom", "Curtains", EsphomeProduct::Curtains),
    esphome("Office", "Window", EsphomeProduct::Window),
];

/// How many devices of a home of that size are found rather than known.
pub(crate) fn usual_strangers(devices: usize) -> usize {
    (devices / 4).min(STRANGERS.len())
}

/// Draws a home of that many devices, of which `strangers` are not known: those come last.
pub(crate) fn draw(devices: usize, strangers: usize, seed: u64) -> Result<Vec<Blueprint>, IdError> {
    let known = devices.saturating_sub(strangers);
    let furniture = (0..known)
        .map(|index| (index, &FURNITURE[index % FURNITURE.len()], index / FURNITURE.len()));
    let found = (known..devices).map(|index| {
        let place = index - known;
        (index, &STRANGERS[place % STRANGERS.len()], place / STRANGERS.len())
    });
    let draw = |(index, place, round): (usize, &Place, usize)| {
        blueprint(place, index, round, index < known, seed)
    };
    furniture.chain(found).map(draw).collect()
}

fn blueprint(
    place: &Place,
    index: usize,
    round: usize,
    known: bool,
    seed: u64,
) -> Result<Blueprint, IdError> {
    let family = place.product.family();
    let mac = mac(family, index, seed);
    let who = Identity {
        id: DeviceId::from_mac(family.slug(), &mac)?,
        family,
        name: numbered(place.name, round),
        room: known.then(|| numbered(place.room, round % FLOORS)),
        secret: place.lock.secret(&mac),
        known,
        mac,
    };
    Ok(Blueprint { who, product: place.product })
}

impl Product {
    fn family(self) -> Family {
        match self {
            Self::Shelly { .. } => Family::Shelly,
            Self::Wled(_) => Family::Wled,
            Self::Esphome(_) => Family::Esphome,
        }
    }
}

impl Lock {
    fn secret(self, mac: &str) -> Option<Secret> {
        match self {
            Self::Open => None,
            Self::Password(password) => Some(Secret::new(password.to_owned())),
            Self::NoiseKey => {
                let key = Sha256::digest(format!("simulated {mac}"));
                Some(Secret::new(STANDARD.encode(key)))
            }
        }
    }
}

/// A MAC that no other device of the home has: the place in the home, stirred.
fn mac(family: Family, index: usize, seed: u64) -> String {
    let vendor = match family {
        Family::Shelly => "a8032a",
        Family::Wled => "8813bf",
        Family::Esphome => "7cdfa1",
    };
    // An odd factor modulo a power of two maps no two places on one.
    let place = (index as u64).wrapping_add(seed).wrapping_add(1);
    let stirred = place.wrapping_mul(0x9E37_79B1) & 0x00FF_FFFF;
    format!("{vendor}{stirred:06x}")
}

fn numbered(name: &'static str, round: usize) -> Name {
    let text = if round == 0 { name.to_owned() } else { format!("{name} {}", round + 1) };
    let name = Name::lossy(&text);
    #[expect(clippy::expect_used, reason = "the names above are visible and short")]
    name.expect("a name")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_home_is_the_same_each_time() {
        let names = |seed| -> Vec<String> {
            let home = draw(40, 4, seed).unwrap();
            home.iter().map(|it| format!("{} {}", it.who.id, it.who.name)).collect()
        };
        assert_eq!(names(1), names(1));
        assert_ne!(names(1), names(2));
    }

    #[test]
    fn no_two_devices_are_the_same() {
        let home = draw(5000, 4, 9).unwrap();
        let ids: BTreeSet<_> = home.iter().map(|it| it.who.id.clone()).collect();
        let names: BTreeSet<_> = home.iter().map(|it| it.who.name.clone()).collect();
        // "Desk lamp" is one of one room and an output of another: devices alone differ.
        assert_eq!((ids.len(), names.len()), (5000, 5000));
    }

    #[test]
    fn the_usual_home_has_rooms_and_strangers() {
        let home = draw(18, usual_strangers(18), 0).unwrap();
        assert_eq!(home.iter().filter(|it| it.who.known).count(), 14);
        assert!(home.iter().all(|it| it.who.known == it.who.room.is_some()));
        let rooms: BTreeSet<_> = home.iter().filter_map(|it| it.who.room.clone()).collect();
        assert_eq!(rooms.len(), 7);
        let password =
            |it: &Blueprint| it.who.secret.as_ref().is_some_and(|it| it.expose() == PASSWORD);
        assert_eq!(home.iter().filter(|it| !it.who.known && password(it)).count(), 1);
    }

    #[test]
    fn a_large_home_has_a_bearable_number_of_rooms() {
        let home = draw(1000, 0, 0).unwrap();
        let rooms: BTreeSet<_> = home.iter().filter_map(|it| it.who.room.clone()).collect();
        assert_eq!(rooms.len(), 35);
    }
}

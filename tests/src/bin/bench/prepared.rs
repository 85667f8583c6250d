//! Homes made ready before anything is measured: through the store, as a hub would have left them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use model::{
    Address, Category, Celsius, Change, DeviceDescription, DeviceId, DeviceRecord,
    EndpointDescription, EndpointId, EndpointKind, Family, KilowattHour, LastReport, Name, Percent,
    PowerReading, RelativeHumidity, Room, Spec, Timestamp, Value, Watt,
};
use serde_json::Value as Json;
use store::Store;

/// When everything in these homes was last heard of: in November 2026.
const THEN: Timestamp = Timestamp(1_795_000_000_000);
const ROOMS: usize = 35;

/// Makes a home that knows `devices` devices in full, none of which can be reached.
pub(crate) fn known_home(home: &Path, devices: usize) -> Result<()> {
    let mut changes = vec![Change::Home(model::Home { welcomed: true, ..model::Home::default() })];
    for number in 0..ROOMS {
        changes.push(Change::Room(Room {
            id: format!("room-{number}").as_str().try_into()?,
            name: Name::try_from(format!("Room {number}").as_str())?,
            position: u32::try_from(number)?,
        }));
    }
    for number in 0..devices {
        let record = record(number)?;
        for part in &record.description.endpoints {
            for spec in &part.specs {
                let endpoint = EndpointId::new(record.id.clone(), part.key.clone());
                let value = value(spec).context("a value of this spec")?;
                changes.push(Change::Reported(LastReport {
                    endpoint,
                    value,
                    at: THEN,
                    since: THEN,
                    origin: model::Origin::Unknown,
                }));
            }
        }
        changes.push(Change::Device(Box::new(record)));
    }
    write(home, changes)
}

/// Makes a home that knows these devices of `simhome` by address, as if they had been added and
/// never met since. Gives how many: those that want a password are left out.
pub(crate) fn met_home(home: &Path, devices: &[Json], most: usize) -> Result<usize> {
    let mut changes = vec![Change::Home(model::Home { welcomed: true, ..model::Home::default() })];
    for device in devices.iter().filter(|it| it["secret"].is_null()).take(most) {
        let text = |field: &str| device[field].as_str().context("a text");
        let (family, address) = (text("family")?.parse()?, text("address")?.parse()?);
        changes.push(stranger(text("id")?.parse()?, family, address));
    }
    let count = changes.len() - 1;
    write(home, changes)?;
    Ok(count)
}

/// A device of which nothing is known but who and where it is.
pub(crate) fn stranger(id: DeviceId, family: Family, address: Address) -> Change {
    let description = DeviceDescription {
        name: None,
        vendor: None,
        model: None,
        firmware: None,
        endpoints: Vec::new(),
    };
    Change::Device(Box::new(in_the_home(id, family, address, description)))
}

/// Writes it down, and waits until it is on the disk.
pub(crate) fn write(home: &Path, changes: Vec<Change>) -> Result<()> {
    let store = Store::open(home, THEN)?.store;
    let (done, outcome) = std::sync::mpsc::channel();
    let written = store.write(changes, Box::new(move |it| drop(done.send(it))));
    anyhow::ensure!(written.is_ok(), "the store has no room");
    outcome.recv().context("the store gives no answer")??;
    store.close()();
    Ok(())
}

fn in_the_home(
    id: DeviceId,
    family: Family,
    address: Address,
    description: DeviceDescription,
) -> DeviceRecord {
    DeviceRecord {
        id,
        family,
        address,
        description,
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: THEN,
    }
}

/// One of four kinds in turn: a plug, a strip of four outlets, a light strip, a climate sensor.
/// Nobody listens at its address.
fn record(number: usize) -> Result<DeviceRecord> {
    let (family, model, endpoints) = match number % 4 {
        0 => (Family::Shelly, "Plus Plug S", vec![outlet(0)?]),
        1 => (Family::Shelly, "Pro 4PM", (0..4).map(outlet).collect::<Result<_>>()?),
        2 => (Family::Wled, "ESP32", vec![strip()?]),
        _ => (Family::Esphome, "esp32dev", climate()?),
    };
    let id = DeviceId::from_mac(family.slug(), &format!("{number:012x}"))?;
    let address = format!("127.7.{}.{}:80", number / 250, number % 250 + 1).parse()?;
    let description = DeviceDescription {
        name: Name::lossy(&format!("{model} {number}")),
        vendor: Name::lossy(family.title()),
        model: Name::lossy(model),
        firmware: Name::lossy("1.7.1"),
        endpoints,
    };
    let mut record = in_the_home(id, family, address, description);
    record.room = Some(format!("room-{}", number % ROOMS).as_str().try_into()?);
    Ok(record)
}

fn outlet(number: usize) -> Result<EndpointDescription> {
    part(
        &format!("switch-{number}"),
        EndpointKind::Plug,
        vec![Spec::OnOff, Spec::ElectricalPower, Spec::ElectricalEnergy],
    )
}

/// With as many effects and palettes as WLED has.
fn strip() -> Result<EndpointDescription> {
    let names = |kind: &str, count: usize| (0..count).map(|it| format!("{kind} {it}")).collect();
    part(
        "light-0",
        EndpointKind::Light,
        vec![
            Spec::OnOff,
            Spec::Level,
            Spec::LightEffect(names("Effect", 187)),
            Spec::LightPalette(names("Palette", 71)),
        ],
    )
}

fn climate() -> Result<Vec<EndpointDescription>> {
    let sensor = |key: &str, spec: Spec| part(key, EndpointKind::Sensor, vec![spec]);
    Ok(vec![
        sensor("sensor-temperature", Spec::TemperatureMeasurement)?,
        sensor("sensor-humidity", Spec::RelativeHumidityMeasurement)?,
        sensor("sensor-uptime", Spec::GenericMeasurement { unit: "s".to_owned() })?,
        sensor("sensor-wifi_signal", Spec::GenericMeasurement { unit: "dBm".to_owned() })?,
    ])
}

fn part(key: &str, kind: EndpointKind, specs: Vec<Spec>) -> Result<EndpointDescription> {
    let name = Name::lossy(key);
    Ok(EndpointDescription { key: key.parse()?, name, kind, category: Category::Primary, specs })
}

fn value(spec: &Spec) -> Option<Value> {
    Some(match spec {
        Spec::OnOff => Value::OnOff(true),
        Spec::Level => Value::Level(Percent::of(60.0, 100.0)),
        Spec::LightEffect(names) => Value::LightEffect(names.first()?.clone()),
        Spec::LightPalette(names) => Value::LightPalette(names.first()?.clone()),
        Spec::ElectricalPower => {
            let power = Watt::clamped(42.5);
            Value::ElectricalPower(PowerReading { power, voltage: None, current: None })
        }
        Spec::ElectricalEnergy => Value::ElectricalEnergy(KilowattHour::clamped(12.3)),
        Spec::TemperatureMeasurement => Value::TemperatureMeasurement(Celsius::clamped(21.4)),
        Spec::RelativeHumidityMeasurement => {
            Value::RelativeHumidityMeasurement(RelativeHumidity::clamped(48.0))
        }
        Spec::GenericMeasurement { .. } => Value::GenericMeasurement(-61.0),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prepared_home_is_read_back_in_full() {
        let directory = tempfile::tempdir().unwrap();
        known_home(directory.path(), 40).unwrap();
        let saved = Store::open(directory.path(), THEN).unwrap().saved;
        assert_eq!((saved.devices.len(), saved.rooms.len()), (40, ROOMS));
        // Ten times each kind: 3, 12, 4 and 4 capabilities.
        assert_eq!(saved.reports.len(), 230);
    }
}

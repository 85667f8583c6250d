//! The devices of the home, what they can do, and what they do.

use std::collections::BTreeMap;

use api::{HubStatus, Vault};
use model::rule::RuleBody;
use model::{
    Action, BooleanMeaning, Category, DeviceDescription, DeviceId, DeviceRecord,
    EndpointDescription, EndpointId, EndpointKey, EndpointKind, Family, LockState, Percent, RoleId,
    Spec, Timestamp, Value, Zone,
};

pub(crate) const PLUG: &str = "shelly-plug/switch-0";
pub(crate) const RELAY: &str = "shelly-relay/switch-0";
pub(crate) const LAMP: &str = "wled-lamp/light-0";
pub(crate) const LOCK: &str = "esphome-box/lock";
pub(crate) const BELL: &str = "esphome-box/bell";
pub(crate) const MOTION: &str = "esphome-eyes/motion";
pub(crate) const DOOR: &str = "esphome-eyes/door";
pub(crate) const WARM: &str = "esphome-eyes/warm";
pub(crate) const BUTTON: &str = "esphome-eyes/button";

/// The devices, each with its parts.
pub(crate) const DEVICES: [&str; 5] =
    ["shelly-plug", "shelly-relay", "wled-lamp", "esphome-box", "esphome-eyes"];

pub(crate) fn endpoint(text: &str) -> EndpointId {
    text.parse().expect("an endpoint id")
}

pub(crate) fn device(text: &str) -> DeviceId {
    text.parse().expect("a device id")
}

/// The role that an endpoint fills from its first day on.
pub(crate) fn role(text: &str) -> RoleId {
    RoleId::of(&endpoint(text))
}

fn part(key: &str, kind: EndpointKind, specs: Vec<Spec>) -> EndpointDescription {
    let key = key.parse().expect("an endpoint key");
    EndpointDescription { key, name: None, kind, category: Category::Primary, specs }
}

fn parts(device: &str) -> Vec<EndpointDescription> {
    match device {
        "shelly-plug" | "shelly-relay" => {
            vec![part("switch-0", EndpointKind::Plug, vec![Spec::OnOff])]
        }
        "wled-lamp" => vec![part("light-0", EndpointKind::Light, vec![Spec::OnOff, Spec::Level])],
        "esphome-box" => vec![
            part("lock", EndpointKind::Lock, vec![Spec::DoorLock]),
            part("bell", EndpointKind::Button, vec![Spec::Momentary]),
        ],
        _ => vec![
            part("motion", EndpointKind::Sensor, vec![Spec::OccupancySensing]),
            part("door", EndpointKind::Sensor, vec![Spec::BooleanState(BooleanMeaning::Open)]),
            part("warm", EndpointKind::Sensor, vec![Spec::TemperatureMeasurement]),
            part("button", EndpointKind::Button, vec![Spec::Button]),
        ],
    }
}

pub(crate) fn records() -> Vec<DeviceRecord> {
    let record = |id: &str| DeviceRecord {
        id: device(id),
        family: Family::Shelly,
        address: "10.0.0.1:80".parse().expect("an address"),
        description: DeviceDescription {
            name: None,
            vendor: None,
            model: None,
            firmware: None,
            endpoints: parts(id),
        },
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: Timestamp(0),
    };
    DEVICES.into_iter().map(record).collect()
}

/// What every endpoint says at first.
pub(crate) fn values() -> BTreeMap<EndpointId, Vec<Value>> {
    let warm = model::Celsius::try_from(20.0).expect("a temperature");
    [
        (PLUG, vec![Value::OnOff(false)]),
        (RELAY, vec![Value::OnOff(false)]),
        (LAMP, vec![Value::OnOff(false), Value::Level(Percent::FULL)]),
        (LOCK, vec![Value::DoorLock(LockState::Locked)]),
        (MOTION, vec![Value::OccupancySensing(false)]),
        (DOOR, vec![Value::BooleanState(false)]),
        (WARM, vec![Value::TemperatureMeasurement(warm)]),
    ]
    .map(|(it, values)| (endpoint(it), values))
    .into()
}

/// What endpoints say once an action was done; nothing for what has no state.
pub(crate) fn done(action: &Action) -> Vec<Value> {
    match action {
        Action::SetOnOff(on) => vec![Value::OnOff(*on)],
        Action::SetLevel(level) => vec![Value::OnOff(true), Value::Level(*level)],
        Action::SetLocked(true) => vec![Value::DoorLock(LockState::Locked)],
        Action::SetLocked(false) => vec![Value::DoorLock(LockState::Unlocked)],
        _ => Vec::new(),
    }
}

/// Takes what an endpoint says in among what it said; whether that is anything new.
pub(crate) fn change(values: &mut Vec<Value>, value: Value) -> bool {
    let capability = value.capability();
    match values.iter_mut().find(|it| it.capability() == capability) {
        Some(place) => std::mem::replace(place, value.clone()) != value,
        None => {
            values.push(value);
            true
        }
    }
}

/// All that a device says.
pub(crate) fn snapshot(
    values: &BTreeMap<EndpointId, Vec<Value>>,
    device: &DeviceId,
) -> Vec<(EndpointKey, Value)> {
    let of_device = values.iter().filter(|(it, _)| it.device == *device);
    let said = of_device.flat_map(|(it, values)| values.iter().map(move |value| (it, value)));
    said.map(|(it, value)| (it.key.clone(), value.clone())).collect()
}

pub(crate) fn status(zone: &str) -> HubStatus {
    HubStatus {
        sandbox: false,
        sandbox_offered: true,
        discovering: true,
        vault: Vault::Keyring,
        zone: Zone::try_from(zone.to_owned()).expect("a zone"),
        webhooks: Vec::new(),
    }
}

/// A rule as people write it, with the endpoints' names in place of roles: `@wled-lamp/light-0`.
pub(crate) fn body(json: &str) -> RuleBody {
    let mut text = json.to_owned();
    for it in [PLUG, RELAY, LAMP, LOCK, BELL, MOTION, DOOR, WARM, BUTTON] {
        text = text.replace(&format!("\"@{it}\""), &format!("{{\"role\":\"{}\"}}", role(it)));
    }
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

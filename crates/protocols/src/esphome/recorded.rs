//! What ESPHome 2026.6.5's own firmware (`tests/esphome-host/device.yaml`) said, read again; and
//! what is left of it when it is damaged.

use model::{DeviceDescription, Secret, Source, Value};
use proptest::prelude::*;

use super::*;

const HELLO: &[u8] = include_bytes!("fixtures/hello.bin");
const DEVICE_INFO: &[u8] = include_bytes!("fixtures/device_info.bin");
const ENTITIES: &[u8] = include_bytes!("fixtures/entities.bin");
const STATES: &[u8] = include_bytes!("fixtures/states.bin");
const PUSHED: &[u8] = include_bytes!("fixtures/pushed.bin");
const REFUSAL: &[u8] = include_bytes!("fixtures/refusal.bin");

fn session() -> Session {
    Session::new(Some("esphome-024854524947".parse().unwrap()), None, [0; 32])
}

fn heard(parts: &[&[u8]]) -> Vec<Event> {
    let (mut session, mut events) = (session(), Vec::new());
    for part in parts {
        session.receive(part, &mut events).unwrap();
    }
    events
}

fn description(events: &[Event]) -> &DeviceDescription {
    let described = events.iter().find_map(|event| match event {
        Event::Described(description) => Some(description),
        _ => None,
    });
    described.expect("no description")
}

#[test]
fn the_recorded_firmware_is_described() {
    let events = heard(&[HELLO, DEVICE_INFO, ENTITIES]);
    let description = description(&events);
    assert_eq!(description.name.as_ref().unwrap().as_str(), "Test Rig");
    let firmware = description.firmware.as_ref().unwrap().as_str();
    assert_eq!(firmware, "7.1 (ESPHome 2026.6.5)");
    // 28 entities were listed; a text sensor is not read.
    assert_eq!(description.endpoints.len(), 27);
}

#[test]
fn the_recorded_states_are_read() {
    let events = heard(&[HELLO, DEVICE_INFO, ENTITIES, STATES]);
    let Some(Event::Values(Source::Polled, values)) =
        events.iter().find(|it| matches!(it, Event::Values(Source::Polled, _)))
    else {
        panic!("{events:?}");
    };
    let value = |key: &str| values.iter().find(|it| it.0.as_str() == key).map(|it| it.1.clone());
    let boiler = model::Celsius::clamped(60.0);
    assert_eq!(value("sensor-boiler"), Some(Value::TemperatureMeasurement(boiler)));
    let energy = model::KilowattHour::clamped(12.5);
    assert_eq!(value("sensor-energy"), Some(Value::ElectricalEnergy(energy)));
    assert_eq!(value("sensor-never_measured"), None);
    assert_eq!(value("binary_sensor-hall_motion"), None);
    assert_eq!(value("binary_sensor-garden_gate"), Some(Value::BooleanState(true)));
}

#[test]
fn the_recorded_pushes_are_read() {
    let events = heard(&[HELLO, DEVICE_INFO, ENTITIES, STATES, PUSHED]);
    let relay = ("switch-relay".parse().unwrap(), Value::OnOff(true));
    let pushed = |event: &Event| matches!(event, Event::Values(Source::Pushed, values) if values.contains(&relay));
    assert!(events.iter().any(pushed), "{events:?}");
}

#[test]
fn the_recorded_refusal_of_encryption_is_understood() {
    let key = Secret::new("CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=".to_owned());
    let mut session = Session::new(None, Some(&key), [0; 32]);
    let ending = session.receive(REFUSAL, &mut Vec::new()).unwrap_err();
    assert!(matches!(ending, Ending::Garbage(words) if words.contains("does not encrypt")));
}

proptest! {
    #[test]
    fn no_bytes_make_a_session_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        drop(session().receive(&bytes, &mut Vec::new()));
        let key = Secret::new("CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=".to_owned());
        drop(Session::new(None, Some(&key), [0; 32]).receive(&bytes, &mut Vec::new()));
    }

    #[test]
    fn no_damage_to_a_recording_makes_a_session_panic(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = [HELLO, DEVICE_INFO, ENTITIES, STATES, PUSHED].concat();
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        let (head, tail) = bytes.split_at(cut.index(bytes.len()));
        let (mut session, mut events) = (session(), Vec::new());
        drop(session.receive(head, &mut events));
        drop(session.receive(tail, &mut events));
    }

    #[test]
    fn no_body_makes_a_message_panic(
        kind in 0_u32..70,
        body in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        drop(Message::decode(kind, &body));
    }
}

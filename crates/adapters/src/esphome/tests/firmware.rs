//! Against ESPHome's own firmware, built for its `host` platform by `tests/esphome-host/build.sh`
//! and running somewhere: `HEARTH_ESPHOME_HOST=ADDRESS:PORT` tells where.

use super::*;

const DEVICE: &str = "esphome-024854524947";

fn firmware() -> Option<Address> {
    let Ok(address) = std::env::var("HEARTH_ESPHOME_HOST") else {
        println!(
            "SKIPPED: no ESPHome firmware to test against. Start what \
             tests/esphome-host/build.sh builds, in a network namespace, and set \
             HEARTH_ESPHOME_HOST=ADDRESS:PORT."
        );
        return None;
    };
    Some(address.parse().expect("HEARTH_ESPHOME_HOST is no address"))
}

#[tokio::test]
async fn the_vendors_firmware_is_recognised() {
    let Some(address) = firmware() else { return };
    let probed = probe(&address, None).await.unwrap();
    assert_eq!(probed.device.as_str(), DEVICE);
    let description = probed.description;
    println!("{description:#?}");
    assert_eq!(description.name.unwrap().as_str(), "Test Rig");
    assert_eq!(description.vendor.unwrap().as_str(), "hearth");
    assert_eq!(description.model.unwrap().as_str(), "test-rig");
    let keys: Vec<_> = description.endpoints.iter().map(|it| it.key.as_str()).collect();
    for key in ["switch-relay", "light-mood_light", "sensor-wi-fi_signal", "climate-office"] {
        assert!(keys.contains(&key), "{key} is not among {keys:?}");
    }
}

#[tokio::test]
async fn the_vendors_firmware_does_what_it_is_asked() {
    let Some(address) = firmware() else { return };
    let device: DeviceId = DEVICE.parse().unwrap();
    let mut driven = Driven::start(&device, address, None);
    driven.described().await;
    let percent = |it: u8| it.try_into().unwrap();
    let celsius = |it: f64| model::Celsius::try_from(it).ok();
    let wishes = [
        ("switch-relay", Action::SetOnOff(true)),
        ("switch-relay", Action::SetOnOff(false)),
        ("light-reading_lamp", Action::SetLevel(percent(37))),
        ("light-reading_lamp", Action::SetOnOff(false)),
        ("light-mood_light", Action::SetColor(Color::from_rgb([20, 200, 90]))),
        ("light-mood_light", Action::SetEffect("Wander".to_owned())),
        ("light-mood_light", Action::SetEffect("None".to_owned())),
        ("light-ceiling", Action::SetColor(Color::Temperature(model::Kelvin::clamped(3_200.0)))),
        ("fan-ventilator", Action::SetLevel(percent(33))),
        ("fan-ventilator", Action::SetOnOff(false)),
        ("cover-blind", Action::MoveCover(CoverMove::To(percent(40)))),
        ("cover-garage", Action::MoveCover(CoverMove::Open)),
        ("cover-garage", Action::MoveCover(CoverMove::Close)),
        ("lock-front_door", Action::SetLocked(true)),
        ("lock-front_door", Action::SetLocked(false)),
        ("number-hold_time", Action::SetNumber(12.5)),
        ("select-programme", Action::SelectMode("Eco".to_owned())),
        (
            "climate-living_room",
            Action::SetThermostat(ThermostatChange {
                heating_setpoint: celsius(22.5),
                ..Default::default()
            }),
        ),
        (
            "climate-living_room",
            Action::SetThermostat(ThermostatChange {
                mode: Some(model::ThermostatMode::Off),
                ..Default::default()
            }),
        ),
        (
            "climate-office",
            Action::SetThermostat(ThermostatChange {
                mode: Some(model::ThermostatMode::Auto),
                heating_setpoint: celsius(18.0),
                cooling_setpoint: celsius(26.0),
            }),
        ),
    ];
    for (number, (endpoint, action)) in wishes.into_iter().enumerate() {
        let id = format!("wish-{number}");
        driven.ask(&id, endpoint, action.clone()).await;
        let sent = progress(&id, Progress::Sent);
        driven.until(|report| (*report == sent).then_some(())).await;
        let value = driven.confirmed(endpoint, &action).await;
        println!("{endpoint}: {action:?} -> {value:?}");
    }
    assert_eq!(driven.end().await, Cause::NoAnswer);
}

#[tokio::test]
async fn pressing_the_vendors_button_is_acknowledged_and_seen() {
    let Some(address) = firmware() else { return };
    let mut driven = Driven::start(&DEVICE.parse().unwrap(), address, None);
    driven.described().await;
    let echo = |report: &Report| match report {
        Report::Values(_, values) => values.iter().find_map(|(key, value)| match value {
            Value::OnOff(on) if key.as_str() == "switch-chime_echo" => Some(*on),
            _ => None,
        }),
        _ => None,
    };
    let before = driven.until(echo).await;
    driven.ask("press", "button-chime", Action::Press).await;
    let done = progress("press", Progress::Acknowledged);
    driven.until(|report| (*report == done).then_some(())).await;
    assert_eq!(driven.until(echo).await, !before);
    driven.end().await;
}

#[tokio::test]
async fn the_vendors_firmware_tells_all_its_states_when_asked_again() {
    let Some(address) = firmware() else { return };
    let mut driven = Driven::start(&DEVICE.parse().unwrap(), address, None);
    driven.described().await;
    let mut polled = |report: &Report| match report {
        Report::Values(Source::Polled, values) => {
            values.iter().any(|(key, _)| key.as_str() == "lock-front_door").then_some(())
        }
        _ => None,
    };
    driven.until(&mut polled).await;
    driven.orders.send(Order::Refresh).await.unwrap();
    driven.until(&mut polled).await;
    driven.end().await;
}

#[tokio::test]
async fn the_vendors_firmware_is_not_taken_for_another_device() {
    let Some(address) = firmware() else { return };
    let other: DeviceId = "esphome-000000000001".parse().unwrap();
    let mut driven = Driven::start(&other, address, None);
    let found = DEVICE.parse().unwrap();
    assert_eq!(driven.cause().await, Cause::WrongIdentity { found });
}

#[tokio::test]
async fn a_key_for_the_vendors_firmware_in_the_clear_is_not_given_up() {
    let Some(address) = firmware() else { return };
    let key = Secret::new("CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=".to_owned());
    let refused = probe(&address, Some(&key)).await.unwrap_err();
    let words = "a key is set, but the device does not encrypt".to_owned();
    assert_eq!(refused, ProbeFailure::NotADevice(words));
}

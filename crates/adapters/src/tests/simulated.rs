//! The drivers against the simulated home, whose devices were written by others, after the same
//! recorded answers.

use model::{
    Action, Address, Cause, Color, CoverMove, Family, Percent, Progress, Report, Spec, Value,
};
use simhome::{Fault, Handle, Home, Mdns, Options, SimulatedDevice};

use super::hub::{Driven, drive, long, short};

async fn home() -> Home {
    let options = Options { mdns: Mdns::Off, ..Options::default() };
    Home::start(options).await.unwrap()
}

fn ours(home: &Home) -> Vec<SimulatedDevice> {
    home.devices().iter().filter(|it| it.family != Family::Esphome).cloned().collect()
}

fn handle(home: &Home, device: &SimulatedDevice) -> Handle {
    home.handles().find(|it| it.id() == &device.id).unwrap()
}

fn connect(device: &SimulatedDevice) -> Driven {
    let secret = device.secret.as_ref().map(|it| it.expose());
    drive(device.family, device.id.as_str(), device.address.clone(), secret, long())
}

/// Something that can be asked of an endpoint, which it has not done already.
fn wish(spec: &Spec) -> Option<Action> {
    match spec {
        Spec::Level => Some(Action::SetLevel(Percent::try_from(37).unwrap())),
        Spec::ColorControl { hue_saturation: true, .. } => {
            Some(Action::SetColor(Color::from_rgb([0, 255, 30])))
        }
        Spec::ColorControl { temperature: Some((low, _)), .. } => {
            Some(Action::SetColor(Color::Temperature(*low)))
        }
        Spec::LightEffect(names) => Some(Action::SetEffect(names.last()?.clone())),
        Spec::LightPalette(names) => Some(Action::SetPalette(names.last()?.clone())),
        Spec::WindowCovering { positions: true } => {
            Some(Action::MoveCover(CoverMove::To(Percent::try_from(42).unwrap())))
        }
        Spec::OnOff => Some(Action::SetOnOff(true)),
        _ => None,
    }
}

#[tokio::test]
async fn every_device_is_introduced_and_does_all_that_it_says_it_can() {
    let home = home().await;
    let mut done = 0;
    for device in ours(&home) {
        let mut hub = connect(&device);
        let Report::Reached(address) = hub.next().await else { panic!("{device:?}") };
        assert_eq!(address, device.address);
        let Report::Described(description) = hub.next().await else { panic!("{device:?}") };
        for endpoint in &description.endpoints {
            for action in endpoint.specs.iter().filter_map(wish) {
                let name = format!("{}/{}", device.id, endpoint.key);
                let id = format!("c{done}");
                hub.ask(&id, &name, action.clone()).await;
                assert_eq!(hub.progress(&id).await, Progress::Sent, "{name} {action:?}");
                assert_eq!(hub.progress(&id).await, Progress::Acknowledged, "{name} {action:?}");
                let confirms = |(key, value): &(model::EndpointKey, Value)| {
                    *key == endpoint.key && action.is_confirmed_by(value)
                };
                hub.until(
                    |it| matches!(it, Report::Values(_, values) if values.iter().any(confirms)),
                )
                .await;
                done += 1;
            }
        }
        hub.stop.cancel();
        hub.end().await;
    }
    assert!(done >= 20, "{done}");
}

#[tokio::test]
async fn every_fault_has_its_cause() {
    let home = home().await;
    for family in [Family::Shelly, Family::Wled] {
        let device = ours(&home).into_iter().find(|it| it.family == family && it.secret.is_none());
        let device = device.unwrap();
        let handle = handle(&home, &device);
        for (fault, expected) in [
            (Fault::Silent, "NoAnswer"),
            (Fault::Reset, "NoAnswer"),
            (Fault::GarbageBytes, "Garbage"),
            (Fault::GarbageMessages, "Garbage"),
            (Fault::Huge, "Garbage"),
            (Fault::WrongIdentity, "WrongIdentity"),
            (Fault::RefuseAuth, if family == Family::Shelly { "NeedsSecret" } else { "" }),
        ] {
            if expected.is_empty() {
                continue;
            }
            handle.inflict(fault);
            let patience = crate::net::Patience {
                connect: std::time::Duration::from_secs(1),
                exchange: std::time::Duration::from_secs(3),
                ..short()
            };
            let address: Address = device.address.clone();
            let hub = drive(family, device.id.as_str(), address, None, patience);
            let (cause, heard) = hub.end().await;
            assert!(format!("{cause:?}").starts_with(expected), "{family} {fault:?}: {cause:?}");
            assert_eq!(heard, [], "{family} {fault:?}");
            handle.inflict(Fault::Heal);
        }
        let (cause, _) = {
            let mut hub = connect(&device);
            hub.introduced().await;
            handle.inflict(Fault::Unplug);
            hub.end().await
        };
        assert_eq!(cause, Cause::NoAnswer);
    }
}

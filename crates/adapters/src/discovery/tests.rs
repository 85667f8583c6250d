//! Discovery on the loopback interface, against announcements by mdns-sd itself.

use mdns_sd::ServiceInfo;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::*;

/// Announces on loopback only.
fn responder() -> ServiceDaemon {
    let daemon = ServiceDaemon::new().unwrap();
    daemon.disable_interface(IfKind::All).unwrap();
    daemon.enable_interface(vec![IfKind::LoopbackV4]).unwrap();
    daemon
}

fn esphome(mac: &str, port: u16) -> ServiceInfo {
    let host = format!("{mac}.local.");
    let txt = [("mac", mac), ("friendly_name", "Test Lamp"), ("api_encryption", "Noise")];
    let service = "_esphomelib._tcp.local.";
    let mut info = ServiceInfo::new(service, mac, &host, "127.0.0.1", port, &txt[..]).unwrap();
    info.set_requires_probe(false);
    info
}

async fn next_about(changes: &mut mpsc::Receiver<SightingChange>, device: &str) -> SightingChange {
    let wait = async {
        loop {
            let change = changes.recv().await.expect("discovery has ended");
            let about = match &change {
                SightingChange::Seen(sighting) => &sighting.device,
                SightingChange::Gone(device) => device,
            };
            if about.as_str() == device {
                return change;
            }
        }
    };
    timeout(Duration::from_secs(20), wait).await.expect("nothing seen in time")
}

#[tokio::test]
async fn a_device_is_seen_when_it_comes_and_when_it_goes() {
    let (out, mut changes) = mpsc::channel(16);
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(Discovery::start(Scope::LoopbackOnly, out, stop.clone()).unwrap());
    let daemon = responder();
    let info = esphome("02aa00000001", 16_053);
    let name = info.get_fullname().to_owned();
    daemon.register(info).unwrap();
    let SightingChange::Seen(sighting) = next_about(&mut changes, "esphome-02aa00000001").await
    else {
        panic!("not seen");
    };
    assert_eq!(sighting.family, Family::Esphome);
    assert_eq!(sighting.name.unwrap().as_str(), "Test Lamp");
    assert_eq!(sighting.wants_secret, Some(true));
    assert_eq!(sighting.addresses[0].to_string(), "127.0.0.1:16053");
    daemon.unregister(&name).unwrap();
    let gone = loop {
        match next_about(&mut changes, "esphome-02aa00000001").await {
            SightingChange::Seen(_) => {}
            gone @ SightingChange::Gone(_) => break gone,
        }
    };
    assert_eq!(gone, SightingChange::Gone("esphome-02aa00000001".parse().unwrap()));
    stop.cancel();
    timeout(Duration::from_secs(5), tasks.join_next()).await.unwrap().unwrap().unwrap();
    drop(daemon.shutdown());
}

#[tokio::test]
async fn fifty_devices_are_found_though_nobody_listens_at_first() {
    let (out, mut changes) = mpsc::channel(1);
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    tasks.spawn(Discovery::start(Scope::LoopbackOnly, out, stop.clone()).unwrap());
    let daemon = responder();
    let macs: Vec<_> = (0..50).map(|it| format!("02bb000000{it:02x}")).collect();
    for mac in &macs {
        while let Err(mdns_sd::Error::Again) = daemon.register(esphome(mac, 16_053)) {
            sleep(Duration::from_millis(10)).await;
        }
    }
    let mut missing: std::collections::BTreeSet<_> =
        macs.iter().map(|it| format!("esphome-{it}")).collect();
    let wait = async {
        while !missing.is_empty() {
            if let SightingChange::Seen(sighting) = changes.recv().await.unwrap() {
                missing.remove(sighting.device.as_str());
            }
        }
    };
    let found = timeout(Duration::from_secs(20), wait).await;
    assert!(found.is_ok(), "not found: {missing:?}");
    stop.cancel();
    drop(daemon.shutdown());
}

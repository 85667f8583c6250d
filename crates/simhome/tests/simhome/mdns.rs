//! Announcements on the loopback interface, read by mDNS itself.

use std::collections::BTreeSet;

use mdns_sd::{IfKind, Receiver, ServiceDaemon, ServiceEvent};
use simhome::{Fault, Home, Options};

use crate::{PATIENCE, device};

struct Browser {
    daemon: ServiceDaemon,
    events: Receiver<ServiceEvent>,
}

impl Browser {
    fn of(kind: &str) -> Self {
        let daemon = ServiceDaemon::new().unwrap();
        daemon.disable_interface(IfKind::All).unwrap();
        daemon.enable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6]).unwrap();
        let events = daemon.browse(kind).unwrap();
        Self { daemon, events }
    }

    async fn until<T>(&self, mut seen: impl FnMut(ServiceEvent) -> Option<T>) -> T {
        let search = async {
            loop {
                if let Some(found) = seen(self.events.recv_async().await.unwrap()) {
                    return found;
                }
            }
        };
        tokio::time::timeout(PATIENCE, search).await.unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.daemon.shutdown());
    }
}

async fn announced(seed: u64) -> Home {
    Home::start(Options { seed, ..Options::default() }).await.unwrap()
}

#[tokio::test]
async fn a_device_is_announced_with_its_port_and_says_goodbye() {
    let home = announced(4_000_001).await;
    let lamp = device(&home, "Reading light");
    let name = format!("shellyplus1pm-{}", lamp.id().as_str().trim_start_matches("shelly-"));
    let browser = Browser::of("_shelly._tcp.local.");
    let found = browser
        .until(|event| match event {
            ServiceEvent::ServiceResolved(it) if it.fullname.starts_with(&name) => Some(it),
            _ => None,
        })
        .await;
    assert_eq!(found.port, lamp.address().port());
    let text = |key: &str| found.txt_properties.get_property_val_str(key).unwrap().to_owned();
    assert_eq!(
        (text("gen"), text("app"), text("ver")),
        ("2".into(), "Plus1PM".into(), "1.1.0".into())
    );

    lamp.inflict(Fault::Move { announced: true });
    let moved = browser
        .until(|event| match event {
            ServiceEvent::ServiceResolved(it)
                if it.fullname.starts_with(&name) && it.port != found.port =>
            {
                Some(it.port)
            }
            _ => None,
        })
        .await;
    assert_eq!(moved, lamp.address().port());

    lamp.inflict(Fault::Goodbye);
    let gone = |event| match event {
        ServiceEvent::ServiceRemoved(_, it) if it.starts_with(&name) => Some(()),
        _ => None,
    };
    browser.until(gone).await;
    home.stop().await;
}

#[tokio::test]
async fn a_generation_4_device_announces_itself_twice() {
    let home = announced(4_000_002).await;
    let port = device(&home, "Fountain").address().port();
    let browser = Browser::of("_shelly._tcp.local.");
    let mut names = BTreeSet::new();
    browser
        .until(|event| {
            if let ServiceEvent::ServiceResolved(it) = event
                && it.port == port
            {
                names.insert(it.fullname);
            }
            (names.len() == 2).then_some(())
        })
        .await;
    assert!(names.iter().any(|it| it.starts_with("Fountain.")), "{names:?}");
    home.stop().await;
}

#[tokio::test]
async fn all_say_goodbye_when_the_home_stops() {
    let home = announced(4_000_003).await;
    let port = device(&home, "TV backlight").address().port();
    let browser = Browser::of("_wled._tcp.local.");
    let name = browser
        .until(|event| match event {
            ServiceEvent::ServiceResolved(it) if it.port == port => Some(it.fullname),
            _ => None,
        })
        .await;
    home.stop().await;
    let gone = |event| match event {
        ServiceEvent::ServiceRemoved(_, it) if it == name => Some(()),
        _ => None,
    };
    browser.until(gone).await;
}

//! Announcing devices by mDNS, and taking it back with a goodbye.

use std::net::SocketAddr;
use std::time::Duration;

use mdns_sd::{Error, IfKind, ServiceDaemon, ServiceInfo};

use crate::{Mdns, Service};

/// How often a full command queue of the mDNS thread is tried again, and how soon.
const TRIES: u32 = 100;
const SOON: Duration = Duration::from_millis(20);
/// Bytes of an instance name at most (RFC 1035: a label).
const LABEL: usize = 63;
/// How long goodbyes may take when the home stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// The one mDNS responder of the home; none when mDNS is off.
#[derive(Clone)]
pub(crate) struct Announcer {
    daemon: Option<ServiceDaemon>,
}

impl std::fmt::Debug for Announcer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Announcer").field("on", &self.daemon.is_some()).finish()
    }
}

impl Announcer {
    pub(crate) fn start(scope: Mdns) -> Result<Self, Error> {
        let daemon = match scope {
            Mdns::Off => None,
            Mdns::All => Some(ServiceDaemon::new()?),
            Mdns::Loopback => {
                let daemon = ServiceDaemon::new()?;
                daemon.disable_interface(IfKind::All)?;
                daemon.enable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
                Some(daemon)
            }
        };
        Ok(Self { daemon })
    }

    /// Announces the services at `address`, or anew if they are there already. Gives their full
    /// names, to take them back by.
    pub(crate) async fn announce(&self, services: &[Service], address: SocketAddr) -> Vec<String> {
        let mut names = Vec::new();
        let Some(daemon) = &self.daemon else { return names };
        for service in services {
            let info = match record(service, address) {
                Ok(info) => info,
                Err(error) => {
                    tracing::warn!(%error, instance = service.instance, "not announced");
                    continue;
                }
            };
            names.push(info.get_fullname().to_owned());
            patiently(|| daemon.register(info.clone())).await;
        }
        names
    }

    /// Says goodbye.
    pub(crate) async fn withdraw(&self, names: &[String]) {
        let Some(daemon) = &self.daemon else { return };
        for name in names {
            patiently(|| daemon.unregister(name).map(drop)).await;
        }
    }

    /// Says goodbye for all that is announced, and ends.
    pub(crate) async fn stop(&self) {
        let Some(daemon) = &self.daemon else { return };
        if let Ok(farewell) = daemon.shutdown() {
            let _late = tokio::time::timeout(FAREWELL, farewell.recv_async()).await;
        }
    }

    /// Says goodbye without waiting for it.
    pub(crate) fn abandon(&self) {
        if let Some(daemon) = &self.daemon {
            drop(daemon.shutdown());
        }
    }
}

fn record(service: &Service, address: SocketAddr) -> Result<ServiceInfo, Error> {
    let mut info = ServiceInfo::new(
        &format!("{}.local.", service.kind),
        label(&service.instance),
        &format!("{}.local.", service.host),
        address.ip(),
        address.port(),
        service.txt.as_slice(),
    )?;
    // Names hold the MAC: there is nobody to ask whether they are free, and a thousand devices
    // would ask for long.
    info.set_requires_probe(false);
    Ok(info)
}

/// As much of a name as fits in a label.
fn label(name: &str) -> &str {
    let fits = name.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let end = fits.take_while(|end| *end <= LABEL).last().unwrap_or(0);
    name.get(..end).unwrap_or_default()
}

/// Tries again while the command queue of the mDNS thread is full.
async fn patiently(mut attempt: impl FnMut() -> Result<(), Error>) {
    for _ in 0..TRIES {
        match attempt() {
            Err(Error::Again) => tokio::time::sleep(SOON).await,
            Err(error) => return tracing::warn!(%error, "mDNS"),
            Ok(()) => return,
        }
    }
    tracing::warn!("mDNS is overrun");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_name_is_cut_between_letters() {
        assert_eq!(label("Garden"), "Garden");
        assert_eq!(label(&"ä".repeat(80)), "ä".repeat(31));
    }
}

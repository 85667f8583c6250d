//! What announces itself on the network by mDNS, continuously.
//!
//! Says who claims to be where, and who has said goodbye; what a claim is worth is found out by
//! whoever connects. It holds a bounded number of announcements, whatever a host on the network
//! does, and never asks a device anything.

mod registry;

use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::time::Duration;

use mdns_sd::{IfKind, Receiver, ResolvedService, ScopedIp, ServiceDaemon, ServiceEvent};
use model::{Family, Sighting, SightingChange};
use protocols::announce::{Announcement, SERVICES};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use self::registry::Registry;

/// Between attempts to listen again.
const PAUSE: Duration = Duration::from_secs(2);
/// Entries of a TXT record that are looked at.
const MAX_TXT: usize = 64;
/// Addresses of one announcement that are looked at.
const MAX_ADDRESSES: usize = 64;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On every interface, IPv4 and IPv6, also those that come later.
    All,
    /// On the loopback interface only, for devices on it: nothing goes out to the network, and
    /// nothing of the network comes in.
    LoopbackOnly,
}

/// Why there is no discovery here.
#[derive(Debug, thiserror::Error)]
#[error("multicast DNS does not work here: {0}")]
pub struct DiscoveryError(#[from] mdns_sd::Error);

/// Looking for devices.
#[derive(Debug)]
pub struct Discovery;

impl Discovery {
    /// Starts to listen; the future tells what is seen until `stop`, or until nobody receives any
    /// more. A receiver that is slow makes it wait, and it looks again for what it missed.
    ///
    /// # Errors
    /// When the system gives no socket for multicast DNS.
    pub fn start(
        scope: Scope,
        out: mpsc::Sender<SightingChange>,
        stop: CancellationToken,
    ) -> Result<impl Future<Output = ()> + Send + 'static, DiscoveryError> {
        let ears = Ears::open(scope)?;
        let search = Search { scope, ears, registry: Registry::default(), out };
        Ok(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = search.run() => {}
            }
        })
    }
}

/// The responder's thread and a subscription for each family.
struct Ears {
    daemon: ServiceDaemon,
    events: Vec<(Family, &'static str, Receiver<ServiceEvent>)>,
}

impl Ears {
    fn open(scope: Scope) -> Result<Self, DiscoveryError> {
        let daemon = ServiceDaemon::new()?;
        let mut ears = Self { daemon, events: Vec::new() };
        if scope == Scope::LoopbackOnly {
            ears.daemon.disable_interface(IfKind::All)?;
            ears.daemon.enable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        }
        for (family, service) in SERVICES {
            ears.events.push((family, service, ears.daemon.browse(service)?));
        }
        Ok(ears)
    }

    /// The next thing heard, and of which family; `Err` when one of the subscriptions is closed,
    /// as it is when it was not emptied in time. Given up at any time, nothing is lost.
    async fn hear(&self) -> Result<(Family, ServiceEvent), Family> {
        let next = self.events.iter().map(|(family, _, events)| {
            Box::pin(async move {
                events.recv_async().await.map(|event| (*family, event)).map_err(|_| *family)
            })
        });
        futures_util::future::select_all(next).await.0
    }

    /// Subscribes anew. All that is known is told again.
    fn listen_again(&mut self, deaf: Family) -> Result<(), mdns_sd::Error> {
        for (family, service, events) in &mut self.events {
            if *family == deaf {
                *events = self.daemon.browse(service)?;
            }
        }
        Ok(())
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        // It may be gone already, and nobody waits for its last words.
        drop(self.daemon.shutdown());
    }
}

struct Search {
    scope: Scope,
    ears: Ears,
    registry: Registry,
    out: mpsc::Sender<SightingChange>,
}

impl Search {
    async fn run(mut self) {
        loop {
            match self.ears.hear().await {
                Ok((family, event)) => {
                    for change in self.take(family, event) {
                        if self.out.send(change).await.is_err() {
                            return;
                        }
                    }
                }
                Err(family) => self.recover(family).await,
            }
        }
    }

    /// Listens again, with a new thread if the old one is gone.
    async fn recover(&mut self, family: Family) {
        tracing::debug!(%family, "mDNS subscription closed; subscribing again");
        while let Err(error) = self.ears.listen_again(family) {
            tracing::warn!(%error, "mDNS does not listen; trying again");
            sleep(PAUSE).await;
            if let mdns_sd::Error::DaemonShutdown = error {
                match Ears::open(self.scope) {
                    Ok(ears) => self.ears = ears,
                    Err(error) => tracing::warn!(%error, "no discovery for now"),
                }
            }
        }
    }

    fn take(&mut self, family: Family, event: ServiceEvent) -> Vec<SightingChange> {
        match event {
            ServiceEvent::ServiceResolved(service) => {
                let Some(sighting) = read(family, &service, self.scope) else {
                    let instance = service.get_fullname();
                    tracing::debug!(%family, instance, "announcement without an identity");
                    return Vec::new();
                };
                self.registry.see(service.get_fullname(), sighting)
            }
            ServiceEvent::ServiceRemoved(_, name) => self.registry.forget(&name),
            _ => Vec::new(),
        }
    }
}

fn read(family: Family, service: &ResolvedService, scope: Scope) -> Option<Sighting> {
    let suffix = format!(".{}", service.ty_domain);
    let instance = service.get_fullname().strip_suffix(suffix.as_str())?;
    let txt: Vec<_> = service
        .get_properties()
        .iter()
        .take(MAX_TXT)
        .map(|entry| (entry.key(), entry.val_str()))
        .collect();
    let fits = |ip: &&ScopedIp| scope == Scope::All || ip.is_loopback();
    let addresses: Vec<_> = service
        .get_addresses()
        .iter()
        .filter(fits)
        .take(MAX_ADDRESSES)
        .map(|ip| socket_address(ip, service.get_port()))
        .collect();
    let host = service.get_hostname();
    Announcement { family, instance, host, txt: &txt, addresses: &addresses }.sighting()
}

/// An address that is valid on one link only is of no use without the link's number.
fn socket_address(ip: &ScopedIp, port: u16) -> SocketAddr {
    match (ip, ip.to_ip_addr()) {
        (ScopedIp::V6(scoped), IpAddr::V6(ip)) if ip.is_unicast_link_local() => {
            SocketAddrV6::new(ip, port, 0, scoped.scope_id().index).into()
        }
        (_, ip) => (ip, port).into(),
    }
}

#[cfg(test)]
mod tests;

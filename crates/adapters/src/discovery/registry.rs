//! Who has announced what, so that a device with two announcements is one, and is gone only when
//! both are.

use std::collections::BTreeMap;

use model::{Address, DeviceId, Sighting, SightingChange};
use protocols::announce::MAX_ADDRESSES;

/// Announcements that are remembered at most. A home has hundreds of devices; a host that
/// announces thousands is at fault, and further ones are overlooked.
const MAX_ANNOUNCEMENTS: usize = 2_048;

/// Of these for one host at most: one that announces thousands keeps nobody else out.
const MAX_OF_HOST: usize = 1_024;

/// Announcements by their full name.
#[derive(Debug, Default)]
pub(super) struct Registry {
    announcements: BTreeMap<String, Sighting>,
    full: bool,
}

impl Registry {
    /// Takes an announcement, new or anew.
    pub(super) fn see(&mut self, full_name: &str, sighting: Sighting) -> Vec<SightingChange> {
        if !self.announcements.contains_key(full_name) && !self.has_room(&sighting) {
            self.complain();
            return Vec::new();
        }
        let device = sighting.device.clone();
        let before = self.announcements.insert(full_name.to_owned(), sighting);
        let replaced = before.map(|it| it.device).filter(|it| *it != device);
        let gone = replaced.and_then(|it| self.gone(it));
        let seen = self.merged(&device).map(SightingChange::Seen);
        gone.into_iter().chain(seen).collect()
    }

    /// An announcement was taken back, or has run out.
    pub(super) fn forget(&mut self, full_name: &str) -> Vec<SightingChange> {
        let forgotten = self.announcements.remove(full_name);
        self.full &= forgotten.is_none();
        forgotten.and_then(|it| self.gone(it.device)).into_iter().collect()
    }

    fn has_room(&self, newcomer: &Sighting) -> bool {
        let of_host = self.announcements.values().filter(|it| host(it) == host(newcomer)).count();
        self.announcements.len() < MAX_ANNOUNCEMENTS && of_host < MAX_OF_HOST
    }

    fn gone(&self, device: DeviceId) -> Option<SightingChange> {
        let still_there = self.announcements.values().any(|it| it.device == device);
        (!still_there).then_some(SightingChange::Gone(device))
    }

    /// What all announcements of a device say together.
    fn merged(&self, device: &DeviceId) -> Option<Sighting> {
        let mut of_device = self.announcements.values().filter(|it| it.device == *device);
        let mut merged = of_device.next()?.clone();
        for other in of_device {
            merged.name = merged.name.or_else(|| other.name.clone());
            merged.model = merged.model.or_else(|| other.model.clone());
            merged.wants_secret = merged.wants_secret.or(other.wants_secret);
            for address in &other.addresses {
                if merged.addresses.len() < MAX_ADDRESSES && !merged.addresses.contains(address) {
                    merged.addresses.push(address.clone());
                }
            }
        }
        Some(merged)
    }

    fn complain(&mut self) {
        if !std::mem::replace(&mut self.full, true) {
            tracing::warn!("too many announcements; overlooking the rest");
        }
    }
}

/// Where it claims to be first of all.
fn host(sighting: &Sighting) -> &str {
    sighting.addresses.first().map_or("", Address::host)
}

#[cfg(test)]
mod tests {
    use model::{Family, Name};

    use super::*;

    fn sighting(mac: &str, name: Option<&str>, address: &str) -> Sighting {
        Sighting {
            device: DeviceId::from_mac("shelly", mac).unwrap(),
            family: Family::Shelly,
            name: name.and_then(Name::lossy),
            model: None,
            addresses: vec![address.parse().unwrap()],
            wants_secret: None,
        }
    }

    #[test]
    fn two_announcements_of_one_device_are_one_sighting() {
        let mut registry = Registry::default();
        registry.see("by-id", sighting("aa", None, "10.0.0.1:80"));
        let seen = registry.see("by-name", sighting("aa", Some("Hall"), "10.0.0.2:80"));
        let [SightingChange::Seen(both)] = seen.as_slice() else { panic!("{seen:?}") };
        assert_eq!(both.name.as_ref().unwrap().as_str(), "Hall");
        assert_eq!(both.addresses.len(), 2);
        assert_eq!(registry.forget("by-id"), []);
        assert_eq!(registry.forget("by-name"), [SightingChange::Gone(both.device.clone())]);
        assert_eq!(registry.forget("by-name"), []);
    }

    #[test]
    fn a_name_that_passes_to_another_device_leaves_the_first_gone() {
        let mut registry = Registry::default();
        let first = sighting("aa", None, "10.0.0.1:80");
        registry.see("lamp", first.clone());
        let second = sighting("bb", None, "10.0.0.1:80");
        let changes = registry.see("lamp", second.clone());
        assert_eq!(changes, [SightingChange::Gone(first.device), SightingChange::Seen(second)]);
    }

    #[test]
    fn a_network_that_announces_thousands_fills_no_memory() {
        let mut registry = Registry::default();
        for number in 0..3_000_u32 {
            let address = format!("10.0.{}.1:80", number % 256);
            registry.see(&format!("x{number}"), sighting(&number.to_string(), None, &address));
        }
        assert_eq!(registry.announcements.len(), MAX_ANNOUNCEMENTS);
    }

    #[test]
    fn a_host_that_announces_thousands_fills_no_memory() {
        let mut registry = Registry::default();
        for number in 0..3_000_u32 {
            registry.see(&format!("x{number}"), sighting(&number.to_string(), None, "10.0.0.1:80"));
        }
        assert_eq!(registry.announcements.len(), MAX_OF_HOST);
        let seen = registry.see("other", sighting("bb", None, "10.0.0.2:80"));
        assert_eq!(seen.len(), 1, "others are still seen");
        // Those that are known may still move.
        let moved = registry.see("x5", sighting("5", None, "10.0.0.9:80"));
        assert_eq!(moved.len(), 1);
        registry.forget("x5");
        assert_eq!(registry.see("late", sighting("f", None, "10.0.0.1:80")).len(), 1);
    }
}

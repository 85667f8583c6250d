//! What devices announce of themselves by mDNS, read as sightings.
//!
//! Anyone can announce anything: a sighting is a hint of where to look, and who is there is proven
//! by the driver. What does not tell an identity is left alone. Facts: Shelly's TXT record has
//! `gen`, `app` and `ver`, its host name ends in the MAC address, and a device with a name of its
//! own announces itself twice; WLED's has `mac`; ESPHome's is in `mdns_component.cpp` of 2026.6.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use model::{Address, DeviceId, Family, Name, Sighting};

/// Addresses of a sighting at most.
pub const MAX_ADDRESSES: usize = 8;

/// The service types that are browsed.
pub const SERVICES: [(Family, &str); 3] = [
    (Family::Shelly, "_shelly._tcp.local."),
    (Family::Wled, "_wled._tcp.local."),
    (Family::Esphome, "_esphomelib._tcp.local."),
];

/// One resolved service instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement<'a> {
    /// After its service type.
    pub family: Family,
    /// Instance name, without the service type.
    pub instance: &'a str,
    /// Host name that the service is at, with or without `.local.`.
    pub host: &'a str,
    /// Entries of the TXT record; keys compare without case.
    pub txt: &'a [(&'a str, &'a str)],
    /// Where it is.
    pub addresses: &'a [SocketAddr],
}

impl Announcement<'_> {
    /// Who it claims to be; `None` when it does not say who, or is nobody that we can talk to.
    #[must_use]
    pub fn sighting(&self) -> Option<Sighting> {
        let addresses = ranked(self.addresses);
        if addresses.is_empty() {
            return None;
        }
        let (device, name, model) = match self.family {
            Family::Shelly => self.shelly()?,
            Family::Wled => (self.told_mac()?, Name::lossy(self.instance), None),
            Family::Esphome => self.esphome()?,
        };
        let encrypts = self.family == Family::Esphome && self.text("api_encryption").is_some();
        Some(Sighting {
            device,
            family: self.family,
            name,
            model,
            addresses,
            wants_secret: encrypts.then_some(true),
        })
    }

    /// The first generation speaks another protocol, and tells no generation.
    fn shelly(&self) -> Option<(DeviceId, Option<Name>, Option<Name>)> {
        let generation: u32 = self.text("gen")?.parse().ok()?;
        let mac = mac_at_end(self.host_label()).or_else(|| mac_at_end(self.instance))?;
        let device = (generation >= 2).then(|| self.device(mac)).flatten()?;
        // The instance that is named after the id has no name to tell.
        let own_name = mac_at_end(self.instance).is_none();
        let name = own_name.then(|| Name::lossy(self.instance)).flatten();
        Some((device, name, self.text("app").and_then(Name::lossy)))
    }

    fn esphome(&self) -> Option<(DeviceId, Option<Name>, Option<Name>)> {
        let device = self.told_mac()?;
        let name = self.text("friendly_name").and_then(Name::lossy);
        let project = self.text("project_name").and_then(|it| it.split_once('.')).map(|it| it.1);
        let model = project.or_else(|| self.text("board")).and_then(Name::lossy);
        Some((device, name.or_else(|| Name::lossy(self.instance)), model))
    }

    fn told_mac(&self) -> Option<DeviceId> {
        let mac: String = self.text("mac")?.chars().filter(|it| !matches!(it, ':' | '-')).collect();
        is_mac(&mac).then(|| self.device(&mac)).flatten()
    }

    fn device(&self, mac: &str) -> Option<DeviceId> {
        DeviceId::from_mac(self.family.slug(), mac).ok()
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.txt.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, text)| *text)
    }

    fn host_label(&self) -> &str {
        self.host.split('.').next().unwrap_or_default()
    }
}

fn is_mac(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|it| it.is_ascii_hexdigit())
}

/// The MAC address in an id such as `shellyplus1pm-aabbccddeeff`.
fn mac_at_end(id: &str) -> Option<&str> {
    id.rsplit_once('-').map(|(_, mac)| mac).filter(|mac| is_mac(mac))
}

/// Those that can be connected to, each once: IPv4 first, then IPv6, what is valid on one link last.
fn ranked(addresses: &[SocketAddr]) -> Vec<Address> {
    let mut usable: Vec<_> = addresses.iter().filter(|it| is_usable(it)).collect();
    usable.sort_by_key(|address| (rank(address.ip()), **address));
    usable.dedup();
    usable.into_iter().take(MAX_ADDRESSES).map(|address| Address::from(*address)).collect()
}

fn is_usable(address: &SocketAddr) -> bool {
    let ip = address.ip();
    let zoned = match address {
        SocketAddr::V6(it) => !is_link_local(*it.ip()) || it.scope_id() != 0,
        SocketAddr::V4(_) => true,
    };
    address.port() != 0 && zoned && !ip.is_unspecified() && !ip.is_multicast()
}

fn rank(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(ip) if ip.is_link_local() => 2,
        IpAddr::V4(_) => 0,
        IpAddr::V6(ip) if is_link_local(ip) => 3,
        IpAddr::V6(_) => 1,
    }
}

fn is_link_local(ip: Ipv6Addr) -> bool {
    ip.is_unicast_link_local()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|it| it.parse().unwrap()).collect()
    }

    fn sighting(
        family: Family,
        instance: &str,
        host: &str,
        txt: &[(&str, &str)],
    ) -> Option<Sighting> {
        let addresses = addresses(&["192.168.1.20:80"]);
        Announcement { family, instance, host, txt, addresses: &addresses }.sighting()
    }

    fn told(sighting: Option<Sighting>) -> Option<(String, Option<String>, Option<String>)> {
        sighting.map(|it| {
            (it.device.to_string(), it.name.map(String::from), it.model.map(String::from))
        })
    }

    fn expected(
        device: &str,
        name: Option<&str>,
        model: Option<&str>,
    ) -> Option<(String, Option<String>, Option<String>)> {
        Some((device.to_owned(), name.map(str::to_owned), model.map(str::to_owned)))
    }

    #[test]
    fn shellys_are_known_by_their_host_name() {
        let txt = [("gen", "2"), ("app", "Plus1PM"), ("ver", "1.1.0")];
        let id = "shellyplus1pm-a8032ab12345";
        let plain = sighting(Family::Shelly, id, "ShellyPlus1PM-A8032AB12345.local.", &txt);
        assert_eq!(told(plain), expected("shelly-a8032ab12345", None, Some("Plus1PM")));
        let no_host = sighting(Family::Shelly, id, "esp32.local.", &txt);
        assert_eq!(told(no_host), expected("shelly-a8032ab12345", None, Some("Plus1PM")));
    }

    #[test]
    fn both_announcements_of_a_shelly_with_a_name_are_one_device() {
        let txt = [("gen", "4"), ("app", "Mini1G4")];
        let host = "shellymini1g4-7c2c67643c54.local.";
        let by_id = sighting(Family::Shelly, "shellymini1g4-7c2c67643c54", host, &txt);
        let by_name = sighting(Family::Shelly, "Küche - Licht", host, &txt);
        assert_eq!(by_id.as_ref().unwrap().device, by_name.as_ref().unwrap().device);
        assert_eq!(by_id.unwrap().name, None);
        assert_eq!(by_name.unwrap().name.unwrap().as_str(), "Küche - Licht");
    }

    #[test]
    fn the_first_generation_and_the_nameless_are_left_alone() {
        let host = "shelly1-aabbcc.local.";
        assert_eq!(sighting(Family::Shelly, "shelly1-AABBCC", host, &[]), None);
        let host = "shellyplus1-aabbccddeeff.local.";
        assert_eq!(sighting(Family::Shelly, "x", host, &[("gen", "1")]), None);
        assert_eq!(sighting(Family::Shelly, "x", "y.local.", &[("gen", "2")]), None);
        assert_eq!(sighting(Family::Wled, "x", host, &[]), None);
        assert_eq!(sighting(Family::Esphome, "x", host, &[("mac", "nonsense")]), None);
    }

    #[test]
    fn wleds_and_esphomes_tell_their_address() {
        let wled = sighting(Family::Wled, "Shelf", "wled-shelf.local.", &[("mac", "AABBCCDDEEFF")]);
        assert_eq!(told(wled), expected("wled-aabbccddeeff", Some("Shelf"), None));
        let txt = [("mac", "aa:bb:cc:dd:ee:ff"), ("friendly_name", "Hall"), ("board", "esp32dev")];
        let esphome = sighting(Family::Esphome, "hall", "hall.local.", &txt);
        assert_eq!(esphome.as_ref().unwrap().wants_secret, None);
        assert_eq!(told(esphome), expected("esphome-aabbccddeeff", Some("Hall"), Some("esp32dev")));
    }

    #[test]
    fn an_esphome_that_encrypts_says_so() {
        let noise = "Noise_NNpsk0_25519_ChaChaPoly_SHA256";
        for (key, wants) in [("api_encryption", Some(true)), ("api_encryption_supported", None)] {
            let txt = [("MAC", "aabbccddeeff"), (key, noise), ("project_name", "acme.plug")];
            let sighting = sighting(Family::Esphome, "plug", "plug.local.", &txt).unwrap();
            assert_eq!(sighting.wants_secret, wants);
            assert_eq!(sighting.model.unwrap().as_str(), "plug");
            assert_eq!(sighting.name.unwrap().as_str(), "plug");
        }
    }

    #[test]
    fn addresses_are_ranked_and_few() {
        let all = addresses(&[
            "[fe80::1%3]:6053",
            "[fe80::1]:6053",
            "[2001:db8::5]:6053",
            "169.254.1.1:6053",
            "192.168.1.5:6053",
            "192.168.1.5:6053",
            "0.0.0.0:6053",
            "224.0.0.1:6053",
        ]);
        let texts: Vec<_> = ranked(&all).iter().map(Address::to_string).collect();
        let best_first =
            ["192.168.1.5:6053", "[2001:db8::5]:6053", "169.254.1.1:6053", "[fe80::1%3]:6053"];
        assert_eq!(texts, best_first);
        let many: Vec<_> = (1..=200).map(|it| SocketAddr::from(([10, 0, 0, it], 80))).collect();
        assert_eq!(ranked(&many).len(), MAX_ADDRESSES);
        assert!(ranked(&addresses(&["10.0.0.1:0"])).is_empty());
    }

    #[test]
    fn hostile_names_are_cleaned() {
        let txt = [("mac", "aabbccddeeff"), ("friendly_name", "\u{202E}lamp\r\n\u{0}")];
        let sighting = sighting(Family::Esphome, "x", "x.local.", &txt).unwrap();
        assert_eq!(sighting.name.unwrap().as_str(), "lamp");
    }
}

//! Where a device is now. Never who it is.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A host (IP address or DNS name) and a TCP port: `192.168.1.20:80`, `[fe80::1%3]:6053`,
/// `lamp.local:80`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    host: String,
    port: u16,
}

/// A text that is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Neither an IP address nor a DNS name.
    #[error("this is neither an IP address nor a host name")]
    Host,
    /// Not 1 to 65535.
    #[error("the port must be a number from 1 to 65535")]
    Port,
}

impl Address {
    /// Reads `HOST`, `HOST:PORT`, `[V6]`, `[V6]:PORT` or a bare IPv6 address, as people type
    /// them; a leading `http://` and a trailing `/` are forgiven.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str, default_port: u16) -> Result<Self, AddressError> {
        let text = text.trim();
        let text = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
        if is_ipv6(text) {
            return Self::new(text, default_port);
        }
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| AddressError::Port)?),
            None => (text, default_port),
        };
        let host = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        Self::new(host, port)
    }

    fn new(host: &str, port: u16) -> Result<Self, AddressError> {
        if port == 0 {
            return Err(AddressError::Port);
        }
        if is_ipv6(host) || is_dns_name(host) {
            Ok(Self { host: host.to_ascii_lowercase(), port })
        } else {
            Err(AddressError::Host)
        }
    }

    /// IP address (an IPv6 one with its `%zone`, without brackets) or DNS name.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// TCP port, never 0.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The socket address, when the host is a number and needs no look-up.
    #[must_use]
    pub fn socket(&self) -> Option<SocketAddr> {
        self.to_string().parse().ok()
    }
}

fn is_ipv6(text: &str) -> bool {
    let (address, zone) = text.split_once('%').unwrap_or((text, "0"));
    let zone_fits = !zone.is_empty() && zone.chars().all(|it| it.is_ascii_alphanumeric());
    zone_fits && address.parse::<Ipv6Addr>().is_ok()
}

fn is_dns_name(text: &str) -> bool {
    let label_fits = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && label.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'))
    };
    let looks_numeric = text.chars().all(|it| it.is_ascii_digit() || it == '.');
    let name = text.strip_suffix('.').unwrap_or(text);
    let fits = text.len() <= 253 && name.split('.').all(label_fits);
    fits && (!looks_numeric || text.parse::<IpAddr>().is_ok())
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        let host = match address {
            SocketAddr::V6(it) if it.scope_id() != 0 => format!("{}%{}", it.ip(), it.scope_id()),
            _ => address.ip().to_string(),
        };
        Self { host, port: address.port().max(1) }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text, 0)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(formatter, "[{}]:{}", self.host, self.port)
        } else {
            write!(formatter, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        Address::parse(text, 80).map_or_else(|it| format!("{it:?}"), |it| it.to_string())
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        for (text, expected) in [
            ("192.168.1.20", "192.168.1.20:80"),
            (" http://192.168.1.20/ ", "192.168.1.20:80"),
            ("lamp.local:8080", "lamp.local:8080"),
            ("::1", "[::1]:80"),
            ("[fe80::1%3]:6053", "[fe80::1%3]:6053"),
            ("Lamp", "lamp:80"),
            ("", "Host"),
            ("a b", "Host"),
            ("1.2.3", "Host"),
            ("300.1.1.1", "Host"),
            ("lamp:0", "Port"),
            ("lamp:99999", "Port"),
            ("evil.example/path", "Host"),
            ("user@host", "Host"),
        ] {
            assert_eq!(parsed(text), expected, "{text}");
        }
    }

    #[test]
    fn an_address_survives_text() {
        for text in ["192.168.1.20:80", "[::1]:6053", "[fe80::1%3]:80", "lamp.local:80"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        assert!("[fe80::1%3]:80".parse::<Address>().unwrap().socket().is_some());
    }
}

//! What things are for. Hardware fills roles; scenes, groups and rules name roles.
//!
//! Every endpoint fills a role from the first day on: the one that [`RoleId::of`] names, which
//! needs no record. A record is written once that is no longer so: another endpoint fills the role,
//! or none does.

use serde::{Deserialize, Serialize};

use crate::{EndpointId, EndpointKind, Name, RoleId, RoomId};

/// A role that is not filled as it was on its first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleRecord {
    /// Which.
    pub id: RoleId,
    /// What fills it; `None` when nothing does.
    pub endpoint: Option<EndpointId>,
    /// What it was called when it was last filled.
    pub name: Name,
    /// What kind of thing last filled it.
    pub kind: EndpointKind,
    /// The room it was last filled in.
    pub room: Option<RoomId>,
}

impl RoleId {
    /// The role that an endpoint fills from its first day on: `r-` and 16 hexadecimal digits
    /// (FNV-1a, 64 bits, of the endpoint's id).
    #[must_use]
    pub fn of(endpoint: &EndpointId) -> Self {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        let bytes = endpoint.device.as_str().bytes().chain([b'/']);
        let hash = bytes
            .chain(endpoint.key.as_str().bytes())
            .fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
        Self::from_digits(hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_always_fills_the_same_first_role() {
        let endpoint: EndpointId = "shelly-aabbccddeeff/switch-0".parse().unwrap();
        let other: EndpointId = "shelly-aabbccddeeff/switch-1".parse().unwrap();
        assert_eq!(RoleId::of(&endpoint), RoleId::of(&endpoint));
        assert_ne!(RoleId::of(&endpoint), RoleId::of(&other));
        assert_eq!(RoleId::of(&endpoint).as_str().len(), 18);
    }
}

//! Who is who. Identity comes from the vendor (MAC, serial), never from an address.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind}: {rule}")]
pub struct IdError {
    kind: &'static str,
    rule: &'static str,
    text: String,
}

macro_rules! text_id {
    ($(#[$meta:meta])* $name:ident, $kind:literal, $rule:literal, $max:literal, $allowed:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;

            fn try_from(text: &str) -> Result<Self, IdError> {
                let fits = !text.is_empty() && text.len() <= $max && text.chars().all($allowed);
                if fits {
                    Ok(Self(text.into()))
                } else {
                    let text = text.chars().take($max).collect();
                    Err(IdError { kind: $kind, rule: $rule, text })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::try_from(text.as_str())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::try_from(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

fn is_slug(letter: char) -> bool {
    letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_')
}

text_id!(
    /// A physical thing: `<family>-<vendor identity>`, e.g. `shelly-aabbccddeeff`.
    DeviceId,
    "device id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// A part of a device, unique within it and stable across restarts, e.g. `switch-0`.
    EndpointKey,
    "endpoint key",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// A room. Made by the client that creates the room.
    RoomId,
    "room id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// One command. Made by whoever asks, from at least 64 random bits: the same id is never
    /// carried out twice.
    CommandId,
    "command id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);

text_id!(
    /// What something is for ("hallway ceiling light"). Hardware fills a role; scenes, groups and
    /// rules name roles, so a device can be replaced without touching them.
    RoleId,
    "role id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// A rule. Made by the client that creates it.
    RuleId,
    "rule id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// One execution of a rule: the hash of the rule, its version and what set it off, so that
    /// the same occurrence never runs twice. A run that a person asks for is named by the client.
    RunId,
    "run id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// A scene. Made by the client that creates it.
    SceneId,
    "scene id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// A group of roles. Made by the client that creates it.
    GroupId,
    "group id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// Somebody who lives here. Made by the client that adds them.
    PersonId,
    "person id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// A variable. Made by the client that creates it.
    VariableId,
    "variable id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// Something that a rule told its people. Made from the run and the step, so that the same
    /// notice is never shown twice.
    NoticeId,
    "notice id",
    "1 to 64 of a-z 0-9 - _",
    64,
    is_slug
);
text_id!(
    /// The unguessable last part of a webhook's address, at least 64 random bits.
    HookId,
    "webhook id",
    "16 to 64 of a-z 0-9 - _",
    64,
    is_slug
);

impl RoleId {
    /// `r-` and 16 hexadecimal digits: well formed by construction.
    pub(crate) fn from_digits(digits: u64) -> Self {
        Self(format!("r-{digits:016x}").into())
    }
}

impl RuleId {
    /// What a draft is called that has no id yet: `draft`.
    #[must_use]
    pub fn draft() -> Self {
        Self("draft".into())
    }
}

impl RunId {
    /// An id of 32 hexadecimal digits: well formed by construction.
    #[must_use]
    pub fn from_digits(digits: u128) -> Self {
        Self(format!("{digits:032x}").into())
    }
}

impl DeviceId {
    /// Composes the id of a device from its family's name and its MAC address in any usual
    /// notation (`AA:BB:…`, `aabb…`).
    ///
    /// # Errors
    /// When nothing is left of the identity once separators are gone, or it is too long.
    pub fn from_mac(family: &str, mac: &str) -> Result<Self, IdError> {
        let digits: String = mac
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        if digits.is_empty() {
            return Err(IdError { kind: "device id", rule: "an identity", text: String::new() });
        }
        Self::try_from(format!("{family}-{digits}"))
    }
}

/// A part of a device that works by itself: `shelly-aabbccddeeff/switch-0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EndpointId {
    /// The device that it is a part of.
    pub device: DeviceId,
    /// Which part.
    pub key: EndpointKey,
}

impl EndpointId {
    /// Names an endpoint of a device.
    #[must_use]
    pub fn new(device: DeviceId, key: EndpointKey) -> Self {
        Self { device, key }
    }
}

impl TryFrom<String> for EndpointId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl FromStr for EndpointId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let Some((device, key)) = text.split_once('/') else {
            let text = text.chars().take(64).collect();
            return Err(IdError { kind: "endpoint id", rule: "device/endpoint", text });
        };
        Ok(Self { device: device.parse()?, key: key.parse()? })
    }
}

impl From<EndpointId> for String {
    fn from(id: EndpointId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for EndpointId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.device, self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_in_any_notation_gives_one_id() {
        let plain = DeviceId::from_mac("shelly", "AABBCCDDEEFF").unwrap();
        assert_eq!(plain, DeviceId::from_mac("shelly", "aa:bb:cc:dd:ee:ff").unwrap());
        assert_eq!(plain.as_str(), "shelly-aabbccddeeff");
    }

    #[test]
    fn an_empty_identity_is_refused() {
        DeviceId::from_mac("wled", "::").unwrap_err();
    }

    #[test]
    fn an_endpoint_id_survives_text() {
        let id: EndpointId = "shelly-aa/switch-0".parse().unwrap();
        assert_eq!(id.to_string().parse::<EndpointId>().unwrap(), id);
    }

    #[test]
    fn hostile_ids_are_refused() {
        for text in ["", "a/b/c", "a b/c", "../x", "A/b", "a/"] {
            text.parse::<EndpointId>().unwrap_err();
        }
    }
}

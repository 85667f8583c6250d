//! Who answers: `Shelly.GetDeviceInfo`, or `GET /shelly`. Neither is ever behind a password.

use model::{DeviceId, Family, Name};

use crate::json::{Scalar, read_object, words};

/// Who a device says it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Its id, made of its MAC address.
    pub device: DeviceId,
    /// What its owner calls it.
    pub name: Option<Name>,
    /// Which model it is.
    pub model: Option<Name>,
    /// Version of its firmware.
    pub firmware: Option<Name>,
    /// It wants a password for everything else.
    pub wants_secret: bool,
    /// It plugs into a socket.
    pub(crate) is_plug: bool,
}

/// Why nobody could be made out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Not the JSON that we know.
    #[error("what it says of itself is not JSON: {0}")]
    Json(String),
    /// A Shelly of the first generation, which speaks another protocol.
    #[error("it is a Shelly of the first generation, which is not supported")]
    FirstGeneration,
    /// No MAC address, so nobody.
    #[error("it does not say its MAC address")]
    NoMac,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Wire {
    name: Scalar,
    mac: Scalar,
    model: Scalar,
    app: Scalar,
    ver: Scalar,
    r#gen: Scalar,
    auth_en: Scalar,
}

impl Identity {
    /// Reads the answer of `GET /shelly` or the result of `Shelly.GetDeviceInfo`.
    ///
    /// # Errors
    /// When it is no Shelly of generation 2 or later.
    pub fn read(json: &[u8]) -> Result<Self, IdentityError> {
        let wire: Wire =
            read_object(json).map_err(|it| IdentityError::Json(words(&it.to_string())))?;
        let mac = wire.mac.text().filter(|it| is_mac(it)).ok_or(IdentityError::NoMac)?;
        if wire.r#gen.number().is_none_or(|it| it < 2.0) {
            return Err(IdentityError::FirstGeneration);
        }
        let device = DeviceId::from_mac(Family::Shelly.slug(), mac);
        let name = |field: &Scalar| field.text().and_then(Name::lossy);
        let app = wire.app.text().or(wire.model.text()).unwrap_or_default();
        Ok(Self {
            device: device.map_err(|_| IdentityError::NoMac)?,
            name: name(&wire.name),
            model: Name::lossy(app),
            firmware: name(&wire.ver),
            wants_secret: wire.auth_en.flag() == Some(true),
            is_plug: app.contains("Plug"),
        })
    }
}

fn is_mac(text: &str) -> bool {
    text.chars().filter(char::is_ascii_hexdigit).count() == 12 && text.len() <= 17
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_devices_say_who_they_are() {
        for (json, name, model, plug, secret) in [
            (
                include_str!("fixtures/shellyplus2pm/shelly.json"),
                "Shelly Plus 2PM",
                "Plus2PM",
                false,
                true,
            ),
            (
                include_str!("fixtures/shellymini1gen4/Shelly.GetDeviceInfo"),
                "Shelly 1 Mini Gen4 [DDEEFF]",
                "Mini1G4ZB",
                false,
                false,
            ),
        ] {
            let identity = Identity::read(json.as_bytes()).unwrap();
            assert_eq!(identity.device.as_str(), "shelly-aabbccddeeff");
            assert_eq!(identity.name.unwrap().as_str(), name);
            assert_eq!(identity.model.unwrap().as_str(), model);
            assert_eq!((identity.is_plug, identity.wants_secret), (plug, secret));
        }
    }

    #[test]
    fn nobody_is_made_out_of_what_is_no_shelly() {
        let first = r#"{"type":"SHPLG-S","mac":"AABBCCDDEEFF","auth":false,"fw":"1.14"}"#;
        assert_eq!(Identity::read(first.as_bytes()), Err(IdentityError::FirstGeneration));
        assert_eq!(Identity::read(br#"{"gen":2}"#), Err(IdentityError::NoMac));
        assert_eq!(Identity::read(br#"{"gen":2,"mac":"x"}"#), Err(IdentityError::NoMac));
        assert!(matches!(Identity::read(b"<html>"), Err(IdentityError::Json(_))));
    }
}

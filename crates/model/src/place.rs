//! Where the home is, for the sun and the clocks.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where the home is. A tenth of a degree is near enough for the sun.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawPlace", into = "RawPlace")]
pub struct Place {
    latitude: f64,
    longitude: f64,
}

#[derive(Serialize, Deserialize)]
struct RawPlace {
    latitude: f64,
    longitude: f64,
}

/// Numbers that are no place on Earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a latitude is −90 to 90 degrees, a longitude −180 to 180 degrees")]
pub struct NoSuchPlace;

impl Place {
    /// Degrees north (−90 to 90) and east (−180 to 180), WGS 84.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, NoSuchPlace> {
        let fits = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        fits.then_some(Self { latitude, longitude }).ok_or(NoSuchPlace)
    }

    /// Degrees north.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }
}

impl TryFrom<RawPlace> for Place {
    type Error = NoSuchPlace;

    fn try_from(raw: RawPlace) -> Result<Self, NoSuchPlace> {
        Self::new(raw.latitude, raw.longitude)
    }
}

impl From<Place> for RawPlace {
    fn from(place: Place) -> Self {
        Self { latitude: place.latitude, longitude: place.longitude }
    }
}

/// The name of a time zone as IANA lists it: `Europe/Berlin`. Whether it is known is the engine's
/// to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

/// A text that is no name of a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a time zone")]
pub struct NoSuchZone;

impl Zone {
    /// Universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// As IANA writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Zone {
    type Error = NoSuchZone;

    fn try_from(text: String) -> Result<Self, NoSuchZone> {
        let is_allowed =
            |it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '_' | '-' | '+');
        let fits = (1..=64).contains(&text.len()) && text.chars().all(is_allowed);
        fits.then_some(Self(text)).ok_or(NoSuchZone)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.0
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_place_off_the_earth() {
        Place::new(52.5, 13.4).unwrap();
        for (latitude, longitude) in [(91.0, 0.0), (0.0, 181.0), (f64::NAN, 0.0)] {
            Place::new(latitude, longitude).unwrap_err();
        }
    }

    #[test]
    fn a_zone_is_no_path() {
        Zone::try_from("America/Argentina/Ushuaia".to_owned()).unwrap();
        Zone::try_from("../../etc/passwd".to_owned()).unwrap_err();
        Zone::try_from(String::new()).unwrap_err();
    }
}

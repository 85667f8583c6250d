//! The home's clocks and sun: from instants to local days and times and back.
//!
//! A local time that does not exist (clocks are put forward) is the first instant after the gap;
//! one that exists twice (they are put back) is the first of the two.

use chrono_tz::Tz;
use model::{Place, Zone};

/// The home's clocks and sun.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Calendar {
    pub(crate) zone: Tz,
    pub(crate) place: Option<Place>,
}

impl Calendar {
    /// The home's clocks; a zone that is not known counts as universal time.
    pub(crate) fn new(zone: &Zone, place: Option<Place>) -> Self {
        Self { zone: zone.as_str().parse().unwrap_or(Tz::UTC), place }
    }
}

/// Whether there is such a time zone.
pub(crate) fn is_known(zone: &Zone) -> bool {
    zone.as_str().parse::<Tz>().is_ok()
}

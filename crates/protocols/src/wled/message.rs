//! What a device sends, as it sends it.

use model::{Cause, DeviceId, Family, Name};
use serde::Deserialize;

use crate::json::{List, Object, Scalar, read_object, words};

use super::names::{MAX_NAMES, Names, numbered};

/// The most segments of a device that are looked at.
pub(super) const MAX_SEGMENTS: usize = 63;

/// An answer or a push: `{state, info}`, with the catalogues when all was asked for; or how a
/// request fared.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    pub(super) state: Option<Object<State>>,
    pub(super) info: Option<Object<Info>>,
    effects: List<Scalar, MAX_NAMES>,
    palettes: List<Scalar, MAX_NAMES>,
    pub(super) success: Scalar,
    pub(super) error: Scalar,
}

/// The state of the light as a whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct State {
    pub(super) on: Scalar,
    pub(super) bri: Scalar,
    pub(super) seg: List<Object<Segment>, MAX_SEGMENTS>,
}

/// The state of one segment.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Segment {
    pub(super) id: Scalar,
    pub(super) stop: Scalar,
    pub(super) n: Scalar,
    pub(super) on: Scalar,
    pub(super) bri: Scalar,
    pub(super) col: List<List<Scalar, 4>, 1>,
    pub(super) cct: Scalar,
    pub(super) fx: Scalar,
    pub(super) pal: Scalar,
    /// What its LEDs can do; said here since WLED 16, before in `leds.seglc`.
    pub(super) lc: Scalar,
}

/// What the device says of itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Info {
    mac: Scalar,
    name: Scalar,
    ver: Scalar,
    brand: Scalar,
    product: Scalar,
    arch: Scalar,
    ws: Scalar,
    cpalcount: Scalar,
    pub(super) leds: Object<Leds>,
}

/// What the device says of its LEDs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Leds {
    pub(super) lc: Scalar,
    pub(super) seglc: List<Scalar, MAX_SEGMENTS>,
}

impl Message {
    /// Reads a message; what was wrong with it, otherwise.
    pub(super) fn read(json: &[u8]) -> Result<Self, Cause> {
        read_object(json).map_err(|error| {
            Cause::Garbage(words(&format!("a message is not understood: {error}")))
        })
    }

    pub(super) fn effects(&self) -> Names {
        Names::new(numbered(&self.effects))
    }

    /// Palettes made by the owner are on no list: they count down from the top of the numbers,
    /// which is 255, and 200 since WLED 16.
    pub(super) fn palettes(&self) -> Names {
        let info = self.info.as_ref().map(|it| &it.0);
        let count = info.and_then(|it| it.cpalcount.index()).unwrap_or(0).min(64);
        let top = if info.is_some_and(|it| it.major() >= 16) { 200 } else { 255 };
        let custom: Vec<_> = (0..count).map(|it| (top - it, format!("Custom {it}"))).collect();
        let custom = custom.iter().map(|(number, name)| (*number, name.as_str()));
        Names::new(numbered(&self.palettes).chain(custom))
    }
}

impl Info {
    pub(super) fn device(&self) -> Option<DeviceId> {
        let mac = self.mac.text()?;
        let is_mac = mac.chars().filter(char::is_ascii_hexdigit).count() == 12 && mac.len() <= 17;
        is_mac.then(|| DeviceId::from_mac(Family::Wled.slug(), mac).ok())?
    }

    pub(super) fn name(&self) -> Option<Name> {
        self.name.text().and_then(Name::lossy)
    }

    pub(super) fn firmware(&self) -> Option<Name> {
        self.ver.text().and_then(Name::lossy)
    }

    pub(super) fn vendor(&self) -> Option<Name> {
        Name::lossy(self.brand.text().unwrap_or("WLED"))
    }

    /// Who builds WLED at home has no product but a chip.
    pub(super) fn model(&self) -> Option<Name> {
        let product = self.product.text().filter(|it| *it != "FOSS");
        product.or(self.arch.text()).and_then(Name::lossy)
    }

    /// Some builds have no WebSocket; they say −1 clients.
    pub(super) fn has_websocket(&self) -> bool {
        self.ws.number().is_none_or(|it| it >= 0.0)
    }

    fn major(&self) -> u16 {
        let number = self.ver.text().and_then(|it| it.split('.').next()?.parse().ok());
        number.unwrap_or(0)
    }
}

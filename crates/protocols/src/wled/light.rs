//! The device as lights: the whole of it and its segments.

use model::{
    Category, Color, DeviceDescription, EndpointDescription, EndpointKey, EndpointKind, Kelvin,
    Name, Percent, Spec, Value,
};

use crate::json::Scalar;

use super::message::{Info, Message, State};
use super::names::Names;

/// WLED's white mixes run from 1900 K in 255 steps of 32 K.
const WARMEST: f64 = 1_900.0;
const STEP: f64 = 32.0;
const STEPS: f64 = 255.0;

/// What LEDs can do: bits as WLED gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leds(u16);

impl Leds {
    const RGB: Self = Self(1);

    pub(super) fn has_colour(self) -> bool {
        self.0 & 1 != 0
    }

    pub(super) fn has_white(self) -> bool {
        self.0 & 2 != 0
    }

    pub(super) fn has_temperature(self) -> bool {
        self.0 & 4 != 0
    }

    /// Only a relay.
    fn is_dimmable(self) -> bool {
        self.0 != 0
    }
}

/// A segment as last reported.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    pub(super) id: u16,
    pub(super) leds: Leds,
    name: Option<Name>,
    pub(super) is_on: bool,
    brightness: u8,
    rgb: Option<[u8; 3]>,
    has_white_on: bool,
    mix: Option<u16>,
    effect: Option<u16>,
    palette: Option<u16>,
}

/// The device as last reported.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lights {
    name: Option<Name>,
    vendor: Option<Name>,
    model: Option<Name>,
    firmware: Option<Name>,
    pub(super) is_on: bool,
    brightness: u8,
    pub(super) segments: Vec<Segment>,
}

impl Lights {
    /// What a message with state and info says.
    pub(super) fn read(message: &Message) -> Option<Self> {
        let (state, info) = (&message.state.as_ref()?.0, &message.info.as_ref()?.0);
        Some(Self {
            name: info.name(),
            vendor: info.vendor(),
            model: info.model(),
            firmware: info.firmware(),
            is_on: state.on.flag()?,
            brightness: byte(&state.bri).unwrap_or(0),
            segments: segments(state, info),
        })
    }

    /// Whether somebody who knows `self` must be told anew what the device is.
    pub(super) fn is_shaped_like(&self, other: &Self) -> bool {
        let shape = |it: &Segment| (it.id, it.leds, it.name.clone());
        self.name == other.name
            && self.firmware == other.firmware
            && self.segments.iter().map(shape).eq(other.segments.iter().map(shape))
    }

    /// Whether a part gives light: the whole is on, and so is the segment.
    pub(super) fn is_lit(&self, part: Part) -> bool {
        let is_on = |id| self.segments.iter().any(|it| it.id == id && it.is_on);
        self.is_on
            && match part {
                Part::Master => true,
                Part::Segment(id) => is_on(id),
            }
    }

    /// The one segment, if there is only one: it and the whole are the same light.
    pub(super) fn only(&self) -> Option<&Segment> {
        match self.segments.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

fn segments(state: &State, info: &Info) -> Vec<Segment> {
    let active = || state.seg.0.iter().map(|it| &it.0).filter(|it| it.stop.number() != Some(0.0));
    let leds = &info.leds.0;
    let is_by_place = leds.seglc.0.len() == active().count();
    let mut segments: Vec<Segment> = Vec::new();
    for (place, said) in active().enumerate() {
        let id = said.id.index().unwrap_or(place as u16);
        if segments.iter().any(|it| it.id == id) {
            continue;
        }
        let listed = leds.seglc.0.get(if is_by_place { place } else { usize::from(id) });
        let bits = said.lc.index().or(listed.and_then(Scalar::index)).or(leds.lc.index());
        let color = said.col.0.first().map(|it| it.0.as_slice()).unwrap_or_default();
        segments.push(Segment {
            id,
            leds: bits.map_or(Leds::RGB, Leds),
            name: said.n.text().and_then(Name::lossy),
            is_on: said.on.flag().unwrap_or(true),
            brightness: byte(&said.bri).unwrap_or(u8::MAX),
            rgb: rgb(color),
            has_white_on: color.get(3).and_then(byte).is_some_and(|it| it > 0),
            mix: said.cct.index(),
            effect: said.fx.index(),
            palette: said.pal.index(),
        });
    }
    segments
}

fn byte(scalar: &Scalar) -> Option<u8> {
    scalar.number().map(|it| it.round().clamp(0.0, 255.0) as u8)
}

fn rgb(color: &[Scalar]) -> Option<[u8; 3]> {
    let [red, green, blue, ..] = color else { return None };
    Some([byte(red)?, byte(green)?, byte(blue)?])
}

impl Segment {
    fn color(&self) -> Option<Color> {
        let colour = self.rgb.map(Color::from_rgb);
        let white = self.mix.map(temperature);
        match (self.leds.has_colour(), self.leds.has_temperature()) {
            (true, true) if self.is_white() => white,
            (true, _) => colour,
            (false, true) => white,
            (false, false) => None,
        }
    }

    /// Of LEDs with both, the device does not say which of the two is meant: it is white when the
    /// white LEDs alone are on, or where there are none, when the colour is none.
    fn is_white(&self) -> bool {
        match (self.rgb, self.leds.has_white()) {
            (Some(rgb), true) => rgb == [0; 3] && self.has_white_on,
            (Some([red, green, blue]), false) => red == green && green == blue,
            (None, _) => false,
        }
    }

    fn own_values(&self, effects: &Names, palettes: &Names) -> Vec<Value> {
        let color = self.color().map(Value::ColorControl);
        let effect = self.effect.map(|it| Value::LightEffect(effects.name(it)));
        let palette = self.palette.map(|it| Value::LightPalette(palettes.name(it)));
        [color, effect, palette].into_iter().flatten().collect()
    }

    fn specs(&self, effects: &Names, palettes: &Names) -> Vec<Spec> {
        let level = self.leds.is_dimmable().then_some(Spec::Level);
        let hue_saturation = self.leds.has_colour();
        let whites = (Kelvin::clamped(WARMEST), Kelvin::clamped(WARMEST + STEPS * STEP));
        let temperature = self.leds.has_temperature().then_some(whites);
        let color = (hue_saturation || temperature.is_some())
            .then_some(Spec::ColorControl { hue_saturation, temperature });
        let effect = (!effects.is_empty()).then(|| Spec::LightEffect(effects.all()));
        let palette = (!palettes.is_empty()).then(|| Spec::LightPalette(palettes.all()));
        [Some(Spec::OnOff), level, color, effect, palette].into_iter().flatten().collect()
    }

    /// As named by its owner, or as the device's own pages call it.
    fn title(&self) -> Option<Name> {
        self.name.clone().or_else(|| Name::lossy(&format!("Segment {}", self.id)))
    }
}

/// WLED gives a step, and takes a step or kelvins.
fn temperature(mix: u16) -> Color {
    let mix = f64::from(mix);
    Color::Temperature(Kelvin::clamped(if mix > STEPS { mix } else { WARMEST + mix * STEP }))
}

/// The part that an endpoint stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// The device as a whole, where it has several segments.
    Master,
    /// One segment; where it is the only one, the device as well.
    Segment(u16),
}

impl Part {
    pub(super) fn key(self) -> Option<EndpointKey> {
        let text = match self {
            Self::Master => "master".to_owned(),
            Self::Segment(id) => format!("segment-{id}"),
        };
        EndpointKey::try_from(text).ok()
    }

    pub(super) fn of_key(key: &EndpointKey) -> Option<Self> {
        match key.as_str().split_once('-') {
            None if key.as_str() == "master" => Some(Self::Master),
            Some(("segment", id)) => id.parse().ok().map(Self::Segment),
            _ => None,
        }
    }
}

impl Lights {
    pub(super) fn describe(&self, effects: &Names, palettes: &Names) -> DeviceDescription {
        let light = |part: Part, name, specs| {
            let (kind, category) = (EndpointKind::Light, Category::Primary);
            Some(EndpointDescription { key: part.key()?, name, kind, category, specs })
        };
        let master = || light(Part::Master, None, vec![Spec::OnOff, Spec::Level]);
        let is_only = self.only().is_some();
        let segment = |it: &Segment| {
            let name = if is_only { it.name.clone() } else { it.title() };
            light(Part::Segment(it.id), name, it.specs(effects, palettes))
        };
        let master = if is_only { None } else { master() };
        DeviceDescription {
            name: self.name.clone(),
            vendor: self.vendor.clone(),
            model: self.model.clone(),
            firmware: self.firmware.clone(),
            endpoints: master.into_iter().chain(self.segments.iter().filter_map(segment)).collect(),
        }
    }

    /// What it says of every part. A segment is lit when it is on and the whole is on.
    pub(super) fn values(&self, effects: &Names, palettes: &Names) -> Vec<(Part, Value)> {
        let light = |is_on, brightness: u8| {
            let level = Percent::of(f64::from(brightness), 255.0);
            [Value::OnOff(is_on), Value::Level(level)]
        };
        let is_only = self.only().is_some();
        let master = (!is_only).then(|| light(self.is_on, self.brightness));
        let master = master.into_iter().flatten().map(|value| (Part::Master, value));
        let segment = |it: &Segment| {
            let brightness = if is_only { self.brightness } else { it.brightness };
            let [on, level] = light(self.is_on && it.is_on, brightness);
            let level = it.leds.is_dimmable().then_some(level);
            let part = Part::Segment(it.id);
            let own = it.own_values(effects, palettes);
            let all = [on].into_iter().chain(level).chain(own);
            all.map(|value| (part, value)).collect::<Vec<_>>()
        };
        master.chain(self.segments.iter().flat_map(segment)).collect()
    }
}

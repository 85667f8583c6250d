//! A device's components: which kinds we know, and what their statuses and configurations say.
//!
//! Fields after <https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices>. Scripts, virtual
//! components, networks and everything unknown are passed over.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use model::{EndpointKey, Name};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::json::{List, Object, Scalar};

/// The most components of one device that are looked at.
pub(crate) const MAX_PARTS: usize = 64;

macro_rules! kinds {
    ($($(#[$meta:meta])* $kind:ident = $slug:literal / $namespace:literal),* $(,)?) => {
        /// A kind of component that becomes an endpoint.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Kind {
            $($(#[$meta])* $kind,)*
        }

        impl Kind {
            fn from_slug(text: &str) -> Option<Self> {
                match text {
                    $($slug => Some(Self::$kind),)*
                    _ => None,
                }
            }

            /// As in the keys of a status: `switch` of `switch:0`.
            pub(crate) fn slug(self) -> &'static str {
                match self {
                    $(Self::$kind => $slug,)*
                }
            }

            /// As in the names of methods: `Switch` of `Switch.Set`.
            pub(crate) fn namespace(self) -> &'static str {
                match self {
                    $(Self::$kind => $namespace,)*
                }
            }
        }
    };
}

kinds! {
    Switch = "switch" / "Switch",
    Light = "light" / "Light",
    Rgb = "rgb" / "RGB",
    Rgbw = "rgbw" / "RGBW",
    Cct = "cct" / "CCT",
    Rgbcct = "rgbcct" / "RGBCCT",
    Cover = "cover" / "Cover",
    Input = "input" / "Input",
    /// A meter with no relay.
    Pm1 = "pm1" / "PM1",
    /// A current clamp.
    Em1 = "em1" / "EM1",
    Temperature = "temperature" / "Temperature",
    Humidity = "humidity" / "Humidity",
    Illuminance = "illuminance" / "Illuminance",
    Smoke = "smoke" / "Smoke",
    Flood = "flood" / "Flood",
    DevicePower = "devicepower" / "DevicePower",
}

impl Kind {
    /// A light of any sort.
    pub(crate) fn is_light(self) -> bool {
        matches!(self, Self::Light | Self::Rgb | Self::Rgbw | Self::Cct | Self::Rgbcct)
    }
}

/// Names one component: `switch:0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PartId {
    pub(crate) kind: Kind,
    pub(crate) number: u16,
}

impl PartId {
    pub(crate) fn endpoint(self) -> Option<EndpointKey> {
        EndpointKey::try_from(format!("{}-{}", self.kind.slug(), self.number)).ok()
    }
}

impl FromStr for PartId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, number) = text.split_once(':').ok_or(())?;
        let kind = Kind::from_slug(kind).ok_or(())?;
        Ok(Self { kind, number: number.parse().map_err(|_| ())? })
    }
}

/// A status of a component, or what has changed of it.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    pub(crate) output: Scalar,
    pub(crate) state: Scalar,
    pub(crate) brightness: Scalar,
    pub(crate) rgb: List<Scalar, 3>,
    pub(crate) ct: Scalar,
    pub(crate) mode: Scalar,
    pub(crate) current_pos: Scalar,
    pub(crate) pos_control: Scalar,
    pub(crate) apower: Scalar,
    pub(crate) act_power: Scalar,
    pub(crate) voltage: Scalar,
    pub(crate) current: Scalar,
    pub(crate) aenergy: Object<Energy>,
    pub(crate) percent: Scalar,
    #[serde(rename = "tC")]
    pub(crate) celsius: Scalar,
    pub(crate) rh: Scalar,
    pub(crate) lux: Scalar,
    pub(crate) alarm: Scalar,
    pub(crate) battery: Object<Battery>,
}

/// An energy counter.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Energy {
    /// Watt-hours.
    pub(crate) total: Scalar,
}

/// A battery.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Battery {
    pub(crate) percent: Scalar,
}

/// What the configuration of a component says that we use.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct PartConfig {
    name: Scalar,
    #[serde(rename = "type")]
    input_type: Scalar,
    enable: Scalar,
    ct_range: List<Scalar, 2>,
}

/// What hangs on a wired input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputType {
    Switch,
    Button,
    Analog,
}

impl PartConfig {
    pub(crate) fn name(&self) -> Option<Name> {
        self.name.text().and_then(Name::lossy)
    }

    /// A component can be switched off in the configuration.
    pub(crate) fn is_disabled(&self) -> bool {
        self.enable.flag() == Some(false)
    }

    pub(crate) fn input_type(&self) -> Option<InputType> {
        match self.input_type.text() {
            None | Some("switch") => Some(InputType::Switch),
            Some("button") => Some(InputType::Button),
            Some("analog") => Some(InputType::Analog),
            Some(_) => None,
        }
    }

    /// Warmest and coolest white in kelvin, when it says so.
    pub(crate) fn white_range(&self) -> Option<(f64, f64)> {
        let [low, high] = self.ct_range.0.as_slice() else { return None };
        let (low, high) = (low.number()?, high.number()?);
        (low < high).then_some((low, high))
    }
}

/// What the `sys` component is configured to.
#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
pub(crate) struct SysConfig {
    device: Object<SysDevice>,
    ui_data: Object<UiData>,
}

#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
struct SysDevice {
    name: Scalar,
}

#[derive(Debug, Clone, Default, PartialEq, serde::Deserialize)]
#[serde(default)]
struct UiData {
    consumption_types: List<Scalar, MAX_PARTS>,
}

impl SysConfig {
    pub(crate) fn device_name(&self) -> Option<Name> {
        self.device.0.name.text().and_then(Name::lossy)
    }

    /// Whether the device's owner said that a light hangs on that relay.
    pub(crate) fn is_light(&self, relay: u16) -> bool {
        let consumer = self.ui_data.0.consumption_types.0.get(usize::from(relay));
        let text = consumer.and_then(Scalar::text).unwrap_or_default();
        text.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("light"))
    }
}

/// An object with components in it: a whole or partial status, or a configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tree<T, S> {
    /// The components we know; at most [`MAX_PARTS`].
    pub(crate) parts: Vec<(PartId, T)>,
    pub(crate) sys: S,
}

impl<'de, T, S> Deserialize<'de> for Tree<T, S>
where
    T: Deserialize<'de> + Default,
    S: Deserialize<'de> + Default,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TreeVisitor(PhantomData))
    }
}

struct TreeVisitor<T, S>(PhantomData<(T, S)>);

impl<'de, T, S> Visitor<'de> for TreeVisitor<T, S>
where
    T: Deserialize<'de> + Default,
    S: Deserialize<'de> + Default,
{
    type Value = Tree<T, S>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of components")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree<T, S>, A::Error> {
        let mut tree = Tree { parts: Vec::new(), sys: S::default() };
        while let Some(key) = entries.next_key::<String>()? {
            match key.parse::<PartId>() {
                Ok(id) if tree.parts.len() < MAX_PARTS => {
                    tree.parts.push((id, entries.next_value::<Object<T>>()?.0));
                }
                Err(()) if key == "sys" => tree.sys = entries.next_value::<Object<S>>()?.0,
                _ => drop(entries.next_value::<IgnoredAny>()?),
            }
        }
        Ok(tree)
    }
}

/// The statuses of a device's components.
pub(crate) type StatusTree = Tree<Status, Nothing>;
/// The configurations of a device's components.
pub(crate) type ConfigTree = Tree<PartConfig, SysConfig>;

/// An object nothing of which is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Deserialize)]
pub(crate) struct Nothing {}

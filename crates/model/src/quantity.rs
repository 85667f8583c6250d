//! Numbers with a unit and a range. A number out of its range, or not a number, has no value here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number that its quantity does not allow.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{value} is not between {min} and {max} {unit}")]
pub struct OutOfRange {
    value: f64,
    min: f64,
    max: f64,
    unit: &'static str,
}

impl OutOfRange {
    pub(crate) fn new(value: f64, min: f64, max: f64, unit: &'static str) -> Self {
        Self { value, min, max, unit }
    }
}

macro_rules! quantity {
    ($(#[$meta:meta])* $name:ident, $unit:literal, $min:literal ..= $max:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "f64", into = "f64")]
        pub struct $name(f64);

        impl $name {
            /// The unit, as printed behind the number.
            pub const UNIT: &'static str = $unit;
            /// The smallest number allowed.
            pub const MIN: f64 = $min;
            /// The largest number allowed.
            pub const MAX: f64 = $max;

            /// The bare number, in [`Self::UNIT`].
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// The nearest number that is allowed; the smallest for what is not a number.
            #[must_use]
            pub const fn clamped(value: f64) -> Self {
                if value >= Self::MAX {
                    Self(Self::MAX)
                } else if value >= Self::MIN {
                    Self(value)
                } else {
                    Self(Self::MIN)
                }
            }
        }

        impl TryFrom<f64> for $name {
            type Error = OutOfRange;

            fn try_from(value: f64) -> Result<Self, OutOfRange> {
                if (Self::MIN..=Self::MAX).contains(&value) {
                    Ok(Self(value))
                } else {
                    Err(OutOfRange { value, min: Self::MIN, max: Self::MAX, unit: Self::UNIT })
                }
            }
        }

        impl From<$name> for f64 {
            fn from(quantity: $name) -> Self {
                quantity.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{} {}", self.0, Self::UNIT)
            }
        }
    };
}

quantity!(
    /// Temperature. Matter TemperatureMeasurement: −273.15 to 327.67 °C.
    Celsius, "°C", -273.15..=327.67);
quantity!(
    /// Relative humidity. Matter RelativeHumidityMeasurement: 0 to 100 %.
    RelativeHumidity, "%", 0.0..=100.0);
quantity!(
    /// Illuminance. Matter IlluminanceMeasurement: up to 3.576 Mlx.
    Lux, "lx", 0.0..=3_576_000.0);
quantity!(
    /// Parts per million, of carbon dioxide in air.
    Ppm, "ppm", 0.0..=1_000_000.0);
quantity!(
    /// Mass of fine dust in air.
    MicrogramPerCubicMetre, "µg/m³", 0.0..=1_000_000.0);
quantity!(
    /// Active power; negative when it flows out of the home.
    Watt, "W", -1_000_000.0..=1_000_000.0);
quantity!(
    /// Voltage, effective.
    Volt, "V", 0.0..=100_000.0);
quantity!(
    /// Current, effective.
    Ampere, "A", -100_000.0..=100_000.0);
quantity!(
    /// Energy since the device began to count.
    KilowattHour, "kWh", 0.0..=1_000_000_000.0);
quantity!(
    /// Colour temperature. Matter gives mireds: 1,000,000 / K.
    Kelvin, "K", 1_000.0..=20_000.0);

/// Hundredths of a whole, in whole steps: 0 to 100 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Percent(u8);

impl Percent {
    /// Nothing of it.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const FULL: Self = Self(100);

    /// The bare number, 0 to 100.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// `part` of `whole` in the nearest percent, within 0 to 100.
    #[must_use]
    pub fn of(part: f64, whole: f64) -> Self {
        let percent = (100.0 * part / whole).round();
        if percent >= 100.0 {
            Self::FULL
        } else if percent > 0.0 {
            Self(percent as u8)
        } else {
            Self::ZERO
        }
    }

    /// That many hundredths of `whole`.
    #[must_use]
    pub fn times(self, whole: f64) -> f64 {
        f64::from(self.0) * whole / 100.0
    }
}

impl TryFrom<u8> for Percent {
    type Error = OutOfRange;

    fn try_from(value: u8) -> Result<Self, OutOfRange> {
        if value <= 100 {
            Ok(Self(value))
        } else {
            Err(OutOfRange { value: f64::from(value), min: 0.0, max: 100.0, unit: "%" })
        }
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> Self {
        percent.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} %", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_number_is_no_quantity() {
        Celsius::try_from(f64::NAN).unwrap_err();
        Celsius::try_from(-300.0).unwrap_err();
        assert_eq!(Celsius::try_from(21.5).unwrap().to_string(), "21.5 °C");
    }

    #[test]
    fn clamping_always_gives_a_quantity() {
        assert_eq!(Lux::clamped(f64::NAN).get(), 0.0);
        assert_eq!(Lux::clamped(f64::INFINITY).get(), Lux::MAX);
    }

    #[test]
    fn percents_of_255_survive_the_way_there_and_back() {
        for percent in 0..=100 {
            let percent = Percent::try_from(percent).unwrap();
            assert_eq!(Percent::of(percent.times(255.0).round(), 255.0), percent);
        }
        assert_eq!(Percent::of(f64::NAN, 1.0), Percent::ZERO);
    }
}

//! Colour of a light, without its brightness (that is `Level`).

use serde::{Deserialize, Serialize};

use crate::{Kelvin, OutOfRange, Percent};

/// Colour as Matter's ColorControl has it: by hue and saturation, or by temperature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Color {
    /// Hue and saturation.
    HueSaturation(Hue, Percent),
    /// White of that warmth.
    Temperature(Kelvin),
}

/// An angle on the colour circle in whole degrees: 0 red, 120 green, 240 blue; below 360.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Hue(u16);

impl Hue {
    /// The angle in degrees, 0 to 359.
    #[must_use]
    pub const fn degrees(self) -> u16 {
        self.0
    }

    /// How far two hues are apart, the short way round: 0 to 180 degrees.
    #[must_use]
    pub fn distance(self, other: Self) -> u16 {
        let apart = self.0.abs_diff(other.0);
        apart.min(360 - apart)
    }
}

impl TryFrom<u16> for Hue {
    type Error = OutOfRange;

    fn try_from(degrees: u16) -> Result<Self, OutOfRange> {
        if degrees < 360 {
            Ok(Self(degrees))
        } else {
            Err(OutOfRange::new(f64::from(degrees), 0.0, 359.0, "°"))
        }
    }
}

impl From<Hue> for u16 {
    fn from(hue: Hue) -> Self {
        hue.0
    }
}

impl Color {
    /// The colour of an RGB triple, its brightness left out. Black counts as white.
    #[must_use]
    pub fn from_rgb([red, green, blue]: [u8; 3]) -> Self {
        let (red, green, blue) = (f64::from(red), f64::from(green), f64::from(blue));
        let max = red.max(green).max(blue);
        let spread = max - red.min(green).min(blue);
        let saturation = if max > 0.0 { Percent::of(spread, max) } else { Percent::ZERO };
        let sixth = if spread <= 0.0 {
            0.0
        } else if max == red {
            ((green - blue) / spread).rem_euclid(6.0)
        } else if max == green {
            (blue - red) / spread + 2.0
        } else {
            (red - green) / spread + 4.0
        };
        Self::HueSaturation(Hue((60.0 * sixth).round() as u16 % 360), saturation)
    }

    /// The brightest RGB triple of this colour, for devices (and screens) that know no other way.
    /// White of a temperature follows Planck's curve by the usual polynomial fit.
    #[must_use]
    pub fn to_rgb(self) -> [u8; 3] {
        match self {
            Self::HueSaturation(hue, saturation) => hue_to_rgb(hue, saturation),
            Self::Temperature(kelvin) => kelvin_to_rgb(kelvin),
        }
    }

    /// Whether a device that was asked for `wanted` and now shows `self` has done it: devices
    /// round, so a few degrees, percents and kelvins are the same.
    #[must_use]
    pub fn is_close_to(self, wanted: Self) -> bool {
        match (self, wanted) {
            (Self::HueSaturation(hue, saturation), Self::HueSaturation(other, wanted)) => {
                let colourless = saturation.get() <= 2 && wanted.get() <= 2;
                saturation.get().abs_diff(wanted.get()) <= 2
                    && (colourless || hue.distance(other) <= 4)
            }
            (Self::Temperature(is), Self::Temperature(wanted)) => {
                (is.get() - wanted.get()).abs() <= wanted.get() / 40.0
            }
            (Self::HueSaturation(..), Self::Temperature(_))
            | (Self::Temperature(_), Self::HueSaturation(..)) => false,
        }
    }
}

fn hue_to_rgb(hue: Hue, saturation: Percent) -> [u8; 3] {
    let sixth = f64::from(hue.0) / 60.0;
    let floor = 1.0 - saturation.times(1.0);
    let channel = |offset: f64| {
        let at = (sixth + offset).rem_euclid(6.0);
        let full = at.min(4.0 - at).clamp(0.0, 1.0);
        (255.0 * (1.0 - (1.0 - floor) * full)).round() as u8
    };
    [channel(5.0), channel(3.0), channel(1.0)]
}

fn kelvin_to_rgb(kelvin: Kelvin) -> [u8; 3] {
    let hundreds = kelvin.get() / 100.0;
    let byte = |value: f64| value.round().clamp(0.0, 255.0) as u8;
    let green_low = 99.470_8 * hundreds.ln() - 161.119_6;
    let green_high = 288.122_2 * (hundreds - 60.0).max(1.0).powf(-0.075_515);
    let red_high = 329.698_7 * (hundreds - 60.0).max(1.0).powf(-0.133_205);
    let blue_low = 138.517_7 * (hundreds - 10.0).max(1.0).ln() - 305.044_8;
    if hundreds <= 66.0 {
        [255, byte(green_low), if hundreds <= 19.0 { 0 } else { byte(blue_low) }]
    } else {
        [byte(red_high), byte(green_high), 255]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(hue: u16, saturation: u8) -> Color {
        Color::HueSaturation(hue.try_into().unwrap(), saturation.try_into().unwrap())
    }

    #[test]
    fn primary_colours_have_their_angles() {
        for (rgb, hue) in [([255, 0, 0], 0), ([0, 255, 0], 120), ([0, 0, 255], 240)] {
            assert_eq!(Color::from_rgb(rgb), color(hue, 100));
            assert_eq!(color(hue, 100).to_rgb(), rgb);
        }
    }

    #[test]
    fn every_colour_survives_the_way_through_rgb() {
        for hue in 0..360 {
            for saturation in [0, 10, 40, 73, 100] {
                let wanted = color(hue, saturation);
                assert!(Color::from_rgb(wanted.to_rgb()).is_close_to(wanted), "{wanted:?}");
            }
        }
    }

    #[test]
    fn warm_white_is_redder_than_cold_white() {
        let warm = Color::Temperature(Kelvin::clamped(2_700.0)).to_rgb();
        let cold = Color::Temperature(Kelvin::clamped(9_000.0)).to_rgb();
        assert!(warm[0] > warm[2] && cold[2] > cold[0], "{warm:?} {cold:?}");
    }

    #[test]
    fn black_counts_as_white() {
        assert_eq!(Color::from_rgb([0, 0, 0]), color(0, 0));
    }
}

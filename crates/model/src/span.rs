//! Lengths of time as people write them: `90s`, `1h30m`, `500ms`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The units, longest first, in milliseconds.
const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A length of time in whole milliseconds, up to a thousand years. What is allowed where is the
/// business of whoever uses it ([`crate::rule::LONGEST_WAIT`]).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct Span(u64);

/// A text that is not a length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a length of time such as `90s`, `1h30m` or `500ms`")]
pub struct SpanError(String);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest that can be written: 365,000 days.
    pub const MAX: Self = Self::seconds(365_000 * 86_400);

    /// That many milliseconds.
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        Self(millis)
    }

    /// That many seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// That many minutes.
    #[must_use]
    pub const fn minutes(minutes: u64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// In milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// As the standard library has it.
    #[must_use]
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }

    /// For serde, which asks by reference.
    pub(crate) fn is_zero_ref(&self) -> bool {
        self.is_zero()
    }

    /// Whether it is no time at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        parse(text)
            .filter(|it| *it <= Self::MAX)
            .ok_or_else(|| SpanError(text.chars().take(64).collect()))
    }
}

/// Numbers with units, each unit at most once, longest first.
fn parse(text: &str) -> Option<Span> {
    let mut rest = text.trim();
    let mut total = 0_u64;
    let mut allowed = &UNITS[..];
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|letter: char| letter.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let at = allowed.iter().position(|(name, _)| *name == unit)?;
        let (_, millis) = allowed.get(at)?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*millis)?)?;
        allowed = allowed.get(at.saturating_add(1)..)?;
        rest = tail;
    }
    Some(Span(total))
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        if rest == 0 {
            return formatter.write_str("0s");
        }
        for (unit, millis) in UNITS {
            if rest >= millis {
                write!(formatter, "{}{unit}", rest / millis)?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (text, expected) in [
            ("90s", Some(90_000)),
            ("1h30m", Some(5_400_000)),
            ("1h 30m", None),
            ("500ms", Some(500)),
            ("1m500ms", Some(60_500)),
            ("0s", Some(0)),
            ("", None),
            ("5", None),
            ("s", None),
            ("1m1h", None),
            ("1s1s", None),
            ("-1s", None),
            ("99999999999999999999d", None),
            ("365001d", None),
        ] {
            assert_eq!(text.parse::<Span>().ok().map(Span::as_millis), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_length_survives_text(millis in 0..Span::MAX.as_millis()) {
            prop_assert_eq!(Span::millis(millis).to_string().parse(), Ok(Span::millis(millis)));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            drop(text.parse::<Span>());
        }
    }
}

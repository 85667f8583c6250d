//! Days and times as people name them, in the home's own time zone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A time of day, to the second: `07:30`, `22:15:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LocalTime(u32);

/// A day of the calendar: `2026-12-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    day: MonthDay,
}

/// A day of every year: `12-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: u8,
    day: u8,
}

/// A text that is not such a time or day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct CalendarError {
    text: String,
    wanted: &'static str,
}

impl CalendarError {
    fn new(text: &str, wanted: &'static str) -> Self {
        Self { text: text.chars().take(32).collect(), wanted }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// All seven, Monday first (ISO 8601).
    pub const ALL: [Self; 7] =
        [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// Some days of the week. Written as a list, `["mon", "tue"]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Weekday>", into = "Vec<Weekday>")]
pub struct Weekdays(u8);

impl Weekdays {
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKING: Self = Self(0b001_1111);
    /// Saturday and Sunday.
    pub const WEEKEND: Self = Self(0b110_0000);

    /// Whether that day is among them.
    #[must_use]
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & day.bit() != 0
    }

    /// These and that day, or these without it when it is among them.
    #[must_use]
    pub fn toggled(self, day: Weekday) -> Self {
        Self(self.0 ^ day.bit())
    }

    /// In order, Monday first.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(move |day| self.contains(*day))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Default for Weekdays {
    fn default() -> Self {
        Self::ALL
    }
}

impl From<Vec<Weekday>> for Weekdays {
    fn from(days: Vec<Weekday>) -> Self {
        Self(days.into_iter().fold(0, |bits, day| bits | day.bit()))
    }
}

impl From<Weekdays> for Vec<Weekday> {
    fn from(days: Weekdays) -> Self {
        days.iter().collect()
    }
}

/// On which days. A day counts when everything that is given says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// Days of the week.
    #[serde(default)]
    pub weekdays: Weekdays,
    /// Only on these days of the calendar, when there are any; at most 366.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 366)))]
    pub dates: Vec<Date>,
    /// Only from the first of these days of the year to the second, both included; across the
    /// turn of the year when the first is later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<(MonthDay, MonthDay)>,
}

impl Days {
    /// Whether every day counts.
    #[must_use]
    pub fn is_every_day(&self) -> bool {
        *self == Self::default()
    }

    /// Whether that day counts.
    #[must_use]
    pub fn contains(&self, date: Date, weekday: Weekday) -> bool {
        let in_season = self.season.is_none_or(|(first, last)| {
            let day = date.day;
            if first <= last { (first..=last).contains(&day) } else { day >= first || day <= last }
        });
        let is_dated = self.dates.is_empty() || self.dates.contains(&date);
        self.weekdays.contains(weekday) && is_dated && in_season
    }
}

impl LocalTime {
    /// Midnight, at which a day begins.
    pub const MIDNIGHT: Self = Self(0);

    /// That many seconds after midnight, as clocks show it; `None` from 86,400 on.
    #[must_use]
    pub const fn from_seconds(seconds: u32) -> Option<Self> {
        if seconds < 86_400 { Some(Self(seconds)) } else { None }
    }

    /// Hours and minutes; `None` when clocks do not show such a time.
    #[must_use]
    pub const fn new(hour: u32, minute: u32) -> Option<Self> {
        if hour < 24 && minute < 60 { Some(Self(hour * 3_600 + minute * 60)) } else { None }
    }

    /// Seconds after midnight, as clocks show it.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl FromStr for LocalTime {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let wanted = "a time of day such as `07:30`";
        time(text).ok_or_else(|| CalendarError::new(text, wanted))
    }
}

fn time(text: &str) -> Option<LocalTime> {
    let mut parts = text.trim().split(':');
    let hour = number(parts.next()?, 1, 2)?;
    let minute = number(parts.next()?, 2, 2)?;
    let second = parts.next().map_or(Some(0), |it| number(it, 2, 2))?;
    let fits = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    fits.then(|| LocalTime(hour * 3_600 + minute * 60 + second))
}

fn number(text: &str, least: usize, most: usize) -> Option<u32> {
    let is_number = text.chars().all(|letter| letter.is_ascii_digit());
    let fits = is_number && (least..=most).contains(&text.len());
    fits.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for LocalTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = (self.0 / 3_600, self.0 / 60 % 60, self.0 % 60);
        write!(formatter, "{hour:02}:{minute:02}")?;
        if second > 0 { write!(formatter, ":{second:02}") } else { Ok(()) }
    }
}

impl MonthDay {
    /// A month (1 to 12) and a day of it; 29 February is one. `None` when there is none such.
    #[must_use]
    pub fn new(month: u8, day: u8) -> Option<Self> {
        let longest = match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=longest).contains(&day).then_some(Self { month, day })
    }

    /// 1 to 12.
    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    /// 1 to 31.
    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }
}

impl FromStr for MonthDay {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let parsed = text.trim().split_once('-').and_then(|(month, day)| {
            let month = u8::try_from(number(month, 1, 2)?).ok()?;
            Self::new(month, u8::try_from(number(day, 1, 2)?).ok()?)
        });
        parsed.ok_or_else(|| CalendarError::new(text, "a day of the year such as `12-24`"))
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}-{:02}", self.month, self.day)
    }
}

impl Date {
    /// A day of the Gregorian calendar, years 1970 to 9999; `None` when there is none such.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let day = MonthDay::new(month, day)?;
        let fits = (1970..=9999).contains(&year) && (is_leap || (day.month, day.day) != (2, 29));
        fits.then_some(Self { year, day })
    }

    /// 1970 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// Which day of its year.
    #[must_use]
    pub const fn month_day(self) -> MonthDay {
        self.day
    }
}

impl FromStr for Date {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let parsed = text.trim().split_once('-').and_then(|(year, rest)| {
            let year = u16::try_from(number(year, 4, 4)?).ok()?;
            let day: MonthDay = rest.parse().ok()?;
            Self::new(year, day.month, day.day)
        });
        parsed.ok_or_else(|| CalendarError::new(text, "a day such as `2026-12-24`"))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{}", self.year, self.day)
    }
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = CalendarError;

            fn try_from(text: String) -> Result<Self, CalendarError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(it: $name) -> Self {
                it.to_string()
            }
        }
    )*};
}

as_text!(LocalTime, MonthDay, Date);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("07:30", Some("07:30")),
            ("7:30", Some("07:30")),
            ("22:15:30", Some("22:15:30")),
            ("24:00", None),
            ("12:60", None),
            ("12", None),
            ("12:3", None),
            ("1:2:3:4", None),
            ("+1:00", None),
        ] {
            let read = text.parse::<LocalTime>().ok().map(|it| it.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn days_that_are_not_in_the_calendar_are_refused() {
        for text in ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "x"] {
            text.parse::<Date>().unwrap_err();
        }
        assert_eq!(date("2028-02-29").to_string(), "2028-02-29");
    }

    #[test]
    fn a_season_goes_across_the_turn_of_the_year() {
        let season = Some((MonthDay::new(12, 1).unwrap(), MonthDay::new(1, 6).unwrap()));
        let days = Days { season, ..Days::default() };
        for (day, counts) in [
            ("2026-12-01", true),
            ("2027-01-06", true),
            ("2027-01-07", false),
            ("2026-11-30", false),
        ] {
            assert_eq!(days.contains(date(day), Weekday::Mon), counts, "{day}");
        }
    }

    #[test]
    fn weekdays_are_a_set() {
        let days = Weekdays::from(vec![Weekday::Sun, Weekday::Mon, Weekday::Mon]);
        assert_eq!(Vec::from(days), [Weekday::Mon, Weekday::Sun]);
        assert!(!days.toggled(Weekday::Sun).contains(Weekday::Sun));
    }

    proptest! {
        #[test]
        fn a_time_survives_text(seconds in 0_u32..86_400) {
            let time = LocalTime::from_seconds(seconds).unwrap();
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,16}") {
            drop((text.parse::<LocalTime>(), text.parse::<Date>(), text.parse::<MonthDay>()));
        }
    }
}

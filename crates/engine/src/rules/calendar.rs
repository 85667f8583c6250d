//! The home's clocks: from instants to local days and times and back.
//!
//! A local time that does not exist (clocks are put forward) is the first instant after the gap;
//! one that exists twice (they are put back) is the first of the two. Both are one rule: the first
//! instant at which clocks show that time or a later one. Nothing here panics: instants before
//! 1970-01-03 or after 9999-12-28 count as those.

use chrono::{
    DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone,
};
use chrono_tz::{OffsetComponents, Tz};
use model::rule::{Date, Days, LocalTime, Weekday};
use model::{Place, Timestamp, Zone};

/// The first and the last instant that are told apart, so that the days around them are in the
/// calendar too.
const EARLIEST: i64 = 2 * DAY;
const LATEST: i64 = 253_401_955_200_000;
/// A day of 24 hours, ms.
pub(crate) const DAY: i64 = 86_400_000;

/// The home's clocks, and where its sun is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Calendar {
    pub(crate) zone: Tz,
    pub(crate) place: Option<Place>,
}

/// What clocks and calendars on the wall show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) date: NaiveDate,
    pub(crate) time: LocalTime,
}

impl Calendar {
    /// The home's clocks; a zone that is not known counts as universal time.
    pub(crate) fn new(zone: &Zone, place: Option<Place>) -> Self {
        Self { zone: zone.as_str().parse().unwrap_or(Tz::UTC), place }
    }

    /// What clocks show at an instant.
    pub(crate) fn reading(&self, at: Timestamp) -> Reading {
        let local = self.local(at);
        let midnight = local.date().and_time(NaiveTime::MIN);
        let seconds = u32::try_from((local - midnight).num_seconds()).unwrap_or(0);
        let time = LocalTime::from_seconds(seconds).unwrap_or(LocalTime::MIDNIGHT);
        Reading { date: local.date(), time }
    }

    /// The first instant at which clocks show that time of that day, or a later one.
    pub(crate) fn first_instant(&self, date: NaiveDate, time: LocalTime) -> Timestamp {
        let since_midnight = TimeDelta::seconds(i64::from(time.seconds()));
        let wanted = date.and_time(NaiveTime::MIN) + since_midnight;
        let found = self.zone.offset_from_local_datetime(&wanted).earliest();
        match found {
            Some(offset) => millis(wanted - offset.fix()),
            None => self.end_of_gap(wanted),
        }
    }

    /// How far clocks are ahead of universal time at an instant, ms.
    pub(crate) fn ahead(&self, at: Timestamp) -> i64 {
        let offset = self.zone.offset_from_utc_datetime(&universal(at)).fix();
        i64::from(offset.local_minus_utc()) * 1_000
    }

    /// The same, when summer time is left out of it.
    pub(crate) fn ahead_in_winter(&self, at: Timestamp) -> i64 {
        let offset = self.zone.offset_from_utc_datetime(&universal(at));
        offset.base_utc_offset().num_milliseconds()
    }

    /// When clocks are first changed after the one instant and not after the other, which is not
    /// more than some days later.
    pub(crate) fn change_between(&self, after: Timestamp, until: Timestamp) -> Option<Timestamp> {
        let before = self.ahead(after);
        (self.ahead(until) != before)
            .then(|| first_where(after, until, |at| self.ahead(at) != before))
    }

    fn local(&self, at: Timestamp) -> NaiveDateTime {
        let universal = universal(at);
        universal + self.zone.offset_from_utc_datetime(&universal).fix()
    }

    fn end_of_gap(&self, wanted: NaiveDateTime) -> Timestamp {
        // No zone is further than 26 hours from universal time, and none skipped more than a day.
        let (low, high) = (wanted - TimeDelta::hours(52), wanted + TimeDelta::hours(52));
        first_where(millis(low), millis(high), |at| self.local(at) >= wanted)
    }
}

/// The first second after `low` at which it is so, when it is so at `high`.
fn first_where(low: Timestamp, high: Timestamp, is_so: impl Fn(Timestamp) -> bool) -> Timestamp {
    let (mut low, mut high) = (low.0.div_euclid(1_000), high.0.div_euclid(1_000));
    while high.saturating_sub(low) > 1 {
        let middle = low.midpoint(high);
        let bound = if is_so(Timestamp(middle * 1_000)) { &mut high } else { &mut low };
        *bound = middle;
    }
    Timestamp(high * 1_000)
}

fn universal(at: Timestamp) -> NaiveDateTime {
    let at = DateTime::from_timestamp_millis(clamped(at).0);
    at.unwrap_or_default().naive_utc()
}

fn millis(universal: NaiveDateTime) -> Timestamp {
    Timestamp(universal.and_utc().timestamp_millis())
}

/// The instant, or the first or the last that counts.
pub(crate) fn clamped(at: Timestamp) -> Timestamp {
    Timestamp(at.0.clamp(EARLIEST, LATEST))
}

/// Days since 1970-01-01.
pub(crate) fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

/// The day so many days after 1970-01-01; the nearest that is in the calendar.
pub(crate) fn day(number: i64) -> NaiveDate {
    let number = number.clamp(0, LATEST / DAY + 2);
    i32::try_from(number).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default()
}

/// Whether a day is among these.
pub(crate) fn is_among(date: NaiveDate, days: &Days) -> bool {
    as_date(date).is_some_and(|it| days.contains(it, weekday(date)))
}

/// The day as rules have it; `None` outside of the years 1970 to 9999.
fn as_date(date: NaiveDate) -> Option<Date> {
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Date::new(year, month, day)
}

/// The day as the calendar has it.
pub(crate) fn as_day(date: Date) -> Option<NaiveDate> {
    let (month, day) = (date.month_day().month(), date.month_day().day());
    NaiveDate::from_ymd_opt(i32::from(date.year()), u32::from(month), u32::from(day))
}

fn weekday(date: NaiveDate) -> Weekday {
    match date.weekday() {
        chrono::Weekday::Mon => Weekday::Mon,
        chrono::Weekday::Tue => Weekday::Tue,
        chrono::Weekday::Wed => Weekday::Wed,
        chrono::Weekday::Thu => Weekday::Thu,
        chrono::Weekday::Fri => Weekday::Fri,
        chrono::Weekday::Sat => Weekday::Sat,
        chrono::Weekday::Sun => Weekday::Sun,
    }
}

/// Whether there is such a time zone.
pub(crate) fn is_known(zone: &Zone) -> bool {
    zone.as_str().parse::<Tz>().is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calendar(zone: Tz) -> Calendar {
        Calendar { zone, place: None }
    }

    fn instant(text: &str) -> Timestamp {
        Timestamp(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    fn first(zone: Tz, date: &str, time: &str) -> Timestamp {
        calendar(zone).first_instant(date.parse().unwrap(), time.parse().unwrap())
    }

    #[test]
    fn what_does_not_exist_or_exists_twice_is_one_instant() {
        for (zone, date, time, expected) in [
            // put forward from 02:00 to 03:00
            (Tz::Europe__Berlin, "2026-03-29", "02:30", "2026-03-29T03:00:00+02:00"),
            (Tz::Europe__Berlin, "2026-03-29", "02:00", "2026-03-29T03:00:00+02:00"),
            (Tz::Europe__Berlin, "2026-03-29", "01:59", "2026-03-29T01:59:00+01:00"),
            // put back from 03:00 to 02:00
            (Tz::Europe__Berlin, "2026-10-25", "02:30", "2026-10-25T02:30:00+02:00"),
            (Tz::Europe__Berlin, "2026-10-25", "03:00", "2026-10-25T03:00:00+01:00"),
            // half an hour
            (Tz::Australia__Lord_Howe, "2026-10-04", "02:15", "2026-10-04T02:30:00+11:00"),
            (Tz::Australia__Lord_Howe, "2026-04-05", "01:45", "2026-04-05T01:45:00+11:00"),
            // the last hour of a Saturday does not exist
            (Tz::America__Nuuk, "2026-03-28", "23:30", "2026-03-29T00:00:00-01:00"),
            // a whole day did not exist
            (Tz::Pacific__Apia, "2011-12-30", "07:00", "2011-12-31T00:00:00+14:00"),
        ] {
            assert_eq!(first(zone, date, time), instant(expected), "{zone} {date} {time}");
        }
    }

    #[test]
    fn an_unknown_zone_counts_as_universal_time() {
        let zone = Zone::try_from("Mars/Olympus".to_owned()).unwrap();
        assert!(!is_known(&zone));
        assert_eq!(Calendar::new(&zone, None).zone, Tz::UTC);
    }

    #[test]
    fn the_change_of_clocks_is_found_to_the_second() {
        let berlin = calendar(Tz::Europe__Berlin);
        let (after, until) = (instant("2026-10-24T12:00:00Z"), instant("2026-10-26T12:00:00Z"));
        assert_eq!(berlin.change_between(after, until), Some(instant("2026-10-25T01:00:00Z")));
        assert_eq!(berlin.change_between(until, until + std::time::Duration::from_secs(9)), None);
    }

    /// Every minute of three years, looked at one after the other.
    fn every_minute(zone: Tz) {
        let calendar = calendar(zone);
        let (mut at, end) = (instant("2025-12-31T12:00:00Z"), instant("2029-01-01T12:00:00Z"));
        let mut shown = calendar.local(at);
        while at < end {
            at = Timestamp(at.0 + 60_000);
            let now = calendar.local(at);
            // Clocks went on, or jumped ahead: whatever they now show or skipped is this instant.
            while shown < now {
                shown += TimeDelta::minutes(1);
                let seconds = u32::try_from(shown.and_utc().timestamp().rem_euclid(86_400));
                let time = LocalTime::from_seconds(seconds.unwrap()).unwrap();
                assert_eq!(calendar.first_instant(shown.date(), time), at, "{zone} {shown}");
            }
        }
    }

    #[test]
    fn every_minute_of_berlin_is_its_first_instant() {
        every_minute(Tz::Europe__Berlin);
    }

    #[test]
    fn every_minute_of_new_york_is_its_first_instant() {
        every_minute(Tz::America__New_York);
    }

    #[test]
    fn every_minute_of_lord_howe_is_its_first_instant() {
        every_minute(Tz::Australia__Lord_Howe);
    }

    #[test]
    fn every_minute_of_casablanca_is_its_first_instant() {
        every_minute(Tz::Africa__Casablanca);
    }

    #[test]
    fn every_minute_of_st_johns_is_its_first_instant() {
        every_minute(Tz::America__St_Johns);
    }

    proptest! {
        #[test]
        fn no_instant_makes_it_panic(at in any::<i64>(), zone in 0..chrono_tz::TZ_VARIANTS.len()) {
            let calendar = calendar(chrono_tz::TZ_VARIANTS[zone]);
            let Reading { date, time } = calendar.reading(Timestamp(at));
            let first = calendar.first_instant(date, time);
            let clamped = at.clamp(EARLIEST, LATEST);
            prop_assert!(first.0 <= clamped);
            prop_assert!(as_date(date).is_some());
            prop_assert_eq!(day(day_number(date)), date);
        }
    }
}

//! When the sun rises and sets over the home.
//!
//! After the equations of the NOAA Solar Calculator (J. Meeus, *Astronomical Algorithms*, low
//! accuracy), solved at the event itself rather than at noon: within a minute up to the polar
//! circles. A day here is a solar day: sunset belongs to the day of the noon before it, even when
//! clocks show past midnight by then.

use chrono::NaiveDate;
use model::rule::SunEvent;
use model::{Place, Timestamp};

use super::calendar::{Calendar, DAY, clamped, day, day_number};

/// How far below the horizon the middle of the sun is when its rim appears: refraction and its
/// own radius, degrees.
const HORIZON: f64 = -0.833;
/// Longitude that the sun crosses in a millisecond, the other way round: ms a degree.
const MILLIS_A_DEGREE: f64 = 240_000.0;

/// Where the sun is among the stars.
struct Sun {
    /// Declination, radians.
    declination: f64,
    /// How far a sundial is ahead of the mean sun, days.
    equation_of_time: f64,
}

impl Calendar {
    /// When the sun rises or sets on a day; `None` when it does not that day, or when nobody
    /// knows where the home is.
    pub(crate) fn sun(&self, event: SunEvent, date: NaiveDate) -> Option<Timestamp> {
        let place = self.place?;
        let number = day_number(date);
        let noon = Timestamp(number.saturating_mul(DAY).saturating_add(DAY / 2));
        moment(place, number.saturating_sub(self.days_ahead(place, noon)), event)
    }

    /// The day whose noon is the nearest.
    pub(crate) fn solar_date(&self, at: Timestamp) -> Option<NaiveDate> {
        let place = self.place?;
        Some(day(solar_day(place, at).saturating_add(self.days_ahead(place, at))))
    }

    /// Whether the sun is up; `None` when nobody knows where the home is.
    pub(crate) fn is_sun_up(&self, at: Timestamp) -> Option<bool> {
        let place = self.place?;
        let day = solar_day(place, at);
        let rises = moment(place, day, SunEvent::Sunrise);
        let sets = moment(place, day, SunEvent::Sunset);
        Some(match (rises, sets) {
            (Some(rises), Some(sets)) => rises <= at && at < sets,
            (Some(rises), None) => rises <= at,
            (None, Some(sets)) => at < sets,
            (None, None) => is_up_at_noon(place, day),
        })
    }

    /// When the answer of [`Calendar::is_sun_up`] may next be another one.
    pub(crate) fn sun_changes(&self, after: Timestamp) -> Option<Timestamp> {
        let place = self.place?;
        let today = solar_day(place, after);
        let changes = (today..=today.saturating_add(1)).flat_map(|day| {
            let rises = moment(place, day, SunEvent::Sunrise);
            let sets = moment(place, day, SunEvent::Sunset);
            [rises, sets, Some(midnight_after(place, day))]
        });
        changes.flatten().filter(|it| *it > after).min()
    }

    /// By how many days the calendar here is ahead of the sun: where a zone reaches across the
    /// date line (Kiribati), one.
    fn days_ahead(&self, place: Place, at: Timestamp) -> i64 {
        let ahead = self.ahead_in_winter(at) as f64 - place.longitude() * MILLIS_A_DEGREE;
        (ahead / DAY as f64).round() as i64
    }
}

/// The day of the mean sun over a place, counted as [`day_number`] counts.
fn solar_day(place: Place, at: Timestamp) -> i64 {
    let ahead = (place.longitude() * MILLIS_A_DEGREE) as i64;
    clamped(at).0.saturating_add(ahead).div_euclid(DAY)
}

fn midnight_after(place: Place, day: i64) -> Timestamp {
    let ahead = (place.longitude() * MILLIS_A_DEGREE) as i64;
    Timestamp(day.saturating_add(1).saturating_mul(DAY).saturating_sub(ahead))
}

/// Noon of the mean sun, in days since 1970-01-01T00:00Z.
fn mean_noon(place: Place, day: i64) -> f64 {
    day as f64 + 0.5 - place.longitude() / 360.0
}

/// To the second, so that the last digits of a sine decide nothing.
fn moment(place: Place, day: i64, event: SunEvent) -> Option<Timestamp> {
    let noon = mean_noon(place, day);
    let mut at = noon;
    for _ in 0..8 {
        let sun = Sun::over(at);
        let arc = half_arc(place, sun.declination)?;
        let next = match event {
            SunEvent::Sunrise => noon - sun.equation_of_time - arc,
            SunEvent::Sunset => noon - sun.equation_of_time + arc,
        };
        let is_settled = (next - at).abs() < 1e-6;
        at = next;
        if is_settled {
            break;
        }
    }
    Some(Timestamp((at * 86_400.0).round() as i64 * 1_000))
}

fn is_up_at_noon(place: Place, day: i64) -> bool {
    let sun = Sun::over(mean_noon(place, day));
    (place.latitude().to_radians() - sun.declination).cos() > HORIZON.to_radians().sin()
}

/// The time between noon and rise or set, days; `None` when it does neither.
fn half_arc(place: Place, declination: f64) -> Option<f64> {
    let latitude = place.latitude().to_radians();
    let height = HORIZON.to_radians().sin() - latitude.sin() * declination.sin();
    let cosine = height / (latitude.cos() * declination.cos());
    (-1.0..=1.0).contains(&cosine).then(|| cosine.acos() / std::f64::consts::TAU)
}

impl Sun {
    /// At an instant, in days since 1970-01-01T00:00Z.
    fn over(at: f64) -> Self {
        // Centuries since noon of 2000-01-01.
        let century = (at - 10_957.5) / 36_525.0;
        let longitude = 280.46646 + century * (36000.76983 + century * 0.0003032);
        let longitude = longitude.rem_euclid(360.0).to_radians();
        let anomaly = 357.52911 + century * (35999.05029 - century * 0.0001537);
        let anomaly = anomaly.rem_euclid(360.0).to_radians();
        let centre = anomaly.sin() * (1.914602 - century * (0.004817 + century * 0.000014))
            + (2.0 * anomaly).sin() * (0.019993 - century * 0.000101)
            + (3.0 * anomaly).sin() * 0.000289;
        let node = (125.04 - 1_934.136 * century).to_radians();
        let apparent = longitude + (centre - 0.00569 - 0.00478 * node.sin()).to_radians();
        let seconds = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813));
        let tilt = 23.0 + (26.0 + seconds / 60.0) / 60.0 + 0.00256 * node.cos();
        let tilt = tilt.to_radians();
        Self {
            declination: (tilt.sin() * apparent.sin()).asin(),
            equation_of_time: equation_of_time(century, longitude, anomaly, tilt),
        }
    }
}

fn equation_of_time(century: f64, longitude: f64, anomaly: f64, tilt: f64) -> f64 {
    let eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century);
    let y = (tilt / 2.0).tan().powi(2);
    let radians = y * (2.0 * longitude).sin() - 2.0 * eccentricity * anomaly.sin()
        + 4.0 * eccentricity * y * anomaly.sin() * (2.0 * longitude).cos()
        - 0.5 * y * y * (4.0 * longitude).sin()
        - 1.25 * eccentricity * eccentricity * (2.0 * anomaly).sin();
    radians / std::f64::consts::TAU
}
#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;

    fn calendar(zone: Tz, latitude: f64, longitude: f64) -> Calendar {
        Calendar { zone, place: Some(Place::new(latitude, longitude).unwrap()) }
    }

    fn minutes(text: &str) -> Option<i64> {
        DateTime::parse_from_rfc3339(text).ok().map(|it| it.timestamp() / 60)
    }

    /// As almanacs have it, to the minute: the day, sunrise and sunset.
    const ALMANAC: [(Tz, f64, f64, &[[&str; 3]]); 9] = [
        (
            Tz::Europe__Berlin,
            52.52,
            13.405,
            &[
                ["2024-03-20", "2024-03-20T06:08:00+01:00", "2024-03-20T18:20:00+01:00"],
                ["2024-06-20", "2024-06-20T04:43:00+02:00", "2024-06-20T21:33:00+02:00"],
                ["2024-12-21", "2024-12-21T08:15:00+01:00", "2024-12-21T15:54:00+01:00"],
                ["2031-10-03", "2031-10-03T07:10:00+02:00", "2031-10-03T18:40:00+02:00"],
            ],
        ),
        (
            Tz::Europe__London,
            51.507,
            -0.128,
            &[
                ["2024-06-20", "2024-06-20T04:43:00+01:00", "2024-06-20T21:21:00+01:00"],
                ["2024-12-21", "2024-12-21T08:04:00Z", "2024-12-21T15:54:00Z"],
            ],
        ),
        (
            Tz::America__New_York,
            40.713,
            -74.006,
            &[
                ["2024-03-20", "2024-03-20T06:58:00-04:00", "2024-03-20T19:09:00-04:00"],
                ["2024-06-20", "2024-06-20T05:25:00-04:00", "2024-06-20T20:31:00-04:00"],
                ["2024-12-21", "2024-12-21T07:17:00-05:00", "2024-12-21T16:32:00-05:00"],
            ],
        ),
        (
            Tz::Australia__Sydney,
            -33.868,
            151.209,
            &[
                ["2024-06-20", "2024-06-20T07:00:00+10:00", "2024-06-20T16:54:00+10:00"],
                ["2024-12-21", "2024-12-21T05:41:00+11:00", "2024-12-21T20:06:00+11:00"],
            ],
        ),
        (
            // The sun of midsummer sets past midnight.
            Tz::Atlantic__Reykjavik,
            64.147,
            -21.943,
            &[
                ["2024-06-20", "2024-06-20T02:55:00Z", "2024-06-21T00:04:00Z"],
                ["2024-12-21", "2024-12-21T11:23:00Z", "2024-12-21T15:30:00Z"],
            ],
        ),
        (
            Tz::Asia__Singapore,
            1.352,
            103.82,
            &[["2024-03-20", "2024-03-20T07:09:00+08:00", "2024-03-20T19:15:00+08:00"]],
        ),
        (
            Tz::Europe__Oslo,
            69.649,
            18.956,
            &[
                ["2024-03-20", "2024-03-20T05:42:00+01:00", "2024-03-20T18:03:00+01:00"],
                // midnight sun, then polar night
                ["2024-06-20", "", ""],
                ["2024-12-21", "", ""],
            ],
        ),
        (
            // A zone that reaches across the date line.
            Tz::Pacific__Kiritimati,
            1.872,
            -157.427,
            &[["2024-03-21", "2024-03-21T06:34:00+14:00", "2024-03-21T18:40:00+14:00"]],
        ),
        (
            Tz::America__Argentina__Ushuaia,
            -54.8,
            -68.3,
            &[["2024-12-21", "2024-12-21T04:52:00-03:00", "2024-12-21T22:12:00-03:00"]],
        ),
    ];

    #[test]
    fn the_sun_rises_and_sets_when_almanacs_say_so() {
        for (zone, latitude, longitude, days) in ALMANAC {
            let calendar = calendar(zone, latitude, longitude);
            for [date, rises, sets] in days {
                for (event, expected) in [(SunEvent::Sunrise, rises), (SunEvent::Sunset, sets)] {
                    let found = calendar.sun(event, date.parse().unwrap());
                    let found = found.map(|it| (it.0 + 30_000).div_euclid(60_000));
                    let apart = found.zip(minutes(expected)).map(|(is, was)| (is - was).abs());
                    assert!(apart.is_none_or(|it| it <= 1), "{zone} {date} {event:?}: {apart:?}");
                    assert_eq!(found.is_some(), !expected.is_empty(), "{zone} {date} {event:?}");
                }
            }
        }
    }

    #[test]
    fn the_sun_of_the_polar_day_is_up_and_that_of_the_polar_night_is_not() {
        let tromso = calendar(Tz::Europe__Oslo, 69.649, 18.956);
        let midsummer = Timestamp(minutes("2024-06-20T00:00:00Z").unwrap() * 60_000);
        let midwinter = Timestamp(minutes("2024-12-21T12:00:00Z").unwrap() * 60_000);
        assert_eq!(tromso.is_sun_up(midsummer), Some(true));
        assert_eq!(tromso.is_sun_up(midwinter), Some(false));
        assert_eq!(Calendar { place: None, ..tromso }.is_sun_up(midwinter), None);
    }

    proptest! {
        #[test]
        fn the_sun_is_up_from_its_rise_to_its_set(
            latitude in -90.0..=90.0,
            longitude in -180.0..=180.0,
            date in 0_i64..60_000,
        ) {
            let calendar = calendar(Tz::UTC, latitude, longitude);
            let date = day(date);
            let second = |it: Timestamp, by: i64| calendar.is_sun_up(Timestamp(it.0 + by));
            if let Some(rises) = calendar.sun(SunEvent::Sunrise, date) {
                prop_assert_eq!(second(rises, 0), Some(true));
                prop_assert_eq!(calendar.sun_changes(Timestamp(rises.0 - 1)), Some(rises));
            }
            if let Some(sets) = calendar.sun(SunEvent::Sunset, date) {
                prop_assert_eq!(second(sets, 0), Some(false));
                prop_assert_eq!(calendar.sun_changes(Timestamp(sets.0 - 1)), Some(sets));
            }
        }

        #[test]
        fn between_two_changes_the_answer_is_the_same(
            latitude in -90.0..=90.0,
            at in 0_i64..4_000_000_000_000,
            part in 0.0..1.0,
        ) {
            let calendar = calendar(Tz::UTC, latitude, 10.0);
            let at = Timestamp(at);
            let next = calendar.sun_changes(at).unwrap();
            let between = at.0 + ((next.0 - at.0 - 1) as f64 * part) as i64;
            prop_assert!(next.0 - at.0 <= DAY);
            prop_assert_eq!(calendar.is_sun_up(Timestamp(between)), calendar.is_sun_up(at));
        }

        #[test]
        fn no_instant_makes_it_panic(at in any::<i64>(), latitude in -90.0..=90.0) {
            let calendar = calendar(Tz::Pacific__Apia, latitude, -171.8);
            let at = Timestamp(at);
            prop_assert!(calendar.sun_changes(at).is_none_or(|it| it > at));
            let (noon, sets) = (calendar.reading(at).date, SunEvent::Sunset);
            let far = calendar.sun(sets, noon).is_some_and(|it| (it.0 - clamped(at).0).abs() > 3 * DAY);
            prop_assert!(!far && calendar.is_sun_up(at).is_some());
        }
    }
}

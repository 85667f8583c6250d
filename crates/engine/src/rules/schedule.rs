//! When a moment comes that rules wait for: times of day, the sun, and every so often.
//!
//! Each occurrence has a name of its own in the home's time, which is what its run is known by: a
//! clock that is put back finds the names taken. Searches end: nothing that comes only after eight
//! years is found.

use chrono::NaiveDate;
use model::rule::{Days, LocalTime, SunEvent, Trigger};
use model::{Span, Timestamp};

use super::calendar::{Calendar, DAY, Reading, as_day, clamped, day, day_number, is_among};

/// How many days are looked at: a rule for 29 February waits for eight years at most.
const DAYS_LOOKED_AT: usize = 8 * 366 + 8;
/// Of these, how many days of sun: the longest polar night and a year.
const SUNS_LOOKED_AT: usize = 600;
/// The shortest interval, ms.
const SHORTEST: i64 = 1_000;

/// The moment at which a trigger is next due, strictly after an instant, and its name; `None` for
/// a trigger that waits for no moment, or for none that will come.
pub(crate) fn next_after(
    trigger: &Trigger,
    calendar: &Calendar,
    after: Timestamp,
) -> Option<(Timestamp, String)> {
    let schedule = Schedule::of(trigger, calendar)?;
    let due = schedule.next_after(clamped(after)).filter(|it| it.at > after)?;
    Some((due.at, schedule.name(&due)))
}

/// The last moment at which a trigger was due: after the one instant, and not after the other.
pub(crate) fn last_between(
    trigger: &Trigger,
    calendar: &Calendar,
    after: Timestamp,
    until: Timestamp,
) -> Option<(Timestamp, String)> {
    let schedule = Schedule::of(trigger, calendar)?;
    let due = schedule.last_between(clamped(after), clamped(until))?;
    Some((due.at, schedule.name(&due)))
}

/// A trigger that waits for moments.
#[derive(Debug, Clone, Copy)]
struct Schedule<'a> {
    calendar: &'a Calendar,
    kind: Kind<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    /// At that time of these days.
    Time(LocalTime, &'a Days),
    /// So many ms after that event of these days.
    Sun(SunEvent, i64, &'a Days),
    /// Every so many ms, counted from midnight.
    Every(i64),
    /// At midnight of every so manieth day since 1970-01-01.
    EveryDays(i64),
}

/// An occurrence.
#[derive(Debug, Clone, Copy)]
struct Due {
    at: Timestamp,
    /// The day that it belongs to.
    date: NaiveDate,
}

impl<'a> Schedule<'a> {
    fn of(trigger: &'a Trigger, calendar: &'a Calendar) -> Option<Self> {
        let kind = match trigger {
            Trigger::Time { at, on } => Kind::Time(*at, on),
            Trigger::Sun { event, offset, on } => {
                calendar.place?;
                Kind::Sun(*event, i64::from(*offset).saturating_mul(60_000), on)
            }
            Trigger::Every(span) => every(*span)?,
            Trigger::Changes { .. }
            | Trigger::Crosses { .. }
            | Trigger::Button { .. }
            | Trigger::Arrives(_)
            | Trigger::Leaves(_)
            | Trigger::Unreachable { .. }
            | Trigger::Returns { .. }
            | Trigger::Started
            | Trigger::RuleRan(_)
            | Trigger::Variable { .. }
            | Trigger::Webhook(_)
            | Trigger::Mqtt { .. } => return None,
        };
        Some(Self { calendar, kind })
    }

    fn next_after(&self, after: Timestamp) -> Option<Due> {
        let from = self.date(after).saturating_sub(2);
        let is_later = |due: &Due| due.at > after;
        match self.kind {
            Kind::Time(_, on) => days_from(on, from).filter_map(|it| self.due(it)).find(is_later),
            Kind::Sun(_, _, on) => {
                let days = days_from(on, from).take(SUNS_LOOKED_AT);
                days.filter_map(|it| self.due(it)).find(is_later)
            }
            Kind::Every(period) => {
                let (date, begins, ends) = self.day_of(after);
                let rounds = (after.0.saturating_sub(begins.0)).div_euclid(period) + 1;
                let at = begins.0.saturating_add(rounds.saturating_mul(period));
                Some(Due { at: Timestamp(at.min(ends.0)), date })
            }
            Kind::EveryDays(days) => {
                let first = from.div_euclid(days).saturating_mul(days);
                let candidates = (0..6).map(|round| first.saturating_add(days * round));
                candidates.filter_map(|it| self.due(day(it))).find(is_later)
            }
        }
    }

    fn last_between(&self, after: Timestamp, until: Timestamp) -> Option<Due> {
        let (from, to) = (self.date(after) - 2, self.date(until).saturating_add(2));
        let is_over = |due: &Due| due.at <= until;
        let last = match self.kind {
            Kind::Time(_, on) => {
                days_back(on, from, to).filter_map(|it| self.due(it)).find(is_over)
            }
            Kind::Sun(_, _, on) => {
                let days = days_back(on, from, to).take(SUNS_LOOKED_AT);
                days.filter_map(|it| self.due(it)).find(is_over)
            }
            Kind::Every(period) => {
                let (date, begins, _) = self.day_of(until);
                let since = until.0.saturating_sub(begins.0);
                Some(Due { at: Timestamp(until.0 - since.rem_euclid(period)), date })
            }
            Kind::EveryDays(days) => {
                let last = to.div_euclid(days).saturating_mul(days);
                let candidates = (0..6).map(|round| last.saturating_sub(days * round));
                candidates.filter_map(|it| self.due(day(it))).find(is_over)
            }
        };
        last.filter(|due| due.at > after)
    }

    /// The number of the day, near enough for a search.
    fn date(&self, at: Timestamp) -> i64 {
        match self.kind {
            Kind::Time(..) | Kind::Every(_) | Kind::EveryDays(_) => {
                day_number(self.calendar.reading(at).date)
            }
            Kind::Sun(_, offset, _) => {
                let unshifted = Timestamp(at.0.saturating_sub(offset));
                self.calendar.solar_date(unshifted).map_or(0, day_number)
            }
        }
    }

    /// The occurrence that belongs to a day.
    fn due(&self, date: NaiveDate) -> Option<Due> {
        let at = match self.kind {
            Kind::Time(time, _) => self.calendar.first_instant(date, time),
            Kind::Sun(event, offset, _) => {
                Timestamp(self.calendar.sun(event, date)?.0.saturating_add(offset))
            }
            Kind::Every(_) | Kind::EveryDays(_) => self.midnight(date),
        };
        Some(Due { at, date })
    }

    /// The day that an instant belongs to: from its first midnight to that of the next.
    fn day_of(&self, at: Timestamp) -> (NaiveDate, Timestamp, Timestamp) {
        let mut number = self.date(at);
        let mut begins = self.midnight(day(number));
        let mut ends = self.midnight(day(number + 1));
        // Where clocks are put back across midnight, the day before is shown once more.
        if at >= ends {
            number += 1;
            (begins, ends) = (ends, self.midnight(day(number + 1)));
        }
        (day(number), begins, ends)
    }

    fn midnight(&self, date: NaiveDate) -> Timestamp {
        self.calendar.first_instant(date, LocalTime::MIDNIGHT)
    }

    /// What an occurrence is known by.
    fn name(&self, due: &Due) -> String {
        match self.kind {
            Kind::Time(time, _) => format!("{}T{time}", due.date),
            Kind::Sun(SunEvent::Sunrise, ..) => format!("{}/sunrise", due.date),
            Kind::Sun(SunEvent::Sunset, ..) => format!("{}/sunset", due.date),
            Kind::EveryDays(_) => due.date.to_string(),
            Kind::Every(_) => {
                let Reading { date, time } = self.calendar.reading(due.at);
                let minutes = self.calendar.ahead(due.at) / 60_000;
                match due.at.0.rem_euclid(1_000) {
                    0 => format!("{date}T{time}{minutes:+}"),
                    millis => format!("{date}T{time}.{millis:03}{minutes:+}"),
                }
            }
        }
    }
}

fn every(span: Span) -> Option<Kind<'static>> {
    let period = i64::try_from(span.as_millis()).ok().filter(|it| *it >= SHORTEST)?;
    let days = period.div_euclid(DAY) + i64::from(period.rem_euclid(DAY) > 0);
    Some(if period < DAY { Kind::Every(period) } else { Kind::EveryDays(days) })
}

/// The days that count, from that one on.
fn days_from(on: &Days, from: i64) -> Box<dyn Iterator<Item = NaiveDate> + '_> {
    if on.dates.is_empty() {
        let all = (from..).take(DAYS_LOOKED_AT).map(day);
        return Box::new(all.filter(|it| is_among(*it, on)));
    }
    let mut dated = dated(on);
    dated.retain(|it| day_number(*it) >= from);
    Box::new(dated.into_iter())
}

/// The days that count, from the later one back to the earlier one.
fn days_back(on: &Days, from: i64, to: i64) -> Box<dyn Iterator<Item = NaiveDate> + '_> {
    if on.dates.is_empty() {
        let all = (from..=to).rev().take(DAYS_LOOKED_AT).map(day);
        return Box::new(all.filter(|it| is_among(*it, on)));
    }
    let mut dated = dated(on);
    dated.retain(|it| (from..=to).contains(&day_number(*it)));
    Box::new(dated.into_iter().rev())
}

/// The days that are given by date and count, in order.
fn dated(on: &Days) -> Vec<NaiveDate> {
    let mut dates: Vec<NaiveDate> = on.dates.iter().copied().filter_map(as_day).collect();
    dates.retain(|it| is_among(*it, on));
    dates.sort_unstable();
    dates.dedup();
    dates
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use chrono_tz::Tz;
    use model::Place;
    use model::rule::{Date, MonthDay, Weekdays};
    use proptest::prelude::*;

    use super::*;

    const ZONES: [Tz; 7] = [
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe,
        Tz::Africa__Casablanca,
        Tz::America__St_Johns,
        Tz::America__Nuuk,
        Tz::America__Havana,
    ];

    fn calendar(zone: Tz) -> Calendar {
        Calendar { zone, place: Some(Place::new(52.5, 13.4).unwrap()) }
    }

    fn instant(text: &str) -> Timestamp {
        Timestamp(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
    }

    fn at(time: &str, on: Days) -> Trigger {
        Trigger::Time { at: time.parse().unwrap(), on }
    }

    fn daily(time: &str) -> Trigger {
        at(time, Days::default())
    }

    /// The next occurrences, as instants and names.
    fn next(trigger: &Trigger, zone: Tz, after: &str, count: usize) -> Vec<(Timestamp, String)> {
        let first = next_after(trigger, &calendar(zone), instant(after));
        let following = |it: &(Timestamp, String)| next_after(trigger, &calendar(zone), it.0);
        std::iter::successors(first, following).take(count).collect()
    }

    fn check(trigger: &Trigger, zone: Tz, after: &str, expected: &[(&str, &str)]) {
        let expected: Vec<_> =
            expected.iter().map(|(at, name)| (instant(at), (*name).to_owned())).collect();
        assert_eq!(next(trigger, zone, after, expected.len()), expected, "{trigger:?} {after}");
    }

    #[test]
    fn a_time_that_is_skipped_comes_after_the_gap_and_one_that_exists_twice_comes_once() {
        check(
            &daily("02:30"),
            Tz::Europe__Berlin,
            "2026-03-28T02:30:00+01:00",
            &[
                ("2026-03-29T03:00:00+02:00", "2026-03-29T02:30"),
                ("2026-03-30T02:30:00+02:00", "2026-03-30T02:30"),
            ],
        );
        check(
            &daily("02:30"),
            Tz::Europe__Berlin,
            "2026-10-24T02:30:00+02:00",
            &[
                ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30"),
                ("2026-10-26T02:30:00+01:00", "2026-10-26T02:30"),
            ],
        );
    }

    #[test]
    fn every_quarter_of_an_hour_keeps_its_pace_when_clocks_change() {
        let quarters = Trigger::Every(Span::minutes(15));
        for after in ["2026-10-24T22:00:00Z", "2026-03-28T23:00:00Z"] {
            let occurrences = next(&quarters, Tz::Europe__Berlin, after, 200);
            for pair in occurrences.windows(2) {
                assert_eq!(pair[1].0.0 - pair[0].0.0, 15 * 60_000, "{pair:?}");
            }
            let mut names: Vec<_> = occurrences.iter().map(|it| &it.1).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), 200, "each has a name of its own");
        }
        check(
            &quarters,
            Tz::Europe__Berlin,
            "2026-10-25T02:50:00+02:00",
            &[("2026-10-25T02:00:00+01:00", "2026-10-25T02:00+60")],
        );
    }

    #[test]
    fn what_does_not_fit_into_a_day_begins_anew_at_midnight() {
        check(
            &Trigger::Every(Span::minutes(7 * 60)),
            Tz::UTC,
            "2026-05-01T13:59:59Z",
            &[
                ("2026-05-01T14:00:00Z", "2026-05-01T14:00+0"),
                ("2026-05-01T21:00:00Z", "2026-05-01T21:00+0"),
                ("2026-05-02T00:00:00Z", "2026-05-02T00:00+0"),
            ],
        );
        check(
            &Trigger::Every(Span::minutes(36 * 60)),
            Tz::Europe__Berlin,
            "2026-10-23T00:00:00Z",
            &[
                ("2026-10-24T00:00:00+02:00", "2026-10-24"),
                ("2026-10-26T00:00:00+01:00", "2026-10-26"),
            ],
        );
        assert_eq!(next(&Trigger::Every(Span::ZERO), Tz::UTC, "2026-10-23T00:00:00Z", 1), []);
    }

    #[test]
    fn only_days_that_count_come() {
        let on = |weekdays, dates: &[&str], season| {
            let dates = dates.iter().map(|it| it.parse::<Date>().unwrap()).collect();
            Days { weekdays, dates, season }
        };
        let leap_day = MonthDay::new(2, 29).unwrap();
        for (on, expected) in [
            (on(Weekdays::WEEKEND, &[], None), Some("2026-11-28T07:00:00Z")),
            (on(Weekdays::from(vec![]), &[], None), None),
            (on(Weekdays::ALL, &["2026-11-20", "2027-01-02"], None), Some("2027-01-02T07:00:00Z")),
            (on(Weekdays::ALL, &["2026-11-20"], None), None),
            (on(Weekdays::ALL, &[], Some((leap_day, leap_day))), Some("2028-02-29T07:00:00Z")),
        ] {
            let trigger = at("07:00", on);
            let found = next(&trigger, Tz::UTC, "2026-11-24T07:00:00Z", 1);
            assert_eq!(found.first().map(|it| it.0), expected.map(instant), "{trigger:?}");
        }
    }

    #[test]
    fn the_sun_counts_on_the_day_it_shone_and_has_no_name_but_that() {
        let midnight = Trigger::Sun {
            event: SunEvent::Sunset,
            offset: 5 * 60,
            on: Days {
                weekdays: Weekdays::from(vec![model::rule::Weekday::Sat]),
                ..Days::default()
            },
        };
        let found = next(&midnight, Tz::Europe__Berlin, "2026-06-20T12:00:00+02:00", 2);
        let names: Vec<_> = found.iter().map(|it| it.1.as_str()).collect();
        assert_eq!(names, ["2026-06-20/sunset", "2026-06-27/sunset"]);
        assert!(found[0].0 > instant("2026-06-21T02:30:00+02:00"), "{found:?}");
    }

    #[test]
    fn nothing_comes_where_the_sun_is_not_known() {
        let sunset = Trigger::Sun { event: SunEvent::Sunset, offset: 0, on: Days::default() };
        let nowhere = Calendar { zone: Tz::UTC, place: None };
        assert_eq!(next_after(&sunset, &nowhere, Timestamp(0)), None);
        let pole = Calendar { zone: Tz::UTC, place: Some(Place::new(90.0, 0.0).unwrap()) };
        assert_eq!(next_after(&sunset, &pole, instant("2026-01-01T00:00:00Z")), None);
    }

    #[test]
    fn the_last_of_many_years_is_found_at_once() {
        let (after, until) = (instant("1990-01-01T00:00:00Z"), instant("2026-11-24T07:00:00Z"));
        let seconds = Trigger::Every(Span::seconds(1));
        for trigger in [seconds, daily("07:00")] {
            let found = last_between(&trigger, &calendar(Tz::UTC), after, until);
            assert_eq!(found.map(|it| it.0), Some(until), "{trigger:?}");
        }
    }

    /// Every time of day, every day of three years: once, in order, and on that day.
    fn once_a_day(zone: Tz) {
        let calendar = calendar(zone);
        let until = instant("2029-01-01T00:00:00Z");
        for seconds in (0..86_400).step_by(60 * 13).chain((0..5 * 3_600).step_by(60 * 5)) {
            let time = LocalTime::from_seconds(seconds).unwrap();
            let trigger = Trigger::Time { at: time, on: Days::default() };
            let mut date = day(20_454); // 2026-01-01
            let mut last = calendar.first_instant(date, time);
            while last < until {
                let (at, name) = next_after(&trigger, &calendar, last).unwrap();
                date = day(day_number(date) + 1);
                assert_eq!(name, format!("{date}T{time}"), "{zone}");
                assert_eq!(at, calendar.first_instant(date, time), "{zone} {name}");
                let backwards = last_between(&trigger, &calendar, last, at);
                assert_eq!(backwards, Some((at, name)), "{zone}");
                last = at;
            }
        }
    }

    #[test]
    fn every_time_of_day_comes_once_a_day_in_berlin() {
        once_a_day(Tz::Europe__Berlin);
    }

    #[test]
    fn every_time_of_day_comes_once_a_day_in_new_york() {
        once_a_day(Tz::America__New_York);
    }

    #[test]
    fn every_time_of_day_comes_once_a_day_in_lord_howe() {
        once_a_day(Tz::Australia__Lord_Howe);
    }

    #[test]
    fn every_time_of_day_comes_once_a_day_in_casablanca() {
        once_a_day(Tz::Africa__Casablanca);
    }

    #[test]
    fn every_time_of_day_comes_once_a_day_in_st_johns() {
        once_a_day(Tz::America__St_Johns);
    }

    fn days() -> impl Strategy<Value = Days> {
        let date = (2026_u16..2028, 1_u8..=12, 1_u8..=28)
            .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
        let month_day = || (1_u8..=12, 1_u8..=28).prop_map(|(m, d)| MonthDay::new(m, d).unwrap());
        let weekdays = proptest::collection::vec(0_usize..7, 1..7)
            .prop_map(|all| all.into_iter().map(|it| model::rule::Weekday::ALL[it]).collect())
            .prop_map(|all: Vec<_>| Weekdays::from(all));
        let season = proptest::option::weighted(0.3, (month_day(), month_day()));
        let dates = prop_oneof![
            4 => Just(Vec::new()),
            1 => proptest::collection::vec(date, 0..20),
        ];
        (weekdays, dates, season).prop_map(|(weekdays, dates, season)| Days {
            weekdays,
            dates,
            season,
        })
    }

    fn triggers() -> impl Strategy<Value = Trigger> {
        let time = (0_u32..86_400).prop_map(|it| LocalTime::from_seconds(it).unwrap());
        let event = prop_oneof![Just(SunEvent::Sunrise), Just(SunEvent::Sunset)];
        let every = prop_oneof![1_000_u64..100_000_000, 1_000_u64..10_000_000];
        prop_oneof![
            (time, days()).prop_map(|(at, on)| Trigger::Time { at, on }),
            (event, -720_i16..=720, days()).prop_map(|(event, offset, on)| Trigger::Sun {
                event,
                offset,
                on
            }),
            every.prop_map(|it| Trigger::Every(Span::millis(it))),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn looking_back_finds_what_looking_ahead_found(
            trigger in triggers(),
            zone in 0..ZONES.len(),
            // 2026 and 2027, to the ms
            after in 1_767_225_600_000_i64..1_830_000_000_000,
            span in prop_oneof![1_i64..10_000_000, 1_i64..3_000_000_000],
        ) {
            let calendar = calendar(ZONES[zone]);
            let (after, until) = (Timestamp(after), Timestamp(after + span));
            let found = last_between(&trigger, &calendar, after, until);
            if let Some((at, _)) = &found {
                prop_assert!(after < *at && *at <= until);
                // From just before it, looking ahead finds it, and then nothing until the end.
                let again = next_after(&trigger, &calendar, Timestamp(at.0 - 1));
                prop_assert_eq!(&again, &found);
            }
            let last = found.map_or(after, |it| it.0);
            let next = next_after(&trigger, &calendar, last);
            prop_assert!(next.is_none_or(|(at, _)| at > until));
        }

        #[test]
        fn no_instant_makes_it_panic(trigger in triggers(), after in any::<i64>(), until in any::<i64>()) {
            let calendar = calendar(Tz::Pacific__Apia);
            let (after, until) = (Timestamp(after), Timestamp(until));
            prop_assert!(next_after(&trigger, &calendar, after).is_none_or(|it| it.0 > after));
            let last = last_between(&trigger, &calendar, after, until);
            prop_assert!(last.is_none_or(|it| it.0 > after && it.0 <= until));
        }
    }
}

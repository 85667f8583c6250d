//! Moments: times of day and intervals, by the clocks of the home.

use std::rc::Rc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, TimeZone};
use chrono_tz::Tz;
use model::rule::{Date, Days, LocalTime, Missed, Trigger, Weekday};

use super::{Reference, Rule, ms};

/// Later than that is missed, ms.
const ON_TIME: i64 = 60_000;

impl Reference {
    pub(super) fn plan(&mut self, rule: usize) {
        let Rule { body, seen_to, .. } = &self.rules[rule];
        let next = body.triggers.iter().filter_map(|it| self.next_moment(it, *seen_to)).min();
        self.rules[rule].next_due = next;
    }

    /// The first moment after that one, within nine days (wall).
    fn next_moment(&self, trigger: &Trigger, after: i64) -> Option<i64> {
        if !matches!(trigger, Trigger::Time { .. } | Trigger::Every(_)) {
            return None;
        }
        let yesterday = self.date(after - 86_400_000);
        let days = yesterday.iter_days().take(11);
        days.filter_map(|date| self.moments_of(trigger, date).into_iter().find(|it| *it > after))
            .next()
    }

    pub(super) fn moments(&mut self, rule: usize) {
        let (from, until) = (self.rules[rule].seen_to, self.now.wall);
        let body = Rc::clone(&self.rules[rule].body);
        self.rules[rule].seen_to = until;
        self.plan(rule);
        for (place, trigger) in body.triggers.iter().enumerate() {
            let Some(last) = self.moments_between(trigger, from, until).last().copied() else {
                continue;
            };
            if self.rules[rule].judged.contains(&(place, last)) {
                continue;
            }
            let late = until - last;
            let runs = late <= ON_TIME
                || match body.missed {
                    Missed::RunIfLate(most) => late <= ms(most),
                    Missed::Skip | Missed::Ask => false,
                };
            if runs {
                self.set_off(rule, Some((place, last)));
            } else {
                self.in_vain(rule);
            }
            self.rules[rule].judged.insert((place, last));
        }
    }

    /// All moments after the one and up to the other, in order (wall).
    fn moments_between(&self, trigger: &Trigger, from: i64, until: i64) -> Vec<i64> {
        let (first, last) = (self.date(from - 86_400_000), self.date(until + 86_400_000));
        let days = first.iter_days().take_while(|it| *it <= last);
        let moments = days.flat_map(|date| self.moments_of(trigger, date));
        moments.filter(|it| from < *it && *it <= until).collect()
    }

    /// The moments that belong to a day, in order (wall).
    fn moments_of(&self, trigger: &Trigger, date: NaiveDate) -> Vec<i64> {
        match trigger {
            Trigger::Time { at, on } if counts(date, on) => vec![self.shown(date, *at)],
            Trigger::Every(span) if ms(*span) < 86_400_000 => {
                let tomorrow = date.succ_opt().expect("there is a tomorrow");
                let begin = self.shown(date, LocalTime::MIDNIGHT);
                let end = self.shown(tomorrow, LocalTime::MIDNIGHT);
                let step = usize::try_from(ms(*span)).expect("not negative");
                (begin..end).step_by(step).collect()
            }
            Trigger::Every(span) => {
                let days = (ms(*span) + 86_399_999) / 86_400_000;
                let is_one = i64::from(date.to_epoch_days()) % days == 0;
                is_one.then(|| self.shown(date, LocalTime::MIDNIGHT)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn date(&self, wall: i64) -> NaiveDate {
        self.local(wall).date_naive()
    }

    pub(super) fn local(&self, wall: i64) -> DateTime<Tz> {
        let universal = DateTime::from_timestamp_millis(wall).expect("an instant");
        universal.with_timezone(&self.zone)
    }

    /// When clocks first show that time of that day, or one after it that exists.
    fn shown(&self, date: NaiveDate, time: LocalTime) -> i64 {
        let midnight = date.and_hms_opt(0, 0, 0).expect("a midnight");
        let mut wanted = midnight + TimeDelta::seconds(i64::from(time.seconds()));
        loop {
            if let Some(found) = self.zone.from_local_datetime(&wanted).earliest() {
                return found.timestamp_millis();
            }
            wanted += TimeDelta::minutes(1);
        }
    }
}

pub(super) fn counts(date: NaiveDate, on: &Days) -> bool {
    let weekday = Weekday::ALL[date.weekday().num_days_from_monday() as usize];
    let date: Date = date.to_string().parse().expect("a date");
    on.contains(date, weekday)
}

//! The hours of a week: what windows of time have in common. Dates and seasons are left out, which
//! makes a window longer than it is, so what has nothing in common here has nothing in common.

use model::rule::{Days, LocalTime};

const DAY: u32 = 86_400;
const WEEK: u32 = 7 * DAY;

/// Spans of a week in seconds from Monday's midnight, in order, apart from each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Week(Vec<(u32, u32)>);

impl Week {
    pub(super) fn whole() -> Self {
        Self(vec![(0, WEEK)])
    }

    /// The hours of a window; one across midnight belongs to the day on which it begins.
    pub(super) fn of(after: Option<LocalTime>, before: Option<LocalTime>, on: &Days) -> Self {
        let from = after.map_or(0, LocalTime::seconds);
        let until = before.map_or(DAY, LocalTime::seconds);
        let until = if until < from { until + DAY } else { until };
        let spans = on.weekdays.iter().flat_map(|day| {
            let midnight = day as u32 * DAY;
            let (from, until) = (midnight + from, midnight + until);
            // What goes beyond Sunday is Monday's.
            [(from, until.min(WEEK)), (0, until.saturating_sub(WEEK))]
        });
        let mut spans: Vec<_> = spans.filter(|(from, until)| from < until).collect();
        spans.sort_unstable();
        Self(merged(spans))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|one| other.0.iter().map(move |other| (one, other)));
        let common = pairs.map(|(one, other)| (one.0.max(other.0), one.1.min(other.1)));
        Self(common.filter(|(from, until)| from < until).collect())
    }

    /// All the other hours.
    pub(super) fn not(&self) -> Self {
        let ends = [0].into_iter().chain(self.0.iter().map(|it| it.1));
        let starts = self.0.iter().map(|it| it.0).chain([WEEK]);
        Self(ends.zip(starts).filter(|(from, until)| from < until).collect())
    }
}

fn merged(spans: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for (from, until) in spans {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            Some(_) | None => out.push((from, until)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use model::rule::Weekdays;
    use proptest::prelude::*;

    use super::*;

    fn week(after: u32, before: u32, days: u8) -> Week {
        let weekdays: Vec<_> =
            Weekdays::ALL.iter().filter(|it| days & (1 << (*it as u8)) != 0).collect();
        let on = Days { weekdays: weekdays.into(), ..Days::default() };
        Week::of(LocalTime::from_seconds(after), LocalTime::from_seconds(before), &on)
    }

    #[test]
    fn a_window_across_sundays_midnight_reaches_into_monday() {
        let sunday = week(22 * 3_600, 6 * 3_600, 0b100_0000);
        assert!(!sunday.and(&week(5 * 3_600, 7 * 3_600, 0b000_0001)).is_empty());
        assert!(sunday.and(&week(5 * 3_600, 7 * 3_600, 0b100_0000)).is_empty());
    }

    #[test]
    fn from_a_time_until_the_same_time_is_no_time() {
        assert!(week(3_600, 3_600, 0b111_1111).is_empty());
    }

    proptest! {
        #[test]
        fn what_is_not_in_a_window_is_in_the_others(
            after in 0..DAY, before in 0..DAY, days in 0_u8..128, at in 0..WEEK,
        ) {
            let holds = |week: &Week| week.0.iter().any(|(from, until)| (*from..*until).contains(&at));
            let week = week(after, before, days);
            prop_assert_ne!(holds(&week), holds(&week.not()));
            prop_assert!(week.and(&week.not()).is_empty());
        }
    }
}

//! What happens to times and windows on the days when clocks are changed.

use chrono::{DateTime, Datelike, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use model::Timestamp;
use model::rule::{
    Condition, Date, Days, FindingKind, LocalTime, Path, PathPart, Trigger, Weekday,
};

use super::{Draft, phrases};

/// How far ahead is looked.
const AHEAD: TimeDelta = TimeDelta::days(2 * 366);
/// How far clocks that are changed go without being changed back, at least.
const STRIDE: TimeDelta = TimeDelta::days(10);

/// Clocks are put forward or back: from and until which local time what they show is missing or
/// comes twice.
#[derive(Debug, Clone, Copy, PartialEq)]
struct ClockChange {
    from: NaiveDateTime,
    until: NaiveDateTime,
    is_gap: bool,
}

impl Draft<'_> {
    pub(super) fn clocks(&mut self, now: Timestamp) {
        let body = self.body;
        let leaves = phrases::leaves(body);
        let is_timed = leaves.iter().any(|(_, it)| matches!(it, Condition::Time { .. }))
            || body.triggers.iter().any(|it| matches!(it, Trigger::Time { .. }));
        if !is_timed {
            return;
        }
        let changes = changes(self.world.calendar().zone, now);
        for (index, trigger) in (0..).zip(&body.triggers) {
            let Trigger::Time { at, on } = trigger else { continue };
            if let Some(kind) = changes.iter().find_map(|it| it.meets(*at, on)) {
                self.find(&Path(vec![PathPart::Trigger(index)]), kind);
            }
        }
        for (at, condition) in leaves {
            let Condition::Time { after, before, on } = condition else { continue };
            let bounds = (after.is_some() || before.is_some()).then_some((*after, *before));
            if bounds.is_some_and(|it| changes.iter().any(|change| change.is_within(it, on))) {
                self.find(&at, FindingKind::WindowAcrossDst);
            }
        }
    }
}

impl ClockChange {
    /// What becomes of a time of day.
    fn meets(&self, at: LocalTime, on: &Days) -> Option<FindingKind> {
        let days = [self.from.date(), self.until.date()];
        let is_hit = days.into_iter().any(|day| {
            let time = day.and_time(time(at));
            (self.from..self.until).contains(&time) && counts(day, on)
        });
        is_hit.then_some(if self.is_gap {
            FindingKind::SkippedByDst
        } else {
            FindingKind::TwiceByDst
        })
    }

    /// Whether a window is open when clocks are changed.
    fn is_within(
        &self,
        (after, before): (Option<LocalTime>, Option<LocalTime>),
        on: &Days,
    ) -> bool {
        let after = after.unwrap_or(LocalTime::MIDNIGHT);
        let day = self.from.date();
        let days = [Some(day), day.pred_opt()].into_iter().flatten();
        days.filter(|day| counts(*day, on)).any(|day| {
            let from = day.and_time(time(after));
            let next = day.succ_opt().unwrap_or(day);
            let until = match before {
                None => next.and_time(NaiveTime::MIN),
                Some(before) if before < after => next.and_time(time(before)),
                Some(before) => day.and_time(time(before)),
            };
            from < self.until && self.from < until
        })
    }
}

fn time(at: LocalTime) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt(at.seconds(), 0).unwrap_or(NaiveTime::MIN)
}

fn counts(day: chrono::NaiveDate, on: &Days) -> bool {
    let index = day.weekday().num_days_from_monday() as usize;
    let weekday = Weekday::ALL.get(index).copied().unwrap_or(Weekday::Mon);
    let narrow = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let year = u16::try_from(day.year()).unwrap_or(u16::MAX);
    let date = Date::new(year, narrow(day.month()), narrow(day.day()));
    date.is_some_and(|date| on.contains(date, weekday))
}

/// The changes of the clocks that are ahead.
fn changes(zone: Tz, now: Timestamp) -> Vec<ClockChange> {
    let Some(start) = DateTime::from_timestamp_millis(now.0) else {
        return Vec::new();
    };
    let (mut out, mut at, end) = (Vec::new(), start, start + AHEAD);
    while at < end {
        let next = at + STRIDE;
        if offset(zone, at) != offset(zone, next) {
            out.push(change(zone, at, next));
        }
        at = next;
    }
    out
}

/// Finds the second between two instants at which clocks are changed.
fn change(zone: Tz, mut before: DateTime<Utc>, mut after: DateTime<Utc>) -> ClockChange {
    let (was, is) = (offset(zone, before), offset(zone, after));
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        if offset(zone, middle) == was { before = middle } else { after = middle }
    }
    // Zones change their clocks on whole minutes.
    let instant = round(after).naive_utc();
    let is_gap = is > was;
    ClockChange { from: instant + was.min(is), until: instant + was.max(is), is_gap }
}

fn round(instant: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = instant.timestamp().saturating_add(30) / 60 * 60;
    DateTime::from_timestamp(seconds, 0).unwrap_or(instant)
}

fn offset(zone: Tz, at: DateTime<Utc>) -> TimeDelta {
    let seconds = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    TimeDelta::seconds(i64::from(seconds))
}

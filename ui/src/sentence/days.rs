//! Days and times of day in words.

use model::rule::{Date, Days, LocalTime, MonthDay, Weekday, Weekdays};

use super::{Words, joined};
use crate::i18n::calendar_day;

impl Words<'_> {
    /// A phrase on some days only.
    pub(super) fn on(self, phrase: String, days: &Days) -> String {
        self.days(days).map_or(phrase.clone(), |days| self.t.on_days(&phrase, &days))
    }

    /// On which days; `None` for every day.
    pub fn days(self, days: &Days) -> Option<String> {
        let t = self.t;
        let dates = days.dates.iter().map(|it| self.date(*it)).collect();
        let parts = [
            weekdays(self, days.weekdays),
            (!days.dates.is_empty()).then(|| {
                t.on_dates(&joined(dates, |first, second| t.sentence_list(first, second)))
            }),
            days.season.map(|(first, last)| {
                t.in_season(&self.month_day(first, None), &self.month_day(last, None))
            }),
        ];
        parts.into_iter().flatten().reduce(|first, second| t.sentence_list(&first, &second))
    }

    /// A day of the week, in short.
    pub fn weekday(self, day: Weekday) -> String {
        let t = self.t;
        match day {
            Weekday::Mon => t.day_mon(),
            Weekday::Tue => t.day_tue(),
            Weekday::Wed => t.day_wed(),
            Weekday::Thu => t.day_thu(),
            Weekday::Fri => t.day_fri(),
            Weekday::Sat => t.day_sat(),
            Weekday::Sun => t.day_sun(),
        }
    }

    fn date(self, date: Date) -> String {
        self.month_day(date.month_day(), Some(date.year()))
    }

    fn month_day(self, day: MonthDay, year: Option<u16>) -> String {
        calendar_day(self.t.locale(), year, day.month(), day.day())
    }
}

fn weekdays(words: Words<'_>, days: Weekdays) -> Option<String> {
    let t = words.t;
    match days {
        Weekdays::ALL => None,
        Weekdays::WORKING => Some(t.on_working_days()),
        Weekdays::WEEKEND => Some(t.on_weekend()),
        days if days.is_empty() => Some(t.on_no_day()),
        days => {
            let names = days.iter().map(|it| words.weekday(it)).collect();
            Some(t.on_weekdays(&joined(names, |first, second| t.sentence_list(first, second))))
        }
    }
}

/// A time of day, set apart: it is written from left to right in every language.
pub(super) fn time(time: LocalTime) -> String {
    format!("\u{2066}{time}\u{2069}")
}

//! Numbers, spans and dates as the language in use writes them, by the browser's `Intl`.
//!
//! Off the browser (in unit tests) a plain English rendering stands in.

use std::time::Duration;

use model::Timestamp;

use super::Locale;

/// A number with at most that many decimals.
pub fn decimal(locale: Locale, value: f64, decimals: u8) -> String {
    platform::number(locale, value, decimals)
}

/// A whole percentage, 0 to 100.
pub fn percent(locale: Locale, value: u8) -> String {
    platform::percent(locale, value)
}

/// A number and its unit, kept together. Units are written from left to right in every language:
/// where words run the other way, the two are set apart from them, or "21 °C" reads "C° 21".
pub fn with_unit(locale: Locale, value: f64, decimals: u8, unit: &str) -> String {
    let number = decimal(locale, value, decimals);
    match locale.direction() {
        _ if unit.is_empty() => number,
        "rtl" => format!("\u{2066}{number}\u{a0}{unit}\u{2069}"),
        _ => format!("{number}\u{a0}{unit}"),
    }
}

/// A span of time, in its largest unit: "2 hr", "5 min".
pub fn span(locale: Locale, span: Duration) -> String {
    let (value, unit) = largest_unit(span);
    platform::span(locale, value, unit)
}

/// Date and time of day.
pub fn day_and_time(locale: Locale, at: Timestamp) -> String {
    platform::date(locale, at)
}

/// A moment as people tell it: of the same day the time of day only.
pub fn moment(locale: Locale, at: Timestamp, now: Timestamp) -> String {
    platform::moment(locale, at, now)
}

/// Whether both are of one day, where the interface is.
pub fn is_same_day(one: Timestamp, other: Timestamp) -> bool {
    platform::is_same_day(one, other)
}

/// A time of day, to the second.
pub fn exact_time(locale: Locale, at: Timestamp) -> String {
    platform::exact_time(locale, at)
}

/// A day of the calendar, or of every year.
pub fn calendar_day(locale: Locale, year: Option<u16>, month: u8, day: u8) -> String {
    platform::calendar_day(locale, year, month, day)
}

/// What a month (1 to 12) is called.
pub fn calendar_month(locale: Locale, month: u8) -> String {
    platform::calendar_month(locale, month)
}

fn largest_unit(span: Duration) -> (u64, &'static str) {
    match span.as_secs() {
        seconds @ 0..60 => (seconds, "second"),
        seconds @ 60..3_600 => (seconds / 60, "minute"),
        seconds @ 3_600..86_400 => (seconds / 3_600, "hour"),
        seconds => (seconds / 86_400, "day"),
    }
}

#[cfg(target_arch = "wasm32")]
mod platform {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    use js_sys::{Array, Date, Function, Intl, Object, Reflect};
    use model::Timestamp;
    use wasm_bindgen::JsValue;

    use super::Locale;

    thread_local! {
        // Making a formatter costs more than using it a hundred times.
        static FORMATS: RefCell<BTreeMap<String, Function>> = const { RefCell::new(BTreeMap::new()) };
    }

    pub(super) fn number(locale: Locale, value: f64, decimals: u8) -> String {
        let key = format!("n {} {decimals}", locale.tag());
        let decimals = f64::from(decimals);
        let make = || number_format(locale, &[("maximumFractionDigits", decimals.into())]);
        apply(key, make, &value.into())
    }

    pub(super) fn percent(locale: Locale, value: u8) -> String {
        let make = || number_format(locale, &[("style", "percent".into())]);
        apply(format!("p {}", locale.tag()), make, &(f64::from(value) / 100.0).into())
    }

    pub(super) fn span(locale: Locale, value: u64, unit: &'static str) -> String {
        let options = [
            ("style", JsValue::from("unit")),
            ("unit", unit.into()),
            ("unitDisplay", "short".into()),
        ];
        let make = || number_format(locale, &options);
        apply(format!("s {} {unit}", locale.tag()), make, &(value as f64).into())
    }

    pub(super) fn date(locale: Locale, at: Timestamp) -> String {
        let make = || {
            let options = object(&[("timeStyle", "short".into()), ("dateStyle", "medium".into())]);
            Intl::DateTimeFormat::new(&tags(locale), &options).format()
        };
        let moment = Date::new(&(at.0 as f64).into());
        apply(format!("d {}", locale.tag()), make, &moment.into())
    }

    pub(super) fn moment(locale: Locale, at: Timestamp, now: Timestamp) -> String {
        if !is_same_day(at, now) {
            return date(locale, at);
        }
        let make = || {
            let options = object(&[("timeStyle", "short".into())]);
            Intl::DateTimeFormat::new(&tags(locale), &options).format()
        };
        let moment = Date::new(&(at.0 as f64).into());
        apply(format!("t {}", locale.tag()), make, &moment.into())
    }

    pub(super) fn is_same_day(one: Timestamp, other: Timestamp) -> bool {
        let day = |it: Timestamp| Date::new(&(it.0 as f64).into()).to_date_string();
        day(one) == day(other)
    }

    pub(super) fn exact_time(locale: Locale, at: Timestamp) -> String {
        let make = || {
            let options = object(&[("timeStyle", "medium".into())]);
            Intl::DateTimeFormat::new(&tags(locale), &options).format()
        };
        let moment = Date::new(&(at.0 as f64).into());
        apply(format!("e {}", locale.tag()), make, &moment.into())
    }

    pub(super) fn calendar_day(locale: Locale, year: Option<u16>, month: u8, day: u8) -> String {
        let mut options = vec![
            ("day", JsValue::from("numeric")),
            ("month", "short".into()),
            ("timeZone", "UTC".into()),
        ];
        if year.is_some() {
            options.push(("year", "numeric".into()));
        }
        let make = || Intl::DateTimeFormat::new(&tags(locale), &object(&options)).format();
        // Of a day of every year, a leap year has them all.
        let year = f64::from(year.unwrap_or(2_000));
        let at = Date::utc(year, f64::from(month) - 1.0) + f64::from(day - 1) * 86_400_000.0;
        apply(format!("c {} {}", locale.tag(), options.len()), make, &Date::new(&at.into()).into())
    }

    pub(super) fn calendar_month(locale: Locale, month: u8) -> String {
        let make = || {
            let options = object(&[("month", "long".into()), ("timeZone", "UTC".into())]);
            Intl::DateTimeFormat::new(&tags(locale), &options).format()
        };
        let at = Date::utc(2_000.0, f64::from(month) - 1.0);
        apply(format!("m {}", locale.tag()), make, &Date::new(&at.into()).into())
    }

    fn number_format(locale: Locale, options: &[(&str, JsValue)]) -> Function {
        Intl::NumberFormat::new(&tags(locale), &object(options)).format()
    }

    fn tags(locale: Locale) -> Array {
        Array::of1(&locale.tag().into())
    }

    fn object(entries: &[(&str, JsValue)]) -> Object {
        let object = Object::new();
        for (key, value) in entries {
            drop(Reflect::set(&object, &(*key).into(), value));
        }
        object
    }

    fn apply(key: String, make: impl FnOnce() -> Function, value: &JsValue) -> String {
        let format = FORMATS.with_borrow_mut(|it| it.entry(key).or_insert_with(make).clone());
        format
            .call1(&JsValue::UNDEFINED, value)
            .ok()
            .and_then(|it| it.as_string())
            .unwrap_or_default()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod platform {
    use model::Timestamp;

    use super::Locale;

    pub(super) fn number(_: Locale, value: f64, decimals: u8) -> String {
        let text = format!("{value:.*}", usize::from(decimals));
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    }

    pub(super) fn percent(_: Locale, value: u8) -> String {
        format!("{value}%")
    }

    pub(super) fn span(_: Locale, value: u64, unit: &str) -> String {
        format!("{value} {unit}")
    }

    pub(super) fn date(_: Locale, at: Timestamp) -> String {
        at.0.to_string()
    }

    pub(super) fn moment(_: Locale, at: Timestamp, _: Timestamp) -> String {
        at.0.to_string()
    }

    pub(super) fn is_same_day(one: Timestamp, other: Timestamp) -> bool {
        one.0 / 86_400_000 == other.0 / 86_400_000
    }

    pub(super) fn exact_time(_: Locale, at: Timestamp) -> String {
        at.0.to_string()
    }

    pub(super) fn calendar_month(_: Locale, month: u8) -> String {
        month.to_string()
    }

    pub(super) fn calendar_day(_: Locale, year: Option<u16>, month: u8, day: u8) -> String {
        year.map_or_else(|| format!("{day}/{month}"), |year| format!("{day}/{month}/{year}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_stays_behind_its_number_in_arabic() {
        let locale = |language| Locale { language, pseudo: false };
        let words = |language| with_unit(locale(language), 21.0, 1, "°C");
        assert_eq!(words(model::Language::En), "21\u{a0}°C");
        assert_eq!(words(model::Language::Ar), "\u{2066}21\u{a0}°C\u{2069}");
        assert_eq!(with_unit(locale(model::Language::Ar), 3.0, 0, ""), "3");
    }

    #[test]
    fn a_span_is_told_in_its_largest_unit() {
        let cases = [
            (0, (0, "second")),
            (59, (59, "second")),
            (60, (1, "minute")),
            (7_199, (1, "hour")),
            (86_400, (1, "day")),
            (86_400 * 400, (400, "day")),
        ];
        for (seconds, wanted) in cases {
            assert_eq!(largest_unit(Duration::from_secs(seconds)), wanted);
        }
    }
}

//! Rules in words: each phrase of a rule, and a whole rule as one sentence, in every language.
//!
//! Pure: what things are called comes in as [`Names`]. Names stand apart from the words around
//! them (Unicode isolates), so that none of them turns a line of another direction upside down.
//! In German the verb of triggers and conditions comes last, because "wenn" stands before them.

mod condition;
mod days;
mod names;
mod rule;
mod step;
mod target;
#[cfg(test)]
mod tests;
mod trigger;
mod why;

use model::{Span, Timestamp};

pub use self::names::{Names, Subject};
pub use self::target::Number;
pub use self::trigger::{measure_name, unit};
use crate::i18n::{Texts, span, with_unit};

/// A speaker: a language, what things are called, and the hub's time.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The language.
    pub t: Texts,
    /// What things are called.
    pub names: &'a Names,
    /// The present, against which moments are told.
    pub now: Timestamp,
}

impl<'a> Words<'a> {
    /// A speaker.
    pub fn new(t: Texts, names: &'a Names, now: Timestamp) -> Self {
        Self { t, names, now }
    }

    /// A length of time with all its units: "1 hr 30 min".
    pub fn span(self, of: Span) -> String {
        span_words(self.t, of)
    }
}

/// A length of time with all its units: "1 hr 30 min".
pub fn span_words(t: Texts, of: Span) -> String {
    let millis = of.as_millis();
    if millis < 1_000 {
        return with_unit(t.locale(), millis as f64 / 1_000.0, 3, "s");
    }
    let units = [86_400, 3_600, 60, 1];
    let mut rest = millis / 1_000;
    let mut words = String::new();
    for unit in units {
        let part = rest / unit * unit;
        rest -= part;
        if part > 0 {
            let part = span(t.locale(), std::time::Duration::from_secs(part));
            words = if words.is_empty() { part } else { format!("{words}\u{a0}{part}") };
        }
    }
    words
}

/// A name set apart from the words around it.
pub fn apart(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

/// All of them with what stands between two.
fn joined(parts: Vec<String>, between: impl Fn(&str, &str) -> String) -> String {
    let join = |line: String, next: String| between(&line, &next);
    parts.into_iter().reduce(join).unwrap_or_default()
}

//! Every word the interface says, and how numbers, spans and dates are written.
//!
//! [`t`] gives the texts of the language in use and is tracked: a view that calls it follows a
//! change of language by itself. A text that lacks a language, or a key that does not exist, does
//! not compile. Nothing outside this module holds words for people.

mod format;
mod plural;
mod pseudo;
mod texts;
mod words;

use std::cell::OnceCell;

use leptos::prelude::{ArcRwSignal, Get as _, GetUntracked as _, Set as _};
use model::Language;

pub use self::format::{
    calendar_day, calendar_month, day_and_time, decimal, exact_time, is_same_day, moment, percent,
    span, with_unit,
};
pub use self::texts::Texts;

/// How the interface speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// Texts are stretched and accented, to see whether the layout bears translation.
    pub pseudo: bool,
}

impl Locale {
    /// The language tag, as HTML and `Intl` want it.
    pub fn tag(self) -> &'static str {
        match self.language {
            Language::En => "en",
            Language::De => "de",
            Language::Ar => "ar",
        }
    }

    /// The direction of writing, as HTML wants it.
    pub fn direction(self) -> &'static str {
        match self.language {
            Language::En | Language::De => "ltr",
            Language::Ar => "rtl",
        }
    }
}

/// The best of our languages for someone who reads these, most wanted first; English failing all.
pub fn best_language<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Language {
    let ours = |tag: &str| match tag.split(['-', '_']).next() {
        Some("en") => Some(Language::En),
        Some("de") => Some(Language::De),
        Some("ar") => Some(Language::Ar),
        _ => None,
    };
    wanted.into_iter().find_map(ours).unwrap_or(Language::En)
}

/// What a language calls itself.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "Deutsch",
        Language::Ar => "العربية",
    }
}

thread_local! {
    static LOCALE: OnceCell<ArcRwSignal<Locale>> = const { OnceCell::new() };
}

fn signal() -> ArcRwSignal<Locale> {
    let start = || ArcRwSignal::new(Locale { language: Language::En, pseudo: false });
    LOCALE.with(|it| it.get_or_init(start).clone())
}

/// The locale in use; tracked.
pub fn locale() -> Locale {
    signal().get()
}

/// Changes the locale of the whole interface.
pub fn set_locale(locale: Locale) {
    let signal = signal();
    if signal.get_untracked() != locale {
        signal.set(locale);
    }
}

/// The texts of the language in use; tracked.
pub fn t() -> Texts {
    Texts::of(locale())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_we_speak_is_taken() {
        assert_eq!(best_language(["fr-FR", "ar-EG", "de"]), Language::Ar);
        assert_eq!(best_language(["de-AT"]), Language::De);
        assert_eq!(best_language(["tlh"]), Language::En);
        assert_eq!(best_language([]), Language::En);
    }
}

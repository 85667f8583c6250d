//! The catalogue. One file a part of the interface; every key with its English, German and Arabic.
//!
//! `texts! { LIST: key = "en", "de", "ar"; key(argument) = "… {argument}", …; }` makes one method
//! of [`Texts`] a key. Arguments come in already formatted for the language.

use model::Language;

use super::{Locale, pseudo};

mod add;
mod automations;
mod automations_draft;
mod automations_templates;
mod common;
mod counts;
mod counts_more;
mod device;
mod home;
mod household;
mod import;
mod issues;
mod past;
mod rooms;
mod rules;
mod scenes;
mod sentence;
mod sentence_steps;
mod sentence_why;
mod settings;
mod tile;

/// All texts of one locale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Texts {
    locale: Locale,
}

impl Texts {
    /// The texts of that locale.
    pub fn of(locale: Locale) -> Self {
        Self { locale }
    }

    /// The locale that these are of.
    pub fn locale(self) -> Locale {
        self.locale
    }

    fn language(self) -> Language {
        self.locale.language
    }

    /// One of the texts with its arguments put in. One place for all of them: as code of each text
    /// by itself this would be a quarter of the whole interface.
    fn fill(self, texts: [&'static str; 3], arguments: &[(&str, &str)]) -> String {
        let [english, german, arabic] = texts;
        let text = match self.language() {
            Language::En => english,
            Language::De => german,
            Language::Ar => arabic,
        };
        let mut parts = text.split('{');
        let mut line = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let Some((name, rest)) = part.split_once('}') else { continue };
            let argument = arguments.iter().find(|(it, _)| *it == name);
            line.push_str(argument.map_or("", |(_, words)| words));
            line.push_str(rest);
        }
        self.finish(line)
    }

    fn finish(self, text: String) -> String {
        if self.locale.pseudo { pseudo::stretch(&text) } else { text }
    }
}

/// A key and its texts as written in the catalogue.
#[cfg(test)]
pub(crate) struct Entry {
    pub(crate) key: &'static str,
    pub(crate) texts: [&'static str; 3],
}

macro_rules! texts {
    ($list:ident: $($key:ident $(($($argument:ident),+))? = $en:literal, $de:literal, $ar:literal;)+) => {
        impl $crate::i18n::Texts {
            $(
                pub fn $key(self $($(, $argument: &str)+)?) -> String {
                    // Never run: it is how the compiler checks the arguments of each language.
                    if false {
                        drop([format!($en), format!($de), format!($ar)]);
                    }
                    self.fill([$en, $de, $ar], &[$($((stringify!($argument), $argument)),+)?])
                }
            )+
        }

        #[cfg(test)]
        pub(super) const $list: &[super::Entry] = &[
            $(super::Entry { key: stringify!($key), texts: [$en, $de, $ar] },)+
        ];
    };
}
use texts;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: [&[Entry]; 19] = [
        add::ADD,
        automations::AUTOMATIONS,
        automations_draft::AUTOMATIONS_DRAFT,
        automations_templates::AUTOMATIONS_TEMPLATES,
        common::COMMON,
        device::DEVICE,
        home::HOME,
        household::HOUSEHOLD,
        import::IMPORT,
        issues::ISSUES,
        past::PAST,
        rooms::ROOMS,
        rules::RULES,
        scenes::SCENES,
        sentence::SENTENCE,
        sentence_steps::SENTENCE_STEPS,
        sentence_why::SENTENCE_WHY,
        settings::SETTINGS,
        tile::TILE,
    ];

    fn every() -> impl Iterator<Item = &'static Entry> {
        ALL.into_iter().flatten()
    }

    fn arguments(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|it| it.split('}').next()).collect()
    }

    fn without_arguments(text: &str) -> String {
        text.split('{').map(|it| it.split_once('}').map_or(it, |(_, rest)| rest)).collect()
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        for entry in every() {
            for text in entry.texts {
                assert!(!text.trim().is_empty(), "{}", entry.key);
                assert_eq!(text.trim(), text, "{}", entry.key);
            }
        }
    }

    #[test]
    fn every_translation_tells_what_the_english_tells() {
        for entry in every() {
            let wanted = arguments(entry.texts[0]);
            for text in entry.texts {
                assert_eq!(arguments(text), wanted, "{}", entry.key);
            }
        }
    }

    #[test]
    fn arabic_is_written_in_arabic() {
        for entry in every() {
            let has_arabic =
                |text: &str| text.chars().any(|it| ('\u{600}'..='\u{6ff}').contains(&it));
            // Some texts only join others.
            let has_words = without_arguments(entry.texts[0]).chars().any(char::is_alphabetic);
            assert!(!has_words || has_arabic(entry.texts[2]), "{}: {}", entry.key, entry.texts[2]);
        }
    }

    #[test]
    fn what_a_button_says_ends_alike_in_every_language() {
        for entry in every() {
            let ends = |text: &str| text.ends_with(['.', '?', '؟']);
            let wanted = ends(entry.texts[0]);
            assert!(entry.texts.into_iter().all(|it| ends(it) == wanted), "{}", entry.key);
        }
    }

    #[test]
    fn the_pseudo_locale_leaves_no_text_as_it_is() {
        let locale = Locale { language: Language::En, pseudo: true };
        assert_ne!(Texts::of(locale).on(), "On");
    }
}

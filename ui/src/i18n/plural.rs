//! Which form of a word goes with a number, after the CLDR's rules for our languages.

use model::Language;

/// The CLDR's categories of whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// The category of a whole number in a language.
pub(super) fn plural(language: Language, count: usize) -> Plural {
    match (language, count) {
        (Language::En | Language::De, 1) => Plural::One,
        (Language::En | Language::De, _) => Plural::Other,
        (Language::Ar, _) => arabic(count),
    }
}

fn arabic(count: usize) -> Plural {
    match (count, count % 100) {
        (0, _) => Plural::Zero,
        (1, _) => Plural::One,
        (2, _) => Plural::Two,
        (_, 3..=10) => Plural::Few,
        (_, 11..=99) => Plural::Many,
        _ => Plural::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_knows_six_forms() {
        let cases = [
            (0, Plural::Zero),
            (1, Plural::One),
            (2, Plural::Two),
            (3, Plural::Few),
            (10, Plural::Few),
            (11, Plural::Many),
            (99, Plural::Many),
            (100, Plural::Other),
            (102, Plural::Other),
            (103, Plural::Few),
        ];
        for (count, form) in cases {
            assert_eq!(plural(Language::Ar, count), form, "{count}");
        }
    }

    #[test]
    fn english_and_german_know_two() {
        for language in [Language::En, Language::De] {
            assert_eq!(plural(language, 1), Plural::One);
            assert_eq!(plural(language, 0), Plural::Other);
            assert_eq!(plural(language, 21), Plural::Other);
        }
    }
}

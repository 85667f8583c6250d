//! Texts that count something, in as many forms as the language has.

use model::Language;

use super::super::format::decimal;
use super::super::plural::{Plural, plural};
use super::Texts;

/// The forms of one text; `#` stands for the number.
pub(super) struct Forms {
    pub(super) zero: &'static str,
    pub(super) one: &'static str,
    pub(super) two: &'static str,
    pub(super) few: &'static str,
    pub(super) many: &'static str,
    pub(super) other: &'static str,
}

/// A text in a language of two forms.
pub(super) const fn two_forms(one: &'static str, other: &'static str) -> Forms {
    Forms { zero: other, one, two: other, few: other, many: other, other }
}

impl Forms {
    fn of(&self, form: Plural) -> &'static str {
        match form {
            Plural::Zero => self.zero,
            Plural::One => self.one,
            Plural::Two => self.two,
            Plural::Few => self.few,
            Plural::Many => self.many,
            Plural::Other => self.other,
        }
    }
}

const DEVICES: [Forms; 3] = [
    two_forms("# device", "# devices"),
    two_forms("# Gerät", "# Geräte"),
    Forms {
        zero: "لا أجهزة",
        one: "جهاز واحد",
        two: "جهازان",
        few: "# أجهزة",
        many: "# جهازًا",
        other: "# جهاز",
    },
];

const FOUND: [Forms; 3] = [
    two_forms("# new device was found", "# new devices were found"),
    two_forms("# neues Gerät gefunden", "# neue Geräte gefunden"),
    Forms {
        zero: "لم يُعثر على أجهزة جديدة",
        one: "عُثر على جهاز جديد واحد",
        two: "عُثر على جهازين جديدين",
        few: "عُثر على # أجهزة جديدة",
        many: "عُثر على # جهازًا جديدًا",
        other: "عُثر على # جهاز جديد",
    },
];

const MORE_STEPS: [Forms; 3] = [
    two_forms("# more step", "# more steps"),
    two_forms("# weiterer Schritt", "# weitere Schritte"),
    Forms {
        zero: "لا خطوات أخرى",
        one: "خطوة أخرى",
        two: "خطوتان أخريان",
        few: "# خطوات أخرى",
        many: "# خطوة أخرى",
        other: "# خطوة أخرى",
    },
];

const TIMES: [Forms; 3] = [
    two_forms("once", "# times"),
    two_forms("einmal", "#-mal"),
    Forms {
        zero: "ولا مرة",
        one: "مرة واحدة",
        two: "مرتين",
        few: "# مرات",
        many: "# مرة",
        other: "# مرة",
    },
];

const REPEAT: [Forms; 3] = [
    two_forms("repeat once:", "repeat # times:"),
    two_forms("einmal:", "#-mal wiederholen:"),
    Forms {
        zero: "التكرار # مرة:",
        one: "مرة واحدة:",
        two: "التكرار مرتين:",
        few: "التكرار # مرات:",
        many: "التكرار # مرة:",
        other: "التكرار # مرة:",
    },
];

const FAILED: [Forms; 3] = [
    two_forms("Ran, but # command failed", "Ran, but # commands failed"),
    two_forms("Gelaufen, aber # Befehl schlug fehl", "Gelaufen, aber # Befehle schlugen fehl"),
    Forms {
        zero: "اكتمل التنفيذ",
        one: "اكتمل التنفيذ لكن أمرًا واحدًا فشل",
        two: "اكتمل التنفيذ لكن أمرين فشلا",
        few: "اكتمل التنفيذ لكن # أوامر فشلت",
        many: "اكتمل التنفيذ لكن # أمرًا فشلت",
        other: "اكتمل التنفيذ لكن # أمر فشلت",
    },
];

impl Texts {
    /// So many steps that are not told.
    pub fn more_steps(self, count: usize) -> String {
        self.count(&MORE_STEPS, count)
    }

    /// So often.
    pub fn repeat_times(self, count: usize) -> String {
        self.count(&TIMES, count)
    }

    /// A block is repeated so often.
    pub fn chip_repeat(self, count: usize) -> String {
        self.count(&REPEAT, count)
    }

    /// It ran, but so many commands failed.
    pub fn outcome_failed(self, count: usize) -> String {
        self.count(&FAILED, count)
    }

    /// So many devices.
    pub fn devices(self, count: usize) -> String {
        self.count(&DEVICES, count)
    }

    /// So many new devices were found.
    pub fn found(self, count: usize) -> String {
        self.count(&FOUND, count)
    }

    pub(super) fn count(self, [english, german, arabic]: &[Forms; 3], count: usize) -> String {
        let language = self.language();
        let forms = match language {
            Language::En => english,
            Language::De => german,
            Language::Ar => arabic,
        };
        let number = decimal(self.locale(), count as f64, 0);
        self.finish(forms.of(plural(language, count)).replace('#', &number))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Locale;
    use super::*;

    fn texts(language: Language) -> Texts {
        Texts::of(Locale { language, pseudo: false })
    }

    #[test]
    fn counting_takes_the_form_that_goes_with_the_number() {
        assert_eq!(texts(Language::En).devices(1), "1 device");
        assert_eq!(texts(Language::De).devices(3), "3 Geräte");
        assert_eq!(texts(Language::Ar).devices(2), "جهازان");
        assert_eq!(texts(Language::Ar).devices(5), "5 أجهزة");
        assert_eq!(texts(Language::Ar).devices(11), "11 جهازًا");
        assert_eq!(texts(Language::Ar).devices(100), "100 جهاز");
    }

    #[test]
    fn every_form_of_every_count_is_there() {
        for forms in [DEVICES, FOUND, MORE_STEPS, TIMES, REPEAT, FAILED].iter().flatten() {
            for form in [Plural::Zero, Plural::One, Plural::Two, Plural::Few, Plural::Many] {
                assert!(!forms.of(form).is_empty());
            }
            assert!(forms.other.contains('#'));
        }
    }
}

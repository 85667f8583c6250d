//! More texts that count something: things, runs, commands, records.

use super::super::format::decimal;
use super::Texts;
use super::counts::{Forms, two_forms};

const THINGS: [Forms; 3] = [
    two_forms("# thing", "# things"),
    two_forms("# Ding", "# Dinge"),
    Forms {
        zero: "لا أشياء",
        one: "شيء واحد",
        two: "شيئان",
        few: "# أشياء",
        many: "# شيئًا",
        other: "# شيء",
    },
];

const WOULD_RUN: [Forms; 3] = [
    two_forms("Would have run # time", "Would have run # times"),
    two_forms("Wäre #-mal gelaufen", "Wäre #-mal gelaufen"),
    Forms {
        zero: "ما كانت لتعمل",
        one: "كانت ستعمل مرة واحدة",
        two: "كانت ستعمل مرتين",
        few: "كانت ستعمل # مرات",
        many: "كانت ستعمل # مرة",
        other: "كانت ستعمل # مرة",
    },
];

const WOULD_COMMAND: [Forms; 3] = [
    two_forms("# command would have been sent", "# commands would have been sent"),
    two_forms("# Befehl wäre gesendet worden", "# Befehle wären gesendet worden"),
    Forms {
        zero: "ما كان ليُرسل أي أمر",
        one: "كان سيُرسل أمر واحد",
        two: "كان سيُرسل أمران",
        few: "كانت ستُرسل # أوامر",
        many: "كان سيُرسل # أمرًا",
        other: "كان سيُرسل # أمر",
    },
];

const NOTES: [Forms; 3] = [
    two_forms("# record of the past was replayed", "# records of the past were replayed"),
    two_forms("# Aufzeichnung wurde abgespielt", "# Aufzeichnungen wurden abgespielt"),
    Forms {
        zero: "لم يُستعرض أي سجل",
        one: "استُعرض سجل واحد من الماضي",
        two: "استُعرض سجلان من الماضي",
        few: "استُعرضت # سجلات من الماضي",
        many: "استُعرض # سجلًا من الماضي",
        other: "استُعرض # سجل من الماضي",
    },
];

const DAYS: [Forms; 3] = [
    two_forms("# day", "# days"),
    two_forms("# Tag", "# Tage"),
    Forms {
        zero: "لا أيام",
        one: "يوم واحد",
        two: "يومان",
        few: "# أيام",
        many: "# يومًا",
        other: "# يوم",
    },
];

const RULES: [Forms; 3] = [
    two_forms("# automation", "# automations"),
    two_forms("# Automation", "# Automationen"),
    Forms {
        zero: "لا أتمتة",
        one: "أتمتة واحدة",
        two: "أتمتتان",
        few: "# من الأتمتة",
        many: "# من الأتمتة",
        other: "# من الأتمتة",
    },
];

const CARRIED: [Forms; 3] = [
    two_forms("# automation was carried over", "# automations were carried over"),
    two_forms("# Automation wurde übernommen", "# Automationen wurden übernommen"),
    Forms {
        zero: "لم تُنقل أي أتمتة",
        one: "نُقلت أتمتة واحدة",
        two: "نُقلت أتمتتان",
        few: "نُقلت # من الأتمتة",
        many: "نُقلت # من الأتمتة",
        other: "نُقلت # من الأتمتة",
    },
];

impl Texts {
    /// So many things.
    pub fn things(self, count: usize) -> String {
        self.count(&THINGS, count)
    }

    /// So many of those asked for were captured.
    pub fn captured(self, captured: usize, asked: usize) -> String {
        if captured == asked {
            return self.joined(&self.saved(), &self.things(captured));
        }
        let number = |it: usize| decimal(self.locale(), it as f64, 0);
        self.captured_some(&number(captured), &number(asked))
    }

    /// A draft would have run so often.
    pub fn would_run(self, count: usize) -> String {
        self.count(&WOULD_RUN, count)
    }

    /// A draft would have sent so many commands.
    pub fn would_command(self, count: usize) -> String {
        self.count(&WOULD_COMMAND, count)
    }

    /// So many records were replayed.
    pub fn replayed(self, count: usize) -> String {
        self.count(&NOTES, count)
    }

    /// So many days.
    pub fn days(self, count: usize) -> String {
        self.count(&DAYS, count)
    }

    /// So many rules.
    pub fn rules(self, count: usize) -> String {
        self.count(&RULES, count)
    }

    /// So many rules were carried over.
    pub fn carried_over(self, count: usize) -> String {
        self.count(&CARRIED, count)
    }
}

#[cfg(test)]
mod tests {
    use model::Language;

    use super::super::super::Locale;
    use super::*;

    #[test]
    fn a_draft_that_would_have_run_is_told_in_every_language() {
        let texts = |language| Texts::of(Locale { language, pseudo: false });
        assert_eq!(texts(Language::En).would_run(14), "Would have run 14 times");
        assert_eq!(texts(Language::De).would_run(1), "Wäre 1-mal gelaufen");
        assert_eq!(texts(Language::Ar).would_run(2), "كانت ستعمل مرتين");
    }

    #[test]
    fn what_was_not_captured_is_told() {
        let t = Texts::of(Locale { language: Language::En, pseudo: false });
        assert_eq!(t.captured(3, 3), "Saved · 3 things");
        assert!(t.captured(2, 3).starts_with("Captured 2 of 3"));
    }
}

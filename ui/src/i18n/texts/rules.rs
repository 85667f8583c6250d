//! Texts of the automations pages.

use super::texts;

texts! { RULES:
    no_automations = "No automations yet", "Noch keine Automationen", "لا توجد أتمتة بعد";
    no_automations_why = "An automation does something by itself, for example: when the sun sets, if somebody is home, switch on the lamp.",
        "Eine Automation tut etwas von selbst, zum Beispiel: Wenn die Sonne untergeht und jemand zu Hause ist, schalte die Lampe ein.",
        "الأتمتة تنفّذ شيئًا من تلقاء نفسها، مثلًا: عند غروب الشمس وإذا كان أحد في المنزل، شغّل المصباح.";
}

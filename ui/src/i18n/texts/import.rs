//! Texts of the page for files of rules.

use super::texts;

texts! { IMPORT:
    export = "Export", "Exportieren", "تصدير";
    export_why(rules) = "{rules} as one file, to keep elsewhere or to hand on. It holds no passwords.",
        "{rules} als eine Datei, zum Aufbewahren oder Weitergeben. Sie enthält keine Passwörter.",
        "{rules} في ملف واحد للحفظ أو المشاركة. لا يحتوي على كلمات مرور.";
    export_all = "Download all", "Alle herunterladen", "تنزيل الكل";
    export_text = "Or copy the text", "Oder den Text kopieren", "أو انسخ النص";
    file_text = "Text of the file", "Text der Datei", "نص الملف";
    import_own = "Import from Hearth", "Aus Hearth importieren", "استيراد من Hearth";
    import_own_why = "A file that Hearth exported. All of its automations are added, or none.",
        "Eine Datei, die Hearth exportiert hat. Alle ihre Automationen kommen hinzu, oder keine.",
        "ملف صدّره Hearth. تُضاف كل الأتمتة التي فيه أو لا شيء منها.";
    import_do = "Import", "Importieren", "استيراد";
    import_foreign = "Import from Home Assistant", "Aus Home Assistant importieren", "استيراد من Home Assistant";
    import_foreign_why = "Reads automations in YAML as far as Hearth can, and says what it cannot. Nothing is saved until you say so.",
        "Liest Automationen in YAML, soweit Hearth es kann, und sagt, was es nicht kann. Nichts wird gespeichert, bevor du es sagst.",
        "يقرأ الأتمتة بصيغة YAML قدر ما يستطيع Hearth، ويذكر ما لا يستطيع. لا يُحفظ شيء حتى تأمر بذلك.";
    choose_file = "Choose a file", "Datei wählen", "اختيار ملف";
    or_paste = "Or paste its text", "Oder ihren Text einfügen", "أو الصق نصه";
    file_too_large = "This file is too large.", "Diese Datei ist zu groß.", "هذا الملف كبير جدًا.";
    read_file = "Read", "Lesen", "قراءة";
    map_title = "What these are here", "Was das hier ist", "ما يقابلها هنا";
    map_why = "The file names these things. Say what each of them is in your home.",
        "Die Datei nennt diese Dinge. Sag, was jedes davon in deinem Zuhause ist.",
        "يذكر الملف هذه الأشياء. حدّد ما يقابل كلًا منها في منزلك.";
    map_to(thing) = "What {thing} is here", "Was {thing} hier ist", "ما يقابل {thing} هنا";
    map_not_yet = "Not said yet", "Noch nicht gesagt", "لم يُحدد بعد";
    map_nothing = "Nothing: leave out what needs it", "Nichts: weglassen, was es braucht", "لا شيء: استبعاد ما يحتاج إليه";
    map_guessed = "Guessed by the name: please check", "Nach dem Namen geraten: bitte prüfen", "خُمّن من الاسم: يُرجى التحقق";
    map_anyone = "Anyone who lives here", "Irgendwer, der hier wohnt", "أي شخص يسكن هنا";
    map_room(room) = "Everything in: {room}", "Alles in: {room}", "كل شيء في: {room}";
    map_group(group) = "Group: {group}", "Gruppe: {group}", "مجموعة: {group}";
    import_report = "What can be carried over", "Was übernommen werden kann", "ما يمكن نقله";
    import_summary(all, can, whole) = "Read: {all}. Can be carried over: {can}; without any loss: {whole}.",
        "Gelesen: {all}. Übernehmbar: {can}; ganz ohne Verlust: {whole}.",
        "قُرئ: {all}. يمكن نقل: {can}؛ ودون أي فقد: {whole}.";
    import_save = "Save the chosen ones", "Gewählte speichern", "حفظ المختار";
    import_not = "Cannot be carried over.", "Kann nicht übernommen werden.", "لا يمكن نقلها.";
    import_unmapped(things) = "Say first what these are here: {things}", "Sag zuerst, was das hier ist: {things}", "حدّد أولًا ما يقابل: {things}";
    lost_title = "Not carried over:", "Nicht übernommen:", "لم يُنقل:";
    lost_template = "a template, which is a program of its own", "ein Template, also ein eigenes Programm", "قالب، وهو برنامج قائم بذاته";
    lost_trigger = "Hearth has no such trigger", "solch einen Auslöser hat Hearth nicht", "لا يوجد مُطلق كهذا في Hearth";
    lost_condition = "Hearth has no such condition", "solch eine Bedingung hat Hearth nicht", "لا يوجد شرط كهذا في Hearth";
    lost_action = "Hearth has no such action", "solch eine Aktion hat Hearth nicht", "لا يوجد إجراء كهذا في Hearth";
    lost_thing = "Hearth has no such things", "solche Dinge kennt Hearth nicht", "لا يعرف Hearth أشياء كهذه";
    lost_setting = "Hearth has no such setting", "solch eine Einstellung hat Hearth nicht", "لا يوجد إعداد كهذا في Hearth";
    lost_malformed = "it is not written as Home Assistant writes it", "so schreibt Home Assistant das nicht", "ليس مكتوبًا كما يكتبه Home Assistant";
    lost_unmapped = "it is not said yet what it is here", "noch ist nicht gesagt, was es hier ist", "لم يُحدد بعد ما يقابله هنا";
    lost_fatal = "Without it the automation would do something else, so it is left out as a whole.",
        "Ohne das täte die Automation etwas anderes, deshalb bleibt sie ganz weg.",
        "من دونه كانت الأتمتة ستفعل شيئًا آخر، لذلك تُركت كلها.";
}

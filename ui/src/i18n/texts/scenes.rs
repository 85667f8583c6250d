//! Texts of the scenes pages.

use super::texts;

texts! { SCENES:
    no_scenes = "No scenes yet", "Noch keine Szenen", "لا توجد مشاهد بعد";
    no_scenes_why = "A scene sets several things at once, for example Film night: ceiling off, lamp at 20 %.",
        "Eine Szene stellt mehrere Dinge auf einmal ein, zum Beispiel Filmabend: Decke aus, Lampe auf 20 %.",
        "يضبط المشهد عدة أشياء دفعة واحدة، مثل ليلة فيلم: السقف مطفأ والمصباح على 20٪.";
    scene_gone = "This scene is gone", "Diese Szene gibt es nicht mehr", "لم يعد هذا المشهد موجودًا";
    to_scenes = "Go to Scenes", "Zu den Szenen", "إلى المشاهد";
    capture_scene = "Capture as it is now", "So festhalten, wie es jetzt ist", "حفظ الوضع الحالي";
    capture_again = "Take over how it is now", "Jetzigen Zustand übernehmen", "أخذ الوضع الحالي";
    capture_why = "Set your things as you like them, then choose which of them belong to the scene.",
        "Stelle alles so ein, wie du es magst, und wähle dann, was zur Szene gehört.",
        "اضبط الأشياء كما تحب، ثم اختر ما ينتمي منها إلى المشهد.";
    compose_scene = "Compose", "Zusammenstellen", "تأليف";
    edit_scene(name) = "Edit: {name}", "Bearbeiten: {name}", "تعديل: {name}";
    edit = "Edit", "Bearbeiten", "تعديل";
    set_scene(name) = "Set scene: {name}", "Szene einstellen: {name}", "ضبط المشهد: {name}";
    set_it = "Set", "Einstellen", "ضبط";
    scene_set(name) = "{name} is set.", "{name} ist eingestellt.", "ضُبط المشهد {name}.";
    scene_removed(name) = "{name} was removed.", "{name} wurde entfernt.", "أُزيل {name}.";
    scene_room = "Shown in", "Gezeigt in", "يظهر في";
    scene_of = "What belongs to it", "Was dazugehört", "ما ينتمي إليه";
    scene_sets = "What it sets", "Was sie einstellt", "ما يضبطه";
    whole_home = "Whole home", "Ganzes Zuhause", "المنزل كله";
    transition = "Lights take", "Lichter brauchen", "مدة تغيّر الأضواء";
    at_once = "No time: at once", "Keine Zeit: sofort", "بلا مدة: فورًا";
    choose_things = "Choose things", "Dinge auswählen", "اختيار الأشياء";
    choose_something = "Choose at least one thing.", "Wähle mindestens ein Ding.", "اختر شيئًا واحدًا على الأقل.";
    chosen_of(count, all) = "{count} of {all} chosen", "{count} von {all} gewählt", "اختير {count} من {all}";
    name_wrong_scene = "Enter a name of at most 64 characters.",
        "Gib einen Namen mit höchstens 64 Zeichen ein.",
        "أدخل اسمًا لا يتجاوز 64 حرفًا.";
    now_is(state) = "Now: {state}", "Jetzt: {state}", "الآن: {state}";
    leave_out(name) = "Leave out: {name}", "Weglassen: {name}", "استبعاد: {name}";
    role_vacant = "No device fills this place now.", "Kein Gerät füllt diesen Platz zurzeit.", "لا جهاز يشغل هذا المكان الآن.";
    take_over = "Take over", "Übernehmen", "اعتماد";
    captured_some(captured, asked) = "Captured {captured} of {asked}; the others are not known or cannot be set.",
        "{captured} von {asked} festgehalten; die anderen sind nicht bekannt oder nicht einstellbar.",
        "حُفظ {captured} من {asked}؛ والبقية غير معروفة أو لا يمكن ضبطها.";
}

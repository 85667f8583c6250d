//! Texts of the rooms page.

use super::texts;

texts! { ROOMS:
    new_room = "New room", "Neuer Raum", "غرفة جديدة";
    room_name = "Name of the room", "Name des Raums", "اسم الغرفة";
    create = "Create", "Anlegen", "إنشاء";
    move_up(name) = "Move up: {name}", "Nach oben: {name}", "نقل لأعلى: {name}";
    move_down(name) = "Move down: {name}", "Nach unten: {name}", "نقل لأسفل: {name}";
    rename_room(name) = "Rename: {name}", "Umbenennen: {name}", "إعادة تسمية: {name}";
    remove_room(name) = "Remove: {name}", "Entfernen: {name}", "إزالة: {name}";
    room_removed(name) = "{name} was removed.", "{name} wurde entfernt.", "أُزيلت {name}.";
    no_rooms = "No rooms yet", "Noch keine Räume", "لا توجد غرف بعد";
    no_rooms_why = "Rooms group your devices, for example Kitchen, Bedroom, Garden.",
        "Räume ordnen deine Geräte, zum Beispiel Küche, Schlafzimmer, Garten.",
        "تجمع الغرف أجهزتك، مثل المطبخ وغرفة النوم والحديقة.";
    without_room = "In no room", "In keinem Raum", "ليست في أي غرفة";
    move_device(name) = "Room of {name}", "Raum von {name}", "غرفة {name}";
    name_empty = "Enter a name.", "Gib einen Namen ein.", "أدخل اسمًا.";
    name_too_long = "At most 64 characters.", "Höchstens 64 Zeichen.", "64 حرفًا كحد أقصى.";
    name_control = "This name holds characters that cannot be shown.",
        "Der Name enthält Zeichen, die nicht angezeigt werden können.",
        "يحتوي الاسم على رموز لا يمكن عرضها.";
    name_taken = "There is a room of that name already.",
        "Einen Raum mit diesem Namen gibt es schon.",
        "توجد غرفة بهذا الاسم بالفعل.";
}

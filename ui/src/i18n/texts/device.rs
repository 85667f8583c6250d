//! Texts of the device page.

use super::texts;

texts! { DEVICE:
    device_gone = "This device is not in your home", "Dieses Gerät ist nicht in deinem Zuhause", "هذا الجهاز ليس في منزلك";
    device_gone_why = "It was removed, or the address is wrong.",
        "Es wurde entfernt, oder die Adresse stimmt nicht.",
        "أُزيل الجهاز، أو أن العنوان غير صحيح.";
    device_settings = "Settings of the device", "Einstellungen des Geräts", "إعدادات الجهاز";
    for_experts = "Diagnostics", "Diagnose", "التشخيص";
    how_known = "What is known, and how", "Was bekannt ist, und woher", "ما هو معروف، ومن أين";
    capability = "Capability", "Fähigkeit", "القدرة";
    value = "Value", "Wert", "القيمة";
    source = "Source", "Quelle", "المصدر";
    how_old = "Age", "Alter", "العمر";
    part = "Part", "Teil", "الجزء";
    source_pushed = "Said by itself", "Von selbst gemeldet", "أبلغ بنفسه";
    source_polled = "Said when asked", "Auf Nachfrage gemeldet", "أجاب عند السؤال";
    source_remembered = "Remembered", "Gemerkt", "محفوظ";
    source_none = "Not said yet", "Noch nicht gemeldet", "لم يُبلّغ بعد";
    about_device = "About this device", "Über dieses Gerät", "عن هذا الجهاز";
    maker = "Maker", "Hersteller", "الشركة المصنّعة";
    model = "Model", "Modell", "الطراز";
    firmware = "Firmware", "Firmware", "البرنامج الثابت";
    protocol = "Protocol", "Protokoll", "البروتوكول";
    identity = "Identity", "Kennung", "المعرّف";
    connected = "Connected", "Verbunden", "متصل";
    connecting = "Connecting …", "Wird verbunden …", "جارٍ الاتصال …";
    last_heard = "Last heard", "Zuletzt gehört", "آخر تواصل";
    reconnect = "Try to reach it now", "Jetzt versuchen zu erreichen", "حاول الوصول إليه الآن";
    change_secret = "Change password or key", "Passwort oder Schlüssel ändern", "تغيير كلمة المرور أو المفتاح";
    remove_device = "Remove from home", "Aus dem Zuhause entfernen", "إزالة من المنزل";
    device_removed(name) = "{name} was removed.", "{name} wurde entfernt.", "أُزيل {name}.";
    remove_question(name) = "Remove {name}?", "{name} entfernen?", "إزالة {name}؟";
    remove_why = "Hearth forgets its name, its room, its values and its password. You can add it again at any time.",
        "Hearth vergisst Namen, Raum, Werte und Passwort. Du kannst es jederzeit wieder hinzufügen.",
        "ينسى Hearth اسمه وغرفته وقيمه وكلمة مروره. يمكنك إضافته من جديد في أي وقت.";
    step_requested = "Requested", "Verlangt", "طُلب";
    step_sent = "Sent", "Gesendet", "أُرسل";
    step_acknowledged = "Acknowledged", "Angenommen", "تأكد الاستلام";
    step_observed = "Confirmed by the device", "Vom Gerät bestätigt", "أكده الجهاز";
    color = "Colour", "Farbe", "اللون";
    hue = "Hue", "Farbton", "درجة اللون";
    saturation = "Saturation", "Sättigung", "التشبع";
    warmth = "Warmth of white", "Wärme des Weiß", "دفء الأبيض";
    in_colour = "Colour", "Farbig", "ملوّن";
    in_white = "White", "Weiß", "أبيض";
    effect = "Effect", "Effekt", "التأثير";
    palette = "Palette", "Farbpalette", "لوحة الألوان";
    target_temperature = "Target temperature", "Solltemperatur", "درجة الحرارة المطلوبة";
    measured(temperature) = "Measured: {temperature}", "Gemessen: {temperature}", "المقيسة: {temperature}";
    running = "Running now", "Läuft gerade", "يعمل الآن";
    idle = "Idle", "In Ruhe", "خامل";
    button_hint = "Press the button on the device to see it here.",
        "Drück die Taste am Gerät, dann siehst du es hier.",
        "اضغط الزر على الجهاز لتراه هنا.";
    pressed_times(count) = "Pressed, {count}×", "Gedrückt, {count}×", "ضُغط \u{2066}{count}×\u{2069}";
    button_held = "Held", "Gehalten", "ضغط مطوّل";
    button_down = "Down", "Unten", "مضغوط";
    button_up = "Released", "Losgelassen", "تُرك";
    add_favourite = "Add to favourites", "Zu den Favoriten", "إضافة إلى المفضّلة";
    remove_favourite = "Remove from favourites", "Aus den Favoriten entfernen", "إزالة من المفضّلة";
    power = "Power", "Leistung", "القدرة";
    energy = "Energy", "Energie", "الطاقة";
    temperature = "Temperature", "Temperatur", "درجة الحرارة";
    humidity = "Humidity", "Luftfeuchte", "الرطوبة";
    illuminance = "Brightness of the room", "Helligkeit im Raum", "إضاءة المكان";
    air_quality = "Air quality", "Luftqualität", "جودة الهواء";
    carbon_dioxide = "Carbon dioxide", "Kohlendioxid", "ثاني أكسيد الكربون";
    fine_dust = "Fine dust", "Feinstaub", "الغبار الدقيق";
    battery_charge = "Battery", "Batterie", "البطارية";
    presence = "Presence", "Anwesenheit", "الحضور";
    contact = "State", "Zustand", "الحالة";
    switching = "Switch", "Schalter", "المفتاح";
    level = "Level", "Stufe", "المستوى";
    covering = "Covering", "Behang", "الستارة";
    lock_state = "Lock", "Schloss", "القفل";
    thermostat = "Thermostat", "Thermostat", "منظّم الحرارة";
    number = "Number", "Zahl", "الرقم";
    action = "Action", "Aktion", "إجراء";
    button = "Button", "Taste", "الزر";
    measurement = "Measurement", "Messwert", "القياس";
}

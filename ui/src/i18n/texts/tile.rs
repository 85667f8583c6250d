//! What a tile says: states, pending, failures, ages.

use super::texts;

texts! { TILE:
    on = "On", "An", "مشغّل";
    off = "Off", "Aus", "مطفأ";
    on_at(level) = "On, {level}", "An, {level}", "مشغّل، {level}";
    open = "Open", "Offen", "مفتوح";
    open_at(level) = "{level} open", "{level} offen", "مفتوح {level}";
    closed = "Closed", "Geschlossen", "مغلق";
    opening = "Opening …", "Öffnet …", "يُفتح …";
    closing = "Closing …", "Schließt …", "يُغلق …";
    locked = "Locked", "Verriegelt", "مقفل";
    unlocked = "Unlocked", "Entriegelt", "غير مقفل";
    locking = "Locking …", "Verriegelt gerade …", "جارٍ القفل …";
    unlocking = "Unlocking …", "Entriegelt gerade …", "جارٍ فتح القفل …";
    jammed = "Jammed: please look", "Klemmt: bitte nachsehen", "عالق: يُرجى التحقق";
    leak = "Water detected", "Wasser erkannt", "رُصد تسرّب ماء";
    no_leak = "Dry", "Trocken", "جاف";
    smoke = "Smoke detected", "Rauch erkannt", "رُصد دخان";
    no_smoke = "No smoke", "Kein Rauch", "لا دخان";
    problem = "Problem", "Störung", "عطل";
    no_problem = "No problem", "Keine Störung", "لا أعطال";
    motion = "Motion", "Bewegung", "حركة";
    no_motion = "No motion", "Keine Bewegung", "لا حركة";
    ready = "Ready", "Bereit", "جاهز";
    thermostat_off = "Off", "Aus", "مطفأ";
    thermostat_auto = "Auto", "Automatisch", "تلقائي";
    thermostat_heat = "Heat", "Heizen", "تدفئة";
    thermostat_cool = "Cool", "Kühlen", "تبريد";
    thermostat_fan = "Fan only", "Nur Lüfter", "مروحة فقط";
    thermostat_dry = "Dry", "Entfeuchten", "إزالة الرطوبة";
    target(temperature) = "Target {temperature}", "Soll {temperature}", "الهدف {temperature}";
    target_between(low, high) = "Target {low} to {high}", "Soll {low} bis {high}", "الهدف من {low} إلى {high}";
    air_good = "Air good", "Luft gut", "الهواء جيد";
    air_fair = "Air fair", "Luft befriedigend", "الهواء مقبول";
    air_moderate = "Air moderate", "Luft mäßig", "الهواء متوسط";
    air_poor = "Air poor", "Luft schlecht", "الهواء رديء";
    air_very_poor = "Air very poor", "Luft sehr schlecht", "الهواء رديء جدًا";
    air_extremely_poor = "Air extremely poor", "Luft extrem schlecht", "الهواء بالغ الرداءة";
    battery(level) = "Battery {level}", "Batterie {level}", "البطارية {level}";
    unknown = "Unknown", "Unbekannt", "غير معروف";
    joined(first, second) = "{first} · {second}", "{first} · {second}", "{first} · {second}";
    now = "just now", "gerade eben", "الآن";
    ago(span) = "{span} ago", "vor {span}", "قبل {span}";
    offline(span) = "Offline, {span}", "Offline, {span}", "غير متصل، {span}";
    offline_was(cause, state) = "{cause} (was: {state})", "{cause} (zuletzt: {state})", "{cause} (آخر حالة: {state})";
    offline_now = "Offline", "Offline", "غير متصل";
    last_seen(ago) = "last seen {ago}", "zuletzt gesehen {ago}", "آخر ظهور {ago}";
    never_seen = "not seen yet", "noch nicht gesehen", "لم يظهر بعد";
    remembered(state, ago) = "{state} · {ago}", "{state} · {ago}", "{state} · {ago}";
    needs_secret = "Needs a password", "Braucht ein Passwort", "يحتاج إلى كلمة مرور";
    wrong_secret = "Password refused", "Passwort abgelehnt", "رُفضت كلمة المرور";
    secrets_locked = "Secrets are locked", "Geheimnisse gesperrt", "الأسرار مقفلة";
    wrong_identity = "Another device answers", "Anderes Gerät antwortet", "يجيب جهاز آخر";
    garbage = "Not understood", "Unverständlich", "غير مفهوم";
    toggle_on(name) = "Switch on: {name}", "Einschalten: {name}", "تشغيل: {name}";
    toggle_off(name) = "Switch off: {name}", "Ausschalten: {name}", "إطفاء: {name}";
    press(name) = "Press: {name}", "Auslösen: {name}", "ضغط: {name}";
    more(name) = "Controls of {name}", "Bedienung von {name}", "أدوات تحكم {name}";
    failed(name, reason) = "{name}: {reason}", "{name}: {reason}", "{name}: {reason}";
    fail_unreachable = "cannot be reached", "nicht erreichbar", "يتعذر الوصول إليه";
    fail_connection_lost = "connection lost; it may have happened",
        "Verbindung abgebrochen; vielleicht ist es geschehen",
        "انقطع الاتصال؛ ربما تم التنفيذ";
    fail_not_authorized = "does not accept our password", "nimmt unser Passwort nicht an", "لا يقبل كلمة المرور";
    fail_refused(words) = "refused: {words}", "abgelehnt: {words}", "رفض الجهاز: {words}";
    fail_queue_full = "too many commands are waiting", "zu viele Befehle warten", "أوامر كثيرة قيد الانتظار";
    fail_superseded = "a newer command took its place", "ein neuerer Befehl kam dazwischen", "حلّ محله أمر أحدث";
    fail_interrupted = "Hearth stopped before it confirmed", "Hearth wurde vor der Bestätigung beendet", "توقف Hearth قبل التأكيد";
    fail_not_recorded = "could not be written down, so not sent", "konnte nicht gespeichert werden, also nicht gesendet", "تعذّر تدوين الأمر فلم يُرسل";
    fail_expired = "did not confirm in time", "hat nicht rechtzeitig bestätigt", "لم يؤكد في الوقت المناسب";
    favourite = "Favourite", "Favorit", "مفضّلة";
    open_device = "Open device", "Gerät öffnen", "فتح صفحة الجهاز";
    switch_on = "Switch on", "Einschalten", "تشغيل";
    brightness = "Brightness", "Helligkeit", "السطوع";
    speed = "Speed", "Stufe", "السرعة";
    position = "Position", "Position", "الموضع";
    cover_open = "Open", "Öffnen", "فتح";
    cover_stop = "Stop", "Stopp", "إيقاف";
    cover_close = "Close", "Schließen", "إغلاق";
    lock = "Lock", "Verriegeln", "قفل";
    unlock = "Unlock", "Entriegeln", "فتح القفل";
    unlock_question(name) = "Unlock {name}?", "{name} entriegeln?", "فتح قفل {name}؟";
    unlock_why = "Anyone at the door can then come in.",
        "Danach kann jeder an der Tür hereinkommen.",
        "عندها يستطيع أي شخص عند الباب الدخول.";
    heat_to = "Heat to", "Heizen auf", "التدفئة حتى";
    cool_to = "Cool to", "Kühlen auf", "التبريد حتى";
    warmer = "Warmer", "Wärmer", "أدفأ";
    cooler = "Cooler", "Kühler", "أبرد";
    press_now = "Press", "Auslösen", "ضغط";
    mode = "Mode", "Modus", "الوضع";
}

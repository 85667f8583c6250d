//! Texts used everywhere: navigation, buttons, connection, errors.

use super::texts;

texts! { COMMON:
    app_name = "Hearth", "Hearth", "هارث (Hearth)";
    nav = "Main", "Hauptmenü", "القائمة الرئيسية";
    skip = "Skip to content", "Zum Inhalt springen", "انتقل إلى المحتوى";
    home = "Home", "Zuhause", "المنزل";
    rooms = "Rooms", "Räume", "الغرف";
    add = "Add", "Hinzufügen", "إضافة";
    add_device = "Add device", "Gerät hinzufügen", "إضافة جهاز";
    settings = "Settings", "Einstellungen", "الإعدادات";
    close = "Close", "Schließen", "إغلاق";
    cancel = "Cancel", "Abbrechen", "إلغاء";
    save = "Save", "Speichern", "حفظ";
    saved = "Saved", "Gespeichert", "تم الحفظ";
    rename = "Rename", "Umbenennen", "إعادة التسمية";
    remove = "Remove", "Entfernen", "إزالة";
    undo = "Undo", "Rückgängig", "تراجع";
    retry = "Try again", "Erneut versuchen", "حاول مرة أخرى";
    back = "Back", "Zurück", "رجوع";
    name = "Name", "Name", "الاسم";
    room = "Room", "Raum", "الغرفة";
    no_room = "No room", "Kein Raum", "بلا غرفة";
    show_secret = "Show", "Anzeigen", "إظهار";
    hide_secret = "Hide", "Verbergen", "إخفاء";
    loading = "Opening your home …", "Dein Zuhause wird geöffnet …", "جارٍ فتح منزلك …";
    link_gone = "Hearth does not answer. What you see is what it last said.",
        "Hearth antwortet nicht. Du siehst, was zuletzt bekannt war.",
        "لا يستجيب Hearth. ما تراه هو آخر ما أفاد به.";
    link_refused = "No connection to Hearth",
        "Keine Verbindung zu Hearth",
        "لا يوجد اتصال بـ Hearth";
    link_refused_why = "It is not running, or this browser is not signed in. Open the sign-in link that Hearth printed when it started. This page keeps trying.",
        "Hearth läuft nicht, oder dieser Browser ist nicht angemeldet. Öffne den Anmelde-Link, den Hearth beim Start ausgegeben hat. Diese Seite versucht es weiter.",
        "إما أن Hearth لا يعمل أو أن هذا المتصفح غير مسجَّل الدخول. افتح رابط تسجيل الدخول الذي طبعه Hearth عند بدء تشغيله. ستواصل هذه الصفحة المحاولة.";
    link_other_version = "Hearth was updated",
        "Hearth wurde aktualisiert",
        "تم تحديث Hearth";
    link_other_version_why = "This page belongs to another version. Load it again.",
        "Diese Seite gehört zu einer anderen Version. Lade sie neu.",
        "هذه الصفحة تخص إصدارًا آخر. أعد تحميلها.";
    reload = "Load again", "Neu laden", "إعادة التحميل";
    link_nowhere = "This page needs Hearth",
        "Diese Seite braucht Hearth",
        "تحتاج هذه الصفحة إلى Hearth";
    link_nowhere_why = "It only works in the Hearth window or served by hearthd.",
        "Sie funktioniert nur im Fenster von Hearth oder über hearthd.",
        "لا تعمل إلا داخل نافذة Hearth أو عبر hearthd.";
    nowhere = "There is nothing here",
        "Hier ist nichts",
        "لا يوجد شيء هنا";
    nowhere_why = "This address leads to no page of Hearth.",
        "Diese Adresse führt zu keiner Seite von Hearth.",
        "لا يقود هذا العنوان إلى أي صفحة في Hearth.";
    to_home = "Go to Home", "Zur Startseite", "إلى الصفحة الرئيسية";
    sandbox = "Simulated home", "Simuliertes Zuhause", "منزل تجريبي";
    sandbox_why = "Nothing here touches real devices.",
        "Hier wird kein echtes Gerät berührt.",
        "لا يؤثر أي شيء هنا في الأجهزة الحقيقية.";
    leave_sandbox = "Leave the simulated home",
        "Simuliertes Zuhause verlassen",
        "مغادرة المنزل التجريبي";
    error_not_found = "That no longer exists.",
        "Das gibt es nicht mehr.",
        "لم يعد هذا موجودًا.";
    error_invalid = "That is not possible here.",
        "Das ist hier nicht möglich.",
        "هذا غير ممكن هنا.";
    error_duplicate = "That was already asked for; it was not done twice.",
        "Das wurde schon verlangt und nicht zweimal getan.",
        "سبق طلب ذلك، ولم يُنفَّذ مرتين.";
    error_already_added = "This device is already in your home.",
        "Dieses Gerät ist schon in deinem Zuhause.",
        "هذا الجهاز موجود بالفعل في منزلك.";
    error_no_answer = "Nobody answers at that address. Check that the device has power and is on this network.",
        "Unter dieser Adresse antwortet niemand. Hat das Gerät Strom und ist es in diesem Netz?",
        "لا أحد يجيب على هذا العنوان. تأكد من أن الجهاز موصول بالكهرباء ومتصل بهذه الشبكة.";
    error_not_a_device = "Something answers there, but it is no device that Hearth knows.",
        "Dort antwortet etwas, aber kein Gerät, das Hearth kennt.",
        "هناك ما يجيب على هذا العنوان، لكنه ليس جهازًا يعرفه Hearth.";
    error_wrong_identity = "Another device answers there than the one that was found.",
        "Dort antwortet ein anderes Gerät als das gefundene.",
        "يجيب هناك جهاز غير الجهاز الذي عُثر عليه.";
    error_needs_secret = "The device wants a password or key.",
        "Das Gerät verlangt ein Passwort oder einen Schlüssel.",
        "يطلب الجهاز كلمة مرور أو مفتاحًا.";
    error_wrong_secret = "The device does not accept this password or key.",
        "Das Gerät nimmt dieses Passwort oder diesen Schlüssel nicht an.",
        "لا يقبل الجهاز كلمة المرور هذه أو هذا المفتاح.";
    error_secrets_locked = "Secrets cannot be kept yet. Unlock them first.",
        "Geheimnisse können noch nicht aufbewahrt werden. Entsperre sie zuerst.",
        "لا يمكن حفظ الأسرار بعد. افتح قفلها أولًا.";
    error_wrong_passphrase = "This is not the passphrase.",
        "Das ist nicht die Passphrase.",
        "هذه ليست عبارة المرور الصحيحة.";
    error_busy = "Too much is waiting. Try again in a moment.",
        "Es wartet schon zu vieles. Versuch es gleich noch einmal.",
        "هناك طلبات كثيرة قيد الانتظار. حاول بعد قليل.";
    error_cannot_write = "It could not be written to disk, so it was not done.",
        "Es konnte nicht gespeichert werden und wurde deshalb nicht getan.",
        "تعذّرت الكتابة على القرص، فلم يُنفَّذ الطلب.";
    error_unsupported = "Hearth cannot do that here.",
        "Das kann Hearth hier nicht.",
        "لا يستطيع Hearth فعل ذلك هنا.";
    error_stopped = "Hearth does not answer; nothing was done.",
        "Hearth antwortet nicht; es wurde nichts getan.",
        "لا يستجيب Hearth، ولم يُنفَّذ شيء.";
    error_rule_refused = "This rule cannot be saved like this.",
        "Diese Regel lässt sich so nicht speichern.",
        "لا يمكن حفظ هذه القاعدة بهذا الشكل.";
    error_outdated = "Somebody else has changed it meanwhile.",
        "Jemand anderes hat das inzwischen geändert.",
        "عدّله شخص آخر في هذه الأثناء.";
    error_in_use(names) = "It is used by: {names}",
        "Es wird verwendet von: {names}",
        "مستخدَم في: {names}";
    error_unreadable(words) = "The file cannot be read: {words}",
        "Die Datei ist nicht lesbar: {words}",
        "تتعذر قراءة الملف: {words}";
    error_unknown_version = "The file comes from another version of Hearth.",
        "Die Datei stammt von einer anderen Version von Hearth.",
        "الملف من إصدار آخر من Hearth.";
    listed(names, name) = "{names}, {name}", "{names}, {name}", "{names}، {name}";
    automations = "Automations", "Automationen", "الأتمتة";
    new_automation = "New automation", "Neue Automation", "أتمتة جديدة";
    import_export = "Import and export", "Import und Export", "استيراد وتصدير";
    scenes = "Scenes", "Szenen", "المشاهد";
    new_scene = "New scene", "Neue Szene", "مشهد جديد";
    alerts = "Alerts", "Meldungen", "التنبيهات";
    household = "Household", "Haushalt", "أهل المنزل";
    more_pages = "More", "Mehr", "المزيد";
    crashed = "Something went wrong", "Etwas ist schiefgegangen", "حدث خطأ ما";
    crashed_why = "This page has stopped. Your home goes on; load the page again.",
        "Diese Seite ist stehen geblieben. Dein Zuhause läuft weiter; lade die Seite neu.",
        "توقفت هذه الصفحة. منزلك يعمل كالمعتاد؛ أعد تحميل الصفحة.";
}

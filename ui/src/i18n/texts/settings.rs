//! Texts of the settings page.

use super::texts;

texts! { SETTINGS:
    your_home = "Your home", "Dein Zuhause", "منزلك";
    home_name = "Name of your home", "Name deines Zuhauses", "اسم منزلك";
    appearance = "Appearance", "Darstellung", "المظهر";
    language_label = "Language", "Sprache", "اللغة";
    language_system = "As the system", "Wie das System", "لغة النظام";
    theme = "Colours", "Farben", "الألوان";
    theme_system = "As the system", "Wie das System", "حسب النظام";
    theme_light = "Light", "Hell", "فاتح";
    theme_dark = "Dark", "Dunkel", "داكن";
    secrets = "Device passwords", "Gerätepasswörter", "كلمات مرور الأجهزة";
    vault_keyring = "Kept in the keyring of this computer.",
        "Im Schlüsselbund dieses Rechners aufbewahrt.",
        "محفوظة في حلقة مفاتيح هذا الحاسوب.";
    vault_passphrase = "Kept in a file sealed under your passphrase; unlocked.",
        "In einer mit deiner Passphrase versiegelten Datei aufbewahrt; entsperrt.",
        "محفوظة في ملف مختوم بعبارة مرورك؛ القفل مفتوح.";
    vault_locked = "Kept in a file sealed under your passphrase; locked.",
        "In einer mit deiner Passphrase versiegelten Datei aufbewahrt; gesperrt.",
        "محفوظة في ملف مختوم بعبارة مرورك؛ مقفل.";
    vault_absent = "Cannot be kept yet: this computer has no keyring and no passphrase was chosen.",
        "Noch nicht möglich: Dieser Rechner hat keinen Schlüsselbund und es wurde keine Passphrase gewählt.",
        "لا يمكن حفظها بعد: لا توجد حلقة مفاتيح على هذا الحاسوب ولم تُختر عبارة مرور.";
    simulated = "Simulated home", "Simuliertes Zuhause", "منزل تجريبي";
    simulated_why = "A home of simulated devices to try things out. Your real home is left alone meanwhile.",
        "Ein Zuhause aus simulierten Geräten zum Ausprobieren. Dein echtes Zuhause bleibt solange unberührt.",
        "منزل من أجهزة تجريبية لتجربة الأشياء. يبقى منزلك الحقيقي كما هو.";
    connection_title = "Connection", "Verbindung", "الاتصال";
    connection_hub = "Hearth", "Hearth", "خدمة Hearth";
    connection_up = "Connected", "Verbunden", "متصل";
    connection_down = "Not connected", "Nicht verbunden", "غير متصل";
    discovery = "Finding devices", "Gerätesuche", "البحث عن الأجهزة";
    discovery_on = "Running", "Läuft", "قيد التشغيل";
    discovery_off = "Not running", "Läuft nicht", "متوقف";
    devices_title = "Devices", "Geräte", "الأجهزة";
    about = "About Hearth", "Über Hearth", "حول Hearth";
    version = "Version", "Version", "الإصدار";
    contract_version = "Interface version", "Schnittstellenversion", "إصدار الواجهة";
    licence = "Licence", "Lizenz", "الترخيص";
    licence_is(licences) = "Free software under {licences}",
        "Freie Software unter {licences}",
        "برنامج حر برخصة {licences}";
    icons_licence(licence) = "Icons after Lucide, under {licence}",
        "Symbole nach Lucide, unter {licence}",
        "الأيقونات مستوحاة من Lucide برخصة {licence}";
    place = "Place", "Ort", "الموقع";
    place_why = "Sunrise and sunset are computed from where your home is. The place stays on this computer.",
        "Sonnenauf- und -untergang werden aus dem Ort deines Zuhauses berechnet. Der Ort bleibt auf diesem Rechner.",
        "يُحسب شروق الشمس وغروبها من موقع منزلك. يبقى الموقع على هذا الحاسوب.";
    latitude = "Degrees north", "Grad nördlich", "درجات الشمال";
    longitude = "Degrees east", "Grad östlich", "درجات الشرق";
    place_wrong = "Enter degrees, such as 52.5 and 13.4. South and west are negative.",
        "Gib Grad ein, etwa 52,5 und 13,4. Süd und West sind negativ.",
        "أدخل الدرجات، مثل 52.5 و13.4. الجنوب والغرب بالسالب.";
    locate = "Use this device’s location", "Standort dieses Geräts nutzen", "استخدام موقع هذا الجهاز";
    locate_why = "Or let the browser say where this device is: it asks you first, and the place is rounded to about 10 km.",
        "Oder lass den Browser sagen, wo dieses Gerät ist: Er fragt dich vorher, und der Ort wird auf etwa 10 km gerundet.",
        "أو دع المتصفح يحدد موقع هذا الجهاز: سيسألك أولًا، ويُقرَّب الموقع إلى نحو 10 كم.";
    locate_refused = "The browser does not tell. Allow the location for this page beside its address, or type it in above.",
        "Der Browser verrät ihn nicht. Erlaube den Standort für diese Seite neben ihrer Adresse, oder gib ihn oben ein.",
        "لا يفصح المتصفح عنه. اسمح بالموقع لهذه الصفحة بجانب عنوانها، أو اكتبه أعلاه.";
    forget_place = "Forget the place", "Ort vergessen", "نسيان الموقع";
    time_zone = "Time zone", "Zeitzone", "المنطقة الزمنية";
    time_zone_of_home = "Time zone of the home", "Zeitzone des Zuhauses", "المنطقة الزمنية للمنزل";
    zone_of_hub(zone) = "As the computer that runs Hearth: {zone}", "Wie der Rechner, auf dem Hearth läuft: {zone}", "حسب الحاسوب الذي يشغّل Hearth: {zone}";
    recorded_past = "Recorded past", "Aufgezeichnete Vergangenheit", "السجل الماضي";
    recorded_past_why = "Charts and rehearsals need it. What is older goes; so does the oldest once the size is reached.",
        "Verläufe und Proben brauchen sie. Was älter ist, geht; ebenso das Älteste, sobald die Größe erreicht ist.",
        "تحتاج إليه الرسوم والتجارب. يُحذف الأقدم، وكذلك عند بلوغ الحجم.";
    past_days = "Days", "Tage", "الأيام";
    past_size = "Megabytes", "Megabyte", "ميغابايت";
    past_wrong(days, least, most) = "1 to {days} days, {least} to {most} megabytes.",
        "1 bis {days} Tage, {least} bis {most} Megabyte.",
        "من 1 إلى {days} يومًا، ومن {least} إلى {most} ميغابايت.";
    broker = "MQTT broker", "MQTT-Broker", "وسيط MQTT";
    broker_why = "Messages of a broker on your network can set automations off.",
        "Nachrichten eines Brokers in deinem Netz können Automationen auslösen.",
        "يمكن لرسائل وسيط على شبكتك أن تُطلق الأتمتة.";
    broker_none = "No broker is used.", "Es wird kein Broker genutzt.", "لا يُستخدم أي وسيط.";
    broker_fine = "The broker is used; nothing is wrong with it.", "Der Broker wird genutzt; es gibt keine Störung.", "الوسيط مستخدَم ولا خلل فيه.";
    broker_wrong(words) = "The broker cannot be used: {words}", "Der Broker ist nicht nutzbar: {words}", "يتعذر استخدام الوسيط: {words}";
    broker_example = "For example 192.168.1.5 or broker.local:1883",
        "Zum Beispiel 192.168.1.5 oder broker.local:1883",
        "مثل 192.168.1.5 أو broker.local:1883";
    broker_user = "User name, if it asks for one", "Benutzername, falls er einen verlangt", "اسم المستخدم إن طُلب";
    broker_password = "Password, if it asks for one", "Passwort, falls er eines verlangt", "كلمة المرور إن طُلبت";
    broker_password_why = "Left empty, it is forgotten.", "Leer gelassen, wird es vergessen.", "إن تُركت فارغة تُنسى.";
    broker_remove = "Use no broker", "Keinen Broker nutzen", "عدم استخدام وسيط";
    webhooks = "Webhooks", "Webhooks", "خطافات الويب (Webhooks)";
    webhooks_why = "Something on your network can set an automation off by calling its address.",
        "Etwas in deinem Netz kann eine Automation auslösen, indem es ihre Adresse aufruft.",
        "يمكن لشيء على شبكتك أن يُطلق أتمتة باستدعاء عنوانها.";
    webhooks_unheard = "Not listened for.", "Es wird nicht gelauscht.", "لا يُستمع إليها.";
    webhooks_on = "Listened for. An automation shows the last part of its address; call it with POST.",
        "Es wird gelauscht. Den letzten Teil der Adresse zeigt die Automation; rufe sie mit POST auf.",
        "يُستمع إليها. تعرض الأتمتة الجزء الأخير من عنوانها؛ استدعِه بطريقة POST.";
    webhooks_wrong(words) = "They cannot be received: {words}", "Sie können nicht empfangen werden: {words}", "يتعذر استقبالها: {words}";
    port = "Port", "Port", "المنفذ";
    port_wrong = "Enter a number from 1024 to 65535.", "Gib eine Zahl von 1024 bis 65535 ein.", "أدخل رقمًا من 1024 إلى 65535.";
    webhooks_listen = "Listen", "Lauschen", "استماع";
    webhooks_stop = "Stop listening", "Nicht mehr lauschen", "إيقاف الاستماع";
}

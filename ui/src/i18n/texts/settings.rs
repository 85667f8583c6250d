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
}

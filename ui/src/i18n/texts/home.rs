//! Texts of the home page and of the first run.

use super::texts;

texts! { HOME:
    attention = "Needs attention", "Braucht Aufmerksamkeit", "يحتاج إلى انتباه";
    favourites = "Favourites", "Favoriten", "المفضّلة";
    my_home = "My home", "Mein Zuhause", "منزلي";
    empty_home = "No devices yet", "Noch keine Geräte", "لا توجد أجهزة بعد";
    empty_home_why = "Lights, plugs, blinds and sensors on your network appear here as tiles, for example “Kitchen lamp: On, 40 %”.",
        "Lampen, Steckdosen, Rollläden und Sensoren aus deinem Netz erscheinen hier als Kacheln, zum Beispiel „Küchenlampe: An, 40 %“.",
        "تظهر هنا الأضواء والمقابس والستائر والمستشعرات الموجودة على شبكتك، مثل «مصباح المطبخ: مشغّل، ٤٠٪».";
    empty_room = "Nothing in this room yet", "In diesem Raum ist noch nichts", "لا شيء في هذه الغرفة بعد";
    welcome = "Welcome to Hearth", "Willkommen bei Hearth", "مرحبًا بك في Hearth";
    welcome_what = "Hearth controls the lights, plugs, blinds and sensors in your home, directly over your own network.",
        "Hearth steuert Lampen, Steckdosen, Rollläden und Sensoren in deinem Zuhause, direkt über dein eigenes Netz.",
        "يتحكم Hearth في الأضواء والمقابس والستائر والمستشعرات في منزلك مباشرةً عبر شبكتك الخاصة.";
    welcome_local = "Works without internet", "Funktioniert ohne Internet", "يعمل بلا إنترنت";
    welcome_local_why = "No account, no cloud. Everything stays in your home.",
        "Kein Konto, keine Cloud. Alles bleibt in deinem Zuhause.",
        "لا حساب ولا سحابة. كل شيء يبقى في منزلك.";
    welcome_honest = "Says what is true", "Sagt, was ist", "يقول الحقيقة";
    welcome_honest_why = "A lamp is shown as on once the lamp itself has said so.",
        "Eine Lampe gilt als an, wenn die Lampe selbst es gesagt hat.",
        "يظهر المصباح مشغّلًا عندما يؤكد المصباح نفسه ذلك.";
    welcome_once = "Never does anything twice", "Tut nichts doppelt", "لا ينفّذ شيئًا مرتين";
    welcome_once_why = "A tap is one command, even when the network stumbles.",
        "Ein Tippen ist ein Befehl, auch wenn das Netz hakt.",
        "كل لمسة أمر واحد، حتى عند تعثر الشبكة.";
    find_devices = "Find devices", "Geräte finden", "البحث عن أجهزة";
    try_sandbox = "Try a simulated home", "Simuliertes Zuhause ausprobieren", "جرّب منزلًا تجريبيًا";
    look_around = "Look around first", "Erst einmal umsehen", "ألقِ نظرة أولًا";
}

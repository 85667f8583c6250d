//! Texts of the page for adding devices.

use super::texts;

texts! { ADD:
    found_on_network = "Found on your network", "In deinem Netz gefunden", "عُثر عليها في شبكتك";
    searching = "Searching your network …", "Dein Netz wird durchsucht …", "جارٍ البحث في شبكتك …";
    searching_why = "New devices appear here by themselves, usually within seconds.",
        "Neue Geräte erscheinen hier von selbst, meist nach wenigen Sekunden.",
        "تظهر الأجهزة الجديدة هنا تلقائيًا، عادةً خلال ثوانٍ.";
    not_searching = "Searching is switched off here. Add devices by their address.",
        "Die Suche ist hier ausgeschaltet. Füge Geräte über ihre Adresse hinzu.",
        "البحث متوقف هنا. أضف الأجهزة بعناوينها.";
    not_there = "Is your device not here?", "Fehlt dein Gerät?", "ألا ترى جهازك؟";
    check_power = "Does it have power? Plug it in and wait half a minute.",
        "Hat es Strom? Steck es ein und warte eine halbe Minute.",
        "هل هو موصول بالكهرباء؟ صِله وانتظر نصف دقيقة.";
    check_network = "Is it on this network? Its own app or page tells.",
        "Ist es in diesem Netz? Seine eigene App oder Seite sagt es.",
        "هل هو متصل بهذه الشبكة؟ تطبيقه أو صفحته يخبرك بذلك.";
    check_guest = "Guest networks and some routers keep devices apart. Then add it by its address.",
        "Gastnetze und manche Router trennen Geräte voneinander. Füge es dann über seine Adresse hinzu.",
        "شبكات الضيوف وبعض أجهزة التوجيه تفصل الأجهزة عن بعضها. عندها أضفه بعنوانه.";
    check_family = "Hearth knows Shelly (second generation and later), WLED and ESPHome.",
        "Hearth kennt Shelly (ab der zweiten Generation), WLED und ESPHome.",
        "يعرف Hearth أجهزة Shelly (من الجيل الثاني فصاعدًا) وWLED وESPHome.";
    by_address = "Add by address", "Über Adresse hinzufügen", "إضافة بالعنوان";
    by_address_why = "For devices that do not appear. Your router lists their addresses.",
        "Für Geräte, die nicht erscheinen. Dein Router zeigt ihre Adressen.",
        "للأجهزة التي لا تظهر. يعرض جهاز التوجيه عناوينها.";
    address = "Address", "Adresse", "العنوان";
    address_example = "For example 192.168.1.20 or lamp.local:80",
        "Zum Beispiel 192.168.1.20 oder lampe.local:80",
        "مثلًا \u{2066}192.168.1.20\u{2069} أو \u{2066}lamp.local:80\u{2069}";
    address_wrong = "This is not an address. It looks like 192.168.1.20 or lamp.local.",
        "Das ist keine Adresse. Sie sieht aus wie 192.168.1.20 oder lampe.local.",
        "هذا ليس عنوانًا. يبدو العنوان مثل \u{2066}192.168.1.20\u{2069} أو \u{2066}lamp.local\u{2069}.";
    family = "Kind of device", "Art des Geräts", "نوع الجهاز";
    family_any = "Find out by asking it", "Durch Nachfragen herausfinden", "اكتشافه بسؤاله";
    asking = "Asking the device …", "Das Gerät wird gefragt …", "جارٍ سؤال الجهاز …";
    add_it(name) = "Add {name}", "{name} hinzufügen", "إضافة {name}";
    add_to_home = "Add to home", "Zum Zuhause hinzufügen", "إضافة إلى المنزل";
    may_need_secret = "Wants a password or key", "Verlangt ein Passwort oder einen Schlüssel", "يطلب كلمة مرور أو مفتاحًا";
    secret_where = "It was chosen when the device was set up: in its own app, page or configuration.",
        "Es wurde beim Einrichten des Geräts gewählt: in seiner App, Seite oder Konfiguration.",
        "اختيرت عند إعداد الجهاز: في تطبيقه أو صفحته أو ملف إعداده.";
    was_added(name) = "{name} is in your home.", "{name} gehört jetzt zu deinem Zuhause.", "أصبح {name} في منزلك.";
    name_wrong = "A name has 1 to 64 visible characters.",
        "Ein Name hat 1 bis 64 sichtbare Zeichen.",
        "يتكون الاسم من 1 إلى 64 حرفًا مرئيًا.";
    own_name_hint = "Left empty, its own name is used.",
        "Bleibt das Feld leer, gilt der eigene Name des Geräts.",
        "إذا تُرك فارغًا يُستخدم اسم الجهاز نفسه.";
}

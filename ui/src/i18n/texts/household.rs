//! Texts of the household, the alerts and the navigation to them.

use super::texts;

texts! { HOUSEHOLD:
    no_alerts = "All is well", "Alles in Ordnung", "كل شيء على ما يرام";
    no_alerts_why = "What needs you and what your automations tell you is listed here, for example: The washing is done.",
        "Hier steht, was dich braucht und was deine Automationen dir mitteilen, zum Beispiel: Die Wäsche ist fertig.",
        "هنا يظهر ما يحتاج إليك وما تخبرك به الأتمتة، مثل: انتهى الغسيل.";
    notices = "Messages", "Nachrichten", "الرسائل";
    notice_from(rule, time) = "From {rule}, {time}", "Von {rule}, {time}", "من {rule}، {time}";
    notice_pressed(button) = "Answered: {button}", "Beantwortet: {button}", "تم الرد: {button}";
    dismiss_notice(title) = "Dismiss: {title}", "Verwerfen: {title}", "إخفاء: {title}";
    notify_title = "Show messages here", "Nachrichten hier zeigen", "إظهار الرسائل هنا";
    notify_why = "With your permission, this browser shows a message also while you look at something else.",
        "Mit deiner Erlaubnis zeigt dieser Browser eine Nachricht auch, während du etwas anderes ansiehst.",
        "بإذنك، يعرض هذا المتصفح الرسالة حتى وأنت تتصفح شيئًا آخر.";
    notify_allow = "Ask for permission", "Um Erlaubnis fragen", "طلب الإذن";

    people = "People", "Personen", "الأشخاص";
    people_why = "Automations can follow who is home, for example: when the last one leaves, switch everything off.",
        "Automationen können sich danach richten, wer zu Hause ist, zum Beispiel: Wenn der Letzte geht, schalte alles aus.",
        "يمكن للأتمتة أن تتبع من في المنزل، مثلًا: عند مغادرة آخر شخص أطفئ كل شيء.";
    add_person = "Add person", "Person hinzufügen", "إضافة شخص";
    is_home = "At home", "Zu Hause", "في المنزل";
    is_away = "Away", "Unterwegs", "خارج المنزل";
    presence_of(name) = "Where is {name}?", "Wo ist {name}?", "أين {name}؟";
    presence_since(state, time) = "{state} since {time}", "{state} seit {time}", "{state} منذ {time}";
    presence_unknown = "Not known", "Nicht bekannt", "غير معروف";
    by_person = "somebody said so", "von Hand gesagt", "بحسب ما قاله شخص";
    by_phone = "seen by the phone", "am Telefon erkannt", "بحسب الهاتف";
    phone = "Phone", "Telefon", "الهاتف";
    phone_why = "A phone on the home network can tell whether somebody is in. Only its address is kept.",
        "Ein Telefon im Heimnetz kann zeigen, ob jemand da ist. Nur seine Adresse wird gespeichert.",
        "يمكن لهاتف على شبكة المنزل أن يدل على وجود صاحبه. يُحفظ عنوانه فقط.";
    phone_at(address) = "Phone at {address}", "Telefon unter {address}", "الهاتف على {address}";
    phone_none = "No phone tells it.", "Kein Telefon zeigt es.", "لا هاتف يدل على ذلك.";
    phone_here = "This is my phone", "Das ist mein Telefon", "هذا هاتفي";
    phone_forget = "Stop using the phone", "Telefon nicht mehr nutzen", "إيقاف استخدام الهاتف";
    phone_address = "Address of the phone", "Adresse des Telefons", "عنوان الهاتف";
    phone_address_wrong = "Enter an address such as 192.168.1.23.",
        "Gib eine Adresse wie 192.168.1.23 ein.",
        "أدخل عنوانًا مثل 192.168.1.23.";
    removed(name) = "{name} was removed.", "{name} wurde entfernt.", "أُزيل {name}.";
    remove_it(name) = "Remove: {name}", "Entfernen: {name}", "إزالة: {name}";
    rename_it(name) = "Rename: {name}", "Umbenennen: {name}", "إعادة تسمية: {name}";

    groups = "Groups", "Gruppen", "المجموعات";
    groups_why = "A group is meant together, for example Outside lights.",
        "Eine Gruppe ist gemeinsam gemeint, zum Beispiel Außenlichter.",
        "تُقصد المجموعة معًا، مثل أضواء الخارج.";
    add_group = "Add group", "Gruppe hinzufügen", "إضافة مجموعة";
    group_members = "Who is in it", "Wer dazugehört", "أعضاؤها";

    variables = "Variables", "Variablen", "المتغيرات";
    variables_why = "Something your home remembers for its automations, for example Guests are here.",
        "Etwas, das sich dein Zuhause für Automationen merkt, zum Beispiel Gäste sind da.",
        "شيء يتذكره منزلك من أجل الأتمتة، مثل يوجد ضيوف.";
    add_variable = "Add variable", "Variable hinzufügen", "إضافة متغير";
    variable_kind = "What it holds", "Was sie enthält", "ما يحمله";
    kind_yes_no = "Yes or no", "Ja oder nein", "نعم أو لا";
    kind_number = "Number", "Zahl", "رقم";
    kind_text = "Text", "Text", "نص";
    value_of(name) = "Value of {name}", "Wert von {name}", "قيمة {name}";
    number_wrong = "Enter a number.", "Gib eine Zahl ein.", "أدخل رقمًا.";

    vacant_roles = "Places without a device", "Plätze ohne Gerät", "أماكن بلا جهاز";
    vacant_why = "Automations, scenes or groups name these, but no device fills them now.",
        "Automationen, Szenen oder Gruppen nennen sie, aber zurzeit füllt sie kein Gerät.",
        "تذكرها الأتمتة أو المشاهد أو المجموعات، لكن لا جهاز يشغلها الآن.";
    fill_role = "Choose a device", "Gerät wählen", "اختيار جهاز";
    forget_role = "Forget", "Vergessen", "نسيان";
    forget_it(name) = "Forget: {name}", "Vergessen: {name}", "نسيان: {name}";
}

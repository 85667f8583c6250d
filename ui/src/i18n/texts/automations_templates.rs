//! Texts of the templates: what homes usually want.

use super::texts;

texts! { AUTOMATIONS_TEMPLATES:
    need_switched = "What it switches", "Was sie schaltet", "ما تتحكم فيه";
    need_lamp = "Light", "Licht", "المصباح";
    need_motion = "Motion sensor", "Bewegungsmelder", "مستشعر الحركة";
    need_button = "Button", "Taste", "الزر";
    need_door = "Door or window sensor", "Tür- oder Fenstersensor", "مستشعر باب أو نافذة";
    need_leak = "Water sensor", "Wassermelder", "مستشعر الماء";
    need_smoke = "Smoke detector", "Rauchmelder", "كاشف الدخان";
    need_heating = "Heating", "Heizung", "التدفئة";
    need_blind = "Blind", "Rollladen", "الستارة";
    need_humidity = "Humidity sensor", "Feuchtesensor", "مستشعر الرطوبة";
    need_fan = "Fan", "Lüfter", "المروحة";
    need_battery = "What runs on a battery", "Was mit Batterie läuft", "ما يعمل بالبطارية";
    need_anything = "Device", "Gerät", "الجهاز";
    need_power = "Plug that measures the machine", "Steckdose, die die Maschine misst", "المقبس الذي يقيس الآلة";
    need_thermometer = "Thermometer", "Thermometer", "مقياس الحرارة";
    need_lock = "Lock", "Schloss", "القفل";
    need_air = "Air sensor", "Luftsensor", "مستشعر الهواء";
    template_motion_light = "Motion light at night", "Licht bei Bewegung in der Nacht", "إضاءة عند الحركة ليلًا";
    template_motion_light_why = "A light goes on when somebody moves in the dark, and off when it has been quiet for a while.",
        "Ein Licht geht an, wenn sich im Dunkeln jemand bewegt, und wieder aus, wenn eine Weile Ruhe ist.",
        "يضيء المصباح حين يتحرك أحد في الظلام، وينطفئ بعد هدوء لفترة.";
    template_all_off = "All lights off when everyone leaves", "Alle Lichter aus, wenn alle gehen", "إطفاء كل المصابيح عند خروج الجميع";
    template_all_off_why = "When the last one leaves, nothing stays lit.",
        "Wenn die letzte Person geht, bleibt nichts an.",
        "حين يغادر آخر شخص لا يبقى مصباح مضاءً.";
    template_welcome = "Welcome light", "Licht beim Heimkommen", "ضوء الترحيب";
    template_welcome_why = "A light is on when the first one comes home in the dark.",
        "Ein Licht ist an, wenn die erste Person im Dunkeln heimkommt.",
        "يكون المصباح مضاءً حين يصل أول شخص في الظلام.";
    template_sunset = "Lamp at sunset", "Lampe bei Sonnenuntergang", "مصباح عند الغروب";
    template_sunset_why = "A lamp goes on every evening by itself.", "Eine Lampe geht jeden Abend von selbst an.", "يضيء المصباح كل مساء تلقائيًا.";
    template_sunrise = "Lights off at sunrise", "Licht aus bei Sonnenaufgang", "إطفاء الضوء عند الشروق";
    template_sunrise_why = "What was lit over night goes off in the morning.", "Was über Nacht an war, geht am Morgen aus.", "ما أضاء ليلًا ينطفئ صباحًا.";
    template_toggle = "A button for a light", "Eine Taste für ein Licht", "زر لمصباح";
    template_toggle_why = "One press switches on what is off, and off what is on.", "Ein Druck schaltet ein, was aus ist, und aus, was an ist.", "ضغطة واحدة تشغّل المطفأ وتطفئ المشغّل.";
    template_good_night = "Good night button", "Gute-Nacht-Taste", "زر تصبح على خير";
    template_good_night_why = "Holding one button switches all lights off.", "Eine Taste gedrückt halten, und alle Lichter gehen aus.", "ضغطة مطوّلة على زر تطفئ كل المصابيح.";
    template_leak = "Water alarm", "Wasseralarm", "إنذار تسرّب الماء";
    template_leak_why = "Tells you at once when there is water where none should be.", "Sagt sofort Bescheid, wenn Wasser ist, wo keins sein soll.", "يخبرك فورًا بوجود ماء حيث لا ينبغي.";
    template_leak_says = "Water where none should be!", "Wasser, wo keins sein soll!", "ماء حيث لا ينبغي أن يكون!";
    template_smoke = "Smoke alarm", "Rauchalarm", "إنذار الدخان";
    template_smoke_why = "Tells you at once, and lights the way out.", "Sagt sofort Bescheid und macht Licht für den Weg hinaus.", "يخبرك فورًا ويضيء طريق الخروج.";
    template_smoke_says = "Smoke!", "Rauch!", "دخان!";
    template_door = "Door left open", "Tür offen gelassen", "باب تُرك مفتوحًا";
    template_door_why = "Tells you when a door or window has been open for ten minutes.", "Sagt Bescheid, wenn eine Tür oder ein Fenster zehn Minuten offen steht.", "يخبرك حين يبقى باب أو نافذة مفتوحًا عشر دقائق.";
    template_door_says = "A door or window is still open", "Eine Tür oder ein Fenster ist noch offen", "ما زال باب أو نافذة مفتوحًا";
    template_window = "Heating off while a window is open", "Heizung aus bei offenem Fenster", "إيقاف التدفئة عند فتح النافذة";
    template_window_why = "Stops heating the street, and goes on once the window is closed.", "Heizt nicht nach draußen und macht weiter, sobald das Fenster zu ist.", "لا تُهدر التدفئة، وتعود حين تُغلق النافذة.";
    template_blinds = "Blinds by the sun", "Rollläden nach der Sonne", "الستائر مع الشمس";
    template_blinds_why = "Opens in the morning and closes in the evening.", "Öffnet am Morgen und schließt am Abend.", "تُفتح صباحًا وتُغلق مساءً.";
    template_fan = "Fan by humidity", "Lüfter nach Feuchte", "المروحة حسب الرطوبة";
    template_fan_why = "Airs the bathroom after a shower until it is dry.", "Lüftet das Bad nach dem Duschen, bis es trocken ist.", "تهوّي الحمّام بعد الاستحمام حتى يجف.";
    template_battery = "Low battery", "Schwache Batterie", "بطارية ضعيفة";
    template_battery_why = "Tells you before a sensor falls silent.", "Sagt Bescheid, bevor ein Sensor verstummt.", "يخبرك قبل أن يتوقف المستشعر.";
    template_battery_says = "A battery is nearly empty", "Eine Batterie ist fast leer", "بطارية أوشكت على النفاد";
    template_unreachable = "Device lost", "Gerät verloren", "جهاز انقطع";
    template_unreachable_why = "Tells you when a device has not answered for ten minutes.", "Sagt Bescheid, wenn ein Gerät zehn Minuten nicht antwortet.", "يخبرك حين لا يجيب جهاز مدة عشر دقائق.";
    template_unreachable_says = "A device does not answer", "Ein Gerät antwortet nicht", "جهاز لا يجيب";
    template_washing = "Washing machine done", "Waschmaschine fertig", "انتهت الغسالة";
    template_washing_why = "Tells you when the machine has stopped drawing power.", "Sagt Bescheid, wenn die Maschine keinen Strom mehr braucht.", "يخبرك حين تتوقف الآلة عن سحب الكهرباء.";
    template_washing_says = "The washing is done", "Die Wäsche ist fertig", "انتهى الغسيل";
    template_frost = "Frost warning", "Frostwarnung", "تحذير الصقيع";
    template_frost_why = "Tells you when it gets too cold for plants or pipes.", "Sagt Bescheid, wenn es für Pflanzen oder Rohre zu kalt wird.", "يخبرك حين يصبح البرد خطرًا على النباتات أو الأنابيب.";
    template_frost_says = "It is getting very cold", "Es wird sehr kalt", "البرد يشتد";
    template_air = "Time to air the room", "Zeit zu lüften", "حان وقت التهوية";
    template_air_why = "Tells you when the air in a room is used up.", "Sagt Bescheid, wenn die Luft im Raum verbraucht ist.", "يخبرك حين يفسد هواء الغرفة.";
    template_air_says = "Open a window: the air is used up", "Fenster auf: Die Luft ist verbraucht", "افتح نافذة: الهواء فاسد";
    template_lock = "Lock the door at night", "Tür in der Nacht abschließen", "قفل الباب ليلًا";
    template_lock_why = "Locks at half past ten if somebody forgot.", "Verriegelt um halb elf, falls es jemand vergessen hat.", "يقفل الباب في العاشرة والنصف إن نُسي.";
    template_away = "Looks as if somebody were home", "Als wäre jemand da", "كأن أحدًا في المنزل";
    template_away_why = "While nobody is home, a light comes and goes in the evening.", "Wenn niemand da ist, geht abends ein Licht an und aus.", "حين لا يكون أحد، يضيء مصباح وينطفئ مساءً.";
}

//! What rules do and what they measure, as parts of sentences.

use super::texts;

texts! { SENTENCE_STEPS:
    do_on(whom) = "turn on {whom}", "{whom} einschalten", "تشغيل {whom}";
    do_off(whom) = "turn off {whom}", "{whom} ausschalten", "إطفاء {whom}";
    do_set(whom, value) = "set {whom} to {value}", "{whom} auf {value} stellen", "ضبط {whom} على {value}";
    do_color(whom, color) = "set the colour of {whom} to {color}", "{whom} auf die Farbe {color} stellen", "ضبط لون {whom} على {color}";
    do_effect(whom, effect) = "play the effect “{effect}” on {whom}", "{whom} den Effekt „{effect}“ spielen lassen", "تشغيل التأثير «{effect}» على {whom}";
    do_palette(whom, palette) = "use the palette “{palette}” on {whom}", "{whom} die Farbpalette „{palette}“ nutzen lassen", "استخدام لوحة الألوان «{palette}» على {whom}";
    do_open(whom) = "open {whom}", "{whom} öffnen", "فتح {whom}";
    do_close(whom) = "close {whom}", "{whom} schließen", "إغلاق {whom}";
    do_stop_moving(whom) = "stop {whom}", "{whom} anhalten", "إيقاف {whom}";
    do_open_to(whom, level) = "open {whom} to {level}", "{whom} auf {level} öffnen", "فتح {whom} بنسبة {level}";
    do_lock(whom) = "lock {whom}", "{whom} verriegeln", "قفل {whom}";
    do_unlock(whom) = "unlock {whom}", "{whom} entriegeln", "فتح قفل {whom}";
    do_heat(whom, value) = "let {whom} heat to {value}", "{whom} bis {value} heizen lassen", "التدفئة حتى {value} عبر {whom}";
    do_cool(whom, value) = "let {whom} cool to {value}", "{whom} bis {value} kühlen lassen", "التبريد حتى {value} عبر {whom}";
    do_press(whom) = "press {whom}", "{whom} auslösen", "ضغط {whom}";
    do_slowly(step, span) = "{step}, over {span}", "{step}, über {span}", "{step} على مدى {span}";
    do_toggle(whom) = "toggle {whom}", "{whom} umschalten", "عكس حالة {whom}";
    do_more(whom, level) = "turn up {whom} by {level}", "{whom} um {level} erhöhen", "رفع {whom} بمقدار {level}";
    do_less(whom, level) = "turn down {whom} by {level}", "{whom} um {level} verringern", "خفض {whom} بمقدار {level}";
    do_pulse(whom, span) = "turn on {whom} for {span}", "{whom} für {span} einschalten", "تشغيل {whom} لمدة {span}";
    do_scene(scene) = "set the scene {scene}", "Szene {scene} setzen", "تفعيل المشهد {scene}";
    do_wait(span) = "wait {span}", "{span} warten", "الانتظار {span}";
    do_wait_until(condition) = "wait until {condition}", "warten, bis {condition}", "الانتظار حتى {condition}";
    do_at_most(step, span) = "{step}, at most {span}", "{step}, höchstens {span}", "{step}، لمدة أقصاها {span}";
    do_or_stop(step) = "{step} (or else stop)", "{step} (sonst aufhören)", "{step} (وإلا فالتوقف)";
    do_if(condition, then) = "if {condition}: {then}", "falls {condition}: {then}", "في حال {condition}: {then}";
    do_if_else(condition, then, otherwise) = "if {condition}: {then}; otherwise: {otherwise}", "falls {condition}: {then}; sonst: {otherwise}", "في حال {condition}: {then}؛ وإلا: {otherwise}";
    do_repeat(how, steps) = "{how}: {steps}", "{how}: {steps}", "{how}: {steps}";
    repeat_while(condition) = "as long as {condition}, repeat", "solange {condition}, wiederholen", "التكرار طالما {condition}";
    repeat_until(condition) = "until {condition}, repeat", "wiederholen, bis {condition}", "التكرار إلى أن {condition}";
    do_notify(title) = "tell everyone {title}", "allen {title} melden", "إخبار الجميع {title}";
    do_set_variable(variable, value) = "set {variable} to {value}", "{variable} auf {value} setzen", "جعل قيمة {variable} {value}";
    do_add(variable, number) = "add {number} to {variable}", "{variable} um {number} erhöhen", "زيادة {variable} بمقدار {number}";
    do_subtract(variable, number) = "take {number} from {variable}", "{variable} um {number} verringern", "إنقاص {variable} بمقدار {number}";
    do_flip(variable) = "switch {variable} between yes and no", "{variable} zwischen ja und nein wechseln", "تبديل {variable} بين نعم ولا";
    do_run(rule) = "run {rule}", "{rule} ausführen", "تشغيل الأتمتة {rule}";
    do_stop = "stop here", "hier aufhören", "التوقف هنا";
    do_nothing = "do nothing", "nichts tun", "عدم فعل شيء";
    yes = "yes", "ja", "نعم";
    no = "no", "nein", "لا";
    quoted(words) = "“{words}”", "„{words}“", "«{words}»";

    measure_level = "level", "eine Stufe", "المستوى";
    measure_open = "opening", "eine Öffnung", "نسبة الفتح";
    measure_temperature = "temperature", "eine Temperatur", "درجة الحرارة";
    measure_humidity = "humidity", "eine Luftfeuchte", "الرطوبة";
    measure_illuminance = "brightness", "eine Helligkeit", "شدة الإضاءة";
    measure_carbon_dioxide = "CO₂ level", "einen CO₂-Wert", "ثاني أكسيد الكربون";
    measure_pm25 = "fine dust level", "einen Feinstaubwert", "الغبار الدقيق";
    measure_power = "power", "eine Leistung", "القدرة";
    measure_voltage = "voltage", "eine Spannung", "الجهد";
    measure_current = "current", "einen Strom", "التيار";
    measure_energy = "energy count", "einen Zählerstand", "عداد الطاقة";
    measure_battery = "battery charge", "einen Ladestand", "شحن البطارية";
    measure_room_temperature = "room temperature", "eine Raumtemperatur", "حرارة الغرفة";
    measure_heating = "heating target", "ein Heizziel", "هدف التدفئة";
    measure_cooling = "cooling target", "ein Kühlziel", "هدف التبريد";
    measure_setting = "setting", "eine Einstellung", "الإعداد";
    measure_other = "reading", "einen Messwert", "القراءة";
}

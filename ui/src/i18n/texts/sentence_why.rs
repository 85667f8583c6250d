//! Why a rule ran, did not run, or should be looked at: findings, causes, reasons, what was seen.

use super::texts;

texts! { SENTENCE_WHY:
    truth_holds = "Holds now", "Trifft jetzt zu", "متحقق الآن";
    truth_holds_not = "Does not hold now", "Trifft jetzt nicht zu", "غير متحقق الآن";
    truth_unknown = "Cannot be known now", "Lässt sich jetzt nicht sagen", "لا يمكن معرفته الآن";
    truth_held = "Held", "Traf zu", "تحقق";
    truth_held_not = "Did not hold", "Traf nicht zu", "لم يتحقق";
    truth_was_unknown = "Could not be known", "Ließ sich nicht sagen", "تعذرت معرفته";
    truth_because(truth, saw) = "{truth}: {saw}", "{truth}: {saw}", "{truth}: {saw}";
    saw_value(who, value, since) = "{who}: {value} since {since}", "{who}: {value} seit {since}", "{who}: {value} منذ {since}";
    saw_vacant(who) = "{who} has no device", "{who} hat kein Gerät", "لا جهاز لـ {who}";
    saw_never_said(who) = "{who} has not said it yet", "{who} hat es noch nicht gemeldet", "لم يُبلّغ {who} بذلك بعد";
    saw_unreachable(who) = "{who} cannot be reached", "{who} ist nicht erreichbar", "يتعذر الوصول إلى {who}";
    saw_reachable(who) = "{who} can be reached", "{who} ist erreichbar", "يمكن الوصول إلى {who}";
    saw_unable(who) = "{who} cannot say such a thing", "{who} kann so etwas nicht melden", "لا يستطيع {who} الإبلاغ عن ذلك";
    saw_time(time) = "it is {time}", "es ist {time} Uhr", "الساعة {time}";
    saw_sun_up = "the sun is up", "die Sonne steht am Himmel", "الشمس مشرقة";
    saw_sun_down = "the sun is down", "die Sonne ist untergegangen", "الشمس غائبة";
    saw_home(count, all) = "{count} of {all} are home", "{count} von {all} sind zu Hause", "{count} من {all} في المنزل";
    saw_variable(value) = "it is {value}", "es ist {value}", "القيمة {value}";
    saw_no_variable = "there is no such variable any more", "diese Variable gibt es nicht mehr", "لم يعد هذا المتغير موجودًا";
    saw_nobody = "nothing there can say it", "nichts dort kann es melden", "لا شيء هناك يبلّغ عن ذلك";

    cause_value(who, value) = "{who} said {value}", "{who} meldete {value}", "أبلغ {who}: {value}";
    cause_changed(who, was, value) = "{who} went from {was} to {value}", "{who} wechselte von {was} zu {value}", "تحول {who} من {was} إلى {value}";
    cause_pressed(who, how) = "{who}: {how}", "{who}: {how}", "{who}: {how}";
    cause_due(time) = "it was {time}", "es war {time}", "حان الوقت {time}";
    cause_arrived(who) = "{who} came home", "{who} kam nach Hause", "وصل {who} إلى المنزل";
    cause_left(who) = "{who} left", "{who} ging aus dem Haus", "غادر {who} المنزل";
    cause_unreachable(who) = "{who} could no longer be reached", "{who} war nicht mehr erreichbar", "تعذر الوصول إلى {who}";
    cause_returned(who) = "{who} could be reached again", "{who} war wieder erreichbar", "عاد الاتصال مع {who}";
    cause_variable(variable, value) = "{variable} became {value}", "{variable} wurde {value}", "أصبحت قيمة {variable} {value}";
    cause_started = "Hearth started", "Hearth wurde gestartet", "بدأ Hearth بالعمل";
    cause_rule_ran(rule) = "{rule} had run", "{rule} war gelaufen", "انتهت {rule} من عملها";
    cause_run_by_rule(rule) = "{rule} ran it", "{rule} hat sie ausgeführt", "شغّلتها {rule}";
    cause_webhook = "its webhook was called", "ihr Webhook wurde aufgerufen", "استُدعي عنوان الويب الخاص بها";
    cause_message(topic) = "a message came on {topic}", "auf {topic} kam eine Nachricht", "وصلت رسالة على {topic}";
    cause_person = "somebody ran it by hand", "jemand hat sie von Hand ausgeführt", "شغّلها شخص بنفسه";
    cause_notice = "somebody pressed a button under a message", "jemand hat die Taste einer Meldung gedrückt", "ضغط شخص زرًا تحت إشعار";

    outcome_finished = "Ran to its end", "Bis zum Ende gelaufen", "اكتمل التنفيذ";
    outcome_stopped = "Ended by a step", "Durch einen Schritt beendet", "أنهته إحدى الخطوات";
    outcome_timed_out = "Gave up waiting", "Warten aufgegeben", "انتهت مهلة الانتظار";
    outcome_restarted = "Started over", "Neu begonnen", "بدأ من جديد";
    outcome_cancelled = "Stopped by somebody", "Von jemandem gestoppt", "أوقفه شخص";
    outcome_runaway = "Stopped: it went round without waiting", "Gestoppt: drehte sich ohne Pause im Kreis", "أُوقف لأنه كان يدور بلا انتظار";
    why_not_conditions(conditions) = "{conditions}", "{conditions}", "{conditions}";
    why_not_running = "it was running already", "sie lief schon", "كانت قيد التنفيذ";
    why_not_full = "too many runs were waiting", "zu viele Läufe warteten", "كانت هناك مرات كثيرة بالانتظار";
    why_not_away = "it changed while the device could not be reached, so nobody knows when",
        "es änderte sich, während das Gerät nicht erreichbar war, also weiß niemand, wann",
        "تغيّر ذلك حين تعذر الوصول إلى الجهاز، فلا أحد يعرف متى";
    why_not_missed = "Hearth was not running then", "Hearth lief zu dieser Zeit nicht", "لم يكن Hearth يعمل حينها";
    why_not_asked = "Hearth was not running then, and you have been asked", "Hearth lief zu dieser Zeit nicht, und du wurdest gefragt", "لم يكن Hearth يعمل حينها، وقد سُئلت عن ذلك";
    why_not_declined = "you were asked and said no", "du wurdest gefragt und hast abgelehnt", "سُئلت عن ذلك ورفضت";
    why_not_too_deep = "automations ran each other too often in a row", "Automationen haben einander zu oft hintereinander ausgeführt", "شغّلت القواعد بعضها مرات متتالية أكثر من اللازم";
    why_not_runaway = "it was set off far too often and is held until you look at it", "sie wurde viel zu oft ausgelöst und ruht, bis du nachsiehst", "استُثيرت مرات أكثر بكثير من اللازم وهي متوقفة حتى تراجعها";

    severity_error = "Cannot be saved", "So nicht speicherbar", "لا يمكن حفظها هكذا";
    severity_warning = "Check this", "Bitte prüfen", "تحقق من هذا";
    severity_hint = "Good to know", "Gut zu wissen", "للعلم";
    found_no_trigger = "Nothing sets it off yet. Add when it shall run.", "Noch löst sie nichts aus. Füge hinzu, wann sie laufen soll.", "لا شيء يستثيرها بعد. أضف متى تعمل.";
    found_no_step = "It does nothing yet. Add a step.", "Sie tut noch nichts. Füge einen Schritt hinzu.", "لا تفعل شيئًا بعد. أضف خطوة.";
    found_too_many(most) = "That is too many; {most} at most.", "Das sind zu viele; höchstens {most}.", "هذا كثير؛ الحد الأقصى {most}.";
    found_too_deep(most) = "It is nested too deeply; {most} levels at most.", "Zu tief verschachtelt; höchstens {most} Ebenen.", "التداخل عميق جدًا؛ الحد الأقصى {most} مستويات.";
    found_too_long(most) = "That is too long; {most} at most.", "Das ist zu lang; höchstens {most}.", "هذه مدة طويلة جدًا؛ الحد الأقصى {most}.";
    found_too_short(least) = "That is too short; {least} at least.", "Das ist zu kurz; mindestens {least}.", "هذه مدة قصيرة جدًا؛ الحد الأدنى {least}.";
    found_out_of_range = "What is entered here is not allowed.", "Was hier steht, ist nicht erlaubt.", "ما أُدخل هنا غير مسموح به.";
    found_not_between(low, high) = "Between {low} and {high} is allowed.", "Erlaubt ist {low} bis {high}.", "المسموح به من {low} إلى {high}.";
    found_missing = "What it names is no longer there. Choose something else.", "Was sie nennt, gibt es nicht mehr. Wähle etwas anderes.", "ما تشير إليه لم يعد موجودًا. اختر شيئًا آخر.";
    found_runs_itself(rules) = "These automations run each other in a circle: {rules}.", "Diese Automationen führen einander im Kreis aus: {rules}.", "تشغّل هذه القواعد بعضها في حلقة: {rules}.";
    found_no_place = "Hearth does not know where your home is, so it does not know the sun. Set the place in the settings.", "Hearth weiß nicht, wo dein Zuhause ist, und kennt deshalb die Sonne nicht. Gib den Ort in den Einstellungen an.", "لا يعرف Hearth موقع منزلك فلا يعرف شروق الشمس وغروبها. حدّد الموقع في الإعدادات.";
    found_cannot_do(who, action) = "{who} cannot do this: {action}.", "{who} kann das nicht: {action}.", "لا يستطيع {who} فعل ذلك: {action}.";
    found_never_says(who, what) = "{who} never tells this: {what}.", "{who} meldet das nie: {what}.", "لا يبلّغ {who} أبدًا عن: {what}.";
    found_vacant(who) = "{who} has no device. Choose another, or give it one.", "{who} hat kein Gerät. Wähle etwas anderes oder gib ihm eins.", "لا جهاز لـ {who}. اختر غيره أو خصص له جهازًا.";
    found_nobody = "Nothing there can do this.", "Nichts dort kann das.", "لا شيء هناك يستطيع ذلك.";
    found_loop(rules) = "It may go round and round with {rules}.", "Sie kann sich mit {rules} im Kreis drehen.", "قد تدور في حلقة مع {rules}.";
    found_contradicts(rule) = "{rule} wants the opposite when the same happens.", "{rule} will beim selben Anlass das Gegenteil.", "تريد {rule} العكس عند الحدث نفسه.";
    found_never_holds = "These conditions can never hold together.", "Diese Bedingungen können nie zusammen zutreffen.", "لا يمكن أن تتحقق هذه الشروط معًا أبدًا.";
    found_always_holds = "This always holds, so it decides nothing.", "Das trifft immer zu und entscheidet deshalb nichts.", "هذا متحقق دائمًا فلا يحسم شيئًا.";
    found_shadowed(number) = "Number {number} of this list sets it off whenever this one does.", "Nummer {number} dieser Liste löst immer mit aus, wenn dies auslöst.", "البند رقم {number} في هذه القائمة يستثيرها كلما استثارها هذا.";
    found_unreachable = "The automation never gets past this step.", "Die Automation kommt nie über diesen Schritt hinaus.", "لا تتجاوز القاعدة هذه الخطوة أبدًا.";
    found_busy_loop = "This goes round without a pause. Add a wait.", "Das dreht sich ohne Pause im Kreis. Füge ein Warten ein.", "هذا يدور بلا توقف. أضف انتظارًا.";
    found_no_off(who) = "It turns on {who}, and nothing ever turns it off.", "Sie schaltet {who} ein, und nichts schaltet je aus.", "تشغّل {who} ولا شيء يطفئه أبدًا.";
    found_same_name = "Another automation has the same name.", "Eine andere Automation heißt genauso.", "توجد قاعدة أخرى بالاسم نفسه.";
    found_skipped_dst = "When clocks go forward, this time is skipped once; it runs right after the gap.", "Bei der Umstellung auf Sommerzeit fehlt diese Uhrzeit einmal; sie läuft dann direkt danach.", "عند تقديم الساعة لا يوجد هذا الوقت مرة واحدة؛ فتعمل مباشرة بعد الفجوة.";
    found_twice_dst = "When clocks go back, this time comes twice; it runs the first time only.", "Bei der Umstellung auf Winterzeit gibt es diese Uhrzeit zweimal; sie läuft nur beim ersten Mal.", "عند تأخير الساعة يتكرر هذا الوقت مرتين؛ فتعمل في المرة الأولى فقط.";
    found_window_dst = "When clocks change, this window is an hour longer or shorter.", "Bei der Zeitumstellung ist dieses Zeitfenster eine Stunde länger oder kürzer.", "عند تغيير الساعة تطول هذه الفترة أو تقصر ساعة.";
    found_now_unreachable(device) = "{device} cannot be reached just now.", "{device} ist gerade nicht erreichbar.", "يتعذر الوصول إلى {device} الآن.";
}

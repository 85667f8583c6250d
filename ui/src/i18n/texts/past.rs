//! Texts of the recorded past: charts, why, runs and non-runs, rehearsals.

use super::texts;

texts! { PAST:
    why_rule(state, time, rule) = "{state} since {time} because {rule} ran.",
        "{state} seit {time}, weil {rule} gelaufen ist.",
        "{state} منذ {time} لأن {rule} عملت.";
    why_scene(state, time, scene) = "{state} since {time} because the scene {scene} was set.",
        "{state} seit {time}, weil die Szene {scene} eingestellt wurde.",
        "{state} منذ {time} لأن المشهد {scene} ضُبط.";
    why_app(state, time) = "{state} since {time}: you or somebody in the app did it.",
        "{state} seit {time}: Du oder jemand in der App war es.",
        "{state} منذ {time}: أنت أو شخص آخر من التطبيق.";
    why_device(state, time) = "{state} since {time}: somebody at the device, or the device itself.",
        "{state} seit {time}: Jemand am Gerät oder das Gerät selbst.",
        "{state} منذ {time}: شخص عند الجهاز، أو الجهاز نفسه.";
    why_unknown(state) = "{state}. Why is not known: it was so when Hearth first heard of it.",
        "{state}. Warum, ist nicht bekannt: Es war schon so, als Hearth zuerst davon hörte.",
        "{state}. السبب غير معروف: كان كذلك حين علم به Hearth أول مرة.";
    show_run = "Show run", "Lauf zeigen", "عرض التشغيل";

    history = "History", "Verlauf", "السجل";
    history_of = "Of what", "Wovon", "لأي شيء";
    how_far_back = "How far back", "Wie weit zurück", "المدة";
    last_day = "24 hours", "24 Stunden", "24 ساعة";
    history_loading = "Looking it up …", "Wird nachgesehen …", "جارٍ البحث …";
    history_empty = "Nothing was recorded in this time.", "In dieser Zeit wurde nichts aufgezeichnet.", "لم يُسجَّل شيء في هذه المدة.";
    as_table = "As a table", "Als Tabelle", "على شكل جدول";
    table_from = "From", "Von", "من";
    table_least = "Least", "Kleinster", "الأدنى";
    table_mean = "Mean", "Mittel", "المتوسط";
    table_most = "Most", "Größter", "الأعلى";
    table_lasting = "Lasted", "Dauer", "استمر";

    what_uses_it = "What uses it", "Was es nutzt", "ما يستخدمه";
    nothing_uses_it = "No automation, scene or group uses it.", "Keine Automation, Szene oder Gruppe nutzt es.", "لا تستخدمه أي أتمتة أو مشهد أو مجموعة.";
    replace_device = "Let another device take its place", "Ein anderes Gerät an seine Stelle setzen", "إحلال جهاز آخر محله";
    replace_why = "Automations, scenes and groups then go on with the other device. Name and room go with the place.",
        "Automationen, Szenen und Gruppen arbeiten dann mit dem anderen Gerät weiter. Name und Raum gehen mit.",
        "تواصل الأتمتة والمشاهد والمجموعات عملها مع الجهاز الآخر. وينتقل إليه الاسم والغرفة.";
    replace_by = "Which takes its place", "Was an seine Stelle tritt", "الجهاز البديل";
    replace_none = "There is no other device of this kind.", "Es gibt kein anderes Gerät dieser Art.", "لا يوجد جهاز آخر من هذا النوع.";
    replace_do = "Take its place", "Ersetzen", "إحلال";
    replaced(name) = "Another device is now: {name}", "Ein anderes Gerät ist jetzt: {name}", "جهاز آخر أصبح الآن: {name}";

    past = "What happened", "Was geschah", "ما الذي حدث";
    past_empty = "It has not been set off yet", "Sie wurde noch nicht ausgelöst", "لم تنطلق بعد";
    past_empty_why = "Each time something sets it off, this page tells what it did, or which condition stopped it.",
        "Jedes Mal, wenn etwas sie auslöst, steht hier, was sie tat oder welche Bedingung sie aufhielt.",
        "في كل مرة ينطلق فيها شيء، تخبرك هذه الصفحة بما فعلته أو بالشرط الذي أوقفها.";
    rule_gone = "This automation is gone", "Diese Automation gibt es nicht mehr", "لم تعد هذه الأتمتة موجودة";
    to_automations = "Go to Automations", "Zu den Automationen", "إلى الأتمتة";
    to_rule = "Open automation", "Automation öffnen", "فتح الأتمتة";
    run_running = "Running", "Läuft", "قيد التشغيل";
    run_not(why) = "Did not run: {why}", "Lief nicht: {why}", "لم تعمل: {why}";
    run_because(cause, end) = "{cause} → {end}", "{cause} → {end}", "{cause} ← {end}";
    run_late(span) = "{span} late", "{span} zu spät", "متأخرة {span}";
    stop_run = "Stop this run", "Diesen Lauf anhalten", "إيقاف هذا التشغيل";
    run_version(number) = "Version {number}", "Version {number}", "الإصدار {number}";
    this_run = "This run", "Dieser Lauf", "هذا التشغيل";
    all_runs = "All runs", "Alle Läufe", "كل مرات التشغيل";
    card_when = "When", "Wenn", "عندما";
    card_only_if = "Only if", "Nur wenn", "فقط عندما";
    card_then = "Then", "Dann", "عندئذ";
    no_conditions_then = "It has no conditions.", "Sie hat keine Bedingungen.", "ليس لها شروط.";
    conditions_not_asked = "Its conditions were not asked.", "Ihre Bedingungen wurden nicht gefragt.", "لم يُسأل عن شروطها.";
    nothing_yet = "Nothing has happened yet.", "Noch ist nichts geschehen.", "لم يحدث شيء بعد.";
    ended_at(end, time) = "{end}, {time}", "{end}, {time}", "{end}، {time}";
    did_done = "done", "erledigt", "تم";
    did_pending = "on its way", "unterwegs", "قيد التنفيذ";
    did_nobody = "Nothing there could do it", "Nichts dort konnte es tun", "لا شيء هناك استطاع ذلك";
    did_not_known(who) = "{who}: not known how it was, so it was left alone",
        "{who}: nicht bekannt, wie es war, deshalb in Ruhe gelassen",
        "{who}: لم تُعرف حالته فتُرك كما هو";
    did_scene(scene) = "Set the scene {scene}", "Szene {scene} eingestellt", "ضُبط المشهد {scene}";
    did_wait(time) = "Waits until {time}", "Wartet bis {time}", "تنتظر حتى {time}";
    did_wait_left(time, left) = "Waits until {time}: {left} left", "Wartet bis {time}: noch {left}", "تنتظر حتى {time}: بقي {left}";
    did_wait_for(time, judged) = "Waits, at most until {time}. {judged}", "Wartet, höchstens bis {time}. {judged}", "تنتظر حتى {time} على الأكثر. {judged}";
    did_waited = "The wait is over", "Das Warten ist vorbei", "انتهى الانتظار";
    did_timed_out = "Gave up waiting", "Warten aufgegeben", "انتهت مهلة الانتظار";
    did_round(number) = "Round {number}", "Runde {number}", "الدورة {number}";
    did_notify = "Told you", "Hat dir Bescheid gesagt", "أخبرتك";
    did_variable(variable, value) = "{variable} became {value}", "{variable} wurde {value}", "أصبح {variable}: {value}";
    did_run(rule) = "Ran {rule}", "Führte {rule} aus", "شغّلت {rule}";
    did_gone = "What this step names is no longer there", "Was dieser Schritt nennt, gibt es nicht mehr", "ما تذكره هذه الخطوة لم يعد موجودًا";
    did_resumed = "Hearth stopped here and went on", "Hearth hielt hier an und machte weiter", "توقف Hearth هنا ثم واصل";
    did_resumed_open = "Hearth stopped here and went on; whether the last command happened meanwhile was not known",
        "Hearth hielt hier an und machte weiter; ob der letzte Befehl inzwischen geschah, war nicht bekannt",
        "توقف Hearth هنا ثم واصل؛ ولم يُعرف هل نُفّذ الأمر الأخير حينها";
    did_not_repeat = "Not done again after the restart: doing it twice could do harm",
        "Nach dem Neustart nicht wiederholt: Zweimal könnte schaden",
        "لم يُكرَّر بعد إعادة التشغيل: تنفيذه مرتين قد يضر";
    did_repeat = "Done once more after the restart: the device did not show it",
        "Nach dem Neustart noch einmal getan: Das Gerät zeigte es nicht",
        "نُفّذ مرة أخرى بعد إعادة التشغيل: لم يُظهره الجهاز";
    did_left_out(count) = "{count} entries are left out here", "{count} Einträge sind hier ausgelassen", "حُذف هنا {count} من القيود";

    try_it = "Try it", "Ausprobieren", "تجربة";
    try_why = "Plays the recorded past of your home through this automation. Nothing is sent to any device.",
        "Spielt die aufgezeichnete Vergangenheit deines Zuhauses durch diese Automation. Nichts wird an ein Gerät gesendet.",
        "يستعرض سجل منزلك الماضي عبر هذه الأتمتة. لا يُرسل شيء إلى أي جهاز.";
    try_days = "Over the last", "Über die letzten", "خلال آخر";
    try_running(seconds) = "Playing the past: {seconds} s …", "Vergangenheit wird abgespielt: {seconds} s …", "جارٍ استعراض الماضي: {seconds} ث …";
    try_nothing_sent = "Nothing was sent.", "Es wurde nichts gesendet.", "لم يُرسل شيء.";
    try_since(time) = "The past is recorded only since {time}.", "Aufgezeichnet ist erst seit {time}.", "السجل يبدأ من {time} فقط.";
    try_no_past = "Nothing of the past is recorded yet.", "Noch ist nichts aufgezeichnet.", "لم يُسجَّل شيء بعد.";
    try_blind(triggers) = "Not played: {triggers}. Webhooks and messages are not recorded.",
        "Nicht abgespielt: {triggers}. Webhooks und Nachrichten werden nicht aufgezeichnet.",
        "لم يُستعرض: {triggers}. لا تُسجَّل Webhooks والرسائل.";
    try_at_hours(runs, hours) = "{runs}: {hours}", "{runs}: {hours}", "{runs}: {hours}";
    try_at_hour(times, hour) = "{times} at {hour}", "{times} um {hour}", "{times} عند {hour}";
    try_other_hours = "also at other hours", "auch zu anderen Stunden", "وفي ساعات أخرى أيضًا";
    try_fight(rule, times, mine, other) = "Would have fought {rule} {times}: this one wants “{mine}”, that one “{other}”.",
        "Hätte {times} mit {rule} gestritten: Diese will „{mine}“, jene „{other}“.",
        "كانت ستتعارض مع {rule} {times}: هذه تريد «{mine}» وتلك «{other}».";
    try_not_run = "Set off, but not run", "Ausgelöst, aber nicht gelaufen", "انطلقت ولم تعمل";
    not_run_conditions = "The conditions did not hold", "Die Bedingungen trafen nicht zu", "لم تتحقق الشروط";
    not_run_busy = "It was running already", "Sie lief schon", "كانت قيد التشغيل";
    not_run_away = "It changed while the device could not be reached", "Es änderte sich, während das Gerät nicht erreichbar war", "تغيّر حين تعذر الوصول إلى الجهاز";
    not_run_other = "For another reason", "Aus einem anderen Grund", "لسبب آخر";
    counted(what, times) = "{what}: {times}", "{what}: {times}", "{what}: {times}";
    try_hours = "At which hours", "Zu welchen Stunden", "في أي ساعات";
    try_hour = "Hour", "Stunde", "الساعة";
    try_runs = "Runs", "Läufe", "مرات التشغيل";
    try_first(count) = "The first {count} of them", "Die ersten {count} davon", "أول {count} منها";
}

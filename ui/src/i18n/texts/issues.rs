//! Texts of troubles and of the dialogs that mend them.

use super::texts;

texts! { ISSUES:
    issue_needs_secret(device) = "{device} wants a password or key",
        "{device} verlangt ein Passwort oder einen Schlüssel",
        "يطلب {device} كلمة مرور أو مفتاحًا";
    issue_wrong_secret(device) = "{device} refuses the password or key we have",
        "{device} lehnt unser Passwort oder unseren Schlüssel ab",
        "يرفض {device} كلمة المرور أو المفتاح المحفوظ";
    issue_wrong_identity(device, found) = "At the address of {device}, another device answers: {found}",
        "Unter der Adresse von {device} antwortet ein anderes Gerät: {found}",
        "على عنوان {device} يجيب جهاز آخر: {found}";
    issue_garbage(device) = "{device} says things that Hearth cannot understand",
        "{device} sagt Dinge, die Hearth nicht versteht",
        "يرسل {device} بيانات لا يفهمها Hearth";
    issue_restored(date) = "The database was damaged. The copy of {date} is in use.",
        "Die Datenbank war beschädigt. Die Kopie vom {date} wird verwendet.",
        "تضررت قاعدة البيانات. تُستخدم الآن نسخة {date}.";
    issue_restored_empty = "The database was damaged and there was no copy. Your home starts empty.",
        "Die Datenbank war beschädigt und es gab keine Kopie. Dein Zuhause beginnt leer.",
        "تضررت قاعدة البيانات ولم تكن هناك نسخة. يبدأ منزلك فارغًا.";
    issue_restored_kept(file) = "The damaged file was kept as {file}.",
        "Die beschädigte Datei wurde als {file} aufgehoben.",
        "احتُفظ بالملف التالف باسم {file}.";
    issue_cannot_write = "Hearth cannot write to disk. Nothing new is remembered, and commands are not sent.",
        "Hearth kann nicht speichern. Nichts Neues wird gemerkt und keine Befehle werden gesendet.",
        "لا يستطيع Hearth الكتابة على القرص. لن يُحفظ أي جديد ولن تُرسل الأوامر.";
    issue_secrets_locked = "Passwords of devices are locked. Enter the passphrase.",
        "Die Passwörter der Geräte sind gesperrt. Gib die Passphrase ein.",
        "كلمات مرور الأجهزة مقفلة. أدخل عبارة المرور.";
    issue_no_keyring = "This computer has no keyring. Choose a passphrase to keep device passwords.",
        "Dieser Rechner hat keinen Schlüsselbund. Wähle eine Passphrase, um Gerätepasswörter aufzubewahren.",
        "لا يحتوي هذا الحاسوب على حلقة مفاتيح. اختر عبارة مرور لحفظ كلمات مرور الأجهزة.";
    issue_discovery = "Devices cannot be found by themselves on this network. Add them by address.",
        "In diesem Netz lassen sich Geräte nicht von selbst finden. Füge sie über ihre Adresse hinzu.",
        "لا يمكن العثور على الأجهزة تلقائيًا في هذه الشبكة. أضفها بعناوينها.";
    issue_details(words) = "Details: {words}", "Einzelheiten: {words}", "التفاصيل: {words}";
    action_enter_secret = "Enter password", "Passwort eingeben", "إدخال كلمة المرور";
    action_open_device = "Look at the device", "Gerät ansehen", "عرض الجهاز";
    action_enter_passphrase = "Unlock", "Entsperren", "فتح القفل";
    action_choose_passphrase = "Choose passphrase", "Passphrase wählen", "اختيار عبارة مرور";
    action_add_by_address = "Add by address", "Über Adresse hinzufügen", "إضافة بالعنوان";
    action_dismiss = "Understood", "Verstanden", "فهمت";
    secret_for(device) = "Password for {device}", "Passwort für {device}", "كلمة مرور {device}";
    secret_label = "Password or key", "Passwort oder Schlüssel", "كلمة المرور أو المفتاح";
    secret_why = "It is kept sealed on this machine and only ever sent to this device.",
        "Es wird versiegelt auf diesem Rechner aufbewahrt und nur an dieses Gerät gesendet.",
        "تُحفظ مختومة على هذا الجهاز ولا تُرسل إلا إلى هذا الجهاز المنزلي.";
    secret_try = "Try it", "Ausprobieren", "تجربة";
    trying = "Trying …", "Wird versucht …", "جارٍ المحاولة …";
    secret_accepted(device) = "{device} accepted it.", "{device} hat es angenommen.", "قبلها {device}.";
    unlock_title = "Unlock device passwords", "Gerätepasswörter entsperren", "فتح قفل كلمات مرور الأجهزة";
    choose_title = "Choose a passphrase", "Passphrase wählen", "اختيار عبارة مرور";
    passphrase = "Passphrase", "Passphrase", "عبارة المرور";
    passphrase_again = "Passphrase again", "Passphrase wiederholen", "عبارة المرور مرة أخرى";
    passphrase_why = "Hearth seals the passwords of your devices with it. Keep it safe: nobody can recover it.",
        "Damit versiegelt Hearth die Passwörter deiner Geräte. Bewahre sie gut auf: Niemand kann sie wiederherstellen.",
        "يختم Hearth بها كلمات مرور أجهزتك. احتفظ بها جيدًا: لا يمكن لأحد استعادتها.";
    passphrase_short = "At least 8 characters.", "Mindestens 8 Zeichen.", "8 أحرف على الأقل.";
    passphrase_differs = "The two are not the same.", "Die beiden sind nicht gleich.", "العبارتان غير متطابقتين.";
    secret_empty = "Enter the password or key.", "Gib das Passwort oder den Schlüssel ein.", "أدخل كلمة المرور أو المفتاح.";
    unlocked_now = "Device passwords are unlocked.", "Die Gerätepasswörter sind entsperrt.", "تم فتح قفل كلمات مرور الأجهزة.";
    issue_past_lost = "The recorded past was damaged. It begins anew; the rest of your home is untouched.",
        "Die aufgezeichnete Vergangenheit war beschädigt. Sie beginnt neu; der Rest deines Zuhauses ist unversehrt.",
        "تضرّر السجل الماضي. سيبدأ من جديد؛ وبقية منزلك سليمة.";
    issue_missed_run(rule, time) = "{rule} was due {time}, while Hearth could not run it. Run it now?",
        "{rule} war {time} fällig, als Hearth sie nicht ausführen konnte. Jetzt ausführen?",
        "كان موعد {rule} {time} حين تعذّر على Hearth تشغيلها. هل تُشغَّل الآن؟";
    issue_runaway(rule) = "{rule} was set off far too often and was switched off.",
        "{rule} wurde viel zu oft ausgelöst und ausgeschaltet.",
        "انطلقت {rule} مرات كثيرة جدًا فأُوقفت.";
    issue_broker = "The MQTT broker cannot be used. Automations that wait for its messages do not run.",
        "Der MQTT-Broker ist nicht nutzbar. Automationen, die auf seine Nachrichten warten, laufen nicht.",
        "يتعذر استخدام وسيط MQTT. الأتمتة التي تنتظر رسائله لا تعمل.";
    issue_webhooks = "Webhooks cannot be received. Automations that wait for them do not run.",
        "Webhooks können nicht empfangen werden. Automationen, die darauf warten, laufen nicht.",
        "يتعذر استقبال Webhooks. الأتمتة التي تنتظرها لا تعمل.";
    action_run_now = "Run now", "Jetzt ausführen", "تشغيل الآن";
    action_leave = "Leave it", "Lassen", "تركها";
    action_open_rule = "Open automation", "Automation öffnen", "فتح الأتمتة";
    action_open_settings = "Open settings", "Einstellungen öffnen", "فتح الإعدادات";
}

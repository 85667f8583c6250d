//! Texts of the scenes pages.

use super::texts;

texts! { SCENES:
    no_scenes = "No scenes yet", "Noch keine Szenen", "لا توجد مشاهد بعد";
    no_scenes_why = "A scene sets several things at once, for example Film night: ceiling off, lamp at 20 %.",
        "Eine Szene stellt mehrere Dinge auf einmal ein, zum Beispiel Filmabend: Decke aus, Lampe auf 20 %.",
        "يضبط المشهد عدة أشياء دفعة واحدة، مثل ليلة فيلم: السقف مطفأ والمصباح على 20٪.";
}

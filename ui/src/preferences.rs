//! Language and colours: the home's settings where they are known, what was last seen before, what
//! the system wants otherwise. Written to the document, from where the styles take them.

use leptos::prelude::*;
use model::{Language, Settings, Theme};

use crate::i18n::{self, Locale};

const LANGUAGE: &str = "language";
const THEME: &str = "theme";

/// Shows the page in the colours and the language of its last visit, until the home is known.
pub fn restore() {
    let language = remembered(LANGUAGE).map(|it| i18n::best_language([it.as_str()]));
    let theme = match remembered(THEME).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    };
    apply(&Settings { language, theme, ..Settings::default() });
}

/// Follows the settings of the home.
pub fn follow(settings: RwSignal<Settings>, known: RwSignal<bool>) {
    Effect::new(move || {
        let settings = settings.get();
        if known.get() {
            remember(LANGUAGE, settings.language.map(tag));
            remember(THEME, theme_name(settings.theme));
            apply(&settings);
        }
    });
}

fn apply(settings: &Settings) {
    let language = settings.language.unwrap_or_else(system_language);
    let locale = Locale { language, pseudo: wants_pseudo() };
    i18n::set_locale(locale);
    let Some(root) = document().document_element() else { return };
    drop(root.set_attribute("lang", locale.tag()));
    drop(root.set_attribute("dir", locale.direction()));
    match theme_name(settings.theme) {
        Some(name) => drop(root.set_attribute("data-theme", name)),
        None => drop(root.remove_attribute("data-theme")),
    }
}

fn theme_name(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    }
}

fn tag(language: Language) -> &'static str {
    Locale { language, pseudo: false }.tag()
}

fn system_language() -> Language {
    let wanted: Vec<String> =
        window().navigator().languages().iter().filter_map(|it| it.as_string()).collect();
    i18n::best_language(wanted.iter().map(String::as_str))
}

fn wants_pseudo() -> bool {
    let query = window().location().search().unwrap_or_default();
    web_sys::UrlSearchParams::new_with_str(&query).is_ok_and(|it| it.has("pseudo"))
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn remember(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    // A browser that does not let us remember only costs a flash of the other colours.
    match value {
        Some(value) => drop(storage.set_item(key, value)),
        None => drop(storage.remove_item(key)),
    }
}

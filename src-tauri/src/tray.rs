//! The icon in the tray: show the window, or quit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::AppHandle;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};

use crate::window;

/// The icon, where the desktop shows one.
#[derive(Debug)]
pub(crate) struct Tray(Option<Shown>);

struct Shown(#[expect(dead_code, reason = "the icon goes when this is dropped")] TrayIcon);

impl std::fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Shown")
    }
}

impl Tray {
    /// Puts the icon there. Not every desktop has a place for it, and then there is none.
    pub(crate) fn build(app: &AppHandle) -> Self {
        if !desktop_shows_icons() {
            return Self(None);
        }
        // The library behind it is loaded at run time on Linux, and its absence is a panic there.
        match catch_unwind(AssertUnwindSafe(|| icon(app))) {
            Ok(Ok(icon)) => Self(Some(Shown(icon))),
            Ok(Err(error)) => {
                tracing::warn!("no tray icon: {error}");
                Self(None)
            }
            Err(_) => Self(None),
        }
    }

    /// Whether a person can get the window back from there.
    pub(crate) fn is_shown(&self) -> bool {
        self.0.is_some()
    }
}

fn icon(app: &AppHandle) -> tauri::Result<TrayIcon> {
    let (show, quit) = words(&language());
    let show = MenuItem::with_id(app, "show", show, true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", quit, true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&show, &quit])?;
    let mut builder = TrayIconBuilder::with_id("hearth").tooltip("Hearth").menu(&menu);
    if let Some(image) = app.default_window_icon() {
        builder = builder.icon(image.clone());
    }
    builder
        .on_menu_event(|app, event| match event.id().as_ref() {
            "show" => window::show(app),
            _ => app.exit(0),
        })
        .build(app)
}

/// The two words of the menu. The interface's catalogue is not at hand out here.
fn words(language: &str) -> (&'static str, &'static str) {
    match language.get(..2) {
        Some("de") => ("Hearth anzeigen", "Beenden"),
        Some("ar") => ("إظهار Hearth", "إنهاء"),
        _ => ("Show Hearth", "Quit"),
    }
}

/// The system's language, where the environment says it.
fn language() -> String {
    let says = |name| std::env::var(name).ok().filter(|it| !it.is_empty());
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(says).unwrap_or_default()
}

/// On Linux, icons are shown by a program on the session bus, or by nobody.
#[cfg(target_os = "linux")]
fn desktop_shows_icons() -> bool {
    let ask = || {
        let bus = zbus::blocking::Connection::session()?;
        let names = zbus::blocking::fdo::DBusProxy::new(&bus)?;
        let watcher = zbus::names::BusName::try_from("org.kde.StatusNotifierWatcher")?;
        Ok::<_, zbus::Error>(names.name_has_owner(watcher)?)
    };
    ask().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn desktop_shows_icons() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_speaks_the_languages_of_the_interface() {
        assert_eq!(words("de_AT.UTF-8").1, "Beenden");
        assert_eq!(words("ar").1, "إنهاء");
        assert_eq!(words("C").1, "Quit");
        assert_eq!(words("").1, "Quit");
    }
}

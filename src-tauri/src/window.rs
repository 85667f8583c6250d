//! The one window.

use tauri::{AppHandle, Manager as _, WebviewWindowBuilder, Window, WindowEvent};

/// Its label, to which its capabilities belong.
pub(crate) const MAIN: &str = "main";

/// Opens it as tauri.conf.json says.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let windows = &app.config().app.windows;
    for window in windows.iter().filter(|it| it.label == MAIN) {
        WebviewWindowBuilder::from_config(app, window)?.build()?;
    }
    Ok(())
}

/// Brings it to the front, from the tray too.
#[cfg(desktop)]
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let steps = [window.show(), window.unminimize(), window.set_focus()];
    for error in steps.into_iter().filter_map(Result::err) {
        tracing::warn!("the window does not come to the front: {error}");
    }
}

/// Closing the window leaves Hearth in the tray, where there is one; the window opens again from
/// there, or by starting Hearth once more. Where there is no tray, closing quits: nothing may run
/// on that nobody can see.
pub(crate) fn handle(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && window.label() == MAIN
        && stays_in_tray(window.app_handle())
    {
        api.prevent_close();
        if let Err(error) = window.hide() {
            tracing::warn!("the window does not hide: {error}");
        }
    }
}

#[cfg(desktop)]
fn stays_in_tray(app: &AppHandle) -> bool {
    app.try_state::<crate::tray::Tray>().is_some_and(|it| it.is_shown())
}

#[cfg(mobile)]
fn stays_in_tray(_: &AppHandle) -> bool {
    false
}

/// Quits in good order when the system or a terminal asks for it.
pub(crate) fn close_on_signals(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        asked_to_stop().await;
        app.exit(0);
    });
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::warn!("no signals: {error}");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

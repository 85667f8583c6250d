//! The window that is shown when the home cannot be opened: what is wrong, in words. It holds no
//! script and has no capability.

use std::borrow::Cow;

use tauri::http::{Response, StatusCode, header};
use tauri::{AppHandle, Manager as _, WebviewUrl, WebviewWindowBuilder};

use crate::starting::Starting;
use crate::window;

/// The page's own scheme.
pub(crate) const SCHEME: &str = "trouble";

const STYLE: &str = "body{font:1rem/1.5 system-ui;max-width:34rem;margin:15vh auto;padding:0 24px;\
    color-scheme:light dark}p{overflow-wrap:anywhere}";

/// Shows it in place of the main window.
pub(crate) fn show(app: &AppHandle) {
    let handle = app.clone();
    let shown = app.run_on_main_thread(move || {
        if let Err(error) = open(&handle) {
            tracing::error!("not even that could be shown: {error}");
            handle.exit(1);
        }
    });
    if shown.is_err() {
        app.exit(1);
    }
}

fn open(app: &AppHandle) -> tauri::Result<()> {
    let page = format!("{SCHEME}://localhost/").parse().map_err(tauri::Error::InvalidUrl)?;
    WebviewWindowBuilder::new(app, "trouble", WebviewUrl::CustomProtocol(page))
        .title("Hearth")
        .inner_size(640.0, 480.0)
        .min_inner_size(320.0, 240.0)
        .build()?;
    match app.get_webview_window(window::MAIN) {
        Some(main) => main.destroy(),
        None => Ok(()),
    }
}

/// The page.
pub(crate) fn page(app: &AppHandle) -> Response<Cow<'static, [u8]>> {
    let words = app.try_state::<Starting>().and_then(|it| it.failure()).unwrap_or_default();
    let mut response = Response::new(Cow::Owned(html(&words).into_bytes()));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    let plain = header::HeaderValue::from_static;
    headers.insert(header::CONTENT_TYPE, plain("text/html; charset=utf-8"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        plain("default-src 'none'; style-src 'unsafe-inline'"),
    );
    response
}

fn html(words: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hearth</title>\
         <style>{STYLE}</style><main><h1>Hearth cannot open this home</h1><p>{}</p>\
         <p>Nothing was changed. Close this window, put it right, and start Hearth again.</p></main>",
        escaped(words)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_an_error_are_text_not_markup() {
        let page = html("no <script> & no \"tag\"");
        assert!(page.contains("no &lt;script&gt; &amp; no \"tag\""));
    }
}

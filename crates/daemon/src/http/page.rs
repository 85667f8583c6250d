//! The one page that is not the interface: for a browser that is not signed in.

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

/// No script, no picture, nothing from anywhere.
pub(super) const STATIC_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Says why, and how to get in.
pub(super) fn refused(why: &str) -> Response {
    let text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Hearth: sign in</title>\n\
         </head>\n<body>\n<main>\n<h1>Sign in to Hearth</h1>\n<p>{why}</p>\n\
         <p>On the machine where Hearth runs, ask for a new link with</p>\n\
         <p><code>hearthd link</code></p>\n\
         <p>and open it here. (With <code>--home DIR</code>, if the home is kept there.) A link \
         signs in one browser, once, within ten minutes.</p>\n</main>\n</body>\n</html>\n"
    );
    let headers: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::UNAUTHORIZED, headers, text).into_response()
}

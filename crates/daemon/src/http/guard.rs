//! Keeps other sites out: a page from elsewhere that a browser shows must not reach this server,
//! neither under its own name (DNS rebinding) nor under ours (forged requests).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::{Server, page};

/// Lets through what names this server and comes from its own pages, or from no page at all.
pub(super) async fn check(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match objection(&server, &request) {
        Some(words) => (StatusCode::FORBIDDEN, words).into_response(),
        None => next.run(request).await,
    };
    harden(response.headers_mut());
    response
}

fn objection(server: &Server, request: &Request) -> Option<&'static str> {
    if !host(request).is_some_and(|host| server.doors.is_host(host)) {
        return Some("this server is not known by that name (see --allow-host)\n");
    }
    let acts = request.method() != Method::GET && request.method() != Method::HEAD;
    let is_socket = request.uri().path() == "/api/v1/socket";
    let from_elsewhere = match request.headers().get(header::ORIGIN) {
        Some(origin) => !is_own(server, origin),
        // A browser always says where a socket comes from.
        None => is_socket && request.headers().contains_key(header::COOKIE),
    };
    ((acts || is_socket) && from_elsewhere).then_some("pages from elsewhere may not ask this\n")
}

/// HTTP/1.1 has it in a header, exactly once.
fn host(request: &Request) -> Option<&str> {
    let mut hosts = request.headers().get_all(header::HOST).into_iter();
    let host = hosts.next()?.to_str().ok()?;
    hosts.next().is_none().then_some(host)
}

fn is_own(server: &Server, origin: &HeaderValue) -> bool {
    let host = origin
        .to_str()
        .ok()
        .and_then(|it| it.strip_prefix("http://").or_else(|| it.strip_prefix("https://")));
    host.is_some_and(|it| server.doors.is_host(it))
}

/// What every answer says. A page that needs more rights brings its own policy.
fn harden(headers: &mut axum::http::HeaderMap) {
    let fixed: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(page::STATIC_POLICY));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

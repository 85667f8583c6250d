//! What clients reach over HTTP: health, the socket, and the interface.

mod auth;
mod guard;
mod here;
mod page;
mod sessions;
mod site;
mod socket;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use hub::Hub;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use auth::Doors;
pub(crate) use sessions::Sessions;
pub(crate) use site::Site;

use crate::cli::HomeArg;
use crate::exit::{Failure, Kind};
use crate::place::{self, AddressFile};
use crate::print_line;

/// Largest body of a request. None of them needs one.
const BODY_LIMIT: usize = 4_096;

/// Everything that a handler needs.
#[derive(Debug)]
pub(crate) struct Server {
    hub: Hub,
    doors: Doors,
    site: Option<Site>,
    stop: CancellationToken,
    sockets: TaskTracker,
}

type Shared = State<Arc<Server>>;

impl Server {
    /// A server that does not listen yet.
    pub(crate) fn new(hub: Hub, doors: Doors, site: Option<Site>) -> Self {
        Self { hub, doors, site, stop: CancellationToken::new(), sockets: TaskTracker::new() }
    }

    /// Answers until `stop` ends, and then until every socket is closed.
    pub(crate) async fn run(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()> {
        let server = Arc::new(self);
        let closing = server.stop.clone();
        let service =
            router(Arc::clone(&server)).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service)
            .with_graceful_shutdown(async move {
                stop.await;
                closing.cancel();
            })
            .await
            .context("the server failed")?;
        server.sockets.close();
        server.sockets.wait().await;
        Ok(())
    }
}

fn router(server: Arc<Server>) -> Router {
    Router::new()
        .route("/api/v1/health", get(health))
        .route("/api/v1/socket", get(socket::open))
        .route("/api/v1/links", post(new_link))
        .route("/signin", get(sign_in))
        .fallback(get(interface))
        .layer(middleware::from_fn_with_state(Arc::clone(&server), guard::check))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(server)
}

async fn health() -> Response {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "api": api::VERSION }))
        .into_response()
}

/// A new sign-in link, for whoever has the token.
async fn new_link(State(server): Shared, headers: HeaderMap) -> Response {
    if !server.doors.has_token(&headers) {
        return refuse("the token is missing or wrong");
    }
    if server.site.is_none() {
        let words = "this hub does not serve the interface; start it with --ui";
        return (StatusCode::NOT_FOUND, Json(json!({ "error": words }))).into_response();
    }
    match server.doors.new_link() {
        Ok(link) => Json(json!({ "link": link })).into_response(),
        Err(error) => {
            tracing::error!(%error, "No link can be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn refuse(words: &str) -> Response {
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, challenge, Json(json!({ "error": words }))).into_response()
}

#[derive(Debug, Deserialize)]
struct SignIn {
    #[serde(default)]
    code: String,
}

/// Trades a code for a session, once.
async fn sign_in(State(server): Shared, Query(SignIn { code }): Query<SignIn>) -> Response {
    match server.doors.redeem(&code) {
        Some(cookie) => {
            let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, "/".to_owned())];
            (StatusCode::SEE_OTHER, headers).into_response()
        }
        None => page::refused("This link was used already, or is older than ten minutes."),
    }
}

/// The interface, for whoever is signed in.
async fn interface(State(server): Shared, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    let Some(site) = &server.site else { return StatusCode::NOT_FOUND.into_response() };
    if server.doors.has_session(&headers) {
        site.answer(uri.path(), &headers).await
    } else {
        page::refused("This browser is not signed in to this home.")
    }
}

/// `hearthd link`: asks the running daemon for a new sign-in link.
pub(crate) async fn link(home: HomeArg) -> Result<()> {
    let dir = place::home_dir(home.home)?;
    let address = AddressFile::read(&dir)?;
    let token = place::read_token(&dir).context("the token of the hub cannot be read")?;
    let answer = crate::ctl::post(address, "/api/v1/links", &token).await?;
    match (answer["link"].as_str(), answer["error"].as_str()) {
        (Some(link), _) => print_line(link),
        (None, words) => {
            let words = words.unwrap_or("the hub gives no link");
            Err(Failure::new(Kind::Refused, words).into())
        }
    }
}

//! The two ways into a WLED: HTTP, and the WebSocket at `/ws`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::ws::{Message, WebSocket};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::light::is_command;
use super::{PRESETS, Wled};
use crate::http::{self, Answer, Request};
use crate::{Verdict, Wire};

pub(crate) async fn serve(wled: Arc<Wled>, wire: Wire) {
    http::serve(wire, |request| route(Arc::clone(&wled), request)).await;
}

async fn route(wled: Arc<Wled>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().trim_end_matches('/').to_owned();
    match (&parts.method, path.as_str()) {
        (&Method::GET, "/ws") if http::is_upgrade(&parts) && wled.has_websocket() => {
            let core = Arc::clone(&wled.core);
            http::upgrade(parts, &core, move |socket| converse(wled, socket)).await
        }
        (&Method::POST, "/json" | "/json/state" | "/json/si") => post(&wled, &path, body).await,
        (&Method::GET, path) => match wled.page(path) {
            Some(value) => http::json(StatusCode::OK, &value, wled.core.ailments()),
            None => http::bare(StatusCode::NOT_FOUND),
        },
        _ => http::bare(StatusCode::METHOD_NOT_ALLOWED),
    }
}

impl Wled {
    fn page(&self, path: &str) -> Option<Value> {
        Some(match path {
            "/json" => self.everything(),
            "/json/state" => self.light_state(),
            "/json/info" => self.info(),
            "/json/si" => self.state_and_info(),
            "/json/effects" | "/json/eff" => self.product.list("effects").into(),
            "/json/palettes" | "/json/pal" => self.product.list("palettes").into(),
            "/json/fxdata" => self.effect_data(),
            "/json/cfg" => self.config(),
            "/presets.json" => PRESETS.clone(),
            _ => return None,
        })
    }

    /// Does what a client wishes, if it wishes for more than to be told.
    fn obey(&self, wish: &Value) -> Verdict {
        if !is_command(wish) {
            return Verdict::Obey;
        }
        let verdict = self.core.receive_command(&wish.to_string());
        if verdict.acts() {
            self.apply(wish);
        }
        verdict
    }
}

async fn post(wled: &Wled, path: &str, body: Body) -> Answer {
    let wish = http::body(body).await.and_then(|it| serde_json::from_slice::<Value>(&it).ok());
    let ailments = wled.core.ailments();
    let Some(wish) = wish else {
        return http::json(StatusCode::BAD_REQUEST, &json!({ "error": 9 }), ailments);
    };
    http::answerable(wled.obey(&wish)).await;
    let answer = match (wish["v"] == true, path) {
        (false, _) => json!({ "success": true }),
        (true, "/json/state") => wled.light_state(),
        (true, _) => wled.state_and_info(),
    };
    http::json(StatusCode::OK, &answer, ailments)
}

/// Talks on a WebSocket until it ends: state and information first, again after every change, and
/// whenever asked.
async fn converse(wled: Arc<Wled>, mut socket: WebSocket) {
    let mut pushes = wled.pushes.subscribe();
    let mut muted = false;
    let mut due = true;
    loop {
        if std::mem::take(&mut due) {
            let text = wled.state_and_info().to_string();
            if socket.send(http::message(text, wled.core.ailments())).await.is_err() {
                return;
            }
        }
        tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => {
                    let Ok(wish) = serde_json::from_str::<Value>(&text) else { continue };
                    let verdict = wled.obey(&wish);
                    muted |= !verdict.answers();
                    due = wish["v"] == true || verdict == Verdict::Pretend;
                }
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
            push = pushes.recv() => match push {
                // The push of a command that must not be answered is its answer.
                Ok(()) | Err(RecvError::Lagged(_)) => due = !std::mem::take(&mut muted),
                Err(RecvError::Closed) => return,
            },
        }
    }
}

//! The two ways into a Shelly: HTTP, and the WebSocket at `/rpc`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Query;
use axum::extract::ws::{Message, WebSocket};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};
use tokio::sync::broadcast::error::RecvError;

use super::{Push, Shelly, digest};
use crate::core::lock;
use crate::http::{self, Answer, Request};
use crate::{Verdict, Wire};

pub(crate) async fn serve(shelly: Arc<Shelly>, wire: Wire) {
    http::serve(wire, |request| route(Arc::clone(&shelly), request)).await;
}

async fn route(shelly: Arc<Shelly>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    match (&parts.method, path.as_str()) {
        (&Method::GET, "/shelly") => shelly.say(StatusCode::OK, &shelly.info()),
        (&Method::GET, "/rpc") if http::is_upgrade(&parts) => {
            let core = Arc::clone(&shelly.core);
            http::upgrade(parts, &core, move |socket| converse(shelly, socket)).await
        }
        (&Method::POST, "/rpc") => post(&shelly, &parts, body).await,
        (_, path) => match path.strip_prefix("/rpc/") {
            Some(method) => by_path(&shelly, method, &parts, body).await,
            None => http::bare(StatusCode::NOT_FOUND),
        },
    }
}

/// `POST /rpc`: a whole frame.
async fn post(shelly: &Shelly, parts: &Parts, body: Body) -> Answer {
    let frame = http::body(body).await.and_then(|it| serde_json::from_slice::<Value>(&it).ok());
    let Some(frame) = frame else { return http::bare(StatusCode::BAD_REQUEST) };
    let method = frame["method"].as_str().unwrap_or_default();
    if !shelly.lets_in(method, parts) {
        return shelly.challenge();
    }
    let outcome = shelly.perform(method, &frame["params"], "HTTP_in");
    http::answerable(outcome.verdict).await;
    let mut answer = json!({ "id": frame["id"], "src": shelly.own_id() });
    match outcome.result {
        Ok(result) => answer["result"] = result,
        Err(refusal) => answer["error"] = refusal.json(),
    }
    shelly.say(StatusCode::OK, &answer)
}

/// `GET /rpc/Switch.Set?id=0&on=true`, or `POST` with the parameters as JSON.
async fn by_path(shelly: &Shelly, method: &str, parts: &Parts, body: Body) -> Answer {
    if !shelly.lets_in(method, parts) {
        return shelly.challenge();
    }
    let params = match parts.method {
        Method::GET => Some(query(parts)),
        _ => http::body(body).await.and_then(|it| serde_json::from_slice(&it).ok()),
    };
    let Some(params) = params else { return http::bare(StatusCode::BAD_REQUEST) };
    let outcome = shelly.perform(method, &params, "HTTP_in");
    http::answerable(outcome.verdict).await;
    match outcome.result {
        Ok(result) => shelly.say(StatusCode::OK, &result),
        Err(refusal) if refusal.code == 404 => shelly.say(StatusCode::NOT_FOUND, &refusal.json()),
        Err(refusal) => shelly.say(StatusCode::INTERNAL_SERVER_ERROR, &refusal.json()),
    }
}

/// The query as parameters: what reads as JSON is that, all else is text.
fn query(parts: &Parts) -> Value {
    let fields = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri);
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let value = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
    Value::Object(fields.into_iter().map(|(key, text)| (key, value(text))).collect::<Map<_, _>>())
}

impl Shelly {
    fn say(&self, status: StatusCode, value: &Value) -> Answer {
        http::json(status, value, self.core.ailments())
    }

    /// Whether the method needs no password, or the request proves it.
    fn lets_in(&self, method: &str, parts: &Parts) -> bool {
        if self.is_open(method) {
            return true;
        }
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
        let uri = parts.uri.path_and_query().map_or("/", |it| it.as_str());
        let request = (parts.method.as_str(), uri);
        self.proves(|password| {
            let realm = self.own_id();
            header.is_some_and(|it| lock(&self.gate).admits_header(it, request, &realm, password))
        })
    }

    /// Asking who it is needs no password, ever.
    fn is_open(&self, method: &str) -> bool {
        !self.wants_password() || method.eq_ignore_ascii_case("Shelly.GetDeviceInfo")
    }

    fn proves(&self, proof: impl FnOnce(&str) -> bool) -> bool {
        let password = self.core.secret().filter(|_| !self.core.ailments().refuse_auth);
        password.is_some_and(|password| proof(password.expose()))
    }

    fn challenge(&self) -> Answer {
        let nonce = lock(&self.gate).challenge(self.core.seed());
        let mut answer = http::bare(StatusCode::UNAUTHORIZED);
        if let Ok(value) = HeaderValue::try_from(digest::header(nonce, &self.own_id())) {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        answer
    }

    /// The answer to a frame; `None` when there is nothing to say.
    fn reply(&self, frame: &Value) -> (Option<Value>, Verdict) {
        let Some(method) = frame["method"].as_str() else { return (None, Verdict::Obey) };
        let mut answer = json!({ "id": frame["id"], "src": self.own_id() });
        if !frame["src"].is_null() {
            answer["dst"] = frame["src"].clone();
        }
        let let_in = self.is_open(method)
            || self.proves(|password| {
                lock(&self.gate).admits_frame(&frame["auth"], &self.own_id(), password)
            });
        if !let_in {
            let nonce = lock(&self.gate).challenge(self.core.seed());
            answer["error"] = digest::frame(nonce, &self.own_id());
            return (Some(answer), Verdict::Obey);
        }
        let outcome = self.perform(method, &frame["params"], "WS_in");
        match outcome.result {
            Ok(result) => answer["result"] = result,
            Err(refusal) => answer["error"] = refusal.json(),
        }
        (Some(answer), outcome.verdict)
    }

    fn notification(&self, push: &Push, client: &Value) -> Value {
        json!({
            "src": self.own_id(), "dst": client, "method": push.method, "params": push.params,
        })
    }
}

/// Talks on a WebSocket until it ends. Pushes begin when the client has said who it is and, where
/// a password is wanted, proven it.
async fn converse(shelly: Arc<Shelly>, mut socket: WebSocket) {
    let mut pushes = shelly.pushes.subscribe();
    let mut client = None;
    loop {
        let text = tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => hear(&shelly, &text, &mut client),
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => None,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
            push = pushes.recv() => match (push, &client) {
                (Ok(push), Some(client)) => Some(shelly.notification(&push, client).to_string()),
                (Ok(_), None) | (Err(RecvError::Lagged(_)), _) => None,
                (Err(RecvError::Closed), _) => return,
            },
        };
        let Some(text) = text else { continue };
        if socket.send(http::message(text, shelly.core.ailments())).await.is_err() {
            return;
        }
    }
}

/// What to say to a text frame, if anything.
fn hear(shelly: &Shelly, text: &str, client: &mut Option<Value>) -> Option<String> {
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        let error = json!({ "code": 400, "message": "Bad request" });
        return Some(json!({ "id": null, "src": shelly.own_id(), "error": error }).to_string());
    };
    let (answer, verdict) = shelly.reply(&frame);
    let refused = answer.as_ref().is_some_and(|answer| answer["error"]["code"] == 401);
    let shy = shelly.wants_password() && frame["auth"].is_null();
    if client.is_none() && !refused && !shy && !frame["src"].is_null() {
        *client = Some(frame["src"].clone());
    }
    answer.filter(|_| verdict.answers()).map(|answer| answer.to_string())
}

//! HTTP/1.1 on a [`Wire`], and what goes wrong in bodies. Knows no device family.

use std::convert::Infallible;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use futures_util::stream;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;

use crate::fault::HUGE;
use crate::{Ailments, Core, Verdict, Wire};

/// Bytes of a request body that are read at most; no device takes more.
const BODY: usize = 64 * 1024;
/// Bytes of the message of a device that never stops talking, on a WebSocket: a frame is built
/// whole before it is sent, so this is less than [`HUGE`], and far above what anyone accepts.
const HUGE_MESSAGE: usize = 16 * 1024 * 1024;
/// Not JSON, though it starts like it.
const NONSENSE: &str = "{\"id\":1,\"src\":\"\u{FFFD}\",\"result\":{\"output\":tru";

static CHUNK: LazyLock<Bytes> = LazyLock::new(|| vec![b' '; 64 * 1024].into());

pub(crate) type Request = axum::http::Request<Body>;
pub(crate) type Answer = Response<Body>;

/// Answers every request on this connection by `answer`, until it ends.
pub(crate) async fn serve<Answering, Answered>(wire: Wire, answer: Answering)
where
    Answering: Fn(Request) -> Answered,
    Answered: Future<Output = Answer> + Send + 'static,
{
    let service = service_fn(|request: axum::http::Request<hyper::body::Incoming>| {
        let answered = answer(request.map(Body::new));
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let connection = http1::Builder::new()
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(wire), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection broke");
    }
}

/// The whole body, when it is not too long for a small device.
pub(crate) async fn body(body: Body) -> Option<Bytes> {
    axum::body::to_bytes(body, BODY).await.ok()
}

/// A JSON answer, spoilt as the device's faults want it.
pub(crate) fn json(status: StatusCode, value: &Value, ailments: Ailments) -> Answer {
    let body = if ailments.huge {
        endless()
    } else if ailments.garbage_messages {
        NONSENSE.into()
    } else {
        value.to_string().into()
    };
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

/// An answer with nothing in it but the status.
pub(crate) fn bare(status: StatusCode) -> Answer {
    (status, status.canonical_reason().unwrap_or_default()).into_response()
}

fn endless() -> Body {
    let chunks = HUGE / CHUNK.len() as u64;
    Body::from_stream(stream::iter((0..chunks).map(|_| Ok::<_, Infallible>(CHUNK.clone()))))
}

/// A text for a WebSocket, spoilt as the device's faults want it.
pub(crate) fn message(text: String, ailments: Ailments) -> Message {
    if ailments.huge {
        Message::Text(Utf8Bytes::from(" ".repeat(HUGE_MESSAGE)))
    } else if ailments.garbage_messages {
        Message::Text(Utf8Bytes::from_static(NONSENSE))
    } else {
        Message::Text(text.into())
    }
}

/// Whether the request wants to become a WebSocket.
pub(crate) fn is_upgrade(parts: &Parts) -> bool {
    parts.headers.get(header::UPGRADE).is_some_and(|it| it.as_bytes() == b"websocket")
}

/// Makes a WebSocket of the request. `converse` is dropped when the device loses power.
pub(crate) async fn upgrade<Talk>(
    mut parts: Parts,
    core: &Core,
    converse: impl FnOnce(WebSocket) -> Talk + Send + 'static,
) -> Answer
where
    Talk: Future<Output = ()> + Send + 'static,
{
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let power = core.power();
    upgrade
        // A thousand sockets with the usual 128 kB each would be a machine full.
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_message_size(BODY)
        .max_frame_size(BODY)
        .on_upgrade(async move |socket| {
            power.run_until_cancelled(converse(socket)).await;
        })
}

/// Waits for ever, when the verdict on a command is not to answer it.
pub(crate) async fn answerable(verdict: Verdict) {
    if !verdict.answers() {
        std::future::pending::<()>().await;
    }
}

//! One HTTP exchange on a connection of its own: no redirects, no proxies, no cookies, nothing
//! kept. Reads at most [`MAX_MESSAGE`] bytes and lets go at the first that is too many.

use std::pin::pin;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::{Method, Request, Response, header};
use hyper_util::rt::TokioIo;
use model::{Address, Cause};
use tokio::time::timeout;

use crate::net::{MAX_MESSAGE, Patience, authority, connect};

/// The most bytes of a response's head.
const MAX_HEAD: usize = 16 << 10;

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body of a 200.
    pub(crate) fn content(self) -> Result<Vec<u8>, Cause> {
        match self.status {
            200 => Ok(self.body),
            status => Err(Cause::Garbage(format!("it answers with HTTP status {status}"))),
        }
    }
}

/// `GET`s a path.
pub(crate) async fn get(
    address: &Address,
    path: &str,
    patience: Patience,
) -> Result<Answer, Cause> {
    exchange(address, Method::GET, path, Bytes::new(), patience).await
}

/// `POST`s JSON to a path.
pub(crate) async fn post(
    address: &Address,
    path: &str,
    json: String,
    patience: Patience,
) -> Result<Answer, Cause> {
    exchange(address, Method::POST, path, json.into(), patience).await
}

async fn exchange(
    address: &Address,
    method: Method,
    path: &str,
    body: Bytes,
    patience: Patience,
) -> Result<Answer, Cause> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, authority(address))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONNECTION, "close")
        .body(Full::new(body))
        .map_err(garbage)?;
    let stream = connect(address, patience).await?;
    let exchange = Box::pin(perform(TokioIo::new(stream), request));
    timeout(patience.exchange, exchange).await.unwrap_or(Err(Cause::NoAnswer))
}

async fn perform(
    stream: TokioIo<tokio::net::TcpStream>,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Cause> {
    let mut builder = http1::Builder::new();
    let handshake = builder.max_buf_size(MAX_HEAD).handshake(stream);
    let (mut sender, connection) = handshake.await.map_err(cause)?;
    let mut connection = pin!(connection);
    let mut exchange = pin!(async {
        let response = sender.send_request(request).await.map_err(cause)?;
        read(response).await
    });
    tokio::select! {
        biased;
        answer = &mut exchange => answer,
        // The connection may end before all that it brought has been read.
        _ = &mut connection => exchange.await,
    }
}

async fn read(response: Response<Incoming>) -> Result<Answer, Cause> {
    let status = response.status().as_u16();
    let mut incoming = response.into_body();
    if incoming.size_hint().lower() > MAX_MESSAGE as u64 {
        return Err(too_long());
    }
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(cause)?.into_data() else { continue };
        if body.len() + data.len() > MAX_MESSAGE {
            return Err(too_long());
        }
        body.extend_from_slice(&data);
    }
    Ok(Answer { status, body })
}

/// What is read and is no HTTP is garbage; what is not read is no answer.
fn cause(error: hyper::Error) -> Cause {
    if error.is_parse() || error.is_parse_too_large() { garbage(error) } else { Cause::NoAnswer }
}

fn garbage(error: impl std::fmt::Display) -> Cause {
    Cause::Garbage(format!("it does not speak HTTP as it should: {error}"))
}

fn too_long() -> Cause {
    Cause::Garbage("it answers with more than 1 MiB".to_owned())
}

//! The WLED driver.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{get, post};
use model::{Action, Cause, Family, Progress, Report, Source, Value};
use serde_json::{Value as Json, json};

use crate::Order;

use super::hub::{Driven, drive, long, short};
use super::scripted::{Device, Reply, nowhere, pour, serve, websocket};

const DEVICE: &str = "wled-aabbccddeeff";

pub(super) fn page(on: bool, websockets: i32) -> Json {
    json!({
        "state": { "on": on, "bri": 255, "seg": [{ "id": 0, "on": true, "col": [[255, 0, 0]] }] },
        "info": {
            "mac": "aabbccddeeff", "name": "Shelf", "ver": "0.15.4", "ws": websockets,
            "leds": { "lc": 1, "seglc": [1] },
        },
    })
}

fn driven(device: &Device) -> Driven {
    drive(Family::Wled, DEVICE, device.address.clone(), None, long())
}

fn is_on(report: &Report) -> Option<(Source, bool)> {
    let Report::Values(source, values) = report else { return None };
    let on = values.iter().find_map(|(_, value)| match value {
        Value::OnOff(on) => Some(*on),
        _ => None,
    });
    on.map(|on| (*source, on))
}

pub(super) fn lamp_router() -> Router {
    let script = |frame: &Json| Reply::Frames(vec![page(frame["on"] != false, 1)]);
    let json = get(|| async { page(true, 1).to_string() });
    websocket("/ws", Some(page(true, 1)), Arc::new(script)).route("/json", json)
}

#[tokio::test]
async fn a_lamp_is_introduced_switched_and_asked_again() {
    let device = serve(lamp_router()).await;
    let mut hub = driven(&device);
    assert_eq!(is_on(&hub.introduced().await), Some((Source::Polled, true)));
    assert_eq!(is_on(&hub.next().await), Some((Source::Pushed, true)), "the greeting");
    hub.ask("c1", "wled-aabbccddeeff/segment-0", Action::SetOnOff(false)).await;
    assert_eq!(hub.progress("c1").await, Progress::Sent);
    assert_eq!(hub.progress("c1").await, Progress::Acknowledged);
    assert_eq!(is_on(&hub.next().await), Some((Source::Pushed, false)));
    hub.orders.send(Order::Refresh).await.unwrap();
    assert_eq!(is_on(&hub.next().await), Some((Source::Polled, true)));
    hub.stop.cancel();
    assert_eq!(hub.end().await.1, []);
}

/// A lamp without a WebSocket, and what was asked of it.
fn polled_router(websockets: i32) -> (Router, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let on = Arc::new(AtomicBool::new(true));
    let (log, switch) = (Arc::clone(&asked), Arc::clone(&on));
    let set = move |body: String| {
        log.lock().unwrap().push(body);
        switch.store(false, Ordering::Relaxed);
        async { json!({ "on": false }).to_string() }
    };
    let state = move || {
        let on = on.load(Ordering::Relaxed);
        async move { page(on, -1).to_string() }
    };
    let whole = move || async move { page(true, websockets).to_string() };
    let router = Router::new()
        .route("/json", get(whole))
        .route("/json/si", get(state))
        .route("/json/state", post(set));
    (router, asked)
}

#[tokio::test]
async fn a_lamp_without_a_websocket_is_polled() {
    // Says so itself, or refuses the WebSocket.
    for websockets in [-1, 0] {
        let (router, asked) = polled_router(websockets);
        let device = serve(router).await;
        let mut hub = drive(Family::Wled, DEVICE, device.address.clone(), None, short());
        hub.introduced().await;
        assert_eq!(is_on(&hub.next().await), Some((Source::Polled, true)));
        hub.ask("c1", "wled-aabbccddeeff/segment-0", Action::SetOnOff(false)).await;
        assert_eq!(hub.progress("c1").await, Progress::Sent);
        assert_eq!(hub.progress("c1").await, Progress::Acknowledged);
        assert_eq!(is_on(&hub.next().await), Some((Source::Polled, false)));
        assert_eq!(*asked.lock().unwrap(), [r#"{"on":false,"v":true}"#]);
        drop(device);
        assert_eq!(hub.end().await.0, Cause::NoAnswer);
    }
}

#[tokio::test]
async fn somebody_else_is_never_introduced() {
    let device = serve(lamp_router()).await;
    let hub = drive(Family::Wled, "wled-112233445566", device.address.clone(), None, long());
    let found = DEVICE.parse().unwrap();
    assert_eq!(hub.end().await, (Cause::WrongIdentity { found }, vec![]));
}

#[tokio::test]
async fn a_hundred_megabytes_cost_one() {
    let chunk = [b"3e8\r\n".to_vec(), vec![b' '; 1_000], b"\r\n".to_vec()].concat();
    for (head, more) in [
        (&b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"[..], chunk),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", vec![b' '; 1_000]),
        (b"HTTP/1.1 200 OK\r\nX: ", vec![b'x'; 1_000]),
        (b"HTTP/1.1 200 OK\r\n\r\n", vec![b' '; 1_000]),
    ] {
        let (device, count) = pour(head.to_vec(), more).await;
        let (cause, heard) = driven(&device).end().await;
        assert!(matches!(cause, Cause::Garbage(_)), "{cause:?}");
        assert_eq!(heard, []);
        assert!(count.load(Ordering::Relaxed) < 16 << 20, "the rest stays where it is");
    }
}

#[tokio::test]
async fn nobody_is_no_answer_and_nonsense_is_garbage() {
    let hub = drive(Family::Wled, DEVICE, nowhere().await, None, short());
    assert_eq!(hub.end().await, (Cause::NoAnswer, vec![]));
    let moved = Router::new().route("/json", get(|| async { Redirect::to("http://10.9.9.9/") }));
    let broken = Router::new().route("/json", get(|| async { StatusCode::SERVICE_UNAVAILABLE }));
    let page = Router::new().route("/json", get(|| async { "<html>hello</html>" }));
    for router in [moved, broken, page] {
        let device = serve(router).await;
        let (cause, heard) = driven(&device).end().await;
        assert!(matches!(cause, Cause::Garbage(_)), "{cause:?}");
        assert_eq!(heard, []);
    }
}

#[tokio::test]
async fn a_lamp_that_never_finishes_its_answer_is_no_answer() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".to_vec();
    let (device, _) = pour(head, Vec::new()).await;
    assert_eq!(driven(&device).end().await, (Cause::NoAnswer, vec![]));
}

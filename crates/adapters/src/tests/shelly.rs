//! The Shelly driver.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use model::{Action, Cause, FailReason, Family, Progress, Report, Source, Value};
use serde_json::{Value as Json, json};

use crate::Order;
use crate::net::Patience;

use super::hub::{Driven, drive, long, short};
use super::scripted::{Device, Reply, nowhere, pour, serve, silent, websocket};

const DEVICE: &str = "shelly-aabbccddeeff";

pub(super) fn info(wants_password: bool) -> Json {
    json!({
        "name": "Kettle", "mac": "AABBCCDDEEFF", "gen": 2, "ver": "1.4.2", "app": "PlusPlugS",
        "auth_en": wants_password,
    })
}

fn challenge(nonce: u32) -> Json {
    let message = json!({
        "auth_type": "digest", "nonce": nonce, "nc": 1, "realm": DEVICE, "algorithm": "SHA-256",
    });
    json!({ "code": 401, "message": message.to_string() })
}

fn result_of(frame: &Json) -> Json {
    match frame["method"].as_str().unwrap() {
        "Shelly.GetDeviceInfo" => info(false),
        "Shelly.GetConfig" => json!({ "switch:0": { "id": 0 } }),
        "Shelly.GetStatus" => json!({ "switch:0": { "id": 0, "output": false } }),
        "Switch.GetStatus" => json!({ "id": 0, "output": true }),
        _ => json!({ "was_on": false }),
    }
}

/// A frame that answers another.
fn answer(frame: &Json, key: &str, value: Json) -> Json {
    json!({ "id": frame["id"], "src": DEVICE, key: value })
}

fn pushed(output: bool) -> Json {
    let params = json!({ "ts": 1.0, "switch:0": { "output": output } });
    json!({ "src": DEVICE, "method": "NotifyStatus", "params": params })
}

/// A plug that does as it is told, but for the methods that `odd` has its own answer to.
async fn plug(odd: impl Fn(&Json) -> Option<Reply> + Send + Sync + 'static) -> Device {
    serve(plug_router(false, odd)).await
}

pub(super) fn plug_router(
    wants_password: bool,
    odd: impl Fn(&Json) -> Option<Reply> + Send + Sync + 'static,
) -> Router {
    let script = move |frame: &Json| {
        if let Some(reply) = odd(frame) {
            return reply;
        }
        let mut frames = vec![answer(frame, "result", result_of(frame))];
        if frame["method"] == "Switch.Set" {
            frames.push(pushed(frame["params"]["on"].as_bool().unwrap()));
        }
        Reply::Frames(frames)
    };
    let page = get(move || async move { info(wants_password).to_string() });
    websocket("/rpc", None, Arc::new(script)).route("/shelly", page)
}

fn driven(device: &Device) -> Driven {
    drive(Family::Shelly, DEVICE, device.address.clone(), None, long())
}

#[tokio::test]
async fn a_plug_is_introduced_switched_and_asked_again() {
    let device = plug(|_| None).await;
    let mut hub = driven(&device);
    let off = vec![("switch-0".parse().unwrap(), Value::OnOff(false))];
    assert_eq!(hub.introduced().await, Report::Values(Source::Polled, off.clone()));
    hub.ask("c1", "shelly-aabbccddeeff/switch-0", Action::SetOnOff(true)).await;
    assert_eq!(hub.progress("c1").await, Progress::Sent);
    assert_eq!(hub.progress("c1").await, Progress::Acknowledged);
    let on = vec![("switch-0".parse().unwrap(), Value::OnOff(true))];
    assert_eq!(hub.next().await, Report::Values(Source::Pushed, on.clone()));
    assert_eq!(hub.next().await, Report::Values(Source::Polled, on));
    hub.orders.send(Order::Refresh).await.unwrap();
    assert_eq!(hub.next().await, Report::Values(Source::Polled, off));
    hub.stop.cancel();
    let (_, heard) = hub.end().await;
    assert_eq!(heard, [], "a driver that is stopped says nothing more");
}

#[tokio::test]
async fn somebody_else_is_never_introduced() {
    let device = plug(|frame| {
        let mut other = info(false);
        other["mac"] = json!("112233445566");
        (frame["method"] == "Shelly.GetDeviceInfo")
            .then(|| Reply::Frames(vec![answer(frame, "result", other)]))
    })
    .await;
    let found = "shelly-112233445566".parse().unwrap();
    assert_eq!(driven(&device).end().await, (Cause::WrongIdentity { found }, vec![]));
}

/// A plug with a password.
async fn locked(right: &'static str) -> Device {
    serve(plug_router(true, move |frame| {
        if frame["method"] == "Shelly.GetDeviceInfo" {
            return Some(Reply::Frames(vec![answer(frame, "result", info(true))]));
        }
        let Some(auth) = frame["auth"].as_object() else {
            return Some(Reply::Frames(vec![answer(frame, "error", challenge(5))]));
        };
        let expected = response(right, auth["nc"].as_u64()?, auth["cnonce"].as_str()?);
        (auth["response"] != expected.as_str())
            .then(|| Reply::Frames(vec![answer(frame, "error", challenge(6))]))
    }))
    .await
}

/// The digest as the specification has it, computed anew.
fn response(password: &str, count: u64, client_nonce: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let hash = |text: String| {
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let first = hash(format!("admin:{DEVICE}:{password}"));
    let second = hash("dummy_method:dummy_uri".to_owned());
    hash(format!("{first}:5:{count}:{client_nonce}:auth:{second}"))
}

#[tokio::test]
async fn passwords_are_missing_wrong_or_right() {
    for (secret, expected) in [(None, Cause::NeedsSecret), (Some("guess"), Cause::WrongSecret)] {
        let device = locked("right").await;
        let hub = drive(Family::Shelly, DEVICE, device.address.clone(), secret, long());
        assert_eq!(hub.end().await, (expected, vec![]));
    }
    let device = locked("right").await;
    let mut hub = drive(Family::Shelly, DEVICE, device.address.clone(), Some("right"), long());
    hub.introduced().await;
    hub.ask("c1", "shelly-aabbccddeeff/switch-0", Action::SetOnOff(true)).await;
    assert_eq!(hub.progress("c1").await, Progress::Sent);
    assert_eq!(hub.progress("c1").await, Progress::Acknowledged);
}

#[tokio::test]
async fn a_device_that_goes_in_the_middle_of_a_command_takes_it_along() {
    let device = plug(|frame| (frame["method"] == "Switch.Set").then_some(Reply::Hang)).await;
    let mut hub = driven(&device);
    hub.introduced().await;
    hub.ask("c1", "shelly-aabbccddeeff/switch-0", Action::SetOnOff(true)).await;
    assert_eq!(hub.progress("c1").await, Progress::Sent);
    assert_eq!(hub.progress("c1").await, Progress::Failed(FailReason::ConnectionLost));
    assert_eq!(hub.end().await, (Cause::NoAnswer, vec![]));
}

#[tokio::test]
async fn garbage_on_the_websocket_ends_it_in_words() {
    let device = plug(|frame| {
        (frame["method"] == "Switch.Set").then(|| Reply::Raw("<html>oops".to_owned()))
    })
    .await;
    let mut hub = driven(&device);
    hub.introduced().await;
    hub.ask("c1", "shelly-aabbccddeeff/switch-0", Action::SetOnOff(true)).await;
    let (cause, heard) = hub.end().await;
    assert!(matches!(cause, Cause::Garbage(_)), "{cause:?}");
    let lost = Progress::Failed(FailReason::ConnectionLost);
    assert_eq!(heard.last(), Some(&Report::Progress("c1".parse().unwrap(), lost)));
}

#[tokio::test]
async fn nobody_and_nobody_who_talks_are_no_answer() {
    let hub = drive(Family::Shelly, DEVICE, nowhere().await, None, short());
    assert_eq!(hub.end().await, (Cause::NoAnswer, vec![]));
    let mute = silent().await;
    let patience = Patience { connect: Duration::from_millis(100), ..short() };
    let hub = drive(Family::Shelly, DEVICE, mute.address.clone(), None, patience);
    assert_eq!(hub.end().await, (Cause::NoAnswer, vec![]));
    let frozen = plug(|_| Some(Reply::Freeze)).await;
    let patience = Patience { opening_beats: 3, ..short() };
    let hub = drive(Family::Shelly, DEVICE, frozen.address.clone(), None, patience);
    assert_eq!(hub.end().await, (Cause::NoAnswer, vec![]));
}

#[tokio::test]
async fn a_device_that_falls_silent_is_asked_and_then_lost() {
    let device = plug(|frame| (frame["method"] == "Switch.Set").then_some(Reply::Freeze)).await;
    let mut hub = drive(Family::Shelly, DEVICE, device.address.clone(), None, short());
    hub.introduced().await;
    hub.ask("c1", "shelly-aabbccddeeff/switch-0", Action::SetOnOff(true)).await;
    let (cause, heard) = hub.end().await;
    assert_eq!(cause, Cause::NoAnswer);
    let lost = Progress::Failed(FailReason::ConnectionLost);
    assert_eq!(heard.last(), Some(&Report::Progress("c1".parse().unwrap(), lost)));
}

#[tokio::test]
async fn a_quiet_device_that_answers_pings_is_kept() {
    let device = plug(|_| None).await;
    let patience = Patience { grace_beats: 25, ..short() };
    let mut hub = drive(Family::Shelly, DEVICE, device.address.clone(), None, patience);
    hub.introduced().await;
    // Longer than it takes to lose a silent one; the machine may be busy.
    tokio::time::sleep(patience.beat * 40).await;
    hub.ask("c1", "shelly-aabbccddeeff/switch-0", Action::SetOnOff(true)).await;
    assert_eq!(hub.progress("c1").await, Progress::Sent);
    assert_eq!(hub.progress("c1").await, Progress::Acknowledged);
}

#[tokio::test]
async fn a_hundred_megabytes_cost_one() {
    let mut head = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\
        Upgrade: websocket\r\nSec-WebSocket-Accept: KEY\r\n\r\n\x01\x0a"
        .to_vec();
    head.extend_from_slice(b"[111111111");
    // Frames of 1000 bytes, continued for ever.
    let mut more = b"\x00\x7e\x03\xe8".to_vec();
    more.extend_from_slice(&[b'1'; 1_000]);
    let (device, count) = pour(head, more).await;
    let (cause, heard) = driven(&device).end().await;
    assert!(matches!(cause, Cause::Garbage(_)), "{cause:?}");
    assert_eq!(heard, []);
    assert!(count.load(Ordering::Relaxed) < 16 << 20, "the rest stays where it is");
}

#[tokio::test]
async fn what_is_no_websocket_is_garbage() {
    for bytes in [&b"\x00\xff\x17 nonsense \r\n\r\n"[..], b"HTTP/1.1 404 Not Found\r\n\r\n"] {
        let (device, _) = pour(bytes.to_vec(), Vec::new()).await;
        let (cause, heard) = driven(&device).end().await;
        assert!(matches!(cause, Cause::Garbage(_)), "{cause:?}");
        assert_eq!(heard, []);
    }
}

//! Asking who is there.

use axum::Router;
use axum::routing::get;
use model::{Address, Family, ProbeFailure, Probed};
use serde_json::json;

use crate::probe;

use super::scripted::{nowhere, pour, serve};
use super::{shelly, wled};

async fn ask(address: &Address, family: Option<Family>) -> Result<Probed, ProbeFailure> {
    probe(address, family, None).await
}

#[tokio::test]
async fn devices_are_recognised_whether_or_not_their_family_is_known() {
    let plug = serve(shelly::plug_router(false, |_| None)).await;
    let lamp = serve(wled::lamp_router()).await;
    for (device, id, family) in
        [(&plug, "shelly-aabbccddeeff", Family::Shelly), (&lamp, "wled-aabbccddeeff", Family::Wled)]
    {
        for known in [Some(family), None] {
            let probed = ask(&device.address, known).await.unwrap();
            assert_eq!((probed.device.as_str(), probed.family), (id, family));
            assert_eq!(
                (probed.address, probed.description.endpoints.len()),
                (device.address.clone(), 1)
            );
        }
    }
}

#[tokio::test]
async fn a_device_with_a_password_says_so() {
    let locked = serve(shelly::plug_router(true, |frame| {
        (frame["method"] == "Shelly.GetDeviceInfo").then(|| {
            let answer = json!({ "id": frame["id"], "result": shelly::info(true) });
            super::scripted::Reply::Frames(vec![answer])
        })
    }))
    .await;
    assert_eq!(ask(&locked.address, None).await, Err(ProbeFailure::NeedsSecret));
}

#[tokio::test]
async fn others_are_told_apart_from_nobody() {
    assert_eq!(ask(&nowhere().await, None).await, Err(ProbeFailure::NoAnswer));
    let page = serve(Router::new().route("/", get(|| async { "hello" }))).await;
    let noise = pour(b"\x00\x01\x02 nonsense\r\n\r\n".to_vec(), Vec::new()).await.0;
    for address in [&page.address, &noise.address] {
        let failure = ask(address, None).await.unwrap_err();
        assert!(matches!(failure, ProbeFailure::NotADevice(_)), "{failure:?}");
    }
}

#[tokio::test]
async fn a_shelly_that_is_too_old_is_called_that() {
    let old = json!({ "type": "SHPLG-S", "mac": "AABBCCDDEEFF", "auth": false }).to_string();
    let old = serve(Router::new().route("/shelly", get(|| async { old }))).await;
    let Err(ProbeFailure::NotADevice(words)) = ask(&old.address, None).await else {
        panic!("it is not one of ours")
    };
    assert!(words.contains("first generation"), "{words}");
}

//! The control port.

use serde_json::{Value, json};

use crate::{device, home, post};

#[tokio::test]
async fn tests_in_other_languages_reach_everything() {
    let home = home().await;
    let control = home.control("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let base = format!("http://{}/devices", control.address);
    let all: Value = reqwest::get(&base).await.unwrap().json().await.unwrap();
    assert_eq!(all.as_array().unwrap().len(), 18);

    let lamp = device(&home, "Reading light");
    let one = format!("{base}/{}", lamp.id());
    let set = json!({ "endpoint": "switch:0", "value": { "OnOff": true } });
    let said = post(format!("{one}/set"), set).await.unwrap();
    assert_eq!(
        (&said["state"]["switch:0"]["output"], &said["executed"]),
        (&json!(true), &json!(0))
    );
    let said = post(format!("{one}/press"), json!({ "endpoint": "input:0" })).await.unwrap();
    assert_eq!(said["state"]["switch:0"]["output"], false);
    let said = post(format!("{one}/fault"), json!({ "fault": "silent" })).await.unwrap();
    assert_eq!(said["ailments"]["silent"], true);
    assert!(lamp.core().ailments().silent);
    home.stop().await;
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let home = home().await;
    let control = home.control("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let base = format!("http://{}/devices", control.address);
    let status = |path: String, body: Value| async move {
        reqwest::Client::new().post(path).json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(format!("{base}/shelly-none/press"), json!({})).await, 404);
    let lamp = device(&home, "Reading light");
    let one = format!("{base}/{}", lamp.id());
    assert_eq!(status(format!("{one}/press"), json!({ "endpoint": "door" })).await, 400);
    assert_eq!(status(format!("{one}/fault"), json!({ "fault": "sulk" })).await, 422);
    home.stop().await;
}

//! Shelly devices over HTTP and WebSocket.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use simhome::PASSWORD;

use crate::{call, connect, device, get, hear, home, say, url};

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[tokio::test]
async fn a_device_says_who_it_is() {
    let home = home().await;
    let plug = device(&home, "Coffee machine");
    let info = get(&plug, "/shelly").await;
    let mac = info["mac"].as_str().unwrap();
    assert_eq!(plug.id().as_str(), format!("shelly-{}", mac.to_lowercase()));
    assert_eq!(info["id"], format!("shellyplusplugs-{}", mac.to_lowercase()));
    assert_eq!((&info["gen"], &info["auth_en"]), (&json!(2), &json!(false)));
    assert_eq!(get(&plug, "/rpc/Shelly.GetDeviceInfo").await, info);
    let status = get(&plug, "/rpc/Shelly.GetStatus").await;
    assert_eq!(status["sys"]["mac"], mac);
    assert!(status["switch:0"]["apower"].as_f64().unwrap() > 1000.0);
    home.stop().await;
}

#[tokio::test]
async fn a_switch_switches_by_every_way_in() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let answer = call(&lamp, "Switch.Set", json!({ "id": 0, "on": true })).await.unwrap();
    assert_eq!(answer["result"], json!({ "was_on": false }));
    assert_eq!(get(&lamp, "/rpc/Switch.Set?id=0&on=false").await, json!({ "was_on": true }));
    let mut socket = connect(&lamp, "/rpc").await;
    say(
        &mut socket,
        json!({ "id": 7, "src": "me", "method": "Switch.Toggle", "params": { "id": 0 } }),
    )
    .await;
    let answer = hear(&mut socket, |it| it["id"] == 7).await;
    assert_eq!((&answer["dst"], &answer["result"]["was_on"]), (&json!("me"), &json!(false)));
    assert_eq!(lamp.state()["switch:0"]["output"], true);
    assert_eq!(lamp.executed(), 3);
    assert!(lamp.deeds()[0].starts_with("Switch.Set"), "{:?}", lamp.deeds());
    home.stop().await;
}

#[tokio::test]
async fn what_changes_is_pushed_to_who_has_spoken() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let mut socket = connect(&lamp, "/rpc").await;
    say(&mut socket, json!({ "id": 1, "src": "me", "method": "Shelly.GetStatus" })).await;
    hear(&mut socket, |it| it["id"] == 1).await;
    call(&lamp, "Switch.Set", json!({ "id": 0, "on": true })).await.unwrap();
    let push = hear(&mut socket, |it| it["method"] == "NotifyStatus").await;
    assert_eq!((&push["dst"], &push["params"]["switch:0"]["output"]), (&json!("me"), &json!(true)));
    // Readings drift and are told, with nobody doing anything.
    let drift = hear(&mut socket, |it| it["method"] == "NotifyStatus").await;
    assert!(drift["params"]["switch:0"]["aenergy"]["total"].is_number());
    home.stop().await;
}

#[tokio::test]
async fn a_cover_moves_tells_and_stops() {
    let home = home().await;
    let blinds = device(&home, "Blinds");
    let mut socket = connect(&blinds, "/rpc").await;
    let go = json!({ "id": 2, "src": "me", "method": "Cover.GoToPosition", "params": { "id": 0, "pos": 90 } });
    say(&mut socket, go).await;
    hear(&mut socket, |it| it["params"]["cover:0"]["state"] == "closing").await;
    let end = hear(&mut socket, |it| it["params"]["cover:0"]["state"] == "stopped").await;
    assert_eq!(end["params"]["cover:0"]["current_pos"], 90);
    call(&blinds, "Cover.Close", json!({ "id": 0 })).await.unwrap();
    call(&blinds, "Cover.Stop", json!({ "id": 0 })).await.unwrap();
    assert_eq!(blinds.state()["cover:0"]["state"], "stopped");
    home.stop().await;
}

#[tokio::test]
async fn a_light_dims() {
    let home = home().await;
    let light = device(&home, "Ceiling light");
    call(&light, "Light.Set", json!({ "id": 0, "brightness": 25 })).await.unwrap();
    assert_eq!(light.state()["light:0"]["brightness"], 25);
    let refused = call(&light, "Light.Set", json!({ "id": 0, "brightness": 300 })).await.unwrap();
    assert_eq!(refused["error"]["code"], -103);
    assert_eq!(light.executed(), 1);
    home.stop().await;
}

#[tokio::test]
async fn a_press_is_told_as_events() {
    let home = home().await;
    let light = device(&home, "Ceiling light");
    let mut socket = connect(&light, "/rpc").await;
    say(&mut socket, json!({ "id": 1, "src": "me", "method": "Shelly.GetDeviceInfo" })).await;
    hear(&mut socket, |it| it["id"] == 1).await;
    light.press("input-0").unwrap();
    let is_push = |it: &Value| it["params"]["events"][0]["event"] == "single_push";
    let event = hear(&mut socket, is_push).await;
    assert_eq!(event["params"]["events"][0]["component"], "input:0");
    assert_eq!(light.state()["light:0"]["output"], false);
    assert_eq!(light.executed(), 0);
    light.press("input:7").unwrap_err();
    home.stop().await;
}

#[tokio::test]
async fn what_it_cannot_do_is_refused_and_not_counted() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    for (method, params, code) in [
        ("Switch.Set", json!({ "id": 5, "on": true }), -105),
        ("Switch.Set", json!({ "id": 0 }), -103),
        ("Switch.Explode", json!({ "id": 0 }), 404),
        ("Window.Open", json!({}), 404),
        ("", json!(null), 404),
    ] {
        let answer = call(&lamp, method, params).await.unwrap();
        assert_eq!(answer["error"]["code"], code, "{method} {answer}");
    }
    assert_eq!(lamp.executed(), 0);
    home.stop().await;
}

#[tokio::test]
async fn the_password_is_wanted_on_http_but_not_for_the_identity() {
    let home = home().await;
    let plug = device(&home, "Dishwasher");
    assert_eq!(get(&plug, "/shelly").await["auth_en"], true);
    assert_eq!(get(&plug, "/rpc/Shelly.GetDeviceInfo").await["auth_en"], true);
    let client = reqwest::Client::new();
    let refused = client.get(url(&plug, "/rpc/Shelly.GetStatus")).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let header = refused.headers()["www-authenticate"].to_str().unwrap().to_owned();
    let field = |key: &str| {
        header.split(&format!("{key}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (realm, nonce) = (field("realm"), field("nonce"));
    let answer = |password: &str, nc: &str| {
        let ha1 = sha256(&format!("admin:{realm}:{password}"));
        let ha2 = sha256("GET:/rpc/Shelly.GetStatus");
        let response = sha256(&format!("{ha1}:{nonce}:{nc}:xyz:auth:{ha2}"));
        let proof = format!(
            r#"Digest username="admin", realm="{realm}", nonce="{nonce}", uri="/rpc/Shelly.GetStatus", qop=auth, nc={nc}, cnonce="xyz", response="{response}", algorithm=SHA-256"#
        );
        client.get(url(&plug, "/rpc/Shelly.GetStatus")).header("authorization", proof).send()
    };
    assert_eq!(answer("guess", "00000001").await.unwrap().status(), 401);
    assert_eq!(answer(PASSWORD, "00000001").await.unwrap().status(), 200);
    assert_eq!(answer(PASSWORD, "00000001").await.unwrap().status(), 401, "a replay");
    home.stop().await;
}

#[tokio::test]
async fn the_password_is_wanted_in_frames_and_a_replay_is_not_taken() {
    let home = home().await;
    let plug = device(&home, "Dishwasher");
    let mut socket = connect(&plug, "/rpc").await;
    let set =
        json!({ "id": 3, "src": "me", "method": "Switch.Set", "params": { "id": 0, "on": false } });
    say(&mut socket, set.clone()).await;
    let refused = hear(&mut socket, |it| it["id"] == 3).await;
    assert_eq!(refused["error"]["code"], 401);
    let challenge: Value =
        serde_json::from_str(refused["error"]["message"].as_str().unwrap()).unwrap();
    let (realm, nonce) = (challenge["realm"].as_str().unwrap(), &challenge["nonce"]);
    let ha1 = sha256(&format!("admin:{realm}:{PASSWORD}"));
    let ha2 = sha256("dummy_method:dummy_uri");
    let response = sha256(&format!("{ha1}:{nonce}:1:xyz:auth:{ha2}"));
    let mut proven = set;
    proven["auth"] = json!({
        "realm": realm, "username": "admin", "nonce": nonce, "nc": 1, "cnonce": "xyz",
        "response": response, "algorithm": "SHA-256",
    });
    say(&mut socket, proven.clone()).await;
    let done = hear(&mut socket, |it| it["id"] == 3).await;
    assert_eq!(done["result"]["was_on"], true);
    say(&mut socket, proven).await;
    assert_eq!(hear(&mut socket, |it| it["id"] == 3).await["error"]["code"], 401);
    assert_eq!(plug.executed(), 1);
    home.stop().await;
}

//! WLED devices over HTTP and WebSocket.

use serde_json::json;

use crate::{connect, device, get, hear, home, post, say, url};

#[tokio::test]
async fn it_says_all_that_clients_read() {
    let home = home().await;
    let strip = device(&home, "TV backlight");
    let all = get(&strip, "/json").await;
    assert_eq!(all["info"]["name"], "TV backlight");
    assert_eq!(strip.id().as_str(), format!("wled-{}", all["info"]["mac"].as_str().unwrap()));
    assert_eq!(
        all["effects"].as_array().unwrap().len(),
        get(&strip, "/json/fxdata").await.as_array().unwrap().len()
    );
    assert_eq!(get(&strip, "/json/palettes").await, all["palettes"]);
    assert_eq!(get(&strip, "/json/state").await, all["state"]);
    assert!(get(&strip, "/json/cfg").await["hw"]["led"]["ins"].is_array());
    assert!(get(&strip, "/presets.json").await["1"]["n"].is_string());
    let missing = reqwest::get(url(&strip, "/json/nonsense")).await.unwrap();
    assert_eq!(missing.status(), 404);
    home.stop().await;
}

#[tokio::test]
async fn a_change_by_http_is_pushed_to_the_websocket() {
    let home = home().await;
    let strip = device(&home, "TV backlight");
    let mut socket = connect(&strip, "/ws").await;
    let first = hear(&mut socket, |it| it["state"].is_object()).await;
    assert_eq!(first["info"]["ws"], 1);
    let answer = post(url(&strip, "/json/state"), json!({ "on": false })).await.unwrap();
    assert_eq!(answer, json!({ "success": true }));
    hear(&mut socket, |it| it["state"]["on"] == false).await;
    let answer = post(url(&strip, "/json/state"), json!({ "bri": 9, "v": true })).await.unwrap();
    assert_eq!((&answer["bri"], &answer["on"]), (&json!(9), &json!(true)));
    assert_eq!(strip.executed(), 2);
    home.stop().await;
}

#[tokio::test]
async fn a_change_by_websocket_comes_back_on_it() {
    let home = home().await;
    let strip = device(&home, "TV backlight");
    let mut socket = connect(&strip, "/ws").await;
    say(&mut socket, json!({ "seg": [{ "id": 0, "fx": 9, "col": [[1, 2, 3]] }] })).await;
    let pushed = hear(&mut socket, |it| it["state"]["seg"][0]["fx"] == 9).await;
    assert_eq!(pushed["state"]["seg"][0]["col"][0], json!([1, 2, 3]));
    say(&mut socket, json!({ "v": true })).await;
    hear(&mut socket, |it| it["info"]["uptime"].is_number()).await;
    assert_eq!(strip.executed(), 1);
    home.stop().await;
}

#[tokio::test]
async fn one_without_websocket_says_so_and_has_none() {
    let home = home().await;
    let shelf = device(&home, "Shelf light");
    let all = get(&shelf, "/json/si").await;
    assert_eq!(all["info"]["ws"], -1);
    assert_eq!(all["state"]["seg"].as_array().unwrap().len(), 2);
    let url = format!("ws://{}/ws", shelf.address());
    tokio_tungstenite::connect_async(url).await.unwrap_err();
    home.stop().await;
}

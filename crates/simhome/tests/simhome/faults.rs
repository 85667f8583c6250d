//! What goes wrong on demand, and the proof of what was done nevertheless.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::json;
use simhome::{Fault, Handle, Script};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{call, connect, device, eventually, get, hear, home, post, say, url};

/// Long enough to say that nothing comes.
const SILENCE: Duration = Duration::from_millis(400);

async fn is_up(device: &Handle) -> bool {
    reqwest::get(url(device, "/shelly")).await.is_ok()
}

async fn switch_on(device: &Handle) -> Option<serde_json::Value> {
    let call = call(device, "Switch.Set", json!({ "id": 0, "on": true }));
    tokio::time::timeout(SILENCE, call).await.ok()?.ok()
}

#[tokio::test]
async fn a_slow_device_answers_late_and_a_healed_one_at_once() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    lamp.inflict(Fault::Slow { ms: 1500 });
    assert!(tokio::time::timeout(SILENCE, get(&lamp, "/shelly")).await.is_err());
    assert_eq!(get(&lamp, "/shelly").await["gen"], 2);
    lamp.inflict(Fault::Heal);
    assert_eq!(get(&lamp, "/shelly").await["gen"], 2);
    home.stop().await;
}

#[tokio::test]
async fn a_silent_device_accepts_and_says_nothing_even_where_it_had_spoken() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let mut socket = connect(&lamp, "/rpc").await;
    let ask = json!({ "id": 1, "src": "me", "method": "Shelly.GetDeviceInfo" });
    say(&mut socket, ask.clone()).await;
    hear(&mut socket, |it| it["id"] == 1).await;
    lamp.inflict(Fault::Silent);
    say(&mut socket, ask).await;
    assert!(tokio::time::timeout(SILENCE, socket.next()).await.is_err());
    assert!(switch_on(&lamp).await.is_none());
    assert_eq!(lamp.executed(), 0, "what it does not hear it does not do");
    lamp.inflict(Fault::Heal);
    assert!(is_up(&lamp).await);
    home.stop().await;
}

#[tokio::test]
async fn a_reset_comes_in_the_middle_of_an_answer() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    lamp.inflict(Fault::Reset);
    let mut stream = TcpStream::connect(lamp.address()).await.unwrap();
    stream.write_all(b"GET /shelly HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut heard = Vec::new();
    let error = stream.read_to_end(&mut heard).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    home.stop().await;
}

#[tokio::test]
async fn garbage_is_garbage() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    lamp.inflict(Fault::GarbageBytes);
    assert!(!is_up(&lamp).await);
    lamp.inflict(Fault::Heal);
    lamp.inflict(Fault::GarbageMessages);
    let answer = reqwest::get(url(&lamp, "/shelly")).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json::<serde_json::Value>().await.unwrap_err();
    home.stop().await;
}

#[tokio::test]
async fn a_websocket_carries_garbage_and_huge_messages_too() {
    let home = home().await;
    for name in ["Reading light", "TV backlight"] {
        let device = device(&home, name);
        let path = if name == "Reading light" { "/rpc" } else { "/ws" };
        let mut socket = connect(&device, path).await;
        let ask = json!({ "id": 1, "src": "me", "method": "Shelly.GetStatus", "v": true });
        say(&mut socket, ask.clone()).await;
        hear(&mut socket, |it| it.is_object()).await;
        device.inflict(Fault::GarbageMessages);
        say(&mut socket, ask.clone()).await;
        let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
        let search =
            async { while is_json(socket.next().await.unwrap().unwrap().to_text().unwrap()) {} };
        tokio::time::timeout(crate::PATIENCE, search).await.unwrap();
        device.inflict(Fault::Heal);
        device.inflict(Fault::Huge);
        say(&mut socket, ask).await;
        let message = tokio::time::timeout(crate::PATIENCE, socket.next()).await.unwrap();
        assert_eq!(message.unwrap().unwrap().len(), 16 * 1024 * 1024);
    }
    home.stop().await;
}

#[tokio::test]
async fn a_huge_body_is_huge() {
    let home = home().await;
    let strip = device(&home, "TV backlight");
    strip.inflict(Fault::Huge);
    let mut body = reqwest::get(url(&strip, "/json")).await.unwrap().bytes_stream();
    let mut length = 0;
    while let Some(chunk) = body.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, 100 * 1024 * 1024);
    home.stop().await;
}

#[tokio::test]
async fn another_identity_and_a_hostile_name_are_said_until_healed() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let honest = get(&lamp, "/shelly").await;
    lamp.inflict(Fault::WrongIdentity);
    assert_ne!(get(&lamp, "/shelly").await["mac"], honest["mac"]);
    lamp.inflict(Fault::HostileName);
    let name = get(&lamp, "/shelly").await["name"].as_str().unwrap().to_owned();
    assert!(name.contains("<img") && name.contains('\u{202E}') && name.len() > 1000);
    lamp.inflict(Fault::Heal);
    assert_eq!(get(&lamp, "/shelly").await, honest);
    home.stop().await;
}

#[tokio::test]
async fn who_refuses_every_password_does_not_obey() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    lamp.inflict(Fault::RefuseAuth);
    assert_eq!(get(&lamp, "/shelly").await["auth_en"], true);
    let answer = reqwest::get(url(&lamp, "/rpc/Switch.Set?id=0&on=true")).await.unwrap();
    assert_eq!((answer.status().as_u16(), lamp.executed()), (401, 0));
    home.stop().await;
}

#[tokio::test]
async fn a_command_whose_answer_is_dropped_was_done_once() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    lamp.inflict(Fault::DropNextAnswer);
    assert!(switch_on(&lamp).await.is_none());
    assert_eq!((lamp.executed(), &lamp.state()["switch:0"]["output"]), (1, &json!(true)));
    assert!(switch_on(&lamp).await.is_some(), "only the next one is dropped");
    home.stop().await;
}

#[tokio::test]
async fn a_device_can_vanish_in_the_middle_of_a_command_and_come_back() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    lamp.inflict(Fault::VanishAtNextCommand);
    assert!(switch_on(&lamp).await.is_none());
    assert_eq!(lamp.executed(), 1);
    eventually(|| async { !is_up(&lamp).await }).await;
    lamp.inflict(Fault::Plug);
    eventually(|| is_up(&lamp)).await;
    home.stop().await;
}

#[tokio::test]
async fn ignored_commands_are_acknowledged_and_not_done() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let strip = device(&home, "TV backlight");
    lamp.inflict(Fault::IgnoreCommands);
    strip.inflict(Fault::IgnoreCommands);
    assert_eq!(switch_on(&lamp).await.unwrap()["result"]["was_on"], false);
    assert_eq!(lamp.state()["switch:0"]["output"], false);
    post(url(&strip, "/json/state"), json!({ "on": false })).await.unwrap();
    assert_eq!(strip.state()["state"]["on"], true);
    assert_eq!(lamp.executed() + strip.executed(), 0);
    home.stop().await;
}

#[tokio::test]
async fn a_rebooting_device_comes_back_where_it_was_and_its_connections_are_gone() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let address = lamp.address();
    let mut socket = connect(&lamp, "/rpc").await;
    lamp.inflict(Fault::Reboot { ms: 100 });
    let end = tokio::time::timeout(crate::PATIENCE, socket.next()).await.unwrap();
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
    eventually(|| is_up(&lamp)).await;
    assert_eq!(lamp.address(), address);
    home.stop().await;
}

#[tokio::test]
async fn a_device_reboots_when_it_is_told_to() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    call(&lamp, "Shelly.Reboot", json!({ "delay_ms": 500 })).await.unwrap();
    eventually(|| async { !is_up(&lamp).await }).await;
    eventually(|| is_up(&lamp)).await;
    home.stop().await;
}

#[tokio::test]
async fn a_device_moves_to_another_port() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let before = lamp.address();
    lamp.inflict(Fault::Move { announced: false });
    eventually(|| async { lamp.address() != before }).await;
    assert!(is_up(&lamp).await);
    TcpStream::connect(before).await.unwrap_err();
    home.stop().await;
}

#[tokio::test]
async fn unplugged_is_gone_until_plugged() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    lamp.inflict(Fault::Unplug);
    eventually(|| async { !is_up(&lamp).await }).await;
    lamp.inflict(Fault::Plug);
    eventually(|| is_up(&lamp)).await;
    home.stop().await;
}

#[tokio::test]
async fn a_script_does_it_at_its_time() {
    let home = home().await;
    let lamp = device(&home, "Reading light");
    let script = r#"[{"at_ms": 50, "device": "Reading light", "fault": "unplug"},
                     {"at_ms": 600, "device": "*", "fault": "plug"}]"#;
    home.run(Script::parse(script).unwrap()).unwrap();
    eventually(|| async { !is_up(&lamp).await }).await;
    eventually(|| is_up(&lamp)).await;
    let unknown = r#"[{"at_ms": 0, "device": "Spaceship", "fault": "heal"}]"#;
    home.run(Script::parse(unknown).unwrap()).unwrap_err();
    home.stop().await;
}

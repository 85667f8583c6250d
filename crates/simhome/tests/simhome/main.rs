//! Simulated devices, seen from the outside: real sockets, real mDNS on the loopback interface,
//! and clients that others wrote.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that fails says so by a panic, and one that is skipped aloud"
)]

mod binary;
mod control;
mod faults;
mod mdns;
mod peers;
mod shelly;
mod wled;

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use simhome::{Handle, Home, Mdns, Options};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Long enough for a busy machine; nothing here is expected to take it.
const PATIENCE: Duration = Duration::from_secs(20);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The usual home, not announced.
async fn home() -> Home {
    Home::start(Options { mdns: Mdns::Off, ..Options::default() }).await.unwrap()
}

fn device(home: &Home, name: &str) -> Handle {
    let mut devices = home.devices().iter();
    let found = devices.find(|it| it.name.as_ref().is_some_and(|it| it.as_str() == name));
    home.device(&found.unwrap().id).unwrap()
}

fn url(device: &Handle, path: &str) -> String {
    format!("http://{}{path}", device.address())
}

async fn get(device: &Handle, path: &str) -> Value {
    reqwest::get(url(device, path)).await.unwrap().json().await.unwrap()
}

async fn post(url: String, body: Value) -> reqwest::Result<Value> {
    // A client of its own: no connection is taken over from another test's fault.
    reqwest::Client::new().post(url).json(&body).send().await?.json().await
}

/// Calls a Shelly method by HTTP.
async fn call(device: &Handle, method: &str, params: Value) -> reqwest::Result<Value> {
    let frame = json!({ "id": 1, "method": method, "params": params });
    post(url(device, "/rpc"), frame).await
}

async fn connect(device: &Handle, path: &str) -> Socket {
    let url = format!("ws://{}{path}", device.address());
    tokio_tungstenite::connect_async(url).await.unwrap().0
}

async fn say(socket: &mut Socket, value: Value) {
    socket.send(Message::text(value.to_string())).await.unwrap();
}

/// The next message that `fits`.
async fn hear(socket: &mut Socket, fits: impl Fn(&Value) -> bool) -> Value {
    let search = async {
        loop {
            let message = socket.next().await.unwrap().unwrap();
            let Ok(value) = serde_json::from_str(message.to_text().unwrap()) else { continue };
            if fits(&value) {
                return value;
            }
        }
    };
    tokio::time::timeout(PATIENCE, search).await.unwrap()
}

/// Waits until something is so.
async fn eventually<F: Future<Output = bool>>(so: impl Fn() -> F) {
    let wait = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap();
}

#[tokio::test]
async fn a_thousand_devices_start_and_stop() {
    let options = Options { devices: 1000, mdns: Mdns::Off, ..Options::default() };
    let home = Home::start(options).await.unwrap();
    assert_eq!(home.devices().len(), 1000);
    assert_eq!(home.devices().iter().filter(|it| !it.known).count(), 4);
    let last = device(&home, "Coffee machine 30");
    assert_eq!(get(&last, "/shelly").await["name"], "Coffee machine 30");
    let address = last.address();
    home.stop().await;
    TcpStream::connect(address).await.unwrap_err();
}

#[tokio::test]
async fn a_home_that_is_dropped_stops() {
    let home = home().await;
    let address = device(&home, "Blinds").address();
    drop(home);
    eventually(|| async { TcpStream::connect(address).await.is_err() }).await;
}

#[tokio::test]
async fn devices_listen_on_ipv6_too() {
    let listen = "::1".parse().unwrap();
    let options = Options { devices: 2, mdns: Mdns::Off, listen, ..Options::default() };
    let home = match Home::start(options).await {
        Ok(home) => home,
        Err(error) => return eprintln!("SKIPPED: no IPv6 on this machine: {error}"),
    };
    let light = device(&home, "Ceiling light");
    assert!(light.address().is_ipv6());
    assert_eq!(get(&light, "/shelly").await["name"], "Ceiling light");
    home.stop().await;
}

#[tokio::test]
async fn a_storm_reaches_who_is_connected() {
    let home = home().await;
    let light = device(&home, "TV backlight");
    let mut socket = connect(&light, "/ws").await;
    home.storm(2000);
    for _ in 0..50 {
        hear(&mut socket, |it| it["state"].is_object()).await;
    }
    home.storm(0);
    home.stop().await;
}

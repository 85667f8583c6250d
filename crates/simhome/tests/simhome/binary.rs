//! The program, as tests in other languages start it.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use crate::PATIENCE;

#[tokio::test]
#[cfg(unix)]
async fn it_tells_its_devices_and_ends_when_told() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_simhome"))
        .args(["--devices", "6", "--mdns", "off", "--control", "127.0.0.1:0", "--json"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said: Vec<Value> = Vec::new();
    while said.last().is_none_or(|it| it["ready"] != true) {
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
        said.push(serde_json::from_str(&line.unwrap()).unwrap());
    }
    assert_eq!((said.len(), &said[6]["devices"]), (7, &6.into()));
    let control = said[6]["control"].as_str().unwrap();
    let devices: Value =
        reqwest::get(format!("http://{control}/devices")).await.unwrap().json().await.unwrap();
    assert_eq!(devices.as_array().unwrap().len(), 6);

    let pid = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().await.unwrap().success());
    let end = tokio::time::timeout(PATIENCE, child.wait()).await.unwrap().unwrap();
    assert!(end.success(), "{end}");
}

#[tokio::test]
async fn a_script_that_cannot_be_read_is_told_in_words() {
    let output = Command::new(env!("CARGO_BIN_EXE_simhome"))
        .args(["--mdns", "off", "--faults", "/nowhere/script.json"])
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("cannot read /nowhere/script.json"), "{words}");
}

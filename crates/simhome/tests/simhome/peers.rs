//! The simulated devices as clients see them that others wrote: aioshelly and python-wled.
//!
//! Skipped, loudly, where there is no Python with `tests/clients/requirements.txt` in
//! `$HEARTH_VENV` or `~/.cache/hearth/venv`.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use simhome::Handle;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::{device, home};

fn python() -> Option<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let venv = std::env::var_os("HEARTH_VENV").map(PathBuf::from);
    let venv = venv.unwrap_or_else(|| home.join(".cache/hearth/venv"));
    let python = venv.join("bin/python");
    if python.exists() {
        return Some(python);
    }
    eprintln!("SKIPPED: no independent clients in {}: run `cargo xtask setup`", venv.display());
    None
}

fn client(python: &PathBuf, script: &str, device: &Handle, more: &[&str]) -> Child {
    let clients = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clients");
    Command::new(python)
        .arg(format!("{clients}/{script}"))
        .arg(device.address().ip().to_string())
        .arg(device.address().port().to_string())
        .args(more)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// The last line that the client printed, and its exit code.
async fn verdict(child: Child) -> (Value, i32) {
    let output = child.wait_with_output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (serde_json::from_str(text.lines().last().unwrap()).unwrap(), output.status.code().unwrap())
}

#[tokio::test]
async fn aioshelly_reads_switches_and_hears_the_push() {
    let Some(python) = python() else { return };
    let home = home().await;
    for name in ["Coffee machine", "Power strip", "Blinds", "Fountain", "Ceiling light"] {
        let device = device(&home, name);
        let (said, code) = verdict(client(&python, "shelly_client.py", &device, &[])).await;
        assert_eq!(code, 0, "{name}: {said}");
        assert_eq!(said["name"], name);
        assert_eq!(device.executed(), 1, "{name}: {:?}", device.deeds());
    }
    home.stop().await;
}

#[tokio::test]
async fn aioshelly_gets_in_with_the_password_only() {
    let Some(python) = python() else { return };
    let home = home().await;
    let plug = device(&home, "Dishwasher");
    let attempt =
        |more: &'static [&'static str]| verdict(client(&python, "shelly_client.py", &plug, more));
    assert_eq!(attempt(&["--password", "guess"]).await.1, 2);
    assert_eq!(attempt(&[]).await.1, 2);
    assert_eq!(plug.executed(), 0);
    let (said, code) = attempt(&["--password", simhome::PASSWORD]).await;
    assert_eq!(code, 0, "{said}");
    assert_eq!(plug.executed(), 1);
    home.stop().await;
}

#[tokio::test]
async fn aioshelly_hears_a_button() {
    let Some(python) = python() else { return };
    let home = home().await;
    let blinds = device(&home, "Blinds");
    let mut child = client(&python, "shelly_client.py", &blinds, &["--press"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next_line().await.unwrap().unwrap().contains("waiting"));
    blinds.press("input:1").unwrap();
    let said: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
    assert_eq!(said["events"][0]["component"], "input:1", "{said}");
    assert!(child.wait().await.unwrap().success());
    home.stop().await;
}

#[tokio::test]
async fn python_wled_reads_sets_and_hears_the_push() {
    let Some(python) = python() else { return };
    let home = home().await;
    for (name, pushes) in [("TV backlight", true), ("Shelf light", false)] {
        let device = device(&home, name);
        let (said, code) = verdict(client(&python, "wled_client.py", &device, &[])).await;
        assert_eq!(code, 0, "{name}: {said}");
        assert_eq!((&said["name"], &said["websocket"]), (&name.into(), &pushes.into()));
        assert_eq!(device.executed(), 2, "{name}: {:?}", device.deeds());
    }
    home.stop().await;
}

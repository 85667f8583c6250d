//! What `hearthd ctl` prints, read.

use serde_json::Value;

/// Whether the device is in touch.
#[must_use]
pub fn is_reachable(device: &Value) -> bool {
    device["reachability"] == "reachable"
}

/// Whether the device is known to be out of reach.
#[must_use]
pub fn is_lost(device: &Value) -> bool {
    device["reachability"] == "unreachable"
}

/// Why the device is out of reach, in words; empty where it is not.
#[must_use]
pub fn cause(device: &Value) -> &str {
    device["cause"].as_str().unwrap_or_default()
}

/// The first endpoint that says on or off, and whether it is on.
#[must_use]
pub fn switchable(device: &Value) -> Option<(String, bool)> {
    device["endpoints"].as_array()?.iter().find_map(|endpoint| {
        let on = endpoint["capabilities"]["OnOff"]["value"].as_bool()?;
        Some((endpoint["id"].as_str()?.to_owned(), on))
    })
}

/// How on or off is said to `ctl set`.
#[must_use]
pub fn on_off(on: bool) -> &'static str {
    if on { "OnOff=on" } else { "OnOff=off" }
}

//! The state of a WLED device, and what its JSON API makes of it.
//! Source: WLED's public JSON API reference; recorded answers.

use serde_json::{Map, Value, json};

/// The `state` object. It is kept as the device says it.
#[derive(Debug)]
pub(crate) struct Light {
    state: Value,
}

impl Light {
    pub(crate) fn new(recorded: &Value) -> Self {
        Self { state: recorded.clone() }
    }

    pub(crate) fn state(&self) -> &Value {
        &self.state
    }

    /// Milliamperes it draws: all LEDs, as bright as they are.
    pub(crate) fn current(&self, leds: u64) -> u64 {
        let on = self.state["on"] == true;
        let bri = self.state["bri"].as_u64().unwrap_or(0);
        if on { 90 + leds * bri * 40 / 255 } else { 0 }
    }

    /// Applies what a client wishes; members that make no sense are ignored, as devices do.
    /// `effects` and `palettes` are how many there are. Tells whether anything changed.
    pub(crate) fn apply(&mut self, wish: &Value, effects: usize, palettes: usize) -> bool {
        let before = self.state.clone();
        apply_switch(&mut self.state, &wish["on"]);
        if let Some(bri) = number(&wish["bri"], 255) {
            apply_brightness(&mut self.state, bri);
        }
        for key in ["transition", "mainseg", "ps", "pl"] {
            if let Some(value) = number(&wish[key], 65_535) {
                self.state[key] = value.into();
            }
        }
        let limits = (effects, palettes);
        match &wish["seg"] {
            Value::Array(segments) => {
                for (place, wish) in segments.iter().enumerate() {
                    self.apply_segment(wish["id"].as_u64().unwrap_or(place as u64), wish, limits);
                }
            }
            wish @ Value::Object(_) => self.apply_selected(wish, limits),
            _ => {}
        }
        before != self.state
    }

    /// A segment without id means that of `id`, or all that are selected.
    fn apply_selected(&mut self, wish: &Value, limits: (usize, usize)) {
        let ids: Vec<u64> = match wish["id"].as_u64() {
            Some(id) => vec![id],
            None => {
                let segments = self.state["seg"].as_array().into_iter().flatten();
                segments.filter(|it| it["sel"] == true).filter_map(|it| it["id"].as_u64()).collect()
            }
        };
        for id in ids {
            self.apply_segment(id, wish, limits);
        }
    }

    fn apply_segment(&mut self, id: u64, wish: &Value, (effects, palettes): (usize, usize)) {
        let mut segments = self.state["seg"].as_array_mut().into_iter().flatten();
        let Some(segment) = segments.find(|segment| segment["id"] == id) else { return };
        apply_switch(segment, &wish["on"]);
        let bounds = [
            ("bri", 255),
            ("fx", effects.saturating_sub(1) as u64),
            ("pal", palettes.saturating_sub(1) as u64),
            ("sx", 255),
            ("ix", 255),
            ("cct", 10_091),
        ];
        for (key, most) in bounds {
            if let Some(value) = number(&wish[key], most) {
                segment[key] = value.into();
            }
        }
        apply_colors(segment, &wish["col"]);
        if let Some(name) = wish["n"].as_str() {
            segment["n"] = name.chars().take(32).collect::<String>().into();
        }
    }
}

/// `true`, `false`, or `"t"` for the other of the two.
fn apply_switch(part: &mut Value, wish: &Value) {
    match wish {
        Value::Bool(on) => part["on"] = (*on).into(),
        Value::String(text) if text == "t" => part["on"] = (part["on"] != true).into(),
        _ => {}
    }
}

/// Zero switches off and leaves the brightness for the next time; more switches on.
fn apply_brightness(state: &mut Value, bri: u64) {
    if bri == 0 {
        state["on"] = false.into();
    } else {
        state["bri"] = bri.into();
        state["on"] = true.into();
    }
}

fn apply_colors(segment: &mut Value, wish: &Value) {
    for (slot, color) in wish.as_array().into_iter().flatten().take(3).enumerate() {
        let Some(channels) = color.as_array().filter(|it| matches!(it.len(), 3 | 4)) else {
            continue;
        };
        let channels: Vec<u64> = channels.iter().filter_map(|it| number(it, 255)).collect();
        if channels.len() >= 3 && segment["col"].is_array() {
            segment["col"][slot] = json!(channels);
        }
    }
}

fn number(value: &Value, most: u64) -> Option<u64> {
    value.as_u64().filter(|it| *it <= most)
}

/// Whether a wish is for more than to be told the state.
pub(crate) fn is_command(wish: &Value) -> bool {
    let members = wish.as_object().map(Map::keys);
    members.into_iter().flatten().any(|key| !matches!(key.as_str(), "v" | "lv" | "time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn light() -> Light {
        Light::new(&json!({
            "on": true, "bri": 128, "seg": [
                { "id": 0, "on": true, "bri": 255, "fx": 0, "pal": 0, "sel": false,
                  "col": [[1, 2, 3], [0, 0, 0], [0, 0, 0]] },
                { "id": 1, "on": true, "bri": 255, "fx": 3, "pal": 1, "sel": true,
                  "col": [[4, 5, 6], [0, 0, 0], [0, 0, 0]] },
            ],
        }))
    }

    #[test]
    fn it_switches_and_dims() {
        let mut light = light();
        assert!(light.apply(&json!({ "on": "t" }), 9, 9));
        assert_eq!(light.state()["on"], false);
        assert!(light.apply(&json!({ "bri": 20 }), 9, 9));
        assert_eq!((&light.state()["on"], &light.state()["bri"]), (&json!(true), &json!(20)));
        assert!(!light.apply(&json!({ "bri": 20 }), 9, 9));
    }

    #[test]
    fn a_segment_is_named_by_its_id_or_by_being_selected() {
        let mut light = light();
        light.apply(&json!({ "seg": [{ "id": 0, "fx": 2 }] }), 9, 9);
        light.apply(&json!({ "seg": { "col": [[9, 9, 9]] } }), 9, 9);
        assert_eq!(light.state()["seg"][0]["fx"], 2);
        assert_eq!(light.state()["seg"][0]["col"][0], json!([1, 2, 3]));
        assert_eq!(light.state()["seg"][1]["col"][0], json!([9, 9, 9]));
    }

    #[test]
    fn what_makes_no_sense_is_ignored() {
        let mut light = light();
        let nonsense = json!({ "bri": 700, "on": 3, "seg": [{ "id": 0, "fx": 9, "col": [7] }, 4] });
        assert!(!light.apply(&nonsense, 9, 9));
        assert!(!light.apply(&json!([1, 2]), 9, 9));
    }

    #[test]
    fn asking_for_the_state_is_no_command() {
        assert!(!is_command(&json!({ "v": true })));
        assert!(is_command(&json!({ "v": true, "on": false })));
    }
}

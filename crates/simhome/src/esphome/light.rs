//! The light of a simulated ESPHome lamp: colour or white, brightness, effects.

use protocols::esphome::proto;
use serde_json::json;

/// The modes that it knows: colour, and white of some warmth.
const RGB: i32 = 35;
const WHITE: i32 = 11;
/// The effects that it knows. Like the firmware's, the first means none.
const EFFECTS: [&str; 4] = ["None", "Breathe", "Rainbow", "Candle"];
/// Coldest and warmest white, in mireds.
const MIREDS: (f32, f32) = (153.0, 370.0);

/// How it shines.
#[derive(Debug, Clone)]
pub(super) struct Light {
    pub(super) on: bool,
    /// 0 to 1.
    pub(super) brightness: f32,
    mode: i32,
    rgb: [f32; 3],
    mireds: f32,
    effect: &'static str,
}

impl Light {
    pub(super) fn new() -> Self {
        let [effect, ..] = EFFECTS;
        let (rgb, mireds) = ([1.0, 1.0, 1.0], 333.0);
        Self { on: false, brightness: 0.8, mode: WHITE, rgb, mireds, effect }
    }

    pub(super) fn listed(key: u32, name: String) -> proto::ListEntitiesLightResponse {
        proto::ListEntitiesLightResponse {
            key,
            name,
            min_mireds: MIREDS.0,
            max_mireds: MIREDS.1,
            effects: EFFECTS.map(str::to_owned).to_vec(),
            supported_color_modes: vec![RGB, WHITE],
            ..Default::default()
        }
    }

    pub(super) fn state(&self, key: u32) -> proto::LightStateResponse {
        let [red, green, blue] = self.rgb;
        proto::LightStateResponse {
            key,
            state: self.on,
            brightness: self.brightness,
            red,
            green,
            blue,
            white: 1.0,
            color_temperature: self.mireds,
            effect: self.effect.to_owned(),
            color_brightness: 1.0,
            color_mode: self.mode,
            ..Default::default()
        }
    }

    pub(super) fn obey(&mut self, command: &proto::LightCommandRequest) {
        if command.has_state {
            self.on = command.state;
        }
        if command.has_brightness {
            self.brightness = command.brightness.clamp(0.01, 1.0);
        }
        if command.has_color_mode && [RGB, WHITE].contains(&command.color_mode) {
            self.mode = command.color_mode;
        }
        if command.has_rgb {
            let channels = [command.red, command.green, command.blue];
            self.rgb = channels.map(|channel| channel.clamp(0.0, 1.0));
        }
        if command.has_color_temperature {
            self.mireds = command.color_temperature.clamp(MIREDS.0, MIREDS.1);
        }
        let known = EFFECTS.into_iter().find(|it| command.has_effect && *it == command.effect);
        self.effect = known.unwrap_or(self.effect);
    }

    pub(super) fn json(&self) -> serde_json::Value {
        json!({
            "on": self.on,
            "brightness": self.brightness,
            "mode": self.mode,
            "rgb": self.rgb,
            "mireds": self.mireds,
            "effect": self.effect,
        })
    }
}

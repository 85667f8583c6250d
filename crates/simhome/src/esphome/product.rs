//! Which parts the simulated ESPHome products have.

use super::Product;
use super::light::Light;
use super::part::{Body, Part};
use crate::drift::Drift;

fn sensor(
    name: &'static str,
    (class, unit, decimals): (&'static str, &'static str, i32),
    (middle, span): (f64, f64),
    seed: u64,
) -> Part {
    let drift = Drift::new(middle, span, seed);
    Part::new(name, Body::Sensor { class, unit, decimals, drift })
}

fn temperature(seed: u64) -> Part {
    sensor("Temperature", ("temperature", "°C", 1), (21.5, 2.0), seed)
}

fn humidity(seed: u64) -> Part {
    sensor("Humidity", ("humidity", "%", 0), (47.0, 8.0), seed ^ 1)
}

fn binary(name: &'static str, class: &'static str) -> Part {
    Part::new(name, Body::Binary { class, on: false })
}

impl Product {
    /// Its parts, as it comes out of the box.
    pub(super) fn parts(self, seed: u64) -> Vec<Part> {
        match self {
            Self::Climate => vec![temperature(seed), humidity(seed)],
            Self::AirQuality => vec![
                temperature(seed),
                humidity(seed),
                sensor("Carbon Dioxide", ("carbon_dioxide", "ppm", 0), (720.0, 260.0), seed ^ 2),
                sensor("Fine Dust", ("pm25", "µg/m³", 0), (9.0, 6.0), seed ^ 3),
            ],
            Self::Presence => vec![
                binary("Motion", "motion"),
                sensor("Illuminance", ("illuminance", "lx", 0), (180.0, 120.0), seed ^ 4),
            ],
            Self::Door => vec![
                Part::new("Lock", Body::Lock { state: 1 }),
                binary("Door", "door"),
                sensor("Battery", ("battery", "%", 0), (86.0, 1.0), seed ^ 5),
            ],
            Self::Window => vec![binary("Window", "window")],
            Self::Thermostat => {
                vec![Part::new("Radiator", Body::Climate { mode: 3, target: 21.0, room: 19.8 })]
            }
            Self::Lamp => vec![Part::new("Lamp", Body::Light(Light::new()))],
            Self::Curtains => {
                vec![Part::new("Curtains", Body::Cover { position: 1.0, target: None })]
            }
            Self::Irrigation => irrigation(),
        }
    }

    /// What it says is its model.
    pub(super) fn model(self) -> &'static str {
        match self {
            Self::Climate => "climate-sensor",
            Self::AirQuality => "air-quality",
            Self::Presence => "presence",
            Self::Door => "door",
            Self::Window => "window",
            Self::Thermostat => "radiator",
            Self::Lamp => "lamp",
            Self::Curtains => "curtains",
            Self::Irrigation => "irrigation",
        }
    }
}

fn irrigation() -> Vec<Part> {
    let options = &["Lawn", "Beds", "Everything"];
    let chosen = "Lawn".to_owned();
    vec![
        Part::new("Valve", Body::Switch { on: false }),
        Part::new("Duration", Body::Number { value: 10.0, min: 1.0, max: 60.0, unit: "min" }),
        Part::new("Program", Body::Select { options, chosen }),
        Part::new("Start Now", Body::Button),
    ]
}

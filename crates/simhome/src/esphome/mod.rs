//! ESPHome devices: the native API, in the clear or encrypted.

mod light;
mod part;
mod product;
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use model::Value;
use protocols::esphome::Message;
use serde_json::json;
use tokio::sync::broadcast;

use self::part::{Body, Part};
use crate::core::lock;
use crate::{Core, Device, Service, Unsettable, Wire};

/// States that may wait for a slow client; one that is slower is told everything anew.
const PUSHES: usize = 16;
/// The firmware that the devices say they run.
const VERSION: &str = "2026.6.5";

/// Which ESPHome device it is: what it can measure and do. A device whose [`Core::secret`] is set
/// speaks Noise with it, another plaintext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// Temperature and humidity.
    Climate,
    /// Temperature, humidity, CO2, PM2.5.
    AirQuality,
    /// Motion and illuminance.
    Presence,
    /// A lock, a contact (door open or not), battery.
    Door,
    /// A window contact.
    Window,
    /// A radiator thermostat: modes off, heat, auto; target and current temperature.
    Thermostat,
    /// A lamp with brightness, colour temperature, colour and effects.
    Lamp,
    /// Curtains with positions.
    Curtains,
    /// A bit of everything else: switch, number, select, buttons.
    Irrigation,
}

/// Makes the device; it does nothing until the home serves connections with it.
pub(crate) fn build(core: Arc<Core>, product: Product) -> Arc<dyn Device> {
    let parts = Mutex::new(product.parts(core.seed()));
    let (pushes, _) = broadcast::channel(PUSHES);
    Arc::new(Esphome { core, product, parts, pushes })
}

/// A simulated device.
#[derive(Debug)]
struct Esphome {
    core: Arc<Core>,
    product: Product,
    parts: Mutex<Vec<Part>>,
    /// New states, for all who are connected.
    pushes: broadcast::Sender<Message>,
}

impl Esphome {
    /// Its own name on the network, as ESPHome makes it: a slug that ends in half the MAC address.
    fn node(&self) -> String {
        let mac = self.core.mac();
        format!("{}-{}", self.product.model(), mac.get(6..).unwrap_or_default())
    }

    /// Tells everybody the state of a part. Nobody may be there to hear.
    fn push(&self, part: &Part) {
        if let Some(state) = part.state() {
            let _nobody = self.pushes.send(state);
        }
    }

    fn lists(&self) -> Vec<Message> {
        lock(&self.parts).iter().map(Part::listed).collect()
    }

    fn states(&self) -> Vec<Message> {
        lock(&self.parts).iter().filter_map(Part::state).collect()
    }

    /// Carries out a command, unless it is nobody's or faults have it otherwise.
    fn obey(&self, command: &Message) {
        let mut parts = lock(&self.parts);
        let Some(part) = parts.iter_mut().find(|part| part.understands(command)) else {
            return;
        };
        let verdict = self.core.receive_command(&format!("{}: {command:?}", part.object_id()));
        if verdict.acts() {
            part.obey(command);
            self.push(part);
            self.core.stir();
        }
    }

    fn change(
        &self,
        endpoint: &str,
        change: impl FnOnce(&mut Part) -> bool,
    ) -> Result<(), Unsettable> {
        let mut parts = lock(&self.parts);
        let unsettable = || Unsettable(endpoint.to_owned());
        let part = parts.iter_mut().find(|part| part.object_id() == endpoint);
        let part = part.ok_or_else(unsettable)?;
        if !change(part) {
            return Err(unsettable());
        }
        self.push(part);
        Ok(())
    }
}

impl Device for Esphome {
    fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn serve(self: Arc<Self>, wire: Wire) -> BoxFuture<'static, ()> {
        Box::pin(server::serve(self, wire))
    }

    fn services(&self) -> Vec<Service> {
        let entry = |key: &str, text: String| (key.to_owned(), text);
        let mut txt = vec![
            entry("friendly_name", self.core.name().chars().take(120).collect()),
            entry("version", VERSION.to_owned()),
            entry("mac", self.core.mac()),
            entry("platform", "ESP32".to_owned()),
            entry("board", "esp32dev".to_owned()),
            entry("network", "wifi".to_owned()),
            entry("project_name", format!("hearth.{}", self.product.model())),
        ];
        if self.core.secret().is_some() {
            txt.push(entry("api_encryption", "Noise_NNpsk0_25519_ChaChaPoly_SHA256".to_owned()));
        }
        let (instance, host) = (self.node(), self.node());
        vec![Service { kind: "_esphomelib._tcp", instance, host, txt }]
    }

    fn live(&self, span: Duration) {
        for part in lock(&self.parts).iter_mut() {
            let (changed, moving) = part.live(span.as_secs_f32());
            if changed {
                self.push(part);
            }
            if moving {
                self.core.stir();
            }
        }
    }

    fn report(&self) {
        let mut parts = lock(&self.parts);
        let sensor = |part: &Part| matches!(part.body, Body::Sensor { .. } | Body::Climate { .. });
        let place = parts.iter().position(sensor).unwrap_or(0);
        if let Some(part) = parts.get_mut(place) {
            part.live(0.25);
            self.push(part);
        }
    }

    fn state(&self) -> serde_json::Value {
        let parts = lock(&self.parts);
        let parts: serde_json::Map<_, _> =
            parts.iter().map(|part| (part.object_id(), part.json())).collect();
        json!(parts)
    }

    fn set(&self, endpoint: &str, value: &Value) -> Result<(), Unsettable> {
        self.change(endpoint, |part| part.set(value))
    }

    fn press(&self, endpoint: &str) -> Result<(), Unsettable> {
        self.change(endpoint, |part| match &mut part.body {
            Body::Switch { on } => {
                *on = !*on;
                true
            }
            Body::Light(light) => {
                light.on = !light.on;
                true
            }
            Body::Button => true,
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests;

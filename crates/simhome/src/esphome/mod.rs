//! ESPHome devices: the native API, plaintext and Noise. Under construction.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use model::Value;

use crate::{Core, Device, Service, Unsettable, Wire};

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
    Arc::new(Unspoken { core, product })
}

/// Accepts connections and hangs up.
#[derive(Debug)]
struct Unspoken {
    core: Arc<Core>,
    product: Product,
}

impl Device for Unspoken {
    fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn serve(self: Arc<Self>, wire: Wire) -> BoxFuture<'static, ()> {
        drop(wire);
        Box::pin(std::future::ready(()))
    }

    fn services(&self) -> Vec<Service> {
        Vec::new()
    }

    fn live(&self, _span: Duration) {}

    fn report(&self) {}

    fn state(&self) -> serde_json::Value {
        serde_json::json!({ "product": format!("{:?}", self.product) })
    }

    fn set(&self, endpoint: &str, _value: &Value) -> Result<(), Unsettable> {
        Err(Unsettable(endpoint.to_owned()))
    }

    fn press(&self, endpoint: &str) -> Result<(), Unsettable> {
        Err(Unsettable(endpoint.to_owned()))
    }
}

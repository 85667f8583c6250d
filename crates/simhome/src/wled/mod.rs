//! WLED devices: the JSON API over HTTP, and its WebSocket.
//! Source: WLED's public JSON API reference; recorded answers in `fixtures/wled`.

mod light;
mod server;

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use model::Value as Reading;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use self::light::Light;
use crate::core::lock;
use crate::{Core, Device, Service, Unsettable, Wire};

/// Pushes that a slow client may be behind; each stands for "look again".
const BACKLOG: usize = 8;

/// A WLED device that can be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Product {
    /// 0.15.4 with one segment; pushes on its WebSocket.
    Strip,
    /// 0.14.4 with two segments, built without WebSocket: has to be polled.
    Segments,
}

static STRIP: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../fixtures/wled/0.15.4.json")).unwrap_or_default()
});
static SEGMENTS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../fixtures/wled/0.14.4-segments.json"))
        .unwrap_or_default()
});
static PRESETS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../fixtures/wled/presets.json")).unwrap_or_default()
});

/// One simulated WLED.
#[derive(Debug)]
pub(crate) struct Wled {
    core: Arc<Core>,
    product: Product,
    light: Mutex<Light>,
    uptime: Mutex<Duration>,
    /// Says that the state is worth telling.
    pushes: broadcast::Sender<()>,
}

/// Makes the device.
pub(crate) fn build(core: Arc<Core>, product: Product) -> Arc<dyn Device> {
    let light = Mutex::new(Light::new(&product.recorded()["state"]));
    let uptime = Mutex::new(Duration::from_secs(core.seed() % 5000));
    let (pushes, _) = broadcast::channel(BACKLOG);
    Arc::new(Wled { core, product, light, uptime, pushes })
}

impl Product {
    fn recorded(self) -> &'static Value {
        match self {
            Self::Strip => &STRIP,
            Self::Segments => &SEGMENTS,
        }
    }

    fn list(self, key: &str) -> &'static [Value] {
        self.recorded()[key].as_array().map(Vec::as_slice).unwrap_or_default()
    }
}

impl Wled {
    fn has_websocket(&self) -> bool {
        self.product == Product::Strip
    }

    fn info(&self) -> Value {
        let mut info = self.product.recorded()["info"].clone();
        let leds = info["leds"]["count"].as_u64().unwrap_or(0);
        info["name"] = self.core.name().into();
        info["mac"] = self.core.mac().into();
        info["ip"] = self.core.address().ip().to_string().into();
        info["uptime"] = lock(&self.uptime).as_secs().into();
        info["leds"]["pwr"] = lock(&self.light).current(leds).into();
        info["fxcount"] = self.product.list("effects").len().into();
        info["palcount"] = self.product.list("palettes").len().into();
        if self.has_websocket() {
            info["ws"] = self.pushes.receiver_count().into();
        }
        info
    }

    fn light_state(&self) -> Value {
        lock(&self.light).state().clone()
    }

    fn state_and_info(&self) -> Value {
        json!({ "state": self.light_state(), "info": self.info() })
    }

    fn everything(&self) -> Value {
        let mut all = self.state_and_info();
        for list in ["effects", "palettes"] {
            all[list] = self.product.list(list).into();
        }
        all
    }

    /// What each effect can be told, in WLED's own notation; here: speed and intensity, three
    /// colours, a palette.
    fn effect_data(&self) -> Value {
        self.product.list("effects").iter().map(|_| json!("!,!;!,!,!;!")).collect()
    }

    fn config(&self) -> Value {
        let recorded = &self.product.recorded()["info"];
        let count = &recorded["leds"]["count"];
        json!({
            "rev": [1, 0],
            "vid": recorded["vid"],
            "id": { "name": self.core.name(), "mdns": self.host() },
            "hw": { "led": {
                "total": count, "maxpwr": 850, "cct": false, "cr": false, "cb": 0,
                "ins": [{ "start": 0, "len": count, "pin": [16], "order": 0, "type": 22 }],
            }},
        })
    }

    fn host(&self) -> String {
        let mac = self.core.mac();
        format!("wled-{}", mac.get(6..).unwrap_or_default())
    }

    /// Applies a sound wish and tells all who listen.
    fn apply(&self, wish: &Value) {
        let effects = self.product.list("effects").len();
        let palettes = self.product.list("palettes").len();
        if lock(&self.light).apply(wish, effects, palettes) {
            self.push();
        }
    }

    fn push(&self) {
        // Nobody is connected: then nobody is told.
        let _unheard = self.pushes.send(());
    }
}

impl Device for Wled {
    fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn serve(self: Arc<Self>, wire: Wire) -> BoxFuture<'static, ()> {
        Box::pin(server::serve(self, wire))
    }

    fn services(&self) -> Vec<Service> {
        let service = |kind, txt| Service { kind, instance: self.host(), host: self.host(), txt };
        vec![
            service("_wled._tcp", vec![("mac".to_owned(), self.core.mac())]),
            service("_http._tcp", Vec::new()),
        ]
    }

    fn live(&self, span: Duration) {
        *lock(&self.uptime) += span;
    }

    fn report(&self) {
        self.push();
    }

    fn state(&self) -> Value {
        self.state_and_info()
    }

    fn set(&self, endpoint: &str, value: &Reading) -> Result<(), Unsettable> {
        let mut part = match value {
            Reading::OnOff(on) => json!({ "on": on }),
            Reading::Level(level) => json!({ "bri": u32::from(level.get()) * 255 / 100 }),
            _ => return Err(Unsettable(endpoint.to_owned())),
        };
        let segment = endpoint.trim_start_matches(|it: char| !it.is_ascii_digit());
        let wish = match segment.parse::<u64>() {
            Ok(id) => {
                part["id"] = id.into();
                json!({ "seg": [part] })
            }
            Err(_) => part,
        };
        self.apply(&wish);
        Ok(())
    }

    fn press(&self, _endpoint: &str) -> Result<(), Unsettable> {
        // The one button of a board toggles.
        self.apply(&json!({ "on": "t" }));
        Ok(())
    }
}

//! Shelly devices of the second to fourth generation: JSON-RPC over HTTP and WebSocket.
//! Source: Shelly's public API reference; recorded answers in `fixtures/shelly`.

mod digest;
mod part;
mod product;
mod rpc;
mod server;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::BoxFuture;
use model::Value as Reading;
use serde_json::{Map, Value, json};
use tokio::sync::broadcast;

use self::digest::Gate;
use self::part::{Course, Part, merge};
pub use self::product::Product;
use crate::core::lock;
use crate::{Core, Device, Fault, Service, Unsettable, Wire};

/// Pushes that a slow client may be behind before it loses some.
const BACKLOG: usize = 128;
/// What the devices' clocks said when the simulation began (s since 1970). They have no other.
const EPOCH: f64 = 1_795_000_000.0;

/// One simulated Shelly.
#[derive(Debug)]
pub(crate) struct Shelly {
    core: Arc<Core>,
    product: Product,
    /// Names of its outputs, in order of their ids; fewer than outputs means the rest has none.
    outputs: &'static [&'static str],
    state: Mutex<State>,
    gate: Mutex<Gate>,
    pushes: broadcast::Sender<Arc<Push>>,
}

/// What is so at the moment.
#[derive(Debug)]
pub(crate) struct State {
    parts: Vec<Part>,
    uptime: Duration,
    reboot_in: Option<Duration>,
}

/// Something to tell all who are connected.
#[derive(Debug)]
pub(crate) struct Push {
    method: &'static str,
    params: Value,
}

/// Makes the device. `watts` hang on each output.
pub(crate) fn build(
    core: Arc<Core>,
    product: Product,
    watts: f64,
    outputs: &'static [&'static str],
) -> Arc<dyn Device> {
    Arc::new(new(core, product, watts, outputs))
}

fn new(core: Arc<Core>, product: Product, watts: f64, outputs: &'static [&'static str]) -> Shelly {
    let parts = product.parts(watts, core.seed());
    let state = State { parts, uptime: Duration::from_secs(core.seed() % 900), reboot_in: None };
    let (pushes, _) = broadcast::channel(BACKLOG);
    let (state, gate) = (Mutex::new(state), Mutex::default());
    Shelly { core, product, outputs, state, gate, pushes }
}

impl Shelly {
    /// Its own name of itself: `shellyplus1pm-aabbccddeeff`.
    fn own_id(&self) -> String {
        let recorded = self.product.recorded()["shelly"]["id"].as_str().unwrap_or_default();
        let kind = recorded.split('-').next().unwrap_or_default();
        format!("{kind}-{}", self.core.mac())
    }

    fn wants_password(&self) -> bool {
        self.core.secret().is_some() || self.core.ailments().refuse_auth
    }

    fn info(&self) -> Value {
        let mut info = self.product.recorded()["shelly"].clone();
        let id = self.own_id();
        let domain = if self.wants_password() { json!(id) } else { Value::Null };
        let own = json!({
            "name": self.core.name(),
            "mac": self.core.mac().to_uppercase(),
            "auth_en": self.wants_password(),
            "auth_domain": domain,
            "id": id,
        });
        merge(&mut info, own);
        info
    }

    fn status(&self) -> Value {
        let mut status = self.product.recorded()["status"].clone();
        let state = lock(&self.state);
        merge(&mut status, parts_status(&state, |_| true));
        let now = EPOCH + state.uptime.as_secs_f64();
        let own = json!({ "sys": {
            "mac": self.core.mac().to_uppercase(),
            "uptime": state.uptime.as_secs(),
            "unixtime": now as u64,
        }});
        merge(&mut status, own);
        status
    }

    fn config(&self) -> Value {
        let mut config = self.product.recorded()["config"].clone();
        let (mac, id) = (self.core.mac().to_uppercase(), self.own_id());
        let own = json!({
            "sys": { "device": { "name": self.core.name(), "mac": mac } },
            "mqtt": { "client_id": id },
        });
        merge(&mut config, own);
        for (key, part) in config.as_object_mut().into_iter().flatten() {
            if let Some((kind, index)) = key.split_once(':') {
                part["name"] = self.part_name(kind, index).into();
            }
        }
        config
    }

    fn part_name(&self, kind: &str, index: &str) -> Option<&'static str> {
        let is_output = matches!(kind, "switch" | "light" | "cover");
        let index = index.parse::<usize>().ok().filter(|_| is_output)?;
        self.outputs.get(index).copied()
    }

    /// Pushes what the parts in those places say.
    fn push_parts(&self, places: &[usize]) {
        if self.pushes.receiver_count() == 0 {
            return;
        }
        let state = lock(&self.state);
        let params = parts_status(&state, |place| places.contains(&place));
        self.push("NotifyStatus", params, &state);
    }

    fn push(&self, method: &'static str, mut params: Value, state: &State) {
        params["ts"] = json!(EPOCH + state.uptime.as_secs_f64());
        // Nobody is connected: then nobody is told.
        let _unheard = self.pushes.send(Arc::new(Push { method, params }));
    }

    /// A button's life in events, as recorded devices tell it.
    fn push_presses(&self, id: usize, state: &State) {
        let ts = EPOCH + state.uptime.as_secs_f64();
        for event in ["btn_down", "btn_up", "single_push"] {
            let told = json!({
                "component": format!("input:{id}"), "id": id, "event": event, "ts": ts,
            });
            self.push("NotifyEvent", json!({ "events": [told] }), state);
        }
    }

    fn place(&self, endpoint: &str) -> Option<usize> {
        let endpoint = endpoint.replace('-', ":");
        let state = lock(&self.state);
        let found = keys(&state).position(|key| key == endpoint);
        drop(state);
        found
    }
}

/// The parts' keys in order: `switch:0`, `switch:1`, `input:0`.
fn keys(state: &State) -> impl Iterator<Item = String> {
    numbered(state).map(|(id, part)| format!("{}:{id}", part.kind()))
}

/// The parts, each with its id among its kind.
fn numbered(state: &State) -> impl Iterator<Item = (usize, &Part)> {
    state.parts.iter().enumerate().map(|(place, part)| {
        let before = state.parts.iter().take(place);
        (before.filter(|other| other.kind() == part.kind()).count(), part)
    })
}

fn parts_status(state: &State, wanted: impl Fn(usize) -> bool) -> Value {
    let minute = (EPOCH as u64 + state.uptime.as_secs()) / 60 * 60;
    let parts = numbered(state).enumerate().filter(|(place, _)| wanted(*place));
    let said =
        parts.map(|(_, (id, part))| (format!("{}:{id}", part.kind()), part.status(id, minute)));
    Value::Object(said.collect::<Map<_, _>>())
}

impl Device for Shelly {
    fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn serve(self: Arc<Self>, wire: Wire) -> BoxFuture<'static, ()> {
        Box::pin(server::serve(self, wire))
    }

    fn services(&self) -> Vec<Service> {
        let info = self.info();
        let text = |key: &str| match &info[key] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let txt = ["gen", "app", "ver"].map(|key| (key.to_owned(), text(key))).to_vec();
        let service = |kind, instance: &str| Service {
            kind,
            instance: instance.to_owned(),
            host: self.own_id(),
            txt: txt.clone(),
        };
        let id = self.own_id();
        let mut services = vec![service("_shelly._tcp", &id), service("_http._tcp", &id)];
        if self.product == Product::Mini1Gen4 {
            services.push(service("_shelly._tcp", &self.core.name()));
        }
        services
    }

    fn live(&self, span: Duration) {
        let mut state = lock(&self.state);
        state.uptime += span;
        let places: Vec<usize> = (0..state.parts.len())
            .filter(|place| state.parts.get_mut(*place).is_some_and(|part| part.live(span)))
            .collect();
        let due = state.reboot_in.map(|left| left.saturating_sub(span));
        state.reboot_in = due.filter(|left| !left.is_zero());
        if state.reboot_in.is_some() || state.parts.iter().any(Part::is_moving) {
            self.core.stir();
        }
        drop(state);
        if due.is_some_and(|left| left.is_zero()) {
            self.core.inflict(Fault::Reboot { ms: 3000 });
        }
        if !places.is_empty() {
            self.push_parts(&places);
        }
    }

    fn report(&self) {
        // The first part is an output: that is what changes most.
        if let Some(part) = lock(&self.state).parts.first_mut() {
            part.live(Duration::ZERO);
        }
        self.push_parts(&[0]);
    }

    fn state(&self) -> Value {
        self.status()
    }

    fn set(&self, endpoint: &str, value: &Reading) -> Result<(), Unsettable> {
        let unsettable = || Unsettable(endpoint.to_owned());
        let place = self.place(endpoint).ok_or_else(unsettable)?;
        let mut state = lock(&self.state);
        match (state.parts.get_mut(place), value) {
            (Some(Part::Switch(it)), Reading::OnOff(on)) => drop_it(it.switch(*on, "button")),
            (Some(Part::Switch(it)), Reading::ElectricalPower(reading)) => {
                let metered = it.load(reading.power.get());
                metered.then_some(()).ok_or_else(unsettable)?;
            }
            (Some(Part::Light(it)), Reading::OnOff(on)) => {
                drop_it(it.set(Some(*on), None, "button"));
            }
            (Some(Part::Light(it)), Reading::Level(level)) => {
                drop_it(it.set(None, Some(level.get()), "button"));
            }
            (Some(Part::Cover(it)), Reading::WindowCovering(cover)) => {
                it.put(f64::from(cover.open.ok_or_else(unsettable)?.get()));
            }
            (Some(Part::Input(it)), Reading::BooleanState(on)) if !it.is_button => it.state = *on,
            _ => return Err(unsettable()),
        }
        drop(state);
        self.push_parts(&[place]);
        Ok(())
    }

    fn press(&self, endpoint: &str) -> Result<(), Unsettable> {
        let place = self.place(endpoint).ok_or_else(|| Unsettable(endpoint.to_owned()))?;
        let mut state = lock(&self.state);
        let id = numbered(&state).nth(place).map_or(0, |(id, _)| id);
        match state.parts.get_mut(place) {
            Some(Part::Input(input)) if input.is_button => self.push_presses(id, &state),
            Some(Part::Input(input)) => input.state = !input.state,
            _ => return Err(Unsettable(endpoint.to_owned())),
        }
        // Inputs are wired to the outputs of their number.
        let output = numbered(&state).position(|(it, part)| it == id && part.kind() != "input");
        if let Some(part) = output.and_then(|output| state.parts.get_mut(output)) {
            toggle(part);
            self.core.stir();
        }
        drop(state);
        self.push_parts(&output.into_iter().chain([place]).collect::<Vec<_>>());
        Ok(())
    }
}

fn toggle(part: &mut Part) {
    match part {
        Part::Switch(it) => drop_it(it.switch(!it.on, "switch")),
        Part::Light(it) => drop_it(it.set(Some(!it.on), None, "button")),
        Part::Cover(it) if it.is_moving() => it.steer(Course::Stop, "button"),
        Part::Cover(it) => it.steer(Course::To(it.other_end()), "button"),
        Part::Input(_) => {}
    }
}

/// Whether it changed does not matter here: it is told in any case.
fn drop_it(_changed: bool) {}

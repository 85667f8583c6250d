//! A small home to do things to. After everything that is done to it, the updates told so far are
//! compared with a fresh snapshot.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{
    AddTarget, CapabilityState, DeviceView, EndpointView, HomeView, HubStatus, Request, Update,
    Vault,
};
use engine::{Effect, Engine, Ticket};
use model::{
    Action, Address, BooleanMeaning, Capability, Category, Cause, Change, CommandId,
    DeviceDescription, DeviceId, DeviceRecord, EndpointDescription, EndpointId, EndpointKind,
    Family, IssueKind, Moment, Name, Percent, ProbeFailure, Probed, Progress, Report, SavedHome,
    Sighting, SightingChange, Source, Spec, Timestamp, Value,
};

use crate::brief::{brief, state_in_brief};
use crate::replay::{apply, without_heard_at};

pub(crate) const PLUG: &str = "shelly-plug";
pub(crate) const LAMP: &str = "wled-lamp";
pub(crate) const BOX: &str = "esphome-box";

pub(crate) struct Home {
    pub(crate) engine: Engine,
    pub(crate) now: Moment,
    told: HomeView,
    tickets: u64,
}

impl Home {
    /// Three devices: a plug and a lamp that are reachable, and a box of all sorts that is too.
    pub(crate) fn new() -> Self {
        let mut home = Self::opened(saved()).0;
        for (device, address) in
            [(PLUG, "10.0.0.1:80"), (LAMP, "10.0.0.2:80"), (BOX, "10.0.0.3:6053")]
        {
            home.hear(device, Report::Reached(at(address)));
        }
        home
    }

    pub(crate) fn opened(saved: SavedHome) -> (Self, Vec<String>) {
        let now = Moment { uptime: Duration::from_secs(100), wall: Timestamp(1_000_000) };
        let (engine, effects) = Engine::new(saved, status(), now);
        let told = engine.snapshot();
        (Self { engine, now, told, tickets: 0 }, lines(&effects))
    }

    pub(crate) fn done(&mut self, effects: Vec<Effect>) -> Vec<String> {
        let lines = lines(&effects);
        for effect in effects {
            match effect {
                Effect::Publish(update) => apply(&mut self.told, update),
                Effect::Notify(notice) => apply(&mut self.told, Update::Notice(notice)),
                _ => {}
            }
        }
        let snapshot = without_heard_at(self.engine.snapshot());
        assert_eq!(without_heard_at(self.told.clone()), snapshot, "updates lead to the snapshot");
        lines
    }

    pub(crate) fn next_ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// Whether clients know all there is, even when each device was last heard.
    pub(crate) fn is_told(&self) -> bool {
        self.told == self.engine.snapshot()
    }

    pub(crate) fn ask(&mut self, request: Request) -> Vec<String> {
        let ticket = Ticket(self.next_ticket());
        let effects = self.engine.handle_request(ticket, request, self.now);
        self.done(effects)
    }

    pub(crate) fn control(&mut self, command: &str, endpoint: &str, action: Action) -> Vec<String> {
        self.ask(Request::Control {
            id: command_id(command),
            endpoint: endpoint_id(endpoint),
            action,
        })
    }

    pub(crate) fn hear(&mut self, device: &str, report: Report) -> Vec<String> {
        let effects = self.engine.handle_report(&id(device), report, self.now);
        self.done(effects)
    }

    pub(crate) fn says(&mut self, endpoint: &str, value: Value) -> Vec<String> {
        let endpoint = endpoint_id(endpoint);
        let values = vec![(endpoint.key, value)];
        self.hear(endpoint.device.as_str(), Report::Values(Source::Pushed, values))
    }

    pub(crate) fn progress(&mut self, device: &str, command: &str, to: Progress) -> Vec<String> {
        self.hear(device, Report::Progress(command_id(command), to))
    }

    pub(crate) fn lose(&mut self, device: &str, cause: Cause) -> Vec<String> {
        self.hear(device, Report::Lost(cause))
    }

    pub(crate) fn see(&mut self, device: &str, addresses: &[&str]) -> Vec<String> {
        let change = SightingChange::Seen(sighting(device, addresses));
        let effects = self.engine.handle_sighting(change, self.now);
        self.done(effects)
    }

    pub(crate) fn goodbye(&mut self, device: &str) -> Vec<String> {
        let effects = self.engine.handle_sighting(SightingChange::Gone(id(device)), self.now);
        self.done(effects)
    }

    pub(crate) fn probed(
        &mut self,
        ticket: u64,
        outcome: Result<Probed, ProbeFailure>,
    ) -> Vec<String> {
        let effects = self.engine.handle_probe(Ticket(ticket), outcome, self.now);
        self.done(effects)
    }

    pub(crate) fn trouble(&mut self, kind: IssueKind) -> Vec<String> {
        let effects = self.engine.handle_trouble(kind, self.now);
        self.done(effects)
    }

    /// Lets time pass, waking the engine whenever it wants to be.
    pub(crate) fn wait(&mut self, millis: u64) -> Vec<String> {
        let end = self.now.after(Duration::from_millis(millis));
        let mut lines = Vec::new();
        while let Some(at) = self.engine.poll_timeout().filter(|it| *it <= end.uptime) {
            self.now = self.now.after(at.saturating_sub(self.now.uptime));
            let effects = self.engine.handle_timeout(self.now);
            lines.extend(self.done(effects));
        }
        self.now = end;
        lines
    }

    /// The number of the last request.
    pub(crate) fn ticket(&self) -> u64 {
        self.tickets
    }

    pub(crate) fn device(&self, device: &str) -> DeviceView {
        let devices = self.engine.snapshot().devices;
        devices.into_iter().find(|it| it.id == id(device)).expect("it is in the home")
    }

    pub(crate) fn endpoint(&self, endpoint: &str) -> EndpointView {
        let wanted = endpoint_id(endpoint);
        let endpoints = self.device(wanted.device.as_str()).endpoints;
        endpoints.into_iter().find(|it| it.id == wanted).expect("the device has it")
    }

    pub(crate) fn state(&self, endpoint: &str, capability: Capability) -> CapabilityState {
        self.endpoint(endpoint).states.get(&capability).cloned().unwrap_or_default()
    }

    pub(crate) fn tile(&self, endpoint: &str, capability: Capability) -> String {
        state_in_brief(&self.state(endpoint, capability)).trim().to_owned()
    }
}

/// The effects in a few words. How far the schedule has been seen to is left out: it is written
/// down with whatever else is, and tried where rules are.
fn lines(effects: &[Effect]) -> Vec<String> {
    let is_seen_to = |it: &&Effect| matches!(it, Effect::Persist(Change::SeenTo(_)));
    effects.iter().filter(|it| !is_seen_to(it)).map(brief).collect()
}

pub(crate) fn id(device: &str) -> DeviceId {
    device.parse().expect("a device id")
}

pub(crate) fn endpoint_id(endpoint: &str) -> EndpointId {
    endpoint.parse().expect("an endpoint id")
}

pub(crate) fn command_id(command: &str) -> CommandId {
    command.parse().expect("a command id")
}

pub(crate) fn at(address: &str) -> Address {
    address.parse().expect("an address")
}

pub(crate) fn name(text: &str) -> Name {
    text.try_into().expect("a name")
}

pub(crate) fn level(percent: u8) -> Percent {
    percent.try_into().expect("a percentage")
}

pub(crate) fn on() -> Action {
    Action::SetOnOff(true)
}

pub(crate) fn off() -> Action {
    Action::SetOnOff(false)
}

pub(crate) fn status() -> HubStatus {
    let vault = Vault::Keyring;
    let zone = "Europe/Berlin".to_owned().try_into().expect("a zone");
    let webhooks = Vec::new();
    HubStatus { sandbox: false, sandbox_offered: true, discovering: true, vault, zone, webhooks }
}

pub(crate) fn sighting(device: &str, addresses: &[&str]) -> Sighting {
    Sighting {
        device: id(device),
        family: Family::Shelly,
        name: Some(name("Seen")),
        model: None,
        addresses: addresses.iter().map(|it| at(it)).collect(),
        wants_secret: None,
    }
}

pub(crate) fn part(key: &str, kind: EndpointKind, specs: Vec<Spec>) -> EndpointDescription {
    let key = key.parse().expect("an endpoint key");
    EndpointDescription { key, name: None, kind, category: Category::Primary, specs }
}

pub(crate) fn described(own: &str, endpoints: Vec<EndpointDescription>) -> DeviceDescription {
    let name = Name::lossy(own);
    DeviceDescription { name, vendor: None, model: None, firmware: None, endpoints }
}

pub(crate) fn plug() -> DeviceDescription {
    let specs = vec![Spec::OnOff, Spec::ElectricalPower];
    described("Plug", vec![part("switch-0", EndpointKind::Plug, specs)])
}

pub(crate) fn lamp() -> DeviceDescription {
    let color = Spec::ColorControl { hue_saturation: true, temperature: None };
    let effects = Spec::LightEffect(vec!["Solid".to_owned(), "Rain".to_owned()]);
    let specs = vec![Spec::OnOff, Spec::Level, color, effects];
    described("Lamp", vec![part("light-0", EndpointKind::Light, specs)])
}

pub(crate) fn box_of_all_sorts() -> DeviceDescription {
    let number = Spec::NumericControl { min: 0.0, max: 10.0, step: 0.5, unit: String::new() };
    let endpoints = vec![
        part("lock", EndpointKind::Lock, vec![Spec::DoorLock]),
        part("blind", EndpointKind::Cover, vec![Spec::WindowCovering { positions: true }]),
        part("bell", EndpointKind::Button, vec![Spec::Momentary]),
        part("button", EndpointKind::Button, vec![Spec::Button]),
        part("door", EndpointKind::Sensor, vec![Spec::BooleanState(BooleanMeaning::Open)]),
        part("number", EndpointKind::Control, vec![number]),
    ];
    described("Box", endpoints)
}

pub(crate) fn record(device: &str, address: &str, description: DeviceDescription) -> DeviceRecord {
    DeviceRecord {
        id: id(device),
        family: Family::Shelly,
        address: at(address),
        description,
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: Timestamp(0),
    }
}

pub(crate) fn saved() -> SavedHome {
    SavedHome {
        devices: vec![
            record(PLUG, "10.0.0.1:80", plug()),
            record(LAMP, "10.0.0.2:80", lamp()),
            record(BOX, "10.0.0.3:6053", box_of_all_sorts()),
        ],
        ..SavedHome::default()
    }
}

pub(crate) fn answer(device: &str, address: &str, description: DeviceDescription) -> Probed {
    Probed { device: id(device), family: Family::Shelly, address: at(address), description }
}

pub(crate) fn add_at(address: &str) -> Request {
    let target = AddTarget::At(at(address), None);
    Request::Add { target, secret: None, name: None, room: None }
}

pub(crate) fn add_found(device: &str) -> Request {
    Request::Add { target: AddTarget::Found(id(device)), secret: None, name: None, room: None }
}

/// Compares what happens with what should, one effect a line.
#[track_caller]
pub(crate) fn check(happened: &[String], expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    assert_eq!(happened, expected);
}

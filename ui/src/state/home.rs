//! The home as signals, and how each update changes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Batch, DeviceView, FoundDevice, HomeView, HubStatus, Update, Vault};
use leptos::prelude::{Update as _, *};
use model::{ButtonEvent, CommandId, DeviceId, EndpointId, Issue, Room, Settings, Timestamp};

use super::{Live, Place, Shape, shape};

/// All that is known of the home. A handle: copies are the same home.
#[derive(Debug, Clone, Copy)]
pub struct Home {
    /// A snapshot has come.
    pub known: RwSignal<bool>,
    /// The home itself.
    pub home: RwSignal<model::Home>,
    /// Settings.
    pub settings: RwSignal<Settings>,
    /// Rooms, in order.
    pub rooms: RwSignal<Vec<Room>>,
    /// Troubles, oldest first.
    pub issues: RwSignal<Vec<Issue>>,
    /// What discovery has found.
    pub found: RwSignal<BTreeMap<DeviceId, FoundDevice>>,
    /// How the hub itself is.
    pub status: RwSignal<HubStatus>,
    /// What there is and where.
    pub shape: RwSignal<Arc<Shape>>,
    /// The last press of each button.
    pub presses: RwSignal<BTreeMap<EndpointId, (ButtonEvent, Timestamp)>>,
    devices: StoredValue<BTreeMap<DeviceId, Slot>>,
    /// Of which endpoint a command of ours is, until the hub has spoken of it.
    asked: StoredValue<BTreeMap<CommandId, EndpointId>>,
}

/// A device: what it is, and the states of its parts.
#[derive(Debug, Clone)]
pub struct Slot {
    /// What it is; the states of its endpoints are left out.
    pub device: ArcRwSignal<Arc<DeviceView>>,
    /// The states of its endpoints.
    pub live: BTreeMap<EndpointId, ArcRwSignal<Live>>,
}

impl Home {
    /// A home of which nothing is known.
    pub fn new() -> Self {
        Self {
            known: RwSignal::new(false),
            home: RwSignal::new(model::Home { name: None, welcomed: true }),
            settings: RwSignal::new(Settings::default()),
            rooms: RwSignal::default(),
            issues: RwSignal::default(),
            found: RwSignal::default(),
            status: RwSignal::new(HubStatus {
                sandbox: false,
                sandbox_offered: false,
                discovering: false,
                vault: Vault::Keyring,
            }),
            shape: RwSignal::default(),
            presses: RwSignal::default(),
            devices: StoredValue::default(),
            asked: StoredValue::default(),
        }
    }

    /// A device, if it is in the home; follows its coming and going.
    pub fn device(self, id: &DeviceId) -> Option<Slot> {
        self.shape.track();
        self.devices.with_value(|it| it.get(id).cloned())
    }

    /// The states of an endpoint, if there is one; not tracked.
    pub fn live(self, id: &EndpointId) -> Option<ArcRwSignal<Live>> {
        self.devices.with_value(|it| it.get(&id.device)?.live.get(id).cloned())
    }

    /// The name of a device, or its id when it is gone; tracked.
    pub fn device_name(self, id: &DeviceId) -> String {
        self.device(id).map_or_else(|| id.to_string(), |it| it.device.get().name.clone())
    }

    /// Takes in what the hub tells.
    pub fn apply(self, batch: Batch) {
        let mut reshaped = false;
        for update in batch.updates {
            reshaped |=
                matches!(update, Update::Snapshot(_) | Update::Device(_) | Update::DeviceGone(_));
            self.apply_one(update);
        }
        if reshaped {
            self.reshape();
        }
    }

    fn apply_one(self, update: Update) {
        match update {
            Update::Snapshot(view) => self.replace(*view),
            Update::Device(view) => self.put_device(*view),
            Update::DeviceGone(id) => {
                drop(self.devices.try_update_value(|it| it.remove(&id)));
            }
            Update::State(id, capability, state) => {
                if let Some(live) = self.live(&id) {
                    live.update(|it| it.hear(capability, *state));
                }
            }
            Update::Pressed(id, event, at) => self.presses.update(|it| {
                it.insert(id, (event, at));
            }),
            Update::Command(id, _) => self.settle(&id),
            Update::Rooms(rooms) => put(self.rooms, rooms),
            Update::Home(home) => put(self.home, home),
            Update::Settings(settings) => put(self.settings, settings),
            Update::Found(found) => self.found.update(|it| {
                it.insert(found.sighting.device.clone(), found);
            }),
            Update::FoundGone(id) => self.found.update(|it| drop(it.remove(&id))),
            Update::Issue(issue) => self.issues.update(|it| put_issue(it, issue)),
            Update::IssueGone(id) => self.issues.update(|it| it.retain(|it| it.id != id)),
            Update::Status(status) => put(self.status, status),
        }
    }

    fn replace(self, view: HomeView) {
        put(self.home, view.home);
        put(self.settings, view.settings);
        put(self.rooms, view.rooms);
        put(self.issues, view.issues);
        put(self.status, view.status);
        let found = view.found.into_iter().map(|it| (it.sighting.device.clone(), it)).collect();
        put(self.found, found);
        self.presses.update(BTreeMap::clear);
        let kept: std::collections::BTreeSet<DeviceId> =
            view.devices.iter().map(|it| it.id.clone()).collect();
        self.devices.update_value(|it| it.retain(|id, _| kept.contains(id)));
        for device in view.devices {
            self.put_device(device);
        }
        put(self.known, true);
    }

    fn put_device(self, mut view: DeviceView) {
        let slot = self.devices.with_value(|it| it.get(&view.id).cloned());
        let mut live = BTreeMap::new();
        for endpoint in &mut view.endpoints {
            let states = std::mem::take(&mut endpoint.states);
            let known = slot.as_ref().and_then(|it| it.live.get(&endpoint.id).cloned());
            let signal = known.unwrap_or_default();
            let mut next = signal.get_untracked();
            next.replace(states);
            if signal.with_untracked(|it| *it != next) {
                signal.set(next);
            }
            live.insert(endpoint.id.clone(), signal);
        }
        let id = view.id.clone();
        let device = match slot {
            Some(slot) => {
                if slot.device.with_untracked(|it| **it != view) {
                    slot.device.set(Arc::new(view));
                }
                slot.device
            }
            None => ArcRwSignal::new(Arc::new(view)),
        };
        self.devices.update_value(|it| drop(it.insert(id, Slot { device, live })));
    }

    fn reshape(self) {
        let mut shape = Shape::default();
        self.devices.with_value(|devices| {
            for (id, slot) in devices {
                let device = slot.device.read_untracked();
                let place = Place { name: device.name.clone(), room: device.room.clone() };
                shape.places.insert(id.clone(), place);
                shape.devices.insert(id.clone(), shape::parts(&device));
            }
        });
        if self.shape.with_untracked(|it| **it != shape) {
            self.shape.set(Arc::new(shape));
        }
    }

    /// Shows a wish at once.
    pub fn ask(self, endpoint: &EndpointId, echo: super::Echo) {
        self.asked.update_value(|it| {
            it.insert(echo.command.clone(), endpoint.clone());
        });
        if let Some(live) = self.live(endpoint) {
            live.update(|it| it.ask(echo));
        }
    }

    /// The hub has the command now, or it is over.
    pub fn settle(self, command: &CommandId) {
        let endpoint = self.asked.try_update_value(|it| it.remove(command)).flatten();
        if let Some(live) = endpoint.and_then(|it| self.live(&it)) {
            live.update(|it| it.settle(command));
        }
    }

    /// The hub did not take the command.
    pub fn refuse(self, command: &CommandId, reason: Option<model::FailReason>) {
        let endpoint = self.asked.try_update_value(|it| it.remove(command)).flatten();
        if let Some(live) = endpoint.and_then(|it| self.live(&it)) {
            live.update(|it| it.refuse(command, reason));
        }
    }
}

fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|it| *it != value) {
        signal.set(value);
    }
}

fn put_issue(issues: &mut Vec<Issue>, issue: Issue) {
    match issues.iter_mut().find(|it| it.id == issue.id) {
        Some(known) => *known = issue,
        None => issues.push(issue),
    }
}

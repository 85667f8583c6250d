//! The home as signals, and how each update changes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{DeviceView, FoundDevice, HubStatus, RuleView, Update, VacantRole, Vault};
use leptos::prelude::{Update as _, *};
use model::{
    ButtonEvent, CommandId, DeviceId, EndpointId, Group, GroupId, Issue, Notice, NoticeId, Person,
    PersonId, Room, RuleId, Scene, SceneId, Settings, Timestamp, Variable, VariableId, Zone,
};

use super::pieces::{Piece, Rest};
use super::{Keyed, Live, Place, Shape, shape};

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
    /// Roles that nothing fills.
    pub vacant: RwSignal<Vec<VacantRole>>,
    /// Rules.
    pub rules: Keyed<RuleId, RuleView>,
    /// Scenes.
    pub scenes: Keyed<SceneId, Scene>,
    /// Groups.
    pub groups: Keyed<GroupId, Group>,
    /// People.
    pub people: Keyed<PersonId, Person>,
    /// Variables.
    pub variables: Keyed<VariableId, Variable>,
    /// Notices that were not dismissed.
    pub notices: Keyed<NoticeId, Notice>,
    /// The last notice that came while this page was open: to be shown at once.
    pub told: RwSignal<Option<Notice>>,
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
            home: RwSignal::new(model::Home { welcomed: true, ..model::Home::default() }),
            settings: RwSignal::new(Settings::default()),
            rooms: RwSignal::default(),
            issues: RwSignal::default(),
            found: RwSignal::default(),
            status: RwSignal::new(HubStatus {
                sandbox: false,
                sandbox_offered: false,
                discovering: false,
                vault: Vault::Keyring,
                zone: Zone::utc(),
                webhooks: Vec::new(),
            }),
            shape: RwSignal::default(),
            presses: RwSignal::default(),
            vacant: RwSignal::default(),
            rules: Keyed::new(),
            scenes: Keyed::new(),
            groups: Keyed::new(),
            people: Keyed::new(),
            variables: Keyed::new(),
            notices: Keyed::new(),
            told: RwSignal::default(),
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

    /// What a rule is called; its id when there is none such. Tracked.
    pub fn rule_name(self, id: &RuleId) -> String {
        self.rules.get(id).map_or_else(|| id.to_string(), |it| it.rule.body.name.to_string())
    }

    /// What a scene is called; its id when there is none such. Tracked.
    pub fn scene_name(self, id: &SceneId) -> String {
        self.scenes.get(id).map_or_else(|| id.to_string(), |it| it.name.to_string())
    }

    /// Takes in a piece of what the hub tells.
    pub(super) fn apply(self, piece: Piece) {
        match piece {
            Piece::Rest(rest) => self.put_rest(*rest),
            Piece::Devices(devices) => devices.into_iter().for_each(|it| self.put_device(it)),
            Piece::Rules(rules) => {
                rules.into_iter().for_each(|it| self.rules.put(it.rule.id.clone(), it));
            }
            Piece::Whole => {
                self.reshape();
                put(self.known, true);
            }
            Piece::Updates(updates) => self.apply_all(updates),
        }
    }

    fn apply_all(self, updates: Vec<Update>) {
        let mut reshaped = false;
        for update in updates {
            reshaped |= matches!(update, Update::Device(_) | Update::DeviceGone(_));
            self.apply_one(update);
        }
        if reshaped {
            self.reshape();
        }
    }

    fn apply_one(self, update: Update) {
        match update {
            // It comes in pieces.
            Update::Snapshot(_) => {}
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
            update => self.apply_household(update),
        }
    }

    fn apply_household(self, update: Update) {
        match update {
            Update::Vacant(vacant) => put(self.vacant, vacant),
            Update::Rule(view) => self.rules.put(view.rule.id.clone(), *view),
            Update::RuleGone(id) => self.rules.remove(&id),
            Update::Ran(id, head) => self.rules.change(&id, |it| it.last = Some(head)),
            Update::Scene(scene) => self.scenes.put(scene.id.clone(), *scene),
            Update::SceneGone(id) => self.scenes.remove(&id),
            Update::Group(group) => self.groups.put(group.id.clone(), group),
            Update::GroupGone(id) => self.groups.remove(&id),
            Update::Person(person) => self.people.put(person.id.clone(), person),
            Update::PersonGone(id) => self.people.remove(&id),
            Update::Variable(variable) => self.variables.put(variable.id.clone(), variable),
            Update::VariableGone(id) => self.variables.remove(&id),
            Update::Notice(notice) => self.hear_notice(*notice),
            Update::NoticeGone(id) => self.notices.remove(&id),
            _ => {}
        }
    }

    fn hear_notice(self, notice: Notice) {
        if !untrack(|| self.notices.has(&notice.id)) {
            self.told.set(Some(notice.clone()));
        }
        self.notices.put(notice.id.clone(), notice);
    }

    /// All but the devices and rules, of which only those named there stay.
    fn put_rest(self, rest: Rest) {
        let Rest { view, devices, rules } = rest;
        put(self.home, view.home);
        put(self.settings, view.settings);
        put(self.rooms, view.rooms);
        put(self.issues, view.issues);
        put(self.status, view.status);
        put(self.vacant, view.vacant);
        let found = view.found.into_iter().map(|it| (it.sighting.device.clone(), it)).collect();
        put(self.found, found);
        self.presses.update(BTreeMap::clear);
        self.scenes.replace(view.scenes.into_iter().map(|it| (it.id.clone(), it)));
        self.groups.replace(view.groups.into_iter().map(|it| (it.id.clone(), it)));
        self.people.replace(view.people.into_iter().map(|it| (it.id.clone(), it)));
        self.variables.replace(view.variables.into_iter().map(|it| (it.id.clone(), it)));
        self.notices.replace(view.notices.into_iter().map(|it| (it.id.clone(), it)));
        self.rules.retain(&rules);
        self.devices.update_value(|it| it.retain(|id, _| devices.contains(id)));
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
                let roles = device.endpoints.iter().map(|it| (it.role.clone(), it.id.clone()));
                shape.roles.extend(roles);
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

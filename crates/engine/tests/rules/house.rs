//! A small house: an engine, a disk, and devices that do as they are told. Everything that a turn
//! wants written down is written before anything of it leaves, as the hub does it.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use api::{Answer, ApiError, HubStatus, Request, RuleView, Update, Vault};
use engine::{Effect, Engine, Ticket};
use model::rule::{NotRun, RuleBody, Trace};
use model::{
    Action, BooleanMeaning, ButtonEvent, Category, Cause, Change, Command, DeviceDescription,
    DeviceId, DeviceRecord, EndpointDescription, EndpointId, EndpointKind, Family, LockState,
    Moment, Name, Notice, Person, Progress, Report, RoleId, SavedHome, Source, Spec, Timestamp,
    Value, Variable, VariableValue,
};
use serde_json::json;

use crate::disk::Disk;

/// A Monday, 12:00 in Berlin (winter).
pub(crate) const NOON: Timestamp = Timestamp(1_767_610_800_000);

pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) now: Moment,
    pub(crate) disk: Disk,
    /// What really is so, whoever made it so.
    pub(crate) real: BTreeMap<EndpointId, Value>,
    /// Commands that reached a device, in order.
    pub(crate) done: Vec<(Timestamp, Command)>,
    pub(crate) shown: Vec<Notice>,
    /// Devices that take commands and say nothing.
    pub(crate) deaf: bool,
    /// After so many more batches the power is cut.
    pub(crate) cut_after: Option<usize>,
    pub(crate) is_dark: bool,
    pub(crate) replies: Vec<Result<Answer, ApiError>>,
    pub(crate) wire: VecDeque<(DeviceId, Report)>,
    /// The rules as clients know them by what they were told.
    told: BTreeMap<model::RuleId, RuleView>,
    tickets: u64,
}

pub(crate) fn endpoint(device: &str) -> EndpointId {
    format!("shelly-{device}/a").parse().unwrap()
}

pub(crate) fn role(device: &str) -> String {
    RoleId::of(&endpoint(device)).to_string()
}

/// A target of one role.
pub(crate) fn the(device: &str) -> serde_json::Value {
    json!({ "role": role(device) })
}

fn devices() -> Vec<(&'static str, EndpointKind, Vec<Spec>)> {
    vec![
        ("lamp", EndpointKind::Light, vec![Spec::OnOff, Spec::Level]),
        ("spot", EndpointKind::Light, vec![Spec::OnOff]),
        ("fan", EndpointKind::Fan, vec![Spec::OnOff]),
        ("gate", EndpointKind::Switch, vec![Spec::OnOff]),
        ("lock", EndpointKind::Lock, vec![Spec::DoorLock]),
        ("bell", EndpointKind::Button, vec![Spec::Momentary]),
        ("remote", EndpointKind::Button, vec![Spec::Button]),
        ("motion", EndpointKind::Sensor, vec![Spec::OccupancySensing]),
        ("door", EndpointKind::Sensor, vec![Spec::BooleanState(BooleanMeaning::Open)]),
        ("climate", EndpointKind::Sensor, vec![Spec::TemperatureMeasurement]),
    ]
}

fn record(device: &str, kind: EndpointKind, specs: Vec<Spec>) -> DeviceRecord {
    let key = "a".parse().unwrap();
    let part = EndpointDescription { key, name: None, kind, category: Category::Primary, specs };
    let description = DeviceDescription {
        name: Name::lossy(device),
        vendor: None,
        model: None,
        firmware: None,
        endpoints: vec![part],
    };
    DeviceRecord {
        id: endpoint(device).device,
        family: Family::Shelly,
        address: "10.0.0.1:80".parse().unwrap(),
        description,
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: Timestamp(0),
    }
}

fn status() -> HubStatus {
    HubStatus {
        sandbox: false,
        sandbox_offered: false,
        discovering: true,
        vault: Vault::Keyring,
        zone: "Europe/Berlin".to_owned().try_into().unwrap(),
        webhooks: Vec::new(),
    }
}

fn person(id: &str, home: bool) -> Person {
    let mut person = Person {
        id: id.parse().unwrap(),
        name: Name::lossy(id).unwrap(),
        phone: None,
        presence: model::Presence::default(),
    };
    person.presence.home = Some(home);
    person
}

fn variable(id: &str, value: VariableValue) -> Variable {
    Variable { id: id.parse().unwrap(), name: Name::lossy(id).unwrap(), value }
}

impl House {
    /// Everybody is home, everything is off and can be reached.
    pub(crate) fn new() -> Self {
        let devices = devices().into_iter().map(|(id, kind, specs)| record(id, kind, specs));
        let home = SavedHome {
            devices: devices.collect(),
            people: vec![person("ada", true), person("ben", true)],
            variables: vec![
                variable("count", VariableValue::Number(0.0)),
                variable("guests", VariableValue::YesNo(false)),
            ],
            ..SavedHome::default()
        };
        let mut real = BTreeMap::new();
        for (device, value) in [
            ("lamp", Value::OnOff(false)),
            ("spot", Value::OnOff(false)),
            ("fan", Value::OnOff(false)),
            ("gate", Value::OnOff(false)),
            ("lock", Value::DoorLock(LockState::Locked)),
            ("motion", Value::OccupancySensing(false)),
            ("door", Value::BooleanState(false)),
            ("climate", Value::TemperatureMeasurement(20.0.try_into().unwrap())),
        ] {
            real.insert(endpoint(device), value);
        }
        let disk = Disk { home, ..Disk::default() };
        let now = Moment { uptime: Duration::from_secs(1_000), wall: NOON };
        Self::opened(disk, real, now)
    }

    pub(crate) fn opened(disk: Disk, real: BTreeMap<EndpointId, Value>, now: Moment) -> Self {
        let mut house = Self::dark(disk, real, now);
        for (device, ..) in devices() {
            house.comes_back(device);
        }
        house
    }

    /// Started, with no device to be heard yet.
    pub(crate) fn dark(disk: Disk, real: BTreeMap<EndpointId, Value>, now: Moment) -> Self {
        let (engine, effects) = Engine::new(disk.home.clone(), status(), now);
        let mut house = Self {
            engine,
            now,
            disk,
            real,
            done: Vec::new(),
            shown: Vec::new(),
            deaf: false,
            cut_after: None,
            is_dark: false,
            replies: Vec::new(),
            wire: VecDeque::new(),
            told: BTreeMap::new(),
            tickets: 0,
        };
        let known = house.engine.snapshot().rules;
        house.told = known.into_iter().map(|it| (it.rule.id.clone(), it)).collect();
        house.perform(effects);
        house
    }

    /// The power is cut, and comes back after that long.
    pub(crate) fn restart_after(&mut self, millis: u64) {
        self.restart_dark_after(millis);
        self.all_come_back();
    }

    pub(crate) fn restart_dark_after(&mut self, millis: u64) {
        let now = self.now.after(Duration::from_millis(millis));
        let mut next = Self::dark(self.disk.clone(), self.real.clone(), now);
        next.done.splice(0..0, self.done.drain(..));
        next.shown.splice(0..0, self.shown.drain(..));
        *self = next;
    }

    pub(crate) fn all_come_back(&mut self) {
        for (device, ..) in devices() {
            self.comes_back(device);
        }
    }

    /// What the hub does: what is to be written down of a turn is written, then the rest is done.
    fn perform(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while !effects.is_empty() && !self.is_dark {
            let mut batch = Vec::new();
            let mut rest = Vec::new();
            // A batch ends before a command that is about to leave, and where something leaves.
            while let Some(effect) = effects.pop_front() {
                match effect {
                    Effect::Persist(change @ Change::CommandOpened(..)) if !batch.is_empty() => {
                        effects.push_front(Effect::Persist(change));
                        break;
                    }
                    Effect::Persist(change) => batch.push(change),
                    Effect::Publish(update) => self.is_told(update),
                    leaves @ (Effect::Send(_) | Effect::Notify(_) | Effect::Reply(..)) => {
                        rest.push(leaves);
                        break;
                    }
                    _ => {}
                }
            }
            if !batch.is_empty() && !self.may_write() {
                return;
            }
            for change in batch {
                self.disk.write(change);
            }
            for effect in rest {
                self.leave(effect);
            }
        }
    }

    fn is_told(&mut self, update: Update) {
        match update {
            Update::Rule(view) => drop(self.told.insert(view.rule.id.clone(), *view)),
            Update::RuleGone(rule) => drop(self.told.remove(&rule)),
            Update::Ran(rule, head) => {
                if let Some(view) = self.told.get_mut(&rule) {
                    view.last = Some(head);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn told_rules(&self) -> Vec<RuleView> {
        self.told.values().cloned().collect()
    }

    fn may_write(&mut self) -> bool {
        if let Some(left) = &mut self.cut_after {
            if *left == 0 {
                self.is_dark = true;
                return false;
            }
            *left -= 1;
        }
        true
    }

    fn leave(&mut self, effect: Effect) {
        match effect {
            Effect::Send(command) => self.arrives(command),
            Effect::Notify(notice) => self.shown.push(*notice),
            Effect::Reply(_, reply) => self.replies.push(reply),
            _ => {}
        }
    }

    fn arrives(&mut self, command: Command) {
        let device = command.endpoint.device.clone();
        let id = command.id.clone();
        self.done.push((self.now.wall, command.clone()));
        let value = match command.action {
            Action::SetOnOff(on) => Some(Value::OnOff(on)),
            Action::SetLevel(level) => Some(Value::Level(level)),
            Action::SetLocked(true) => Some(Value::DoorLock(LockState::Locked)),
            Action::SetLocked(false) => Some(Value::DoorLock(LockState::Unlocked)),
            _ => None,
        };
        if let Some(value) = &value {
            self.real.insert(command.endpoint.clone(), value.clone());
        }
        if self.deaf {
            return;
        }
        self.wire.push_back((device.clone(), Report::Progress(id.clone(), Progress::Sent)));
        let answer = match value {
            Some(value) => Report::Values(Source::Pushed, vec![(command.endpoint.key, value)]),
            None => Report::Progress(id, Progress::Acknowledged),
        };
        self.wire.push_back((device, answer));
    }

    /// Lets everything that devices have said arrive.
    pub(crate) fn flush(&mut self) {
        while let Some((device, report)) = self.wire.pop_front() {
            if self.is_dark {
                self.wire.clear();
                return;
            }
            let effects = self.engine.handle_report(&device, report, self.now);
            self.perform(effects);
        }
    }

    pub(crate) fn hear(&mut self, device: &str, report: Report) {
        if self.is_dark {
            return;
        }
        let effects = self.engine.handle_report(&endpoint(device).device, report, self.now);
        self.perform(effects);
        self.flush();
    }

    pub(crate) fn says(&mut self, device: &str, value: Value) {
        if self.is_dark {
            return;
        }
        let at = endpoint(device);
        self.real.insert(at.clone(), value.clone());
        self.hear(device, Report::Values(Source::Pushed, vec![(at.key, value)]));
    }

    pub(crate) fn moves(&mut self, is_there: bool) {
        self.says("motion", Value::OccupancySensing(is_there));
    }

    pub(crate) fn opens(&mut self, is_open: bool) {
        self.says("door", Value::BooleanState(is_open));
    }

    pub(crate) fn degrees(&mut self, degrees: f64) {
        self.says("climate", Value::TemperatureMeasurement(degrees.try_into().unwrap()));
    }

    pub(crate) fn presses(&mut self, event: ButtonEvent) {
        let key = endpoint("remote").key;
        self.hear("remote", Report::Pressed(key, event));
    }

    pub(crate) fn goes_away(&mut self, device: &str) {
        self.hear(device, Report::Lost(Cause::NoAnswer));
    }

    /// It can be reached, and says what is so.
    pub(crate) fn comes_back(&mut self, device: &str) {
        self.hear(device, Report::Reached("10.0.0.1:80".parse().unwrap()));
        let at = endpoint(device);
        if let Some(value) = self.real.get(&at).cloned() {
            self.hear(device, Report::Values(Source::Polled, vec![(at.key, value)]));
        }
    }

    pub(crate) fn message(&mut self, topic: &str, payload: &str) {
        let effects = self.engine.handle_message(topic, payload, self.now);
        self.perform(effects);
        self.flush();
    }

    pub(crate) fn calls(&mut self, hook: &str) {
        let effects = self.engine.handle_hook(&hook.parse().unwrap(), self.now);
        self.perform(effects);
        self.flush();
    }

    pub(crate) fn ask(&mut self, request: Request) -> Result<Answer, ApiError> {
        self.tickets += 1;
        let effects = self.engine.handle_request(Ticket(self.tickets), request, self.now);
        self.perform(effects);
        let reply = self.replies.pop();
        self.flush();
        reply.unwrap_or(Ok(Answer::Done))
    }

    /// Saves a rule in its next version.
    #[track_caller]
    pub(crate) fn save(&mut self, id: &str, body: serde_json::Value) {
        let expects = self.rule(id).map_or(0, |it| it.rule.version);
        let body: RuleBody = serde_json::from_value(body).unwrap();
        let id = id.parse().unwrap();
        self.ask(Request::SaveRule { id, body: Box::new(body), expects }).unwrap();
    }

    pub(crate) fn rule(&self, id: &str) -> Option<RuleView> {
        self.engine.snapshot().rules.into_iter().find(|it| it.rule.id.as_str() == id)
    }

    pub(crate) fn presence(&mut self, who: &str, home: bool) {
        self.ask(Request::SetPresence(who.parse().unwrap(), home)).unwrap();
    }

    /// Lets time pass, waking the engine whenever it wants to be.
    pub(crate) fn wait(&mut self, millis: u64) {
        let end = self.now.after(Duration::from_millis(millis));
        let mut woken = 0;
        while let Some(at) = self.engine.poll_timeout().filter(|it| *it <= end.uptime) {
            if self.is_dark {
                return;
            }
            self.now = self.now.after(at.saturating_sub(self.now.uptime));
            let effects = self.engine.handle_timeout(self.now);
            self.perform(effects);
            self.flush();
            woken += 1;
            assert!(woken < 200_000, "the engine wants to be woken again and again");
        }
        self.now = end;
    }

    /// The machine sleeps: time passes, and nothing happens until it wakes.
    pub(crate) fn sleep(&mut self, millis: u64) {
        self.now = self.now.after(Duration::from_millis(millis));
        self.wake();
    }

    /// The wall clock jumps, and the hub says so.
    pub(crate) fn jump(&mut self, millis: i64) {
        self.now.wall = Timestamp(self.now.wall.0 + millis);
        self.wake();
    }

    pub(crate) fn wake(&mut self) {
        let effects = self.engine.handle_timeout(self.now);
        self.perform(effects);
        self.flush();
    }

    /// What devices were asked, in short.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.done.iter().map(|(_, command)| in_short(command)).collect()
    }

    /// The same, with how many seconds after noon.
    pub(crate) fn timed(&self) -> Vec<String> {
        let after = |at: &Timestamp| (at.0 - NOON.0) / 1_000;
        self.done
            .iter()
            .map(|(at, command)| format!("{} {}", after(at), in_short(command)))
            .collect()
    }

    pub(crate) fn traces(&self, rule: &str) -> Vec<Trace> {
        let ended = self.disk.traces.iter().filter(|it| it.rule.as_str() == rule);
        let open = self.disk.home.rules.runs.iter().map(|it| &it.trace);
        ended.chain(open.filter(|it| it.rule.as_str() == rule)).cloned().collect()
    }

    #[track_caller]
    pub(crate) fn trace(&self, rule: &str) -> Trace {
        self.traces(rule).pop().expect("the rule has run")
    }

    pub(crate) fn not_runs(&self, rule: &str) -> Vec<NotRun> {
        let all = self.disk.not_runs.iter();
        all.filter(|it| it.rule.as_str() == rule).cloned().collect()
    }

    pub(crate) fn variable(&self, id: &str) -> VariableValue {
        let variables = self.engine.snapshot().variables;
        variables.into_iter().find(|it| it.id.as_str() == id).unwrap().value
    }
}

fn in_short(command: &Command) -> String {
    let device = command.endpoint.device.as_str().trim_start_matches("shelly-");
    match &command.action {
        Action::SetOnOff(true) => format!("{device} on"),
        Action::SetOnOff(false) => format!("{device} off"),
        Action::SetLevel(level) => format!("{device} {}%", level.get()),
        Action::SetLocked(true) => format!("{device} lock"),
        Action::SetLocked(false) => format!("{device} unlock"),
        other => format!("{device} {other:?}"),
    }
}

/// A step that switches something.
pub(crate) fn switch(device: &str, on: bool) -> serde_json::Value {
    json!({ "command": { "to": the(device), "action": { "SetOnOff": on } } })
}

/// "When somebody moves."
pub(crate) fn on_motion() -> serde_json::Value {
    json!({ "changes": { "of": the("motion"), "what": "OccupancySensing", "to": { "occupied": true } } })
}

/// A rule that is set off by motion.
pub(crate) fn when_moving(steps: serde_json::Value) -> serde_json::Value {
    json!({ "name": "Motion", "triggers": [on_motion()], "steps": steps })
}

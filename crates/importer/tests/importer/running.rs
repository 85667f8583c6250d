//! A home in which imported rules run, on virtual time. Devices do what they are told at once.

use std::time::Duration;

use api::{HomeView, HubStatus, Request};
use engine::{Effect, Engine, Ticket};
use model::{
    DeviceDescription, DeviceId, DeviceRecord, EndpointDescription, Home, Moment, Name, Place,
    Progress, Report, RuleBody, RuleId, SavedHome, Source, Timestamp, Value, VariableId,
    VariableValue,
};

use crate::house::device_of;

/// 2026-07-15, a Wednesday, 00:00 in Berlin.
const MIDNIGHT: Timestamp = Timestamp(1_784_066_400_000);

/// A home with the rules of one example.
pub(crate) struct Running {
    engine: Engine,
    now: Moment,
    /// What was asked of devices since it was last asked for: `light.a SetOnOff(false)`.
    sent: Vec<String>,
    names: Vec<(DeviceId, String)>,
    tickets: u64,
}

impl Running {
    /// That home, with those rules, at that time of a Wednesday in July.
    pub(crate) fn at(time: &str, home: &HomeView, rules: Vec<(RuleId, RuleBody)>) -> Self {
        let minutes = |text: &str| text.parse::<u64>().unwrap() * 60;
        let (hour, minute) = time.split_once(':').unwrap();
        let since = Duration::from_secs(minutes(hour) * 60 + minutes(minute));
        let now = Moment { uptime: Duration::from_secs(1_000), wall: MIDNIGHT + since };
        let status =
            HubStatus { zone: "Europe/Berlin".to_owned().try_into().unwrap(), ..HubStatus::idle() };
        let names = home.devices.iter().map(|it| (it.id.clone(), it.name.clone())).collect();
        let (engine, effects) = Engine::new(saved(home, now.wall), status, now);
        let mut running = Self { engine, now, sent: Vec::new(), names, tickets: 0 };
        running.take(effects);
        for device in &home.devices {
            running.report(&device.id, Report::Reached(device.address.clone()));
        }
        for (id, body) in rules {
            running.ask(Request::SaveRule { id, body: Box::new(body), expects: 0 });
        }
        running
    }

    /// What was asked of devices since the last time.
    pub(crate) fn asked(&mut self) -> Vec<String> {
        std::mem::take(&mut self.sent)
    }

    /// Lets time pass, moment by moment.
    pub(crate) fn pass(&mut self, span: Duration) {
        let end = self.now.after(span);
        while let Some(at) = self.engine.poll_timeout().filter(|at| *at <= end.uptime) {
            let step = at.saturating_sub(self.now.uptime);
            self.now = self.now.after(step);
            let effects = self.engine.handle_timeout(self.now);
            self.take(effects);
        }
        self.now = self.now.after(end.uptime.saturating_sub(self.now.uptime));
    }

    /// Something says something.
    pub(crate) fn says(&mut self, entity: &str, value: Value) {
        self.pass(Duration::from_secs(1));
        let key = "part".parse().unwrap();
        self.report(&device_of(entity), Report::Values(Source::Pushed, vec![(key, value)]));
    }

    pub(crate) fn is_home(&mut self, person: &str, home: bool) {
        self.pass(Duration::from_secs(1));
        self.ask(Request::SetPresence(person.parse().unwrap(), home));
    }

    pub(crate) fn variable(&self, id: &str) -> VariableValue {
        let id: VariableId = id.parse().unwrap();
        self.engine.snapshot().variables.into_iter().find(|it| it.id == id).unwrap().value
    }

    pub(crate) fn set(&mut self, id: &str, value: VariableValue) {
        self.pass(Duration::from_secs(1));
        let id: VariableId = id.parse().unwrap();
        let mut variable =
            self.engine.snapshot().variables.into_iter().find(|it| it.id == id).unwrap();
        variable.value = value;
        self.ask(Request::SaveVariable(variable));
    }

    fn ask(&mut self, request: Request) {
        self.tickets += 1;
        let effects = self.engine.handle_request(Ticket(self.tickets), request, self.now);
        for effect in &effects {
            if let Effect::Reply(_, Err(error)) = effect {
                panic!("refused: {error:?}");
            }
        }
        self.take(effects);
    }

    fn report(&mut self, device: &DeviceId, report: Report) {
        let effects = self.engine.handle_report(device, report, self.now);
        self.take(effects);
    }

    /// Devices do what they are told.
    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let Effect::Send(command) = effect else { continue };
            let device = command.endpoint.device.clone();
            let name = self.names.iter().find(|(id, _)| *id == device).unwrap().1.clone();
            self.sent.push(format!("{name} {:?}", command.action));
            self.report(&device, Report::Progress(command.id.clone(), Progress::Sent));
            self.report(&device, Report::Progress(command.id, Progress::Acknowledged));
            let value = command.action.wanted(None).unwrap();
            let told = vec![(command.endpoint.key, value)];
            self.report(&device, Report::Values(Source::Pushed, told));
        }
    }
}

fn saved(home: &HomeView, now: Timestamp) -> SavedHome {
    let place = Place::new(52.5, 13.4).ok();
    let devices = home.devices.iter().map(|device| DeviceRecord {
        id: device.id.clone(),
        family: device.family,
        address: device.address.clone(),
        description: DeviceDescription {
            name: Name::lossy(&device.name),
            vendor: None,
            model: None,
            firmware: None,
            endpoints: device
                .endpoints
                .iter()
                .map(|it| EndpointDescription {
                    key: it.id.key.clone(),
                    name: None,
                    kind: it.kind,
                    category: it.category,
                    specs: it.specs.clone(),
                })
                .collect(),
        },
        name: None,
        room: None,
        endpoints: Default::default(),
        added_at: now,
    });
    SavedHome {
        home: Some(Home { place, welcomed: true, ..Home::default() }),
        devices: devices.collect(),
        variables: home.variables.clone(),
        scenes: home.scenes.clone(),
        people: home.people.clone(),
        ..SavedHome::default()
    }
}

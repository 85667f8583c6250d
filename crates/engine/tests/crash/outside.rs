//! Everything that outlives a stop of Hearth: its disk, the home with its devices, and what is on
//! its way between them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine::{Effect, Engine, Ticket};
use model::{
    ButtonEvent, Change, Command, DeviceId, EndpointId, FailReason, HookId, Moment, NoticeId,
    Progress, Report, SavedHome, Source, Timestamp, Value,
};

use crate::scenario;
use crate::sim::disk::Disk;
use crate::sim::house;

/// When the scenario begins: a moment before noon, universal time.
pub(crate) const BEGIN: i64 = 1_790_423_990_000;
/// For how long telemetry may wait before it is written.
const TELEMETRY_WAITS: i64 = 250;

/// Where in a turn of the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    /// Nothing of the turn is on disk.
    Before,
    /// Some of what it writes is.
    Within,
    /// All of it is, and some of what it does has been done.
    After,
}

/// How it is stopped, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop {
    /// ms until it is up again.
    pub(crate) downtime: i64,
    /// The machine starts anew, too.
    pub(crate) reboots: bool,
    /// What waited for company on its way to the disk is lost.
    pub(crate) loses_telemetry: bool,
    /// Somebody takes back what devices do meanwhile, so that nothing shows that it was done.
    pub(crate) is_undone: bool,
}

pub(crate) type Note<'a> = &'a mut dyn FnMut(Point, &Outside);

/// Something that happens outside.
#[derive(Debug, Clone)]
enum Event {
    Act(Act),
    /// A command's bytes reach the device.
    Arrives(Command),
    /// A driver tells the engine something; void once Hearth has been stopped since.
    Tells(u32, DeviceId, Report),
    /// A driver has found its device.
    Links(u32, DeviceId),
}

/// Something that people or the weather do.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Says(EndpointId, Value),
    Presses(EndpointId, ButtonEvent),
    Calls(HookId),
}

#[derive(Debug, Clone)]
pub(crate) struct Outside {
    pub(crate) disk: Disk,
    /// Telemetry on its way to the disk, and since when.
    late: Vec<(i64, Change)>,
    values: BTreeMap<EndpointId, Vec<Value>>,
    pub(crate) wall: i64,
    /// When the machine started.
    booted: i64,
    queue: BTreeMap<(i64, u64), Event>,
    number: u64,
    /// How often Hearth was started.
    life: u32,
    /// What has reached devices, and when.
    pub(crate) arrived: Vec<(i64, Command)>,
    /// What was shown to the people.
    pub(crate) shown: Vec<NoticeId>,
}

/// Hearth, and everything outside of it.
pub(crate) struct Home {
    engine: Engine,
    linked: BTreeSet<DeviceId>,
    tickets: u64,
    pub(crate) outside: Outside,
}

impl Outside {
    pub(crate) fn new() -> Self {
        let saved = SavedHome { devices: house::records(), ..SavedHome::default() };
        Self {
            disk: Disk::of(saved),
            late: Vec::new(),
            values: house::values(),
            wall: BEGIN,
            booted: BEGIN - 60_000,
            queue: BTreeMap::new(),
            number: 0,
            life: 0,
            arrived: Vec::new(),
            shown: Vec::new(),
        }
    }

    pub(crate) fn elapsed(&self) -> i64 {
        self.wall - BEGIN
    }

    pub(crate) fn now(&self) -> Moment {
        let uptime = u64::try_from(self.wall - self.booted).expect("it has started");
        Moment { uptime: Duration::from_millis(uptime), wall: Timestamp(self.wall) }
    }

    /// What is left of this when Hearth is stopped.
    pub(crate) fn durable(&self, stop: Stop) -> Self {
        let mut left = self.clone();
        for (_, change) in std::mem::take(&mut left.late) {
            if !stop.loses_telemetry {
                left.disk.write(change);
            }
        }
        left
    }

    /// Lets the time of the stop pass, then starts Hearth from what was durable.
    pub(crate) fn start_again(mut self, stop: Stop, note: Note<'_>) -> Home {
        let up_again = self.wall + stop.downtime;
        self.life += 1;
        while let Some((at, event)) = self.take_due(up_again) {
            self.wall = self.wall.max(at);
            match event {
                Event::Act(Act::Says(endpoint, value)) => self.say(&endpoint, value),
                Event::Arrives(command) => {
                    let before = self.values.clone();
                    self.arrive(&command);
                    if stop.is_undone {
                        self.values = before;
                    }
                }
                Event::Act(_) | Event::Tells(..) | Event::Links(..) => {}
            }
        }
        self.wall = up_again;
        if stop.reboots {
            self.booted = up_again - 5_000;
        }
        Home::start(self, note)
    }

    pub(crate) fn plan(&mut self, after: i64, act: Act) {
        self.push(BEGIN + after, Event::Act(act));
    }

    fn push(&mut self, at: i64, event: Event) {
        self.number += 1;
        self.queue.insert((at, self.number), event);
    }

    fn tell(&mut self, after: i64, device: &DeviceId, report: Report) {
        self.push(self.wall + after, Event::Tells(self.life, device.clone(), report));
    }

    fn take_due(&mut self, until: i64) -> Option<(i64, Event)> {
        let (at, _) = *self.queue.first_key_value()?.0;
        let event = (at <= until).then(|| self.queue.pop_first())??;
        Some((at, event.1))
    }

    fn say(&mut self, endpoint: &EndpointId, value: Value) {
        let known = self.values.entry(endpoint.clone()).or_default();
        if house::change(known, value.clone()) {
            let values = vec![(endpoint.key.clone(), value)];
            self.tell(0, &endpoint.device, Report::Values(Source::Pushed, values));
        }
    }

    /// The device does what it was asked for, and says so.
    fn arrive(&mut self, command: &Command) {
        self.arrived.push((self.wall, command.clone()));
        let device = &command.endpoint.device;
        let understood = Report::Progress(command.id.clone(), Progress::Acknowledged);
        self.tell(4, device, understood);
        for value in house::done(&command.action) {
            let known = self.values.entry(command.endpoint.clone()).or_default();
            house::change(known, value.clone());
            let values = vec![(command.endpoint.key.clone(), value)];
            self.tell(9, device, Report::Values(Source::Pushed, values));
        }
    }

    fn write(&mut self, change: Change) {
        if change.is_telemetry() {
            self.late.push((self.wall, change));
        } else {
            self.disk.write(change);
        }
    }

    fn flush(&mut self) {
        let due = self.wall - TELEMETRY_WAITS;
        for (_, change) in self.late.extract_if(.., |(since, _)| *since <= due).collect::<Vec<_>>()
        {
            self.disk.write(change);
        }
    }
}

impl Home {
    pub(crate) fn start(outside: Outside, note: Note<'_>) -> Self {
        let saved = outside.disk.saved.clone();
        let (engine, effects) = Engine::new(saved, house::status("UTC"), outside.now());
        let mut home = Self { engine, linked: BTreeSet::new(), tickets: 0, outside };
        for (device, number) in house::DEVICES.into_iter().zip(0..) {
            let event = Event::Links(home.outside.life, house::device(device));
            home.outside.push(home.outside.wall + 150 + 40 * number, event);
        }
        home.perform(effects, note);
        home
    }

    pub(crate) fn ask(&mut self, request: api::Request, note: Note<'_>) {
        self.tickets += 1;
        let (ticket, now) = (Ticket(self.tickets), self.outside.now());
        let effects = self.engine.handle_request(ticket, request.clone(), now);
        for effect in &effects {
            if let Effect::Reply(_, Err(refused)) = effect {
                panic!("{refused:?}: {request:?}");
            }
        }
        self.perform(effects, note);
    }

    /// Goes on until so many ms after the beginning.
    pub(crate) fn run(&mut self, until: i64, note: Note<'_>) {
        let until = BEGIN + until;
        let mut standing_still = 0;
        loop {
            let next = self.outside.queue.first_key_value().map(|(key, _)| key.0);
            let wakes = self.engine.poll_timeout().map(|it| {
                let uptime = i64::try_from(it.as_millis()).unwrap_or(i64::MAX);
                let rounded = i64::from(it.subsec_nanos() % 1_000_000 != 0);
                self.outside.booted.saturating_add(uptime).saturating_add(rounded)
            });
            let Some(at) = next.into_iter().chain(wakes).min().filter(|it| *it <= until) else {
                break;
            };
            standing_still = if at > self.outside.wall { 0 } else { standing_still + 1 };
            assert!(standing_still < 5_000, "it turns and turns");
            self.outside.wall = at.max(self.outside.wall);
            self.outside.flush();
            let effects = match self.outside.take_due(at) {
                Some((_, event)) => self.happen(event),
                None => self.engine.handle_timeout(self.outside.now()),
            };
            self.perform(effects, note);
        }
        self.outside.wall = until;
        self.outside.flush();
    }

    fn happen(&mut self, event: Event) -> Vec<Effect> {
        let (now, life) = (self.outside.now(), self.outside.life);
        match event {
            Event::Act(Act::Says(endpoint, value)) => self.outside.say(&endpoint, value),
            Event::Act(Act::Presses(endpoint, event)) => {
                if self.linked.contains(&endpoint.device) {
                    let report = Report::Pressed(endpoint.key, event);
                    return self.engine.handle_report(&endpoint.device, report, now);
                }
            }
            Event::Act(Act::Calls(hook)) => return self.engine.handle_hook(&hook, now),
            Event::Arrives(command) => self.outside.arrive(&command),
            Event::Tells(of, device, report) => {
                if of == life && self.linked.contains(&device) {
                    return self.engine.handle_report(&device, report, now);
                }
            }
            Event::Links(of, device) if of == life => {
                self.linked.insert(device.clone());
                let address = "10.0.0.1:80".parse().expect("an address");
                let mut effects = self.engine.handle_report(&device, Report::Reached(address), now);
                let said = house::snapshot(&self.outside.values, &device);
                let report = Report::Values(Source::Polled, said);
                effects.extend(self.engine.handle_report(&device, report, now));
                return effects;
            }
            Event::Links(..) => {}
        }
        Vec::new()
    }

    /// Performs what the engine asks for, as the hub does: first all is written, then it acts.
    fn perform(&mut self, effects: Vec<Effect>, note: Note<'_>) {
        let (mut writes, mut acts) = (Vec::new(), Vec::new());
        for effect in effects {
            match effect {
                Effect::Persist(change) => writes.push(change),
                Effect::Send(_) | Effect::Notify(_) | Effect::Refresh(_) => acts.push(effect),
                _ => {}
            }
        }
        if !writes.is_empty() {
            note(Point::Before, &self.outside);
        }
        let mut left = writes.iter().filter(|it| !it.is_telemetry()).count();
        for change in writes {
            let is_firm = !change.is_telemetry();
            self.outside.write(change);
            left -= usize::from(is_firm);
            if is_firm {
                let point = if left == 0 { Point::After } else { Point::Within };
                note(point, &self.outside);
            }
        }
        for act in acts {
            self.act(act, note);
        }
    }

    fn act(&mut self, act: Effect, note: Note<'_>) {
        match act {
            Effect::Send(command) => {
                let device = command.endpoint.device.clone();
                if self.linked.contains(&device) {
                    let sent = Report::Progress(command.id.clone(), Progress::Sent);
                    self.outside.tell(1, &device, sent);
                    self.outside.push(self.outside.wall + 6, Event::Arrives(command));
                } else {
                    let failed = Progress::Failed(FailReason::Unreachable);
                    let report = Report::Progress(command.id, failed);
                    let effects = self.engine.handle_report(&device, report, self.outside.now());
                    self.perform(effects, note);
                }
                note(Point::After, &self.outside);
            }
            Effect::Notify(notice) => {
                self.outside.shown.push(notice.id);
                note(Point::After, &self.outside);
            }
            Effect::Refresh(device) if self.linked.contains(&device) => {
                let said = house::snapshot(&self.outside.values, &device);
                self.outside.tell(5, &device, Report::Values(Source::Polled, said));
            }
            _ => {}
        }
    }
}

/// What the scenario has in store.
pub(crate) fn plan(outside: &mut Outside) {
    for (after, act) in scenario::acts() {
        outside.plan(after, act);
    }
}

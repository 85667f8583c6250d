//! The home itself: the engine through its public face, a disk, and devices that do at once what
//! reaches them. Everything that happens is told to the reference, too.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use api::{HubStatus, Vault};
use engine::{Effect, Engine};
use model::rule::{Rule, RunOutcome, Trace};
use model::{
    Action, BooleanMeaning, ButtonEvent, Category, Cause, Celsius, Change, Command,
    DeviceDescription, DeviceId, DeviceRecord, EndpointDescription, EndpointId, EndpointKey,
    EndpointKind, FailReason, Family, Home as HomeRecord, LastReport, LockState, Moment, Name,
    Origin, Percent, Place, Progress, Report, RuleId, SavedHome, Source, Spec, Timestamp, Value,
    Variable, VariableValue, Zone,
};

use crate::disk::Disk;
use crate::plan::{DAY, EYES, Event, NOSE, Plan};
use crate::reference::{End, Now, Reference, Seen, device_of};
use crate::rules::{self, BUTTON, DOOR, MOTION, WARM, endpoint, part, rule_id};

/// For how long telemetry waits for company on its way to the disk, ms.
const TELEMETRY_WAITS: i64 = 250;
/// More turns than that at one moment are a circle.
const MOST_TURNS: u32 = 10_000;

struct Home {
    engine: Engine,
    disk: Disk,
    late: Vec<(i64, Change)>,
    /// Time that never jumps, ms since the beginning.
    steady: i64,
    /// Wall time minus steady time.
    ahead: i64,
    /// Steady time at which the machine started.
    booted: i64,
    values: BTreeMap<EndpointId, Vec<Value>>,
    off: BTreeSet<DeviceId>,
    zone: Zone,
    boxes: usize,
    seen: Seen,
}

/// Lives through a plan; how many runs there were.
pub(crate) fn live(plan: Plan) -> Result<usize, String> {
    let mut home = Home::new(&plan);
    let mut reference = Reference::new(&plan, sensors());
    for (at, event) in &plan.events {
        home.pass(*at, &mut reference);
        home.happen(event, &mut reference);
    }
    home.pass(plan.days * DAY, &mut reference);
    home.compare(&reference)?;
    Ok(home.seen.ran.len())
}

impl Home {
    fn new(plan: &Plan) -> Self {
        let zone = Zone::try_from(plan.zone.name().to_owned()).expect("a zone");
        let boxes = plan.rules.len();
        let values = values(boxes);
        let disk = Disk::of(saved(plan, &zone, &values));
        let (booted, off) = (-100_000, BTreeSet::new());
        let now = moment(0, plan.begin, booted);
        let (engine, effects) = Engine::new(disk.saved.clone(), status(&zone), now);
        let (late, seen) = (Vec::new(), Seen::default());
        let (steady, ahead) = (0, plan.begin);
        let mut home =
            Self { engine, disk, late, steady, ahead, booted, values, off, zone, boxes, seen };
        home.perform(effects);
        home.link_all();
        home
    }

    fn now(&self) -> Now {
        Now { wall: self.steady + self.ahead, steady: self.steady }
    }

    fn moment(&self) -> Moment {
        moment(self.steady, self.ahead, self.booted)
    }

    /// Time passes until then; whatever is due is done when it is.
    fn pass(&mut self, until: i64, reference: &mut Reference) {
        let mut turns = 0;
        loop {
            let wakes = self.engine.poll_timeout().map(|it| {
                let rounded = i64::from(it.subsec_nanos() % 1_000_000 != 0);
                i64::try_from(it.as_millis()).expect("not so long") + self.booted + rounded
            });
            let next = wakes.into_iter().chain(reference.next()).min();
            let Some(next) = next.filter(|it| *it <= until) else { break };
            turns = if next > self.steady { 0 } else { turns + 1 };
            assert!(turns < MOST_TURNS, "it turns and turns at {:?}", self.now());
            self.steady = self.steady.max(next);
            if wakes.is_some_and(|it| it <= self.steady) {
                self.wake();
            }
            reference.advance(self.now());
        }
        self.steady = until.max(self.steady);
        reference.advance(self.now());
    }

    fn wake(&mut self) {
        let effects = self.engine.handle_timeout(self.moment());
        self.perform(effects);
    }

    fn happen(&mut self, event: &Event, reference: &mut Reference) {
        match event {
            Event::Sees(sensor, value) => self.sees(sensor, value, reference),
            Event::Presses => {
                if !self.is_off(EYES) {
                    self.hear(Report::Pressed(endpoint(BUTTON).key, ButtonEvent::Pressed(1)), EYES);
                    reference.presses();
                }
            }
            Event::Lost(device) => {
                if self.is_there(device) && !self.is_off(device) {
                    self.off.insert(device.parse().expect("a device id"));
                    self.hear(Report::Lost(Cause::NoAnswer), device);
                    reference.loses(device);
                }
            }
            Event::Back(device) => {
                if self.is_there(device) && self.is_off(device) {
                    self.off.remove(&device.parse::<DeviceId>().expect("a device id"));
                    self.find(device, reference);
                }
            }
            Event::Stops { downtime, reboots, loses_telemetry } => {
                self.stop(*downtime, *reboots, *loses_telemetry, reference);
            }
            Event::Sleeps(span) => self.sleep(*span, reference),
            Event::Jumps(by) => {
                self.ahead += by;
                self.wake();
                reference.jumps(self.now());
                reference.advance(self.now());
            }
        }
    }

    fn sees(&mut self, sensor: &'static str, value: &Value, reference: &mut Reference) {
        let endpoint = endpoint(sensor);
        if let Some(said) = self.values.get_mut(&endpoint) {
            *said = vec![value.clone()];
        }
        if !self.is_off(device_of(sensor)) {
            let values = vec![(endpoint.key, value.clone())];
            self.hear(Report::Values(Source::Pushed, values), device_of(sensor));
            reference.hears(&[(sensor, value.clone())], false);
        }
    }

    /// The machine sleeps; when it wakes, every connection is found broken and made anew.
    fn sleep(&mut self, span: i64, reference: &mut Reference) {
        self.steady += span;
        self.wake();
        reference.advance(self.now());
        for device in self.devices() {
            if !self.is_off(&device) {
                self.hear(Report::Lost(Cause::NoAnswer), &device);
                reference.loses(&device);
                self.find(&device, reference);
            }
        }
    }

    fn stop(&mut self, downtime: i64, reboots: bool, loses: bool, reference: &mut Reference) {
        self.flush(if loses { TELEMETRY_WAITS } else { 0 });
        self.late.clear();
        self.steady += downtime;
        if reboots {
            self.booted = self.steady - 20_000;
        }
        let saved = self.disk.saved.clone();
        let seen_to = saved.rules.seen_to.map(|it| it.0);
        let (engine, effects) = Engine::new(saved, status(&self.zone), self.moment());
        self.engine = engine;
        self.perform(effects);
        reference.starts_again(self.now(), seen_to);
        for device in self.devices() {
            if self.is_off(&device) {
                self.hear(Report::Lost(Cause::NoAnswer), &device);
                reference.loses(&device);
            } else {
                self.find(&device, reference);
            }
        }
        self.wake();
        reference.advance(self.now());
    }

    fn find(&mut self, device: &str, reference: &mut Reference) {
        self.link(device);
        reference.finds(device);
        let sensors = [DOOR, MOTION, WARM].into_iter().filter(|it| device_of(it) == device);
        let said = sensors.map(|it| (it, self.values[&endpoint(it)][0].clone()));
        reference.hears(&said.collect::<Vec<_>>(), true);
    }

    fn link_all(&mut self) {
        for device in self.devices() {
            self.link(&device);
        }
        self.wake();
    }

    fn link(&mut self, device: &str) {
        self.hear(Report::Reached("10.0.0.1:80".parse().expect("an address")), device);
        let of_device = self.values.iter().filter(|(it, _)| it.device.as_str() == device);
        let said = of_device.flat_map(|(it, values)| {
            values.iter().map(move |value| (it.key.clone(), value.clone()))
        });
        let said = said.collect();
        self.hear(Report::Values(Source::Polled, said), device);
    }

    fn devices(&self) -> Vec<String> {
        let boxes = (0..self.boxes).map(|it| format!("shelly-box{it}"));
        [EYES.to_owned(), NOSE.to_owned()].into_iter().chain(boxes).collect()
    }

    fn is_there(&self, device: &str) -> bool {
        self.devices().iter().any(|it| it == device)
    }

    fn is_off(&self, device: &str) -> bool {
        self.off.iter().any(|it| it.as_str() == device)
    }

    fn hear(&mut self, report: Report, device: &str) {
        let device: DeviceId = device.parse().expect("a device id");
        let effects = self.engine.handle_report(&device, report, self.moment());
        self.perform(effects);
    }

    // --- what the engine asks for

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue = VecDeque::from([effects]);
        while let Some(effects) = queue.pop_front() {
            let mut acts = Vec::new();
            for effect in effects {
                match effect {
                    Effect::Persist(change) => self.write(change),
                    Effect::Send(_) | Effect::Notify(_) | Effect::Refresh(_) => acts.push(effect),
                    _ => {}
                }
            }
            for act in acts {
                queue.extend(self.act(act));
            }
        }
        self.flush(TELEMETRY_WAITS);
    }

    fn write(&mut self, change: Change) {
        if change.is_telemetry() && matches!(change, Change::SeenTo(_)) {
            self.late.push((self.steady, change));
        } else {
            self.disk.write(change);
        }
    }

    fn flush(&mut self, waits: i64) {
        let due = self.steady - waits;
        for (_, change) in self.late.extract_if(.., |(since, _)| *since <= due).collect::<Vec<_>>()
        {
            self.disk.write(change);
        }
    }

    fn act(&mut self, act: Effect) -> Vec<Vec<Effect>> {
        match act {
            Effect::Send(command) => self.send(&command),
            Effect::Notify(notice) => {
                self.seen.told.push((self.steady, number_of(&notice.rule)));
                Vec::new()
            }
            Effect::Refresh(device) if !self.off.contains(&device) => {
                let said = self.values.iter().filter(|(it, _)| it.device == device);
                let said = said.flat_map(|(it, values)| {
                    values.iter().map(move |value| (it.key.clone(), value.clone()))
                });
                let report = Report::Values(Source::Polled, said.collect());
                vec![self.engine.handle_report(&device, report, self.moment())]
            }
            _ => Vec::new(),
        }
    }

    /// The device does it at once, and says so.
    fn send(&mut self, command: &Command) -> Vec<Vec<Effect>> {
        let Command { id, endpoint, action, .. } = command;
        let device = &endpoint.device;
        let mut reports = Vec::new();
        if self.off.contains(device) {
            let failed = Progress::Failed(FailReason::Unreachable);
            reports.push(Report::Progress(id.clone(), failed));
        } else {
            self.seen.arrived.push((self.steady, endpoint.clone(), action.clone()));
            reports.push(Report::Progress(id.clone(), Progress::Sent));
            let values = said_after(action);
            if values.is_empty() {
                reports.push(Report::Progress(id.clone(), Progress::Acknowledged));
            } else {
                let known = self.values.entry(endpoint.clone()).or_default();
                for value in &values {
                    known.retain(|it| it.capability() != value.capability());
                    known.push(value.clone());
                }
                let key = &endpoint.key;
                let said: Vec<(EndpointKey, Value)> =
                    values.into_iter().map(|it| (key.clone(), it)).collect();
                reports.push(Report::Values(Source::Pushed, said));
            }
        }
        let now = self.moment();
        reports.into_iter().map(|it| self.engine.handle_report(device, it, now)).collect()
    }

    // --- the end

    fn compare(&mut self, reference: &Reference) -> Result<(), String> {
        let Seen { arrived, told, ran, in_vain } = &reference.seen;
        self.seen.ran = self.disk.ended.iter().map(in_short).collect();
        let by_part = |it: &(i64, EndpointId, Action)| (it.0, it.1.clone(), format!("{:?}", it.2));
        same("commands", &self.seen.arrived, arrived, by_part)?;
        same("notices", &self.seen.told, told, |it| *it)?;
        same("runs", &self.seen.ran, ran, |it| *it)?;
        for not_run in &self.disk.not_runs {
            let when = (not_run.at.0, number_of(&not_run.rule));
            if !in_vain.contains(&when) {
                return Err(format!("set off in vain, and nobody expected it: {not_run:?}"));
            }
        }
        let open = self.disk.saved.rules.runs.len();
        if open != reference.open_runs() {
            return Err(format!("{open} runs are open, not {}", reference.open_runs()));
        }
        for (rule, variable) in self.disk.saved.variables.iter().enumerate() {
            let expected = VariableValue::Number(reference.count(rule));
            if variable.value != expected {
                return Err(format!("{variable:?} should be {expected:?}"));
            }
        }
        Ok(())
    }
}

/// A run in short.
fn in_short(trace: &Trace) -> (usize, i64, i64, End) {
    let (outcome, at) = trace.ended.clone().expect("it has ended");
    let how = match outcome {
        RunOutcome::Finished { .. } => End::Finished,
        RunOutcome::Stopped => End::Stopped,
        RunOutcome::TimedOut => End::TimedOut,
        RunOutcome::Restarted => End::Restarted,
        RunOutcome::Cancelled | RunOutcome::Runaway => panic!("nobody gave it up: {trace:?}"),
    };
    (number_of(&trace.rule), trace.started_at.0, at.0, how)
}

/// Whether both tell the same, in an order that does not depend on what happened in one moment.
fn same<T: Clone + PartialEq + std::fmt::Debug, K: Ord>(
    what: &str,
    found: &[T],
    expected: &[T],
    order: impl Fn(&T) -> K,
) -> Result<(), String> {
    let (mut found, mut expected) = (found.to_vec(), expected.to_vec());
    found.sort_by_key(&order);
    expected.sort_by_key(&order);
    let place = found.iter().zip(&expected).position(|(one, other)| one != other);
    let place =
        place.or_else(|| (found.len() != expected.len()).then(|| found.len().min(expected.len())));
    let Some(place) = place else { return Ok(()) };
    let around = |list: &[T]| {
        let (from, to) = (place.saturating_sub(3).min(list.len()), (place + 3).min(list.len()));
        list[from..to].to_vec()
    };
    Err(format!("{what}: {:#?}\nshould be {:#?}", around(&found), around(&expected)))
}

fn moment(steady: i64, ahead: i64, booted: i64) -> Moment {
    let uptime = u64::try_from(steady - booted).expect("it has started");
    Moment { uptime: Duration::from_millis(uptime), wall: Timestamp(steady + ahead) }
}

fn number_of(rule: &RuleId) -> usize {
    rule.as_str().trim_start_matches("rule-").parse().expect("a rule of ours")
}

fn said_after(action: &Action) -> Vec<Value> {
    match action {
        Action::SetOnOff(on) => vec![Value::OnOff(*on)],
        Action::SetLevel(level) => vec![Value::OnOff(true), Value::Level(*level)],
        Action::SetLocked(true) => vec![Value::DoorLock(LockState::Locked)],
        Action::SetLocked(false) => vec![Value::DoorLock(LockState::Unlocked)],
        _ => Vec::new(),
    }
}

fn sensors() -> BTreeMap<&'static str, Value> {
    let warm = Celsius::try_from(20.0).expect("a temperature");
    [
        (DOOR, Value::BooleanState(false)),
        (MOTION, Value::OccupancySensing(false)),
        (WARM, Value::TemperatureMeasurement(warm)),
    ]
    .into()
}

fn values(boxes: usize) -> BTreeMap<EndpointId, Vec<Value>> {
    let mut all: BTreeMap<EndpointId, Vec<Value>> =
        sensors().into_iter().map(|(it, value)| (endpoint(it), vec![value])).collect();
    for number in 0..boxes {
        let light = vec![Value::OnOff(false), Value::Level(Percent::FULL)];
        all.insert(part(number, "light"), light);
        all.insert(part(number, "relay"), vec![Value::OnOff(false)]);
        all.insert(part(number, "lock"), vec![Value::DoorLock(LockState::Locked)]);
    }
    all
}

fn status(zone: &Zone) -> HubStatus {
    let vault = Vault::Keyring;
    let webhooks = Vec::new();
    let zone = zone.clone();
    HubStatus { sandbox: false, sandbox_offered: true, discovering: true, vault, zone, webhooks }
}

fn described(key: &str, kind: EndpointKind, specs: Vec<Spec>) -> EndpointDescription {
    let key = key.parse().expect("an endpoint key");
    EndpointDescription { key, name: None, kind, category: Category::Primary, specs }
}

fn record(id: &str, endpoints: Vec<EndpointDescription>) -> DeviceRecord {
    let (name, vendor, model, firmware) = (None, None, None, None);
    DeviceRecord {
        id: id.parse().expect("a device id"),
        family: Family::Shelly,
        address: "10.0.0.1:80".parse().expect("an address"),
        description: DeviceDescription { name, vendor, model, firmware, endpoints },
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: Timestamp(0),
    }
}

fn saved(plan: &Plan, zone: &Zone, values: &BTreeMap<EndpointId, Vec<Value>>) -> SavedHome {
    let sensor = |key, spec| described(key, EndpointKind::Sensor, vec![spec]);
    let mut devices = vec![
        record(
            EYES,
            vec![
                sensor("door", Spec::BooleanState(BooleanMeaning::Open)),
                sensor("motion", Spec::OccupancySensing),
                described("button", EndpointKind::Button, vec![Spec::Button]),
            ],
        ),
        record(NOSE, vec![sensor("warm", Spec::TemperatureMeasurement)]),
    ];
    let before = Timestamp(plan.begin - 3_600_000);
    let rules = plan.rules.iter().enumerate().map(|(number, body)| Rule {
        id: rule_id(number),
        version: 1,
        enabled: true,
        saved_at: before,
        body: body.clone(),
    });
    let mut home = SavedHome::default();
    home.rules.rules = rules.collect();
    for number in 0..plan.rules.len() {
        let light = described("light", EndpointKind::Light, vec![Spec::OnOff, Spec::Level]);
        let relay = described("relay", EndpointKind::Switch, vec![Spec::OnOff]);
        let lock = described("lock", EndpointKind::Lock, vec![Spec::DoorLock]);
        let bell = described("bell", EndpointKind::Button, vec![Spec::Momentary]);
        devices.push(record(&format!("shelly-box{number}"), vec![light, relay, lock, bell]));
        let id = rules::variable_id(number);
        let name = Name::try_from(format!("Count {number}")).expect("a name");
        home.variables.push(Variable { id, name, value: VariableValue::Number(0.0) });
    }
    home.devices = devices;
    home.home = Some(HomeRecord {
        zone: Some(zone.clone()),
        place: Place::new(52.5, 13.4).ok(),
        welcomed: true,
        ..HomeRecord::default()
    });
    home.reports = values
        .iter()
        .flat_map(|(it, values)| values.iter().map(move |value| (it, value)))
        .map(|(it, value)| LastReport {
            endpoint: it.clone(),
            value: value.clone(),
            at: before,
            since: before,
            origin: Origin::Unknown,
        })
        .collect();
    home
}

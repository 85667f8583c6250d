//! Whatever comes in, in whatever order: nothing panics, and what must stand stands.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::{AddTarget, HomeView, HubStatus, Request, Update, Vault};
use engine::{Effect, Engine, Ticket};
use model::{
    Action, Address, ButtonEvent, Cause, Change, CommandId, CoverMove, DeviceDescription,
    EndpointKind, FailReason, IssueKind, Moment, Name, OpenCommand, ProbeFailure, Progress,
    Reachability, Report, RoomId, SavedHome, Secret, Settings, SightingChange, Source, Spec,
    Timestamp, Value,
};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use crate::home::{
    BOX, Home, LAMP, PLUG, answer, at, box_of_all_sorts, command_id, described, endpoint_id, id,
    lamp, level, name, part, plug, saved, sighting, status,
};

#[derive(Debug, Clone)]
enum Input {
    Ask(Request),
    Hear(&'static str, Report),
    Sight(SightingChange),
    Probe(u64, Result<model::Probed, ProbeFailure>),
    Trouble(IssueKind),
    TroubleOver(IssueKind),
    Status(HubStatus),
    Wait(u64),
    /// The engine is woken late, or for nothing.
    Wake(u64),
    /// Somebody sets the wall clock.
    SetClock(i64),
}

const DEVICES: [&str; 5] = [PLUG, LAMP, BOX, "shelly-new", "shelly-xlug"];
const ENDPOINTS: [&str; 7] = [
    "shelly-plug/switch-0",
    "wled-lamp/light-0",
    "esphome-box/lock",
    "esphome-box/blind",
    "esphome-box/bell",
    "shelly-new/switch-0",
    "shelly-none/none",
];

fn device() -> impl Strategy<Value = &'static str> {
    select(&DEVICES[..])
}

fn address() -> impl Strategy<Value = Address> {
    (1..6_u8).prop_map(|last| at(&format!("10.0.0.{last}:80")))
}

fn room() -> impl Strategy<Value = RoomId> {
    select(&["a", "b", "c", "d"][..]).prop_map(|it| it.parse().unwrap())
}

fn some_name() -> impl Strategy<Value = Name> {
    select(&["Plug", "Lamp", "Kettle"][..]).prop_map(name)
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        any::<bool>().prop_map(Action::SetOnOff),
        (0..3_u8).prop_map(|it| Action::SetLevel(level(it * 50))),
        any::<bool>().prop_map(Action::SetLocked),
        select(&[CoverMove::Open, CoverMove::Stop][..]).prop_map(Action::MoveCover),
        Just(Action::Press),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::OnOff),
        (0..3_u8).prop_map(|it| Value::Level(level(it * 50))),
        select(&[model::LockState::Locked, model::LockState::Jammed][..]).prop_map(Value::DoorLock),
        any::<f64>().prop_map(Value::NumericControl),
    ]
}

fn description() -> impl Strategy<Value = DeviceDescription> {
    let thin = described("Plug", vec![part("switch-0", EndpointKind::Plug, vec![Spec::OnOff])]);
    let twice = [
        part("lock", EndpointKind::Fan, vec![Spec::Level, Spec::Level]),
        part("lock", EndpointKind::Lock, vec![]),
    ];
    let twice = described("Lamp", twice.into());
    let nameless = described("", vec![]);
    select(vec![plug(), lamp(), box_of_all_sorts(), thin, twice, nameless])
}

fn cause() -> impl Strategy<Value = Cause> {
    select(vec![
        Cause::NoAnswer,
        Cause::SaidGoodbye,
        Cause::NeedsSecret,
        Cause::WrongSecret,
        Cause::WrongIdentity { found: id("shelly-other") },
        Cause::Garbage("?".to_owned()),
        Cause::SecretsLocked,
    ])
}

fn progress() -> impl Strategy<Value = Progress> {
    select(vec![
        Progress::Sent,
        Progress::Sent,
        Progress::Acknowledged,
        Progress::Failed(FailReason::QueueFull),
        Progress::Failed(FailReason::Refused("no".to_owned())),
    ])
}

fn command() -> impl Strategy<Value = CommandId> {
    (0..12_u8).prop_map(|it| command_id(&format!("c{it}")))
}

fn report() -> impl Strategy<Value = Report> {
    let source = select(&[Source::Pushed, Source::Polled][..]);
    let keys = ENDPOINTS.map(|it| endpoint_id(it).key);
    let values = vec((select(keys.to_vec()), value()), 0..4);
    prop_oneof![
        2 => address().prop_map(Report::Reached),
        1 => cause().prop_map(Report::Lost),
        1 => description().prop_map(Report::Described),
        4 => (source, values).prop_map(|(source, values)| Report::Values(source, values)),
        1 => select(keys.to_vec()).prop_map(|key| Report::Pressed(key, ButtonEvent::Down)),
        4 => (command(), progress()).prop_map(|(id, progress)| Report::Progress(id, progress)),
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let endpoint = || select(&ENDPOINTS[..]).prop_map(endpoint_id);
    let maybe_room = || proptest::option::of(room());
    let maybe_name = || proptest::option::of(some_name());
    let target = prop_oneof![
        device().prop_map(|it| AddTarget::Found(id(it))),
        address().prop_map(|it| AddTarget::At(it, None)),
    ];
    let secret = || proptest::option::of(Just(Secret::new("hunter2".to_owned())));
    prop_oneof![
        20 => (command(), endpoint(), action())
            .prop_map(|(id, endpoint, action)| Request::Control { id, endpoint, action }),
        4 => (target, secret(), maybe_name(), maybe_room())
            .prop_map(|(target, secret, name, room)| Request::Add { target, secret, name, room }),
        1 => (device(), secret())
            .prop_map(|(it, secret)| Request::SetSecret { device: id(it), secret }),
        1 => device().prop_map(|it| Request::Reconnect(id(it))),
        1 => device().prop_map(|it| Request::RemoveDevice(id(it))),
        2 => (device(), maybe_name()).prop_map(|(it, name)| Request::NameDevice(id(it), name)),
        2 => (device(), maybe_room()).prop_map(|(it, room)| Request::PlaceDevice(id(it), room)),
        1 => (endpoint(), maybe_name()).prop_map(|(it, name)| Request::NameEndpoint(it, name)),
        2 => (endpoint(), maybe_room()).prop_map(|(it, room)| Request::PlaceEndpoint(it, room)),
        1 => (endpoint(), any::<bool>()).prop_map(|(it, yes)| Request::SetFavourite(it, yes)),
        3 => (room(), some_name()).prop_map(|(it, name)| Request::CreateRoom(it, name)),
        1 => (room(), some_name()).prop_map(|(it, name)| Request::NameRoom(it, name)),
        2 => (room(), 0..6_u32).prop_map(|(it, to)| Request::MoveRoom(it, to)),
        1 => room().prop_map(Request::RemoveRoom),
        1 => maybe_name().prop_map(Request::NameHome),
        1 => Just(Request::Welcomed),
        1 => Just(Request::SetSettings(Settings::default())),
        1 => trouble().prop_map(|it| Request::ResolveIssue(it.id())),
        1 => secret().prop_map(|passphrase| Request::Unlock { passphrase }),
        1 => Just(Request::EnterSandbox),
        1 => Just(Request::LeaveSandbox),
    ]
}

fn trouble() -> impl Strategy<Value = IssueKind> {
    select(vec![
        IssueKind::CannotWrite("full".to_owned()),
        IssueKind::CannotWrite("read-only".to_owned()),
        IssueKind::NeedsSecret(id(PLUG)),
        IssueKind::DiscoveryFailed("no".to_owned()),
        IssueKind::DatabaseRestored { copied_at: None, kept: "x".to_owned() },
    ])
}

fn sight() -> impl Strategy<Value = SightingChange> {
    prop_oneof![
        3 => (device(), vec(address(), 0..3)).prop_map(|(device, addresses)| {
            SightingChange::Seen(model::Sighting { addresses, ..sighting(device, &[]) })
        }),
        1 => device().prop_map(|it| SightingChange::Gone(id(it))),
    ]
}

fn probe() -> impl Strategy<Value = Result<model::Probed, ProbeFailure>> {
    prop_oneof![
        3 => (device(), address(), description()).prop_map(|(device, address, description)| {
            Ok(answer(device, &address.to_string(), description))
        }),
        1 => Just(Err(ProbeFailure::NoAnswer)),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    let vault = select(&[Vault::Keyring, Vault::Locked][..]);
    prop_oneof![
        6 => request().prop_map(Input::Ask),
        10 => (device(), report()).prop_map(|(device, report)| Input::Hear(device, report)),
        3 => sight().prop_map(Input::Sight),
        2 => (1..40_u64, probe()).prop_map(|(ticket, outcome)| Input::Probe(ticket, outcome)),
        1 => trouble().prop_map(Input::Trouble),
        1 => trouble().prop_map(Input::TroubleOver),
        1 => vault.prop_map(|vault| Input::Status(HubStatus { vault, ..status() })),
        3 => (0..4_000_u64).prop_map(Input::Wait),
        1 => (0..10_000_u64).prop_map(Input::Wake),
        1 => any::<i32>().prop_map(|it| Input::SetClock(i64::from(it))),
    ]
}

/// What the hub would have done with the effects, kept to be compared.
#[derive(Debug, Default)]
struct Ledger {
    saved: SavedHome,
    open: BTreeSet<CommandId>,
    sent: BTreeSet<CommandId>,
    ended: BTreeSet<CommandId>,
    waiting: BTreeSet<Ticket>,
}

impl Ledger {
    fn perform(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Persist(change) => self.write(change),
                Effect::Send(command) => {
                    assert!(self.open.contains(&command.id), "written down before it leaves");
                    assert!(self.sent.insert(command.id.clone()), "sent once");
                }
                Effect::Publish(Update::Command(id, state)) => {
                    assert!(!self.ended.contains(id), "nothing comes after the end: {id}");
                    if state.is_final() {
                        self.ended.insert(id.clone());
                    }
                }
                Effect::Drive { addresses, .. } | Effect::Probe { addresses, .. } => {
                    assert!((1..=8).contains(&addresses.len()));
                }
                Effect::Reply(ticket, _) => {
                    assert!(self.waiting.remove(ticket), "answered once");
                }
                Effect::Unlock(ticket, _)
                | Effect::Switch(ticket, _)
                | Effect::Consult(ticket, _)
                | Effect::Rehearse(ticket, _)
                | Effect::ReadForeign(ticket, ..) => {
                    assert!(self.waiting.remove(ticket), "handed over once");
                }
                Effect::Publish(_)
                | Effect::Refresh(_)
                | Effect::Undrive(_)
                | Effect::TryNow(_)
                | Effect::KeepSecret(..)
                | Effect::RetryWrites
                | Effect::Listen(_)
                | Effect::WatchPhones(_)
                | Effect::KeepBrokerSecret(_)
                | Effect::Notify(_) => {}
            }
        }
    }

    fn write(&mut self, change: &Change) {
        let saved = &mut self.saved;
        match change.clone() {
            Change::Home(home) => saved.home = Some(home),
            Change::Settings(settings) => saved.settings = Some(settings),
            Change::Room(room) => {
                saved.rooms.retain(|it| it.id != room.id);
                saved.rooms.push(room);
            }
            Change::RoomGone(room) => saved.rooms.retain(|it| it.id != room),
            Change::Device(device) => {
                saved.devices.retain(|it| it.id != device.id);
                saved.devices.push(*device);
            }
            Change::DeviceGone(device) => {
                saved.devices.retain(|it| it.id != device);
                saved.reports.retain(|it| it.endpoint.device != device);
            }
            Change::Reported(report) => {
                let capability = report.value.capability();
                saved.reports.retain(|it| {
                    it.endpoint != report.endpoint || it.value.capability() != capability
                });
                saved.reports.push(report);
            }
            Change::CommandOpened(command, requested_at) => {
                let model::Command { id, endpoint, action, origin, .. } = command;
                assert!(!self.sent.contains(&id) && self.open.insert(id.clone()));
                let open = OpenCommand { id, endpoint, action, requested_at, origin };
                saved.open_commands.push(open);
            }
            Change::CommandClosed(id, outcome, _) => {
                assert!(outcome.is_final() && self.open.remove(&id), "closed once: {id}");
                saved.open_commands.retain(|it| it.id != id);
            }
            Change::Role(role) => put(&mut saved.roles, role, |it| it.id.clone()),
            Change::RoleGone(id) => saved.roles.retain(|it| it.id != id),
            Change::Scene(scene) => put(&mut saved.scenes, scene, |it| it.id.clone()),
            Change::SceneGone(id) => saved.scenes.retain(|it| it.id != id),
            Change::Group(group) => put(&mut saved.groups, group, |it| it.id.clone()),
            Change::GroupGone(id) => saved.groups.retain(|it| it.id != id),
            Change::Person(person) => put(&mut saved.people, person, |it| it.id.clone()),
            Change::PersonGone(id) => saved.people.retain(|it| it.id != id),
            Change::Variable(it) => put(&mut saved.variables, it, |it| it.id.clone()),
            Change::VariableGone(id) => saved.variables.retain(|it| it.id != id),
            Change::Notice(notice) => put(&mut saved.notices, *notice, |it| it.id.clone()),
            Change::NoticeGone(id) => saved.notices.retain(|it| it.id != id),
            // What rules write is tried in the tests of rules.
            Change::Rule(_)
            | Change::RuleGone(_)
            | Change::RunBegan(_)
            | Change::RunWent(_)
            | Change::NotRun(_)
            | Change::Watch(_)
            | Change::WatchesGone(_)
            | Change::Asked(_)
            | Change::AskedGone(_)
            | Change::SeenTo(_)
            | Change::Recorded(_) => {}
        }
    }
}

/// Writes down what is new or has changed, as the store does: at the end.
fn put<T, K: PartialEq>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> K) {
    list.retain(|it| key(it) != key(&new));
    list.push(new);
}

struct Run {
    home: Home,
    ledger: Ledger,
}

impl Run {
    fn new() -> Self {
        let ledger = Ledger { saved: saved(), ..Ledger::default() };
        Self { home: Home::opened(saved()).0, ledger }
    }

    fn take(&mut self, input: Input) {
        let now = self.home.now;
        let engine = &mut self.home.engine;
        let effects = match input {
            Input::Ask(request) => {
                let ticket = Ticket(self.home.next_ticket());
                self.ledger.waiting.insert(ticket);
                self.home.engine.handle_request(ticket, request, now)
            }
            Input::Hear(device, report) => engine.handle_report(&id(device), report, now),
            Input::Sight(change) => engine.handle_sighting(change, now),
            Input::Probe(ticket, outcome) => engine.handle_probe(Ticket(ticket), outcome, now),
            Input::Trouble(kind) => engine.handle_trouble(kind, now),
            Input::TroubleOver(kind) => engine.handle_trouble_over(&kind.id(), now),
            Input::Status(status) => engine.handle_status(status),
            Input::Wait(millis) => return self.wait(now.after(Duration::from_millis(millis))),
            Input::Wake(millis) => {
                self.home.now = now.after(Duration::from_millis(millis));
                return self.wake();
            }
            Input::SetClock(wall) => {
                self.home.now = Moment { wall: Timestamp(wall), ..now };
                return;
            }
        };
        self.done(effects);
    }

    fn wait(&mut self, end: Moment) {
        while let Some(at) = self.home.engine.poll_timeout().filter(|it| *it <= end.uptime) {
            let now = self.home.now;
            self.home.now = now.after(at.saturating_sub(now.uptime));
            self.wake();
        }
        self.home.now = Moment { wall: self.home.now.wall, ..end };
    }

    fn wake(&mut self) {
        let now = self.home.now;
        let effects = self.home.engine.handle_timeout(now);
        self.done(effects);
        assert!(self.home.engine.poll_timeout().is_none_or(|it| it > now.uptime), "no busy loop");
    }

    fn done(&mut self, effects: Vec<Effect>) {
        self.ledger.perform(&effects);
        self.home.done(effects);
        let snapshot = self.home.engine.snapshot();
        self.commands_stand(&snapshot);
        lists_stand(&snapshot);
        self.written_is_what_is(&snapshot);
    }

    /// What is on its way is in the journal, and the other way round; nothing is on its way to
    /// a device that cannot be reached; and nothing waits for ever.
    fn commands_stand(&self, snapshot: &HomeView) {
        let mut on_their_way = BTreeSet::new();
        for device in &snapshot.devices {
            let states = device.endpoints.iter().flat_map(|it| it.states.values());
            let pending: Vec<_> = states.filter_map(|it| it.pending.as_ref()).collect();
            let is_lost = matches!(device.reachability, Reachability::Unreachable { .. });
            assert!(!is_lost || pending.is_empty(), "{pending:?}");
            assert!(pending.iter().all(|it| !it.state.is_final()));
            on_their_way.extend(pending.into_iter().map(|it| it.command.clone()));
        }
        assert_eq!(on_their_way, self.ledger.open);
        assert!(on_their_way.is_empty() || self.home.engine.poll_timeout().is_some());
    }

    /// Opened again from what was written, it is the same home.
    fn written_is_what_is(&self, snapshot: &HomeView) {
        let (engine, _) =
            Engine::new(self.ledger.saved.clone(), snapshot.status.clone(), self.home.now);
        let again = engine.snapshot();
        assert_eq!((&again.rooms, &again.settings), (&snapshot.rooms, &snapshot.settings));
        assert_eq!(again.home, snapshot.home);
        assert_eq!(again.devices.len(), snapshot.devices.len());
        for (again, is) in again.devices.iter().zip(&snapshot.devices) {
            assert_eq!(again.reachability, Reachability::Unknown);
            assert_eq!((&again.id, &again.name, &again.room), (&is.id, &is.name, &is.room));
            assert_eq!((&again.address, &again.model), (&is.address, &is.model));
            for (again, is) in again.endpoints.iter().zip(&is.endpoints) {
                assert_eq!((&again.id, &again.name, &again.room), (&is.id, &is.name, &is.room));
                assert_eq!((again.favourite, &again.specs), (is.favourite, &is.specs));
                for (capability, state) in is.states.iter().filter(|it| it.1.value.is_some()) {
                    let remembered = &again.states[capability];
                    assert_eq!(remembered.value, state.value);
                    assert_eq!(remembered.reported_at, state.reported_at);
                    assert_eq!(remembered.source, Some(Source::Remembered));
                }
            }
        }
    }
}

fn lists_stand(snapshot: &HomeView) {
    let positions: Vec<u32> = snapshot.rooms.iter().map(|it| it.position).collect();
    assert_eq!(positions, (0..).take(positions.len()).collect::<Vec<u32>>());
    let rooms: BTreeSet<&RoomId> = snapshot.rooms.iter().map(|it| &it.id).collect();
    let devices: BTreeMap<_, _> = snapshot.devices.iter().map(|it| (&it.id, it)).collect();
    assert_eq!(devices.len(), snapshot.devices.len());
    for device in devices.values() {
        let places = device.endpoints.iter().map(|it| &it.room).chain([&device.room]);
        assert!(places.flatten().all(|it| rooms.contains(it)), "every room is there");
        assert!(!device.name.is_empty() && device.endpoints.iter().all(|it| !it.name.is_empty()));
    }
    assert!(snapshot.found.iter().all(|it| !devices.contains_key(&it.sighting.device)));
    let issues: BTreeSet<_> = snapshot.issues.iter().map(|it| &it.id).collect();
    assert_eq!(issues.len(), snapshot.issues.len());
    let about = snapshot.issues.iter().filter_map(|it| it.kind.device());
    assert!(about.into_iter().all(|it| devices.contains_key(it)));
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        cases: 256,
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    })]

    #[test]
    fn whatever_comes_in_the_home_stands(inputs in vec(input(), 1..120)) {
        let mut run = Run::new();
        for input in inputs {
            run.take(input);
        }
        run.wait(run.home.now.after(Duration::from_secs(60)));
        assert_eq!(run.ledger.open, BTreeSet::new(), "in the end every command has its outcome");
    }

    #[test]
    fn the_edges_of_time_are_survived(uptime in any::<u64>(), wall in any::<i64>()) {
        let mut run = Run::new();
        run.home.now = Moment { uptime: Duration::from_secs(uptime), wall: Timestamp(wall) };
        run.home.control("c1", "shelly-plug/switch-0", Action::SetOnOff(true));
        run.home.progress(PLUG, "c1", Progress::Sent);
        run.home.goodbye(LAMP);
        run.home.now.uptime = Duration::MAX;
        let effects = run.home.engine.handle_timeout(run.home.now);
        run.home.done(effects);
        assert_eq!(run.home.engine.poll_timeout(), None);
    }
}

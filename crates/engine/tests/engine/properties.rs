//! Whatever comes in, in whatever order: nothing panics, and what must stand stands.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use api::{HomeView, Update};
use engine::{Effect, Engine, Ticket};
use model::rule::{NoticeAction, NoticeButton, Target};
use model::{
    Action, Change, CommandId, EndpointKind, Moment, Notice, OpenCommand, Progress, Reachability,
    RoleId, RoomId, SavedHome, Source, Timestamp,
};
use proptest::collection::vec;
use proptest::prelude::any;

use crate::home::{Home, LAMP, PLUG, id, saved};
use crate::inputs::{Input, input};

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

/// Two notices with buttons: rules are not there to make them.
fn saved_household() -> SavedHome {
    let light = Target::All(EndpointKind::Light);
    let command = NoticeAction::Command { to: light, action: Action::SetOnOff(false) };
    let button = |does| NoticeButton { label: "Do it".to_owned(), does };
    let notice = |id: &str| Notice {
        id: id.parse().unwrap(),
        at: Timestamp(1),
        rule: "rule".parse().unwrap(),
        run: "run".parse().unwrap(),
        title: "Look".to_owned(),
        body: String::new(),
        buttons: vec![
            button(NoticeAction::Scene("dusk".parse().unwrap())),
            button(command.clone()),
        ],
        pressed: None,
    };
    SavedHome { notices: vec![notice("n0"), notice("n1")], ..saved() }
}

struct Run {
    home: Home,
    ledger: Ledger,
}

impl Run {
    fn new() -> Self {
        let ledger = Ledger { saved: saved_household(), ..Ledger::default() };
        Self { home: Home::opened(saved_household()).0, ledger }
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
            Input::Phone(who, is_there) => {
                engine.handle_phone(&who.parse().unwrap(), is_there, now)
            }
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
        roles_stand(&snapshot);
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
        assert_eq!((&again.vacant, &again.scenes), (&snapshot.vacant, &snapshot.scenes));
        assert_eq!((&again.groups, &again.people), (&snapshot.groups, &snapshot.people));
        assert_eq!(again.variables, snapshot.variables);
        // The store keeps notices in the order of their time, which is one and the same here.
        assert_eq!(again.notices.len(), snapshot.notices.len());
        assert_eq!(again.devices.len(), snapshot.devices.len());
        for (again, is) in again.devices.iter().zip(&snapshot.devices) {
            assert_eq!(again.reachability, Reachability::Unknown);
            assert_eq!((&again.id, &again.name, &again.room), (&is.id, &is.name, &is.room));
            assert_eq!((&again.address, &again.model), (&is.address, &is.model));
            for (again, is) in again.endpoints.iter().zip(&is.endpoints) {
                assert_eq!((&again.id, &again.name, &again.room), (&is.id, &is.name, &is.room));
                assert_eq!((again.favourite, &again.specs), (is.favourite, &is.specs));
                assert_eq!(again.role, is.role);
                for (capability, state) in is.states.iter().filter(|it| it.1.value.is_some()) {
                    let remembered = &again.states[capability];
                    assert_eq!(remembered.value, state.value);
                    assert_eq!(remembered.reported_at, state.reported_at);
                    assert_eq!(remembered.since, state.since);
                    assert_eq!(remembered.origin, state.origin);
                    assert_eq!(remembered.source, Some(Source::Remembered));
                }
            }
        }
    }
}

/// Every part fills one role, no two the same; nothing that is vacant is filled, and all that
/// scenes and groups name is there.
fn roles_stand(snapshot: &HomeView) {
    let endpoints: Vec<_> = snapshot.devices.iter().flat_map(|it| &it.endpoints).collect();
    let filled: BTreeSet<&RoleId> = endpoints.iter().map(|it| &it.role).collect();
    assert_eq!(filled.len(), endpoints.len(), "no two fill the same role");
    let vacant: BTreeSet<&RoleId> = snapshot.vacant.iter().map(|it| &it.id).collect();
    assert!(filled.is_disjoint(&vacant));
    let settings = snapshot.scenes.iter().flat_map(|it| &it.settings).map(|it| &it.role);
    let members = snapshot.groups.iter().flat_map(|it| &it.members);
    for role in settings.chain(members) {
        assert!(filled.contains(role) || vacant.contains(role), "{role} is there");
    }
    let rooms: BTreeSet<&RoomId> = snapshot.rooms.iter().map(|it| &it.id).collect();
    let shown = snapshot.scenes.iter().map(|it| &it.room);
    let last = snapshot.vacant.iter().map(|it| &it.room);
    assert!(shown.chain(last).flatten().all(|it| rooms.contains(it)));
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

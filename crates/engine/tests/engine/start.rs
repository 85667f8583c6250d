//! Opening a home as it was written down.

use model::{
    Action, Capability, LastReport, OpenCommand, Origin, Reachability, Room, RoomId, SavedHome,
    Source, Timestamp, Value,
};

use crate::home::{Home, PLUG, check, command_id, endpoint_id, id, name, on, plug, record, saved};

const SWITCH: &str = "shelly-plug/switch-0";

fn room(id: &str, position: u32) -> Room {
    Room { id: id.parse().unwrap(), name: name(id), position }
}

fn reported(endpoint: &str, value: Value) -> LastReport {
    let (endpoint, at, since) = (endpoint_id(endpoint), Timestamp(7), Timestamp(3));
    LastReport { endpoint, value, at, since, origin: Origin::App }
}

fn open(command: &str, endpoint: &str, action: Action, at: i64) -> OpenCommand {
    let (id, endpoint) = (command_id(command), endpoint_id(endpoint));
    OpenCommand { id, endpoint, action, requested_at: Timestamp(at), origin: Origin::App }
}

#[test]
fn the_first_start_is_an_empty_home_that_has_welcomed_nobody() {
    let (home, happened) = Home::opened(SavedHome::default());
    check(&happened, "write record started");
    let snapshot = home.engine.snapshot();
    assert_eq!(snapshot.home, model::Home::default());
    assert!(snapshot.devices.is_empty() && snapshot.rooms.is_empty());
}

#[test]
fn every_device_gets_a_driver_and_none_is_known_to_be_there() {
    let (home, happened) = Home::opened(saved());
    check(
        &happened,
        "write record started
        drive esphome-box 10.0.0.3:6053
        drive shelly-plug 10.0.0.1:80
        drive wled-lamp 10.0.0.2:80",
    );
    let devices = home.engine.snapshot().devices;
    assert!(devices.iter().all(|it| it.reachability == Reachability::Unknown));
}

#[test]
fn what_was_written_down_is_remembered_not_known() {
    let mut saved = saved();
    saved.reports = vec![
        reported(SWITCH, Value::OnOff(true)),
        reported("shelly-plug/gone", Value::OnOff(true)),
        reported("shelly-gone/switch-0", Value::OnOff(true)),
        reported(SWITCH, Value::GenericMeasurement(1.0)),
    ];
    let mut home = Home::opened(saved).0;
    let state = home.state(SWITCH, Capability::OnOff);
    assert_eq!(state.value, Some(Value::OnOff(true)));
    assert_eq!((state.reported_at, state.source), (Some(Timestamp(7)), Some(Source::Remembered)));
    assert_eq!(home.device(PLUG).heard_at, Some(Timestamp(7)));
    assert_eq!(home.endpoint(SWITCH).states.len(), 1);
    assert!(!home.says(SWITCH, Value::OnOff(true)).is_empty(), "now it is known");
    assert_eq!(home.state(SWITCH, Capability::OnOff).source, Some(Source::Pushed));
}

#[test]
fn what_was_on_its_way_when_hearth_stopped_is_closed_and_never_sent_again() {
    let mut saved = saved();
    saved.open_commands = vec![
        open("c2", SWITCH, on(), 5),
        open("c1", SWITCH, Action::SetOnOff(false), 3),
        open("c3", "shelly-gone/switch-0", on(), 4),
    ];
    let (mut home, happened) = Home::opened(saved);
    check(
        &happened,
        "write record started
        write closed c1 Failed(Interrupted)
        write closed c3 Failed(Interrupted)
        write closed c2 Failed(Interrupted)
        drive esphome-box 10.0.0.3:6053
        drive shelly-plug 10.0.0.1:80
        drive wled-lamp 10.0.0.2:80",
    );
    let failure = home.state(SWITCH, Capability::OnOff).failure.unwrap();
    assert_eq!(failure.command, command_id("c2"), "the last wish");
    check(&home.control("c1", SWITCH, on()), "reply Duplicate");
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(home.tile(SWITCH, Capability::OnOff), "OnOff(true)", "it was done after all");
}

#[test]
fn rooms_come_back_in_order_and_without_gaps() {
    let rooms = vec![room("c", 9), room("b", 2), room("a", 2), room("c", 0)];
    let (home, happened) = Home::opened(SavedHome { rooms, ..SavedHome::default() });
    check(
        &happened,
        "write room a@0
        write room b@1
        write room c@2
        write record started",
    );
    let ids: Vec<RoomId> = home.engine.snapshot().rooms.into_iter().map(|it| it.id).collect();
    assert_eq!(ids.iter().map(RoomId::as_str).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_device_in_a_room_that_is_not_there_is_in_none() {
    let mut lost = record(PLUG, "10.0.0.1:80", plug());
    lost.room = Some("gone".parse().unwrap());
    let home = Home::opened(SavedHome { devices: vec![lost], ..SavedHome::default() }).0;
    assert_eq!(home.device(PLUG).room, None);
    assert_eq!(home.device(PLUG).id, id(PLUG));
}

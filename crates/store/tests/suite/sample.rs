//! A small home that has one of everything. Fixtures are made of it: see `fixtures/README.md`.

use model::{
    Action, Category, Change, Command, CommandState, DeviceDescription, DeviceRecord,
    EndpointDescription, EndpointId, EndpointKind, EndpointRecord, FailReason, Family, Home,
    Kelvin, Language, LastReport, Name, Room, Settings, Spec, Theme, Timestamp, Value,
};

/// When everything in it happened.
pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000);
/// The sealed secret of its lamp.
pub(crate) const SEALED: &[u8] = &[1, 0, 255, 7];

pub(crate) fn name(text: &str) -> Name {
    text.try_into().unwrap()
}

pub(crate) fn room(id: &str, title: &str, position: u32) -> Room {
    Room { id: id.parse().unwrap(), name: name(title), position }
}

pub(crate) fn endpoint(text: &str) -> EndpointId {
    text.parse().unwrap()
}

pub(crate) fn report(of: &str, value: Value, at: i64) -> LastReport {
    LastReport { endpoint: endpoint(of), value, at: Timestamp(NOW.0 + at) }
}

pub(crate) fn command(id: &str) -> Command {
    Command {
        id: id.parse().unwrap(),
        endpoint: endpoint("wled-a1/segment-0"),
        action: Action::SetOnOff(true),
    }
}

/// A lamp with as much to say of itself as a real one.
pub(crate) fn lamp(id: &str) -> DeviceRecord {
    let temperature = Some((Kelvin::clamped(2_700.0), Kelvin::clamped(6_500.1)));
    let effects = (0..180).map(|number| format!("Effect number {number}")).collect();
    let description = EndpointDescription {
        key: "segment-0".parse().unwrap(),
        name: Some(name("Segment \"0\" – 灯")),
        kind: EndpointKind::Light,
        category: Category::Primary,
        specs: vec![
            Spec::OnOff,
            Spec::Level,
            Spec::ColorControl { hue_saturation: true, temperature },
            Spec::LightEffect(effects),
            Spec::NumericControl { min: 0.1, max: 1e300, step: 0.3, unit: String::new() },
        ],
    };
    let endpoint =
        EndpointRecord { name: None, room: Some("hall".parse().unwrap()), favourite: true };
    DeviceRecord {
        id: id.parse().unwrap(),
        family: Family::Wled,
        address: "[fe80::1%3]:80".parse().unwrap(),
        description: DeviceDescription {
            name: Some(name("WLED")),
            vendor: Some(name("Aircoookie")),
            model: None,
            firmware: Some(name("16.0.0")),
            endpoints: vec![description],
        },
        name: Some(name("Ständer-Lampe")),
        room: None,
        endpoints: [("segment-0".parse().unwrap(), endpoint)].into(),
        added_at: NOW,
    }
}

/// All that is written to make the home.
pub(crate) fn changes() -> Vec<Change> {
    let refused = CommandState::Failed(FailReason::Refused("no".to_owned()));
    vec![
        Change::Home(Home { name: Some(name("Zuhause")), welcomed: true }),
        Change::Settings(Settings { language: Some(Language::Ar), theme: Theme::Dark }),
        Change::Room(room("hall", "Hall", 0)),
        Change::Room(room("gone", "Gone", 1)),
        Change::Room(room("bath", "Bath", 2)),
        Change::RoomGone("gone".parse().unwrap()),
        Change::Device(Box::new(lamp("wled-a1"))),
        Change::Device(Box::new(lamp("wled-a2"))),
        Change::CommandOpened(command("closed"), NOW),
        Change::CommandClosed("closed".parse().unwrap(), refused, NOW),
        Change::CommandOpened(command("open"), NOW),
        Change::Reported(report("wled-a1/segment-0", Value::OnOff(true), 1)),
        Change::Reported(report("wled-a1/segment-0", Value::GenericMeasurement(0.1 + 0.2), 2)),
        Change::Reported(report("wled-a2/segment-0", Value::OnOff(false), 3)),
    ]
}

/// What is there after that.
#[cfg_attr(not(test), expect(dead_code, reason = "the example only writes"))]
pub(crate) fn saved() -> model::SavedHome {
    model::SavedHome {
        home: Some(Home { name: Some(name("Zuhause")), welcomed: true }),
        settings: Some(Settings { language: Some(Language::Ar), theme: Theme::Dark }),
        rooms: vec![room("bath", "Bath", 2), room("hall", "Hall", 0)],
        devices: vec![lamp("wled-a1"), lamp("wled-a2")],
        reports: vec![
            report("wled-a1/segment-0", Value::GenericMeasurement(0.1 + 0.2), 2),
            report("wled-a1/segment-0", Value::OnOff(true), 1),
            report("wled-a2/segment-0", Value::OnOff(false), 3),
        ],
        open_commands: vec![model::OpenCommand {
            id: "open".parse().unwrap(),
            endpoint: endpoint("wled-a1/segment-0"),
            action: Action::SetOnOff(true),
            requested_at: NOW,
        }],
    }
}

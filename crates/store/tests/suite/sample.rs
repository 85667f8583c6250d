//! A small home that has one of everything. Fixtures are made of it: see `fixtures/README.md`.

use model::{
    Action, Category, Change, Command, CommandState, DeviceDescription, DeviceRecord,
    EndpointDescription, EndpointId, EndpointKind, EndpointRecord, FailReason, Family, Home,
    Kelvin, Language, LastReport, Name, Origin, Room, SavedHome, Settings, Span, Spec, Theme,
    Timestamp, Value,
};

#[path = "sample_rules.rs"]
pub(crate) mod rules;

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
    LastReport {
        endpoint: endpoint(of),
        value,
        at: Timestamp(NOW.0 + at),
        since: Timestamp(NOW.0 + at),
        origin: Origin::Unknown,
    }
}

pub(crate) fn command(id: &str) -> Command {
    Command {
        id: id.parse().unwrap(),
        endpoint: endpoint("wled-a1/segment-0"),
        action: Action::SetOnOff(true),
        transition: Span::default(),
        origin: Origin::Unknown,
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
    let mut changes = first_changes();
    changes.extend(rules::changes());
    changes
}

/// What there was to write in the first format.
fn first_changes() -> Vec<Change> {
    let refused = CommandState::Failed(FailReason::Refused("no".to_owned()));
    vec![
        Change::Home(Home { name: Some(name("Zuhause")), welcomed: true, ..Home::default() }),
        Change::Settings(Settings {
            language: Some(Language::Ar),
            theme: Theme::Dark,
            ..Settings::default()
        }),
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
pub(crate) fn saved() -> SavedHome {
    let last = report("wled-a2/segment-0", Value::OnOff(false), 3);
    let origin = Origin::Rule("evening".parse().unwrap(), "run-done".parse().unwrap());
    let first = saved_in_format_1();
    let reports = [&first.reports[..2], &[LastReport { origin, ..last }]].concat();
    SavedHome { reports, ..rules::added_to(first) }
}

/// The same, once the good copy has taken its place: what ran is forgotten.
#[cfg_attr(not(test), expect(dead_code, reason = "the example only writes"))]
pub(crate) fn restored() -> SavedHome {
    let mut saved = saved();
    saved.rules.runs.clear();
    saved.rules.watches.clear();
    saved.rules.asked.clear();
    saved.rules.last.retain(|(rule, _)| rule.as_str() != "evening");
    saved
}

/// What a home of the first format holds.
pub(crate) fn saved_in_format_1() -> SavedHome {
    SavedHome {
        home: Some(Home { name: Some(name("Zuhause")), welcomed: true, ..Home::default() }),
        settings: Some(Settings {
            language: Some(Language::Ar),
            theme: Theme::Dark,
            ..Settings::default()
        }),
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
            origin: Origin::Unknown,
        }],
        ..SavedHome::default()
    }
}

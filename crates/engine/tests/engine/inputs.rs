//! Anything that can come in, at random.

use api::{AddTarget, HubStatus, PhoneAt, Request, Vault};
use model::rule::Target;
use model::{
    Action, Address, ButtonEvent, Cause, CommandId, CoverMove, DeviceDescription, EndpointKind,
    FailReason, Group, IssueKind, Name, PersonId, ProbeFailure, Progress, Report, RoleId, RoomId,
    RunId, Scene, SceneSetting, Secret, Settings, SightingChange, Source, Span, Spec, Value,
    Variable, VariableValue,
};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use crate::home::{
    BOX, LAMP, PLUG, answer, at, box_of_all_sorts, command_id, described, endpoint_id, id, lamp,
    level, name, part, plug, sighting, status,
};

#[derive(Debug, Clone)]
pub(crate) enum Input {
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
    /// Somebody's phone comes or goes.
    Phone(&'static str, bool),
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

const PEOPLE: &[&str] = &["ada", "bob"];

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

fn role() -> impl Strategy<Value = RoleId> {
    prop_oneof![
        8 => select(&ENDPOINTS[..]).prop_map(|it| RoleId::of(&endpoint_id(it))),
        1 => select(&ENDPOINTS[..]).prop_map(|it| {
            format!("{}-2", RoleId::of(&endpoint_id(it))).parse().unwrap()
        }),
    ]
}

fn few<T: std::str::FromStr<Err: std::fmt::Debug> + Clone + std::fmt::Debug + 'static>(
    ids: &'static [&'static str],
) -> impl Strategy<Value = T> {
    select(ids).prop_map(|it| it.parse().unwrap())
}

fn run() -> impl Strategy<Value = RunId> {
    (0..8_u8).prop_map(|it| format!("run-{it}").parse().unwrap())
}

fn scene() -> impl Strategy<Value = Scene> {
    let id = few(&["dusk", "dawn"]);
    let setting =
        (role(), vec(action(), 0..3)).prop_map(|(role, actions)| SceneSetting { role, actions });
    let transition = select(vec![Span::ZERO, Span::seconds(5), Span::minutes(61)]);
    (id, some_name(), proptest::option::of(room()), vec(setting, 0..3), transition).prop_map(
        |(id, name, room, settings, transition)| Scene { id, name, room, settings, transition },
    )
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        role().prop_map(Target::Role),
        room().prop_map(|room| Target::Room { room, only: None }),
        few(&["all", "few"]).prop_map(Target::Group),
        Just(Target::All(EndpointKind::Light)),
    ]
}

fn variable() -> impl Strategy<Value = Variable> {
    let value = prop_oneof![
        any::<bool>().prop_map(VariableValue::YesNo),
        any::<f64>().prop_map(VariableValue::Number),
    ];
    (few(&["guests", "loads"]), some_name(), value).prop_map(|(id, name, value)| Variable {
        id,
        name,
        value,
    })
}

fn household() -> impl Strategy<Value = Request> {
    let person = || few::<PersonId>(PEOPLE);
    let endpoint = select(&ENDPOINTS[..]).prop_map(endpoint_id);
    let group = (few(&["all", "few"]), some_name(), vec(role(), 0..3))
        .prop_map(|(id, name, members)| Group { id, name, members });
    let phone = select(vec![
        PhoneAt::Here,
        PhoneAt::Nowhere,
        PhoneAt::Address([10, 0, 0, 7].into()),
        PhoneAt::Address([224, 0, 0, 1].into()),
    ]);
    let capture = (scene(), vec(role(), 0..4)).prop_map(|(scene, roles)| {
        let Scene { id, name, room, transition, .. } = scene;
        Request::CaptureScene { id, name, room, roles, transition }
    });
    let zone = select(&["Europe/Berlin", "Asia/Tokyo", "No/Where"][..]);
    let zone = zone.prop_map(|it| it.to_owned().try_into().unwrap());
    let place = model::Place::new(52.0, 13.0).unwrap();
    prop_oneof![
        6 => (role(), proptest::option::of(endpoint)).prop_map(|(it, by)| Request::FillRole(it, by)),
        2 => role().prop_map(Request::ForgetRole),
        4 => scene().prop_map(Request::SaveScene),
        4 => capture,
        1 => few(&["dusk", "dawn"]).prop_map(Request::RemoveScene),
        4 => (run(), few(&["dusk", "dawn"])).prop_map(|(run, it)| Request::SetScene(run, it)),
        2 => run().prop_map(Request::UndoScene),
        3 => group.prop_map(Request::SaveGroup),
        1 => few(&["all", "few"]).prop_map(Request::RemoveGroup),
        3 => (run(), target(), action())
            .prop_map(|(id, to, action)| Request::ControlAll { id, to, action }),
        3 => (person(), some_name()).prop_map(|(it, name)| Request::SavePerson(it, name)),
        1 => person().prop_map(Request::RemovePerson),
        2 => (person(), any::<bool>()).prop_map(|(it, home)| Request::SetPresence(it, home)),
        2 => (person(), phone).prop_map(|(it, at)| Request::TrackPhone(it, at)),
        3 => variable().prop_map(Request::SaveVariable),
        1 => few(&["guests", "loads"]).prop_map(Request::RemoveVariable),
        1 => few(&["n0", "n1"]).prop_map(Request::DismissNotice),
        1 => (few(&["n0", "n1", "n2"]), 0..3_u8).prop_map(|(it, at)| Request::PressNotice(it, at)),
        1 => any::<bool>().prop_map(move |it| Request::SetPlace(it.then_some(place))),
        1 => proptest::option::of(zone).prop_map(Request::SetZone),
        1 => any::<bool>().prop_map(|it| Request::SetBroker {
            broker: it.then(|| model::Broker { address: at("10.0.0.8:1883"), user: None }),
            secret: None,
        }),
        1 => (0..3_u16, 0..12_u16).prop_map(|(port, days)| Request::SetSettings(Settings {
            webhooks: Some(port),
            past: model::PastSettings { days, megabytes: 100 },
            ..Settings::default()
        })),
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

pub(crate) fn input() -> impl Strategy<Value = Input> {
    let vault = select(&[Vault::Keyring, Vault::Locked][..]);
    prop_oneof![
        6 => request().prop_map(Input::Ask),
        6 => household().prop_map(Input::Ask),
        1 => (select(PEOPLE), any::<bool>()).prop_map(|(who, is)| Input::Phone(who, is)),
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

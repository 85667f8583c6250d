//! Scripts: recorded devices are talked to, and what the hub would hear is looked at.

use model::{
    Action, Address, ButtonEvent, Category, Cause, Color, Command, CoverMove, DeviceDescription,
    EndpointId, EndpointKind, FailReason, Origin, Percent, Progress, Report, Secret, Source, Span,
    Spec, Value,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::{Output, Session as _};

use super::{ShellySession, Start};

const PLUS_1PM: &str = include_str!("fixtures/plus1pm.json");
const PLUG_S: &str = include_str!("fixtures/plusplugs.json");
const PRO_4PM: &str = include_str!("fixtures/pro4pm.json");
const MINI_INFO: &str = include_str!("fixtures/shellymini1gen4/Shelly.GetDeviceInfo");
const MINI_CONFIG: &str = include_str!("fixtures/shellymini1gen4/Shelly.GetConfig");
const MINI_STATUS: &str = include_str!("fixtures/shellymini1gen4/Shelly.GetStatus");
const COVER_STATUS: &str = include_str!("fixtures/shelly2pmg3/Shelly.GetStatus");
const COVER_MOVES: &str = include_str!("fixtures/shelly2pmg3/Cover.GetStatus");
const COVER_CLOSED: &str = include_str!("fixtures/shellyplus2pm/Cover.Close_success");
const CHALLENGE: &str = include_str!("fixtures/shellyplus2pm/Cover.Close_auth_failure");

/// A device that answers as recorded.
#[derive(Debug, Clone)]
struct Recorded {
    info: Json,
    config: Json,
    status: Json,
}

impl Recorded {
    fn one_file(text: &str) -> Self {
        let all: Json = serde_json::from_str(text).unwrap();
        Self {
            info: all["shelly"].clone(),
            config: all["config"].clone(),
            status: all["status"].clone(),
        }
    }

    fn made_of(config: Json, status: Json) -> Self {
        Self { info: serde_json::from_str(MINI_INFO).unwrap(), config, status }
    }

    fn answer(&self, method: &str) -> Json {
        match method {
            "Shelly.GetDeviceInfo" => self.info.clone(),
            "Shelly.GetConfig" => self.config.clone(),
            "Shelly.GetStatus" => self.status.clone(),
            _ => Json::Null,
        }
    }
}

fn start(secret: Option<&str>) -> Start {
    Start {
        expected: Some("shelly-aabbccddeeff".parse().unwrap()),
        address: Address::parse("10.0.0.2", 80).unwrap(),
        secret: secret.map(|it| Secret::new(it.to_owned())),
        random: [7; 16],
    }
}

/// A session, and what the hub has heard of it.
struct Talk {
    session: ShellySession,
    heard: Vec<Report>,
    end: Option<Cause>,
    /// Frames not answered yet.
    sent: Vec<Json>,
}

impl Talk {
    fn open(start: Start) -> Self {
        let (session, outputs) = ShellySession::open(start);
        let mut talk = Self { session, heard: Vec::new(), end: None, sent: Vec::new() };
        talk.take(outputs);
        talk
    }

    /// Through identity, configuration and status.
    fn with(device: &Recorded) -> Self {
        let mut talk = Self::open(start(None));
        talk.answer_all(device);
        talk
    }

    fn take(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            match output {
                Output::Send { frame, command } => {
                    self.sent.push(serde_json::from_str(&frame).unwrap());
                    let sent = command.map(|id| Report::Progress(id, Progress::Sent));
                    self.heard.extend(sent);
                }
                Output::Report(report) => self.heard.push(report),
                Output::End(cause) => self.end = Some(cause),
            }
        }
    }

    fn hear(&mut self, frame: &Json) {
        let outputs = self.session.handle_frame(frame.to_string().as_bytes());
        self.take(outputs);
    }

    fn answer(&mut self, with: &Json) -> Json {
        let sent = self.sent.remove(0);
        let mut frame = with.clone();
        frame["id"] = sent["id"].clone();
        self.hear(&frame);
        sent
    }

    fn answer_all(&mut self, device: &Recorded) {
        while let Some(sent) = self.sent.first() {
            let result = device.answer(sent["method"].as_str().unwrap());
            self.answer(&json!({ "result": result }));
        }
    }

    fn ask(&mut self, part: &str, action: Action) {
        self.ask_slowly(part, action, Span::ZERO);
    }

    fn ask_slowly(&mut self, part: &str, action: Action, transition: Span) {
        let endpoint =
            EndpointId::new("shelly-aabbccddeeff".parse().unwrap(), part.parse().unwrap());
        let command = Command {
            id: "c1".parse().unwrap(),
            endpoint,
            action,
            transition,
            origin: Origin::App,
        };
        let outputs = self.session.handle_command(command);
        self.take(outputs);
    }

    fn forget(&mut self) -> Vec<Report> {
        std::mem::take(&mut self.heard)
    }

    fn description(&self) -> DeviceDescription {
        let described = |it: &Report| match it {
            Report::Described(description) => Some(description.clone()),
            _ => None,
        };
        self.heard.iter().rev().find_map(described).unwrap()
    }
}

/// `switch-0 OnOff(true)` and so on, of the last report of values.
fn values(heard: &[Report]) -> Vec<String> {
    let values = |it: &Report| match it {
        Report::Values(_, values) => Some(values.clone()),
        _ => None,
    };
    let values = heard.iter().rev().find_map(values).unwrap_or_default();
    values.iter().map(|(key, value)| format!("{key} {value:?}")).collect()
}

fn endpoints(description: &DeviceDescription) -> Vec<String> {
    let line = |it: &model::EndpointDescription| {
        let specs: Vec<_> = it.specs.iter().map(|it| it.capability().to_string()).collect();
        let name = it.name.as_ref().map_or("-", |it| it.as_str());
        format!("{} {:?} {:?} {name}: {}", it.key, it.kind, it.category, specs.join(" "))
    };
    description.endpoints.iter().map(line).collect()
}

fn percent(value: u8) -> Percent {
    value.try_into().unwrap()
}

#[test]
fn recorded_devices_are_described_as_what_they_are() {
    let mini = || {
        Recorded::made_of(
            serde_json::from_str(MINI_CONFIG).unwrap(),
            serde_json::from_str(MINI_STATUS).unwrap(),
        )
    };
    let cover = Recorded::made_of(json!({}), serde_json::from_str(COVER_STATUS).unwrap());
    let metered = "OnOff ElectricalPower ElectricalEnergy";
    for (device, expected) in [
        (
            Recorded::one_file(PLUS_1PM),
            vec![
                "input-0 Sensor Diagnostic Input Test Name 0: BooleanState".to_owned(),
                format!("switch-0 Light Primary Switch Test Name 0: {metered}"),
            ],
        ),
        (
            Recorded::one_file(PLUG_S),
            vec![format!("switch-0 Plug Primary Switch Test Name 0: {metered}")],
        ),
        (
            mini(),
            vec![
                "input-0 Sensor Diagnostic Input 0: BooleanState".to_owned(),
                "switch-0 Switch Primary -: OnOff".to_owned(),
            ],
        ),
        (
            cover,
            vec![
                "cover-0 Cover Primary -: WindowCovering ElectricalPower ElectricalEnergy"
                    .to_owned(),
                "input-0 Sensor Diagnostic Input 0: BooleanState".to_owned(),
                "input-1 Sensor Diagnostic Input 1: BooleanState".to_owned(),
            ],
        ),
    ] {
        let talk = Talk::with(&device);
        assert_eq!(endpoints(&talk.description()), expected);
        assert!(talk.session.is_live() && talk.end.is_none());
    }
}

#[test]
fn the_hub_hears_reached_then_described_then_values() {
    let talk = Talk::with(&Recorded::one_file(PLUG_S));
    assert!(
        matches!(
            talk.heard.as_slice(),
            [Report::Reached(_), Report::Described(_), Report::Values(Source::Polled, _)]
        ),
        "{:?}",
        talk.heard
    );
    let description = talk.description();
    assert_eq!(description.name.unwrap().as_str(), "Test Name");
    assert_eq!(description.model.unwrap().as_str(), "PlusPlugS");
    assert_eq!(description.firmware.unwrap().as_str(), "1.1.0");
    assert_eq!(
        values(&talk.heard),
        [
            "switch-0 OnOff(true)",
            "switch-0 ElectricalPower(PowerReading { power: Watt(2.7), voltage: Some(Volt(227.9)), \
             current: Some(Ampere(0.121)) })",
            "switch-0 ElectricalEnergy(KilowattHour(7.258589))",
        ]
    );
}

#[test]
fn four_relays_are_four_endpoints() {
    let talk = Talk::with(&Recorded::one_file(PRO_4PM));
    let description = talk.description();
    let switches = description.endpoints.iter().filter(|it| it.kind == EndpointKind::Switch);
    assert_eq!(switches.count(), 4);
    assert!(description.endpoints.iter().all(|it| it.name.is_some()));
}

#[test]
fn somebody_else_at_the_address_ends_it_before_anything_is_said() {
    let mut device = Recorded::one_file(PLUG_S);
    device.info["mac"] = json!("112233445566");
    let talk = Talk::with(&device);
    let found = "shelly-112233445566".parse().unwrap();
    assert_eq!(talk.end, Some(Cause::WrongIdentity { found }));
    assert_eq!(talk.heard, []);
}

#[test]
fn only_what_a_notification_says_is_reported_and_the_rest_is_kept() {
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    talk.forget();
    for (said, expected) in [
        (
            json!({ "switch:0": { "id": 0, "apower": 55.5 } }),
            vec![
                "switch-0 ElectricalPower(PowerReading { power: Watt(55.5), voltage: \
                 Some(Volt(227.9)), current: Some(Ampere(0.121)) })",
            ],
        ),
        (json!({ "switch:0": { "output": false } }), vec!["switch-0 OnOff(false)"]),
        (
            json!({ "switch:0": { "aenergy": { "total": 8000 } } }),
            vec!["switch-0 ElectricalEnergy(KilowattHour(8.0))"],
        ),
        (json!({ "switch:0": { "temperature": { "tC": 40 } } }), vec![]),
        (json!({ "switch:0": null, "switch:9": { "output": true }, "sys": 5 }), vec![]),
        (json!({ "switch:0": { "output": "maybe", "apower": [] } }), vec![]),
    ] {
        talk.hear(&json!({ "src": "x", "method": "NotifyStatus", "params": said }));
        let heard = talk.forget();
        if said["switch:0"]["output"] != "maybe" {
            assert_eq!(values(&heard), expected, "{said}");
            assert!(heard.iter().all(|it| matches!(it, Report::Values(Source::Pushed, _))));
        }
    }
    assert_eq!(talk.end, None);
}

#[test]
fn a_command_is_sent_acknowledged_and_looked_after() {
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    talk.forget();
    talk.ask("switch-0", Action::SetOnOff(true));
    let sent = talk.answer(&json!({ "result": { "was_on": true } }));
    assert_eq!(sent["method"], "Switch.Set");
    assert_eq!(sent["params"], json!({ "id": 0, "on": true }));
    let look = talk.answer(&json!({ "result": { "id": 0, "output": true } }));
    assert_eq!(look["method"], "Switch.GetStatus");
    let id = || "c1".parse().unwrap();
    assert_eq!(
        talk.forget(),
        [
            Report::Progress(id(), Progress::Sent),
            Report::Progress(id(), Progress::Acknowledged),
            Report::Values(Source::Polled, vec![("switch-0".parse().unwrap(), Value::OnOff(true))]),
        ]
    );
}

#[test]
fn a_refusal_comes_with_the_devices_words() {
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    talk.forget();
    talk.ask("switch-0", Action::SetOnOff(true));
    talk.answer(&json!({ "error": { "code": -109, "message": "Overpower\u{7} condition" } }));
    let refused = Progress::Failed(FailReason::Refused("Overpower  condition".to_owned()));
    assert_eq!(talk.forget().pop(), Some(Report::Progress("c1".parse().unwrap(), refused)));
    for (part, action) in [
        ("switch-9", Action::SetOnOff(true)),
        ("switch-0", Action::SetLevel(percent(5))),
        ("switch-0", Action::MoveCover(CoverMove::Open)),
    ] {
        talk.ask(part, action);
        let heard = talk.forget();
        assert!(
            matches!(
                heard.as_slice(),
                [Report::Progress(_, Progress::Failed(FailReason::Refused(_)))]
            ),
            "{heard:?}"
        );
        assert!(talk.sent.is_empty());
    }
}

#[test]
fn commands_in_flight_are_named_when_the_connection_goes() {
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    talk.ask("switch-0", Action::SetOnOff(true));
    assert_eq!(talk.session.abandon(), ["c1".parse().unwrap()]);
    assert_eq!(talk.session.abandon(), []);
}

fn lamp(kind: &str, config: Json, status: Json) -> Talk {
    let key = format!("{kind}:0");
    Talk::with(&Recorded::made_of(json!({ (key.clone()): config }), json!({ key: status })))
}

#[test]
fn lights_take_their_time_in_seconds_and_nothing_else_does() {
    let slowly = |talk: &mut Talk, part: &str, action: Action, millis: u64| {
        talk.ask_slowly(part, action, Span::millis(millis));
        talk.sent.pop().unwrap()["params"]["transition_duration"].clone()
    };
    let status = json!({ "id": 0, "output": false, "brightness": 40 });
    let mut talk = lamp("light", json!({ "id": 0 }), status);
    let half = || Action::SetLevel(Percent::try_from(50).unwrap());
    assert_eq!(slowly(&mut talk, "light-0", half(), 2_500), json!(2.5));
    assert_eq!(slowly(&mut talk, "light-0", Action::SetOnOff(false), 60_000), json!(60.0));
    assert_eq!(slowly(&mut talk, "light-0", half(), 100), json!(0.5), "no shorter one is taken");
    assert_eq!(slowly(&mut talk, "light-0", half(), 0), Json::Null);
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    assert_eq!(slowly(&mut talk, "switch-0", Action::SetOnOff(true), 2_500), Json::Null);
}

#[test]
fn lights_are_asked_in_their_own_words() {
    let red = Action::SetColor(Color::from_rgb([255, 0, 0]));
    let warm = Action::SetColor(Color::Temperature(3_000.0.try_into().unwrap()));
    let on = json!({ "output": true, "brightness": 40 });
    for (kind, action, method, params) in [
        ("light", Action::SetLevel(percent(30)), "Light.Set", json!({"on":true,"brightness":30})),
        ("light", Action::SetLevel(percent(0)), "Light.Set", json!({"on":false})),
        ("light", Action::SetOnOff(false), "Light.Set", json!({"on":false})),
        ("rgb", red.clone(), "RGB.Set", json!({"rgb":[255,0,0],"brightness":40.0})),
        ("rgbw", red.clone(), "RGBW.Set", json!({"rgb":[255,0,0],"white":0,"brightness":40.0})),
        ("cct", warm.clone(), "CCT.Set", json!({"ct":3000.0,"brightness":40.0})),
        ("rgbcct", warm, "RGBCCT.Set", json!({"mode":"cct","ct":3000.0,"brightness":40.0})),
        ("rgbcct", red, "RGBCCT.Set", json!({"mode":"rgb","rgb":[255,0,0],"brightness":40.0})),
    ] {
        let mut talk = lamp(kind, json!({}), on.clone());
        talk.ask(&format!("{kind}-0"), action);
        let mut params = params;
        params["id"] = json!(0);
        assert_eq!((&talk.sent[0]["method"], &talk.sent[0]["params"]), (&json!(method), &params));
    }
}

#[test]
fn lights_say_colour_and_warmth() {
    for (kind, status, expected) in [
        (
            "rgb",
            json!({ "rgb": [0, 0, 255] }),
            "rgb-0 ColorControl(HueSaturation(Hue(240), Percent(100)))",
        ),
        ("cct", json!({ "ct": 2700 }), "cct-0 ColorControl(Temperature(Kelvin(2700.0)))"),
        (
            "rgbcct",
            json!({ "mode": "cct", "ct": 5000, "rgb": [1, 2, 3] }),
            "rgbcct-0 ColorControl(Temperature(Kelvin(5000.0)))",
        ),
        (
            "rgbcct",
            json!({ "mode": "rgb", "ct": 5000, "rgb": [255, 0, 0] }),
            "rgbcct-0 ColorControl(HueSaturation(Hue(0), Percent(100)))",
        ),
    ] {
        assert_eq!(values(&lamp(kind, json!({}), status).heard), [expected]);
    }
    let talk = lamp("cct", json!({ "ct_range": [3000, 6000] }), json!({ "output": true }));
    let Some(Spec::ColorControl { temperature: Some((low, high)), hue_saturation: false }) =
        talk.description().endpoints[0].specs.pop()
    else {
        panic!("a white light has a range of whites")
    };
    assert_eq!((low.get(), high.get()), (3_000.0, 6_000.0));
}

#[test]
fn a_light_dimmed_to_nothing_says_so_until_it_is_on_again() {
    let mut talk = lamp("light", json!({}), json!({ "output": true, "brightness": 40 }));
    talk.ask("light-0", Action::SetLevel(percent(0)));
    for (said, expected) in [
        (json!({ "output": false }), ["light-0 OnOff(false)", "light-0 Level(Percent(0))"]),
        (json!({ "output": true }), ["light-0 OnOff(true)", "light-0 Level(Percent(40))"]),
        (json!({ "output": false }), ["light-0 OnOff(false)", "light-0 Level(Percent(40))"]),
    ] {
        talk.hear(&json!({ "method": "NotifyStatus", "params": { "light:0": said } }));
        assert_eq!(values(&talk.heard), expected);
    }
}

#[test]
fn a_covering_is_followed_on_its_way() {
    let cover = Recorded::made_of(json!({}), serde_json::from_str(COVER_STATUS).unwrap());
    let mut talk = Talk::with(&cover);
    assert_eq!(
        values(&talk.heard)[0],
        "cover-0 WindowCovering(CoverState { open: Some(Percent(100)), motion: Stopped })"
    );
    let moves: Json = serde_json::from_str(COVER_MOVES).unwrap();
    talk.hear(&json!({ "method": "NotifyStatus", "params": { "cover:0": moves } }));
    assert_eq!(
        values(&talk.heard)[0],
        "cover-0 WindowCovering(CoverState { open: Some(Percent(51)), motion: Closing })"
    );
    let position =
        json!({ "method": "NotifyStatus", "params": { "cover:0": { "current_pos": 12 } } });
    talk.hear(&position);
    assert_eq!(
        values(&talk.heard),
        ["cover-0 WindowCovering(CoverState { open: Some(Percent(12)), motion: Closing })"]
    );
    for (to, method, params) in [
        (CoverMove::Open, "Cover.Open", json!({ "id": 0 })),
        (CoverMove::Close, "Cover.Close", json!({ "id": 0 })),
        (CoverMove::Stop, "Cover.Stop", json!({ "id": 0 })),
        (CoverMove::To(percent(40)), "Cover.GoToPosition", json!({ "id": 0, "pos": 40 })),
    ] {
        talk.sent.clear();
        talk.ask("cover-0", Action::MoveCover(to));
        assert_eq!((&talk.sent[0]["method"], &talk.sent[0]["params"]), (&json!(method), &params));
    }
    talk.sent.drain(1..);
    talk.forget();
    talk.answer(&serde_json::from_str(COVER_CLOSED).unwrap());
    let done = Report::Progress("c1".parse().unwrap(), Progress::Acknowledged);
    assert_eq!(talk.forget(), [done]);
}

#[test]
fn a_covering_without_positions_knows_only_its_ends() {
    let mut talk = lamp("cover", json!({}), json!({ "state": "open", "pos_control": false }));
    let mut shown = vec![values(&talk.heard)[0].clone()];
    for state in ["closing", "stopped", "closed"] {
        talk.hear(
            &json!({ "method": "NotifyStatus", "params": { "cover:0": { "state": state } } }),
        );
        shown.push(values(&talk.heard)[0].clone());
    }
    let state = |open: &str, motion: &str| {
        format!("cover-0 WindowCovering(CoverState {{ open: {open}, motion: {motion} }})")
    };
    assert_eq!(
        shown,
        [
            state("Some(Percent(100))", "Stopped"),
            state("None", "Closing"),
            state("None", "Stopped"),
            state("Some(Percent(0))", "Stopped"),
        ]
    );
    talk.ask("cover-0", Action::MoveCover(CoverMove::To(percent(5))));
    assert!(talk.sent.is_empty());
}

#[test]
fn sensors_say_what_they_measure() {
    for (kind, status, expected) in [
        (
            "temperature",
            json!({"tC": 21.5, "tF": 70.7}),
            "temperature-0 TemperatureMeasurement(Celsius(21.5))",
        ),
        (
            "humidity",
            json!({"rh": 44}),
            "humidity-0 RelativeHumidityMeasurement(RelativeHumidity(44.0))",
        ),
        ("illuminance", json!({"lux": 120}), "illuminance-0 IlluminanceMeasurement(Lux(120.0))"),
        (
            "devicepower",
            json!({"battery": {"percent": 80}}),
            "devicepower-0 PowerSource(Percent(80))",
        ),
        ("smoke", json!({"alarm": true}), "smoke-0 BooleanState(true)"),
        ("flood", json!({"alarm": false}), "flood-0 BooleanState(false)"),
        (
            "em1",
            json!({"act_power": -5, "voltage": 230}),
            "em1-0 ElectricalPower(PowerReading { power: Watt(-5.0), voltage: Some(Volt(230.0)), current: None })",
        ),
    ] {
        let talk = lamp(kind, json!({}), status);
        assert_eq!(values(&talk.heard), [expected]);
        assert_eq!(talk.description().endpoints.len(), 1);
    }
    // Out of range, or no number: said by nobody.
    let talk = lamp("temperature", json!({}), json!({ "tC": -900 }));
    assert_eq!(values(&talk.heard), [""; 0]);
}

#[test]
fn buttons_are_events() {
    let mut talk = lamp("input", json!({ "type": "button" }), json!({ "id": 0, "state": null }));
    assert_eq!(endpoints(&talk.description()), ["input-0 Button Primary -: Button"]);
    assert_eq!(talk.description().endpoints[0].category, Category::Primary);
    talk.forget();
    for (event, expected) in [
        ("single_push", Some(ButtonEvent::Pressed(1))),
        ("double_push", Some(ButtonEvent::Pressed(2))),
        ("triple_push", Some(ButtonEvent::Pressed(3))),
        ("long_push", Some(ButtonEvent::Held)),
        ("btn_down", Some(ButtonEvent::Down)),
        ("btn_up", Some(ButtonEvent::Up)),
        ("ota_begin", None),
    ] {
        let events = json!([{ "component": "input:0", "id": 0, "event": event, "ts": 1.0 }]);
        talk.hear(&json!({ "method": "NotifyEvent", "params": { "events": events } }));
        let pressed = expected.map(|it| Report::Pressed("input-0".parse().unwrap(), it));
        assert_eq!(talk.forget(), pressed.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_changed_configuration_is_read_again() {
    let mut device = Recorded::one_file(PLUG_S);
    let mut talk = Talk::with(&device);
    talk.forget();
    device.config["switch:0"]["name"] = json!("Kettle");
    let events = json!([{ "component": "sys", "event": "config_changed" }]);
    talk.hear(&json!({ "method": "NotifyEvent", "params": { "events": events } }));
    talk.answer_all(&device);
    assert!(matches!(talk.heard.as_slice(), [Report::Described(_), Report::Values(..)]));
    assert_eq!(talk.description().endpoints[0].name.as_ref().unwrap().as_str(), "Kettle");
}

#[test]
fn a_device_with_other_parts_is_described_anew() {
    let mut device = Recorded::one_file(PLUG_S);
    let mut talk = Talk::with(&device);
    talk.forget();
    device.status["cover:0"] = json!({ "state": "open", "pos_control": true, "current_pos": 3 });
    let outputs = talk.session.refresh();
    talk.take(outputs);
    talk.answer_all(&device);
    assert_eq!(endpoints(&talk.description()).len(), 2);
}

// Passwords.

fn challenge(nonce: u32, stale: bool) -> Json {
    let mut frame: Json = serde_json::from_str(CHALLENGE).unwrap();
    let mut message: Json =
        serde_json::from_str(frame["error"]["message"].as_str().unwrap()).unwrap();
    message["nonce"] = json!(nonce);
    if stale {
        message["stale"] = json!(true);
    }
    frame["error"]["message"] = json!(message.to_string());
    frame
}

/// A device with a password, let in with the nonce 1.
fn let_in() -> (Talk, Recorded) {
    let mut device = Recorded::one_file(PLUG_S);
    device.info["auth_en"] = json!(true);
    let mut talk = Talk::open(start(Some("secret")));
    talk.answer(&json!({ "result": device.info }));
    talk.answer(&challenge(1, false));
    (talk, device)
}

#[test]
fn a_password_is_proven_and_counted() {
    let (mut talk, device) = let_in();
    assert_eq!(talk.sent[0]["method"], "Shelly.GetConfig");
    let first = talk.answer(&json!({ "result": device.config }));
    let second = talk.sent[0].clone();
    assert_eq!((&first["auth"]["nc"], &second["auth"]["nc"]), (&json!(1), &json!(2)));
    assert_eq!((&first["auth"]["username"], &first["auth"]["nonce"]), (&json!("admin"), &json!(1)));
    assert_ne!(first["auth"]["response"], second["auth"]["response"]);
    talk.answer_all(&device);
    assert!(talk.session.is_live());
}

#[test]
fn without_a_password_it_says_so_before_it_tries() {
    let mut device = Recorded::one_file(PLUG_S);
    device.info["auth_en"] = json!(true);
    let talk = Talk::with(&device);
    assert_eq!(talk.end, Some(Cause::NeedsSecret));
    assert!(talk.sent.is_empty());
}

#[test]
fn a_wrong_password_is_tried_once() {
    let (mut talk, _) = let_in();
    talk.answer(&challenge(2, false));
    assert_eq!(talk.end, Some(Cause::WrongSecret));
    assert!(talk.sent.is_empty());
}

#[test]
fn a_stale_nonce_is_replaced_and_the_command_sent_once_more() {
    let (mut talk, device) = let_in();
    talk.answer_all(&device);
    talk.forget();
    talk.ask("switch-0", Action::SetOnOff(true));
    talk.answer(&challenge(9, true));
    let again = talk.answer(&json!({ "result": {} }));
    assert_eq!((&again["method"], &again["auth"]["nonce"]), (&json!("Switch.Set"), &json!(9)));
    let id = || "c1".parse().unwrap();
    assert_eq!(
        talk.forget(),
        [Report::Progress(id(), Progress::Sent), Report::Progress(id(), Progress::Acknowledged)]
    );
}

#[test]
fn a_password_changed_meanwhile_is_noticed() {
    let (mut talk, device) = let_in();
    talk.answer_all(&device);
    talk.forget();
    talk.ask("switch-0", Action::SetOnOff(true));
    for nonce in 10..20 {
        if talk.end.is_none() {
            talk.answer(&challenge(nonce, false));
        }
    }
    assert_eq!(talk.end, Some(Cause::WrongSecret));
    let refused = Progress::Failed(FailReason::NotAuthorized);
    assert_eq!(talk.forget().pop(), Some(Report::Progress("c1".parse().unwrap(), refused)));
}

#[test]
fn a_password_set_meanwhile_is_asked_for() {
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    talk.ask("switch-0", Action::SetOnOff(true));
    talk.answer(&challenge(1, false));
    assert_eq!(talk.end, Some(Cause::NeedsSecret));
}

// Nonsense.

#[test]
fn nonsense_ends_it_in_words() {
    for frame in ["", "[]", "nonsense", "{\"id\":", "\u{0}", "5", r#"{"method":7}"#] {
        let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
        let outputs = talk.session.handle_frame(frame.as_bytes());
        talk.take(outputs);
        let Some(Cause::Garbage(words)) = talk.end else { panic!("{frame}") };
        assert!(!words.is_empty() && words.chars().count() <= 160);
    }
}

#[test]
fn answers_that_nobody_waits_for_are_passed_over() {
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    talk.forget();
    for frame in [
        json!({ "id": 999, "result": {} }),
        json!({ "id": "x", "error": {} }),
        json!({}),
        json!({ "method": "Unknown", "params": {} }),
        json!({ "method": "NotifyStatus" }),
        json!({ "method": "NotifyEvent", "params": 5 }),
    ] {
        talk.hear(&frame);
    }
    assert_eq!((talk.end.clone(), talk.forget()), (None, vec![]));
}

#[test]
fn a_thousand_parts_are_sixty_four() {
    let status: serde_json::Map<String, Json> =
        (0..1_000).map(|id| (format!("switch:{id}"), json!({ "output": true }))).collect();
    let talk = Talk::with(&Recorded::made_of(json!({}), Json::Object(status)));
    assert_eq!(talk.description().endpoints.len(), 64);
}

#[test]
fn answers_that_never_come_do_not_pile_up() {
    let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
    for _ in 0..1_000 {
        talk.ask("switch-0", Action::SetOnOff(true));
    }
    assert_eq!(talk.session.abandon().len(), 64);
}

/// A recorded answer with some bytes changed, cut out or doubled.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let whole = prop::sample::select(vec![MINI_STATUS, MINI_CONFIG, COVER_STATUS, MINI_INFO]);
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0u8..3);
    (whole, prop::collection::vec(change, 0..8)).prop_map(|(text, changes)| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_survived(frames in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..64), 0..8)) {
        let mut talk = Talk::with(&Recorded::one_file(PLUG_S));
        for frame in frames {
            prop_assert!(talk.session.handle_frame(&frame).len() <= 64);
        }
    }

    #[test]
    fn mutated_answers_are_survived(body in mutated(), method in 0usize..4) {
        let wrap = |id: u32| {
            let body = String::from_utf8_lossy(&body).into_owned();
            match method {
                0 => format!(r#"{{"method":"NotifyStatus","params":{body}}}"#),
                1 => format!(r#"{{"method":"NotifyFullStatus","params":{body}}}"#),
                _ => format!(r#"{{"id":{id},"result":{body}}}"#),
            }
        };
        let mut talk = Talk::open(start(None));
        for id in 1..6 {
            let outputs = talk.session.handle_frame(wrap(id).as_bytes());
            prop_assert!(outputs.len() <= 64);
        }
        let mut live = Talk::with(&Recorded::one_file(PRO_4PM));
        drop(live.session.refresh());
        for id in 1..6 {
            drop(live.session.handle_frame(wrap(id).as_bytes()));
        }
    }
}

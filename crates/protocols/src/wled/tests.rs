//! Scripts: recorded devices are talked to, and what the hub would hear is looked at.

use model::{
    Action, Address, Capability, Cause, Color, Command, DeviceDescription, DeviceId, EndpointId,
    FailReason, Origin, Percent, Progress, Report, Source, Span, Spec, Value,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::{Output, Session as _};

use super::WledSession;

/// Two segments, no WebSocket.
const TWO: &str = include_str!("fixtures/rgb.json");
/// One segment.
const ONE: &str = include_str!("fixtures/rgb_websocket.json");
const V0_14: &str = include_str!("fixtures/versions-0.14.4.json");
const V0_15: &str = include_str!("fixtures/versions-0.15.4.json");
/// One segment with red, green, blue, white and warmth.
const RGBCCT: &str = include_str!("fixtures/wled.json");

fn device() -> DeviceId {
    "wled-aabbccddeeff".parse().unwrap()
}

fn address() -> Address {
    Address::parse("10.0.0.3", 80).unwrap()
}

fn open(json: &str) -> (WledSession, Vec<Report>) {
    let (session, outputs) = WledSession::open(None, &address(), json.as_bytes()).unwrap();
    (session, reports(outputs))
}

fn reports(outputs: Vec<Output>) -> Vec<Report> {
    let report = |it| match it {
        Output::Report(report) => report,
        other => panic!("no report: {other:?}"),
    };
    outputs.into_iter().map(report).collect()
}

fn parsed(json: &str) -> Json {
    serde_json::from_str(json).unwrap()
}

fn description(heard: &[Report]) -> &DeviceDescription {
    for report in heard {
        if let Report::Described(description) = report {
            return description;
        }
    }
    panic!("not described")
}

fn endpoints(heard: &[Report]) -> Vec<String> {
    let line = |it: &model::EndpointDescription| {
        let specs: Vec<_> = it.specs.iter().map(|it| it.capability().to_string()).collect();
        let name = it.name.as_ref().map_or("-", |it| it.as_str());
        format!("{} {name}: {}", it.key, specs.join(" "))
    };
    description(heard).endpoints.iter().map(line).collect()
}

/// What was last said of one part, without effect and palette.
fn lit(heard: &[Report], part: &str) -> Vec<String> {
    let values = heard.iter().rev().find_map(|it| match it {
        Report::Values(_, values) => Some(values.clone()),
        _ => None,
    });
    let light = [Capability::OnOff, Capability::Level, Capability::ColorControl];
    let of_part = |it: &(model::EndpointKey, Value)| {
        it.0.as_str() == part && light.contains(&it.1.capability())
    };
    let values = values.unwrap_or_default();
    values.iter().filter(|it| of_part(it)).map(|(_, value)| format!("{value:?}")).collect()
}

fn command(part: &str, action: Action) -> Command {
    let endpoint = EndpointId::new(device(), part.parse().unwrap());
    Command {
        id: "c1".parse().unwrap(),
        endpoint,
        action,
        transition: Span::ZERO,
        origin: Origin::App,
    }
}

/// The state that a command becomes; `None` when it is refused.
fn asked(session: &mut WledSession, part: &str, action: Action) -> Option<Json> {
    match session.handle_command(command(part, action)).as_slice() {
        [Output::Send { frame, command }] => {
            assert_eq!(*command, Some("c1".parse().unwrap()));
            Some(parsed(frame))
        }
        [Output::Report(Report::Progress(_, Progress::Failed(FailReason::Refused(_))))] => None,
        other => panic!("{other:?}"),
    }
}

fn percent(value: u8) -> Percent {
    value.try_into().unwrap()
}

const ALL: &str = "OnOff Level ColorControl LightEffect LightPalette";

#[test]
fn recorded_devices_are_described_as_what_they_are() {
    for (json, name, firmware, expected) in [
        (ONE, "WLED WebSocket", "0.99.0", vec![format!("segment-0 -: {ALL}")]),
        (V0_14, "WLED", "0.14.4", vec![format!("segment-0 -: {ALL}")]),
        (V0_15, "WLED", "0.15.4", vec![format!("segment-0 -: {ALL}")]),
        (RGBCCT, "WLED", "0.14.0", vec![format!("segment-0 -: {ALL}")]),
        (
            TWO,
            "WLED RGB Light",
            "0.14.4",
            vec![
                "master -: OnOff Level".to_owned(),
                format!("segment-0 Ceiling: {ALL}"),
                format!("segment-1 Segment 1: {ALL}"),
            ],
        ),
    ] {
        let (session, heard) = open(json);
        assert_eq!(endpoints(&heard), expected);
        assert_eq!(description(&heard).name.as_ref().unwrap().as_str(), name);
        assert_eq!(description(&heard).firmware.as_ref().unwrap().as_str(), firmware);
        assert_eq!(session.has_websocket(), json != TWO);
        assert!(matches!(
            heard.as_slice(),
            [Report::Reached(_), Report::Described(_), Report::Values(Source::Polled, _)]
        ));
    }
}

#[test]
fn the_whole_and_its_segments_have_a_brightness_each() {
    let (_, heard) = open(TWO);
    assert_eq!(lit(&heard, "master"), ["OnOff(true)", "Level(Percent(50))"]);
    assert_eq!(
        lit(&heard, "segment-0"),
        [
            "OnOff(true)",
            "Level(Percent(100))",
            "ColorControl(HueSaturation(Hue(219), Percent(50)))"
        ]
    );
    let (_, heard) = open(ONE);
    assert_eq!(lit(&heard, "segment-0")[..2], ["OnOff(true)", "Level(Percent(50))"]);
}

#[test]
fn a_segment_of_a_light_that_is_off_is_off() {
    let mut json = parsed(TWO);
    json["state"]["on"] = json!(false);
    let (mut session, heard) = open(&json.to_string());
    assert_eq!(lit(&heard, "segment-1")[0], "OnOff(false)");
    // To light it alone, the other, which was dark, is kept dark.
    assert_eq!(
        asked(&mut session, "segment-1", Action::SetLevel(percent(20))),
        Some(json!({ "on": true, "v": true, "seg": [
            { "id": 1, "on": true, "bri": 51 },
            { "id": 0, "on": false },
        ] }))
    );
}

#[test]
fn reserved_effects_are_left_out_and_numbers_stay_right() {
    let (mut session, heard) = open(TWO);
    let specs = &description(&heard).endpoints[1].specs;
    let Some(Spec::LightEffect(effects)) =
        specs.iter().find(|it| it.capability() == Capability::LightEffect)
    else {
        panic!("no effects")
    };
    assert_eq!(effects.len(), 187 - 8);
    assert!(!effects.iter().any(|it| it == "RSVD" || it == "-"));
    let numbers = parsed(TWO);
    let number = |name: &str| {
        numbers["effects"].as_array().unwrap().iter().position(|it| it == name).unwrap()
    };
    for name in ["Solid", "Akemi", "Chase 3"] {
        let state = asked(&mut session, "segment-1", Action::SetEffect(name.to_owned())).unwrap();
        assert_eq!(state["seg"], json!([{ "id": 1, "fx": number(name) }]));
    }
    assert_eq!(asked(&mut session, "segment-1", Action::SetEffect("RSVD".to_owned())), None);
    let state = asked(&mut session, "segment-0", Action::SetPalette("Lava".to_owned())).unwrap();
    assert_eq!(state["seg"], json!([{ "id": 0, "pal": 8 }]));
}

#[test]
fn palettes_of_the_owner_have_names_too() {
    let (mut session, _) = open(RGBCCT);
    let state = asked(&mut session, "segment-0", Action::SetPalette("Custom 1".to_owned()));
    assert_eq!(state.unwrap()["seg"][0]["pal"], 254);
}

#[test]
fn one_segment_is_switched_and_dimmed_as_the_whole() {
    let (mut session, _) = open(ONE);
    let seg = json!([{ "id": 0, "on": true }]);
    for (action, expected) in [
        (Action::SetOnOff(true), json!({ "on": true, "seg": seg, "v": true })),
        (Action::SetOnOff(false), json!({ "on": false, "v": true })),
        (Action::SetLevel(percent(1)), json!({ "on": true, "bri": 3, "seg": seg, "v": true })),
        (Action::SetLevel(percent(0)), json!({ "on": false, "v": true })),
        (
            Action::SetColor(Color::from_rgb([255, 0, 0])),
            json!({ "seg": [{ "id": 0, "col": [[255, 0, 0]] }], "v": true }),
        ),
    ] {
        assert_eq!(asked(&mut session, "segment-0", action), Some(expected));
    }
    for (part, action) in [
        ("master", Action::SetColor(Color::from_rgb([255, 0, 0]))),
        ("segment-7", Action::SetOnOff(true)),
        ("switch-0", Action::SetOnOff(true)),
        ("segment-0", Action::SetColor(Color::Temperature(3_000.0.try_into().unwrap()))),
        ("segment-0", Action::SetLocked(true)),
    ] {
        assert_eq!(asked(&mut session, part, action), None, "{part}");
    }
}

#[test]
fn a_fade_is_asked_in_tenths_of_a_second_and_no_longer_than_the_device_can_count() {
    let (mut session, _) = open(ONE);
    let mut fade = |action: Action, millis: u64| {
        let transition = Span::millis(millis);
        let command = Command { transition, ..command("segment-0", action) };
        let [Output::Send { frame, .. }] = &session.handle_command(command)[..] else {
            panic!("it is sent");
        };
        serde_json::from_str::<Json>(frame).unwrap()["tt"].clone()
    };
    let half = || Action::SetLevel(Percent::try_from(50).unwrap());
    assert_eq!(fade(half(), 2_500), json!(25));
    assert_eq!(fade(Action::SetOnOff(false), 2_501), json!(26));
    assert_eq!(fade(half(), 3_600_000), json!(655));
    assert_eq!(fade(half(), 0), Json::Null, "as the device is set");
    assert_eq!(fade(Action::SetPalette("Party".to_owned()), 2_500), Json::Null);
}

#[test]
fn white_and_colour_share_the_leds() {
    let (mut session, heard) = open(RGBCCT);
    assert_eq!(lit(&heard, "segment-0")[2], "ColorControl(HueSaturation(Hue(37), Percent(100)))");
    let warm = Color::Temperature(2_700.0.try_into().unwrap());
    assert_eq!(
        asked(&mut session, "segment-0", Action::SetColor(warm)).unwrap()["seg"],
        json!([{ "id": 0, "cct": 2700, "col": [[0, 0, 0, 255]] }])
    );
    assert_eq!(
        asked(&mut session, "segment-0", Action::SetColor(Color::from_rgb([0, 255, 0]))).unwrap()["seg"],
        json!([{ "id": 0, "col": [[0, 255, 0, 0]] }])
    );
    let mut json = parsed(RGBCCT);
    json["state"]["seg"][0]["col"][0] = json!([0, 0, 0, 255]);
    // The device keeps 2700 K as step 25 of 32 K from 1900 K.
    json["state"]["seg"][0]["cct"] = json!(25);
    let (_, heard) = open(&json.to_string());
    assert_eq!(lit(&heard, "segment-0")[2], "ColorControl(Temperature(Kelvin(2700.0)))");
}

#[test]
fn what_leds_can_do_is_found_wherever_it_is_said() {
    for (lc, seg_lc, expected) in [
        (json!([0]), Json::Null, "OnOff LightEffect LightPalette"),
        (json!([2]), Json::Null, "OnOff Level LightEffect LightPalette"),
        (json!([4]), Json::Null, ALL),
        (json!([1]), json!(2), "OnOff Level LightEffect LightPalette"),
        (json!("x"), Json::Null, ALL),
    ] {
        let mut json = parsed(ONE);
        json["info"]["leds"]["seglc"] = lc;
        json["state"]["seg"][0]["lc"] = seg_lc;
        let (_, heard) = open(&json.to_string());
        assert_eq!(endpoints(&heard), [format!("segment-0 -: {expected}")]);
    }
}

#[test]
fn a_push_answers_the_command_and_says_the_values() {
    let (mut session, _) = open(ONE);
    asked(&mut session, "segment-0", Action::SetOnOff(false)).unwrap();
    let mut json = parsed(ONE);
    json["state"]["on"] = json!(false);
    let heard = reports(session.handle_frame(json.to_string().as_bytes()));
    assert!(matches!(
        heard.as_slice(),
        [Report::Progress(_, Progress::Acknowledged), Report::Values(Source::Pushed, _)]
    ));
    assert_eq!(lit(&heard, "segment-0")[0], "OnOff(false)");
    assert_eq!(session.abandon(), []);
    drop(session.refresh());
    let heard = reports(session.handle_frame(json.to_string().as_bytes()));
    assert!(matches!(heard.as_slice(), [Report::Values(Source::Polled, _)]));
}

#[test]
fn a_plain_success_and_an_error_answer_too() {
    let (mut session, _) = open(ONE);
    let id = || "c1".parse().unwrap();
    asked(&mut session, "segment-0", Action::SetOnOff(false)).unwrap();
    let heard = reports(session.handle_frame(br#"{"success":true}"#));
    assert_eq!(heard, [Report::Progress(id(), Progress::Acknowledged)]);
    asked(&mut session, "segment-0", Action::SetOnOff(false)).unwrap();
    let heard = reports(session.handle_frame(br#"{"error":3}"#));
    let refused = Progress::Failed(FailReason::Refused("error 3".to_owned()));
    assert_eq!(heard, [Report::Progress(id(), refused)]);
    for quiet in ["pong", "{}", r#"{"leds":["000000"]}"#, r#"{"error":3}"#, r#"{"state":{}}"#] {
        assert_eq!(session.handle_frame(quiet.as_bytes()), [], "{quiet}");
    }
}

#[test]
fn a_light_dimmed_to_nothing_says_so_until_it_is_on_again() {
    let (mut session, _) = open(ONE);
    asked(&mut session, "segment-0", Action::SetLevel(percent(0))).unwrap();
    // The first push was on its way before the command.
    for (on, level) in [(true, 50), (false, 0), (true, 50), (false, 50)] {
        let mut json = parsed(ONE);
        json["state"]["on"] = json!(on);
        let heard = reports(session.handle_frame(json.to_string().as_bytes()));
        let expected = [format!("OnOff({on})"), format!("Level(Percent({level}))")];
        assert_eq!(lit(&heard, "segment-0")[..2], expected);
    }
}

#[test]
fn new_segments_are_described() {
    let (mut session, _) = open(ONE);
    let mut json = parsed(ONE);
    json["state"]["seg"].as_array_mut().unwrap().push(json!({ "id": 4, "on": true, "n": "Shelf" }));
    let heard = reports(session.handle_frame(json.to_string().as_bytes()));
    let lines = endpoints(&heard);
    assert_eq!(lines.len(), 3);
    assert!(lines[2].starts_with("segment-4 Shelf:"), "{lines:?}");
}

#[test]
fn somebody_else_is_not_let_in() {
    let other: DeviceId = "wled-112233445566".parse().unwrap();
    let cause = WledSession::open(Some(&other), &address(), ONE.as_bytes()).unwrap_err();
    assert_eq!(cause, Cause::WrongIdentity { found: device() });
    let (mut session, _) = open(ONE);
    let foreign = ONE.replace("\"mac\": \"aabbccddeeff\"", "\"mac\": \"112233445566\"");
    let outputs = session.handle_frame(foreign.as_bytes());
    assert_eq!(outputs, [Output::End(Cause::WrongIdentity { found: other })]);
}

#[test]
fn nonsense_ends_it_in_words() {
    for json in ["", "<html>", "{}", "[]", r#"{"state":{"on":true},"info":{"mac":"x"}}"#] {
        let cause = WledSession::open(None, &address(), json.as_bytes()).unwrap_err();
        assert!(matches!(cause, Cause::Garbage(_)), "{json}");
    }
    let (mut session, _) = open(ONE);
    assert!(matches!(session.handle_frame(b"\xff")[0], Output::End(Cause::Garbage(_))));
}

#[test]
fn answers_that_never_come_do_not_pile_up() {
    let (mut session, _) = open(ONE);
    for _ in 0..1_000 {
        drop(session.handle_command(command("segment-0", Action::SetOnOff(true))));
    }
    assert_eq!(session.abandon().len(), 64);
}

#[test]
fn hundreds_of_segments_are_sixty_three() {
    let mut json = parsed(ONE);
    json["state"]["seg"] = (0..500).map(|id| json!({ "id": id })).collect();
    let (_, heard) = open(&json.to_string());
    assert_eq!(description(&heard).endpoints.len(), 64);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        drop(WledSession::open(None, &address(), &bytes));
        let (mut session, _) = open(RGBCCT);
        prop_assert!(session.handle_frame(&bytes).len() <= 66);
    }

    #[test]
    fn mutated_answers_are_survived(
        whole in prop::sample::select(vec![RGBCCT, TWO]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 0..8),
    ) {
        let mut bytes = whole.as_bytes().to_vec();
        for (at, byte, replace) in changes {
            let at = at.index(bytes.len());
            if replace { bytes[at] = byte } else { let _: u8 = bytes.remove(at); }
        }
        drop(WledSession::open(None, &address(), &bytes));
        let (mut session, _) = open(RGBCCT);
        prop_assert!(session.handle_frame(&bytes).len() <= 66);
    }
}

//! Scenes, what takes them back, and the same action for many.

use api::Request;
use model::rule::Target;
use model::{
    Action, Capability, Cause, CoverMotion, CoverMove, CoverState, EndpointKind, LockState, Origin,
    Progress, RoleId, RunId, SavedHome, Scene, SceneId, SceneSetting, Span, Value,
};

use crate::home::{BOX, Home, LAMP, PLUG, check, endpoint_id, id, level, name, off, on, saved};

const SWITCH: &str = "shelly-plug/switch-0";
const LIGHT: &str = "wled-lamp/light-0";
const LOCK: &str = "esphome-box/lock";
const BLIND: &str = "esphome-box/blind";

fn own(endpoint: &str) -> RoleId {
    RoleId::of(&endpoint_id(endpoint))
}

fn dusk() -> SceneId {
    "dusk".parse().unwrap()
}

fn run(id: &str) -> RunId {
    id.parse().unwrap()
}

fn scene(settings: &[(&str, &[Action])]) -> Scene {
    let setting = |(endpoint, actions): &(&str, &[Action])| SceneSetting {
        role: own(endpoint),
        actions: actions.to_vec(),
    };
    let settings = settings.iter().map(setting).collect();
    Scene { id: dusk(), name: name("Dusk"), room: None, settings, transition: Span::ZERO }
}

fn with(settings: &[(&str, &[Action])]) -> Home {
    let mut home = Home::new();
    check(
        &home.ask(Request::SaveScene(scene(settings))),
        "write scene dusk\ntell scene dusk\nreply Done",
    );
    home
}

fn set(home: &mut Home, id: &str) -> Vec<String> {
    home.ask(Request::SetScene(run(id), dusk()))
}

/// The commands that leave, with what they ask for.
fn wishes(home: &Home, endpoint: &str) -> Vec<Action> {
    let states = home.endpoint(endpoint).states.into_values();
    states.filter_map(|it| it.pending).map(|it| it.action).collect()
}

fn sent(happened: &[String]) -> usize {
    happened.iter().filter(|it| it.starts_with("send")).count()
}

#[test]
fn a_scene_is_set_once_and_each_part_knows_by_which() {
    let mut home = with(&[(SWITCH, &[on()]), (LIGHT, &[Action::SetLevel(level(40))])]);
    let happened = set(&mut home, "run-1");
    assert_eq!(sent(&happened), 2);
    assert!(happened.contains(&"send run-1-s0".to_owned()), "{happened:?}");
    let pending = home.state(SWITCH, Capability::OnOff).pending.unwrap();
    assert_eq!(pending.origin, Origin::Scene(dusk()));
    check(&set(&mut home, "run-1"), "reply Duplicate");
    home.progress(PLUG, "run-1-s0", Progress::Sent);
    home.says(SWITCH, Value::OnOff(true));
    assert_eq!(home.state(SWITCH, Capability::OnOff).origin, Origin::Scene(dusk()));
    assert_eq!(sent(&set(&mut home, "run-2")), 2);
}

#[test]
fn the_same_run_of_a_scene_makes_the_same_commands_however_long_its_id() {
    let long = "r".repeat(64);
    let mut home = with(&[(SWITCH, &[on()])]);
    let first = set(&mut home, &long);
    let mut again = with(&[(SWITCH, &[on()])]);
    assert_eq!(first, set(&mut again, &long));
    let other = format!("{}q", "r".repeat(63));
    let mut home = with(&[(SWITCH, &[on()])]);
    assert_ne!(first, set(&mut home, &other));
}

#[test]
fn what_is_off_in_a_scene_is_only_switched_off_and_a_level_needs_no_switch() {
    let red = Action::SetColor(model::Color::from_rgb([255, 0, 0]));
    let mut home = with(&[(LIGHT, &[Action::SetLevel(level(40)), off()])]);
    set(&mut home, "run-1");
    assert_eq!(wishes(&home, LIGHT), [off()]);
    let mut home = with(&[(LIGHT, &[on(), Action::SetLevel(level(40)), red.clone()])]);
    set(&mut home, "run-1");
    assert_eq!(wishes(&home, LIGHT), [Action::SetLevel(level(40)), red]);
}

#[test]
fn what_a_part_cannot_do_or_nobody_fills_is_left_out() {
    let mut home = with(&[(SWITCH, &[Action::SetLevel(level(40))]), (LIGHT, &[on()])]);
    assert_eq!(sent(&set(&mut home, "run-1")), 1);
    home.ask(Request::RemoveDevice(id(LAMP)));
    check(&set(&mut home, "run-2"), "reply Invalid");
    check(&home.ask(Request::SetScene(run("run-3"), "none".parse().unwrap())), "reply NotFound");
}

#[test]
fn only_what_can_be_asked_twice_is_in_a_scene() {
    let too_long = Scene { transition: Span::minutes(61), ..scene(&[(LIGHT, &[on()])]) };
    let nowhere = Scene { room: Some("none".parse().unwrap()), ..scene(&[(LIGHT, &[on()])]) };
    for (scene, expected) in [
        (scene(&[("esphome-box/bell", &[Action::Press])]), "reply Invalid"),
        (scene(&[(LOCK, &[Action::SetLocked(false)])]), "reply Invalid"),
        (scene(&[(LIGHT, &[])]), "reply Invalid"),
        (scene(&[(LIGHT, &[on(), off()])]), "reply Invalid"),
        (scene(&[(LIGHT, &[on()]), (LIGHT, &[off()])]), "reply Invalid"),
        (scene(&[("esphome-box/number", &[Action::SetNumber(f64::NAN)])]), "reply Invalid"),
        (scene(&[(LIGHT, &[Action::SetEffect("x".repeat(257))])]), "reply Invalid"),
        (scene(&[("shelly-none/none", &[on()])]), "reply NotFound"),
        (too_long, "reply Invalid"),
        (nowhere, "reply NotFound"),
    ] {
        let mut home = Home::new();
        assert_eq!(home.ask(Request::SaveScene(scene.clone())), [expected], "{scene:?}");
        assert_eq!(home.engine.snapshot().scenes, []);
    }
}

#[test]
fn a_transition_gives_lights_their_time_before_they_are_asked_or_given_up() {
    let mut home = Home::new();
    let slow = Scene {
        transition: Span::seconds(10),
        ..scene(&[(LIGHT, &[on()]), (LOCK, &[Action::SetLocked(true)])])
    };
    home.ask(Request::SaveScene(slow));
    let ticket = engine::Ticket(home.next_ticket());
    let request = Request::SetScene(run("run-1"), dusk());
    let effects = home.engine.handle_request(ticket, request, home.now);
    let transitions: Vec<Span> = effects
        .iter()
        .filter_map(|it| match it {
            engine::Effect::Send(command) => Some(command.transition),
            _ => None,
        })
        .collect();
    assert_eq!(transitions, [Span::seconds(10), Span::ZERO], "a lock takes no transition");
    home.done(effects);
    home.progress(LAMP, "run-1-s0", Progress::Sent);
    check(&home.wait(7_999), "");
    home.wait(2_400);
    assert!(home.state(LIGHT, Capability::OnOff).pending.is_some());
    home.wait(3_000);
    assert_eq!(home.tile(LIGHT, Capability::OnOff), "failed Expired");
}

#[test]
fn a_captured_scene_is_the_home_as_it_is() {
    let cover = CoverState { open: Some(level(30)), motion: CoverMotion::Stopped };
    let mut home = Home::new();
    home.says(SWITCH, Value::OnOff(false));
    home.says(LIGHT, Value::OnOff(true));
    home.says(LIGHT, Value::Level(level(40)));
    home.says(LIGHT, Value::LightEffect("Rain".to_owned()));
    home.says(LOCK, Value::DoorLock(LockState::Locked));
    home.says(BLIND, Value::WindowCovering(cover));
    let all = [SWITCH, LIGHT, LOCK, BLIND, "esphome-box/door", "shelly-none/none", LIGHT];
    let roles = all.map(own).to_vec();
    let capture = Request::CaptureScene {
        id: dusk(),
        name: name("Now"),
        room: None,
        roles,
        transition: Span::ZERO,
    };
    let happened = home.ask(capture);
    assert!(happened[2].starts_with("reply Captured"), "{happened:?}");
    let settings: Vec<(RoleId, Vec<Action>)> = home.engine.snapshot().scenes[0]
        .settings
        .iter()
        .map(|it| (it.role.clone(), it.actions.clone()))
        .collect();
    let rain = Action::SetEffect("Rain".to_owned());
    assert_eq!(
        settings,
        [
            (own(SWITCH), vec![off()]),
            (own(LIGHT), vec![on(), Action::SetLevel(level(40)), rain]),
            (own(LOCK), vec![Action::SetLocked(true)]),
            (own(BLIND), vec![Action::MoveCover(CoverMove::To(level(30)))]),
        ]
    );
}

#[test]
fn what_is_not_known_or_unlocked_is_not_captured() {
    let capture = |home: &mut Home| {
        let roles = [SWITCH, LOCK].map(own).to_vec();
        home.ask(Request::CaptureScene {
            id: dusk(),
            name: name("Now"),
            room: None,
            roles,
            transition: Span::ZERO,
        })
        .join(" ")
    };
    let mut home = Home::new();
    assert_eq!(capture(&mut home), "reply Invalid");
    home.says(LOCK, Value::DoorLock(LockState::Unlocked));
    assert_eq!(capture(&mut home), "reply Invalid");
    home.says(SWITCH, Value::OnOff(true));
    home.lose(PLUG, Cause::NoAnswer);
    assert_eq!(capture(&mut home), "reply Invalid");
}

#[test]
fn a_scene_is_taken_back_to_what_was_before_once() {
    let mut home = with(&[
        (SWITCH, &[on()]),
        (LIGHT, &[Action::SetLevel(level(90))]),
        (LOCK, &[Action::SetLocked(true)]),
        (BLIND, &[Action::MoveCover(CoverMove::Close)]),
    ]);
    home.says(SWITCH, Value::OnOff(false));
    home.says(LIGHT, Value::OnOff(true));
    home.says(LIGHT, Value::Level(level(40)));
    home.says(LOCK, Value::DoorLock(LockState::Unlocked));
    set(&mut home, "run-1");
    let happened = home.ask(Request::UndoScene(run("run-1")));
    assert_eq!(sent(&happened), 2, "{happened:?}");
    assert_eq!(wishes(&home, SWITCH), [off()]);
    assert_eq!(wishes(&home, LIGHT), [Action::SetLevel(level(40))]);
    assert_eq!(wishes(&home, LOCK), [Action::SetLocked(true)], "nothing is unlocked by that");
    check(&home.ask(Request::UndoScene(run("run-1"))), "reply NotFound");
    assert_eq!(home.state(SWITCH, Capability::OnOff).pending.unwrap().origin, Origin::App);
}

#[test]
fn what_was_off_before_a_scene_goes_off_again() {
    let mut home = with(&[(LIGHT, &[Action::SetLevel(level(90))])]);
    home.says(LIGHT, Value::OnOff(false));
    set(&mut home, "run-1");
    home.ask(Request::UndoScene(run("run-1")));
    assert!(wishes(&home, LIGHT).contains(&off()));
}

#[test]
fn after_a_minute_a_scene_is_not_taken_back() {
    let mut home = with(&[(SWITCH, &[on()])]);
    home.says(SWITCH, Value::OnOff(false));
    set(&mut home, "run-1");
    home.wait(60_000);
    check(&home.ask(Request::UndoScene(run("run-1"))), "reply NotFound");
}

#[test]
fn a_scene_goes_and_its_room_before_it() {
    let mut home = Home::new();
    home.ask(Request::CreateRoom("hall".parse().unwrap(), name("Hall")));
    let room = Some("hall".parse().unwrap());
    home.ask(Request::SaveScene(Scene { room, ..scene(&[(LIGHT, &[on()])]) }));
    let happened = home.ask(Request::RemoveRoom("hall".parse().unwrap()));
    assert!(happened.contains(&"write scene dusk".to_owned()), "{happened:?}");
    assert_eq!(home.engine.snapshot().scenes[0].room, None);
    check(
        &home.ask(Request::RemoveScene(dusk())),
        "write scene gone dusk\ntell scene gone dusk\nreply Done",
    );
    check(&home.ask(Request::RemoveScene(dusk())), "reply NotFound");
}

#[test]
fn a_scene_in_a_room_that_is_not_there_is_shown_for_the_home() {
    let room = Some("gone".parse().unwrap());
    let scenes = vec![Scene { room, ..scene(&[]) }];
    let (home, happened) = Home::opened(SavedHome { scenes, ..saved() });
    assert_eq!(home.engine.snapshot().scenes[0].room, None);
    assert!(happened.contains(&"write scene dusk".to_owned()), "{happened:?}");
}

#[test]
fn the_same_action_goes_to_all_that_can() {
    let all = |home: &mut Home, id: &str, to: Target, action: Action| {
        home.ask(Request::ControlAll { id: run(id), to, action })
    };
    let mut home = Home::new();
    home.ask(Request::CreateRoom("hall".parse().unwrap(), name("Hall")));
    for device in [PLUG, LAMP, BOX] {
        home.ask(Request::PlaceDevice(id(device), Some("hall".parse().unwrap())));
    }
    let hall = || Target::Room { room: "hall".parse().unwrap(), only: None };
    let happened = all(&mut home, "run-1", hall(), off());
    assert_eq!(sent(&happened), 2, "{happened:?}");
    check(&all(&mut home, "run-1", hall(), off()), "reply Duplicate");
    let plugs = Target::Room { room: "hall".parse().unwrap(), only: Some(EndpointKind::Plug) };
    assert_eq!(sent(&all(&mut home, "run-2", plugs, on())), 1);
    assert_eq!(sent(&all(&mut home, "run-3", Target::All(EndpointKind::Light), on())), 1);
    check(&all(&mut home, "run-4", hall(), Action::SelectMode("x".to_owned())), "reply Invalid");
    let none = Target::Group("none".parse().unwrap());
    check(&all(&mut home, "run-5", none, on()), "reply NotFound");
    let elsewhere = Request::PlaceEndpoint(endpoint_id(LIGHT), None);
    home.ask(elsewhere);
    home.ask(Request::CreateRoom("attic".parse().unwrap(), name("Attic")));
    home.ask(Request::PlaceEndpoint(endpoint_id(LIGHT), Some("attic".parse().unwrap())));
    assert_eq!(sent(&all(&mut home, "run-6", hall(), off())), 1, "a part may be elsewhere");
}

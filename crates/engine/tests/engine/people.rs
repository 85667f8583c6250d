//! What people say: names, rooms, favourites, settings, secrets, issues.

use api::{HubStatus, Request, Vault};
use model::{Cause, IssueId, IssueKind, RoomId, Secret, Settings, Theme};

use crate::home::{Home, LAMP, PLUG, check, endpoint_id, id, name, status};

const SWITCH: &str = "shelly-plug/switch-0";

fn room(text: &str) -> RoomId {
    text.parse().unwrap()
}

fn with_rooms() -> Home {
    let mut home = Home::new();
    for text in ["a", "b", "c"] {
        home.ask(Request::CreateRoom(room(text), name(text)));
    }
    home
}

#[test]
fn a_new_room_comes_last() {
    let mut home = with_rooms();
    check(
        &home.ask(Request::CreateRoom(room("d"), name("D"))),
        "write room d@3
        tell rooms a@0 b@1 c@2 d@3
        reply Done",
    );
    check(&home.ask(Request::CreateRoom(room("d"), name("D"))), "reply Invalid");
}

#[test]
fn rooms_move_and_only_those_that_moved_are_written() {
    for (from, to, expected) in [
        ("a", 1, "write room b@0 write room a@1 tell rooms b@0 a@1 c@2 reply Done"),
        ("c", 0, "write room c@0 write room a@1 write room b@2 tell rooms c@0 a@1 b@2 reply Done"),
        ("a", 99, "write room b@0 write room c@1 write room a@2 tell rooms b@0 c@1 a@2 reply Done"),
        ("b", 1, "reply Done"),
        ("none", 1, "reply NotFound"),
    ] {
        assert_eq!(with_rooms().ask(Request::MoveRoom(room(from), to)).join(" "), expected);
    }
}

#[test]
fn a_removed_room_leaves_its_devices_in_none() {
    let mut home = with_rooms();
    home.ask(Request::PlaceDevice(id(PLUG), Some(room("a"))));
    home.ask(Request::PlaceEndpoint(endpoint_id("wled-lamp/light-0"), Some(room("a"))));
    assert_eq!(home.endpoint(SWITCH).room, Some(room("a")), "a part goes with its device");
    check(
        &home.ask(Request::RemoveRoom(room("a"))),
        "write device shelly-plug
        write device wled-lamp
        write room gone a
        write room b@0
        write room c@1
        tell device shelly-plug \"Plug\" reachable
        tell device wled-lamp \"Lamp\" reachable
        tell rooms b@0 c@1
        reply Done",
    );
    assert_eq!(home.endpoint("wled-lamp/light-0").room, None);
}

#[test]
fn a_part_may_be_in_another_room_than_its_device() {
    let mut home = with_rooms();
    home.ask(Request::PlaceDevice(id(PLUG), Some(room("a"))));
    home.ask(Request::PlaceEndpoint(endpoint_id(SWITCH), Some(room("b"))));
    assert_eq!(home.device(PLUG).room, Some(room("a")));
    assert_eq!(home.endpoint(SWITCH).room, Some(room("b")));
    home.ask(Request::PlaceEndpoint(endpoint_id(SWITCH), None));
    assert_eq!(home.endpoint(SWITCH).room, Some(room("a")));
}

#[test]
fn what_is_renamed_is_written_down_and_told() {
    let mut home = with_rooms();
    for (request, expected) in [
        (
            Request::NameDevice(id(PLUG), Some(name("Kettle"))),
            "write device shelly-plug tell device shelly-plug \"Kettle\" reachable reply Done",
        ),
        (
            Request::NameEndpoint(endpoint_id(SWITCH), Some(name("Tea"))),
            "write device shelly-plug tell device shelly-plug \"Kettle\" reachable reply Done",
        ),
        (
            Request::SetFavourite(endpoint_id(SWITCH), true),
            "write device shelly-plug tell device shelly-plug \"Kettle\" reachable reply Done",
        ),
        (
            Request::NameRoom(room("a"), name("Attic")),
            "write room a@0 tell rooms a@0 b@1 c@2 reply Done",
        ),
        (Request::NameHome(Some(name("Ours"))), "write home Ours tell home reply Done"),
        (Request::Welcomed, "write home Ours welcomed tell home reply Done"),
        (
            Request::SetSettings(Settings { theme: Theme::Dark, ..Settings::default() }),
            "write settings tell settings reply Done",
        ),
    ] {
        assert_eq!(home.ask(request.clone()).join(" "), expected);
        assert_eq!(home.ask(request).join(" "), "reply Done", "it is so already");
    }
    assert_eq!(home.endpoint(SWITCH).name, "Tea");
    assert!(home.endpoint(SWITCH).favourite);
    home.ask(Request::NameEndpoint(endpoint_id(SWITCH), None));
    assert_eq!(home.endpoint(SWITCH).name, "Kettle");
}

#[test]
fn what_is_not_there_is_not_found() {
    let mut home = with_rooms();
    let nobody = || id("shelly-none");
    let nothing = || endpoint_id("shelly-plug/none");
    for request in [
        Request::NameDevice(nobody(), None),
        Request::PlaceDevice(nobody(), None),
        Request::PlaceDevice(id(PLUG), Some(room("none"))),
        Request::NameEndpoint(nothing(), None),
        Request::PlaceEndpoint(nothing(), None),
        Request::PlaceEndpoint(endpoint_id(SWITCH), Some(room("none"))),
        Request::SetFavourite(nothing(), true),
        Request::NameRoom(room("none"), name("x")),
        Request::RemoveRoom(room("none")),
        Request::RemoveDevice(nobody()),
        Request::Reconnect(nobody()),
        Request::SetSecret { device: nobody(), secret: None },
        Request::ResolveIssue(IssueId("none".to_owned())),
    ] {
        assert_eq!(home.ask(request.clone()), ["reply NotFound"], "{request:?}");
    }
}

#[test]
fn a_secret_is_kept_and_the_issue_stays_until_the_device_accepts_it() {
    let mut home = Home::new();
    home.lose(PLUG, Cause::WrongSecret);
    let secret = || Some(Secret::new("hunter2".to_owned()));
    check(
        &home.ask(Request::SetSecret { device: id(PLUG), secret: secret() }),
        "keep secret of shelly-plug
        reply Done",
    );
    assert_eq!(home.engine.snapshot().issues.len(), 1);
    let effects = home.engine.handle_status(HubStatus { vault: Vault::Locked, ..status() });
    check(&home.done(effects), "tell status");
    check(
        &home.ask(Request::SetSecret { device: id(PLUG), secret: secret() }),
        "reply SecretsLocked",
    );
    check(
        &home.ask(Request::SetSecret { device: id(PLUG), secret: None }),
        "forget secret of shelly-plug
        reply Done",
    );
}

#[test]
fn the_vault_is_the_hubs_but_not_without_a_passphrase() {
    let unlock = |vault: Vault, passphrase: Option<&str>| {
        let mut home = Home::new();
        let effects = home.engine.handle_status(HubStatus { vault, ..status() });
        home.done(effects);
        let passphrase = passphrase.map(|it| Secret::new(it.to_owned()));
        home.ask(Request::Unlock { passphrase }).join(" ")
    };
    assert_eq!(unlock(Vault::Locked, None), "reply Invalid");
    assert_eq!(unlock(Vault::Locked, Some("short")), "unlock #1");
    assert_eq!(unlock(Vault::Absent, Some("short")), "reply Invalid");
    assert_eq!(unlock(Vault::Absent, Some("long enough")), "unlock #1");
    assert_eq!(unlock(Vault::Keyring, Some("long enough")), "reply Invalid");
}

#[test]
fn the_simulated_home_is_entered_where_it_is_offered_and_left_from_inside() {
    let ask = |sandbox: bool, sandbox_offered: bool, request: Request| {
        let mut home = Home::new();
        let now = HubStatus { sandbox, sandbox_offered, ..status() };
        let effects = home.engine.handle_status(now);
        home.done(effects);
        home.ask(request).join(" ")
    };
    assert_eq!(ask(false, true, Request::EnterSandbox), "switch #1 Sandbox(12)");
    assert_eq!(ask(false, false, Request::EnterSandbox), "reply Unsupported");
    assert_eq!(ask(true, true, Request::EnterSandbox), "reply Invalid");
    assert_eq!(ask(true, true, Request::LeaveSandbox), "switch #1 Real");
    assert_eq!(ask(false, true, Request::LeaveSandbox), "reply Invalid");
}

#[test]
fn an_issue_is_dismissed_or_retried_as_it_allows() {
    let restored = IssueKind::DatabaseRestored { copied_at: None, kept: "x".to_owned() };
    for (kind, expected) in [
        (restored, "tell issue gone database-restored reply Done"),
        (
            IssueKind::DiscoveryFailed("no".to_owned()),
            "tell issue gone discovery-failed reply Done",
        ),
        (IssueKind::CannotWrite("full".to_owned()), "retry writes reply Done"),
        (IssueKind::NeedsSecret(id(LAMP)), "try wled-lamp reply Done"),
        (IssueKind::SecretsLocked, "reply Invalid"),
        (IssueKind::NoKeyring, "reply Invalid"),
    ] {
        let mut home = Home::new();
        home.trouble(kind.clone());
        assert_eq!(home.ask(Request::ResolveIssue(kind.id())).join(" "), expected);
    }
}

#[test]
fn the_same_trouble_is_one_issue_and_keeps_its_beginning() {
    let mut home = Home::new();
    let began = home.now.wall;
    check(&home.trouble(IssueKind::CannotWrite("full".to_owned())), "tell issue cannot-write");
    home.wait(1_000);
    check(&home.trouble(IssueKind::CannotWrite("full".to_owned())), "");
    let other = IssueKind::CannotWrite("read-only".to_owned());
    check(&home.trouble(other.clone()), "tell issue cannot-write");
    let issues = home.engine.snapshot().issues;
    assert_eq!((issues.len(), issues[0].since, &issues[0].kind), (1, began, &other));
    let effects = home.engine.handle_trouble_over(&other.id(), home.now);
    check(&home.done(effects), "tell issue gone cannot-write");
    let effects = home.engine.handle_trouble_over(&other.id(), home.now);
    check(&home.done(effects), "");
    check(&home.trouble(IssueKind::NeedsSecret(id("shelly-none"))), "");
}

#[test]
fn reconnecting_tries_now() {
    check(
        &Home::new().ask(Request::Reconnect(id(PLUG))),
        "try shelly-plug
        reply Done",
    );
}

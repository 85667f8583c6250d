//! Roles: hardware is replaced, and what names them goes on.

use api::Request;
use model::{EndpointId, Group, GroupId, Report, RoleId, RoleRecord, RoomId, SavedHome};

use crate::home::{Home, PLUG, check, described, endpoint_id, id, name, plug, record, saved};

const SWITCH: &str = "shelly-plug/switch-0";
const LIGHT: &str = "wled-lamp/light-0";

fn own(endpoint: &str) -> RoleId {
    RoleId::of(&endpoint_id(endpoint))
}

fn group(members: &[RoleId]) -> Group {
    let id: GroupId = "some".parse().unwrap();
    Group { id, name: name("Some"), members: members.to_vec() }
}

fn fill(home: &mut Home, role: &RoleId, endpoint: Option<&str>) -> Vec<String> {
    let endpoint: Option<EndpointId> = endpoint.map(endpoint_id);
    home.ask(Request::FillRole(role.clone(), endpoint))
}

/// A home in which a group names the plug's role.
fn with_group() -> Home {
    let mut home = Home::new();
    home.ask(Request::SaveGroup(group(&[own(SWITCH)])));
    home
}

fn vacant(home: &Home) -> Vec<RoleId> {
    home.engine.snapshot().vacant.into_iter().map(|it| it.id).collect()
}

#[test]
fn every_part_fills_its_own_role_from_the_first_day_and_nothing_is_written_down_for_that() {
    let (home, happened) = Home::opened(saved());
    assert!(happened.iter().all(|it| !it.contains("role")), "{happened:?}");
    for device in home.engine.snapshot().devices {
        for endpoint in device.endpoints {
            assert_eq!(endpoint.role, RoleId::of(&endpoint.id));
        }
    }
}

#[test]
fn a_role_that_something_names_outlives_its_hardware() {
    let mut home = with_group();
    home.ask(Request::CreateRoom("hall".parse().unwrap(), name("Hall")));
    home.ask(Request::PlaceDevice(id(PLUG), Some("hall".parse().unwrap())));
    home.ask(Request::NameEndpoint(endpoint_id(SWITCH), Some(name("Kettle"))));
    let happened = home.ask(Request::RemoveDevice(id(PLUG)));
    let role = own(SWITCH);
    assert!(happened.contains(&format!("write role {role} vacant")), "{happened:?}");
    assert!(happened.contains(&format!("tell vacant {role}")), "{happened:?}");
    let vacant = home.engine.snapshot().vacant;
    assert_eq!((vacant[0].name.as_str(), vacant.len()), ("Kettle", 1));
    assert_eq!(vacant[0].room, Some("hall".parse().unwrap()));
    home.ask(Request::RemoveRoom("hall".parse().unwrap()));
    assert_eq!(home.engine.snapshot().vacant[0].room, None);
}

#[test]
fn a_role_that_nothing_names_goes_with_its_hardware() {
    let mut home = Home::new();
    let happened = home.ask(Request::RemoveDevice(id(PLUG)));
    assert!(happened.iter().all(|it| !it.contains("role") && !it.contains("vacant")));
    assert_eq!(fill(&mut home, &own(SWITCH), Some(LIGHT)), ["reply NotFound"]);
}

#[test]
fn a_device_that_comes_back_fills_its_role_again() {
    let mut home = with_group();
    home.ask(Request::RemoveDevice(id(PLUG)));
    home.ask(crate::home::add_at("10.0.0.1:80"));
    let probed = crate::home::answer(PLUG, "10.0.0.1:80", plug());
    let happened = home.probed(home.ticket(), Ok(probed));
    assert!(happened.contains(&format!("write role gone {}", own(SWITCH))), "{happened:?}");
    assert_eq!(vacant(&home), []);
    assert_eq!(home.endpoint(SWITCH).role, own(SWITCH));
}

#[test]
fn a_part_that_a_device_no_longer_has_leaves_its_role_vacant_until_it_is_back() {
    let mut home = with_group();
    home.hear(PLUG, Report::Described(described("Plug", vec![])));
    assert_eq!(vacant(&home), [own(SWITCH)]);
    home.hear(PLUG, Report::Described(plug()));
    assert_eq!(vacant(&home), []);
}

#[test]
fn what_replaces_a_thing_takes_over_its_name_room_and_place_among_the_favourites() {
    let mut home = with_group();
    let hall: RoomId = "hall".parse().unwrap();
    home.ask(Request::CreateRoom(hall.clone(), name("Hall")));
    home.ask(Request::PlaceDevice(id(PLUG), Some(hall.clone())));
    home.ask(Request::NameEndpoint(endpoint_id(SWITCH), Some(name("Kettle"))));
    home.ask(Request::SetFavourite(endpoint_id(SWITCH), true));
    let role = own(SWITCH);
    let further = format!("{role}-2");
    check(
        &fill(&mut home, &role, Some(LIGHT)),
        &format!(
            "write role {role} by wled-lamp/light-0
            write role {further} by shelly-plug/switch-0
            write device shelly-plug
            write device wled-lamp
            tell device shelly-plug \"Plug\" reachable
            tell device wled-lamp \"Lamp\" reachable
            reply Done"
        ),
    );
    let light = home.endpoint(LIGHT);
    assert_eq!((light.name.as_str(), light.favourite, light.room), ("Kettle", true, Some(hall)));
    assert_eq!(light.role, role);
    let switch = home.endpoint(SWITCH);
    assert_eq!((switch.name.as_str(), switch.favourite), ("Plug", false));
    assert_eq!(switch.role.as_str(), further);
    check(&fill(&mut home, &role, Some(LIGHT)), "reply Done");
}

#[test]
fn a_role_that_is_given_back_to_its_first_part_needs_no_record() {
    let mut home = with_group();
    let role = own(SWITCH);
    fill(&mut home, &role, Some(LIGHT));
    let happened = fill(&mut home, &role, Some(SWITCH));
    assert!(happened.contains(&format!("write role gone {role}")), "{happened:?}");
    assert!(happened.contains(&format!("write role gone {role}-2")), "{happened:?}");
    assert_eq!(home.endpoint(SWITCH).role, role);
    assert_eq!(home.endpoint(LIGHT).role, own(LIGHT), "and the other fills its own again");
}

#[test]
fn a_vacant_role_is_filled_by_another_and_what_named_it_never_knew() {
    let mut home = with_group();
    home.ask(Request::NameEndpoint(endpoint_id(SWITCH), Some(name("Kettle"))));
    home.ask(Request::RemoveDevice(id(PLUG)));
    let happened = fill(&mut home, &own(SWITCH), Some(LIGHT));
    assert!(happened.contains(&"tell vacant".to_owned()), "{happened:?}");
    assert_eq!(home.endpoint(LIGHT).role, own(SWITCH));
    assert_eq!(home.endpoint(LIGHT).name, "Kettle");
}

#[test]
fn a_role_can_be_left_to_nobody() {
    let mut home = with_group();
    let role = own(SWITCH);
    fill(&mut home, &role, None);
    assert_eq!(vacant(&home), std::slice::from_ref(&role));
    assert_eq!(home.endpoint(SWITCH).role.as_str(), format!("{role}-2"));
    check(&fill(&mut home, &role, None), "reply Done");
}

#[test]
fn the_role_that_a_newcomer_leaves_is_vacant_when_something_names_it() {
    let mut home = Home::new();
    home.ask(Request::SaveGroup(group(&[own(SWITCH), own(LIGHT)])));
    fill(&mut home, &own(SWITCH), Some(LIGHT));
    assert_eq!(vacant(&home), [own(LIGHT)]);
}

#[test]
fn a_role_is_forgotten_when_nothing_fills_or_names_it() {
    let mut home = with_group();
    let role = own(SWITCH);
    let forget = Request::ForgetRole(role.clone());
    check(&home.ask(forget.clone()), "reply Invalid");
    home.ask(Request::RemoveDevice(id(PLUG)));
    check(&home.ask(forget.clone()), "reply InUse([Some])");
    home.ask(Request::RemoveGroup("some".parse().unwrap()));
    check(&home.ask(forget.clone()), &format!("write role gone {role}\ntell vacant\nreply Done"));
    check(&home.ask(forget), "reply NotFound");
}

#[test]
fn what_is_not_there_fills_no_role() {
    let mut home = Home::new();
    assert_eq!(fill(&mut home, &own(SWITCH), Some("shelly-plug/none")), ["reply NotFound"]);
    assert_eq!(fill(&mut home, &"r-none".parse().unwrap(), Some(LIGHT)), ["reply NotFound"]);
    assert_eq!(home.endpoint(LIGHT).role, own(LIGHT));
}

#[test]
fn roles_outlive_a_restart_and_those_of_lost_hardware_are_vacant() {
    let role = |id: RoleId, endpoint: &str| RoleRecord {
        id,
        endpoint: Some(endpoint_id(endpoint)),
        name: name("Kettle"),
        kind: model::EndpointKind::Plug,
        room: Some("gone".parse().unwrap()),
    };
    let roles = vec![role(own(SWITCH), LIGHT), role(own(LIGHT), "shelly-gone/switch-0")];
    let (home, happened) = Home::opened(SavedHome { roles, ..saved() });
    assert_eq!(home.endpoint(LIGHT).role, own(SWITCH));
    assert_eq!(home.endpoint(SWITCH).role.as_str(), format!("{}-2", own(SWITCH)));
    assert_eq!(vacant(&home), [own(LIGHT)]);
    assert_eq!(home.engine.snapshot().vacant[0].room, None);
    assert!(happened.contains(&format!("write role {} vacant", own(LIGHT))), "{happened:?}");
}

#[test]
fn a_part_that_two_records_claim_fills_the_first() {
    let roles = ["r-1", "r-2"].map(|id| RoleRecord {
        id: id.parse().unwrap(),
        endpoint: Some(endpoint_id(SWITCH)),
        name: name("Kettle"),
        kind: model::EndpointKind::Plug,
        room: None,
    });
    let devices = vec![record(PLUG, "10.0.0.1:80", plug())];
    let home = Home::opened(SavedHome { roles: roles.into(), devices, ..SavedHome::default() }).0;
    assert_eq!(home.endpoint(SWITCH).role.as_str(), "r-1");
    assert_eq!(vacant(&home), ["r-2".parse().unwrap()]);
}

#[test]
fn groups_hold_roles_that_are_there_each_once() {
    let mut home = Home::new();
    let saved = Request::SaveGroup(group(&[own(SWITCH), own(LIGHT)]));
    check(&home.ask(saved.clone()), "write group some\ntell group some\nreply Done");
    check(&home.ask(saved), "reply Done");
    let twice = Request::SaveGroup(group(&[own(SWITCH), own(SWITCH)]));
    check(&home.ask(twice), "reply Invalid");
    check(&home.ask(Request::SaveGroup(group(&["r-none".parse().unwrap()]))), "reply NotFound");
    let many = vec![own(SWITCH); model::MOST_MEMBERS + 1];
    check(&home.ask(Request::SaveGroup(group(&many))), "reply Invalid");
    let id: GroupId = "some".parse().unwrap();
    check(
        &home.ask(Request::RemoveGroup(id.clone())),
        "write group gone some\ntell group gone some\nreply Done",
    );
    check(&home.ask(Request::RemoveGroup(id)), "reply NotFound");
}

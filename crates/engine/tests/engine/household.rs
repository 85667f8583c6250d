//! People, variables, notices, and the home's surroundings.

use std::net::IpAddr;

use api::{HubStatus, PhoneAt, Request, Vault};
use model::rule::{NoticeAction, NoticeButton, Target};
use model::{
    Action, Broker, EndpointKind, Notice, NoticeId, PastSettings, Person, PersonId, Place,
    Presence, PresenceSource, SavedHome, Secret, Settings, Timestamp, Variable, VariableValue,
    Zone,
};

use crate::home::{Home, at, check, name, on, saved, status};

fn ada() -> PersonId {
    "ada".parse().unwrap()
}

fn phone() -> IpAddr {
    [10, 0, 0, 70].into()
}

fn with_ada() -> Home {
    let mut home = Home::new();
    check(
        &home.ask(Request::SavePerson(ada(), name("Ada"))),
        "write person ada\ntell person ada\nreply Done",
    );
    home
}

fn presence(home: &Home) -> Presence {
    home.engine.snapshot().people[0].presence
}

fn says_phone(home: &mut Home, is_there: bool) -> Vec<String> {
    let effects = home.engine.handle_phone(&ada(), is_there, home.now);
    home.done(effects)
}

#[test]
fn somebody_new_is_nowhere_in_particular_and_their_first_word_is_no_arrival() {
    let mut home = with_ada();
    assert_eq!((presence(&home).home, presence(&home).since), (None, home.now.wall));
    check(
        &home.ask(Request::SetPresence(ada(), true)),
        "write person ada\ntell person ada\nreply Done",
    );
    home.wait(1_000);
    check(
        &home.ask(Request::SetPresence(ada(), false)),
        "write person ada
        tell person ada
        write record ada away
        reply Done",
    );
    assert_eq!((presence(&home).home, presence(&home).since), (Some(false), home.now.wall));
    check(&home.ask(Request::SetPresence(ada(), false)), "reply Done");
    check(&home.ask(Request::SavePerson(ada(), name("Ada"))), "reply Done");
    check(
        &home.ask(Request::SavePerson(ada(), name("Ada L."))),
        "write person ada\ntell person ada\nreply Done",
    );
    assert_eq!(presence(&home).home, Some(false), "a new name moves nobody");
}

#[test]
fn a_phone_tells_whether_somebody_is_in() {
    let mut home = with_ada();
    check(&says_phone(&mut home, true), "");
    check(
        &home.ask(Request::TrackPhone(ada(), PhoneAt::Address(phone()))),
        "write person ada
        tell person ada
        watch phones ada@10.0.0.70
        reply Done",
    );
    check(&says_phone(&mut home, true), "write person ada\ntell person ada");
    assert_eq!(presence(&home).by, PresenceSource::Phone);
    check(&says_phone(&mut home, true), "");
    check(
        &says_phone(&mut home, false),
        "write person ada\ntell person ada\nwrite record ada away",
    );
    check(
        &home.ask(Request::TrackPhone(ada(), PhoneAt::Nowhere)),
        "write person ada\ntell person ada\nwatch phones\nreply Done",
    );
    check(&says_phone(&mut home, true), "");
}

#[test]
fn what_a_person_says_stands_until_the_phone_next_changes() {
    let mut home = with_ada();
    home.ask(Request::TrackPhone(ada(), PhoneAt::Address(phone())));
    says_phone(&mut home, true);
    home.ask(Request::SetPresence(ada(), false));
    check(&says_phone(&mut home, true), "");
    assert_eq!(presence(&home).home, Some(false));
    check(&says_phone(&mut home, false), "write person ada\ntell person ada");
    assert_eq!(presence(&home).by, PresenceSource::Phone, "they agree");
    says_phone(&mut home, true);
    assert_eq!(presence(&home).home, Some(true));
}

#[test]
fn presence_outlives_a_restart_and_what_a_person_said_with_it() {
    let person = |by| Person {
        id: ada(),
        name: name("Ada"),
        phone: Some(phone()),
        presence: Presence { home: Some(false), since: Timestamp(7), by },
    };
    let opened = |by| Home::opened(SavedHome { people: vec![person(by)], ..saved() });
    let (mut home, happened) = opened(PresenceSource::Person);
    assert!(happened.contains(&"watch phones ada@10.0.0.70".to_owned()), "{happened:?}");
    check(&says_phone(&mut home, true), "");
    assert_eq!((presence(&home).home, presence(&home).since), (Some(false), Timestamp(7)));
    let (mut home, _) = opened(PresenceSource::Phone);
    check(&says_phone(&mut home, true), "write person ada\ntell person ada\nwrite record ada home");
}

#[test]
fn a_phone_is_at_an_address_that_a_phone_can_have() {
    let mut home = with_ada();
    check(&home.ask(Request::TrackPhone(ada(), PhoneAt::Here)), "reply Unsupported");
    for address in ["0.0.0.0", "224.0.0.1", "ff02::1"] {
        let at = PhoneAt::Address(address.parse().unwrap());
        check(&home.ask(Request::TrackPhone(ada(), at)), "reply Invalid");
    }
    let nobody: PersonId = "none".parse().unwrap();
    for request in [
        Request::TrackPhone(nobody.clone(), PhoneAt::Nowhere),
        Request::SetPresence(nobody.clone(), true),
        Request::RemovePerson(nobody),
    ] {
        check(&home.ask(request), "reply NotFound");
    }
}

#[test]
fn somebody_who_goes_takes_their_phone_along() {
    let mut home = with_ada();
    home.ask(Request::TrackPhone(ada(), PhoneAt::Address(phone())));
    check(
        &home.ask(Request::RemovePerson(ada())),
        "write person gone ada
        tell person gone ada
        watch phones
        reply Done",
    );
    check(&says_phone(&mut home, true), "");
}

fn variable(value: VariableValue) -> Variable {
    Variable { id: "loads".parse().unwrap(), name: name("Loads"), value }
}

#[test]
fn a_variable_keeps_its_kind() {
    let mut home = Home::new();
    let save = |value| Request::SaveVariable(variable(value));
    check(
        &home.ask(save(VariableValue::Number(1.0))),
        "write variable loads
        tell variable loads
        write record loads Number(1.0)
        reply Done",
    );
    check(&home.ask(save(VariableValue::Number(1.0))), "reply Done");
    let renamed = Variable { name: name("Washing"), ..variable(VariableValue::Number(1.0)) };
    check(
        &home.ask(Request::SaveVariable(renamed)),
        "write variable loads\ntell variable loads\nreply Done",
    );
    for value in [
        VariableValue::Number(f64::NAN),
        VariableValue::Number(f64::INFINITY),
        VariableValue::YesNo(true),
        VariableValue::Text("x".repeat(257)),
    ] {
        check(&home.ask(save(value)), "reply Invalid");
    }
    let id = || "loads".parse().unwrap();
    check(
        &home.ask(Request::RemoveVariable(id())),
        "write variable gone loads\ntell variable gone loads\nreply Done",
    );
    check(&home.ask(Request::RemoveVariable(id())), "reply NotFound");
}

fn notice(id: &str, does: NoticeAction) -> Notice {
    Notice {
        id: id.parse().unwrap(),
        at: Timestamp(1),
        rule: "rule".parse().unwrap(),
        run: "run".parse().unwrap(),
        title: "Look".to_owned(),
        body: String::new(),
        buttons: vec![NoticeButton { label: "Do it".to_owned(), does }],
        pressed: None,
    }
}

fn with_notice(does: NoticeAction) -> Home {
    let notices = vec![notice("n1", does)];
    Home::opened(SavedHome { notices, ..saved() }).0
}

#[test]
fn a_button_under_a_notice_is_pressed_once() {
    let to = Target::All(EndpointKind::Light);
    let mut home = with_notice(NoticeAction::Command { to, action: on() });
    let n1: NoticeId = "n1".parse().unwrap();
    check(&home.ask(Request::PressNotice(n1.clone(), 1)), "reply Invalid");
    check(
        &home.ask(Request::PressNotice(n1.clone(), 0)),
        "write notice n1
        tell notice n1
        write opened n1-n0-a0
        tell wled-lamp/light-0 OnOff pending Requested
        tell n1-n0-a0 Requested
        send n1-n0-a0
        reply Done",
    );
    check(&home.ask(Request::PressNotice(n1.clone(), 0)), "reply Duplicate");
    check(
        &home.ask(Request::DismissNotice(n1.clone())),
        "write notice gone n1\ntell notice gone n1\nreply Done",
    );
    check(&home.ask(Request::DismissNotice(n1.clone())), "reply NotFound");
    check(&home.ask(Request::PressNotice(n1, 0)), "reply NotFound");
}

#[test]
fn a_press_counts_whatever_comes_of_it() {
    for does in [
        NoticeAction::Scene("gone".parse().unwrap()),
        NoticeAction::RunRule("gone".parse().unwrap()),
        NoticeAction::Command {
            to: Target::Group("gone".parse().unwrap()),
            action: Action::SetOnOff(true),
        },
    ] {
        let mut home = with_notice(does);
        let press = Request::PressNotice("n1".parse().unwrap(), 0);
        check(&home.ask(press.clone()), "write notice n1\ntell notice n1\nreply NotFound");
        check(&home.ask(press), "reply Duplicate");
    }
}

#[test]
fn the_home_knows_where_it_is_and_which_time_it_has() {
    let mut home = Home::new();
    let place = Place::new(52.5, 13.4).unwrap();
    check(&home.ask(Request::SetPlace(Some(place))), "write home -\ntell home\nreply Done");
    check(&home.ask(Request::SetPlace(Some(place))), "reply Done");
    let zone = |name: &str| Some(Zone::try_from(name.to_owned()).unwrap());
    check(&home.ask(Request::SetZone(zone("Asia/Tokyo"))), "write home -\ntell home\nreply Done");
    check(&home.ask(Request::SetZone(zone("Mars/Olympus"))), "reply Invalid");
    assert_eq!(home.engine.snapshot().home.zone, zone("Asia/Tokyo"));
    check(&home.ask(Request::SetZone(None)), "write home -\ntell home\nreply Done");
}

fn broker() -> Broker {
    Broker { address: at("10.0.0.8:1883"), user: Some("hearth".to_owned()) }
}

fn secret() -> Option<Secret> {
    Some(Secret::new("hunter2".to_owned()))
}

#[test]
fn a_broker_and_its_password_are_kept_apart() {
    let mut home = Home::new();
    check(
        &home.ask(Request::SetBroker { broker: Some(broker()), secret: secret() }),
        "write settings
        tell settings
        listen None {} {}
        keep secret of broker
        reply Done",
    );
    assert_eq!(home.engine.snapshot().settings.broker, Some(broker()));
    check(&home.ask(Request::SetSettings(Settings::default())), "reply Done");
    assert_eq!(home.engine.snapshot().settings.broker, Some(broker()), "it has its own request");
    check(
        &home.ask(Request::SetBroker { broker: None, secret: None }),
        "write settings
        tell settings
        listen None {} {}
        forget secret of broker
        reply Done",
    );
    check(&home.ask(Request::SetBroker { broker: None, secret: secret() }), "reply Invalid");
    let nameless = Broker { user: Some(String::new()), ..broker() };
    check(&home.ask(Request::SetBroker { broker: Some(nameless), secret: None }), "reply Invalid");
    let effects = home.engine.handle_status(HubStatus { vault: Vault::Locked, ..status() });
    home.done(effects);
    check(
        &home.ask(Request::SetBroker { broker: Some(broker()), secret: secret() }),
        "reply SecretsLocked",
    );
    assert_eq!(home.engine.snapshot().settings.broker, None, "nothing was changed");
}

#[test]
fn settings_are_within_their_bounds() {
    let past = |days, megabytes| Settings {
        past: PastSettings { days, megabytes },
        ..Settings::default()
    };
    let port = |port| Settings { webhooks: Some(port), ..Settings::default() };
    for settings in [past(0, 500), past(367, 500), past(10, 9), past(10, 10_001), port(0)] {
        check(&Home::new().ask(Request::SetSettings(settings)), "reply Invalid");
    }
    for settings in [past(1, 10), past(366, 10_000)] {
        let happened = Home::new().ask(Request::SetSettings(settings));
        check(&happened, "write settings\ntell settings\nreply Done");
    }
    let mut home = Home::new();
    check(
        &home.ask(Request::SetSettings(port(8_181))),
        "write settings
        tell settings
        listen Some(8181) {} {}
        reply Done",
    );
}

#[test]
fn what_is_listened_for_is_told_at_the_start() {
    let settings = Some(Settings { webhooks: Some(8_181), ..Settings::default() });
    let (_, happened) = Home::opened(SavedHome { settings, ..SavedHome::default() });
    check(&happened, "write record started\nlisten Some(8181) {} {}");
}

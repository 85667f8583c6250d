//! Conditions in a home of a few things, and windows of time over whole years.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono_tz::Tz;
use model::rule::{CoverIs, Date, Is, Measure, Weekday, Weekdays};
use model::{
    Celsius, CoverMotion, CoverState, DeviceId, Name, Person, PersonId, Place, Presence,
    PresenceSource, Scene, SceneId, Spec, Variable,
};
use proptest::prelude::*;

use super::*;

/// What one role says, and since when.
type Said = Result<(Value, Timestamp), Unknown>;

struct Home {
    said: BTreeMap<RoleId, Said>,
    reachable: Option<bool>,
    people: Vec<Person>,
    variable: Option<Variable>,
    calendar: Calendar,
}

fn role(number: usize) -> RoleId {
    format!("role-{number:02}").parse().unwrap()
}

/// A room whose things say this, in order.
fn room(said: impl IntoIterator<Item = Said>) -> Home {
    Home {
        said: said.into_iter().enumerate().map(|(number, said)| (role(number), said)).collect(),
        reachable: Some(true),
        people: Vec::new(),
        variable: None,
        calendar: Calendar { zone: Tz::Europe__Berlin, place: Place::new(52.5, 13.4).ok() },
    }
}

impl World for Home {
    fn roles(&self, target: &Target) -> Vec<RoleId> {
        match target {
            Target::Role(role) => vec![role.clone()],
            Target::Room { .. } | Target::Group(_) | Target::All(_) => {
                self.said.keys().cloned().collect()
            }
        }
    }

    fn is_there(&self, _target: &Target) -> bool {
        true
    }

    fn endpoint(&self, role: &RoleId) -> Option<EndpointId> {
        let is_vacant = matches!(self.said.get(role)?, Err(Unknown::Vacant));
        (!is_vacant).then(|| format!("shelly-aa/{role}").parse().unwrap())
    }

    fn role_of(&self, _endpoint: &EndpointId) -> Option<RoleId> {
        None
    }

    fn specs(&self, _role: &RoleId) -> &[Spec] {
        &[]
    }

    fn known(&self, role: &RoleId, _what: Capability) -> Result<(&Value, Timestamp), Unknown> {
        match self.said.get(role).unwrap_or(&Err(Unknown::Vacant)) {
            Ok((value, since)) => Ok((value, *since)),
            Err(why) => Err(*why),
        }
    }

    fn is_reachable(&self, role: &RoleId) -> Option<bool> {
        self.reachable.filter(|_| self.endpoint(role).is_some())
    }

    fn endpoints_of(&self, _device: &DeviceId) -> Vec<EndpointId> {
        Vec::new()
    }

    fn people(&self) -> Vec<&Person> {
        self.people.iter().collect()
    }

    fn variable(&self, id: &VariableId) -> Option<&Variable> {
        self.variable.as_ref().filter(|it| it.id == *id)
    }

    fn scene(&self, _id: &SceneId) -> Option<&Scene> {
        None
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

/// Parts that have held since then, by their number.
struct Held(Vec<Option<Timestamp>>);

impl Holds for Held {
    fn since(&self, part: u16, _endpoint: &EndpointId) -> Option<Timestamp> {
        self.0.get(usize::from(part)).copied().flatten()
    }
}

const ON: Value = Value::OnOff(true);
const OFF: Value = Value::OnOff(false);

fn said(value: Value) -> Said {
    Ok((value, Timestamp(1_000)))
}

fn condition(json: &str) -> Condition {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn instant(text: &str) -> Timestamp {
    Timestamp(DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
}

fn now() -> Timestamp {
    instant("2026-11-24T12:00:00+01:00")
}

fn check(home: &Home, json: &str, expected: Truth) -> Judged {
    let judged = judge(&condition(json), home, &Unwatched, now());
    assert_eq!(judged.truth, expected, "{json}: {judged:?}");
    judged
}

const EVERY_LIGHT_IS_ON: &str = r#"{"state":{"of":{"room":{"room":"hall"}},"is":{"on_off":true}}}"#;
const SOME_LIGHT_IS_ON: &str =
    r#"{"state":{"of":{"room":{"room":"hall"}},"which":"some","is":{"on_off":true}}}"#;

#[test]
fn of_several_every_one_or_some_one_has_to_be_so() {
    let away = || Err(Unknown::Unreachable);
    for (things, every, some) in [
        (vec![said(ON), said(ON)], Truth::True, Truth::True),
        (vec![said(ON), said(OFF)], Truth::False, Truth::True),
        (vec![said(OFF), said(OFF)], Truth::False, Truth::False),
        (vec![said(ON), away()], Truth::Unknown, Truth::True),
        (vec![said(OFF), away()], Truth::False, Truth::Unknown),
        // what cannot be on does not count
        (vec![said(ON), Err(Unknown::Unable)], Truth::True, Truth::True),
    ] {
        let home = room(things.clone());
        check(&home, EVERY_LIGHT_IS_ON, every);
        check(&home, SOME_LIGHT_IS_ON, some);
    }
}

#[test]
fn an_empty_room_is_neither_on_nor_unknown() {
    for things in [vec![], vec![Err(Unknown::Unable)]] {
        let home = room(things);
        assert_eq!(check(&home, EVERY_LIGHT_IS_ON, Truth::False).saw, [Saw::Nobody]);
        check(&home, &format!(r#"{{"not":{SOME_LIGHT_IS_ON}}}"#), Truth::True);
        let reachable = r#"{"reachable":{"of":{"room":{"room":"hall"}}}}"#;
        if home.said.is_empty() {
            check(&home, reachable, Truth::False);
        }
    }
}

#[test]
fn what_cannot_be_known_says_why() {
    for why in [Unknown::Vacant, Unknown::NeverSaid, Unknown::Unreachable, Unknown::Unable] {
        let home = room([Err(why)]);
        let json = r#"{"state":{"of":{"role":"role-00"},"is":{"on_off":true}}}"#;
        let judged = check(&home, json, Truth::Unknown);
        assert_eq!(judged.saw, [Saw::Unknown(role(0), why)]);
        check(&home, &format!(r#"{{"not":{json}}}"#), Truth::Unknown);
    }
}

#[test]
fn a_covering_that_does_not_know_where_it_is_is_neither_open_nor_closed() {
    let cover = CoverState { open: None, motion: CoverMotion::Stopped };
    let home = room([said(Value::WindowCovering(cover))]);
    for is in ["open", "closed"] {
        let json = format!(r#"{{"state":{{"of":{{"role":"role-00"}},"is":{{"cover":"{is}"}}}}}}"#);
        check(&home, &json, Truth::Unknown);
    }
    let json = r#"{"state":{"of":{"role":"role-00"},"is":{"cover":"moving"}}}"#;
    check(&home, json, Truth::False);
}

#[test]
fn those_that_decided_are_told_first_and_not_too_many() {
    let things = (0..20).map(|number| said(if number == 15 { OFF } else { ON }));
    let judged = check(&room(things), EVERY_LIGHT_IS_ON, Truth::False);
    assert_eq!(judged.saw.len(), SAWS_TOLD);
    let Some(Saw::Value { role: first, value, since }) = judged.saw.first() else { panic!() };
    assert_eq!((first, value, since), (&role(15), &OFF, &Timestamp(1_000)));
}

#[test]
fn bounds_do_not_belong_to_what_is_within() {
    let celsius = |it: f64| Value::TemperatureMeasurement(Celsius::try_from(it).unwrap());
    for (bounds, expected) in [
        (r#""above":20.0"#, Truth::False),
        (r#""above":19.9"#, Truth::True),
        (r#""below":20.0"#, Truth::False),
        (r#""above":19.0,"below":21.0"#, Truth::True),
        (r#""above":21.0,"below":19.0"#, Truth::False),
    ] {
        let json = format!(
            r#"{{"number":{{"of":{{"role":"role-00"}},"measure":"temperature",{bounds}}}}}"#
        );
        check(&room([said(celsius(20.0))]), &json, expected);
    }
}

#[test]
fn parts_that_hold_for_some_time_are_asked_by_their_number() {
    let held = |is: bool, which: &str| {
        format!(
            r#"{{"state":{{"of":{{"role":"role-00"}},"which":"{which}","is":{{"on_off":{is}}},"held_for":"10m"}}}}"#
        )
    };
    let plain = r#"{"state":{"of":{"role":"role-00"},"is":{"on_off":true}}}"#;
    let json = format!(
        r#"{{"all":[{plain},{},{{"any":[{}]}},{{"not":{}}}]}}"#,
        held(true, "every"),
        held(true, "some"),
        held(false, "every")
    );
    let home = room([Ok((ON, now()))]);
    let minutes = |it: i64| Some(Timestamp(now().0 - it * 60_000));
    for (since, expected) in [
        (vec![minutes(10), minutes(10), None], Truth::True),
        (vec![minutes(10), minutes(9), minutes(10)], Truth::False),
        (vec![minutes(9), minutes(10), minutes(10)], Truth::False),
        (vec![None, minutes(10), minutes(10)], Truth::False),
    ] {
        let judged = judge(&condition(&json), &home, &Held(since.clone()), now());
        assert_eq!(judged.truth, expected, "{since:?}: {judged:?}");
    }
    let next =
        next_change(&condition(&json), &home, &Held(vec![minutes(9), minutes(2), None]), now());
    assert_eq!(next, Some(Timestamp(now().0 + 60_000)));
}

#[test]
fn what_was_not_watched_has_been_so_since_the_value_is_the_same() {
    let said_before = |minutes: i64, value| Ok((value, Timestamp(now().0 - minutes * 60_000)));
    let json = r#"{"state":{"of":{"role":"role-00"},"is":{"on_off":true},"held_for":"10m"}}"#;
    check(&room([said_before(10, ON)]), json, Truth::True);
    check(&room([said_before(9, ON)]), json, Truth::False);
    check(&room([said_before(10, OFF)]), json, Truth::False);
    // A covering that has moved may have been open before, too.
    let open = CoverState { open: Some(40.try_into().unwrap()), motion: CoverMotion::Stopped };
    let json = r#"{"state":{"of":{"role":"role-00"},"is":{"cover":"open"},"held_for":"10m"}}"#;
    check(&room([said_before(9, Value::WindowCovering(open))]), json, Truth::Unknown);
    check(&room([said_before(10, Value::WindowCovering(open))]), json, Truth::True);
    assert_eq!(Is::Cover(CoverIs::Open).capability(), Capability::WindowCovering);
}

fn person(number: u8, home: Option<bool>) -> Person {
    Person {
        id: format!("person-{number}").parse().unwrap(),
        name: Name::try_from("Ann").unwrap(),
        phone: None,
        presence: Presence { home, since: Timestamp(0), by: PresenceSource::Person },
    }
}

#[test]
fn people_are_home_and_away_as_the_words_have_it() {
    use Truth::{False, True, Unknown};
    let (here, away, lost) = (Some(true), Some(false), None);
    // somebody home, all home, somebody away, all away, the household home, the household away
    for (people, expected) in [
        (vec![here, here], [True, True, False, False, True, False]),
        (vec![here, away], [True, False, True, False, True, False]),
        (vec![away, away], [False, False, True, True, False, True]),
        (vec![here, lost], [True, Unknown, Unknown, False, True, False]),
        (vec![away, lost], [Unknown, False, True, Unknown, Unknown, Unknown]),
        (vec![], [False; 6]),
    ] {
        let mut home = room([]);
        home.people = people.iter().zip(0..).map(|(it, number)| person(number, *it)).collect();
        let words = [
            r#"{"home":"anyone"}"#,
            r#"{"home":"everyone"}"#,
            r#"{"away":"anyone"}"#,
            r#"{"away":"everyone"}"#,
            r#"{"home":"household"}"#,
            r#"{"away":"household"}"#,
        ];
        for (json, expected) in words.into_iter().zip(expected) {
            check(&home, json, expected);
        }
    }
    let mut home = room([]);
    home.people = vec![person(0, here), person(1, away)];
    check(&home, r#"{"home":{"person":"person-0"}}"#, True);
    check(&home, r#"{"home":{"person":"person-1"}}"#, False);
    let judged = check(&home, r#"{"home":{"person":"person-2"}}"#, False);
    assert_eq!(judged.saw, [Saw::Nobody]);
    let id: PersonId = "person-2".parse().unwrap();
    assert!(home.person(&id).is_none());
}

#[test]
fn a_variable_of_another_kind_is_not_so_and_one_that_is_gone_is_unknown() {
    let mut home = room([]);
    let loads = |is: &str| format!(r#"{{"variable":{{"variable":"loads","is":{is}}}}}"#);
    check(&home, &loads(r#"{"above":2.0}"#), Truth::Unknown);
    let name = Name::try_from("Loads").unwrap();
    let id: VariableId = "loads".parse().unwrap();
    home.variable = Some(Variable { id, name, value: VariableValue::Number(3.0) });
    for (is, expected) in [
        (r#"{"above":2.0}"#, Truth::True),
        (r#"{"above":3.0}"#, Truth::False),
        (r#"{"equals":3.0}"#, Truth::True),
        (r#"{"below":3.5}"#, Truth::True),
        (r#"{"yes_no":true}"#, Truth::False),
        (r#"{"text":"3"}"#, Truth::False),
    ] {
        check(&home, &loads(is), expected);
    }
}

#[test]
fn whether_devices_can_be_reached_may_not_be_known() {
    let json = r#"{"reachable":{"of":{"role":"role-00"}}}"#;
    let mut home = room([said(ON)]);
    check(&home, json, Truth::True);
    home.reachable = Some(false);
    let judged = check(&home, json, Truth::False);
    assert_eq!(judged.saw, [Saw::Reachable(role(0), false)]);
    home.reachable = None;
    check(&home, json, Truth::Unknown);
    let vacant = check(&room([Err(Unknown::Vacant)]), json, Truth::Unknown);
    assert_eq!(vacant.saw, [Saw::Unknown(role(0), Unknown::Vacant)]);
}

#[test]
fn a_window_across_midnight_belongs_to_the_day_on_which_it_began() {
    let home = room([]);
    let json = r#"{"time":{"after":"22:00","before":"06:00","on":{"weekdays":["fri"]}}}"#;
    for (at, expected) in [
        ("2026-11-27T21:59:59+01:00", Truth::False),
        ("2026-11-27T22:00:00+01:00", Truth::True),
        ("2026-11-28T05:59:59+01:00", Truth::True),
        ("2026-11-28T06:00:00+01:00", Truth::False),
        ("2026-11-27T05:00:00+01:00", Truth::False),
        ("2026-11-28T23:00:00+01:00", Truth::False),
    ] {
        let judged = judge(&condition(json), &home, &Unwatched, instant(at));
        assert_eq!(judged.truth, expected, "{at}");
    }
    for (json, expected) in [
        (r#"{"time":{}}"#, Truth::True),
        (r#"{"time":{"after":"12:00"}}"#, Truth::True),
        (r#"{"time":{"before":"12:00"}}"#, Truth::False),
        (r#"{"time":{"after":"12:00","before":"12:00"}}"#, Truth::False),
        (r#"{"time":{"after":"11:00","before":"00:00"}}"#, Truth::True),
    ] {
        check(&home, json, expected);
    }
}

#[test]
fn the_sun_is_shifted_by_an_offset_and_unknown_without_a_place() {
    let mut home = room([]);
    // In Berlin the sun sets at 15:59 that day.
    for (at, offset, expected) in [
        ("2026-11-24T15:50:00+01:00", 0, Truth::True),
        ("2026-11-24T16:05:00+01:00", 0, Truth::False),
        ("2026-11-24T16:05:00+01:00", 30, Truth::True),
        ("2026-11-24T15:50:00+01:00", -30, Truth::False),
    ] {
        let sun = Condition::Sun { is: SunState::Up, offset };
        assert_eq!(judge(&sun, &home, &Unwatched, instant(at)).truth, expected, "{at} {offset}");
    }
    home.calendar.place = None;
    check(&home, r#"{"sun":{"is":"down"}}"#, Truth::Unknown);
}

#[test]
fn the_moment_the_sun_sets_it_is_down() {
    let home = room([]);
    for offset in [-45, 0, 45] {
        let sunset = model::rule::Trigger::Sun {
            event: model::rule::SunEvent::Sunset,
            offset,
            on: Days::default(),
        };
        let due = super::super::schedule::next_after(&sunset, &home.calendar, now()).unwrap().0;
        let down = Condition::Sun { is: SunState::Down, offset };
        assert_eq!(judge(&down, &home, &Unwatched, due).truth, Truth::True);
        assert_eq!(judge(&down, &home, &Unwatched, Timestamp(due.0 - 1)).truth, Truth::False);
    }
}

/// Whether a window is open, told a second time: by clocks, minute by minute.
fn is_open(at: Timestamp, calendar: &Calendar, from: u32, to: u32, days: &Days) -> bool {
    let local = DateTime::from_timestamp_millis(at.0).unwrap().with_timezone(&calendar.zone);
    let shown = local.format("%H %M %Y-%m-%d").to_string();
    let parts: Vec<&str> = shown.split(' ').collect();
    let minute = parts[0].parse::<u32>().unwrap() * 60 + parts[1].parse::<u32>().unwrap();
    let today = local.date_naive();
    let counts = |date: chrono::NaiveDate| {
        let weekday =
            Weekday::ALL[usize::from(date.format("%u").to_string().parse::<u8>().unwrap() - 1)];
        let date: Date = date.format("%Y-%m-%d").to_string().parse().unwrap();
        days.contains(date, weekday)
    };
    if from <= to {
        from <= minute && minute < to && counts(today)
    } else {
        (minute >= from && counts(today)) || (minute < to && counts(today.pred_opt().unwrap()))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn windows_are_open_when_clocks_say_so_and_change_when_foretold(
        zone in 0_usize..5,
        (from, to) in (0_u32..1_440, 0_u32..1_440),
        // Half of them around the days on which clocks are changed.
        begin in prop_oneof![
            Just("2026-10-24T00:00:00Z"), Just("2026-03-28T00:00:00Z"),
            Just("2026-10-31T00:00:00Z"), Just("2026-04-04T00:00:00Z"),
            Just("2026-10-03T00:00:00Z"), Just("2026-03-21T12:00:00Z"),
            Just("2026-03-07T00:00:00Z"), Just("2026-02-14T00:00:00Z"),
        ],
        weekdays in 0_u8..128,
    ) {
        let zones = [Tz::Europe__Berlin, Tz::America__New_York, Tz::Australia__Lord_Howe,
            Tz::Africa__Casablanca, Tz::America__St_Johns];
        let mut home = room([]);
        home.calendar.zone = zones[zone];
        let all = Weekday::ALL.into_iter().zip(0..).filter(|(_, bit)| weekdays & (1 << bit) != 0);
        let on = Days {
            weekdays: Weekdays::from(all.map(|(it, _)| it).collect::<Vec<_>>()),
            ..Days::default()
        };
        let time = |minute: u32| LocalTime::from_seconds(minute * 60);
        let window = Condition::Time { after: time(from), before: time(to), on: on.clone() };
        let begin = instant(begin);
        let mut until = begin;
        let mut was = None;
        for minute in 0..3 * 1_440 {
            let at = Timestamp(begin.0 + minute * 60_000);
            let holds = judge(&window, &home, &Unwatched, at).truth.is_true();
            prop_assert_eq!(holds, is_open(at, &home.calendar, from, to, &on), "{:?}", at);
            if at >= until {
                until = next_change(&window, &home, &Unwatched, at).unwrap();
                prop_assert!(until > at);
                was = Some(holds);
            }
            prop_assert_eq!(was, Some(holds), "{:?} before {:?}", at, until);
        }
    }

    #[test]
    fn between_two_changes_of_the_sun_nothing_changes(
        offset in -720_i16..=720,
        at in 1_700_000_000_000_i64..1_900_000_000_000,
        part in 0.0..1.0,
    ) {
        let home = room([]);
        let sun = Condition::Sun { is: SunState::Up, offset };
        let next = next_change(&sun, &home, &Unwatched, Timestamp(at)).unwrap();
        let between = Timestamp(at + ((next.0 - at - 1) as f64 * part) as i64);
        let truth = |at| judge(&sun, &home, &Unwatched, at).truth;
        prop_assert_eq!(truth(between), truth(Timestamp(at)));
    }
}

#[test]
fn measures_that_are_not_said_are_unknown() {
    let power = model::PowerReading {
        power: model::Watt::try_from(5.0).unwrap(),
        voltage: None,
        current: None,
    };
    assert_eq!(Measure::Voltage.capability(), Capability::ElectricalPower);
    let json = r#"{"number":{"of":{"role":"role-00"},"measure":"voltage","above":1.0}}"#;
    check(&room([said(Value::ElectricalPower(power))]), json, Truth::Unknown);
}

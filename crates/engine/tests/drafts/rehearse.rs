use api::{ErrorCode, Rehearsal, Request, WhyNotKind};
use engine::{Effect, Rehearsing};
use model::rule::{FindingKind, RuleBody, RunOutcome, TraceEvent};
use model::{
    Action, ButtonEvent, Celsius, Percent, Record, Recorded, Timestamp, Value, VariableValue,
};

use crate::home::{DAY, HOUR, House, MINUTE, NOW, ago, endpoint, id, role, rule, said};

const LAMP_ON: &str = r#"{"command":{"to":{"role":"@lamp"},"action":{"SetOnOff":true}}}"#;
const LAMP_OFF: &str = r#"{"command":{"to":{"role":"@lamp"},"action":{"SetOnOff":false}}}"#;
const MOVED: &str =
    r#"{"changes":{"of":{"role":"@motion"},"what":"OccupancySensing","to":{"occupied":true}}}"#;
const NOTIFY: &str = r#"{"notify":{"title":"t"}}"#;

fn begin(house: &mut House, of: Option<&str>, body: RuleBody, days: u8) -> Rehearsing {
    let body = Box::new(body);
    let request = Request::Rehearse { rule: of.map(id), body, days };
    let mut effects = house.engine.handle_request(engine::Ticket(1), request, house.now);
    assert_eq!(effects.len(), 1, "nothing but the rehearsal: {effects:?}");
    match effects.remove(0) {
        Effect::Rehearse(_, rehearsing) => *rehearsing,
        other => panic!("{other:?}"),
    }
}

fn play(rules: &[(&str, RuleBody)], draft: RuleBody, records: &[Record]) -> Rehearsal {
    let mut rehearsing = begin(&mut House::new(rules), None, draft, 7);
    let mut records = records.to_vec();
    records.sort_by_key(|it| it.at);
    for record in &records {
        rehearsing.feed(record);
    }
    rehearsing.finish()
}

fn moves(millis: i64, is_there: bool) -> Record {
    said(millis, "motion", Value::OccupancySensing(is_there))
}

fn lamp(millis: i64, on: bool) -> Record {
    said(millis, "lamp", Value::OnOff(on))
}

#[test]
fn a_draft_runs_when_its_past_says_so() {
    let records = [
        moves(3 * DAY, false),
        moves(2 * DAY, true),
        moves(2 * DAY - MINUTE, false),
        moves(10 * HOUR, true),
    ];
    let told = play(&[], rule(MOVED, "", LAMP_ON), &records);
    assert_eq!((told.runs, told.commands, told.records), (2, 2, 4));
    assert_eq!(told.from, Timestamp(NOW.0 - 7 * DAY));
    let starts: Vec<_> = told.traces.iter().map(|it| it.started_at.0 - NOW.0).collect();
    assert_eq!(starts, [-2 * DAY, -10 * HOUR]);
    assert!(
        told.traces
            .iter()
            .all(|it| { matches!(it.ended, Some((RunOutcome::Finished { failed: 0 }, _))) }),
        "{:?}",
        told.traces
    );
    // 13:00 two days ago and 03:00 today, in Berlin.
    assert_eq!((told.by_hour[13], told.by_hour[3]), (1, 1));
    assert_eq!(told.by_hour.iter().sum::<u32>(), 2);
}

#[test]
fn what_is_said_first_or_again_sets_nothing_off() {
    let records = [moves(3 * DAY, true), moves(2 * DAY, true), moves(DAY, true)];
    assert_eq!(play(&[], rule(MOVED, "", LAMP_ON), &records).runs, 0);
}

#[test]
fn what_changed_while_a_device_was_away_is_told_as_that() {
    let device = endpoint("motion").device;
    let records = [
        moves(3 * DAY, false),
        ago(2 * DAY, Recorded::Reachable(device.clone(), false)),
        ago(DAY, Recorded::Reachable(device, true)),
        moves(DAY - 1, true),
    ];
    let told = play(&[], rule(MOVED, "", LAMP_ON), &records);
    assert_eq!(told.runs, 0);
    assert_eq!(told.not_runs, [(WhyNotKind::WhileAway, 1)]);
}

#[test]
fn times_and_the_sun_come_round_in_the_past() {
    let draft = rule(r#"{"time":{"at":"03:00"}},{"sun":{"event":"sunset"}}"#, "", NOTIFY);
    let told = play(&[], draft, &[]);
    assert_eq!(told.runs, 14, "seven nights and seven evenings");
    assert_eq!((told.by_hour[3], told.by_hour[15] + told.by_hour[16]), (7, 7));
}

#[test]
fn conditions_are_judged_in_the_past() {
    let asks = r#"{"state":{"of":{"role":"@lamp"},"is":{"on_off":false}}}"#;
    let records = [
        moves(3 * DAY, false),
        lamp(3 * DAY, false),
        moves(2 * DAY, true),
        moves(2 * DAY - MINUTE, false),
        lamp(DAY, true),
        moves(HOUR, true),
    ];
    let told = play(&[], rule(MOVED, asks, NOTIFY), &records);
    assert_eq!((told.runs, told.not_runs.as_slice()), (1, &[(WhyNotKind::Conditions, 1)][..]));
}

#[test]
fn a_command_is_done_at_once_and_counts_until_the_records_say_otherwise() {
    // The lamp is recorded as off throughout; the draft switches it on, so the second time it is on.
    let asks = r#"{"state":{"of":{"role":"@lamp"},"is":{"on_off":false}}}"#;
    let records = [
        lamp(4 * DAY, false),
        moves(4 * DAY, false),
        moves(3 * DAY, true),
        moves(3 * DAY - MINUTE, false),
        lamp(3 * DAY - 2 * MINUTE, false),
        moves(2 * DAY, true),
        moves(2 * DAY - MINUTE, false),
        // Somebody switches it on and off by hand: the records have the last word.
        lamp(DAY + 1, true),
        lamp(DAY, false),
        moves(HOUR, true),
    ];
    let told = play(&[], rule(MOVED, asks, LAMP_ON), &records);
    assert_eq!((told.runs, told.not_runs.as_slice()), (2, &[(WhyNotKind::Conditions, 1)][..]));
}

#[test]
fn what_a_command_changes_sets_other_rules_off() {
    let follows = r#"{"changes":{"of":{"role":"@lamp"},"what":"OnOff","to":{"on_off":true}}}"#;
    let records = [lamp(4 * DAY, false), moves(4 * DAY, false), moves(3 * DAY, true)];
    let other = [("other", rule(MOVED, "", LAMP_ON))];
    assert_eq!(play(&other, rule(follows, "", NOTIFY), &records).runs, 1);
}

#[test]
fn waits_take_the_time_of_the_past() {
    let steps = format!(r#"{LAMP_ON},{{"wait":"10m"}},{LAMP_OFF}"#);
    let records = [moves(3 * DAY, false), moves(2 * DAY, true)];
    let told = play(&[], rule(MOVED, "", &steps), &records);
    assert_eq!((told.runs, told.commands), (1, 2));
    let trace = &told.traces[0];
    let (_, ended) = trace.ended.clone().expect("it ended long ago");
    assert_eq!(ended.0 - trace.started_at.0, 10 * MINUTE);
}

#[test]
fn a_hold_is_over_when_it_is_over_though_nothing_is_recorded_then() {
    let held = r#"{"changes":{"of":{"role":"@motion"},"what":"OccupancySensing","to":{"occupied":false},"held_for":"5m"}}"#;
    let records = [
        moves(3 * DAY, true),
        moves(2 * DAY, false),
        moves(DAY, true),
        moves(DAY - MINUTE, false),
        moves(DAY - 2 * MINUTE, true),
    ];
    let told = play(&[], rule(held, "", NOTIFY), &records);
    let starts: Vec<_> = told.traces.iter().map(|it| it.started_at.0 - NOW.0).collect();
    assert_eq!(starts, [-2 * DAY + 5 * MINUTE], "the second was too short");
}

#[test]
fn thresholds_buttons_people_and_variables_are_in_the_past_too() {
    let crosses = r#"{"crosses":{"of":{"role":"@warm"},"measure":"temperature","direction":"above","threshold":25}}"#;
    let triggers = format!(
        r#"{crosses},{{"button":{{"of":{{"role":"@knob"}},"press":{{"times":2}}}}}},{{"arrives":"anyone"}},{{"variable":{{"variable":"guests","becomes":{{"yes_no":true}}}}}},"started""#
    );
    let warm = |millis, degrees: f64| {
        said(millis, "warm", Value::TemperatureMeasurement(Celsius::clamped(degrees)))
    };
    let ann = || "ann".parse().unwrap();
    let guests = || "guests".parse().unwrap();
    let records = [
        warm(6 * DAY, 20.0),
        warm(5 * DAY, 26.0),
        ago(4 * DAY, Recorded::Pressed(endpoint("knob"), ButtonEvent::Pressed(2))),
        ago(4 * DAY - 1, Recorded::Pressed(endpoint("knob"), ButtonEvent::Pressed(1))),
        ago(3 * DAY, Recorded::Home(ann(), false)),
        ago(3 * DAY - HOUR, Recorded::Home(ann(), true)),
        ago(2 * DAY, Recorded::Variable(guests(), VariableValue::YesNo(true))),
        ago(DAY, Recorded::Started),
    ];
    let told = play(&[], rule(&triggers, "", NOTIFY), &records);
    let starts: Vec<_> = told.traces.iter().map(|it| it.started_at.0 - NOW.0).collect();
    assert_eq!(starts, [-5 * DAY, -4 * DAY, -3 * DAY + HOUR, -2 * DAY, -DAY]);
}

#[test]
fn fights_are_told_with_whom_about_what_and_how_often() {
    let night = [("night", rule(MOVED, "", LAMP_OFF))];
    let records = [
        lamp(6 * DAY, false),
        moves(6 * DAY, false),
        moves(3 * DAY, true),
        moves(3 * DAY - MINUTE, false),
        moves(2 * DAY, true),
    ];
    let told = play(&night, rule(MOVED, "", LAMP_ON), &records);
    let [fight] = &told.fights[..] else { panic!("{:?}", told.fights) };
    assert_eq!((&fight.with, &fight.role), (&id("night"), &role("lamp")));
    assert_eq!((&fight.wants, &fight.other), (&Action::SetOnOff(true), &Action::SetOnOff(false)));
    assert_eq!((fight.times, fight.at.0 - NOW.0), (2, -2 * DAY));
    let later = [("night", rule(MOVED, "", &format!(r#"{{"wait":"61s"}},{LAMP_OFF}"#)))];
    assert_eq!(play(&later, rule(MOVED, "", LAMP_ON), &records).fights, []);
    let disabled = play(&[], rule(MOVED, "", LAMP_ON), &records);
    assert_eq!(disabled.fights, []);
}

#[test]
fn a_draft_takes_the_place_of_its_old_version() {
    let mut house = House::new(&[("mine", rule(MOVED, "", LAMP_OFF))]);
    let mut rehearsing = begin(&mut house, Some("mine"), rule(MOVED, "", LAMP_ON), 7);
    for record in [lamp(3 * DAY, false), moves(3 * DAY - 1, false), moves(2 * DAY, true)] {
        rehearsing.feed(&record);
    }
    let told = rehearsing.finish();
    assert_eq!((told.runs, told.commands, told.fights.len()), (1, 1, 0));
    assert_eq!((told.traces[0].rule.as_str(), told.traces[0].version), ("mine", 2));
    let sent = |it: &model::rule::TraceStep| {
        matches!(&it.what, TraceEvent::Commanded(_, _, Action::SetOnOff(true)))
    };
    assert!(told.traces[0].steps.iter().any(sent));
}

#[test]
fn what_cannot_be_rehearsed_is_told() {
    let triggers =
        format!(r#"{MOVED},{{"webhook":"0123456789abcdef"}},{{"mqtt":{{"topic":"a"}}}}"#);
    assert_eq!(play(&[], rule(&triggers, "", NOTIFY), &[]).blind_to, [1, 2]);
}

#[test]
fn a_draft_that_could_not_be_saved_cannot_be_rehearsed() {
    let mut house = House::new(&[]);
    let rehearse = |body, days| Request::Rehearse { rule: None, body: Box::new(body), days };
    let refused = house.refused(rehearse(rule("", "", NOTIFY), 7)).code;
    assert!(
        matches!(refused, ErrorCode::RuleRefused(found) if found[0].1.kind == FindingKind::NoTrigger)
    );
    for days in [0, 32] {
        let refused = house.refused(rehearse(rule(MOVED, "", NOTIFY), days)).code;
        assert_eq!(refused, ErrorCode::Invalid);
    }
}

#[test]
fn rules_that_chase_each_other_come_to_an_end() {
    let toggles = r#"{"toggle":{"role":"@lamp"}}"#;
    let changes = r#"{"changes":{"of":{"role":"@lamp"},"what":"OnOff"}}"#;
    let records = [lamp(3 * DAY, false), lamp(2 * DAY, true)];
    let mut draft = rule(changes, "", toggles);
    draft.mode = model::rule::RunMode::Parallel(100);
    let told = play(&[], draft, &records);
    assert!((2..1_000).contains(&told.runs), "{}", told.runs);
}

#[test]
fn only_the_first_two_hundred_runs_are_told_in_full() {
    let records: Vec<_> = (0..1_000).map(|at| moves(6 * DAY - at * MINUTE, at % 2 == 1)).collect();
    let told =
        play(&[], rule(MOVED, "", r#"{"adjust":{"of":{"role":"@lamp"},"by":10}}"#), &records);
    assert_eq!((told.runs, told.traces.len()), (500, 200));
    assert!(told.traces.is_sorted_by_key(|it| it.started_at));
}

#[test]
fn records_of_what_is_no_longer_in_the_home_are_passed_over() {
    let records = [
        said(DAY, "gone", Value::Level(Percent::FULL)),
        ago(DAY, Recorded::Reachable(endpoint("gone").device, false)),
        ago(DAY, Recorded::Home("bob".parse().unwrap(), true)),
        ago(DAY, Recorded::Variable("gone".parse().unwrap(), VariableValue::YesNo(true))),
    ];
    assert_eq!(play(&[], rule(r#"{"arrives":"anyone"}"#, "", NOTIFY), &records).runs, 0);
}

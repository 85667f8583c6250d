//! Rules are saved, changed, switched off and removed.

use api::{ErrorCode, Request};
use engine::Effect;
use model::rule::RunOutcome;
use model::{Change, Charted, Timestamp};
use serde_json::{Value as Json, json};

use crate::house::{House, endpoint, switch, when_moving};

fn save(house: &mut House, body: Json, expects: u32) -> Result<api::Answer, api::ApiError> {
    house.ask(wish(body, expects))
}

fn wish(body: Json, expects: u32) -> Request {
    let body = Box::new(serde_json::from_value(body).unwrap());
    Request::SaveRule { id: "r".parse().unwrap(), body, expects }
}

#[test]
fn versions_count_what_was_saved() {
    let mut house = House::new();
    save(&mut house, when_moving(json!([switch("lamp", true)])), 0).unwrap();
    save(&mut house, when_moving(json!([switch("fan", true)])), 1).unwrap();
    assert_eq!(house.rule("r").unwrap().rule.version, 2);
    save(&mut house, when_moving(json!([switch("fan", true)])), 2).unwrap();
    assert_eq!(house.rule("r").unwrap().rule.version, 2, "nothing has changed");
    assert_eq!(house.disk.home.rules.rules[0].version, 2);
}

#[test]
fn a_change_of_an_older_version_is_refused() {
    let mut house = House::new();
    save(&mut house, when_moving(json!([switch("lamp", true)])), 0).unwrap();
    let refused = save(&mut house, when_moving(json!([switch("fan", true)])), 0).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Outdated(1));
    let refused = save(&mut house, when_moving(json!([switch("fan", true)])), 7).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Outdated(1));
}

#[test]
fn what_cannot_be_saved_is_refused_with_the_reason_and_changes_nothing() {
    let mut house = House::new();
    let before = house.disk.clone();
    let body = when_moving(json!([{ "run_rule": "nobody" }]));
    let refused = save(&mut house, body, 0).unwrap_err();
    assert!(matches!(&refused.code, ErrorCode::RuleRefused(findings) if findings.len() == 1));
    assert_eq!(house.disk, before);
    assert!(house.rule("r").is_none());
}

#[test]
fn a_new_version_gives_up_the_runs_of_the_old_one() {
    let mut house = House::new();
    save(&mut house, when_moving(json!([{ "wait": "1m" }, switch("lamp", true)])), 0).unwrap();
    house.moves(true);
    save(&mut house, when_moving(json!([{ "wait": "1m" }, switch("fan", true)])), 1).unwrap();
    assert_eq!(house.trace("r").ended.unwrap().0, RunOutcome::Cancelled);
    house.wait(120_000);
    assert!(house.asked().is_empty());
    house.moves(false);
    house.moves(true);
    house.wait(120_000);
    assert_eq!(house.asked(), ["fan on"]);
}

#[test]
fn what_is_not_there_cannot_be_switched_run_or_removed() {
    let mut house = House::new();
    let rule = || "nobody".parse().unwrap();
    for request in [
        Request::EnableRule(rule(), true),
        Request::RemoveRule(rule()),
        Request::RunRule("a-run".parse().unwrap(), rule()),
        Request::StopRun("a-run".parse().unwrap()),
        Request::AnswerMissed("a-run".parse().unwrap(), true),
        Request::PastRuns(rule(), 10),
        Request::RuleVersions(rule()),
    ] {
        assert_eq!(house.ask(request).unwrap_err().code, ErrorCode::NotFound);
    }
}

#[test]
fn the_past_is_asked_for_within_bounds() {
    let mut house = House::new();
    let past = |from, until, buckets| Request::Past {
        endpoint: endpoint("climate"),
        what: Charted::States(model::Capability::TemperatureMeasurement),
        from: Timestamp(from),
        until: Timestamp(until),
        buckets,
    };
    for request in [past(5, 5, 10), past(9, 5, 10), past(1, 2, 0), past(1, 2, 1_001)] {
        assert_eq!(house.ask(request).unwrap_err().code, ErrorCode::Invalid);
    }
    let effects = house.engine.handle_request(engine::Ticket(77), past(1, 2, 1_000), house.now);
    assert!(matches!(effects[..], [Effect::Consult(engine::Ticket(77), _)]));
}

#[test]
fn the_hub_listens_for_what_rules_wait_for_and_no_longer() {
    let mut house = House::new();
    let body = json!({
        "name": "R", "triggers": [{ "webhook": "abcdefghijklmnop" }, { "mqtt": { "topic": "a/#" } }],
        "steps": [switch("lamp", true)]
    });
    let body = Box::new(serde_json::from_value(body).unwrap());
    let save = Request::SaveRule { id: "r".parse().unwrap(), body, expects: 0 };
    let listened = |effects: Vec<Effect>| {
        effects.into_iter().find_map(|it| match it {
            Effect::Listen(to) => Some((to.hooks.len(), to.topics.len())),
            _ => None,
        })
    };
    let mut ask = |request| house.engine.handle_request(engine::Ticket(7), request, house.now);
    assert_eq!(listened(ask(save)), Some((1, 1)));
    assert_eq!(listened(ask(Request::EnableRule("r".parse().unwrap(), false))), Some((0, 0)));
    assert_eq!(listened(ask(Request::RemoveRule("r".parse().unwrap()))), None);
}

#[test]
fn a_run_is_written_down_with_its_commands_before_they_leave() {
    let mut house = House::new();
    save(&mut house, when_moving(json!([switch("lamp", true)])), 0).unwrap();
    let key = endpoint("motion").key;
    let values = vec![(key, model::Value::OccupancySensing(true))];
    let report = model::Report::Values(model::Source::Pushed, values);
    let effects = house.engine.handle_report(&endpoint("motion").device, report, house.now);
    let at = |is_it: fn(&Effect) -> bool| effects.iter().position(is_it).unwrap();
    let began = at(|it| matches!(it, Effect::Persist(Change::RunBegan(_))));
    let opened = at(|it| matches!(it, Effect::Persist(Change::CommandOpened(..))));
    let sent = at(|it| matches!(it, Effect::Send(_)));
    assert!(began < opened && opened < sent);
    let Effect::Persist(Change::RunBegan(run)) = &effects[began] else { panic!() };
    let model::rule::RunPhase::Commands(flights) = &run.cursor.phase else { panic!() };
    let Effect::Send(command) = &effects[sent] else { panic!() };
    assert_eq!(flights[0].command, command.id);
}

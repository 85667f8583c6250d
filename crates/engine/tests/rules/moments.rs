//! Times of day, intervals, and what was missed.

use api::Request;
use model::rule::{Cause, WhyNot};
use model::{IssueKind, Timestamp};
use serde_json::{Value as Json, json};

use crate::house::{House, NOON, switch};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

fn at_one(missed: Json) -> House {
    let mut house = House::new();
    let body = json!({
        "name": "R", "triggers": [{ "time": { "at": "13:00" } }], "missed": missed,
        "steps": [switch("lamp", true)]
    });
    house.save("r", body);
    house
}

fn runs(house: &House) -> usize {
    house.traces("r").len()
}

#[test]
fn a_time_of_day_comes_once_a_day() {
    let mut house = at_one(json!("skip"));
    assert_eq!(house.rule("r").unwrap().next, Some(Timestamp(NOON.0 + 3_600_000)));
    house.wait(HOUR - 1);
    assert_eq!(runs(&house), 0);
    house.wait(1);
    assert_eq!(house.timed(), ["3600 lamp on"]);
    house.wait(48 * HOUR);
    assert_eq!(runs(&house), 3);
}

#[test]
fn an_interval_is_counted_from_midnight() {
    let mut house = House::new();
    house.wait(7 * MINUTE);
    let body =
        json!({ "name": "R", "triggers": [{ "every": "15m" }], "steps": [switch("lamp", true)] });
    house.save("r", body);
    house.wait(40 * MINUTE);
    assert_eq!(house.timed(), ["900 lamp on", "1800 lamp on", "2700 lamp on"]);
}

#[test]
fn what_was_missed_a_little_is_run_late_and_told_so() {
    let mut house = at_one(json!({ "run_if_late": "10m" }));
    house.wait(50 * MINUTE);
    house.restart_after(15 * MINUTE);
    house.wait(1_000);
    assert_eq!(house.asked(), ["lamp on"]);
    let late = house.trace("r").late_by.unwrap().as_millis();
    assert!((5 * MINUTE..6 * MINUTE).contains(&late), "{late}");
}

#[test]
fn what_was_missed_by_too_much_is_left_and_told_so() {
    let mut house = at_one(json!({ "run_if_late": "10m" }));
    house.wait(50 * MINUTE);
    house.restart_after(2 * HOUR);
    house.wait(20_000);
    assert_eq!(runs(&house), 0);
    assert_eq!(house.not_runs("r")[0].why, WhyNot::Missed);
    house.restart_after(1_000);
    house.wait(20_000);
    assert_eq!(house.not_runs("r").len(), 1, "told once");
}

#[test]
fn a_sleep_is_no_different_from_a_stop() {
    let mut house = at_one(json!("skip"));
    house.sleep(2 * HOUR);
    assert_eq!(runs(&house), 0);
    assert_eq!(house.not_runs("r")[0].why, WhyNot::Missed);
    let mut house = at_one(json!({ "run_if_late": "2h" }));
    house.sleep(2 * HOUR);
    assert_eq!(runs(&house), 1);
}

#[test]
fn of_several_that_were_missed_the_last_is_run() {
    let mut house = House::new();
    let body = json!({
        "name": "R", "triggers": [{ "every": "1h" }], "missed": { "run_if_late": "12h" },
        "steps": [switch("lamp", true)]
    });
    house.save("r", body);
    house.sleep(5 * HOUR + 10 * MINUTE);
    assert_eq!(runs(&house), 1);
    assert_eq!(house.trace("r").cause, Cause::Due(0, Timestamp(NOON.0 + 5 * 3_600_000)));
}

#[test]
fn people_are_asked_about_what_was_missed_and_their_answer_counts_once() {
    for answer in [true, false] {
        let mut house = at_one(json!("ask"));
        house.sleep(2 * HOUR);
        assert_eq!(runs(&house), 0);
        house.restart_after(MINUTE);
        let issues = house.engine.snapshot().issues;
        let [issue] = &issues[..] else { panic!("{issues:?}") };
        let IssueKind::MissedRun { run, .. } = &issue.kind else { panic!("{issue:?}") };
        house.ask(Request::AnswerMissed(run.clone(), answer)).unwrap();
        assert_eq!(runs(&house), usize::from(answer));
        assert!(house.engine.snapshot().issues.is_empty());
        house.ask(Request::AnswerMissed(run.clone(), answer)).unwrap_err();
        let why: Vec<WhyNot> = house.not_runs("r").into_iter().map(|it| it.why).collect();
        let expected = [WhyNot::Asked, WhyNot::Declined];
        assert_eq!(why, expected[..if answer { 1 } else { 2 }]);
        house.restart_after(MINUTE);
        assert!(house.engine.snapshot().issues.is_empty());
        assert_eq!(runs(&house), usize::from(answer));
    }
}

#[test]
fn a_clock_that_is_put_back_runs_nothing_twice() {
    let mut house = at_one(json!({ "run_if_late": "10m" }));
    house.wait(HOUR + MINUTE);
    assert_eq!(runs(&house), 1);
    house.jump(-3_600_000);
    house.wait(2 * HOUR);
    assert_eq!(runs(&house), 1);
    house.wait(23 * HOUR);
    assert_eq!(runs(&house), 2, "the next day it runs again");
}

#[test]
fn a_clock_that_jumps_ahead_has_missed_what_lies_between() {
    let mut house = at_one(json!("skip"));
    house.jump(2 * 3_600_000);
    assert_eq!(runs(&house), 0);
    assert_eq!(house.not_runs("r")[0].why, WhyNot::Missed);
}

#[test]
fn a_clock_that_jumps_makes_no_wait_longer_or_shorter() {
    for jump in [-7_200_000, 7_200_000] {
        let mut house = House::new();
        let steps = json!([{ "wait": "10m" }, switch("lamp", true)]);
        house.save("r", crate::house::when_moving(steps));
        house.moves(true);
        house.wait(4 * MINUTE);
        house.jump(jump);
        house.wait(5 * MINUTE);
        assert!(house.asked().is_empty());
        house.restart_after(1);
        house.wait(MINUTE - 10);
        assert!(house.asked().is_empty(), "{jump}");
        house.wait(20);
        assert_eq!(house.asked(), ["lamp on"], "{jump}");
    }
}

#[test]
fn a_rule_that_is_saved_or_switched_on_has_missed_nothing() {
    let mut house = House::new();
    house.wait(2 * HOUR);
    let mut body = json!({
        "name": "R", "triggers": [{ "time": { "at": "13:00" } }],
        "missed": { "run_if_late": "20h" }, "steps": [switch("lamp", true)]
    });
    house.save("r", body.clone());
    house.ask(Request::EnableRule("r".parse().unwrap(), false)).unwrap();
    house.wait(24 * HOUR);
    house.ask(Request::EnableRule("r".parse().unwrap(), true)).unwrap();
    house.restart_after(1_000);
    body["name"] = json!("Other");
    house.save("r", body);
    house.restart_after(1_000);
    house.wait(MINUTE);
    assert_eq!(runs(&house), 0);
    assert!(house.not_runs("r").is_empty());
}

#[test]
fn a_time_that_clocks_skip_is_run_after_the_gap_and_one_that_comes_twice_once() {
    // In Berlin, 29 March 2026 has no 02:30, and 25 October 2026 has it twice.
    for (days, expected) in [(82, 1_774_746_000_000), (292, 1_792_888_200_000)] {
        let mut house = House::new();
        house.now = house.now.after(std::time::Duration::from_millis(days * 24 * HOUR));
        house.wake();
        let body = json!({
            "name": "R", "triggers": [{ "time": { "at": "02:30" } }], "steps": [switch("lamp", true)]
        });
        house.save("r", body);
        let due = house.rule("r").unwrap().next.unwrap();
        house.wait(u64::try_from(due.0 - house.now.wall.0).unwrap() - 1);
        while house.now.wall.0 < expected {
            house.wait(24 * HOUR);
        }
        let starts: Vec<i64> = house.traces("r").iter().map(|it| it.started_at.0).collect();
        let on_that_day = starts.iter().filter(|it| (**it - expected).abs() < 7_200_000).count();
        assert_eq!((on_that_day, starts.contains(&expected)), (1, true), "{starts:?}");
    }
}

#[test]
fn a_computer_that_travels_takes_its_rules_with_it() {
    let mut house = at_one(json!("skip"));
    let mut status = house.engine.snapshot().status;
    // An hour ahead of Berlin: there it is one o'clock already, and two soon.
    status.zone = "Europe/Helsinki".to_owned().try_into().unwrap();
    house.engine.handle_status(status);
    house.wait(10);
    assert_eq!(runs(&house), 0, "one o'clock was not missed: it was never noon there");
    assert_eq!(house.rule("r").unwrap().next, Some(Timestamp(NOON.0 + 24 * 3_600_000)));
}

use std::sync::Arc;

use model::rule::PathPart;

use super::*;
use crate::rules::check::house::{House, id, name, role, rule};

/// 2026-11-22T00:00:00Z.
const NOW: Timestamp = Timestamp(1_795_305_600_000);
const TRIGGER: &str = r#"{"arrives":"anyone"}"#;
const NOTIFY: &str = r#"{"notify":{"title":"t"}}"#;
const LAMP_ON: &str = r#"{"command":{"to":{"role":"lamp"},"action":{"SetOnOff":true}}}"#;
const LAMP_OFF: &str = r#"{"command":{"to":{"role":"lamp"},"action":{"SetOnOff":false}}}"#;
const LAMP_CAME_ON: &str =
    r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff","to":{"on_off":true}}}"#;
const LAMP_WENT_OFF: &str =
    r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff","to":{"on_off":false}}}"#;

fn beside(house: &House, others: &[(&str, RuleBody)]) -> Neighbours {
    let mut neighbours = Neighbours::default();
    for (at, body) in others {
        let mut body = body.clone();
        body.name = name(&format!("Rule {at}"));
        neighbours.put(&id(at), true, &Arc::new(body), house);
    }
    neighbours
}

fn told_in(house: &House, draft: &RuleBody, others: &[(&str, RuleBody)]) -> Vec<String> {
    let found = lint(&id("draft"), draft, house, &beside(house, others), NOW);
    found.iter().map(|it| format!("{:?} {:?}", it.at.0, it.kind)).collect()
}

fn told(draft: &RuleBody) -> Vec<String> {
    told_in(&House::new(), draft, &[])
}

#[track_caller]
fn conditions(json: &str, expected: &[&str]) {
    assert_eq!(told(&rule(TRIGGER, json, NOTIFY)), expected, "{json}");
}

#[track_caller]
fn steps(json: &str, expected: &[&str]) {
    assert_eq!(told(&rule(TRIGGER, "", json)), expected, "{json}");
}

#[track_caller]
fn triggers(json: &str, expected: &[&str]) {
    assert_eq!(told(&rule(json, "", NOTIFY)), expected, "{json}");
}

#[test]
fn nothing_is_said_of_a_sound_rule() {
    let asks = r#"{"sun":{"is":"down"}},{"state":{"of":{"role":"lamp"},"is":{"on_off":false}}}"#;
    let does = format!(r#"{LAMP_ON},{{"wait":"5m"}},{LAMP_OFF}"#);
    assert_eq!(told(&rule(TRIGGER, asks, &does)), [""; 0]);
}

#[test]
fn what_hardware_cannot_do_or_never_says_is_told_with_its_role() {
    steps(
        r#"{"command":{"to":{"role":"fan"},"action":{"SetLevel":50}}}"#,
        &[r#"[Step(0)] CannotDo(RoleId("fan"), SetLevel(Percent(50)))"#],
    );
    steps(
        r#"{"toggle":{"role":"warm"}}"#,
        &[r#"[Step(0)] CannotDo(RoleId("warm"), SetOnOff(true))"#],
    );
    triggers(
        r#"{"button":{"of":{"role":"lamp"},"press":"held"}}"#,
        &[r#"[Trigger(0)] NeverSays(RoleId("lamp"), Button)"#],
    );
    conditions(
        r#"{"any":[{"number":{"of":{"role":"lamp"},"measure":"humidity","above":5}}]}"#,
        &[r#"[Condition(0), Condition(0)] NeverSays(RoleId("lamp"), RelativeHumidityMeasurement)"#],
    );
}

#[test]
fn a_scene_and_a_button_under_a_notice_are_held_against_the_hardware_too() {
    let house = House::new().with_scene("odd", vec![("warm", model::Action::SetOnOff(false))]);
    let draft = rule(TRIGGER, "", r#"{"scene":{"scene":"odd"}}"#);
    let expected = [r#"[Step(0)] CannotDo(RoleId("warm"), SetOnOff(false))"#];
    assert_eq!(told_in(&house, &draft, &[]), expected);
    steps(
        r#"{"notify":{"title":"t","buttons":[{"label":"b","does":{"command":{"to":{"role":"door"},"action":{"SetLocked":true}}}}]}}"#,
        &[r#"[Step(0)] CannotDo(RoleId("door"), SetLocked(true))"#],
    );
}

#[test]
fn vacant_roles_and_empty_rooms_are_told() {
    steps(r#"{"toggle":{"role":"vacant"}}"#, &[r#"[Step(0)] Vacant(RoleId("vacant"))"#]);
    steps(r#"{"toggle":{"room":{"room":"cellar"}}}"#, &["[Step(0)] Nobody"]);
    steps(r#"{"toggle":{"all":"Lock"}}"#, &["[Step(0)] Nobody"]);
    steps(r#"{"toggle":{"room":{"room":"hall"}}}"#, &[]);
}

#[test]
fn nobody_at_all_never_arrives() {
    let mut house = House::new();
    house.people.clear();
    assert_eq!(told_in(&house, &rule(TRIGGER, "", NOTIFY), &[]), ["[Trigger(0)] Nobody"]);
}

#[test]
fn a_value_from_before_a_device_was_lost_is_told() {
    let mut house = House::new();
    house.thing("lamp").is_reachable = Some(false);
    let asks = r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":false}}}"#;
    let told = told_in(&house, &rule(TRIGGER, asks, NOTIFY), &[]);
    assert_eq!(told, [r#"[Condition(0)] NowUnreachable(DeviceId("shelly-lamp"))"#]);
}

#[test]
fn conditions_that_exclude_each_other_never_hold() {
    let on = r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":true}}}"#;
    let off = r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":false}}}"#;
    let warm = |bounds: &str| {
        format!(r#"{{"number":{{"of":{{"role":"warm"}},"measure":"temperature",{bounds}}}}}"#)
    };
    let above = warm(r#""above":25"#);
    for pair in [
        format!("{on},{off}"),
        format!(r#"{on},{{"not":{on}}}"#),
        format!(r#"{{"not":{on}}},{{"not":{off}}}"#),
        format!(r#"{above},{}"#, warm(r#""below":20"#)),
        format!(r#"{above},{}"#, warm(r#""below":25"#)),
        format!(r#"{above},{{"not":{}}}"#, warm(r#""above":24"#)),
        r#"{"sun":{"is":"up"}},{"sun":{"is":"down"}}"#.to_owned(),
        r#"{"sun":{"is":"up"}},{"not":{"sun":{"is":"up"}}}"#.to_owned(),
        r#"{"home":"anyone"},{"away":"everyone"}"#.to_owned(),
        r#"{"home":{"person":"ann"}},{"away":{"person":"ann"}}"#.to_owned(),
        r#"{"home":{"person":"ann"}},{"not":{"home":"anyone"}}"#.to_owned(),
        r#"{"time":{"after":"08:00","before":"12:00"}},{"time":{"after":"22:00","before":"06:00"}}"#
            .to_owned(),
        r#"{"time":{"on":{"weekdays":["mon"]}}},{"time":{"on":{"weekdays":["tue"]}}}"#.to_owned(),
        r#"{"variable":{"variable":"guests","is":{"yes_no":true}}},{"variable":{"variable":"guests","is":{"yes_no":false}}}"#.to_owned(),
        r#"{"variable":{"variable":"washed","is":{"above":3}}},{"variable":{"variable":"washed","is":{"equals":3}}}"#.to_owned(),
    ] {
        let told = told(&rule(TRIGGER, &pair, NOTIFY));
        let is_told = told.iter().any(|it| *it == format!("{} NeverHolds", place(&pair)));
        assert!(is_told, "{pair}: {told:?}");
    }
}

/// The second of two conditions: where what is denied stands.
fn place(pair: &str) -> &'static str {
    let denied_last = pair.rsplit_once(r#","#).is_some() && pair.contains(r#",{"not":"#);
    if denied_last { "[Condition(1), Asks]" } else { "[Condition(1)]" }
}

#[test]
fn conditions_that_can_hold_together_are_left_alone() {
    for pair in [
        r#"{"home":"anyone"},{"away":"anyone"}"#,
        r#"{"sun":{"is":"up"}},{"sun":{"is":"down","offset":60}}"#,
        r#"{"state":{"of":{"room":{"room":"kitchen"}},"which":"some","is":{"on_off":true}}},{"state":{"of":{"room":{"room":"kitchen"}},"which":"some","is":{"on_off":false}}}"#,
        r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":true}}},{"not":{"state":{"of":{"role":"lamp"},"is":{"on_off":true},"held_for":"5m"}}}"#,
        r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":true}}},{"state":{"of":{"role":"fan"},"is":{"on_off":false}}}"#,
        r#"{"number":{"of":{"role":"warm"},"measure":"temperature","above":20}},{"number":{"of":{"role":"warm"},"measure":"temperature","below":25}}"#,
        r#"{"variable":{"variable":"washed","is":{"above":2}}},{"variable":{"variable":"washed","is":{"equals":3}}}"#,
    ] {
        conditions(pair, &[]);
    }
}

#[test]
fn three_windows_of_which_two_always_meet_may_never_meet_all_together() {
    conditions(
        r#"{"time":{"after":"06:00","before":"10:00","on":{"weekdays":["mon","tue"]}}},{"time":{"after":"06:00","before":"10:00","on":{"weekdays":["tue","wed"]}}},{"time":{"after":"06:00","before":"10:00","on":{"weekdays":["mon","wed"]}}}"#,
        &["[Condition(2)] NeverHolds"],
    );
}

#[test]
fn a_single_condition_can_be_impossible_or_idle() {
    let warm = r#"{"number":{"of":{"role":"warm"},"measure":"temperature","above":25,"below":20}}"#;
    conditions(warm, &["[Condition(0)] NeverHolds"]);
    conditions(r#"{"any":[]}"#, &["[Condition(0)] NeverHolds"]);
    conditions(r#"{"all":[]}"#, &["[Condition(0)] AlwaysHolds"]);
    conditions(r#"{"time":{}}"#, &["[Condition(0)] AlwaysHolds"]);
    conditions(r#"{"time":{"after":"07:00","before":"07:00"}}"#, &["[Condition(0)] NeverHolds"]);
    conditions(
        r#"{"any":[{"sun":{"is":"up"}},{"sun":{"is":"down"}}]}"#,
        &["[Condition(0)] AlwaysHolds"],
    );
    conditions(
        r#"{"not":{"all":[{"home":"anyone"},{"away":"everyone"}]}}"#,
        &["[Condition(0), Asks, Condition(1)] NeverHolds"],
    );
}

#[test]
fn what_a_step_asks_is_looked_at_too() {
    steps(
        r#"{"if":{"condition":{"all":[{"sun":{"is":"up"}},{"sun":{"is":"down"}}]},"then":["stop"]}}"#,
        &["[Step(0), Asks, Condition(1)] NeverHolds"],
    );
    steps(r#"{"wait_until":{"condition":{"any":[]}}}"#, &["[Step(0), Asks] NeverHolds"]);
}

#[test]
fn steps_after_the_end_are_never_reached() {
    steps(&format!(r#""stop",{NOTIFY}"#), &["[Step(0)] Unreachable"]);
    steps(
        &format!(
            r#"{{"if":{{"condition":{{"home":"anyone"}},"then":["stop"],"otherwise":["stop"]}}}},{NOTIFY}"#
        ),
        &["[Step(0)] Unreachable"],
    );
    steps(
        &format!(r#"{{"if":{{"condition":{{"home":"anyone"}},"then":["stop"]}}}},{NOTIFY}"#),
        &[],
    );
    steps(&format!(r#"{NOTIFY},"stop""#), &[]);
}

#[test]
fn a_loop_without_a_pause_is_busy() {
    let round = |steps: &str| {
        format!(
            r#"{{"repeat":{{"repetition":{{"while":{{"home":"anyone"}}}},"steps":[{steps}]}}}}"#
        )
    };
    steps(&round(NOTIFY), &["[Step(0)] BusyLoop"]);
    steps(&round(&format!(r#"{NOTIFY},{{"wait":"10s"}}"#)), &[]);
    let sometimes = r#"{"if":{"condition":{"sun":{"is":"up"}},"then":[{"wait":"10s"}]}}"#;
    steps(&round(sometimes), &["[Step(0)] BusyLoop"]);
}

#[test]
fn a_trigger_within_another_is_shadowed() {
    for (pair, expected) in [
        (r#"{"time":{"at":"07:00"}},{"time":{"at":"07:00"}}"#, "[Trigger(1)] Shadowed(0)"),
        (
            r#"{"time":{"at":"07:00","on":{"weekdays":["mon"]}}},{"time":{"at":"07:00"}}"#,
            "[Trigger(0)] Shadowed(1)",
        ),
        (r#"{"every":"1h"},{"every":"15m"}"#, "[Trigger(0)] Shadowed(1)"),
        (r#"{"every":"15m"},{"time":{"at":"07:45"}}"#, "[Trigger(1)] Shadowed(0)"),
        (r#"{"arrives":{"person":"ann"}},{"arrives":"anyone"}"#, "[Trigger(0)] Shadowed(1)"),
        (
            r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff"}},{"changes":{"of":{"role":"lamp"},"what":"OnOff","to":{"on_off":true}}}"#,
            "[Trigger(1)] Shadowed(0)",
        ),
        (
            r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff"}},{"changes":{"of":{"group":"both"},"what":"OnOff"}}"#,
            "[Trigger(0)] Shadowed(1)",
        ),
    ] {
        triggers(pair, &[expected]);
    }
    for pair in [
        r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff"}},{"changes":{"of":{"role":"lamp"},"what":"OnOff","held_for":"5m"}}"#,
        r#"{"every":"15m"},{"time":{"at":"07:40"}}"#,
        r#"{"arrives":"everyone"},{"leaves":"anyone"}"#,
    ] {
        triggers(pair, &[]);
    }
}

#[test]
fn a_name_that_is_taken_is_told() {
    let house = House::new();
    let mut draft = rule(TRIGGER, "", NOTIFY);
    draft.name = name("RULE other");
    let others = [("other", rule(TRIGGER, "", NOTIFY)), ("draft", rule(TRIGGER, "", NOTIFY))];
    assert_eq!(told_in(&house, &draft, &others), [r#"[] SameName(RuleId("other"))"#]);
}

#[test]
fn what_is_switched_on_and_never_off_is_told() {
    let no_off = r#"[Step(0)] NoOff(RoleId("lamp"))"#;
    let on = rule(TRIGGER, "", LAMP_ON);
    assert_eq!(told(&on), [no_off]);
    let pulse = r#"{"pulse":{"of":{"role":"lamp"},"lasting":"1s"}}"#;
    assert_eq!(told(&rule(TRIGGER, "", pulse)), [""; 0]);
    let off = rule(r#"{"leaves":"everyone"}"#, "", LAMP_OFF);
    assert_eq!(told_in(&House::new(), &on, &[("off", off.clone())]), [""; 0]);
    let old_self = [("draft", off)];
    assert_eq!(
        told_in(&House::new(), &on, &old_self),
        [no_off],
        "its old wording is no other rule"
    );
}

#[test]
fn a_rule_that_is_disabled_switches_nothing_off() {
    let house = House::new();
    let mut neighbours = Neighbours::default();
    let off = Arc::new(rule(r#"{"leaves":"everyone"}"#, "", LAMP_OFF));
    neighbours.put(&id("off"), true, &off, &house);
    neighbours.put(&id("off"), false, &off, &house);
    let found = lint(&id("draft"), &rule(TRIGGER, "", LAMP_ON), &house, &neighbours, NOW);
    let kinds: Vec<_> = found.into_iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [FindingKind::SameName(id("off")), FindingKind::NoOff(role("lamp"))]);
    neighbours.forget(&id("off"));
    let found = lint(&id("draft"), &rule(TRIGGER, "", LAMP_ON), &house, &neighbours, NOW);
    assert_eq!(found.len(), 1);
}

#[track_caller]
fn looped(draft: &RuleBody, others: &[(&str, RuleBody)], expected: Option<&[&str]>) {
    let house = House::new();
    let found = lint(&id("draft"), draft, &house, &beside(&house, others), NOW);
    let loops: Vec<_> = found
        .into_iter()
        .filter_map(|it| {
            let FindingKind::Loop(rules) = it.kind else { return None };
            Some((it.at, rules))
        })
        .collect();
    let names = loops.first().map(|it| it.1.iter().map(RuleId::as_str).collect::<Vec<_>>());
    assert_eq!(names.as_deref(), expected);
    assert!(loops.iter().all(|it| it.0 == Path(vec![PathPart::Step(0)])), "{loops:?}");
}

#[test]
fn rules_that_undo_each_other_go_round_and_round() {
    let draft = rule(LAMP_CAME_ON, "", LAMP_OFF);
    looped(&draft, &[("back", rule(LAMP_WENT_OFF, "", LAMP_ON))], Some(&["back"]));
    looped(&draft, &[], None);
    let other = rule(r#"{"arrives":"anyone"}"#, "", LAMP_ON);
    looped(&draft, &[("other", other)], None);
}

#[test]
fn rules_that_want_the_same_come_to_rest() {
    let fan_on = r#"{"command":{"to":{"role":"fan"},"action":{"SetOnOff":true}}}"#;
    let fan_came_on = r#"{"changes":{"of":{"role":"fan"},"what":"OnOff","to":{"on_off":true}}}"#;
    let draft = rule(LAMP_CAME_ON, "", fan_on);
    looped(&draft, &[("back", rule(fan_came_on, "", LAMP_ON))], None);
}

#[test]
fn a_rule_can_go_round_by_itself() {
    let changes = r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff"}}"#;
    looped(&rule(changes, "", r#"{"toggle":{"role":"lamp"}}"#), &[], Some(&["draft"]));
    looped(&rule(changes, "", LAMP_ON), &[], None);
}

#[test]
fn a_condition_can_break_a_loop() {
    let dark = r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":true}}}"#;
    let draft = rule(LAMP_CAME_ON, "", LAMP_OFF);
    looped(&draft, &[("back", rule(LAMP_WENT_OFF, dark, LAMP_ON))], None);
}

#[test]
fn a_loop_goes_over_variables_and_over_rules_that_run_rules() {
    let became =
        |it: bool| format!(r#"{{"variable":{{"variable":"guests","becomes":{{"yes_no":{it}}}}}}}"#);
    let flip = r#"{"set_variable":{"variable":"guests","to":"flip"}}"#;
    looped(&rule(&became(true), "", flip), &[("b", rule(&became(false), "", flip))], Some(&["b"]));
    let asks = r#"{"if":{"condition":{"home":"anyone"},"then":[{"run_rule":"draft"}]}}"#;
    let b = rule(TRIGGER, "", asks);
    looped(&rule(TRIGGER, "", r#"{"run_rule":"b"}"#), &[("b", b)], Some(&["b"]));
}

#[test]
fn levels_that_switch_on_set_off_what_waits_for_on() {
    let dim = r#"{"command":{"to":{"role":"lamp"},"action":{"SetLevel":30}}}"#;
    let draft = rule(LAMP_CAME_ON, "", LAMP_OFF);
    looped(&draft, &[("dim", rule(LAMP_WENT_OFF, "", dim))], Some(&["dim"]));
}

#[track_caller]
fn contradicted(draft: &RuleBody, other: RuleBody, expected: bool) {
    let told = told_in(&House::new(), draft, &[("other", other)]);
    let is_told = told.iter().any(|it| it == r#"[Step(0)] Contradicts(RuleId("other"))"#);
    assert_eq!(is_told, expected, "{told:?}");
}

#[test]
fn rules_that_want_the_opposite_at_once_contradict_each_other() {
    let at = r#"{"time":{"at":"22:00"}}"#;
    let on = rule(at, "", LAMP_ON);
    contradicted(&on, rule(at, "", LAMP_OFF), true);
    contradicted(&on, rule(r#"{"time":{"at":"22:01"}}"#, "", LAMP_OFF), false);
    contradicted(&on, rule(at, "", LAMP_ON), false);
    contradicted(&on, rule(at, "", &format!(r#"{{"wait":"5m"}},{LAMP_OFF}"#)), false);
    let group = r#"{"command":{"to":{"group":"both"},"action":{"SetOnOff":false}}}"#;
    contradicted(&on, rule(at, "", group), true);
    let mondays = r#"{"time":{"at":"22:00","on":{"weekdays":["mon"]}}}"#;
    let tuesdays = r#"{"time":{"at":"22:00","on":{"weekdays":["tue"]}}}"#;
    contradicted(&rule(mondays, "", LAMP_ON), rule(tuesdays, "", LAMP_OFF), false);
    contradicted(&rule(mondays, "", LAMP_ON), rule(at, "", LAMP_OFF), true);
}

#[test]
fn rules_whose_conditions_exclude_each_other_do_not_contradict() {
    let at = r#"{"time":{"at":"22:00"}}"#;
    let up = r#"{"sun":{"is":"up"}}"#;
    let down = r#"{"sun":{"is":"down"}}"#;
    contradicted(&rule(at, up, LAMP_ON), rule(at, down, LAMP_OFF), false);
    contradicted(&rule(at, up, LAMP_ON), rule(at, "", LAMP_OFF), true);
    let asks = format!(r#"{{"if":{{"condition":{down},"then":[{LAMP_OFF}]}}}}"#);
    contradicted(&rule(at, up, LAMP_ON), rule(at, "", &asks), false);
    let asks = format!(r#"{{"if":{{"condition":{up},"then":[],"otherwise":[{LAMP_OFF}]}}}}"#);
    contradicted(&rule(at, up, LAMP_ON), rule(at, "", &asks), false);
}

#[test]
fn times_that_clocks_skip_or_show_twice_are_told() {
    let at = |time: &str, days: &str| format!(r#"{{"time":{{"at":"{time}","on":{{{days}}}}}}}"#);
    triggers(&at("02:30", ""), &["[Trigger(0)] SkippedByDst"]);
    triggers(&at("02:00", ""), &["[Trigger(0)] SkippedByDst"]);
    triggers(&at("03:00", ""), &[]);
    triggers(&at("01:59", ""), &[]);
    triggers(&at("02:30", r#""weekdays":["mon"]"#), &[]);
    triggers(&at("02:30", r#""season":["10-01","11-30"]"#), &["[Trigger(0)] TwiceByDst"]);
    triggers(&at("02:30", r#""dates":["2027-03-28"]"#), &["[Trigger(0)] SkippedByDst"]);
    triggers(&at("02:30", r#""dates":["2027-03-27"]"#), &[]);
}

#[test]
fn windows_in_which_clocks_are_changed_are_told() {
    let hint = "[Condition(0)] WindowAcrossDst";
    conditions(r#"{"time":{"after":"22:00","before":"06:00"}}"#, &[hint]);
    conditions(r#"{"time":{"after":"01:00","before":"04:00"}}"#, &[hint]);
    conditions(r#"{"time":{"after":"08:00","before":"20:00"}}"#, &[]);
    conditions(r#"{"time":{"after":"22:00","before":"06:00","on":{"weekdays":["tue"]}}}"#, &[]);
    conditions(r#"{"time":{"after":"22:00","before":"06:00","on":{"weekdays":["sat"]}}}"#, &[hint]);
    conditions(r#"{"time":{"on":{"weekdays":["sun"]}}}"#, &[]);
}

#[test]
fn ten_thousand_rules_cost_a_draft_nothing() {
    let house = House::new();
    let mut neighbours = Neighbours::default();
    let body = Arc::new(rule(LAMP_CAME_ON, "", LAMP_OFF));
    let other = Arc::new(rule(r#"{"time":{"at":"03:10"}}"#, "", NOTIFY));
    for number in 0..10_000 {
        neighbours.put(
            &id(&format!("r{number}")),
            true,
            if number == 0 { &body } else { &other },
            &house,
        );
    }
    let draft = rule(LAMP_WENT_OFF, "", LAMP_ON);
    let found = lint(&id("draft"), &draft, &house, &neighbours, NOW);
    assert!(found.iter().any(|it| it.kind == FindingKind::Loop(vec![id("r0")])));
    assert!(found.iter().any(|it| it.kind == FindingKind::SameName(id("r0"))));
}

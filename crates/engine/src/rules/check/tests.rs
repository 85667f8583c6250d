use model::Name;
use model::rule::Rule;

use super::house::{House, id, rule, saved};
use super::*;

const STEP: &str = r#"{"command":{"to":{"role":"lamp"},"action":{"SetOnOff":true}}}"#;
const TRIGGER: &str = r#"{"time":{"at":"07:00"}}"#;

fn findings(body: &RuleBody) -> Vec<Finding> {
    check(&id("draft"), body, &House::new(), &Vec::new())
}

/// The findings of a draft, one a line: where, and what.
fn told(body: &RuleBody) -> Vec<String> {
    findings(body).iter().map(|it| format!("{:?} {:?}", it.at.0, it.kind)).collect()
}

#[track_caller]
fn trigger(json: &str, expected: &[&str]) {
    let told = told(&rule(json, "", STEP));
    assert_eq!(told, expected.iter().map(|it| format!("[Trigger(0)] {it}")).collect::<Vec<_>>());
}

#[track_caller]
fn condition(json: &str, expected: &[&str]) {
    let told = told(&rule(TRIGGER, json, STEP));
    assert_eq!(told, expected.iter().map(|it| format!("[Condition(0)] {it}")).collect::<Vec<_>>());
}

#[track_caller]
fn step(json: &str, expected: &[&str]) {
    let told = told(&rule(TRIGGER, "", json));
    assert_eq!(told, expected.iter().map(|it| format!("[Step(0)] {it}")).collect::<Vec<_>>());
}

#[test]
fn a_sound_rule_can_be_saved() {
    let conditions = r#"{"any":[{"sun":{"is":"down"}},{"not":{"home":"anyone"}}]}"#;
    assert_eq!(told(&rule(TRIGGER, conditions, STEP)), [""; 0]);
}

#[test]
fn a_rule_is_set_off_by_something_and_does_something() {
    assert_eq!(told(&rule("", "", "")), ["[] NoTrigger", "[] NoStep"]);
    step(r#"{"if":{"condition":{"home":"anyone"},"then":[]}}"#, &["NoStep"]);
    step(r#"{"repeat":{"repetition":{"times":2},"steps":[]}}"#, &["NoStep"]);
}

#[test]
fn what_is_not_there_is_told_by_its_id() {
    trigger(r#"{"button":{"of":{"role":"nope"},"press":"held"}}"#, &[r#"Missing("nope")"#]);
    trigger(r#"{"rule_ran":"other"}"#, &[r#"Missing("other")"#]);
    trigger(r#"{"arrives":{"person":"bob"}}"#, &[r#"Missing("bob")"#]);
    condition(r#"{"reachable":{"of":{"group":"g"}}}"#, &[r#"Missing("g")"#]);
    condition(r#"{"variable":{"variable":"v","is":{"equals":1}}}"#, &[r#"Missing("v")"#]);
    step(r#"{"toggle":{"room":{"room":"loft"}}}"#, &[r#"Missing("loft")"#]);
    step(r#"{"scene":{"scene":"dawn"}}"#, &[r#"Missing("dawn")"#]);
    step(r#"{"run_rule":"other"}"#, &[r#"Missing("other")"#]);
    step(
        r#"{"notify":{"title":"t","buttons":[{"label":"b","does":{"scene":"dawn"}}]}}"#,
        &[r#"Missing("dawn")"#],
    );
}

#[test]
fn a_wait_of_a_century_is_too_long() {
    let month = "TooLong(Span(2678400000))";
    step(r#"{"wait":"36525d"}"#, &[month]);
    step(r#"{"wait_until":{"condition":{"home":"anyone"},"timeout":"32d"}}"#, &[month]);
    trigger(r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff","held_for":"32d"}}"#, &[month]);
    trigger(r#"{"unreachable":{"of":{"role":"lamp"},"held_for":"32d"}}"#, &[month]);
    condition(
        r#"{"state":{"of":{"role":"lamp"},"is":{"on_off":true},"held_for":"32d"}}"#,
        &[month],
    );
    step(r#"{"wait":"31d"}"#, &[]);
}

#[test]
fn intervals_pulses_and_transitions_have_their_bounds() {
    trigger(r#"{"every":"9s"}"#, &["TooShort(Span(10000))"]);
    trigger(r#"{"every":"25h"}"#, &["TooLong(Span(86400000))"]);
    trigger(r#"{"every":"10s"}"#, &[]);
    step(r#"{"pulse":{"of":{"role":"lamp"},"lasting":"99ms"}}"#, &["TooShort(Span(100))"]);
    step(r#"{"pulse":{"of":{"role":"lamp"},"lasting":"61m"}}"#, &["TooLong(Span(3600000))"]);
    step(r#"{"scene":{"scene":"evening","transition":"2h"}}"#, &["TooLong(Span(3600000))"]);
}

#[test]
fn numbers_have_their_bounds() {
    let sun = "OutOfRange(Some((-720.0, 720.0)))";
    trigger(r#"{"sun":{"event":"sunset","offset":-721}}"#, &[sun]);
    condition(r#"{"sun":{"is":"up","offset":721}}"#, &[sun]);
    trigger(
        r#"{"button":{"of":{"role":"lamp"},"press":{"times":10}}}"#,
        &["OutOfRange(Some((1.0, 9.0)))"],
    );
    trigger(
        r#"{"crosses":{"of":{"role":"warm"},"measure":"humidity","direction":"above","threshold":120,"hysteresis":-1}}"#,
        &["OutOfRange(Some((0.0, 100.0)))", "OutOfRange(Some((0.0, 100.0)))"],
    );
    condition(
        r#"{"number":{"of":{"role":"warm"},"measure":"temperature"}}"#,
        &["OutOfRange(None)"],
    );
    step(r#"{"adjust":{"of":{"role":"lamp"},"by":-101}}"#, &["OutOfRange(Some((-100.0, 100.0)))"]);
    step(
        r#"{"repeat":{"repetition":{"times":0},"steps":["stop"]}}"#,
        &["OutOfRange(Some((1.0, 1000.0)))"],
    );
}

#[test]
fn what_is_not_a_number_is_out_of_range() {
    for number in [f64::NAN, f64::INFINITY] {
        let mut draft = rule(TRIGGER, "", STEP);
        draft.steps = vec![Step::SetVariable {
            variable: "washed".parse().unwrap(),
            to: model::rule::VariableChange::Add(number),
        }];
        assert_eq!(told(&draft), ["[Step(0)] OutOfRange(None)"], "{number}");
        draft.triggers = vec![model::rule::Trigger::Crosses {
            of: Target::Role("warm".parse().unwrap()),
            measure: model::rule::Measure::Temperature,
            direction: model::rule::Direction::Above,
            threshold: number,
            hysteresis: number,
            held_for: Span::ZERO,
        }];
        assert_eq!(findings(&draft).len(), 3, "{number}");
    }
}

#[test]
fn texts_have_their_bounds_and_hide_nothing() {
    let long = "x".repeat(121);
    step(&format!(r#"{{"notify":{{"title":"{long}"}}}}"#), &["OutOfRange(Some((1.0, 120.0)))"]);
    step(r#"{"notify":{"title":" "}}"#, &["OutOfRange(Some((1.0, 120.0)))"]);
    step(r#"{"notify":{"title":"a\u0000b"}}"#, &["OutOfRange(None)"]);
    step(r#"{"notify":{"title":"\u202egnp.exe"}}"#, &["OutOfRange(None)"]);
    step(r#"{"notify":{"title":"a","body":"one\ntwo"}}"#, &[]);
}

#[test]
fn topics_are_those_that_a_broker_knows() {
    for topic in ["a/b", "a/+/b", "#", "a/#", "+", "/"] {
        trigger(&format!(r#"{{"mqtt":{{"topic":"{topic}"}}}}"#), &[]);
    }
    for topic in ["a+/b", "a/#/b", "a#", "a\\u0000"] {
        trigger(&format!(r#"{{"mqtt":{{"topic":"{topic}"}}}}"#), &["OutOfRange(None)"]);
    }
    trigger(r#"{"mqtt":{"topic":""}}"#, &["OutOfRange(Some((1.0, 256.0)))"]);
    trigger(r#"{"webhook":"short"}"#, &["OutOfRange(Some((16.0, 64.0)))"]);
}

#[test]
fn no_day_at_all_is_no_day() {
    trigger(r#"{"time":{"at":"07:00","on":{"weekdays":[]}}}"#, &["OutOfRange(None)"]);
    condition(r#"{"time":{"on":{"weekdays":[]}}}"#, &["OutOfRange(None)"]);
}

#[test]
fn a_state_is_one_that_the_capability_can_be_in() {
    trigger(
        r#"{"changes":{"of":{"role":"lamp"},"what":"OnOff","to":{"occupied":true}}}"#,
        &["OutOfRange(None)"],
    );
    trigger(r#"{"changes":{"of":{"role":"lamp"},"what":"Button"}}"#, &["OutOfRange(None)"]);
}

#[test]
fn a_variable_keeps_its_kind() {
    condition(r#"{"variable":{"variable":"guests","is":{"above":1}}}"#, &["OutOfRange(None)"]);
    trigger(
        r#"{"variable":{"variable":"washed","becomes":{"yes_no":true}}}"#,
        &["OutOfRange(None)"],
    );
    step(r#"{"set_variable":{"variable":"washed","to":"flip"}}"#, &["OutOfRange(None)"]);
    step(
        r#"{"set_variable":{"variable":"guests","to":{"set":{"number":1}}}}"#,
        &["OutOfRange(None)"],
    );
    step(r#"{"set_variable":{"variable":"guests","to":"flip"}}"#, &[]);
    step(r#"{"set_variable":{"variable":"washed","to":{"add":1}}}"#, &[]);
}

#[test]
fn without_a_place_there_is_no_sun() {
    let house = House::new().without_place();
    let draft = rule(r#"{"sun":{"event":"sunrise"}}"#, r#"{"sun":{"is":"up"}}"#, STEP);
    let kinds: Vec<_> =
        check(&id("draft"), &draft, &house, &Vec::new()).into_iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [FindingKind::NoPlace, FindingKind::NoPlace]);
}

#[test]
fn run_modes_and_missed_policies_have_their_bounds() {
    let mut draft = rule(TRIGGER, "", STEP);
    draft.mode = RunMode::Queued(0);
    draft.missed = Missed::RunIfLate(Span::seconds(40 * 86_400));
    assert_eq!(told(&draft), ["[] OutOfRange(Some((1.0, 100.0)))", "[] TooLong(Span(2678400000))"]);
}

#[test]
fn more_than_a_rule_may_have_is_too_many() {
    let mut draft = rule(TRIGGER, "", STEP);
    draft.triggers = vec![draft.triggers[0].clone(); MOST_TRIGGERS + 1];
    draft.steps = vec![draft.steps[0].clone(); MOST_STEPS + 1];
    draft.conditions = vec![Condition::Any(vec![Condition::All(vec![]); 128])];
    assert_eq!(told(&draft), ["[] TooMany(32)", "[] TooMany(128)", "[] TooMany(256)"]);
}

#[test]
fn a_rule_full_of_mistakes_does_not_tell_them_all() {
    let wrong = Step::Wait(Span::MAX);
    let mut draft = rule(TRIGGER, "", STEP);
    draft.steps = vec![wrong; 250];
    assert_eq!(findings(&draft).len(), MOST_FINDINGS);
}

#[test]
fn nesting_deeper_than_the_stack_would_bear_is_refused() {
    let mut condition = Condition::All(Vec::new());
    let mut steps = vec![Step::Stop];
    for _ in 0..10_000 {
        condition = Condition::Not(Box::new(condition));
        steps = vec![Step::Repeat { repetition: Repetition::Times(1), steps }];
    }
    let mut draft = rule(TRIGGER, "", STEP);
    draft.conditions = vec![condition];
    draft.steps = steps;
    let found = findings(&draft);
    assert_eq!(
        found.iter().map(|it| it.kind.clone()).collect::<Vec<_>>(),
        [FindingKind::TooDeep(12), FindingKind::TooDeep(12)]
    );
    assert_eq!(found[0].at.0.len(), 13);
}

#[test]
fn nesting_as_deep_as_allowed_is_allowed() {
    let nested = |levels| {
        (1..levels)
            .fold(r#"{"home":"anyone"}"#.to_owned(), |inner, _| format!(r#"{{"not":{inner}}}"#))
    };
    condition(&nested(DEEPEST), &[]);
    assert_eq!(told(&rule(TRIGGER, &nested(DEEPEST + 1), STEP)).len(), 1);
}

fn runs(next: &str) -> String {
    format!(r#"{{"run_rule":"{next}"}}"#)
}

/// Rules `r1`, `r2`, …, each running the next, the last running the draft.
fn chain(length: usize) -> Vec<Rule> {
    let link = |at: usize| {
        let next = if at == length { "draft".to_owned() } else { format!("r{}", at + 1) };
        let mut body = rule(TRIGGER, "", &runs(&next));
        body.name = Name::try_from(format!("Rule {at}")).unwrap();
        saved(&format!("r{at}"), body)
    };
    (1..=length).map(link).collect()
}

#[track_caller]
fn circle(draft: &RuleBody, others: &dyn OtherRules) -> Vec<String> {
    let found = check(&id("draft"), draft, &House::new(), others);
    let names = |it: Finding| {
        let FindingKind::RunsItself(names) = it.kind else { panic!("{it:?}") };
        names.iter().map(ToString::to_string).collect()
    };
    found.into_iter().next().map(names).unwrap_or_default()
}

#[test]
fn a_circle_of_a_thousand_rules_is_found_and_named_in_order() {
    let mut rules: std::collections::BTreeMap<_, _> =
        chain(999).into_iter().map(|it| (it.id.clone(), it)).collect();
    let draft = rule(TRIGGER, "", &runs("r1"));
    let names = circle(&draft, &rules);
    assert_eq!(names.len(), 10);
    assert_eq!(names[..3], ["Draft", "Rule 1", "Rule 2"]);
    rules.remove(&id("r500"));
    assert_eq!(circle(&draft, &rules), [""; 0], "a chain that is broken is no circle");
}

impl OtherRules for std::collections::BTreeMap<RuleId, Rule> {
    fn body(&self, id: &RuleId) -> Option<&RuleBody> {
        self.get(id).map(|it| &it.body)
    }

    fn bodies(&self) -> Box<dyn Iterator<Item = (&RuleId, &RuleBody)> + '_> {
        Box::new(self.iter().map(|(id, it)| (id, &it.body)))
    }
}

#[test]
fn what_stops_a_circle_makes_it_none() {
    let asks = r#"{"if":{"condition":{"home":"anyone"},"then":[{"run_rule":"r1"}]}}"#;
    let steps = [
        format!(r#"{{"wait":"1s"}},{}"#, runs("r1")),
        format!(r#"{{"wait_until":{{"condition":{{"home":"anyone"}}}}}},{}"#, runs("r1")),
        format!(r#""stop",{}"#, runs("r1")),
        asks.to_owned(),
    ];
    for steps in steps {
        assert_eq!(circle(&rule(TRIGGER, "", &steps), &chain(1)), [""; 0], "{steps}");
    }
    for steps in [
        runs("r1"),
        format!(r#"{{"wait":"0s"}},{}"#, runs("r1")),
        format!(r#"{{"repeat":{{"repetition":{{"times":2}},"steps":[{}]}}}}"#, runs("r1")),
    ] {
        assert_eq!(circle(&rule(TRIGGER, "", &steps), &chain(1)).len(), 2, "{steps}");
    }
}

#[test]
fn a_rule_that_runs_itself_is_told_where() {
    let draft = rule(TRIGGER, "", &format!("{STEP},{}", runs("draft")));
    let found = findings(&draft);
    assert_eq!(found[0].at.0, [PathPart::Step(1)]);
    let follows = rule(r#"{"time":{"at":"07:00"}},{"rule_ran":"draft"}"#, "", STEP);
    assert_eq!(findings(&follows)[0].at.0, [PathPart::Trigger(1)]);
}

#[test]
fn rules_that_follow_each_other_are_a_circle_unless_a_condition_may_stop_them() {
    let follower = saved("r1", rule(r#"{"rule_ran":"draft"}"#, "", STEP));
    let draft = rule(r#"{"rule_ran":"r1"}"#, "", STEP);
    assert_eq!(circle(&draft, &vec![follower.clone()]).len(), 2);
    let draft = rule(r#"{"rule_ran":"r1"}"#, r#"{"home":"anyone"}"#, STEP);
    assert_eq!(circle(&draft, &vec![follower]), [""; 0]);
}

#[test]
fn an_old_wording_of_the_draft_does_not_count() {
    let old = saved("draft", rule(TRIGGER, "", &runs("draft")));
    assert_eq!(told(&rule(TRIGGER, "", STEP)), [""; 0]);
    assert_eq!(circle(&rule(TRIGGER, "", STEP), &vec![old]), [""; 0]);
}

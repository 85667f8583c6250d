use api::{Answer, ErrorCode, Request};
use engine::Effect;
use model::Change;
use model::rule::{FILE_FORMAT, FindingKind, LARGEST_FILE, RuleFile, Step, Trigger};
use proptest::prelude::*;

use crate::home::{House, id, rule};

const NOTIFY: &str = r#"{"notify":{"title":"t"}}"#;
const AT_SEVEN: &str = r#"{"time":{"at":"07:00"}}"#;

fn export(house: &mut House, ids: &[&str]) -> String {
    let (outcome, effects) = house.ask(Request::ExportRules(ids.iter().map(|it| id(it)).collect()));
    assert_eq!(effects, []);
    match outcome {
        Ok(Answer::File(text)) => text,
        other => panic!("{other:?}"),
    }
}

fn import(house: &mut House, text: &str) -> Vec<String> {
    let (outcome, effects) = house.ask(Request::ImportRules(text.to_owned()));
    match outcome {
        Ok(Answer::RulesAdded(ids)) => {
            let is_rule = |it: &&Effect| matches!(it, Effect::Persist(Change::Rule(_)));
            assert_eq!(effects.iter().filter(is_rule).count(), ids.len(), "all are written down");
            ids.iter().map(ToString::to_string).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(house: &mut House, text: &str) -> ErrorCode {
    house.refused(Request::ImportRules(text.to_owned())).code
}

fn entry(id: &str, triggers: &str, steps: &str) -> String {
    format!(r#"{{"id":"{id}","body":{{"name":"{id}","triggers":[{triggers}],"steps":[{steps}]}}}}"#)
}

fn file(entries: &[String]) -> String {
    format!(r#"{{"hearth_rules":1,"rules":[{}]}}"#, entries.join(","))
}

#[test]
fn what_was_handed_out_is_taken_in_elsewhere_as_it_was() {
    let rules = [
        ("one", rule(AT_SEVEN, r#"{"home":"anyone"}"#, NOTIFY)),
        ("two", rule(r#"{"rule_ran":"one"}"#, "", r#"{"toggle":{"role":"@lamp"}}"#)),
    ];
    let text = export(&mut House::new(&rules), &[]);
    let mut elsewhere = House::new(&[]);
    assert_eq!(import(&mut elsewhere, &text), ["one", "two"]);
    for (at, body) in rules {
        assert_eq!(elsewhere.rule(at).expect("it is there").body, body);
    }
    assert_eq!(export(&mut elsewhere, &[]), text);
}

#[test]
fn some_rules_can_be_handed_out_by_themselves() {
    let mut house =
        House::new(&[("one", rule(AT_SEVEN, "", NOTIFY)), ("two", rule(AT_SEVEN, "", NOTIFY))]);
    let file: RuleFile = serde_json::from_str(&export(&mut house, &["two"])).unwrap();
    assert_eq!((file.hearth_rules, file.rules.len()), (FILE_FORMAT, 1));
    let missing = Request::ExportRules(vec![id("three")]);
    assert_eq!(house.refused(missing).code, ErrorCode::NotFound);
}

#[test]
fn ids_that_are_taken_get_new_ones_and_are_named_by_these() {
    let mut house = House::new(&[("one", rule(AT_SEVEN, "", NOTIFY))]);
    let button = r#"{"notify":{"title":"t","buttons":[{"label":"b","does":{"run_rule":"one"}}]}}"#;
    let nested = format!(
        r#"{{"if":{{"condition":{{"home":"anyone"}},"then":[{{"run_rule":"one"}}],"otherwise":[{button}]}}}}"#
    );
    let text =
        file(&[entry("one", AT_SEVEN, NOTIFY), entry("one-2", r#"{"rule_ran":"one"}"#, &nested)]);
    assert_eq!(import(&mut house, &text), ["one-3", "one-2"], "one-2 is the file's own");
    let body = house.rule("one-2").unwrap().body;
    assert_eq!(body.triggers, [Trigger::RuleRan(id("one-3"))]);
    let Step::If { then, otherwise, .. } = &body.steps[0] else { panic!("{body:?}") };
    assert_eq!(then[..], [Step::RunRule(id("one-3"))]);
    assert!(serde_json::to_string(otherwise).unwrap().contains(r#""run_rule":"one-3""#));
    assert_eq!(house.rule("one").unwrap().version, 1, "the home's own is left alone");
}

#[test]
fn a_rule_that_was_switched_off_stays_off() {
    let text =
        file(&[entry("one", AT_SEVEN, NOTIFY).replace(r#""body""#, r#""enabled":false,"body""#)]);
    let mut house = House::new(&[]);
    import(&mut house, &text);
    assert!(!house.rule("one").unwrap().enabled);
}

#[test]
fn a_file_of_another_version_is_refused_whatever_else_it_says() {
    let mut house = House::new(&[]);
    let text = r#"{"rules":{"anything":true},"hearth_rules":2}"#;
    assert_eq!(refused(&mut house, text), ErrorCode::UnknownVersion);
}

#[test]
fn a_file_that_is_not_one_is_refused_with_the_place() {
    let mut house = House::new(&[]);
    for (text, place) in [
        ("", "line 1 column 0"),
        ("[]", "line 1 column"),
        ("{\"hearth_rules\":1,\n\"rules\":[{]}", "line 2 column 11"),
        ("{\"hearth_rules\":1,\"rules\":[],\"more\":1}", "`more`"),
    ] {
        match refused(&mut house, text) {
            ErrorCode::Unreadable(words) => assert!(words.contains(place), "{text}: {words}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_file_of_ten_megabytes_is_refused_unread() {
    let mut house = House::new(&[]);
    let text = format!(r#"{{"hearth_rules":1,"rules":[],"{}":1}}"#, "x".repeat(10_000_000));
    let ErrorCode::Unreadable(words) = refused(&mut house, &text) else { panic!() };
    assert_eq!(words, "the file is larger than 4 MB");
}

#[test]
fn what_is_wrong_is_told_in_short_and_plain_words() {
    let mut house = House::new(&[]);
    let hostile = format!("\u{202E}{}", "x".repeat(100_000));
    let text = format!(r#"{{"hearth_rules":1,"rules":[],"{hostile}":1}}"#);
    let ErrorCode::Unreadable(words) = refused(&mut house, &text) else { panic!() };
    assert!(words.chars().count() < 300 && !words.contains('\u{202E}'), "{words}");
    assert!(words.contains("line 1 column"), "{words}");
}

#[test]
fn a_hostile_name_is_refused() {
    let mut house = House::new(&[]);
    for name in ["\\u202Egnp", "a\\nb", "", &"x".repeat(65)] {
        let text = file(&[entry("one", AT_SEVEN, NOTIFY)]);
        let text = text.replace(r#""name":"one""#, &format!(r#""name":"{name}""#));
        assert!(matches!(refused(&mut house, &text), ErrorCode::Unreadable(_)), "{name}");
    }
    let text = file(&[entry("../../etc", AT_SEVEN, NOTIFY)]);
    assert!(matches!(refused(&mut house, &text), ErrorCode::Unreadable(_)));
}

#[test]
fn one_rule_that_cannot_be_saved_keeps_all_out() {
    let mut house = House::new(&[]);
    let text = file(&[
        entry("one", AT_SEVEN, NOTIFY),
        entry("two", AT_SEVEN, r#"{"scene":{"scene":"gone"}}"#),
        entry("three", AT_SEVEN, r#"{"wait":"36525d"}"#),
    ]);
    let ErrorCode::RuleRefused(found) = refused(&mut house, &text) else { panic!() };
    let found: Vec<_> = found.into_iter().map(|(index, it)| (index, it.kind)).collect();
    assert_eq!(found[0], (1, FindingKind::Missing("gone".to_owned())));
    assert!(matches!(found[1], (2, FindingKind::TooLong(_))));
    assert_eq!(house.rule("one"), None);
}

#[test]
fn rules_of_a_file_may_name_each_other_whatever_their_order() {
    let mut house = House::new(&[]);
    let text = file(&[
        entry("one", AT_SEVEN, r#"{"run_rule":"two"}"#),
        entry("two", r#"{"rule_ran":"three"}"#, NOTIFY),
        entry("three", AT_SEVEN, NOTIFY),
    ]);
    assert_eq!(import(&mut house, &text).len(), 3);
}

#[test]
fn two_rules_of_one_id_are_refused() {
    let mut house = House::new(&[]);
    let text = file(&[entry("one", AT_SEVEN, NOTIFY), entry("one", AT_SEVEN, NOTIFY)]);
    assert!(matches!(refused(&mut house, &text), ErrorCode::Unreadable(_)));
}

#[test]
fn a_circle_of_a_thousand_rules_in_a_file_is_refused_by_name() {
    let mut house = House::new(&[]);
    let link = |at: usize| {
        let next = format!(r#"{{"run_rule":"r{}"}}"#, (at + 1) % 1_000);
        entry(&format!("r{at}"), AT_SEVEN, &next)
    };
    let text = file(&(0..1_000).map(link).collect::<Vec<_>>());
    let ErrorCode::RuleRefused(found) = refused(&mut house, &text) else { panic!() };
    let FindingKind::RunsItself(names) = &found[0].1.kind else { panic!("{found:?}") };
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9"]);
    let chain: Vec<_> = (0..999).map(link).chain([entry("r999", AT_SEVEN, NOTIFY)]).collect();
    assert_eq!(import(&mut house, &file(&chain)).len(), 1_000, "a chain is no circle");
}

#[test]
fn a_file_with_a_rule_that_closes_a_circle_with_the_homes_own_is_refused() {
    let mut house = House::new(&[("home", rule(r#"{"rule_ran":"new"}"#, "", NOTIFY))]);
    let text = file(&[entry("new", r#"{"rule_ran":"home"}"#, NOTIFY)]);
    let ErrorCode::RuleRefused(found) = refused(&mut house, &text) else { panic!() };
    assert!(matches!(found[0].1.kind, FindingKind::RunsItself(_)), "{found:?}");
}

#[test]
fn a_file_nested_without_end_is_refused_and_breaks_nothing() {
    let mut house = House::new(&[]);
    for (open, close) in [(r#"{"not":"#, "}"), (r#"{"all":["#, "]}")] {
        for depth in [13, 60, 200, 200_000] {
            let nested =
                format!(r#"{}{{"home":"anyone"}}{}"#, open.repeat(depth), close.repeat(depth));
            let one = entry("one", AT_SEVEN, NOTIFY);
            let one = one.replace(r#""steps""#, &format!(r#""conditions":[{nested}],"steps""#));
            match refused(&mut house, &file(&[one])) {
                ErrorCode::Unreadable(words) => assert!(words.contains("recursion"), "{words}"),
                ErrorCode::RuleRefused(found) => {
                    assert_eq!(found[0].1.kind, FindingKind::TooDeep(12));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn more_rules_than_a_home_may_have_are_refused() {
    let mut house = House::new(&[]);
    let entries: Vec<_> =
        (0..10_001).map(|at| entry(&format!("r{at}"), AT_SEVEN, r#""stop""#)).collect();
    let ErrorCode::RuleRefused(found) = refused(&mut house, &file(&entries)) else { panic!() };
    assert_eq!((found.len(), found[0].0), (1, 10_000));
    assert_eq!(found[0].1.kind, FindingKind::TooMany(10_000));
}

#[test]
fn a_file_of_four_megabytes_is_read_and_one_that_is_larger_is_not() {
    let text = file(&[entry("one", AT_SEVEN, NOTIFY)]);
    for (extra, is_read) in [(0, true), (1, false)] {
        let padded = format!("{}{text}", " ".repeat(LARGEST_FILE + extra - text.len()));
        let (outcome, _) = House::new(&[]).ask(Request::ImportRules(padded));
        assert_eq!(outcome.is_ok(), is_read);
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        refused(&mut House::new(&[]), &text);
    }

    #[test]
    fn no_file_cut_short_or_changed_makes_it_panic(at in 0_usize..400, letter in any::<u8>()) {
        let mut bytes = file(&[entry("one", AT_SEVEN, NOTIFY), entry("two", AT_SEVEN, r#"{"run_rule":"one"}"#)]).into_bytes();
        let at = at % bytes.len();
        bytes[at] = letter % 128;
        if let Ok(text) = String::from_utf8(bytes) {
            let mut house = House::new(&[]);
            let before = house.engine.snapshot();
            let (outcome, effects) = house.ask(Request::ImportRules(text));
            if outcome.is_err() {
                prop_assert_eq!(effects, []);
                prop_assert_eq!(house.engine.snapshot(), before);
            }
        }
    }
}

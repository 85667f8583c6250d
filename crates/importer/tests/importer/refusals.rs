//! What cannot be read, and what must not hurt.

use std::collections::BTreeMap;

use api::{ErrorCode, ForeignFormat, LostWhy, Meaning};
use proptest::prelude::*;

use crate::house;
use crate::pieces::imported;

fn refused(text: &str) -> String {
    let read =
        importer::read(ForeignFormat::HomeAssistant, text, &BTreeMap::new(), &house::empty());
    match read.unwrap_err().code {
        ErrorCode::Unreadable(words) => words,
        code => panic!("{code:?}"),
    }
}

#[test]
fn what_is_no_automation_is_refused_in_words() {
    assert!(refused("hello").contains("no automation"));
    assert!(refused("").contains("no automation"));
    assert!(refused("a: [1, 2").starts_with("line "));
    assert!(refused(&" ".repeat(10 * 1024 * 1024)).contains("MB"));
    assert!(refused(&"- {trigger: [], action: []}\n".repeat(3_000)).contains("at most"));
}

#[test]
fn a_blueprint_is_refused_with_its_reason() {
    let rules = imported("alias: X\nuse_blueprint: {path: a/b.yaml}");
    assert_eq!(rules[0].body, None);
    assert_eq!((rules[0].lost[0].why, rules[0].lost[0].fatal), (LostWhy::Action, true));
}

#[test]
fn a_hostile_name_is_cleaned() {
    let rules = imported(
        "alias: \"\\u202Eevil\\u0007\"\ntrigger: {platform: homeassistant, event: start}\n\
         action: {service: lock.lock, entity_id: lock.a}",
    );
    assert_eq!(rules[0].body.as_ref().unwrap().name.as_str(), "evil");
}

#[test]
fn a_thing_that_is_nothing_here_is_left_out() {
    let text = "trigger: {platform: homeassistant, event: start}\n\
                action: [{service: light.turn_on, entity_id: [light.a, light.b]}]";
    let format = ForeignFormat::HomeAssistant;
    let first = importer::read(format, text, &BTreeMap::new(), &house::empty()).unwrap();
    let (home, mut meanings) = house::with(&first.unmapped);
    meanings.insert("light.b".to_owned(), Meaning::Nothing);
    let rule = &importer::read(format, text, &meanings, &home).unwrap().rules[0];
    assert_eq!(rule.body.as_ref().unwrap().steps.len(), 1);
    assert_eq!((rule.lost[0].why, rule.lost[0].what.as_str()), (LostWhy::Thing, "light.b"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is cut out of a file or put into it: it is read, or refused in words.
    #[test]
    fn a_mangled_file_hurts_nobody(
        cut in 0_usize..4_000,
        length in 0_usize..200,
        put in "[-:{}\\[\\]'\"a-z0-9 \n%|]{0,40}",
    ) {
        let text = include_str!("examples/timed-triggers-sunset-turn-on.yaml");
        let from = cut.min(text.len());
        let until = (from + length).min(text.len());
        let mangled = format!("{}{put}{}", &text[..from], &text[until..]);
        drop(importer::read(
            ForeignFormat::HomeAssistant, &mangled, &BTreeMap::new(), &house::empty(),
        ));
    }
}

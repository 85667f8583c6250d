//! A file of rules, and each text in it that has a form of its own.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::Span;
use model::rule::{Date, LocalTime, MonthDay, RuleFile};

fuzz_target!(|text: &str| {
    if let Ok(file) = serde_json::from_str::<RuleFile>(text) {
        let again = serde_json::to_string(&file).unwrap();
        assert_eq!(serde_json::from_str::<RuleFile>(&again).unwrap(), file);
    }
    drop((text.parse::<Span>(), text.parse::<LocalTime>()));
    drop((text.parse::<Date>(), text.parse::<MonthDay>()));
});

//! Automations that people run: each is carried over, or refused with a reason. What became of
//! each stands in `expected.txt`, which was read and found right line by line.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use api::{ForeignFormat, ImportedRule};

use crate::house;

fn described(rule: &ImportedRule) -> String {
    let mut text = format!("  {}\n", rule.name);
    match &rule.body {
        Some(body) => {
            for (kind, parts) in [
                ("when", lines(&body.triggers)),
                ("only if", lines(&body.conditions)),
                ("then", lines(&body.steps)),
            ] {
                parts.into_iter().for_each(|it| writeln!(text, "    {kind} {it}").unwrap());
            }
        }
        None => writeln!(text, "    refused").unwrap(),
    }
    for lost in &rule.lost {
        let mark = if lost.fatal { "because of" } else { "without" };
        writeln!(text, "    {mark} {}: {:?}: {}", lost.at, lost.why, lost.what).unwrap();
    }
    text
}

fn lines<T: serde::Serialize>(parts: &[T]) -> Vec<String> {
    parts.iter().map(|it| serde_json::to_string(it).unwrap()).collect()
}

/// Reads an example in a home that has all that it names.
fn imported(text: &str) -> Vec<ImportedRule> {
    let format = ForeignFormat::HomeAssistant;
    let first = importer::read(format, text, &BTreeMap::new(), &house::empty()).unwrap();
    let (home, meanings) = house::with(&first.unmapped);
    let second = importer::read(format, text, &meanings, &home).unwrap();
    assert_eq!(second.unmapped, [], "all that is named was told the first time");
    second.rules
}

fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/importer/examples");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|it| it == "yaml"))
        .collect();
    files.sort();
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_example_becomes_what_was_found_right() {
    let mut told = String::new();
    for (name, text) in examples() {
        writeln!(told, "{name}").unwrap();
        imported(&text).iter().for_each(|it| told.push_str(&described(it)));
    }
    let expected = include_str!("expected.txt");
    if told != expected {
        let path = std::env::temp_dir().join("importer-found.txt");
        std::fs::write(&path, &told).unwrap();
        panic!("the examples become something else than expected.txt says: {}", path.display());
    }
}

#[test]
fn every_rule_is_carried_over_or_refused_with_a_reason() {
    for (name, text) in examples() {
        for rule in imported(&text) {
            let has_reason = rule.lost.iter().any(|it| it.fatal);
            assert_eq!(rule.body.is_none(), has_reason, "{name}: {}", rule.name);
        }
    }
}

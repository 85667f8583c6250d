//! The JSON Schema of rules says what the reader says: it is up to date, and an independent
//! validator agrees with serde on what is a rule and what is none. The examples of `docs/rules.md`
//! are held against both.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeSet;

use boon::{Compiler, SchemaIndex, Schemas};
use model::Action;
use model::rule::{Condition, Days, Is, RuleBody, RuleFile, Step, Target, Trigger};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const GUIDE: &str = include_str!("../../../docs/rules.md");
const PUBLISHED: &str = include_str!("../../../docs/rule.schema.json");

fn schema() -> Value {
    model::schema::of_rule_files().to_value()
}

/// Somebody else's reading of a schema.
struct Validator {
    schemas: Schemas,
    schema: SchemaIndex,
}

impl Validator {
    fn new(schema: Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.add_resource("https://hearth.invalid/schema.json", schema).unwrap();
        let schema = compiler.compile("https://hearth.invalid/schema.json", &mut schemas).unwrap();
        Self { schemas, schema }
    }

    fn error(&self, value: &Value) -> Option<String> {
        self.schemas.validate(value, self.schema).err().map(|it| it.to_string())
    }

    fn is_valid(&self, value: &Value) -> bool {
        self.error(value).is_none()
    }
}

/// A validator for one of the types that the schema defines; for files when it names none.
fn validator(definition: &str) -> Validator {
    let mut schema = schema();
    if definition != "RuleFile" {
        let definitions = schema["$defs"].take();
        assert!(definitions.get(definition).is_some(), "{definition} is defined");
        schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": format!("#/$defs/{definition}"),
            "$defs": definitions,
        });
    }
    Validator::new(schema)
}

/// What serde says of a text, and what it writes of what it has read.
fn read<T: DeserializeOwned + Serialize>(value: &Value) -> Option<Value> {
    let read: T = serde_json::from_value(value.clone()).ok()?;
    Some(serde_json::to_value(read).unwrap())
}

/// What is shown in the guide, the type that it is, and how it is read.
type Kind = (&'static str, &'static str, fn(&Value) -> Option<Value>);

/// The types of which examples are given, as the fences of the guide name them.
fn kinds() -> [Kind; 9] {
    [
        ("file", "RuleFile", read::<RuleFile>),
        ("rule", "RuleBody", read::<RuleBody>),
        ("trigger", "Trigger", read::<Trigger>),
        ("condition", "Condition", read::<Condition>),
        ("step", "Step", read::<Step>),
        ("target", "Target", read::<Target>),
        ("is", "Is", read::<Is>),
        ("days", "Days", read::<Days>),
        ("action", "Action", read::<Action>),
    ]
}

/// The examples of one kind in the guide.
fn examples(kind: &str) -> Vec<Value> {
    let fence = format!("```json {kind}\n");
    let texts = GUIDE.split(fence.as_str()).skip(1).map(|it| it.split("```").next().unwrap());
    texts
        .map(|it| serde_json::from_str(it).unwrap_or_else(|error| panic!("{error}: {it}")))
        .collect()
}

#[test]
fn the_published_schema_is_up_to_date() {
    let published: Value = serde_json::from_str(PUBLISHED).unwrap();
    assert_eq!(published, schema(), "run `cargo xtask schema`");
}

#[test]
fn the_schema_is_itself_well_formed_and_says_what_it_is() {
    let schema = schema();
    // Compiling it holds it against the schema of schemas.
    Validator::new(schema.clone());
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["title"], "Rules of Hearth");
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        let about = definition["description"].as_str().unwrap_or_default();
        assert!(!about.is_empty(), "{name} has no description");
        assert!(!about.contains("[`") && !about.contains("::"), "{name}: {about}");
    }
}

#[test]
fn every_example_of_the_guide_is_read_and_fits_the_schema() {
    for (kind, definition, read) in kinds() {
        let validator = validator(definition);
        let examples = examples(kind);
        assert!(!examples.is_empty(), "{kind}");
        for example in examples {
            assert_eq!(validator.error(&example), None, "{example}");
            let written = read(&example).unwrap_or_else(|| panic!("{example} is not read"));
            assert!(validator.is_valid(&written), "{written} is what is written");
            assert_eq!(read(&written), Some(written), "what is written is read again");
        }
    }
}

#[test]
fn the_guide_shows_every_trigger_condition_step_state_and_action() {
    let name = |it: &Value| match it {
        Value::String(name) => name.clone(),
        other => other.as_object().unwrap().keys().next().unwrap().clone(),
    };
    for (kind, definition, _) in kinds()
        .into_iter()
        .filter(|it| ["trigger", "condition", "step", "target", "is", "action"].contains(&it.0))
    {
        let shown: BTreeSet<String> = examples(kind).iter().map(name).collect();
        let schema = schema();
        let variants = schema["$defs"][definition]["oneOf"].as_array().unwrap();
        let names = variants.iter().flat_map(|it| {
            let keys = it["required"].as_array().cloned().unwrap_or_default();
            let words = it["enum"].as_array().cloned().unwrap_or_default();
            [keys, words, it.get("const").cloned().into_iter().collect()].concat()
        });
        let all: BTreeSet<String> = names.map(|it| it.as_str().unwrap().to_owned()).collect();
        assert_eq!(shown, all, "{kind}");
    }
}

/// Neither serde nor the schema takes it.
#[track_caller]
fn neither(kind: &str, wrong: Value) {
    let (_, definition, read) = kinds().into_iter().find(|it| it.0 == kind).unwrap();
    assert_eq!(read(&wrong), None, "serde reads {wrong}");
    assert!(!validator(definition).is_valid(&wrong), "the schema takes {wrong}");
}

#[test]
fn what_is_no_rule_is_none_for_both() {
    for wrong in [
        json!("sunrise"),
        json!({"time": {"at": "25:00"}}),
        json!({"time": {"at": "07:00", "zone": "UTC"}}),
        json!({"time": {}}),
        json!({"every": "often"}),
        json!({"every": 15}),
        json!({"arrives": "nobody"}),
        json!({"rule_ran": "No Id"}),
        json!({"started": {}, "every": "15m"}),
        json!({"changes": {"of": {"role": "r"}, "what": "on_off"}}),
        json!({"crosses": {"of": {"role": "r"}, "measure": "humidity", "direction": "up", "threshold": 1}}),
        json!({"time": {"at": "07:00", "on": {"weekdays": ["monday"]}}}),
        json!({"time": {"at": "07:00", "on": {"season": ["13-01", "01-06"]}}}),
        json!({"time": {"at": "07:00", "on": {"dates": ["2026-00-01"]}}}),
    ] {
        neither("trigger", wrong);
    }
    for wrong in [json!({"all": {}}), json!({"not": []}), json!({"sun": {"is": "high"}}), json!({})]
    {
        neither("condition", wrong);
    }
    for wrong in [
        json!({"command": {"to": {"role": "r"}, "action": {"SetLevel": 101}}}),
        json!({"command": {"to": {"role": "r"}, "action": {"SetLevel": -1}}}),
        json!({"command": {"to": {"role": "r"}, "action": {"SetOnOff": "yes"}}}),
        json!({"command": {"to": {"role": "r"}, "action": {"SetColor": {"Temperature": 100}}}}),
        json!({"command": {"to": {"all": "light"}, "action": "Press"}}),
        json!({"wait": "1m1h"}),
        json!({"wait": "-5m"}),
        json!({"wait": ""}),
        json!({"repeat": {"repetition": "forever", "steps": []}}),
        json!({"notify": {"body": "no title"}}),
        json!("halt"),
    ] {
        neither("step", wrong);
    }
    let rule = json!({"name": "n", "triggers": ["started"], "steps": ["stop"]});
    for (key, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(65))),
        ("name", json!("two\nlines")),
        ("mode", json!("sometimes")),
        ("missed", json!({"run_if_late": 5})),
        ("more", json!(true)),
        ("steps", json!("stop")),
    ] {
        let mut wrong = rule.clone();
        wrong[key] = value;
        neither("rule", wrong);
    }
    neither("file", json!({"rules": []}));
    neither("file", json!({"hearth_rules": 1, "rules": [], "by": "me"}));
    neither("file", json!({"hearth_rules": 1, "rules": [{"id": "a b", "body": rule}]}));
}

#[test]
fn the_schema_also_knows_bounds_that_are_checked_when_a_rule_is_saved() {
    for (definition, wrong) in [
        ("RuleFile", json!({"hearth_rules": 2, "rules": []})),
        ("RuleBody", json!({"name": "n", "triggers": [], "steps": ["stop"]})),
        ("RuleBody", json!({"name": "n", "triggers": ["started"], "steps": []})),
        (
            "RuleBody",
            json!({"name": "n", "triggers": ["started"], "steps": ["stop"], "mode": {"queued": 0}}),
        ),
        ("Trigger", json!({"sun": {"event": "sunset", "offset": 721}})),
        ("Trigger", json!({"button": {"of": {"role": "r"}, "press": {"times": 10}}})),
        ("Trigger", json!({"webhook": "short"})),
        ("Step", json!({"adjust": {"of": {"role": "r"}, "by": 120}})),
        ("Step", json!({"notify": {"title": ""}})),
        ("Step", json!({"repeat": {"repetition": {"times": 1_001}, "steps": []}})),
    ] {
        assert!(!validator(definition).is_valid(&wrong), "{wrong}");
    }
}

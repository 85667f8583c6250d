//! What the sample home has of roles, scenes, people, rules and their runs.

use std::sync::Arc;

use model::rule::{
    Cause, Cursor, NotRun, Rule, RuleBody, Run, RunMode, RunOutcome, RunPhase, Step, Target, Trace,
    TraceEvent, TraceStep, Trigger, WhyNot,
};
use model::{
    Action, Asked, Change, EndpointKind, Group, Notice, Origin, Person, Presence, Record, Recorded,
    RoleId, RoleRecord, SavedHome, SavedRules, Scene, SceneSetting, Span, Timestamp, Value,
    Variable, VariableValue, WatchRecord,
};

use super::{NOW, endpoint, name};

/// A rule in some version; the versions differ.
pub(crate) fn rule(id: &str, version: u32) -> Rule {
    let role: RoleId = RoleId::of(&endpoint("wled-a1/segment-0"));
    let wait = Step::Wait(Span::seconds(u64::from(version)));
    Rule {
        id: id.parse().unwrap(),
        version,
        enabled: true,
        saved_at: Timestamp(NOW.0 + i64::from(version)),
        body: RuleBody {
            name: name(&format!("Wording {version}")),
            triggers: vec![Trigger::Started],
            conditions: vec![],
            steps: vec![
                wait,
                Step::Command {
                    to: Target::Role(role),
                    action: Action::SetOnOff(true),
                    transition: Span::default(),
                },
            ],
            mode: RunMode::default(),
            missed: model::rule::Missed::default(),
        },
    }
}

/// A run of the sample rule that has just begun.
pub(crate) fn run(rule_id: &str, id: &str, at: i64) -> Run {
    let trace = Trace {
        run: id.parse().unwrap(),
        rule: rule_id.parse().unwrap(),
        version: 1,
        cause: Cause::Started(0),
        started_at: Timestamp(NOW.0 + at),
        late_by: None,
        conditions: vec![],
        steps: vec![],
        ended: None,
    };
    let body = Arc::new(rule(rule_id, 1).body);
    Run { trace, body, cursor: Cursor::default(), depth: 0 }
}

/// The same, further on.
pub(crate) fn further(mut run: Run, steps: u16) -> Run {
    for number in 0..steps {
        let until = Timestamp(run.trace.started_at.0 + i64::from(number));
        let path = serde_json::from_str("[]").unwrap();
        run.trace.steps.push(TraceStep { at: until, path, what: TraceEvent::Waits(until) });
        run.cursor.phase = RunPhase::Until(until);
    }
    run
}

/// The same, ended.
pub(crate) fn ended(mut run: Run) -> Run {
    let at = Timestamp(run.trace.started_at.0 + 5);
    run.trace.ended = Some((RunOutcome::Finished { failed: 0 }, at));
    run.cursor.phase = RunPhase::Ready;
    run
}

pub(crate) fn not_run(rule_id: &str, id: &str, at: i64) -> NotRun {
    NotRun {
        rule: rule_id.parse().unwrap(),
        version: 1,
        run: id.parse().unwrap(),
        cause: Cause::Started(0),
        at: Timestamp(NOW.0 + at),
        why: WhyNot::Running,
    }
}

pub(crate) fn watch(rule_id: &str, number: u16) -> WatchRecord {
    WatchRecord {
        rule: rule_id.parse().unwrap(),
        watch: number,
        endpoint: endpoint("wled-a1/segment-0"),
        holds: true,
        since: NOW,
        fired: number.is_multiple_of(2),
    }
}

pub(crate) fn asked(rule_id: &str, id: &str) -> Asked {
    Asked {
        rule: rule_id.parse().unwrap(),
        version: 1,
        run: id.parse().unwrap(),
        cause: Cause::Due(0, NOW),
        due: NOW,
    }
}

pub(crate) fn role(id: &str) -> RoleRecord {
    RoleRecord {
        id: id.parse().unwrap(),
        endpoint: Some(endpoint("wled-a2/segment-0")),
        name: name("Deckenlicht"),
        kind: EndpointKind::Light,
        room: Some("hall".parse().unwrap()),
    }
}

pub(crate) fn scene(id: &str, level: u64) -> Scene {
    let setting = SceneSetting {
        role: "r-lamp".parse().unwrap(),
        actions: vec![Action::SetOnOff(level > 0)],
    };
    Scene {
        id: id.parse().unwrap(),
        name: name("Abend"),
        room: None,
        settings: vec![setting],
        transition: Span::seconds(level),
    }
}

pub(crate) fn group(id: &str) -> Group {
    let members = vec!["r-lamp".parse().unwrap()];
    Group { id: id.parse().unwrap(), name: name("Unten"), members }
}

pub(crate) fn person(id: &str, home: bool) -> Person {
    Person {
        id: id.parse().unwrap(),
        name: name("Ada"),
        phone: Some([192, 0, 2, 7].into()),
        presence: Presence { home: Some(home), since: NOW, ..Presence::default() },
    }
}

pub(crate) fn variable(id: &str, number: f64) -> Variable {
    let value = VariableValue::Number(number);
    Variable { id: id.parse().unwrap(), name: name("Waschgänge"), value }
}

pub(crate) fn notice(id: &str, at: i64) -> Notice {
    Notice {
        id: id.parse().unwrap(),
        at: Timestamp(NOW.0 + at),
        rule: "evening".parse().unwrap(),
        run: "run-open".parse().unwrap(),
        title: "Waschmaschine".to_owned(),
        body: String::new(),
        buttons: vec![],
        pressed: None,
    }
}

pub(super) fn changes() -> Vec<Change> {
    let done = ended(further(run("evening", "run-done", 20), 2));
    let mut last = super::report("wled-a2/segment-0", Value::OnOff(false), 3);
    last.origin = Origin::Rule("evening".parse().unwrap(), "run-done".parse().unwrap());
    vec![
        Change::Role(role("r-lamp")),
        Change::Scene(scene("relax", 3)),
        Change::Group(group("downstairs")),
        Change::Person(person("ada", true)),
        Change::Variable(variable("loads", 0.1 + 0.2)),
        Change::Notice(Box::new(notice("later", 9))),
        Change::Notice(Box::new(notice("earlier", 8))),
        Change::Rule(Box::new(rule("evening", 1))),
        Change::Rule(Box::new(rule("evening", 2))),
        Change::Rule(Box::new(rule("morning", 1))),
        Change::RunBegan(Box::new(run("evening", "run-done", 20))),
        Change::RunWent(Box::new(done)),
        Change::RunBegan(Box::new(run("evening", "run-open", 30))),
        Change::RunWent(Box::new(further(run("evening", "run-open", 30), 1))),
        Change::NotRun(Box::new(not_run("morning", "run-not", 25))),
        Change::Watch(watch("evening", 1)),
        Change::Watch(watch("evening", 2)),
        Change::Asked(Box::new(asked("morning", "run-asked"))),
        Change::SeenTo(Timestamp(NOW.0 + 60_000)),
        Change::Recorded(Record { at: NOW, what: Recorded::Started }),
        Change::Reported(last),
    ]
}

/// The home with all of that.
pub(super) fn added_to(home: SavedHome) -> SavedHome {
    let open = further(run("evening", "run-open", 30), 1);
    let rules = SavedRules {
        rules: vec![rule("evening", 2), rule("morning", 1)],
        watches: vec![watch("evening", 1), watch("evening", 2)],
        known_runs: ["run-done", "run-open"]
            .map(|it| ("evening".parse().unwrap(), it.parse().unwrap()))
            .to_vec(),
        last: vec![
            ("evening".parse().unwrap(), open.trace.head()),
            ("morning".parse().unwrap(), not_run("morning", "run-not", 25).head()),
        ],
        runs: vec![open],
        asked: vec![asked("morning", "run-asked")],
        seen_to: Some(Timestamp(NOW.0 + 60_000)),
    };
    SavedHome {
        roles: vec![role("r-lamp")],
        scenes: vec![scene("relax", 3)],
        groups: vec![group("downstairs")],
        people: vec![person("ada", true)],
        variables: vec![variable("loads", 0.1 + 0.2)],
        notices: vec![notice("earlier", 8), notice("later", 9)],
        rules,
        ..home
    }
}

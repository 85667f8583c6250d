//! Rules and their runs: nothing happens twice, and how it went is remembered.

use std::collections::BTreeMap;

use model::rule::{Run, TRACES_KEPT, TraceHead};
use model::{Change, RuleId, RunId, SavedHome, SavedRules, Timestamp, VariableValue};
use proptest::prelude::*;
use store::{PastRun, StoreError};

use crate::sample::rules::{
    asked, ended, further, group, not_run, notice, person, role, rule, run, scene, variable, watch,
};
use crate::sample::{NOW, room};
use crate::support::{look, make, names, open, write};

fn id(run: &str) -> RunId {
    run.parse().unwrap()
}

fn began(run: Run) -> Change {
    Change::RunBegan(Box::new(run))
}

fn went(run: Run) -> Change {
    Change::RunWent(Box::new(run))
}

#[test]
fn a_run_that_is_known_is_refused_with_all_of_its_batch_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    for round in 0..2 {
        let opened = open(dir.path());
        for known in ["run-open", "run-done"] {
            let batch = vec![
                Change::Room(room("attic", "Attic", 9)),
                began(run("evening", known, 90)),
                Change::CommandOpened(crate::sample::command("of-the-run"), NOW),
            ];
            let refused = StoreError::KnownRun(id(known));
            assert_eq!(write(&opened.store, batch), Err(refused), "round {round}");
        }
        opened.store.close()();
        let saved = look(dir.path()).saved;
        assert_eq!(saved, crate::sample::saved());
    }
}

#[test]
fn a_run_that_has_ended_stays_as_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    let again = further(run("evening", "run-done", 20), 7);
    write(&opened.store, vec![went(again.clone()), went(ended(again))]).unwrap();
    let past = opened.store.reader().past_run(&id("run-done")).unwrap();
    let Some(PastRun::Ran(trace)) = past else { panic!("{past:?}") };
    assert_eq!((trace.steps.len(), trace.ended.is_some()), (2, true));
    opened.store.close()();
    assert_eq!(look(dir.path()).saved, crate::sample::saved());
}

#[test]
fn the_last_256_runs_of_a_rule_are_known_and_200_are_explained() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let mut changes = vec![Change::Rule(Box::new(rule("r", 1)))];
    for number in 0..300 {
        let run = run("r", &format!("run-{number}"), number);
        changes.extend([began(run.clone()), went(ended(run))]);
        changes.push(Change::NotRun(Box::new(not_run("r", &format!("not-{number}"), number))));
    }
    write(&opened.store, changes).unwrap();
    let open_run = run("r", "run-now", 1_000);
    write(&opened.store, vec![began(open_run.clone())]).unwrap();
    crate::support::retry(&opened.store).unwrap();
    let reader = opened.store.reader();
    let past = reader.past_runs(&"r".parse().unwrap(), 1_000).unwrap();
    assert_eq!(past.len(), TRACES_KEPT + 1);
    assert_eq!(past[0], PastRun::Ran(Box::new(open_run.trace.clone())));
    let at = |it: &PastRun| match it {
        PastRun::Ran(it) => it.started_at,
        PastRun::NotRun(it) => it.at,
    };
    assert!(past.is_sorted_by(|newer, older| at(newer) >= at(older)));
    let ran = past.iter().filter(|it| matches!(it, PastRun::Ran(_))).count();
    assert_eq!(ran, TRACES_KEPT / 2 + 1, "runs and non-runs together");
    assert_eq!(reader.past_runs(&"r".parse().unwrap(), 3).unwrap(), past[..3]);
    assert_eq!(reader.past_runs(&"other".parse().unwrap(), 3).unwrap(), []);
    assert!(reader.past_run(&id("run-99")).unwrap().is_none());
    assert!(reader.past_run(&id("run-100")).unwrap().is_some());
    assert!(matches!(reader.past_run(&id("not-299")), Ok(Some(PastRun::NotRun(_)))));
    opened.store.close()();
    let rules = look(dir.path()).saved.rules;
    assert_eq!(rules.known_runs.len(), 256);
    assert_eq!(rules.known_runs[0].1, id("run-45"), "oldest first");
    assert_eq!(rules.last, [("r".parse().unwrap(), open_run.trace.head())]);
}

#[test]
fn a_hundred_versions_are_kept_and_those_of_runs_that_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    write(&opened.store, vec![Change::Rule(Box::new(rule("r", 1)))]).unwrap();
    write(&opened.store, vec![began(run("r", "old", 0))]).unwrap();
    let newer = (2..=150).map(|version| Change::Rule(Box::new(rule("r", version)))).collect();
    write(&opened.store, newer).unwrap();
    let reader = opened.store.reader();
    let versions = || -> Vec<u32> {
        let all = reader.versions(&"r".parse().unwrap()).unwrap();
        all.iter().map(|it| it.version).collect()
    };
    let expected: Vec<u32> = (51..=150).rev().chain([1]).collect();
    assert_eq!(versions(), expected);
    let first = reader.versions(&"r".parse().unwrap()).unwrap();
    assert_eq!(first[100].body, rule("r", 1).body);
    write(&opened.store, vec![went(ended(run("r", "old", 0)))]).unwrap();
    write(&opened.store, vec![Change::Rule(Box::new(rule("r", 151)))]).unwrap();
    assert_eq!(versions().len(), 100);
    opened.store.close()();
    assert_eq!(look(dir.path()).saved.rules.rules, [rule("r", 151)]);
}

#[test]
fn a_rule_that_is_gone_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    let gone = ["evening", "morning"].map(|it| Change::RuleGone(it.parse().unwrap())).to_vec();
    write(&opened.store, gone).unwrap();
    write(&opened.store, vec![Change::AskedGone(id("run-asked"))]).unwrap();
    crate::support::retry(&opened.store).unwrap();
    let reader = opened.store.reader();
    for rule in ["evening", "morning"] {
        assert_eq!(reader.past_runs(&rule.parse().unwrap(), 9).unwrap(), []);
        assert_eq!(reader.versions(&rule.parse().unwrap()).unwrap(), []);
    }
    opened.store.close()();
    let rules = look(dir.path()).saved.rules;
    let seen_to = crate::sample::saved().rules.seen_to;
    assert_eq!(rules, SavedRules { seen_to, ..SavedRules::default() });
    for (file, tables) in [
        ("hearth.db", &["rule_version", "run", "run_state", "trace", "known_run"][..]),
        ("history.db", &["not_run"]),
    ] {
        let db = rusqlite::Connection::open(dir.path().join(file)).unwrap();
        for table in tables {
            let sql = format!("SELECT count(*) FROM {table}");
            let rows: i64 = db.query_row(&sql, [], |row| row.get(0)).unwrap();
            assert_eq!(rows, 0, "{table}");
        }
    }
    assert!(names(dir.path(), "damaged").is_empty());
}

#[test]
fn a_trace_that_is_damaged_is_passed_over_and_harms_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let db = rusqlite::Connection::open(dir.path().join("hearth.db")).unwrap();
    db.execute("UPDATE trace SET trace = replace(trace, 'Waits', 'Waitz')", []).unwrap();
    drop(db);
    let opened = look(dir.path());
    assert_eq!((&opened.recovery, opened.saved), (&None, crate::sample::saved()));
    let reader = opened.store.reader();
    let past = reader.past_runs(&"evening".parse().unwrap(), 9).unwrap();
    assert_eq!(past.len(), 1, "the one that has not ended");
    assert!(reader.past_run(&id("run-done")).unwrap().is_none());
}

/// A home in memory: what the store should be after the same changes.
#[derive(Default)]
struct Memory {
    saved: SavedHome,
    last: BTreeMap<RuleId, TraceHead>,
}

fn put<T, K: PartialEq>(all: &mut Vec<T>, key: impl Fn(&T) -> K, it: T) {
    all.retain(|other| key(other) != key(&it));
    all.push(it);
}

impl Memory {
    fn head(&mut self, rule: &RuleId, head: TraceHead) {
        if self.last.get(rule).is_none_or(|it| it.at <= head.at) {
            self.last.insert(rule.clone(), head);
        }
    }

    /// `false`: the store has to refuse it.
    fn apply(&mut self, change: &Change) -> bool {
        let saved = &mut self.saved;
        match change.clone() {
            Change::Role(it) => put(&mut saved.roles, |it| it.id.clone(), it),
            Change::RoleGone(id) => saved.roles.retain(|it| it.id != id),
            Change::Scene(it) => put(&mut saved.scenes, |it| it.id.clone(), it),
            Change::SceneGone(id) => saved.scenes.retain(|it| it.id != id),
            Change::Group(it) => put(&mut saved.groups, |it| it.id.clone(), it),
            Change::GroupGone(id) => saved.groups.retain(|it| it.id != id),
            Change::Person(it) => put(&mut saved.people, |it| it.id.clone(), it),
            Change::PersonGone(id) => saved.people.retain(|it| it.id != id),
            Change::Variable(it) => put(&mut saved.variables, |it| it.id.clone(), it),
            Change::VariableGone(id) => saved.variables.retain(|it| it.id != id),
            Change::Notice(it) => put(&mut saved.notices, |it| it.id.clone(), *it),
            Change::NoticeGone(id) => saved.notices.retain(|it| it.id != id),
            Change::Rule(it) => put(&mut saved.rules.rules, |it| it.id.clone(), *it),
            Change::RuleGone(id) => {
                let rules = &mut saved.rules;
                rules.rules.retain(|it| it.id != id);
                rules.runs.retain(|it| it.trace.rule != id);
                rules.watches.retain(|it| it.rule != id);
                rules.known_runs.retain(|(rule, _)| *rule != id);
                self.last.remove(&id);
            }
            Change::RunBegan(it) => {
                let known = (it.trace.rule.clone(), it.trace.run.clone());
                if saved.rules.known_runs.iter().any(|(_, run)| *run == known.1) {
                    return false;
                }
                saved.rules.known_runs.push(known);
                self.head(&it.trace.rule, it.trace.head());
                self.saved.rules.runs.push(*it);
            }
            Change::RunWent(it) => {
                let known = (it.trace.rule.clone(), it.trace.run.clone());
                let is_known = saved.rules.known_runs.iter().any(|(_, run)| *run == known.1);
                let is_open = saved.rules.runs.iter().any(|run| run.trace.run == known.1);
                if is_known && !is_open {
                    return true;
                }
                if !is_known {
                    saved.rules.known_runs.push(known);
                }
                saved.rules.runs.retain(|run| run.trace.run != it.trace.run);
                self.head(&it.trace.rule, it.trace.head());
                if it.trace.ended.is_none() {
                    self.saved.rules.runs.push(*it);
                }
            }
            Change::Watch(it) => put(
                &mut saved.rules.watches,
                |it| (it.rule.clone(), it.watch, it.endpoint.clone()),
                it,
            ),
            Change::WatchesGone(rule) => saved.rules.watches.retain(|it| it.rule != rule),
            Change::Asked(it) => put(&mut saved.rules.asked, |it| it.run.clone(), *it),
            Change::AskedGone(run) => saved.rules.asked.retain(|it| it.run != run),
            Change::SeenTo(at) => saved.rules.seen_to = Some(at),
            other => panic!("{other:?}"),
        }
        true
    }

    fn saved(mut self) -> SavedHome {
        let saved = &mut self.saved;
        saved.roles.sort_by_key(|it| it.id.clone());
        saved.scenes.sort_by_key(|it| it.id.clone());
        saved.groups.sort_by_key(|it| it.id.clone());
        saved.people.sort_by_key(|it| it.id.clone());
        saved.variables.sort_by_key(|it| it.id.clone());
        saved.notices.sort_by_key(|it| (it.at, it.id.clone()));
        let rules = &mut saved.rules;
        rules.rules.sort_by_key(|it| it.id.clone());
        rules.runs.sort_by_key(|it| (it.trace.started_at, it.trace.run.clone()));
        rules.watches.sort_by_key(|it| (it.rule.clone(), it.watch));
        rules.asked.sort_by_key(|it| it.run.clone());
        rules.last = self.last.into_iter().collect();
        self.saved
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    let numbers = (0_usize..26, 0_usize..3, 0_u32..5, 0_i64..9);
    numbers.prop_map(|(kind, which, version, at)| {
        let id = ["a", "b", "c"][which];
        let rule_id = ["x", "y"][which % 2];
        let version = version + 1;
        let is_even = at % 2 == 0;
        let run = run(rule_id, &format!("{rule_id}-{id}-{at}"), at);
        match kind {
            0 => Change::Role(role(id)),
            1 => Change::RoleGone(id.parse().unwrap()),
            2 => Change::Scene(scene(id, version.into())),
            3 => Change::SceneGone(id.parse().unwrap()),
            4 => Change::Group(group(id)),
            5 => Change::GroupGone(id.parse().unwrap()),
            6 => Change::Person(person(id, is_even)),
            7 => Change::PersonGone(id.parse().unwrap()),
            8 => Change::Variable(variable(id, f64::from(version) / 3.0)),
            9 => {
                let text = "\u{0}\"ä".repeat(which);
                let value = VariableValue::Text(text);
                Change::Variable(model::Variable { value, ..variable(id, 0.0) })
            }
            10 => Change::VariableGone(id.parse().unwrap()),
            11 => Change::Notice(Box::new(notice(id, at))),
            12 => Change::NoticeGone(id.parse().unwrap()),
            13 | 14 => Change::Rule(Box::new(rule(rule_id, version))),
            15 => Change::RuleGone(rule_id.parse().unwrap()),
            16 | 17 => began(run),
            18 | 19 => went(further(run, 3)),
            20 => went(ended(run)),
            21 => Change::Watch(watch(rule_id, which as u16)),
            22 => Change::WatchesGone(rule_id.parse().unwrap()),
            23 => Change::Asked(Box::new(asked(rule_id, id))),
            24 => Change::AskedGone(id.parse().unwrap()),
            _ => Change::SeenTo(Timestamp(NOW.0 + at)),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn after_any_changes_a_restart_finds_what_a_memory_would_have(
        changes in proptest::collection::vec(any_change(), 1..80),
        restart in 0_usize..80,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut memory = Memory::default();
        let mut opened = open(dir.path());
        let (sender, outcomes) = std::sync::mpsc::channel();
        let mut expected = Vec::new();
        for (place, change) in changes.into_iter().enumerate() {
            if place == restart {
                opened.store.close()();
                opened = open(dir.path());
            }
            let is_telemetry = change.is_telemetry();
            let taken = memory.apply(&change);
            if is_telemetry {
                opened.store.write(vec![change], Box::new(drop)).unwrap();
            } else {
                expected.push(taken);
                let sender = sender.clone();
                let done = Box::new(move |it: Result<(), StoreError>| sender.send(it.is_ok()).unwrap());
                opened.store.write(vec![change], done).unwrap();
            }
        }
        opened.store.close()();
        drop(sender);
        prop_assert_eq!(outcomes.iter().collect::<Vec<bool>>(), expected);
        prop_assert_eq!(look(dir.path()).saved, memory.saved());
    }
}

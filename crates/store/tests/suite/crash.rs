//! A writer that is killed at any moment has lost nothing that it was told is written.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use model::{Change, CommandState, Timestamp, Value};
use store::PastRun;

use crate::sample::rules::{ended, rule, run, watch};
use crate::sample::{NOW, command, lamp, report, room};
use crate::support::{Dice, keep_secret, look, open};

/// Set for the child: the home that it writes to.
const HOME: &str = "HEARTH_CRASH_HOME";
const ROUNDS: usize = 60;

/// Not a test of its own: what the child runs. It writes for as long as it lives, and prints the
/// number of every batch that it was told is written.
#[test]
fn child_that_writes_until_it_is_killed() {
    let Ok(home) = std::env::var(HOME) else { return };
    let opened = open(home.as_ref());
    let first = opened.saved.rooms.iter().map(|it| it.position + 1).max().unwrap_or(0);
    keep_secret(&opened.store, "wled-a1", Some(vec![7; 40]));
    for number in first.. {
        let changes = batch(number);
        let done = Box::new(move |result: Result<(), store::StoreError>| {
            result.unwrap();
            let mut out = std::io::stdout().lock();
            writeln!(out, "durable {number}").unwrap();
            out.flush().unwrap();
        });
        let mut waiting = Some((changes, done));
        while let Some((changes, done)) = waiting.take() {
            if opened.store.write(changes, done).is_err() {
                std::thread::sleep(Duration::from_millis(1));
                break;
            }
        }
        if number.is_multiple_of(16) {
            std::thread::sleep(Duration::from_millis(4));
        }
    }
}

/// A batch that leaves a mark in every table. A later number overwrites a room of an earlier one.
fn batch(number: u32) -> Vec<Change> {
    let id = format!("c{number}");
    let at = Timestamp(NOW.0 + i64::from(number));
    let value = Value::GenericMeasurement(f64::from(number));
    let mut changes = vec![
        Change::Room(room(&format!("r{}", number % 97), &format!("Room {number}"), number)),
        Change::CommandOpened(command(&id), at),
        Change::Reported(report("wled-a1/segment-0", value, i64::from(number))),
        Change::Reported(report(
            "wled-a1/segment-0",
            Value::OnOff(number.is_multiple_of(2)),
            i64::from(number),
        )),
    ];
    let mut close = |id: String| {
        let id = id.as_str().try_into().unwrap();
        changes.push(Change::CommandClosed(id, CommandState::Observed, at));
    };
    if number.is_multiple_of(2) {
        close(id);
    } else if number > 10 {
        close(format!("c{}", number - 10));
    }
    // A run that ends with the next batch; every tenth version of its rule.
    let run = |number: u32| run("r", &format!("run-{number}"), i64::from(number));
    changes.push(Change::Rule(Box::new(rule("r", 1 + number / 10))));
    changes.push(Change::RunBegan(Box::new(run(number))));
    if let Some(before) = number.checked_sub(1) {
        changes.push(Change::RunWent(Box::new(ended(run(before)))));
    }
    changes.push(Change::Watch(watch("r", (number % 50) as u16)));
    if number.is_multiple_of(10) {
        changes.push(Change::Device(Box::new(lamp("wled-a1"))));
    }
    changes
}

/// Runs the child and kills it: `span` after its start, or after the first batch that it called
/// durable. Says which was the last.
fn killed(home: &Path, after_first: bool, span: Duration) -> Option<u32> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child_that_writes_until_it_is_killed", "--nocapture"])
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let (sender, durable) = channel();
    let reader = std::thread::spawn(move || {
        for line in out.lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("durable ").and_then(|it| it.parse().ok()) {
                sender.send(number).unwrap();
            }
        }
    });
    let first: Option<u32> = after_first.then(|| durable.recv().unwrap());
    std::thread::sleep(span);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    durable.try_iter().last().or(first)
}

#[test]
fn whatever_was_called_durable_survives_a_kill_at_any_moment() {
    let dir = tempfile::tempdir().unwrap();
    let mut dice = Dice(std::process::id().into());
    let (mut last, mut wrote) = (None, 0);
    for round in 0..ROUNDS {
        // One in four is killed at its start, the others while they write.
        let span = Duration::from_micros(dice.roll(80_000) as u64);
        let durable = killed(dir.path(), round % 4 != 0, span);
        wrote += usize::from(durable.is_some());
        last = last.max(durable);
        let opened = look(dir.path());
        assert_eq!((&opened.recovery, &opened.past_lost), (&None, &None), "round {round}");
        check(last, &opened.saved, round);
        check_runs(last, &opened, round);
    }
    println!("{wrote} of {ROUNDS} rounds wrote; the last batch was {last:?}");
    assert!(wrote >= ROUNDS * 3 / 4);
}

/// The last run is open, or the one after it; the one before is explained; none can begin again;
/// and what is recorded is whole and in order.
fn check_runs(last: Option<u32>, opened: &store::Opened, round: usize) {
    let Some(last) = last else { return };
    let rules = &opened.saved.rules;
    assert_eq!(rules.runs.len(), 1, "round {round}");
    let open: u32 = rules.runs[0].trace.run.as_str()[4..].parse().unwrap();
    assert!(open >= last, "round {round}: run {open}, durable {last}");
    assert_eq!(rules.known_runs.last().unwrap().1, rules.runs[0].trace.run, "round {round}");
    assert_eq!(rules.rules[0].version, 1 + open / 10, "round {round}");
    let reader = opened.store.reader();
    let before = open.checked_sub(1).map(|it| format!("run-{it}").parse().unwrap());
    let past = before.and_then(|it| reader.past_run(&it).unwrap());
    let is_explained = matches!(past, Some(PastRun::Ran(trace)) if trace.ended.is_some());
    assert!(is_explained || open == 0, "round {round}");
    let mut times = Vec::new();
    let each = &mut |it: &model::Record| {
        times.push(it.at);
        ControlFlow::Continue(())
    };
    reader.records(Timestamp(i64::MIN), Timestamp(i64::MAX), each).unwrap();
    assert!(times.is_sorted(), "round {round}");
    assert_eq!(reader.damaged(), 0, "round {round}");
}

/// Every batch up to `last` has left its marks.
fn check(last: Option<u32>, saved: &model::SavedHome, round: usize) {
    let Some(last) = last else { return };
    let rooms: BTreeMap<u32, &str> =
        saved.rooms.iter().map(|it| (it.position % 97, it.name.as_str())).collect();
    for number in last.saturating_sub(96)..=last {
        let name = rooms.get(&(number % 97)).unwrap_or_else(|| panic!("round {round}: {number}"));
        let found: u32 = name.strip_prefix("Room ").unwrap().parse().unwrap();
        assert!(found >= number, "round {round}: room of batch {number} is of {found}");
    }
    let newest = saved.open_commands.iter().map(|it| it.requested_at.0 - NOW.0).max().unwrap();
    assert!(newest >= i64::from(last) - 1, "round {round}: command {newest}, durable {last}");
    assert!(saved.open_commands.iter().all(|it| (it.requested_at.0 - NOW.0) % 2 == 1));
}

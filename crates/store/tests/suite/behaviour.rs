//! What is promised.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use model::{
    Change, CommandState, DeviceRecord, EndpointRecord, Name, Room, SavedHome, Timestamp, Value,
};
use proptest::prelude::*;
use rusqlite::Connection;
use store::{Full, Store, StoreError};

use crate::sample::{self, NOW, SEALED, command, lamp, report, room};
use crate::support::{keep_secret, look, make, names, open, retry, write};

const DAY: i64 = 24 * 60 * 60 * 1000;

#[test]
fn a_new_home_is_empty_and_nothing_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let opened = look(&dir.path().join("deep/home"));
    assert_eq!(opened.saved, SavedHome::default());
    assert_eq!((opened.recovery, opened.past_lost), (None, None));
    assert!(opened.secrets.is_empty());
}

#[test]
fn everything_written_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = look(dir.path());
    assert_eq!(opened.saved, sample::saved());
    assert_eq!(opened.secrets, [("wled-a1".parse().unwrap(), SEALED.to_vec())].into());
    assert_eq!((opened.recovery, opened.past_lost), (None, None));
}

#[test]
fn a_device_that_is_gone_takes_reports_and_secret_along() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    let gone = Change::DeviceGone("wled-a1".parse().unwrap());
    write(&opened.store, vec![gone]).unwrap();
    opened.store.close()();
    let opened = look(dir.path());
    assert_eq!(opened.saved.devices, [lamp("wled-a2")]);
    assert_eq!(opened.saved.reports, [sample::saved().reports[2].clone()]);
    assert!(opened.secrets.is_empty());
}

#[test]
fn a_device_that_comes_back_has_said_only_what_it_said_since() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    let new = report("wled-a1/segment-0", Value::OnOff(false), 9);
    let changes = vec![
        Change::Reported(report("wled-a1/segment-0", Value::OnOff(true), 8)),
        Change::DeviceGone("wled-a1".parse().unwrap()),
        Change::Device(Box::new(lamp("wled-a1"))),
        Change::Reported(new.clone()),
    ];
    write(&opened.store, changes).unwrap();
    opened.store.close()();
    let reports = look(dir.path()).saved.reports;
    assert_eq!(reports, [new, sample::saved().reports[2].clone()]);
}

#[test]
fn a_secret_can_be_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    keep_secret(&opened.store, "wled-a1", None);
    opened.store.close()();
    assert!(look(dir.path()).secrets.is_empty());
}

#[test]
fn a_command_id_is_known_even_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    for id in ["closed", "open"] {
        let again =
            vec![Change::Room(room("attic", "Attic", 9)), Change::CommandOpened(command(id), NOW)];
        let known = StoreError::Duplicate(id.parse().unwrap());
        assert_eq!(write(&opened.store, again), Err(known));
    }
    write(&opened.store, vec![Change::CommandOpened(command("new"), NOW)]).unwrap();
    opened.store.close()();
    let saved = look(dir.path()).saved;
    assert_eq!(saved.rooms, sample::saved().rooms, "all or nothing of a batch");
    assert_eq!(saved.open_commands.len(), 2);
}

#[test]
fn one_refused_batch_does_not_drag_its_neighbours_along() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    for id in ["a", "a", "b"] {
        let outcomes = Arc::clone(&outcomes);
        let done = Box::new(move |it: Result<(), StoreError>| {
            outcomes.lock().unwrap().push(it.is_ok());
        });
        opened.store.write(vec![Change::CommandOpened(command(id), NOW)], done).unwrap();
    }
    opened.store.close()();
    assert_eq!(*outcomes.lock().unwrap(), [true, false, true]);
    assert_eq!(look(dir.path()).saved.open_commands.len(), 2);
}

#[test]
fn closing_an_unknown_command_is_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let closed = Change::CommandClosed("never".parse().unwrap(), CommandState::Expired, NOW);
    write(&opened.store, vec![closed]).unwrap();
    opened.store.close()();
    assert_eq!(look(dir.path()).saved, SavedHome::default());
}

fn opened_and_closed(id: &str, at: i64) -> [Change; 2] {
    let command = command(id);
    let closed = Change::CommandClosed(command.id.clone(), CommandState::Observed, Timestamp(at));
    [Change::CommandOpened(command, Timestamp(at)), closed]
}

fn journal_ids(dir: &std::path::Path) -> Vec<String> {
    let db = Connection::open(dir.join("hearth.db")).unwrap();
    let mut statement = db.prepare("SELECT id FROM command_journal ORDER BY id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn what_was_closed_over_a_week_ago_is_forgotten_at_start() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let mut changes = opened_and_closed("old", NOW.0 - 7 * DAY - 1).to_vec();
    changes.extend(opened_and_closed("young", NOW.0 - 7 * DAY + 60_000));
    let old = Timestamp(NOW.0 - 30 * DAY);
    changes.push(Change::CommandOpened(command("old-but-open"), old));
    write(&opened.store, changes).unwrap();
    opened.store.close()();
    look(dir.path());
    assert_eq!(journal_ids(dir.path()), ["old-but-open", "young"]);
}

#[test]
fn the_journal_does_not_grow_beyond_its_bound() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let mut changes = Vec::new();
    for number in 0..10_300 {
        changes.extend(opened_and_closed(&format!("c{number:05}"), NOW.0 + number));
    }
    write(&opened.store, changes).unwrap();
    opened.store.close()();
    let ids = journal_ids(dir.path());
    assert_eq!((ids.len(), ids[0].as_str()), (10_000, "c00300"));
}

#[test]
fn a_flood_of_reports_is_one_row_a_capability() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    let told = Arc::new(AtomicUsize::new(0));
    let mut batches = 0;
    for number in 0..50_000_i32 {
        let value = Value::GenericMeasurement(f64::from(number));
        let change = Change::Reported(report("wled-a1/segment-0", value, i64::from(number)));
        let mut waiting = Some(change);
        while let Some(change) = waiting.take() {
            let told = Arc::clone(&told);
            let done = Box::new(move |it: Result<(), StoreError>| {
                it.unwrap();
                told.fetch_add(1, Ordering::SeqCst);
            });
            match opened.store.write(vec![change.clone()], done) {
                Ok(()) => batches += 1,
                Err(Full) => {
                    std::thread::yield_now();
                    waiting = Some(change);
                }
            }
        }
    }
    opened.store.close()();
    assert_eq!(told.load(Ordering::SeqCst), batches);
    let reports = look(dir.path()).saved.reports;
    assert_eq!(reports.len(), 3);
    assert_eq!(reports[0].value, Value::GenericMeasurement(49_999.0));
}

#[test]
fn telemetry_alone_is_written_within_its_time() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let opened = open(dir.path());
    let (sender, receiver) = channel();
    let change = Change::Reported(report("wled-a1/segment-0", Value::OnOff(false), 7));
    opened.store.write(vec![change], Box::new(move |it| sender.send(it).unwrap())).unwrap();
    assert_eq!(receiver.recv_timeout(Duration::from_secs(5)), Ok(Ok(())));
    let db = Connection::open(dir.path().join("history.db")).unwrap();
    let at: i64 = db.query_row("SELECT max(at) FROM last_report", [], |row| row.get(0)).unwrap();
    assert_eq!(at, NOW.0 + 7);
    opened.store.close()();
}

#[test]
fn a_full_queue_says_so_and_takes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let (stuck, wait) = channel::<()>();
    let blocked = Box::new(move |_| assert!(wait.recv().is_err()));
    opened.store.write(vec![], blocked).unwrap();
    let mut taken = 0;
    while opened.store.write(vec![], Box::new(drop)).is_ok() {
        taken += 1;
        assert!(taken < 10_000, "the queue has a bound");
    }
    assert_eq!(opened.store.write(vec![], Box::new(|_| unreachable!())), Err(Full));
    drop(stuck);
    opened.store.close()();
}

#[test]
fn after_closing_everything_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let other = opened.store.clone();
    opened.store.close()();
    assert_eq!(write(&other, sample::changes()), Err(StoreError::Closed));
    assert_eq!(retry(&other), Err(StoreError::Closed));
    other.close()();
}

#[test]
fn a_store_that_is_dropped_unclosed_still_writes_what_it_took() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let (sender, receiver) = channel();
    let done = Box::new(move |it| sender.send(it).unwrap());
    opened.store.write(sample::changes(), done).unwrap();
    drop(opened);
    receiver.recv().unwrap().unwrap();
    let opened = loop {
        match Store::open(dir.path(), NOW) {
            Err(StoreError::InUse) => std::thread::yield_now(),
            other => break other.unwrap(),
        }
    };
    assert_eq!(opened.saved, sample::saved());
    opened.store.close()();
}

#[test]
fn a_home_is_open_only_once() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let refused = Store::open(dir.path(), NOW).unwrap_err();
    assert_eq!(refused, StoreError::InUse);
    assert_eq!(refused.to_string(), "another Hearth has this home open");
    opened.store.close()();
    look(dir.path());
}

#[test]
fn the_good_copy_holds_what_the_home_holds() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let copy = std::fs::read(dir.path().join("hearth.good.db")).unwrap();
    look(dir.path());
    let unchanged = std::fs::read(dir.path().join("hearth.good.db")).unwrap();
    assert!(copy == unchanged, "a copy that is up to date is left alone");
    let opened = open(dir.path());
    write(&opened.store, vec![Change::Room(room("attic", "Attic", 9))]).unwrap();
    opened.store.close()();
    std::fs::remove_file(dir.path().join("hearth.db")).unwrap();
    assert_eq!(look(dir.path()).saved.rooms.len(), 3);
}

#[cfg(unix)]
#[test]
fn a_home_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    let opened = open(&home);
    write(&opened.store, sample::changes()).unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home), 0o700);
    let files = names(&home, "");
    for expected in ["hearth.db", "hearth.db-wal", "history.db-wal", "lock"] {
        assert!(files.iter().any(|it| it == expected), "{expected} is missing in {files:?}");
    }
    opened.store.close()();
    for file in files.iter().filter(|it| !it.contains("-wal") && !it.contains("-shm")) {
        assert_eq!(mode(&home.join(file)), 0o600, "{file}");
    }
    assert_eq!(mode(&home.join("hearth.good.db")), 0o600);
}

fn any_device() -> impl Strategy<Value = DeviceRecord> {
    let texts = ("[a-z0-9_-]{1,64}", "\\PC{0,80}", proptest::option::of("[a-z0-9]{1,20}"));
    (texts, any::<i64>(), any::<bool>()).prop_map(|((id, text, room), added_at, favourite)| {
        let mut device = lamp(&id);
        device.name = Name::lossy(&text);
        device.room = room.map(|it| it.as_str().try_into().unwrap());
        device.added_at = Timestamp(added_at);
        let name = Name::lossy(&text);
        device
            .endpoints
            .insert("e".parse().unwrap(), EndpointRecord { name, room: None, favourite });
        device
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_is_written_comes_back(
        devices in proptest::collection::vec(any_device(), 0..6),
        titles in proptest::collection::vec("\\PC{1,64}", 0..6),
        number in any::<f64>().prop_filter("finite", |it| it.is_finite()),
    ) {
        let mut expected = SavedHome::default();
        for (place, title) in titles.iter().enumerate() {
            if let Some(name) = Name::lossy(title) {
                let id = format!("r{place}").parse().unwrap();
                expected.rooms.push(Room { id, name, position: u32::MAX - place as u32 });
            }
        }
        let mut by_id = std::collections::BTreeMap::new();
        by_id.extend(devices.iter().map(|it| (it.id.clone(), it.clone())));
        expected.devices = by_id.into_values().collect();
        if let Some(device) = expected.devices.first() {
            let of = format!("{}/e", device.id);
            expected.reports.push(report(&of, Value::GenericMeasurement(number), -5));
        }
        let rooms = expected.rooms.iter().cloned().map(Change::Room);
        let devices = devices.into_iter().map(|it| Change::Device(Box::new(it)));
        let reports = expected.reports.iter().cloned().map(Change::Reported);
        let dir = tempfile::tempdir().unwrap();
        let opened = open(dir.path());
        write(&opened.store, rooms.chain(devices).chain(reports).collect()).unwrap();
        opened.store.close()();
        prop_assert_eq!(look(dir.path()).saved, expected);
    }
}

//! Tests: a crash at every point of restoring and of copying, and the writer's own pace.

use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use model::{Change, Home, Name, Timestamp};

use crate::database::{self, HOME, digest};
use crate::recovery::{OpenedHome, open_home};
use crate::tables::meta::{self, Key};
use crate::writer::Pace;
use crate::{Store, StoreError, copy, files};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn home(name: &str) -> Home {
    Home { name: Name::lossy(name), welcomed: true, ..Home::default() }
}

fn crash() -> StoreError {
    StoreError::Io("crash".to_owned())
}

/// Opens and crashes before step number `at`, counting from 0.
fn open_until(dir: &Path, at: usize) -> Result<OpenedHome, StoreError> {
    let mut steps = 0;
    open_home(dir, NOW, &mut |_| {
        steps += 1;
        if steps > at { Err(crash()) } else { Ok(()) }
    })
}

fn open_whole(dir: &Path) -> OpenedHome {
    open_home(dir, NOW, &mut |_| Ok(())).unwrap()
}

/// A home named `Good` with a copy, and a write-ahead log left over from a crash.
fn home_with_copy(dir: &Path) {
    let opened = open_whole(dir);
    meta::put(&opened.db, Key::Home, &home("Good")).unwrap();
    copy::refresh(&opened.db, dir, NOW, &mut |_| Ok(())).unwrap();
    database::close(opened.db).unwrap();
    std::fs::write(dir.join("hearth.db-wal"), b"left over").unwrap();
}

fn damage(dir: &Path) {
    std::fs::write(dir.join(HOME.file), b"damaged").unwrap();
}

fn kept_files(dir: &Path) -> Vec<Vec<u8>> {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("hearth.damaged-"))
        .filter(|path| path.to_string_lossy().ends_with(".db"))
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// Crashes at every step in turn (and at every step of the start after that), and then starts.
fn whenever_it_crashes(prepare: impl Fn(&Path), check: impl Fn(&Path, OpenedHome)) -> usize {
    let mut crashes = 0;
    for first in 0.. {
        let mut done = false;
        for second in 0.. {
            let dir = tempfile::tempdir().unwrap();
            prepare(dir.path());
            match open_until(dir.path(), first) {
                Ok(opened) => {
                    check(dir.path(), opened);
                    done = true;
                    break;
                }
                Err(error) => assert_eq!(error, crash()),
            }
            crashes += 1;
            match open_until(dir.path(), second) {
                Ok(opened) => {
                    check(dir.path(), opened);
                    break;
                }
                Err(error) => assert_eq!(error, crash()),
            }
            check(dir.path(), open_whole(dir.path()));
        }
        if done {
            break;
        }
    }
    crashes
}

fn restored(dir: &Path, opened: OpenedHome, name: &str) {
    let recovery = opened.recovery.unwrap();
    assert_eq!(recovery.copied_at, Some(NOW));
    assert_eq!(opened.contents.home, Some(home(name)));
    database::close(opened.db).unwrap();
    assert_eq!(open_whole(dir).recovery, None, "it is said once");
}

#[test]
fn a_crash_anywhere_in_restoring_is_taken_up_at_the_next_start() {
    let prepare = |dir: &Path| {
        home_with_copy(dir);
        damage(dir);
    };
    let crashes = whenever_it_crashes(prepare, |dir, opened| {
        assert!(dir.join(&opened.recovery.as_ref().unwrap().kept).is_file());
        restored(dir, opened, "Good");
        assert_eq!(kept_files(dir), [b"damaged"], "the damaged file is kept, once");
    });
    println!("{crashes} crashes");
    assert!(crashes > 20);
}

#[test]
fn a_crash_anywhere_in_replacing_a_lost_database_is_taken_up() {
    let prepare = |dir: &Path| {
        home_with_copy(dir);
        std::fs::remove_file(dir.join(HOME.file)).unwrap();
    };
    let crashes = whenever_it_crashes(prepare, |dir, opened| restored(dir, opened, "Good"));
    assert!(crashes > 15);
}

#[test]
fn a_crash_anywhere_in_starting_empty_is_taken_up() {
    let prepare = |dir: &Path| {
        home_with_copy(dir);
        damage(dir);
        std::fs::write(dir.join(copy::COPY), b"damaged as well").unwrap();
    };
    let crashes = whenever_it_crashes(prepare, |dir, opened| {
        assert_eq!(opened.recovery.unwrap().copied_at, None);
        assert_eq!(opened.contents.home, None);
        assert_eq!(kept_files(dir), [b"damaged"]);
        let good = dir.join(format!("hearth.good.damaged-{}.db", NOW.0));
        assert_eq!(std::fs::read(good).unwrap(), b"damaged as well");
    });
    assert!(crashes > 20);
}

#[test]
fn a_crash_anywhere_in_the_first_start_leaves_a_first_start() {
    whenever_it_crashes(
        |_| {},
        |_, opened| {
            assert_eq!(opened.recovery, None);
            assert_eq!(opened.contents, database::Contents::default());
        },
    );
}

#[test]
fn a_crash_anywhere_in_copying_leaves_the_old_copy_or_the_new() {
    for at in 0.. {
        let dir = tempfile::tempdir().unwrap();
        home_with_copy(dir.path());
        files::remove_if_there(&dir.path().join("hearth.db-wal")).unwrap();
        let opened = open_whole(dir.path());
        let old = digest(&opened.db).unwrap();
        meta::put(&opened.db, Key::Home, &home("Newer")).unwrap();
        let new = digest(&opened.db).unwrap();
        assert_ne!(old, new);
        let mut steps = 0;
        let result = copy::refresh(&opened.db, dir.path(), NOW, &mut |_| {
            steps += 1;
            if steps > at { Err(crash()) } else { Ok(()) }
        });
        let found = copy::verify(&dir.path().join(copy::COPY)).unwrap();
        assert_eq!(found, if result.is_ok() { new } else { old });
        database::close(opened.db).unwrap();
        damage(dir.path());
        restored(dir.path(), open_whole(dir.path()), if result.is_ok() { "Newer" } else { "Good" });
        if result.is_ok() {
            assert_eq!(at, 4);
            break;
        }
    }
}

#[test]
fn a_note_that_makes_no_sense_moves_nothing() {
    for note in ["", "{}", r#"{"kept":"../../etc/passwd","missing":false}"#, "\u{1}garbage"] {
        let dir = tempfile::tempdir().unwrap();
        home_with_copy(dir.path());
        std::fs::write(dir.path().join("hearth.recovery"), note).unwrap();
        let opened = open_whole(dir.path());
        assert_eq!((opened.recovery, opened.contents.home), (None, Some(home("Good"))));
    }
}

#[test]
fn the_copy_follows_a_change_once_things_are_quiet() {
    let dir = tempfile::tempdir().unwrap();
    let quick = Duration::from_millis(30);
    let pace =
        Pace { company: quick, copy_after: quick, copy_at_most: quick, settled_after: quick };
    let store = Store::open_at_pace(dir.path(), NOW, pace).unwrap().store;
    let (sender, receiver) = channel();
    let done = Box::new(move |result| sender.send(result).unwrap());
    store.write(vec![Change::Home(home("Quiet"))], done).unwrap();
    receiver.recv().unwrap().unwrap();
    let copied = || {
        let db = HOME.look_at(&dir.path().join(copy::COPY)).ok()?;
        meta::get::<Home>(&db, Key::Home).ok()?
    };
    // Nothing tells when a copy is made: that is the point of it.
    let waited = (0..500).find(|_| {
        std::thread::sleep(Duration::from_millis(10));
        copied() == Some(home("Quiet"))
    });
    assert!(waited.is_some(), "no copy within 5 s");
    store.close()();
}

fn said(at: i64) -> Change {
    let endpoint = "a/lamp-0".parse().unwrap();
    let what = model::Recorded::Value(endpoint, model::Value::OnOff(at % 2 == 0));
    Change::Recorded(model::Record { at: Timestamp(NOW.0 + at), what })
}

fn written(store: &Store, changes: Vec<Change>) {
    let (sender, receiver) = channel();
    store.write(changes, Box::new(move |result| sender.send(result).unwrap())).unwrap();
    receiver.recv().unwrap().unwrap();
}

fn times(store: &Store) -> Vec<i64> {
    let mut times = Vec::new();
    let mut each = |record: &model::Record| {
        times.push(record.at.0 - NOW.0);
        std::ops::ControlFlow::Continue(())
    };
    store.reader().records(Timestamp(i64::MIN), Timestamp(i64::MAX), &mut each).unwrap();
    times
}

const HOUR: i64 = 3_600_000;

/// Opens a home whose recorder looks after the past at once.
fn open_diligent(dir: &Path, now: i64) -> Store {
    let pace = Pace {
        company: Duration::from_millis(5),
        settled_after: Duration::ZERO,
        ..Pace::default()
    };
    Store::open_at_pace(dir, Timestamp(NOW.0 + now), pace).unwrap().store
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    // Nothing tells when the past is looked after: that is the point of it.
    let waited = (0..1_000).find(|_| {
        std::thread::sleep(Duration::from_millis(10));
        is_so()
    });
    assert!(waited.is_some(), "not within 10 s: {what}");
}

#[test]
fn what_has_waited_for_two_days_is_sealed_and_what_is_too_old_goes() {
    let dir = tempfile::tempdir().unwrap();
    let store = open_diligent(dir.path(), 0);
    written(&store, vec![said(0), said(HOUR), said(72 * HOUR)]);
    store.close()();
    let count = |table: &str| {
        let db = rusqlite::Connection::open(dir.path().join("history.db")).unwrap();
        let sql = format!("SELECT count(*) FROM {table}");
        db.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!((count("hot"), count("chunk")), (3, 0));
    let store = open_diligent(dir.path(), 72 * HOUR);
    wait_until("sealed", || (count("hot"), count("chunk")) == (1, 1));
    assert_eq!(times(&store), [0, HOUR, 72 * HOUR]);
    store.close()();
    // Ten days after the first, an hour less after the second: one chunk of both.
    let store = open_diligent(dir.path(), 240 * HOUR);
    written(&store, vec![said(240 * HOUR)]);
    store.close()();
    assert_eq!(count("chunk") + count("hot"), 3);
    let store = open_diligent(dir.path(), 242 * HOUR);
    wait_until("let go", || count("chunk") <= 1);
    wait_until("only what is young is left", || times(&store) == [72 * HOUR, 240 * HOUR]);
    let since = store.reader().records(NOW, NOW, &mut |_| unreachable!()).unwrap();
    assert_eq!(since, Some(Timestamp(NOW.0 + 72 * HOUR)));
    store.close()();
    // At one day, also rows that are not sealed.
    let store = open_diligent(dir.path(), 300 * HOUR);
    let settings = model::Settings {
        past: model::PastSettings { days: 1, megabytes: 10 },
        ..model::Settings::default()
    };
    written(&store, vec![Change::Settings(settings)]);
    store.close()();
    let store = open_diligent(dir.path(), 300 * HOUR);
    wait_until("nothing is left", || times(&store).is_empty());
    store.close()();
}

#[test]
fn a_clock_that_has_just_jumped_lets_nothing_go() {
    let dir = tempfile::tempdir().unwrap();
    let pace = Pace {
        company: Duration::from_millis(5),
        settled_after: Duration::from_millis(300),
        ..Pace::default()
    };
    let store = Store::open_at_pace(dir.path(), NOW, pace).unwrap().store;
    written(&store, vec![said(0)]);
    written(&store, vec![said(9_000 * HOUR)]);
    written(&store, vec![said(2)]);
    std::thread::sleep(Duration::from_millis(700));
    assert_eq!(times(&store), [0, 2, 9_000 * HOUR]);
    store.close()();
}

#[test]
fn a_history_that_could_not_be_read_on_the_way_is_checked_as_a_whole() {
    let dir = tempfile::tempdir().unwrap();
    let store = open_diligent(dir.path(), 0);
    written(&store, (0..3_000).map(said).collect());
    store.close()();
    let path = dir.path().join("history.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    let root: u64 = db
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'hot'", [], |row| {
            Ok(row.get::<_, i64>(0)?.cast_unsigned())
        })
        .unwrap();
    drop(db);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = usize::try_from((root - 1) * 4_096).unwrap();
    bytes[at..at + 4_096].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    let first = Store::open_at_pace(dir.path(), NOW, Pace::default()).unwrap();
    first.store.close()();
    let second = Store::open_at_pace(dir.path(), NOW, Pace::default()).unwrap();
    let lost = first.past_lost.or(second.past_lost).unwrap();
    assert!(dir.path().join(lost).is_file());
    written(&second.store, vec![said(9)]);
    assert_eq!(times(&second.store), [9]);
    second.store.close()();
}

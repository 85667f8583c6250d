//! Damaged files: found at start, put aside, replaced by the last good copy, and said.

use std::fs;
use std::path::Path;

use model::{Change, SavedHome, SavedRules, Value};
use store::{Opened, Store};

use crate::sample::{self, NOW, report, room};
use crate::support::{Dice, copy_dir, look, make, names, open, write};

/// The sample home, restored: everything is there but what the journal may have lost.
fn assert_restored(dir: &Path, opened: &Opened) {
    let recovery = opened.recovery.as_ref().unwrap();
    assert!(recovery.copied_at.is_some_and(|it| it >= NOW), "{recovery:?}");
    assert_eq!(opened.saved, sample::restored());
    assert_eq!(opened.secrets.len(), 1);
    assert!(!dir.join("hearth.recovery").exists());
    let again = look(dir);
    assert_eq!(again.recovery, None, "it is said once");
    assert_eq!(again.saved, sample::restored());
}

/// The sample home without what is in `history.db`.
fn without_history() -> SavedHome {
    let mut saved = SavedHome { reports: vec![], ..sample::saved() };
    saved.rules.seen_to = None;
    saved.rules.last.retain(|(_, head)| head.ran);
    saved
}

/// A home without anything in `hearth.db`.
fn empty() -> SavedHome {
    let rules = SavedRules { seen_to: sample::saved().rules.seen_to, ..SavedRules::default() };
    SavedHome { rules, ..SavedHome::default() }
}

fn damaged(harm: impl FnOnce(&Path)) -> (tempfile::TempDir, Opened) {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    harm(&dir.path().join("hearth.db"));
    let opened = look(dir.path());
    (dir, opened)
}

type Harm = Box<dyn Fn(&Path)>;

fn harms() -> Vec<(&'static str, Harm)> {
    vec![
        ("zero length", Box::new(|path| fs::write(path, b"").unwrap())),
        ("garbage", Box::new(|path| fs::write(path, vec![0xA5; 70_000]).unwrap())),
        ("a text", Box::new(|path| fs::write(path, b"hello").unwrap())),
        ("a text of a page", Box::new(|path| fs::write(path, vec![b'x'; 4_096]).unwrap())),
        ("half", Box::new(|path| cut(path, |length| length / 2))),
        ("cut in a page", Box::new(|path| cut(path, |length| length - 1_000))),
        ("one page", Box::new(|path| cut(path, |_| 4_096))),
        (
            "a directory",
            Box::new(|path| {
                fs::remove_file(path).unwrap();
                fs::create_dir(path).unwrap();
            }),
        ),
        (
            "somebody else's database",
            Box::new(|path| {
                fs::remove_file(path).unwrap();
                let db = rusqlite::Connection::open(path).unwrap();
                db.execute_batch("CREATE TABLE theirs (it); PRAGMA user_version = 1;").unwrap();
            }),
        ),
    ]
}

fn cut(path: &Path, to: impl Fn(u64) -> u64) {
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(to(file.metadata().unwrap().len())).unwrap();
}

#[test]
fn a_damaged_database_is_put_aside_and_the_copy_takes_its_place() {
    for (what, harm) in harms() {
        println!("{what}");
        let (dir, opened) = damaged(harm);
        let kept = opened.recovery.as_ref().unwrap().kept.clone();
        assert!(dir.path().join(&kept).exists(), "{what}: {kept} is not there");
        assert_restored(dir.path(), &opened);
    }
}

#[test]
fn a_missing_database_is_restored_from_the_copy() {
    let (dir, opened) = damaged(|path| fs::remove_file(path).unwrap());
    assert_eq!(opened.recovery.as_ref().unwrap().kept, "");
    assert_restored(dir.path(), &opened);
}

#[test]
fn without_a_copy_the_home_starts_empty_and_that_is_said() {
    for (what, harm) in harms() {
        let (dir, opened) = damaged(|path| {
            harm(path);
            fs::remove_file(path.with_file_name("hearth.good.db")).unwrap();
        });
        let recovery = opened.recovery.unwrap();
        assert_eq!(recovery.copied_at, None, "{what}");
        assert!(dir.path().join(recovery.kept).exists(), "{what}");
        assert_eq!(opened.saved, empty(), "{what}");
        assert_eq!(look(dir.path()).recovery, None);
    }
}

#[test]
fn a_damaged_copy_is_not_taken_and_not_overwritten() {
    let (dir, opened) = damaged(|path| {
        fs::write(path, b"garbage").unwrap();
        cut(&path.with_file_name("hearth.good.db"), |length| length / 2);
    });
    assert_eq!(opened.recovery.unwrap().copied_at, None);
    assert_eq!(opened.saved, empty());
    assert_eq!(names(dir.path(), "hearth.good.damaged-").len(), 1);
}

#[test]
fn a_copy_that_went_bad_beside_a_sound_database_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let copy = dir.path().join("hearth.good.db");
    fs::write(&copy, b"garbage").unwrap();
    assert_eq!(look(dir.path()).recovery, None);
    fs::write(dir.path().join("hearth.db"), b"garbage").unwrap();
    assert_restored(dir.path(), &look(dir.path()));
}

#[test]
fn the_damaged_files_of_two_accidents_are_both_kept() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let mut kept = Vec::new();
    for _ in 0..2 {
        fs::write(dir.path().join("hearth.db"), b"garbage").unwrap();
        kept.push(look(dir.path()).recovery.unwrap().kept);
    }
    assert_ne!(kept[0], kept[1]);
    assert_eq!(names(dir.path(), "hearth.damaged-").len(), 2);
}

/// Where in a file a flipped bit must be seen: everywhere, unless nothing of ours is there.
fn flip(path: &Path, dice: &mut Dice) -> (usize, u8) {
    let mut bytes = fs::read(path).unwrap();
    let (at, bit) = (dice.roll(bytes.len()), 1 << dice.roll(8));
    bytes[at] ^= bit;
    fs::write(path, bytes).unwrap();
    (at, bit)
}

#[test]
fn no_flipped_bit_ever_changes_what_the_home_is() {
    let made = tempfile::tempdir().unwrap();
    make(made.path());
    let mut dice = Dice(0x5EED);
    let mut noticed = 0;
    for round in 0..300 {
        let dir = tempfile::tempdir().unwrap();
        copy_dir(made.path(), dir.path());
        let place = flip(&dir.path().join("hearth.db"), &mut dice);
        let opened = look(dir.path());
        let expected = match opened.recovery {
            Some(_) => sample::restored(),
            None => sample::saved(),
        };
        assert_eq!(opened.saved, expected, "round {round}: {place:?}");
        assert_eq!(opened.secrets.len(), 1, "round {round}: {place:?}");
        noticed += usize::from(opened.recovery.is_some());
    }
    println!("{noticed} of 300 flipped bits were in something of ours");
    assert!(noticed > 10);
}

#[test]
fn no_flipped_bit_ever_changes_what_a_device_said() {
    let made = tempfile::tempdir().unwrap();
    make(made.path());
    let mut dice = Dice(0xB17);
    for round in 0..100 {
        let dir = tempfile::tempdir().unwrap();
        copy_dir(made.path(), dir.path());
        let place = flip(&dir.path().join("history.db"), &mut dice);
        let opened = look(dir.path());
        if opened.past_lost.is_some() {
            assert_eq!(opened.saved.reports, [], "round {round}: {place:?}");
        } else {
            assert_eq!(opened.saved.reports, sample::saved().reports, "round {round}: {place:?}");
        }
    }
}

#[test]
fn a_damaged_history_costs_the_last_values_and_nothing_else() {
    for (what, harm) in harms() {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path());
        harm(&dir.path().join("history.db"));
        let opened = open(dir.path());
        assert_eq!(opened.recovery, None, "{what}");
        assert!(dir.path().join(opened.past_lost.unwrap()).exists(), "{what}");
        assert_eq!(opened.saved, without_history(), "{what}");
        let new = report("wled-a1/segment-0", Value::OnOff(false), 50);
        write(&opened.store, vec![Change::Reported(new.clone())]).unwrap();
        opened.store.close()();
        let again = look(dir.path());
        assert_eq!((again.saved.reports, again.past_lost), (vec![new], None), "{what}");
    }
}

#[test]
fn no_flipped_bit_ever_makes_a_past_that_was_not() {
    let made = tempfile::tempdir().unwrap();
    let opened = open(made.path());
    let changes: Vec<Change> = (0..2_000_i64)
        .map(|it| {
            let value = match it % 3 {
                0 => Value::OnOff(it % 2 == 0),
                1 => Value::GenericMeasurement(it as f64 / 8.0),
                _ => Value::LightEffect(format!("Effect {}", it % 50)),
            };
            Change::Reported(report("wled-a1/segment-0", value, it * 1_000))
        })
        .collect();
    write(&opened.store, vec![Change::Device(Box::new(sample::lamp("wled-a1")))]).unwrap();
    write(&opened.store, changes).unwrap();
    crate::past::sealed(made.path(), 6);
    opened.store.close()();
    let all = (model::Timestamp(i64::MIN), model::Timestamp(i64::MAX));
    let look = look(made.path());
    let whole = crate::past::recorded(&look.store.reader(), all);
    assert_eq!(whole.len(), 2_000);
    let true_ones: std::collections::BTreeSet<String> =
        whole.iter().map(|it| format!("{it:?}")).collect();
    let mut dice = Dice(0x9A57);
    let (mut lost, mut anew) = (0, 0);
    for round in 0..150 {
        let dir = tempfile::tempdir().unwrap();
        copy_dir(made.path(), dir.path());
        let place = flip(&dir.path().join("history.db"), &mut dice);
        let opened = open(dir.path());
        let reader = opened.store.reader();
        let mut found = Vec::new();
        let mut each = |it: &model::Record| {
            found.push(it.clone());
            std::ops::ControlFlow::Continue(())
        };
        // A structure that cannot be read at all is an error; what is read is true.
        drop(reader.records(all.0, all.1, &mut each));
        for record in &found {
            assert!(true_ones.contains(&format!("{record:?}")), "round {round}: {place:?}");
        }
        assert!(found.len() <= whole.len(), "round {round}: {place:?}");
        lost += usize::from(found.len() < whole.len());
        anew += usize::from(opened.past_lost.is_some());
        opened.store.close()();
    }
    println!("of 150 flipped bits, {lost} cost something of the past, {anew} all of it");
    assert!(lost > 30, "the flips hit what is recorded");
}

/// A home whose last changes are only in the write-ahead log, as after a crash.
fn crashed(dir: &Path) {
    let made = tempfile::tempdir().unwrap();
    make(made.path());
    let opened = open(made.path());
    write(&opened.store, vec![Change::Room(room("attic", "Attic", 9))]).unwrap();
    copy_dir(made.path(), dir);
    opened.store.close()();
}

#[test]
fn what_is_only_in_the_log_is_there_after_a_crash() {
    let dir = tempfile::tempdir().unwrap();
    crashed(dir.path());
    assert!(dir.path().join("hearth.db-wal").exists());
    let opened = look(dir.path());
    assert_eq!((opened.recovery, opened.saved.rooms.len()), (None, 3));
}

#[test]
fn a_missing_or_damaged_log_leaves_an_older_but_whole_home() {
    let logs: [fn(&Path); 4] = [
        |log| fs::remove_file(log).unwrap(),
        |log| fs::write(log, b"garbage").unwrap(),
        |log| cut(log, |length| length / 2),
        |log| fs::write(log, vec![0; 50_000]).unwrap(),
    ];
    for (number, harm) in logs.into_iter().enumerate() {
        let dir = tempfile::tempdir().unwrap();
        crashed(dir.path());
        harm(&dir.path().join("hearth.db-wal"));
        let opened = look(dir.path());
        assert_eq!(opened.recovery, None, "{number}");
        assert!(opened.saved.rooms.len() >= 2, "{number}");
        assert_eq!(opened.saved.devices, sample::saved().devices, "{number}");
    }
}

#[test]
fn the_log_of_a_lost_database_is_kept_and_not_taken_for_anothers() {
    let dir = tempfile::tempdir().unwrap();
    crashed(dir.path());
    fs::remove_file(dir.path().join("hearth.db")).unwrap();
    let opened = look(dir.path());
    assert!(opened.recovery.is_some());
    assert_eq!(opened.saved, sample::restored());
    assert_eq!(names(dir.path(), "-wal").len(), 1, "{:?}", names(dir.path(), ""));
}

#[test]
fn a_directory_that_is_a_file_is_an_error_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("home");
    fs::write(&path, b"").unwrap();
    let error = Store::open(&path, NOW).unwrap_err();
    assert!(!error.to_string().is_empty());
}

#[test]
fn what_a_crash_left_to_roll_back_is_rolled_back() {
    for file in ["hearth.db", "history.db"] {
        let (made, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        make(made.path());
        let db = rusqlite::Connection::open(made.path().join(file)).unwrap();
        db.execute_batch(
            "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN;
             CREATE TABLE filler (it); DELETE FROM meta;
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
             INSERT INTO filler SELECT zeroblob(4000) FROM n;",
        )
        .unwrap();
        copy_dir(made.path(), dir.path());
        assert!(dir.path().join(format!("{file}-journal")).exists());
        let opened = look(dir.path());
        assert_eq!((&opened.recovery, &opened.past_lost), (&None, &None), "{file}");
        assert_eq!(opened.saved, sample::saved(), "{file}");
    }
}

#[test]
fn a_log_without_its_index_is_read() {
    let dir = tempfile::tempdir().unwrap();
    crashed(dir.path());
    fs::remove_file(dir.path().join("hearth.db-shm")).unwrap();
    assert_eq!(look(dir.path()).saved.rooms.len(), 3);
}

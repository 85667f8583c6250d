//! A disk that is full: clear words, nothing lost, and it goes on when there is room again.
//!
//! The disk is a small tmpfs in a mount namespace of the test's own, which takes root; where that
//! cannot be had, the test says so.

use std::path::Path;
use std::process::Command;

use model::{Change, Value};
use store::StoreError;

use crate::sample::{NOW, command, lamp, report, room};
use crate::support::{keep_secret, look, open, retry, write};

/// Set for the child: the small disk that it has to itself.
const DISK: &str = "HEARTH_SMALL_DISK";

/// Runs a child of this very program on a disk of 16 MiB. `false` where that is not possible.
fn on_a_small_disk(test: &str) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=16m,mode=700 tmpfs \"$1\" || exit 77; shift; exec \"$@\"";
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", script, "sh"])
        .arg(dir.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(DISK, dir.path())
        .output();
    let Ok(output) = output else { return skipped("there is no `unshare`") };
    let words = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => {
            assert!(words.contains("1 passed"), "{words}");
            println!("{words}");
            true
        }
        Some(1 | 77) if words.contains("unshare:") || words.contains("mount:") => skipped(&words),
        _ => panic!("{words}"),
    }
}

fn skipped(why: &str) -> bool {
    eprintln!("SKIPPED: no small disk to be had here (it takes root): {why}");
    false
}

/// Fills the disk to the last byte.
fn fill(disk: &Path) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(disk.join("filler")).unwrap();
    for size in [65_536, 4_096, 512, 1] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
}

#[test]
fn a_full_disk_loses_nothing_and_is_said() {
    on_a_small_disk("disk_full::child_on_a_full_disk");
}

#[test]
fn child_on_a_full_disk() {
    let Ok(disk) = std::env::var(DISK) else { return };
    let (disk, home) = (Path::new(&disk), Path::new(&disk).join("home"));
    let opened = open(&home);
    let store = opened.store;
    write(&store, vec![Change::Device(Box::new(lamp("wled-a1")))]).unwrap();
    keep_secret(&store, "wled-a1", Some(vec![1; 60]));
    retry(&store).unwrap();
    assert!(home.join("ballast").exists());

    fill(disk);
    write(&store, vec![Change::Room(room("first", "First", 1))]).unwrap();
    assert!(!home.join("ballast").exists(), "the ballast was given up for it");

    let mut number: u32 = 2;
    let error = loop {
        fill(disk);
        let id = format!("room-{number}");
        match write(&store, vec![Change::Room(room(&id, "More", number))]) {
            Ok(()) => number += 1,
            Err(error) => break error,
        }
        assert!(number < 5_000, "the disk is never full");
    };
    assert!(matches!(error, StoreError::DiskFull(_)), "{error:?}");
    assert!(error.to_string().starts_with("the disk is full"), "{error}");
    println!("full after room {number}");

    write(&store, vec![Change::CommandOpened(command("lost"), NOW)]).unwrap_err();
    write(&store, vec![Change::DeviceGone("wled-a1".parse().unwrap())]).unwrap_err();
    retry(&store).unwrap_err();

    std::fs::remove_file(disk.join("filler")).unwrap();
    retry(&store).unwrap();
    write(&store, vec![Change::CommandOpened(command("kept"), NOW)]).unwrap();
    store.close()();
    assert!(home.join("ballast").exists(), "ballast is taken on again");

    let opened = look(&home);
    assert_eq!(opened.recovery, None);
    assert_eq!(opened.saved.rooms.len(), number as usize);
    assert_eq!(opened.saved.devices, []);
    assert!(opened.secrets.is_empty());
    let ids: Vec<_> = opened.saved.open_commands.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["kept"], "a command that was refused is not written later");
}

#[test]
fn a_disk_full_of_history_is_said_and_gets_over_it() {
    on_a_small_disk("disk_full::child_with_much_to_tell");
}

#[test]
fn child_with_much_to_tell() {
    let Ok(disk) = std::env::var(DISK) else { return };
    let (disk, home) = (Path::new(&disk), Path::new(&disk).join("home"));
    let store = open(&home).store;
    write(&store, vec![Change::Device(Box::new(lamp("wled-a1")))]).unwrap();
    fill(disk);
    let flood = |from: i64| -> Vec<Change> {
        (0..2_000)
            .map(|number| {
                let of = format!("wled-a1/e{number}");
                Change::Reported(report(&of, Value::LightEffect("x".repeat(900)), from + number))
            })
            .collect()
    };
    let error = write(&store, flood(0)).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull(_)), "{error:?}");
    assert!(home.join("ballast").exists(), "telemetry is not worth the ballast");
    std::fs::remove_file(disk.join("filler")).unwrap();
    retry(&store).unwrap();
    store.close()();
    assert_eq!(look(&home).saved.reports.len(), 2_000, "it was kept in memory");
}

#[test]
fn a_start_on_a_full_disk_is_an_error_in_words_and_harms_nothing() {
    on_a_small_disk("disk_full::child_that_starts_on_a_full_disk");
}

#[test]
fn child_that_starts_on_a_full_disk() {
    let Ok(disk) = std::env::var(DISK) else { return };
    let (disk, home) = (Path::new(&disk), Path::new(&disk).join("home"));
    std::fs::create_dir(&home).unwrap();
    fill(disk);
    let error = store::Store::open(&home, NOW).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull(_)), "{error:?}");
    std::fs::remove_file(disk.join("filler")).unwrap();
    let opened = look(&home);
    assert_eq!(opened.recovery, None);
}

#[test]
fn a_disk_that_cannot_be_written_is_said() {
    on_a_small_disk("disk_full::child_on_a_read_only_disk");
}

#[test]
fn child_on_a_read_only_disk() {
    let Ok(disk) = std::env::var(DISK) else { return };
    let home = Path::new(&disk).join("home");
    crate::support::make(&home);
    let remount = |how: &str| {
        let done = Command::new("mount").args(["-o", how, &disk]).status().unwrap();
        assert!(done.success(), "{how}");
    };
    remount("remount,ro");
    let error = store::Store::open(&home, NOW).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly(_)), "{error:?}");
    assert!(error.to_string().contains("cannot be written"), "{error}");
    remount("remount,rw");
    assert_eq!(look(&home).saved, crate::sample::saved());
}

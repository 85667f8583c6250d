//! Databases of every version that was ever released, and of versions to come.

use rusqlite::Connection;
use store::{Store, StoreError};

use crate::sample::{self, NOW};
use crate::support::{copy_dir, fixtures, look, make};

#[test]
fn databases_of_every_released_version_open_unharmed() {
    let mut versions = 0;
    for entry in std::fs::read_dir(fixtures()).unwrap() {
        let path = entry.unwrap().path();
        if !path.is_dir() {
            continue;
        }
        versions += 1;
        let dir = tempfile::tempdir().unwrap();
        copy_dir(&path, dir.path());
        let opened = look(dir.path());
        let saved = match path.file_name().and_then(|it| it.to_str()) {
            Some("1") => sample::saved_in_format_1(),
            _ => sample::saved(),
        };
        assert_eq!(opened.saved, saved, "{}", path.display());
        assert_eq!(opened.secrets.len(), 1);
        assert_eq!((opened.recovery, opened.past_lost), (None, None));
        assert_eq!(look(dir.path()).saved, saved, "{} again", path.display());
    }
    assert!(versions >= 2, "there is a fixture of each");
}

fn make_newer(dir: &std::path::Path, file: &str) {
    let db = Connection::open(dir.join(file)).unwrap();
    let mut crc = crc32fast::Hasher::new();
    for text in ["meta", "format", "99"] {
        crc.update(b"t");
        crc.update(&(text.len() as u64).to_le_bytes());
        crc.update(text.as_bytes());
    }
    db.execute(
        "UPDATE meta SET value = '99', crc = ?1 WHERE key = 'format'",
        [i64::from(crc.finalize())],
    )
    .unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_not_touched() {
    for file in ["hearth.db", "history.db"] {
        let dir = tempfile::tempdir().unwrap();
        make(dir.path());
        make_newer(dir.path(), file);
        let before = std::fs::read(dir.path().join(file)).unwrap();
        let refused = Store::open(dir.path(), NOW).unwrap_err();
        let newer = StoreError::Newer { file: file.to_owned(), found: 99, known: 2 };
        assert_eq!(refused, newer);
        assert!(refused.to_string().contains("newer Hearth"), "{refused}");
        assert!(std::fs::read(dir.path().join(file)).unwrap() == before, "{file} was touched");
    }
}

#[test]
fn a_number_that_only_looks_newer_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let db = Connection::open(dir.path().join("hearth.db")).unwrap();
    db.pragma_update(None, "user_version", 257).unwrap();
    drop(db);
    let opened = look(dir.path());
    assert!(opened.recovery.unwrap().copied_at.is_some());
    assert_eq!(opened.saved, sample::restored());
}

#[test]
fn a_sound_row_that_makes_no_sense_is_refused_and_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let db = Connection::open(dir.path().join("hearth.db")).unwrap();
    let mut crc = crc32fast::Hasher::new();
    for text in ["room", "attic", ""] {
        crc.update(b"t");
        crc.update(&(text.len() as u64).to_le_bytes());
        crc.update(text.as_bytes());
    }
    crc.update(b"i");
    crc.update(&8_u64.to_le_bytes());
    crc.update(&7_i64.to_le_bytes());
    let crc = i64::from(crc.finalize());
    db.execute("INSERT INTO room VALUES ('attic', '', 7, ?1)", [crc]).unwrap();
    drop(db);
    let refused = Store::open(dir.path(), NOW).unwrap_err();
    assert!(matches!(&refused, StoreError::NotUnderstood(words) if words.contains("attic")));
    assert!(dir.path().join("hearth.db").is_file());
}

//! The last good copy of `hearth.db`: made by SQLite's own backup, read back and checked before
//! it takes the place of the one before.

use std::path::Path;

use model::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::database::{self, Contents, HOME, Trouble};
use crate::recovery::Step;
use crate::tables::meta::{self, Key};
use crate::{StoreError, files};

/// File name of the copy.
pub(crate) const COPY: &str = "hearth.good.db";
const DRAFT: &str = "hearth.copying.tmp";

/// Makes sure that the copy is sound and holds what the database holds. Returns whether it had to
/// be made anew.
pub(crate) fn refresh(
    db: &Connection,
    dir: &Path,
    now: Timestamp,
    step: Step<'_>,
) -> Result<bool, StoreError> {
    let digest = database::digest(db)?;
    if verify(&dir.join(COPY)).is_ok_and(|found| found == digest) {
        return Ok(false);
    }
    make(db, dir, now, digest, step)?;
    Ok(true)
}

fn make(
    db: &Connection,
    dir: &Path,
    now: Timestamp,
    digest: u32,
    step: Step<'_>,
) -> Result<(), StoreError> {
    let draft = dir.join(DRAFT);
    step("clear the way")?;
    files::remove_database(&draft)?;
    drop(files::create(&draft)?);
    step("copy the database")?;
    back_up(db, &draft, now, digest)?;
    files::sync(&draft)?;
    step("check the copy")?;
    if verify(&draft)? != digest {
        return Err(StoreError::Damaged("the copy is not what was copied".to_owned()));
    }
    step("move the copy into place")?;
    Ok(files::replace(&draft, &dir.join(COPY))?)
}

fn back_up(db: &Connection, draft: &Path, now: Timestamp, digest: u32) -> Result<(), StoreError> {
    let mut target = Connection::open(draft)?;
    // All pages at once: nobody else writes meanwhile.
    if Backup::new(db, &mut target)?.step(-1)? != StepResult::Done {
        return Err(StoreError::Io("another program is using the database".to_owned()));
    }
    // One file, no write-ahead log beside it.
    target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    let transaction = target.transaction()?;
    forget_what_runs(&transaction)?;
    meta::put(&transaction, Key::CopiedAt, &now)?;
    meta::put(&transaction, Key::Digest, &digest)?;
    transaction.commit()?;
    Ok(database::close(target)?)
}

/// A copy is of a moment that is over. What ran then has gone on since; taken up from there, it
/// would be done a second time, so a copy knows of no run, nothing held and nobody asked.
fn forget_what_runs(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "DELETE FROM last_trace WHERE id IN (SELECT rule FROM run);
         DELETE FROM run; DELETE FROM run_state; DELETE FROM watch; DELETE FROM asked;",
    )
}

/// Reads a copy through, checks every row, and says what it is a copy of.
pub(crate) fn verify(path: &Path) -> Result<u32, Trouble> {
    let db = HOME.look_at(path)?;
    Contents::load(&db)?;
    let noted: Option<u32> = meta::get(&db, Key::Digest)?;
    let digest = database::digest(&db)?;
    database::close(db)?;
    if noted == Some(digest) {
        Ok(digest)
    } else {
        Err(Trouble::Damaged("rows are missing from the copy".to_owned()))
    }
}

//! What is done about a damaged database: it is put aside, and the last good copy takes its place.
//!
//! A crash between any two steps is taken up at the next start: `hearth.recovery` is written
//! before the first file is moved and removed when all is done, and where the files are tells how
//! far it had come. A `hearth.db` that is there is always whole, because it is made beside and
//! moved into place.

use std::fs;
use std::path::{Path, PathBuf};

use model::Timestamp;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::copy::{self, COPY};
use crate::database::{Contents, HISTORY, HOME, Heard, History, Trouble};
use crate::past::recorder::SUSPECT;
use crate::{StoreError, files};

/// The configuration was damaged and has been replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Name of the damaged file, kept in the home's directory. Empty when the file was missing.
    pub kept: String,
    /// When the copy now in use was made; `None` when there was none and the home starts empty.
    pub copied_at: Option<Timestamp>,
}

/// Told before each step; an error ends the work there, as a crash would.
pub(crate) type Step<'a> = &'a mut dyn FnMut(&'static str) -> Result<(), StoreError>;

/// `hearth.db`, opened.
#[derive(Debug)]
pub(crate) struct OpenedHome {
    pub(crate) db: Connection,
    pub(crate) contents: Contents,
    pub(crate) recovery: Option<Recovery>,
}

/// What is written down before the first file is moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Intent {
    /// The name under which the damaged file is kept.
    kept: String,
    /// There was no file to keep.
    missing: bool,
}

const INTENT: &str = "hearth.recovery";
const DRAFT: &str = "hearth.restoring.tmp";

/// Opens the configuration, whatever state it is in.
pub(crate) fn open_home(
    dir: &Path,
    now: Timestamp,
    step: Step<'_>,
) -> Result<OpenedHome, StoreError> {
    let mut intent = Intent::read(dir);
    if let Some(intent) = &intent {
        restore(dir, intent, now, step)?;
    } else if is_first_start(dir) {
        make_first(dir, step)?;
    }
    let (db, contents) = match open_and_load(dir) {
        Ok(opened) => opened,
        Err(Trouble::Refused(error)) => return Err(error),
        Err(Trouble::Damaged(words)) => {
            tracing::error!(words, "the database is damaged");
            let fresh = Intent::new(dir, now);
            step("note what is about to be done")?;
            fresh.write(dir)?;
            restore(dir, &fresh, now, step)?;
            intent = Some(fresh);
            open_and_load(dir)?
        }
    };
    let recovery = intent.map(|it| it.recovery(&contents));
    if recovery.is_some() {
        step("forget the note")?;
        files::remove_if_there(&dir.join(INTENT))?;
        files::sync_parent(&dir.join(INTENT))?;
    }
    Ok(OpenedHome { db, contents, recovery })
}

fn open_and_load(dir: &Path) -> Result<(Connection, Contents), Trouble> {
    let db = HOME.open(&dir.join(HOME.file))?;
    let contents = Contents::load(&db)?;
    Ok((db, contents))
}

fn is_first_start(dir: &Path) -> bool {
    [HOME.file, COPY, "hearth.db-wal"].iter().all(|name| !files::is_there(&dir.join(name)))
}

fn make_first(dir: &Path, step: Step<'_>) -> Result<(), StoreError> {
    step("make an empty database")?;
    HOME.create(&dir.join(DRAFT))?;
    step("move the empty database into place")?;
    Ok(files::replace(&dir.join(DRAFT), &dir.join(HOME.file))?)
}

/// Puts the damaged file aside and the copy in its place, from wherever this was left.
fn restore(dir: &Path, intent: &Intent, now: Timestamp, step: Step<'_>) -> Result<(), StoreError> {
    let (live, kept) = (dir.join(HOME.file), dir.join(&intent.kept));
    if files::is_there(&live) && !intent.missing && !files::is_there(&kept) {
        step("put the damaged database aside")?;
        files::replace(&live, &kept)?;
    }
    if files::is_there(&live) {
        return Ok(());
    }
    for side in ["-wal", "-shm"] {
        step("put its side files aside")?;
        files::move_if_there(&files::with_suffix(&live, side), &files::with_suffix(&kept, side))?;
    }
    files::sync_parent(&live)?;
    draft(dir, now, step)?;
    step("move the copy into place")?;
    Ok(files::replace(&dir.join(DRAFT), &live)?)
}

/// Makes the database that will take the place of the damaged one. A copy that is damaged itself
/// is kept aside too: an empty home's copy must not overwrite it.
fn draft(dir: &Path, now: Timestamp, step: Step<'_>) -> Result<(), StoreError> {
    let (good, draft) = (dir.join(COPY), dir.join(DRAFT));
    files::remove_database(&draft)?;
    if files::is_there(&good) {
        step("copy the good copy")?;
        match copied(&good, &draft) {
            Ok(()) => return Ok(()),
            Err(Trouble::Refused(error)) => return Err(error),
            Err(Trouble::Damaged(words)) => tracing::error!(words, "the copy is damaged too"),
        }
        step("put the damaged copy aside")?;
        let kept = free_name(dir, &format!("hearth.good.damaged-{}", now.0));
        files::replace(&good, &dir.join(kept))?;
    }
    step("make an empty database")?;
    HOME.create(&draft)
}

fn copied(good: &Path, draft: &Path) -> Result<(), Trouble> {
    if !good.is_file() {
        return Err(Trouble::Damaged("the copy is not a file".to_owned()));
    }
    fs::copy(good, draft)?;
    files::sync(draft)?;
    copy::verify(draft)?;
    Ok(())
}

impl Intent {
    fn new(dir: &Path, now: Timestamp) -> Self {
        Self {
            kept: free_name(dir, &format!("hearth.damaged-{}", now.0)),
            missing: !files::is_there(&dir.join(HOME.file)),
        }
    }

    /// One that cannot be read is none: it was written in one piece, so nothing was moved yet or
    /// the disk has lost it.
    fn read(dir: &Path) -> Option<Self> {
        let intent: Self = serde_json::from_slice(&fs::read(dir.join(INTENT)).ok()?).ok()?;
        is_plain_name(&intent.kept).then_some(intent)
    }

    fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let text = serde_json::to_vec(self).map_err(|error| StoreError::Io(error.to_string()))?;
        Ok(files::write_whole(&dir.join(INTENT), &text)?)
    }

    fn recovery(self, contents: &Contents) -> Recovery {
        let kept = if self.missing { String::new() } else { self.kept };
        Recovery { kept, copied_at: contents.copied_at }
    }
}

fn is_plain_name(name: &str) -> bool {
    name.starts_with("hearth.damaged-") && !name.contains(['/', '\\'])
}

/// A name that nothing in the directory has yet.
fn free_name(dir: &Path, stem: &str) -> String {
    (0..)
        .map(|turn| if turn == 0 { format!("{stem}.db") } else { format!("{stem}-{turn}.db") })
        .find(|name| !files::is_there(&dir.join(name)))
        .unwrap_or_default()
}

/// Opens what devices said. Damaged, it is put aside and started anew: devices say it again.
pub(crate) fn open_history(dir: &Path, now: Timestamp) -> Result<History, StoreError> {
    let path = dir.join(HISTORY.file);
    if !files::is_there(&path) {
        make_history(dir, &path)?;
    }
    match open_heard(dir, &path) {
        Ok((db, contents)) => Ok(History { db, contents, lost: None }),
        Err(Trouble::Refused(error)) => Err(error),
        Err(Trouble::Damaged(words)) => {
            tracing::error!(words, "the history is damaged");
            let kept = free_name(dir, &format!("history.damaged-{}", now.0));
            files::replace(&path, &dir.join(&kept))?;
            make_history(dir, &path)?;
            let (db, contents) = open_heard(dir, &path)?;
            Ok(History { db, contents, lost: Some(kept) })
        }
    }
}

fn make_history(dir: &Path, path: &Path) -> Result<(), StoreError> {
    // Side files of a database that is gone belong to nobody; SQLite must not find them.
    for side in ["-wal", "-shm"] {
        files::remove_if_there(&files::with_suffix(path, side))?;
    }
    let draft: PathBuf = dir.join("history.making.tmp");
    HISTORY.create(&draft)?;
    Ok(files::replace(&draft, path)?)
}

fn open_heard(dir: &Path, path: &Path) -> Result<(Connection, Heard), Trouble> {
    let suspect = dir.join(SUSPECT);
    if files::is_there(&suspect) {
        files::remove_if_there(&suspect)?;
        HISTORY.check_whole(path)?;
    }
    let db = HISTORY.open(path)?;
    let contents = Heard::load(&db)?;
    Ok((db, contents))
}

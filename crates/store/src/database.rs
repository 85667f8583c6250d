//! Opening a database: its format, its checks, its contents.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use model::rule::TraceHead;
use model::{
    DeviceId, DeviceRecord, Group, Home, LastReport, Notice, OpenCommand, Person, RoleRecord, Room,
    RuleId, SavedRules, Scene, Settings, Timestamp, Variable,
};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::row::{At, Unreadable};
use crate::tables::document::{
    ASKED, GROUPS, LAST, NOTICES, PEOPLE, ROLES, RULES, SCENES, VARIABLES,
};
use crate::tables::meta::{self, Key};
use crate::tables::{
    chunk, command_journal, device, hot, known_run, last_report, not_run, room, rule_version, run,
    secret, series, trace, watch,
};
use crate::{StoreError, files};

/// What is particular to one of the two databases.
pub(crate) struct Kind {
    /// Its file.
    pub(crate) file: &'static str,
    /// SQL that leads from each format to the next; the first makes format 1.
    migrations: &'static [fn() -> String],
    synchronous: &'static str,
    /// Bytes to which the write-ahead log is cut back.
    journal_size_limit: i64,
    /// It grows large and shrinks again: free pages are given back bit by bit, and the structure
    /// of its large tables is not checked at every start.
    large: &'static [&'static str],
}

/// Configuration, sealed secrets, the journal of commands.
pub(crate) const HOME: Kind = Kind {
    file: "hearth.db",
    migrations: &[home_1, home_2],
    synchronous: "FULL",
    journal_size_limit: 16 << 20,
    large: &[],
};

/// What devices said.
pub(crate) const HISTORY: Kind = Kind {
    file: "history.db",
    migrations: &[history_1, history_2],
    synchronous: "NORMAL",
    journal_size_limit: 64 << 20,
    large: &["hot", "chunk"],
};

fn home_1() -> String {
    [meta::CREATE, room::CREATE, device::CREATE, command_journal::CREATE, secret::CREATE].concat()
}

fn home_2() -> String {
    [
        command_journal::ADD_ORIGIN,
        &ROLES.create(),
        &SCENES.create(),
        &GROUPS.create(),
        &PEOPLE.create(),
        &VARIABLES.create(),
        &NOTICES.create(),
        &RULES.create(),
        &ASKED.create(),
        &LAST.create(),
        rule_version::CREATE,
        run::CREATE,
        trace::CREATE,
        known_run::CREATE,
        watch::CREATE,
    ]
    .concat()
}

fn history_1() -> String {
    [meta::CREATE, last_report::CREATE].concat()
}

fn history_2() -> String {
    [
        last_report::ADD_SINCE_AND_ORIGIN,
        not_run::CREATE,
        &LAST.create(),
        series::CREATE,
        hot::CREATE,
        chunk::CREATE,
    ]
    .concat()
}

/// Why a database cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Its contents are not what was written; in words.
    Damaged(String),
    /// It is not to be touched, or cannot be.
    Refused(StoreError),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            // Not SQLite's: a column of another type, a text that is no text.
            None => Self::Damaged(error.to_string()),
            Some(
                ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::SchemaChanged
                | ErrorCode::TypeMismatch
                | ErrorCode::Unknown,
            ) => Self::Damaged(error.to_string()),
            Some(_) => Self::Refused(error.into()),
        }
    }
}

impl From<Unreadable> for Trouble {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Damaged { .. } => Self::Damaged(error.to_string()),
            Unreadable::NotUnderstood { .. } => {
                Self::Refused(StoreError::NotUnderstood(error.to_string()))
            }
            Unreadable::Sqlite(error) => error.into(),
        }
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Damaged(words) => Self::Damaged(words),
            Trouble::Refused(error) => error,
        }
    }
}

impl Kind {
    /// The format that this version writes.
    pub(crate) fn format(&self) -> i64 {
        i64::try_from(self.migrations.len()).unwrap_or(i64::MAX)
    }

    /// Makes an empty database in a file that must not be there, in one piece.
    pub(crate) fn create(&self, path: &Path) -> Result<(), StoreError> {
        files::remove_database(path)?;
        drop(files::create(path)?);
        let mut db = Connection::open(path)?;
        if !self.large.is_empty() {
            db.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
        }
        self.migrate(&mut db)?;
        close(db)?;
        Ok(files::sync(path)?)
    }

    /// Opens a database that is there, for good: checked, brought to the newest format, set up.
    pub(crate) fn open(&self, path: &Path) -> Result<Connection, Trouble> {
        if !path.is_file() {
            return Err(Trouble::Damaged(format!("{} is not a file", self.file)));
        }
        self.refuse_newer(path)?;
        let mut db = self.open_checked(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        self.set_up(&db)?;
        self.migrate(&mut db).map_err(Trouble::Refused)?;
        self.let_shrink(&db)?;
        Ok(db)
    }

    /// Databases of before were not made to shrink; they are small.
    fn let_shrink(&self, db: &Connection) -> rusqlite::Result<()> {
        let how: i64 = db.query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
        if self.large.is_empty() || how == INCREMENTAL {
            return Ok(());
        }
        db.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
        db.execute_batch("VACUUM")
    }

    /// Checks the structure of everything.
    pub(crate) fn check_whole(&self, path: &Path) -> Result<(), Trouble> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.busy_timeout(BUSY)?;
        quick_check(&db, None)
    }

    /// Opens a database for reading only, and checks its format and structure.
    pub(crate) fn look_at(&self, path: &Path) -> Result<Connection, Trouble> {
        self.open_checked(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    /// Looks at the format without a right to write, so that a newer database stays as it is.
    fn refuse_newer(&self, path: &Path) -> Result<(), Trouble> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        db.busy_timeout(BUSY)?;
        match self.check_format(&db) {
            // A crash has left something to roll back, which takes the right to write.
            Err(Trouble::Refused(StoreError::ReadOnly(_))) => Ok(()),
            result => result,
        }
    }

    fn open_checked(&self, path: &Path, flags: OpenFlags) -> Result<Connection, Trouble> {
        let db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(BUSY)?;
        self.check_format(&db)?;
        if self.large.is_empty() {
            quick_check(&db, None)?;
        } else {
            is_all_there(&db, path)?;
            for table in tables(&db)?.iter().filter(|it| !self.large.contains(&it.as_str())) {
                quick_check(&db, Some(table))?;
            }
        }
        Ok(db)
    }

    /// A number without a checksum says which format this is, and a row with one says it again:
    /// where they differ, the file is damaged rather than newer.
    fn check_format(&self, db: &Connection) -> Result<(), Trouble> {
        let number = user_version(db)?;
        if number == 0 {
            return Err(Trouble::Damaged(format!("{} holds nothing of ours", self.file)));
        }
        let sworn: Option<i64> = meta::get(db, Key::Format)?;
        match sworn {
            Some(sworn) if sworn == number && number > self.format() => {
                let file = self.file.to_owned();
                Err(Trouble::Refused(StoreError::Newer {
                    file,
                    found: number,
                    known: self.format(),
                }))
            }
            Some(sworn) if sworn == number => Ok(()),
            _ => Err(Trouble::Damaged(format!("{} does not know its own format", self.file))),
        }
    }

    fn set_up(&self, db: &Connection) -> rusqlite::Result<()> {
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        db.pragma_update(None, "synchronous", self.synchronous)?;
        db.pragma_update(None, "foreign_keys", true)?;
        db.pragma_update_and_check(
            None,
            "journal_size_limit",
            self.journal_size_limit,
            |_| Ok(()),
        )?;
        db.set_prepared_statement_cache_capacity(64);
        Ok(())
    }

    /// Each step is one transaction: a crash leaves the old format or the new one.
    fn migrate(&self, db: &mut Connection) -> Result<(), StoreError> {
        let from = usize::try_from(user_version(db)?).unwrap_or(usize::MAX);
        for (index, sql) in self.migrations.iter().enumerate().skip(from) {
            let format = i64::try_from(index + 1).unwrap_or(i64::MAX);
            let transaction = db.transaction()?;
            transaction.execute_batch(&sql())?;
            meta::put(&transaction, Key::Format, &format)?;
            transaction.pragma_update(None, "user_version", format)?;
            transaction.commit()?;
        }
        Ok(())
    }
}

/// `PRAGMA auto_vacuum`: free pages are given back when asked.
const INCREMENTAL: i64 = 2;

fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

/// A file that was cut short is found by its length, unless a log is there to make it longer.
fn is_all_there(db: &Connection, path: &Path) -> Result<(), Trouble> {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |it| it.len());
    if length(&files::with_suffix(path, "-wal")) > 0 {
        return Ok(());
    }
    let number = |sql| db.query_row(sql, [], |row| row.get::<_, u32>(0));
    let pages = u64::from(number("PRAGMA page_count")?);
    if pages * u64::from(number("PRAGMA page_size")?) > length(path) {
        return Err(Trouble::Damaged("the file was cut short".to_owned()));
    }
    Ok(())
}

fn quick_check(db: &Connection, table: Option<&str>) -> Result<(), Trouble> {
    let sql = match table {
        Some(table) => format!("PRAGMA quick_check('{}')", table.replace('\'', "''")),
        None => "PRAGMA quick_check(1)".to_owned(),
    };
    let verdict: String = db.query_row(&sql, [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Trouble::Damaged(verdict)) }
}

/// How long to wait for somebody else's lock (a person looking with another program).
const BUSY: Duration = Duration::from_secs(2);

fn user_version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Closes a connection and says what went wrong with it.
pub(crate) fn close(db: Connection) -> rusqlite::Result<()> {
    db.close().map_err(|(_, error)| error)
}

/// All that is in `hearth.db`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Contents {
    pub(crate) home: Option<Home>,
    pub(crate) settings: Option<Settings>,
    pub(crate) rooms: Vec<Room>,
    pub(crate) devices: Vec<DeviceRecord>,
    pub(crate) open_commands: Vec<OpenCommand>,
    pub(crate) secrets: BTreeMap<DeviceId, Vec<u8>>,
    pub(crate) roles: Vec<RoleRecord>,
    pub(crate) scenes: Vec<Scene>,
    pub(crate) groups: Vec<Group>,
    pub(crate) people: Vec<Person>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) rules: SavedRules,
    /// When the copy that this is was made; `None` when it is none and never was.
    pub(crate) copied_at: Option<Timestamp>,
}

impl Contents {
    /// Reads everything and checks every row.
    pub(crate) fn load(db: &Connection) -> Result<Self, Unreadable> {
        meta::check(db)?;
        Ok(Self {
            home: meta::get(db, Key::Home)?,
            settings: meta::get(db, Key::Settings)?,
            rooms: room::load(db)?,
            devices: device::load(db)?,
            open_commands: command_journal::load_open(db)?,
            secrets: secret::load(db)?,
            roles: ROLES.load_all(db)?,
            scenes: SCENES.load_all(db)?,
            groups: GROUPS.load_all(db)?,
            people: PEOPLE.load_all(db)?,
            variables: VARIABLES.load_all(db)?,
            notices: load_notices(db)?,
            rules: load_rules(db)?,
            copied_at: meta::get(db, Key::CopiedAt)?,
        })
    }
}

fn load_notices(db: &Connection) -> Result<Vec<Notice>, Unreadable> {
    let mut notices = NOTICES.load_all(db)?;
    notices.sort_by_key(|notice| notice.at);
    Ok(notices)
}

fn load_rules(db: &Connection) -> Result<SavedRules, Unreadable> {
    rule_version::check(db)?;
    Ok(SavedRules {
        rules: RULES.load_all(db)?,
        runs: run::load(db)?,
        watches: watch::load(db)?,
        known_runs: known_run::load(db)?,
        last: load_last(db)?,
        asked: ASKED.load_all(db)?,
        seen_to: None,
    })
}

fn load_last(db: &Connection) -> Result<Vec<(RuleId, TraceHead)>, Unreadable> {
    LAST.load(db)?
        .into_iter()
        .map(|(rule, head)| Ok((At("last_trace", &rule).parse(&rule)?, head)))
        .collect()
}

/// The later of the last runs and the last non-runs, by rule.
pub(crate) fn merge_last(
    ran: Vec<(RuleId, TraceHead)>,
    not_run: Vec<(RuleId, TraceHead)>,
) -> Vec<(RuleId, TraceHead)> {
    let mut last: BTreeMap<RuleId, TraceHead> = ran.into_iter().collect();
    for (rule, head) in not_run {
        if last.get(&rule).is_none_or(|it| it.at < head.at) {
            last.insert(rule, head);
        }
    }
    last.into_iter().collect()
}

/// One number for the whole configuration (the journal and all that runs left out): two databases of the same
/// digest hold the same.
pub(crate) fn digest(db: &Connection) -> rusqlite::Result<u32> {
    let mut sum = crc32fast::Hasher::new();
    for sql in [
        "SELECT key, crc FROM meta WHERE key IN ('home', 'settings') ORDER BY key",
        "SELECT id, crc FROM room ORDER BY id",
        "SELECT id, crc FROM device ORDER BY id",
        "SELECT device, crc FROM secret ORDER BY device",
        "SELECT rule || ' ' || version, crc FROM rule_version ORDER BY rule, version",
        &ROLES.digest(),
        &SCENES.digest(),
        &GROUPS.digest(),
        &PEOPLE.digest(),
        &VARIABLES.digest(),
        &NOTICES.digest(),
        &RULES.digest(),
    ] {
        sum.update(sql.as_bytes());
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            sum.update(row.get::<_, String>(0)?.as_bytes());
            sum.update(&row.get::<_, i64>(1)?.to_le_bytes());
        }
    }
    Ok(sum.finalize())
}

/// `history.db`, opened.
pub(crate) struct History {
    pub(crate) db: Connection,
    pub(crate) contents: Heard,
    /// The name under which a damaged one is kept.
    pub(crate) lost: Option<String>,
}

/// What of `history.db` is read at start.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) reports: Vec<LastReport>,
    pub(crate) last: Vec<(RuleId, TraceHead)>,
    pub(crate) seen_to: Option<Timestamp>,
}

impl Heard {
    pub(crate) fn load(db: &Connection) -> Result<Self, Unreadable> {
        meta::check(db)?;
        Ok(Self {
            reports: last_report::load(db)?,
            last: load_last(db)?,
            seen_to: meta::get(db, Key::SeenTo)?,
        })
    }

    /// Leaves only what belongs to those devices and rules. Says whose the rest was: they were
    /// removed just before a crash.
    pub(crate) fn retain(&mut self, contents: &Contents) -> (Vec<DeviceId>, Vec<RuleId>) {
        let devices: BTreeSet<&DeviceId> = contents.devices.iter().map(|it| &it.id).collect();
        let rules: BTreeSet<&RuleId> = contents.rules.rules.iter().map(|it| &it.id).collect();
        let strays = self.reports.extract_if(.., |it| !devices.contains(&it.endpoint.device));
        let mut gone_devices: Vec<DeviceId> = strays.map(|it| it.endpoint.device).collect();
        gone_devices.dedup();
        let strays = self.last.extract_if(.., |(rule, _)| !rules.contains(rule));
        (gone_devices, strays.map(|(rule, _)| rule).collect())
    }
}

//! Tables of documents: an id and, as JSON, what it names. What is read and written whole, and
//! never searched by its contents, is kept so.

use std::fmt::Display;
use std::marker::PhantomData;

use model::rule::{Rule, TraceHead};
use model::{Asked, Group, Notice, Person, RoleRecord, Scene, Variable};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::row::{At, Checksum, Unreadable, to_json};

/// A table of documents of one kind.
pub(crate) struct Documents<T> {
    table: &'static str,
    kind: PhantomData<fn() -> T>,
}

/// Roles that are not filled as on their first day.
pub(crate) const ROLES: Documents<RoleRecord> = Documents::named("role");
/// Scenes.
pub(crate) const SCENES: Documents<Scene> = Documents::named("scene");
/// Groups.
pub(crate) const GROUPS: Documents<Group> = Documents::named("role_group");
/// People.
pub(crate) const PEOPLE: Documents<Person> = Documents::named("person");
/// Variables.
pub(crate) const VARIABLES: Documents<Variable> = Documents::named("variable");
/// Notices that were not dismissed.
pub(crate) const NOTICES: Documents<Notice> = Documents::named("notice");
/// Rules in their present version.
pub(crate) const RULES: Documents<Rule> = Documents::named("rule");
/// Missed runs that the people were asked about, by run.
pub(crate) const ASKED: Documents<Asked> = Documents::named("asked");
/// The last run of each rule (`hearth.db`), or its last non-run (`history.db`), by rule.
pub(crate) const LAST: Documents<TraceHead> = Documents::named("last_trace");

impl<T: Serialize + DeserializeOwned> Documents<T> {
    const fn named(table: &'static str) -> Self {
        Self { table, kind: PhantomData }
    }

    /// SQL that makes the table.
    pub(crate) fn create(&self) -> String {
        format!(
            "CREATE TABLE {} (
                id TEXT PRIMARY KEY NOT NULL,
                document TEXT NOT NULL,
                crc INTEGER NOT NULL
            );",
            self.table
        )
    }

    /// SQL for [`crate::database::digest`].
    pub(crate) fn digest(&self) -> String {
        format!("SELECT id, crc FROM {} ORDER BY id", self.table)
    }

    pub(crate) fn put(
        &self,
        db: &Connection,
        id: &impl Display,
        document: &T,
    ) -> rusqlite::Result<()> {
        let (id, document) = (id.to_string(), to_json(document)?);
        let crc = self.checksum(&id, &document).done();
        db.prepare_cached(&format!(
            "INSERT INTO {} (id, document, crc) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET document = excluded.document, crc = excluded.crc",
            self.table
        ))?
        .execute(params![id, document, crc])?;
        Ok(())
    }

    pub(crate) fn remove(&self, db: &Connection, id: &impl Display) -> rusqlite::Result<()> {
        db.prepare_cached(&format!("DELETE FROM {} WHERE id = ?1", self.table))?
            .execute([id.to_string()])?;
        Ok(())
    }

    pub(crate) fn get(&self, db: &Connection, id: &impl Display) -> Result<Option<T>, Unreadable> {
        let id = id.to_string();
        let row: Option<(String, i64)> = db
            .prepare_cached(&format!("SELECT document, crc FROM {} WHERE id = ?1", self.table))?
            .query_row([&id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        row.map(|(document, crc)| self.read(&id, &document, crc)).transpose()
    }

    /// Reads all, with their ids, by id.
    pub(crate) fn load(&self, db: &Connection) -> Result<Vec<(String, T)>, Unreadable> {
        let mut statement =
            db.prepare(&format!("SELECT id, document, crc FROM {} ORDER BY id", self.table))?;
        let mut rows = statement.query([])?;
        let mut documents = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, document): (String, String) = (row.get(0)?, row.get(1)?);
            let read = self.read(&id, &document, row.get(2)?)?;
            documents.push((id, read));
        }
        Ok(documents)
    }

    /// Reads all, by id.
    pub(crate) fn load_all(&self, db: &Connection) -> Result<Vec<T>, Unreadable> {
        Ok(self.load(db)?.into_iter().map(|(_, document)| document).collect())
    }

    fn read(&self, id: &str, document: &str, crc: i64) -> Result<T, Unreadable> {
        let at = At(self.table, id);
        at.check(crc, self.checksum(id, document))?;
        at.json(document)
    }

    fn checksum(&self, id: &str, document: &str) -> Checksum {
        Checksum::of(self.table).text(id).text(document)
    }
}

impl Documents<TraceHead> {
    /// Notes a head, unless a later one is noted already.
    pub(crate) fn note(
        &self,
        db: &Connection,
        rule: &impl Display,
        head: &TraceHead,
    ) -> rusqlite::Result<()> {
        let later = match self.get(db, rule) {
            Ok(noted) => noted.is_some_and(|it| it.at > head.at),
            Err(Unreadable::Sqlite(error)) => return Err(error),
            // What cannot be read is better overwritten.
            Err(_) => false,
        };
        if later { Ok(()) } else { self.put(db, rule, head) }
    }
}

//! The thread that writes `hearth.db`. It takes all that is queued, writes it in one transaction
//! (so that many small batches cost one wait for the disk), and then tells whoever handed it in.
//! What devices said goes another way ([`crate::past`]): nothing here ever waits for it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use model::rule::Run;
use model::{Change, DeviceId, RuleId, Timestamp};
use rusqlite::{Connection, Transaction};

use crate::backlog::{Backlog, Entry};
use crate::ballast::Ballast;
use crate::clock::{Clock, instant};
use crate::past::intake::Intake;
use crate::tables::document::{
    ASKED, GROUPS, LAST, NOTICES, PEOPLE, ROLES, RULES, SCENES, VARIABLES,
};
use crate::tables::meta::{self, Key};
use crate::tables::{
    command_journal, device, known_run, room, rule_version, run, secret, trace, watch,
};
use crate::{Done, StoreError, copy, database};

/// Batches that may wait for the writer.
pub(crate) const QUEUE: usize = 1_024;
/// The journal is pruned once that many commands were closed.
const PRUNE_AFTER: u32 = 256;

/// What the writer is handed.
pub(crate) enum Message {
    /// Never telemetry.
    Write {
        changes: Vec<Change>,
        done: Done,
    },
    Secret {
        device: DeviceId,
        sealed: Option<Vec<u8>>,
        done: Done,
    },
    Retry(Done),
    Close,
}

impl Message {
    /// Tells whoever handed it in that nothing will come of it.
    pub(crate) fn refuse(self, error: &StoreError) {
        match self {
            Self::Write { done, .. } | Self::Secret { done, .. } | Self::Retry(done) => {
                done(Err(error.clone()));
            }
            Self::Close => {}
        }
    }
}

/// How long things wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Telemetry, for company.
    pub(crate) company: Duration,
    /// The good copy, after the last change of configuration.
    pub(crate) copy_after: Duration,
    /// The good copy, after the first change of configuration.
    pub(crate) copy_at_most: Duration,
    /// The age of the past is judged by a clock that has not jumped for so long.
    pub(crate) settled_after: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            company: Duration::from_millis(250),
            copy_after: Duration::from_secs(60),
            copy_at_most: Duration::from_secs(600),
            settled_after: Duration::from_secs(600),
        }
    }
}

/// A batch that goes into `hearth.db`.
struct Batch {
    entries: Vec<Entry>,
    done: Done,
}

/// Why a batch was not written.
enum Refusal {
    /// It alone is at fault.
    Known(StoreError),
    /// Nothing can be written.
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error)
    }
}

/// The writer.
pub(crate) struct Writer {
    dir: PathBuf,
    home: Connection,
    /// Where what devices said goes.
    intake: Arc<Intake>,
    pace: Pace,
    ballast: Ballast,
    backlog: Backlog,
    /// When the good copy is looked at, and when at the latest.
    copy_due: Option<(Instant, Instant)>,
    clock: Clock,
    /// Commands closed since the journal was pruned.
    closed: u32,
}

impl Writer {
    pub(crate) fn new(
        dir: &Path,
        home: Connection,
        intake: Arc<Intake>,
        now: Timestamp,
        pace: Pace,
    ) -> Self {
        let since = instant();
        Self {
            dir: dir.to_owned(),
            home,
            intake,
            pace,
            ballast: Ballast::of(dir),
            backlog: Backlog::default(),
            copy_due: Some((since + pace.copy_after, since + pace.copy_at_most)),
            clock: Clock::at(now),
            closed: PRUNE_AFTER,
        }
    }

    /// Works until it is told to close, or nobody is left to tell it anything.
    pub(crate) fn run(mut self, messages: &Receiver<Message>) {
        self.ballast.take_on();
        let mut open = true;
        while open {
            let mut batches = Vec::new();
            let mut asking = Vec::new();
            for message in self.gather(messages, &mut open) {
                self.sort(message, &mut batches, &mut asking);
            }
            let written = self.write_home(batches, &asking);
            self.answer(asking, &written);
            self.look_after(!open);
        }
        for message in messages.try_iter() {
            message.refuse(&StoreError::Closed);
        }
        self.close();
    }

    /// Waits for the next message or deadline and takes along all that is queued.
    fn gather(&self, messages: &Receiver<Message>, open: &mut bool) -> Vec<Message> {
        let copy_due = self.copy_due.map(|(due, latest)| due.min(latest));
        let first = match copy_due {
            Some(due) => messages.recv_timeout(due.saturating_duration_since(instant())),
            None => messages.recv().map_err(RecvTimeoutError::from),
        };
        let first = match first {
            Ok(first) => first,
            Err(RecvTimeoutError::Timeout) => return Vec::new(),
            Err(RecvTimeoutError::Disconnected) => {
                *open = false;
                return Vec::new();
            }
        };
        let mut taken = vec![first];
        while taken.len() < QUEUE && !matches!(taken.last(), Some(Message::Close)) {
            match messages.try_recv() {
                Ok(message) => taken.push(message),
                Err(_) => break,
            }
        }
        *open = !matches!(taken.last(), Some(Message::Close));
        taken
    }

    fn sort(&mut self, message: Message, batches: &mut Vec<Batch>, asking: &mut Vec<Done>) {
        match message {
            Message::Write { changes, done } => self.sort_changes(changes, done, batches),
            Message::Secret { device, sealed, done } => {
                batches.push(Batch { entries: vec![Entry::Secret(device, sealed)], done });
            }
            Message::Retry(done) => asking.push(done),
            Message::Close => {}
        }
    }

    fn sort_changes(&mut self, changes: Vec<Change>, done: Done, batches: &mut Vec<Batch>) {
        changes.iter().for_each(|change| self.heed(change));
        batches.push(Batch { entries: changes.into_iter().map(Entry::Change).collect(), done });
    }

    /// What a change means for everything but its own row.
    fn heed(&mut self, change: &Change) {
        match change {
            Change::CommandOpened(_, at) => self.clock.heard(*at),
            Change::CommandClosed(_, _, at) => {
                self.clock.heard(*at);
                self.closed = self.closed.saturating_add(1);
            }
            _ => {}
        }
    }

    /// Writes what is kept from before and the new batches, in one transaction.
    fn write_home(&mut self, batches: Vec<Batch>, asking: &[Done]) -> Result<(), StoreError> {
        if batches.is_empty() && (asking.is_empty() || self.backlog.is_empty()) {
            return Ok(());
        }
        let mut result = self.commit_home(&batches);
        if matches!(result, Err(StoreError::DiskFull(_))) && self.ballast.give_up() {
            tracing::warn!("the disk is full; the ballast is given up");
            result = self.commit_home(&batches);
        }
        match result {
            Ok(outcomes) => {
                self.written(batches, outcomes);
                Ok(())
            }
            Err(error) => {
                self.not_written(batches, &error);
                Err(error)
            }
        }
    }

    fn commit_home(
        &mut self,
        batches: &[Batch],
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        let mut transaction = self.home.transaction()?;
        for entry in self.backlog.iter() {
            // A refusal for its own fault cannot be: commands are not kept.
            match apply(&transaction, entry) {
                Ok(()) | Err(Refusal::Known(_)) => {}
                Err(Refusal::Failed(error)) => return Err(error.into()),
            }
        }
        let mut outcomes = Vec::with_capacity(batches.len());
        for batch in batches {
            outcomes.push(write_batch(&mut transaction, batch)?);
        }
        transaction.commit()?;
        Ok(outcomes)
    }

    fn written(&mut self, batches: Vec<Batch>, outcomes: Vec<Result<(), StoreError>>) {
        let touched = |it: &Entry| it.is_configuration();
        if self.backlog.iter().any(touched)
            || batches.iter().any(|it| it.entries.iter().any(touched))
        {
            self.copy_later();
        }
        self.backlog.clear();
        for (batch, outcome) in batches.into_iter().zip(outcomes) {
            (batch.done)(outcome);
        }
    }

    fn not_written(&mut self, batches: Vec<Batch>, error: &StoreError) {
        tracing::error!(%error, "nothing could be written");
        for batch in batches {
            if error.is_worth_retrying() {
                batch.entries.into_iter().for_each(|entry| self.backlog.keep(entry));
            }
            (batch.done)(Err(error.clone()));
        }
    }

    /// Tells those who asked to try again whether anything is left, once what devices said is
    /// written too.
    fn answer(&mut self, asking: Vec<Done>, written: &Result<(), StoreError>) {
        if asking.is_empty() {
            return;
        }
        let result = written.clone().and_then(|()| self.try_to_write());
        for done in asking {
            let result = result.clone();
            self.intake.ask(Box::new(move |history| done(result.and(history))));
        }
    }

    /// Finds out whether the disk takes anything at all: with nothing left to write, nothing else
    /// would tell.
    fn try_to_write(&mut self) -> Result<(), StoreError> {
        let transaction = self.home.transaction()?;
        let format: Option<i64> = meta::get(&transaction, Key::Format)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        meta::put(&transaction, Key::Format, &format.unwrap_or(database::HOME.format()))?;
        Ok(transaction.commit()?)
    }

    fn copy_later(&mut self) {
        let now = instant();
        let latest = self.copy_due.map_or(now + self.pace.copy_at_most, |(_, latest)| latest);
        self.copy_due = Some((now + self.pace.copy_after, latest));
    }

    /// The chores: prune the journal, refresh the good copy, take on ballast.
    fn look_after(&mut self, closing: bool) {
        if self.closed >= PRUNE_AFTER {
            self.closed = 0;
            let now = self.clock.now();
            if let Err(error) = command_journal::prune(&self.home, now) {
                tracing::warn!(%error, "the journal could not be pruned");
            }
        }
        let due = self.copy_due.is_some_and(|(due, latest)| due.min(latest) <= instant());
        if due || (closing && self.copy_due.is_some()) {
            self.copy_due = None;
            self.refresh_copy();
            self.ballast.take_on();
        }
    }

    fn refresh_copy(&mut self) {
        match copy::refresh(&self.home, &self.dir, self.clock.now(), &mut |_| Ok(())) {
            Ok(anew) => tracing::debug!(anew, "the good copy is up to date"),
            Err(error) => {
                tracing::warn!(%error, "the good copy could not be made");
                self.copy_later();
            }
        }
    }

    fn close(self) {
        if let Err(error) = database::close(self.home) {
            tracing::warn!(%error, "the database could not be closed");
        }
    }
}

/// Writes one batch or, for its own fault, nothing of it.
fn write_batch(
    transaction: &mut Transaction<'_>,
    batch: &Batch,
) -> rusqlite::Result<Result<(), StoreError>> {
    let savepoint = transaction.savepoint()?;
    for entry in &batch.entries {
        match apply(&savepoint, entry) {
            Ok(()) => {}
            Err(Refusal::Failed(error)) => return Err(error),
            Err(Refusal::Known(error)) => {
                savepoint.finish()?;
                return Ok(Err(error));
            }
        }
    }
    savepoint.commit()?;
    Ok(Ok(()))
}

fn apply(db: &Connection, entry: &Entry) -> Result<(), Refusal> {
    match entry {
        Entry::Secret(device, Some(sealed)) => secret::put(db, device, sealed)?,
        Entry::Secret(device, None) => secret::remove(db, device)?,
        Entry::Change(change) => apply_change(db, change)?,
    }
    Ok(())
}

fn apply_change(db: &Connection, change: &Change) -> Result<(), Refusal> {
    match change {
        Change::Home(home) => meta::put(db, Key::Home, home)?,
        Change::Settings(settings) => meta::put(db, Key::Settings, settings)?,
        Change::Room(it) => room::put(db, it)?,
        Change::RoomGone(id) => room::remove(db, id)?,
        Change::Device(it) => device::put(db, it)?,
        Change::DeviceGone(id) => {
            device::remove(db, id)?;
            secret::remove(db, id)?;
        }
        Change::CommandOpened(command, at) => {
            if !command_journal::open(db, command, *at)? {
                return Err(Refusal::Known(StoreError::Duplicate(command.id.clone())));
            }
        }
        Change::CommandClosed(id, outcome, at) => command_journal::close(db, id, outcome, *at)?,
        Change::Role(it) => ROLES.put(db, &it.id, it)?,
        Change::RoleGone(id) => ROLES.remove(db, id)?,
        Change::Scene(it) => SCENES.put(db, &it.id, it)?,
        Change::SceneGone(id) => SCENES.remove(db, id)?,
        Change::Group(it) => GROUPS.put(db, &it.id, it)?,
        Change::GroupGone(id) => GROUPS.remove(db, id)?,
        Change::Person(it) => PEOPLE.put(db, &it.id, it)?,
        Change::PersonGone(id) => PEOPLE.remove(db, id)?,
        Change::Variable(it) => VARIABLES.put(db, &it.id, it)?,
        Change::VariableGone(id) => VARIABLES.remove(db, id)?,
        Change::Notice(it) => NOTICES.put(db, &it.id, it)?,
        Change::NoticeGone(id) => NOTICES.remove(db, id)?,
        Change::Rule(it) => {
            RULES.put(db, &it.id, it)?;
            rule_version::put(db, it)?;
        }
        Change::RuleGone(id) => remove_rule(db, id)?,
        Change::RunBegan(it) => begin(db, it)?,
        Change::RunWent(it) => go_on(db, it)?,
        Change::Watch(it) => watch::put(db, it)?,
        Change::WatchesGone(rule) => watch::remove_of(db, rule)?,
        Change::Asked(it) => ASKED.put(db, &it.run, it)?,
        Change::AskedGone(id) => ASKED.remove(db, id)?,
        // Telemetry has its own way into its own file.
        Change::Reported(_) | Change::NotRun(_) | Change::SeenTo(_) | Change::Recorded(_) => {}
    }
    Ok(())
}

fn remove_rule(db: &Connection, rule: &RuleId) -> rusqlite::Result<()> {
    RULES.remove(db, rule)?;
    LAST.remove(db, rule)?;
    rule_version::remove_of(db, rule)?;
    run::remove_of(db, rule)?;
    trace::remove_of(db, rule)?;
    known_run::remove_of(db, rule)?;
    watch::remove_of(db, rule)
}

fn begin(db: &Connection, run: &Run) -> Result<(), Refusal> {
    let (rule, id) = (&run.trace.rule, &run.trace.run);
    if run::is_open(db, id)? || !known_run::remember(db, rule, id)? {
        return Err(Refusal::Known(StoreError::KnownRun(id.clone())));
    }
    run::open(db, run)?;
    Ok(keep_run(db, run)?)
}

/// A run that was never begun here began while the disk was full: it is taken up as it is. One
/// that has ended stays as it ended.
fn go_on(db: &Connection, run: &Run) -> rusqlite::Result<()> {
    let (rule, id) = (&run.trace.rule, &run.trace.run);
    if !run::is_open(db, id)? {
        if !known_run::remember(db, rule, id)? {
            return Ok(());
        }
        run::open(db, run)?;
    }
    keep_run(db, run)
}

fn keep_run(db: &Connection, run: &Run) -> rusqlite::Result<()> {
    if run.trace.ended.is_some() {
        run::close(db, &run.trace.run)?;
        trace::keep(db, &run.trace)?;
    } else {
        run::went(db, run)?;
    }
    LAST.note(db, &run.trace.rule, &run.trace.head())
}

//! What outlives a restart: SQLite, a writer thread a database, verified copies.
//!
//! A home is a directory:
//!
//! | file | holds |
//! |---|---|
//! | `lock` | the lock of the process that has the home open |
//! | `hearth.db` | configuration, sealed secrets, rules and their runs, the journal of commands: WAL, `synchronous=FULL` |
//! | `history.db` | what devices said, last and before, and why rules did not run: WAL, `synchronous=NORMAL` |
//! | `history.suspect` | only after something in `history.db` could not be read: the next start checks all of it |
//! | `hearth.good.db` | the last good copy of `hearth.db`, verified by reading it back |
//! | `ballast` | 1 MiB of nothing, given up when the disk is full |
//! | `hearth.damaged-<ms>.db`, `history.damaged-<ms>.db` | what was found damaged, kept aside |
//! | `hearth.recovery` | only while a restore is under way: which file is being replaced |
//!
//! **What is promised.** A batch whose `done` was called with `Ok` is on the disk. Changes of
//! configuration that could not be written are kept in memory and tried again with the next
//! write; a command or the beginning of a run that could not be written down is not kept, because
//! it will not be sent and has not begun.
//! Telemetry may be lost with the last quarter of a second, and never makes anything else wait.
//! Of measurements within one second, the recorded past keeps the last. Every row carries a checksum; a
//! damaged database is put aside and the last good copy takes its place, and that is said.
//!
//! **The good copy** is looked at again, and made anew when it is no longer the same, 60 s after
//! the last change of configuration (10 minutes after the first, if they never pause), 60 s after
//! start, and at a clean close. It costs the writer some 10 ms with 1,000 devices.
//!
//! This crate never reads the wall clock, never decides what a value means, and never sees a
//! secret in the clear.
#![warn(missing_docs)]

mod backlog;
mod ballast;
mod clock;
mod copy;
mod database;
mod error;
#[cfg(test)]
mod faults;
mod files;
mod past;
mod reader;
mod recovery;
mod row;
mod tables;
mod writer;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use model::{Change, DeviceId, SavedHome, SavedRules, Timestamp};

pub use error::{Full, StoreError};
pub use reader::{PastRun, Reader};
pub use recovery::Recovery;

use past::intake::Intake;
use past::recorder::Recorder;
use writer::{Message, Pace, QUEUE, Writer};

/// Called once, on a thread of the store's, when changes are durable or will not be. It must be quick
/// and must not wait for the store.
pub type Done = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// A home's memory. Cheap to clone; nothing here blocks but [`Store::open`] and what
/// [`Store::close`] returns.
#[derive(Clone)]
pub struct Store {
    queue: SyncSender<Message>,
    intake: Arc<Intake>,
    reader: Reader,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// A home that was opened.
pub struct Opened {
    /// To write to it.
    pub store: Store,
    /// What was in it. Reports of devices that are not in the home are left out.
    pub saved: SavedHome,
    /// Sealed secrets, by device.
    pub secrets: BTreeMap<DeviceId, Vec<u8>>,
    /// The configuration was damaged, and what was done about it.
    pub recovery: Option<Recovery>,
    /// `history.db` was damaged: the name under which it was kept aside. Last values are unknown
    /// until the devices have spoken, and the recorded past begins anew; nothing else is lost.
    pub past_lost: Option<String>,
}

impl Store {
    /// Opens the home in `dir`, which is made (for its owner only) where it is missing. Checks
    /// all that is there, restores the last good copy where it is damaged, and starts the writer.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open; [`StoreError::Newer`] or
    /// [`StoreError::NotUnderstood`] when it is not for this version (nothing is touched then);
    /// else what the file system said.
    pub fn open(dir: &Path, now: Timestamp) -> Result<Opened, StoreError> {
        Self::open_at_pace(dir, now, Pace::default())
    }

    fn open_at_pace(dir: &Path, now: Timestamp, pace: Pace) -> Result<Opened, StoreError> {
        files::make_dir(dir)?;
        let lock = files::lock(dir)?;
        let home = recovery::open_home(dir, now, &mut |_| Ok(()))?;
        let history = recovery::open_history(dir, now)?;
        let (contents, mut heard, past_lost) = (home.contents, history.contents, history.lost);
        let (devices_gone, rules_gone) = heard.retain(&contents);
        let intake = Arc::new(Intake::new(pace.company));
        let past = contents.settings.as_ref().map(|it| it.past).unwrap_or_default();
        let recorder =
            Recorder::new(dir, history.db, Arc::clone(&intake), past, now, pace.settled_after);
        intake.forget(devices_gone, rules_gone);
        let recorder = std::thread::Builder::new()
            .name("store-history".to_owned())
            .spawn(move || recorder.run())?;
        let (queue, messages) = std::sync::mpsc::sync_channel(QUEUE);
        let writer = Writer::new(dir, home.db, Arc::clone(&intake), now, pace);
        let history = Arc::clone(&intake);
        let thread =
            std::thread::Builder::new().name("store-writer".to_owned()).spawn(move || {
                let _held = lock;
                writer.run(&messages);
                history.close();
                if recorder.join().is_err() {
                    tracing::error!("the thread of the history has panicked");
                }
            })?;
        let saved = SavedHome {
            home: contents.home,
            settings: contents.settings,
            rooms: contents.rooms,
            devices: contents.devices,
            reports: heard.reports,
            open_commands: contents.open_commands,
            roles: contents.roles,
            scenes: contents.scenes,
            groups: contents.groups,
            people: contents.people,
            variables: contents.variables,
            notices: contents.notices,
            rules: SavedRules {
                last: database::merge_last(contents.rules.last, heard.last),
                seen_to: heard.seen_to,
                ..contents.rules
            },
        };
        Ok(Opened {
            store: Self {
                queue,
                intake,
                reader: Reader::of(dir),
                thread: Arc::new(Mutex::new(Some(thread))),
            },
            saved,
            secrets: contents.secrets,
            recovery: home.recovery,
            past_lost,
        })
    }

    /// Writes changes, all or none, in order. `done` is called when they are durable: at once
    /// when there is anything but telemetry among them (telemetry beside it is then not waited
    /// for), within 250 ms otherwise. `Err(StoreError::Duplicate)` means that a command of that
    /// id was written down before, perhaps before the last restart, and nothing of the batch was;
    /// `Err(StoreError::KnownRun)` means the same of a run.
    ///
    /// # Errors
    /// [`Full`] when too much is waiting; `done` is dropped uncalled then.
    pub fn write(&self, changes: Vec<Change>, done: Done) -> Result<(), Full> {
        if !changes.is_empty() && changes.iter().all(Change::is_telemetry) {
            return self.intake.take(changes, Some(done));
        }
        let (telemetry, changes) = part(changes);
        self.send(Message::Write { changes, done })?;
        if telemetry.is_empty() { Ok(()) } else { self.intake.take(telemetry, None) }
    }

    /// To look up what was recorded.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.reader.clone()
    }

    /// Keeps the sealed secret of a device, or forgets it. (A device that is gone takes its
    /// secret with it.)
    ///
    /// # Errors
    /// [`Full`] when too much is waiting; `done` is dropped uncalled then.
    pub fn keep_secret(
        &self,
        device: &DeviceId,
        sealed: Option<Vec<u8>>,
        done: Done,
    ) -> Result<(), Full> {
        self.send(Message::Secret { device: device.clone(), sealed, done })
    }

    /// Tries again what could not be written, and writes what is still waiting. `done` is told
    /// whether nothing is left to write.
    ///
    /// # Errors
    /// [`Full`] when too much is waiting; `done` is dropped uncalled then.
    pub fn retry(&self, done: Done) -> Result<(), Full> {
        self.send(Message::Retry(done))
    }

    /// Closes the home once the closure that this returns is called: it blocks until all that was
    /// handed over before is written, the good copy is up to date, and the lock is free. What is
    /// written afterwards through another clone is answered with [`StoreError::Closed`].
    #[must_use = "the store is closed by calling what this returns"]
    pub fn close(self) -> impl FnOnce() {
        move || {
            // A writer that has stopped already needs no telling.
            drop(self.queue.send(Message::Close));
            let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
            if thread.is_some_and(|thread| thread.join().is_err()) {
                tracing::error!("the store's writer has panicked");
            }
        }
    }

    fn send(&self, message: Message) -> Result<(), Full> {
        match self.queue.try_send(message) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Full),
            Err(TrySendError::Disconnected(message)) => {
                message.refuse(&StoreError::Closed);
                Ok(())
            }
        }
    }
}

/// What concerns `history.db`, and what concerns `hearth.db`; some concerns both.
fn part(changes: Vec<Change>) -> (Vec<Change>, Vec<Change>) {
    let mut telemetry = Vec::new();
    let mut others = Vec::with_capacity(changes.len());
    for change in changes {
        if change.is_telemetry() {
            telemetry.push(change);
            continue;
        }
        if matches!(change, Change::DeviceGone(_) | Change::RuleGone(_) | Change::Settings(_)) {
            telemetry.push(change.clone());
        }
        others.push(change);
    }
    (telemetry, others)
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Store").finish_non_exhaustive()
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Opened")
            .field("saved", &self.saved)
            .field("secrets", &self.secrets.len())
            .field("recovery", &self.recovery)
            .field("past_lost", &self.past_lost)
            .finish_non_exhaustive()
    }
}

//! Performs what the engine decides, in order. Decides nothing itself.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use adapters::vault::{Vault, VaultError};
use api::{Answer, ApiError, ErrorCode, Update};
use engine::{Effect, Stage, Ticket};
use model::{
    Address, Change, Command, DeviceId, FailReason, Family, IssueKind, Origin, ProbeFailure,
    Probed, Progress, Report, Secret,
};

use store::{Done, StoreError};

use crate::event::Event;
use crate::home::{OpenHome, answer};
use crate::journal::{BatchId, Settled, Unkept, Waiting};
use crate::outside::broker_secret;
use crate::probe::{Question, ask};
use crate::supervisor::{Charge, NotTaken, Supervisor};

/// How long after a failed write the next is tried.
const RETRY_WRITES: Duration = Duration::from_secs(30);

impl OpenHome {
    /// Performs effects in order; what follows from them, after them. What can be refused goes to
    /// the store with what followed from it, and with nothing else.
    pub(crate) fn perform(&mut self, effects: Vec<Effect>) {
        let mut queue = VecDeque::from(effects);
        while let Some(effect) = queue.pop_front() {
            queue.extend(self.perform_one(effect));
        }
        if self.ledger.may_be_refused() {
            self.write();
        }
    }

    fn perform_one(&mut self, effect: Effect) -> Vec<Effect> {
        match effect {
            Effect::Persist(change) => self.persist(change),
            Effect::Send(command) => return self.when_durable(Waiting::Send(command)),
            Effect::Reply(ticket, Ok(done)) => {
                return self.when_durable(Waiting::Reply(ticket, Ok(done)));
            }
            Effect::Reply(ticket, refused) => self.reply(ticket, refused),
            Effect::Publish(update) => self.news.push(Arc::new(update)),
            Effect::Drive { device, family, addresses } => self.drive(device, family, addresses),
            Effect::Undrive(device) => {
                if let Some(supervisor) = self.supervisors.remove(&device) {
                    supervisor.stop();
                }
            }
            Effect::Refresh(device) => self.with_driver(&device, Supervisor::refresh),
            Effect::TryNow(device) => self.with_driver(&device, Supervisor::try_now),
            Effect::Probe { ticket, addresses, family, expect, secret } => {
                self.probe(ticket, Question { addresses, family, expect, secret });
            }
            Effect::KeepSecret(device, secret) => self.keep_secret(device, secret),
            Effect::Unlock(ticket, passphrase) => self.unlock(ticket, passphrase),
            Effect::Switch(ticket, stage) => self.begin_switch(ticket, stage),
            Effect::RetryWrites => self.retry_writes(),
            Effect::Consult(ticket, inquiry) => {
                return self.when_durable(Waiting::Consult(ticket, inquiry));
            }
            Effect::Rehearse(ticket, rehearsing) => self.rehearse(ticket, rehearsing),
            Effect::ReadForeign(ticket, format, text, meanings) => {
                self.read_foreign(ticket, format, text, meanings);
            }
            Effect::Listen(listening) => self.listen(listening),
            Effect::WatchPhones(phones) => self.watch_phones(phones),
            Effect::KeepBrokerSecret(secret) => self.keep_secret(broker_secret(), secret),
            Effect::Notify(notice) => return self.when_durable(Waiting::Notify(notice)),
        }
        Vec::new()
    }

    fn with_driver(&self, device: &DeviceId, act: impl FnOnce(&Supervisor)) {
        if let Some(supervisor) = self.supervisors.get(device) {
            act(supervisor);
        }
    }

    pub(crate) fn reply(&mut self, ticket: Ticket, outcome: Result<Answer, ApiError>) {
        if let Some(reply) = self.replies.remove(&ticket) {
            answer(reply, outcome);
        }
    }

    fn begin_switch(&mut self, ticket: Ticket, stage: Stage) {
        if let Some(reply) = self.replies.remove(&ticket) {
            self.switch = Some((reply, stage));
        }
    }

    // --- drivers

    fn drive(&mut self, device: DeviceId, family: Family, addresses: Vec<Address>) {
        let charge = Charge {
            device: device.clone(),
            family,
            addresses,
            secret: self.secrets.source(&device),
            drivers: Arc::clone(&self.drivers),
            reports: self.outlets.reports.clone(),
        };
        let former = self.supervisors.remove(&device);
        self.supervisors.insert(device, Supervisor::start(charge, former, &self.tasks));
    }

    /// Starts the driver of a device anew, with its present secret, if it has a driver.
    fn drive_again(&mut self, device: &DeviceId) {
        if let Some(running) = self.supervisors.get(device) {
            let (family, addresses) = (running.family, running.addresses.clone());
            self.drive(device.clone(), family, addresses);
        }
    }

    fn send(&mut self, command: Command) -> Vec<Effect> {
        let outcome = match self.supervisors.get(&command.endpoint.device) {
            Some(supervisor) => supervisor.command(command),
            None => Err(NotTaken(command.into(), FailReason::Unreachable)),
        };
        match outcome {
            Ok(()) => Vec::new(),
            Err(NotTaken(command, reason)) => self.fail(*command, reason),
        }
    }

    fn fail(&mut self, command: Command, reason: FailReason) -> Vec<Effect> {
        let failed = Report::Progress(command.id, Progress::Failed(reason));
        self.engine.handle_report(&command.endpoint.device, failed, self.now())
    }

    // --- the disk

    fn when_durable(&mut self, what: Waiting) -> Vec<Effect> {
        match self.ledger.hold(what) {
            None => Vec::new(),
            Some(free) => self.release(free, &Ok(())),
        }
    }

    fn release(&mut self, what: Waiting, outcome: &Result<(), Unkept>) -> Vec<Effect> {
        match (what, outcome) {
            (Waiting::Send(command), Ok(())) => return self.send(command),
            (Waiting::Send(command), Err(_)) => {
                return self.fail(command, FailReason::NotRecorded);
            }
            (Waiting::Reply(ticket, promised), Ok(())) => self.reply(ticket, promised),
            (Waiting::Reply(ticket, _), Err(unkept)) => self.reply(ticket, Err(refusal(unkept))),
            (Waiting::Notify(notice), Ok(())) => {
                self.news.push(Arc::new(Update::Notice(notice)));
            }
            (Waiting::Notify(notice), Err(error)) => {
                tracing::error!(notice = %notice.id, %error, "A notice is not shown");
            }
            // What is on disk can be asked for, whatever became of the rest.
            (Waiting::Consult(ticket, inquiry), _) => self.consult(ticket, inquiry),
        }
        Vec::new()
    }

    /// Writes a change down with the next batch. What is refused when it was there before begins a
    /// batch of its own: a command that a person asks for, and a run, with its commands.
    fn persist(&mut self, change: Change) {
        let begins = match &change {
            Change::RunBegan(_) => true,
            Change::CommandOpened(command, _) => !matches!(command.origin, Origin::Rule(..)),
            _ => false,
        };
        if begins {
            self.write();
        }
        self.ledger.add(change);
    }

    /// Hands to the store what has gathered.
    pub(crate) fn write(&mut self) {
        if let Some((batch, changes)) = self.ledger.seal() {
            let done = self.done(move |outcome| Event::Written(batch, outcome));
            if let Err(full) = self.journal.write(changes, done) {
                self.report_later(Event::Written(batch, Err(full.into())));
            }
        }
    }

    fn done(&self, event: impl FnOnce(Result<(), Unkept>) -> Event + Send + 'static) -> Done {
        let outcomes = self.outlets.outcomes.clone();
        Box::new(move |outcome| drop(outcomes.send(event(outcome.map_err(Unkept::from)))))
    }

    /// Takes an event in after those that are queued. The loop holds the other end itself.
    fn report_later(&self, event: Event) {
        drop(self.outlets.outcomes.send(event));
    }

    /// The outcome of a batch is known.
    pub(crate) fn written(&mut self, batch: BatchId, outcome: Result<(), Unkept>) {
        for settled in self.ledger.settle(batch, outcome) {
            self.settled(settled);
        }
    }

    fn settled(&mut self, settled: Settled) {
        let Settled { binding, outcome, waiting } = settled;
        if binding || outcome.is_err() {
            self.note_writing(&outcome);
        }
        let effects = waiting.into_iter().flat_map(|what| self.release(what, &outcome)).collect();
        self.perform(effects);
    }

    /// Whether the disk can be written to is an issue that comes and goes.
    fn note_writing(&mut self, outcome: &Result<(), Unkept>) {
        match outcome {
            Ok(()) if self.retry_at.is_some() => self.retry_writes(),
            Err(Unkept::Disk(error)) if error.is_worth_retrying() => {
                tracing::error!(%error, "Nothing can be written down");
                self.retry_at = Some(self.now().uptime + RETRY_WRITES);
                self.trouble(IssueKind::CannotWrite(error.to_string()));
            }
            Err(error) => tracing::warn!(%error, "Not written down"),
            Ok(()) => {}
        }
    }

    /// Tries again to write what could not be written.
    pub(crate) fn retry_writes(&mut self) {
        if self.retry_at.is_none() {
            return;
        }
        self.retry_at = Some(self.now().uptime + RETRY_WRITES);
        if self.journal.retry(self.done(Event::Retried)).is_err() {
            tracing::debug!("The store is busy; its backlog is tried again later");
        }
    }

    /// What could not be written before is written now, or still cannot be.
    pub(crate) fn retried(&mut self, outcome: &Result<(), Unkept>) {
        if outcome.is_ok() && self.retry_at.take().is_some() {
            tracing::info!("Writing works again");
            self.trouble_over(&IssueKind::CannotWrite(String::new()));
        }
    }

    // --- strangers

    fn probe(&mut self, ticket: Ticket, question: Question) {
        self.probes += 1;
        let outcomes = self.outlets.outcomes.clone();
        let drivers = Arc::clone(&self.drivers);
        self.tasks.spawn_until_stop(async move {
            let outcome = ask(drivers.as_ref(), question).await;
            drop(outcomes.send(Event::Probed(ticket, outcome)));
        });
    }

    /// It is known who answers there.
    pub(crate) fn probed(&mut self, ticket: Ticket, outcome: Result<Probed, ProbeFailure>) {
        self.probes -= 1;
        if outcome == Err(ProbeFailure::NeedsSecret) {
            self.secret_needed();
        }
        let effects = self.engine.handle_probe(ticket, outcome, self.now());
        self.perform(effects);
    }

    // --- secrets

    fn keep_secret(&mut self, device: DeviceId, secret: Option<Secret>) {
        self.write();
        let batch = self.ledger.open_for_secret();
        self.secrets.give(device.clone(), secret.clone());
        self.secret_changed(&device);
        match (secret, self.secrets.vault()) {
            (None, _) => self.store_secret(batch, &device, None),
            (Some(secret), Some(vault)) => {
                let outcomes = self.outlets.outcomes.clone();
                self.tasks.spawn_blocking(move || {
                    let sealed = vault.seal(device.as_str(), &secret);
                    drop(outcomes.send(Event::Sealed(batch, device, sealed)));
                });
            }
            (Some(_), None) => self.sealed(batch, device, Err(VaultError::Locked)),
        }
    }

    /// Whoever uses that secret begins anew.
    fn secret_changed(&mut self, device: &DeviceId) {
        if *device == broker_secret() {
            self.connect_broker();
        } else {
            self.drive_again(device);
        }
    }

    /// A secret is sealed, or cannot be.
    pub(crate) fn sealed(
        &mut self,
        batch: BatchId,
        device: DeviceId,
        outcome: Result<Vec<u8>, VaultError>,
    ) {
        match outcome {
            Ok(sealed) => {
                self.secrets.keep(device.clone(), sealed.clone());
                self.store_secret(batch, &device, Some(sealed));
            }
            Err(error) => {
                tracing::error!(%device, %error, "A secret cannot be kept");
                self.secret_needed();
                self.written(batch, Err(Unkept::Vault(error.to_string())));
            }
        }
    }

    fn store_secret(&mut self, batch: BatchId, device: &DeviceId, sealed: Option<Vec<u8>>) {
        let done = self.done(move |outcome| Event::Written(batch, outcome));
        if let Err(full) = self.journal.keep_secret(device, sealed, done) {
            self.report_later(Event::Written(batch, Err(full.into())));
        }
    }

    fn unlock(&mut self, ticket: Ticket, passphrase: Secret) {
        let outcomes = self.outlets.outcomes.clone();
        let place = self.secrets.place();
        self.tasks.spawn_blocking(move || {
            let outcome = place.unlock(&passphrase).map(Arc::new);
            drop(outcomes.send(Event::Unlocked(ticket, outcome)));
        });
    }

    /// Somebody has typed a passphrase.
    pub(crate) fn unlocked(&mut self, ticket: Ticket, outcome: Result<Arc<Vault>, VaultError>) {
        let answer = match outcome {
            Ok(vault) => {
                self.vault_opened(vault);
                Ok(Answer::Done)
            }
            Err(error) => Err(locked_out(&error)),
        };
        self.reply(ticket, answer);
    }

    /// The vault is open, or as open as it gets.
    pub(crate) fn vault_opened(&mut self, vault: Arc<Vault>) {
        self.secrets.opened(vault);
        self.renew_status();
        match self.secrets.obstacle() {
            Some(kind) if self.secrets.any_sealed() => self.trouble(kind),
            Some(_) => {}
            None => {
                self.trouble_over(&IssueKind::SecretsLocked);
                self.trouble_over(&IssueKind::NoKeyring);
                for device in self.secrets.only_sealed() {
                    self.secret_changed(&device);
                }
            }
        }
    }
}

fn refusal(unkept: &Unkept) -> ApiError {
    let code = match unkept {
        Unkept::Disk(StoreError::Duplicate(_) | StoreError::KnownRun(_)) => ErrorCode::Duplicate,
        Unkept::Disk(_) => ErrorCode::CannotWrite,
        Unkept::Full(_) => ErrorCode::Busy,
        Unkept::Vault(_) => ErrorCode::SecretsLocked,
    };
    ApiError::new(code, unkept.to_string())
}

fn locked_out(error: &VaultError) -> ApiError {
    let code = match error {
        VaultError::WrongPassphrase => ErrorCode::WrongPassphrase,
        _ => ErrorCode::Invalid,
    };
    ApiError::new(code, error.to_string())
}

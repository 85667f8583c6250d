//! One open home: its engine, its store, its drivers, and what is on its way between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use adapters::mqtt::Heard;
use api::{Answer, ApiError, ErrorCode, HubStatus, Request, Update, Vault};
use engine::{Engine, Stage, Ticket};
use model::{DeviceId, HookId, IssueId, IssueKind, Moment, PersonId, Report, SightingChange, Zone};
use tokio::sync::mpsc;

use crate::archive::Archive;
use crate::clock::Clock;
use crate::drivers::Drivers;
use crate::event::{Event, ReplyTo};
use crate::journal::{Journal, Ledger};
use crate::outside::Outside;
use crate::past::Aside;
use crate::secrets::Secrets;
use crate::supervisor::Supervisor;
use crate::tasks::Tasks;

/// Most reports that may wait for the loop; drivers wait when there is no room.
pub(crate) const REPORTS: usize = 4_096;
/// Most sightings that may wait for the loop.
pub(crate) const SIGHTINGS: usize = 1_024;
/// Most calls of webhooks, messages of the broker, and news of phones that may wait for the loop.
pub(crate) const FROM_OUTSIDE: usize = 1_024;
/// Most strangers that are asked at the same time who they are.
const PROBES: usize = 8;

/// A home that is open.
#[derive(Debug)]
pub(crate) struct OpenHome {
    pub(crate) engine: Engine,
    pub(crate) journal: Box<dyn Journal>,
    pub(crate) archive: Arc<dyn Archive>,
    pub(crate) ledger: Ledger,
    /// When to try again to write, while writing fails.
    pub(crate) retry_at: Option<Duration>,
    pub(crate) supervisors: BTreeMap<DeviceId, Supervisor>,
    pub(crate) secrets: Secrets,
    pub(crate) replies: BTreeMap<Ticket, ReplyTo>,
    pub(crate) tickets: u64,
    pub(crate) probes: usize,
    /// Work that is done aside.
    pub(crate) aside: Aside,
    /// What is listened for besides devices.
    pub(crate) outside: Outside,
    /// Troubles of the hub itself that the engine has been told of.
    pub(crate) troubles: BTreeSet<IssueId>,
    pub(crate) status: HubStatus,
    /// What subscribers have not been told yet.
    pub(crate) news: Vec<Arc<Update>>,
    /// Somebody wants to be in the other home.
    pub(crate) switch: Option<(ReplyTo, Stage)>,
    pub(crate) inlets: Inlets,
    pub(crate) outlets: Outlets,
    pub(crate) drivers: Arc<dyn Drivers>,
    pub(crate) tasks: Tasks,
    pub(crate) clock: Clock,
    /// Keeps the simulated devices alive; held, never read.
    pub(crate) simulation: Option<Simulation>,
}

/// Simulated devices; they stop when this is dropped.
pub(crate) struct Simulation(
    #[expect(dead_code, reason = "held, never read")] pub(crate) Box<dyn Send>,
);

impl std::fmt::Debug for Simulation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Simulation")
    }
}

/// Where this home's events come out.
#[derive(Debug)]
pub(crate) struct Inlets {
    pub(crate) reports: mpsc::Receiver<(DeviceId, Report)>,
    pub(crate) sightings: mpsc::Receiver<SightingChange>,
    pub(crate) hooks: mpsc::Receiver<HookId>,
    pub(crate) broker: mpsc::Receiver<Heard>,
    pub(crate) phones: mpsc::Receiver<(PersonId, bool)>,
    pub(crate) outcomes: mpsc::UnboundedReceiver<Event>,
}

/// Where this home's events go in.
#[derive(Debug)]
pub(crate) struct Outlets {
    pub(crate) reports: mpsc::Sender<(DeviceId, Report)>,
    pub(crate) sightings: mpsc::Sender<SightingChange>,
    pub(crate) hooks: mpsc::Sender<HookId>,
    pub(crate) broker: mpsc::Sender<Heard>,
    pub(crate) phones: mpsc::Sender<(PersonId, bool)>,
    /// Outcomes of what the loop itself has begun: never more than it has begun, which is bounded
    /// by the store's queue, by the number of probes and by the requests taken in. The store's
    /// thread must never wait for the loop.
    pub(crate) outcomes: mpsc::UnboundedSender<Event>,
}

/// Both ends.
pub(crate) fn channels() -> (Outlets, Inlets) {
    let (reports, reports_in) = mpsc::channel(REPORTS);
    let (sightings, sightings_in) = mpsc::channel(SIGHTINGS);
    let (hooks, hooks_in) = mpsc::channel(FROM_OUTSIDE);
    let (broker, broker_in) = mpsc::channel(FROM_OUTSIDE);
    let (phones, phones_in) = mpsc::channel(FROM_OUTSIDE);
    let (outcomes, outcomes_in) = mpsc::unbounded_channel();
    let inlets = Inlets {
        reports: reports_in,
        sightings: sightings_in,
        hooks: hooks_in,
        broker: broker_in,
        phones: phones_in,
        outcomes: outcomes_in,
    };
    (Outlets { reports, sightings, hooks, broker, phones, outcomes }, inlets)
}

impl OpenHome {
    /// Takes in one event of this home. Subscriptions and the stop are the loop's.
    pub(crate) fn handle(&mut self, event: Event) {
        let now = self.now();
        match event {
            Event::Request(request, reply) => self.request(request, reply),
            Event::Report(device, report) => self.report(&device, report),
            Event::Sighting(change) => {
                let effects = self.engine.handle_sighting(change, now);
                self.perform(effects);
            }
            Event::Hook(hook) => {
                let effects = self.engine.handle_hook(&hook, now);
                self.perform(effects);
            }
            Event::Hooks(port, outcome) => self.hooks_are(port, outcome),
            Event::Broker(heard) => self.broker_said(heard),
            Event::Phone(person, is_there) => {
                let effects = self.engine.handle_phone(&person, is_there, now);
                self.perform(effects);
            }
            Event::Answered(ticket, work, outcome) => self.answered(ticket, work, outcome),
            Event::Probed(ticket, outcome) => self.probed(ticket, outcome),
            Event::Written(batch, outcome) => self.written(batch, outcome),
            Event::Retried(outcome) => self.retried(&outcome),
            Event::VaultOpened(vault) => self.vault_opened(vault),
            Event::Unlocked(ticket, outcome) => self.unlocked(ticket, outcome),
            Event::Sealed(batch, device, outcome) => self.sealed(batch, device, outcome),
            Event::Timeout => self.timeout(),
            Event::Subscribe(_) | Event::Stop => {}
        }
    }

    /// The present.
    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// When the loop has to wake up at the latest.
    pub(crate) fn wake_at(&self) -> Option<Duration> {
        [self.engine.poll_timeout(), self.retry_at].into_iter().flatten().min()
    }

    fn request(&mut self, request: Request, reply: ReplyTo) {
        if let Err(error) = self.admit(&request) {
            return answer(reply, Err(error));
        }
        let ticket = Ticket(self.tickets);
        self.tickets += 1;
        self.replies.insert(ticket, reply);
        let effects = self.engine.handle_request(ticket, request, self.now());
        self.perform(effects);
    }

    /// Refuses what the hub knows it cannot do, before anything is begun.
    fn admit(&mut self, request: &Request) -> Result<(), ApiError> {
        let secret = match request {
            Request::Add { secret, .. } | Request::SetSecret { secret, .. } => {
                if self.probes >= PROBES {
                    let words = "too many devices are being added at the same time; try again";
                    return Err(ApiError::new(ErrorCode::Busy, words));
                }
                secret
            }
            Request::SetBroker { secret, .. } => secret,
            _ => return Ok(()),
        };
        if secret.is_some() { self.admit_secret() } else { Ok(()) }
    }

    fn admit_secret(&mut self) -> Result<(), ApiError> {
        if self.secrets.vault().is_none() {
            let words = "the keyring is still being opened; try again";
            return Err(ApiError::new(ErrorCode::Busy, words));
        }
        match self.secrets.obstacle() {
            None => Ok(()),
            Some(kind) => {
                self.trouble(kind);
                let words = "secrets cannot be kept here until the passphrase is given";
                Err(ApiError::new(ErrorCode::SecretsLocked, words))
            }
        }
    }

    fn report(&mut self, device: &DeviceId, report: Report) {
        if let Some(supervisor) = self.supervisors.get_mut(device) {
            supervisor.note(device, &report);
        }
        if matches!(report, Report::Lost(model::Cause::NeedsSecret | model::Cause::SecretsLocked)) {
            self.secret_needed();
        }
        let effects = self.engine.handle_report(device, report, self.now());
        self.perform(effects);
    }

    /// A secret is needed: what stands between, if anything does, is worth an issue now.
    pub(crate) fn secret_needed(&mut self) {
        if let Some(kind) = self.secrets.obstacle() {
            self.trouble(kind);
        }
    }

    fn timeout(&mut self) {
        let now = self.now();
        if self.retry_at.is_some_and(|at| at <= now.uptime) {
            self.retry_writes();
        }
        if self.engine.poll_timeout().is_some_and(|at| at <= now.uptime) {
            let effects = self.engine.handle_timeout(now);
            self.perform(effects);
        }
    }

    /// The hub itself is in trouble.
    pub(crate) fn trouble(&mut self, kind: IssueKind) {
        if self.troubles.insert(kind.id()) {
            let effects = self.engine.handle_trouble(kind, self.now());
            self.perform(effects);
        }
    }

    /// A trouble that is known is another one now: another reason of the same failure.
    pub(crate) fn trouble_changed(&mut self, kind: IssueKind) {
        self.troubles.insert(kind.id());
        let effects = self.engine.handle_trouble(kind, self.now());
        self.perform(effects);
    }

    /// And no longer.
    pub(crate) fn trouble_over(&mut self, kind: &IssueKind) {
        let id = kind.id();
        if self.troubles.remove(&id) {
            let effects = self.engine.handle_trouble_over(&id, self.now());
            self.perform(effects);
        }
    }

    /// Says how the hub is, where that has changed.
    pub(crate) fn renew_status(&mut self) {
        let status = HubStatus {
            vault: self.secrets.state(),
            zone: system_zone(),
            webhooks: self.outside.addresses(),
            ..self.status.clone()
        };
        if status != self.status {
            self.status = status.clone();
            let effects = self.engine.handle_status(status);
            self.perform(effects);
        }
    }

    /// Answers everyone who still waits, when this home closes.
    pub(crate) fn dismiss(&mut self, words: &str) {
        for (_, reply) in std::mem::take(&mut self.replies) {
            answer(reply, Err(ApiError::new(ErrorCode::Stopped, words)));
        }
    }
}

/// How the hub is at the start: the vault is not open yet.
pub(crate) fn first_status(stage: Stage, offered: bool, discovering: bool) -> HubStatus {
    let sandbox = matches!(stage, Stage::Sandbox(_));
    HubStatus {
        sandbox,
        sandbox_offered: offered,
        discovering,
        vault: Vault::Locked,
        zone: system_zone(),
        webhooks: Vec::new(),
    }
}

/// The time zone that this computer is set to; universal time where it does not say.
fn system_zone() -> Zone {
    let name = iana_time_zone::get_timezone().ok();
    name.and_then(|it| Zone::try_from(it).ok()).unwrap_or_else(Zone::utc)
}

/// Answers a request. Who asked may have left.
pub(crate) fn answer(reply: ReplyTo, outcome: Result<Answer, ApiError>) {
    if reply.send(outcome).is_err() {
        tracing::debug!("Nobody waits for this answer any more");
    }
}

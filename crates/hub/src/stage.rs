//! Opens and closes homes: the real one, or the simulated one beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use adapters::discovery::{Discovery, Scope};
use adapters::vault::Keyring;
use engine::{Effect, Engine, Stage};
use model::{Change, DeviceId, IssueKind, SavedHome, Secret};
use store::{Done, Full, Opened, Store, StoreError};
use tokio_util::sync::CancellationToken;

use crate::archive::Archive;
use crate::clock::Clock;
use crate::drivers::Drivers;
use crate::event::Event;
use crate::home::{Inlets, OpenHome, Outlets, Simulation, channels, first_status};
use crate::journal::{Journal, Ledger};
use crate::lock::create_private_dir;
use crate::outside::{Outside, client_name};
use crate::past::Aside;
use crate::secrets::{Secrets, VaultPlace};
use crate::simulation::{Simulated, Simulator, furnish};
use crate::tasks::Tasks;
use crate::{Config, StartError};

/// How long drivers may take to end their connections in good order.
const DRIVERS_END: Duration = Duration::from_secs(2);
/// How long the disk may take to flush.
const FLUSH: Duration = Duration::from_millis(2_500);
/// Where the simulated home lives, under the home's directory.
const SANDBOX: &str = "sandbox";

/// Everything needed to open either home, again and again.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) dir: PathBuf,
    pub(crate) discovery: Option<Scope>,
    pub(crate) simulator: Option<Arc<dyn Simulator>>,
    pub(crate) keyring: Keyring,
    pub(crate) passphrase: Option<Secret>,
    pub(crate) drivers: Arc<dyn Drivers>,
    pub(crate) clock: Clock,
    pub(crate) stop: CancellationToken,
}

/// What was on disk, and how to write there.
pub(crate) struct Loaded {
    pub(crate) journal: Box<dyn Journal>,
    pub(crate) saved: SavedHome,
    pub(crate) secrets: BTreeMap<DeviceId, Vec<u8>>,
    pub(crate) archive: Arc<dyn Archive>,
    pub(crate) troubles: Vec<IssueKind>,
}

impl Setup {
    /// What a configuration comes to.
    pub(crate) fn new(config: Config, drivers: Arc<dyn Drivers>, clock: Clock) -> Self {
        let Config { dir, discovery, stage: _, simulator, keyring, passphrase } = config;
        let stop = CancellationToken::new();
        Self { dir, discovery, simulator, keyring, passphrase, drivers, clock, stop }
    }

    /// Opens a home: the disk, the simulation if it is simulated, the engine, drivers, discovery.
    pub(crate) async fn open(&self, stage: Stage) -> Result<OpenHome, StartError> {
        let simulated = self.simulate(stage).await?;
        let dir = self.dir_of(stage);
        let now = self.clock.now().wall;
        let opening = tokio::task::spawn_blocking(move || load(&dir, now));
        let loaded = opening.await.map_err(|error| StartError::Panicked(error.to_string()))??;
        Ok(self.assemble(stage, loaded, simulated))
    }

    fn dir_of(&self, stage: Stage) -> PathBuf {
        match stage {
            Stage::Real => self.dir.clone(),
            Stage::Sandbox(_) => self.dir.join(SANDBOX),
        }
    }

    async fn simulate(&self, stage: Stage) -> Result<Option<Simulated>, StartError> {
        let Stage::Sandbox(devices) = stage else { return Ok(None) };
        let simulator = self.simulator.as_ref().ok_or(StartError::NoSimulator)?;
        simulator.start(devices).await.map(Some).map_err(StartError::Simulator)
    }

    /// Puts a home together from what was loaded, and sets it going.
    pub(crate) fn assemble(
        &self,
        stage: Stage,
        loaded: Loaded,
        simulated: Option<Simulated>,
    ) -> OpenHome {
        let Loaded { journal, mut saved, secrets, archive, troubles } = loaded;
        let now = self.clock.now();
        let mut furniture = Vec::new();
        let mut given = BTreeMap::new();
        let simulation = simulated.map(|simulated| {
            furniture = furnish(&mut saved, &simulated.devices, now.wall);
            given = secrets_of(&saved, &simulated);
            Simulation(simulated.running)
        });
        let place = VaultPlace {
            dir: self.dir_of(stage),
            keyring: self.keyring,
            passphrase: self.passphrase.clone(),
        };
        let scope = self.scope(stage);
        let status = first_status(stage, self.simulator.is_some(), scope.is_some());
        let (engine, effects) = Engine::new(saved, status.clone(), now);
        let (outlets, inlets) = channels();
        let secrets = Secrets::new(place, secrets, given);
        let mut home = self.empty(engine, (journal, archive), secrets, (outlets, inlets));
        home.outside.client = client_name(&self.dir_of(stage));
        home.status = status;
        home.simulation = simulation;
        home.perform(furniture.into_iter().map(Effect::Persist).collect());
        home.perform(effects);
        for kind in troubles {
            home.trouble(kind);
        }
        home.open_vault();
        home.discover(scope);
        home.write();
        home
    }

    fn empty(
        &self,
        engine: Engine,
        (journal, archive): (Box<dyn Journal>, Arc<dyn Archive>),
        secrets: Secrets,
        (outlets, inlets): (Outlets, Inlets),
    ) -> OpenHome {
        OpenHome {
            status: engine.snapshot().status,
            engine,
            journal,
            archive,
            ledger: Ledger::default(),
            retry_at: None,
            supervisors: BTreeMap::new(),
            secrets,
            replies: BTreeMap::new(),
            tickets: 0,
            probes: 0,
            aside: Aside::default(),
            outside: Outside::default(),
            troubles: BTreeSet::new(),
            news: Vec::new(),
            switch: None,
            inlets,
            outlets,
            drivers: Arc::clone(&self.drivers),
            tasks: Tasks::new(self.stop.child_token()),
            clock: self.clock,
            simulation: None,
        }
    }

    /// The simulated home is looked for on this machine alone.
    fn scope(&self, stage: Stage) -> Option<Scope> {
        match stage {
            Stage::Real => self.discovery,
            Stage::Sandbox(_) => self.discovery.map(|_| Scope::LoopbackOnly),
        }
    }
}

/// The simulator tells the secrets of the devices that are in the home; those of the others are
/// for people to type.
fn secrets_of(saved: &SavedHome, simulated: &Simulated) -> BTreeMap<DeviceId, Secret> {
    let in_home: BTreeSet<&DeviceId> = saved.devices.iter().map(|it| &it.id).collect();
    let devices = simulated.devices.iter().filter(|it| in_home.contains(&it.id));
    devices.filter_map(|it| Some((it.id.clone(), it.secret.clone()?))).collect()
}

/// Reads a home from disk. Blocks.
fn load(dir: &std::path::Path, now: model::Timestamp) -> Result<Loaded, StartError> {
    create_private_dir(dir).map_err(StartError::Directory)?;
    let Opened { store, saved, secrets, recovery, past_lost } = Store::open(dir, now)?;
    let restored =
        recovery.map(|it| IssueKind::DatabaseRestored { copied_at: it.copied_at, kept: it.kept });
    let lost = past_lost.map(IssueKind::PastLost);
    let troubles = restored.into_iter().chain(lost).collect();
    let archive = Arc::new(store.reader());
    Ok(Loaded { journal: Box::new(store), saved, secrets, archive, troubles })
}

impl OpenHome {
    /// Keyrings can take their time; devices that need no secret do not wait for them.
    fn open_vault(&self) {
        let place = self.secrets.place();
        let outcomes = self.outlets.outcomes.clone();
        self.tasks.spawn_blocking(move || {
            drop(outcomes.send(Event::VaultOpened(Arc::new(place.open()))));
        });
    }

    fn discover(&mut self, scope: Option<Scope>) {
        let Some(scope) = scope else { return };
        let sightings = self.outlets.sightings.clone();
        match Discovery::start(scope, sightings, self.tasks.token()) {
            Ok(running) => {
                self.tasks.spawn(running);
            }
            Err(error) => {
                tracing::error!(%error, "Discovery does not work here");
                self.status.discovering = false;
                let effects = self.engine.handle_status(self.status.clone());
                self.perform(effects);
                self.trouble(IssueKind::DiscoveryFailed(error.to_string()));
            }
        }
    }

    /// Closes the home in good order: drivers stop, what they still said is taken in, the store
    /// flushes. False when something took too long.
    pub(crate) async fn close(mut self) -> bool {
        self.tasks.stop();
        self.supervisors.clear();
        let ended = self.drivers_end().await;
        self.drain();
        self.write();
        let journal = std::mem::replace(&mut self.journal, Box::new(Closed));
        let flushing = tokio::task::spawn_blocking(journal.close());
        let flushed = tokio::time::timeout(FLUSH, flushing).await;
        self.drain();
        self.dismiss("this home was closed before it was done");
        ended && matches!(flushed, Ok(Ok(())))
    }

    /// Takes in reports while drivers end, so that none of them waits for room.
    async fn drivers_end(&mut self) -> bool {
        let tasks = self.tasks.clone();
        let ended = tasks.ended_within(DRIVERS_END);
        tokio::pin!(ended);
        loop {
            let report = tokio::select! {
                ended = &mut ended => return ended,
                Some((device, report)) = self.inlets.reports.recv() => (device, report),
            };
            self.handle(Event::Report(report.0, report.1));
        }
    }

    fn drain(&mut self) {
        while let Ok((device, report)) = self.inlets.reports.try_recv() {
            self.handle(Event::Report(device, report));
        }
        while let Ok(event) = self.inlets.outcomes.try_recv() {
            self.handle(event);
        }
    }
}

/// A store after its end.
#[derive(Debug)]
struct Closed;

impl Journal for Closed {
    fn write(&self, _changes: Vec<Change>, done: Done) -> Result<(), Full> {
        done(Err(StoreError::Closed));
        Ok(())
    }

    fn keep_secret(&self, _: &DeviceId, _: Option<Vec<u8>>, done: Done) -> Result<(), Full> {
        done(Err(StoreError::Closed));
        Ok(())
    }

    fn retry(&self, done: Done) -> Result<(), Full> {
        done(Err(StoreError::Closed));
        Ok(())
    }

    fn close(self: Box<Self>) -> Box<dyn FnOnce() + Send> {
        Box::new(|| ())
    }
}

//! Drivers, a disk and a clock in the hands of a test.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use adapters::vault::Keyring;
use adapters::{Link, Order};
use api::{Answer, ApiError, Batch, HomeView, PastRun, Request, Update};
use engine::Stage;
use futures_util::future::BoxFuture;
use model::rule::RuleVersion;
use model::{
    Action, Address, Category, Cause, Change, Charted, CommandId, DeviceDescription, DeviceId,
    DeviceRecord, EndpointDescription, EndpointId, EndpointKind, Family, Home, ProbeFailure,
    Probed, Record, Report, RuleId, RunId, SavedHome, Secret, Series, Source, Spec, Timestamp,
    Value,
};
use store::{Done, Full, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::archive::Archive;
use crate::clock::Clock;
use crate::drivers::Drivers;
use crate::journal::Journal;
use crate::secrets::SecretSource;
use crate::stage::{Loaded, Setup};
use crate::supervisor::Charge;
use crate::{Config, Hub, Subscription};

/// Long on the held clock, nothing on the wall's.
const LONG: Duration = Duration::from_secs(120);

/// One call of `drive`, in the hands of the test.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) device: DeviceId,
    pub(super) address: Address,
    pub(super) secret: Option<Secret>,
    reports: mpsc::Sender<(DeviceId, Report)>,
    orders: mpsc::UnboundedReceiver<Order>,
    end: oneshot::Sender<Cause>,
}

impl Connection {
    pub(super) async fn report(&self, report: Report) {
        self.reports.send((self.device.clone(), report)).await.unwrap();
    }

    /// It is there, and it is a lamp.
    pub(super) async fn come_up(&self) {
        self.report(Report::Reached(self.address.clone())).await;
        self.report(Report::Described(lamp())).await;
        self.say(false).await;
    }

    pub(super) async fn say(&self, on: bool) {
        let values = vec![("switch-0".parse().unwrap(), Value::OnOff(on))];
        self.report(Report::Values(Source::Pushed, values)).await;
    }

    pub(super) async fn order(&mut self) -> Order {
        timeout(LONG, self.orders.recv()).await.expect("an order in time").expect("an order")
    }

    pub(super) fn no_order(&mut self) -> bool {
        self.orders.try_recv().is_err()
    }

    pub(super) fn end(self, cause: Cause) {
        self.end.send(cause).unwrap();
    }
}

/// What fake drivers do with one connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Manner {
    /// What the test says.
    Obedient,
    /// Never read an order.
    Busy,
    /// Never stop.
    Deaf,
    /// Break at once.
    Panicking,
}

#[derive(Debug)]
pub(super) struct FakeDrivers {
    pub(super) manner: Manner,
    connections: mpsc::UnboundedSender<Connection>,
    pub(super) probes: Result<Probed, ProbeFailure>,
}

impl FakeDrivers {
    pub(super) fn new(manner: Manner) -> (Arc<Self>, mpsc::UnboundedReceiver<Connection>) {
        let (connections, opened) = mpsc::unbounded_channel();
        let probed = Probed {
            device: id("shelly-2"),
            family: Family::Shelly,
            address: address(2),
            description: lamp(),
        };
        (Arc::new(Self { manner, connections, probes: Ok(probed) }), opened)
    }
}

impl Drivers for FakeDrivers {
    fn drive<'a>(&'a self, _: Family, link: Link<'a>) -> BoxFuture<'a, Cause> {
        Box::pin(async move {
            let (forward, orders) = mpsc::unbounded_channel();
            let (end, mut ended) = oneshot::channel();
            let connection = Connection {
                device: link.device,
                address: link.address,
                secret: link.secret,
                reports: link.reports,
                orders,
                end,
            };
            self.connections.send(connection).ok();
            assert!(self.manner != Manner::Panicking, "a driver breaks");
            if self.manner == Manner::Deaf {
                return std::future::pending().await;
            }
            loop {
                tokio::select! {
                    biased;
                    () = link.stop.cancelled() => return Cause::SaidGoodbye,
                    cause = &mut ended => return cause.unwrap_or(Cause::NoAnswer),
                    Some(order) = link.orders.recv(), if self.manner != Manner::Busy => {
                        forward.send(order).ok();
                    }
                }
            }
        })
    }

    fn probe<'a>(
        &'a self,
        _: &'a Address,
        _: Option<Family>,
        _: Option<&'a Secret>,
    ) -> BoxFuture<'a, Result<Probed, ProbeFailure>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            self.probes.clone()
        })
    }
}

impl FakeDrivers {
    /// Keeps the lamp connected at any of these ports, without a hub around it.
    pub(super) fn charge(
        self: Arc<Self>,
        ports: &[u16],
    ) -> (Charge, mpsc::Receiver<(DeviceId, Report)>) {
        let (reports, reported) = mpsc::channel(16);
        let charge = Charge {
            device: id("shelly-1"),
            family: Family::Shelly,
            addresses: ports.iter().copied().map(address).collect(),
            secret: SecretSource::None,
            drivers: self,
            reports,
        };
        (charge, reported)
    }
}

/// A batch that waits for its disk.
pub(super) struct Write {
    pub(super) changes: Vec<Change>,
    done: Done,
}

impl Write {
    pub(super) fn succeed(self) {
        (self.done)(Ok(()));
    }

    pub(super) fn refuse(self, error: StoreError) {
        (self.done)(Err(error));
    }

    pub(super) fn fail(self) {
        (self.done)(Err(StoreError::DiskFull("no room".to_owned())));
    }
}

#[derive(Debug)]
struct FakeDisk(mpsc::UnboundedSender<Write>);

impl Journal for FakeDisk {
    fn write(&self, changes: Vec<Change>, done: Done) -> Result<(), Full> {
        self.0.send(Write { changes, done }).ok();
        Ok(())
    }

    fn keep_secret(&self, _: &DeviceId, _: Option<Vec<u8>>, done: Done) -> Result<(), Full> {
        self.write(Vec::new(), done)
    }

    fn retry(&self, done: Done) -> Result<(), Full> {
        self.write(Vec::new(), done)
    }

    fn close(self: Box<Self>) -> Box<dyn FnOnce() + Send> {
        Box::new(|| ())
    }
}

/// A past in the hands of a test.
#[derive(Debug, Default)]
pub(super) struct FakeArchive(pub(super) Vec<Record>);

impl Archive for FakeArchive {
    fn past_runs(&self, _: &RuleId, _: u16) -> Result<Vec<PastRun>, StoreError> {
        Ok(Vec::new())
    }

    fn past_run(&self, _: &RunId) -> Result<Option<PastRun>, StoreError> {
        Ok(None)
    }

    fn versions(&self, _: &RuleId) -> Result<Vec<RuleVersion>, StoreError> {
        Ok(Vec::new())
    }

    fn series(
        &self,
        _: &EndpointId,
        _: Charted,
        _: (Timestamp, Timestamp),
        _: u16,
    ) -> Result<Series, StoreError> {
        Ok(Series::Numbers(Vec::new()))
    }

    fn records(
        &self,
        (from, until): (Timestamp, Timestamp),
        each: &mut dyn FnMut(&Record) -> ControlFlow<()>,
    ) -> Result<Option<Timestamp>, StoreError> {
        for record in self.0.iter().filter(|it| (from..until).contains(&it.at)) {
            if each(record).is_break() {
                break;
            }
        }
        Ok(self.0.first().map(|it| it.at))
    }
}

/// A hub on a fake disk, with one lamp in the home.
pub(super) struct Rig {
    pub(super) hub: Hub,
    pub(super) connections: mpsc::UnboundedReceiver<Connection>,
    pub(super) disk: mpsc::UnboundedReceiver<Write>,
    _dir: tempfile::TempDir,
}

impl Rig {
    pub(super) fn new(manner: Manner) -> Self {
        let (drivers, connections) = FakeDrivers::new(manner);
        let dir = tempfile::tempdir().unwrap();
        let setup = Setup::new(config(dir.path()), drivers, Clock::held());
        let (writes, disk) = mpsc::unbounded_channel();
        let loaded = Loaded {
            journal: Box::new(FakeDisk(writes)),
            saved: saved(),
            secrets: BTreeMap::new(),
            archive: Arc::new(FakeArchive::default()),
            troubles: Vec::new(),
        };
        let home = setup.assemble(Stage::Real, loaded, None);
        let hub = Hub::run(setup, Stage::Real, home, None);
        Self { hub, connections, disk, _dir: dir }
    }

    pub(super) async fn connection(&mut self) -> Connection {
        timeout(LONG, self.connections.recv()).await.expect("a try in time").unwrap()
    }

    /// The next batch that holds more than telemetry.
    pub(super) async fn write(&mut self) -> Write {
        loop {
            let write = timeout(LONG, self.disk.recv()).await.expect("a write in time").unwrap();
            if write.changes.is_empty() || write.changes.iter().any(|it| !it.is_telemetry()) {
                return write;
            }
            write.succeed();
        }
    }

    /// The lamp, up, with nothing left to write.
    pub(super) async fn lamp_up(&mut self) -> Connection {
        let connection = self.connection().await;
        connection.come_up().await;
        self.settled().await;
        connection
    }

    /// Lets everyone do what there is to do now, and every disk succeed.
    pub(super) async fn settled(&mut self) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        while let Ok(write) = self.disk.try_recv() {
            write.succeed();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Asks for something without waiting for the answer.
    pub(super) fn ask(&self, request: Request) -> oneshot::Receiver<Result<Answer, ApiError>> {
        let hub = self.hub.clone();
        let (answer, answered) = oneshot::channel();
        let tasks = crate::tasks::Tasks::new(tokio_util::sync::CancellationToken::new());
        drop(tasks.spawn(async move { answer.send(hub.request(request).await).ok() }));
        answered
    }
}

pub(super) fn config(dir: &std::path::Path) -> Config {
    Config {
        dir: dir.to_owned(),
        discovery: None,
        stage: Stage::Real,
        simulator: None,
        keyring: Keyring::None,
        passphrase: None,
    }
}

pub(super) fn id(text: &str) -> DeviceId {
    text.parse().unwrap()
}

pub(super) fn address(port: u16) -> Address {
    format!("127.0.0.1:{port}").parse().unwrap()
}

pub(super) fn lamp() -> DeviceDescription {
    DeviceDescription {
        name: None,
        vendor: None,
        model: None,
        firmware: None,
        endpoints: vec![EndpointDescription {
            key: "switch-0".parse().unwrap(),
            name: None,
            kind: EndpointKind::Light,
            category: Category::Primary,
            specs: vec![Spec::OnOff],
        }],
    }
}

pub(super) fn saved() -> SavedHome {
    let record = DeviceRecord {
        id: id("shelly-1"),
        family: Family::Shelly,
        address: address(1),
        description: lamp(),
        name: None,
        room: None,
        endpoints: BTreeMap::new(),
        added_at: Timestamp(0),
    };
    let home = Home { welcomed: true, ..Home::default() };
    SavedHome { home: Some(home), devices: vec![record], ..SavedHome::default() }
}

pub(super) fn switch(command: &str, on: bool) -> Request {
    Request::Control {
        id: CommandId::try_from(command).unwrap(),
        endpoint: "shelly-1/switch-0".parse::<EndpointId>().unwrap(),
        action: Action::SetOnOff(on),
    }
}

/// Waits until an update makes the closure say something.
pub(super) async fn hear<T>(
    subscription: &mut Subscription,
    mut wanted: impl FnMut(&Update) -> Option<T>,
) -> T {
    loop {
        let batch: Option<Batch> =
            timeout(LONG, subscription.next()).await.expect("an update in time");
        let batch = batch.expect("a subscription that goes on");
        if let Some(heard) = batch.updates.iter().find_map(&mut wanted) {
            return heard;
        }
    }
}

pub(super) async fn snapshot(hub: &Hub) -> HomeView {
    let mut subscription = hub.subscribe().await.unwrap();
    hear(&mut subscription, |update| match update {
        Update::Snapshot(home) => Some((**home).clone()),
        _ => None,
    })
    .await
}

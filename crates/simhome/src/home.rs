//! The home: makes the devices, lets time pass for them, and ends them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use model::{Address, DeviceId, Family, Name, Secret, Value};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::announce::Announcer;
use crate::composition::{self, Blueprint, Product};
use crate::plug::Plug;
use crate::{Core, Device, Fault, Unsettable, esphome, shelly, wled};

/// Time passes in steps of this.
const PULSE: Duration = Duration::from_millis(250);
/// A device in which nothing moves lives every so many pulses.
const CALM: u32 = 20;
/// A storm comes in gusts of this length.
const GUST: Duration = Duration::from_millis(20);
/// Orders to a device's socket that may wait.
const ORDERS: usize = 16;
/// How long a home may take to stop.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where devices are announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mdns {
    /// On the loopback interface only: nothing leaves the machine.
    #[default]
    Loopback,
    /// On all interfaces. For network namespaces.
    All,
    /// Nowhere.
    Off,
}

/// How the home shall be.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many devices in all.
    pub devices: usize,
    /// How many of them are not known, to be found on the network; `None`: four, or a quarter of
    /// a small home.
    pub strangers: Option<usize>,
    /// Where they listen, each on a port of its own.
    pub listen: IpAddr,
    /// Where they are announced.
    pub mdns: Mdns,
    /// Another seed is another home: other MACs and keys, other readings.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            devices: 18,
            strangers: None,
            listen: Ipv4Addr::LOCALHOST.into(),
            mdns: Mdns::Loopback,
            seed: 0,
        }
    }
}

/// A home could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port to listen on.
    #[error("a simulated device cannot listen: {0}")]
    Listen(#[from] std::io::Error),
    /// mDNS does not work here.
    #[error("simulated devices cannot be announced: {0}")]
    Mdns(#[from] mdns_sd::Error),
    /// A device cannot be named.
    #[error(transparent)]
    Identity(#[from] model::IdError),
}

/// A device as the one who starts the home gets to know it.
#[derive(Debug, Clone)]
pub struct SimulatedDevice {
    /// Who it is.
    pub id: DeviceId,
    /// What it speaks.
    pub family: Family,
    /// Where it listened when the home started.
    pub address: Address,
    /// The password or key that it wants.
    pub secret: Option<Secret>,
    /// The name that it has and that people would give it.
    pub name: Option<Name>,
    /// Where it stands; `None` when it is not known.
    pub room: Option<Name>,
    /// Whether it shall be known from the start, or is to be found.
    pub known: bool,
}

/// A running simulated home. Dropped, it stops without waiting.
#[derive(Debug)]
pub struct Home {
    devices: Vec<SimulatedDevice>,
    running: Running,
    announcer: Announcer,
    tasks: TaskTracker,
    stop: CancellationToken,
    storm: watch::Sender<u32>,
}

/// All devices by id; shared with tasks that outlive borrows of the home.
type Running = Arc<BTreeMap<DeviceId, Arc<dyn Device>>>;

/// Reaches one device: to make things go wrong, and to see what became of it.
#[derive(Debug, Clone)]
pub struct Handle {
    device: Arc<dyn Device>,
}

impl Home {
    /// Binds, announces and lets live all devices.
    ///
    /// # Errors
    /// When a port cannot be bound or mDNS cannot be started.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let strangers = options.strangers.unwrap_or(composition::usual_strangers(options.devices));
        let plan = composition::draw(options.devices, strangers, options.seed)?;
        let announcer = Announcer::start(options.mdns)?;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let mut devices = Vec::with_capacity(plan.len());
        let mut running = BTreeMap::new();
        for blueprint in plan {
            let listener = TcpListener::bind((options.listen, 0)).await?;
            let (device, orders) = make(blueprint, listener.local_addr()?);
            devices.push(introduce(device.core()));
            running.insert(device.core().id().clone(), Arc::clone(&device));
            let (announcer, tasks, stop) = (announcer.clone(), tasks.clone(), stop.clone());
            let plug = Plug { device, orders, announcer, tasks: tasks.clone(), stop };
            tasks.spawn(plug.run(listener));
        }
        let (running, storm) = (Arc::new(running), watch::Sender::new(0));
        tasks.spawn(stop.clone().run_until_cancelled_owned(pulse(Arc::clone(&running))));
        let blow = blow(Arc::clone(&running), storm.subscribe());
        tasks.spawn(stop.clone().run_until_cancelled_owned(blow));
        Ok(Self { devices, running, announcer, tasks, stop, storm })
    }

    /// All devices: the known ones first.
    #[must_use]
    pub fn devices(&self) -> &[SimulatedDevice] {
        &self.devices
    }

    /// The device of that id.
    #[must_use]
    pub fn device(&self, id: &DeviceId) -> Option<Handle> {
        self.running.get(id).map(|device| Handle { device: Arc::clone(device) })
    }

    /// Handles to all devices, by id.
    pub fn handles(&self) -> impl Iterator<Item = Handle> {
        self.running.values().map(|device| Handle { device: Arc::clone(device) })
    }

    /// Makes the devices push that many reports a second in total, in turn, each to all who are
    /// connected; zero ends it.
    pub fn storm(&self, rate: u32) {
        self.storm.send_replace(rate);
    }

    /// Runs `task` until the home stops.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(self.stop.clone().run_until_cancelled_owned(task));
    }

    pub(crate) fn weather(&self) -> watch::Sender<u32> {
        self.storm.clone()
    }

    /// Says goodbye for all devices, drops all connections, closes all ports.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        let _late = tokio::time::timeout(PATIENCE, self.tasks.wait()).await;
        self.announcer.stop().await;
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.stop.cancel();
        self.tasks.close();
        self.announcer.abandon();
    }
}

impl Handle {
    /// Identity, faults, deeds.
    #[must_use]
    pub fn core(&self) -> &Core {
        self.device.core()
    }

    /// Who it is.
    #[must_use]
    pub fn id(&self) -> &DeviceId {
        self.device.core().id()
    }

    /// Where it listens now, or did last.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.device.core().address()
    }

    /// Makes something go wrong, or well again. What concerns its socket happens a moment later.
    pub fn inflict(&self, fault: Fault) {
        self.device.core().inflict(fault);
    }

    /// How many commands it has really executed since the home started.
    #[must_use]
    pub fn executed(&self) -> u64 {
        self.device.core().executed()
    }

    /// The last of them in words, oldest first.
    #[must_use]
    pub fn deeds(&self) -> Vec<String> {
        self.device.core().deeds()
    }

    /// Its state, as its family says it.
    #[must_use]
    pub fn state(&self) -> serde_json::Value {
        self.device.state()
    }

    /// Changes something as if by hand at the device; see [`Device::set`].
    ///
    /// # Errors
    /// When it has no such part, or the part no such value.
    pub fn set(&self, endpoint: &str, value: &Value) -> Result<(), Unsettable> {
        self.device.set(endpoint, value)
    }

    /// Presses a button of the device.
    ///
    /// # Errors
    /// When it has none of that name.
    pub fn press(&self, endpoint: &str) -> Result<(), Unsettable> {
        self.device.press(endpoint)
    }

    /// Pushes one report to all who are connected.
    pub fn report(&self) {
        self.device.report();
    }
}

fn make(plan: Blueprint, address: SocketAddr) -> (Arc<dyn Device>, mpsc::Receiver<Fault>) {
    let (switchboard, orders) = mpsc::channel(ORDERS);
    let core = Arc::new(Core::new(plan.who, address, switchboard));
    let device = match plan.product {
        Product::Shelly { product, watts, outputs } => shelly::build(core, product, watts, outputs),
        Product::Wled(product) => wled::build(core, product),
        Product::Esphome(product) => esphome::build(core, product),
    };
    (device, orders)
}

fn introduce(core: &Core) -> SimulatedDevice {
    SimulatedDevice {
        id: core.id.clone(),
        family: core.family,
        address: core.address().into(),
        secret: core.secret.clone(),
        name: Some(core.name.clone()),
        room: core.room.clone(),
        known: core.known,
    }
}

/// Lets time pass: for those in motion at every pulse, for the others now and then, not all at
/// once.
async fn pulse(devices: Running) {
    let mut clock = tokio::time::interval(PULSE);
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut since = vec![0_u32; devices.len()];
    for (place, since) in since.iter_mut().enumerate() {
        *since = u32::try_from(place).unwrap_or(0) % CALM;
    }
    loop {
        clock.tick().await;
        for (device, since) in devices.values().zip(&mut since) {
            *since += 1;
            if *since >= CALM || device.core().take_stirred() {
                device.live(PULSE * std::mem::take(since));
            }
        }
    }
}

/// Makes devices report, one after the other, at the rate that is asked for.
async fn blow(devices: Running, mut rate: watch::Receiver<u32>) {
    let mut clock = tokio::time::interval(GUST);
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut next = devices.values().cycle();
    let mut due = 0.0;
    loop {
        if *rate.borrow_and_update() == 0 {
            if rate.changed().await.is_err() {
                return;
            }
            clock.reset();
            continue;
        }
        clock.tick().await;
        due += f64::from(*rate.borrow()) * GUST.as_secs_f64();
        while due >= 1.0 {
            due -= 1.0;
            if let Some(device) = next.next() {
                device.report();
            }
        }
    }
}

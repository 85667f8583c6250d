//! Keeps one device connected: decides when and where to try again, and answers for the device
//! while nobody else can. It knows no protocol and reads nothing.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use adapters::{Link, Order};
use futures_util::FutureExt;
use model::{Address, Cause, Command, DeviceId, FailReason, Family, Progress, Report};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::drivers::Drivers;
use crate::secrets::SecretSource;
use crate::tasks::Tasks;

/// Most orders that may wait for one device.
const ORDERS: usize = 32;
/// The first pause after a failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause, and the shortest after answers that make no sense.
const LAST_PAUSE: Duration = Duration::from_secs(60);
const SLOW_PAUSE: Duration = Duration::from_secs(30);
/// How long the connection before this one may take to end.
const HANDOVER: Duration = Duration::from_secs(2);

/// Whom to keep connected, and how.
#[derive(Debug)]
pub(crate) struct Charge {
    pub(crate) device: DeviceId,
    pub(crate) family: Family,
    pub(crate) addresses: Vec<Address>,
    pub(crate) secret: SecretSource,
    pub(crate) drivers: Arc<dyn Drivers>,
    pub(crate) reports: mpsc::Sender<(DeviceId, Report)>,
}

/// The hub's hold on the task that keeps one device connected.
#[derive(Debug)]
pub(crate) struct Supervisor {
    pub(crate) family: Family,
    pub(crate) addresses: Vec<Address>,
    orders: mpsc::Sender<Order>,
    now: Arc<Notify>,
    reached: Arc<AtomicBool>,
    stop: CancellationToken,
    task: JoinHandle<()>,
    /// Its loss is in the log, its return not yet.
    loss_logged: bool,
}

/// An order that could not be handed over, and why.
#[derive(Debug, PartialEq)]
pub(crate) struct NotTaken(pub(crate) Box<Command>, pub(crate) FailReason);

impl Supervisor {
    /// Starts to keep a device connected, once its former supervisor has let go of it.
    pub(crate) fn start(charge: Charge, former: Option<Self>, tasks: &Tasks) -> Self {
        let (orders, waiting) = mpsc::channel(ORDERS);
        let now = Arc::new(Notify::new());
        let reached = Arc::new(AtomicBool::new(false));
        let stop = tasks.token().child_token();
        let loss_logged = former.as_ref().is_some_and(|it| it.loss_logged);
        let (family, addresses) = (charge.family, charge.addresses.clone());
        let watch = Watch {
            charge,
            orders: waiting,
            now: Arc::clone(&now),
            reached: Arc::clone(&reached),
            stop: stop.clone(),
        };
        let task = tasks.spawn(async move {
            if let Some(former) = former {
                former.end().await;
            }
            watch.run().await;
        });
        Self { family, addresses, orders, now, reached, stop, task, loss_logged }
    }

    /// Hands a command to the device's driver.
    pub(crate) fn command(&self, command: Command) -> Result<(), NotTaken> {
        match self.orders.try_reserve() {
            Ok(place) => {
                place.send(Order::Command(command));
                Ok(())
            }
            Err(mpsc::error::TrySendError::Full(())) => {
                Err(NotTaken(command.into(), FailReason::QueueFull))
            }
            Err(mpsc::error::TrySendError::Closed(())) => {
                Err(NotTaken(command.into(), FailReason::Unreachable))
            }
        }
    }

    /// Asks the device what it says now. With a full queue it is talking anyway.
    pub(crate) fn refresh(&self) {
        if self.orders.try_send(Order::Refresh).is_err() {
            tracing::debug!("Refresh left out: the queue is full");
        }
    }

    /// Cuts the pause short.
    pub(crate) fn try_now(&self) {
        self.now.notify_one();
    }

    /// Lets go of the device, in the background.
    pub(crate) fn stop(self) {
        self.stop.cancel();
    }

    /// Takes note of what the device's driver says, for the log and for the next pause.
    pub(crate) fn note(&mut self, device: &DeviceId, report: &Report) {
        match report {
            Report::Reached(address) => {
                self.reached.store(true, Ordering::Relaxed);
                if std::mem::take(&mut self.loss_logged) {
                    tracing::info!(%device, %address, "Device is back");
                }
            }
            Report::Lost(cause) if !self.loss_logged => {
                self.loss_logged = true;
                tracing::info!(%device, ?cause, "Device cannot be reached");
            }
            _ => {}
        }
    }

    async fn end(mut self) {
        self.stop.cancel();
        if tokio::time::timeout(HANDOVER, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

/// The task itself.
struct Watch {
    charge: Charge,
    orders: mpsc::Receiver<Order>,
    now: Arc<Notify>,
    reached: Arc<AtomicBool>,
    stop: CancellationToken,
}

impl Watch {
    async fn run(mut self) {
        let mut pause = Pause::default();
        while !self.stop.is_cancelled() {
            let cause = self.round().await;
            if self.stop.is_cancelled() {
                break;
            }
            if self.reached.swap(false, Ordering::Relaxed) {
                pause = Pause::default();
            }
            let span = pause.after(&cause);
            self.report(Report::Lost(cause)).await;
            self.wait(span).await;
        }
        self.refuse_waiting().await;
    }

    /// Tries every address once, or until a connection has stood. Says why it is over; of
    /// connections that never stood, why the first did not. It is where the device proved itself
    /// last: what others say who are announced under its name neither hides that nor delays it.
    async fn round(&mut self) -> Cause {
        let secret = match self.charge.secret.reveal() {
            Ok(secret) => secret,
            Err(cause) => return cause,
        };
        let mut first = None;
        for index in 0..self.charge.addresses.len() {
            let cause = self.connect(index, secret.clone()).await;
            self.refuse_waiting().await;
            let stood = self.reached.load(Ordering::Relaxed);
            if self.stop.is_cancelled() || waits_for_change(&cause) || stood {
                self.charge.addresses.rotate_left(if stood { index } else { 0 });
                return cause;
            }
            first.get_or_insert(cause);
        }
        first.unwrap_or(Cause::NoAnswer)
    }

    async fn connect(&mut self, index: usize, secret: Option<model::Secret>) -> Cause {
        let charge = &self.charge;
        let link = Link {
            device: charge.device.clone(),
            address: charge.addresses[index].clone(),
            secret,
            reports: charge.reports.clone(),
            orders: &mut self.orders,
            stop: self.stop.clone(),
        };
        let connection = AssertUnwindSafe(charge.drivers.drive(charge.family, link));
        connection.catch_unwind().await.unwrap_or_else(|_| {
            tracing::error!(device = %charge.device, "A driver panicked; it is started again");
            Cause::Garbage("the driver for this device stopped unexpectedly".to_owned())
        })
    }

    /// Answers for the device until it is time to try again.
    async fn wait(&mut self, span: Option<Duration>) {
        let over = async {
            match span {
                Some(span) => tokio::time::sleep(span).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(over);
        loop {
            let order = tokio::select! {
                () = self.stop.cancelled() => return,
                () = self.now.notified() => return,
                () = &mut over => return,
                order = self.orders.recv() => order,
            };
            match order {
                Some(order) => self.refuse(order).await,
                None => return self.stop.cancel(),
            }
        }
    }

    async fn refuse_waiting(&mut self) {
        while let Ok(order) = self.orders.try_recv() {
            self.refuse(order).await;
        }
    }

    async fn refuse(&self, order: Order) {
        if let Order::Command(command) = order {
            let failed = Progress::Failed(FailReason::Unreachable);
            self.report(Report::Progress(command.id, failed)).await;
        }
    }

    async fn report(&self, report: Report) {
        if self.charge.reports.send((self.charge.device.clone(), report)).await.is_err() {
            self.stop.cancel();
        }
    }
}

fn waits_for_change(cause: &Cause) -> bool {
    matches!(cause, Cause::NeedsSecret | Cause::WrongSecret | Cause::SecretsLocked)
}

/// How long to wait before the next try.
#[derive(Debug, Default)]
struct Pause {
    failures: u32,
}

impl Pause {
    /// The pause after one more failure; `None` waits until something changes.
    fn after(&mut self, cause: &Cause) -> Option<Duration> {
        let doubled = FIRST_PAUSE * 2_u32.pow(self.failures.min(6));
        self.failures += 1;
        let span = match cause {
            Cause::NoAnswer | Cause::SaidGoodbye => doubled,
            Cause::Garbage(_) | Cause::WrongIdentity { .. } => doubled.max(SLOW_PAUSE),
            Cause::NeedsSecret | Cause::WrongSecret | Cause::SecretsLocked => return None,
        };
        Some(jittered(span.min(LAST_PAUSE)))
    }
}

/// Between three and five quarters of it, so that a home does not knock in step after an outage.
fn jittered(span: Duration) -> Duration {
    let mut random = [0];
    let share = match getrandom::fill(&mut random) {
        Ok(()) => u32::from(random[0]),
        Err(_) => 128,
    };
    span * (384 + share) / 512
}

//! The hub's end of a driver, for tests: gives orders, hears reports.

use std::time::Duration;

use model::{
    Action, Address, Cause, Command, CommandId, DeviceId, EndpointId, Family, Origin, Progress,
    Report, Secret, Span,
};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::net::Patience;
use crate::{Link, Order, shelly, wled};

/// Long enough on the slowest machine; only a failing test waits so long.
const PATIENT: Duration = Duration::from_secs(20);

/// A driver at work.
pub(super) struct Driven {
    pub(super) orders: mpsc::Sender<Order>,
    pub(super) stop: CancellationToken,
    reports: mpsc::Receiver<(DeviceId, Report)>,
    task: JoinSet<Cause>,
}

/// Waits that a test can sit out.
pub(super) fn short() -> Patience {
    Patience {
        connect: Duration::from_secs(5),
        exchange: Duration::from_secs(5),
        beat: Duration::from_millis(40),
        silent_beats: 3,
        grace_beats: 2,
        opening_beats: 25,
    }
}

/// Waits in which a device on this machine has answered long since.
pub(super) fn long() -> Patience {
    Patience { beat: Duration::from_millis(200), silent_beats: 100, ..short() }
}

pub(super) fn drive(
    family: Family,
    device: &str,
    address: Address,
    secret: Option<&str>,
    patience: Patience,
) -> Driven {
    let (orders, mut from_hub) = mpsc::channel(64);
    let (to_hub, reports) = mpsc::channel(64);
    let stop = CancellationToken::new();
    let (token, device) = (stop.clone(), device.parse().unwrap());
    let secret = secret.map(|it| Secret::new(it.to_owned()));
    let mut task = JoinSet::new();
    task.spawn(async move {
        let orders = &mut from_hub;
        let link = Link { device, address, secret, reports: to_hub, orders, stop: token };
        match family {
            Family::Shelly => shelly::drive_with(link, patience).await,
            Family::Wled => wled::drive_with(link, patience).await,
            Family::Esphome => unreachable!("has tests of its own"),
        }
    });
    Driven { orders, stop, reports, task }
}

impl Driven {
    /// The next report.
    pub(super) async fn next(&mut self) -> Report {
        timeout(PATIENT, self.reports.recv()).await.unwrap().unwrap().1
    }

    /// The next report for which `wanted` holds.
    pub(super) async fn until(&mut self, wanted: impl Fn(&Report) -> bool) -> Report {
        loop {
            let report = self.next().await;
            if wanted(&report) {
                return report;
            }
        }
    }

    /// Reached, described, and the first values, which are returned.
    pub(super) async fn introduced(&mut self) -> Report {
        assert!(matches!(self.next().await, Report::Reached(_)));
        assert!(matches!(self.next().await, Report::Described(_)));
        self.next().await
    }

    pub(super) async fn ask(&self, id: &str, endpoint: &str, action: Action) {
        let endpoint: EndpointId = endpoint.parse().unwrap();
        let command = Command {
            id: id.parse().unwrap(),
            endpoint,
            action,
            transition: Span::ZERO,
            origin: Origin::App,
        };
        self.orders.send(Order::Command(command)).await.unwrap();
    }

    /// What becomes of a command next.
    pub(super) async fn progress(&mut self, id: &str) -> Progress {
        let id: CommandId = id.parse().unwrap();
        let report = self.until(|it| matches!(it, Report::Progress(of, _) if *of == id)).await;
        match report {
            Report::Progress(_, progress) => progress,
            other => panic!("{other:?}"),
        }
    }

    /// Why it ended, and what it said before.
    pub(super) async fn end(mut self) -> (Cause, Vec<Report>) {
        let cause = timeout(PATIENT, self.task.join_next()).await.unwrap().unwrap().unwrap();
        let mut heard = Vec::new();
        while let Some((_, report)) = self.reports.recv().await {
            heard.push(report);
        }
        (cause, heard)
    }
}

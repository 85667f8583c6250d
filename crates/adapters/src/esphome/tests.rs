//! The driver against devices on real sockets: scripted ones, and the vendor's own firmware.

use std::net::{Ipv4Addr, SocketAddr};

use model::{
    Action, Color, CommandId, CoverMove, DeviceDescription, DeviceId, EndpointId, Origin, Source,
    Span, ThermostatChange, Value,
};
use protocols::esphome::{Key, Message, Noise, Transport, proto};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::*;

mod firmware;
mod scripted;

/// A driver at work, and both ends of its queues.
struct Driven {
    tasks: JoinSet<Cause>,
    reports: mpsc::Receiver<(DeviceId, Report)>,
    orders: mpsc::Sender<Order>,
    stop: CancellationToken,
    device: DeviceId,
}

impl Driven {
    fn start(device: &DeviceId, address: Address, secret: Option<Secret>) -> Self {
        let (report_sender, reports) = mpsc::channel(64);
        let (orders, mut order_receiver) = mpsc::channel(64);
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let (who, token) = (device.clone(), stop.clone());
        tasks.spawn(async move {
            let orders = &mut order_receiver;
            let reports = report_sender;
            drive(Link { device: who, address, secret, reports, orders, stop: token }).await
        });
        Self { tasks, reports, orders, stop, device: device.clone() }
    }

    async fn report(&mut self) -> Report {
        let next = timeout(Duration::from_secs(20), self.reports.recv()).await;
        let (device, report) = next.expect("no report in time").expect("the driver is gone");
        assert_eq!(device, self.device);
        report
    }

    /// Reads reports until one gives something.
    async fn until<T>(&mut self, mut wanted: impl FnMut(&Report) -> Option<T>) -> T {
        loop {
            let report = self.report().await;
            if let Some(found) = wanted(&report) {
                return found;
            }
        }
    }

    async fn described(&mut self) -> DeviceDescription {
        assert!(matches!(self.report().await, Report::Reached(_)));
        match self.report().await {
            Report::Described(description) => description,
            other => panic!("{other:?}"),
        }
    }

    async fn ask(&self, id: &str, endpoint: &str, action: Action) {
        let endpoint = EndpointId::new(self.device.clone(), endpoint.parse().unwrap());
        let command = Command {
            id: id.parse().unwrap(),
            endpoint,
            action,
            transition: Span::ZERO,
            origin: Origin::App,
        };
        self.orders.send(Order::Command(command)).await.unwrap();
    }

    /// Waits until an endpoint says something that confirms an action.
    async fn confirmed(&mut self, endpoint: &str, action: &Action) -> Value {
        self.until(|report| match report {
            Report::Values(_, values) => values
                .iter()
                .find(|(key, value)| key.as_str() == endpoint && action.is_confirmed_by(value))
                .map(|(_, value)| value.clone()),
            _ => None,
        })
        .await
    }

    async fn end(&mut self) -> Cause {
        self.stop.cancel();
        self.cause().await
    }

    async fn cause(&mut self) -> Cause {
        let joined = timeout(Duration::from_secs(20), self.tasks.join_next()).await;
        joined.expect("the driver does not end").unwrap().unwrap()
    }
}

fn progress(id: &str, progress: Progress) -> Report {
    Report::Progress(id.parse::<CommandId>().unwrap(), progress)
}

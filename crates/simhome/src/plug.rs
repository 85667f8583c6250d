//! The life of one device's port: bound, accepting, cut off, moved, bound again.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::announce::Announcer;
use crate::{Device, Fault, Wire};

/// How long to wait before accepting again when the process is out of sockets.
const OVERLOAD: Duration = Duration::from_millis(200);

/// A device in its socket.
pub(crate) struct Plug {
    pub(crate) device: Arc<dyn Device>,
    pub(crate) orders: mpsc::Receiver<Fault>,
    pub(crate) announcer: Announcer,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

/// What comes after the port was closed.
enum Next {
    /// Off until told otherwise.
    Off,
    /// Off for a while, then on at the same port.
    OnAgain(Duration),
    /// On at another port at once.
    Elsewhere,
}

impl Plug {
    /// Serves the device until the home stops. `listener` is its first port.
    pub(crate) async fn run(mut self, listener: TcpListener) {
        let mut listener = Some(listener);
        let mut names = Vec::new();
        let mut told = true;
        while !self.stop.is_cancelled() {
            let next = match listener.take() {
                Some(listener) => self.on(listener, &mut names, &mut told).await,
                None => self.off(&names).await,
            };
            listener = match next {
                Next::Off => None,
                Next::OnAgain(after) => {
                    let stopped = self.stop.run_until_cancelled(tokio::time::sleep(after)).await;
                    told = true;
                    stopped.and(self.bind().await)
                }
                Next::Elsewhere => self.bind_elsewhere().await,
            };
        }
        // One after the other: a thousand goodbyes in one burst are lost on the way.
        self.announcer.withdraw(&names).await;
    }

    /// Has power: announces itself (if `told`), accepts, until an order ends it.
    async fn on(
        &mut self,
        listener: TcpListener,
        names: &mut Vec<String>,
        told: &mut bool,
    ) -> Next {
        let Ok(address) = listener.local_addr() else { return Next::Off };
        let power = self.stop.child_token();
        self.device.core().power_up(power.clone(), address);
        let _cut = power.clone().drop_guard();
        if std::mem::replace(told, true) {
            *names = self.announcer.announce(&self.device.services(), address).await;
        }
        loop {
            tokio::select! {
                () = accept(&listener, &self.device, &self.tasks, &power) => return Next::Off,
                order = self.orders.recv() => match order {
                    None | Some(Fault::Unplug) => return Next::Off,
                    Some(Fault::Goodbye) => {
                        self.announcer.withdraw(names).await;
                        return Next::Off;
                    }
                    Some(Fault::Reboot { ms }) => return Next::OnAgain(Duration::from_millis(ms)),
                    Some(Fault::Move { announced }) => {
                        *told = announced;
                        return Next::Elsewhere;
                    }
                    Some(_) => self.announce_anew(names, address).await,
                },
            }
        }
    }

    /// Has no power: waits for it.
    async fn off(&mut self, names: &[String]) -> Next {
        tokio::select! {
            () = self.stop.cancelled() => Next::Off,
            order = self.orders.recv() => match order {
                Some(Fault::Plug) => Next::OnAgain(Duration::ZERO),
                Some(Fault::Reboot { ms }) => Next::OnAgain(Duration::from_millis(ms)),
                Some(Fault::Move { .. }) => Next::Elsewhere,
                Some(Fault::Goodbye) => {
                    self.announcer.withdraw(names).await;
                    Next::Off
                }
                Some(_) | None => Next::Off,
            },
        }
    }

    /// Its names have changed: takes back those that it no longer has.
    async fn announce_anew(&self, names: &mut Vec<String>, address: SocketAddr) {
        let new = self.announcer.announce(&self.device.services(), address).await;
        names.retain(|name| !new.contains(name));
        self.announcer.withdraw(names).await;
        *names = new;
    }

    async fn bind(&self) -> Option<TcpListener> {
        match TcpListener::bind(self.device.core().address()).await {
            Ok(listener) => Some(listener),
            Err(_taken) => self.bind_elsewhere().await,
        }
    }

    async fn bind_elsewhere(&self) -> Option<TcpListener> {
        let ip = self.device.core().address().ip();
        TcpListener::bind((ip, 0)).await.ok()
    }
}

/// Accepts and serves until the power is cut.
async fn accept(
    listener: &TcpListener,
    device: &Arc<dyn Device>,
    tasks: &TaskTracker,
    power: &CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            () = power.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let wire = Wire::new(stream, Arc::clone(device.core()));
                let served = Arc::clone(device).serve(wire);
                let power = power.clone();
                tasks.spawn(async move { power.run_until_cancelled(served).await });
            }
            Err(error) if is_of_one_peer(&error) => {}
            Err(_overload) => tokio::time::sleep(OVERLOAD).await,
        }
    }
}

fn is_of_one_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

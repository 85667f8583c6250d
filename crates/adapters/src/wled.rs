//! Driver of WLED devices: `GET /json` once, then its WebSocket at `/ws`, on which the device
//! pushes what changes. A build without one (or with all its places taken) is asked every 5 s.

use model::{
    Address, Cause, Command, DeviceDescription, Family, ProbeFailure, Probed, Progress, Report,
};
use protocols::wled::WledSession;
use protocols::{Output, Session as _};
use tokio::time::{MissedTickBehavior, interval};

use crate::net::Patience;
use crate::probe::failure;
use crate::websocket::{self, Reporter, Unopened};
use crate::{Link, Order, http};

/// One connection to a WLED.
pub(crate) async fn drive(link: Link<'_>) -> Cause {
    drive_with(link, Patience::USUAL).await
}

pub(crate) async fn drive_with(mut link: Link<'_>, patience: Patience) -> Cause {
    let stop = link.stop.clone();
    let opened = tokio::select! {
        () = stop.cancelled() => return Cause::NoAnswer,
        opened = Box::pin(open(&mut link, patience)) => opened,
    };
    let (mut session, socket) = match opened {
        Ok(opened) => opened,
        Err(cause) => return cause,
    };
    match socket {
        Some(socket) => {
            websocket::converse(socket, &mut session, Vec::new(), &mut link, patience).await
        }
        None => Box::pin(poll(&mut session, &mut link, patience)).await,
    }
}

/// The session, told of to the hub, and the WebSocket if there is one.
async fn open(
    link: &mut Link<'_>,
    patience: Patience,
) -> Result<(WledSession, Option<websocket::Socket>), Cause> {
    let json = http::get(&link.address, "/json", patience).await?.content()?;
    let (session, outputs) = WledSession::open(Some(&link.device), &link.address, &json)?;
    let socket = match session.has_websocket() {
        false => None,
        true => match websocket::open(&link.address, "/ws", patience).await {
            Ok(socket) => Some(socket),
            Err(Unopened::Refused(_)) => None,
            Err(Unopened::Failed(cause)) => return Err(cause),
        },
    };
    report(&Reporter(link), outputs).await?;
    Ok((session, socket))
}

async fn report(reporter: &Reporter<'_, '_>, outputs: Vec<Output>) -> Result<(), Cause> {
    for output in outputs {
        match output {
            Output::Report(report) => reporter.report(report).await?,
            Output::End(cause) => return Err(cause),
            // What would be sent is asked for by HTTP instead.
            Output::Send { .. } => {}
        }
    }
    Ok(())
}

/// The conversation by asking, until it ends; and why it did.
async fn poll(session: &mut WledSession, link: &mut Link<'_>, patience: Patience) -> Cause {
    let address = link.address.clone();
    let mut poll = Poll { session, address, reporter: Reporter(link), patience, misses: 0 };
    let end = poll.run().await;
    let lost = poll.session.abandon();
    poll.reporter.lose(lost).await;
    end.err().unwrap_or(Cause::NoAnswer)
}

struct Poll<'s, 'l, 'a> {
    session: &'s mut WledSession,
    address: Address,
    reporter: Reporter<'l, 'a>,
    patience: Patience,
    /// Questions in a row that were not answered.
    misses: u32,
}

impl Poll<'_, '_, '_> {
    async fn run(&mut self) -> Result<(), Cause> {
        let mut beats = interval(self.patience.beat);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        beats.reset();
        let stop = self.reporter.0.stop.clone();
        loop {
            let orders = &mut *self.reporter.0.orders;
            let order = tokio::select! {
                () = stop.cancelled() => return Ok(()),
                order = orders.recv() => match order {
                    Some(order) => Some(order),
                    None => return Ok(()),
                },
                _ = beats.tick() => None,
            };
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                done = self.obey(order) => done?,
            }
        }
    }

    async fn obey(&mut self, order: Option<Order>) -> Result<(), Cause> {
        if let Some(Order::Command(command)) = order {
            self.perform(command).await?;
        }
        self.ask().await
    }

    /// A device that misses one question is asked again; one that misses more is lost.
    async fn ask(&mut self) -> Result<(), Cause> {
        let answer = http::get(&self.address, "/json/si", self.patience).await;
        let json = match answer.and_then(http::Answer::content) {
            Ok(json) => json,
            Err(Cause::NoAnswer) if self.misses < self.patience.grace_beats => {
                self.misses += 1;
                return Ok(());
            }
            Err(cause) => return Err(cause),
        };
        self.misses = 0;
        // Only says that what comes now was asked for.
        drop(self.session.refresh());
        let outputs = self.session.handle_frame(&json);
        report(&self.reporter, outputs).await
    }

    async fn perform(&mut self, command: Command) -> Result<(), Cause> {
        for output in self.session.handle_command(command) {
            match output {
                Output::Send { frame, command } => {
                    let answer =
                        http::post(&self.address, "/json/state", frame, self.patience).await?;
                    if let Some(command) = command {
                        self.reporter.report(Report::Progress(command, Progress::Sent)).await?;
                    }
                    if answer.status != 200 {
                        let error = format!(r#"{{"error":{}}}"#, answer.status);
                        let outputs = self.session.handle_frame(error.as_bytes());
                        report(&self.reporter, outputs).await?;
                    }
                }
                other => report(&self.reporter, vec![other]).await?,
            }
        }
        Ok(())
    }
}

/// Asks who answers, and what it can do.
pub(crate) async fn probe(address: &Address, patience: Patience) -> Result<Probed, ProbeFailure> {
    let answer = http::get(address, "/json", patience).await.map_err(failure)?;
    let json = answer.content().map_err(failure)?;
    let (session, outputs) = WledSession::open(None, address, &json).map_err(failure)?;
    let description = described(outputs).ok_or(ProbeFailure::NoAnswer)?;
    let (device, address) = (session.device().clone(), address.clone());
    Ok(Probed { device, family: Family::Wled, address, description })
}

fn described(outputs: Vec<Output>) -> Option<DeviceDescription> {
    outputs.into_iter().find_map(|it| match it {
        Output::Report(Report::Described(description)) => Some(description),
        _ => None,
    })
}

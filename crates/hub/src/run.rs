//! The one loop: takes in what happens, in order of urgency, and performs what follows.
//!
//! A turn takes all that is ready, to a bound, and then writes and publishes once. So tens of
//! thousands of reports a second pass, and a tap never waits for more than one turn. Nothing here
//! waits for a disk or a device.

use std::time::Duration;

use api::{Answer, ApiError, ErrorCode, Update};
use engine::Stage;
use tokio::sync::mpsc;

use crate::StartError;
use crate::event::{Event, ReplyTo};
use crate::home::{OpenHome, answer};
use crate::stage::Setup;
use crate::subscription::Subscribers;

/// Most events of one kind that one turn takes in.
const REQUESTS_A_TURN: usize = 64;
const OUTCOMES_A_TURN: usize = 256;
const REPORTS_A_TURN: usize = 256;
const SIGHTINGS_A_TURN: usize = 64;
const OUTSIDE_A_TURN: usize = 64;
/// Timers stand still while the machine sleeps; so none is longer than this.
const LONGEST_NAP: Duration = Duration::from_secs(5);

/// The loop.
#[derive(Debug)]
pub(crate) struct Loop {
    pub(crate) setup: Setup,
    pub(crate) stage: Stage,
    pub(crate) home: OpenHome,
    pub(crate) clients: mpsc::Receiver<Event>,
    pub(crate) subscribers: Subscribers,
}

impl Loop {
    /// Runs until the hub shall stop. True when everything ended in good order.
    pub(crate) async fn run(mut self) -> bool {
        loop {
            self.turns().await;
            match self.home.switch.take() {
                Some((reply, stage)) if !self.setup.stop.is_cancelled() => {
                    match self.switch(reply, stage).await {
                        Some(next) => self = next,
                        None => return false,
                    }
                }
                _ => return self.home.close().await,
            }
        }
    }

    /// Turns, until this home shall be closed.
    async fn turns(&mut self) {
        loop {
            match self.next().await {
                Event::Stop => return,
                event => self.take_in(event),
            }
            self.turn();
            if self.home.switch.is_some() {
                return;
            }
        }
    }

    /// Waits for something to happen; the most urgent first.
    async fn next(&mut self) -> Event {
        let nap = self.nap();
        let inlets = &mut self.home.inlets;
        tokio::select! {
            biased;
            () = self.setup.stop.cancelled() => Event::Stop,
            event = self.clients.recv() => event.unwrap_or(Event::Stop),
            Some(event) = inlets.outcomes.recv() => event,
            () = tokio::time::sleep(nap) => Event::Timeout,
            Some((device, report)) = inlets.reports.recv() => Event::Report(device, report),
            Some(hook) = inlets.hooks.recv() => Event::Hook(hook),
            Some((person, is_there)) = inlets.phones.recv() => Event::Phone(person, is_there),
            Some(heard) = inlets.broker.recv() => Event::Broker(heard),
            Some(change) = inlets.sightings.recv() => Event::Sighting(change),
        }
    }

    fn nap(&self) -> Duration {
        let now = self.home.now().uptime;
        let due = self.home.wake_at().map(|at| at.saturating_sub(now));
        due.unwrap_or(LONGEST_NAP).min(LONGEST_NAP)
    }

    /// Takes in all that is ready, to a bound. What clients ask is on its way to the disk before
    /// the first report is looked at.
    fn turn(&mut self) {
        for _ in 0..OUTCOMES_A_TURN {
            let Ok(event) = self.home.inlets.outcomes.try_recv() else { break };
            self.home.handle(event);
        }
        for _ in 0..REQUESTS_A_TURN {
            let Ok(event) = self.clients.try_recv() else { break };
            self.take_in(event);
        }
        self.home.write();
        for _ in 0..REPORTS_A_TURN {
            let Ok((device, report)) = self.home.inlets.reports.try_recv() else { break };
            self.home.handle(Event::Report(device, report));
        }
        self.take_in_from_outside();
        for _ in 0..SIGHTINGS_A_TURN {
            let Ok(change) = self.home.inlets.sightings.try_recv() else { break };
            self.home.handle(Event::Sighting(change));
        }
        self.home.handle(Event::Timeout);
        self.home.write();
        self.publish();
    }

    fn take_in_from_outside(&mut self) {
        for _ in 0..OUTSIDE_A_TURN {
            let Ok(hook) = self.home.inlets.hooks.try_recv() else { break };
            self.home.handle(Event::Hook(hook));
        }
        for _ in 0..OUTSIDE_A_TURN {
            let Ok((person, is_there)) = self.home.inlets.phones.try_recv() else { break };
            self.home.handle(Event::Phone(person, is_there));
        }
        for _ in 0..OUTSIDE_A_TURN {
            let Ok(heard) = self.home.inlets.broker.try_recv() else { break };
            self.home.handle(Event::Broker(heard));
        }
    }

    fn take_in(&mut self, event: Event) {
        match event {
            Event::Subscribe(reply) => {
                // Its time zone and its addresses may have changed; whoever comes shall see them.
                self.home.renew_status();
                self.publish();
                let snapshot = Update::Snapshot(Box::new(self.home.engine.snapshot()));
                drop(reply.send(self.subscribers.add(snapshot)));
            }
            event => self.home.handle(event),
        }
    }

    fn publish(&mut self) {
        if !self.home.news.is_empty() {
            let news = std::mem::take(&mut self.home.news);
            self.subscribers.publish(&news);
        }
    }

    /// Closes this home and opens the other; opens this one again when the other does not open.
    async fn switch(self, reply: ReplyTo, stage: Stage) -> Option<Self> {
        let Self { setup, stage: former, home, clients, mut subscribers } = self;
        tracing::info!(?stage, "Switching homes");
        if !home.close().await {
            tracing::warn!("The home did not close in time");
        }
        let (home, stage, outcome) = match setup.open(stage).await {
            Ok(home) => (home, stage, Ok(Answer::Done)),
            Err(error) => {
                tracing::error!(%error, "The other home does not open");
                match setup.open(former).await {
                    Ok(home) => (home, former, Err(refusal(&error))),
                    Err(error) => {
                        tracing::error!(%error, "Nor does this one again; the hub stops");
                        answer(reply, Err(refusal(&error)));
                        return None;
                    }
                }
            }
        };
        let snapshot = Update::Snapshot(Box::new(home.engine.snapshot()));
        subscribers.publish(&[snapshot.into()]);
        answer(reply, outcome);
        Some(Self { setup, stage, home, clients, subscribers })
    }
}

fn refusal(error: &StartError) -> ApiError {
    let code = match error {
        StartError::NoSimulator => ErrorCode::Unsupported,
        StartError::Store(_) | StartError::Directory(_) => ErrorCode::CannotWrite,
        StartError::InUse | StartError::Simulator(_) | StartError::Panicked(_) => ErrorCode::Busy,
    };
    ApiError::new(code, error.to_string())
}

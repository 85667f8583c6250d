//! This client at work: the home as it knows it, its connection, and what it asks of the hub.

use std::collections::BTreeSet;
use std::time::Duration;

use api::{Answer, ApiError, Batch, ErrorCode, Request};
use leptos::prelude::*;
use model::{Action, EndpointId, FailReason, RoomId, Timestamp};
use wasm_bindgen_futures::spawn_local;

use super::{Clock, Echo, Home, pieces};
use crate::bridge::{self, Connection, Heard, Link};
use crate::components::Toasts;
use crate::frame;
use crate::i18n::t;

/// How often ages are told anew.
const TICK: Duration = Duration::from_secs(10);
/// The hub has accepted a command; by then its own word of it must have come.
const SETTLE: Duration = Duration::from_millis(400);

/// What every component may use: a handle, to be had by [`use_session`].
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// The home.
    pub home: Home,
    /// How the connection is.
    pub link: RwSignal<Link>,
    /// When it was lost.
    pub lost_at: RwSignal<Option<Timestamp>>,
    /// The hub's time, coarse: it ticks every ten seconds.
    pub now: RwSignal<Timestamp>,
    /// Rooms about to be removed, unless that is undone; not shown meanwhile.
    pub leaving: RwSignal<BTreeSet<RoomId>>,
    /// Where short messages are shown.
    pub toasts: Toasts,
    clock: StoredValue<Clock>,
    connection: StoredValue<Option<Connection>, LocalStorage>,
}

/// The session; only while a component is being built.
pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    /// Connects to the hub.
    pub fn start() -> Self {
        let session = Self {
            home: Home::new(),
            link: RwSignal::new(Link::Connecting),
            lost_at: RwSignal::new(None),
            now: RwSignal::new(here()),
            leaving: RwSignal::default(),
            toasts: Toasts::new(),
            clock: StoredValue::default(),
            connection: StoredValue::new_local(None),
        };
        let connection = bridge::start(move |heard| session.hear(heard));
        session.connection.set_value(Some(connection));
        set_interval(move || session.now.set(session.exact_now()), TICK);
        session
    }

    /// The hub's time to the millisecond; not tracked.
    pub fn exact_now(self) -> Timestamp {
        self.clock.get_value().read(here())
    }

    fn hear(self, heard: Heard) {
        // One frame later, within the budget of a frame, and in order.
        match heard {
            Heard::Link(link) => frame::soon(move || self.set_link(link)),
            Heard::Batch(batch) => self.take(*batch),
        }
    }

    fn set_link(self, link: Link) {
        let lost = (!link.is_up()).then(|| self.exact_now());
        if self.lost_at.get_untracked().is_some() != lost.is_some() {
            self.lost_at.set(lost);
        }
        self.link.set(link);
    }

    fn take(self, batch: Batch) {
        let now = batch.now;
        frame::soon(move || self.set_clock(now));
        for piece in pieces::of(batch.updates) {
            frame::soon(move || self.home.apply(piece));
        }
    }

    fn set_clock(self, now: Timestamp) {
        self.clock.update_value(|it| it.set(now, here()));
        let off = now.0.abs_diff(self.now.get_untracked().0);
        if off > 2 * TICK.as_millis() as u64 {
            self.now.set(now);
        }
    }

    /// Asks the hub for something and hands its answer on.
    pub async fn request(self, request: Request) -> Result<Answer, ApiError> {
        let connection = self.connection.get_value();
        match connection {
            Some(connection) => connection.request(request).await,
            None => Err(ApiError::new(ErrorCode::Stopped, "not connected")),
        }
    }

    /// Asks the hub for something; a refusal is told in a toast.
    pub fn send(self, request: Request) {
        spawn_local(async move {
            if let Err(error) = self.request(request).await {
                self.toasts.tell(t().error(&error.code));
            }
        });
    }

    /// The same, and `undo` when it was refused.
    pub fn send_or(self, request: Request, undo: impl Fn() + 'static) {
        spawn_local(async move {
            if let Err(error) = self.request(request).await {
                self.toasts.tell(t().error(&error.code));
                undo();
            }
        });
    }

    /// Makes an endpoint do something. It shows at once as on its way; how it ends shows by
    /// itself, in the state of the capability.
    pub fn control(self, endpoint: &EndpointId, action: Action) {
        let Some(id) = bridge::new_command() else {
            return self.toasts.tell(t().error(&ErrorCode::Unsupported));
        };
        self.home.ask(endpoint, Echo::new(id.clone(), action.clone(), self.exact_now()));
        let endpoint = endpoint.clone();
        spawn_local(async move {
            let request = Request::Control { id: id.clone(), endpoint, action };
            match self.request(request).await {
                Ok(_) => set_timeout(move || self.home.settle(&id), SETTLE),
                Err(error) => self.home.refuse(&id, Some(reason(error))),
            }
        });
    }
}

fn here() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

fn reason(error: ApiError) -> FailReason {
    match error.code {
        ErrorCode::Busy => FailReason::QueueFull,
        ErrorCode::CannotWrite => FailReason::NotRecorded,
        ErrorCode::Stopped => FailReason::ConnectionLost,
        ErrorCode::NeedsSecret | ErrorCode::WrongSecret | ErrorCode::SecretsLocked => {
            FailReason::NotAuthorized
        }
        ErrorCode::NotFound => FailReason::Unreachable,
        _ => FailReason::Refused(error.message),
    }
}

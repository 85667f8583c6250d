//! This client at work: the home as it knows it, its connection, and what it asks of the hub.

use std::collections::BTreeSet;
use std::time::Duration;

use api::{Answer, ApiError, Batch, ErrorCode, Request};
use leptos::prelude::*;
use model::{Action, EndpointId, FailReason, RoomId, RunId, SceneId, Timestamp};
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
    /// Other things about to be removed, unless that is undone, by their ids.
    pub going: RwSignal<BTreeSet<String>>,
    /// Where short messages are shown.
    pub toasts: Toasts,
    clock: StoredValue<Clock>,
    connection: StoredValue<Option<Connection>, LocalStorage>,
}

/// A form on its way to the hub.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// It is being asked.
    pub busy: RwSignal<bool>,
    /// Why it was not accepted.
    pub error: RwSignal<Option<ErrorCode>>,
}

impl Form {
    /// A form that was not sent yet.
    pub fn new() -> Self {
        Self { busy: RwSignal::new(false), error: RwSignal::new(None) }
    }
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
            going: RwSignal::default(),
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
                self.tell_error(&error);
            }
        });
    }

    fn tell_error(self, error: &ApiError) {
        self.toasts.tell(untrack(|| t().error(&error.code)));
    }

    /// The same, and `undo` when it was refused.
    pub fn send_or(self, request: Request, undo: impl Fn() + 'static) {
        spawn_local(async move {
            if let Err(error) = self.request(request).await {
                self.tell_error(&error);
                undo();
            }
        });
    }

    /// Asks the hub for something that a form stands for: it is busy meanwhile, and what is wrong
    /// is told in it. `done` gets the answer.
    pub fn submit(self, form: Form, request: Request, done: impl FnOnce(Answer) + 'static) {
        form.error.set(None);
        form.busy.set(true);
        spawn_local(async move {
            let answer = self.request(request).await;
            form.busy.try_set(false);
            match answer {
                Ok(answer) => untrack(|| done(answer)),
                Err(error) => {
                    form.error.try_set(Some(error.code));
                }
            }
        });
    }

    /// Whether something is about to be removed; tracked.
    pub fn is_going(self, id: &str) -> bool {
        self.going.with(|it| it.contains(id))
    }

    /// Removes something, with time to think again: it is not shown meanwhile.
    pub fn remove_later(self, id: impl ToString, text: String, request: Request) {
        let id = id.to_string();
        self.going.update(|it| {
            it.insert(id.clone());
        });
        let stay = move || {
            self.going.update(|it| {
                it.remove(&id);
            });
        };
        let back = stay.clone();
        let go = move || {
            let back = back.clone();
            let request = request.clone();
            spawn_local(async move {
                if let Err(error) = self.request(request).await {
                    self.tell_error(&error);
                }
                back();
            });
        };
        self.toasts.offer_undo(text, go, stay);
    }

    /// Sets a scene, with a way back.
    pub fn set_scene(self, scene: SceneId, busy: RwSignal<bool>) {
        let Some(run) = bridge::new_id::<RunId>() else {
            return self.toasts.tell(t().error(&ErrorCode::Unsupported));
        };
        busy.set(true);
        spawn_local(async move {
            let name = untrack(|| self.home.scene_name(&scene));
            let answer = self.request(Request::SetScene(run.clone(), scene)).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    let undo = move || self.send(Request::UndoScene(run.clone()));
                    let words = untrack(|| t().scene_set(&name));
                    self.toasts.offer_undo(words, || {}, undo);
                }
                Err(error) => self.tell_error(&error),
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

//! Keeps one connection to the hub: opens it, notices when it is gone, opens it again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use api::{Answer, ApiError, Batch, Request, Update};
use leptos::prelude::{set_interval, set_timeout};

use super::{Event, Heard, Link, Transport, gone, socket, tauri};
use crate::frame;

/// A daemon says something every second. One that was silent for this long, in milliseconds, is
/// doubted; one that stays silent for the patience is gone. Together under 3 s.
const SILENCE: f64 = 1_600.0;
const PATIENCE: f64 = 800.0;
/// How often silence is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(300);
/// A connection that has not opened by then is tried again.
const OPEN_WITHIN: f64 = 5_000.0;
/// Waits between tries: the first, and the longest.
const FIRST_WAIT: u64 = 250;
const LONGEST_WAIT: u64 = 2_000;

/// The connection. Cheap to clone; lives as long as the page.
#[derive(Clone)]
pub struct Connection(Rc<Inner>);

struct Inner {
    transport: RefCell<Option<Rc<Transport>>>,
    /// Counts the transports, so that a late word of an old one is not taken for the new one's.
    generation: Cell<u64>,
    link: Cell<Link>,
    /// The number that the next update must have; `None` before the snapshot.
    next: Cell<Option<u64>>,
    heard_at: Cell<f64>,
    /// Since when it is doubted whether anybody is there.
    doubted_at: Cell<Option<f64>>,
    wait: Cell<u64>,
    tell: Box<dyn Fn(Heard)>,
}

/// Connects, and stays connected. Everything is told to `tell`, in order.
pub fn start(tell: impl Fn(Heard) + 'static) -> Connection {
    let connection = Connection(Rc::new(Inner {
        transport: RefCell::new(None),
        generation: Cell::new(0),
        link: Cell::new(Link::Connecting),
        next: Cell::new(None),
        heard_at: Cell::new(frame::now()),
        doubted_at: Cell::new(None),
        wait: Cell::new(FIRST_WAIT),
        tell: Box::new(tell),
    }));
    connection.open();
    let watched = connection.clone();
    set_interval(move || watched.look_for_silence(), LOOK_EVERY);
    connection
}

impl Connection {
    /// Asks the hub for something.
    ///
    /// # Errors
    /// What the hub answers; `Stopped` when it cannot be reached.
    pub async fn request(&self, request: Request) -> Result<Answer, ApiError> {
        let transport = self.0.transport.borrow().clone();
        match transport {
            Some(transport) => transport.request(request).await,
            None => Err(gone()),
        }
    }

    fn open(&self) {
        let generation = self.0.generation.get() + 1;
        self.0.generation.set(generation);
        self.0.next.set(None);
        self.0.doubted_at.set(None);
        self.0.heard_at.set(frame::now());
        let this = self.clone();
        let tell = move |event| {
            if this.0.generation.get() == generation {
                this.take(event);
            }
        };
        let transport = if tauri::is_there() {
            Some(Transport::Shell(tauri::Shell::open(tell)))
        } else {
            socket::address().and_then(|it| socket::Socket::open(&it, tell)).map(Transport::Socket)
        };
        if transport.is_none() {
            self.set_link(Link::Nowhere);
        }
        self.0.transport.replace(transport.map(Rc::new));
    }

    fn take(&self, event: Event) {
        self.0.heard_at.set(frame::now());
        self.0.doubted_at.set(None);
        match event {
            Event::Hello { api } if api != api::VERSION => {
                self.drop_transport();
                self.set_link(Link::OtherVersion);
            }
            Event::Hello { .. } | Event::Word => {}
            Event::Batch(batch) => self.take_batch(batch),
            Event::Closed { was_open } => self.lose(was_open),
        }
    }

    fn take_batch(&self, batch: Box<Batch>) {
        if batch.updates.is_empty() {
            return;
        }
        let afresh = matches!(batch.updates.first(), Some(Update::Snapshot(_)));
        if !afresh && self.0.next.get() != Some(batch.first) {
            // Something was missed: only a new snapshot makes it whole.
            return self.lose(true);
        }
        self.0.next.set(Some(batch.first + batch.updates.len() as u64));
        self.0.wait.set(FIRST_WAIT);
        (self.0.tell)(Heard::Batch(batch));
        self.set_link(Link::Up);
    }

    /// The network may swallow the end of a socket: only what comes tells that somebody is there.
    /// After a sleep of the machine (or of the timers of a page in the background) what has come
    /// meanwhile is heard first, so silence is doubted before it is believed.
    fn look_for_silence(&self) {
        let transport = self.0.transport.borrow().clone();
        if !transport.is_some_and(|it| it.can_vanish()) {
            return;
        }
        let now = frame::now();
        let silence = now - self.0.heard_at.get();
        let open = self.0.next.get().is_some();
        match self.0.doubted_at.get() {
            _ if !open && silence > OPEN_WITHIN => self.lose(false),
            Some(doubted_at) if now - doubted_at > PATIENCE => self.lose(true),
            None if open && silence > SILENCE => self.0.doubted_at.set(Some(now)),
            _ => {}
        }
    }

    fn lose(&self, was_open: bool) {
        self.drop_transport();
        let known = self.0.link.get();
        let never_stood = matches!(known, Link::Connecting | Link::Refused);
        self.set_link(if never_stood && !was_open { Link::Refused } else { Link::Gone });
        let wait = self.0.wait.get();
        self.0.wait.set((wait * 2).min(LONGEST_WAIT));
        let this = self.clone();
        set_timeout(move || this.open(), Duration::from_millis(wait));
    }

    fn drop_transport(&self) {
        self.0.generation.set(self.0.generation.get() + 1);
        if let Some(transport) = self.0.transport.take() {
            transport.close();
        }
    }

    fn set_link(&self, link: Link) {
        if self.0.link.replace(link) != link {
            (self.0.tell)(Heard::Link(link));
        }
    }
}

//! Through a socket of the daemon that served this page. The browser's cookie signs us in.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use api::{Answer, ApiError, FromClient, FromHub, Request};
use js_sys::{Function, Promise};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, WebSocket};

use super::{Event, gone};

/// Where the address of this page says that the socket is; `None` off the web.
pub(super) fn address() -> Option<String> {
    let location = leptos::prelude::window().location();
    let host = location.host().ok().filter(|it| !it.is_empty())?;
    match location.protocol().ok()?.as_str() {
        "http:" => Some(format!("ws://{host}/api/v1/socket")),
        "https:" => Some(format!("wss://{host}/api/v1/socket")),
        _ => None,
    }
}

type Outcome = Rc<RefCell<Option<Result<Answer, ApiError>>>>;

/// A request whose answer has not come yet: where it goes, and how to wake who waits.
struct Waiting {
    outcome: Outcome,
    wake: Function,
}

#[derive(Default)]
struct Requests {
    last: Cell<u64>,
    waiting: RefCell<BTreeMap<u64, Waiting>>,
}

impl Requests {
    fn answer(&self, number: u64, answer: Result<Answer, ApiError>) {
        let waiting = self.waiting.borrow_mut().remove(&number);
        if let Some(Waiting { outcome, wake }) = waiting {
            outcome.replace(Some(answer));
            drop(wake.call0(&JsValue::UNDEFINED));
        }
    }

    fn fail_all(&self) {
        let numbers: Vec<u64> = self.waiting.borrow().keys().copied().collect();
        for number in numbers {
            self.answer(number, Err(gone()));
        }
    }
}

/// An open socket, or one about to open.
pub(super) struct Socket {
    socket: WebSocket,
    requests: Rc<Requests>,
    closed: Rc<Cell<bool>>,
    _handlers: [Closure<dyn FnMut(JsValue)>; 3],
}

impl Socket {
    /// Opens a socket. Everything that comes, and the end, is told to `tell`.
    pub(super) fn open(address: &str, tell: impl Fn(Event) + 'static) -> Option<Self> {
        let socket = WebSocket::new(address).ok()?;
        let requests = Rc::new(Requests::default());
        let closed = Rc::new(Cell::new(false));
        let tell: Rc<dyn Fn(Event)> = Rc::new(tell);
        let opened = Rc::new(Cell::new(false));
        let on_message =
            message_handler(Rc::clone(&requests), Rc::clone(&opened), Rc::clone(&tell));
        let on_end = |_: &str| {
            let (requests, closed) = (Rc::clone(&requests), Rc::clone(&closed));
            let (opened, tell) = (Rc::clone(&opened), Rc::clone(&tell));
            Closure::<dyn FnMut(JsValue)>::new(move |_| {
                requests.fail_all();
                if !closed.replace(true) {
                    tell(Event::Closed { was_open: opened.get() });
                }
            })
        };
        let handlers = [on_message, on_end("close"), on_end("error")];
        socket.set_onmessage(Some(handlers[0].as_ref().unchecked_ref()));
        socket.set_onclose(Some(handlers[1].as_ref().unchecked_ref()));
        socket.set_onerror(Some(handlers[2].as_ref().unchecked_ref()));
        Some(Self { socket, requests, closed, _handlers: handlers })
    }

    pub(super) fn close(&self) {
        self.closed.set(true);
        for unset in [WebSocket::set_onmessage, WebSocket::set_onclose, WebSocket::set_onerror] {
            unset(&self.socket, None);
        }
        drop(self.socket.close());
        self.requests.fail_all();
    }

    pub(super) async fn request(&self, request: Request) -> Result<Answer, ApiError> {
        let number = self.requests.last.get() + 1;
        self.requests.last.set(number);
        let message = FromClient::Request(number, request);
        let text = serde_json::to_string(&message).map_err(|_| gone())?;
        let outcome = Outcome::default();
        let answered = Promise::new(&mut |wake, _| {
            let waiting = Waiting { outcome: Rc::clone(&outcome), wake };
            self.requests.waiting.borrow_mut().insert(number, waiting);
        });
        if self.closed.get() || self.socket.send_with_str(&text).is_err() {
            self.requests.answer(number, Err(gone()));
        }
        drop(JsFuture::from(answered).await);
        outcome.take().unwrap_or_else(|| Err(gone()))
    }
}

fn message_handler(
    requests: Rc<Requests>,
    opened: Rc<Cell<bool>>,
    tell: Rc<dyn Fn(Event)>,
) -> Closure<dyn FnMut(JsValue)> {
    Closure::new(move |event: JsValue| {
        let event: MessageEvent = event.unchecked_into();
        let text = event.data().as_string().unwrap_or_default();
        match serde_json::from_str(&text) {
            Ok(FromHub::Hello { api, .. }) => {
                opened.set(true);
                tell(Event::Hello { api });
            }
            Ok(FromHub::Answer(number, answer)) => {
                tell(Event::Word);
                requests.answer(number, answer);
            }
            Ok(FromHub::Alive) => tell(Event::Word),
            Ok(FromHub::Updates(batch)) => tell(Event::Batch(Box::new(batch))),
            // Our own message was no message to the hub: a fault of ours, which waiting will not
            // mend; whoever asked is told that nothing came of it.
            Ok(FromHub::Misunderstood(_)) => requests.fail_all(),
            // A hub of another version may say things that we do not know.
            Err(_) => tell(Event::Closed { was_open: opened.get() }),
        }
    })
}

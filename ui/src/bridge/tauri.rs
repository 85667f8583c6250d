//! Through the window's shell: Tauri's IPC, in the few lines of it that we need.
//!
//! The shell offers `request { request }` and `subscribe { updates }`, where `updates` is a Tauri
//! channel: every message on it is `{ index, message }`, the last one `{ index, end: true }`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use api::{Answer, ApiError, ErrorCode, Request};
use js_sys::{JSON, Object, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

use super::order::InOrder;
use super::{Event, gone};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], catch)]
    async fn invoke(name: &str, arguments: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["window", "__TAURI_INTERNALS__"], js_name = transformCallback)]
    fn transform_callback(handler: &Closure<dyn FnMut(JsValue)>, once: bool) -> f64;
}

/// Whether there is a shell around this page.
pub(super) fn is_there() -> bool {
    Reflect::has(&leptos::prelude::window(), &"__TAURI_INTERNALS__".into()).unwrap_or(false)
}

/// An open subscription through the shell.
pub(super) struct Shell {
    open: Rc<Cell<bool>>,
}

impl Shell {
    /// Subscribes. Everything that comes, and the end, is told to `tell`.
    pub(super) fn open(tell: impl Fn(Event) + 'static) -> Self {
        let open = Rc::new(Cell::new(true));
        let tell = until_closed(Rc::clone(&open), tell);
        let channel = listen(Rc::clone(&tell));
        spawn_local(async move {
            let arguments = Object::new();
            let channel = JsValue::from(format!("__CHANNEL__:{channel}"));
            drop(Reflect::set(&arguments, &"updates".into(), &channel));
            // It answers when the stream has ended, one way or another.
            drop(invoke("subscribe", &arguments).await);
            tell(Event::Closed { was_open: true });
        });
        Self { open }
    }

    pub(super) fn close(&self) {
        self.open.set(false);
    }

    pub(super) async fn request(&self, request: &Request) -> Result<Answer, ApiError> {
        let text = serde_json::to_string(request).map_err(|_| gone())?;
        let arguments = Object::new();
        let request = JSON::parse(&text).map_err(|_| gone())?;
        drop(Reflect::set(&arguments, &"request".into(), &request));
        match invoke("request", &arguments).await {
            Ok(answer) => read(&answer).ok_or_else(gone),
            Err(error) => Err(read(&error).unwrap_or_else(|| refused(&error))),
        }
    }
}

/// Says nothing any more once closed, and the end only once.
fn until_closed(open: Rc<Cell<bool>>, tell: impl Fn(Event) + 'static) -> Rc<dyn Fn(Event)> {
    Rc::new(move |event| {
        let ends = matches!(event, Event::Closed { .. });
        if open.get() {
            open.set(!ends);
            tell(event);
        }
    })
}

fn listen(tell: Rc<dyn Fn(Event)>) -> f64 {
    let order = RefCell::new(InOrder::default());
    let handler = Closure::new(move |raw: JsValue| {
        let field = |name: &str| Reflect::get(&raw, &name.into()).unwrap_or(JsValue::UNDEFINED);
        let index = field("index").as_f64().unwrap_or_default() as u64;
        let message = (!field("end").is_truthy()).then(|| field("message"));
        let ready = order.borrow_mut().push(index, message);
        let Some(ready) = ready else {
            return tell(Event::Closed { was_open: true });
        };
        for message in ready {
            let batch = message.and_then(|it| read(&it)).map(Event::Batch);
            tell(batch.unwrap_or(Event::Closed { was_open: true }));
        }
    });
    let channel = transform_callback(&handler, false);
    // The shell may call it for as long as the window lives.
    handler.forget();
    channel
}

fn read<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    let text = match value.as_string() {
        // A raw answer of the shell, not yet parsed.
        Some(text) => match serde_json::from_str(&text) {
            Ok(read) => return Some(read),
            Err(_) => JSON::stringify(value).ok()?,
        },
        None => JSON::stringify(value).ok()?,
    };
    serde_json::from_str(&String::from(text)).ok()
}

fn refused(error: &JsValue) -> ApiError {
    ApiError::new(ErrorCode::Unsupported, error.as_string().unwrap_or_default())
}

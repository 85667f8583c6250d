//! What is shown when the interface itself has failed: one sentence and a way to load it again.
//!
//! After a panic nothing of the program can be trusted any more, so nothing of it is used: the
//! screen is plain HTML with a link, every timer is stopped, and the connection is left to die.

use std::cell::Cell;
use std::panic::PanicHookInfo;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};

use crate::i18n::{Locale, Texts, best_language};

thread_local! {
    static CRASHED: Cell<bool> = const { Cell::new(false) };
}

/// More timers than this are never running at once.
const TIMERS: i32 = 10_000;

/// Shows the screen when the program panics.
pub fn watch() {
    std::panic::set_hook(Box::new(|info| {
        if !CRASHED.replace(true) {
            report(info);
            stop_timers();
            show();
        }
    }));
}

/// Whether it has failed: then nothing is to be done any more.
pub fn has_happened() -> bool {
    CRASHED.get()
}

fn report(info: &PanicHookInfo<'_>) {
    web_sys::console::error_1(&JsValue::from(info.to_string()));
}

/// Whatever still ran would only fail again.
fn stop_timers() {
    let window = window();
    let nothing = Closure::once_into_js(|| {});
    let last = window.set_timeout_with_callback(nothing.unchecked_ref()).unwrap_or(TIMERS);
    for timer in last.saturating_sub(TIMERS).max(0)..=last {
        window.clear_timeout_with_handle(timer);
    }
}

fn show() {
    let document = document();
    let tag = document.document_element().and_then(|it| it.get_attribute("lang"));
    let language = best_language(tag.as_deref());
    let t = Texts::of(Locale { language, pseudo: false });
    let here = window().location().pathname().unwrap_or_else(|_| "/".to_owned());
    let Some(body) = document.body() else { return };
    body.set_inner_html(&screen(&t.crashed(), &t.crashed_why(), &t.reload(), &here));
}

fn screen(title: &str, why: &str, again: &str, here: &str) -> String {
    let here: String = here.chars().filter(|it| !matches!(it, '"' | '<' | '>' | '&')).collect();
    format!(
        "<main class=\"waiting\" role=\"alert\"><div class=\"empty\"><h1>{title}</h1><p>{why}</p>\
         <a class=\"button primary\" href=\"{here}\">{again}</a></div></main>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_bring_anything_onto_the_screen() {
        let screen = screen("a", "b", "c", "/x\"><script>");
        assert!(!screen.contains("<script>"));
        assert!(screen.contains("href=\"/xscript\""));
    }
}

//! Short messages that go away by themselves, some with a way back.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::t;

/// How long a message stays, and how long there is to undo.
const STAY: Duration = Duration::from_secs(6);

#[derive(Clone)]
struct Toast {
    number: u64,
    text: String,
    undo: Option<Undo>,
}

/// What happens when the time is up, and what when it is undone instead. Not callbacks of the
/// framework: those end with the page that made them, and these outlive it.
#[derive(Clone)]
struct Undo {
    commit: Deed,
    revert: Deed,
}

type Deed = Arc<dyn Fn() + Send + Sync>;

/// Where messages are shown: a handle.
#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u64>,
}

impl Toasts {
    /// No message yet.
    pub fn new() -> Self {
        Self { shown: RwSignal::default(), last: StoredValue::default() }
    }

    /// Tells something.
    pub fn tell(self, text: String) {
        self.put(text, None);
    }

    /// Tells that something is being done, with a button to undo it. It is done (`commit`) when
    /// the message goes, unless it was undone (`revert`).
    pub fn offer_undo(
        self,
        text: String,
        commit: impl Fn() + Send + Sync + 'static,
        revert: impl Fn() + Send + Sync + 'static,
    ) {
        self.put(text, Some(Undo { commit: Arc::new(commit), revert: Arc::new(revert) }));
    }

    fn put(self, text: String, undo: Option<Undo>) {
        let number = self.last.get_value() + 1;
        self.last.set_value(number);
        self.shown.update(|it| it.push(Toast { number, text, undo }));
        set_timeout(move || self.dismiss(number), STAY);
    }

    fn take(self, number: u64) -> Option<Toast> {
        let mut taken = None;
        self.shown.update(|it| {
            taken = it.iter().position(|it| it.number == number).map(|at| it.remove(at));
        });
        taken
    }

    fn dismiss(self, number: u64) {
        if let Some(undo) = self.take(number).and_then(|it| it.undo) {
            (undo.commit)();
        }
    }

    fn undo(self, number: u64) {
        if let Some(undo) = self.take(number).and_then(|it| it.undo) {
            (undo.revert)();
        }
    }
}

/// The place where messages appear. There is one.
#[component]
pub fn ToastRegion(
    /// Its messages.
    toasts: Toasts,
) -> impl IntoView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|it| it.number let:toast>
                <div class="toast">
                    <span>{toast.text.clone()}</span>
                    {toast.undo.map(|_| view! {
                        <button
                            type="button"
                            class="button quiet"
                            on:click=move |_| toasts.undo(toast.number)
                        >
                            {move || t().undo()}
                        </button>
                    })}
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=move || t().close()
                        on:click=move |_| toasts.dismiss(toast.number)
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            </For>
        </div>
    }
}

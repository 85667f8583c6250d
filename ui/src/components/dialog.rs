//! Dialogs and sheets: the browser's own `<dialog>`, which keeps the focus in and gives it back.
//! On a phone they come from below.

use leptos::html;
use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::i18n::t;

/// A dialog. What is in it exists only while it is open.
#[component]
pub fn Dialog(
    /// Whether it is open; it closes itself.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// What is in it.
    children: ChildrenFn,
) -> impl IntoView {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = element.get() else { return };
        if open.get() && !dialog.open() {
            drop(dialog.show_modal());
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let on_backdrop = move |event: leptos::ev::MouseEvent| {
        let itself = element.get_untracked().map(|it| it.into());
        if event.target() == itself {
            open.set(false);
        }
    };
    let children = StoredValue::new(children);
    view! {
        <dialog
            node_ref=element
            class="dialog"
            aria-label=title
            on:close=move |_| open.set(false)
            on:click=on_backdrop
        >
            <Show when=move || open.get()>
                <div class="dialog-body">
                    <header class="dialog-head">
                        <h2>{title}</h2>
                        <button
                            type="button"
                            class="icon-button"
                            aria-label=move || t().close()
                            on:click=move |_| open.set(false)
                        >
                            <Icon glyph=Glyph::Close />
                        </button>
                    </header>
                    {children.with_value(|it| it())}
                </div>
            </Show>
        </dialog>
    }
}

/// A dialog that asks before something is done.
#[component]
pub fn Confirm(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What follows from it.
    #[prop(into)]
    why: Signal<String>,
    /// What the button says that does it.
    #[prop(into)]
    action: Signal<String>,
    /// It cannot be undone, or is dangerous.
    #[prop(default = false)]
    danger: bool,
    /// Does it.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let confirm = move |_| {
        open.set(false);
        on_confirm.run(());
    };
    view! {
        <Dialog open title>
            <p>{why}</p>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>
                    {move || t().cancel()}
                </button>
                <button type="button" class="button primary" class:danger=danger on:click=confirm>
                    {action}
                </button>
            </div>
        </Dialog>
    }
}

//! Rules from a file, and into one.

mod foreign;
mod mapping;
mod report;

use api::{Answer, Request};
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use self::foreign::Foreign;
use crate::components::{Glyph, Icon, TextArea};
use crate::i18n::t;
use crate::route::{PageLink, Route, Router};
use crate::state::{Form, use_session};

/// The page for files of rules.
#[component]
pub fn ImportPage() -> impl IntoView {
    view! {
        <div class="page narrow">
            <header class="page-head device-head">
                <PageLink
                    to=Route::Automations
                    class="icon-button"
                    label=Signal::derive(|| t().to_automations())
                >
                    <Icon glyph=Glyph::Back />
                </PageLink>
                <h1 class="device-title">{move || t().import_export()}</h1>
            </header>
            <Export />
            <OwnFile />
            <Foreign />
        </div>
    }
}

#[component]
fn Export() -> impl IntoView {
    let session = use_session();
    let form = Form::new();
    let file = RwSignal::new(None::<String>);
    let count = Memo::new(move |_| session.home.rules.len());
    let export = move |_| {
        session.submit(form, Request::ExportRules(Vec::new()), move |answer| {
            if let Answer::File(text) = answer {
                download("hearth-automations.json", &text);
                file.try_set(Some(text));
            }
        });
    };
    let copy = RwSignal::new(String::new());
    Effect::new(move || copy.set(file.get().unwrap_or_default()));
    view! {
        <section class="card settings-card">
            <h2>{move || t().export()}</h2>
            <p>{move || t().export_why(&t().rules(count.get()))}</p>
            <button
                type="button"
                class="button"
                disabled=move || form.busy.get() || count.get() == 0
                aria-busy=move || form.busy.get().to_string()
                on:click=export
            >
                {move || t().export_all()}
            </button>
            <FormError form />
            <Show when=move || file.with(Option::is_some)>
                <details class="fold wide">
                    <summary>{move || t().export_text()}</summary>
                    <TextArea label=Signal::derive(|| t().file_text()) value=copy />
                </details>
            </Show>
        </section>
    }
}

#[component]
fn OwnFile() -> impl IntoView {
    let session = use_session();
    let router = expect_context::<Router>();
    let form = Form::new();
    let text = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        session.submit(form, Request::ImportRules(text.get_untracked()), move |answer| {
            if let Answer::RulesAdded(rules) = answer {
                session.toasts.tell(t().carried_over(rules.len()));
                router.go(Route::Automations);
            }
        });
    };
    view! {
        <section class="card settings-card">
            <h2>{move || t().import_own()}</h2>
            <p>{move || t().import_own_why()}</p>
            <form class="stack wide" on:submit=submit>
                <FileOrText text accept=".json,application/json" />
                <FormError form />
                <SendButton form text words=|| t().import_do() />
            </form>
        </section>
    }
}

/// The button that sends a text off, once there is one.
#[component]
fn SendButton(form: Form, text: RwSignal<String>, words: fn() -> String) -> impl IntoView {
    let empty = Memo::new(move |_| text.with(|it| it.trim().is_empty()));
    view! {
        <div class="button-row start">
            <button
                type="submit"
                class="button primary"
                disabled=move || form.busy.get() || empty.get()
                aria-busy=move || form.busy.get().to_string()
            >
                {words}
            </button>
        </div>
    }
}

#[component]
fn FormError(form: Form) -> impl IntoView {
    let words = move || {
        let error = form.error.get()?;
        Some(t().error(&error))
    };
    view! {
        <div role="alert">
            {move || words().map(|it| view! { <p class="form-error">{it}</p> })}
        </div>
    }
}

/// A file from this device, or the same as text.
#[component]
fn FileOrText(text: RwSignal<String>, accept: &'static str) -> impl IntoView {
    let too_large = RwSignal::new(false);
    let id = format!("file-{}", if accept.contains("json") { "own" } else { "foreign" });
    let choose = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let Some(file) = input.files().and_then(|it| it.get(0)) else { return };
        let fits = file.size() <= model::rule::LARGEST_FILE as f64;
        too_large.set(!fits);
        if fits {
            spawn_local(async move {
                if let Some(read) = read(file).await {
                    text.try_set(read);
                }
            });
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{move || t().choose_file()}</label>
            <input id=id type="file" accept=accept on:change=choose />
        </div>
        <div role="alert">
            <Show when=move || too_large.get()>
                <p class="form-error">{move || t().file_too_large()}</p>
            </Show>
        </div>
        <TextArea label=Signal::derive(|| t().or_paste()) value=text />
    }
}

async fn read(file: web_sys::File) -> Option<String> {
    let blob: web_sys::Blob = file.into();
    JsFuture::from(blob.text()).await.ok()?.as_string()
}

/// Hands a text to the browser as a file.
fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&JsValue::from(text));
    let Ok(blob) = web_sys::Blob::new_with_str_sequence(&parts) else { return };
    let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let link = document().create_element("a").ok();
    if let Some(link) = link.and_then(|it| it.dyn_into::<web_sys::HtmlAnchorElement>().ok()) {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    drop(web_sys::Url::revoke_object_url(&address));
}

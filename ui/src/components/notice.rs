//! What rules told the people of the home: listed, and shown at once when it is new.

use api::Request;
use leptos::prelude::*;
use model::{Notice, NoticeId};
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use crate::i18n::{Texts, day_and_time, t};
use crate::route::{PageLink, Route};
use crate::state::{Session, use_session};

/// A notice, with its buttons. Each notice is acted on once.
#[component]
pub fn NoticeCard(
    /// Which.
    id: NoticeId,
) -> impl IntoView {
    let session = use_session();
    move || session.home.notices.get(&id).map(|it| view! { <Card notice=Notice::clone(&it) /> })
}

#[component]
fn Card(notice: Notice) -> impl IntoView {
    let session = use_session();
    let rule = notice.rule.clone();
    let at = notice.at;
    let from =
        move || t().notice_from(&session.home.rule_name(&rule), &day_and_time(t().locale(), at));
    let to = Route::Past(notice.rule.clone(), Some(notice.run.clone()));
    let dismissed = notice.id.clone();
    let dismiss = move |_| session.send(Request::DismissNotice(dismissed.clone()));
    let title = notice.title.clone();
    let label = move || t().dismiss_notice(&title);
    view! {
        <li class="notice card">
            <h3 dir="auto">{notice.title.clone()}</h3>
            {(!notice.body.is_empty()).then(|| view! { <p dir="auto">{notice.body.clone()}</p> })}
            <p class="quiet">
                <PageLink to class="inline-link">{from}</PageLink>
            </p>
            <Buttons notice />
            <div class="button-row">
                <button type="button" class="button" aria-label=label on:click=dismiss>
                    {move || t().action_dismiss()}
                </button>
            </div>
        </li>
    }
}

#[component]
fn Buttons(notice: Notice) -> impl IntoView {
    let session = use_session();
    let Notice { id, buttons, pressed, .. } = notice;
    let asking = RwSignal::new(false);
    let id = StoredValue::new(id);
    let chosen = pressed.and_then(|it| buttons.get(usize::from(it)).map(|it| it.label.clone()));
    let button = |(index, label): (u8, String)| {
        let press = move |_| {
            asking.set(true);
            session.send_or(Request::PressNotice(id.get_value(), index), move || {
                asking.try_set(false);
            });
        };
        view! {
            <button
                type="button"
                class="button primary"
                dir="auto"
                disabled=move || asking.get() || pressed.is_some()
                on:click=press
            >
                {label}
            </button>
        }
    };
    let labels: Vec<(u8, String)> = (0..).zip(buttons.into_iter().map(|it| it.label)).collect();
    (!labels.is_empty()).then(|| {
        view! {
            <div class="button-row">{labels.into_iter().map(button).collect_view()}</div>
            {chosen.map(|it| view! {
                <p class="quiet" role="status">{move || t().notice_pressed(&it)}</p>
            })}
        }
    })
}

/// Shows new notices: in the page, and by the system where that was allowed and nobody looks.
#[component]
pub fn NoticeWatch() -> impl IntoView {
    let session = use_session();
    Effect::new(move || {
        if let Some(notice) = session.home.told.get() {
            show(session, t(), &notice);
        }
    });
}

fn show(session: Session, t: Texts, notice: &Notice) {
    let words = if notice.body.is_empty() {
        notice.title.clone()
    } else {
        t.joined(&notice.title, &notice.body)
    };
    session.toasts.tell(words);
    let allowed =
        has_notifications() && Notification::permission() == NotificationPermission::Granted;
    if allowed && document().hidden() {
        let options = NotificationOptions::new();
        options.set_body(&notice.body);
        options.set_tag(notice.id.as_str());
        drop(Notification::new_with_options(&notice.title, &options));
    }
}

fn has_notifications() -> bool {
    js_sys::Reflect::has(&window(), &"Notification".into()).unwrap_or(false)
}

/// Whether the system can show notices and has not been asked yet. In Hearth's own window the
/// window itself shows them.
pub fn can_ask_notifications() -> bool {
    let in_window = js_sys::Reflect::has(&window(), &"__TAURI_INTERNALS__".into()).unwrap_or(false);
    !in_window
        && has_notifications()
        && Notification::permission() == NotificationPermission::Default
}

//! What needs attention: troubles, and what rules told.

use leptos::prelude::*;
use model::NoticeId;

use crate::components::{Empty, Glyph, IssueRow, NoticeCard, can_ask_notifications};
use crate::i18n::t;
use crate::state::use_session;

/// The alerts page.
#[component]
pub fn AlertsPage() -> impl IntoView {
    let home = use_session().home;
    let troubled = Memo::new(move |_| home.issues.with(|it| !it.is_empty()));
    let notices = Memo::new(move |_| {
        let mut all = home.notices.all();
        all.sort_by_key(|it| std::cmp::Reverse(it.at));
        all.iter().map(|it| it.id.clone()).collect::<Vec<NoticeId>>()
    });
    let told = move || notices.with(|it| !it.is_empty());
    view! {
        <div class="page narrow">
            <h1>{move || t().alerts()}</h1>
            <Show when=move || troubled.get()>
                <section class="attention" aria-labelledby="troubles">
                    <h2 id="troubles">{move || t().attention()}</h2>
                    <ul>
                        <For each=move || home.issues.get() key=|it| format!("{it:?}") let:issue>
                            <IssueRow issue />
                        </For>
                    </ul>
                </section>
            </Show>
            <Show when=told>
                <section class="stack" aria-labelledby="notices">
                    <h2 id="notices">{move || t().notices()}</h2>
                    <ul class="cards-list">
                        <For each=move || notices.get() key=Clone::clone let:id>
                            <NoticeCard id />
                        </For>
                    </ul>
                </section>
            </Show>
            <Show when=move || !troubled.get() && !told()>
                <Empty
                    glyph=Glyph::Bell
                    title=Signal::derive(move || t().no_alerts())
                    why=Signal::derive(move || t().no_alerts_why())
                />
            </Show>
            <AskNotifications />
        </div>
    }
}

/// Asks the browser to show notices, on a tap and after saying why.
#[component]
fn AskNotifications() -> impl IntoView {
    let offered = RwSignal::new(can_ask_notifications());
    let ask = move |_| {
        offered.set(false);
        drop(web_sys::Notification::request_permission());
    };
    view! {
        <Show when=move || offered.get()>
            <section class="card settings-card">
                <h2>{move || t().notify_title()}</h2>
                <p>{move || t().notify_why()}</p>
                <button type="button" class="button" on:click=ask>
                    {move || t().notify_allow()}
                </button>
            </section>
        </Show>
    }
}

//! The first thing that anyone sees: what Hearth is, and two ways to begin.

use api::Request;
use leptos::prelude::*;

use crate::components::{Glyph, Icon};
use crate::i18n::t;
use crate::route::{Route, Router};
use crate::state::use_session;

/// The page of the first run.
#[component]
pub fn WelcomePage() -> impl IntoView {
    let session = use_session();
    let router = expect_context::<Router>();
    let find = move |_| {
        session.send(Request::Welcomed);
        router.go(Route::Add);
    };
    let offered = move || session.home.status.get().sandbox_offered;
    view! {
        <div class="page welcome">
            <h1>{move || t().welcome()}</h1>
            <p class="lead">{move || t().welcome_what()}</p>
            <ul class="promises">
                <Promise glyph=Glyph::Globe title=|| t().welcome_local() why=|| t().welcome_local_why() />
                <Promise glyph=Glyph::Shield title=|| t().welcome_honest() why=|| t().welcome_honest_why() />
                <Promise glyph=Glyph::Repeat title=|| t().welcome_once() why=|| t().welcome_once_why() />
            </ul>
            <div class="welcome-actions">
                <button type="button" class="button primary big" on:click=find>
                    {move || t().find_devices()}
                </button>
                <Show when=offered>
                    <button
                        type="button"
                        class="button big"
                        on:click=move |_| session.send(Request::EnterSandbox)
                    >
                        {move || t().try_sandbox()}
                    </button>
                </Show>
                <button
                    type="button"
                    class="button quiet big"
                    on:click=move |_| session.send(Request::Welcomed)
                >
                    {move || t().look_around()}
                </button>
            </div>
        </div>
    }
}

#[component]
fn Promise(glyph: Glyph, title: fn() -> String, why: fn() -> String) -> impl IntoView {
    view! {
        <li>
            <Icon glyph />
            <div>
                <h2>{title}</h2>
                <p>{why}</p>
            </div>
        </li>
    }
}

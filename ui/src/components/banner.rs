//! What is said across the page: the connection is gone; this is not the real home.

use api::Request;
use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::bridge::Link;
use crate::i18n::t;
use crate::state::use_session;

/// Says that the hub is gone, while it is.
#[component]
pub fn LinkBanner() -> impl IntoView {
    let session = use_session();
    let gone = move || {
        let known = session.home.known.get();
        known && matches!(session.link.get(), Link::Gone | Link::Refused)
    };
    view! {
        <div role="alert" class="banner-place">
            <Show when=gone>
                <p class="banner">
                    <Icon glyph=Glyph::Offline />
                    <span>{move || t().link_gone()}</span>
                </p>
            </Show>
        </div>
    }
}

/// Says that this is the simulated home, and leads out of it.
#[component]
pub fn SandboxBadge() -> impl IntoView {
    let session = use_session();
    view! {
        <Show when=move || session.home.status.get().sandbox>
            <div class="sandbox">
                <p>
                    <strong>{move || t().sandbox()}</strong>
                    <span>{move || t().sandbox_why()}</span>
                </p>
                <button
                    type="button"
                    class="button"
                    on:click=move |_| session.send(Request::LeaveSandbox)
                >
                    {move || t().leave_sandbox()}
                </button>
            </div>
        </Show>
    }
}

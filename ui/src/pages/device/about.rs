//! What the device is and how it is reached; and the ways to mend or remove it.

use std::sync::Arc;

use api::{DeviceView, Request};
use leptos::prelude::*;
use model::{Family, Name};

use crate::components::{Confirm, SecretsTarget};
use crate::i18n::t;
use crate::route::{Route, Router};
use crate::state::use_session;

#[component]
pub(super) fn About(device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let session = use_session();
    let secrets = expect_context::<SecretsTarget>();
    let id = move || device.with_untracked(|it| it.id.clone());
    let has_secret = move || device.with(|it| it.family != Family::Wled);
    view! {
        <section class="card about" aria-labelledby="about-device">
            <h2 id="about-device">{|| t().about_device()}</h2>
            <dl class="device-facts">{move || facts(&device.get(), session.now.get())}</dl>
            <div class="button-row">
                <button
                    type="button"
                    class="button"
                    on:click=move |_| session.send(Request::Reconnect(id()))
                >
                    {|| t().reconnect()}
                </button>
                <Show when=has_secret>
                    <button type="button" class="button" on:click=move |_| secrets.ask_secret(id())>
                        {|| t().change_secret()}
                    </button>
                </Show>
                <Remove device />
            </div>
        </section>
    }
}

fn facts(device: &DeviceView, now: model::Timestamp) -> Vec<AnyView> {
    let text = |name: &Option<Name>| name.as_ref().map(ToString::to_string);
    [
        (t().maker(), text(&device.vendor)),
        (t().model(), text(&device.model)),
        (t().firmware(), text(&device.firmware)),
        (t().protocol(), Some(device.family.title().to_owned())),
        (t().address(), Some(device.address.to_string())),
        (t().identity(), Some(device.id.to_string())),
        (
            t().last_heard(),
            Some(device.heard_at.map_or_else(|| t().never_seen(), |at| t().told_age(at, now))),
        ),
    ]
    .into_iter()
    .filter_map(|(term, words)| {
        words.map(|it| view! { <div><dt>{term}</dt><dd><bdi>{it}</bdi></dd></div> }.into_any())
    })
    .collect()
}

/// Takes the device out of the home, after a question: its password goes with it.
#[component]
fn Remove(device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let session = use_session();
    let router = expect_context::<Router>();
    let asking = RwSignal::new(false);
    let name = move || device.with(|it| it.name.clone());
    let remove = Callback::new(move |()| {
        let (id, name) = device.with_untracked(|it| (it.id.clone(), it.name.clone()));
        session.send(Request::RemoveDevice(id));
        session.toasts.tell(t().device_removed(&name));
        router.go(Route::Home);
    });
    view! {
        <button type="button" class="button danger" on:click=move |_| asking.set(true)>
            {|| t().remove_device()}
        </button>
        <Confirm
            open=asking
            title=Signal::derive(move || t().remove_question(&name()))
            why=Signal::derive(|| t().remove_why())
            action=Signal::derive(|| t().remove())
            danger=true
            on_confirm=remove
        />
    }
}

//! What is known of the device, how, and since when: every value with its source and age.

use std::sync::Arc;

use api::{CapabilityState, DeviceView};
use leptos::prelude::*;
use model::{Source, Spec};

use super::short_name;
use crate::face::{capability_name, value_words};
use crate::i18n::{Texts, t};
use crate::state::{Live, use_session};

#[component]
pub(super) fn Known(device: Signal<Arc<DeviceView>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let toggle = move |event: leptos::ev::Event| {
        open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    view! {
        <details class="fold" on:toggle=toggle>
            <summary>{|| t().how_known()}</summary>
            <Show when=move || open.get()>
                <div class="table-scroll" tabindex="0" role="group" aria-label=|| t().how_known()>
                    <table class="known">
                        <thead>
                            <tr>
                                <th scope="col">{|| t().part()}</th>
                                <th scope="col">{|| t().capability()}</th>
                                <th scope="col">{|| t().value()}</th>
                                <th scope="col">{|| t().source()}</th>
                                <th scope="col">{|| t().how_old()}</th>
                            </tr>
                        </thead>
                        <tbody>{move || rows(&device.get())}</tbody>
                    </table>
                </div>
            </Show>
        </details>
    }
}

fn rows(device: &DeviceView) -> Vec<AnyView> {
    let session = use_session();
    let mut rows = Vec::new();
    for endpoint in &device.endpoints {
        let live = session.home.live(&endpoint.id);
        for spec in &endpoint.specs {
            let (live, capability, spec) = (live.clone(), spec.capability(), spec.clone());
            let state = Memo::new(move |_| {
                live.as_ref()
                    .map(|it| it.with(|it: &Live| it.state(capability)))
                    .unwrap_or_default()
            });
            let name = short_name(device, endpoint);
            rows.push(
                view! {
                    <tr>
                        <th scope="row">{name}</th>
                        <td>{move || capability_name(t(), capability)}</td>
                        <td>{move || state.with(|it| value(t(), &spec, it))}</td>
                        <td>{move || state.with(|it| source(t(), it))}</td>
                        <td>{move || age(t(), &state.get(), session.now.get())}</td>
                    </tr>
                }
                .into_any(),
            );
        }
    }
    rows
}

fn value(t: Texts, spec: &Spec, state: &CapabilityState) -> String {
    state.value.as_ref().map_or_else(|| "–".to_owned(), |it| value_words(t, spec, it))
}

fn source(t: Texts, state: &CapabilityState) -> String {
    match state.source {
        Some(Source::Pushed) => t.source_pushed(),
        Some(Source::Polled) => t.source_polled(),
        Some(Source::Remembered) => t.source_remembered(),
        None => t.source_none(),
    }
}

fn age(t: Texts, state: &CapabilityState, now: model::Timestamp) -> String {
    state.reported_at.map_or_else(|| "–".to_owned(), |at| t.told_age(at, now))
}

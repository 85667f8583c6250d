//! Under construction.

use leptos::prelude::*;
use model::DeviceId;

/// The page of one device.
#[component]
pub fn DevicePage(
    /// Which.
    id: DeviceId,
) -> impl IntoView {
    view! { <div class="page"><h1>{id.to_string()}</h1></div> }
}

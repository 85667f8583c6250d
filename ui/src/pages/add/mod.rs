//! Adding devices: those that discovery has found, live; and any other by its address.

mod by_address;
mod form;
mod found;

use leptos::prelude::*;

use self::by_address::ByAddress;
use self::found::Found;
use crate::i18n::t;

/// The page.
#[component]
pub fn AddPage() -> impl IntoView {
    view! {
        <div class="page add-page">
            <header class="page-head"><h1>{|| t().add_device()}</h1></header>
            <Found />
            <ByAddress />
        </div>
    }
}

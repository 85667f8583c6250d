//! The interface: a Leptos application over the contract. It shows what the hub says and asks the
//! hub for what people want; it decides nothing about the home.
#![expect(unreachable_pub, reason = "`#[component]` writes `pub`")]

mod app;
mod bridge;
mod components;
mod crash;
mod face;
mod frame;
mod i18n;
mod pages;
mod preferences;
mod route;
mod sentence;
mod state;

fn main() {
    crash::watch();
    leptos::mount::mount_to_body(app::App);
}

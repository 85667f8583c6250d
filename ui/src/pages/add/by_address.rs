//! Adding a device by its address, for networks where devices cannot be found by themselves.

use api::AddTarget;
use leptos::prelude::*;
use model::{Address, AddressError, Family};

use super::form::{AddFields, Attempt};
use crate::components::{Field, Select};
use crate::i18n::t;

#[component]
pub(super) fn ByAddress() -> impl IntoView {
    let attempt = Attempt::new(false);
    let typed = RwSignal::new(String::new());
    let family = RwSignal::new(None::<Family>);
    let wrong = RwSignal::new(false);
    let target = Callback::new(move |()| {
        let target = target(&typed.read_untracked(), family.get_untracked());
        wrong.set(target.is_err());
        target.ok()
    });
    let error =
        Signal::derive(move || if wrong.get() { t().address_wrong() } else { String::new() });
    let choices = Signal::derive(|| {
        let any = std::iter::once((None, t().family_any()));
        any.chain(Family::ALL.map(|it| (Some(it), it.title().to_owned()))).collect::<Vec<_>>()
    });
    view! {
        <section class="card" aria-labelledby="by-address">
            <h2 id="by-address">{|| t().by_address()}</h2>
            <p class="muted">{|| t().by_address_why()}</p>
            <AddFields target attempt on_added=move |_| typed.set(String::new())>
                <Field
                    label=Signal::derive(|| t().address())
                    hint=Signal::derive(|| t().address_example())
                    value=typed
                    error=error
                    machine_text=true
                />
                <Select
                    label=Signal::derive(|| t().family())
                    choices
                    chosen=Signal::derive(move || Some(family.get()))
                    on_choose=Callback::new(move |it| family.set(it))
                />
            </AddFields>
        </section>
    }
}

/// What was typed as a target; with no port, the family's usual one.
fn target(typed: &str, family: Option<Family>) -> Result<AddTarget, AddressError> {
    let port = family.map_or(80, Family::default_port);
    Address::parse(typed, port).map(|it| AddTarget::At(it, family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_port_gets_the_familys() {
        let at = |text: &str, family| match target(text, family) {
            Ok(AddTarget::At(address, _)) => address.to_string(),
            _ => String::new(),
        };
        assert_eq!(at("192.0.2.7", None), "192.0.2.7:80");
        assert_eq!(at("192.0.2.7", Some(Family::Esphome)), "192.0.2.7:6053");
        assert_eq!(at("lamp.local:8080", Some(Family::Wled)), "lamp.local:8080");
        assert_eq!(at("not an address", None), "");
    }
}

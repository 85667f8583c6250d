//! A thermostat: its mode, and what it aims at.

use leptos::prelude::*;
use model::{Action, Celsius, ThermostatChange, ThermostatMode, ThermostatState, Value};

use super::Asked;
use crate::components::{Select, Slider};
use crate::i18n::{t, with_unit};

/// Distance of two targets, in degrees.
const STEP: f64 = 0.5;

pub(super) fn thermostat(
    asked: Asked,
    modes: Vec<ThermostatMode>,
    range: (Celsius, Celsius),
    heating: bool,
    cooling: bool,
) -> AnyView {
    let chosen = asked.read(|value| state(value).map(|it| it.mode));
    let modes = StoredValue::new(modes);
    let choices = Signal::derive(move || {
        modes.with_value(|it| it.iter().map(|mode| (*mode, t().thermostat_mode(*mode))).collect())
    });
    let choose = Callback::new(move |mode| {
        let change = ThermostatChange { mode: Some(mode), ..ThermostatChange::default() };
        asked.ask(Action::SetThermostat(change));
    });
    let heat = heating.then(|| {
        let label: fn() -> String =
            if cooling { || t().heat_to() } else { || t().target_temperature() };
        let change =
            |it| ThermostatChange { heating_setpoint: Some(it), ..ThermostatChange::default() };
        setpoint(asked, label, range, |it| it.heating_setpoint, change)
    });
    let cool = cooling.then(|| {
        let change =
            |it| ThermostatChange { cooling_setpoint: Some(it), ..ThermostatChange::default() };
        setpoint(asked, || t().cool_to(), range, |it| it.cooling_setpoint, change)
    });
    view! {
        <p class="control-state">{measured(asked)}</p>
        {heat}
        {cool}
        <Select label=Signal::derive(|| t().mode()) choices chosen on_choose=choose />
    }
    .into_any()
}

/// What it measures, and whether it is at work.
fn measured(asked: Asked) -> impl Fn() -> String + Send {
    let known = asked.known(|value| state(value).map(|it| (it.local_temperature, it.running)));
    move || {
        let (temperature, running) = known.get().unwrap_or_default();
        let measured = temperature
            .map(|it| t().measured(&with_unit(t().locale(), it.get(), 1, Celsius::UNIT)));
        let running = running.map(|it| if it { t().running() } else { t().idle() });
        match (measured, running) {
            (Some(measured), Some(running)) => t().joined(&measured, &running),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => String::new(),
        }
    }
}

fn setpoint(
    asked: Asked,
    label: fn() -> String,
    (low, high): (Celsius, Celsius),
    read: fn(&ThermostatState) -> Option<Celsius>,
    change: fn(Celsius) -> ThermostatChange,
) -> AnyView {
    let value = asked
        .read(move |value| state(value).and_then(|it| read(&it)).map_or(low.get(), Celsius::get));
    let words = Callback::new(|value: f64| with_unit(t().locale(), value, 1, Celsius::UNIT));
    let set = move |wanted: f64| {
        let within = Celsius::clamped(wanted.clamp(low.get(), high.get()));
        asked.ask(Action::SetThermostat(change(within)));
    };
    let busy = asked.busy();
    view! {
        <Slider
            label=Signal::derive(label)
            value
            min=low.get()
            max=high.get()
            step=STEP
            words
            busy
            on_change=Callback::new(set)
        />
        <div class="button-row">
            <button type="button" class="button" on:click=move |_| set(value.get_untracked() - STEP)>
                {|| t().cooler()}
            </button>
            <button type="button" class="button" on:click=move |_| set(value.get_untracked() + STEP)>
                {|| t().warmer()}
            </button>
        </div>
    }
    .into_any()
}

fn state(value: Option<&Value>) -> Option<ThermostatState> {
    match value {
        Some(Value::Thermostat(state)) => Some(*state),
        _ => None,
    }
}

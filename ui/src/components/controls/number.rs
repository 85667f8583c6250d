//! A number within its range.

use leptos::prelude::*;
use model::{Action, Value};

use super::Asked;
use crate::components::Slider;
use crate::i18n::{t, with_unit};

pub(super) fn number(asked: Asked, min: f64, max: f64, step: f64, unit: String) -> AnyView {
    let value = asked.read(move |value| match value {
        Some(Value::NumericControl(number)) => *number,
        _ => min,
    });
    let decimals = decimals(step);
    let words = Callback::new(move |value: f64| with_unit(t().locale(), value, decimals, &unit));
    let change =
        Callback::new(move |wanted: f64| asked.ask(Action::SetNumber(wanted.clamp(min, max))));
    view! {
        <Slider
            label=Signal::derive(|| t().number())
            value
            min
            max
            step
            words
            busy=asked.busy()
            on_change=change
        />
    }
    .into_any()
}

/// As many decimals as the distance of two settings has, three at most.
fn decimals(step: f64) -> u8 {
    let is_whole = |value: f64| (value - value.round()).abs() < 1e-6;
    (0..3).find(|it| is_whole(step * 10_f64.powi(i32::from(*it)))).unwrap_or(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_finely_as_it_can_be_set() {
        for (step, wanted) in [(1.0, 0), (0.5, 1), (0.25, 2), (0.001, 3), (5.0, 0)] {
            assert_eq!(decimals(step), wanted, "{step}");
        }
    }
}

//! A choice of one among few, all of them seen: radio buttons in a row.

use leptos::prelude::*;

use super::field::unique;

/// A choice of one among few.
#[component]
pub fn Segmented<T>(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The choices, in order.
    #[prop(into)]
    choices: Signal<Vec<(T, String)>>,
    /// The one chosen, if any.
    #[prop(into)]
    chosen: Signal<Option<T>>,
    /// Chooses.
    #[prop(into)]
    on_choose: Callback<T>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let group = unique("choice");
    let row = move || {
        let group = group.clone();
        let option = move |(value, words): (T, String)| {
            let (mine, wanted) = (value.clone(), value);
            view! {
                <label class="segment">
                    <input
                        type="radio"
                        name=group.clone()
                        prop:checked=move || chosen.get().as_ref() == Some(&mine)
                        on:change=move |_| on_choose.run(wanted.clone())
                    />
                    <span>{words}</span>
                </label>
            }
        };
        choices.get().into_iter().map(option).collect_view()
    };
    view! {
        <fieldset class="segmented">
            <legend>{label}</legend>
            <div class="segments">{row}</div>
        </fieldset>
    }
}

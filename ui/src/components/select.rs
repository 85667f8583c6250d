//! A choice of one among many: the browser's own list.

use leptos::prelude::*;

use super::field::unique;

/// A choice of one among many.
#[component]
pub fn Select<T>(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The choices, in order.
    #[prop(into)]
    choices: Signal<Vec<(T, String)>>,
    /// The one chosen, if any.
    #[prop(into)]
    chosen: Signal<Option<T>>,
    /// It cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// The label is for screen readers only: what stands around it says it.
    #[prop(default = false)]
    bare: bool,
    /// Chooses.
    #[prop(into)]
    on_choose: Callback<T>,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let id = unique("select");
    let at = move || {
        let chosen = chosen.get();
        let at = choices.with(|it| it.iter().position(|(value, _)| Some(value) == chosen.as_ref()));
        at.map_or(-1, |it| it as i32)
    };
    let choose = move |event: leptos::ev::Event| {
        let at = event_target_value(&event).parse::<usize>().ok();
        if let Some((value, _)) = at.and_then(|at| choices.with_untracked(|it| it.get(at).cloned()))
        {
            on_choose.run(value);
        }
    };
    let options = move || {
        let at = at();
        let option = |(index, (_, words)): (usize, (T, String))| {
            view! { <option value=index.to_string() selected=index as i32 == at>{words}</option> }
        };
        choices.get().into_iter().enumerate().map(option).collect_view()
    };
    view! {
        <div class="field" class:bare=bare>
            <label for=id.clone() class:only-read=bare>{label}</label>
            <select id=id disabled=disabled on:change=choose>
                {move || (at() < 0).then(|| view! { <option selected=true value=""></option> })}
                {options}
            </select>
        </div>
    }
}

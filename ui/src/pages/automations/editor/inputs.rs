//! The controls of fields: one for each sort, on the browser's own elements.

use leptos::prelude::*;
use model::Span;
use model::rule::{Date, LocalTime, Path, Target, Weekday};

use super::super::draft::{Field, Input, Part, Phrase};
use super::adder::acts;
use super::chooser::{chooser, says};
use super::pane::Fields;
use super::writing::{Writing, focus, focus_inside, key_of};
use crate::components::{Glyph, Icon, Segmented, Select, Slider};
use crate::i18n::{t, with_unit};

/// Where a field is, and how to put something into it.
#[derive(Clone, Copy)]
struct Place {
    writing: Writing,
    path: StoredValue<Path>,
    all: Fields,
    key: &'static str,
}

impl Place {
    /// Reads the field as it is now; tracked.
    fn read<T>(self, read: impl FnOnce(&Field) -> Option<T>) -> Option<T> {
        self.all.with(|all| all.iter().find(|it| it.key == self.key).and_then(read))
    }

    fn label(self) -> Signal<String> {
        Signal::derive(move || self.read(|it| Some(it.label.clone())).unwrap_or_default())
    }

    fn put(self, phrase: Phrase) {
        self.path.with_value(|path| self.writing.put(path, self.key, phrase));
    }

    fn id(self) -> String {
        format!("field{}-{}", self.path.with_value(key_of), self.key)
    }
}

/// The control of a field.
pub fn input(writing: Writing, path: StoredValue<Path>, all: Fields, key: &'static str) -> AnyView {
    let place = Place { writing, path, all, key };
    let input = untrack(|| place.read(|it| Some(it.input.clone())));
    match input {
        Some(Input::Target(_, part, _)) => target(place, part),
        Some(Input::Choice(options, _)) => choice(place, &options),
        Some(Input::Number { needed, bounds, step, unit, .. }) => {
            number(place, needed, bounds, step, unit)
        }
        Some(Input::Slide { bounds, step, unit, track, .. }) => {
            slide(place, bounds, step, unit, track)
        }
        Some(Input::Span { needed, .. }) => span(place, needed),
        Some(Input::Time { needed, .. }) => time(place, needed),
        Some(Input::Weekdays(..)) => weekdays(place),
        Some(Input::Dates(..)) => dates(place),
        Some(Input::Text { most, long, .. }) => text(place, most, long),
        Some(Input::Note(_)) => note(place),
        None => ().into_any(),
    }
}

/// Whom it is about: a button that opens the list of all that could be meant.
fn target(place: Place, part: Part) -> AnyView {
    let open = RwSignal::new(false);
    let id = place.id();
    let inside = format!("{id}-list");
    let who = move || {
        let target = place.read(|it| match &it.input {
            Input::Target(target, ..) => Some(target.clone()),
            _ => None,
        });
        target.map(|it| place.writing.say(|words| says(words, part, &it))).unwrap_or_default()
    };
    let choose = {
        let id = id.clone();
        Callback::new(move |target: Target| {
            let put = untrack(|| {
                place.read(|it| match &it.input {
                    Input::Target(_, _, put) => Some(put.clone()),
                    _ => None,
                })
            });
            if let Some(put) = put {
                place.put(put(target));
            }
            open.set(false);
            focus(&id);
        })
    };
    let fits = move |specs: &[model::Spec]| part != Part::Then || acts(specs);
    let (list_id, button) = (inside.clone(), id.clone());
    let toggle = move |_| {
        open.update(|it| *it = !*it);
        if open.get_untracked() {
            focus_inside(&inside);
        }
    };
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            event.stop_propagation();
            open.set(false);
            focus(&button);
        }
    };
    view! {
        <div class="field" on:keydown=escape>
            <span class="field-label">{place.label()}</span>
            <button
                type="button"
                id=id
                class="chosen"
                aria-expanded=move || open.get().to_string()
                aria-label=move || t().change_who(&who())
                on:click=toggle
            >
                <span>{who}</span>
                <Icon glyph=Glyph::Down />
            </button>
            {move || open.get().then(|| view! {
                <div id=list_id.clone()>{chooser(place.writing.spoken, part, fits, choose, None)}</div>
            })}
        </div>
    }
    .into_any()
}

fn choice(place: Place, options: &[(String, Phrase)]) -> AnyView {
    let letters: usize = options.iter().map(|(says, _)| says.chars().count()).sum();
    let few = options.len() <= 3 && letters <= 40;
    let choices = Signal::derive(move || {
        let all = place.read(|it| match &it.input {
            Input::Choice(all, _) => {
                let says = |(at, (says, _)): (usize, &(String, Phrase))| (at, says.clone());
                Some(all.iter().enumerate().map(says).collect::<Vec<_>>())
            }
            _ => None,
        });
        all.unwrap_or_default()
    });
    let chosen = Signal::derive(move || {
        place.read(|it| if let Input::Choice(_, chosen) = &it.input { *chosen } else { None })
    });
    let on_choose = Callback::new(move |at: usize| {
        let phrase = untrack(|| {
            place.read(|it| match &it.input {
                Input::Choice(all, _) => all.get(at).map(|(_, it)| it.clone()),
                _ => None,
            })
        });
        if let Some(phrase) = phrase {
            place.put(phrase);
        }
    });
    let label = place.label();
    if few {
        view! { <Segmented label choices chosen on_choose /> }.into_any()
    } else {
        view! { <Select label choices chosen on_choose /> }.into_any()
    }
}

fn number(place: Place, needed: bool, bounds: (f64, f64), step: f64, unit: String) -> AnyView {
    let value = Memo::new(move |_| {
        place.read(|it| if let Input::Number { value, .. } = &it.input { *value } else { None })
    });
    let typed = RwSignal::new(None::<String>);
    let shown = move || {
        typed.get().unwrap_or_else(|| value.get().map_or_else(String::new, |it| it.to_string()))
    };
    let wrong = move || {
        typed.with(|it| {
            it.as_ref().is_some_and(|text| match text.trim().parse::<f64>() {
                Ok(number) => !(bounds.0..=bounds.1).contains(&number),
                Err(_) => needed || !text.trim().is_empty(),
            })
        })
    };
    let type_in = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        let number = text.trim().parse::<f64>().ok();
        let allowed = number.is_some_and(|it| (bounds.0..=bounds.1).contains(&it));
        typed.set(Some(text.clone()));
        if allowed || (!needed && text.trim().is_empty()) {
            let put = untrack(|| {
                place.read(|it| match &it.input {
                    Input::Number { put, .. } => Some(put.clone()),
                    _ => None,
                })
            });
            if let Some(put) = put {
                place.put(put(number));
            }
        }
    };
    let id = place.id();
    let note = format!("{id}-note");
    let (low, high) = bounds;
    let bounded = low > -1e8;
    let said = unit.clone();
    let error = move || {
        let number = |it: f64| with_unit(t().locale(), it, 2, &said);
        if !wrong() {
            String::new()
        } else if bounded {
            t().found_not_between(&number(low), &number(high))
        } else {
            t().found_out_of_range()
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{place.label()}</label>
            <div class="with-unit">
                <input
                    id=id
                    type="number"
                    inputmode="decimal"
                    step=if step < 1.0 { "any".to_owned() } else { step.to_string() }
                    min=bounded.then(|| low.to_string())
                    max=bounded.then(|| high.to_string())
                    prop:value=shown
                    aria-invalid=move || wrong().to_string()
                    aria-describedby=note.clone()
                    on:input=type_in
                    on:blur=move |_| typed.set(None)
                />
                <span class="unit">{unit}</span>
            </div>
            <p id=note class="field-note wrong" aria-live="polite">{error}</p>
        </div>
    }
    .into_any()
}

fn slide(
    place: Place,
    (min, max): (f64, f64),
    step: f64,
    unit: &'static str,
    track: &'static str,
) -> AnyView {
    let value = Signal::derive(move || {
        let value = place
            .read(|it| if let Input::Slide { value, .. } = it.input { Some(value) } else { None });
        value.unwrap_or(min)
    });
    let words = Callback::new(move |value: f64| with_unit(t().locale(), value, 0, unit));
    let on_change = Callback::new(move |value: f64| {
        let put = untrack(|| {
            place.read(|it| match &it.input {
                Input::Slide { put, .. } => Some(put.clone()),
                _ => None,
            })
        });
        if let Some(put) = put {
            place.put(put(value));
        }
    });
    view! { <Slider label=place.label() value min max step words track on_change /> }.into_any()
}

/// The units of a length of time, in milliseconds.
const UNITS: [u64; 4] = [1_000, 60_000, 3_600_000, 86_400_000];

fn span(place: Place, needed: bool) -> AnyView {
    let value = Memo::new(move |_| {
        let value = place
            .read(|it| if let Input::Span { value, .. } = it.input { Some(value) } else { None });
        value.unwrap_or(Span::ZERO)
    });
    let whole = |unit: u64| untrack(|| value.get().as_millis()).is_multiple_of(unit);
    let first = UNITS.iter().rposition(|it| whole(*it)).unwrap_or(0);
    let none = untrack(|| value.get().is_zero());
    let unit = RwSignal::new(if none { 1 } else { first });
    let typed = RwSignal::new(None::<String>);
    let millis = move || UNITS.get(unit.get()).copied().unwrap_or(1_000);
    let shown = move || {
        typed.get().unwrap_or_else(|| match value.get().as_millis() {
            0 => String::new(),
            all => (all as f64 / millis() as f64).to_string(),
        })
    };
    let put = move |span: Span| {
        let put = untrack(|| {
            place.read(|it| match &it.input {
                Input::Span { put, .. } => Some(put.clone()),
                _ => None,
            })
        });
        if let Some(put) = put {
            place.put(put(span));
        }
    };
    let read = move |text: &str, millis: u64| read_span(text, millis, needed);
    let type_in = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        if let Some(span) = read(&text, untrack(millis)) {
            put(span);
        }
        typed.set(Some(text));
    };
    let choose = Callback::new(move |at: usize| {
        let text = untrack(shown);
        unit.set(at);
        if let Some(span) = read(&text, untrack(millis)) {
            put(span);
        }
    });
    let units = Signal::derive(move || {
        vec![
            (0, t().unit_second()),
            (1, t().unit_minute()),
            (2, t().unit_hour()),
            (3, t().unit_day()),
        ]
    });
    let chosen = Signal::derive(move || Some(unit.get()));
    let id = place.id();
    let label = place.label();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="with-unit">
                <input
                    id=id
                    type="number"
                    inputmode="decimal"
                    min="0"
                    step="any"
                    prop:value=shown
                    on:input=type_in
                    on:blur=move |_| typed.set(None)
                />
                <Select
                    label=Signal::derive(move || t().unit_of(&label.get()))
                    choices=units
                    chosen
                    bare=true
                    on_choose=choose
                />
            </div>
        </div>
    }
    .into_any()
}

/// A length of time as it was typed, in units of so many milliseconds; none is none at all where
/// it may be left out.
fn read_span(text: &str, millis: u64, needed: bool) -> Option<Span> {
    match text.trim() {
        "" if !needed => Some(Span::ZERO),
        text => {
            let number = text.parse::<f64>().ok().filter(|it| (0.0..=1e6).contains(it))?;
            Some(Span::millis((number * millis as f64).round() as u64))
        }
    }
}

fn time(place: Place, needed: bool) -> AnyView {
    let value = Memo::new(move |_| {
        place.read(|it| if let Input::Time { value, .. } = it.input { value } else { None })
    });
    let change = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        let time = text.parse::<LocalTime>().ok();
        let put = untrack(|| {
            place.read(|it| match &it.input {
                Input::Time { put, .. } => Some(put.clone()),
                _ => None,
            })
        });
        if let (Some(put), true) = (put, time.is_some() || !needed) {
            place.put(put(time));
        }
    };
    let id = place.id();
    view! {
        <div class="field">
            <label for=id.clone()>{place.label()}</label>
            <input
                id=id
                type="time"
                dir="ltr"
                required=needed
                prop:value=move || value.get().map_or_else(String::new, |it| it.to_string())
                on:change=change
            />
        </div>
    }
    .into_any()
}

fn weekdays(place: Place) -> AnyView {
    let days = Memo::new(move |_| {
        let days = place
            .read(|it| if let Input::Weekdays(days, _) = it.input { Some(days) } else { None });
        days.unwrap_or_default()
    });
    let toggle = move |day: Weekday| {
        let put = untrack(|| {
            place.read(|it| match &it.input {
                Input::Weekdays(_, put) => Some(put.clone()),
                _ => None,
            })
        });
        if let Some(put) = put {
            place.put(put(days.get_untracked().toggled(day)));
        }
    };
    let button = move |day: Weekday| {
        view! {
            <button
                type="button"
                class="day"
                aria-pressed=move || days.get().contains(day).to_string()
                on:click=move |_| toggle(day)
            >
                {move || place.writing.say(|words| words.weekday(day))}
            </button>
        }
    };
    view! {
        <fieldset class="field">
            <legend class="field-label">{place.label()}</legend>
            <div class="days">{Weekday::ALL.map(button).into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn dates(place: Place) -> AnyView {
    let dates = Memo::new(move |_| {
        let dates = place.read(|it| match &it.input {
            Input::Dates(dates, _) => Some(dates.clone()),
            _ => None,
        });
        dates.unwrap_or_default()
    });
    let put = move |dates: Vec<Date>| {
        let put = untrack(|| {
            place.read(|it| match &it.input {
                Input::Dates(_, put) => Some(put.clone()),
                _ => None,
            })
        });
        if let Some(put) = put {
            place.put(put(dates));
        }
    };
    let typed = RwSignal::new(String::new());
    let add = move |_| {
        if let Ok(date) = typed.get_untracked().parse::<Date>() {
            let mut all = dates.get_untracked();
            all.push(date);
            all.sort();
            all.dedup();
            put(all);
            typed.set(String::new());
        }
    };
    let row = move |date: Date| {
        let words = crate::i18n::calendar_day(
            t().locale(),
            Some(date.year()),
            date.month_day().month(),
            date.month_day().day(),
        );
        let label = t().remove_date(&words);
        let remove = move |_| {
            put(dates.get_untracked().into_iter().filter(|it| *it != date).collect());
        };
        view! {
            <li class="date-row">
                <span>{words}</span>
                <button type="button" class="icon-button" aria-label=label on:click=remove>
                    <Icon glyph=Glyph::Close />
                </button>
            </li>
        }
    };
    let id = place.id();
    view! {
        <fieldset class="field">
            <legend class="field-label">{place.label()}</legend>
            <ul>{move || dates.get().into_iter().map(row).collect_view()}</ul>
            <div class="with-unit">
                <label class="only-read" for=id.clone()>{move || t().date()}</label>
                <input
                    id=id
                    type="date"
                    dir="ltr"
                    prop:value=move || typed.get()
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <button type="button" class="button" on:click=add>{move || t().add_date()}</button>
            </div>
        </fieldset>
    }
    .into_any()
}

fn text(place: Place, most: u16, long: bool) -> AnyView {
    let value = Memo::new(move |_| {
        let value = place.read(|it| match &it.input {
            Input::Text { value, .. } => Some(value.clone()),
            _ => None,
        });
        value.unwrap_or_default()
    });
    let type_in = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        let put = untrack(|| {
            place.read(|it| match &it.input {
                Input::Text { put, .. } => Some(put.clone()),
                _ => None,
            })
        });
        if let Some(put) = put {
            place.put(put(text));
        }
    };
    let id = place.id();
    let named = id.clone();
    let control = if long {
        view! {
            <textarea
                id=id
                rows="3"
                maxlength=most.to_string()
                prop:value=move || value.get()
                on:input=type_in
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                id=id
                type="text"
                autocomplete="off"
                maxlength=most.to_string()
                prop:value=move || value.get()
                on:input=type_in
            />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=named>{place.label()}</label>
            {control}
        </div>
    }
    .into_any()
}

fn note(place: Place) -> AnyView {
    let words = move || {
        let words = place.read(|it| match &it.input {
            Input::Note(words) => Some(words.clone()),
            _ => None,
        });
        words.unwrap_or_default()
    };
    let label = place.label();
    view! {
        <div class="field">
            <Show when=move || label.with(|it| !it.is_empty())>
                <span class="field-label">{label}</span>
            </Show>
            <p class="quiet note-text">{words}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_read_in_its_unit() {
        assert_eq!(read_span("1.5", 60_000, true), Some(Span::seconds(90)));
        assert_eq!(read_span(" ", 1_000, false), Some(Span::ZERO));
        for text in ["", "x", "-1", "1e9"] {
            assert_eq!(read_span(text, 1_000, true), None, "{text}");
        }
    }
}

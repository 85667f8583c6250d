//! The editor of one phrase: its fields, and what can be done with it as a whole.

use leptos::prelude::*;
use model::rule::{Path, PathPart};

use super::super::draft::{BlockKind, Field, Input, Phrase, fields};
use super::inputs::input;
use super::phrases::is_last;
use super::writing::{Open, Writing, chip_id, focus, focus_inside, key_of, part};
use crate::components::{Glyph, Icon};
use crate::i18n::t;

/// The fields of a phrase as they are now, one list for all that show them.
pub type Fields = Memo<Vec<Field>>;

/// The editor of the phrase at a place.
pub fn pane(
    writing: Writing,
    path: Path,
    phrase: Memo<Option<Phrase>>,
    kind: BlockKind,
) -> AnyView {
    let id = format!("pane{}", key_of(&path));
    let all: Fields = Memo::new_with_compare(
        move |_| {
            phrase.with(|it| {
                it.as_ref()
                    .map(|it| writing.desk(|desk| fields(desk, part(kind), it)))
                    .unwrap_or_default()
            })
        },
        // Fields hold what happens next, so they are never the same.
        |_, _| true,
    );
    let keys = move |rare: bool| {
        Memo::new(move |_| {
            all.with(|it| {
                let wanted = it.iter().filter(|it| it.rare == rare);
                wanted.map(|it| (it.key, sort(&it.input))).collect::<Vec<_>>()
            })
        })
    };
    let (usual, rare) = (keys(false), keys(true));
    let place = StoredValue::new(path.clone());
    focus_inside(&id);
    let chip = chip_id(&path);
    let close = move || {
        writing.open.set(Open::Nothing);
        focus(&chip);
    };
    let escape = {
        let close = close.clone();
        move |event: leptos::ev::KeyboardEvent| {
            if event.key() == "Escape" {
                event.stop_propagation();
                close();
            }
        }
    };
    view! {
        <div class="pane" id=id on:keydown=escape>
            <For each=move || usual.get() key=|it| *it let:it>
                {input(writing, place, all, it.0)}
            </For>
            <Show when=move || rare.with(|it| !it.is_empty())>
                <details class="more-fields">
                    <summary>{move || t().more_fields()}</summary>
                    <div class="fields">
                        <For each=move || rare.get() key=|it| *it let:it>
                            {input(writing, place, all, it.0)}
                        </For>
                    </div>
                </details>
            </Show>
            <div class="pane-actions">
                {actions(writing, path, phrase, kind)}
                <button type="button" class="button" on:click=move |_| close()>
                    {move || t().done()}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// Another sort of field is another control.
fn sort(input: &Input) -> u8 {
    match input {
        Input::Target(..) => 0,
        Input::Choice(..) => 1,
        Input::Number { .. } => 2,
        Input::Slide { .. } => 3,
        Input::Span { .. } => 4,
        Input::Time { .. } => 5,
        Input::Weekdays(..) => 6,
        Input::Dates(..) => 7,
        Input::Text { .. } => 8,
        Input::Note(_) => 9,
    }
}

fn actions(
    writing: Writing,
    path: Path,
    phrase: Memo<Option<Phrase>>,
    kind: BlockKind,
) -> Option<AnyView> {
    let first = match path.0.last()? {
        PathPart::Trigger(at) | PathPart::Condition(at) | PathPart::Step(at) => *at == 0,
        _ => return None,
    };
    let place = path.clone();
    let last = Memo::new(move |_| is_last(writing, &place, kind));
    let place = StoredValue::new(path);
    let copy = move || {
        if let Some(phrase) = phrase.get_untracked() {
            place.with_value(|path| writing.duplicate(path, phrase));
        }
    };
    let shift = move |up| place.with_value(|path| writing.shift(path, up));
    let remove = move || place.with_value(|path| writing.remove(path, kind));
    Some(
        view! {
            {icon_button(Glyph::Up, || t().earlier(), Signal::stored(first), move || shift(true))}
            {icon_button(Glyph::Down, || t().later(), last.into(), move || shift(false))}
            {icon_button(Glyph::Copy, || t().duplicate(), Signal::stored(false), copy)}
            {icon_button(Glyph::Trash, || t().remove(), Signal::stored(false), remove)}
        }
        .into_any(),
    )
}

/// A button with a picture and a name.
pub fn icon_button(
    glyph: Glyph,
    words: fn() -> String,
    disabled: Signal<bool>,
    act: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=words
            title=words
            disabled=disabled
            on:click=move |_| act()
        >
            <Icon glyph />
        </button>
    }
    .into_any()
}

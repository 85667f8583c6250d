//! Makes a room in the middle of something else: a few words inside another form.

use api::Request;
use leptos::prelude::*;
use model::{Name, RoomId};

use super::{Field, Glyph, Icon};
use crate::bridge::new_id;
use crate::i18n::t;
use crate::state::{Form, use_session};

/// A button that becomes a field for the name of a new room.
#[component]
pub fn NewRoom(
    /// The room is there.
    #[prop(into)]
    on_made: Callback<RoomId>,
) -> impl IntoView {
    let session = use_session();
    let open = RwSignal::new(false);
    let (name, wrong) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::new();
    let make = move |_| {
        let Ok(named) = Name::try_from(name.get_untracked()) else {
            return wrong.set(t().name_wrong());
        };
        let Some(id) = new_id::<RoomId>() else { return };
        session.submit(form, Request::CreateRoom(id.clone(), named), move |_| {
            name.try_set(String::new());
            open.try_set(false);
            on_made.try_run(id);
        });
    };
    // What the hub says against the name belongs to the field.
    let error = Signal::derive(move || match form.error.get() {
        Some(code) => t().error(&code),
        None => wrong.get(),
    });
    view! {
        <Show
            when=move || open.get()
            fallback=move || view! {
                <button type="button" class="button" on:click=move |_| open.set(true)>
                    <Icon glyph=Glyph::Plus />
                    <span>{move || t().new_room()}</span>
                </button>
            }
        >
            <div class="inline-form">
                <Field
                    label=Signal::derive(|| t().room_name())
                    value=name
                    error
                    autofocus=true
                />
                <button type="button" class="button" disabled=form.busy on:click=make>
                    {move || t().create()}
                </button>
            </div>
        </Show>
    }
}

//! Puts a device into a room.

use leptos::prelude::*;
use model::RoomId;

use super::Select;
use crate::i18n::t;
use crate::state::use_session;

/// A choice among the rooms, or none of them.
#[component]
pub fn RoomSelect(
    /// What is chosen.
    #[prop(into)]
    label: Signal<String>,
    /// The room chosen; `None` for no room.
    #[prop(into)]
    room: Signal<Option<RoomId>>,
    /// The label is for screen readers only.
    #[prop(default = false)]
    bare: bool,
    /// Chooses.
    #[prop(into)]
    on_choose: Callback<Option<RoomId>>,
) -> impl IntoView {
    let home = use_session().home;
    let choices = Signal::derive(move || {
        let rooms = home.rooms.get().into_iter();
        let none = std::iter::once((None, t().no_room()));
        none.chain(rooms.map(|it| (Some(it.id), it.name.to_string()))).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || Some(room.get()));
    view! { <Select label choices chosen bare on_choose /> }
}

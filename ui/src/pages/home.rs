//! Under construction.

use leptos::prelude::*;

use crate::components::Tile;
use crate::state::{sections, use_session};

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    let home = use_session().home;
    let sections = Memo::new(move |_| home.shape.with(|shape| home.rooms.with(|rooms| sections(shape, rooms))));
    move || sections.get().into_iter().flat_map(|it| it.tiles).map(|id| view! { <Tile id /> }).collect_view()
}

//! Tiles that are made only when they come into view, and few at a time: a home of a thousand
//! devices costs no more than what is seen of it.

use std::cell::RefCell;

use leptos::html;
use leptos::prelude::*;
use model::EndpointId;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use super::Tile;
use crate::frame;

/// So many tiles are made in one go; more go's follow in the same frame while there is time.
const AT_ONCE: usize = 4;
/// What is this near to being seen is made too.
const MARGIN: &str = "400px";
/// Height of a row of tiles and width of a tile, roughly, to hold the place of those not made yet.
const ROW_REM: f64 = 5.0;
const TILE_PX: f64 = 235.0;

/// A grid of tiles.
#[component]
pub fn Tiles(
    /// Of which endpoints, in order.
    #[prop(into)]
    ids: Signal<Vec<EndpointId>>,
    /// They only tell.
    #[prop(default = false)]
    compact: bool,
) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let made = RwSignal::new(0_usize);
    let seen = when_seen(place);
    let growing = StoredValue::new(false);
    Effect::new(move || {
        let all = ids.with(Vec::len);
        if seen.get() && made.get_untracked() < all && !growing.get_value() {
            growing.set_value(true);
            grow(made, ids, growing);
        }
    });
    let shown = move || ids.with(|ids| ids.iter().take(made.get()).cloned().collect::<Vec<_>>());
    let height = move || {
        let missing = ids.with(Vec::len).saturating_sub(made.get());
        format!("{}rem", placeholder_rows(missing, window_width()) * ROW_REM)
    };
    view! {
        <div class="tiles" node_ref=place>
            <div class="tile-grid">
                <For each=shown key=Clone::clone let:id>
                    <Tile id compact />
                </For>
            </div>
            <div style:height=height></div>
        </div>
    }
}

fn grow(made: RwSignal<usize>, ids: Signal<Vec<EndpointId>>, growing: StoredValue<bool>) {
    frame::soon(move || {
        // The page may have been left meanwhile.
        let Some(all) = ids.try_with_untracked(Vec::len) else { return };
        let Some(now) = made.try_get_untracked() else { return };
        let next = (now + AT_ONCE).min(all);
        made.set(next);
        if next < all {
            grow(made, ids, growing);
        } else {
            growing.set_value(false);
        }
    });
}

fn placeholder_rows(tiles: usize, width: f64) -> f64 {
    let columns = (width / TILE_PX).floor().max(2.0);
    (tiles as f64 / columns).ceil()
}

fn window_width() -> f64 {
    window().inner_width().ok().and_then(|it| it.as_f64()).unwrap_or(400.0)
}

/// Becomes true once the element has come into view, or near it.
fn when_seen(element: NodeRef<html::Div>) -> RwSignal<bool> {
    let seen = RwSignal::new(false);
    let watch = StoredValue::new_local(RefCell::new(None::<Watch>));
    Effect::new(move || {
        let Some(element) = element.get() else { return };
        let started = Watch::start(&element, seen);
        if started.is_none() {
            seen.set(true);
        }
        watch.with_value(|it| drop(it.replace(started)));
    });
    Effect::new(move || {
        if seen.get() {
            watch.with_value(|it| drop(it.take()));
        }
    });
    seen
}

/// A watch on an element; ends when dropped.
struct Watch {
    observer: IntersectionObserver,
    _notice: Closure<dyn FnMut(Vec<JsValue>)>,
}

impl Watch {
    fn start(element: &web_sys::Element, seen: RwSignal<bool>) -> Option<Self> {
        let notice = Closure::<dyn FnMut(Vec<JsValue>)>::new(move |entries: Vec<JsValue>| {
            let is_seen =
                |it: JsValue| it.unchecked_into::<IntersectionObserverEntry>().is_intersecting();
            if entries.into_iter().any(is_seen) {
                let _gone = seen.try_set(true);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let callback = notice.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(callback, &options).ok()?;
        observer.observe(element);
        Some(Self { observer, _notice: notice })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_tiles_not_made_yet_is_held() {
        assert!((placeholder_rows(0, 1_400.0)).abs() < f64::EPSILON);
        assert!((placeholder_rows(10, 390.0) - 5.0).abs() < f64::EPSILON);
        assert!((placeholder_rows(10, 1_200.0) - 2.0).abs() < f64::EPSILON);
    }
}

//! Where in the interface one is: typed pages instead of paths, the browser's history behind them.

use leptos::prelude::*;
use model::DeviceId;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The home: what needs attention, favourites, rooms with their tiles.
    Home,
    /// One device.
    Device(DeviceId),
    /// Adding a device.
    Add,
    /// The rooms and what is in them.
    Rooms,
    /// Settings.
    Settings,
    /// An address that leads nowhere.
    Nowhere,
}

impl Route {
    /// The page at that path.
    pub fn of(path: &str) -> Self {
        let mut parts = path.split('/').filter(|it| !it.is_empty() && *it != "index.html");
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::Home,
            (Some("add"), None, _) => Self::Add,
            (Some("rooms"), None, _) => Self::Rooms,
            (Some("settings"), None, _) => Self::Settings,
            (Some("device"), Some(id), None) => id.parse().map_or(Self::Nowhere, Self::Device),
            _ => Self::Nowhere,
        }
    }

    /// The path of the page.
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Nowhere => "/".to_owned(),
            Self::Device(id) => format!("/device/{id}"),
            Self::Add => "/add".to_owned(),
            Self::Rooms => "/rooms".to_owned(),
            Self::Settings => "/settings".to_owned(),
        }
    }
}

/// Where one is, and the way elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Router {
    here: RwSignal<Route>,
}

impl Router {
    /// Starts at the address of the window and follows its back and forward buttons.
    pub fn start() -> Self {
        let here = RwSignal::new(Route::of(&location_path()));
        let follow = Closure::<dyn Fn()>::new(move || here.set(Route::of(&location_path())));
        window().set_onpopstate(Some(follow.as_ref().unchecked_ref()));
        follow.forget();
        Self { here }
    }

    /// The page shown; tracked.
    pub fn here(self) -> Route {
        self.here.get()
    }

    /// Goes to a page.
    pub fn go(self, to: Route) {
        if self.here.get_untracked() == to {
            return;
        }
        if let Ok(history) = window().history() {
            let path = to.path();
            drop(history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)));
        }
        self.here.set(to);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

fn location_path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// A link to a page. Opens it in place; with a modifier key, the browser does what it always does.
#[component]
pub fn PageLink(
    /// Where it leads.
    #[prop(into)]
    to: Signal<Route>,
    /// Its class.
    #[prop(default = "")]
    class: &'static str,
    /// Its name for screen readers, where what it holds does not say it.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let router = expect_context::<Router>();
    let follow = move |event: leptos::ev::MouseEvent| {
        let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if !modified && event.button() == 0 {
            event.prevent_default();
            router.go(to.get_untracked());
        }
    };
    let current = move || (router.here() == to.get()).then_some("page");
    view! {
        <a
            class=class
            href=move || to.get().path()
            aria-current=current
            aria-label=move || label.get()
            on:click=follow
        >
            {children()}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_by_its_path() {
        let device = Route::Device("shelly-aabbcc".parse().unwrap());
        for route in [Route::Home, Route::Add, Route::Rooms, Route::Settings, device] {
            assert_eq!(Route::of(&route.path()), route);
        }
    }

    #[test]
    fn an_address_that_leads_nowhere_is_said_to() {
        for path in ["/energy", "/device", "/device/A B", "/rooms/1", "/device/a/b"] {
            assert_eq!(Route::of(path), Route::Nowhere, "{path}");
        }
        assert_eq!(Route::of("/index.html"), Route::Home);
    }
}

//! Where in the interface one is: typed pages instead of paths, the browser's history behind them.

use std::sync::Arc;

use leptos::prelude::*;
use model::{DeviceId, RuleId, RunId, SceneId};
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
    /// The rules.
    Automations,
    /// A rule that is being written.
    NewAutomation,
    /// Rules from a file, and into one.
    ImportAutomations,
    /// One rule.
    Automation(RuleId),
    /// When a rule ran, and when not and why; one of its runs opened.
    Past(RuleId, Option<RunId>),
    /// The versions of a rule.
    Versions(RuleId),
    /// The scenes.
    Scenes,
    /// A scene that is being put together.
    NewScene,
    /// One scene.
    Scene(SceneId),
    /// Notices and troubles.
    Alerts,
    /// People, groups and variables.
    Household,
    /// What else there is.
    More,
    /// An address that leads nowhere.
    Nowhere,
}

impl Route {
    /// The page at that path.
    pub fn of(path: &str) -> Self {
        let parts: Vec<&str> =
            path.split('/').filter(|it| !it.is_empty() && *it != "index.html").collect();
        match parts[..] {
            [] => Self::Home,
            ["add"] => Self::Add,
            ["rooms"] => Self::Rooms,
            ["settings"] => Self::Settings,
            ["automations", ref rest @ ..] => Self::of_rules(rest),
            ["scenes"] => Self::Scenes,
            ["scenes", "new"] => Self::NewScene,
            ["scenes", id] => id.parse().map_or(Self::Nowhere, Self::Scene),
            ["alerts"] => Self::Alerts,
            ["household"] => Self::Household,
            ["more"] => Self::More,
            ["device", id] => id.parse().map_or(Self::Nowhere, Self::Device),
            _ => Self::Nowhere,
        }
    }

    fn of_rules(parts: &[&str]) -> Self {
        let rule = |id: &str, page: fn(RuleId) -> Self| id.parse().map_or(Self::Nowhere, page);
        match *parts {
            [] => Self::Automations,
            ["new"] => Self::NewAutomation,
            ["import"] => Self::ImportAutomations,
            [id] => rule(id, Self::Automation),
            [id, "versions"] => rule(id, Self::Versions),
            [id, "past"] => rule(id, |id| Self::Past(id, None)),
            [id, "past", run] => match (id.parse(), run.parse()) {
                (Ok(rule), Ok(run)) => Self::Past(rule, Some(run)),
                _ => Self::Nowhere,
            },
            _ => Self::Nowhere,
        }
    }

    /// The path of the page.
    pub fn path(&self) -> String {
        let fixed = match self {
            Self::Home | Self::Nowhere => "/",
            Self::Add => "/add",
            Self::Rooms => "/rooms",
            Self::Settings => "/settings",
            Self::Automations => "/automations",
            Self::NewAutomation => "/automations/new",
            Self::ImportAutomations => "/automations/import",
            Self::Scenes => "/scenes",
            Self::NewScene => "/scenes/new",
            Self::Alerts => "/alerts",
            Self::Household => "/household",
            Self::More => "/more",
            Self::Device(id) => return format!("/device/{id}"),
            Self::Scene(id) => return format!("/scenes/{id}"),
            Self::Automation(id) => return format!("/automations/{id}"),
            Self::Versions(id) => return format!("/automations/{id}/versions"),
            Self::Past(id, None) => return format!("/automations/{id}/past"),
            Self::Past(id, Some(run)) => return format!("/automations/{id}/past/{run}"),
        };
        fixed.to_owned()
    }

    /// The destination in the navigation to which a page belongs.
    pub fn destination(&self) -> Self {
        match self {
            Self::NewAutomation
            | Self::ImportAutomations
            | Self::Automation(_)
            | Self::Past(..)
            | Self::Versions(_) => Self::Automations,
            Self::NewScene | Self::Scene(_) => Self::Scenes,
            Self::Device(_) => Self::Home,
            other => other.clone(),
        }
    }
}

/// Whether a page keeps one from going there.
type Guard = Arc<dyn Fn(&Route) -> bool + Send + Sync>;

/// Where one is, and the way elsewhere.
#[derive(Clone, Copy)]
pub struct Router {
    here: RwSignal<Route>,
    /// The page that may keep one, by its number.
    guard: StoredValue<Option<(u64, Guard)>>,
}

impl Router {
    /// Starts at the address of the window and follows its back and forward buttons.
    pub fn start() -> Self {
        let here = RwSignal::new(Route::of(&location_path()));
        let router = Self { here, guard: StoredValue::default() };
        let follow = Closure::<dyn Fn()>::new(move || {
            let to = Route::of(&location_path());
            if router.is_held(&to) {
                push_path(&here.get_untracked());
            } else {
                here.set(to);
            }
        });
        window().set_onpopstate(Some(follow.as_ref().unchecked_ref()));
        follow.forget();
        router
    }

    /// Lets `guard` keep people on the page (true) when they are about to leave it for another
    /// one, until [`Router::free`] is called with the number that this gives.
    pub fn hold(self, guard: impl Fn(&Route) -> bool + Send + Sync + 'static) -> u64 {
        let number = self.guard.with_value(|it| it.as_ref().map_or(0, |(last, _)| last + 1));
        self.guard.set_value(Some((number, Arc::new(guard))));
        number
    }

    /// The page of that number keeps nobody any more.
    pub fn free(self, number: u64) {
        self.guard.update_value(|it| {
            if it.as_ref().is_some_and(|(held, _)| *held == number) {
                *it = None;
            }
        });
    }

    fn is_held(self, to: &Route) -> bool {
        let guard = self.guard.with_value(|it| it.as_ref().map(|(_, guard)| guard.clone()));
        guard.is_some_and(|it| it(to))
    }

    /// The page shown; tracked.
    pub fn here(self) -> Route {
        self.here.get()
    }

    /// Goes to a page.
    pub fn go(self, to: Route) {
        if self.here.get_untracked() == to || self.is_held(&to) {
            return;
        }
        push_path(&to);
        self.here.set(to);
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

fn push_path(to: &Route) {
    if let Ok(history) = window().history() {
        let path = to.path();
        drop(history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path)));
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
    /// It leads to where one is; when not given, that is so when it leads to this very page.
    #[prop(optional, into)]
    current: Option<Signal<bool>>,
    /// A further class.
    #[prop(default = "")]
    item: &'static str,
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
    let is_current = move || current.map_or_else(|| router.here() == to.get(), |it| it.get());
    let current = move || is_current().then_some("page");
    let class = if item.is_empty() { class.to_owned() } else { format!("{class} {item}") };
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
        let rule = || RuleId::try_from("r1".to_owned()).unwrap();
        let run = "run-1".parse().unwrap();
        let pages = [
            Route::Home,
            Route::Add,
            Route::Rooms,
            Route::Settings,
            Route::Device("shelly-aabbcc".parse().unwrap()),
            Route::Automations,
            Route::NewAutomation,
            Route::ImportAutomations,
            Route::Automation(rule()),
            Route::Versions(rule()),
            Route::Past(rule(), None),
            Route::Past(rule(), Some(run)),
            Route::Scenes,
            Route::NewScene,
            Route::Scene("evening".parse().unwrap()),
            Route::Alerts,
            Route::Household,
            Route::More,
        ];
        for route in pages {
            assert_eq!(Route::of(&route.path()), route);
        }
    }

    #[test]
    fn an_address_that_leads_nowhere_is_said_to() {
        for path in [
            "/energy",
            "/device",
            "/device/A B",
            "/rooms/1",
            "/device/a/b",
            "/automations/a/b",
            "/scenes/a/b",
        ] {
            assert_eq!(Route::of(path), Route::Nowhere, "{path}");
        }
        assert_eq!(Route::of("/index.html"), Route::Home);
    }

    #[test]
    fn a_page_belongs_to_its_destination() {
        assert_eq!(Route::of("/automations/a/past").destination(), Route::Automations);
        assert_eq!(Route::of("/scenes/new").destination(), Route::Scenes);
    }
}

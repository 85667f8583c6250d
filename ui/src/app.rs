//! The frame around the pages: navigation, banners, dialogs, messages.

use leptos::html;
use leptos::prelude::*;

use crate::bridge::Link;
use crate::components::{
    Empty, Glyph, Icon, LinkBanner, NoticeWatch, QuickSheet, QuickTarget, SandboxBadge,
    SecretDialogs, SecretsTarget, Spoken, ToastRegion,
};
use crate::i18n::{decimal, t};
use crate::pages::automations::{EditorPage, ImportPage, ListPage, PastPage, VersionsPage};
use crate::pages::{
    AddPage, AlertsPage, DevicePage, HomePage, HouseholdPage, MorePage, RoomsPage, ScenePage,
    ScenesPage, SettingsPage, WelcomePage,
};
use crate::preferences;
use crate::route::{PageLink, Route, Router};
use crate::state::{Home, Session, use_session};

/// The whole interface.
#[component]
pub fn App() -> impl IntoView {
    preferences::restore();
    let session = Session::start();
    let quick = QuickTarget::new();
    let secrets = SecretsTarget::new();
    let router = Router::start();
    provide_context(session);
    provide_context(Spoken::start(session));
    provide_context(quick);
    provide_context(secrets);
    provide_context(router);
    preferences::follow(session.home.settings, session.home.known);
    follow_title(session, router);
    let stage = Memo::new(move |_| stage(session));
    view! {
        {move || match stage.get() {
            Stage::Wait => view! { <Waiting /> }.into_any(),
            Stage::Refused(why) => view! { <NoHub why /> }.into_any(),
            Stage::Welcome => view! { <Bare><WelcomePage /></Bare> }.into_any(),
            Stage::Home => view! { <Frame /> }.into_any(),
        }}
        <QuickSheet target=quick />
        <SecretDialogs target=secrets />
        <ToastRegion toasts=session.toasts />
        <NoticeWatch />
    }
}

/// What there is to show at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Wait,
    Refused(Link),
    Welcome,
    Home,
}

fn stage(session: Session) -> Stage {
    let home = session.home;
    let link = session.link.get();
    let welcome = !home.home.get().welcomed && home.shape.with(|it| it.devices.is_empty());
    match link {
        Link::OtherVersion | Link::Nowhere => Stage::Refused(link),
        Link::Refused if !home.known.get() => Stage::Refused(link),
        _ if !home.known.get() => Stage::Wait,
        _ if welcome && expect_context::<Router>().here() == Route::Home => Stage::Welcome,
        _ => Stage::Home,
    }
}

fn follow_title(session: Session, router: Router) {
    Effect::new(move || {
        let page = title(session.home, &router.here());
        let home = session.home.home.get().name.map_or_else(|| t().app_name(), |it| it.to_string());
        document().set_title(&page.map_or(home.clone(), |page| format!("{page} · {home}")));
    });
}

fn title(home: Home, page: &Route) -> Option<String> {
    Some(match page {
        Route::Home | Route::Nowhere => return None,
        Route::Add => t().add_device(),
        Route::Rooms => t().rooms(),
        Route::Settings => t().settings(),
        Route::Device(id) => home.device_name(id),
        Route::Automations => t().automations(),
        Route::NewAutomation => t().new_automation(),
        Route::ImportAutomations => t().import_export(),
        Route::Automation(id) | Route::Past(id, _) | Route::Versions(id) => home.rule_name(id),
        Route::Scenes => t().scenes(),
        Route::NewScene => t().new_scene(),
        Route::Scene(id) => home.scene_name(id),
        Route::Alerts => t().alerts(),
        Route::Household => t().household(),
        Route::More => t().more_pages(),
    })
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <main class="waiting" aria-busy="true">
            <div class="progress"></div>
            <p>{move || t().loading()}</p>
        </main>
    }
}

/// There is no hub to talk to: why, and what to do.
#[component]
fn NoHub(why: Link) -> impl IntoView {
    let title = Signal::derive(move || match why {
        Link::OtherVersion => t().link_other_version(),
        Link::Nowhere => t().link_nowhere(),
        _ => t().link_refused(),
    });
    let reason = Signal::derive(move || match why {
        Link::OtherVersion => t().link_other_version_why(),
        Link::Nowhere => t().link_nowhere_why(),
        _ => t().link_refused_why(),
    });
    let reload = move |_| drop(window().location().reload());
    view! {
        <main class="waiting" role="alert">
            <Empty glyph=Glyph::Offline title why=reason>
                <button type="button" class="button primary" on:click=reload>
                    {move || t().reload()}
                </button>
            </Empty>
        </main>
    }
}

/// A page without navigation.
#[component]
fn Bare(children: Children) -> impl IntoView {
    view! {
        <LinkBanner />
        <main id="content" class="lone">{children()}</main>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let router = expect_context::<Router>();
    let content = NodeRef::<html::Main>::new();
    // Whoever reads by ear or keyboard is taken to the new page.
    Effect::new(move |before: Option<Route>| {
        let here = router.here();
        let moved = before.is_some_and(|it| it != here);
        if let (true, Some(content)) = (moved, content.get_untracked()) {
            drop(content.focus());
        }
        here
    });
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if let Some(content) = content.get_untracked() {
            drop(content.focus());
        }
    };
    view! {
        <a class="skip" href="#content" on:click=skip>{move || t().skip()}</a>
        <div class="frame">
            <Navigation />
            <div class="stage">
                <LinkBanner />
                <SandboxBadge />
                <main id="content" tabindex="-1" node_ref=content>
                    {move || page(router.here())}
                </main>
            </div>
        </div>
    }
}

fn page(route: Route) -> AnyView {
    match route {
        Route::Home => view! { <HomePage /> }.into_any(),
        Route::Device(id) => view! { <DevicePage id /> }.into_any(),
        Route::Add => view! { <AddPage /> }.into_any(),
        Route::Rooms => view! { <RoomsPage /> }.into_any(),
        Route::Settings => view! { <SettingsPage /> }.into_any(),
        Route::Automations => view! { <ListPage /> }.into_any(),
        Route::NewAutomation => view! { <EditorPage id=None /> }.into_any(),
        Route::Automation(id) => view! { <EditorPage id=Some(id) /> }.into_any(),
        Route::Past(id, run) => view! { <PastPage id run /> }.into_any(),
        Route::Versions(id) => view! { <VersionsPage id /> }.into_any(),
        Route::ImportAutomations => view! { <ImportPage /> }.into_any(),
        Route::Scenes => view! { <ScenesPage /> }.into_any(),
        Route::NewScene => view! { <ScenePage id=None /> }.into_any(),
        Route::Scene(id) => view! { <ScenePage id=Some(id) /> }.into_any(),
        Route::Alerts => view! { <AlertsPage /> }.into_any(),
        Route::Household => view! { <HouseholdPage /> }.into_any(),
        Route::More => view! { <MorePage /> }.into_any(),
        Route::Nowhere => view! { <Nowhere /> }.into_any(),
    }
}

#[component]
fn Nowhere() -> impl IntoView {
    view! {
        <Empty
            glyph=Glyph::Search
            title=Signal::derive(move || t().nowhere())
            why=Signal::derive(move || t().nowhere_why())
        >
            <PageLink to=Route::Home class="button primary">{move || t().to_home()}</PageLink>
        </Empty>
    }
}

/// The destinations: four on a phone and on the rail, all of them where there is room for all.
#[component]
fn Navigation() -> impl IntoView {
    let home = use_session().home;
    let open = move || {
        home.issues.with(Vec::len)
            + home.notices.all().iter().filter(|it| it.pressed.is_none()).count()
    };
    let open = Memo::new(move |_| open());
    view! {
        <nav class="nav" aria-label=move || t().nav()>
            <NavItem to=Route::Home glyph=Glyph::Home words=|| t().home() />
            <NavItem to=Route::Automations glyph=Glyph::Rules words=|| t().automations() />
            <NavItem to=Route::Alerts glyph=Glyph::Bell words=|| t().alerts() count=open />
            <NavItem to=Route::More glyph=Glyph::Menu words=|| t().more_pages() class="narrow-only" />
            <NavItem to=Route::Scenes glyph=Glyph::Scene words=|| t().scenes() class="wide-only" />
            <NavItem to=Route::Rooms glyph=Glyph::Rooms words=|| t().rooms() class="wide-only" />
            <NavItem to=Route::Household glyph=Glyph::People words=|| t().household() class="wide-only" />
            <NavItem to=Route::Add glyph=Glyph::Plus words=|| t().add_device() class="wide-only" />
            <NavItem to=Route::Settings glyph=Glyph::Settings words=|| t().settings() class="wide-only" />
        </nav>
    }
}

#[component]
fn NavItem(
    to: Route,
    glyph: Glyph,
    words: fn() -> String,
    /// Where it is shown.
    #[prop(default = "")]
    class: &'static str,
    /// So many things wait there.
    #[prop(optional, into)]
    count: Signal<usize>,
) -> impl IntoView {
    let router = expect_context::<Router>();
    let destination = to.clone();
    let current = Memo::new(move |_| {
        let here = router.here();
        match destination {
            Route::More => here == Route::More || is_among_more(&here),
            _ => here.destination() == destination,
        }
    });
    let number = move || decimal(t().locale(), count.get() as f64, 0);
    view! {
        <PageLink to class="nav-item" current item=class>
            <span class="nav-icon">
                <Icon glyph />
                <Show when=move || { count.get() > 0 }>
                    <span class="nav-count">{number}</span>
                </Show>
            </span>
            <span>{words}</span>
        </PageLink>
    }
}

/// What is reached by way of "More" where there is no room for all.
fn is_among_more(page: &Route) -> bool {
    matches!(
        page.destination(),
        Route::Scenes | Route::Rooms | Route::Household | Route::Add | Route::Settings
    )
}

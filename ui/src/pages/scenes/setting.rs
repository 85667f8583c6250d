//! What a scene sets of one role.

use leptos::prelude::*;
use model::{Action, Capability, EndpointId, RoleId, SceneSetting, Spec};

use crate::components::{Checkbox, DraftControl, Glyph, Icon, state_of};
use crate::face::{both_wishes, capability_name, first_wish, is_settable, wish_of};
use crate::i18n::t;
use crate::state::{Home, Live, use_session};

/// The settings of a scene that is being written.
pub(super) type Settings = RwSignal<Vec<SceneSetting>>;

#[component]
pub(super) fn SettingCard(role: RoleId, settings: Settings) -> impl IntoView {
    let home = use_session().home;
    let face = untrack(|| home.role(&role));
    let name = face.as_ref().map_or_else(|| role.to_string(), |it| it.name.clone());
    let endpoint = face.and_then(|it| it.endpoint);
    let specs: Vec<Spec> =
        untrack(|| home.role_specs(&role)).into_iter().filter(is_settable).collect();
    let state = state_of(endpoint.clone());
    let words = name.clone();
    let gone = role.clone();
    let remove = move |_| settings.update(|it| it.retain(|it| it.role != gone));
    let rows = endpoint.map(|endpoint| {
        let row = |spec| wish_row(endpoint.clone(), role.clone(), spec, settings);
        specs.into_iter().map(row).collect_view()
    });
    let is_vacant = rows.is_none();
    view! {
        <li class="card setting-card">
            <header class="part-head">
                <div class="scene-words">
                    <h3>{name}</h3>
                    <p class="quiet">{move || t().now_is(&state.get())}</p>
                </div>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=move || t().leave_out(&words)
                    on:click=remove
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </header>
            {rows}
            {is_vacant.then(|| view! { <p class="quiet">{move || t().role_vacant()}</p> })}
        </li>
    }
}

/// One capability: whether the scene sets it, and to what.
fn wish_row(endpoint: EndpointId, role: RoleId, spec: Spec, settings: Settings) -> AnyView {
    let home = use_session().home;
    let capability = spec.capability();
    let mine = role.clone();
    let wish = Memo::new(move |_| settings.with(|it| wish_in(it, &mine, capability)));
    let set = Callback::new(move |wish: Option<Action>| {
        settings.update(|it| put_wish(it, &role, capability, wish));
    });
    let (start_at, start_spec) = (endpoint.clone(), spec.clone());
    let toggle = Callback::new(move |yes: bool| {
        set.run(yes.then(|| start(home, &start_at, &start_spec)).flatten());
    });
    let on_wish = Callback::new(move |action: Action| set.run(Some(action)));
    let is_set = Memo::new(move |_| wish.with(Option::is_some));
    let label = Signal::derive(move || match capability {
        Capability::DoorLock => t().lock(),
        other => capability_name(t(), other),
    });
    // A scene only ever locks: there is nothing to choose.
    let control = move || {
        (is_set.get() && capability != Capability::DoorLock).then(|| {
            view! { <DraftControl id=endpoint.clone() spec=spec.clone() wish on_wish /> }
        })
    };
    view! {
        <Checkbox label checked=is_set on_change=toggle />
        {control}
    }
    .into_any()
}

/// The wish to begin with: that it stays as it is now, where that is known.
pub(super) fn start(home: Home, endpoint: &EndpointId, spec: &Spec) -> Option<Action> {
    let live = home.live(endpoint);
    let state = live.map(|it| it.with_untracked(|it: &Live| it.state(spec.capability())));
    let value = state.and_then(|it| it.value);
    value.as_ref().and_then(wish_of).or_else(|| first_wish(spec))
}

fn wish_in(settings: &[SceneSetting], role: &RoleId, capability: Capability) -> Option<Action> {
    let setting = settings.iter().find(|it| it.role == *role)?;
    setting.actions.iter().find(|it| it.capability() == capability).cloned()
}

fn put_wish(
    settings: &mut [SceneSetting],
    role: &RoleId,
    capability: Capability,
    wish: Option<Action>,
) {
    let Some(setting) = settings.iter_mut().find(|it| it.role == *role) else { return };
    let at = setting.actions.iter().position(|it| it.capability() == capability);
    match (at, wish) {
        (Some(at), None) => drop(setting.actions.remove(at)),
        (Some(at), Some(wish)) => {
            if let Some(old) = setting.actions.get_mut(at) {
                *old = both_wishes(Some(old), wish);
            }
        }
        (None, Some(wish)) => setting.actions.push(wish),
        (None, None) => {}
    }
}

#[cfg(test)]
mod tests {
    use model::Percent;

    use super::*;

    #[test]
    fn a_wish_is_put_changed_and_taken_away_in_its_own_place() {
        let role: RoleId = "r-lamp".parse().unwrap();
        let mut settings = [SceneSetting { role: role.clone(), actions: Vec::new() }];
        let (on, level) = (Action::SetOnOff(true), Action::SetLevel(Percent::FULL));
        put_wish(&mut settings, &role, Capability::OnOff, Some(on));
        put_wish(&mut settings, &role, Capability::Level, Some(level.clone()));
        put_wish(&mut settings, &role, Capability::OnOff, Some(Action::SetOnOff(false)));
        assert_eq!(settings[0].actions, [Action::SetOnOff(false), level.clone()]);
        put_wish(&mut settings, &role, Capability::OnOff, None);
        assert_eq!(wish_in(&settings, &role, Capability::OnOff), None);
        assert_eq!(settings[0].actions, [level]);
    }
}

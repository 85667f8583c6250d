//! Controls of an endpoint, one for each capability that can be asked for something. A control
//! shows what is known or wanted, marks what is on its way, and says what failed and why.

mod climate;
mod color;
mod cover;
mod lock;
mod note;
mod number;
mod switching;

use api::{CapabilityState, EndpointView};
use leptos::prelude::*;
use model::{Action, Capability, EndpointId, EndpointKind, Percent, Spec, Value};

use self::note::ControlNote;
use super::Slider;
use crate::face::wished_value;
use crate::i18n::{percent, t};
use crate::state::{Live, Session, shown_value, use_session};

/// Whether there is a control for it.
pub fn is_control(spec: &Spec) -> bool {
    matches!(
        spec.capability(),
        Capability::OnOff
            | Capability::Level
            | Capability::ColorControl
            | Capability::LightEffect
            | Capability::LightPalette
            | Capability::WindowCovering
            | Capability::DoorLock
            | Capability::Thermostat
            | Capability::ModeSelect
            | Capability::NumericControl
            | Capability::Momentary
    )
}

/// The control of one capability. Nothing for what only tells.
#[component]
pub fn Control(
    /// Of which endpoint.
    id: EndpointId,
    /// Which capability, with what this hardware can do.
    spec: Spec,
) -> impl IntoView {
    is_control(&spec).then(|| {
        let capability = spec.capability();
        let asked = Asked::new(use_session(), id, capability);
        view! {
            <div class="control" data-capability=capability.to_string()>
                {body(asked, spec)}
                <ControlNote asked />
            </div>
        }
    })
}

/// The control of one capability for a wish that is only written down: nothing is sent.
#[component]
pub fn DraftControl(
    /// Of which endpoint.
    id: EndpointId,
    /// Which capability, with what this hardware can do.
    spec: Spec,
    /// What is wished.
    #[prop(into)]
    wish: Signal<Option<Action>>,
    /// Wishes something else.
    #[prop(into)]
    on_wish: Callback<Action>,
) -> impl IntoView {
    is_control(&spec).then(|| {
        let capability = spec.capability();
        let asked = Asked::draft(use_session(), id, wish, on_wish);
        view! {
            <div class="control" data-capability=capability.to_string()>{body(asked, spec)}</div>
        }
    })
}

fn body(asked: Asked, spec: Spec) -> AnyView {
    match spec {
        Spec::OnOff => switching::on_off(asked),
        Spec::Level => level(asked),
        Spec::ColorControl { hue_saturation, temperature } => {
            color::color(asked, hue_saturation, temperature)
        }
        Spec::LightEffect(names) => {
            switching::choice(asked, || t().effect(), names, Action::SetEffect)
        }
        Spec::LightPalette(names) => {
            switching::choice(asked, || t().palette(), names, Action::SetPalette)
        }
        Spec::WindowCovering { positions } => cover::cover(asked, positions),
        Spec::DoorLock => lock::lock(asked),
        Spec::Thermostat { modes, range, heating, cooling } => {
            climate::thermostat(asked, modes, range, heating, cooling)
        }
        Spec::ModeSelect(names) => {
            switching::choice(asked, || t().mode(), names, Action::SelectMode)
        }
        Spec::NumericControl { min, max, step, unit } => {
            number::number(asked, min, max, step, unit)
        }
        Spec::Momentary => switching::press(asked),
        _ => ().into_any(),
    }
}

fn level(asked: Asked) -> AnyView {
    let value = asked.read(|value| match value {
        Some(Value::Level(level)) => f64::from(level.get()),
        _ => 0.0,
    });
    let change = Callback::new(move |it: f64| asked.ask(wish(asked, Percent::of(it, 100.0))));
    let label: fn() -> String = match asked.kind() {
        Some(EndpointKind::Light) => || t().brightness(),
        Some(EndpointKind::Fan) => || t().speed(),
        _ => || t().level(),
    };
    percent_slider(asked, label, value, change)
}

/// Down to nothing is off, where there is an off: a lamp that is off has no level of its own.
fn wish(asked: Asked, level: Percent) -> Action {
    let has_off = |it: &EndpointView| it.specs.contains(&Spec::OnOff);
    match untrack(|| asked.part(has_off)) {
        Some(true) if level == Percent::ZERO => Action::SetOnOff(false),
        _ => Action::SetLevel(level),
    }
}

/// A slider from 0 to 100 %.
fn percent_slider(
    asked: Asked,
    label: fn() -> String,
    value: Signal<f64>,
    change: Callback<f64>,
) -> AnyView {
    let words = Callback::new(|value: f64| percent(t().locale(), value.round() as u8));
    let label = Signal::derive(label);
    view! { <Slider label value words busy=asked.busy() on_change=change /> }.into_any()
}

/// A capability of an endpoint: its state followed, and the way to ask it for something.
#[derive(Debug, Clone, Copy)]
struct Asked {
    session: Session,
    id: StoredValue<EndpointId>,
    state: Memo<CapabilityState>,
    /// Where wishes go: to the hub, unless they are only written down.
    draft: Option<Callback<Action>>,
}

impl Asked {
    fn new(session: Session, id: EndpointId, capability: Capability) -> Self {
        let live = untrack(|| session.home.live(&id));
        let state = Memo::new(move |_| {
            live.as_ref().map(|it| it.with(|it: &Live| it.state(capability))).unwrap_or_default()
        });
        Self { session, id: StoredValue::new(id), state, draft: None }
    }

    fn draft(
        session: Session,
        id: EndpointId,
        wish: Signal<Option<Action>>,
        on_wish: Callback<Action>,
    ) -> Self {
        let state = Memo::new(move |_| {
            let value = wish.get().and_then(|it| wished_value(&it));
            CapabilityState { value, ..CapabilityState::default() }
        });
        Self { session, id: StoredValue::new(id), state, draft: Some(on_wish) }
    }

    /// What is to be shown of the value: what is wanted, else what is known.
    fn read<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(Option<&Value>) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        Memo::new(move |_| self.state.with(|it| read(shown_value(it)))).into()
    }

    /// What is known of the value, whatever is wanted.
    fn known<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(Option<&Value>) -> T + Send + Sync + 'static,
    ) -> Signal<T> {
        Memo::new(move |_| self.state.with(|it| read(it.value.as_ref()))).into()
    }

    /// The part as it is now; tracked.
    fn part<T>(self, read: impl Fn(&EndpointView) -> T) -> Option<T> {
        let device = self.id.with_value(|id| self.session.home.device(&id.device))?.device.get();
        self.id.with_value(|id| device.endpoints.iter().find(|it| it.id == *id).map(read))
    }

    /// What the part is called; tracked.
    fn name(self) -> String {
        self.part(|it| it.name.clone()).unwrap_or_default()
    }

    /// What the part is.
    fn kind(self) -> Option<EndpointKind> {
        untrack(|| self.part(|it| it.kind))
    }

    /// A command is on its way.
    fn busy(self) -> Signal<bool> {
        Memo::new(move |_| self.state.with(|it| it.pending.is_some())).into()
    }

    /// Asks for something.
    fn ask(self, action: Action) {
        match self.draft {
            Some(draft) => draft.run(action),
            None => self.id.with_value(|id| self.session.control(id, action)),
        }
    }
}

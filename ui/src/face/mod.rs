//! What a tile shows, decided without the browser: from an endpoint, its states and the time to a
//! [`TileFace`], and from that to words.

mod says;
mod standing;
mod uses;
mod value;
mod wish;
mod words;

use api::{DeviceView, EndpointView, Failure};
use model::{Action, Capability, EndpointKind, Percent, Timestamp, Value};

use crate::state::{Live, shown_value};

pub use self::says::{Says, says};
pub use self::standing::Standing;
pub use self::uses::names;
pub use self::value::{capability_name, color_words, value_words};
pub use self::wish::{both_wishes, first_wish, is_settable, wish_of, wished_value};
pub use self::words::{air_words, boolean_words, lock_words};

/// Below this charge a battery is shown on the tile.
const LOW_BATTERY: u8 = 20;

/// What a tile shows.
#[derive(Debug, Clone, PartialEq)]
pub struct TileFace {
    /// Its name.
    pub title: String,
    /// What it is.
    pub kind: EndpointKind,
    /// How it looks.
    pub tone: Tone,
    /// What it says, most important first; empty when nothing is known.
    pub says: Vec<Says>,
    /// Whether what it says is live.
    pub standing: Standing,
    /// What its icon does.
    pub toggle: Toggle,
    /// A command is on its way.
    pub busy: bool,
    /// The last command did not come to its end.
    pub failure: Option<Failure>,
    /// Its battery is low.
    pub battery_low: Option<Percent>,
}

/// How a tile looks. Never the only sign of anything: the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A light that is lit, or something else that is on.
    Lit,
    /// Nothing special.
    Quiet,
    /// Something is wrong or dangerous.
    Alert,
    /// Not known.
    Unknown,
}

/// What the icon of a tile does.
#[derive(Debug, Clone, PartialEq)]
pub enum Toggle {
    /// Switches: shows whether it is on and does this.
    Switch {
        /// It is on, as far as is shown.
        on: bool,
        /// What a tap asks for.
        next: Action,
    },
    /// Sets off something momentary.
    Press,
    /// Opens the quick sheet: what it does is asked there.
    Sheet,
    /// Nothing: it only tells.
    Nothing,
}

/// What the face of a tile depends on.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The device.
    pub device: &'a DeviceView,
    /// The part of it.
    pub endpoint: &'a EndpointView,
    /// Its states.
    pub live: &'a Live,
    /// The charge of the device's battery, whichever of its parts tells it.
    pub battery: Option<Percent>,
    /// The hub can be heard.
    pub connected: bool,
    /// The hub's time.
    pub now: Timestamp,
}

impl TileFace {
    /// The face of an endpoint.
    pub fn of(seen: &Seen<'_>) -> Self {
        let says = says(seen.endpoint, seen.live);
        let standing = Standing::of(seen);
        let states: Vec<_> = seen.live.states().collect();
        Self {
            title: seen.endpoint.name.clone(),
            kind: seen.endpoint.kind,
            tone: tone(seen, &says),
            toggle: toggle(seen),
            busy: states.iter().any(|(_, it)| it.pending.is_some()),
            failure: states.iter().find_map(|(_, it)| it.failure.clone()),
            battery_low: seen.battery.filter(|it| it.get() < LOW_BATTERY),
            says,
            standing,
        }
    }
}

fn tone(seen: &Seen<'_>, says: &[Says]) -> Tone {
    if says.is_empty() {
        return Tone::Unknown;
    }
    if says.iter().any(|it| it.is_alarming()) {
        return Tone::Alert;
    }
    let on = shown_value(&seen.live.state(Capability::OnOff)) == Some(&Value::OnOff(true));
    if on { Tone::Lit } else { Tone::Quiet }
}

fn toggle(seen: &Seen<'_>) -> Toggle {
    let can =
        |wanted: Capability| seen.endpoint.specs.iter().any(|spec| spec.capability() == wanted);
    match seen.endpoint.kind {
        EndpointKind::Cover | EndpointKind::Lock | EndpointKind::Thermostat => Toggle::Sheet,
        EndpointKind::Sensor => Toggle::Nothing,
        _ if can(Capability::OnOff) => {
            let state = seen.live.state(Capability::OnOff);
            let on = shown_value(&state) == Some(&Value::OnOff(true));
            Toggle::Switch { on, next: Action::SetOnOff(!on) }
        }
        _ if can(Capability::Momentary) => Toggle::Press,
        _ if can(Capability::NumericControl) || can(Capability::ModeSelect) => Toggle::Sheet,
        _ => Toggle::Nothing,
    }
}

/// The charge that a part of a device tells, if it tells one.
pub fn charge(live: &Live) -> Option<Percent> {
    match live.state(Capability::PowerSource).value {
        Some(Value::PowerSource(charge)) => Some(charge),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod fixture {
    use std::collections::BTreeMap;

    use api::{CapabilityState, DeviceView, EndpointView};
    use model::{Category, EndpointKind, Family, Reachability, Spec, Timestamp, Value};

    use super::{Seen, charge};
    use crate::state::Live;

    pub(crate) fn endpoint(kind: EndpointKind, specs: Vec<Spec>) -> EndpointView {
        EndpointView {
            id: "wled-aabbcc/light-0".parse().unwrap(),
            name: "Desk lamp".to_owned(),
            room: None,
            role: "r-0".parse().unwrap(),
            kind,
            category: Category::Primary,
            favourite: false,
            specs,
            states: BTreeMap::new(),
        }
    }

    pub(crate) fn device(endpoint: &EndpointView) -> DeviceView {
        DeviceView {
            id: endpoint.id.device.clone(),
            family: Family::Wled,
            name: endpoint.name.clone(),
            vendor: None,
            model: None,
            firmware: None,
            address: "192.0.2.1:80".parse().unwrap(),
            room: None,
            reachability: Reachability::Reachable,
            heard_at: Some(Timestamp(1_000)),
            endpoints: vec![endpoint.clone()],
        }
    }

    pub(crate) fn live(values: Vec<Value>) -> Live {
        let mut live = Live::default();
        for value in values {
            let capability = value.capability();
            let state = CapabilityState {
                value: Some(value),
                reported_at: Some(Timestamp(1_000)),
                source: Some(model::Source::Pushed),
                ..CapabilityState::default()
            };
            live.hear(capability, state);
        }
        live
    }

    pub(crate) fn seen<'a>(
        device: &'a DeviceView,
        endpoint: &'a EndpointView,
        live: &'a Live,
    ) -> Seen<'a> {
        Seen {
            device,
            endpoint,
            live,
            battery: charge(live),
            connected: true,
            now: Timestamp(2_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use model::Spec;

    use super::fixture::{device, endpoint, live, seen};
    use super::*;
    use crate::state::Echo;

    fn lamp() -> EndpointView {
        endpoint(EndpointKind::Light, vec![Spec::OnOff, Spec::Level])
    }

    fn face(endpoint: &EndpointView, live: &Live) -> TileFace {
        TileFace::of(&seen(&device(endpoint), endpoint, live))
    }

    #[test]
    fn a_lamp_that_is_off_offers_to_switch_on() {
        let face = face(&lamp(), &live(vec![Value::OnOff(false)]));
        assert_eq!(face.toggle, Toggle::Switch { on: false, next: Action::SetOnOff(true) });
        assert_eq!(face.tone, Tone::Quiet);
        assert!(!face.busy);
    }

    #[test]
    fn a_tap_turns_the_tile_at_once_and_marks_it_busy() {
        let mut live = live(vec![Value::OnOff(false)]);
        let echo = Echo::new("a".parse().unwrap(), Action::SetOnOff(true), Timestamp(2_000));
        live.ask(echo);
        let face = face(&lamp(), &live);
        assert_eq!(face.tone, Tone::Lit);
        assert!(face.busy);
        assert_eq!(face.toggle, Toggle::Switch { on: true, next: Action::SetOnOff(false) });
    }

    #[test]
    fn a_failure_shows_the_old_state_and_stays_to_be_retried() {
        let mut live = live(vec![Value::OnOff(false)]);
        let id: model::CommandId = "a".parse().unwrap();
        live.ask(Echo::new(id.clone(), Action::SetOnOff(true), Timestamp(2_000)));
        live.refuse(&id, None);
        let face = face(&lamp(), &live);
        assert_eq!(face.tone, Tone::Quiet);
        assert_eq!(face.failure.map(|it| it.action), Some(Action::SetOnOff(true)));
    }

    #[test]
    fn doors_and_locks_never_act_from_the_tile() {
        for (kind, spec) in [
            (EndpointKind::Lock, Spec::DoorLock),
            (EndpointKind::Cover, Spec::WindowCovering { positions: true }),
        ] {
            let endpoint = endpoint(kind, vec![spec]);
            assert_eq!(face(&endpoint, &Live::default()).toggle, Toggle::Sheet);
        }
    }

    #[test]
    fn what_nobody_knows_is_shown_as_unknown() {
        let face = face(&lamp(), &Live::default());
        assert_eq!(face.tone, Tone::Unknown);
        assert!(face.says.is_empty());
    }

    #[test]
    fn a_low_battery_is_shown_and_a_good_one_is_not() {
        let sensor = endpoint(EndpointKind::Sensor, vec![Spec::PowerSource]);
        let charge = |percent: u8| live(vec![Value::PowerSource(percent.try_into().unwrap())]);
        assert!(face(&sensor, &charge(12)).battery_low.is_some());
        assert!(face(&sensor, &charge(80)).battery_low.is_none());
    }
}

//! What can be said of a thing, in its own words: the phrases that its hardware allows.

use model::rule::{
    ButtonPress, Comparison, Condition, CoverIs, Days, Direction, Is, LocalTime, Measure,
    Repetition, Step, SunEvent, SunState, Target, TimedOut, Trigger, VariableChange, Which, Who,
};
use model::{
    Action, Capability, Celsius, Color, CoverMove, Kelvin, LockState, Percent, Span, Spec,
    ThermostatChange, VariableValue,
};

use super::{Desk, Phrase};
use crate::sentence::measure_name;

/// Which part of a rule a phrase is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// When.
    When,
    /// Only if.
    OnlyIf,
    /// Then.
    Then,
}

/// A phrase on offer, and what it says.
pub type Offer = (String, Phrase);

/// Things of one sort on offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// What sort.
    pub title: String,
    /// What.
    pub offers: Vec<Offer>,
}

/// What can be said of a target in that part of a rule.
pub fn offers(desk: Desk<'_>, part: Part, of: &Target) -> Vec<Offer> {
    let specs = desk.words.names.specs(of);
    match part {
        Part::When => triggers(desk, of, &specs),
        Part::OnlyIf => conditions(desk, of, &specs),
        Part::Then => steps(desk, of, &specs),
    }
}

/// The states that a capability can be in, of names one for all.
fn states(spec: &Spec) -> Vec<Is> {
    match spec {
        Spec::OnOff => vec![Is::OnOff(true), Is::OnOff(false)],
        Spec::BooleanState(_) => vec![Is::Boolean(true), Is::Boolean(false)],
        Spec::OccupancySensing => vec![Is::Occupied(true), Is::Occupied(false)],
        Spec::DoorLock => {
            [LockState::Locked, LockState::Unlocked, LockState::Jammed].map(Is::Lock).into()
        }
        Spec::WindowCovering { .. } => {
            [CoverIs::Open, CoverIs::Closed, CoverIs::Moving].map(Is::Cover).into()
        }
        Spec::Thermostat { modes, .. } => {
            let mode = modes.first().copied().map(Is::Thermostat);
            [Is::Running(true), Is::Running(false)].into_iter().chain(mode).collect()
        }
        Spec::ModeSelect(names) => names.first().cloned().map(Is::Mode).into_iter().collect(),
        Spec::LightEffect(names) => names.first().cloned().map(Is::Effect).into_iter().collect(),
        Spec::AirQuality => vec![Is::Air(model::AirQuality::Poor)],
        _ => Vec::new(),
    }
}

/// The numbers that can be read off a capability.
pub(super) fn measures(spec: &Spec) -> Vec<Measure> {
    let is_there = |measure: &Measure| match (measure, spec) {
        (Measure::HeatingSetpoint, Spec::Thermostat { heating, .. }) => *heating,
        (Measure::CoolingSetpoint, Spec::Thermostat { cooling, .. }) => *cooling,
        _ => true,
    };
    let all = Measure::ALL.into_iter().filter(|it| it.capability() == spec.capability());
    all.filter(is_there).collect()
}

/// A number to begin with.
pub(super) fn usual(measure: Measure) -> f64 {
    match measure {
        Measure::Level | Measure::Open | Measure::Humidity => 60.0,
        Measure::Temperature | Measure::RoomTemperature => 25.0,
        Measure::HeatingSetpoint | Measure::CoolingSetpoint => 21.0,
        Measure::Illuminance | Measure::Voltage => 100.0,
        Measure::CarbonDioxide => 1_000.0,
        Measure::Pm25 => 25.0,
        Measure::Power => 10.0,
        Measure::Battery => 15.0,
        Measure::Current | Measure::Energy | Measure::Setting | Measure::Other => 1.0,
    }
}

fn triggers(desk: Desk<'_>, of: &Target, specs: &[Spec]) -> Vec<Offer> {
    let words = desk.words;
    let t = words.t;
    let mut all = Vec::new();
    let mut offer = |trigger: Trigger| {
        let says = match &trigger {
            // The number comes later: here only which way.
            Trigger::Crosses { measure, direction: Direction::Above, .. } => {
                t.offer_above(&measure_name(t, *measure))
            }
            Trigger::Crosses { measure, .. } => t.offer_below(&measure_name(t, *measure)),
            other => words.trigger(other),
        };
        all.push((says, Phrase::Trigger(trigger)));
    };
    let changes =
        |what, to| Trigger::Changes { of: of.clone(), what, from: None, to, held_for: Span::ZERO };
    for spec in specs {
        let states = states(spec);
        let has_states = states.len() > 1;
        for is in states {
            offer(changes(spec.capability(), Some(is)));
        }
        for measure in measures(spec) {
            for direction in [Direction::Above, Direction::Below] {
                offer(Trigger::Crosses {
                    of: of.clone(),
                    measure,
                    direction,
                    threshold: usual(measure),
                    hysteresis: 0.0,
                    held_for: Span::ZERO,
                });
            }
        }
        if *spec == Spec::Button {
            let presses = [
                ButtonPress::Times(1),
                ButtonPress::Times(2),
                ButtonPress::Times(3),
                ButtonPress::Held,
                ButtonPress::Down,
                ButtonPress::Up,
            ];
            for press in presses {
                offer(Trigger::Button { of: of.clone(), press });
            }
        }
        if has_states || matches!(spec, Spec::ModeSelect(_) | Spec::AirQuality) {
            offer(changes(spec.capability(), None));
        }
    }
    if !words.names.members(of).is_empty() {
        offer(Trigger::Unreachable { of: of.clone(), held_for: Span::minutes(5) });
        offer(Trigger::Returns { of: of.clone() });
    }
    all
}

fn conditions(desk: Desk<'_>, of: &Target, specs: &[Spec]) -> Vec<Offer> {
    let words = desk.words;
    let t = words.t;
    let which = Which::Every;
    let mut all = Vec::new();
    for spec in specs {
        for is in states(spec) {
            let condition = Condition::State { of: of.clone(), which, is, held_for: Span::ZERO };
            all.push((words.condition(&condition), Phrase::Condition(condition)));
        }
        for measure in measures(spec) {
            let above = Some(usual(measure));
            let (below, held_for) = (None, Span::ZERO);
            let condition =
                Condition::Number { of: of.clone(), which, measure, above, below, held_for };
            all.push((t.offer_within(&measure_name(t, measure)), Phrase::Condition(condition)));
        }
    }
    if !words.names.members(of).is_empty() {
        let condition = Condition::Reachable { of: of.clone(), which };
        all.push((words.condition(&condition), Phrase::Condition(condition)));
    }
    all
}

/// What can be asked of a capability, of names and numbers one for all.
fn actions(spec: &Spec) -> Vec<Action> {
    let half = Percent::of(1.0, 2.0);
    match spec {
        Spec::OnOff => vec![Action::SetOnOff(true), Action::SetOnOff(false)],
        Spec::Level => vec![Action::SetLevel(half)],
        Spec::ColorControl { temperature: Some((low, _)), .. } => {
            vec![Action::SetColor(Color::Temperature(Kelvin::clamped(low.get().max(2_700.0))))]
        }
        Spec::ColorControl { .. } => vec![Action::SetColor(Color::from_rgb([255, 160, 60]))],
        Spec::LightEffect(names) => {
            names.first().cloned().map(Action::SetEffect).into_iter().collect()
        }
        Spec::LightPalette(names) => {
            names.first().cloned().map(Action::SetPalette).into_iter().collect()
        }
        Spec::WindowCovering { positions } => {
            let mut moves = vec![CoverMove::Open, CoverMove::Close, CoverMove::Stop];
            if *positions {
                moves.push(CoverMove::To(half));
            }
            moves.into_iter().map(Action::MoveCover).collect()
        }
        Spec::DoorLock => vec![Action::SetLocked(true), Action::SetLocked(false)],
        Spec::Thermostat { heating, cooling, modes, .. } => {
            let degrees = Some(Celsius::clamped(21.0));
            let none = ThermostatChange::default();
            let heat = heating.then_some(ThermostatChange { heating_setpoint: degrees, ..none });
            let cool = cooling.then_some(ThermostatChange { cooling_setpoint: degrees, ..none });
            let mode = modes.first().map(|it| ThermostatChange { mode: Some(*it), ..none });
            [heat, cool, mode].into_iter().flatten().map(Action::SetThermostat).collect()
        }
        Spec::ModeSelect(names) => {
            names.first().cloned().map(Action::SelectMode).into_iter().collect()
        }
        Spec::NumericControl { min, .. } => vec![Action::SetNumber(*min)],
        Spec::Momentary => vec![Action::Press],
        _ => Vec::new(),
    }
}

fn steps(desk: Desk<'_>, of: &Target, specs: &[Spec]) -> Vec<Offer> {
    let words = desk.words;
    let mut all = Vec::new();
    let mut offer = |step: Step| all.push((words.step(&step), Phrase::Step(step)));
    for spec in specs {
        for action in actions(spec) {
            offer(Step::Command { to: of.clone(), action, transition: Span::ZERO });
        }
        match spec {
            Spec::OnOff => {
                offer(Step::Toggle(of.clone()));
                offer(Step::Pulse { of: of.clone(), lasting: Span::seconds(2) });
            }
            Spec::Level => {
                offer(Step::Adjust { of: of.clone(), by: 10 });
                offer(Step::Adjust { of: of.clone(), by: -10 });
            }
            _ => {}
        }
    }
    all
}

/// What can be said that is about no thing of the home.
pub fn specials(desk: Desk<'_>, part: Part) -> Vec<Offered> {
    match part {
        Part::When => special_triggers(desk),
        Part::OnlyIf => special_conditions(desk),
        Part::Then => special_steps(desk),
    }
}

fn special_triggers(desk: Desk<'_>) -> Vec<Offered> {
    let t = desk.words.t;
    let names = desk.words.names;
    let on = Days::default;
    let at = LocalTime::new(7, 30).unwrap_or(LocalTime::MIDNIGHT);
    let sun = |event, offset| Trigger::Sun { event, offset, on: on() };
    let mut people = vec![
        (t.now_first_arrives(), Trigger::Arrives(Who::Household)),
        (t.now_last_leaves(), Trigger::Leaves(Who::Household)),
    ];
    if let Some(first) = names.people.keys().next() {
        people.push((t.offer_arrives(), Trigger::Arrives(Who::Person(first.clone()))));
        people.push((t.offer_leaves(), Trigger::Leaves(Who::Person(first.clone()))));
    }
    let mut others = Vec::new();
    if let Some((id, (_, value))) = names.variables.iter().next() {
        let becomes = comparison(value);
        let trigger = Trigger::Variable { variable: id.clone(), becomes };
        others.push((t.offer_variable_becomes(), trigger));
    }
    if let Some(rule) = names.rules.keys().next() {
        others.push((t.offer_rule_ran(), Trigger::RuleRan(rule.clone())));
    }
    if let Some(hook) = desk.hook {
        others.push((t.offer_webhook(), Trigger::Webhook(hook.clone())));
    }
    let mqtt = Trigger::Mqtt { topic: "home/topic".to_owned(), payload: None };
    others.push((t.offer_mqtt(), mqtt));
    others.push((t.now_started(), Trigger::Started));
    let time = vec![
        (t.offer_time(), Trigger::Time { at, on: on() }),
        (t.now_sunset(), sun(SunEvent::Sunset, 0)),
        (t.now_sunrise(), sun(SunEvent::Sunrise, 0)),
        (t.offer_every(), Trigger::Every(Span::minutes(15))),
    ];
    [(t.offers_time(), time), (t.offers_people(), people), (t.offers_other(), others)]
        .into_iter()
        .map(|(title, offers)| Offered {
            title,
            offers: offers.into_iter().map(|(says, it)| (says, Phrase::Trigger(it))).collect(),
        })
        .collect()
}

/// A comparison to begin with.
pub(super) fn comparison(value: &VariableValue) -> Comparison {
    match value {
        VariableValue::YesNo(_) => Comparison::YesNo(true),
        VariableValue::Number(_) => Comparison::Above(0.0),
        VariableValue::Text(text) => Comparison::Text(text.clone()),
    }
}

fn special_conditions(desk: Desk<'_>) -> Vec<Offered> {
    let t = desk.words.t;
    let names = desk.words.names;
    let time = vec![
        (
            t.offer_window(),
            Condition::Time {
                after: LocalTime::new(22, 0),
                before: LocalTime::new(6, 0),
                on: Days::default(),
            },
        ),
        (t.so_sun_down(), Condition::Sun { is: SunState::Down, offset: 0 }),
        (t.so_sun_up(), Condition::Sun { is: SunState::Up, offset: 0 }),
    ];
    let people = vec![
        (t.so_home(&t.someone()), Condition::Home(Who::Anyone)),
        (t.so_nobody_home(), Condition::Away(Who::Everyone)),
    ];
    let mut logic = vec![
        (t.group_any(), Condition::Any(Vec::new())),
        (t.group_all(), Condition::All(Vec::new())),
        (t.group_not(), Condition::Not(Box::new(Condition::All(Vec::new())))),
    ];
    if let Some((id, (_, value))) = names.variables.iter().next() {
        let condition = Condition::Variable { variable: id.clone(), is: comparison(value) };
        logic.insert(0, (t.offer_variable_is(), condition));
    }
    [(t.offers_time(), time), (t.offers_people(), people), (t.offers_logic(), logic)]
        .into_iter()
        .map(|(title, offers)| Offered {
            title,
            offers: offers.into_iter().map(|(says, it)| (says, Phrase::Condition(it))).collect(),
        })
        .collect()
}

fn special_steps(desk: Desk<'_>) -> Vec<Offered> {
    let t = desk.words.t;
    let names = desk.words.names;
    let nothing = || Condition::All(Vec::new());
    let notify =
        Step::Notify { title: t.notice_example(), body: String::new(), buttons: Vec::new() };
    let flow = vec![
        (t.offer_wait(), Step::Wait(Span::minutes(5))),
        (
            t.offer_wait_until(),
            Step::WaitUntil {
                condition: nothing(),
                timeout: Some(Span::minutes(30)),
                timed_out: TimedOut::Continue,
            },
        ),
        (t.offer_if(), Step::If { condition: nothing(), then: Vec::new(), otherwise: Vec::new() }),
        (t.offer_repeat(), Step::Repeat { repetition: Repetition::Times(3), steps: Vec::new() }),
        (t.do_stop(), Step::Stop),
    ];
    let mut others = vec![(t.offer_notify(), notify)];
    if let Some(scene) = names.scenes.keys().next() {
        let step = Step::Scene { scene: scene.clone(), transition: None };
        others.push((t.offer_scene(), step));
    }
    if let Some((id, (_, value))) = names.variables.iter().next() {
        let to = VariableChange::Set(value.clone());
        others.push((t.offer_set_variable(), Step::SetVariable { variable: id.clone(), to }));
    }
    if let Some(rule) = names.rules.keys().next() {
        others.push((t.offer_run_rule(), Step::RunRule(rule.clone())));
    }
    [(t.offers_home(), others), (t.offers_flow(), flow)]
        .into_iter()
        .map(|(title, offers)| Offered {
            title,
            offers: offers.into_iter().map(|(says, it)| (says, Phrase::Step(it))).collect(),
        })
        .collect()
}

/// The phrase with all that is chosen afterwards set alike, to tell which offer it came from.
pub(super) fn bare(phrase: &Phrase) -> Phrase {
    let mut phrase = phrase.clone();
    match &mut phrase {
        Phrase::Trigger(Trigger::Changes { from, to, held_for, .. }) => {
            (*from, *held_for) = (None, Span::ZERO);
            to.iter_mut().for_each(bare_state);
        }
        Phrase::Trigger(Trigger::Crosses { threshold, hysteresis, held_for, .. }) => {
            (*threshold, *hysteresis, *held_for) = (0.0, 0.0, Span::ZERO);
        }
        Phrase::Trigger(Trigger::Unreachable { held_for, .. }) => *held_for = Span::ZERO,
        Phrase::Condition(Condition::State { which, is, held_for, .. }) => {
            (*which, *held_for) = (Which::Every, Span::ZERO);
            bare_state(is);
        }
        Phrase::Condition(Condition::Number { which, above, below, held_for, .. }) => {
            (*which, *above, *below, *held_for) = (Which::Every, None, None, Span::ZERO);
        }
        Phrase::Condition(Condition::Reachable { which, .. }) => *which = Which::Every,
        Phrase::Step(Step::Command { action, transition, .. }) => {
            *transition = Span::ZERO;
            bare_action(action);
        }
        Phrase::Step(Step::Adjust { by, .. }) => *by = by.signum(),
        Phrase::Step(Step::Pulse { lasting, .. }) => *lasting = Span::ZERO,
        _ => {}
    }
    phrase
}

fn bare_state(is: &mut Is) {
    match is {
        Is::Mode(name) | Is::Effect(name) => name.clear(),
        Is::Thermostat(mode) => *mode = model::ThermostatMode::Off,
        Is::Air(quality) => *quality = model::AirQuality::Good,
        _ => {}
    }
}

fn bare_action(action: &mut Action) {
    match action {
        Action::SetLevel(level) | Action::MoveCover(CoverMove::To(level)) => {
            *level = Percent::ZERO;
        }
        Action::SetColor(color) => *color = Color::from_rgb([0, 0, 0]),
        Action::SetEffect(name) | Action::SetPalette(name) | Action::SelectMode(name) => {
            name.clear();
        }
        Action::SetNumber(number) => *number = 0.0,
        Action::SetThermostat(change) => {
            let zero = Celsius::clamped(0.0);
            change.mode = change.mode.map(|_| model::ThermostatMode::Off);
            change.heating_setpoint = change.heating_setpoint.map(|_| zero);
            change.cooling_setpoint = change.cooling_setpoint.map(|_| zero);
        }
        _ => {}
    }
}

/// Whether a target can mean several.
pub(super) fn is_several(of: &Target) -> bool {
    !matches!(of, Target::Role(_))
}

/// The phrase about somebody else; what they cannot do becomes the nearest thing that they can.
pub(super) fn retarget(desk: Desk<'_>, part: Part, phrase: &Phrase, to: &Target) -> Phrase {
    let mut moved = phrase.clone();
    set_target(&mut moved, to);
    let offers = offers(desk, part, to);
    let fits = |it: &&Offer| bare(&it.1) == bare(&moved);
    if offers.iter().any(|it| fits(&it)) {
        return moved;
    }
    // It cannot do that: the nearest thing that it can.
    let wanted = capability(&moved);
    let same = |it: &&Offer| wanted.is_some() && capability(&it.1) == wanted;
    let nearest = offers.iter().find(same).or_else(|| offers.first());
    nearest.map_or(moved.clone(), |(_, phrase)| phrase.clone())
}

fn capability(phrase: &Phrase) -> Option<Capability> {
    match phrase {
        Phrase::Trigger(Trigger::Changes { what, .. }) => Some(*what),
        Phrase::Trigger(Trigger::Crosses { measure, .. })
        | Phrase::Condition(Condition::Number { measure, .. }) => Some(measure.capability()),
        Phrase::Trigger(Trigger::Button { .. }) => Some(Capability::Button),
        Phrase::Condition(Condition::State { is, .. }) => Some(is.capability()),
        Phrase::Step(Step::Command { action, .. }) => Some(action.capability()),
        Phrase::Step(Step::Adjust { .. }) => Some(Capability::Level),
        Phrase::Step(Step::Toggle(_) | Step::Pulse { .. }) => Some(Capability::OnOff),
        _ => None,
    }
}

/// Whom a phrase is about, when it is about somebody.
pub(super) fn target(phrase: &Phrase) -> Option<&Target> {
    match phrase {
        Phrase::Trigger(
            Trigger::Changes { of, .. }
            | Trigger::Crosses { of, .. }
            | Trigger::Button { of, .. }
            | Trigger::Unreachable { of, .. }
            | Trigger::Returns { of },
        )
        | Phrase::Condition(
            Condition::State { of, .. }
            | Condition::Number { of, .. }
            | Condition::Reachable { of, .. },
        )
        | Phrase::Step(
            Step::Command { to: of, .. }
            | Step::Toggle(of)
            | Step::Adjust { of, .. }
            | Step::Pulse { of, .. },
        ) => Some(of),
        _ => None,
    }
}

fn set_target(phrase: &mut Phrase, to: &Target) {
    match phrase {
        Phrase::Trigger(
            Trigger::Changes { of, .. }
            | Trigger::Crosses { of, .. }
            | Trigger::Button { of, .. }
            | Trigger::Unreachable { of, .. }
            | Trigger::Returns { of },
        )
        | Phrase::Condition(
            Condition::State { of, .. }
            | Condition::Number { of, .. }
            | Condition::Reachable { of, .. },
        )
        | Phrase::Step(
            Step::Command { to: of, .. }
            | Step::Toggle(of)
            | Step::Adjust { of, .. }
            | Step::Pulse { of, .. },
        ) => of.clone_from(to),
        _ => {}
    }
}

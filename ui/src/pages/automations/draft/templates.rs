//! What homes usually want: rules that only have to be told which things they are about.

use model::rule::{
    Condition, Days, Direction, Is, LocalTime, Measure, Missed, RuleBody, RunMode, Step, SunEvent,
    SunState, Target, TimedOut, Trigger, Which, Who,
};
use model::{
    Action, BooleanMeaning, ButtonEvent, CoverMove, EndpointKind, LockState, Name, Span, Spec,
    ThermostatChange, ThermostatMode,
};

use crate::components::Glyph;
use crate::i18n::Texts;

/// A rule that only has to be told which things it is about.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name in addresses and tests.
    pub key: &'static str,
    /// Its picture.
    pub glyph: Glyph,
    /// What it is called; also the name of the rule.
    pub name: fn(Texts) -> String,
    /// What it does.
    pub why: fn(Texts) -> String,
    /// Which things it has to be told.
    pub needs: &'static [Need],
    make: fn(&Fill<'_>) -> Sketch,
}

/// A thing that a template has to be told.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// What it is for.
    pub label: fn(Texts) -> String,
    /// Whether something that can do this will do.
    pub fits: fn(&[Spec]) -> bool,
}

/// What a template is filled with.
struct Fill<'a> {
    t: Texts,
    targets: &'a [Target],
    /// The home's place is known, and so is the sun.
    sun: bool,
}

/// The parts of a rule in which templates differ.
struct Sketch {
    triggers: Vec<Trigger>,
    conditions: Vec<Condition>,
    steps: Vec<Step>,
    mode: RunMode,
}

impl Template {
    /// The rule, for those things, in the order of the needs.
    pub fn body(&self, t: Texts, targets: &[Target], sun: bool) -> Option<RuleBody> {
        let name = Name::lossy(&(self.name)(Texts::of(crate::i18n::Locale {
            pseudo: false,
            ..t.locale()
        })))?;
        if targets.len() != self.needs.len() {
            return None;
        }
        let Sketch { triggers, conditions, steps, mode } = (self.make)(&Fill { t, targets, sun });
        Some(RuleBody { name, triggers, conditions, steps, mode, missed: Missed::default() })
    }
}

impl Fill<'_> {
    fn target(&self, at: usize) -> Target {
        self.targets.get(at).cloned().unwrap_or(Target::All(EndpointKind::Light))
    }

    /// It is dark: by the sun where that is known, else by the clock.
    fn dark(&self) -> Condition {
        if self.sun {
            return Condition::Sun { is: SunState::Down, offset: 0 };
        }
        let (after, before) = (LocalTime::new(19, 0), LocalTime::new(7, 0));
        Condition::Time { after, before, on: Days::default() }
    }

    fn sun(&self, event: SunEvent) -> Trigger {
        let on = Days::default();
        if self.sun {
            return Trigger::Sun { event, offset: 0, on };
        }
        let hour = if event == SunEvent::Sunrise { 7 } else { 19 };
        Trigger::Time { at: LocalTime::new(hour, 0).unwrap_or(LocalTime::MIDNIGHT), on }
    }
}

fn becomes(of: Target, is: Is, held_for: Span) -> Trigger {
    Trigger::Changes { of, what: is.capability(), from: None, to: Some(is), held_for }
}

fn crosses(of: Target, measure: Measure, direction: Direction, threshold: f64) -> Trigger {
    let hysteresis = if threshold > 100.0 { 50.0 } else { 1.0 };
    Trigger::Crosses { of, measure, direction, threshold, hysteresis, held_for: Span::ZERO }
}

fn is(of: Target, is: Is) -> Condition {
    Condition::State { of, which: Which::Every, is, held_for: Span::ZERO }
}

fn held(of: Target, is: Is, held_for: Span) -> Condition {
    Condition::State { of, which: Which::Every, is, held_for }
}

fn make_do(to: Target, action: Action) -> Step {
    Step::Command { to, action, transition: Span::ZERO }
}

fn switch(to: Target, on: bool) -> Step {
    make_do(to, Action::SetOnOff(on))
}

fn until(condition: Condition, timeout: Span) -> Step {
    Step::WaitUntil { condition, timeout: Some(timeout), timed_out: TimedOut::Continue }
}

fn tell(title: String) -> Step {
    Step::Notify { title, body: String::new(), buttons: Vec::new() }
}

fn mode(of: Target, mode: ThermostatMode) -> Step {
    let change = ThermostatChange { mode: Some(mode), ..ThermostatChange::default() };
    make_do(of, Action::SetThermostat(change))
}

fn sketch(triggers: Vec<Trigger>, conditions: Vec<Condition>, steps: Vec<Step>) -> Sketch {
    Sketch { triggers, conditions, steps, mode: RunMode::Single }
}

fn can(specs: &[Spec], wanted: &Spec) -> bool {
    specs.contains(wanted)
}

fn thermostat(specs: &[Spec]) -> bool {
    let heats = |it: &Spec| {
        matches!(it, Spec::Thermostat { modes, .. }
            if modes.contains(&ThermostatMode::Off) && modes.contains(&ThermostatMode::Heat))
    };
    specs.iter().any(heats)
}

const SWITCHED: Need = Need { label: Texts::need_switched, fits: |it| can(it, &Spec::OnOff) };
const LAMP: Need = Need { label: Texts::need_lamp, fits: |it| can(it, &Spec::OnOff) };
const MOTION: Need =
    Need { label: Texts::need_motion, fits: |it| can(it, &Spec::OccupancySensing) };
const BUTTON: Need = Need { label: Texts::need_button, fits: |it| can(it, &Spec::Button) };
const DOOR: Need =
    Need { label: Texts::need_door, fits: |it| can(it, &Spec::BooleanState(BooleanMeaning::Open)) };
const LEAK: Need =
    Need { label: Texts::need_leak, fits: |it| can(it, &Spec::BooleanState(BooleanMeaning::Leak)) };
const SMOKE: Need = Need {
    label: Texts::need_smoke,
    fits: |it| can(it, &Spec::BooleanState(BooleanMeaning::Smoke)),
};
const HEATING: Need = Need { label: Texts::need_heating, fits: thermostat };
const BLIND: Need = Need {
    label: Texts::need_blind,
    fits: |it| it.iter().any(|it| matches!(it, Spec::WindowCovering { .. })),
};
const HUMIDITY: Need =
    Need { label: Texts::need_humidity, fits: |it| can(it, &Spec::RelativeHumidityMeasurement) };
const FAN: Need = Need { label: Texts::need_fan, fits: |it| can(it, &Spec::OnOff) };
const BATTERY: Need = Need { label: Texts::need_battery, fits: |it| can(it, &Spec::PowerSource) };
const ANYTHING: Need = Need { label: Texts::need_anything, fits: |it| !it.is_empty() };
const POWER: Need = Need { label: Texts::need_power, fits: |it| can(it, &Spec::ElectricalPower) };
const THERMOMETER: Need =
    Need { label: Texts::need_thermometer, fits: |it| can(it, &Spec::TemperatureMeasurement) };
const LOCK: Need = Need { label: Texts::need_lock, fits: |it| can(it, &Spec::DoorLock) };
const AIR: Need = Need {
    label: Texts::need_air,
    fits: |it| can(it, &Spec::CarbonDioxideConcentrationMeasurement),
};

/// The templates, the most wanted first.
pub const TEMPLATES: [Template; 20] = [
    Template {
        key: "motion-light",
        glyph: Glyph::Light,
        name: Texts::template_motion_light,
        why: Texts::template_motion_light_why,
        needs: &[MOTION, LAMP],
        make: |fill| Sketch {
            triggers: vec![becomes(fill.target(0), Is::Occupied(true), Span::ZERO)],
            conditions: vec![fill.dark()],
            steps: vec![
                switch(fill.target(1), true),
                until(
                    held(fill.target(0), Is::Occupied(false), Span::minutes(3)),
                    Span::minutes(120),
                ),
                switch(fill.target(1), false),
            ],
            mode: RunMode::Restart,
        },
    },
    Template {
        key: "all-off-leaving",
        glyph: Glyph::Power,
        name: Texts::template_all_off,
        why: Texts::template_all_off_why,
        needs: &[],
        make: |_| {
            sketch(
                vec![Trigger::Leaves(Who::Household)],
                vec![],
                vec![switch(Target::All(EndpointKind::Light), false)],
            )
        },
    },
    Template {
        key: "welcome-light",
        glyph: Glyph::Home,
        name: Texts::template_welcome,
        why: Texts::template_welcome_why,
        needs: &[LAMP],
        make: |fill| {
            let first = Trigger::Arrives(Who::Household);
            sketch(vec![first], vec![fill.dark()], vec![switch(fill.target(0), true)])
        },
    },
    Template {
        key: "sunset-lamp",
        glyph: Glyph::Light,
        name: Texts::template_sunset,
        why: Texts::template_sunset_why,
        needs: &[LAMP],
        make: |fill| {
            let dusk = fill.sun(SunEvent::Sunset);
            sketch(vec![dusk], vec![], vec![switch(fill.target(0), true)])
        },
    },
    Template {
        key: "sunrise-off",
        glyph: Glyph::Light,
        name: Texts::template_sunrise,
        why: Texts::template_sunrise_why,
        needs: &[LAMP],
        make: |fill| {
            let dawn = fill.sun(SunEvent::Sunrise);
            sketch(vec![dawn], vec![], vec![switch(fill.target(0), false)])
        },
    },
    Template {
        key: "button-toggle",
        glyph: Glyph::Button,
        name: Texts::template_toggle,
        why: Texts::template_toggle_why,
        needs: &[BUTTON, SWITCHED],
        make: |fill| {
            let press = model::rule::ButtonPress::Times(1);
            let pressed = Trigger::Button { of: fill.target(0), press };
            sketch(vec![pressed], vec![], vec![Step::Toggle(fill.target(1))])
        },
    },
    Template {
        key: "good-night",
        glyph: Glyph::Button,
        name: Texts::template_good_night,
        why: Texts::template_good_night_why,
        needs: &[BUTTON],
        make: |fill| {
            let press = model::rule::ButtonPress::Held;
            debug_assert!(press.is(ButtonEvent::Held));
            let held = Trigger::Button { of: fill.target(0), press };
            sketch(vec![held], vec![], vec![switch(Target::All(EndpointKind::Light), false)])
        },
    },
    Template {
        key: "leak-alarm",
        glyph: Glyph::Alert,
        name: Texts::template_leak,
        why: Texts::template_leak_why,
        needs: &[LEAK],
        make: |fill| {
            let wet = becomes(fill.target(0), Is::Boolean(true), Span::ZERO);
            sketch(vec![wet], vec![], vec![tell(fill.t.template_leak_says())])
        },
    },
    Template {
        key: "smoke-alarm",
        glyph: Glyph::Alert,
        name: Texts::template_smoke,
        why: Texts::template_smoke_why,
        needs: &[SMOKE],
        make: |fill| {
            let smoke = becomes(fill.target(0), Is::Boolean(true), Span::ZERO);
            let lights = switch(Target::All(EndpointKind::Light), true);
            sketch(vec![smoke], vec![], vec![tell(fill.t.template_smoke_says()), lights])
        },
    },
    Template {
        key: "door-left-open",
        glyph: Glyph::Sensor,
        name: Texts::template_door,
        why: Texts::template_door_why,
        needs: &[DOOR],
        make: |fill| {
            let open = becomes(fill.target(0), Is::Boolean(true), Span::minutes(10));
            sketch(vec![open], vec![], vec![tell(fill.t.template_door_says())])
        },
    },
    Template {
        key: "window-heating",
        glyph: Glyph::Thermostat,
        name: Texts::template_window,
        why: Texts::template_window_why,
        needs: &[DOOR, HEATING],
        make: |fill| {
            let open = becomes(fill.target(0), Is::Boolean(true), Span::minutes(1));
            let closed = is(fill.target(0), Is::Boolean(false));
            let steps = vec![
                mode(fill.target(1), ThermostatMode::Off),
                until(closed, Span::minutes(12 * 60)),
                mode(fill.target(1), ThermostatMode::Heat),
            ];
            sketch(vec![open], vec![], steps)
        },
    },
    Template {
        key: "blinds-by-sun",
        glyph: Glyph::Cover,
        name: Texts::template_blinds,
        why: Texts::template_blinds_why,
        needs: &[BLIND],
        make: |fill| {
            let (dawn, dusk) = (fill.sun(SunEvent::Sunrise), fill.sun(SunEvent::Sunset));
            let either = Step::If {
                condition: fill.dark(),
                then: vec![make_do(fill.target(0), Action::MoveCover(CoverMove::Close))],
                otherwise: vec![make_do(fill.target(0), Action::MoveCover(CoverMove::Open))],
            };
            sketch(vec![dawn, dusk], vec![], vec![either])
        },
    },
    Template {
        key: "fan-by-humidity",
        glyph: Glyph::Fan,
        name: Texts::template_fan,
        why: Texts::template_fan_why,
        needs: &[HUMIDITY, FAN],
        make: |fill| {
            let damp = crosses(fill.target(0), Measure::Humidity, Direction::Above, 65.0);
            let dry = Condition::Number {
                of: fill.target(0),
                which: Which::Every,
                measure: Measure::Humidity,
                above: None,
                below: Some(60.0),
                held_for: Span::ZERO,
            };
            let steps = vec![
                switch(fill.target(1), true),
                until(dry, Span::minutes(120)),
                switch(fill.target(1), false),
            ];
            sketch(vec![damp], vec![], steps)
        },
    },
    Template {
        key: "low-battery",
        glyph: Glyph::BatteryLow,
        name: Texts::template_battery,
        why: Texts::template_battery_why,
        needs: &[BATTERY],
        make: |fill| {
            let low = crosses(fill.target(0), Measure::Battery, Direction::Below, 15.0);
            sketch(vec![low], vec![], vec![tell(fill.t.template_battery_says())])
        },
    },
    Template {
        key: "unreachable",
        glyph: Glyph::Offline,
        name: Texts::template_unreachable,
        why: Texts::template_unreachable_why,
        needs: &[ANYTHING],
        make: |fill| {
            let lost = Trigger::Unreachable { of: fill.target(0), held_for: Span::minutes(10) };
            sketch(vec![lost], vec![], vec![tell(fill.t.template_unreachable_says())])
        },
    },
    Template {
        key: "washing-done",
        glyph: Glyph::Plug,
        name: Texts::template_washing,
        why: Texts::template_washing_why,
        needs: &[POWER],
        make: |fill| {
            let done = Trigger::Crosses {
                of: fill.target(0),
                measure: Measure::Power,
                direction: Direction::Below,
                threshold: 5.0,
                hysteresis: 5.0,
                held_for: Span::minutes(3),
            };
            sketch(vec![done], vec![], vec![tell(fill.t.template_washing_says())])
        },
    },
    Template {
        key: "frost-warning",
        glyph: Glyph::Thermostat,
        name: Texts::template_frost,
        why: Texts::template_frost_why,
        needs: &[THERMOMETER],
        make: |fill| {
            let cold = crosses(fill.target(0), Measure::Temperature, Direction::Below, 5.0);
            sketch(vec![cold], vec![], vec![tell(fill.t.template_frost_says())])
        },
    },
    Template {
        key: "air-warning",
        glyph: Glyph::Alert,
        name: Texts::template_air,
        why: Texts::template_air_why,
        needs: &[AIR],
        make: |fill| {
            let stale = crosses(fill.target(0), Measure::CarbonDioxide, Direction::Above, 1_200.0);
            sketch(vec![stale], vec![], vec![tell(fill.t.template_air_says())])
        },
    },
    Template {
        key: "lock-at-night",
        glyph: Glyph::Lock,
        name: Texts::template_lock,
        why: Texts::template_lock_why,
        needs: &[LOCK],
        make: |fill| {
            let at = LocalTime::new(22, 30).unwrap_or(LocalTime::MIDNIGHT);
            let late = Trigger::Time { at, on: Days::default() };
            let open = is(fill.target(0), Is::Lock(LockState::Unlocked));
            let lock = make_do(fill.target(0), Action::SetLocked(true));
            sketch(vec![late], vec![open], vec![lock])
        },
    },
    Template {
        key: "away-lights",
        glyph: Glyph::Shield,
        name: Texts::template_away,
        why: Texts::template_away_why,
        needs: &[LAMP],
        make: |fill| {
            let evening = Condition::Time {
                after: LocalTime::new(18, 0),
                before: LocalTime::new(23, 0),
                on: Days::default(),
            };
            let nobody = Condition::Away(Who::Everyone);
            let steps = vec![
                switch(fill.target(0), true),
                Step::Wait(Span::minutes(25)),
                switch(fill.target(0), false),
            ];
            sketch(vec![Trigger::Every(Span::minutes(60))], vec![nobody, evening], steps)
        },
    },
];

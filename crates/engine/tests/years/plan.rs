//! What happens in a home, and when: all of it known beforehand.

use chrono_tz::Tz;
use model::rule::RuleBody;
use model::{Celsius, Value};

use crate::chance::Chance;
use crate::rules::{self, DOOR, MOTION, WARM};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// A device that can be lost.
pub(crate) const EYES: &str = "shelly-eyes";
pub(crate) const NOSE: &str = "shelly-nose";

/// Something that happens.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event {
    /// A sensor sees something.
    Sees(&'static str, Value),
    /// Somebody presses the button.
    Presses,
    /// A device can no longer be reached, or can again.
    Lost(String),
    Back(String),
    /// Hearth is stopped, for so many ms; the machine with it or not. What waited for company on
    /// its way to the disk is lost or not.
    Stops {
        downtime: i64,
        reboots: bool,
        loses_telemetry: bool,
    },
    /// The machine sleeps for so many ms.
    Sleeps(i64),
    /// The wall clock is set by so many ms.
    Jumps(i64),
}

/// A home and its fate.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) zone: Tz,
    /// Wall time at which it begins, ms.
    pub(crate) begin: i64,
    pub(crate) days: i64,
    pub(crate) rules: Vec<RuleBody>,
    /// In order, ms after the beginning; no two at one moment.
    pub(crate) events: Vec<(i64, Event)>,
}

impl Plan {
    pub(crate) fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let zone = chance.one_of(&[
            Tz::Europe__Berlin,
            Tz::America__New_York,
            Tz::Australia__Lord_Howe,
            Tz::Africa__Casablanca,
            Tz::America__St_Johns,
            Tz::Asia__Kolkata,
        ]);
        let rules = (0..usize::try_from(chance.between(2, 8)).expect("a few"))
            .map(|rule| rules::body(rule, &mut chance))
            .collect();
        // From any hour of 2026 to 2028.
        let begin = 1_767_225_600_000 + chance.between(0, 3 * 365 * 24) * HOUR;
        let days = chance.between(10, 61);
        let events = events(&mut chance, days);
        Self { zone, begin, days, rules, events }
    }
}

fn events(chance: &mut Chance, days: i64) -> Vec<(i64, Event)> {
    let mut events = Vec::new();
    let end = days * DAY;
    let is_restless = chance.percent(50);
    let mut at = 0;
    loop {
        at += chance.between(20_000, 180 * MINUTE);
        if at >= end {
            break;
        }
        // Never at a whole second, and never two at once.
        let moment = at - at % 1_000 + chance.between(1, 1_000);
        let rare = chance.between(0, 1_000);
        let event = match rare {
            0..15 if is_restless => Event::Jumps(jump(chance)),
            15..40 => Event::Sleeps(chance.between(MINUTE, 9 * HOUR)),
            40..90 => Event::Stops {
                downtime: if chance.percent(50) {
                    chance.between(1_000, 2 * MINUTE)
                } else {
                    chance.between(MINUTE, 9 * HOUR)
                },
                reboots: chance.percent(50),
                loses_telemetry: chance.percent(50),
            },
            90..130 => Event::Lost(device(chance)),
            130..200 => Event::Back(device(chance)),
            200..260 => Event::Presses,
            260..600 => Event::Sees(WARM, warm(chance)),
            600..800 => Event::Sees(DOOR, Value::BooleanState(chance.percent(50))),
            _ => Event::Sees(MOTION, Value::OccupancySensing(chance.percent(50))),
        };
        // What a stop or a sleep takes is over before the next comes.
        at += match &event {
            Event::Sleeps(span) | Event::Stops { downtime: span, .. } => *span,
            _ => 0,
        };
        events.push((moment, event));
    }
    events.retain(|(at, _)| *at < end);
    events
}

fn jump(chance: &mut Chance) -> i64 {
    let by = chance.between(3_000, 3 * HOUR);
    if chance.percent(50) { by } else { -by }
}

fn device(chance: &mut Chance) -> String {
    match chance.between(0, 4) {
        0 => EYES.to_owned(),
        1 => NOSE.to_owned(),
        _ => format!("shelly-box{}", chance.between(0, 8)),
    }
}

fn warm(chance: &mut Chance) -> Value {
    let half_degrees = chance.between(32, 52) as f64;
    let celsius = Celsius::try_from(half_degrees / 2.0).expect("a temperature");
    Value::TemperatureMeasurement(celsius)
}

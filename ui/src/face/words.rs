//! The line of a tile, in words.

use model::{AirQuality, BooleanMeaning, CoverMotion, LockState};

use super::{Says, Standing, TileFace};
use crate::i18n::{Texts, decimal, percent, with_unit};

/// So many things are said in one line at most.
const MOST: usize = 3;

impl TileFace {
    /// The line below the name: what it says; or why that cannot be trusted, and what it last said.
    pub fn line(&self, t: Texts, now: model::Timestamp) -> String {
        match &self.standing {
            Standing::Live => self.state(t),
            Standing::Remembered(at) | Standing::Stale(at) => match at {
                Some(at) if !self.says.is_empty() => {
                    t.remembered(&self.state(t), &t.told_age(*at, now))
                }
                Some(_) | None => self.state(t),
            },
            Standing::Offline { cause, age, .. } if self.says.is_empty() => t.cause(cause, *age),
            Standing::Offline { cause, age, .. } => {
                t.offline_was(&t.cause(cause, *age), &self.state(t))
            }
        }
    }

    /// What it says, or last said, in words.
    pub fn state(&self, t: Texts) -> String {
        let mut words = self.says.iter().take(MOST).map(|it| it.words(t));
        let Some(first) = words.next() else { return t.unknown() };
        words.fold(first, |line, next| t.joined(&line, &next))
    }
}

impl Says {
    /// It in words.
    pub fn words(&self, t: Texts) -> String {
        let unit = |value: f64, decimals, unit| with_unit(t.locale(), value, decimals, unit);
        match self {
            Self::On(None) => t.on(),
            Self::On(Some(level)) => t.on_at(&percent(t.locale(), level.get())),
            Self::Off => t.off(),
            Self::Cover(open) => cover(t, open.map(|it| it.get())),
            Self::Moving(CoverMotion::Closing) => t.closing(),
            Self::Moving(CoverMotion::Opening | CoverMotion::Stopped) => t.opening(),
            Self::Lock(state) => lock_words(t, *state),
            Self::LockAsked(true) => t.locking(),
            Self::LockAsked(false) => t.unlocking(),
            Self::Mode(mode) => t.thermostat_mode(*mode),
            Self::Target(it) => t.target(&unit(it.get(), 1, "°C")),
            Self::TargetBetween(low, high) => {
                t.target_between(&decimal(t.locale(), low.get(), 1), &unit(high.get(), 1, "°C"))
            }
            Self::Choice(words) => words.clone(),
            Self::Number(number, sign) => unit(*number, 2, sign),
            Self::Boolean(meaning, yes) => boolean_words(t, *meaning, *yes),
            Self::Occupied(true) => t.motion(),
            Self::Occupied(false) => t.no_motion(),
            Self::Temperature(it) => unit(it.get(), 1, "°C"),
            Self::Humidity(it) => percent(t.locale(), it.get().round() as u8),
            Self::Illuminance(it) => unit(it.get(), 0, "lx"),
            Self::Air(quality) => air_words(t, *quality),
            Self::CarbonDioxide(it) => unit(it.get(), 0, "ppm CO₂"),
            Self::FineDust(it) => unit(it.get(), 1, "µg/m³"),
            Self::Power(it) => unit(it.get(), if it.get().abs() < 10.0 { 1 } else { 0 }, "W"),
            Self::Energy(it) => unit(it.get(), 1, "kWh"),
            Self::Battery(charge) => t.battery(&percent(t.locale(), charge.get())),
            Self::Ready => t.ready(),
            Self::Button => t.button(),
        }
    }
}

fn cover(t: Texts, open: Option<u8>) -> String {
    match open {
        Some(0) => t.closed(),
        Some(100) => t.open(),
        Some(open) => t.open_at(&percent(t.locale(), open)),
        None => t.unknown(),
    }
}

/// A state of a lock.
pub fn lock_words(t: Texts, state: LockState) -> String {
    match state {
        LockState::Locked => t.locked(),
        LockState::Unlocked => t.unlocked(),
        LockState::Locking => t.locking(),
        LockState::Unlocking => t.unlocking(),
        LockState::Jammed => t.jammed(),
    }
}

/// What a binary sensor says, as its meaning has it.
pub fn boolean_words(t: Texts, meaning: BooleanMeaning, yes: bool) -> String {
    match (meaning, yes) {
        (BooleanMeaning::Open, true) => t.open(),
        (BooleanMeaning::Open, false) => t.closed(),
        (BooleanMeaning::Leak, true) => t.leak(),
        (BooleanMeaning::Leak, false) => t.no_leak(),
        (BooleanMeaning::Smoke, true) => t.smoke(),
        (BooleanMeaning::Smoke, false) => t.no_smoke(),
        (BooleanMeaning::Problem, true) => t.problem(),
        (BooleanMeaning::Problem, false) => t.no_problem(),
        (BooleanMeaning::On, true) => t.on(),
        (BooleanMeaning::On, false) => t.off(),
    }
}

/// Air quality in words.
pub fn air_words(t: Texts, quality: AirQuality) -> String {
    match quality {
        AirQuality::Good => t.air_good(),
        AirQuality::Fair => t.air_fair(),
        AirQuality::Moderate => t.air_moderate(),
        AirQuality::Poor => t.air_poor(),
        AirQuality::VeryPoor => t.air_very_poor(),
        AirQuality::ExtremelyPoor => t.air_extremely_poor(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use model::{Cause, Celsius, Language, RelativeHumidity, Timestamp};

    use super::super::fixture::{device, endpoint, live, seen};
    use super::*;
    use crate::i18n::Locale;

    fn english() -> Texts {
        Texts::of(Locale { language: Language::En, pseudo: false })
    }

    fn face(says: Vec<Says>, standing: Standing) -> TileFace {
        let endpoint = endpoint(model::EndpointKind::Light, vec![]);
        let states = live(vec![]);
        let face = TileFace::of(&seen(&device(&endpoint), &endpoint, &states));
        TileFace { says, standing, ..face }
    }

    #[test]
    fn a_line_is_what_people_would_say() {
        let level = Some(40.try_into().unwrap());
        let cases = [
            (vec![Says::On(level)], "On, 40%"),
            (vec![Says::Cover(Some(30.try_into().unwrap()))], "30% open"),
            (vec![Says::Lock(LockState::Locked)], "Locked"),
            (
                vec![
                    Says::Temperature(Celsius::clamped(21.44)),
                    Says::Humidity(RelativeHumidity::clamped(51.2)),
                ],
                "21.4\u{a0}°C · 51%",
            ),
            (vec![], "Unknown"),
        ];
        for (says, line) in cases {
            assert_eq!(face(says, Standing::Live).line(english(), Timestamp(0)), line);
        }
    }

    #[test]
    fn an_offline_device_says_so_and_what_it_last_said() {
        let age = Duration::from_secs(7_200);
        let standing = Standing::Offline { cause: Cause::NoAnswer, age, heard_at: None };
        let face = face(vec![Says::On(None)], standing);
        assert_eq!(face.line(english(), Timestamp(0)), "Offline, 2 hour (was: On)");
        assert_eq!(face.state(english()), "On");
    }

    #[test]
    fn what_is_only_remembered_tells_its_age() {
        let face = face(vec![Says::Off], Standing::Remembered(Some(Timestamp(0))));
        assert_eq!(face.line(english(), Timestamp(180_000)), "Off · 3 minute ago");
    }

    #[test]
    fn a_line_says_three_things_at_most() {
        let many = vec![Says::Off; 5];
        assert_eq!(face(many, Standing::Live).state(english()), "Off · Off · Off");
    }
}

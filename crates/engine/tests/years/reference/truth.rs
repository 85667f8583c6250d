//! Conditions: whether they hold, and when they may without anything happening.

use chrono::Timelike;
use model::Value;
use model::rule::{Comparison, Condition, Days, Is, LocalTime, Measure, Target};

use super::moments::counts;
use super::{Reference, device_of, ms, sensor_of};

impl Reference {
    /// Whether it holds; `None` when that cannot be known.
    pub(super) fn holds(&self, rule: usize, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::All(parts) => {
                let all: Vec<_> = parts.iter().map(|it| self.holds(rule, it)).collect();
                let is_known = !all.contains(&None);
                if all.contains(&Some(false)) { Some(false) } else { is_known.then_some(true) }
            }
            Condition::Any(parts) => {
                let all: Vec<_> = parts.iter().map(|it| self.holds(rule, it)).collect();
                let is_known = !all.contains(&None);
                if all.contains(&Some(true)) { Some(true) } else { is_known.then_some(false) }
            }
            Condition::Not(part) => self.holds(rule, part).map(|it| !it),
            Condition::State { of, is, held_for, .. } => {
                let (value, since) = self.known(of)?;
                let is_so = is_so(is, value);
                Some(is_so && self.now.steady - since >= ms(*held_for))
            }
            Condition::Number { of, measure: Measure::Temperature, above, below, .. } => {
                let number = celsius(&self.known(of)?.0);
                Some(above.is_none_or(|it| number > it) && below.is_none_or(|it| number < it))
            }
            Condition::Time { after, before, on } => Some(self.is_open(*after, *before, on)),
            Condition::Variable { is: Comparison::Below(bound), .. } => {
                Some(self.rules[rule].count < *bound)
            }
            other => panic!("no rule here asks {other:?}"),
        }
    }

    fn known(&self, target: &Target) -> Option<&(Value, i64)> {
        let sensor = sensor_of(target)?;
        self.sensors.get(sensor).filter(|_| !self.lost.contains(device_of(sensor)))
    }

    fn is_open(&self, after: Option<LocalTime>, before: Option<LocalTime>, on: &Days) -> bool {
        let local = self.local(self.now.wall);
        let today = local.date_naive();
        let seconds = local.num_seconds_from_midnight();
        let from = after.map_or(0, LocalTime::seconds);
        let to = before.map_or(86_400, LocalTime::seconds);
        if from <= to {
            return from <= seconds && seconds < to && counts(today, on);
        }
        let yesterday = today.pred_opt().expect("there was a yesterday");
        (seconds >= from && counts(today, on)) || (seconds < to && counts(yesterday, on))
    }

    /// When (steady) a condition may hold although nothing happens: at a full minute, or when
    /// something has been so for long enough.
    pub(super) fn look_again_at(&self, condition: &Condition) -> Vec<i64> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().flat_map(|it| self.look_again_at(it)).collect()
            }
            Condition::Not(part) => self.look_again_at(part),
            Condition::Time { .. } => {
                // Windows here begin and end at quarters of an hour, and so do changes of clocks.
                let wall = (self.now.wall.div_euclid(900_000) + 1) * 900_000;
                vec![wall - self.now.wall + self.now.steady]
            }
            Condition::State { of, held_for, .. } if !held_for.is_zero() => {
                let since = sensor_of(of).map(|it| self.sensors[it].1);
                let ripe = since.map(|it| it + ms(*held_for));
                ripe.into_iter().filter(|it| *it > self.now.steady).collect()
            }
            _ => Vec::new(),
        }
    }
}

pub(super) fn is_so(is: &Is, value: &Value) -> bool {
    match (is, value) {
        (Is::Boolean(wanted), Value::BooleanState(is))
        | (Is::Occupied(wanted), Value::OccupancySensing(is)) => wanted == is,
        other => panic!("no sensor here says {other:?}"),
    }
}

pub(super) fn celsius(value: &Value) -> f64 {
    match value {
        Value::TemperatureMeasurement(it) => it.get(),
        other => panic!("that is no temperature: {other:?}"),
    }
}

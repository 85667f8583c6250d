//! The geometry of charts: from the recorded past to lines on a plane of 1,000 by 100.

use model::{Bucket, Timestamp, Value};

/// Width and height of the plane.
pub(super) const WIDTH: f64 = 1_000.0;
pub(super) const HEIGHT: f64 = 100.0;

/// What is on the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Plane {
    /// It begins then.
    pub(super) from: Timestamp,
    /// It ends then.
    pub(super) until: Timestamp,
    /// At the bottom.
    pub(super) low: f64,
    /// At the top.
    pub(super) high: f64,
}

impl Plane {
    /// A plane that holds them all, with round numbers at its edges.
    pub(super) fn of(buckets: &[Bucket], from: Timestamp, until: Timestamp) -> Self {
        let least = buckets.iter().map(|it| it.min).fold(f64::INFINITY, f64::min);
        let most = buckets.iter().map(|it| it.max).fold(f64::NEG_INFINITY, f64::max);
        if !least.is_finite() || !most.is_finite() {
            return Self { from, until, low: 0.0, high: 1.0 };
        }
        let step = round_step((most - least).max(most.abs().max(1.0) * 0.02) / 3.0);
        let low = (least / step).floor() * step;
        let high = (most / step).ceil() * step;
        Self { from, until, low, high: if high > low { high } else { low + step } }
    }

    /// The lowest, the middle and the highest, from above.
    pub(super) fn marks(self) -> [f64; 3] {
        [self.high, f64::midpoint(self.high, self.low), self.low]
    }

    pub(super) fn x(self, at: Timestamp) -> f64 {
        let all = (self.until.0 - self.from.0).max(1) as f64;
        ((at.0 - self.from.0) as f64 / all).clamp(0.0, 1.0) * WIDTH
    }

    fn y(self, value: f64) -> f64 {
        HEIGHT - (value - self.low) / (self.high - self.low) * HEIGHT
    }
}

/// 1, 2 or 5 times a power of ten, and no less than that.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|it| it * power).find(|it| *it >= least).unwrap_or(least)
}

/// Buckets that follow each other with nothing missing in between that matters.
pub(super) fn stretches(buckets: &[Bucket], gap: i64) -> Vec<&[Bucket]> {
    buckets.chunk_by(|one, next| next.at.0 - one.at.0 <= gap).collect()
}

/// The mean, as a path. A stretch of one is a short dash, so that it is seen.
pub(super) fn line(plane: Plane, stretch: &[Bucket]) -> String {
    let mut path = String::new();
    for (index, bucket) in stretch.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{:.1} {:.1}", plane.x(bucket.at), plane.y(bucket.mean)));
    }
    if stretch.len() == 1 {
        path.push_str("h4");
    }
    path
}

/// From the least to the most, as a closed path.
pub(super) fn band(plane: Plane, stretch: &[Bucket]) -> String {
    let point =
        |bucket: &Bucket, value: f64| format!("{:.1} {:.1}", plane.x(bucket.at), plane.y(value));
    let above = stretch.iter().map(|it| point(it, it.max));
    let below = stretch.iter().rev().map(|it| point(it, it.min));
    let points: Vec<String> = above.chain(below).collect();
    format!("M{}Z", points.join("L"))
}

/// Fewer buckets: each of so many that no more than that many are left.
pub(super) fn fewer(buckets: &[Bucket], most: usize) -> Vec<Bucket> {
    let size = buckets.len().div_ceil(most.max(1)).max(1);
    buckets.chunks(size).filter_map(joined).collect()
}

fn joined(buckets: &[Bucket]) -> Option<Bucket> {
    let first = buckets.first()?;
    let count = buckets.len() as f64;
    Some(Bucket {
        at: first.at,
        min: buckets.iter().map(|it| it.min).fold(f64::INFINITY, f64::min),
        mean: buckets.iter().map(|it| it.mean).sum::<f64>() / count,
        max: buckets.iter().map(|it| it.max).fold(f64::NEG_INFINITY, f64::max),
    })
}

/// One state, from then until then.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spell {
    pub(super) value: Value,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// The states one after the other, within the window; what follows the same is joined to it.
pub(super) fn spells(
    states: &[(Timestamp, Value)],
    from: Timestamp,
    until: Timestamp,
) -> Vec<Spell> {
    let ends = states.iter().skip(1).map(|(at, _)| *at).chain([until]);
    let mut spells: Vec<Spell> = Vec::new();
    for ((start, value), end) in states.iter().zip(ends) {
        match spells.last_mut() {
            Some(last) if last.value == *value => last.until = end,
            _ => spells.push(Spell { value: value.clone(), from: (*start).max(from), until: end }),
        }
    }
    spells.retain(|it| it.until > it.from);
    spells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(at: i64, mean: f64) -> Bucket {
        Bucket { at: Timestamp(at), min: mean - 1.0, mean, max: mean + 1.0 }
    }

    #[test]
    fn the_plane_has_round_edges_and_holds_everything() {
        let plane = Plane::of(&[bucket(0, 20.3), bucket(50, 22.9)], Timestamp(0), Timestamp(100));
        assert!(plane.low <= 19.3 && plane.high >= 23.9, "{plane:?}");
        assert_eq!(plane.marks()[1], f64::midpoint(plane.low, plane.high));
        assert!((plane.x(Timestamp(50)) - 500.0).abs() < 1e-9);
        assert!((plane.x(Timestamp(-5))).abs() < 1e-9);
    }

    #[test]
    fn what_never_changes_has_a_plane_too() {
        let flat = Bucket { at: Timestamp(0), min: 5.0, mean: 5.0, max: 5.0 };
        let plane = Plane::of(&[flat], Timestamp(0), Timestamp(1));
        assert!(plane.high > plane.low);
        assert!(!line(plane, &[flat]).contains("NaN"));
    }

    #[test]
    fn where_nothing_was_said_there_is_no_line() {
        let all = [bucket(0, 1.0), bucket(10, 1.0), bucket(100, 1.0)];
        let stretches = stretches(&all, 30);
        assert_eq!(stretches.iter().map(|it| it.len()).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn a_table_keeps_the_least_and_the_most() {
        let all: Vec<Bucket> = (0..100).map(|it| bucket(it, it as f64)).collect();
        let few = fewer(&all, 24);
        assert!(few.len() <= 24);
        assert!((few[0].min + 1.0).abs() < 1e-9);
        assert!((few.last().unwrap().max - 100.0).abs() < 1e-9);
    }

    #[test]
    fn spells_begin_with_the_window_and_end_with_it() {
        let states = [
            (Timestamp(-50), Value::OnOff(false)),
            (Timestamp(20), Value::OnOff(true)),
            (Timestamp(30), Value::OnOff(true)),
            (Timestamp(60), Value::OnOff(false)),
        ];
        let spells = spells(&states, Timestamp(0), Timestamp(100));
        let spans: Vec<(i64, i64)> = spells.iter().map(|it| (it.from.0, it.until.0)).collect();
        assert_eq!(spans, [(0, 20), (20, 60), (60, 100)]);
    }
}

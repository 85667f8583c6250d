//! Readings that wander about a middle, the same way in every run. No clock, no randomness.

/// A reading that strays from its middle and is drawn back to it.
#[derive(Debug, Clone)]
pub(crate) struct Drift {
    middle: f64,
    /// How far it strays, about.
    span: f64,
    stray: f64,
    state: u64,
}

impl Drift {
    /// Wanders about `middle`, about `span` to either side. `seed` decides which way.
    pub(crate) fn new(middle: f64, span: f64, seed: u64) -> Self {
        let state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
        let mut drift = Self { middle, span, stray: 0.0, state: state | 1 };
        for _ in 0..4 {
            drift.next();
        }
        drift
    }

    /// What it reads now.
    pub(crate) fn value(&self) -> f64 {
        self.middle + self.stray * self.span
    }

    /// Moves on, and reads.
    pub(crate) fn next(&mut self) -> f64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let push = (self.state >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0;
        self.stray = (self.stray * 0.9 + push * 0.3).clamp(-1.0, 1.0);
        self.value()
    }

    /// Wanders about another middle from now on, starting there.
    pub(crate) fn settle(&mut self, middle: f64) {
        self.middle = middle;
        self.stray = 0.0;
    }
}

/// `value` with that many decimals, as devices say their readings.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_wanders_within_its_span_and_the_same_way_each_time() {
        let (mut one, mut two) = (Drift::new(21.0, 2.0, 7), Drift::new(21.0, 2.0, 7));
        let walk: Vec<f64> = (0..500).map(|_| one.next()).collect();
        assert!(walk.iter().all(|value| (19.0..=23.0).contains(value)));
        assert!(walk.iter().any(|value| (value - 21.0).abs() > 0.5));
        assert!(walk.iter().all(|value| *value == two.next()));
    }
}

//! Numbers out: what a figure looks like, and what is made of samples.

use std::time::{Duration, Instant};

/// Prints one figure.
pub(crate) fn figure(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.3} {unit}");
}

/// Prints p50, p95 and p99 of samples in milliseconds.
pub(crate) fn percentiles(name: &str, samples: &mut [f64]) {
    for (suffix, part) in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)] {
        figure(&format!("{name}_{suffix}"), quantile(samples, part), "ms");
    }
}

/// The value below which that part (0 to 1) of the samples lies.
pub(crate) fn quantile(samples: &mut [f64], part: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1);
    samples.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}

/// In milliseconds.
pub(crate) fn milliseconds(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

/// The present.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples() {
        let mut samples: Vec<_> = (0..=100).rev().map(f64::from).collect();
        assert!((quantile(&mut samples, 0.5) - 50.0).abs() < f64::EPSILON);
        assert!((quantile(&mut samples, 0.95) - 95.0).abs() < f64::EPSILON);
        assert!((quantile(&mut samples, 1.0) - 100.0).abs() < f64::EPSILON);
    }

    #[test]
    fn nothing_measured_is_no_number() {
        assert!(quantile(&mut [], 0.5).is_nan());
    }
}

//! The measurements: `cargo xtask bench [NAME]`. Prints `name value unit`, one a line, and what it
//! is doing on stderr. Everything measured is the real thing, optimised, on simulated devices that
//! speak the real protocols over loopback. `docs/benchmarks.md` says what each figure means, how it is
//! measured and what was seen.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its user")]

mod discovery;
mod engine_load;
mod interface;
mod load;
mod size;
mod tap;

use anyhow::Result;

/// One measurement: names of what it prints begin with its own.
type Measure = (&'static str, fn() -> Result<()>);

const MEASUREMENTS: &[Measure] = &[
    ("size", size::measure),
    ("engine", engine_load::measure),
    ("tap", tap::measure),
    ("discovery", discovery::measure),
    ("load", load::measure),
    ("ui", interface::measure),
];

fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let chosen: Vec<_> = MEASUREMENTS.iter().filter(|it| it.0.contains(&wanted)).collect();
    anyhow::ensure!(!chosen.is_empty(), "no measurement is named like `{wanted}`");
    for (name, measure) in chosen {
        eprintln!("measuring {name}");
        measure()?;
    }
    Ok(())
}

/// Prints one figure.
fn figure(name: &str, value: f64, unit: &str) {
    println!("{name} {value:.3} {unit}");
}

/// The value below which that part (0 to 1) of the samples lies.
fn quantile(samples: &mut [f64], part: f64) -> f64 {
    samples.sort_by(f64::total_cmp);
    let last = samples.len().saturating_sub(1);
    samples.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
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
}

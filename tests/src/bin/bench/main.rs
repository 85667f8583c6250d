//! The measurements: `cargo xtask bench [NAME]`. Prints `name value unit`, one a line, and what it
//! is doing on stderr. Everything measured is the real thing, optimised, on simulated devices that
//! speak the real protocols over loopback. Asserts no figure: how fast is fast enough, people say.
//!
//! `docs/benchmarks.md` says what each figure means, how it is measured and what was seen.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its user")]

mod blaster;
mod cold_start;
mod discovery;
mod engine_load;
mod figures;
mod floor;
mod interface;
mod line;
mod machine;
mod memory;
mod prepared;
mod reports;
mod rules;
mod size;
mod socket;
mod tap;

use anyhow::Result;

/// One measurement: names of what it prints begin with its own.
type Measure = (&'static str, fn() -> Result<()>);

const MEASUREMENTS: &[Measure] = &[
    ("size", size::measure),
    ("floor", floor::measure),
    ("tap", tap::measure),
    ("tap_over_socket", tap::measure_over_socket),
    ("discovery", discovery::measure),
    ("cold_start", cold_start::measure),
    ("memory", memory::measure),
    ("engine", engine_load::measure),
    ("reports", reports::measure),
    ("rules", rules::measure),
    ("ui", interface::measure),
];

fn main() -> Result<()> {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let chosen: Vec<_> = MEASUREMENTS.iter().filter(|it| it.0.contains(&wanted)).collect();
    anyhow::ensure!(!chosen.is_empty(), "no measurement is named like `{wanted}`");
    machine::introduce();
    for (name, measure) in chosen {
        eprintln!("measuring {name}");
        measure()?;
    }
    Ok(())
}

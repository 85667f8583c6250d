//! Measures. The measurements are a program of the package `tests`; this builds what it needs.
//!
//! Nothing but figures goes to stdout: what builds says goes to stderr.

use std::io::stderr;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::place::Place;

/// The measurements that look at the interface.
const OF_THE_INTERFACE: [&str; 2] = ["size", "ui"];

/// Builds everything optimised and measures all, or what has `name` in its name.
pub(crate) fn run(place: &Place, name: Option<&str>) -> Result<()> {
    if name.is_none_or(looks_at_the_interface) {
        build_interface()?;
    }
    let programs = ["--package", "daemon", "--package", "simhome", "--package", "tests"];
    place.cargo().args(["build", "--quiet", "--release", "--bins"]).args(programs).run()?;
    place
        .program(place.target("release/bench"))
        .args(name)
        .env("HEARTH_PROGRAMS", place.target("release"))
        .run()
}

fn looks_at_the_interface(name: &str) -> bool {
    OF_THE_INTERFACE.iter().any(|it| it.contains(name))
}

/// As `cargo xtask build --release` does, which talks on stdout.
fn build_interface() -> Result<()> {
    let this = std::env::current_exe().context("this program has a place")?;
    let mut build = Command::new(this);
    build.args(["build", "--release"]).stdout(stderr());
    let status = build.status().context("the interface cannot be built")?;
    ensure!(status.success(), "the interface cannot be built");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interface_is_built_only_for_what_looks_at_it() {
        assert!(looks_at_the_interface("ui") && looks_at_the_interface("size"));
        assert!(!looks_at_the_interface("tap") && !looks_at_the_interface("reports"));
    }
}

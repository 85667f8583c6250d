//! Measures. The measurements are a program of the package `tests`; this builds what it needs.

use anyhow::Result;

use crate::place::Place;
use crate::ui;

/// Builds everything optimised and measures all, or what has `name` in its name.
pub(crate) fn run(place: &Place, name: Option<&str>) -> Result<()> {
    ui::build(place, true)?;
    let programs = ["--package", "daemon", "--package", "simhome", "--package", "tests"];
    place.cargo().args(["build", "--quiet", "--release", "--bins"]).args(programs).run()?;
    place
        .program(place.target("release/bench"))
        .args(name)
        .env("HEARTH_PROGRAMS", place.target("release"))
        .run()
}

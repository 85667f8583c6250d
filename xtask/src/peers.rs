//! Starting the tests that are written in other languages, with what they need built before.

use anyhow::Result;

use crate::place::Place;
use crate::process::Process;
use crate::ui;

/// All packages but the window and these chores. Stages name the same ones, tests and all, because
/// another selection is another set of features, and with it another build of half the packages.
pub(crate) const MOST: [&str; 5] = ["--workspace", "--exclude", "app", "--exclude", "xtask"];

/// Builds the programs that the tests start, and the tests.
pub(crate) fn build_programs(place: &Place) -> Result<()> {
    place.cargo().args(["build", "--quiet", "--all-targets"]).args(MOST).run()
}

/// The interface in Chromium, against a real `hearthd` on a simulated home.
pub(crate) fn browser(place: &Place) -> Result<()> {
    ui::build(place, false)?;
    build_programs(place)?;
    node(place, "tests/browser").args(["--test-timeout=600000", "."]).run()
}

/// The window: its own small tests, then the real one under a display of its own, driven through
/// WebDriver.
pub(crate) fn window(place: &Place) -> Result<()> {
    ui::build(place, false)?;
    build_programs(place)?;
    ui::build_window(place, false)?;
    place.cargo().args(["test", "--quiet", "--package", "app", "--lib"]).run()?;
    node(place, "tests/window").args(["--test-timeout=240000", "."]).run()
}

/// The pictures of the README.
pub(crate) fn screenshots(place: &Place) -> Result<()> {
    ui::build(place, false)?;
    build_programs(place)?;
    place
        .program("node")
        .arg("screenshots.mjs")
        .arg(place.path("docs/images"))
        .env("HEARTH_PROGRAMS", place.target("debug"))
        .within(place.path("tests/browser"))
        .run()
}

fn node(place: &Place, directory: &str) -> Process {
    place
        .program("node")
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .env("HEARTH_PROGRAMS", place.target("debug"))
        .within(place.path(directory))
}

//! Checks that the shell and all below it compile for other systems, so that no line that only
//! Linux understands slips in. Nothing is linked and nothing is run.

use std::fs;

use anyhow::Result;

use crate::place::Place;

/// Windows, with the C compiler of mingw for SQLite.
pub(crate) const WINDOWS: &str = "x86_64-pc-windows-gnu";
/// Android, with no C compiler: without the feature `bundled-sqlite`.
pub(crate) const ANDROID: &str = "aarch64-linux-android";

/// Checks both.
pub(crate) fn run(place: &Place) -> Result<()> {
    interface_stands(place)?;
    eprintln!("cross: {WINDOWS}");
    check(place, WINDOWS).args(["--package", "daemon"]).run()?;
    eprintln!("cross: {ANDROID}, with the mobile entry point");
    check(place, ANDROID).args(["--lib", "--no-default-features"]).run()
}

fn check(place: &Place, target: &str) -> crate::process::Process {
    place.cargo().args(["check", "--quiet", "--package", "app", "--target", target])
}

/// The shell embeds the interface when it compiles; any will do for a check.
pub(crate) fn interface_stands(place: &Place) -> Result<()> {
    let page = place.path("ui/dist/index.html");
    if !page.exists() {
        fs::create_dir_all(place.path("ui/dist"))?;
        fs::write(page, "<!doctype html><title>Hearth</title><p>cargo xtask build</p>\n")?;
    }
    Ok(())
}

//! The interface in a real browser, with a thousand devices and two hundred reports a second.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

/// Prints what the script in `tests/browser` measures.
pub(crate) fn measure() -> Result<()> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let status = Command::new("node")
        .arg("bench.mjs")
        .current_dir(directory)
        .status()
        .context("node is not there")?;
    anyhow::ensure!(status.success(), "the interface could not be measured");
    Ok(())
}

//! How large the interface is: what a browser has to load.

use std::fs;

use anyhow::{Context as _, Result};
use tests::program;

use crate::figures::figure;

/// Prints the size of the WebAssembly, raw and as it travels.
pub(crate) fn measure() -> Result<()> {
    let directory = program("ui");
    for entry in fs::read_dir(&directory).context("the interface is not built")? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "wasm") {
            let raw = fs::metadata(&path)?.len();
            let brotli = fs::metadata(format!("{}.br", path.display()))?.len();
            figure("size_wasm_raw", raw as f64 / 1000.0, "kB");
            figure("size_wasm_brotli", brotli as f64 / 1000.0, "kB");
        }
    }
    Ok(())
}

//! The program with a window. Everything is in the library, which phones load instead.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    app::open(std::env::args().skip(1))
}

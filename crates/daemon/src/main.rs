//! hearthd: the hub with no window, its API over a WebSocket, the interface for browsers, and a
//! command line. Decides nothing about a home; knows nothing of devices.

mod cli;
mod ctl;
mod discover;
mod exit;
mod http;
mod place;
mod sandbox;
mod serve;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let quiet = if matches!(cli.command, Command::Serve(_)) { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(quiet));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("hearthd: {error:#}"));
            exit::code(&error)
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Serve(serve) => serve::run(serve).await,
            Command::Link(home) => http::link(home).await,
            Command::Discover(options) => discover::run(options).await,
            Command::Ctl(ctl) => ctl::run(ctl).await,
        }
    });
    runtime.shutdown_background();
    outcome
}

#[expect(clippy::print_stderr, reason = "errors of a command line belong there")]
fn say(words: &str) {
    eprintln!("{words}");
}

/// Prints one line of a command's output. Whoever read it may have gone: then there is nobody to
/// tell, and the command ends.
fn print_line(line: &str) -> Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

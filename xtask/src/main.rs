//! Chores of the project, in Rust so that they run wherever Rust does: `cargo xtask --help`.
//!
//! Nothing here is part of the program. Each chore is a list of other people's commands; what can
//! be a test is one (`tests/`), so that it runs with the others.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its user")]

mod bench;
mod cross;
mod peers;
mod place;
mod process;
mod schema;
mod setup;
mod stages;
mod ui;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::place::Place;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Chores of Hearth", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Install what is missing to build, run and test; quick when nothing is.
    Setup {
        /// Also what only `ci` asks for: cargo-deny, cargo-machete, typos (minutes to compile).
        #[arg(long)]
        all: bool,
    },
    /// Build the interface and put it beside `hearthd`.
    Build {
        /// Beside the release build rather than the debug build.
        #[arg(long)]
        release: bool,
    },
    /// Set up, build, and open the window.
    Run {
        /// On a simulated home, of that many devices (12 unless told).
        #[arg(long, value_name = "DEVICES", num_args = 0..=1, default_missing_value = "12")]
        sandbox: Option<usize>,
        /// An optimised build.
        #[arg(long)]
        release: bool,
    },
    /// Run every test, in stages; or only the stages whose name contains one of the filters.
    Test {
        /// Parts of names of stages.
        filters: Vec<String>,
        /// Print the stages and stop.
        #[arg(long)]
        list: bool,
    },
    /// Measure; prints `name value unit` lines.
    Bench {
        /// Only measurements whose name contains this.
        name: Option<String>,
    },
    /// Check the shell and all it needs for Windows and Android.
    Cross,
    /// Check the shape of the source: layers, purity, lengths, words.
    Tidy,
    /// What a release must pass: `test` with every tool installed and nothing skipped.
    Ci,
    /// Make the pictures of docs/images from a simulated home.
    Screenshots,
    /// Make docs/rule.schema.json, the JSON Schema of rules, from the types.
    Schema,
}

fn main() -> Result<()> {
    let place = Place::find()?;
    match Arguments::parse().chore {
        Chore::Setup { all } => setup::run(&place, all),
        Chore::Build { release } => {
            setup::run(&place, false)?;
            ui::build(&place, release)
        }
        Chore::Run { sandbox, release } => {
            setup::run(&place, false)?;
            ui::run(&place, sandbox, release)
        }
        Chore::Test { list: true, .. } => stages::list(),
        Chore::Test { filters, .. } => stages::run(&place, &filters, stages::Skips::Allowed),
        Chore::Bench { name } => bench::run(&place, name.as_deref()),
        Chore::Cross => cross::run(&place),
        Chore::Tidy => place.cargo().args(["test", "--quiet", "--package", "xtask"]).run(),
        Chore::Ci => {
            setup::run(&place, true)?;
            stages::run(&place, &[], stages::Skips::Fail)
        }
        Chore::Screenshots => peers::screenshots(&place),
        Chore::Schema => schema::write(&place),
    }
}

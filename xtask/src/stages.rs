//! `cargo xtask test`: every test there is, in stages, cheap ones first. A stage that fails hides
//! no other; one that cannot run here says so, loudly, and is counted.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::place::Place;
use crate::{cross, peers, setup, ui};

/// What becomes of stages that cannot run here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skips {
    Allowed,
    Fail,
}

struct Stage {
    name: &'static str,
    about: &'static str,
    /// Why it cannot run here, if it cannot.
    hindrance: fn(&Place) -> Option<String>,
    run: fn(&Place) -> Result<()>,
}

#[derive(Debug)]
enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

const STAGES: &[Stage] = &[
    Stage {
        name: "setup",
        about: "what is missing is installed",
        hindrance: none,
        run: |place| setup::run(place, false),
    },
    Stage { name: "format", about: "rustfmt", hindrance: none, run: format },
    Stage {
        name: "tidy",
        about: "layers, purity, licences, lengths, words",
        hindrance: none,
        run: tidy,
    },
    Stage {
        name: "policy",
        about: "cargo-deny, cargo-machete, typos",
        hindrance: without_policy_tools,
        run: policy,
    },
    Stage {
        name: "units",
        about: "crates by themselves, and simulated devices against others' clients",
        hindrance: none,
        run: units,
    },
    Stage {
        name: "system",
        about: "hearthd and simhome over real sockets",
        hindrance: none,
        run: system,
    },
    Stage {
        name: "network",
        about: "found by mDNS in namespaces, ESPHome's firmware, a full disk",
        hindrance: without_namespaces,
        run: network,
    },
    Stage {
        name: "interface",
        about: "the interface compiles and is built",
        hindrance: none,
        run: |place| ui::build(place, false),
    },
    Stage {
        name: "lints",
        about: "clippy, for this machine and for wasm32",
        hindrance: none,
        run: lints,
    },
    Stage { name: "docs", about: "rustdoc without a warning", hindrance: none, run: docs },
    Stage {
        name: "browser",
        about: "the interface in Chromium against a real hub",
        hindrance: without_chromium,
        run: peers::browser,
    },
    Stage {
        name: "window",
        about: "the real window, through WebDriver",
        hindrance: without_window,
        run: peers::window,
    },
    Stage {
        name: "cross",
        about: "compiles for Windows and Android",
        hindrance: none,
        run: cross::run,
    },
];

/// Prints the plan.
#[expect(clippy::unnecessary_wraps, reason = "a chore like the others")]
pub(crate) fn list() -> Result<()> {
    for Stage { name, about, .. } in STAGES {
        println!("{name:<10} {about}");
    }
    Ok(())
}

/// Runs the stages whose names contain one of the filters; all when there is none.
pub(crate) fn run(place: &Place, filters: &[String], skips: Skips) -> Result<()> {
    let is_chosen = |it: &&Stage| {
        filters.is_empty() || filters.iter().any(|filter| it.name.contains(filter.as_str()))
    };
    let chosen: Vec<_> = STAGES.iter().filter(is_chosen).collect();
    if chosen.is_empty() {
        bail!("no stage is named like that; `cargo xtask test --list` names them");
    }
    let names: Vec<_> = chosen.iter().map(|it| it.name).collect();
    println!("plan: {}", names.join(", "));
    let outcomes: Vec<_> = chosen.iter().map(|stage| (stage.name, perform(place, stage))).collect();
    summarise(&outcomes, skips)
}

#[expect(clippy::disallowed_methods, reason = "how long a chore took is for people to read")]
fn perform(place: &Place, stage: &Stage) -> (Outcome, Duration) {
    println!("\n==> {}: {}", stage.name, stage.about);
    let start = Instant::now();
    let outcome = match (stage.hindrance)(place) {
        Some(why) => Outcome::Skipped(why),
        None => match (stage.run)(place) {
            Ok(()) => Outcome::Passed,
            Err(error) => Outcome::Failed(format!("{error:#}")),
        },
    };
    let took = start.elapsed();
    println!("<== {}: {} in {:.1} s", stage.name, words(&outcome), took.as_secs_f64());
    (outcome, took)
}

fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed => "passed".to_owned(),
        Outcome::Failed(why) => format!("FAILED: {why}"),
        Outcome::Skipped(why) => format!("SKIPPED: {why}"),
    }
}

fn summarise(outcomes: &[(&str, (Outcome, Duration))], skips: Skips) -> Result<()> {
    println!();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (name, (outcome, took)) in outcomes {
        println!("{name:<10} {:>7.1} s  {}", took.as_secs_f64(), words(outcome));
        match outcome {
            Outcome::Passed => passed += 1,
            Outcome::Failed(_) => failed += 1,
            Outcome::Skipped(_) => skipped += 1,
        }
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 || (skips == Skips::Fail && skipped > 0) {
        bail!("not everything passed");
    }
    Ok(())
}

fn format(place: &Place) -> Result<()> {
    place.cargo().args(["fmt", "--all", "--check"]).run()
}

fn tidy(place: &Place) -> Result<()> {
    place.cargo().args(["test", "--quiet", "--package", "xtask"]).run()
}

fn policy(place: &Place) -> Result<()> {
    let deny = ["deny", "--all-features", "check", "licenses", "bans", "sources"];
    place.cargo().args(deny).run()?;
    // Called by cargo, it takes its own name for a directory.
    place.program("cargo-machete").run()?;
    place.program("typos").run()
}

/// The window's tests run with its stage; those of the package `tests` have stages of their own.
fn units(place: &Place) -> Result<()> {
    let has_nextest = place.program("cargo-nextest").args(["nextest", "--version"]).output();
    let runner: &[&str] = match has_nextest {
        Some(_) => &["nextest", "run", "--no-fail-fast", "--filterset", "not package(tests)"],
        None => &["test", "--quiet", "--no-fail-fast", "--exclude", "tests"],
    };
    place.cargo().args(runner).args(peers::MOST).arg("--all-targets").run()
}

fn system(place: &Place) -> Result<()> {
    peers::build_programs(place)?;
    tests_named(place, &["system", "once", "nonsense", "rules"])
}

fn network(place: &Place) -> Result<()> {
    peers::build_programs(place)?;
    tests_named(place, &["network", "disk"])
}

/// Files of `tests/tests`. Few tests at a time: they wait for devices, and cores are few.
fn tests_named(place: &Place, names: &[&str]) -> Result<()> {
    place
        .cargo()
        .args(["test", "--no-fail-fast"])
        .args(peers::MOST)
        .args(names.iter().flat_map(|it| ["--test", it]))
        .args(["--", "--test-threads=3"])
        .env("HEARTH_PROGRAMS", place.target("debug"))
        .env("HEARTH_VENV", place.venv())
        .env("HEARTH_KILLS", "100")
        .run()
}

fn lints(place: &Place) -> Result<()> {
    cross::interface_stands(place)?;
    let strict = ["--", "--deny", "warnings"];
    place.cargo().args(["clippy", "--quiet", "--workspace", "--all-targets"]).args(strict).run()?;
    let wasm = ["clippy", "--quiet", "--package", "ui", "--target", "wasm32-unknown-unknown"];
    place.cargo().args(wasm).args(strict).run()
}

fn docs(place: &Place) -> Result<()> {
    place
        .cargo()
        .args(["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run()
}

fn none(_: &Place) -> Option<String> {
    None
}

fn without_policy_tools(place: &Place) -> Option<String> {
    let is_missing = |name: &&str| place.program(*name).arg("--version").output().is_none();
    let missing: Vec<_> =
        ["cargo-deny", "cargo-machete", "typos"].into_iter().filter(is_missing).collect();
    (!missing.is_empty()).then(|| {
        format!(
            "{} not installed (`cargo xtask setup --all`); licences, sources and bans were still \
             checked by `tidy`",
            missing.join(", ")
        )
    })
}

fn without_namespaces(place: &Place) -> Option<String> {
    let can = place.program("unshare").args(["--net", "ip", "link", "set", "lo", "up"]).output();
    match can {
        Some(_) => None,
        None => Some("network namespaces need Linux and root".to_owned()),
    }
}

fn without_chromium(place: &Place) -> Option<String> {
    match place.program("chromium").arg("--version").output() {
        Some(_) => None,
        None => Some("there is no chromium here".to_owned()),
    }
}

fn without_window(place: &Place) -> Option<String> {
    let programs =
        ["Xvfb", "WebKitWebDriver", "dbus-run-session", "gnome-keyring-daemon", "xdotool"];
    let is_missing =
        |it: &&str| place.program("sh").args(["-c", "command -v \"$0\"", it]).output().is_none();
    let missing = programs.into_iter().find(is_missing)?;
    Some(format!("there is no {missing} here"))
}

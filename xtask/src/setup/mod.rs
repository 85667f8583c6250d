//! Installs what building, running and testing need. What is there is left alone: every need has a
//! check that costs milliseconds, and no stamp can go stale.

mod system;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::place::Place;

/// The version of Trunk that the interface is built with; 0.22 wants a newer compiler.
const TRUNK: &str = "0.21.14";

/// Something that must be there.
struct Need {
    name: &'static str,
    /// Says what is missing, or nothing.
    missing: fn(&Place) -> Option<String>,
    install: fn(&Place) -> Result<()>,
    /// Asked for by `ci` alone.
    extra: bool,
}

/// Everything there is to install, in order.
const NEEDS: &[Need] = &[
    Need {
        name: "system packages",
        missing: system::missing,
        install: system::install,
        extra: false,
    },
    Need { name: "Rust targets", missing: missing_targets, install: install_targets, extra: false },
    Need { name: "trunk", missing: missing_trunk, install: install_trunk, extra: false },
    Need { name: "wasm-bindgen", missing: missing_bindgen, install: install_bindgen, extra: false },
    Need {
        name: "npm tools of ui",
        missing: missing_ui_npm,
        install: install_ui_npm,
        extra: false,
    },
    Need {
        name: "npm tools of tests/browser",
        missing: missing_test_npm,
        install: install_test_npm,
        extra: false,
    },
    Need { name: "Python clients", missing: missing_python, install: install_python, extra: false },
    Need { name: "cargo-deny", missing: missing_deny, install: install_deny, extra: true },
    Need { name: "cargo-machete", missing: missing_machete, install: install_machete, extra: true },
    Need { name: "typos", missing: missing_typos, install: install_typos, extra: true },
];

/// Installs what is missing; with `all`, what only `ci` asks for too.
pub(crate) fn run(place: &Place, all: bool) -> Result<()> {
    for need in NEEDS.iter().filter(|it| all || !it.extra) {
        let Some(missing) = (need.missing)(place) else { continue };
        eprintln!("setup: {} missing: {missing}", need.name);
        (need.install)(place).with_context(|| format!("{} could not be installed", need.name))?;
        if let Some(missing) = (need.missing)(place) {
            bail!("{} still missing after installing: {missing}", need.name);
        }
    }
    Ok(())
}

/// Targets that are built or checked: the interface, and the two of `cargo xtask cross`.
const TARGETS: [&str; 3] = ["wasm32-unknown-unknown", crate::cross::WINDOWS, crate::cross::ANDROID];

fn missing_targets(place: &Place) -> Option<String> {
    let sysroot = place.program("rustc").args(["--print", "sysroot"]).output()?;
    let libraries = PathBuf::from(sysroot.trim()).join("lib/rustlib");
    let is_missing = |target: &&str| !libraries.join(target).join("lib").is_dir();
    listed(TARGETS.into_iter().filter(is_missing))
}

fn install_targets(place: &Place) -> Result<()> {
    place.program("rustup").args(["target", "add"]).args(TARGETS).run().context(
        "without rustup, install the rust-std component of your toolchain for these targets: \
         your distribution's package (Debian: libstd-rust-dev-wasm32, libstd-rust-dev-windows), \
         or rust-std-<version>-<target>.tar.gz unpacked with its install.sh into the sysroot",
    )
}

fn missing_trunk(place: &Place) -> Option<String> {
    missing_version(place, "trunk", &["--version"], TRUNK)
}

fn install_trunk(place: &Place) -> Result<()> {
    cargo_install(place, "trunk", Some(TRUNK), &["--locked"])
}

fn missing_bindgen(place: &Place) -> Option<String> {
    let version = bindgen_version(place).ok()?;
    missing_version(place, "wasm-bindgen", &["--version"], &version)
}

/// Without `--locked`: the lock file of 0.2.130 names a version that its registry has withdrawn.
fn install_bindgen(place: &Place) -> Result<()> {
    cargo_install(place, "wasm-bindgen-cli", Some(&bindgen_version(place)?), &[])
}

/// The version of wasm-bindgen that the interface links; the program must be the very same.
fn bindgen_version(place: &Place) -> Result<String> {
    let lock = fs::read_to_string(place.path("Cargo.lock"))?;
    let (_, rest) = lock
        .split_once("name = \"wasm-bindgen\"\nversion = \"")
        .context("Cargo.lock does not name wasm-bindgen")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

fn missing_deny(place: &Place) -> Option<String> {
    missing_program(place, "cargo-deny")
}

fn install_deny(place: &Place) -> Result<()> {
    cargo_install(place, "cargo-deny", None, &["--locked"])
}

fn missing_machete(place: &Place) -> Option<String> {
    missing_program(place, "cargo-machete")
}

fn install_machete(place: &Place) -> Result<()> {
    cargo_install(place, "cargo-machete", None, &["--locked"])
}

fn missing_typos(place: &Place) -> Option<String> {
    missing_program(place, "typos")
}

fn install_typos(place: &Place) -> Result<()> {
    cargo_install(place, "typos-cli", None, &["--locked"])
}

fn missing_program(place: &Place, program: &str) -> Option<String> {
    match place.program(program).arg("--version").output() {
        Some(_) => None,
        None => Some(program.to_owned()),
    }
}

fn missing_version(place: &Place, program: &str, ask: &[&str], wanted: &str) -> Option<String> {
    let said = place.program(program).args(ask).output().unwrap_or_default();
    match said.split_whitespace().nth(1) {
        Some(version) if version == wanted => None,
        Some(version) => Some(format!("{program} {wanted} (there is {version})")),
        None => Some(format!("{program} {wanted}")),
    }
}

/// Optimises little: these tools run for seconds, and compiling them takes minutes.
fn cargo_install(place: &Place, name: &str, version: Option<&str>, more: &[&str]) -> Result<()> {
    let version = version.map(|it| ["--version", it]);
    place
        .cargo()
        .args(["install", name, "--force"])
        .args(version.into_iter().flatten())
        .args(more)
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_TARGET_DIR", place.target("xtask/install"))
        .within(std::env::temp_dir())
        .run()
}

fn missing_ui_npm(place: &Place) -> Option<String> {
    missing_npm(place, "ui")
}

fn install_ui_npm(place: &Place) -> Result<()> {
    npm_ci(place, "ui")
}

fn missing_test_npm(place: &Place) -> Option<String> {
    missing_npm(place, "tests/browser")
}

fn install_test_npm(place: &Place) -> Result<()> {
    npm_ci(place, "tests/browser")
}

/// The lock file that was installed is kept beside what it installed.
fn missing_npm(place: &Place, directory: &str) -> Option<String> {
    let wanted = fs::read(place.path(directory).join("package-lock.json")).ok()?;
    let installed = fs::read(place.path(directory).join("node_modules/.installed-lock")).ok();
    (installed.as_ref() != Some(&wanted)).then(|| format!("{directory}/node_modules"))
}

fn npm_ci(place: &Place, directory: &str) -> Result<()> {
    let within = place.path(directory);
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    place.program(npm).args(["ci", "--no-audit", "--no-fund"]).within(&within).run()?;
    fs::copy(within.join("package-lock.json"), within.join("node_modules/.installed-lock"))?;
    Ok(())
}

/// ESPHome itself, whose firmware is a device in our tests.
const ESPHOME: &str = "esphome==2026.6.5";

/// What Python has to have: the independent clients of our simulated devices, and ESPHome.
fn requirements(place: &Place) -> Result<String> {
    let clients = fs::read_to_string(place.path("tests/clients/requirements.txt"))?;
    Ok(format!("{clients}\n{ESPHOME}\n"))
}

fn missing_python(place: &Place) -> Option<String> {
    let wanted = requirements(place).ok()?;
    let installed = fs::read_to_string(place.venv().join("requirements.txt")).ok();
    (installed.as_ref() != Some(&wanted)).then(|| place.venv().display().to_string())
}

fn install_python(place: &Place) -> Result<()> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    if !place.python("python").exists() {
        place.program(python).args(["-m", "venv"]).arg(place.venv()).run()?;
    }
    let wanted = requirements(place)?;
    let list = place.venv().join("wanted.txt");
    fs::write(&list, &wanted)?;
    place
        .program(place.python("python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&list)
        .run()?;
    fs::rename(list, place.venv().join("requirements.txt"))?;
    Ok(())
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}

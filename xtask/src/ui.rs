//! Building the interface, and opening the window on it.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::place::Place;

/// What the interface is made of.
const SOURCES: &[&str] = &[
    "ui",
    "icons",
    "crates/model",
    "crates/api",
    "Cargo.lock",
    "Cargo.toml",
    "rust-toolchain.toml",
];

/// Directories that are made, not written.
const MADE: &[&str] = &["dist", "node_modules", "target", "tests"];

/// What a browser is better sent compressed.
const COMPRESSIBLE: &[&str] = &["wasm", "js", "css", "html", "svg", "json"];

/// Where Trunk puts together what it builds. It is left behind by a build that was cut short.
const STAGING: &str = "ui/dist/.stage";

/// Builds the interface unless its sources are unchanged, and puts a copy with compressed files
/// beside `hearthd`. The window takes its own from `ui/dist`.
pub(crate) fn build(place: &Place, release: bool) -> Result<()> {
    let print = fingerprint(place)?;
    // With the working copy, as `ui/dist` is, whichever build directory is in use.
    let stamp = place.path("ui/node_modules/.built-from");
    let is_built = place.path("ui/dist/index.html").exists()
        && fs::read_to_string(&stamp).is_ok_and(|it| it == print);
    remove(&place.path(STAGING))?;
    if is_built {
        eprintln!("build: the interface is up to date");
    } else {
        trunk(place)?;
        write(&stamp, &print)?;
    }
    publish(place, &print, &place.target(if release { "release/ui" } else { "debug/ui" }))
}

/// `erase_components` makes the program a fifth smaller, at the same speed.
fn trunk(place: &Place) -> Result<()> {
    place
        .program("trunk")
        .args(["build", "--release", "--offline", "--cargo-profile", "wasm"])
        .env("RUSTFLAGS", "--cfg erase_components")
        // A directory of its own: neither waits for the other's lock.
        .env("CARGO_TARGET_DIR", place.target("ui"))
        .env("NO_COLOR", "true")
        .within(place.path("ui"))
        .run()
}

/// Copies what was built to where `hearthd` looks, and compresses it there.
fn publish(place: &Place, print: &str, to: &Path) -> Result<()> {
    let stamp = to.with_extension("stamp");
    if fs::read_to_string(&stamp).is_ok_and(|it| it == print) && to.join("index.html").exists() {
        return Ok(());
    }
    remove(to)?;
    let dist = place.path("ui/dist");
    for file in files(&dist)? {
        let copy = to.join(file.strip_prefix(&dist)?);
        fs::create_dir_all(copy.parent().context("a file lies in a directory")?)?;
        fs::copy(&file, &copy)?;
        if extension(&copy).is_some_and(|it| COMPRESSIBLE.contains(&it)) {
            place.program("brotli").args(["--force", "--keep", "--best"]).arg(&copy).run()?;
        }
    }
    write(&stamp, print)
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file lies in a directory")?)?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A hash over names and contents of all sources, and where they lie.
fn fingerprint(place: &Place) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        for file in files(&place.path(source))? {
            file.hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files below, in order, but for those in directories that are made.
fn files(path: &Path) -> Result<BTreeSet<PathBuf>> {
    if path.is_file() {
        return Ok(BTreeSet::from([path.to_owned()]));
    }
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let entry = entry?.path();
        let is_made = entry.file_name().is_some_and(|name| MADE.iter().any(|it| name == *it));
        if !(is_made && entry.is_dir()) {
            found.extend(files(&entry)?);
        }
    }
    Ok(found)
}

fn extension(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}

/// Builds the window. The compiler keeps what it has compressed of the interface, and takes it for
/// whole ever after: when a build was cut short, that is thrown away first.
pub(crate) fn build_window(place: &Place, release: bool) -> Result<()> {
    let profile = if release { "release" } else { "debug" };
    let unfinished = place.target(&format!("xtask/window-{profile}.unfinished"));
    if unfinished.exists() {
        forget_assets(&place.target(profile))?;
    }
    write(&unfinished, "")?;
    let what = ["build", "--quiet", "--package", "app", "--bin", "hearth"];
    place.cargo().args(what).args(release.then_some("--release")).run()?;
    Ok(fs::remove_file(unfinished)?)
}

fn forget_assets(profile: &Path) -> Result<()> {
    let Ok(builds) = fs::read_dir(profile.join("build")) else { return Ok(()) };
    for build in builds {
        remove(&build?.path().join("out/tauri-codegen-assets"))?;
    }
    Ok(())
}

/// Opens the window.
pub(crate) fn run(place: &Place, sandbox: Option<usize>, release: bool) -> Result<()> {
    build(place, release)?;
    build_window(place, release)?;
    let sandbox = sandbox.map(|devices| ["--sandbox".to_owned(), devices.to_string()]);
    let program = if release { "release/hearth" } else { "debug/hearth" };
    place.program(place.target(program)).args(sandbox.into_iter().flatten()).run()
}

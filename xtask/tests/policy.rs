//! What is linked in: licences, sources and bans of every package, after the lists of deny.toml.
//! cargo-deny says more; this runs where it is not installed.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn every_package_has_a_licence_that_we_allow() {
    let allowed = list("allow = [");
    for package in packages() {
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &allowed), "{}: `{licence}`", package["name"]);
    }
}

#[test]
fn every_package_comes_from_the_registry() {
    for package in packages() {
        let source = package["source"].as_str();
        let is_ours = source.is_none();
        let is_registered = source == Some("registry+https://github.com/rust-lang/crates.io-index");
        assert!(is_ours || is_registered, "{} comes from {source:?}", package["name"]);
    }
}

#[test]
fn nothing_banned_is_linked() {
    let banned = list("deny = [");
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        assert!(!banned.contains(name), "{name} is banned in deny.toml");
    }
}

#[test]
fn alternatives_and_conjunctions_of_licences_are_understood() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Zlib".to_owned()]);
    for fits in ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(Apache-2.0 OR MIT) AND Zlib"] {
        assert!(is_allowed(fits, &allowed), "{fits}");
    }
    for fits_not in ["", "GPL-3.0", "MIT AND GPL-3.0", "(Apache-2.0 OR MIT) AND GPL-3.0"] {
        assert!(!is_allowed(fits_not, &allowed), "{fits_not}");
    }
}

/// An SPDX expression: `AND` over parts, each of them alternatives. Packages that need anything
/// more tangled than that do not exist here, and would be refused.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.replace('/', " OR ");
    let is_any = |part: &str| {
        let part = part.trim().trim_start_matches('(').trim_end_matches(')');
        part.split(" OR ").any(|it| allowed.contains(it.trim()))
    };
    expression.split(" AND ").all(is_any)
}

/// A list of texts in deny.toml.
fn list(start: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    let (_, rest) = text.split_once(&format!("\n{start}")).unwrap();
    let (inside, _) = rest.split_once(']').unwrap();
    inside.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn packages() -> Vec<Value> {
    let ask = ["metadata", "--format-version", "1", "--locked"];
    let output = Command::new(env!("CARGO")).args(ask).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    said["packages"].as_array().unwrap().clone()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

//! What tests of the source read: the files that git knows, and what Cargo says of the packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A file of ours.
pub(crate) struct Source {
    /// Its path in the project.
    pub(crate) path: String,
    pub(crate) text: String,
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All files of ours that end so, committed or about to be.
pub(crate) fn sources(endings: &[&str]) -> Vec<Source> {
    let ask = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let listed = printed(Command::new("git").args(ask));
    let is_wanted = |path: &&str| {
        let ending = Path::new(path).extension().and_then(|it| it.to_str());
        ending.is_some_and(|it| endings.contains(&it)) && !path.ends_with("package-lock.json")
    };
    let read = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(Source { path: path.to_owned(), text })
    };
    listed.lines().filter(is_wanted).filter_map(read).collect()
}

/// What `cargo metadata` says.
pub(crate) fn metadata(more: &[&str]) -> Value {
    let ask = ["metadata", "--format-version", "1", "--locked"];
    serde_json::from_str(&cargo(&[&ask, more].concat())).unwrap()
}

pub(crate) fn cargo(arguments: &[&str]) -> String {
    printed(Command::new(env!("CARGO")).args(arguments))
}

fn printed(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

//! The shape of the source as tests: who may import whom, what stays pure, how long things are,
//! and what must not be written.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use workspace::{Source, cargo, metadata, root, sources};

/// What each package may import from this workspace. The code map of ARCHITECTURE.md says the same.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("api", &["model"]),
    ("engine", &["model", "api"]),
    ("importer", &["model", "api"]),
    ("protocols", &["model"]),
    ("adapters", &["model", "protocols"]),
    ("store", &["model"]),
    ("hub", &["model", "api", "engine", "importer", "adapters", "store"]),
    ("simhome", &["model", "protocols"]),
    ("daemon", &["model", "api", "hub", "adapters", "simhome"]),
    ("app", &["model", "api", "hub", "simhome"]),
    ("ui", &["model", "api"]),
    ("xtask", &["model"]),
];

/// Imports anything, and is imported by nobody.
const ANYTHING: &str = "tests";

/// Packages that reach neither runtime nor socket, file, clock or randomness, at any depth.
const PURE: &[&str] = &["model", "api", "engine", "importer", "protocols"];
const IMPURE: &[&str] = &[
    "async-io",
    "fastrand",
    "getrandom",
    "hyper",
    "jiff",
    "mio",
    "rand",
    "reqwest",
    "ring",
    "rusqlite",
    "socket2",
    "tauri",
    "time",
    "tokio",
    "tungstenite",
    "zbus",
];

/// Who may read a clock: the hub's one place, and programs that measure or drive from outside.
const CLOCK_READERS: &[&str] = &[
    "crates/hub/src/clock.rs",
    // ESPHome devices ask their client for the time of day.
    "crates/adapters/src/esphome/conversation.rs",
    // Tests at the end of the file, and the life of a sign-in link.
    "crates/daemon/src/http/auth.rs",
    "crates/store/src/writer.rs",
    "crates/store/src/clock.rs",
    "crates/store/examples/",
    "tests/",
    "xtask/",
];

/// Who may spawn: the hub's one place, and tests.
const SPAWNERS: &[&str] = &["crates/hub/src/tasks.rs", "tests/", "xtask/"];

/// No file is longer, in lines.
const LONGEST: usize = 800;

#[test]
fn packages_import_only_lower_layers() {
    let layers: BTreeMap<_, _> = LAYERS.iter().copied().collect();
    for package in metadata(&["--no-deps"])["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        if name == ANYTHING {
            continue;
        }
        let allowed = layers.get(name).unwrap_or_else(|| panic!("`{name}` has no layer"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let target = dependency["name"].as_str().unwrap();
            let is_ours = layers.contains_key(target) || target == ANYTHING;
            let is_for_tests = dependency["kind"] == "dev";
            assert!(
                !is_ours || is_for_tests || allowed.contains(&target),
                "`{name}` must not import `{target}`"
            );
        }
    }
}

#[test]
fn the_code_map_of_the_architecture_page_says_the_same() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    for (name, allowed) in LAYERS {
        let package = if *name == "app" { "src-tauri" } else { name };
        let row = page
            .lines()
            .find(|it| {
                it.starts_with('|')
                    && (it.contains(&format!("`{package}`"))
                        || it.contains(&format!("/{package}`")))
            })
            .unwrap_or_else(|| panic!("ARCHITECTURE.md has no row for `{package}`"));
        let last = row.trim_end_matches('|').rsplit('|').next().unwrap().trim();
        let said: BTreeSet<_> =
            last.split(", ").map(str::trim).filter(|it| !it.is_empty() && *it != "–").collect();
        assert_eq!(said, allowed.iter().copied().collect(), "ARCHITECTURE.md on `{package}`");
    }
}

#[test]
fn pure_packages_stay_pure_at_any_depth() {
    for name in PURE {
        let tree = ["tree", "--package", name, "--edges", "normal", "--prefix", "none"];
        for line in cargo(&[&tree[..], &["--format", "{p} {f}"]].concat()).lines() {
            let dependency = line.split(' ').next().unwrap_or_default();
            assert!(!IMPURE.contains(&dependency), "`{name}` reaches `{dependency}`");
            // Calendars and zones are no clock.
            let has_clock = line.rsplit(' ').next().unwrap_or_default().contains("clock");
            assert!(dependency != "chrono" || !has_clock, "`{name}` reaches chrono's clock");
        }
    }
}

#[test]
fn no_file_is_too_long() {
    for source in sources(&["rs", "mjs", "css", "py"]) {
        let lines = source.text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines; at most {LONGEST}", source.path);
    }
}

/// A typical function is read at a glance; the longest are kept short by clippy.
#[test]
fn a_typical_function_is_short() {
    let mut lengths = Vec::new();
    for source in sources(&["rs"]) {
        lengths.extend(function_lengths(&source.text));
    }
    lengths.sort_unstable();
    let at = |part: usize| lengths[lengths.len() * part / 100];
    assert!(at(50) <= 8, "the median function has {} lines; at most 8", at(50));
    assert!(at(95) <= 45, "at the 95th percentile a function has {} lines; at most 45", at(95));
}

/// Lines of each function's body, found by its indentation, which rustfmt keeps.
fn function_lengths(text: &str) -> Vec<usize> {
    let lines: Vec<_> = text.lines().collect();
    let mut lengths = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let indentation = line.len() - line.trim_start().len();
        if !is_function(line.trim_start()) {
            continue;
        }
        let closing = format!("{}}}", " ".repeat(indentation));
        let end = lines[number..].iter().position(|it| *it == closing);
        let opening = lines[number..].iter().position(|it| it.ends_with('{'));
        if let (Some(end), Some(opening)) = (end, opening) {
            lengths.push(end.saturating_sub(opening + 1));
        }
    }
    lengths
}

fn is_function(line: &str) -> bool {
    let line = line.trim_start_matches("pub ").trim_start_matches("pub(crate) ");
    let line = line.trim_start_matches("pub(super) ").trim_start_matches("async ");
    line.starts_with("fn ") || line.starts_with("const fn ")
}

#[test]
fn nothing_is_left_to_do_or_hidden() {
    // Put together here, so that this file does not hold what it looks for.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("X", "XX:"),
        concat!("#[ig", "nore"),
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("Under con", "struction"),
        concat!("test.sk", "ip("),
        concat!("test.on", "ly("),
    ];
    refuse(&words, |_| true);
}

#[test]
fn no_path_of_somebodys_machine_is_written_down() {
    let words = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/user")];
    refuse(&words, |_| true);
}

#[test]
fn only_the_clock_reads_the_clock() {
    let words = ["Instant::now", "SystemTime::now", "Utc::now", "Local::now"];
    refuse(&words, |path| !is_among(path, CLOCK_READERS) && !is_test(path));
}

#[test]
fn only_tasks_of_the_hub_are_spawned() {
    refuse(&["tokio::spawn("], |path| !is_among(path, SPAWNERS) && !is_test(path));
}

/// Outside of tests a lint is never allowed away, only expected with a reason.
#[test]
fn every_exception_has_a_reason() {
    refuse(&["#[allow(", "#![allow("], |_| true);
}

#[test]
fn every_command_of_the_shell_is_listed_everywhere() {
    let shell = root().join("src-tauri");
    let read = |path: &str| std::fs::read_to_string(shell.join(path)).unwrap();
    let commands = commands_in(&shell.join("src"));
    assert!(!commands.is_empty(), "the shell has commands");
    let capabilities: serde_json::Value =
        serde_json::from_str(&read("capabilities/main.json")).unwrap();
    let permissions: BTreeSet<_> = capabilities["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it.as_str())
        .collect();
    for command in &commands {
        let permission = format!("allow-{}", command.replace('_', "-"));
        assert!(permissions.contains(permission.as_str()), "capabilities lack {permission}");
        assert!(read("build.rs").contains(&format!("\"{command}\"")), "build.rs lacks {command}");
    }
    assert_eq!(permissions.len(), commands.len(), "capabilities hold nothing but our commands");
}

fn commands_in(directory: &Path) -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        for part in text.split("#[tauri::command]").skip(1) {
            let (_, after) = part.split_once("fn ").unwrap();
            commands.insert(after.split(['(', '<']).next().unwrap().to_owned());
        }
    }
    commands
}

fn refuse(words: &[&str], concerns: impl Fn(&str) -> bool) {
    let mut offences = Vec::new();
    for Source { path, text } in
        sources(&["rs", "mjs", "js", "css", "html", "sh", "py", "toml", "md", "json", "yaml"])
    {
        if !concerns(&path) || path == "xtask/tests/tidy.rs" || path == "CONTRIBUTING.md" {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = words.iter().find(|it| line.contains(**it)) {
                offences.push(format!("{path}:{}: `{word}`", number + 1));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

fn is_among(path: &str, places: &[&str]) -> bool {
    places.iter().any(|it| path.starts_with(it))
}

/// Files of nothing but tests; `mod tests` inside a file of the program counts as program.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || !path.ends_with(".rs")
}

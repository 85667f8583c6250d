//! The packages of the operating system: installed on Debian when we may, named everywhere else.

use anyhow::{Result, bail};

use super::listed;
use crate::place::Place;

/// What Debian calls them. Build: webview, bus, tray, C for SQLite, brotli. Tests: a display and a
/// hand on it, a browser, the webview's driver, a session bus, a keyring, network tools, fonts,
/// Windows' C compiler for `cross`.
const DEBIAN: &[&str] = &[
    "brotli",
    "build-essential",
    "chromium",
    "dbus",
    "fonts-noto-core",
    "gcc-mingw-w64-x86-64",
    "gnome-keyring",
    "iproute2",
    "libayatana-appindicator3-dev",
    "libdbus-1-dev",
    "libwebkit2gtk-4.1-dev",
    "nodejs",
    "npm",
    "pkg-config",
    "python3-venv",
    "webkit2gtk-driver",
    "xdotool",
    "xvfb",
];

/// How each system gets what is needed to build and run (the tests of namespaces, keyring and
/// real window are for Linux; elsewhere they are skipped, loudly).
const COMMANDS: &[(&str, &str)] = &[
    ("Debian, Ubuntu", "sudo apt-get update && sudo apt-get install --no-install-recommends"),
    (
        "Fedora",
        "sudo dnf install brotli gcc gcc-c++ chromium dbus-daemon dbus-devel gnome-keyring iproute \
         libayatana-appindicator-gtk3-devel webkit2gtk4.1-devel webkit2gtk-driver mingw64-gcc nodejs \
         npm pkgconf python3 xdotool xorg-x11-server-Xvfb google-noto-sans-fonts",
    ),
    (
        "Arch",
        "sudo pacman -S --needed brotli base-devel chromium dbus gnome-keyring iproute2 \
         libayatana-appindicator webkit2gtk-4.1 mingw-w64-gcc nodejs npm pkgconf python xdotool \
         xorg-server-xvfb noto-fonts",
    ),
    ("macOS", "xcode-select --install; brew install brotli node python"),
    (
        "Windows",
        "winget install Microsoft.VisualStudio.2022.BuildTools Microsoft.EdgeWebView2Runtime \
         OpenJS.NodeJS.LTS Python.Python.3.12",
    ),
];

/// What is missing here.
pub(super) fn missing(place: &Place) -> Option<String> {
    if cfg!(not(target_os = "linux")) {
        return missing_programs(place, &["node", "npm"]);
    }
    match debian_packages(place) {
        Some(installed) => {
            let is_installed = |name: &&str| installed.lines().any(|it| it == format!("ii {name}"));
            listed(DEBIAN.iter().copied().filter(|name| !is_installed(name)))
                .and_then(|it| without_foreign_node(place, it))
        }
        None => missing_programs(place, &["node", "npm", "cc", "python3", "brotli"])
            .or_else(|| missing_libraries(place)),
    }
}

/// The states of our packages; `None` where there is no dpkg.
fn debian_packages(place: &Place) -> Option<String> {
    place.program("dpkg-query").arg("--version").output()?;
    let format = "--showformat=${db:Status-Abbrev}${Package}\n";
    let ask = ["-c", "dpkg-query --show \"$@\" || true", "sh", format];
    place.program("sh").args(ask).args(DEBIAN).output()
}

/// Node does not have to come from Debian.
fn without_foreign_node(place: &Place, missing: String) -> Option<String> {
    let has_node = missing_programs(place, &["node", "npm"]).is_none();
    let names = missing.split(", ").filter(|it| !(has_node && matches!(*it, "nodejs" | "npm")));
    listed(names)
}

fn missing_programs(place: &Place, programs: &[&str]) -> Option<String> {
    let is_missing = |name: &&str| place.program(*name).arg("--version").output().is_none();
    listed(programs.iter().copied().filter(is_missing))
}

fn missing_libraries(place: &Place) -> Option<String> {
    let libraries = ["webkit2gtk-4.1", "ayatana-appindicator3-0.1"];
    let exists = |name: &str| place.program("pkg-config").args(["--exists", name]).output();
    listed(libraries.into_iter().filter(|it| exists(it).is_none()))
}

/// Installs them on Debian when we are root; says how anywhere else.
pub(super) fn install(place: &Place) -> Result<()> {
    let is_root = place.program("id").arg("-u").output().is_some_and(|it| it.trim() == "0");
    if !is_root || debian_packages(place).is_none() {
        for (system, command) in COMMANDS {
            let packages =
                if system.starts_with("Debian") { DEBIAN.join(" ") } else { String::new() };
            eprintln!("  {system}:\n    {command} {packages}");
        }
        bail!("please install these packages, then run this again");
    }
    let missing = missing(place).unwrap_or_default();
    let apt = |place: &Place| place.program("apt-get").env("DEBIAN_FRONTEND", "noninteractive");
    apt(place).args(["--quiet", "update"]).run()?;
    apt(place)
        .args(["--quiet", "--yes", "--no-install-recommends", "install"])
        .args(missing.split(", "))
        .run()
}

//! Where things are: the project, its build directory, the caches outside of it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process::Process;

/// Where this working copy and its caches are.
#[derive(Debug)]
pub(crate) struct Place {
    root: PathBuf,
    target: PathBuf,
    venv: PathBuf,
}

impl Place {
    /// Finds them, from the environment and from where this program was compiled.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies in the project's directory")?
            .to_owned();
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |it| root.join(PathBuf::from(it)));
        let venv = match env::var_os("HEARTH_VENV") {
            Some(path) => PathBuf::from(path),
            None => home()?.join(".cache/hearth/venv"),
        };
        Ok(Self { root, target, venv })
    }

    /// A path in the project.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A path in Cargo's build directory.
    pub(crate) fn target(&self, relative: &str) -> PathBuf {
        self.target.join(relative)
    }

    /// A program of the Python environment.
    pub(crate) fn python(&self, program: &str) -> PathBuf {
        let programs = if cfg!(windows) { "Scripts" } else { "bin" };
        self.venv.join(programs).join(program)
    }

    /// The Python environment.
    pub(crate) fn venv(&self) -> &Path {
        &self.venv
    }

    /// Cargo, in the project's directory.
    pub(crate) fn cargo(&self) -> Process {
        self.program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// Any program, in the project's directory, with the project's tools on its PATH.
    pub(crate) fn program(&self, program: impl Into<PathBuf>) -> Process {
        Process::new(program.into(), &self.root).env("PATH", self.search_path())
    }

    fn search_path(&self) -> String {
        let own =
            [Some(self.path("ui/node_modules/.bin")), home().ok().map(|it| it.join(".cargo/bin"))];
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = own.into_iter().flatten().chain(env::split_paths(&inherited));
        env::join_paths(all).map_or_else(
            |_| inherited.to_string_lossy().into_owned(),
            |it| it.to_string_lossy().into_owned(),
        )
    }
}

fn home() -> Result<PathBuf> {
    env::home_dir().context("this user has no home directory")
}

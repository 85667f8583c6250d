//! The real programs, as processes that end with the test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// Where a program runs: on this machine's own network, or in a namespace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    /// Here.
    #[default]
    Here,
    /// In the network namespace of that name.
    Namespace(String),
}

impl Place {
    /// The program as it is started there.
    #[must_use]
    pub fn command(&self, program: &std::path::Path) -> Command {
        match self {
            Self::Here => Command::new(program),
            Self::Namespace(name) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", name]).arg(program);
                command
            }
        }
    }
}

/// One of our programs, as the build left it.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let beside = || {
        let this = std::env::current_exe().ok()?;
        Some(this.ancestors().find(|it| it.join(name).is_file())?.to_owned())
    };
    let directory = std::env::var_os("HEARTH_PROGRAMS").map(PathBuf::from).or_else(beside);
    directory.unwrap_or_default().join(name)
}

/// A process of ours. Killed when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Only so that threads can share the process.
    lines: Mutex<Receiver<String>>,
    errors: Arc<Mutex<String>>,
}

impl Running {
    /// Starts it; what it prints can be read line by line.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {command:?}; is it built?"))?;
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().context("its stdout is piped")?);
        std::thread::spawn(move || {
            out.lines().map_while(Result::ok).try_for_each(|it| sender.send(it))
        });
        let errors = Arc::new(Mutex::new(String::new()));
        let (mut err, kept) =
            (child.stderr.take().context("its stderr is piped")?, Arc::clone(&errors));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = err.read(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..count]);
                kept.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
            }
        });
        Ok(Self { child, lines: Mutex::new(lines), errors })
    }

    /// The next line that is JSON.
    ///
    /// # Errors
    /// When it ends, or says none within `within`; with what it said on stderr.
    pub fn json_line(&mut self, within: Duration) -> Result<Value> {
        loop {
            match self.lines.get_mut().unwrap_or_else(PoisonError::into_inner).recv_timeout(within)
            {
                Ok(line) => {
                    if let Ok(value) = serde_json::from_str(&line) {
                        return Ok(value);
                    }
                }
                Err(RecvTimeoutError::Timeout) => bail!("no word in {within:?}: {}", self.errors()),
                Err(RecvTimeoutError::Disconnected) => bail!("it ended: {}", self.errors()),
            }
        }
    }

    /// What it said on stderr so far.
    #[must_use]
    pub fn errors(&self) -> String {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Its process id. For a program in a namespace, that of the program itself.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it has had resident so far, in MB.
    ///
    /// # Errors
    /// When it is gone, or this is not Linux.
    pub fn peak_memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id()))?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
        let kilobytes: u64 = line
            .and_then(|it| it.split_whitespace().next())
            .context("its peak is told")?
            .parse()?;
        Ok(kilobytes / 1024)
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to stop, and waits for its exit code; `None` when a signal ended it.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn terminate(&mut self) -> Result<Option<i32>> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        Ok(self.child.wait()?.code())
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When it cannot be waited for.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.kill().is_err() {
            // It had ended already.
        }
    }
}

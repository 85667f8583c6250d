//! The real program, over loopback, in homes of their own.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The longest that anything here may take: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A directory for a home, and what can be run on it.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.0.path().join("home")
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearthd"));
        command.args(words).arg("--home").arg(self.dir()).env("RUST_LOG", "info");
        command
    }

    /// Starts a daemon and waits until it says that it is ready.
    pub(crate) fn serve(&self, words: &[&str]) -> Daemon {
        let mut all = vec!["serve", "--no-keyring"];
        all.extend(words);
        let mut child =
            self.command(&all).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("{error}: the ready line is `{line}`"));
        assert_eq!(ready["ready"], true);
        let address = ready["address"].as_str().unwrap().parse().unwrap();
        Daemon { child, out, ready, address, dir: self.dir() }
    }

    /// Runs `hearthd ctl` to its end.
    pub(crate) fn ctl(&self, words: &[&str]) -> Ran {
        let mut command = self.command(&["ctl"]);
        Ran::of(command.args(words).output().unwrap())
    }

    /// Runs `hearthd` to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        Ran::of(self.command(words).output().unwrap())
    }

    /// Asks for the devices until they are as wanted.
    pub(crate) fn devices_when(&self, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let mut last = Vec::new();
        for _ in 0..PATIENCE.as_millis() / 100 {
            last = self.ctl(&["devices"]).lines();
            if wanted(&last) {
                return last;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the devices never were as wanted: {last:#?}");
    }
}

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What it printed, a JSON object a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A daemon that is ready.
pub(crate) struct Daemon {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    pub(crate) ready: Value,
    pub(crate) address: SocketAddr,
    dir: PathBuf,
}

impl Daemon {
    pub(crate) fn token(&self) -> String {
        std::fs::read_to_string(self.dir.join("token")).unwrap().trim().to_owned()
    }

    /// Asks something over HTTP, with `Host` as it should be unless a header says otherwise.
    pub(crate) fn ask(&self, request: &str, headers: &[(&str, &str)]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut text = format!("{request} HTTP/1.1\r\nConnection: close\r\n");
        if headers.iter().all(|(name, _)| *name != "Host") {
            text.push_str(&format!("Host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        Answer::of(&String::from_utf8_lossy(&bytes))
    }

    /// Asks to open the socket; only what comes before the first message is read.
    pub(crate) fn ask_for_socket(&self, headers: &[(&str, &str)]) -> u16 {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut text = String::from(
            "GET /api/v1/socket HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        );
        if headers.iter().all(|(name, _)| *name != "Host") {
            text.push_str(&format!("Host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{text}\r\n").as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(name).arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end; also returns what else it printed.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A built interface, small.
pub(crate) fn site(dir: &Path) -> PathBuf {
    let site = dir.join("ui");
    std::fs::create_dir_all(&site).unwrap();
    let page = "<!doctype html><title>Hearth</title><script type=\"module\">boot()</script>";
    std::fs::write(site.join("index.html"), page).unwrap();
    std::fs::write(site.join("ui-0123456789abcdef_bg.wasm"), "wasm").unwrap();
    site
}

//! Rules of a running hub, through the words of its contract.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::{Daemon, eventually};

/// The longest that a run of these tests takes to end, on a busy machine.
const ENDS: Duration = Duration::from_secs(60);

#[expect(clippy::panic, clippy::expect_used, reason = "for tests, which fail by panicking")]
impl Daemon {
    /// Asks for something in the words of the contract, and gives the answer.
    ///
    /// # Panics
    /// When it is refused.
    #[must_use]
    pub fn answer(&self, request: &Value) -> Value {
        match self.ask(request) {
            Ok(answer) => answer,
            Err(words) => panic!("{request}: {words}"),
        }
    }

    /// Asks for something in the words of the contract; a refusal comes in words.
    ///
    /// # Errors
    /// When it is refused.
    ///
    /// # Panics
    /// When `hearthd` cannot be run.
    #[expect(clippy::unwrap_in_result, reason = "that a program is missing is no refusal")]
    pub fn ask(&self, request: &Value) -> Result<Value, String> {
        let said = self.ctl(["ask", &request.to_string()]).expect("hearthd runs");
        if said.code != 0 {
            return Err(said.errors);
        }
        said.lines.into_iter().next().ok_or(said.errors)
    }

    /// Saves a new rule.
    ///
    /// # Panics
    /// When it is refused.
    pub fn save_rule(&self, id: &str, body: &Value) {
        let request = json!({ "SaveRule": { "id": id, "body": body, "expects": 0 } });
        assert_eq!(self.answer(&request), "Done");
    }

    /// The role that an endpoint fills.
    ///
    /// # Panics
    /// When there is no such endpoint.
    #[must_use]
    pub fn role_of(&self, endpoint: &str) -> String {
        let devices = self.devices().expect("hearthd answers");
        let endpoints = devices.iter().filter_map(|it| it["endpoints"].as_array()).flatten();
        let found = endpoints.clone().find(|it| it["id"] == endpoint).expect("an endpoint");
        found["role"].as_str().expect("a role").to_owned()
    }

    /// What happened when a rule was set off, newest first.
    ///
    /// # Panics
    /// When there is no such rule.
    #[must_use]
    pub fn traces(&self, rule: &str) -> Vec<Value> {
        let said = self.ctl(["rules", "traces", rule, "--last", "200"]).expect("hearthd runs");
        assert_eq!(said.code, 0, "{}", said.errors);
        said.lines
    }

    /// Waits until a rule has run so often to the end, and gives the newest run.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn ran(&self, rule: &str, times: usize) -> Value {
        eventually(&format!("{rule} has run {times} times"), ENDS, || {
            let traces = self.traces(rule);
            let ended = |it: &&Value| !it["Ran"]["ended"].is_null();
            let runs: Vec<&Value> = traces.iter().filter(ended).collect();
            if runs.len() == times {
                Ok(runs[0]["Ran"].clone())
            } else {
                Err(format!("{traces:?}"))
            }
        })
    }
}

/// A port that nobody listens on just now.
///
/// # Errors
/// When the system has none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Calls an address with a plain request, and gives the status of the answer.
///
/// # Errors
/// When nobody answers.
pub fn http(method: &str, address: SocketAddr, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "{method} {path} HTTP/1.1\r\nhost: hub\r\ncontent-length: 0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).context("a status")?;
    Ok(status.parse()?)
}

/// Publishes one MQTT message (3.1.1, QoS 0), as a small sensor does.
///
/// # Errors
/// When the broker does not take us in.
pub fn publish(broker: SocketAddr, user: (&str, &str), topic: &str, payload: &str) -> Result<()> {
    let text = |it: &str| [&(it.len() as u16).to_be_bytes()[..], it.as_bytes()].concat();
    let packet = |kind: u8, body: Vec<u8>| [&[kind, body.len() as u8][..], &body].concat();
    let head = [text("MQTT"), vec![4, 0b1100_0010, 0, 60]].concat();
    let connect = [head, text("sensor"), text(user.0), text(user.1)].concat();
    let mut stream = TcpStream::connect(broker)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(&packet(0x10, connect))?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer)?;
    anyhow::ensure!(answer[3] == 0, "the broker says {answer:?}");
    let publish = [text(topic), payload.as_bytes().to_vec()].concat();
    stream.write_all(&packet(0x30, publish))?;
    stream.write_all(&[0xE0, 0])?;
    Ok(())
}

//! `simhome` as a process: devices, their faults, and the count of what they were made to do.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::{Place, Running, program};

/// The longest that a start may take here.
const START: Duration = Duration::from_secs(30);

/// A running `simhome`.
#[derive(Debug)]
pub struct Simulated {
    /// Its process.
    pub process: Running,
    /// Its devices: `id`, `family`, `name`, `address`, `secret`, `known`.
    pub devices: Vec<Value>,
    control: String,
    place: Place,
}

impl Simulated {
    /// Starts that many devices.
    ///
    /// # Errors
    /// When it does not become ready.
    pub fn start(place: &Place, devices: usize, more: &[&str]) -> Result<Self> {
        let mut command = place.command(&program("simhome"));
        let devices = devices.to_string();
        command.args(["--control", "127.0.0.1:0", "--devices", &devices]).args(more);
        let mut process = Running::start(command)?;
        let mut devices = Vec::new();
        loop {
            let line = process.json_line(START).context("simhome did not become ready")?;
            if line["ready"] == true {
                let control = line["control"].as_str().context("no control port")?.to_owned();
                return Ok(Self { process, devices, control, place: place.clone() });
            }
            devices.push(line);
        }
    }

    /// The first device of that family that wants no password and can be switched.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[expect(clippy::expect_used, reason = "for tests")]
    pub fn open_device(&self, family: &str) -> &Value {
        // Most of the simulated ESPHome devices only measure.
        let switches = |it: &Value| family != "esphome" || it["name"] == "Desk lamp";
        let fits = |it: &&Value| it["family"] == family && it["secret"].is_null() && switches(it);
        self.devices.iter().find(fits).expect("the simulated home has every family")
    }

    /// What is told of the device now: `executed`, `deeds`, `state`, `address`.
    ///
    /// # Errors
    /// When the control port does not answer so.
    pub fn device(&self, id: &str) -> Result<Value> {
        self.ask("GET", &format!("/devices/{id}"), None)
    }

    /// How many commands the device has really executed.
    ///
    /// # Errors
    /// When the control port does not answer so.
    pub fn executed(&self, id: &str) -> Result<u64> {
        self.device(id)?["executed"].as_u64().context("a count")
    }

    /// Makes something go wrong, or well again.
    ///
    /// # Errors
    /// When the control port refuses it.
    pub fn inflict(&self, id: &str, fault: &Value) -> Result<()> {
        self.ask("POST", &format!("/devices/{id}/fault"), Some(fault)).map(drop)
    }

    /// Changes something as if by hand at the device.
    ///
    /// # Errors
    /// When it has no such part.
    pub fn set(&self, id: &str, endpoint: &str, value: &Value) -> Result<()> {
        let body = json!({ "endpoint": endpoint, "value": value });
        self.ask("POST", &format!("/devices/{id}/set"), Some(&body)).map(drop)
    }

    /// Presses a button of the device.
    ///
    /// # Errors
    /// When it has no such part.
    pub fn press(&self, id: &str, endpoint: &str) -> Result<()> {
        let body = json!({ "endpoint": endpoint });
        self.ask("POST", &format!("/devices/{id}/press"), Some(&body)).map(drop)
    }

    /// Makes the devices push that many reports a second.
    ///
    /// # Errors
    /// When the control port refuses it.
    pub fn storm(&self, rate: u32) -> Result<()> {
        self.ask("POST", "/storm", Some(&json!({ "rate": rate }))).map(drop)
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let said = match &self.place {
            Place::Here => over_tcp(&self.control, method, path, &body)?,
            namespace => {
                over_python(namespace, &format!("http://{}{path}", self.control), method, &body)?
            }
        };
        serde_json::from_str(&said).with_context(|| format!("{method} {path}: {said}"))
    }
}

fn over_tcp(address: &str, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, said) = answer.split_once("\r\n\r\n").context("no answer")?;
    ensure!(head.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
    Ok(said.to_owned())
}

/// Sockets cannot look into another namespace; a program started there can.
fn over_python(place: &Place, address: &str, method: &str, body: &str) -> Result<String> {
    const PYTHON: &str = "import sys,urllib.request as u;a=sys.argv;\
        r=u.Request(a[1],a[3].encode() or None,{'content-type':'application/json'},method=a[2]);\
        sys.stdout.write(u.urlopen(r,timeout=10).read().decode())";
    let mut command = place.command("python3".as_ref());
    let output = command.args(["-c", PYTHON, address, method, body]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

//! Rules: what they cost per report, how long it takes from a report's bytes to a command's bytes,
//! and how fast the recorded past is rehearsed.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use api::{Answer, Request, Update};
use engine::Engine;
use hub::{Config, Hub, Keyring, Stage};
use model::rule::{Rule, RuleBody};
use model::{
    Category, Celsius, Change, DeviceDescription, DeviceId, DeviceRecord, EndpointDescription,
    EndpointId, EndpointKind, Family, LastReport, Moment, Origin, Reachability, Report, RoleId,
    SavedHome, SavedRules, Source, Spec, Timestamp, Value,
};
use protocols::esphome::{Message, Transport, proto};
use serde_json::json;
use store::Store;
use tokio::runtime::Runtime;

use crate::figures::{figure, milliseconds, now, percentiles};
use crate::prepared::{stranger, write};

/// Devices with ten parts each: one part for each of the most rules.
const DEVICES: usize = 1_000;
const PARTS: usize = 10;
/// Numbers of rules; each watches one part, and only the first so many parts say anything.
const FEW: usize = 500;
const MANY: usize = 10_000;
const REPORTS: usize = 400_000;
/// Reports, one after the other, each of which makes a rule send a command.
const RINGS: u32 = 640;
const REST: Duration = Duration::from_millis(5);
const PATIENCE: Duration = Duration::from_secs(20);
/// Reports of the past, over seven days.
const PAST: usize = 1_000_000;
const SENSORS: usize = 200;
const BATCH: usize = 5_000;
const WEEK: i64 = 7 * 86_400_000;

/// Prints all three.
pub(crate) fn measure() -> Result<()> {
    let few = evaluated(FEW)?;
    let many = evaluated(MANY)?;
    figure("rules_500_reports_per_second", few, "1/s");
    figure("rules_10000_reports_per_second", many, "1/s");
    figure("rules_10000_to_500_cost", few / many, "times");
    let mut samples = latencies()?;
    percentiles("rules_report_to_command", &mut samples);
    rehearsed()
}

/// Reports a second through the engine, of which each is watched by one of so many rules.
fn evaluated(rules: usize) -> Result<f64> {
    let ids: Vec<DeviceId> = (0..DEVICES).map(device).collect::<Result<_>>()?;
    let devices = ids.iter().map(record).collect::<Result<_>>()?;
    let rules: Vec<Rule> = (0..rules).map(|it| watcher(&ids, it)).collect::<Result<_>>()?;
    let saved = SavedHome {
        devices,
        rules: SavedRules { rules, ..SavedRules::default() },
        ..SavedHome::default()
    };
    let moment = |at: usize| {
        let uptime = Duration::from_micros(at as u64);
        Moment { uptime, wall: Timestamp(1_795_000_000_000 + at as i64 / 1_000) }
    };
    let (mut engine, _) = Engine::new(saved, crate::engine_load::status(), moment(0));
    for id in &ids {
        engine.handle_report(id, Report::Reached("127.0.0.1:80".parse()?), moment(0));
    }
    let keys: Vec<_> = (0..PARTS).map(key).collect::<Result<_>>()?;
    let start = now();
    let mut effects = 0;
    for number in 0..REPORTS {
        let part = number % FEW;
        let degrees = Celsius::clamped(20.0 + (number / FEW % 10) as f64);
        let value = (keys[part % PARTS].clone(), Value::TemperatureMeasurement(degrees));
        let report = Report::Values(Source::Pushed, vec![value]);
        effects += engine.handle_report(&ids[part / PARTS], report, moment(number)).len();
    }
    let took = start.elapsed().as_secs_f64();
    ensure!(effects >= REPORTS, "every report changes something");
    Ok(REPORTS as f64 / took)
}

fn device(number: usize) -> Result<DeviceId> {
    Ok(DeviceId::from_mac("shelly", &format!("{number:012x}"))?)
}

fn key(part: usize) -> Result<model::EndpointKey> {
    Ok(format!("sensor-{part}").parse()?)
}

/// Waits for a heat that never comes.
fn watcher(ids: &[DeviceId], number: usize) -> Result<Rule> {
    let device = ids.get(number / PARTS).context("a device for each rule")?.clone();
    let role = RoleId::of(&EndpointId::new(device, key(number % PARTS)?));
    let body: RuleBody = serde_json::from_value(json!({
        "name": format!("Rule {number}"),
        "triggers": [{ "crosses": {
            "of": { "role": role }, "measure": "temperature", "direction": "above",
            "threshold": 90.0, "hysteresis": 1.0 } }],
        "steps": [{ "notify": { "title": "It is hot" } }],
    }))?;
    let id = format!("rule-{number}").parse()?;
    Ok(Rule { id, version: 1, enabled: true, saved_at: Timestamp(0), body })
}

fn record(id: &DeviceId) -> Result<DeviceRecord> {
    let part = |number| {
        Ok(EndpointDescription {
            key: key(number)?,
            name: None,
            kind: EndpointKind::Sensor,
            category: Category::Primary,
            specs: vec![Spec::TemperatureMeasurement],
        })
    };
    let Change::Device(record) = stranger(id.clone(), Family::Shelly, "127.0.0.1:80".parse()?)
    else {
        bail!("a stranger is a device")
    };
    let endpoints = (0..PARTS).map(part).collect::<Result<_>>()?;
    let description = DeviceDescription { endpoints, ..record.description.clone() };
    Ok(DeviceRecord { description, ..*record })
}

/// From a report's bytes into a device's socket to the command's bytes out of it, through a whole
/// hub that writes all down.
fn latencies() -> Result<Vec<f64>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string().parse()?;
    let id = DeviceId::from_mac("esphome", MAC)?;
    let directory = tempfile::tempdir()?;
    write(directory.path(), vec![stranger(id.clone(), Family::Esphome, address)])?;
    let (begin, beginning) = channel();
    let ringing = std::thread::spawn(move || ring(&listener, &beginning));
    let runtime = Runtime::new()?;
    let hub = runtime.block_on(ready(directory.path(), &id))?;
    begin.send(()).context("the device is gone")?;
    let samples = ringing.join().map_err(|_| anyhow::anyhow!("the device has failed"))??;
    runtime.block_on(hub.shutdown());
    Ok(samples)
}

const MAC: &str = "7cdfa1ffffff";
/// Keys of the first bell and of the first lamp.
const BELL: u32 = 0x0100_0000;
const LAMP: u32 = 0x0200_0000;
/// Of each so many: a rule that runs more than twice a second is held as a runaway.
const BELLS: u32 = 8;

/// A hub with the device in touch, and rules by which the lamp follows the bell.
async fn ready(home: &Path, id: &DeviceId) -> Result<Hub> {
    let hub = start(home).await?;
    let mut subscription = hub.subscribe().await?;
    let waiting = async {
        loop {
            let batch = subscription.next().await.context("the hub has stopped")?;
            for update in batch.updates {
                if let Update::Device(device) = update
                    && device.endpoints.len() == 2 * BELLS as usize
                    && device.reachability == Reachability::Reachable
                {
                    return anyhow::Ok(device);
                }
            }
        }
    };
    let device = tokio::time::timeout(PATIENCE, waiting).await.context("it is out of reach")??;
    let role = |name: &str, number: u32| {
        let name = format!("{name}_{number}").to_lowercase();
        let mut parts = device.endpoints.iter();
        let part = parts.find(|it| it.id.key.as_str().ends_with(&name));
        part.map(|it| it.role.clone()).with_context(|| format!("{id} has no {name}"))
    };
    for (number, on) in (0..BELLS).flat_map(|it| [(it, true), (it, false)]) {
        let body = serde_json::from_value(json!({
            "name": format!("Follow {number} {on}"),
            "triggers": [{ "changes": {
                "of": { "role": role("Bell", number)? }, "what": "OnOff", "to": { "on_off": on } } }],
            "steps": [{ "command": {
                "to": { "role": role("Lamp", number)? }, "action": { "SetOnOff": on } } }],
            "mode": { "parallel": 10 },
        }))?;
        let id = format!("follow-{number}-{on}").parse()?;
        hub.request(Request::SaveRule { id, body: Box::new(body), expects: 0 }).await?;
    }
    Ok(hub)
}

async fn start(home: &Path) -> Result<Hub> {
    let config = Config {
        dir: home.to_owned(),
        discovery: None,
        stage: Stage::Real,
        simulator: None,
        keyring: Keyring::None,
        passphrase: None,
    };
    Ok(Hub::start(config).await?)
}

/// The device: rings, and takes the time until it is told to switch the lamp.
fn ring(listener: &TcpListener, beginning: &Receiver<()>) -> Result<Vec<f64>> {
    let (mut stream, _) = listener.accept()?;
    stream.set_nodelay(true)?;
    let mut talk = Talk { transport: Transport::clear() };
    stream.set_read_timeout(Some(Duration::from_millis(100)))?;
    while beginning.try_recv().is_err() {
        talk.commanded(&mut stream)?;
    }
    let mut samples = Vec::with_capacity(RINGS as usize);
    for number in 0..RINGS {
        std::thread::sleep(REST);
        let bell = number % BELLS;
        let on = (number / BELLS).is_multiple_of(2);
        let bytes = talk.bytes(vec![switched(BELL + bell, on)])?;
        let start = now();
        stream.write_all(&bytes)?;
        while talk.commanded(&mut stream)?.is_none() {
            ensure!(start.elapsed() < PATIENCE, "ring {number} was not answered");
        }
        samples.push(milliseconds(start.elapsed()));
        let bytes = talk.bytes(vec![switched(LAMP + bell, on)])?;
        stream.write_all(&bytes)?;
    }
    Ok(samples)
}

struct Talk {
    transport: Transport,
}

impl Talk {
    fn bytes(&mut self, messages: Vec<Message>) -> Result<Vec<u8>> {
        for message in messages {
            self.transport.send(message)?;
        }
        Ok(self.transport.take_outbox())
    }

    /// Reads once, answers all that is asked, and says whether the lamp was commanded.
    fn commanded(&mut self, stream: &mut TcpStream) -> Result<Option<bool>> {
        let mut chunk = [0; 4_096];
        let length = match stream.read(&mut chunk) {
            Ok(0) => bail!("the hub hung up"),
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        self.transport.receive(&chunk[..length]);
        let mut commanded = None;
        let mut answers = Vec::new();
        while let Some(message) = self.transport.next_message()? {
            if let Message::SwitchCommandRequest(command) = &message {
                commanded = (command.key >= LAMP).then_some(command.state);
            }
            answers.extend(answers_to(&message));
        }
        let bytes = self.bytes(answers)?;
        stream.write_all(&bytes)?;
        Ok(commanded)
    }
}

fn answers_to(message: &Message) -> Vec<Message> {
    match message {
        Message::HelloRequest(_) => vec![Message::HelloResponse(proto::HelloResponse {
            api_version_major: 1,
            api_version_minor: 14,
            server_info: "2026.6.5".to_owned(),
            name: "bell".to_owned(),
        })],
        Message::DeviceInfoRequest(_) => {
            vec![Message::DeviceInfoResponse(proto::DeviceInfoResponse {
                name: "bell".to_owned(),
                mac_address: MAC.to_owned(),
                esphome_version: "2026.6.5".to_owned(),
                model: "esp32dev".to_owned(),
                ..Default::default()
            })]
        }
        Message::ListEntitiesRequest(_) => (0..BELLS)
            .flat_map(|it| [listed(BELL + it, "Bell", it), listed(LAMP + it, "Lamp", it)])
            .chain([Message::ListEntitiesDoneResponse(proto::Nothing {})])
            .collect(),
        Message::SubscribeStatesRequest(_) => (0..BELLS)
            .flat_map(|it| [switched(BELL + it, false), switched(LAMP + it, false)])
            .collect(),
        Message::PingRequest(_) => vec![Message::PingResponse(proto::Nothing {})],
        _ => Vec::new(),
    }
}

fn listed(key: u32, name: &str, number: u32) -> Message {
    Message::ListEntitiesSwitchResponse(proto::ListEntitiesSwitchResponse {
        key,
        name: format!("{name} {number}"),
        ..Default::default()
    })
}

fn switched(key: u32, state: bool) -> Message {
    Message::SwitchStateResponse(proto::SwitchStateResponse { key, state, ..Default::default() })
}

/// How fast a draft is rehearsed over a million recorded reports.
fn rehearsed() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let ids: Vec<DeviceId> = (0..SENSORS / PARTS).map(device).collect::<Result<_>>()?;
    let wall = std::time::UNIX_EPOCH.elapsed()?.as_millis();
    let until = i64::try_from(wall)?;
    remember(directory.path(), &ids, until)?;
    let role = RoleId::of(&EndpointId::new(ids[0].clone(), key(0)?));
    let body: RuleBody = serde_json::from_value(json!({
        "name": "Too warm",
        "triggers": [{ "crosses": {
            "of": { "role": role }, "measure": "temperature", "direction": "above",
            "threshold": 25.0, "hysteresis": 0.5 } }],
        "steps": [{ "notify": { "title": "It is warm" } }],
    }))?;
    let runtime = Runtime::new()?;
    let (took, rehearsal) = runtime.block_on(async {
        let hub = start(directory.path()).await?;
        let request = Request::Rehearse { rule: None, body: Box::new(body), days: 7 };
        let start = now();
        let answer = hub.request(request).await?;
        let took = start.elapsed().as_secs_f64();
        hub.shutdown().await;
        match answer {
            Answer::Rehearsed(rehearsal) => Ok((took, rehearsal)),
            other => bail!("{other:?}"),
        }
    })?;
    ensure!(rehearsal.records as usize >= PAST * 9 / 10, "only {} records", rehearsal.records);
    ensure!(rehearsal.runs > 0, "it would have run");
    figure("rules_rehearsal_of_1000000", took, "s");
    figure("rules_rehearsal_records_per_second", rehearsal.records as f64 / took, "1/s");
    Ok(())
}

/// A week in which every sensor has said something again and again.
fn remember(home: &Path, ids: &[DeviceId], until: i64) -> Result<()> {
    let store = Store::open(home, Timestamp(until))?.store;
    let devices = ids.iter().map(|id| Ok(Change::Device(Box::new(record(id)?))));
    wait_for(&store, devices.collect::<Result<_>>()?)?;
    let keys: Vec<_> = (0..PARTS).map(key).collect::<Result<_>>()?;
    let step = (WEEK - 60_000) / PAST as i64;
    for first in (0..PAST).step_by(BATCH) {
        let reports = (first..first + BATCH).map(|number| {
            let sensor = number % SENSORS;
            let at = Timestamp(until - WEEK + 30_000 + number as i64 * step);
            let degrees = 18.0 + (number / SENSORS % 100) as f64 * 0.1;
            Change::Reported(LastReport {
                endpoint: EndpointId::new(
                    ids[sensor / PARTS].clone(),
                    keys[sensor % PARTS].clone(),
                ),
                value: Value::TemperatureMeasurement(Celsius::clamped(degrees)),
                at,
                since: at,
                origin: Origin::Device,
            })
        });
        wait_for(&store, reports.collect())?;
    }
    store.close()();
    Ok(())
}

fn wait_for(store: &Store, changes: Vec<Change>) -> Result<()> {
    let (done, outcome) = channel();
    let written = store.write(changes, Box::new(move |it| drop(done.send(it))));
    ensure!(written.is_ok(), "the store has no room");
    outcome.recv().context("the store gives no answer")??;
    Ok(())
}

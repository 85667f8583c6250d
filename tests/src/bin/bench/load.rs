//! A home of a thousand devices: how fast it opens, what it weighs, what reports cost.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use model::{Change, DeviceDescription, DeviceRecord, Timestamp};
use serde_json::Value;
use store::Store;
use tests::{Daemon, Place, Simulated, eventually};

use crate::figure;

const DEVICES: usize = 1_000;
/// Reports a second for the cost of a report, and for how long.
const RATE: u32 = 2_000;
const SPAN: Duration = Duration::from_secs(10);
/// Rates tried for how many are held.
const RATES: [u32; 7] = [5_000, 10_000, 20_000, 30_000, 50_000, 75_000, 100_000];
/// Ticks of the processor's accounts a second: the same on every Linux.
const TICKS: f64 = 100.0;

/// Prints cold start, memory, cost of reports, and the rate that is held.
pub(crate) fn measure() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let more = ["--mdns", "off", "--strangers", "0"];
    let simulated = Simulated::start(&Place::Here, DEVICES, &more)?;
    seed(directory.path(), &simulated.devices)?;
    let daemon = serve(directory.path())?;
    all_reached(&daemon, simulated.devices.len());
    figure("load_resident_1000_devices", resident(&daemon)? / 1000.0, "MB");
    cost_of_reports(&daemon, &simulated)?;
    reports_held(&daemon, &simulated)?;
    drop(daemon);
    cold_start(directory.path())
}

fn serve(home: &Path) -> Result<Daemon> {
    Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring"])
}

/// Writes the devices down as a home that knows them, as far as it does before it has met them.
fn seed(home: &Path, devices: &[Value]) -> Result<()> {
    let opened = Store::open(home, Timestamp(0))?;
    let mut changes = vec![Change::Home(model::Home { name: None, welcomed: true })];
    for device in devices.iter().filter(|it| it["secret"].is_null()) {
        let text = |field: &str| device[field].as_str().context("a text");
        changes.push(Change::Device(Box::new(DeviceRecord {
            id: text("id")?.parse()?,
            family: text("family")?.parse()?,
            address: text("address")?.parse()?,
            description: DeviceDescription {
                name: None,
                vendor: None,
                model: None,
                firmware: None,
                endpoints: Vec::new(),
            },
            name: None,
            room: None,
            endpoints: BTreeMap::new(),
            added_at: Timestamp(0),
        })));
    }
    let written = opened.store.write(changes, Box::new(drop));
    anyhow::ensure!(written.is_ok(), "the store has room");
    opened.store.close()();
    Ok(())
}

fn all_reached(daemon: &Daemon, devices: usize) {
    eventually("all devices are reached", Duration::from_secs(120), || {
        let known = daemon.devices().map_err(|it| it.to_string())?;
        let is_reached = |it: &&Value| it["reachability"].to_string().starts_with("\"reach");
        let reached = known.iter().filter(is_reached).count();
        // Those that want a password are not among them.
        if reached * 100 >= devices * 95 { Ok(()) } else { Err(format!("{reached} are")) }
    });
}

/// Resident memory in kB.
fn resident(daemon: &Daemon) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.process.id()))?;
    let line = status.lines().find(|it| it.starts_with("VmRSS:")).context("a resident size")?;
    Ok(line.split_whitespace().nth(1).context("a number")?.parse()?)
}

/// Seconds of processor that it has used.
fn processor(daemon: &Daemon) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", daemon.process.id()))?;
    let (_, fields) = stat.rsplit_once(") ").context("fields")?;
    let ticks: f64 =
        fields.split(' ').skip(11).take(2).filter_map(|it| it.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS)
}

fn cost_of_reports(daemon: &Daemon, simulated: &Simulated) -> Result<()> {
    simulated.storm(RATE)?;
    std::thread::sleep(Duration::from_secs(2));
    let before = processor(daemon)?;
    std::thread::sleep(SPAN);
    let used = processor(daemon)? - before;
    simulated.storm(0)?;
    let reports = f64::from(RATE) * SPAN.as_secs_f64();
    figure("load_cpu_per_10000_reports", used / reports * 10_000.0, "s");
    Ok(())
}

/// Raises the rate until the hub answers late or grows: a queue would show as either.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn reports_held(daemon: &Daemon, simulated: &Simulated) -> Result<()> {
    let mut held = 0;
    let at_rest = resident(daemon)?;
    for rate in RATES {
        simulated.storm(rate)?;
        std::thread::sleep(Duration::from_secs(4));
        let start = Instant::now();
        let said = daemon.ctl(["get", "nobody/there"])?;
        let late = start.elapsed();
        let grown = resident(daemon)? - at_rest;
        eprintln!("  at {rate}/s: answers in {late:?}, {grown} kB more");
        if said.code != 4 || late > Duration::from_millis(500) || grown > 32_000.0 {
            break;
        }
        held = rate;
    }
    simulated.storm(0)?;
    figure("load_reports_per_second", f64::from(held), "1/s");
    Ok(())
}

/// From the start of the program until its command line has listed all devices.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn cold_start(home: &Path) -> Result<()> {
    let mut samples = Vec::new();
    for _ in 0..5 {
        let start = Instant::now();
        let daemon = serve(home)?;
        let devices = daemon.devices()?.len();
        samples.push(start.elapsed().as_secs_f64() * 1000.0);
        anyhow::ensure!(devices * 100 >= DEVICES * 95, "only {devices} devices are known");
    }
    figure("load_cold_start_1000_devices", crate::quantile(&mut samples, 0.5), "ms");
    Ok(())
}

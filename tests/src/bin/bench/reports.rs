//! How many reports a second a hub takes, through everything: socket, codec, engine, disk, and out
//! again to a client. And what a report costs.
//!
//! A rate is held when, for five seconds, everything sent was taken, no queue was left behind, and
//! every mark among the reports reached the client within a quarter of a second.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::tests::{Daemon, Place};
use anyhow::{Context as _, Result, anyhow};
use tokio::runtime::Runtime;

use crate::blaster::{Blaster, DEVICES, MARKED};
use crate::figures::{figure, milliseconds, now, quantile};
use crate::machine::{processor, queued};
use crate::prepared::write;
use crate::socket::{Client, all_reached};

/// Rates tried for the highest that is held.
const RATES: [u32; 12] = [
    10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000, 125_000, 150_000, 200_000,
    250_000,
];
const SPAN: Duration = Duration::from_secs(5);
/// The rate at which the cost is measured, and for how long.
const COST_RATE: u32 = 10_000;
const COST_SPAN: Duration = Duration::from_secs(10);
/// After it has begun to pour.
const WARM_UP: Duration = Duration::from_secs(2);
const LATEST: f64 = 250.0;
/// In bytes: 250 ms of 13 bytes at each report a second.
const QUEUE_PER_RATE: f64 = 0.25 * 13.0;
/// A rate that is not held at first may have met a hiccup of the machine.
const TRIES: usize = 2;

/// Prints the cost of reports and the highest rate that is held.
pub(crate) fn measure() -> Result<()> {
    let blaster = Blaster::start()?;
    let directory = tempfile::tempdir()?;
    let home = directory.path();
    write(home, blaster.records()?)?;
    let daemon = Daemon::start(&Place::Here, home, &["--no-discovery", "--no-keyring"])?;
    let runtime = Runtime::new()?;
    runtime.block_on(all_reached(&daemon, home, DEVICES))?;
    let seen = watch(&runtime, &daemon, home)?;
    let bench = Bench { blaster, daemon, seen };
    let cost = bench.run(COST_RATE, COST_SPAN)?;
    figure("reports_cpu_per_10000", cost.processor / cost.reports * 10_000.0, "s");
    figure("reports_latency_at_10000_p99", cost.p99, "ms");
    figure("reports_per_second_held", f64::from(bench.highest()?), "1/s");
    Ok(())
}

/// Marks that have come back, and when.
type Seen = Arc<Mutex<Vec<(u32, Instant)>>>;

struct Bench {
    blaster: Blaster,
    daemon: Daemon,
    seen: Seen,
}

/// One run at one rate.
struct Run {
    reports: f64,
    /// Part of what was due that was sent.
    kept_up: f64,
    /// Seconds of the hub's processor.
    processor: f64,
    /// From the socket of the device to the client, in milliseconds.
    p99: f64,
    latest: f64,
    /// Bytes left in queues at the end, beyond what may be under way.
    queued: f64,
}

impl Bench {
    fn highest(&self) -> Result<u32> {
        let mut held = 0;
        for rate in RATES {
            if !self.holds(rate)? {
                break;
            }
            held = rate;
        }
        Ok(held)
    }

    fn holds(&self, rate: u32) -> Result<bool> {
        for _ in 0..TRIES {
            let run = self.run(rate, SPAN)?;
            let allowed = f64::from(rate) * QUEUE_PER_RATE;
            if run.kept_up > 0.95 && run.latest < LATEST && run.queued < allowed {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn run(&self, rate: u32, span: Duration) -> Result<Run> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let stop = Arc::new(AtomicBool::new(false));
        let pouring = self.blaster.pour(rate, &stop);
        std::thread::sleep(WARM_UP);
        let process = self.daemon.process.id();
        let (start, before) = (now(), processor(process)?);
        std::thread::sleep(span);
        let used = processor(process)? - before;
        let took = start.elapsed();
        let ports: BTreeSet<u16> = self.blaster.ports().collect();
        let queued = queued(&ports)? as f64;
        stop.store(true, Ordering::Relaxed);
        let poured = pouring.join().map_err(|_| anyhow!("pouring failed"))??;
        std::thread::sleep(WARM_UP);
        let mut late = self.latencies(&poured.marks);
        let run = Run {
            reports: f64::from(rate) * took.as_secs_f64(),
            kept_up: poured.sent as f64 / poured.due.max(1) as f64,
            processor: used,
            p99: quantile(&mut late, 0.99),
            latest: quantile(&mut late, 1.0),
            queued,
        };
        eprintln!(
            "  at {rate}/s: {:.1} % sent, latency p99 {:.0} ms, latest {:.0} ms, {queued} bytes \
             queued, {:.0} % of a core",
            run.kept_up * 100.0,
            run.p99,
            run.latest,
            run.processor / took.as_secs_f64() * 100.0,
        );
        Ok(run)
    }

    /// How long each mark was on its way. A later one that was told instead of it counts for it;
    /// one that never came was on its way for ever.
    fn latencies(&self, marks: &[(u32, Instant)]) -> Vec<f64> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let arrival = |mark: u32| seen.iter().find(|it| it.0 >= mark).map(|it| it.1);
        marks
            .iter()
            .map(|(mark, sent)| {
                arrival(*mark).map_or(f64::INFINITY, |at| milliseconds(at.duration_since(*sent)))
            })
            .collect()
    }
}

/// Subscribes over the socket, and notes when each mark comes.
fn watch(runtime: &Runtime, daemon: &Daemon, home: &Path) -> Result<Seen> {
    let seen = Seen::default();
    let noted = Arc::clone(&seen);
    let mut client = runtime.block_on(Client::connect(daemon, home))?;
    let watching = async move {
        while let Ok(text) = client.text().await {
            if let Some(mark) = last_mark(&text) {
                noted.lock().unwrap_or_else(PoisonError::into_inner).push((mark, now()));
            }
        }
    };
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .spawn(move || handle.block_on(watching))
        .context("no thread for the client")?;
    Ok(seen)
}

/// Found without reading the whole message: the client must not be what is slow.
fn last_mark(text: &str) -> Option<u32> {
    let (_, after) = text.rsplit_once(MARKED)?;
    let (_, number) = after.split_once("{\"GenericMeasurement\":")?;
    let (number, _) = number.split_once('}')?;
    number.parse::<f64>().ok().map(|it| it as u32)
}

#[cfg(test)]
mod tests {
    use api::{Batch, CapabilityState, FromHub, Update};
    use model::{Capability, Timestamp, Value};

    use super::*;

    #[test]
    fn a_mark_is_found_in_what_a_hub_says() {
        let update = |number: f64| {
            let value = Some(Value::GenericMeasurement(number));
            let state = Box::new(CapabilityState { value, ..CapabilityState::default() });
            let endpoint = format!("esphome-7cdfa1000001/{MARKED}").parse().unwrap();
            Update::State(endpoint, Capability::GenericMeasurement, state)
        };
        let batch = Batch { first: 1, now: Timestamp(2), updates: vec![update(4.0), update(5.0)] };
        let text = serde_json::to_string(&FromHub::Updates(batch)).unwrap();
        assert_eq!(last_mark(&text), Some(5));
        assert_eq!(last_mark("{\"Updates\":{}}"), None);
    }
}

//! Measures what the recorded past costs: bytes a sample, records read a second, and how long the
//! journal takes while telemetry pours in. `cargo run --release -p store --example pace`
#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures")]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use model::{
    Celsius, Change, Home, LastReport, Origin, PowerReading, Timestamp, Value, Volt, Watt,
};
use store::{Done, Full, Store};

const START: i64 = 1_790_000_000_000;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let dir = tempfile::tempdir()?;
    let samples = past(dir.path())?;
    journal(dir.path(), samples)
}

/// A regular reading with some noise, of one of 1,000 series, every 10 s.
fn report(number: i64) -> Result<Change, Failure> {
    let (series, turn) = (number % 1_000, number / 1_000);
    let noise = (number.wrapping_mul(6_364_136_223_846_793_005) >> 60) as f64;
    let value = match series % 4 {
        0 => Value::TemperatureMeasurement(Celsius::clamped((200.0 + (turn % 50) as f64) / 10.0)),
        1 => Value::ElectricalPower(PowerReading {
            power: Watt::clamped((600.0 + noise) / 10.0),
            voltage: Some(Volt::clamped((2_300.0 + noise) / 10.0)),
            current: None,
        }),
        2 => Value::OnOff(turn % 2 == 0),
        _ => Value::GenericMeasurement((1_000.0 + noise) / 100.0),
    };
    let at = Timestamp(START + turn * 10_000 + series * 7 + noise as i64);
    let endpoint = format!("dev-{series}/part-0").parse()?;
    Ok(Change::Reported(LastReport { endpoint, value, at, since: at, origin: Origin::Device }))
}

fn hand_over(store: &Store, changes: Vec<Change>) {
    let mut waiting = Some(changes);
    while let Some(changes) = waiting.take() {
        let done: Done = Box::new(drop);
        if store.write(changes.clone(), done) == Err(Full) {
            std::thread::sleep(Duration::from_millis(1));
            waiting = Some(changes);
        }
    }
}

fn past(dir: &Path) -> Result<i64, Failure> {
    let store = Store::open(dir, Timestamp(START))?.store;
    let samples = 1_050_000;
    let begun = Instant::now();
    let mut slowest = Duration::ZERO;
    for from in (0..samples).step_by(250) {
        let changes = (from..from + 250).map(report).collect::<Result<Vec<_>, _>>()?;
        let handed = Instant::now();
        hand_over(&store, changes);
        slowest = slowest.max(handed.elapsed());
        // Not faster than the disk: nothing shall be given up here.
        if from % 50_000 == 0 {
            let (sender, receiver) = channel();
            store.retry(Box::new(move |it| drop(sender.send(it))))?;
            receiver.recv()??;
        }
    }
    println!(
        "{samples} reports handed over in {:?}, a batch in {slowest:?} at most",
        begun.elapsed()
    );
    store.close()();
    println!("written in {:?}", begun.elapsed());
    let store = Store::open(dir, Timestamp(START))?.store;
    std::thread::sleep(Duration::from_secs(3));
    let db = rusqlite::Connection::open(dir.join("history.db"))?;
    let (bytes, sealed): (i64, i64) =
        db.query_row("SELECT sum(length(data) + 60), sum(n) FROM chunk", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    println!("{sealed} sealed, {:.2} bytes each", bytes as f64 / sealed as f64);
    let file = std::fs::metadata(dir.join("history.db"))?.len();
    println!("the whole file has {:.2} bytes a sample", file as f64 / samples as f64);
    for _ in 0..3 {
        let mut count = 0_u64;
        let begun = Instant::now();
        store.reader().records(Timestamp(i64::MIN), Timestamp(i64::MAX), &mut |_| {
            count += 1;
            ControlFlow::Continue(())
        })?;
        println!("{count} records read in {:?}", begun.elapsed());
    }
    store.close()();
    Ok(samples)
}

/// Times the journal while 5,000 samples a second are written.
fn journal(dir: &Path, mut number: i64) -> Result<(), Failure> {
    let store = Store::open(dir, Timestamp(START))?.store;
    for telemetry in [0, 50, 1_500] {
        let mut took = Vec::new();
        for turn in 0..1_000_u32 {
            let begun = Instant::now();
            let changes =
                (number..number + telemetry).map(report).collect::<Result<Vec<_>, _>>()?;
            number += telemetry;
            hand_over(&store, changes);
            if turn % 5 == 0 {
                let (sender, receiver) = channel();
                let asked = Instant::now();
                let home = Home { welcomed: turn % 2 == 0, ..Home::default() };
                store.write(vec![Change::Home(home)], Box::new(move |it| drop(sender.send(it))))?;
                receiver.recv()??;
                took.push(asked.elapsed());
            }
            std::thread::sleep(Duration::from_millis(10).saturating_sub(begun.elapsed()));
        }
        took.sort_unstable();
        let place = |percent: usize| took.get(took.len() * percent / 100).copied();
        println!(
            "with {} samples a second: a commit takes {:?} (p50), {:?} (p99), {:?} at most",
            telemetry * 100,
            place(50),
            place(99),
            took.last()
        );
    }
    store.close()();
    Ok(())
}

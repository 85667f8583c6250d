//! The recorded past: what was said comes out again, in order, as it was said.

use std::ops::ControlFlow;
use std::path::Path;

use model::rule::Measure;
use model::{
    Ampere, ButtonEvent, Capability, Celsius, Change, Charted, LockState, Percent, PowerReading,
    Record, Recorded, Series, Settings, Timestamp, Value, VariableValue, Volt, Watt,
};
use proptest::prelude::*;
use rusqlite::Connection;
use store::{Reader, Store};

use crate::sample::{NOW, endpoint, report};
use crate::support::{open, retry, write};

const ALL: (Timestamp, Timestamp) = (Timestamp(i64::MIN), Timestamp(i64::MAX));

pub(crate) fn recorded(reader: &Reader, (from, until): (Timestamp, Timestamp)) -> Vec<Record> {
    let mut records = Vec::new();
    let mut each = |record: &Record| {
        records.push(record.clone());
        ControlFlow::Continue(())
    };
    reader.records(from, until, &mut each).unwrap();
    records
}

fn said(of: &str, value: Value, at: i64) -> Change {
    Change::Reported(report(of, value, at))
}

fn happened(what: Recorded, at: i64) -> Change {
    Change::Recorded(Record { at: Timestamp(NOW.0 + at), what })
}

fn as_record(change: &Change) -> Record {
    match change {
        Change::Reported(it) => {
            Record { at: it.at, what: Recorded::Value(it.endpoint.clone(), it.value.clone()) }
        }
        Change::Recorded(it) => it.clone(),
        other => panic!("{other:?}"),
    }
}

/// Waits until nothing is left that is enough for a chunk.
pub(crate) fn sealed(dir: &Path, chunks: i64) {
    let db = Connection::open(dir.join("history.db")).unwrap();
    let count = || {
        let sql = "SELECT count(*) FROM chunk";
        db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    // Nothing tells when a chunk is sealed: that is the point of it.
    let waited = (0..1_000).find(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        count() >= chunks
    });
    assert!(waited.is_some(), "{} of {chunks} chunks within 10 s", count());
}

fn celsius(it: f64) -> Value {
    Value::TemperatureMeasurement(Celsius::clamped(it))
}

fn power(watt: f64, volt: Option<f64>) -> Value {
    let voltage = volt.map(Volt::clamped);
    let current = volt.map(|volt| Ampere::clamped(watt / volt));
    Value::ElectricalPower(PowerReading { power: Watt::clamped(watt), voltage, current })
}

/// One of everything that can be recorded.
fn one_of_each() -> Vec<Change> {
    let level = Value::Level(Percent::try_from(37).unwrap());
    vec![
        happened(Recorded::Started, 0),
        happened(Recorded::Reachable("wled-a1".parse().unwrap(), true), 1),
        said("wled-a1/segment-0", Value::OnOff(true), 2),
        said("wled-a1/segment-0", level, 3),
        said("wled-a1/segment-0", Value::LightEffect("Fire \"2012\"".to_owned()), 4),
        said("door/lock-0", Value::DoorLock(LockState::Jammed), 5),
        said("plug/meter-0", power(12.345_6, Some(230.1)), 6),
        said("plug/meter-0", power(-0.5, None), 1_007),
        happened(Recorded::Pressed(endpoint("wled-a1/button-0"), ButtonEvent::Pressed(2)), 1_008),
        happened(Recorded::Home("ada".parse().unwrap(), false), 1_009),
        happened(
            Recorded::Variable("guests".parse().unwrap(), VariableValue::Text("ja".to_owned())),
            1_010,
        ),
        said("wled-a1/segment-0", Value::OnOff(false), 1_011),
        happened(Recorded::Reachable("wled-a1".parse().unwrap(), false), 1_012),
    ]
}

#[test]
fn everything_that_is_recorded_comes_out_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let reader = opened.store.reader();
    assert_eq!(reader.records(ALL.0, ALL.1, &mut |_| unreachable!()).unwrap(), None);
    let changes = one_of_each();
    let expected: Vec<Record> = changes.iter().map(as_record).collect();
    write(&opened.store, changes).unwrap();
    assert_eq!(recorded(&reader, ALL), expected);
    let some = (Timestamp(NOW.0 + 3), Timestamp(NOW.0 + 6));
    assert_eq!(recorded(&reader, some), expected[3..6]);
    let mut first = Vec::new();
    let since = reader.records(ALL.0, ALL.1, &mut |record| {
        first.push(record.clone());
        ControlFlow::Break(())
    });
    assert_eq!((first.as_slice(), since.unwrap()), (&expected[..1], Some(NOW)));
    opened.store.close()();
    assert_eq!(recorded(&reader, ALL), expected, "also when nobody writes any more");
    assert_eq!(reader.damaged(), 0);
}

/// Writes as many records as fill chunks of several series, with some left over.
fn fill(store: &Store) -> Vec<Record> {
    let mut changes = Vec::new();
    for number in 0..900_i64 {
        let at = number * 10_000;
        changes.push(said("t/thermo-0", celsius(20.0 + (number % 40) as f64 / 10.0), at));
        changes.push(said("p/meter-0", power(number as f64 / 7.0, Some(230.0)), at + 1));
        if number % 2 == 0 {
            changes.push(said("l/lamp-0", Value::OnOff(number % 4 == 0), at + 2));
            let effect = Value::LightEffect(format!("Effect {}", number % 30));
            changes.push(said("l/lamp-0", effect, at + 2));
        }
    }
    let expected = changes.iter().map(as_record).collect();
    for some in changes.chunks(700) {
        write(store, some.to_vec()).unwrap();
    }
    expected
}

/// Of one moment, no order is promised.
fn by_moment(mut records: Vec<Record>) -> Vec<Record> {
    records.sort_by_key(|it| (it.at, format!("{:?}", it.what)));
    records
}

#[test]
fn what_is_sealed_comes_out_as_what_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let expected = by_moment(fill(&opened.store));
    sealed(dir.path(), 8);
    let reader = opened.store.reader();
    let found = recorded(&reader, ALL);
    assert!(found.is_sorted_by_key(|it| it.at));
    assert_eq!(by_moment(found), expected);
    let window = (Timestamp(NOW.0 + 1_234_567), Timestamp(NOW.0 + 7_654_321));
    let within: Vec<Record> =
        expected.into_iter().filter(|it| it.at >= window.0 && it.at < window.1).collect();
    assert_eq!(by_moment(recorded(&reader, window)), within);
    opened.store.close()();
    let opened = open(dir.path());
    assert_eq!(by_moment(recorded(&opened.store.reader(), window)), within);
    opened.store.close()();
}

#[test]
fn numbers_are_charted_alike_from_chunks_and_from_rows() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    fill(&opened.store);
    sealed(dir.path(), 8);
    let reader = opened.store.reader();
    for (of, measure) in [
        ("t/thermo-0", Measure::Temperature),
        ("p/meter-0", Measure::Power),
        ("p/meter-0", Measure::Current),
    ] {
        for buckets in [1_u16, 3, 7, 240, 1_000] {
            let (from, until) = (NOW.0 + 5_000, NOW.0 + 8_999_000);
            let charted = Charted::Measure(measure);
            let (from, until) = (Timestamp(from), Timestamp(until));
            let found = reader.series(&endpoint(of), charted, from, until, buckets).unwrap();
            let Series::Numbers(found) = found else { panic!("{found:?}") };
            let width = (until.0 - from.0) as f64 / f64::from(buckets);
            let mut expected: Vec<(f64, f64, f64, f64)> = Vec::new();
            let mut last = u16::MAX;
            for record in recorded(&reader, (from, until)) {
                let Recorded::Value(whose, value) = &record.what else { continue };
                let Some(it) = measure.read(value).filter(|_| *whose == endpoint(of)) else {
                    continue;
                };
                let bucket = ((record.at.0 - from.0) as f64 / width) as u16;
                if bucket != last {
                    expected.push((it, 0.0, it, 0.0));
                    last = bucket;
                }
                let sums = expected.last_mut().unwrap();
                *sums = (sums.0.min(it), sums.1 + it, sums.2.max(it), sums.3 + 1.0);
            }
            assert_eq!(found.len(), expected.len(), "{measure:?} in {buckets}");
            for (bucket, (min, sum, max, n)) in found.iter().zip(expected) {
                assert_eq!((bucket.min, bucket.max), (min, max));
                assert!((bucket.mean - sum / n).abs() < 1e-9, "{bucket:?}");
                assert!(bucket.at >= from && bucket.at < until);
            }
        }
    }
    opened.store.close()();
}

#[test]
fn states_are_charted_with_the_one_that_was_before() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    fill(&opened.store);
    sealed(dir.path(), 8);
    let reader = opened.store.reader();
    let of = endpoint("l/lamp-0");
    let states = |from: i64, until: i64| {
        let (from, until) = (Timestamp(NOW.0 + from), Timestamp(NOW.0 + until));
        let charted = Charted::States(Capability::OnOff);
        match reader.series(&of, charted, from, until, 1).unwrap() {
            Series::States(states) => states,
            other => panic!("{other:?}"),
        }
    };
    let at = |at: i64, on: bool| (Timestamp(NOW.0 + at), Value::OnOff(on));
    assert_eq!(states(-9, 0), []);
    assert_eq!(states(30_000, 60_002), [at(20_002, false), at(40_002, true)]);
    let all = states(0, 9_000_000);
    assert_eq!(all.len(), 450);
    assert_eq!(all.last(), Some(&at(8_980_002, false)), "the latest, of chunks and rows");
    assert!(states(i64::MAX / 4, i64::MAX / 4 + 1).ends_with(&all[449..]));
    let other = Charted::States(Capability::DoorLock);
    let none = reader.series(&of, other, ALL.0, ALL.1, 5).unwrap();
    assert_eq!(none, Series::States(vec![]));
    opened.store.close()();
}

#[test]
fn at_most_a_thousand_states_are_charted_and_they_are_the_latest() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let changes = (0..1_500).map(|at| said("l/lamp-0", Value::OnOff(at % 2 == 0), at)).collect();
    write(&opened.store, changes).unwrap();
    let of = endpoint("l/lamp-0");
    let charted = Charted::States(Capability::OnOff);
    let found = opened.store.reader().series(&of, charted, ALL.0, ALL.1, 5).unwrap();
    let Series::States(states) = found else { panic!("{found:?}") };
    assert_eq!((states.len(), states[999].0), (1_000, Timestamp(NOW.0 + 1_499)));
    opened.store.close()();
}

#[test]
fn of_measurements_within_a_second_the_last_is_kept_and_of_states_all() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    for at in 0..8 {
        let at = at * 250;
        let changes = vec![
            said("t/thermo-0", celsius(at as f64 / 1_000.0), at),
            said("l/lamp-0", Value::OnOff(at % 500 == 0), at),
        ];
        write(&opened.store, changes).unwrap();
    }
    let found = recorded(&opened.store.reader(), ALL);
    let (states, numbers): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|it| matches!(it.what, Recorded::Value(_, Value::OnOff(_))));
    let times: Vec<i64> = numbers.iter().map(|it| it.at.0 - NOW.0).collect();
    assert_eq!(times, [750, 1_750]);
    assert_eq!(states.len(), 8);
    opened.store.close()();
}

#[test]
fn a_clock_that_is_put_back_leaves_the_past_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let mut expected = Vec::new();
    for turn in 0..3_i64 {
        let changes: Vec<Change> = (0..400_i64)
            .map(|number| {
                let at = number * 2_000 - turn * 300_000;
                said("t/thermo-0", celsius((turn * 400 + number) as f64 / 100.0), at)
            })
            .collect();
        expected.extend(changes.iter().map(as_record));
        write(&opened.store, changes).unwrap();
    }
    sealed(dir.path(), 3);
    let found = recorded(&opened.store.reader(), ALL);
    assert!(found.is_sorted_by_key(|it| it.at));
    assert_eq!(by_moment(found), by_moment(expected));
    opened.store.close()();
}

#[test]
fn a_past_that_is_too_large_loses_its_oldest_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(dir.path());
    let mut settings = Settings::default();
    settings.past.megabytes = 10;
    write(&opened.store, vec![Change::Settings(settings)]).unwrap();
    let mut dice = crate::support::Dice(7);
    let mut number = 0;
    for _ in 0..20 {
        let changes = (0..4_000)
            .map(|_| {
                number += 1;
                // Words that no codec makes small.
                let words: Vec<String> =
                    (0..12).map(|_| dice.roll(usize::MAX).to_string()).collect();
                let value = Value::LightEffect(words.join(" "));
                said(&format!("m{}/lamp-0", number % 40), value, number * 100)
            })
            .collect();
        write(&opened.store, changes).unwrap();
    }
    retry(&opened.store).unwrap();
    let reader = opened.store.reader();
    let db = Connection::open(dir.path().join("history.db")).unwrap();
    let size = || {
        let pragma = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        (pragma("PRAGMA page_count") - pragma("PRAGMA freelist_count")) * pragma("PRAGMA page_size")
    };
    // Letting go takes its time.
    let waited = (0..3_000).find(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        size() <= 10_000_000
    });
    assert!(waited.is_some(), "{} bytes after 30 s", size());
    let mut count = 0;
    let mut first = None;
    let since = reader.records(ALL.0, ALL.1, &mut |record| {
        first.get_or_insert(record.at);
        count += 1;
        ControlFlow::Continue(())
    });
    let since = since.unwrap().unwrap();
    println!("{count} of {number} are left in {} bytes, whole since {}", size(), since.0 - NOW.0);
    assert!(since > NOW && since >= first.unwrap(), "{since:?} {first:?}");
    assert!(count > 20_000 && count < number);
    opened.store.close()();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_windows_of_a_past_make_up_the_whole(cuts in proptest::collection::vec(0_i64..3_000_000, 0..5)) {
        let dir = tempfile::tempdir().unwrap();
        let opened = open(dir.path());
        let changes: Vec<Change> = (0..350)
            .flat_map(|it| {
                let at = it * 7_919;
                [said("t/t-0", celsius(it as f64 / 10.0), at), said("l/l-0", Value::OnOff(it % 3 == 0), at + 5)]
            })
            .collect();
        let expected: Vec<Record> = changes.iter().map(as_record).collect();
        write(&opened.store, changes).unwrap();
        sealed(dir.path(), 2);
        let mut cuts: Vec<i64> = cuts.into_iter().map(|it| NOW.0 + it).collect();
        cuts.extend([i64::MIN, i64::MAX]);
        cuts.sort_unstable();
        let reader = opened.store.reader();
        let windows = cuts.windows(2).map(|it| (Timestamp(it[0]), Timestamp(it[1])));
        let found: Vec<Record> = windows.flat_map(|it| recorded(&reader, it)).collect();
        opened.store.close()();
        prop_assert_eq!(found, expected);
    }
}

//! Hearth is stopped at every write of its journal and between every two things it does, and is
//! started again from what was durable. Nothing that was written down may be lost, nothing that
//! must not be repeated may happen twice, and every wait goes on at its remaining time.
//!
//! The scenario runs once without a stop: that is the reference. At each point of it everything
//! outside of Hearth's memory is set aside; from each of these a run of its own begins.

#[cfg(test)]
mod outside;
#[cfg(test)]
mod scenario;
#[cfg(test)]
#[path = "../sim/mod.rs"]
mod sim;
#[cfg(test)]
mod verdict;

use outside::{Home, Outside, Point, Stop};
use verdict::{Verdict, judge};

/// Plays the scenario to its end; everything outside of Hearth at each point.
fn play() -> (Outside, Vec<(Point, Outside)>) {
    let mut points = Vec::new();
    let mut note = |point: Point, outside: &Outside| points.push((point, outside.clone()));
    let mut home = Home::start(Outside::new(), &mut |_, _| {});
    scenario::prepare(&mut home, &mut |_, _| {});
    home.run(scenario::END, &mut note);
    (home.outside, points)
}

/// Stops at each of these points, starts again, and compares.
#[cfg(test)]
fn stop_at_each(stop: Stop, is_meant: impl Fn(usize, Point) -> bool) -> usize {
    let (reference, points) = play();
    assert!(points.len() > 300, "only {} points to stop at", points.len());
    let mut stopped = 0;
    for (number, (point, outside)) in points.into_iter().enumerate() {
        if !is_meant(number, point) {
            continue;
        }
        stopped += 1;
        let durable = outside.durable(stop);
        let mut home = durable.clone().start_again(stop, &mut |_, _| {});
        let up_again = home.outside.wall;
        home.run(scenario::END + 20 * 60_000, &mut |_, _| {});
        let verdict = Verdict {
            reference: &reference,
            durable: &durable,
            after: &home.outside,
            stopped_at: outside.wall,
            up_again,
            is_whole: point != Point::Within,
            is_short: stop.downtime < 10_000,
        };
        if let Err(what) = judge(&verdict) {
            panic!("stopped at point {number} ({point:?}), {} ms in: {what}", outside.elapsed());
        }
    }
    stopped
}

const CRASH: Stop =
    Stop { downtime: 2_000, reboots: false, loses_telemetry: false, is_undone: false };

#[test]
fn nothing_is_lost_or_repeated_when_it_is_killed_and_started_again_at_once() {
    stop_at_each(CRASH, |_, point| point != Point::Within);
}

#[test]
fn nothing_is_repeated_when_somebody_takes_back_what_was_done_meanwhile() {
    stop_at_each(Stop { is_undone: true, ..CRASH }, |_, point| point == Point::After);
}

#[test]
fn nothing_is_lost_or_repeated_when_the_power_fails_for_minutes() {
    let stop =
        Stop { downtime: 7 * 60_000, reboots: true, loses_telemetry: true, is_undone: false };
    stop_at_each(stop, |_, point| point != Point::Within);
}

/// The store writes a batch whole or not at all; even if it did not, nothing would be repeated.
#[test]
fn nothing_is_repeated_when_it_is_stopped_within_a_batch() {
    stop_at_each(CRASH, |_, point| point == Point::Within);
}

#[test]
fn nothing_is_lost_or_repeated_when_it_is_stopped_twice() {
    let (_, points) = play();
    let first: Vec<_> = points.into_iter().filter(|(point, _)| *point == Point::After).collect();
    let mut stopped = 0;
    for (number, (_, outside)) in first.into_iter().enumerate().step_by(3) {
        let mut again = Vec::new();
        let mut note = |point: Point, outside: &Outside| {
            if point != Point::Within && again.len() < 200 {
                again.push(outside.clone());
            }
        };
        let mut home = outside.durable(CRASH).start_again(CRASH, &mut note);
        home.run(scenario::END, &mut note);
        // Those that follow the start itself, and one of the others.
        let others = again.len() / 2 + number % 20;
        for (place, second) in again.iter().enumerate() {
            if place < 4 || place == others {
                stopped += 1;
                let mut home = second.durable(CRASH).start_again(CRASH, &mut |_, _| {});
                home.run(scenario::END + 20 * 60_000, &mut |_, _| {});
                let found =
                    verdict::once(&home.outside).and_then(|()| verdict::counted(&home.outside));
                if let Err(what) = found {
                    panic!("stopped at {number}, then at {place}: {what}");
                }
            }
        }
    }
    assert!(stopped > 100, "only {stopped} second stops");
}

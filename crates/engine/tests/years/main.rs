//! Whole years of small homes, in virtual time: random rules, people, weather, losses of devices,
//! stops, sleeps and clocks that jump, against a second telling of what rules are, as simple as
//! possible. Every failure names the seed that makes it happen again:
//!
//! `HEARTH_SEED=17 cargo nextest run -p engine --test years`
//!
//! `HEARTH_YEARS=20` plays that many home-years, however long it takes: with `--release`, for the
//! pace that is told at the end.

#[cfg(test)]
mod chance;
#[cfg(test)]
#[path = "../sim/disk.rs"]
mod disk;
#[cfg(test)]
mod home;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod rules;

use std::str::FromStr;
use std::time::{Duration, Instant};

use plan::Plan;

/// For how long the ordinary run goes on.
const ORDINARY: Duration = Duration::from_secs(20);
/// And with how many homes at most: those that every machine may reach have all been played.
const ORDINARY_HOMES: u64 = 1_000;

#[test]
#[expect(clippy::disallowed_methods, reason = "the pace is told, and nothing depends on it")]
fn homes_do_what_rules_say_for_years() {
    if let Some(seed) = number("HEARTH_SEED") {
        play(seed);
        return;
    }
    let years: Option<i64> = number("HEARTH_YEARS");
    let begun = Instant::now();
    let (mut seed, mut days, mut runs) = (0, 0, 0);
    let goes_on = |days: i64, homes: u64| match years {
        Some(years) => days < years * 365,
        None => begun.elapsed() < ORDINARY && homes < ORDINARY_HOMES,
    };
    while goes_on(days, seed) {
        seed += 1;
        let (more_days, more_runs) = play(seed);
        days += more_days;
        runs += more_runs;
    }
    let pace = days as f64 / begun.elapsed().as_secs_f64();
    println!("{days} home-days of {seed} homes, {runs} runs: {pace:.0} home-days/s");
    assert!(runs > 1_000, "hardly anything happened: {runs} runs");
}

/// Plays one home; its days, and how many runs there were.
#[cfg(test)]
fn play(seed: u64) -> (i64, usize) {
    let plan = Plan::of(seed);
    let days = plan.days;
    match home::live(plan) {
        Ok(runs) => (days, runs),
        Err(what) => panic!(
            "seed {seed}: {what}\nagain: HEARTH_SEED={seed} cargo nextest run -p engine --test years"
        ),
    }
}

fn number<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

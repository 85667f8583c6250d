//! What whole-system tests and benchmarks stand on: the real programs as processes, their command
//! line, and networks of their own.
//!
//! Nothing here looks inside: what a test sees is what a person with a terminal would see.

mod daemon;
mod home;
mod namespace;
mod process;
mod reading;
mod rules;
mod simulated;

pub use daemon::{Daemon, Said};
pub use home::{Home, LATER, SOON, serve};
pub use namespace::{Namespace, Network};
pub use process::{Place, Running, program};
pub use reading::{cause, is_lost, is_reachable, on_off, switchable};
pub use rules::{free_port, http, publish};
pub use simulated::Simulated;

use std::time::{Duration, Instant};

/// Asks until there is an answer, and gives it; fails loudly after `within`, with the last words
/// of `ask`.
///
/// # Panics
/// When time is over.
#[expect(clippy::panic, clippy::disallowed_methods, reason = "for tests, which live in real time")]
pub fn eventually<T>(
    what: &str,
    within: Duration,
    mut ask: impl FnMut() -> Result<T, String>,
) -> T {
    let start = Instant::now();
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(words) if start.elapsed() > within => {
                panic!("{what}: not within {within:?}; last: {words}")
            }
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

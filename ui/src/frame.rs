//! Work that must not hold up the screen: done once a frame, and never for long.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use leptos::prelude::{request_animation_frame, window};

use crate::crash;

/// How long the jobs of one frame may take together, in milliseconds. A frame lasts 16; the
/// browser's own work needs the rest.
const BUDGET: f64 = 7.0;

type Job = Box<dyn FnOnce()>;

thread_local! {
    static JOBS: RefCell<VecDeque<Job>> = const { RefCell::new(VecDeque::new()) };
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

/// Does the job in one of the next frames, after all that were put before it.
pub fn soon(job: impl FnOnce() + 'static) {
    JOBS.with_borrow_mut(|jobs| jobs.push_back(Box::new(job)));
    wait_for_frame();
}

fn wait_for_frame() {
    if !WAITING.replace(true) {
        request_animation_frame(run);
    }
}

fn run() {
    WAITING.set(false);
    if crash::has_happened() {
        return;
    }
    let end = now() + BUDGET;
    while let Some(job) = JOBS.with_borrow_mut(VecDeque::pop_front) {
        job();
        if now() >= end {
            break;
        }
    }
    if JOBS.with_borrow(|jobs| !jobs.is_empty()) {
        wait_for_frame();
    }
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |it| it.now())
}

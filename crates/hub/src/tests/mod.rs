//! The loop, end to end, with drivers, a disk and a clock that the tests hold.

mod durability;
mod harness;
mod rules;
mod secrets;
mod stages;
mod supervision;

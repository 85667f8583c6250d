//! Drivers against small devices on real sockets, each with one thing wrong with it.

mod hub;
mod probe;
mod scripted;
mod shelly;
mod simulated;
mod wled;

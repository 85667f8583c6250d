//! The real program, over loopback.

mod common;
mod doors;
mod sandbox;

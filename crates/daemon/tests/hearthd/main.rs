//! The real program, over loopback.

#[cfg(test)]
mod common;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod sandbox;

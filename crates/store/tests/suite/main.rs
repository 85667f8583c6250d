//! The store as its users see it: what it promises, and what becomes of it when the disk, the
//! process or the files do their worst.
#![expect(clippy::unwrap_in_result, reason = "results of the store are what is looked at")]

#[cfg(test)]
mod behaviour;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod disk_full;
#[cfg(test)]
mod migration;
#[cfg(test)]
mod past;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod support;

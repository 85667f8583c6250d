//! The store as its users see it: what it promises, and what becomes of it when the disk, the
//! process or the files do their worst.

mod behaviour;
mod crash;
mod damage;
mod disk_full;
mod migration;
mod sample;
mod speed;
mod support;

//! Rules in a small house on virtual time: what sets them off, what they do, what is written down,
//! and what comes of it when the power is cut in between.

#[cfg(test)]
mod crash;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod house;
#[cfg(test)]
mod modes;
#[cfg(test)]
mod moments;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod saving;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod triggers;

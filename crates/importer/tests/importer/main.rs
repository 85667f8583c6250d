//! Rules of other systems, read for a home that has what they name.

#[cfg(test)]
mod descriptions;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod house;
#[cfg(test)]
mod pieces;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod running;

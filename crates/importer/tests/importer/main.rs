//! Rules of other systems, read for a home that has what they name.

mod examples;
mod house;
mod pieces;
mod refusals;

//! What is around the engine in a proof: a disk that keeps what was written down, and a home whose
//! devices do what reaches them.

pub(crate) mod disk;
pub(crate) mod house;

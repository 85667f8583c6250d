//! The recorded past: `history.db`, written by a thread of its own, so that no command ever waits
//! for telemetry.
//!
//! What is recorded waits as rows (`hot`) until 256 of one series are together, or for 48 hours,
//! and is then sealed into a chunk of some 600 bytes. What is older than the settings say goes,
//! and so does the oldest beyond their size.
//!
//! Nothing here decides what a value means; nothing here is needed to control the home.

pub(crate) mod codec;
pub(crate) mod intake;
pub(crate) mod recorder;
pub(crate) mod subject;
pub(crate) mod upkeep;

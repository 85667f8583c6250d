//! What a draft would have done in the recorded past: the same rules, in a home made of records.

use api::Rehearsal;
use model::{Record, Timestamp};

/// A rehearsal on its way. Records go in, in order; what would have happened comes out. It sends
/// nothing and knows nobody who could.
#[derive(Debug, Clone, PartialEq)]
pub struct Rehearsing {
    from: Timestamp,
    until: Timestamp,
}

impl Rehearsing {
    /// The first moment whose records are wanted.
    #[must_use]
    pub fn from(&self) -> Timestamp {
        self.from
    }

    /// The last.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// Takes in the next record; records come in the order of their time.
    pub fn feed(&mut self, _record: &Record) {}

    /// What would have happened.
    #[must_use]
    pub fn finish(self) -> Rehearsal {
        Rehearsal {
            from: self.from,
            until: self.until,
            records: 0,
            recorded_since: None,
            runs: 0,
            traces: Vec::new(),
            not_runs: Vec::new(),
            by_hour: [0; 24],
            fights: Vec::new(),
            commands: 0,
            blind_to: Vec::new(),
        }
    }
}

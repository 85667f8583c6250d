//! A file that takes up room until the disk is full. SQLite needs room even to delete; giving up
//! the ballast leaves enough to write down what matters and to clear up.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::files;

const SIZE: usize = 1 << 20;

/// The ballast of one home.
#[derive(Debug)]
pub(crate) struct Ballast(PathBuf);

impl Ballast {
    /// The ballast of the home in `dir`.
    pub(crate) fn of(dir: &Path) -> Self {
        Self(dir.join("ballast"))
    }

    /// Gives the room up. `false` when there was none to give.
    pub(crate) fn give_up(&self) -> bool {
        std::fs::remove_file(&self.0).is_ok()
    }

    /// Takes up room, where there is twice as much of it: the last of it is not ours.
    pub(crate) fn take_on(&self) {
        if !files::is_there(&self.0) && self.fill().is_err() {
            // Nothing is lost by not having it now.
            drop(files::remove_if_there(&self.0));
        }
    }

    fn fill(&self) -> std::io::Result<()> {
        let mut file = files::create(&self.0)?;
        file.write_all(&noise(2 * SIZE))?;
        file.sync_all()?;
        file.set_len(SIZE as u64)?;
        file.sync_all()
    }
}

/// Bytes that a compressing file system cannot make smaller (xorshift64).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ballast_is_taken_on_given_up_and_taken_on_again() {
        let dir = tempfile::tempdir().unwrap();
        let ballast = Ballast::of(dir.path());
        assert!(!ballast.give_up());
        for _ in 0..2 {
            ballast.take_on();
            assert_eq!(std::fs::metadata(dir.path().join("ballast")).unwrap().len(), 1 << 20);
            assert!(ballast.give_up());
        }
    }
}

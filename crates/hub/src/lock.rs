//! One home, one hub: a lock on a file that the system lets go of when the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// The home is this process's, as long as this is held.
#[derive(Debug)]
pub(crate) struct HomeLock(#[expect(dead_code, reason = "held, never read")] File);

impl HomeLock {
    /// Takes the lock; `None` when another process has it.
    pub(crate) fn take(dir: &Path) -> io::Result<Option<Self>> {
        create_private_dir(dir)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join("hearth.lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// A directory that others cannot look into, where the system knows such a thing.
pub(crate) fn create_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_locked_once_and_free_again_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().join("home");
        let lock = HomeLock::take(&home).unwrap().unwrap();
        assert!(HomeLock::take(&home).unwrap().is_none());
        drop(lock);
        assert!(HomeLock::take(&home).unwrap().is_some());
    }
}

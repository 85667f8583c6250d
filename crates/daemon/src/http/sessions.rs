//! The browsers that are signed in. They stay so when the daemon starts anew: marks of their
//! sessions, by which one can be recognised and not used, are kept in an owner-only file.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::place::write_private;

/// Most sessions; the oldest go first.
const SESSIONS: usize = 64;

/// What is kept of a token, code or session: enough to recognise it, not to use it.
pub(super) type Mark = [u8; 32];

/// What is kept of a secret text.
pub(super) fn mark(text: &str) -> Mark {
    Sha256::digest(text.as_bytes()).into()
}

/// Compares all bytes, however early they differ.
pub(super) fn is_same(one: &Mark, other: &Mark) -> bool {
    one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other)) == 0
}

/// The sessions of one home.
#[derive(Debug)]
pub(crate) struct Sessions {
    file: PathBuf,
    known: Mutex<VecDeque<Mark>>,
}

impl Sessions {
    /// Those that `file` holds; none when it cannot be read. Lines that are no marks are left out.
    pub(crate) fn open(file: PathBuf) -> Self {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let marks = text.lines().filter_map(|line| hex::decode(line).ok()?.try_into().ok());
        let known = Mutex::new(marks.take(SESSIONS).collect());
        Self { file, known }
    }

    /// Whether that session was begun here.
    pub(super) fn knows(&self, session: &str) -> bool {
        let given = mark(session);
        self.lock().iter().any(|known| is_same(known, &given))
    }

    /// Begins a session. When it cannot be written down, it lasts until the daemon stops.
    pub(super) fn begin(&self, session: &str) {
        let mut known = self.lock();
        if known.len() >= SESSIONS {
            known.pop_front();
        }
        known.push_back(mark(session));
        let text: String = known.iter().map(|it| hex::encode(it) + "\n").collect();
        if let Err(error) = write_private(&self.file, &text) {
            tracing::warn!(%error, "Sessions cannot be written down; they end with the daemon");
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Mark>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_outlives_the_daemon_and_cannot_be_read_from_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("sessions");
        Sessions::open(file.clone()).begin("secret-session");
        let again = Sessions::open(file.clone());
        assert!(again.knows("secret-session"));
        assert!(!again.knows("secret-sessio"));
        assert!(!std::fs::read_to_string(file).unwrap().contains("secret-session"));
    }

    #[test]
    fn sessions_are_bounded_and_a_damaged_file_is_survived() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("sessions");
        std::fs::write(&file, "nonsense\n00ff\n").unwrap();
        let sessions = Sessions::open(file);
        for number in 0..=SESSIONS {
            sessions.begin(&format!("s{number}"));
        }
        assert!(!sessions.knows("s0"));
        assert!(sessions.knows("s1"));
        assert_eq!(sessions.lock().len(), SESSIONS);
    }
}

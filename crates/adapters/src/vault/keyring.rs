//! The system's keyring, asked on a thread of its own: a locked one waits for a person, and some
//! never answer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use super::Key;

const SERVICE: &str = "hearth";
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most questions that may hang at a time; each holds a thread.
const HANGING: usize = 4;

/// Which keyring to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// The system's: Secret Service, Keychain, Credential Manager.
    System,
    /// None: only a passphrase opens secrets.
    None,
}

/// What is asked.
pub(super) enum Ask {
    /// The key, if it has one.
    Get,
    /// To keep this key, and to give it back.
    Put(Key),
}

/// What it answers.
pub(super) enum Answer {
    /// The key.
    Key(Key),
    /// It is open, and has none.
    NoKey,
    /// It is locked, not there, or does not answer; in words.
    Unavailable(String),
}

/// Asks the keyring and waits for 5 s at most. A question that hangs longer goes on by itself;
/// what it may still bring about is found at the next question.
pub(super) fn ask(question: Ask, account: &str) -> Answer {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    if ASKED.fetch_add(1, Ordering::SeqCst) >= HANGING {
        ASKED.fetch_sub(1, Ordering::SeqCst);
        return Answer::Unavailable("it has not answered earlier questions yet".to_owned());
    }
    let (sender, receiver) = channel();
    let account = account.to_owned();
    let thread = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        let answer = ask_here(&question, &account);
        ASKED.fetch_sub(1, Ordering::SeqCst);
        // Nobody waits any more when it took too long.
        drop(sender.send(answer));
    });
    if let Err(error) = thread {
        ASKED.fetch_sub(1, Ordering::SeqCst);
        return Answer::Unavailable(error.to_string());
    }
    receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        Answer::Unavailable("it did not answer within 5 seconds; it may be locked".to_owned())
    })
}

fn ask_here(question: &Ask, account: &str) -> Answer {
    match answer(question, account) {
        Ok(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(key) => Answer::Key(Zeroizing::new(key)),
            Err(_) => Answer::Unavailable("what it holds is not a key of ours".to_owned()),
        },
        Err(Error::NoEntry) => Answer::NoKey,
        Err(Error::NoDefaultStore) => Answer::Unavailable(no_store()),
        Err(error) => Answer::Unavailable(error.to_string()),
    }
}

fn answer(question: &Ask, account: &str) -> keyring::Result<Zeroizing<Vec<u8>>> {
    let entry = Entry::new(SERVICE, account)?;
    if let Ask::Put(key) = question {
        entry.set_secret(&**key)?;
    }
    entry.get_secret().map(Zeroizing::new)
}

fn no_store() -> String {
    match Entry::store_status() {
        Ok(()) => "there is none".to_owned(),
        Err(error) => error.to_string(),
    }
}

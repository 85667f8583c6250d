//! The vault: seals devices' passwords and keys before they are stored.
//!
//! One random 32-byte key seals all secrets of a home (XChaCha20-Poly1305, a fresh nonce each, the
//! device's id bound in). Where that key is kept decides the vault's state:
//!
//! - in the system's keyring, under service `hearth` and an account made of the home's random id
//!   (file `home-id`), so that two homes of one user do not share a key; or
//! - in the file `secrets.key`, sealed under a passphrase by Argon2id. The file wins where it is
//!   there: it was made by a person's choice.
//!
//! A second key is never made silently. `secrets.keyring` remembers that the keyring was given
//! this home's key: a keyring that is locked, slow (5 s) or gone then leaves the vault
//! [`VaultState::Locked`], and `unlock` asks the keyring again. Only a keyring that is open and
//! says that it no longer has the key leaves it [`VaultState::Absent`].
//!
//! Everything here blocks: [`Vault::open`] and [`Vault::unlock`] up to some 10 s on the keyring,
//! and `unlock` for as long as Argon2id takes. Nothing here logs a secret, and nothing but sealed
//! bytes reaches a file.

mod file;
mod keyring;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use model::Secret;
use zeroize::{Zeroize as _, Zeroizing};

pub use keyring::Keyring;

use file::Cost;
use keyring::{Answer, Ask};

/// The fewest characters of a new passphrase.
pub const SHORTEST_PASSPHRASE: usize = 8;

/// A key, wiped when dropped.
type Key = Zeroizing<[u8; 32]>;

/// Version of a sealed secret: this byte, a nonce of 24 bytes, ciphertext and tag.
const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// Where the key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// In the system's keyring, and at hand.
    Keyring,
    /// In the file sealed under a passphrase, and at hand.
    Passphrase,
    /// In the file, or in a keyring that cannot be reached now; not at hand.
    Locked,
    /// Nowhere: a passphrase has to be chosen before a secret can be kept.
    Absent,
}

/// Why a secret was not sealed or revealed, or the vault not opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key is not at hand.
    #[error("secrets are locked")]
    Locked,
    /// There is no key yet.
    #[error("secrets cannot be kept before a passphrase is chosen")]
    Absent,
    /// The file does not open with this passphrase.
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    /// A new passphrase has fewer than 8 characters.
    #[error("a passphrase needs at least {SHORTEST_PASSPHRASE} characters")]
    TooShort,
    /// The key is in the system's keyring, which cannot be reached; its words.
    #[error("the keyring holds the key and cannot be reached: {0}")]
    KeyringUnavailable(String),
    /// What was sealed is damaged, belongs to another device, or was sealed with another key.
    #[error("this secret cannot be opened with the home's key")]
    Unreadable,
    /// `secrets.key` is there but is not what was written; in words.
    #[error("`secrets.key` is damaged: {0}")]
    DamagedFile(String),
    /// A file could not be read or written.
    #[error("the vault's files cannot be used: {0}")]
    Io(#[from] io::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(String),
}

/// The vault of one home.
pub struct Vault {
    dir: PathBuf,
    keyring: Keyring,
    state: VaultState,
    key: Option<Key>,
    cost: Cost,
}

impl Vault {
    /// Opens the vault of the home in `dir`, which must be there. Takes the key from the keyring,
    /// or makes one there when this home has none yet. Blocks for up to 10 s.
    #[must_use]
    pub fn open(dir: &Path, keyring: Keyring) -> Self {
        Self::open_at_cost(dir, keyring, Cost::default())
    }

    fn open_at_cost(dir: &Path, keyring: Keyring, cost: Cost) -> Self {
        let mut vault =
            Self { dir: dir.to_owned(), keyring, state: VaultState::Absent, key: None, cost };
        if file::is_there(dir) {
            vault.state = VaultState::Locked;
        } else if let Err(error) = vault.ask_keyring() {
            tracing::warn!(%error, "the keyring cannot be used");
        }
        vault
    }

    /// Where the key is.
    #[must_use]
    pub fn state(&self) -> VaultState {
        self.state
    }

    /// Opens the sealed file, or makes one under a new passphrase where there is no key yet. Where
    /// the keyring holds the key, asks it once more, and the passphrase does not matter. Does
    /// nothing when the key is at hand. Blocks.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], after the same work as for the right one;
    /// [`VaultError::TooShort`] for a new one; else what stood in the way.
    pub fn unlock(&mut self, passphrase: &Secret) -> Result<(), VaultError> {
        if self.key.is_some() {
            return Ok(());
        }
        if file::is_there(&self.dir) {
            return self.open_file(passphrase);
        }
        match self.ask_keyring() {
            Ok(()) if self.key.is_some() => Ok(()),
            Err(error) if self.state == VaultState::Locked => Err(error),
            Ok(()) | Err(_) => self.make_file(passphrase),
        }
    }

    /// Gives up a keyring that will not come back: makes a new key under a passphrase. What was
    /// sealed before can never be revealed again. Only on a person's explicit wish.
    ///
    /// # Errors
    /// [`VaultError::TooShort`]; else what stood in the way. A sealed file that is there already
    /// is never replaced: [`VaultError::Locked`].
    pub fn start_anew(&mut self, passphrase: &Secret) -> Result<(), VaultError> {
        if file::is_there(&self.dir) { Err(VaultError::Locked) } else { self.make_file(passphrase) }
    }

    /// Seals a secret of the device `about`. The same secret never looks the same twice.
    ///
    /// # Errors
    /// When the key is not at hand.
    pub fn seal(&self, about: &str, secret: &Secret) -> Result<Vec<u8>, VaultError> {
        let nonce: [u8; NONCE] = random()?;
        let plain = secret.expose().as_bytes();
        let sealed = cipher(self.key()?)
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &bound_to(about) })
            .map_err(|_| VaultError::Unreadable)?;
        let mut whole = Vec::with_capacity(1 + NONCE + sealed.len());
        whole.push(FORMAT);
        whole.extend_from_slice(&nonce);
        whole.extend_from_slice(&sealed);
        Ok(whole)
    }

    /// Reveals what was sealed for the device `about`.
    ///
    /// # Errors
    /// When the key is not at hand, or it was sealed otherwise.
    pub fn reveal(&self, about: &str, sealed: &[u8]) -> Result<Secret, VaultError> {
        let key = self.key()?;
        let Some((&FORMAT, rest)) = sealed.split_first() else {
            return Err(VaultError::Unreadable);
        };
        let Some((nonce, sealed)) = rest.split_first_chunk::<NONCE>() else {
            return Err(VaultError::Unreadable);
        };
        let plain = cipher(key)
            .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: &bound_to(about) })
            .map_err(|_| VaultError::Unreadable)?;
        String::from_utf8(plain).map(Secret::new).map_err(|error| {
            error.into_bytes().zeroize();
            VaultError::Unreadable
        })
    }

    fn key(&self) -> Result<&Key, VaultError> {
        match (&self.key, self.state) {
            (Some(key), _) => Ok(key),
            (None, VaultState::Absent) => Err(VaultError::Absent),
            (None, _) => Err(VaultError::Locked),
        }
    }

    /// Takes the key from the keyring, or has one made there the first time. Leaves the state
    /// that follows from what it says.
    fn ask_keyring(&mut self) -> Result<(), VaultError> {
        self.state = VaultState::Absent;
        if self.keyring == Keyring::None {
            return Ok(());
        }
        let given_before = file::was_given_to_keyring(&self.dir);
        if given_before {
            self.state = VaultState::Locked;
        }
        let account = file::home_id(&self.dir)?;
        match keyring::ask(Ask::Get, &account) {
            Answer::Key(key) => self.take(key),
            Answer::NoKey if given_before => {
                tracing::error!("the keyring no longer has this home's key");
                self.state = VaultState::Absent;
                Ok(())
            }
            Answer::NoKey => self.give_to_keyring(&account),
            Answer::Unavailable(words) => Err(VaultError::KeyringUnavailable(words)),
        }
    }

    /// Makes a key in the keyring. It counts once the keyring has given it back.
    fn give_to_keyring(&mut self, account: &str) -> Result<(), VaultError> {
        let key = Zeroizing::new(random()?);
        match keyring::ask(Ask::Put(key.clone()), account) {
            Answer::Key(kept) if kept == key => self.take(kept),
            Answer::Key(_) | Answer::NoKey => {
                Err(VaultError::KeyringUnavailable("it does not keep what it is given".to_owned()))
            }
            Answer::Unavailable(words) => Err(VaultError::KeyringUnavailable(words)),
        }
    }

    fn take(&mut self, key: Key) -> Result<(), VaultError> {
        file::note_given_to_keyring(&self.dir)?;
        self.key = Some(key);
        self.state = VaultState::Keyring;
        Ok(())
    }

    fn open_file(&mut self, passphrase: &Secret) -> Result<(), VaultError> {
        let (key, cost) = file::open(&self.dir, passphrase)?;
        if cost.is_less_than(self.cost) {
            // The file stays good as it is when this fails.
            if let Err(error) = file::write(&self.dir, passphrase, &key, self.cost) {
                tracing::warn!(%error, "the sealed file could not be made stronger");
            }
        }
        self.key = Some(key);
        self.state = VaultState::Passphrase;
        Ok(())
    }

    fn make_file(&mut self, passphrase: &Secret) -> Result<(), VaultError> {
        if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
            return Err(VaultError::TooShort);
        }
        let key = Zeroizing::new(random()?);
        file::write(&self.dir, passphrase, &key, self.cost)?;
        self.key = Some(key);
        self.state = VaultState::Passphrase;
        Ok(())
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Vault").field("state", &self.state).finish_non_exhaustive()
    }
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&**key).into())
}

/// What a sealed secret is bound to: it opens for nobody else, and for no other purpose.
fn bound_to(about: &str) -> Vec<u8> {
    [b"hearth device secret 1\0", about.as_bytes()].concat()
}

fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| VaultError::NoRandomness(error.to_string()))?;
    Ok(bytes)
}

//! The vault's files in the home's directory: all for their owner only, all written in one piece.
//!
//! `secrets.key` is JSON of version, Argon2id's parameters, salt, nonce and the sealed key (the
//! bytes in base64). Version and parameters are bound into the seal.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::{Aead as _, Payload};
use model::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Key, NONCE, VaultError, cipher, random};

const KEY: &str = "secrets.key";
const HOME_ID: &str = "home-id";
const GIVEN: &str = "secrets.keyring";
const VERSION: u32 = 1;
/// A file of ours has some 300 bytes; more is not read.
const LONGEST: u64 = 4_096;

/// Work that it takes to try a passphrase (Argon2id).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cost {
    /// Memory, in KiB.
    pub(super) memory_kib: u32,
    /// Passes over it.
    pub(super) passes: u32,
    /// Lanes.
    pub(super) lanes: u32,
}

impl Default for Cost {
    /// Above OWASP's minimum (19 MiB, 2 passes), well below what a small hub's memory bears.
    fn default() -> Self {
        Self { memory_kib: 32 * 1_024, passes: 3, lanes: 1 }
    }
}

impl Cost {
    /// Whether it takes less work than `other`.
    pub(super) fn is_less_than(self, other: Self) -> bool {
        let work = |cost: Self| u64::from(cost.memory_kib) * u64::from(cost.passes);
        work(self) < work(other)
    }

    /// Parameters that a file may ask for: no file shall make us take all memory or a day.
    fn is_bearable(self) -> bool {
        (8..=1_024 * 1_024).contains(&self.memory_kib)
            && (1..=64).contains(&self.passes)
            && (1..=16).contains(&self.lanes)
    }

    fn key(self, passphrase: &Secret, salt: &[u8]) -> Result<Key, VaultError> {
        let params =
            Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(words)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose().as_bytes(), salt, &mut *key)
            .map_err(words)?;
        Ok(key)
    }
}

#[derive(Serialize, Deserialize)]
struct KeyFile {
    version: u32,
    #[serde(flatten)]
    cost: Cost,
    salt: String,
    nonce: String,
    sealed: String,
}

fn words(error: impl std::fmt::Display) -> VaultError {
    VaultError::DamagedFile(error.to_string())
}

fn bound_to(cost: Cost) -> Vec<u8> {
    let Cost { memory_kib, passes, lanes } = cost;
    format!("hearth key file {VERSION} {memory_kib} {passes} {lanes}").into_bytes()
}

/// Whether there is a sealed file.
pub(super) fn is_there(dir: &Path) -> bool {
    fs::symlink_metadata(dir.join(KEY)).is_ok()
}

/// Seals the key under a passphrase, with a new salt.
pub(super) fn write(
    dir: &Path,
    passphrase: &Secret,
    key: &Key,
    cost: Cost,
) -> Result<(), VaultError> {
    let (salt, nonce): ([u8; 16], [u8; NONCE]) = (random()?, random()?);
    let sealed = cipher(&cost.key(passphrase, &salt)?)
        .encrypt(&XNonce::from(nonce), Payload { msg: &**key, aad: &bound_to(cost) })
        .map_err(words)?;
    let file = KeyFile {
        version: VERSION,
        cost,
        salt: BASE64.encode(salt),
        nonce: BASE64.encode(nonce),
        sealed: BASE64.encode(sealed),
    };
    let text = serde_json::to_vec_pretty(&file).map_err(words)?;
    Ok(write_whole(&dir.join(KEY), &text)?)
}

/// Opens the sealed file; says at what cost it was sealed.
pub(super) fn open(dir: &Path, passphrase: &Secret) -> Result<(Key, Cost), VaultError> {
    let file: KeyFile = serde_json::from_str(&read(&dir.join(KEY))?).map_err(words)?;
    if file.version != VERSION {
        return Err(words(format!("its version is {}, not {VERSION}", file.version)));
    }
    if !file.cost.is_bearable() {
        return Err(words("its parameters are out of bounds"));
    }
    let [salt, nonce, sealed] =
        [&file.salt, &file.nonce, &file.sealed].map(|text| BASE64.decode(text).map_err(words));
    let nonce: [u8; NONCE] =
        nonce?.try_into().map_err(|_| words("its nonce has a wrong length"))?;
    let opening = file.cost.key(passphrase, &salt?)?;
    let plain = cipher(&opening)
        .decrypt(&XNonce::from(nonce), Payload { msg: &sealed?, aad: &bound_to(file.cost) })
        .map_err(|_| VaultError::WrongPassphrase)?;
    let plain = Zeroizing::new(plain);
    let key = plain.as_slice().try_into().map_err(|_| words("its key has a wrong length"))?;
    Ok((Zeroizing::new(key), file.cost))
}

/// The home's random id; made the first time.
pub(super) fn home_id(dir: &Path) -> Result<String, VaultError> {
    let path = dir.join(HOME_ID);
    match read(&path) {
        Ok(id) if is_id(id.trim()) => Ok(id.trim().to_owned()),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "`home-id` is damaged").into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id: String = random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect();
            write_whole(&path, id.as_bytes())?;
            Ok(id)
        }
        Err(error) => Err(error.into()),
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the keyring was ever given this home's key.
pub(super) fn was_given_to_keyring(dir: &Path) -> bool {
    fs::symlink_metadata(dir.join(GIVEN)).is_ok()
}

/// Remembers that the keyring has this home's key.
pub(super) fn note_given_to_keyring(dir: &Path) -> io::Result<()> {
    if was_given_to_keyring(dir) {
        return Ok(());
    }
    write_whole(&dir.join(GIVEN), b"The key of this home's secrets is in the system's keyring.\n")
}

fn read(path: &Path) -> io::Result<String> {
    use io::Read as _;
    let mut text = String::new();
    fs::File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// Writes a file so that it is there as a whole or not at all, for its owner only.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = path.as_os_str().to_owned();
    draft.push(".tmp");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&draft, path)?;
    match path.parent() {
        // Windows cannot open directories as files, and does not need to.
        Some(dir) if cfg!(unix) => fs::File::open(dir)?.sync_all(),
        _ => Ok(()),
    }
}

//! The files of a daemon in the home's directory: its token, and where it listens.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use model::Secret;

use crate::exit::{Failure, Kind};

/// Where the home is: as given, else in the user's data directory.
pub(crate) fn home_dir(given: Option<PathBuf>) -> Result<PathBuf> {
    given
        .or_else(|| dirs::data_dir().map(|dir| dir.join("hearth")))
        .context("this system has no directory for a user's data; give one with --home")
}

/// The bearer token of the home's daemon, made at the first start: 256 random bits.
pub(crate) fn make_token(dir: &Path) -> Result<Secret> {
    if let Ok(token) = read_token(dir) {
        return Ok(token);
    }
    let token = random_hex()?;
    write_private(&dir.join("token"), &token).context("the token cannot be written")?;
    Ok(Secret::new(token))
}

/// The bearer token that the home's daemon has made.
pub(crate) fn read_token(dir: &Path) -> Result<Secret> {
    let text = std::fs::read_to_string(dir.join("token"))?;
    let token = text.trim();
    anyhow::ensure!(token.len() == 64, "the token file is damaged; delete it and start hearthd");
    Ok(Secret::new(token.to_owned()))
}

/// 256 random bits in hexadecimal.
pub(crate) fn random_hex() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(hex::encode(bytes))
}

/// Where the daemon listens, for `ctl`; the file is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct AddressFile(PathBuf);

impl AddressFile {
    /// Says where the daemon listens.
    pub(crate) fn write(dir: &Path, address: SocketAddr) -> Result<Self> {
        let path = dir.join("address");
        write_private(&path, &address.to_string()).context("the address cannot be written")?;
        Ok(Self(path))
    }

    /// Where the home's daemon says that it listens.
    pub(crate) fn read(dir: &Path) -> Result<SocketAddr> {
        let text = std::fs::read_to_string(dir.join("address")).map_err(|_| {
            let words = format!("no hub is running on {}", dir.display());
            Failure::new(Kind::NoHub, words)
        })?;
        text.trim().parse().context("the address file is damaged; restart hearthd")
    }
}

impl Drop for AddressFile {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0) {
            tracing::debug!(%error, "The address file was gone already");
        }
    }
}

/// The first line of a file, or of standard input for `-`.
pub(crate) fn read_secret(path: &Path) -> Result<Secret> {
    let text = if path == Path::new("-") {
        io::read_to_string(io::stdin()).context("standard input cannot be read")?
    } else {
        std::fs::read_to_string(path)
            .map_err(|error| Failure::new(Kind::Usage, format!("{}: {error}", path.display())))?
    };
    let line = text.lines().next().unwrap_or_default();
    Ok(Secret::new(line.to_owned()))
}

/// Replaces a file, whole or not at all; only its owner can read it.
pub(crate) fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let fresh = path.with_extension("new");
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_made_once_and_read_by_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let token = make_token(dir.path()).unwrap();
        assert_eq!(token.expose().len(), 64);
        assert_eq!(make_token(dir.path()).unwrap(), token);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(dir.path().join("token")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn the_address_file_lives_as_long_as_the_daemon() {
        let dir = tempfile::tempdir().unwrap();
        let address = "127.0.0.1:4711".parse().unwrap();
        let file = AddressFile::write(dir.path(), address).unwrap();
        assert_eq!(AddressFile::read(dir.path()).unwrap(), address);
        drop(file);
        let error = AddressFile::read(dir.path()).unwrap_err();
        assert_eq!(error.downcast_ref::<Failure>().unwrap().kind, Kind::NoHub);
    }

    #[test]
    fn a_secret_is_the_first_line_of_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("password");
        std::fs::write(&file, "sesame\r\nopen\n").unwrap();
        assert_eq!(read_secret(&file).unwrap().expose(), "sesame");
    }
}

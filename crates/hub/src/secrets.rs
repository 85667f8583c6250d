//! Passwords and keys of devices: sealed on disk, revealed to their drivers alone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use adapters::vault::{Keyring, Vault, VaultError, VaultState};
use model::{Cause, DeviceId, IssueKind, Secret};

/// What the hub knows of the home's secrets.
#[derive(Debug)]
pub(crate) struct Secrets {
    place: VaultPlace,
    /// `None` until it has been opened: keyrings can take their time.
    vault: Option<Arc<Vault>>,
    /// As they are on disk.
    sealed: BTreeMap<DeviceId, Arc<[u8]>>,
    /// In the clear since this hub started: given by people, or by the simulator.
    given: BTreeMap<DeviceId, Secret>,
}

/// Where the vault is and how it opens. Every opening blocks: on blocking threads only.
#[derive(Debug, Clone)]
pub(crate) struct VaultPlace {
    pub(crate) dir: PathBuf,
    pub(crate) keyring: Keyring,
    pub(crate) passphrase: Option<Secret>,
}

impl VaultPlace {
    /// Opens the vault, with the configured passphrase where it needs one.
    pub(crate) fn open(&self) -> Vault {
        let mut vault = Vault::open(&self.dir, self.keyring);
        if let Some(passphrase) = &self.passphrase
            && let Err(error) = vault.unlock(passphrase)
        {
            tracing::error!(%error, "The configured passphrase does not open the secrets");
        }
        vault
    }

    /// Opens the vault with a passphrase that someone has typed.
    pub(crate) fn unlock(&self, passphrase: &Secret) -> Result<Vault, VaultError> {
        let mut vault = Vault::open(&self.dir, self.keyring);
        vault.unlock(passphrase)?;
        Ok(vault)
    }
}

impl Secrets {
    /// The secrets of a home whose vault is still closed.
    pub(crate) fn new(
        place: VaultPlace,
        sealed: BTreeMap<DeviceId, Vec<u8>>,
        given: BTreeMap<DeviceId, Secret>,
    ) -> Self {
        let sealed = sealed.into_iter().map(|(device, bytes)| (device, bytes.into())).collect();
        Self { place, vault: None, sealed, given }
    }

    /// Where the vault is.
    pub(crate) fn place(&self) -> VaultPlace {
        self.place.clone()
    }

    /// The vault is open, or as open as it gets without a passphrase.
    pub(crate) fn opened(&mut self, vault: Arc<Vault>) {
        self.vault = Some(vault);
    }

    /// The vault, where there is one already.
    pub(crate) fn vault(&self) -> Option<Arc<Vault>> {
        self.vault.clone()
    }

    /// Where secrets are kept, for clients.
    pub(crate) fn state(&self) -> api::Vault {
        match self.vault.as_ref().map(|it| it.state()) {
            Some(VaultState::Keyring) => api::Vault::Keyring,
            Some(VaultState::Passphrase) => api::Vault::Passphrase,
            Some(VaultState::Locked) | None => api::Vault::Locked,
            Some(VaultState::Absent) => api::Vault::Absent,
        }
    }

    /// What stands between these secrets and being kept or used, if anything does.
    pub(crate) fn obstacle(&self) -> Option<IssueKind> {
        match self.vault.as_ref().map(|it| it.state()) {
            Some(VaultState::Keyring | VaultState::Passphrase) | None => None,
            Some(VaultState::Locked) => Some(IssueKind::SecretsLocked),
            Some(VaultState::Absent) => Some(IssueKind::NoKeyring),
        }
    }

    /// Whether there are secrets on disk.
    pub(crate) fn any_sealed(&self) -> bool {
        !self.sealed.is_empty()
    }

    /// Whose secrets only the vault can reveal.
    pub(crate) fn only_sealed(&self) -> Vec<DeviceId> {
        let sealed = self.sealed.keys();
        sealed.filter(|device| !self.given.contains_key(*device)).cloned().collect()
    }

    /// A person has given a device's secret, or taken it back.
    pub(crate) fn give(&mut self, device: DeviceId, secret: Option<Secret>) {
        match secret {
            Some(secret) => self.given.insert(device, secret),
            None => {
                self.sealed.remove(&device);
                self.given.remove(&device)
            }
        };
    }

    /// A device's secret is on disk now.
    pub(crate) fn keep(&mut self, device: DeviceId, sealed: Vec<u8>) {
        self.sealed.insert(device, sealed.into());
    }

    /// Where the driver of a device gets its secret from.
    pub(crate) fn source(&self, device: &DeviceId) -> SecretSource {
        match (self.given.get(device), self.sealed.get(device)) {
            (Some(secret), _) => SecretSource::Given(secret.clone()),
            (None, Some(sealed)) => {
                SecretSource::Sealed(self.vault(), device.clone(), Arc::clone(sealed))
            }
            (None, None) => SecretSource::None,
        }
    }
}

/// Where a driver gets its device's secret from.
#[derive(Debug, Clone)]
pub(crate) enum SecretSource {
    /// There is none.
    None,
    /// Here it is.
    Given(Secret),
    /// On disk; only the vault can open it.
    Sealed(Option<Arc<Vault>>, DeviceId, Arc<[u8]>),
}

impl SecretSource {
    /// The secret, if there is one.
    pub(crate) fn reveal(&self) -> Result<Option<Secret>, Cause> {
        match self {
            Self::None => Ok(None),
            Self::Given(secret) => Ok(Some(secret.clone())),
            Self::Sealed(None, ..) => Err(Cause::SecretsLocked),
            Self::Sealed(Some(vault), device, sealed) => {
                vault.reveal(device.as_str(), sealed).map(Some).map_err(|error| {
                    tracing::warn!(%device, %error, "A secret cannot be revealed");
                    match error {
                        VaultError::Unreadable => Cause::NeedsSecret,
                        _ => Cause::SecretsLocked,
                    }
                })
            }
        }
    }
}

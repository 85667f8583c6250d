//! The vault and discovery as agreed, until `adapters` has them.

pub(crate) mod vault {
    use std::path::Path;

    use model::Secret;

    #[derive(Debug, Clone, Copy)]
    pub enum Keyring {
        System,
        Off,
    }

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    #[expect(dead_code, reason = "as agreed")]
    pub(crate) enum VaultState {
        Keyring,
        Passphrase,
        Locked,
        Absent,
    }

    #[derive(Debug, thiserror::Error)]
    #[expect(dead_code, reason = "as agreed")]
    pub(crate) enum VaultError {
        #[error("locked")]
        Locked,
        #[error("the passphrase is wrong")]
        WrongPassphrase,
    }

    #[derive(Debug)]
    pub(crate) struct Vault;

    impl Vault {
        pub(crate) fn open(_: &Path, _: Keyring) -> Self {
            Self
        }
        pub(crate) fn state(&self) -> VaultState {
            VaultState::Absent
        }
        pub(crate) fn unlock(&mut self, _: &Secret) -> Result<(), VaultError> {
            Err(VaultError::Locked)
        }
        pub(crate) fn seal(&self, _: &str, _: &Secret) -> Result<Vec<u8>, VaultError> {
            Err(VaultError::Locked)
        }
        pub(crate) fn reveal(&self, _: &str, _: &[u8]) -> Result<Secret, VaultError> {
            Err(VaultError::Locked)
        }
    }
}

pub(crate) mod discovery {
    use model::SightingChange;
    use tokio::sync::mpsc;
    use tokio_util::sync::CancellationToken;

    #[derive(Debug, Clone, Copy)]
    pub enum Scope {
        All,
        LoopbackOnly,
    }

    pub(crate) struct Discovery;

    impl Discovery {
        pub(crate) fn start(
            _: Scope,
            out: mpsc::Sender<SightingChange>,
            stop: CancellationToken,
        ) -> Result<impl Future<Output = ()>, std::io::Error> {
            Ok(async move {
                stop.cancelled().await;
                drop(out);
            })
        }
    }
}

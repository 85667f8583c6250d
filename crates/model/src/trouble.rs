//! Trouble is data: what is wrong, since when, and what a person can do about it.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, RuleId, RunId, Timestamp};

/// Whether a device can be talked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reachability {
    /// Not tried yet since Hearth started.
    Unknown,
    /// Connected and proven to be itself.
    Reachable,
    /// Not reachable.
    Unreachable {
        /// Since when.
        since: Timestamp,
        /// Why.
        cause: Cause,
    },
}

/// Why a device cannot be talked to. Each has one policy in the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// Nobody answers there. Tried again with backoff.
    NoAnswer,
    /// It said goodbye (was switched off, left the network). Tried again with backoff.
    SaidGoodbye,
    /// It wants a password or key and we have none. Not tried again until there is one.
    NeedsSecret,
    /// It does not accept the password or key that we have. Not tried again until there is another.
    WrongSecret,
    /// Somebody else answers there. Tried again, slowly.
    WrongIdentity {
        /// Who answers.
        found: DeviceId,
    },
    /// What it says cannot be understood; what was wrong with it, in words. Tried again, slowly.
    Garbage(String),
    /// The secret that it needs is sealed, and the keyring is locked.
    SecretsLocked,
}

/// Names an issue: kind and subject, so that the same trouble is one issue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssueId(pub String);

/// Trouble that a person can fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Which.
    pub id: IssueId,
    /// Since when.
    pub since: Timestamp,
    /// What.
    pub kind: IssueKind,
}

/// What is wrong. Issues come and go with the trouble; those that only tell can be dismissed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum IssueKind {
    /// The device wants a password or key.
    NeedsSecret(DeviceId),
    /// The device refuses the password or key that we have.
    WrongSecret(DeviceId),
    /// At the device's address, somebody else answers.
    WrongIdentity {
        /// Who should be there.
        device: DeviceId,
        /// Who is.
        found: DeviceId,
    },
    /// The device talks nonsense; what was wrong, in words.
    Garbage(DeviceId, String),
    /// The database was damaged; the last good copy is in use.
    DatabaseRestored {
        /// When the copy was made; `None` when there was none and the home starts empty.
        copied_at: Option<Timestamp>,
        /// File name of the damaged database, kept beside the good one.
        kept: String,
    },
    /// Nothing can be written down: the disk is full or read-only. The system's words.
    CannotWrite(String),
    /// Secrets are sealed and need the passphrase.
    SecretsLocked,
    /// There is neither a keyring nor a passphrase yet: secrets cannot be kept.
    NoKeyring,
    /// Discovery does not work here; the system's words. Devices can be added by address.
    DiscoveryFailed(String),
    /// The recorded past was damaged and begins anew; file name of the damaged one, kept beside it.
    PastLost(String),
    /// A rule was not run when it was due, and asks whether it shall now.
    MissedRun {
        /// Which.
        rule: RuleId,
        /// The run that it would be.
        run: RunId,
        /// When it was due.
        due: Timestamp,
    },
    /// A rule was set off far too often and was switched off.
    RuleRunaway(RuleId),
    /// The MQTT broker cannot be used; why, in words.
    BrokerFailed(String),
    /// Webhooks cannot be listened for; the system's words.
    WebhooksFailed(String),
}

/// What a person can do about an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum IssueAction {
    /// Enter the device's password or key.
    EnterSecret,
    /// Look at the device: try again, or remove it.
    OpenDevice,
    /// Enter the passphrase.
    EnterPassphrase,
    /// Choose a passphrase.
    ChoosePassphrase,
    /// Add devices by address.
    AddByAddress,
    /// Make room, then try again.
    Retry,
    /// Nothing but to have read it.
    Dismiss,
    /// Run the rule now, or leave it.
    RunOrLeave,
    /// Look at the rule.
    OpenRule,
    /// Look at the settings.
    OpenSettings,
}

impl IssueKind {
    /// The one thing to do about it.
    #[must_use]
    pub fn action(&self) -> IssueAction {
        match self {
            Self::NeedsSecret(_) | Self::WrongSecret(_) => IssueAction::EnterSecret,
            Self::WrongIdentity { .. } | Self::Garbage(..) => IssueAction::OpenDevice,
            Self::DatabaseRestored { .. } | Self::PastLost(_) => IssueAction::Dismiss,
            Self::MissedRun { .. } => IssueAction::RunOrLeave,
            Self::RuleRunaway(_) => IssueAction::OpenRule,
            Self::BrokerFailed(_) | Self::WebhooksFailed(_) => IssueAction::OpenSettings,
            Self::CannotWrite(_) => IssueAction::Retry,
            Self::SecretsLocked => IssueAction::EnterPassphrase,
            Self::NoKeyring => IssueAction::ChoosePassphrase,
            Self::DiscoveryFailed(_) => IssueAction::AddByAddress,
        }
    }

    /// The device that it is about, if it is about one.
    #[must_use]
    pub fn device(&self) -> Option<&DeviceId> {
        match self {
            Self::NeedsSecret(device)
            | Self::WrongSecret(device)
            | Self::WrongIdentity { device, .. }
            | Self::Garbage(device, _) => Some(device),
            Self::DatabaseRestored { .. }
            | Self::CannotWrite(_)
            | Self::SecretsLocked
            | Self::NoKeyring
            | Self::DiscoveryFailed(_)
            | Self::PastLost(_)
            | Self::MissedRun { .. }
            | Self::RuleRunaway(_)
            | Self::BrokerFailed(_)
            | Self::WebhooksFailed(_) => None,
        }
    }

    /// The id of this issue: the same trouble with the same device has the same id.
    #[must_use]
    pub fn id(&self) -> IssueId {
        let kind = match self {
            Self::NeedsSecret(_) => "needs-secret",
            Self::WrongSecret(_) => "wrong-secret",
            Self::WrongIdentity { .. } => "wrong-identity",
            Self::Garbage(..) => "garbage",
            Self::DatabaseRestored { .. } => "database-restored",
            Self::CannotWrite(_) => "cannot-write",
            Self::SecretsLocked => "secrets-locked",
            Self::NoKeyring => "no-keyring",
            Self::DiscoveryFailed(_) => "discovery-failed",
            Self::PastLost(_) => "past-lost",
            Self::MissedRun { .. } => "missed-run",
            Self::RuleRunaway(_) => "rule-runaway",
            Self::BrokerFailed(_) => "broker-failed",
            Self::WebhooksFailed(_) => "webhooks-failed",
        };
        match (self, self.device()) {
            (Self::MissedRun { run, .. }, _) => IssueId(format!("{kind}:{run}")),
            (Self::RuleRunaway(rule), _) => IssueId(format!("{kind}:{rule}")),
            (_, Some(device)) => IssueId(format!("{kind}:{device}")),
            (_, None) => IssueId(kind.to_owned()),
        }
    }
}

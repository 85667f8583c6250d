//! What can be wrong with a simulated device, and how it is said in scripts and on the control
//! port.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Bytes of the body of a device that never stops talking.
pub(crate) const HUGE: u64 = 100 * 1024 * 1024;

/// Something to go wrong. As JSON: `{"fault":"slow","ms":400}`, `{"fault":"silent"}`.
///
/// Those up to `IgnoreCommands` last until `Heal`; the others happen once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// Hears everything this much later.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// Accepts connections and reads, and never says anything.
    Silent,
    /// Resets every connection (RST) in the middle of its first answer.
    Reset,
    /// Says random bytes, as many as it should have said.
    GarbageBytes,
    /// Speaks its transport well, and nonsense in it: bodies that are not JSON, messages that
    /// cannot be decoded.
    GarbageMessages,
    /// Answers with 100 MB where a few kilobytes are due.
    Huge,
    /// Says that it is another device: another MAC everywhere.
    WrongIdentity,
    /// Wants a password (or key), and accepts none.
    RefuseAuth,
    /// Has a name of control characters, markup, direction overrides, and far too long.
    HostileName,
    /// Acts on the next command and never answers it. Pushes its new state all the same.
    DropNextAnswer,
    /// Acts on the next command, and loses power before it can tell. Comes back by `Plug`.
    VanishAtNextCommand,
    /// Acknowledges commands and does nothing.
    IgnoreCommands,
    /// Moves to another port: connections drop, the old port is closed.
    Move {
        /// Whether mDNS tells the new port.
        announced: bool,
    },
    /// Loses power without a word, comes back (same port, announced) after a while.
    Reboot {
        /// Milliseconds without power.
        ms: u64,
    },
    /// Loses power without a word: no goodbye, and mDNS goes on to tell where it was, as caches
    /// do. Its connections are closed, as by a router; `Silent` is for those that hang.
    Unplug,
    /// Has power again: same port if it is still free, announced.
    Plug,
    /// Says goodbye by mDNS, then goes off. Comes back by `Plug`.
    Goodbye,
    /// Everything that lasts is over.
    Heal,
}

/// What is wrong with a device now: those of the faults that last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Ailments {
    /// Hears everything this much later; zero is healthy.
    pub slow: Duration,
    /// Never says anything.
    pub silent: bool,
    /// Resets connections in the middle of an answer.
    pub reset: bool,
    /// Says random bytes.
    pub garbage_bytes: bool,
    /// Says nonsense in a sound transport. The family's server sees to it.
    pub garbage_messages: bool,
    /// Answers without end. The family's server sees to it.
    pub huge: bool,
    /// Says another MAC (see [`crate::Core::mac`]).
    pub wrong_identity: bool,
    /// Accepts no password or key. The family's server sees to it.
    pub refuse_auth: bool,
    /// Says a hostile name (see [`crate::Core::name`]).
    pub hostile_name: bool,
    /// Does not answer the next command.
    pub drop_next_answer: bool,
    /// Loses power when it has done the next command.
    pub vanish_at_next_command: bool,
    /// Does nothing that it is told.
    pub ignore_commands: bool,
}

impl Ailments {
    /// The same with `fault` set in, if it is one that lasts; all well again after `Heal`.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        match fault {
            Fault::Slow { ms } => self.slow = Duration::from_millis(ms),
            Fault::Silent => self.silent = true,
            Fault::Reset => self.reset = true,
            Fault::GarbageBytes => self.garbage_bytes = true,
            Fault::GarbageMessages => self.garbage_messages = true,
            Fault::Huge => self.huge = true,
            Fault::WrongIdentity => self.wrong_identity = true,
            Fault::RefuseAuth => self.refuse_auth = true,
            Fault::HostileName => self.hostile_name = true,
            Fault::DropNextAnswer => self.drop_next_answer = true,
            Fault::VanishAtNextCommand => self.vanish_at_next_command = true,
            Fault::IgnoreCommands => self.ignore_commands = true,
            Fault::Heal => self = Self::default(),
            Fault::Move { .. }
            | Fault::Reboot { .. }
            | Fault::Unplug
            | Fault::Plug
            | Fault::Goodbye => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_said_in_json() {
        let slow: Fault = serde_json::from_str(r#"{"fault":"slow","ms":400}"#).unwrap();
        assert_eq!(slow, Fault::Slow { ms: 400 });
        let moved: Fault = serde_json::from_str(r#"{"fault":"move","announced":false}"#).unwrap();
        assert_eq!(moved, Fault::Move { announced: false });
        serde_json::from_str::<Fault>(r#"{"fault":"sulk"}"#).unwrap_err();
    }

    #[test]
    fn lasting_faults_add_up_until_healed() {
        let ill = Ailments::default().with(Fault::Silent).with(Fault::Slow { ms: 5 });
        assert!(ill.silent);
        assert_eq!(ill.slow, Duration::from_millis(5));
        assert_eq!(ill.with(Fault::Unplug), ill);
        assert_eq!(ill.with(Fault::Heal), Ailments::default());
    }
}

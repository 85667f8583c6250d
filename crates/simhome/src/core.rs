//! What the devices of all families have in common.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{DeviceId, Family, Name, Secret};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{Ailments, Fault};

/// How many executed commands a device remembers in words.
const REMEMBERED: usize = 64;

/// Identity, faults and deeds of one device. Shared by the home, the family's server and handles.
#[derive(Debug)]
pub struct Core {
    pub(crate) id: DeviceId,
    pub(crate) family: Family,
    /// 12 lower-case hex digits.
    mac: String,
    pub(crate) name: Name,
    pub(crate) room: Option<Name>,
    pub(crate) secret: Option<Secret>,
    pub(crate) known: bool,
    ailments: Mutex<Ailments>,
    executed: AtomicU64,
    deeds: Mutex<VecDeque<String>>,
    stirred: AtomicBool,
    address: Mutex<SocketAddr>,
    power: Mutex<CancellationToken>,
    switchboard: mpsc::Sender<Fault>,
}

/// What is to become of a command that a device has received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Do it and answer.
    Obey,
    /// Answer as if it were done, and do not do it.
    Pretend,
    /// Do it, and never answer. The new state is pushed all the same.
    ObeyMutely,
    /// Do it; the power is cut, so that nothing more is heard of it.
    ObeyAndVanish,
}

impl Verdict {
    /// Whether to do it.
    #[must_use]
    pub fn acts(self) -> bool {
        self != Self::Pretend
    }

    /// Whether to answer it.
    #[must_use]
    pub fn answers(self) -> bool {
        matches!(self, Self::Obey | Self::Pretend)
    }
}

/// Who a device is, before it is running.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) id: DeviceId,
    pub(crate) family: Family,
    pub(crate) mac: String,
    pub(crate) name: Name,
    pub(crate) room: Option<Name>,
    pub(crate) secret: Option<Secret>,
    pub(crate) known: bool,
}

impl Core {
    pub(crate) fn new(
        who: Identity,
        address: SocketAddr,
        switchboard: mpsc::Sender<Fault>,
    ) -> Self {
        let Identity { id, family, mac, name, room, secret, known } = who;
        Self {
            id,
            family,
            mac,
            name,
            room,
            secret,
            known,
            ailments: Mutex::default(),
            executed: AtomicU64::new(0),
            deeds: Mutex::default(),
            stirred: AtomicBool::new(false),
            address: Mutex::new(address),
            power: Mutex::new(CancellationToken::new()),
            switchboard,
        }
    }

    /// Who it is, whatever it says.
    #[must_use]
    pub fn id(&self) -> &DeviceId {
        &self.id
    }

    /// The MAC that it says it has: 12 lower-case hex digits. Another one under
    /// [`Fault::WrongIdentity`], so ask each time.
    #[must_use]
    pub fn mac(&self) -> String {
        if self.ailments().wrong_identity {
            format!("02{}", &self.mac[2..].chars().rev().collect::<String>())
        } else {
            self.mac.clone()
        }
    }

    /// A number that differs from device to device and not from run to run.
    #[must_use]
    pub fn seed(&self) -> u64 {
        u64::from_str_radix(&self.mac, 16).unwrap_or(0)
    }

    /// The name that it says it has; a hostile one under [`Fault::HostileName`].
    #[must_use]
    pub fn name(&self) -> String {
        if self.ailments().hostile_name {
            let long = "\u{202E}gnol ".repeat(400);
            format!("<img src=x onerror=alert(1)>\u{0}\u{7}\r\n\u{1b}[31m{long}")
        } else {
            self.name.as_str().to_owned()
        }
    }

    /// The password or key that it wants, if it wants one. An ESPHome key is base64 of 32 bytes.
    #[must_use]
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// What is wrong with it now.
    #[must_use]
    pub fn ailments(&self) -> Ailments {
        *lock(&self.ailments)
    }

    /// Makes something go wrong, or well again.
    pub fn inflict(&self, fault: Fault) {
        let mut ailments = lock(&self.ailments);
        *ailments = ailments.with(fault);
        drop(ailments);
        if let Fault::Move { .. }
        | Fault::Reboot { .. }
        | Fault::Unplug
        | Fault::Plug
        | Fault::Goodbye
        | Fault::HostileName
        | Fault::Heal = fault
        {
            // Nobody listens when the home has stopped: then there is nothing to do either.
            let _stopped = self.switchboard.try_send(fault);
        }
    }

    /// To be called once for every command that came in sound and allowed, before it is done:
    /// counts it, and tells what to make of it. `what` says it in words, for people who read a
    /// failed test.
    pub fn receive_command(&self, what: &str) -> Verdict {
        let mut ailments = lock(&self.ailments);
        let verdict = if ailments.ignore_commands {
            return Verdict::Pretend;
        } else if ailments.vanish_at_next_command {
            Verdict::ObeyAndVanish
        } else if ailments.drop_next_answer {
            Verdict::ObeyMutely
        } else {
            Verdict::Obey
        };
        ailments.vanish_at_next_command = false;
        ailments.drop_next_answer &= verdict == Verdict::ObeyAndVanish;
        drop(ailments);
        self.remember(what);
        if verdict == Verdict::ObeyAndVanish {
            self.power().cancel();
            self.inflict(Fault::Unplug);
        }
        verdict
    }

    fn remember(&self, what: &str) {
        self.executed.fetch_add(1, Ordering::SeqCst);
        let mut deeds = lock(&self.deeds);
        if deeds.len() == REMEMBERED {
            deeds.pop_front();
        }
        deeds.push_back(what.chars().take(200).collect());
    }

    /// How many commands it has really executed since it was made, power cuts notwithstanding.
    #[must_use]
    pub fn executed(&self) -> u64 {
        self.executed.load(Ordering::SeqCst)
    }

    /// The last commands that it executed, in words, oldest first.
    #[must_use]
    pub fn deeds(&self) -> Vec<String> {
        lock(&self.deeds).iter().cloned().collect()
    }

    /// Asks for [`crate::Device::live`] soon: something is in motion.
    pub fn stir(&self) {
        self.stirred.store(true, Ordering::Relaxed);
    }

    pub(crate) fn take_stirred(&self) -> bool {
        self.stirred.swap(false, Ordering::Relaxed)
    }

    /// Cancelled when the device loses the power that it has now.
    #[must_use]
    pub fn power(&self) -> CancellationToken {
        lock(&self.power).clone()
    }

    pub(crate) fn power_up(&self, power: CancellationToken, address: SocketAddr) {
        *lock(&self.power) = power;
        *lock(&self.address) = address;
    }

    /// Where it listens, or did last.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        *lock(&self.address)
    }
}

/// What is behind the lock, also after a panic of another who held it: all that is kept behind
/// locks here is whole at every moment.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
impl Core {
    /// A device on its own, which nobody serves.
    pub(crate) fn alone(family: Family, mac: &str, secret: Option<&str>) -> Self {
        let who = Identity {
            id: DeviceId::from_mac(family.slug(), mac).unwrap(),
            family,
            mac: mac.to_owned(),
            name: Name::try_from("Alone").unwrap(),
            room: None,
            secret: secret.map(|it| Secret::new(it.to_owned())),
            known: true,
        };
        let (switchboard, _) = mpsc::channel(1);
        Self::new(who, SocketAddr::from(([127, 0, 0, 1], 1)), switchboard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core() -> Core {
        Core::alone(Family::Shelly, "a8032a000001", None)
    }

    #[test]
    fn an_obeyed_command_is_counted_and_remembered() {
        let core = core();
        assert_eq!(core.receive_command("one"), Verdict::Obey);
        assert_eq!((core.executed(), core.deeds()), (1, vec!["one".to_owned()]));
    }

    #[test]
    fn an_ignored_command_is_not_counted() {
        let core = core();
        core.inflict(Fault::IgnoreCommands);
        let verdict = core.receive_command("one");
        assert!(!verdict.acts() && verdict.answers());
        assert_eq!(core.executed(), 0);
    }

    #[test]
    fn what_concerns_the_next_command_concerns_no_other() {
        let core = core();
        core.inflict(Fault::DropNextAnswer);
        core.inflict(Fault::VanishAtNextCommand);
        let power = core.power();
        assert_eq!(core.receive_command("one"), Verdict::ObeyAndVanish);
        assert!(power.is_cancelled());
        assert_eq!(core.receive_command("two"), Verdict::ObeyMutely);
        assert_eq!(core.receive_command("three"), Verdict::Obey);
        assert_eq!(core.executed(), 3);
    }

    #[test]
    fn a_long_life_is_remembered_in_part() {
        let core = core();
        for deed in 0..1000 {
            core.receive_command(&format!("{deed} {}", "x".repeat(500)));
        }
        assert_eq!(core.executed(), 1000);
        assert_eq!(core.deeds().len(), REMEMBERED);
        assert!(core.deeds().iter().all(|it| it.len() <= 200));
    }

    #[test]
    fn another_identity_is_no_device_of_the_home() {
        let core = core();
        core.inflict(Fault::WrongIdentity);
        assert_ne!(core.mac(), "a8032a000001");
        assert_eq!(core.mac().len(), 12);
        core.inflict(Fault::Heal);
        assert_eq!(core.mac(), "a8032a000001");
    }
}

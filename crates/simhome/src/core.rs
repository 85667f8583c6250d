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

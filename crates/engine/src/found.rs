//! What discovery sees: devices that could be added, and where known ones are now.
//!
//! A sighting proves nothing: anyone can announce anything. It never changes a record; at most
//! it tells a driver where else to look, and the driver has the device prove itself there.

use std::collections::BTreeMap;
use std::time::Duration;

use api::{FoundDevice, Update};
use model::{Address, Cause, DeviceId, Moment, Reachability, Sighting};

use crate::device::{Device, Farewell, MAX_ADDRESSES};
use crate::{Effect, Engine};

/// That many found devices are listed; more are not worth anyone's memory.
pub(crate) const MAX_FOUND: usize = 256;

/// How long a device that said goodbye has to show that it is still there.
const GOODBYE_DOUBT: Duration = Duration::from_secs(3);

/// A sighting cuts a driver's backoff short at most this often.
const TRY_INTERVAL: Duration = Duration::from_secs(5);

impl Engine {
    pub(crate) fn seen(&mut self, mut sighting: Sighting, now: Moment, out: &mut Vec<Effect>) {
        sighting.addresses.truncate(MAX_ADDRESSES);
        if self.devices.contains_key(&sighting.device) {
            self.seen_again(sighting, now, out);
        } else {
            self.find(sighting, now, out);
        }
    }

    /// Lists a device that the home does not have.
    pub(crate) fn find(&mut self, sighting: Sighting, now: Moment, out: &mut Vec<Effect>) {
        let known = self.found.get(&sighting.device);
        if known.is_some_and(|it| it.sighting == sighting) {
            return;
        }
        let since = known.map_or(now.wall, |it| it.since);
        let is_full = known.is_none() && self.found.len() >= MAX_FOUND;
        if is_full && !self.make_room(&sighting, out) {
            return;
        }
        let found = FoundDevice { sighting, since };
        self.found.insert(found.sighting.device.clone(), found.clone());
        out.push(Effect::Publish(Update::Found(found)));
    }

    /// Makes room in the full list at the cost of the host with the most devices on it; `false`
    /// where that would be no fairer. So one host that announces thousands keeps nobody else out.
    fn make_room(&mut self, newcomer: &Sighting, out: &mut Vec<Effect>) -> bool {
        let mut hosts: BTreeMap<&str, Vec<&DeviceId>> = BTreeMap::new();
        for found in self.found.values() {
            hosts.entry(host(&found.sighting)).or_default().push(&found.sighting.device);
        }
        let own = hosts.get(host(newcomer)).map_or(0, Vec::len);
        let crowd = hosts.into_values().max_by_key(Vec::len).unwrap_or_default();
        let Some(last) = crowd.last().filter(|_| crowd.len() > own + 1) else { return false };
        let last = DeviceId::clone(last);
        self.found.remove(&last);
        out.push(Effect::Publish(Update::FoundGone(last)));
        true
    }

    fn seen_again(&mut self, sighting: Sighting, now: Moment, out: &mut Vec<Effect>) {
        let id = sighting.device.clone();
        let Some(device) = self.devices.get_mut(&id) else { return };
        self.timers.forgive(&id, &mut device.farewell);
        device.sighting = Some(sighting);
        match &device.reachability {
            Reachability::Reachable => {}
            // Its driver is about to try where it was; that is good enough if it is still there.
            Reachability::Unknown if is_seen_at_home(device) => {}
            Reachability::Unknown => drive_elsewhere(device, out),
            Reachability::Unreachable { cause, .. } if !is_worth_trying(cause) => {}
            // It said goodbye, is back, and its connection may never have broken.
            Reachability::Unreachable { .. } if device.connected => {
                out.push(Effect::Refresh(id));
            }
            Reachability::Unreachable { .. } => {
                if has_new_candidates(device) {
                    drive_elsewhere(device, out);
                } else {
                    try_now(device, now, out);
                }
            }
        }
    }

    /// Has a lost device looked for where discovery has seen it meanwhile.
    pub(crate) fn drive_elsewhere(&mut self, id: &DeviceId, out: &mut Vec<Effect>) {
        let Some(device) = self.devices.get_mut(id) else { return };
        let is_worth_it = match &device.reachability {
            Reachability::Unreachable { cause, .. } => is_worth_trying(cause),
            Reachability::Unknown | Reachability::Reachable => false,
        };
        if is_worth_it {
            drive_elsewhere(device, out);
        }
    }

    pub(crate) fn gone(&mut self, id: &DeviceId, now: Moment, out: &mut Vec<Effect>) {
        if self.found.remove(id).is_some() {
            out.push(Effect::Publish(Update::FoundGone(id.clone())));
        }
        let Some(device) = self.devices.get_mut(id) else { return };
        device.sighting = None;
        match &device.reachability {
            Reachability::Unreachable { cause: Cause::NoAnswer, .. } => {
                device.farewell = Farewell::Said;
                self.unreachable(id, Cause::SaidGoodbye, now, out);
            }
            Reachability::Unreachable { .. } => device.farewell = Farewell::Said,
            Reachability::Reachable | Reachability::Unknown => {
                let until = now.uptime.saturating_add(GOODBYE_DOUBT);
                self.timers.doubt(id, &mut device.farewell, until);
                out.push(Effect::Refresh(id.clone()));
            }
        }
    }
}

/// Where it claims to be first of all.
fn host(sighting: &Sighting) -> &str {
    sighting.addresses.first().map_or("", Address::host)
}

fn is_seen_at_home(device: &Device) -> bool {
    device.sighting.as_ref().is_some_and(|it| it.addresses.contains(&device.record.address))
}

/// Whether another try could end otherwise. A wrong password is not tried again: devices count.
fn is_worth_trying(cause: &Cause) -> bool {
    match cause {
        Cause::NoAnswer
        | Cause::SaidGoodbye
        | Cause::NeedsSecret
        | Cause::WrongIdentity { .. }
        | Cause::Garbage(_) => true,
        Cause::WrongSecret | Cause::SecretsLocked => false,
    }
}

fn has_new_candidates(device: &Device) -> bool {
    device.candidates().iter().any(|it| !device.driven.contains(it))
}

/// Restarts its driver, if there is anywhere that it does not know of yet.
fn drive_elsewhere(device: &mut Device, out: &mut Vec<Effect>) {
    if has_new_candidates(device) {
        device.driven = device.candidates();
        out.push(drive(device));
    }
}

pub(crate) fn drive(device: &Device) -> Effect {
    Effect::Drive {
        device: device.record.id.clone(),
        family: device.record.family,
        addresses: device.driven.clone(),
    }
}

fn try_now(device: &mut Device, now: Moment, out: &mut Vec<Effect>) {
    let is_due = device.tried_at.is_none_or(|it| now.uptime.saturating_sub(it) >= TRY_INTERVAL);
    if is_due {
        device.tried_at = Some(now.uptime);
        out.push(Effect::TryNow(device.record.id.clone()));
    }
}
